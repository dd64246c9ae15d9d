"""Find the reference that a mark in the text means.

"[3]" means the reference with that number before it, the mark of a footnote means the footnote, and
"(Beyer, 2015)" is found by author and year. A mark that could mean several references cites none,
and a sentence says why.
"""

import re
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from itertools import chain

from .authors_and_years import AuthorMark, NamedWork, WorksByAuthor
from .marks import BETWEEN_MARKS, Cited, TypedMark, find_marks, spans_to_take_out
from .parts import ImportedCitation, ReferenceLine

NO_SUCH_REFERENCE = "no such reference"
_LONGEST_NAME = 80
_COUNTS_IN_WORDS = {2: "two", 3: "three", 4: "four", 5: "five"}
#: Groups such as "¹,²" that tell how an author writes two numbers: never as "¹²".
_ENOUGH_SEPARATED = 3
#: Notes that cite notes are followed this far.
_MOST_NOTES_DEEP = 2
_END = re.compile(r"[.!?؟…]+[\"”’»)\]]*")
#: A stop behind these ends no sentence: ever, before a number, and before brackets.
_ABBREVIATED = re.compile(
    r"(?:\b(?:dr|mr|mrs|ms|prof|vs|e\.g|i\.e|cf|st|sra?|dra)|\bp\. ?ej)\Z", re.I
)
_BEFORE_NUMBERS = re.compile(
    r"\b(?:figs?|approx|nos?|vol|pp?|págs?|ca|refs?|tab|sec|chap|cap|núm)\Z", re.I
)
_BEFORE_BRACKETS = re.compile(r"\b(?:al|cols?|coll)\Z", re.I)
_BLANKS = re.compile(r"\s*")
_PIECES = re.compile(r"<[^<>]*>|&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z0-9]{1,31});|.", re.I | re.S)


@dataclass(frozen=True)
class FoundMark:
    """A mark in a text, and what it cites."""

    start: int
    end: int
    words: str
    citations: tuple[ImportedCitation, ...]
    is_taken_out: bool
    mark: TypedMark | None  # None for authors and a year, which stay in the text
    is_apart: bool = True  # it can stand behind the sentence it belongs to


