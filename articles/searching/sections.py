"""What of a page search looks through: its frozen content as plain text, section by section."""

import html
import re

from django.utils import translation
from django.utils.html import strip_tags

from articles import opening
from articles.richtext.cleaning import plain_text
from articles.wording import HEADINGS

_HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)


def of(content):
    """[[heading, text], …] in the order of the page. Sources are left out: they are about other people's pages."""
    with translation.override(content["language"]):
        found = [
            ["", _joined(row["text"] for row in content["key_points"])],
            *_of_text(content),
            [HEADINGS["studies"], _joined(_said(row, "condition") for row in content["conditions"])],
            [HEADINGS["suits"], _joined(row["text"] for row in content["indications"])],
            [HEADINGS["happens"], _joined(row["text"] for row in content.get("steps", ()))],
            [HEADINGS["effects"], _joined(_said(row, "side_effect") for row in content["side_effects"])],
            [HEADINGS["help"], _joined(row["text"] for row in content["help"])],
            [HEADINGS["advice"], _joined(row["text"] for row in _advice(content, {"do", "dont"}))],
            [HEADINGS["options"], _joined(row["text"] for row in content.get("alternatives", ()))],
            [HEADINGS["ask"], _joined(row["text"] for row in content["questions"])],
            [HEADINGS["experts"], _joined(row["text"] for row in _advice(content, {"expert"}))],
        ]
        return [[str(heading), text] for heading, text in found if text]


def names_of(content):
    """Every other name of what the article is about."""
    return [*content["other_names"], content["kicker"], *content["tags"]]


def conditions_of(content):
    """Every name of every problem it is tried for."""
    return [
        name
        for row in content["conditions"]
        for name in (row["condition"]["name"], row["condition"]["clinical_name"], *row["condition"]["other_names"])
    ]


def _of_text(content):
    """The text, and what stands before it or within it."""
    beginning, rest = opening.split(content)
    compared = [HEADINGS["compared"], _joined(_compared(row) for row in content["comparison"])]
    reasons = [HEADINGS["not"], _joined(_said(row, "contraindication") for row in content["contraindications"])]
    before, after = ([compared], []) if beginning else ([], [compared])
    return [*_of_body(beginning), *before, reasons, *_of_body(rest), *after]


def _of_body(body):
    first, *rest = _HEADING.split(body)
    yield [HEADINGS["what"], _folded(first)]
    for heading, text in zip(rest[::2], rest[1::2], strict=True):
        yield [" ".join(html.unescape(strip_tags(heading)).split()), _folded(text)]


def _said(row, name):
    term = row[name]
    return _joined([term["name"], term["clinical_name"], row.get("how_long", ""), row["note"]])


def _compared(row):
    return _joined([row["aspect"], row["here"], row["there"]])


def _advice(content, kinds):
    return [row for row in content["recommendations"] if row["kind"] in kinds]


def _folded(body):
    return " ".join(plain_text(body).split())


def _joined(texts):
    """Sentences one after the other; what ends without a full stop gets one, so that excerpts read well."""
    texts = (" ".join(text.split()) for text in texts if text)
    return " ".join(text if text[-1] in ".!?…؟。" else f"{text}." for text in texts)
