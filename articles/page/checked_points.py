"""The claims of a page that are checked again: what each is called, and its place on the page."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.html import format_html
from django.utils.text import Truncator

from articles.revisions.frozen_content import AnyRow
from articles.wording import HEADINGS, Words, part_of_section

from .certainty import name_of_row

_MOST_LETTERS = 70
_ID_IN_TEXT = re.compile(r'<h2 id="(part-[0-9]+)"| id="(claim-[^"]+)"')


@dataclass(frozen=True)
class CheckedPoint:
    """A claim that is checked again: what it is called, and the id of its place on the page."""

    name: str
    anchor: str
    detail: str = ""  # tells it from another point of the same name

    @classmethod
    def of_phrase(cls, key: str) -> "CheckedPoint":
        """Return the point of a claim that is a phrase of the text. `named_by_section` names it."""
        return cls("", _anchor(key))


def named_by_section(
    points: Iterable[CheckedPoint], body: str, headings: Sequence[tuple[str, str]]
) -> list[CheckedPoint]:
    """Return `points`, the phrases among them named by their section of `body`, one for each.

    Never by their own words: "it may help" on top of a page would promise what is in doubt.
    `headings` are those of headings.with_anchors_and_frames.
    """
    sections = _section_of_each(body, dict(headings))
    found: dict[str, CheckedPoint] = {}
    for point in points:
        if point.name:
            found[point.anchor] = point
        else:
            name = part_of_section(sections.get(point.anchor, HEADINGS["what"]))
            found.setdefault(name, replace(point, name=name))
    return list(found.values())


def _section_of_each(body: str, names: dict[str, str]) -> dict[str, Words]:
    """Return {the id of a claim in the text: the heading it is under}."""
    sections: dict[str, Words] = {}
    heading: Words = HEADINGS["what"]
    for section, claim in _ID_IN_TEXT.findall(body):
        if section:
            heading = names[section]
        else:
            sections[claim] = heading
    return sections


def mark_point(row: AnyRow, list_name: str) -> tuple[AnyRow, CheckedPoint]:
    """Return a row that is a claim, with the id of its place for the templates, and its point.

    They print what is under "review" where a row begins, as for reviewers (`marked_changes`).
    """
    anchor = _anchor(row["claim"])
    # What an expert says is a sentence too, and may promise something.
    is_opinion = list_name == "expert_views"
    name = (
        part_of_section(HEADINGS["experts"]) if is_opinion else _short(name_of_row(row, list_name))
    )
    marked = {**row, "review": format_html(' id="{}"', anchor)}
    return marked, CheckedPoint(name, anchor, row.get("intervention", ""))


def _anchor(key: str) -> str:
    return f"claim-{key}"


def _short(name: str) -> str:
    return Truncator(name.rstrip(".")).chars(_MOST_LETTERS)
