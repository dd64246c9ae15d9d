"""The addresses of the site, and one that fails."""

from django.urls import path

from physiohub.urls import handler400, urlpatterns  # noqa: F401


def fail(request):
    raise RuntimeError("on purpose")


urlpatterns = [path("fails/", fail), *urlpatterns]
