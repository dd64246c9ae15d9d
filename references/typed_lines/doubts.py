"""Signs that a line was read wrongly: pieces of its end where a title or a name should be."""

import re
from collections.abc import Mapping
from typing import Any

_PIECES_OF_AN_END = re.compile(
    r"\b(?:cited|accessed|available (?:from|at)|retrieved from|updated) ?(?::|[0-9]|on\b|$)"
    r"|\b(?:Available from|PMID|PMCID|Epub|doi:)|https?://"
    r"|\bIdentifier:? [A-Z]{0,4}[0-9]"
    r"|^(?:1[5-9]|20)[0-9]{2} ?:"
    r"|; ?(?:c|©)?(?:1[5-9]|20)[0-9]{2}(?![0-9])|(?<![0-9])(?:1[5-9]|20)[0-9]{2} ?;",
    re.I,
)
_BRACKETS = (("(", ")"), ("[", "]"))
_TEXTS = ("title", "container-title", "volume", "issue", "page", "publisher", "publisher-place")
#: No name of a person has a number in it.
_NO_NAME = re.compile(r"[0-9:\[\]]|https?")


def field_in_doubt(csl: Mapping[str, Any]) -> str:
    """Return the name of a field of a typed line that holds what belongs elsewhere, or ""."""
    for field in _TEXTS:
        text = str(csl.get(field, ""))
        is_open = any(text.count(left) != text.count(right) for left, right in _BRACKETS)
        if is_open or _PIECES_OF_AN_END.search(text):
            return field
    people = (
        str(part)
        for name in [*csl.get("author", ()), *csl.get("editor", ())]
        for part in (name.get("family", ""), name.get("given", ""))
    )
    return "author" if any(map(_NO_NAME.search, people)) else ""
