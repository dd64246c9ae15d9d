"""How many people and how many studies a cell names: "1,204 (9 RCTs)"."""

import re
from typing import NamedTuple

_WORDS = {
    word: number
    for words in ("one two three four five six seven eight nine ten", "un dos tres cuatro cinco")
    for number, word in enumerate(words.split(), start=1)
}
_NUMBER = rf"\d{{1,9}}|{'|'.join(_WORDS)}"
_STUDY = (
    r"(?:studies|study|trials?|RCTs?|ECAs?|estudios?|ensayos?|cohorts?|comparisons?|SRs?"
    r"|randomi[sz]ed|observational|non-?randomi[sz]ed|quasi-\w+)\b"
)
_STUDIES = re.compile(rf"(?<![\d.,])\b({_NUMBER})\s+(?:[a-z-]+\s+){{0,2}}?{_STUDY}", re.I)
_PEOPLE = re.compile(
    r"(?<![\d.,])(\d{1,9})\s+(?:[a-z-]+\s+){0,2}?"
    r"(?:participants?|patients?|people|persons?|adults?|children|women|men|individuals|participantes"
    r"|pacientes|personas)\b",
    re.I,
)
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:([,. ])\d{3})(?:\1\d{3})*(?![\d,.]?\d)")
_NOBODY = re.compile(
    r"\b(?:no|0|zero|ningún) (?:studies|study|trials?|RCTs?|estudios?|ensayos?)\b", re.I
)


class PeopleAndStudies(NamedTuple):
    people: int | None = None
    studies: int | None = None
    says_none: bool = False  # "no studies", "0 studies"


def people_in(text: str, *, is_of_people: bool = True) -> PeopleAndStudies:
    """Return what `text` (one line) counts; 0 is None.

    `is_of_people` says that a bare number counts people, as in a column of its own.
    """
    text = _THOUSANDS.sub(lambda found: re.sub(r"[,. ]", "", found[0]), text[:400])
    says_none = bool(_NOBODY.search(text))
    studies = _STUDIES.search(text)
    rest = text[: studies.start()] + " " + text[studies.end() :] if studies else text
    people = _PEOPLE.search(rest)
    if not people and is_of_people:
        people = re.search(r"(?<![\w.,])(\d{1,9})(?![\d.,%]*\d|\s*%)", rest)
    number_of_studies = _number(studies[1]) if studies else None
    if people and not studies and (bare := re.search(r"\((\d{1,4})\)", rest[people.end() :])):
        number_of_studies = int(bare[1])
    return PeopleAndStudies(
        (int(people[1]) or None) if people else None, number_of_studies or None, says_none
    )


def studies_in(text: str) -> PeopleAndStudies:
    """Return the number of studies in a column that counts nothing else."""
    text = text[:400]
    found = re.search(rf"\b({_NUMBER})\b", text, re.I)
    number = _number(found[1]) if found else None
    return PeopleAndStudies(None, number or None, number == 0 or bool(_NOBODY.search(text)))


def _number(text: str) -> int:
    return _WORDS.get(text.lower()) or (int(text) if text.isdecimal() else 0)
