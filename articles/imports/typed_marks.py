"""What authors type instead of formatting: bullets, numbers, ticks and < headings >."""

import re

#: Soft hyphens, spaces of no width, changes of direction, and the control characters of
#: physiohub.control_characters without those that end a line.
INVISIBLE = re.compile(
    "[\u00ad\u200b\u2060\ufeff\u202d\u202e\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)
#: The last ones are Word's bullets of the second and third level, pasted as plain text.
BULLET = re.compile(r"\s*(?:[•·▪◦‣●○■*–\uf0b7\uf0a7-]\s+|[o§]\t\s*)(?=\S)")
NUMBERED = re.compile(r"\s*\d{1,3}[.)]\s+(?=\S)")
#: "a) " and "(a) ", but not "a. ": that may be the initial of a person.
LETTERED = re.compile(r"\s*(?:[A-Za-z]\)|\([a-z]\))\s+(?=\S)")
TICK = re.compile(r"\s*[✔✓☑]\s*(?=\S)")
FENCE = re.compile(r"\s*<\s*([^<>]{1,90}?)\s*>\s*\Z")


def tidy(text: str) -> str:
    """Return `text` on one line, with single spaces and without letters nobody sees."""
    return " ".join(INVISIBLE.sub("", text).split())
