"""A worker that stops in the middle of publishing and waits to be killed.

The tests start it as a process.
"""

import json
import os
import sys
import time
from pathlib import Path

#: Where it may stop: (module, function), and whether before or after that has run.
POINTS = {
    "the row is in": ("pictures", "publish_pictures", "before"),
    "lists and search show it": ("catalogue", "add", "after"),
    "the schedule is marked": ("audit", "record", "before"),
    "the log says so": ("audit", "record", "after"),
    "all is done but the commit": ("scheduling", "_end", "after"),
}


def main(point, marker, database):
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "physiohub.settings"
    from django.conf import settings

    settings.DATABASES["default"].update(json.loads(database))
    django.setup()
    from datetime import UTC, datetime

    from articles import audit
    from articles.live import catalogue
    from articles.pictures import storage
    from articles.publishing import scheduling

    module, name, when = POINTS[point]
    module = {
        "audit": audit,
        "pictures": storage,
        "scheduling": scheduling,
        "catalogue": catalogue,
    }[module]
    original = getattr(module, name)

    def stop_here(*args, **kwargs):
        if when == "after":
            original(*args, **kwargs)
        Path(marker).write_text(point)
        time.sleep(60)

    setattr(module, name, stop_here)
    scheduling.publish_due(at=datetime(2026, 3, 1, 13, tzinfo=UTC))


if __name__ == "__main__":
    main(*sys.argv[1:])
