"""The headings of a body: the places they can be linked to, and which of a page's parts its list of
contents names.
"""

import html
import re

from django.utils.html import strip_tags
from django.utils.safestring import mark_safe

from articles.wording import TABLE

#: More links than this and readers stop using the list.
MOST_CONTENTS = 8
#: What readers look for first; the list of contents drops from the end of this.
_SOUGHT = [
    "not",
    "effects",
    "help",
    "happens",
    "studies",
    "ask",
    "references",
    "compared",
    "suits",
    "advice",
    "options",
    "words",
    "experts",
    "about",
]

HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
ANCHORED_HEADING = re.compile(r'<h2 id="part-\d+">.*?</h2>', re.DOTALL)
_NUMBERS = re.compile(r'<sup class="cite">.*?</sup>|<span class="said">.*?</span>', re.DOTALL)


def with_anchors(body):
    """A body from body_with_citations whose headings can be linked to, and [(anchor, words)] of
    those headings.

    Wide tables get a frame that scrolls, so that the page itself never moves sideways.
    """
    headings = []

    def anchored(heading):
        headings.append((f"part-{len(headings) + 1}", _words(heading[1])))
        return f'<h2 id="{headings[-1][0]}">{heading[1]}</h2>'

    framed = HEADING.sub(anchored, body)
    framed = framed.replace(
        "<table>", f'<div class="frame" role="group" aria-label="{TABLE}" tabindex="0"><table>'
    )
    framed = framed.replace("</table>", "</table></div>")
    # The body has passed nh3; what was added is fixed text.
    return mark_safe(framed), headings  # noqa: S308


def _words(heading):
    """A heading as plain text, without the citation numbers in it."""
    return " ".join(html.unescape(strip_tags(_NUMBERS.sub("", heading))).split())


def most_sought(there):
    """At most MOST_CONTENTS of the anchors that are `there`, in the order of the page.

    The author's own headings give way after the parts where safety and evidence stand.
    """
    ranked = [*_SOUGHT[:7], *(anchor for anchor in there if anchor not in _SOUGHT), *_SOUGHT[7:]]
    kept = [anchor for anchor in ranked if anchor in there][:MOST_CONTENTS]
    return [anchor for anchor in there if anchor in kept]
