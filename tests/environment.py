"""The environment the tests run in; loaded before Django reads its settings (pyproject.toml, `-p`).

What the environment says wins for the database, so that the same tests run on SQLite and on
PostgreSQL.
"""

import os
from pathlib import Path

os.environ["SECRET_KEY"] = "a key for the tests alone, long enough to be taken"
os.environ["EMAIL_URL"] = "memory://"
os.environ["DEBUG"] = "false"
os.environ["SITE_URL"] = "http://127.0.0.1:8000"
os.environ["LOOKUP"] = "off"  # no test asks anybody but recordings
os.environ.pop("LOOKUP_CONTACT", None)
os.environ.pop("ALLOWED_HOSTS", None)

# Folders of tests stand in memory where there is such a place: a disk takes seconds to remove those
# of a whole run.
if Path("/dev/shm").is_dir() and "PYTEST_DEBUG_TEMPROOT" not in os.environ:  # noqa: S108
    os.environ["PYTEST_DEBUG_TEMPROOT"] = "/dev/shm"  # noqa: S108
