"""What the cell of an outcome says: its name, the time, the scale, how many people."""

import re
from dataclasses import dataclass

from .people_cells import PeopleAndStudies, people_in
from .results import ScaleInTable
from .scales import better_end, scale_in

_UNITS = (
    r"(?:days?|weeks?|months?|years?|hours?|minutes?|wks?|mos?|yrs?|días?|semanas?|mes(?:es)?|años?"
    r"|horas?)"
)
_NUMBERED = (
    rf"(?:[<>≤≥]\s?)?\d+(?:\.\d+)?(?:\s*(?:-|to|or|and|a)\s*(?:[<>≤≥]\s?)?\d+(?:\.\d+)?)?[\s-]*"
    rf"{_UNITS}\b['’]?"
)
_MANNER = (
    r"(?:a |the |an )?(?:mean|median|range|average|about|around|approximately|up to|at least|under"
    r"|over|within|more than|less than|media|mediana|hasta|rango|medium[- ]term|short[- ]term"
    r"|long[- ]term|end of treatment|from)?(?: of| de)?"
)
_TERM = (
    r"(?:(?:very )?(?:short|medium|intermediate|long|longer)"
    r"[- ]?(?:to[- ](?:medium|long)[- ]?)?(?:-)?term"
    r"|(?:immediate(?:ly)? )?(?:post[- ]?(?:treatment|intervention)"
    r"|after (?:the )?(?:treatment|intervention))"
    r"|end of (?:the )?(?:treatment|intervention|follow-?up|study)|(?:corto|medio|largo) plazo)"
)
#: A text that is nothing but a time: "1 year", "Short term (up to 3 months)", "mean 12 weeks".
_ONLY_TIME = re.compile(
    r"(?:(?:at|after|within|until|up to|during|by|a las|a los|al?|hasta)\s+)?(?:the )?"
    rf"(?:{_MANNER}\s*{_NUMBERED}|{_TERM}|(?:week|month|year|day)s? \d{{1,3}})"
    rf"(?:[\s,:;-]*(?:\(?(?:[a-z<>≤≥, -]{{0,40}}(?:{_NUMBERED}|{_TERM}))[^()\n]{{0,40}}\)?"
    r"|or (?:more|longer|less)|follow-?up|de seguimiento|outcomes?|after \w+)){0,3}\W*\Z",
    re.I,
)
_LINE_OF_TIME = re.compile(
    r"\W*(?:(?:length of |duration of |mean |median )?follow[- ]?up(?: time| period)?|time ?frame"
    r"|time ?points?|assessed at|measured at|(?:tiempo de )?seguimiento)\s*(?:[:=]"
    r"|(?=(?:mean|median|range|up to|at|of|for|media|hasta|\d)))\s*(.*)",
    re.I,
)
#: "Pain at 2 weeks", "Falls (1 year)", "Pain, 3 months", "Pain - 6 months".
_TIME_AT_THE_END = re.compile(
    r"(?P<gap>\s+|\s*[,;:(-]\s*)(?P<time>(?:"
    r"(?:at|after|within|until|up to|over|by|during|a las|a los|al)\s+"
    rf"(?:{_MANNER}\s*{_NUMBERED}|(?:the )?{_TERM})"
    rf"|(?<=[,;:(-] )(?:{_MANNER}\s*{_NUMBERED}|{_TERM})"
    rf"|(?<=[,;:(-])(?:{_MANNER}\s*{_NUMBERED}|{_TERM}))"
    r"(?: or (?:more|longer|less))?(?: (?:of )?follow-?up)?(?: \([^()]{1,60}\))?)\)?\s*\Z",
    re.I,
)
#: A cell may have lost its lines on the way; a new one begins before these.
_KEYWORD = re.compile(
    r"(?<=[\w).;,])\s+(?=(?:assessed with|measured (?:by|with|using|on)|scale from|range of scale"
    r"|(?:№|No\.?|number|nº) of participants|based on data|evaluado con|medido con|escala de"
    r"|nº de participantes|follow[- ]?up (?:mean|median|range|up to|\d))\b"
    r"|(?:scale|range|MC?ID|time ?frame|follow[- ]?up|seguimiento|escala)\s*:)",
    re.I,
)
_METHOD = re.compile(
    r"\W*(?:assessed (?:with|by|using|on)|measured (?:with|by|using|on)|evaluado con|medido con"
    r"|scale\b|range\b|different scales|various scales|several scales|escala\b|MC?ID\b|higher|lower"
    r"|(?:post|pre|end|final|change)\b.{0,40}\b(?:values?|scores?)\W*\Z"
    r"|high better|low better|better indicated|units?:|a (?:higher|lower))",
    re.I,
)
_OF_PEOPLE = re.compile(
    r"№|\bn(?:o|º|umber)?\.? (?:of|de) partic|participants|based on data|participantes|\bRCTs?\b"
    r"|\bstudies\b|\btrials?\b|\bn\s*=\s*\d",
    re.I,
)
_BEFORE_PEOPLE = re.compile(r"\W*(?:№|n\s*=|(?:no|nº|number)?\.?\s*(?:of|de)\s+partic)", re.I)
_LAST_GROUP = re.compile(
    r"\s{0,3}[(\[]([^()\[\]]{1,200}(?:[(\[][^()\[\]]{0,60}[)\]][^()\[\]]{0,60}){0,3})[)\]]\W*\Z"
)
_BARE_SCALE = re.compile(
    r"[\s,;:(-]{0,5}(?:\b(?:on a|scale|range|from))?\s*-?\d{1,4}\s*(?:-|to)\s*\d{1,4}"
    r"(?:[\s-]*(?:points?|scale)){0,2}\)?\s*\Z",
    re.I,
)
#: "Pain, lower is better"
_BETTER_AT_THE_END = re.compile(
    r"[,;]\s*((?:a )?(?:lower|higher|low|high|smaller|greater)\b[^,;()]{1,40})\Z", re.I
)
_LONGEST_INSTRUMENT = 40
_NOBODY, _NO_SCALE = PeopleAndStudies(), ScaleInTable()