class Sources:
    """The references and footnotes of a document, found by what an author types in a sentence.

    `footnotes` is {name of a footnote: its text} for those that are not references. `counted` is
    the last number that is certain in a list without numbers, and None where all are. `texts` are
    the lines of the text, which show how the author cites.
    """

    def __init__(
        self,
        references: Collection[ReferenceLine],
        footnotes: Mapping[str, str],
        counted: int | None = None,
        texts: Iterable[str] = (),
    ) -> None:
        self._footnotes, self._counted_up_to = footnotes, counted
        self._by_number: dict[int | None, list[ReferenceLine]] = defaultdict(list)
        self._by_footnote: dict[str, list[ReferenceLine]] = defaultdict(list)
        self._by_label: dict[str, list[ReferenceLine]] = defaultdict(list)
        for reference in references:
            if reference.number is not None:
                self._by_number[reference.number].append(reference)
            if reference.label:
                self._by_label[reference.label].append(reference)
            for name in filter(None, (reference.footnote, reference.source)):
                self._by_footnote[name].append(reference)
        self._by_author = WorksByAuthor(references)
        self.has_any = bool(references)
        self.has_list = any(not reference.footnote for reference in references)
        # What a mark means, once found: a long document cites the same again and again.
        self._resolved: dict[int, tuple[str, int | None]] = {}
        self._sentences: dict[str, tuple[str, ...]] = {}
        self._found: dict[str, tuple[FoundMark, ...]] = {}
        self._forms = {text: find_marks(text) for text in texts} if self.has_list else {}
        self._usage = _Usage(chain.from_iterable(self._forms.values()), self._by_number)

    def sentences(self, text: str) -> tuple[str, ...]:
        """Split `text`. A mark after a full stop belongs to the sentence that ends there."""
        if text not in self._sentences:
            self._sentences[text] = tuple(self._split(text))
        return self._sentences[text]

    def _split(self, text: str) -> Iterator[str]:
        if not _END.search(text, 0, len(text) - 1):
            yield text
            return
        start = position = 0
        found = self.marks_in(text)
        marks = {one.start: one.end for one in found if one.is_apart}
        inside = deque((one.start, one.end) for one in found)
        while end := _END.search(text, position):
            position = end.end()
            while inside and inside[0][1] <= end.start():
                inside.popleft()
            if inside and inside[0][0] <= end.start():
                continue  # a stop in a mark, as in "[1 p. 4]"
            reached = _behind_marks(text, position, marks)
            if _begins_a_sentence(text, end.start(), reached):
                yield text[start:reached]
                start = position = _BLANKS.match(text, reached).end()  # type: ignore[union-attr]
            else:
                position = max(position, reached)
        yield text[start:]

    def without_citation_marks(self, text: str) -> str:
        """Return plain `text` without the marks that mean a reference or a footnote."""
        if not self.marks_in(text):
            return text
        pieces, reached = [], 0
        for start, end in self._spans_to_take_out(text):
            pieces.append(text[reached:start])
            reached = end
        return "".join([*pieces, text[reached:]])

    def html_without_citation_marks(self, html: str) -> str:
        """Return `html` of a line without the same marks, wherever formatting runs through them."""
        if "<" not in html and "&" not in html:
            return self.without_citation_marks(html)
        pieces = _PIECES.findall(html)
        letters = [place for place, piece in enumerate(pieces) if not _is_tag(piece)]
        plain = "".join(unescape(pieces[place]) for place in letters)
        if len(plain) != len(letters):  # a character reference of two letters, as few are
            return html
        for start, end in self._spans_to_take_out(plain):
            for place in letters[start:end]:
                pieces[place] = ""
        return "".join(pieces)

    def _spans_to_take_out(self, text: str) -> list[tuple[int, int]]:
        taken = [found.mark for found in self.marks_in(text) if found.is_taken_out and found.mark]
        return spans_to_take_out(text, taken) if taken else []

    def marks_in(self, text: str) -> tuple[FoundMark, ...]:
        """Return every mark in `text` with its citations, in order.

        A mark whose footnote is not a reference has no citations.
        """
        if text not in self._found:
            self._found[text] = tuple(self._marks_in(text))
        return self._found[text]

    def _marks_in(self, text: str) -> list[FoundMark]:
        forms = self._forms[text] if text in self._forms else find_marks(text)
        found = [one for mark in forms if (one := self._read(mark)) is not None]
        sources = {one.start for one in found if one.mark and one.mark.form == "source"}
        for author_mark in self._by_author.marks_in(text):
            # Behind a record that came with the document, its printed name says no more.
            if author_mark.end not in sources and (by_name := self._by_name(author_mark)):
                found.append(by_name)
        return sorted(found, key=lambda one: one.start)

    def cited_in(self, text: str) -> tuple[ImportedCitation, ...]:
        """Return the citations of `text`, each once."""
        marks = self.marks_in(text)
        return tuple(dict.fromkeys(citation for mark in marks for citation in mark.citations))

    def footnotes_in(self, text: str) -> tuple[tuple[str, str], ...]:
        """Return (name, text) of the footnotes on `text` that are not references."""
        marks = [one.mark for one in self.marks_in(text) if one.mark and one.mark.form == "note"]
        names = dict.fromkeys(mark.cited[0].name for mark in marks)
        return tuple((name, self._footnotes[name]) for name in names if name in self._footnotes)

    # --- what a mark means --------------------------------------------------------------------
    def _read(self, mark: TypedMark) -> FoundMark | None:
        """Return what `mark` cites; None where it is no mark in this document."""
        if mark.is_numeric:
            citations = self._by_numbers(mark) if self.has_list else None
        elif mark.form == "key":
            citations = self._by_keys(mark)
        else:
            citations = self._by_names(mark)
        if citations is None:
            return None
        is_linked = any(citation.line is not None for citation in citations)
        is_taken_out = not mark.stays and (is_linked or mark.form in {"bracket", "note", "source"})
        return FoundMark(mark.start, mark.end, mark.words, tuple(citations), is_taken_out, mark)

    def _by_numbers(self, mark: TypedMark) -> list[ImportedCitation] | None:
        cited: list[Cited] = []
        for one in mark.cited:
            numbers = [one.name]
            if mark.form in {"raised", "stop"} and not one.range_end and len(one.name) > 1:
                readings = self._usage.readings(one.name)
                if len(readings) > 1:
                    return [ImportedCitation(mark.words, _either(readings))]
                numbers = readings[0] if readings else numbers
            cited += [Cited(number, one.locator, one.range_end) for number in numbers]
        if any(int(one.name) == 0 for one in cited):
            return None
        if not self._usage.may_cite(mark, [int(one.name) for one in cited]):
            return None
        return [self._by_number_of(one) for one in cited]

    def _by_number_of(self, cited: Cited) -> ImportedCitation:
        number = int(cited.name)
        if number not in self._resolved:
            name, line = _resolve(self._by_number.get(number, []))
            if (
                name == NO_SUCH_REFERENCE
                and self._counted_up_to is not None
                and number > self._counted_up_to
            ):
                name = "the list has no numbers to tell it by"
            self._resolved[number] = name, line
        name, line = self._resolved[number]
        if line is not None and cited.range_end and int(cited.range_end) not in self._by_number:
            name, line = f"the list does not reach {cited.range_end}", None
        return ImportedCitation(str(number), name, line, *cited.locator)

    def _by_names(self, mark: TypedMark, depth: int = 0) -> list[ImportedCitation] | None:
        """Return what a note or a source cites. A note can cite in its own words."""
        (cited,) = mark.cited
        references = self._by_footnote.get(cited.name, [])
        if not references and cited.name not in self._footnotes:
            # The name of a record is ours, so it never stays in the text.
            missing = ImportedCitation(cited.name, NO_SUCH_REFERENCE)
            return [missing] if mark.form == "source" else None
        citations = [
            ImportedCitation(cited.name, *_resolve([reference]), *cited.locator)
            for reference in references
        ]
        for other in find_marks(self._footnotes.get(cited.name, "")):
            if other.form in {"source", "note"} and depth < _MOST_NOTES_DEEP:
                citations += self._by_names(other, depth + 1) or []
            elif other.form == "bracket" or other.form == "key":
                found = self._read(other)
                citations += found.citations if found else ()
        for by_name in self._by_author.marks_in(self._footnotes.get(cited.name, "")):
            found = self._by_name(by_name)
            citations += found.citations if found else ()
        return citations

    def _by_keys(self, mark: TypedMark) -> list[ImportedCitation] | None:
        """Return what "[@beyer2015]" cites, by the key in the list or the name and year in it."""
        citations = []
        for cited in mark.cited:
            references = self._by_label.get(cited.name.casefold(), [])
            named = re.fullmatch(
                r"([^\W\d_]+)[_:.-]?((?:1[5-9]|20)[0-9]{2})([a-z]?)(?:[_:.-]?[^\W\d_].*)?",
                cited.name,
            )
            if not references and named:
                name, year, letter = named.groups()
                references = list(self._by_author.fitting(name, int(year), letter))
            if references or not mark.stays:
                said = _resolve(references)
                citations.append(ImportedCitation(f"@{cited.name}", *said, *cited.locator))
        return citations if citations and self.has_any else None

    def _by_name(self, mark: AuthorMark) -> FoundMark | None:
        citations = [one for work in mark.works if (one := self._work(work)) is not None]
        if not citations:
            return None
        return FoundMark(
            mark.start, mark.end, mark.words, tuple(citations), False, None, mark.is_apart
        )

    def _work(self, work: NamedWork) -> ImportedCitation | None:
        name, line = _resolve(work.fits)
        if name == NO_SUCH_REFERENCE and not work.is_surely_one:
            return None
        return ImportedCitation(work.typed, name, line, *work.locator)


