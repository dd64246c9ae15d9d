"""How our own templates are read."""

import re

from django.template.loaders import filesystem

_INDENTATION = re.compile(r"\n[ \t]+")
#: Here blanks are part of what is shown.
_KEEPS_BLANKS = re.compile(r"<pre\b|<textarea\b[^>]*>[^<]*\n[ \t]", re.IGNORECASE)


class Loader(filesystem.Loader):
    """Drops the indentation of a page's template. It is for people, and readers would load it.

    Line ends stay, so that no two words grow together and errors name the right line.
    """

    def get_contents(self, origin):
        text = super().get_contents(origin)
        if not str(origin.name).endswith(".html") or _KEEPS_BLANKS.search(text):
            return text
        return _INDENTATION.sub("\n", text)
