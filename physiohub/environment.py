"""Settings from the environment. A wrong value stops the start with one plain sentence.

Every function raises ImproperlyConfigured whose str() names the setting, says what is wrong and
what to write instead; manage.py and wsgi.py print that sentence and stop. Passwords inside URLs are
never repeated.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
import dj_email_url
import django_cache_url
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from . import colours

env = Env()

TRUE, FALSE = {"true", "1"}, {"false", "0"}
#: Seconds a mail server may take for each answer: somebody's request may wait for it.
MAIL_TIMEOUT = 5
TASK_BACKENDS = {
    "immediate": "django_tasks.backends.immediate.ImmediateBackend",
    "database": "django_tasks_db.DatabaseBackend",
}

SQLITE_OPTIONS = {
    # Take the write lock when a transaction begins: with the default, two people saving at once
    # end in "database is locked" whatever the timeout.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # recursive_triggers: without it INSERT OR REPLACE walks past the triggers of the insert-only
    # tables.
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON; PRAGMA"
        " foreign_keys=ON;"
    ),
}
POSTGRESQL_OPTIONS = {
    "options": (
        "-c statement_timeout=15000 -c lock_timeout=5000 -c"
        " idle_in_transaction_session_timeout=30000"
    )
}


def read_file(path):
    """Load `path` (lines NAME=value) where it exists; what the environment already says wins."""
    env.read_env(str(path), override=False, recurse=False)


def text(name, default=None):
    """The setting as typed; without a default it must be there."""
    value = env.str(name, "").strip() or default
    if value is None:
        raise ImproperlyConfigured(
            f"{name} is missing. Set it in the environment or in the file .env."
        )
    return value


def flag(name, *, default):
    """A yes or no."""
    typed = env.str(name, "").strip()
    if not typed:
        return default
    if typed.lower() in TRUE | FALSE:
        return typed.lower() in TRUE
    raise ImproperlyConfigured(f'{name} is "{typed}". Set it to "true" or "false".')


def colour(name):
    """A colour white words can be read on, as "#rrggbb"; "" when none is set."""
    typed = env.str(name, "").strip()
    if not typed:
        return ""
    try:
        chosen = colours.parse(typed)
    except colours.NoColour as problem:
        raise ImproperlyConfigured(
            f'{name} is "{typed}". Write it like "#0f5450", or leave it out.'
        ) from problem
    if (contrast := colours.contrast(chosen, colours.WHITE)) < 4.5:
        darker = colours.readable(chosen, on=colours.WHITE, at_least=4.6)
        raise ImproperlyConfigured(
            f'{name} is "{typed}". White words on it could not be read: the contrast is'
            f' {contrast:.1f}, and 4.5 is needed. Take a darker one, for example "{darker}".'
        )
    return chosen


def logo(name, *, suffixes, most=50_000):
    """The full path of a picture file; "" when none is set."""
    typed = env.str(name, "").strip()
    if not typed:
        return ""
    path = Path(typed)
    if not path.is_file():
        raise ImproperlyConfigured(
            f"{name} names a file that is not there. Write its full path, or leave it out."
        )
    if path.suffix.lower() not in suffixes:
        raise ImproperlyConfigured(
            f"{name} is no picture we can show. Its name must end in {' or '.join(suffixes)}."
        )
    if path.stat().st_size > most:
        raise ImproperlyConfigured(
            f"{name} is too large for every page to carry. Make it {most // 1000} kB or less."
        )
    return str(path)


def names(name, *, default=()):
    """A list separated by commas."""
    return [part.strip() for part in env.str(name, "").split(",") if part.strip()] or list(default)


def secret_key(name="SECRET_KEY"):
    key = env.str(name, "").strip()
    if not key:
        raise ImproperlyConfigured(
            f"{name} is missing. Run `make run` once, which writes one to the file .env, "
            "or set it to a long random text of your own."
        )
    if len(key) < 32 or len(set(key)) < 5:
        raise ImproperlyConfigured(
            f"{name} is too easy to guess. Set it to at least 32 random characters."
        )
    return key


def site_url(name="SITE_URL", *, default):
    """The address readers use, without a slash at its end, for example https://physio.example."""
    url = text(name, default).rstrip("/")
    parts = _parts(name, url, "https://physio.example")
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ImproperlyConfigured(
            f'{name} is "{url}". Set it to the address readers use, for example'
            " https://physio.example."
        )
    return url


def allowed_hosts(name="ALLOWED_HOSTS", *, default, debug):
    hosts = names(name, default=default)
    if "*" in hosts and not debug:
        raise ImproperlyConfigured(
            f'{name} is "*". List the host names of this site, separated by commas.'
        )
    return hosts


