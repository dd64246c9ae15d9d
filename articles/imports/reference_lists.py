"""Read the list of references: the number of each line, and which lines are one reference."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from references import typed_lines

from .authors_and_years import SMALL_WORDS
from .documents import DocumentLine

_TYPED_NUMBER = re.compile(
    r"\s*(?:(?i:ref(?:erence)?\.?\s)(?=\d{1,3}[.):]))?(?:\[(\d{1,3})\][.:]?|\((\d{1,3})\)|(\d{1,3})[.):](?=\s|[^\W\d_])|([⁰¹²³⁴-⁹]{1,3}))\s*(?=\S)",
)
#: "[@beyer2015] Beyer R", "@beyer2015: Beyer R", "[beyer2015] Beyer R"
_LABEL = re.compile(
    r"\s*(?:\[@([\w:.#-]{1,80})\]:?|@([\w.#-]{1,80})[:.]?|\[([^\W\d_][\w:.#-]{0,70}[0-9]{2,4}[a-z]?)\]:?)\s+(?=\S)"
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
    if label := _LABEL.match(text):
        return None, text[label.end() :]
    bare = _BARE_NUMBER.match(text)
    if bare and typed_lines.begins_with_a_person(text[bare.end() :]):
        return int(bare[1]), text[bare.end() :]
    return None, text


def typed_label(line: DocumentLine) -> str:
    """Return the key of Pandoc before a reference, in small letters; "" where none is typed."""
    label = _LABEL.match(line.text)
    return next(filter(None, label.groups())).casefold() if label else ""


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
    """Return whether `text` is a reference, though one may have to be added by hand.

    The answer is cached, because this is asked about one line several times.
    """
    try:
        typed_lines.parse(text)
    except typed_lines.InDoubt:
        return True
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
                word[0].islower() and word not in SMALL_WORDS for word in words
            )
    return False
