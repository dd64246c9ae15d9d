"""What a table says of a scale: its two ends, and which of them is better for people."""

import re
from decimal import Decimal

from .results import ScaleInTable

_N = r"(-?\d{1,4}(?:\.\d{1,2})?)"
_TO = r"\s*(?:\bto\b|-|\ba\b|\bhasta\b)\s*"
_SAYING = (
    r"\s*,?\s*(?:\([^()]{1,60}\)|\[[^\[\]]{1,60}\]|[=:]\s*[^\d,;()]{1,60}|[a-z' ]{1,40}?)?[,;]?"
)
_NO_TIME = (
    r"(?!\.?\d)(?!\s*-?\s*(?:days?|weeks?|months?|years?|hours?|minutes?|wk|mo\b|yr|días?|semanas?"
    r"|mes|años?|per\b|%|participants|people|studies|RCTs))"
)
_SCALE, _NAME = (
    r"(?:scale|score|VAS|NRS|escala)",
    r"(?:VAS|NRS|NPRS|EVA|WOMAC|KOOS|ODI|NDI|DASH|SPADI)",
)
#: The first that fits. Each has the two ends of the scale as its groups.
_ENDS = [
    re.compile(pattern, re.I)
    for pattern in (
        r"\b(?:scale|score|range|rango|escala|puntuación)s?\b[^\d\n]{0,30}?"
        rf"{_N}{_SAYING}{_TO}{_N}{_NO_TIME}",
        rf"{_N}\s*=\s*[^\d,;()\n]{{1,60}}[,;]?\s*(?:and|to|y|a)?\s*{_N}\s*=",
        rf"(?<![\d.]){_N}\s*[(\[][^()\d]{{1,60}}[)\]]{_TO}{_N}\s*[(\[]",
        rf"(?<![\d.]){_N}{_TO}{_N}{_NO_TIME}[\s-]*(?:points?|mm|cm)?[\s-]*{_SCALE}\b",
        rf"\b{_NAME}\b[^\d\n]{{0,20}}{_N}{_TO}{_N}{_NO_TIME}",
        rf"\(\s*(?:from\s*|de\s*)?{_N}{_TO}{_N}{_NO_TIME}",
        rf"[,;:]\s*(?:from\s*|de\s*)?{_N}{_TO}{_N}{_NO_TIME}",
        rf"(?<![\w.]){_N}\s*\(?(?:best|worst)\)?{_TO}{_N}\s*\(?(?:best|worst)",
    )
]
_BAD_THING = (
    r"pain|disabilit\w+|symptoms?|stiffness|fatigue|depressi\w+|anxiety|difficult\w+|problems?"
    r"|limitations?|fear|handicap|dizziness|sever\w+|impair\w+|distress|bother\w*|dolor|discapacidad"
    r"|síntomas|rigidez|miedo|fatiga|swelling|o?edema|numbness|tingling|itch\w*|nausea|weakness"
)
_GOOD_THING = (
    r"function\w*|abilit\w+|quality of life|strength|satisfaction|mobility|balance|health|recovery"
    r"|well-?being|confidence|función|calidad de vida|fuerza|satisfacción|equilibrio"
)
_UP = r"(?:more|greater|higher|increased|higher levels? of|más|mayor)"
_DOWN = r"(?:less|fewer|lower|reduced|menos|menor)"
_MEANS_GOOD = re.compile(
    rf"\b(?:better|best|good|improve\w*|mejor\w*|{_UP} (?:{_GOOD_THING})"
    rf"|{_DOWN} (?:{_BAD_THING}))\b",
    re.I,
)
_MEANS_BAD = re.compile(
    rf"\b(?:worse\w*|worst|poor\w*|severe|peor\w*|{_UP} (?:[a-z]+ )?(?:{_BAD_THING})"
    rf"|{_DOWN} (?:{_GOOD_THING}))\b",
    re.I,
)
_WHICH_SCORES = re.compile(
    r"\b(?:(?P<high>higher|high|greater|larger|increasing|más alt[oa]s?|mayor(?:es)?|alt[oa]s?)"
    r"|(?P<low>lower|low|smaller|decreasing|más baj[oa]s?|menor(?:es)?|baj[oa]s?))"
    r"(?:\s+(?:scores?|values?|numbers?|points|ratings?|puntuaci\w+|puntajes?|valores))?"
    r"(?:\s*(?:=|:|is|are|means?|indicat\w+|represent\w*|denot\w+|reflect\w*"
    r"|correspond\w* to|equals?|es|son|indica\w*|significa\w*))?\s*(?P<rest>[^.;\n)]{1,50})",
    re.I,
)
_BETTER_BY = re.compile(r"better indicated by (low|high)er", re.I)
_END_WORDS = re.compile(
    r"(?<![\d.])(-?\d{1,4}(?:\.\d)?)\s*(?:=|:|,|\(|\[|is\b|being\b|indicates\b|means\b)?\s*"
    r"((?:the )?(?:worst|best|no|maximum|maximal|extreme|severe|perfect|full|excellent|normal"
    r"|sin|peor|mejor|ningún|máximo)\b[^\d,;()\n]{0,40})",
    re.I,
)
_BEST_END = re.compile(
    rf"best|perfect|excellent|normal|mejor|(?:no|sin|ningún) (?:\w+ )?(?:{_BAD_THING})"
    rf"|(?:full|maxim\w+|máxim\w+) (?:{_GOOD_THING})",
    re.I,
)
_WORST_END = re.compile(
    rf"worst|severe|extreme|peor|(?:maxim\w+|máxim\w+|full) (?:\w+ )?(?:{_BAD_THING})"
    rf"|(?:no|sin|ninguna?) (?:{_GOOD_THING})",
    re.I,
)
_MID = re.compile(
    r"\b(?:MC?IDs?|MID|DMCI|minimal(?:ly)? (?:clinically )?important (?:clinical )?difference)\b"
    r"[^\d\n]{0,20}(\d{1,4}(?:\.\d{1,2})?)",
    re.I,
)