def database(name="DATABASE_URL", *, default):
    """Django's DATABASES entry: SQLite or PostgreSQL."""
    url = text(name, default)
    parts = _parts(name, url, "postgres://user:password@127.0.0.1:5432/physiohub")
    if parts.scheme == "sqlite":
        if not parts.path.strip("/"):
            raise ImproperlyConfigured(
                f"{name} names no file. Write it as sqlite:////full/path/physiohub.sqlite3."
            )
        return {**dj_database_url.parse(url), "OPTIONS": dict(SQLITE_OPTIONS)}
    if parts.scheme in {"postgres", "postgresql"}:
        if not parts.path.strip("/"):
            raise ImproperlyConfigured(
                f"{name} names no database. Put its name at the end, after a slash."
            )
        parsed = dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
        parsed["OPTIONS"] = {**POSTGRESQL_OPTIONS, **parsed.get("OPTIONS", {})}
        return parsed
    raise ImproperlyConfigured(
        f'{name} starts with "{parts.scheme or url[:12]}". It must start with "sqlite:///" or'
        ' "postgres://".'
    )


def cache(name="CACHE_URL", *, default="locmem://"):
    """Django's CACHES entry."""
    try:
        return django_cache_url.parse(text(name, default))
    except Exception as problem:
        raise ImproperlyConfigured(
            f'{name} cannot be read. Write it like "redis://127.0.0.1:6379/0", or leave it out.'
        ) from problem


def email(name="EMAIL_URL", *, default):
    """Django's EMAIL_* settings as a dict."""
    url = text(name, default)
    schemes = {"smtp", "smtps", "smtp+tls", "smtp+ssl", "console", "file", "memory", "dummy"}
    scheme = _parts(name, url, "smtp+tls://user:password@mail.example:587").scheme
    if scheme not in schemes:
        raise ImproperlyConfigured(
            f'{name} cannot be read. Write it like "smtp+tls://user:password@mail.example:587", or'
            " leave it out."
        )
    try:
        # The library knows the parts behind the plus sign only as ?tls= and ?ssl=, and would leave
        # them out silently.
        secure = scheme in {"smtp+tls", "smtp+ssl", "smtps"}
        parsed = dj_email_url.parse("smtp" + url[len(scheme) :] if secure else url)
        timeout = int(parsed["EMAIL_TIMEOUT"] or MAIL_TIMEOUT)
    except ValueError:
        timeout = 0
    if not 1 <= timeout <= 60:
        raise ImproperlyConfigured(
            f"{name} has a timeout that is no number of seconds from 1 to 60. Write ?timeout=5."
        )
    known = {key: value for key, value in parsed.items() if key.startswith("EMAIL_")}
    known["EMAIL_TIMEOUT"] = timeout
    if secure:
        is_ssl = scheme == "smtp+ssl"  # "smtps" means STARTTLS to the library, and always did here
        known |= {"EMAIL_USE_TLS": not is_ssl, "EMAIL_USE_SSL": is_ssl}
        known["EMAIL_PORT"] = _parts(name, url, "").port or (465 if is_ssl else 587)
    return known


def tasks(name="TASKS", *, default="immediate"):
    """Django's TASKS entry: background tasks are done at once, or by a worker that finds them in
    the database.
    """
    typed = text(name, default)
    if typed not in TASK_BACKENDS:
        raise ImproperlyConfigured(f'{name} is "{typed}". Set it to "immediate" or "database".')
    return {"default": {"BACKEND": TASK_BACKENDS[typed]}}


def hour(name, *, default):
    """An hour of the day, 0 to 23."""
    typed = text(name, str(default))
    if not typed.isascii() or not typed.isdecimal() or int(typed) > 23:
        raise ImproperlyConfigured(
            f'{name} is "{typed}". Set it to an hour of the day from 0 to 23.'
        )
    return int(typed)


def lookup(name="LOOKUP", *, default="on"):
    """ "on", "off", or "recorded:" and a folder with replies recorded before."""
    typed = text(name, default)
    if typed in {"on", "off"}:
        return typed
    if not typed.startswith("recorded:"):
        raise ImproperlyConfigured(
            f'{name} is "{typed}". Set it to "on", "off" or "recorded:/full/path/of/a/folder".'
        )
    if not Path(typed.removeprefix("recorded:")).is_dir():
        raise ImproperlyConfigured(
            f"{name} names a folder that is not there. Write it as recorded:/full/path."
        )
    return typed


def folder(name):
    """[the folder], or [] when none is set."""
    typed = env.str(name, "").strip()
    if typed and not Path(typed).is_dir():
        raise ImproperlyConfigured(
            f"{name} names a folder that is not there. Write its full path, or leave it out."
        )
    return [Path(typed)] if typed else []


def contact(name="LOOKUP_CONTACT"):
    """An e-mail address: as LOOKUP_CONTACT the one other services may write to; "" when none is
    set.
    """
    address = env.str(name, "").strip()
    if address and not re.fullmatch(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}", address):
        raise ImproperlyConfigured(
            f"{name} is no e-mail address. Write it like librarian@clinic.example."
        )
    return address


def not_yet(*reserved):
    """Refuse settings whose feature this version does not have, rather than accept and
    ignore them.
    """
    for name in reserved:
        if env.str(name, "").strip():
            raise ImproperlyConfigured(
                f"{name} is set, but this version does not use it yet. Leave it out."
            )


def _parts(name, url, example):
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  (reading it is what checks it)
    except ValueError as problem:
        raise ImproperlyConfigured(
            f'{name} cannot be read. Write it like "{example}".'
        ) from problem
    return parts
