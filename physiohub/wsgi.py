"""The application a server such as gunicorn runs."""

import os
import sys

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from django.utils import translation

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "physiohub.settings")


def _read_ahead() -> None:
    """Load what the first requests would: workers share what was loaded before they started.

    These are all views, the words of all languages, and the library of the cache.
    """
    get_resolver().url_patterns  # noqa: B018  reading it loads them
    caches["default"]
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.get_language_bidi()


try:
    application = get_wsgi_application()
except ImproperlyConfigured as wrong_setting:
    sys.exit(str(wrong_setting))
_read_ahead()
