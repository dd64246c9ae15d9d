from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "Articles"

    def ready(self):
        from . import editing, folding, impact, insert_only, mailing, shelving
        from .richtext import editor

        editor.load()  # registers the check that the editor is contained
        editing.listen()
        impact.listen()
        folding.listen()
        mailing.listen()
        # After every migrate, not in a migration: SQLite rebuilds a table to alter it, and its triggers go.
        pre_migrate.connect(insert_only.lift_before_migrate, sender=self)
        post_migrate.connect(insert_only.install_after_migrate, sender=self)
        post_migrate.connect(shelving.install_after_migrate, sender=self)
