from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PhysioHubConfig(AppConfig):
    name = "physiohub"

    def ready(self):
        from . import roles

        post_migrate.connect(roles.set_up_after_migrate, dispatch_uid="roles")
