"""The author's own headings, as words."""

import html
import re

from django.utils.html import strip_tags

_HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)


def headings_in(body):
    """The words of the second-level headings in cleaned `body`, in their order; empty ones are left out."""
    words = (" ".join(html.unescape(strip_tags(inside)).split()) for inside in _HEADING.findall(body))
    return [heading for heading in words if heading]
