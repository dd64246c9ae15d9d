"""Which reference a mark in the text means.

"[3]" is tied by the number typed before the reference, a note's mark by the note, "(Beyer, 2015)"
by author and year. Where nobody can tell, nothing is linked and the sentence says why.
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from references import typed_lines

IN_TEXT_NUMBERS = re.compile(r"\s?\[(\d{1,3}(?:\s?[,–-]\s?\d{1,3})*)\]")
#: What stands before an interval: its name, or a figure with its name. "[1, 5]" behind it cites
#: nothing.
_BEFORE_AN_INTERVAL = re.compile(
    r"(?:\b(?:CIs?|CrI|HDI|IQR|SD|LoA|ICs?|RIC|interval|intervalo|ranges?|rango|range of|scale"
    r" of|scale|limits)"
    r"(?: del? \d\d ?%)?|(?:مجال|فترة|نطاق)(?: ال)?(?:ثقة|الثقة)?"
    r"|\b(?:a?RR|a?OR|a?HR|W?MD|SMD|NNT|ICC|IRR|d|g|r|mean|median)\s?(?:of|=|:|,)?\s?[-−–+]?\d+(?:[.,·]\d+)?\s?%?)"
    r"\s?[:=,;(]?\s?\Z",
    re.I,
)
_NEAR = 60
NO_SUCH = "no such reference"
_LONGEST_SAID = 80
_COUNTS = {2: "two", 3: "three", 4: "four", 5: "five"}


@dataclass(frozen=True)
class Cited:
    """What one mark in a sentence is tied to."""

    typed: str  # a number, the name of a note or what is in brackets: "3", "note 1", "(Beyer 2015)"
    said: str  # the reference in short, such as "Beyer 2015", or why there is none
    line: int | None = None  # of the reference; None where nothing is linked


def _marks(text):
    """The matches of numbers in brackets in `text`, plain or HTML, that can be marks.

    An interval is none.
    """
    for found in IN_TEXT_NUMBERS.finditer(text):
        before = re.sub(r"</?\w+>", "", text[max(0, found.start() - _NEAR) : found.start()])
        has_two_ends = re.fullmatch(r"\d+\s?[,–-]\s?\d+", found[1])
        if not has_two_ends or not _BEFORE_AN_INTERVAL.search(before):
            yield found


def has_number(text):
    """Whether a mark with a number stands in `text` of a line."""
    return any(True for _found in _marks(text))


# The list -------------------------------------------------------------------------------------

_TYPED_NUMBER = re.compile(
    r"\s*(?:\[(\d{1,3})\][.:]?|\((\d{1,3})\)|(\d{1,3})[.):](?=\s|[^\W\d_])|([⁰¹²³⁴-⁹]{1,3}))\s*(?=\S)",
)
_BARE_NUMBER = re.compile(r"\s*(\d{1,3})\s+(?=\S)")
_RAISED_NUMBER = re.compile(r"(?:<(?:strong|em)>)*<sup>\s*(\d{1,3})\s*</sup>")
_ONLY_A_NUMBER = re.compile(r"[\[(]?\d{1,3}[\])]?[.:]?")


def is_only_a_number(line):
    """Whether all a line says is a number: in a table of references it has a column of its own."""
    return line.kind == "text" and bool(_ONLY_A_NUMBER.fullmatch(line.text))


def typed_number(lines):
    """(the number typed to name it or None, its words) of the reference in `lines`."""
    first, *others = lines
    rest = " ".join(text_with_mark(line) for line in others)
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


def text_with_mark(line):
    """The text of a line that goes on from the one above, with what was taken for its number."""
    return f"{line.mark} {line.text}" if line.mark_kind == "number" else line.text


def numbers_of(groups, lines, roles, read_as):
    """({first line of a reference: its number}, how far the count can be trusted or None).

    `groups` are the lines of one listed reference each. Numbers that were typed, or that the format
    draws, name their lines wherever they stand. Where there are none, the list is counted: its
    items, or else its plain lines as far as they read as references. `roles` are what a person made
    of
    `read_as`: moving a line gives no other line a new number.
    """
    groups = {group[0].number: group for group in groups}
    own = [line for line in lines if read_as[line.number] == "reference" and not line.note]
    listed = own or [group[0] for group in groups.values()]
    named = {line.number: _named_number(groups.get(line.number, [line])) for line in listed}
    if any(number is not None for number in named.values()):
        named |= {line: _named_number(group) for line, group in groups.items()}
        return {line: named[line] for line in groups if named[line] is not None}, None
    last = listed[-1].number if listed else 0
    listed += [group[0] for line, group in groups.items() if line > last]
    has_items = any(line.kind == "item" for line in listed)
    numbers = {}
    count = 0
    for line in listed:
        if roles[line.number] == "reference_goes_on" or (has_items and line.kind != "item"):
            continue
        group = groups.get(line.number)
        if not has_items and not _counts_for_sure(group or [line]):
            if group:
                # It may be a reference, a remark or the rest of the line above.
                return numbers, count
            continue
        count += 1
        if group:
            numbers[line.number] = count
    return numbers, None


def _named_number(group):
    number = typed_number(group)[0]
    return group[0].list_number if number is None else number


_WORK_OF_ANOTHER_STYLE = re.compile(r"\((?:1[5-9]|20)\d\d[a-z]?\)|\bdoi\b|https?://", re.I)


def _counts_for_sure(group):
    text = typed_number(group)[1]
    is_apart = group[0].gap > 0 and not group[0].goes_on
    return reads_as_reference(text) or (is_apart and bool(_WORK_OF_ANOTHER_STYLE.search(text)))


@lru_cache(maxsize=4096)
def reads_as_reference(text):
    """Whether `text` is a reference that can be read. It is asked of one line several times."""
    try:
        typed_lines.parse(text)
    except typed_lines.NotAReference:
        return False
    return True


#: Year, volume and first page. A work has them once.
_PLACE_IN_A_JOURNAL = re.compile(
    r"\b(?:1[89]|20)\d\d[^;.:()]{0,12};\s?\d+\s?(?:\([^()]{1,12}\))?:\s?\w?\d"
)
_BETWEEN_WORKS = re.compile(r";\s+")
_HAS_A_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_WORD_BEFORE = re.compile(r"\W*([^\W\d_]+)[:,]?\s+")
_INITIALS = re.compile(r"[A-Z]{1,4}[,.]")
_LEADS = frozenset("also but cf compare contra from see unlike ver véase vide".split())


def is_not_one(work):
    """Why the words of a reference are not one reference, in a sentence; "" where nothing says so.

    Read as one, two works would give a record of the first one's people and the other's year.
    """
    parts = _BETWEEN_WORKS.split(work)
    whole = [
        part
        for part in parts
        if typed_lines.begins_with_a_person(part) and _HAS_A_YEAR.search(part)
    ]
    if len(whole) > 1 or len(_PLACE_IN_A_JOURNAL.findall(work)) > 1:
        return "This line holds more than one reference, so add each by hand."
    if _speaks_of_another(work):
        return (
            "This line says something about a reference, so read it and add the reference by hand."
        )
    return ""


def _speaks_of_another(work):
    """Whether words that are no part of a name stand before the first author.

    "Unlike Beyer R, …".
    """
    text = re.sub(r"\A\W*cf\.", "cf", work, flags=re.I)
    words = []
    while len(words) < 6 and (found := _WORD_BEFORE.match(text)):
        words.append(found[1])
        text = text[found.end() :]
        if _INITIALS.match(text):
            return False
        if text[:1].isupper() and typed_lines.begins_with_a_person(text):
            return words[0].casefold() in _LEADS or any(
                word[0].islower() and word not in _SMALL for word in words
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
_SMALL = frozenset(
    "a af al and bin da de del den der di dos du e el et for la le of on the ten ter und van von"
    " y zu".split()
)
#: What stands before a year and is no author, unless a reference says that it is one.
_NO_AUTHORS = re.compile(
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|spring|summer|autumn|fall|winter|"
    r"updated|reviewed|published|copyright|since|until|till|from|in|by|before|after|about|around|"
    r"early|late|mid|"
    r"version|edition|issue|volume|figure|table|year|as of|up to)\b",
    re.I,
)


_NAMED = r"(?:end)?note \d{1,6}"
_NOTE_MARK = re.compile(rf"\s?\[({_NAMED})\](?:\s?[,;]\s?(?=\[{_NAMED}\]))?")
_MARK = rf"(?:{IN_TEXT_NUMBERS.pattern.replace('(', '(?:', 1)}|\s?\[{_NAMED}\]|[,;](?=\s?\[))"
_SENTENCE_END = re.compile(rf"(?<=[.!?]){_MARK}*(?P<space>\s+)(?=[A-ZÀ-Ý“\"])")
_RAISED_MARKS = re.compile(rf"\s?<sup>((?:{_MARK})+)\s*</sup>")


class Sources:
    """The references of a document and its other notes, found by what an author types in a
    sentence.

    `references` are ReferenceLines, `notes` {name of a note: its words}. The count of a list
    without numbers is trusted up to `counted`, or whole where that is None.
    """

    def __init__(self, references, notes, counted=None):
        self._notes, self._counted = notes, counted
        self._numbered, self._noted, self._dated = (
            defaultdict(list),
            defaultdict(list),
            defaultdict(list),
        )
        for reference in references:
            self._numbered[reference.number].append(reference)
            self._noted[reference.note].append(reference)
            for key in _first_words_and_years(reference):
                self._dated[key].append(reference)
        self._answers = {}  # what was asked before: a long document cites the same again and again
        self.has_any, self.has_list = bool(references), "" in self._noted

    def sentences(self, text):
        """The sentences of `text`; a mark after the full stop belongs to the sentence before it."""
        start = 0
        for end in _SENTENCE_END.finditer(text):
            yield text[start : end.start("space")]
            start = end.end()
        yield text[start:]

    def without_marks(self, text):
        """`text`, plain or HTML, without marks that references or notes answer to."""
        before = None
        while text != before:
            # Nothing raised stays behind that had only marks in it.
            before, text = text, _RAISED_MARKS.sub(self._unless_it_stays, text)
        return self._without_marks(text)

    def _without_marks(self, text):
        text = _NOTE_MARK.sub(lambda found: "" if self._is_note(found[1]) else found[0], text)
        if not self.has_list:
            return text
        pieces, end = [], 0
        for found in _marks(text):
            pieces.append(text[end : found.start()])
            end = found.end()
        return "".join([*pieces, text[end:]])

    def _unless_it_stays(self, raised):
        return raised[0] if self._without_marks(raised[1]) == raised[1] else raised[1]

    def _is_note(self, name):
        return name in self._notes or name in self._noted

    def marks_in(self, text):
        """(mark, what it cites) of every mark in `text`, in order; a plain note cites nothing."""
        marks = []
        for several, cited_by in (
            (_marks(text), self._numbers),
            (_NOTE_MARK.finditer(text), self._of_note),
        ):
            for found in several:
                marks.append((found.start(), f"[{found[1]}]", cited_by(found[1])))
        for found in _BRACKETS.finditer(text):
            cited = [self._by_name(part.strip()) for part in found[1].split(";")]
            if any(cited):
                marks.append((found.start(), found[0], [one for one in cited if one]))
        return [(mark, cited) for _place, mark, cited in sorted(marks, key=itemgetter(0))]

    def cited_in(self, text):
        """What `text` cites, once each."""
        marks = self.marks_in(text)
        return tuple(dict.fromkeys(cited for _mark, several in marks for cited in several))

    def notes_in(self, text):
        """(name, words) of the notes on `text` that are no references."""
        names = dict.fromkeys(found[1] for found in _NOTE_MARK.finditer(text))
        return tuple((name, self._notes[name]) for name in names if name in self._notes)

    # --- what a mark means --------------------------------------------------------------------
    def _numbers(self, typed):
        return [self._number(number) for number in numbers_in(typed)]

    def _number(self, number):
        if number not in self._answers:
            said, line = _tie(self._numbered.get(number, []))
            if said == NO_SUCH and self._counted is not None and number > self._counted:
                said = "the list has no numbers to tell it by"
            self._answers[number] = said, line
        return Cited(str(number), *self._answers[number])

    def _of_note(self, name):
        return [Cited(name, *_tie([reference])) for reference in self._noted.get(name, [])]

    def _by_name(self, part):
        """What one author and year cite, or None where `part` is something else."""
        found = _AUTHOR_YEAR.fullmatch(part)
        if not found or not self.has_any or not _may_be_authors(found["who"]):
            return None
        asked = found["who"], int(found["year"]), found["suffix"]
        if asked not in self._answers:
            self._answers[asked] = _tie(self._written_by(*asked))
        said, line = self._answers[asked]
        if said == NO_SUCH and (_NO_AUTHORS.match(found["who"]) or _has_no_capital(found["who"])):
            return None
        return Cited(f"({part})", said, line)

    def _written_by(self, who, year, suffix):
        dated = self._dated.get((_first_word(who), year), [])
        fitting = [reference for reference in dated if _is_by(reference, who)]
        if not suffix:
            return fitting
        # A letter tells two works of one year apart: only the list can say which is which.
        lettered = [reference for reference in fitting if f"{year}{suffix}" in reference.text]
        return lettered if lettered or len(fitting) == 1 else fitting


def _tie(fitting):
    """(what is said, line or None) where `fitting` are the references a mark can mean."""
    works = {reference.key: reference for reference in fitting}
    if not works:
        return NO_SUCH, None
    if len(works) > 1:
        return f"{_COUNTS.get(len(works), len(works))} references fit", None
    reference = next(iter(works.values()))
    if reference.unread:
        return f"{_shortened(reference.text)} is still to be added by hand", None
    return reference.name, reference.line


def _has_no_capital(text):
    """So it is where letters have no case: in Arabic any words before a year look like names."""
    return text == text.lower()


def _shortened(text):
    return text if len(text) <= _LONGEST_SAID else f"{text[: _LONGEST_SAID - 1].rstrip()}…"


def _may_be_authors(who):
    """Whether words before a year can be names.

    Each has a capital, save for "van", "of" and such.
    """
    words = re.findall(r"[^\W\d_][\w’'‐.-]*", _ET_AL.sub("", who))
    if not 0 < len(words) <= 9 or words[-1][0].islower():
        return False
    return all(not word[0].islower() or word in _SMALL for word in words)


def _names_in(who):
    """The names in `who`; a body such as "Health and Care Board" would be two."""
    who = _ET_AL.sub("", who)
    return [name for name in re.split(r",? (?:and|&|y|et|und) |, ", who) if name]


def _first_word(text):
    words = re.match(r"\W*([\w'.-]*)", _plain(text))
    return words[1].rstrip(".")


def _first_words_and_years(reference):
    """What finds a reference among many.

    The first word of its first author, and its year or years.
    """
    if reference.unread:
        years = {int(year) for year in re.findall(rf"(?<!\d){_YEAR}(?!\d)", reference.work)}
        return {(_first_word(reference.work), year) for year in years}
    return {(_first_word(reference.authors[0]), reference.year)} if reference.authors else set()


def _is_by(reference, who):
    if not reference.unread:
        return _are_its_authors(reference, who)
    names = _names_in(who)
    return bool(names and re.match(rf"\W*{re.escape(_plain(names[0]))}\b", _plain(reference.work)))


def _are_its_authors(reference, who):
    """Whether `who` names the authors: the first alone, the first "et al.", or all of them.

    One name may stand for several people, but "et al." never for one, nor two names for three.
    """
    authors = [_plain(author) for author in reference.authors]
    if _plain(who) == authors[0]:
        return True
    names = [_plain(name) for name in _names_in(who)]
    if names != authors[: len(names)]:
        return False
    if _ET_AL.search(who):
        return reference.has_more or len(authors) > len(names)
    return len(names) != 2 or (len(authors) == 2 and not reference.has_more)


def _plain(name):
    letters = unicodedata.normalize("NFKD", name.replace("’", "'").replace("‐", "-"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(plain.casefold().split())


def numbers_in(text):
    """[1, 2, 3] from "1-3" or "1,2,3"; a backwards or huge range gives its ends."""
    for part in re.split(r"\s?,\s?", text):
        ends = [int(number) for number in re.split(r"\s?[–-]\s?", part)]
        is_range = len(ends) == 2 and 0 <= ends[1] - ends[0] <= 30
        yield from range(ends[0], ends[1] + 1) if is_range else ends
