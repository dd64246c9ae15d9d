"""What is done to the characters of a pasted text before it is read as an identifier."""

import html
import re
from collections.abc import Callable, Iterable
from urllib.parse import unquote

_ZERO_WIDTH = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0f\ufeff]"
)
HYPHENS = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63]")
# White space, controls, and halves of surrogate pairs, which no database stores. Line ends are kept
# apart.
_BLANKS = re.compile("[^\\S\n]|[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_FULL_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)}
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_LATEX = re.compile(r"\\([_&%#{}$~^<>])")


def _plain_blanks(text):
    return _BLANKS.sub(" ", text.replace("\r\n", "\n"))


def _decode_entities(text):
    # Records that passed through two systems are encoded twice.
    for _ in range(3):
        decoded = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
        if decoded == text:
            break
        text = decoded
    return text


def _decode_percent(text):
    if not _PERCENT.search(text):
        return text
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        return text


CHARACTER_STEPS = (
    ("zero-width", lambda text: _ZERO_WIDTH.sub("", text)),
    ("unicode", lambda text: text.translate(_FULL_WIDTH)),
)
ENCODING_STEPS = (
    ("entity", _decode_entities),
    ("percent", _decode_percent),
    ("entity", _decode_entities),
    *CHARACTER_STEPS,
    ("latex", lambda text: _LATEX.sub(r"\1", text)),
)


#: The code of a repair, and the function that does it.
Step = tuple[str, Callable[[str], str]]


def apply_steps(steps: Iterable[Step], text: str) -> tuple[str, set[str]]:
    """Return `text` after `steps`, and the codes of the steps that changed it."""
    codes: set[str] = set()
    text = _plain_blanks(text)
    for code, step in steps:
        changed = step(text)
        if changed != text:
            codes.add(code)
            text = _plain_blanks(changed)
    return text, codes


def pasted_text(pasted: object) -> str:
    return "" if pasted is None else str(pasted)
