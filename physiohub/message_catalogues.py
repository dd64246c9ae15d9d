"""The words readers get and their translations: found in the code, kept in locale/, compiled beside
it.

For developers: needs Babel, which the site itself does not. The compiled catalogues are kept with
the code, so that `make run` needs nothing but Python. The admin's words are not gathered: it is in
one language (physiohub.languages).
"""

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("es", "ar")

#: Python that speaks to readers, and to readers who were invited; of templates, all but those of
#: the admin.
MODULES = [
    "articles/wording.py",
    "articles/live/pages.py",
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
#: Python that speaks to the people who work here alone, in English; what is in both lists speaks to
#: readers. A module that is in neither fails a test.
FOR_STAFF = [
    "articles/admin/**/*.py",
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
_OF_THE_ADMIN = "admin/"
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


def public_templates():
    """Paths of the templates readers get."""
    templates = ROOT / "templates"
    return [
        path
        for path in sorted(templates.rglob("*.html"))
        if not str(path.relative_to(templates)).startswith(_OF_THE_ADMIN)
    ]


def sources():
    """(path from the root, text as Python) of everything that speaks to readers, in a settled
    order.
    """
    for pattern in MODULES:
        for path in sorted(ROOT.glob(pattern)):
            yield path.relative_to(ROOT), path.read_text()
    for path in public_templates():
        text = templatize(path.read_text(), origin=str(path))
        # It keeps the template's indentation, which Python's own tokeniser would stumble over.
        yield path.relative_to(ROOT), "\n".join(line.strip() for line in text.splitlines())


def gathered():
    """A Catalog of every sentence in the sources, with the comments for translators and no
    translation.
    """
    catalog = Catalog(project="PhysioHub", charset="utf-8", fuzzy=False)
    for path, text in sources():
        # Of "#. Translators:" only what stands right above a sentence comes along.
        found = extract(
            "python", io.BytesIO(text.encode()), _KEYWORDS, ("Translators:",), {"encoding": "utf-8"}
        )
        for _line, words, comments, context in found:
            flags = ["python-format"] if "%(" in str(words) else []
            catalog.add(
                words,
                locations=[(str(path), None)],
                auto_comments=comments,
                context=context,
                flags=flags,
            )
    return catalog


def path_of(language, suffix="po"):
    return ROOT / "locale" / language / "LC_MESSAGES" / f"django.{suffix}"


def kept(language):
    """The Catalog kept in locale/."""
    return read_po(io.BytesIO(path_of(language).read_bytes()), locale=language)


def compiled(catalog):
    """The bytes of the catalogue as gettext reads it."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def update(language):
    """Bring the kept catalogue up to the sources, compile it, and return the messages still without
    translation.
    """
    new = gathered()
    catalog = (
        kept(language) if path_of(language).exists() else Catalog(locale=language, fuzzy=False)
    )
    catalog.update(
        new, no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False
    )
    catalog.obsolete.clear()
    catalog.header_comment = (
        f"# What readers of PhysioHub are told, in {catalog.locale.english_name}."
    )
    catalog.project, catalog.version = "PhysioHub", ""
    catalog.last_translator = catalog.language_team = catalog.msgid_bugs_address = "PhysioHub"
    out = io.BytesIO()
    write_po(out, catalog, width=110, omit_header=False, sort_output=True, include_lineno=False)
    path_of(language).parent.mkdir(parents=True, exist_ok=True)
    path_of(language).write_bytes(out.getvalue())
    path_of(language, "mo").write_bytes(compiled(kept(language)))
    return missing(catalog)


def missing(catalog):
    """Messages of a catalogue that lack a translation, or one of their plural forms."""
    return [message for message in catalog if message.id and not _is_whole(message)]


def _is_whole(message):
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(strings)