def scale_in(text: str) -> ScaleInTable:
    """Return what `text` says of a scale; every part may be missing."""
    low, high = _ends_in(text)
    mid = _MID.search(text)
    return ScaleInTable(low, high, better_end(text), Decimal(mid[1]) if mid else None)


def _ends_in(text: str) -> tuple[Decimal, Decimal] | tuple[None, None]:
    for pattern in _ENDS:
        if found := pattern.search(text):
            low, high = Decimal(found[1]), Decimal(found[2])
            if low < high:
                return low, high
    return None, None


def better_end(text: str) -> str | None:
    """Return "low" or "high" where `text` says which end is better, else None.

    None too where two phrases of it contradict each other.
    """
    said = {end for end in [*_by_scores(text), *_by_ends(text)] if end}
    return said.pop() if len(said) == 1 else None


def _by_scores(text: str) -> list[str]:
    found = [end.lower() for end in _BETTER_BY.findall(text)]
    for phrase in _WHICH_SCORES.finditer(text):
        good, bad = _MEANS_GOOD.search(phrase["rest"]), _MEANS_BAD.search(phrase["rest"])
        if not (good or bad):
            continue
        is_good = bool(good) and (not bad or good.start() < bad.start())  # type: ignore[union-attr]
        is_high = bool(phrase["high"])
        found.append("high" if is_good == is_high else "low")
    return found


def _by_ends(text: str) -> list[str]:
    ends = [(Decimal(number), words) for number, words in _END_WORDS.findall(text)]
    found = []
    for number, words in ends:
        # Two ends that are named are told apart; one that is named alone is the low one if it is 0.
        others = [other for other, _words in ends if other != number]
        is_low = number < min(others) if others else number == 0
        best, worst = _BEST_END.search(words), _WORST_END.search(words)
        if bool(best) != bool(worst):
            found.append("low" if bool(best) == is_low else "high")
    return found
