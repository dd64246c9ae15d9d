"""Footnotes of a table, and the reasons of GRADE that a text names."""

import re
from collections.abc import Iterable

from articles.models import Claim

from .numerals import END_OF_RAISED, RAISED, without_marks

MAX_FOOTNOTES, _LONGEST_NOTE = 200, 1_000

_RAISED_MARK = re.compile(
    f"(?:^|(?<=[.;:)\\]])\\s*){RAISED}\\s*([0-9]{{1,2}}|[A-Za-z])\\W{{0,2}}{END_OF_RAISED}\\s*(?=\\S)"
)
_TYPED_MARK = re.compile(
    r"(?:^|(?<=[.;:)]\s))[(\[]?([0-9]{1,2}|[a-z])[.):\]]\s*(?=[^\W\d_])"
    r"|^([0-9]{1,2}|[a-z])\s?(?=[A-ZÁÉÍÓÚ][a-zé])"
    r"|(?:^|(?<=[.;]\s))([*†‡§¶])\s*(?=\S)"
)
#: "VERY LOW*†" has two footnotes.
SYMBOLS_AS_MARKS = re.compile(r"[*†‡§¶]")
_LONE_MARK = re.compile(
    f"^({RAISED}[0-9A-Za-z]{{1,2}}\\W?{END_OF_RAISED}|(?:[0-9]{{1,2}}|[a-z])[.):])[ ]*\n",
    re.MULTILINE,
)
#: {reason: words that tell of it}. Publication bias is no risk of bias.
_WORDS = {
    "risk_of_bias": r"risks? of bias|blind\w*|unblind\w*|alloca\w+|conceal\w+|attrition|drop-?outs"
    r"|lost to follow|selective (?:outcome )?report\w+|study limitations?|limitations in (?:the )?"
    r"(?:study )?design|methodological|study quality|riesgos? de sesgos?|cegamiento|ciego"
    r"|limitaciones",
    "inconsistency": r"inconsisten\w+|heterogene\w+|I2|I²|disagree\w*|conflicting|inconsistencia"
    r"|heterogeneidad",
    "indirectness": r"indirect\w*|applicab\w+|surrogate|other kinds of people|generali[sz]ab\w+"
    r"|different populations?|evidencia indirecta",
    "imprecision": r"imprecis\w+|wide (?:\d+% )?(?:confidence )?(?:intervals?|CIs?)"
    r"|interval (?:is|was) wide|(?:CI|interval)s? (?:is|are|was|were) wide|few (?:people|events"
    r"|participants|patients)|(?:small|low) (?:sample|number)|sample size|optimal information size"
    r"|\bOIS\b|(?:confidence )?intervals? (?:includes?|cross\w*|spans?)|one small (?:study|trial)"
    r"|imprecisión|pocos (?:eventos|participantes)",
    "publication_bias": r"publication bias|reporting bias suspected|funnel|small-?\s?study effects?"
    r"|unpublished|sesgo de publicación",
    "large_effect": r"large (?:magnitude of )?effects?|magnitude of (?:the )?effect"
    r"|strong association|gran magnitud",
    "dose_response": r"dose[- ]response|gradient|dosis[- ]respuesta",
    "confounding_opposes": r"(?:plausible|residual|opposing) confound\w+|confusores",
}
_REASONS = {reason: re.compile(rf"\b(?:{_WORDS[reason]})(?!\w)", re.I) for reason in Claim.REASONS}
_NAMES = (
    r"(?:risks? of bias|study limitations?|inconsistency|heterogeneity|indirectness|imprecision"
    r"|publication bias|riesgo de sesgo|inconsistencia|imprecisión|sesgo de publicación"
    r"|evidencia indirecta|other considerations?|large effect|dose[- ]response)"
)
#: "no serious imprecision", "not downgraded for X", "low risk of bias", "Imprecision: not serious".
_DENIED = re.compile(
    rf"\b(?:no|not|without|low|ningun[ao]?|sin|bajo)\s+(?:very\s+|serious\s+|major\s+|important\s+"
    rf"|(?:down|rated )?(?:graded|down)\s+|substantial\s+|evidence\s+|of\s+|for\s+|concerns?\s+"
    rf"|about\s+|due\s+|to\s+){{0,6}}{_NAMES}"
    rf"|{_NAMES}\s*[:=-]?\s*(?:was |is )?"
    r"(?:no(?:t serious|ne|t detected)?\b(?! blind)|undetected|low\b)",
    re.I,
)


def footnotes_in(texts: Iterable[str]) -> dict[str, str]:
    """Return {mark in lower case: its text} of the notes around a table.

    The first of two notes with one mark counts.
    """
    found: dict[str, str] = {}
    # A mark may stand on a line of its own, above its text.
    for line in _LONE_MARK.sub(r"\1 ", "\n".join(texts)).split("\n"):
        for mark, note in _notes_in(line):
            if len(found) >= MAX_FOOTNOTES:
                return found
            found.setdefault(mark, without_marks(note).strip()[:_LONGEST_NOTE])
    return found


def _notes_in(line: str) -> list[tuple[str, str]]:
    marks = list(_RAISED_MARK.finditer(line)) or list(_TYPED_MARK.finditer(without_marks(line)))
    line = line if RAISED in line and _RAISED_MARK.search(line) else without_marks(line)
    ends = [*(mark.start() for mark in marks[1:]), len(line)]
    return [
        (next(group for group in mark.groups() if group).lower(), line[mark.end() : end])
        for mark, end in zip(marks, ends, strict=False)
    ]


def reasons_in(text: str) -> list[str]:
    """Return GRADE's reasons that `text` names, in its order, without those that it denies."""
    text = _DENIED.sub(" ", text[:_LONGEST_NOTE])
    places = {
        reason: found.start() for reason, one in _REASONS.items() if (found := one.search(text))
    }
    return sorted(places, key=lambda reason: places[reason])
