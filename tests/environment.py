"""The environment the tests run in; loaded before Django reads its settings (pyproject.toml, `-p`).

What the environment says wins for the database, so that the same tests run on SQLite and on
PostgreSQL.
"""

import os
import shutil
from pathlib import Path

os.environ["SECRET_KEY"] = "a key for the tests alone, long enough to be taken"
os.environ["EMAIL_URL"] = "memory://"
os.environ["DEBUG"] = "false"
os.environ["SITE_URL"] = "http://127.0.0.1:8000"
os.environ["LOOKUP"] = "off"  # no test asks anybody but recordings
os.environ.pop("LOOKUP_CONTACT", None)
os.environ.pop("ALLOWED_HOSTS", None)

#: A folder in memory with room for a whole run, or None. In a container it may hold 64 MB.
IN_MEMORY = Path("/dev/shm")  # noqa: S108
if not IN_MEMORY.is_dir() or shutil.disk_usage(IN_MEMORY).free < 2**30:
    IN_MEMORY = None

# The folders of tests are kept in memory: a disk takes seconds to remove those of a whole run.
if IN_MEMORY and "PYTEST_DEBUG_TEMPROOT" not in os.environ:
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(IN_MEMORY)
