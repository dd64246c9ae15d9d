"""What search looks through in a page: its frozen content as plain text, section by section."""

import html
from collections.abc import Iterable, Iterator

from django.utils import translation
from django.utils.html import strip_tags

from articles.revisions import contents, introduction
from articles.revisions.frozen_content import AnyRow, FrozenContent
from articles.richtext.cleaning import plain_text
from articles.richtext.headings import HEADING
from articles.wording import HEADINGS, Words, with_full_stop

#: (heading, text)
Section = tuple[Words, str]

#: They come before the text or within it.
_WITHIN_THE_TEXT = ("comparison", "contraindications")


def sections_of(content: FrozenContent) -> list[list[str]]:
    """Return [[heading, text], …] in the order of the page.

    Sources are left out: they are about other people's work.
    """
    with translation.override(content["language"]):
        first, *others = (
            rows
            for rows in contents.OWN_ROWS
            if rows.heading is not None and rows.name not in _WITHIN_THE_TEXT
        )
        found = [
            *_of_rows(first, content),
            *_of_text(content),
            *(section for rows in others for section in _of_rows(rows, content)),
            (
                HEADINGS["experts"],
                _joined(row["text"] for row in content["recommendations"] if _is_view(row)),
            ),
        ]
        return [[str(heading), text] for heading, text in found if text]


def other_names_of(content: FrozenContent) -> list[str]:
    """Return every other name of what the article is about."""
    return [*content["other_names"], content["kicker"], *content["tags"]]


def conditions_of(content: FrozenContent) -> list[str]:
    """Return every name of every condition the treatment is tried for."""
    return [
        name
        for row in content["conditions"]
        for name in (
            row["condition"]["name"],
            row["condition"]["clinical_name"],
            *row["condition"]["other_names"],
        )
    ]


def _of_text(content: FrozenContent) -> list[Section]:
    """Return the text, and what comes before it or within it."""
    beginning, rest = introduction.split_introduction(content)
    compared, reasons = (_of_rows(contents.rows_named(name), content) for name in _WITHIN_THE_TEXT)
    if beginning:
        return [*_of_body(beginning), *compared, *reasons, *_of_body(rest)]
    return [*_of_body(beginning), *reasons, *_of_body(rest), *compared]


def _of_body(body: str) -> Iterator[Section]:
    first, *rest = HEADING.split(body)
    yield HEADINGS["what"], _folded(first)
    for heading, text in zip(rest[::2], rest[1::2], strict=True):
        yield " ".join(html.unescape(strip_tags(heading)).split()), _folded(text)


def _of_rows(rows: contents.Rows, content: FrozenContent) -> list[Section]:
    """Return the section with all rows of one kind.

    Views of experts have a heading of their own.
    """
    texts = (_text_of(rows, row) for row in rows.in_content(content) if not _is_view(row))
    return [(HEADINGS.get(rows.heading or "", ""), _joined(texts))]


def _text_of(rows: contents.Rows, row: AnyRow) -> str:
    texts: list[str] = []
    for value in rows.values:
        if value.name == rows.term:
            texts += [row[value.name]["name"], row[value.name]["clinical_name"]]
        else:
            texts += value.texts_for_readers(row.get(value.name))
    return _joined(texts)


def _is_view(row: AnyRow) -> bool:
    return row.get("kind") == "expert"


def _folded(body: str) -> str:
    return " ".join(plain_text(body).split())


def _joined(texts: Iterable[str]) -> str:
    """Return the sentences in one text. Each ends with a full stop, so that excerpts read well."""
    texts = (" ".join(text.split()) for text in texts if text)
    return " ".join(map(with_full_stop, texts))
