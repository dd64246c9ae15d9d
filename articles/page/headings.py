"""Headings on a page: their anchors, and which sections its list of contents names."""

import html
import re
from collections.abc import Sequence

from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

from articles.richtext.headings import HEADING
from articles.wording import TABLE

#: With more links than this, readers stop using the list.
MOST_CONTENTS = 8
#: The sections on safety and evidence, which readers look for first.
_MOST_SOUGHT = ["not", "effects", "help", "happens", "studies", "ask", "references"]
#: The other sections; the list of contents drops the last of these first.
_LESS_SOUGHT = ["compared", "suits", "advice", "options", "words", "experts", "about"]
#: What body_with_citations adds to a text.
_ADDED = re.compile(r'<sup class="cite">.*?</sup>|<span class="said">.*?</span>', re.DOTALL)


def with_anchors_and_frames(body: SafeString) -> tuple[SafeString, list[tuple[str, str]]]:
    """Return a body from body_with_citations with an id on each heading, and [(that id, heading)].

    Wide tables get a frame that scrolls, so that the page itself never moves sideways.
    """
    headings: list[tuple[str, str]] = []

    def anchored(heading: re.Match[str]) -> str:
        headings.append((f"part-{len(headings) + 1}", _text_of(heading[1])))
        return f'<h2 id="{headings[-1][0]}">{heading[1]}</h2>'

    framed = HEADING.sub(anchored, body)
    framed = framed.replace(
        "<table>", f'<div class="frame" role="group" aria-label="{TABLE}" tabindex="0"><table>'
    )
    framed = framed.replace("</table>", "</table></div>")
    # The body has passed nh3; what was added is fixed text.
    return mark_safe(framed), headings  # noqa: S308


def _text_of(heading: str) -> str:
    """Return a heading as plain text, without the citation numbers in it."""
    return " ".join(html.unescape(strip_tags(_ADDED.sub("", heading))).split())


def count(body: str) -> int:
    """Return how many headings `body` has, before they get their anchors."""
    return len(HEADING.findall(body))


def most_sought(there: Sequence[str]) -> list[str]:
    """Return at most MOST_CONTENTS of the anchors that are `there`, in the order of the page.

    The author's own headings come after the sections on safety and evidence.
    """
    fixed = {*_MOST_SOUGHT, *_LESS_SOUGHT}
    own = [anchor for anchor in there if anchor not in fixed]
    ranked = [*_MOST_SOUGHT, *own, *_LESS_SOUGHT]
    kept = [anchor for anchor in ranked if anchor in there][:MOST_CONTENTS]
    return [anchor for anchor in there if anchor in kept]
