from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ReferencesConfig(AppConfig):
    name = "references"
    verbose_name = "Evidence library"

    def ready(self) -> None:
        from . import search_texts

        pre_migrate.connect(search_texts.remove_before_migrate, sender=self)
        post_migrate.connect(search_texts.install_after_migrate, sender=self)
