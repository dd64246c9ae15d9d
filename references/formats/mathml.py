"""MathML in titles, as publishers give it to databases, to plain text with <sub> and <sup>."""

import re

_IS_MATH = re.compile(r"<(?:mml:|m:)?math\b|<mml:", re.I)
_ANNOTATION = re.compile(
    r"<(?:mml:|m:)?annotation(?:-xml)?\b[^>]{0,500}>[^<]{0,5000}</(?:mml:|m:)?annotation(?:-xml)?>",
    re.I,
)
_LEAF = re.compile(
    r"<(?:mml:|m:)?(?:m[inos]|mtext)\b[^>]{0,500}>([^<]{0,500})</(?:mml:|m:)?(?:m[inos]|mtext)>",
    re.I,
)
_GROUP = re.compile(
    r"<(?:mml:|m:)?(?:mrow|mstyle|mpadded)\b[^>]{0,500}>([^<]{0,500})</(?:mml:|m:)?(?:mrow|mstyle"
    r"|mpadded)>",
    re.I,
)
_SCRIPT = re.compile(
    r"<(?:mml:|m:)?(msub|msup)\b[^>]{0,500}>\s{0,9}\x02([^\x02\x03]{0,500})\x03\s{0,9}"
    r"\x02([^\x02\x03]{0,500})\x03\s{0,9}</(?:mml:|m:)?\1>",
    re.I,
)
_TAG = re.compile(
    r"</?(?:mml:|m:)?(?:math|semantics|m[a-z]{1,15})\b[^>]{0,500}>|</?mml:[^>]{0,500}>", re.I
)


def to_text(title: str) -> str:
    """Return `title` with its MathML written out: “R<sup>2</sup>” for an msup of R and 2."""
    if not _IS_MATH.search(title):
        return title
    # Each part of a formula stands between two characters that no title has.
    text = _LEAF.sub("\x02\\1\x03", _ANNOTATION.sub("", title))
    text = _GROUP.sub(_joined, text)
    text = _SCRIPT.sub(
        lambda found: f"\x02{found[2]}<{found[1][1:]}>{found[3]}</{found[1][1:]}>\x03", text
    )
    return " ".join(_TAG.sub("", text).translate({2: None, 3: None}).split())


def _joined(group):
    return "\x02" + group[1].translate({2: None, 3: None}) + "\x03"
