"""Join the lines of a text that was copied from a printed page, such as a PDF.

Such a text has a line break wherever the page had one, a hyphen where a word was cut, and the
numbers and heads of the pages in the middle of its sentences.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from .typed_marks import BULLET, LETTERED, NUMBERED, TICK

_SENTENCE_END = re.compile(r"[.!?؟…][\"”’)\]]*\Z")
_CLAUSE_END = re.compile(r"[:;][\"”’)\]]*\Z")
_CUT_WORD = re.compile(r"([^\W\d_]{1,40})[-‐]\Z")
_LONGEST_CUT_WORD, _LONGEST_END = 42, 8
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_PAGE_MARK = re.compile(
    r"[\W_]*(?:(?:page|pages|página|pág\.?|صفحة|الصفحة)\s*[|:]?\s*\d{1,4}"
    r"(?:\s*(?:of|de|من|/)\s*\d{1,4})?|\d{1,4}\s*(?:of|de|/)\s*\d{1,4}|(?P<bare>\d{1,4}))[\W_]*\Z",
    re.I,
)
_NO_HEADING = re.compile(r"\d{3}|@|www\.|https?:|\[\d|[.,;:!…‐-]\Z")

#: Lines shorter than this say nothing about the width of a page.
_SHORTEST_WRAPPED = 30
#: One line as long as this, which goes on in the next, is enough.
_SURELY_WRAPPED = 45
#: How much of the width a line must fill to go on in the next one: after a sentence, before a
#: capital, and before a small letter.
_FULL, _NEARLY_FULL, _HALF = 0.85, 0.75, 0.4
_WIDEST_HEADING, _MOST_WORDS_OF_A_HEADING = 0.7, 10
_LONGEST_HEAD = 80
_MOST_WORDS_TOLD = 12

#: What a typesetter cuts off, so the word before it is never whole.
_WORD_ENDS = frozenset(
    "able al ally an ance ant ary ate ated ates ating ation ations ed en ence ent er ers es est ful"
    " fully ial ible ic ical ies ing ings ion ions ish ism ist ists ities ity ive ize less ling ly"
    " ment ments ness or ous sion sions ted ter tion tional tions ty ure ures".split()
)
#: What stands before a hyphen that belongs to the word: "well-known", "long-term", "self-care".
_FIRST_PARTS = frozenset(
    "all cross day double eight evidence ex eye first five follow four full good half hand hard"
    " head heart high home ill knee know left life light long low mid multi nine non off old on one"
    " over part patient person right second self semi set seven short side single sit six skin slow"
    " small so start step stop ten third three time top twenty thirty forty fifty sixty seventy"
    " eighty ninety two up vitamin warm water week weight well whole wide work x year".split()
)


@dataclass
class JoinedText:
    """What became of the lines of a text, by their place in it, from 0.

    - texts: {place of the first line: the whole text} of what was joined
    - absorbed: the places of the other lines of these texts
    - headings, page_marks: places of headings, and of the numbers and heads of pages
    """

    texts: dict[int, str] = field(default_factory=dict)
    absorbed: set[int] = field(default_factory=set)
    headings: set[int] = field(default_factory=set)
    page_marks: set[int] = field(default_factory=set)
    messages: list[str] = field(default_factory=list)


def join_lines(
    lines: Sequence[str], *, apart: Collection[int], end: int, cut: Collection[int] = ()
) -> JoinedText:
    """Return how the lines of a text belong together.

    `apart` holds places of lines that are no running text, such as rows of a table. From `end` on,
    where the references begin, nothing is joined. `cut` holds lines that ended in a soft hyphen.
    """
    lines = [line.strip() for line in lines]
    marked = {
        place
        for place, line in enumerate(lines)
        for pattern in (BULLET, TICK, NUMBERED, LETTERED)
        if pattern.match(line)
    }
    width = _width(lines, marked | set(apart), end)
    page_marks = _page_marks(lines, end, is_wrapped=width is not None)
    if width is None:
        return JoinedText(page_marks=page_marks)
    return _Joining(lines, marked, set(apart), end, set(cut), width, page_marks).run()


def _width(lines: Sequence[str], apart: Collection[int], end: int) -> float | None:
    """Return how many letters a line of the page holds; None where no page broke the lines.

    Sentences that go on in the next line tell.
    """
    widths = []
    for place, (line, following) in enumerate(pairwise(lines[:end])):
        if not following or place + 1 in apart:
            continue
        is_open = not _ends_sentence(line) and not _ends_clause(line)
        has_no_capitals = following[0].isalpha() and not following[0].isupper()
        if is_open and has_no_capitals and len(line) >= _SHORTEST_WRAPPED:
            widths.append(len(line))
    is_sure = len(widths) > 1 or max(widths, default=0) >= _SURELY_WRAPPED
    return median(widths) if is_sure else None


def _page_marks(lines: Sequence[str], end: int, *, is_wrapped: bool) -> set[int]:
    """Return the places of the numbers of pages, and of the heads beside them."""
    found, bare = set(), {}
    for place, line in enumerate(lines):
        if mark := _PAGE_MARK.match(line):
            if mark["bare"] is None:
                found.add(place)
            elif is_wrapped and place < end:
                bare[place] = int(mark["bare"])
    # Numbers alone are those of pages if they count up, one at a time.
    places = list(bare)
    for before, after in pairwise(places):
        if bare[after] == bare[before] + 1:
            found |= {before, after}
    return found | _running_heads(lines, found)


def _running_heads(lines: Sequence[str], page_marks: Collection[int]) -> set[int]:
    """Return the places of lines beside the number of a page that say what another one says.

    The first of them stays, because it is the title or a heading.
    """
    filled = [place for place, line in enumerate(lines) if line]
    order = {place: at for at, place in enumerate(filled)}
    beside: dict[str, list[int]] = {}
    for mark in page_marks:
        for at in (order[mark] - 1, order[mark] + 1):
            if 0 <= at < len(filled) and filled[at] not in page_marks:
                line = lines[filled[at]]
                if len(line) <= _LONGEST_HEAD and not _ends_sentence(line):
                    beside.setdefault(line.casefold(), []).append(filled[at])
    first: dict[str, int] = {}
    for place in filled:
        first.setdefault(lines[place].casefold(), place)
    return {place for text, places in beside.items() for place in places if place != first[text]}


class _Joining:
    """Goes through the lines once, and keeps the text that may go on."""

    def __init__(
        self,
        lines: Sequence[str],
        marked: set[int],
        apart: set[int],
        end: int,
        cut: set[int],
        width: float,
        page_marks: set[int],
    ) -> None:
        self.lines, self.marked, self.apart, self.end = lines, marked, apart, end
        self.cut, self.width = cut, width
        self.joined = JoinedText(page_marks=page_marks)
        self.words = _words_of(lines)
        self.first: int | None = None  # the first line of the text that may go on
        self.last = -1  # and its last line so far
        self.parts: list[str] = []  # of its words
        self.mended: list[str] = []

    def run(self) -> JoinedText:
        is_after_gap, is_after_page = True, False
        for place, line in enumerate(self.lines):
            if place in self.joined.page_marks:
                is_after_page = True
            elif not line:
                is_after_gap = True
            elif place >= self.end or place in self.apart:
                self._end_text()
            else:
                self._read(place, is_after_gap, is_after_page)
            if line and place not in self.joined.page_marks:
                is_after_gap = is_after_page = False
        self._end_text()
        self._say()
        return self.joined

    def _read(self, place: int, is_after_gap: bool, is_after_page: bool) -> None:
        line = self.lines[place]
        is_closed = self.first is None or (is_after_gap and not is_after_page)
        if not is_closed and place not in self.marked and self._goes_on(line, is_after_page):
            self._add(place)
            return
        if self.last >= 0 and not _stands_alone(self.lines, place):
            self._heading(place, is_after_gap or is_after_page)
        self._end_text()
        self.first, self.last, self.parts = place, place, [line]

    def _goes_on(self, line: str, is_after_page: bool) -> bool:
        """Return whether `line` goes on with the text above."""
        above = self.lines[self.last]
        is_item = self.first in self.marked
        begins_small = line[0].islower()
        if (_cut_word(above) and line[0].isalpha()) or (self.last in self.cut and begins_small):
            return True
        if _ends_clause(above) and not begins_small:
            return False
        if _ends_sentence(above):
            is_full = len(above) >= self.width * _FULL
            return is_full and not is_after_page and not self._may_be_heading(line)
        if begins_small:
            return is_item or self.last != self.first or len(above) >= self.width * _HALF
        if is_after_page and not line[0].isalpha():
            return False
        return len(above) >= self.width * _NEARLY_FULL and not is_after_page

    def _add(self, place: int) -> None:
        """Add a line to the text that goes on. Its parts are put together at the end."""
        line = self.lines[place]
        cut = _cut_word(self.lines[self.last])
        if self.last in self.cut:
            between = ""
        elif cut:
            between = self._mend(cut, line)
        else:
            between = " "
        self.parts += [between, line]
        self.joined.absorbed.add(place)
        self.last = place

    def _mend(self, before: str, line: str) -> str:
        """Put a cut word together, with its hyphen where that belongs to the word."""
        found = _FIRST_WORD.match(line)
        after = found[0] if found else ""
        keeps_hyphen = not after or not after[0].islower() or self._has_hyphen(before, after)
        self.mended.append(f"{before}-{after}" if keeps_hyphen else f"{before}{after}")
        if not keeps_hyphen:
            self.parts[-1] = self.parts[-1][:-1]
        return ""

    def _end_text(self) -> None:
        if self.first is not None and len(self.parts) > 1:
            self.joined.texts[self.first] = "".join(self.parts)
        self.first = None

    def _has_hyphen(self, before: str, after: str) -> bool:
        """Return whether "before-after" has its hyphen in the middle of a line too.

        The text itself knows best. Where it has neither form, the parts decide.
        """
        whole, with_hyphen = f"{before}{after}".casefold(), f"{before}-{after}".casefold()
        if (whole in self.words) != (with_hyphen in self.words):
            return with_hyphen in self.words
        return before.casefold() in _FIRST_PARTS and after.casefold() not in _WORD_ENDS

    def _heading(self, place: int, begins_anew: bool) -> None:
        above = self.lines[self.last]
        is_closed = begins_anew or _ends_sentence(above) or self.first in self.marked
        if is_closed and place not in self.marked and self._may_be_heading(self.lines[place]):
            following = self.lines[place + 1] if place + 1 < len(self.lines) else ""
            if following and place + 1 < self.end and not following[0].islower():
                self.joined.headings.add(place)

    def _may_be_heading(self, line: str) -> bool:
        is_short = (
            len(line) <= self.width * _WIDEST_HEADING
            and len(line.split()) <= _MOST_WORDS_OF_A_HEADING
        )
        begins = line[0].isalpha() and not line[0].islower()
        return is_short and begins and not _NO_HEADING.search(line)

    def _say(self) -> None:
        joined = self.joined
        if joined.texts:
            joined.messages.append(
                f"{len(joined.texts) + len(joined.absorbed)} lines that ended where a page did were"
                f" joined to {len(joined.texts)} paragraphs or items: look whether each is whole."
            )
        if self.mended:
            told = ", ".join(f"“{word}”" for word in self.mended[:_MOST_WORDS_TOLD])
            more = len(self.mended) - _MOST_WORDS_TOLD
            others = f" and {more} more" if more > 0 else ""
            joined.messages.append(
                f"Words that were cut at the end of a line were put together: {told}{others}."
            )


def _ends_sentence(line: str) -> bool:
    return bool(_SENTENCE_END.search(line[-_LONGEST_END:]))


def _ends_clause(line: str) -> bool:
    return bool(_CLAUSE_END.search(line[-_LONGEST_END:]))


def _cut_word(line: str) -> str:
    """Return the part of a word before the hyphen that ends `line`, or ""."""
    found = _CUT_WORD.search(line[-_LONGEST_CUT_WORD:])
    return found[1] if found else ""


def _stands_alone(lines: Sequence[str], place: int) -> bool:
    """Return whether the line stands between blank lines, where the recogniser knows a heading."""
    before = place == 0 or not lines[place - 1]
    after = place + 1 >= len(lines) or not lines[place + 1]
    return before and after


def _words_of(lines: Sequence[str]) -> set[str]:
    """Return the words of a text, those with a hyphen whole, without those at the ends of lines."""
    words: set[str] = set()
    for line in lines:
        found = re.findall(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*", line)
        whole = found[:-1] if _cut_word(line) else found
        words.update(word.casefold().replace("‐", "-") for word in whole)
    return words
