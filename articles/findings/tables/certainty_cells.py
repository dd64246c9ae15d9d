"""How sure a table is of an outcome: symbols, a word, footnotes, reasons."""

import re
from dataclasses import dataclass

from articles.models import Certainty

from .footnotes import SYMBOLS_AS_MARKS, reasons_in
from .numerals import marks_of, without_marks

#: From the least sure to the surest; the place is the number of filled symbols, less one.
LEVELS = [Certainty.VERY_LOW, Certainty.LOW, Certainty.MODERATE, Certainty.HIGH]

_FILLED, _EMPTY = "⊕⨁●✚⬤🟢⚫", "⊝⊖◯○⨀⊘〇⚪⭘❍⊗"
_SYMBOLS = re.compile(rf"[{_FILLED}][\s{_FILLED}{_EMPTY}O0-]*|\+[\s+{_EMPTY}O0-]{{0,8}}(?![\w+])")
#: The symbol font of older Word files.
_OLD_FONT = re.compile(r"(?<![A-Za-zÅ])Å{1,4}[OÅ]{0,3}(?![a-zÅ])")
_WORDS = [
    r"very[\s-]*low|muy baj[ao]s?",
    r"low|baj[ao]s?",
    r"moderate|moderad[ao]s?",
    r"high|alt[ao]s?",
]
#: A word may have its footnotes stuck to it: LOWa,b and low1,2, but not "lower".
_STUCK = r"((?:[a-h]{1,4}|[a-z]|\d{1,2})(?:\s?[,.]\s?(?:[a-z]|\d{1,2}))*)?(?![A-Za-z0-9])"
_WORD = re.compile(rf"(?<![A-Za-z])(?:{'|'.join(f'({word})' for word in _WORDS)}){_STUCK}", re.I)
_BARE_MARKS = re.compile(
    r"\A[\s,;:]*[(\[]?((?:[a-z]|\d{1,2})(?:(?:\s?[,;.]\s?|\]\s?\[)(?:[a-z]|\d{1,2}))*)[)\]]?\s*(?:\Z|\n)",
    re.I,
)
_WHY = re.compile(r"\b(?:due to|because|downgraded|rated down|debido|based on|as there)\b", re.I)
_NO_STUDIES = re.compile(r"\b(?:no studies|no evidence|no data|no trials|sin estudios)\b", re.I)


@dataclass(frozen=True)
class CertaintyInCell:
    """`differ` says that symbols and word name two levels: `level` is the lower one."""

    level: str = Certainty.NOT_RATED.value
    differ: bool = False
    marks: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()  # those that the cell itself names


def certainty_in(text: str) -> CertaintyInCell:
    """Return what the cell `text` says, which still has its raised marks."""
    text = text[:1000]
    marks, plain = marks_of(text), without_marks(text)
    head = _WHY.split(plain)[0]
    by_symbols = _by_symbols(head)
    word = _WORD.search(head)
    levels = [] if by_symbols is None else [by_symbols]
    if word:
        levels.append(next(level for level, found in enumerate(word.groups()[:4]) if found))
        bare = _BARE_MARKS.match(head[word.end() :])
        marks += _typed_marks(word[5] or "") + _typed_marks(bare[1] if bare else "")
    if not levels:
        level = Certainty.NONE if _NO_STUDIES.search(plain) else Certainty.NOT_RATED
        return CertaintyInCell(level.value, marks=tuple(marks), reasons=tuple(reasons_in(plain)))
    marks += SYMBOLS_AS_MARKS.findall(plain)
    why = plain[word.end() :] if word else plain
    return CertaintyInCell(
        LEVELS[min(levels)].value, len(set(levels)) > 1, tuple(marks), tuple(reasons_in(why))
    )


def _by_symbols(text: str) -> int | None:
    run = _SYMBOLS.search(text) or _OLD_FONT.search(text)
    filled = sum(run[0].count(symbol) for symbol in f"{_FILLED}+Å") if run else 0
    return filled - 1 if 1 <= filled <= len(LEVELS) else None


def _typed_marks(text: str) -> list[str]:
    marks = [mark.lower() for mark in re.split(r"[^0-9A-Za-z]+", text) if mark]
    return [one for mark in marks for one in (mark if mark.isalpha() else [mark])]


def reasons_of(certainty: CertaintyInCell, footnotes: dict[str, str]) -> list[str]:
    """Return the reasons in the cell and in its footnotes, in their order, each once."""
    found = dict.fromkeys(certainty.reasons)
    for mark in certainty.marks:
        found |= dict.fromkeys(reasons_in(footnotes.get(mark, "")))
    return list(found)
