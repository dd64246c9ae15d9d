"""The claims of a page that are checked again: what each is called, and its place on the page."""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.text import Truncator

from articles.revisions.frozen_content import AnyRow, FrozenClaim

from .certainty import name_of_row

_MOST_LETTERS = 70


@dataclass(frozen=True)
class CheckedPoint:
    """A claim that is checked again: what it is called, and the id of its place on the page."""

    name: str
    anchor: str
    detail: str = ""  # tells it from another point of the same name

    @classmethod
    def of_phrase(cls, claim: FrozenClaim) -> "CheckedPoint":
        """Return the point of a claim that is a phrase of the text."""
        return cls(_short(claim["text"]), _anchor(claim["key"]))


def mark_point(row: AnyRow, list_name: str) -> tuple[AnyRow, CheckedPoint]:
    """Return a row that is a claim, with the id of its place for the templates, and its point.

    They print what is under "review" where a row begins, as for reviewers (`marked_changes`).
    """
    anchor = _anchor(row["claim"])
    name = _short(name_of_row(row, list_name))
    marked = {**row, "review": format_html(' id="{}"', anchor)}
    return marked, CheckedPoint(name, anchor, row.get("intervention", ""))


def _anchor(key: str) -> str:
    return f"claim-{key}"


def _short(name: str) -> str:
    return Truncator(name.rstrip(".")).chars(_MOST_LETTERS)
