"""A worker that stops in the middle of publishing and waits to be killed. The tests start it as a process."""

import json
import os
import sys
import time
from pathlib import Path


def main(marker, database):
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "physiohub.settings"
    from django.conf import settings

    settings.DATABASES["default"].update(json.loads(database))
    django.setup()
    from datetime import UTC, datetime

    from articles import pictures, scheduling

    def stop_here(publication):
        Path(marker).write_text(str(publication.pk))
        time.sleep(60)

    pictures.list_published = stop_here
    scheduling.publish_due(at=datetime(2026, 3, 1, 13, tzinfo=UTC))


if __name__ == "__main__":
    main(*sys.argv[1:])
