"""The addresses of the whole site."""

from django.contrib import admin
from django.urls import include, path

from . import branding, health, languages

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("language/", languages.choose_language, name="set_language"),
    path("brand/<str:name>", branding.brand_file, name="brand_file"),
    path("", include("articles.urls")),
]
