"""The public addresses of articles."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from . import guest_views, views
from .converters import PICTURE_FILE


class SlugInAnyScript(StringConverter):
    """A slug as Django's own SlugField(allow_unicode=True) takes it: Arabic and accented addresses work too."""

    regex = r"[-\w]+"


register_converter(SlugInAnyScript, "uslug")

app_name = "articles"
urlpatterns = [
    path("", views.home, name="home"),
    path("articles/", views.article_list, name="article_list"),
    path("articles/<uslug:slug>/", views.article, name="article"),
    path("articles/<uslug:slug>/versions/", views.versions, name="versions"),
    path("articles/<uslug:slug>/versions/<int:number>/", views.version, name="version"),
    path("invited/<str:secret>/", guest_views.invited, name="invited"),
    path(f"pictures/{PICTURE_FILE}", views.picture, name="picture"),
]
