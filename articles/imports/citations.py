"""Find the reference that a mark in the text means.

"[3]" means the reference with that number before it, the mark of a footnote means the footnote, and
"(Beyer, 2015)" is found by author and year. A mark that could mean several references cites none,
and a sentence says why.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter

from references import typed_lines

from .documents import DocumentLine
from .parts import ImportedCitation, ReferenceLine

IN_TEXT_NUMBERS = re.compile(r"\s?\[(\d{1,3}(?:\s?[,–-]\s?\d{1,3})*)\]")
#: The words before an interval: its name, or a figure with its name. "[1, 5]" after them cites
#: nothing.
_BEFORE_AN_INTERVAL = re.compile(
    r"(?:\b(?:CIs?|CrI|HDI|IQR|SD|LoA|ICs?|RIC|interval|intervalo|ranges?|rango|range of|scale"
    r" of|scale|limits)"
    r"(?: del? \d\d ?%)?|(?:مجال|فترة|نطاق)(?: ال)?(?:ثقة|الثقة)?"
    r"|\b(?:a?RR|a?OR|a?HR|W?MD|SMD|NNT|ICC|IRR|d|g|r|mean|median)\s?(?:of|=|:|,)?\s?[-−–+]?\d+(?:[.,·]\d+)?\s?%?)"
    r"\s?[:=,;(]?\s?\Z",
    re.I,
)
#: How many letters before a mark are searched for those words.
_LETTERS_BEFORE = 60
NO_SUCH_REFERENCE = "no such reference"
_LONGEST_NAME = 80
_COUNTS_IN_WORDS = {2: "two", 3: "three", 4: "four", 5: "five"}


def _numbers_in_brackets(text: str) -> Iterator[re.Match[str]]:
    """Find numbers in brackets that can be marks, in plain text or HTML. Intervals are left out."""
    for found in IN_TEXT_NUMBERS.finditer(text):
        before = re.sub(
            r"</?\w+>", "", text[max(0, found.start() - _LETTERS_BEFORE) : found.start()]
        )
        has_two_ends = re.fullmatch(r"\d+\s?[,–-]\s?\d+", found[1])
        if not has_two_ends or not _BEFORE_AN_INTERVAL.search(before):
            yield found


def has_number(text: str) -> bool:
    """Return whether `text` of a line has a mark with a number."""
    return any(True for _found in _numbers_in_brackets(text))


# The list -------------------------------------------------------------------------------------

_TYPED_NUMBER = re.compile(
    r"\s*(?:\[(\d{1,3})\][.:]?|\((\d{1,3})\)|(\d{1,3})[.):](?=\s|[^\W\d_])|([⁰¹²³⁴-⁹]{1,3}))\s*(?=\S)",
)
_BARE_NUMBER = re.compile(r"\s*(\d{1,3})\s+(?=\S)")
_RAISED_NUMBER = re.compile(r"(?:<(?:strong|em)>)*<sup>\s*(\d{1,3})\s*</sup>")
_ONLY_A_NUMBER = re.compile(r"[\[(]?\d{1,3}[\])]?[.:]?")


def is_only_a_number(line: DocumentLine) -> bool:
    """Return whether a line is only a number, as in the first column of a table of references."""
    return line.kind == "text" and bool(_ONLY_A_NUMBER.fullmatch(line.text))


def typed_number(lines: Sequence[DocumentLine]) -> tuple[int | None, str]:
    """Return (number, text) of the reference in `lines`. None is the number where none is typed."""
    first, *others = lines
    rest = " ".join(continuation_text(line) for line in others)
    text = f"{first.text} {rest}".strip()
    if first.mark_kind == "number":
        return int(re.sub(r"\D", "", first.mark)), text
    if raised := _RAISED_NUMBER.match(first.html):
        return int(raised[1]), text[len(raised[1]) :].strip()
    if found := _TYPED_NUMBER.match(text):
        digits = next(filter(None, found.groups()))
        return int("".join(str(unicodedata.digit(digit)) for digit in digits)), text[found.end() :]
    bare = _BARE_NUMBER.match(text)
    if bare and typed_lines.begins_with_a_person(text[bare.end() :]):
        return int(bare[1]), text[bare.end() :]
    return None, text


def continuation_text(line: DocumentLine) -> str:
    """Return the text of a line that continues the one above.

    What looked like its number belongs to the text: it may be a page.
    """
    return f"{line.mark} {line.text}" if line.mark_kind == "number" else line.text


def numbers_of(
    groups: Sequence[list[DocumentLine]],
    lines: Sequence[DocumentLine],
    roles: Mapping[int, str],
    read_as: Mapping[int, str],
) -> tuple[dict[int, int], int | None]:
    """Return ({first line of a reference: its number}, how far the count can be trusted).

    `groups` holds the lines of each reference in the list. If numbers were typed, or the format
    draws them, those are the numbers. Otherwise the list is counted: its items, or else its plain
    lines for as long as they read as references. The second value is the last number that is
    certain, and None where all are.

    `read_as` is what lines were without any move and `roles` what they are now. Counting follows
    `read_as`, so that moving one line changes the number of no other line.
    """
    by_line = {group[0].number: group for group in groups}
    read = [line for line in lines if read_as[line.number] == "reference" and not line.note]
    listed = read or [group[0] for group in groups]
    named = {line.number: _named_number(by_line.get(line.number, [line])) for line in listed}
    if any(number is not None for number in named.values()):
        named |= {line: _named_number(group) for line, group in by_line.items()}
        return {line: number for line in by_line if (number := named[line]) is not None}, None
    last = listed[-1].number if listed else 0
    listed += [group[0] for line, group in by_line.items() if line > last]
    return _counted(listed, by_line, roles)


def _counted(
    listed: Sequence[DocumentLine],
    by_line: Mapping[int, list[DocumentLine]],
    roles: Mapping[int, str],
) -> tuple[dict[int, int], int | None]:
    """Count a list that has no numbers; the result is that of `numbers_of`."""
    has_items = any(line.kind == "item" for line in listed)
    numbers: dict[int, int] = {}
    count = 0
    for line in listed:
        if roles[line.number] == "reference_goes_on" or (has_items and line.kind != "item"):
            continue
        group = by_line.get(line.number)
        if not has_items and not _is_surely_a_reference(group or [line]):
            if group:
                # It may be a reference, a comment, or the rest of the line above.
                return numbers, count
            continue
        count += 1
        if group:
            numbers[line.number] = count
    return numbers, None


def _named_number(group: list[DocumentLine]) -> int | None:
    """Return the number before a reference, whether it was typed or the format draws it."""
    number = typed_number(group)[0]
    return group[0].list_number if number is None else number


_WORK_OF_ANOTHER_STYLE = re.compile(r"\((?:1[5-9]|20)\d\d[a-z]?\)|\bdoi\b|https?://", re.I)


def _is_surely_a_reference(group: list[DocumentLine]) -> bool:
    text = typed_number(group)[1]
    is_apart = group[0].gap > 0 and not group[0].goes_on
    return reads_as_reference(text) or (is_apart and bool(_WORK_OF_ANOTHER_STYLE.search(text)))


@lru_cache(maxsize=4096)
def reads_as_reference(text: str) -> bool:
    """Return whether `text` is a reference that can be read.

    The answer is cached, because this is asked about one line several times.
    """
    try:
        typed_lines.parse(text)
    except typed_lines.NotAReference:
        return False
    return True


#: Year, volume and first page. One reference has them once.
_PLACE_IN_A_JOURNAL = re.compile(
    r"\b(?:1[89]|20)\d\d[^;.:()]{0,12};\s?\d+\s?(?:\([^()]{1,12}\))?:\s?\w?\d"
)
_BETWEEN_WORKS = re.compile(r";\s+")
_HAS_A_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_WORD_BEFORE = re.compile(r"\W*([^\W\d_]+)[:,]?\s+")
_INITIALS = re.compile(r"[A-Z]{1,4}[,.]")
_LEAD_WORDS = frozenset("also but cf compare contra from see unlike ver véase vide".split())


def why_not_one_reference(work: str) -> str:
    """Return a sentence that says why `work` is not exactly one reference; "" where it may be one.

    Two works read as one would give a record with the authors of the first and the year of the
    second.
    """
    parts = _BETWEEN_WORKS.split(work)
    works = [
        part
        for part in parts
        if typed_lines.begins_with_a_person(part) and _HAS_A_YEAR.search(part)
    ]
    if len(works) > 1 or len(_PLACE_IN_A_JOURNAL.findall(work)) > 1:
        return "This line holds more than one reference, so add each by hand."
    if _begins_with_other_words(work):
        return (
            "This line says something about a reference, so read it and add the reference by hand."
        )
    return ""


def _begins_with_other_words(work: str) -> bool:
    """Return whether other words stand before the first author, as in "Unlike Beyer R, …"."""
    text = re.sub(r"\A\W*cf\.", "cf", work, flags=re.I)
    words: list[str] = []
    while len(words) < 6 and (found := _WORD_BEFORE.match(text)):
        words.append(found[1])
        text = text[found.end() :]
        if _INITIALS.match(text):
            return False
        if text[:1].isupper() and typed_lines.begins_with_a_person(text):
            return words[0].casefold() in _LEAD_WORDS or any(
                word[0].islower() and word not in _SMALL_WORDS for word in words
            )
    return False


# The text -------------------------------------------------------------------------------------

_YEAR = r"(?:1[5-9]|20)[0-9]{2}"
_BRACKETS = re.compile(r"\(([^()]{5,200})\)")
_AUTHOR_YEAR = re.compile(
    rf"(?:see(?: also)?|e\.g\.,?|cf\.?|from)? ?(?P<who>\D+?),? (?P<year>{_YEAR})"
    r"(?P<suffix>[a-z]?)(?:, ?pp?\. ?[\d–-]+)?"
)
_ET_AL = re.compile(r",? (?:et al\.?|and others|and colleagues)\Z")
_SMALL_WORDS = frozenset(
    "a af al and bin da de del den der di dos du e el et for la le of on the ten ter und van von"
    " y zu".split()
)
#: Words before a year that are not an author, unless a reference has an author of that name.
_NO_AUTHORS = re.compile(
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|spring|summer|autumn|fall|winter|"
    r"updated|reviewed|published|copyright|since|until|till|from|in|by|before|after|about|around|"
    r"early|late|mid|"
    r"version|edition|issue|volume|figure|table|year|as of|up to)\b",
    re.I,
)


_FOOTNOTE = r"(?:end)?note \d{1,6}"
_FOOTNOTE_MARK = re.compile(rf"\s?\[({_FOOTNOTE})\](?:\s?[,;]\s?(?=\[{_FOOTNOTE}\]))?")
_MARK = rf"(?:{IN_TEXT_NUMBERS.pattern.replace('(', '(?:', 1)}|\s?\[{_FOOTNOTE}\]|[,;](?=\s?\[))"
_SENTENCE_END = re.compile(rf"(?<=[.!?]){_MARK}*(?P<space>\s+)(?=[A-ZÀ-Ý“\"])")
_RAISED_MARKS = re.compile(rf"\s?<sup>((?:{_MARK})+)\s*</sup>")


class Sources:
    """The references and footnotes of a document, found by what an author types in a sentence.

    `footnotes` is {name of a footnote: its text} for those that are not references. `counted` is
    the last number that is certain in a list without numbers, and None where all are.
    """

    def __init__(
        self,
        references: Collection[ReferenceLine],
        footnotes: Mapping[str, str],
        counted: int | None = None,
    ) -> None:
        self._footnotes, self._counted_up_to = footnotes, counted
        self._by_number: dict[int | None, list[ReferenceLine]] = defaultdict(list)
        self._by_footnote: dict[str, list[ReferenceLine]] = defaultdict(list)
        self._by_word_and_year: dict[tuple[str, int | None], list[ReferenceLine]] = defaultdict(
            list
        )
        for reference in references:
            self._by_number[reference.number].append(reference)
            self._by_footnote[reference.footnote].append(reference)
            for key in _first_words_and_years(reference):
                self._by_word_and_year[key].append(reference)
        # What a mark means, once found: a long document cites the same again and again.
        self._resolved: dict[Hashable, tuple[str, int | None]] = {}
        self.has_any, self.has_list = bool(references), "" in self._by_footnote

    def sentences(self, text: str) -> Iterator[str]:
        """Split `text`. A mark after a full stop belongs to the sentence that ends there."""
        start = 0
        for end in _SENTENCE_END.finditer(text):
            yield text[start : end.start("space")]
            start = end.end()
        yield text[start:]

    def without_citation_marks(self, text: str) -> str:
        """Return `text`, plain or HTML, without the marks that mean a reference or a footnote."""
        before = None
        while text != before:
            # A superscript that had only marks in it goes with them.
            before, text = text, _RAISED_MARKS.sub(self._keep_raised, text)
        return self._without_citation_marks(text)

    def _without_citation_marks(self, text: str) -> str:
        text = _FOOTNOTE_MARK.sub(lambda mark: "" if self._is_footnote(mark[1]) else mark[0], text)
        if not self.has_list:
            return text
        parts, end = [], 0
        for found in _numbers_in_brackets(text):
            parts.append(text[end : found.start()])
            end = found.end()
        return "".join([*parts, text[end:]])

    def _keep_raised(self, raised: re.Match[str]) -> str:
        """Return a superscript as it is if its marks stay in the text, else without its tags."""
        return raised[0] if self._without_citation_marks(raised[1]) == raised[1] else raised[1]

    def _is_footnote(self, name):
        return name in self._footnotes or name in self._by_footnote

    def citation_marks_in(self, text: str) -> list[tuple[str, list[ImportedCitation]]]:
        """Return (mark, citations) of every mark in `text`, in order.

        A mark whose footnote is not a reference has no citations.
        """
        marks = []
        for matches, citations_by in (
            (_numbers_in_brackets(text), self._citations_by_number),
            (_FOOTNOTE_MARK.finditer(text), self._citations_by_footnote),
        ):
            for found in matches:
                marks.append((found.start(), f"[{found[1]}]", citations_by(found[1])))
        for found in _BRACKETS.finditer(text):
            citations = [self._citation_by_author(part.strip()) for part in found[1].split(";")]
            if any(citations):
                marks.append(
                    (found.start(), found[0], [citation for citation in citations if citation])
                )
        return [(mark, citations) for _place, mark, citations in sorted(marks, key=itemgetter(0))]

    def cited_in(self, text: str) -> tuple[ImportedCitation, ...]:
        """Return the citations of `text`, each once."""
        marks = self.citation_marks_in(text)
        return tuple(
            dict.fromkeys(citation for _mark, citations in marks for citation in citations)
        )

    def footnotes_in(self, text: str) -> tuple[tuple[str, str], ...]:
        """Return (name, text) of the footnotes on `text` that are not references."""
        names = dict.fromkeys(found[1] for found in _FOOTNOTE_MARK.finditer(text))
        return tuple((name, self._footnotes[name]) for name in names if name in self._footnotes)

    # --- what a mark means --------------------------------------------------------------------
    def _citations_by_number(self, typed: str) -> list[ImportedCitation]:
        return [self._citation_by_number(number) for number in numbers_in(typed)]

    def _citation_by_number(self, number: int) -> ImportedCitation:
        if number not in self._resolved:
            name, line = _resolve(self._by_number.get(number, []))
            if (
                name == NO_SUCH_REFERENCE
                and self._counted_up_to is not None
                and number > self._counted_up_to
            ):
                name = "the list has no numbers to tell it by"
            self._resolved[number] = name, line
        return ImportedCitation(str(number), *self._resolved[number])

    def _citations_by_footnote(self, name: str) -> list[ImportedCitation]:
        return [
            ImportedCitation(name, *_resolve([reference]))
            for reference in self._by_footnote.get(name, [])
        ]

    def _citation_by_author(self, part: str) -> ImportedCitation | None:
        """Return what an author and a year cite; None where `part` is something else."""
        found = _AUTHOR_YEAR.fullmatch(part)
        if not found or not self.has_any or not _may_be_authors(found["who"]):
            return None
        key = found["who"], int(found["year"]), found["suffix"]
        if key not in self._resolved:
            self._resolved[key] = _resolve(self._works_by(*key))
        name, line = self._resolved[key]
        if name == NO_SUCH_REFERENCE and (
            _NO_AUTHORS.match(found["who"]) or _has_no_capital(found["who"])
        ):
            return None
        return ImportedCitation(f"({part})", name, line)

    def _works_by(self, who: str, year: int, suffix: str) -> list[ReferenceLine]:
        dated = self._by_word_and_year.get((_first_word(who), year), [])
        candidates = [reference for reference in dated if _is_by(reference, who)]
        if not suffix:
            return candidates
        # A letter after the year tells two works apart. Only the list says which is which.
        lettered = [reference for reference in candidates if f"{year}{suffix}" in reference.text]
        return lettered if lettered or len(candidates) == 1 else candidates


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


def _has_no_capital(text: str) -> bool:
    """Return whether `text` has no capital letter.

    Arabic has none at all, so there any words before a year would look like names.
    """
    return text == text.lower()


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1].rstrip()}…"


def _may_be_authors(who: str) -> bool:
    """Return whether `who` can be names: all words but "van", "of" and the like have a capital."""
    words = re.findall(r"[^\W\d_][\w’'‐.-]*", _ET_AL.sub("", who))
    if not 0 < len(words) <= 9 or words[-1][0].islower():
        return False
    return all(not word[0].islower() or word in _SMALL_WORDS for word in words)


def _names_in(who: str) -> list[str]:
    """Split `who` into names. An organisation such as "Health and Care Board" becomes two."""
    who = _ET_AL.sub("", who)
    return [name for name in re.split(r",? (?:and|&|y|et|und) |, ", who) if name]


def _first_word(text: str) -> str:
    found = re.match(r"\W*([\w'.-]*)", _plain_letters(text))
    return found[1].rstrip(".") if found else ""


def _first_words_and_years(reference: ReferenceLine) -> set[tuple[str, int | None]]:
    """Return the (first word of the first author, year) by which a reference is found.

    A reference that cannot be read is found by every year in it.
    """
    if reference.error:
        years = {int(year) for year in re.findall(rf"(?<!\d){_YEAR}(?!\d)", reference.work)}
        return {(_first_word(reference.work), year) for year in years}
    return {(_first_word(reference.authors[0]), reference.year)} if reference.authors else set()


def _is_by(reference: ReferenceLine, who: str) -> bool:
    if not reference.error:
        return _are_its_authors(reference, who)
    names = _names_in(who)
    return bool(
        names
        and re.match(rf"\W*{re.escape(_plain_letters(names[0]))}\b", _plain_letters(reference.work))
    )


def _are_its_authors(reference: ReferenceLine, who: str) -> bool:
    """Return whether `who` names the authors: the first alone, the first "et al.", or all.

    One name can mean several people, but "et al." is never one author, and two names are never
    three authors.
    """
    authors = [_plain_letters(author) for author in reference.authors]
    if _plain_letters(who) == authors[0]:
        return True
    names = [_plain_letters(name) for name in _names_in(who)]
    if names != authors[: len(names)]:
        return False
    if _ET_AL.search(who):
        return reference.has_more or len(authors) > len(names)
    return len(names) != 2 or (len(authors) == 2 and not reference.has_more)


def _plain_letters(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.replace("’", "'").replace("‐", "-"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(plain.casefold().split())


def numbers_in(text: str) -> Iterator[int]:
    """Give 1, 2, 3 for "1-3" or "1,2,3". A backwards or very long range gives only its ends."""
    for part in re.split(r"\s?,\s?", text):
        ends = [int(number) for number in re.split(r"\s?[–-]\s?", part)]
        is_range = len(ends) == 2 and 0 <= ends[1] - ends[0] <= 30
        yield from range(ends[0], ends[1] + 1) if is_range else ends
