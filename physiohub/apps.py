"""The app of the site itself: its name in the admin, and its roles."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate


class PhysioHubConfig(AppConfig):
    name = "physiohub"

    def ready(self) -> None:
        from django.conf import settings
        from django.contrib import admin

        from . import roles
        from .db import numbers

        admin.site.site_header = admin.site.site_title = settings.SITE_NAME
        numbers.register()
        post_migrate.connect(roles.set_up_after_migrate, dispatch_uid="roles")


class OurAdminConfig(AdminConfig):
    default_site = "articles.accounts.admin_site.AdminSite"