@dataclass(frozen=True)
class OutcomeWords:
    """What an outcome cell says; `text` is all of it, without the people and the time."""

    name: str
    time: str = ""
    scale: ScaleInTable = _NO_SCALE
    people: PeopleAndStudies = _NOBODY
    text: str = ""


def is_time(text: str) -> bool:
    """Return whether `text` is a time and nothing else."""
    return len(text) <= 100 and bool(_ONLY_TIME.match(text.strip()))


def outcome_in(text: str, more: str = "") -> OutcomeWords:
    """Return what the cell `text` says: lines, without raised marks.

    `more` is what another column says of how it was measured, such as MAGICapp's study results.
    """
    lines = [line.strip() for line in _with_lines(text[:2000]).split("\n") if line.strip()]
    name, time, people = "", "", _NOBODY
    described: list[str] = []
    for place, line in enumerate(lines):
        if found := _LINE_OF_TIME.match(line):
            time = time or _bare_time(found[1])
        elif place and is_time(line):
            time = time or _bare_time(line)
        elif place and (counted := _counted_in(line)) != _NOBODY:
            # "№ of participants: 350" and "(4 RCTs)" may be two lines.
            people = PeopleAndStudies(
                people.people or counted.people,
                people.studies or counted.studies,
                people.says_none or counted.says_none,
            )
        elif place and (_METHOD.match(line) or line.startswith("(") or scale_in(line) != _NO_SCALE):
            described.append(line)
        else:
            goes_on = line[0].islower() or name[-1:] in ",;-/"
            name = f"{name}{' ' if goes_on else ', '}{line}" if name else line
    bare, inner_time, groups, of_name = _name_apart(name)
    for found in filter(None, map(_LINE_OF_TIME.match, _with_lines(more).split("\n"))):
        time = time or _bare_time(found[1])
    measured = "\n".join([*groups, *described, more])
    return OutcomeWords(
        bare,
        inner_time or time,
        scale_in(measured),
        people if people != _NOBODY else of_name,
        f"{name}\n{measured}",
    )


def _counted_in(line: str) -> PeopleAndStudies:
    """Return how many people and studies a line below the name of an outcome counts."""
    if not _OF_PEOPLE.search(line):
        return _NOBODY
    return people_in(line, is_of_people=bool(_BEFORE_PEOPLE.match(line)))


def _with_lines(text: str) -> str:
    """Return `text` with a line for each thing that it says, but for those in brackets."""

    def broken(found: re.Match[str]) -> str:
        before = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        return found[0] if before.count("(") > before.count(")") else "\n"

    return _KEYWORD.sub(broken, text)


def _bare_time(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip(" .;,:") if len(text) <= 200 else ""
    return text if text.count("(") == text.count(")") else text.strip("()")


def _name_apart(name: str) -> tuple[str, str, list[str], PeopleAndStudies]:
    """Return (name, time, what describes a scale, people) of the name of an outcome.

    Takes from its end what is no part of a name.
    """
    time, people = "", _NOBODY
    described: list[str] = []
    for _ in range(4):
        before = name
        found = _TIME_AT_THE_END.search(name)
        is_whole = found and ("(" not in found["time"] or is_time(found["time"]))
        rest = name[: found.start()] if found else ""
        if found and is_whole and not time and rest.strip() and rest.count("(") == rest.count(")"):
            time, name = _bare_time(found["time"]), rest
        if group := _LAST_GROUP.search(name):
            parts = group[1].split(";")
            inner = [one for part in parts if (one := _said_in_brackets(part))]
            others = [part for part in parts if not _said_in_brackets(part)]
            # What is left in them is the name of an instrument: "(WOMAC; 0 to 68)".
            if inner and all(len(part) <= _LONGEST_INSTRUMENT for part in others):
                name = name[: group.start()]
                time = time or next((one.time for one in inner if one.time), "")
                described[:0] = [one.text for one in inner if one.text]
                people = next((one.people for one in inner if one.people != _NOBODY), people)
        if (end := _BETTER_AT_THE_END.search(name)) and better_end(end[1]):
            described.insert(0, end[1])
            name = name[: end.start()]
        if (bare := _BARE_SCALE.search(name)) and name[: bare.start()].strip():
            described.insert(0, f"({name[bare.start() :].strip(' ,;:()-')})")
            name = name[: bare.start()]
        if name == before:
            break
    return name.strip(" ,;:-*"), time, described, people


def _said_in_brackets(text: str) -> OutcomeWords | None:
    """Return what a part of brackets behind a name says, or None for a part of the name."""
    if found := _LINE_OF_TIME.match(text):
        return OutcomeWords("", _bare_time(found[1]))
    if is_time(text):
        # "Short term (up to 3 months)" is one time.
        return OutcomeWords("", _bare_time(text))
    if scale_in(f"({text.strip()})") != _NO_SCALE or better_end(text) or _METHOD.match(text):
        return OutcomeWords("", text=f"({text.strip()})")
    if _OF_PEOPLE.search(text) and people_in(text, is_of_people=False).studies:
        return OutcomeWords("", people=people_in(text))
    return None
