"""Raised digits: however a document raises them, a line has them as “¹”, apart from other digits.

"40<sup>3</sup> points" would otherwise read as 403 points. Text and HTML of a line get the same
letters, so what was found in one is found in the other.
"""

import re
from html import unescape

#: A raised digit as Unicode has it.
DIGIT = "[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]"
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_TAG = re.compile(r"<[^<>]*>")
#: Two superscripts side by side are two numbers. Word's are one to mammoth.
_SIDE_BY_SIDE = re.compile(
    r"(?<=[0-9])((?:</[a-z]+>){0,3}</sup>(?:</[a-z]+>){0,3})(<sup>(?:<[^<>]*>){0,3})(?=[0-9])"
)
_SUPERSCRIPT = re.compile(r"<sup>((?:(?!</?sup>).)*)</sup>")
#: Numbers and what stands between them. A superscript of anything else, such as "st", stays one.
_NUMBERS = re.compile(r"\s*(?:[-−–]|[,;]\s?)?[0-9][0-9\s,;–—-]*")
#: Numbers raised in a plain text, as Pandoc (^1,2^) and web pages (<sup>1,2</sup>) write them.
_IN_MARKUP = re.compile(
    r"\^(?=[0-9])([0-9][0-9\s,;–—-]{0,60})\^|<sup>(\s{0,4}[0-9][0-9\s,;–—-]{0,60})</sup>", re.I
)


def raise_digits(text: str) -> str:
    """Return `text` with its digits raised. A dash before the first one becomes a raised minus."""
    return re.sub(r"\A(\s*)[-−–](?=[0-9])", r"\1⁻", text).translate(_RAISED)


def lower_digits(text: str) -> str:
    """Return `text` with plain digits in place of raised ones."""
    return text.translate(_LOWERED)


def raise_in_markup(text: str) -> str:
    """Return a plain text or Markdown with raised digits in place of "^1^" and "<sup>1</sup>"."""
    if "^" not in text and "<sup>" not in text.lower():
        return text
    return _IN_MARKUP.sub(lambda found: raise_digits(found[1] or found[2]), text)


def raise_in_html(html: str) -> str:
    """Return `html` of a line with raised digits in place of superscripts that hold numbers."""
    if "<sup>" not in html:
        return html
    return _SUPERSCRIPT.sub(_raised_superscript, _SIDE_BY_SIDE.sub(r"\1,\2", html))


def plain_text_of(html: str) -> str:
    """Return the plain text of `html` of a line."""
    return " ".join(unescape(_TAG.sub("", html)).split())


def _raised_superscript(found: re.Match[str]) -> str:
    pieces = re.split(r"(<[^<>]*>)", found[1])
    words = "".join(pieces[::2])
    if not _NUMBERS.fullmatch(words):
        return found[0]
    if words.strip()[0] in "-−–":
        return raise_digits(words)  # a power: nobody marks up a part of it
    return "".join(
        piece.translate(_RAISED) if place % 2 == 0 else piece for place, piece in enumerate(pieces)
    )
