"""What of a page search looks through: its frozen content as plain text, section by section."""

import html
import re

from django.utils import translation
from django.utils.html import strip_tags

from articles.revisions import contents, introduction
from articles.richtext.cleaning import plain_text
from articles.wording import HEADINGS

_HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)


#: Stand before the text or within it.
_WITHIN_THE_TEXT = ("comparison", "contraindications")


def sections_of(content):
    """[[heading, text], …] in the order of the page.

    Sources are left out: they are about other people's pages.
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
            [
                HEADINGS["experts"],
                _joined(row["text"] for row in content["recommendations"] if _is_view(row)),
            ],
        ]
        return [[str(heading), text] for heading, text in found if text]


def other_names_of(content):
    """Every other name of what the article is about."""
    return [*content["other_names"], content["kicker"], *content["tags"]]


def conditions_of(content):
    """Every name of every problem it is tried for."""
    return [
        name
        for row in content["conditions"]
        for name in (
            row["condition"]["name"],
            row["condition"]["clinical_name"],
            *row["condition"]["other_names"],
        )
    ]


def _of_text(content):
    """The text, and what stands before it or within it."""
    beginning, rest = introduction.split_introduction(content)
    compared, reasons = (_of_rows(contents.rows_named(name), content) for name in _WITHIN_THE_TEXT)
    before, after = (compared, []) if beginning else ([], compared)
    return [*_of_body(beginning), *before, *reasons, *_of_body(rest), *after]


def _of_body(body):
    first, *rest = _HEADING.split(body)
    yield [HEADINGS["what"], _folded(first)]
    for heading, text in zip(rest[::2], rest[1::2], strict=True):
        yield [" ".join(html.unescape(strip_tags(heading)).split()), _folded(text)]


def _of_rows(rows, content):
    """[[heading, what the rows of one kind say]]; views of experts have a heading of their own."""
    said = (_said(rows, row) for row in rows.in_content(content) if not _is_view(row))
    return [[HEADINGS.get(rows.heading, ""), _joined(said)]]


def _said(rows, row):
    texts = []
    for value in rows.values:
        if value.name == rows.term:
            texts += [row[value.name]["name"], row[value.name]["clinical_name"]]
        elif value.is_explained:
            texts.append(row[value.name])
    return _joined(texts)


def _is_view(row):
    return row.get("kind") == "expert"


def _folded(body):
    return " ".join(plain_text(body).split())


def _joined(texts):
    """Sentences one after the other.

    What ends without a full stop gets one, so that excerpts read well.
    """
    texts = (" ".join(text.split()) for text in texts if text)
    return " ".join(text if text[-1] in ".!?…؟。" else f"{text}." for text in texts)
