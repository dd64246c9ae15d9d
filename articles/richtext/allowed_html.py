"""The HTML an article body may hold: the whole list, in one place, for a reviewer to read."""

import re

#: Tags and, for each, its attributes. Everything else is taken out (its text stays).
TAGS = {
    "p": set(),
    "h2": set(),
    "h3": set(),
    "blockquote": set(),
    "ul": set(),
    "ol": {"start"},
    "li": set(),
    "strong": set(),
    "em": set(),
    "sub": set(),
    "sup": set(),
    "br": set(),
    "a": {"href"},
    "table": set(),
    "caption": set(),
    "thead": set(),
    "tbody": set(),
    "tr": set(),
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "mark": {"data-claim"},
}

#: Other words for the same thing, as editors, Word and other sites write them.
SAME_AS = {"h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3", "b": "strong", "i": "em", "div": "p"}

#: Tags whose text is no text and goes with them.
DROPPED_WITH_CONTENT = {
    "script",
    "style",
    "template",
    "title",
    "noscript",
    "iframe",
    "object",
    "svg",
    "math",
}

#: A claim's key: "c" and nine letters or digits. \Z, for $ would let a final newline pass.
CLAIM_KEY = re.compile(r"c[0-9a-z]{9}\Z")

#: Where a link may lead: the web, a mail address, this site ("//host" is another site), this page.
#: No control characters or blanks anywhere: browsers drop some of them before they read the scheme.
HREF = re.compile(r"(?:https?://|mailto:|/(?![/\\])|#)[^\x00-\x20\x7f\\]*\Z", re.IGNORECASE)

SCOPE = {"col", "row", "colgroup", "rowgroup"}
#: The number of the first item, where a list goes on after words between its items.
START = re.compile(r"(?!1\Z)[1-9][0-9]{0,2}\Z")
SPAN = re.compile(r"[1-9][0-9]?\Z")
