"""Find what in a plain text can cite: its form, not what it means.

`articles.imports.citations` says what a mark means, and whether it cites at all.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from . import raised

_NUMBER = r"[0-9\u0660-\u0669]{1,3}"
_RANGE = rf"{_NUMBER}(?:\s?[–—-]\s?{_NUMBER})?"
_COMMA = r"\s?[,;،؛]\s?"
#: The place in a source, as typed: its kind and its number.
_PLACES = {
    "page": r"pp?|pgs?|pages?|págs?|páginas?|ص|صفحة",
    "section": r"sections?|sec|sect|secciones|sección|§",
    "table": r"tables?|tablas?|tab|جدول",
    "figure": r"figures?|figs?|figuras?|شكل",
    "paragraph": r"paras?|paragraphs?|párrafos?|¶",
}
_PLACE_NUMBER = r"[0-9ivxlc\u0660-\u0669]{1,7}(?:\s?[–-]\s?[0-9ivxlc\u0660-\u0669]{1,7})?"
_PLACE = rf"(?:{'|'.join(_PLACES.values())})\.?\s?{_PLACE_NUMBER}"
_PLACE_PATTERNS = {
    kind: re.compile(rf"(?:\b|(?<=\s)|\A)(?:{names})\.?\s?({_PLACE_NUMBER})(?!\w)", re.I)
    for kind, names in _PLACES.items()
}
_REF = (
    r"(?:see |véase |ver |انظر )?"
    r"(?:refs?\.?|references?|referencias?|citations?|no\.|المراجع|المرجع|مرجع)\s?"
)
_ITEM = rf"{_RANGE}(?:\s?[,:]?\s?\(?{_PLACE}\)?)?"
_LISTED = rf"{_ITEM}(?:(?:{_COMMA}|\s| and | & | y | و )(?:{_ITEM}))*"
_LISTED_ITEM = re.compile(
    rf"(?P<first>{_NUMBER})(?:\s?[–—-]\s?(?P<last>{_NUMBER}))?"
    rf"(?P<place>\s?[,:]?\s?\(?{_PLACE}\)?)?",
    re.I,
)

_BRACKETED = re.compile(rf"\[(?:{_REF})?\s?({_LISTED})\s?\]", re.I)
_IN_PARENTHESES = re.compile(rf"\((?P<ref>{_REF})?\s?(?P<listed>{_LISTED})\s?\)", re.I)
_RAISED = re.compile(
    rf"[⁽(]?(?P<listed>{raised.DIGIT}+(?:(?:\s?[,;،؛–—-]\s?|\s){raised.DIGIT}+)*)[⁾]?"
)
#: Raised digits that lost their height: glued behind the stop of a sentence.
_BEHIND_A_STOP = re.compile(
    rf"(?:(?<=[^\W\d_]{{2}})|(?<=[\])”’%»²³]))[.?!؟](?P<quote>[”’\"»)]?)"
    rf"(?P<listed>{_NUMBER}(?:[,;–-]{_NUMBER})*)(?=\s+[^\W\d_a-z]|\s*\Z)"
)
_NOTE = re.compile(r"\[((?:end)?note [0-9]{1,6})\]")
#: A record that came with the document, put behind the words that cite it.
_SOURCE = re.compile(rf"\[(source [0-9]{{1,6}})(?:, ({_PLACE}))?\]", re.I)
_KEY_IN_BRACKETS = re.compile(r"\[([^\[\]]{0,80}@[^\[\]]{1,300})\]")
_KEY = re.compile(r"(?<![\w@.])-?@(\{[^{}\s]{1,80}\}|[\w](?:[\w:.#$%&+?<>~/-]{0,78}\w)?)")

#: The words before an interval: its name, or a figure with its name. "[1, 5]" after them cites
#: nothing.
_BEFORE_AN_INTERVAL = re.compile(
    r"(?:\b(?:CIs?|CrI|HDI|IQR|SD|LoA|ICs?|RIC|interval|intervalo|ranges?|rango|range of|scale"
    r" of|scale|limits|scored?|scores|score of|rated|between)"
    r"(?: del? \d\d ?%)?|(?:مجال|فترة|نطاق)(?: ال)?(?:ثقة|الثقة)?"
    r"|\b(?:a?RR|a?OR|a?HR|W?MD|SMD|NNT|ICC|IRR|d|g|r|mean|median)\s?(?:of|=|:|,)?\s?[-−–+]?\d+(?:[.,·]\d+)?\s?%?)"
    r"\s?[:=,;(]?\s?\Z",
    re.I,
)
#: Words before a number in parentheses that it counts or grades.
_BEFORE_A_COUNT = re.compile(
    r"\b(?:grades?|stages?|levels?|weeks?|days?|months?|years?|hours?|minutes?|chapters?|figures?|tables?|steps?|"
    r"phases?|versions?|types?|sets?|items?|groups?|points?|scores?|scales?|visits?|repeats?|n|part|page|box|"
    r"grados?|fases?|semanas?|días?|meses|años?|tablas?|figuras?|capítulos?|pasos?|puntos?|men|women|people|"
    r"patients|hombres|mujeres|personas|pacientes|درجة|أسبوع|أسابيع|يوم|أيام|جدول|شكل|مرحلة)\s?\Z",
    re.I,
)
#: "and (3) rest" counts what follows it.
_BEFORE_AN_ITEM = re.compile(r"\b(?:and|or|either|into|are|is|were|y|e|o|u|son|es|و|أو)\s?\Z", re.I)
_ENDS_IN_A_WORD = re.compile(r"[^\W\d_][”’\"»)]?\s?\Z")
_ENDS_A_CLAUSE = re.compile(r"\s*(?:[.,;:!?؟،؛)]|\Z)")
#: Behind a stop after these, a number is their own: "fig.2".
_ABBREVIATED = re.compile(
    r"\b(?:fig|figs|vol|nos?|pp|st|dr|al|ca|sec|sect|chap|approx|ref|refs|tab|art|núm|pág|págs|cap|vers|ver|eds|app)\Z",
    re.I,
)
_UNIT_OR_VARIABLE = re.compile(
    r"(?:\b|(?<=\d))(?:[kcdmµμn]?m|ft|in|yd|mi|km|cm|mm|dm|pie|kg/m|g/m|mg/m|min|[A-Za-zα-ωΑ-Ω])\Z"
)
#: Words that lead to a mark, so that they need it: "as shown in [3]".
_LEADS_TO_THE_MARK = re.compile(
    r"\b(?:in|by|from|see|of|with|than|per|en|por|según|véase|ver|con|في|من|انظر|حسب)\s?\Z", re.I
)
#: Behind these, and at the start, a mark is needed if the sentence goes on: "Study [3] showed".
_MAY_NEED_THE_MARK = re.compile(r"(?:\A|\b(?:to|study|trial))\s?\Z", re.I)
#: How many letters before a mark are searched for the words above.
_LETTERS_BEFORE = 60
BETWEEN_MARKS = re.compile(r"\s?(?:[,;،؛]|\band\b|&|\by\b|و|[–—-])?\s?")
_STOPS = frozenset(".,;:!?،؛؟")
_HAS_RAISED = re.compile(raised.DIGIT)
_A_DIGIT_OR_SIGN = re.compile(rf"[0-9\u0660-\u0669@\[]|{raised.DIGIT}")


@dataclass(frozen=True)
class Cited:
    """One thing that a mark names: a number, or the name of a note, a source or a key.

    `locator` is (kind, number) of the place in it, with "" where none is given. `range_end` is the
    last number of the range it is in.
    """

    name: str
    locator: tuple[str, str] = ("", "")
    range_end: str = ""


@dataclass(frozen=True)
class TypedMark:
    """A piece of a text that can cite.

    - start, end: where it stands
    - form: bracket, parenthesis, raised, stop, note, source or key
    - words: as it is shown to a person
    - cited: what it names, in order. A group of digits without anything between is one name.
    - stays: the words around it need it, so it is not taken out
    - goes_on: a word follows a number in parentheses, so it may count what follows
    """

    start: int
    end: int
    form: str
    words: str
    cited: tuple[Cited, ...]
    stays: bool = False
    goes_on: bool = False

    @property
    def is_numeric(self) -> bool:
        return self.form in {"bracket", "parenthesis", "raised", "stop"}


def find_marks(text: str) -> list[TypedMark]:
    """Return the marks of `text` in order. No two of them overlap."""
    if not _A_DIGIT_OR_SIGN.search(text):
        return []
    found = [mark for sign, finder in _FINDERS if sign in text for mark in finder(text)]
    if _HAS_RAISED.search(text):
        found += _raised(text)
    if not found:
        return found
    found.sort(key=lambda mark: (mark.start, -mark.end))
    kept: list[TypedMark] = []
    for mark in found:
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return list(_with_ranges_across_brackets(text, kept))


def has_mark(text: str) -> bool:
    """Return whether `text` has a mark that is surely one, so that it is no heading or label."""
    return any(mark.form in {"bracket", "note", "source", "raised"} for mark in find_marks(text))


def cites_a_record(text: str) -> bool:
    """Return whether `text` cites a record that came with the document."""
    return bool(_SOURCE.search(text))


def spans_to_take_out(text: str, marks: Sequence[TypedMark]) -> list[tuple[int, int]]:
    """Return (start, end) of the pieces of `text` that go with `marks`.

    What only stands between two of them goes too, and so do a blank before them and parentheses
    around them.
    """
    spans: list[list[int]] = []
    for mark in marks:
        if spans and BETWEEN_MARKS.fullmatch(text, spans[-1][1], mark.start):
            spans[-1][1] = mark.end
        else:
            spans.append([mark.start, mark.end])
    for span in spans:
        start, end = span
        before, after = text[max(0, start - 2) : start], text[end : end + 2]
        if before.rstrip()[-1:] == "(" and after.lstrip()[:1] == ")":
            start = text.rindex("(", 0, start)
            end = text.index(")", end) + 1
        if start and text[start - 1].isspace():
            start = len(text[:start].rstrip())
            # A blank on both sides of a mark before a stop would leave one: "helps [1] ."
            if text[end : end + 1].isspace() and text[end + 1 : end + 2] in _STOPS:
                end += 1
        span[:] = start, end
    return [(start, end) for start, end in spans]


def locator_in(words: str) -> tuple[str, str]:
    """Return (kind, number) of the place that `words` name, such as ("page", "4")."""
    for kind, pattern in _PLACE_PATTERNS.items():
        if words and (place := pattern.search(words)):
            return kind, place[1].replace(" ", "")
    return "", ""


# One finder for each form ------------------------------------------------------------------------


def _brackets(text: str) -> Iterator[TypedMark]:
    for found in _BRACKETED.finditer(text):
        if _is_interval(text, found.start(), found[1]):
            continue
        before = text[max(0, found.start() - _LETTERS_BEFORE) : found.start()]
        stays = bool(
            _LEADS_TO_THE_MARK.search(before)
            or (_MAY_NEED_THE_MARK.search(before) and _goes_on(text, found.end()))
        )
        yield TypedMark(found.start(), found.end(), "bracket", found[0], _listed(found[1]), stays)


def _parentheses(text: str) -> Iterator[TypedMark]:
    for found in _IN_PARENTHESES.finditer(text):
        before = text[max(0, found.start() - _LETTERS_BEFORE) : found.start()]
        if not found["ref"] and (
            not _ENDS_IN_A_WORD.search(before)
            or _BEFORE_A_COUNT.search(before)
            or _BEFORE_AN_INTERVAL.search(before)
        ):
            continue
        form = "bracket" if found["ref"] else "parenthesis"
        listed = _listed(found["listed"])
        goes_on = not _ENDS_A_CLAUSE.match(text, found.end())
        if goes_on and _BEFORE_AN_ITEM.search(before):
            continue
        yield TypedMark(found.start(), found.end(), form, found[0], listed, goes_on=goes_on)


def _raised(text: str) -> Iterator[TypedMark]:
    for found in _RAISED.finditer(text):
        start, digits = found.start(), found["listed"]
        before = text[max(0, start - _LETTERS_BEFORE) : start]
        after = text[found.end() : found.end() + 1]
        first = re.match(rf"{raised.DIGIT}+", digits)
        if first and len(first[0]) > 1 and _UNIT_OR_VARIABLE.search(before) and first[0][0] in "²³":
            continue  # "m²⁶" is m² with a mark, or a mark of 26
        if first and len(first[0]) < len(digits) and _is_power(before, first[0]):
            # "4 m² ³": a unit, and a mark behind it.
            start, digits = found.start("listed") + first.end(), digits[first.end() :]
        elif (
            (not before.strip() and text[found.end() :].strip())
            or after.isalpha()
            or after in {"⁺", "⁻", "⁄"}
            or re.search(r"[⁻⁺(\[/^]\s?\Z", before)
            or _is_power(before, digits)
        ):
            continue
        listed = _listed(raised.lower_digits(digits))
        yield TypedMark(start, found.end(), "raised", text[start : found.end()].strip(), listed)


def _is_power(before: str, digits: str) -> bool:
    """Return whether raised `digits` belong to a unit, a variable or a power: m², R², 10⁶."""
    if len(digits) > 2:
        return False
    if re.search(r"(?<![0-9.,])10\Z|[×·]\s?[0-9.,]+\Z", before):
        return True
    return bool(_UNIT_OR_VARIABLE.search(before)) and digits in set("²³⁴")


def _behind_stops(text: str) -> Iterator[TypedMark]:
    for found in _BEHIND_A_STOP.finditer(text):
        if _ABBREVIATED.search(text, max(0, found.start() - 12), found.start()):
            continue
        start = found.start("listed")
        yield TypedMark(start, found.end(), "stop", found["listed"], _listed(found["listed"]))


def _notes(text: str) -> Iterator[TypedMark]:
    for found in _NOTE.finditer(text):
        yield TypedMark(found.start(), found.end(), "note", found[0], (Cited(found[1]),))


def _sources(text: str) -> Iterator[TypedMark]:
    for found in _SOURCE.finditer(text):
        cited = Cited(found[1].lower(), locator_in(found[2] or ""))
        yield TypedMark(found.start(), found.end(), "source", found[0], (cited,))


def _keys(text: str) -> Iterator[TypedMark]:
    for found in _KEY_IN_BRACKETS.finditer(text):
        cited = []
        for part in found[1].split(";"):
            if key := _KEY.search(part):
                cited.append(Cited(key[1].strip("{}"), locator_in(part[key.end() :])))
        if cited:
            yield TypedMark(found.start(), found.end(), "key", found[0], tuple(cited))
    for found in _KEY.finditer(text):
        alone = (Cited(found[1].strip("{}")),)
        yield TypedMark(found.start(), found.end(), "key", found[0], alone, stays=True)


#: A letter that a text must have, and what finds marks with it.
_FINDERS: tuple[tuple[str, Callable[[str], Iterator[TypedMark]]], ...] = (
    ("[", _brackets),
    ("(", _parentheses),
    ("", _behind_stops),
    ("note", _notes),
    ("source", _sources),
    ("@", _keys),
)


def _is_interval(text: str, start: int, listed: str) -> bool:
    if not re.fullmatch(rf"{_NUMBER}(?:{_COMMA}|\s?[–—-]\s?){_NUMBER}", listed):
        return False
    before = re.sub(r"</?\w+>", "", text[max(0, start - _LETTERS_BEFORE) : start])
    return bool(_BEFORE_AN_INTERVAL.search(before))


def _goes_on(text: str, end: int) -> bool:
    """Return whether a sentence goes on with a word after a mark, as in "[3] showed that"."""
    return bool(re.match(r"(?:['’]s)?,?\s+[^\W\d_]", text[end : end + 8]))


def _listed(words: str) -> tuple[Cited, ...]:
    """Return what "1, 3-5 p. 4" names, each number of a range by itself.

    A range that counts down, or over more than thirty, names only its ends.
    """
    cited: list[Cited] = []
    if words.isdigit():
        return (Cited(words),)
    for item in _LISTED_ITEM.finditer(words):
        first, last = int(item["first"]), int(item["last"] or item["first"])
        numbers = list(range(first, last + 1)) if 0 <= last - first <= 30 else [first, last]
        locator = locator_in(item["place"]) if item["place"] else ("", "")
        # The digits as typed: two glued raised digits may be two numbers.
        names = [item["first"]] if first == last else [str(number) for number in numbers]
        end = names[-1] if len(names) > 1 else ""
        cited += [Cited(name, locator if name == names[-1] else ("", ""), end) for name in names]
    return tuple(cited)


def _with_ranges_across_brackets(text: str, marks: Sequence[TypedMark]) -> Iterator[TypedMark]:
    """Yield `marks`; of "[1]–[3]" the second one names 2 as well."""
    above: TypedMark | None = None
    for mark in marks:
        if (
            above is not None
            and above.form == mark.form == "bracket"
            and re.fullmatch(r"\s?[–—-]\s?", text[above.end : mark.start])
        ):
            first, last = int(above.cited[-1].name), int(mark.cited[0].name)
            if 0 < last - first <= 30:
                between = tuple(
                    Cited(str(number), range_end=str(last)) for number in range(first + 1, last)
                )
                mark = replace(mark, cited=between + mark.cited)
        above = mark
        yield mark
