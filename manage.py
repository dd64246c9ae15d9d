#!/usr/bin/env python
"""The command line of the site: `manage.py help` lists what it can do."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "physiohub.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        # Settings load on first use. Ask here, so that a wrong one is reported before all else.
        settings.INSTALLED_APPS  # noqa: B018
    except ImproperlyConfigured as wrong_setting:
        sys.exit(str(wrong_setting))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
