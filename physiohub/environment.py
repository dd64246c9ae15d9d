"""Read settings from the environment. A wrong value stops the start with one plain sentence.

Every function raises ImproperlyConfigured. Its str() names the setting, says what is wrong and what
to write instead. manage.py and wsgi.py print that sentence and stop. Passwords inside URLs are
never repeated.
"""

import re
import zlib
from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import dj_database_url
import dj_email_url
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from . import colours

env = Env()

TRUE, FALSE = {"true", "1"}, {"false", "0"}
#: How many seconds a mail server may take for each answer. A person may be waiting for it.
MAIL_TIMEOUT = 5
TASK_BACKENDS = {
    "immediate": "django_tasks.backends.immediate.ImmediateBackend",
    "database": "django_tasks_db.DatabaseBackend",
}

SQLITE_OPTIONS = {
    # Take the write lock when a transaction begins. With the default, two people who save at once
    # get "database is locked", whatever the timeout.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # Without recursive_triggers, INSERT OR REPLACE would bypass the triggers of the tables whose
    # rows never change.
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON; PRAGMA"
        " foreign_keys=ON;"
    ),
}
POSTGRESQL_OPTIONS = {
    # Seconds until a server that does not answer counts as down, and how an idle connection is
    # found dead.
    "connect_timeout": "5",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "options": (
        "-c statement_timeout=15000 -c lock_timeout=5000"
        " -c idle_in_transaction_session_timeout=30000"
        # Whatever the server's own default is: what is acknowledged is on disk.
        " -c synchronous_commit=on"
    ),
}
_ENDINGS_OF_OWN_NETWORKS = (
    ".localhost",
    ".local",
    ".test",
    ".internal",
    ".lan",
    ".home.arpa",
)


def read_file(path: Path) -> None:
    """Load the lines NAME=value of `path`, if it exists. What the environment says already wins."""
    env.read_env(str(path), override=False, recurse=False)


def text(name: str, default: str | None = None) -> str:
    """Return the setting as typed. Without a default it is required."""
    value = env.str(name, "").strip() or default
    if value is None:
        raise ImproperlyConfigured(
            f"{name} is missing. Set it in the environment or in the file .env."
        )
    return value


def flag(name: str, *, default: bool) -> bool:
    """Return a yes or no."""
    typed = env.str(name, "").strip()
    if not typed:
        return default
    if typed.lower() in TRUE | FALSE:
        return typed.lower() in TRUE
    raise ImproperlyConfigured(f'{name} is "{typed}". Set it to "true" or "false".')


def colour(name: str) -> str:
    """Return a colour on which white text can be read, as "#rrggbb"; "" when none is set."""
    typed = env.str(name, "").strip()
    if not typed:
        return ""
    try:
        chosen = colours.parse(typed)
    except colours.NoColour as error:
        raise ImproperlyConfigured(
            f'{name} is "{typed}". Write it like "#0f5450", or leave it out.'
        ) from error
    if (contrast := colours.contrast(chosen, colours.WHITE)) < 4.5:
        darker = colours.readable(chosen, on=colours.WHITE, at_least=4.6)
        raise ImproperlyConfigured(
            f'{name} is "{typed}". White words on it could not be read: the contrast is'
            f' {contrast:.1f}, and 4.5 is needed. Take a darker one, for example "{darker}".'
        )
    return chosen


def logo(name: str, *, suffixes: Sequence[str], most: int = 50_000) -> str:
    """Return the path of a picture file of at most `most` bytes; "" when none is set."""
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


def name_list(name: str, *, default: Iterable[str] = ()) -> list[str]:
    """Return a list that is separated by commas."""
    return [part.strip() for part in env.str(name, "").split(",") if part.strip()] or list(default)


def secret_key(name: str = "SECRET_KEY") -> str:
    key = env.str(name, "").strip()
    if not key:
        raise ImproperlyConfigured(
            f"{name} is missing. Run `make run` once, which writes one to the file .env, "
            "or set it to a long random text of your own."
        )
    # One of our length drawn at random cannot be packed; words or patterns repeated can.
    packed = len(zlib.compress(key.encode(), 9)) - len(zlib.compress(b""))
    if len(key) < 32 or packed < 24 or key.startswith("django-insecure-"):
        raise ImproperlyConfigured(
            f"{name} is too easy to guess. Set it to at least 32 random characters."
        )
    return key


def site_url(name: str = "SITE_URL", *, default: str) -> str:
    """Return the address readers use, without a slash at its end, as https://physio.example."""
    url = text(name, default).rstrip("/")
    parts = _parts(name, url, "https://physio.example")
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ImproperlyConfigured(
            f'{name} is "{url}". Set it to the address readers use, for example'
            " https://physio.example."
        )
    if parts.scheme == "http" and is_public(parts.hostname):
        raise ImproperlyConfigured(
            f'{name} is "{url}". Passwords, and what people read, would travel in the open. Put a'
            " web server with https in front (docs/settings.md), and write https:// here."
        )
    return url