class _Usage:
    """How the author of a text cites by numbers, which decides about marks that may be none."""

    def __init__(
        self,
        marks: Iterable[TypedMark],
        by_number: Mapping[int | None, Collection[ReferenceLine]],
    ) -> None:
        self._numbers = {number for number in by_number if number is not None}
        self._has_gaps = bool(self._numbers) and max(self._numbers) > len(self._numbers)
        self._has_surer_form = self._names_missing = self._closes_clauses = False
        separated = glued = 0
        for mark in marks:
            if mark.form == "bracket" or mark.form == "raised":
                self._has_surer_form |= any(int(one.name) in self._numbers for one in mark.cited)
                self._names_missing |= any(
                    int(one.name) not in self._numbers
                    for one in mark.cited
                    if mark.form == "bracket" or not self._split(one.name)
                )
            elif mark.form == "parenthesis" and not mark.goes_on:
                self._closes_clauses |= all(int(one.name) in self._numbers for one in mark.cited)
            if mark.form in {"raised", "stop"}:
                separated += len(mark.cited) > 1
                glued += any(
                    len(one.name) > 1 and int(one.name) not in self._numbers for one in mark.cited
                )
        self._separates = separated >= _ENOUGH_SEPARATED and not glued

    def readings(self, digits: str) -> list[list[str]]:
        """Return what glued digits can mean: "12" is 12, or 1 and 2, as far as the list has them.

        An author who puts commas between numbers elsewhere means 12. Where the list has gaps, or
        the text cites numbers that it does not have, it may have had a 12 too.
        """
        if int(digits) in self._numbers and (self._separates or len(digits) > 3):
            return [[digits]]
        found = self._split(digits)
        if (self._names_missing or self._has_gaps) and [digits] not in found:
            return []
        return found

    def _split(self, digits: str) -> list[list[str]]:
        return [
            reading
            for reading in _splits(digits)
            if all(int(number) in self._numbers for number in reading)
        ]

    def may_cite(self, mark: TypedMark, numbers: Collection[int]) -> bool:
        """Return whether a mark of `numbers` cites, going by its form."""
        if mark.form != "parenthesis":
            return True
        if not all(number in self._numbers for number in numbers):
            return False
        if len(numbers) > 1 and not any(one.range_end for one in mark.cited):
            return True
        return not self._has_surer_form and (not mark.goes_on or self._closes_clauses)


