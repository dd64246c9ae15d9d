"""Theses: how a line says that it is one, and of which kind."""

import re
from typing import Any

_KINDS = r"(?:thesis|dissertation|diss\.|habilitation(?:sschrift)?|capstone|licentiate)"
#: “[dissertation]”, “[PhD thesis]”, and APA's “[Doctoral dissertation, University of Example]”.
_MARK = re.compile(
    rf" ?[\[(](?P<genre>[^\[\](),]{{0,40}}\b{_KINDS}[^\[\](),]{{0,30}})"
    r"(?:, (?P<school>[^\[\]()]{2,100}))?[\])]",
    re.I,
)
#: “Dissertation.”, “PhD thesis.”, “Thesis (PhD).” as a sentence of its own.
_SENTENCE = re.compile(
    rf"(?<=[.?!]) (?P<genre>(?:[A-Z][\w.'’]{{0,15}} )?{_KINDS}(?: \([\w .'’]{{2,30}}\))?)\.(?= )",
    re.I,
)


def take_genre(text: str) -> tuple[str, dict[str, Any]]:
    """Return `text` without what says that it is a thesis, and the CSL fields that this gives."""
    found = _MARK.search(text) or _SENTENCE.search(text)
    if not found:
        return text, {}
    genre = re.sub(r" on the Internet$", "", found["genre"].strip(), flags=re.I)
    fields = {"type": "thesis", "genre": genre}
    if school := found.groupdict().get("school"):
        fields["publisher"] = school.strip()
    before, behind = text[: found.start()], text[found.end() :]
    if before.endswith((".", "?", "!")):
        behind = behind.removeprefix(".")
    return before + behind, fields
