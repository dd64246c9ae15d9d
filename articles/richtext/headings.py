"""The author's own headings, as words."""

import re

from .cleaning import plain_text

#: Not past the next one: of headings that never end, each would be read to the end of the text.
_HEADING = re.compile(r"<h2>((?:(?!<h2>).)*?)</h2>", re.DOTALL)


def headings_in(body):
    """The words of the second-level headings in cleaned `body`, in their order.

    Empty ones are left out.
    """
    words = (" ".join(plain_text(inside).split()) for inside in _HEADING.findall(body))
    return [heading for heading in words if heading]
