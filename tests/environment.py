"""The environment the tests run in; loaded before Django reads its settings (pyproject.toml, `-p`).

What the environment says wins for the database, so that the same tests run on SQLite and on PostgreSQL.
"""

import os

os.environ["SECRET_KEY"] = "a key for the tests alone, long enough to be taken"
os.environ["EMAIL_URL"] = "memory://"
os.environ["DEBUG"] = "false"
os.environ["SITE_URL"] = "http://127.0.0.1:8000"
os.environ["LOOKUP"] = "off"  # no test asks anybody but recordings
os.environ.pop("LOOKUP_CONTACT", None)
os.environ.pop("ALLOWED_HOSTS", None)
