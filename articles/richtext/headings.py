"""The author's own headings."""

import re

from .cleaning import plain_text

#: Stop at the next heading: a text of headings that never end would cost the square of its length.
HEADING = re.compile(r"<h2>((?:(?!<h2>).)*?)</h2>", re.DOTALL)
#: A heading on a page, once it can be linked to (articles.page.headings).
ANCHORED_HEADING = re.compile(r'<h2 id="part-\d+">.*?</h2>', re.DOTALL)


def headings_in(body: str) -> list[str]:
    """Return the second-level headings in cleaned `body` as plain text, in their order.

    Empty ones are left out.
    """
    texts = (" ".join(plain_text(inside).split()) for inside in HEADING.findall(body))
    return [heading for heading in texts if heading]