def _splits(digits: str) -> Iterator[list[str]]:
    """Yield the ways to read digits as numbers, each larger than the one before."""
    if len(digits) > 9:
        return
    for length in range(1, min(3, len(digits)) + 1):
        first, rest = digits[:length], digits[length:]
        if first[0] == "0":
            return
        if not rest:
            yield [first]
        for others in _splits(rest) if rest else ():
            if int(others[0]) > int(first):
                yield [first, *others]


def _either(readings: Iterable[Iterable[str]]) -> str:
    return f"it can be {', or '.join(' and '.join(reading) for reading in readings)}"


def _resolve(candidates: Iterable[ReferenceLine]) -> tuple[str, int | None]:
    """Return (words, line) of what a mark means, out of the references it can mean.

    The words name the reference, or say why there is none; then `line` is None.
    """
    works = {reference.key: reference for reference in candidates}
    if not works:
        return NO_SUCH_REFERENCE, None
    if len(works) > 1:
        return f"{_COUNTS_IN_WORDS.get(len(works), len(works))} references fit", None
    reference = next(iter(works.values()))
    if reference.error:
        return f"{_shortened(reference.text)} is still to be added by hand", None
    return reference.name, reference.line


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1].rstrip()}…"


def _is_tag(piece: str) -> bool:
    return len(piece) > 1 and piece[0] == "<"


def _behind_marks(text: str, position: int, marks: Mapping[int, int]) -> int:
    """Return where `text` goes on behind the marks that follow `position`, as ".[1] and [2]"."""
    first = position + 1 if text[position : position + 1].isspace() else position
    reached = marks.get(position) or marks.get(first)
    if reached is None:
        return position
    while True:
        between = BETWEEN_MARKS.match(text, reached)
        following = next(
            (
                marks[start]
                for start in range(reached, between.end() + 1 if between else reached)
                if start in marks
            ),
            None,
        )
        if following is None:
            return reached
        reached = following


def _begins_a_sentence(text: str, stop: int, place: int) -> bool:
    """Return whether a sentence that ended at `stop` is followed by another one at `place`."""
    following = text[place : place + 8]
    letter = following.lstrip()[:1]
    if not letter or not following[0].isspace():
        return False
    before = text[max(0, stop - 10) : stop]
    if _ABBREVIATED.search(before):
        return False
    if letter.isdigit():
        return not _BEFORE_NUMBERS.search(before)
    if letter in "([":
        return letter == "(" and not _BEFORE_BRACKETS.search(before)
    # Capitals, and the letters of scripts that have none.
    return not letter.islower() if letter.isalpha() else letter in '“"«¿¡‘'
