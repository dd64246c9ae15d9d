"""The application a server such as gunicorn runs."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "physiohub.settings")

try:
    application = get_wsgi_application()
except ImproperlyConfigured as wrong_setting:
    sys.exit(str(wrong_setting))
