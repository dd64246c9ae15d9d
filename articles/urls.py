"""The public addresses of articles."""

import re

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from references.exporting import SUFFIXES

from . import reference_pages, views
from .converters import PICTURE_FILE


class SlugInAnyScript(StringConverter):
    """A slug as Django's own SlugField(allow_unicode=True) takes it: Arabic and accented addresses work too."""

    regex = r"[-\w]+"


class ExportSuffix(StringConverter):
    regex = "|".join(map(re.escape, SUFFIXES))


register_converter(SlugInAnyScript, "uslug")
register_converter(ExportSuffix, "export_suffix")

app_name = "articles"
urlpatterns = [
    path("", views.home, name="home"),
    path("articles/", views.article_list, name="article_list"),
    path("articles/<uslug:slug>/", views.article, name="article"),
    path(
        "articles/<uslug:slug>/references.<export_suffix:suffix>",
        reference_pages.article_references,
        name="article_references",
    ),
    path("references/", reference_pages.reference_list, name="reference_list"),
    path("references/<uuid:uid>/", reference_pages.reference, name="reference"),
    path(f"pictures/{PICTURE_FILE}", views.picture, name="picture"),
]
