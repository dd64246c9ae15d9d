"""Remove control characters from every text before it is stored.

Word writes U+000B for a line break made by hand, and pasting keeps it. XML does not allow it, so
one in a title broke the feed. PostgreSQL does not allow NUL and half a surrogate pair.
"""

import json
import re
from typing import Any, TypeVar, cast

#: Line and page breaks of Word and of mainframes. There are words on both sides of them.
_BREAKS = re.compile("[\x0b\x0c\x85]")
#: The other control characters except tab, line feed and carriage return, which many texts have;
#: halves of surrogate pairs; and the two that XML does not allow.
_OTHERS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
#: Both patterns in one. Most texts have none of them, and one search is the fastest way to know.
_ANY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
#: How JSON escapes some of them.
_ESCAPES = ("\\u00", "\\b", "\\f")


Value = TypeVar("Value")


def without_control_characters(value: Value, *, line_break: str = " ") -> Value:
    """Return `value`, a text or lists and dicts of texts, without control characters.

    Any other value comes back as it is. A line break becomes `line_break`, so that no two words are
    joined.
    """
    if isinstance(value, str):
        return cast(Value, _clean_text(value, line_break)) if _holds_any(value) else value
    # As JSON, all the strings of a large record can be searched at once.
    if isinstance(value, (dict, list)) and may_have_control_characters(
        json.dumps(value, ensure_ascii=False, default=str)
    ):
        return _cleaned(value, line_break)
    return value


def _clean_text(text: str, line_break: str) -> str:
    return _OTHERS.sub("", _BREAKS.sub(line_break, text))


def _cleaned(value: Any, line_break: str) -> Any:
    if isinstance(value, dict):
        return {
            _cleaned(key, line_break): _cleaned(inner, line_break) for key, inner in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_cleaned(inner, line_break) for inner in value]
    return without_control_characters(value, line_break=line_break)


def may_have_control_characters(json_text: str) -> bool:
    """Return whether strings in `json_text` may have control characters. False is certain."""
    return any(escape in json_text for escape in _ESCAPES) or _holds_any(json_text)


def _holds_any(text: str) -> bool:
    # A printable text has none of them, and isprintable() is three times as fast.
    return not text.isprintable() and bool(_ANY.search(text))