def web_address(name: str) -> str:
    """Return the address of a service, with a path or without; "" when none is set."""
    url = env.str(name, "").strip()
    example = "https://cdn.example/purge"
    parts = _parts(name, url, example)
    if url and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.password):
        raise ImproperlyConfigured(f'{name} cannot be read. Write it like "{example}".')
    return url


def header(name: str) -> dict[str, str]:
    """Return one header as {its name: its value}; {} when none is set. The value may be secret."""
    typed = env.str(name, "").strip()
    found = re.fullmatch(r"([A-Za-z0-9-]+): *([\x20-\x7e]+)", typed)
    if typed and not found:
        raise ImproperlyConfigured(
            f'{name} cannot be read. Write it like "Authorization: Bearer abc".'
        )
    return {found[1]: found[2]} if found else {}


def is_public(host: str) -> bool:
    """Whether people outside of one house or one network reach this host name or IP address.

    Names without a dot and the endings kept for networks of one's own (RFC 6761, 6762, 8375) are
    not public, nor are private addresses.
    """
    host = host.lower().strip("[].")
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(_ENDINGS_OF_OWN_NETWORKS)


def allowed_hosts(name: str = "ALLOWED_HOSTS", *, default: Iterable[str], debug: bool) -> list[str]:
    """Return the host names the site answers to.

    One that begins with a dot stands for all names below it, so at least a domain must follow.
    """
    hosts = name_list(name, default=default)
    wide = [host for host in hosts if "*" in host or (host[:1] == "." and "." not in host[1:])]
    if wide:
        raise ImproperlyConfigured(
            f'{name} is "{wide[0]}". List the host names of this site, separated by commas.'
        )
    if debug and any(is_public(host) for host in hosts):
        raise ImproperlyConfigured(
            f'DEBUG is "true", and {name} holds a public host. Set DEBUG to "false".'
        )
    return hosts


def second_factor(name: str, *, hosts: Iterable[str]) -> bool:
    """Return whether people who work here need a code as well as their password.

    They do not need one only where nobody but this machine reaches the site.
    """
    typed = text(name, "on")
    if typed not in {"on", "off"}:
        raise ImproperlyConfigured(f'{name} is "{typed}". Set it to "on" or "off".')
    reached = [host for host in hosts if not is_this_machine(host)]
    if typed == "off" and reached:
        raise ImproperlyConfigured(
            f'{name} is "off", and others reach this site as {reached[0]}. A password alone must'
            " not be enough there: leave it out."
        )
    return typed == "on"


def is_this_machine(host: str) -> bool:
    """Whether a host name or IP address leads to the machine itself, and nowhere else."""
    host = host.lower().strip("[].")
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def database(name: str = "DATABASE_URL", *, default: str) -> dj_database_url.DBConfig:
    """Return the entry for Django's DATABASES: SQLite or PostgreSQL."""
    url = text(name, default)
    parts = _parts(name, url, "postgres://user:password@127.0.0.1:5432/physiohub")
    if parts.scheme == "sqlite":
        if not parts.path.strip("/"):
            raise ImproperlyConfigured(
                f"{name} names no file. Write it as sqlite:////full/path/physiohub.sqlite3."
            )
        parsed = dj_database_url.parse(url, conn_max_age=60)
        return {**parsed, "OPTIONS": dict(SQLITE_OPTIONS)}
    if parts.scheme in {"postgres", "postgresql"}:
        if not parts.path.strip("/"):
            raise ImproperlyConfigured(
                f"{name} names no database. Put its name at the end, after a slash."
            )
        parsed = dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
        own = parsed.get("OPTIONS", {})
        if re.search(r"synchronous_commit\s*=\s*(off|false|no|0)\b", str(own.get("options", ""))):
            raise ImproperlyConfigured(
                f"{name} switches synchronous_commit off: what people were told is saved could be"
                " lost. Leave that out."
            )
        options = f"{POSTGRESQL_OPTIONS['options']} {own.get('options', '')}".strip()
        parsed["OPTIONS"] = {**POSTGRESQL_OPTIONS, **own, "options": options}
        return parsed
    raise ImproperlyConfigured(
        f'{name} starts with "{parts.scheme or url[:12]}". It must start with "sqlite:///" or'
        ' "postgres://".'
    )


def cache(name: str) -> dict[str, Any]:
    """Return the entry for Django's CACHES: the memory of each worker, or Redis for all."""
    url = text(name, "locmem://")
    parts = _parts(name, url, "redis://127.0.0.1:6379/0")
    if parts.scheme == "locmem":
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    number = parts.path.strip("/") or "0"
    if parts.scheme not in {"redis", "rediss"} or not parts.hostname or not number.isdecimal():
        raise ImproperlyConfigured(
            f'{name} cannot be read. Write it like "redis://127.0.0.1:6379/0", or leave it out.'
        )
    return {"BACKEND": "physiohub.shared_cache.SharedCache", "LOCATION": url}


