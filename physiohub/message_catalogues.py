"""Translations of what readers get: gather the messages, store them in locale/ and compile them.

This is for developers and needs Babel, which the site itself does not. The compiled catalogues are
stored with the code, so that `make run` needs nothing but Python. Messages of the admin are not
gathered, because it has one language (physiohub.languages).
"""

import io
from collections.abc import Iterator
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("es", "ar")

#: Modules with messages for readers and for invited readers. Templates are found by their folder:
#: all but those of the admin are for readers.
FOR_READERS = [
    "articles/wording.py",
    "articles/findings/*.py",
    "articles/live/languages.py",
    "articles/live/pages.py",
    "articles/live/topics.py",
    "articles/page/*.py",
    "articles/public/*.py",
    "articles/review/comments.py",
    "articles/review/invitations.py",
    "articles/revisions/changes.py",
    "articles/revisions/comparing.py",
    "articles/revisions/comparing_text.py",
    "articles/revisions/contents.py",
    "articles/richtext/citations.py",
    "articles/templatetags/*.py",
]
#: Modules whose messages are only for people who work here, in English. A module in both lists is
#: for readers. A module in neither list fails a test.
FOR_STAFF = [
    "articles/accounts/*.py",
    "articles/admin/**/*.py",
    "articles/checklists/*.py",
    "articles/drafts/**/*.py",
    "articles/evidence/*.py",
    "articles/imports/*.py",
    "articles/live/source_notices.py",
    "articles/models/*.py",
    "articles/notifications/*.py",
    "articles/pictures/processing.py",
    "articles/preflight/*.py",
    "articles/publishing/*.py",
    "articles/review/*.py",
    "articles/revisions/review_dates.py",
    "articles/richtext/*.py",
    "references/*.py",
    "references/admin/*.py",
    "references/finding/*.py",
    "references/lookup/*.py",
    "references/models/*.py",
    "physiohub/settings.py",  # names of languages, which Django translates
]
_ADMIN_FOLDER = "admin/"
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def public_templates() -> list[Path]:
    """Return the paths of the templates for readers."""
    templates = ROOT / "templates"
    return [
        path
        for path in sorted(templates.rglob("*.html"))
        if not str(path.relative_to(templates)).startswith(_ADMIN_FOLDER)
    ]


def sources() -> Iterator[tuple[Path, str]]:
    """Give (path, text as Python) of every module and template for readers, in a fixed order."""
    for pattern in FOR_READERS:
        for path in sorted(ROOT.glob(pattern)):
            yield path.relative_to(ROOT), path.read_text()
    for path in public_templates():
        text = templatize(path.read_text(), origin=str(path))
        # It keeps the indentation of the template, which Python's tokeniser does not accept.
        yield path.relative_to(ROOT), "\n".join(line.strip() for line in text.splitlines())


def gather() -> Catalog:
    """Return a catalogue of every message, with comments for translators but no translations."""
    catalog = Catalog(project="PhysioHub", charset="utf-8", fuzzy=False)
    for path, text in sources():
        # A comment for translators must stand right above its message.
        found = extract(
            "python", io.BytesIO(text.encode()), _KEYWORDS, ("Translators:",), {"encoding": "utf-8"}
        )
        for _line, words, comments, context in found:
            flags = ["python-format"] if "%(" in str(words) else []
            catalog.add(
                words,
                # Without line numbers, which would change with every edit.
                locations=[(str(path), None)],  # type: ignore[list-item]
                auto_comments=comments,
                context=context,
                flags=flags,
            )
    return catalog


def path_of(language: str, suffix: str = "po") -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / f"django.{suffix}"


def stored(language: str) -> Catalog:
    """Return the catalogue that is stored in locale/."""
    return read_po(io.BytesIO(path_of(language).read_bytes()), locale=language)


def compile_catalogue(catalog: Catalog) -> bytes:
    """Return the bytes of the catalogue as gettext reads it."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def update(language: str) -> list[Message]:
    """Update the stored catalogue from the sources, compile it, and return what is missing."""
    new = gather()
    catalog = (
        stored(language) if path_of(language).exists() else Catalog(locale=language, fuzzy=False)
    )
    catalog.update(
        new, no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False
    )
    catalog.obsolete.clear()
    catalog.header_comment = (
        f"# What readers of PhysioHub are told, in {Locale.parse(language).english_name}."
    )
    catalog.project, catalog.version = "PhysioHub", ""
    catalog.last_translator = catalog.language_team = catalog.msgid_bugs_address = "PhysioHub"
    out = io.BytesIO()
    write_po(out, catalog, width=110, omit_header=False, sort_output=True, include_lineno=False)
    path_of(language).parent.mkdir(parents=True, exist_ok=True)
    path_of(language).write_bytes(out.getvalue())
    path_of(language, "mo").write_bytes(compile_catalogue(stored(language)))
    return missing(catalog)


def missing(catalog: Catalog) -> list[Message]:
    """Return the messages that lack a translation, or one of its plural forms."""
    return [message for message in catalog if message.id and not _is_whole(message)]


def _is_whole(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(strings)
