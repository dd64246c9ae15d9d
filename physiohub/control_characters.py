"""Letters nobody sees and no page may hold: taken out of every text on its way in.

Word writes U+000B for a line that is broken by hand, and a paste brings it along. XML refuses it,
so one in a title took the feed down; PostgreSQL refuses NUL and half a surrogate pair.
"""

import json
import re

#: Line and page breaks of Word, and of mainframes. Words stand on both sides of them.
_BREAKS = re.compile("[\x0b\x0c\x85]")
#: What is left of the controls, but for tab, line feed and carriage return, which many texts hold;
#: halves of surrogate pairs; and the two that are no characters in XML.
_OTHERS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
#: Both in one: most texts hold none, and this is how to know it soonest.
_ANY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
#: How JSON writes those that it does not write as they are.
_ESCAPES = ("\\u00", "\\b", "\\f")


def taken_out(value, *, line_break=" "):
    """`value` without them: a text, or lists and dicts that hold texts. Anything else comes back as
    it is.

    Where a line was broken there is `line_break` now, so that no two words are glued together.
    """
    if isinstance(value, str):
        return _OTHERS.sub("", _BREAKS.sub(line_break, value)) if _holds_any(value) else value
    # Written as JSON, all the strings of a large record are looked at in one go.
    if isinstance(value, (dict, list)) and may_be_in(
        json.dumps(value, ensure_ascii=False, default=str)
    ):
        return _rebuilt(value, line_break)
    return value


def _rebuilt(value, line_break):
    if isinstance(value, dict):
        return {
            _rebuilt(key, line_break): _rebuilt(inner, line_break) for key, inner in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_rebuilt(inner, line_break) for inner in value]
    return taken_out(value, line_break=line_break)


def may_be_in(json_text):
    """Whether the strings of `json_text` may hold some: False is certain, and soon known."""
    return any(escape in json_text for escape in _ESCAPES) or _holds_any(json_text)


def _holds_any(text):
    # What can be printed is none of them, and Python knows that three times as soon.
    return not text.isprintable() and bool(_ANY.search(text))