def email(name: str = "EMAIL_URL", *, default: str) -> dict[str, Any]:
    """Return Django's EMAIL_* settings as a dict."""
    url = text(name, default)
    schemes = {"smtp", "smtps", "smtp+tls", "smtp+ssl", "console", "file", "memory", "dummy"}
    scheme = _parts(name, url, "smtp+tls://user:password@mail.example:587").scheme
    if scheme not in schemes:
        raise ImproperlyConfigured(
            f'{name} cannot be read. Write it like "smtp+tls://user:password@mail.example:587", or'
            " leave it out."
        )
    try:
        # dj_email_url knows what follows the plus sign only as ?tls= and ?ssl=, and would ignore it
        # without a word.
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
        is_ssl = scheme == "smtp+ssl"  # "smtps" has always meant STARTTLS, as in dj_email_url
        known |= {"EMAIL_USE_TLS": not is_ssl, "EMAIL_USE_SSL": is_ssl}
        known["EMAIL_PORT"] = _parts(name, url, "").port or (465 if is_ssl else 587)
    return known


def tasks(name: str = "TASKS", *, default: str = "immediate") -> dict[str, dict[str, str]]:
    """Return Django's TASKS: tasks run at once, or a worker finds them in the database."""
    typed = text(name, default)
    if typed not in TASK_BACKENDS:
        raise ImproperlyConfigured(f'{name} is "{typed}". Set it to "immediate" or "database".')
    return {"default": {"BACKEND": TASK_BACKENDS[typed]}}


def hour(name: str, *, default: int) -> int:
    """Return an hour of the day, from 0 to 23."""
    return number(name, default=default, most=23, what="an hour of the day")


def number(
    name: str, *, default: int, most: int, least: int = 0, what: str = "a whole number"
) -> int:
    """Return a whole number from `least` to `most`. `what` says in a refusal what it is."""
    typed = text(name, str(default))
    if not typed.isascii() or not typed.isdecimal() or not least <= int(typed) <= most:
        raise ImproperlyConfigured(f'{name} is "{typed}". Set it to {what} from {least} to {most}.')
    return int(typed)


def lookup(name: str = "LOOKUP", *, default: str = "on") -> str:
    """Return "on", "off", or "recorded:" with the path of a folder of recorded replies."""
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


def paper_size(name: str) -> str:
    """Return the size of the paper that handouts are made for: "A4" or "Letter"."""
    typed = env.str(name, "").strip() or "A4"
    sizes = {"a4": "A4", "letter": "Letter"}
    if typed.lower() not in sizes:
        raise ImproperlyConfigured(f'{name} is "{typed}". Set it to "A4" or "Letter".')
    return sizes[typed.lower()]


def media_root(name: str, *, default: Path, static: Iterable[Path]) -> Path:
    """Return the folder of pictures. It must not be one that is served to anybody, or hold one."""
    chosen = Path(text(name, str(default)))
    for served in static:
        ours, theirs = chosen.resolve(), served.resolve()
        if ours == theirs or theirs in ours.parents or ours in theirs.parents:
            raise ImproperlyConfigured(
                f"{name} is {chosen}, and {served} is served to anybody: pictures of drafts would"
                " be too. Name a folder of its own."
            )
    return chosen


def folder(name: str) -> list[Path]:
    """Return a list with the folder; an empty list when none is set."""
    typed = env.str(name, "").strip()
    if typed and not Path(typed).is_dir():
        raise ImproperlyConfigured(
            f"{name} names a folder that is not there. Write its full path, or leave it out."
        )
    return [Path(typed)] if typed else []


def contact(name: str = "LOOKUP_CONTACT") -> str:
    """Return an e-mail address; "" when none is set.

    LOOKUP_CONTACT is the one that other services can write to.
    """
    address = env.str(name, "").strip()
    if address and not re.fullmatch(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}", address):
        raise ImproperlyConfigured(
            f"{name} is no e-mail address. Write it like librarian@clinic.example."
        )
    return address


def refuse_unsupported(*reserved: str) -> None:
    """Refuse settings whose feature this version does not have, rather than ignore them."""
    for name in reserved:
        if env.str(name, "").strip():
            raise ImproperlyConfigured(
                f"{name} is set, but this version does not use it yet. Leave it out."
            )


def _parts(name: str, url: str, example: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  (reading it is what checks it)
    except ValueError as error:
        raise ImproperlyConfigured(f'{name} cannot be read. Write it like "{example}".') from error
    return parts
