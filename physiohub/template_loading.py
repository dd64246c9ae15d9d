"""The loader of our own templates, which drops their indentation."""

import re

from django.template.base import Origin
from django.template.loaders import filesystem

_INDENTATION = re.compile(r"\n[ \t]+")
#: Elements where spaces at the start of a line are shown.
_KEEPS_BLANKS = re.compile(r"<pre\b|<textarea\b[^>]*>[^<]*\n[ \t]", re.IGNORECASE)


class Loader(filesystem.Loader):
    """Drops the indentation of HTML templates, which readers would have to load.

    Line ends stay, so that no two words are joined, and errors name the right line.
    """

    def get_contents(self, origin: Origin) -> str:
        text = super().get_contents(origin)
        if not str(origin.name).endswith(".html") or _KEEPS_BLANKS.search(text):
            return text
        return _INDENTATION.sub("\n", text)
