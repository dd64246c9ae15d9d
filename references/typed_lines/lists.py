"""A pasted list, split into its references."""

import re
from itertools import islice

_BULLET = re.compile(r"\s*(?:[•·‣◦▪●○■*]\s*|[-–]\s+)(?=\S)")
_NUMBER = re.compile(
    r"\s*(?:\[([0-9]{1,3})\]|\(([0-9]{1,3})\)|([0-9]{1,3})(?:[.)]|:(?=\s[^\W\d_a-z]))(?=\s)|([0-9]{1,3})(?=\t))\s*(?=\S)"
)
_HEADING = re.compile(
    r"\W*(?:references?|reference list|bibliography|sources|literature(?: cited)?|further"
    r" reading)\W*",
    re.I,
)
_CONTINUES = re.compile(
    r"\s*(?:[a-z&(,;:]|https?://|(?i:doi|PMC?ID|Available (?:from|at)|Accessed|Published)\b"
    r"|[12][0-9]{3}\b|[0-9]{1,5}[(:;,–-]|10\.[0-9]{4})"
)
_STARTS_WITH_A_PERSON = re.compile(
    r"\s*(?:[a-z’']{1,5} ){0,3}[^\W\d_a-z][\w’'‐-]*(?: [\w’'‐-]+){0,4} [^\W\d_a-z]{1,4}[,.](?:\s|$)"
)
#: “Beyer, R.” and what stands before the year, as APA and Harvard have it.
_STARTS_INVERTED = re.compile(
    r"\s*(?:[a-z’']{1,5} ){0,3}[^\W\d_a-z][\w’'‐-]*(?: [\w’'‐-]+){0,4}, (?:[^\W\d_a-z]\.[ -]?){1,4}"
)
_STARTS_WITH_A_YEAR = re.compile(r"\s*[^\W\d_a-z][^()\d]{1,120} \((?:1[5-9]|20)[0-9]{2}[a-z]?[,)]")
_LONGEST_BEGINNING = 300
_UNFINISHED = re.compile(
    r"(?:[-,;:&]|\b(?:doi|PMC?ID):?|\bAvailable (?:from|at):?|https?://\S{0,20}/)\s*$", re.I
)
_LONGEST_END = 40
#: A line that holds nothing but what closes a reference, with its label.
_LABELLED_IDENTIFIER = re.compile(
    r"\s*(?:doi ?: ?\S+|PMC?ID ?:? ?(?:PMC)?[0-9]+|Available (?:from|at)\b.*"
    r"|https?://(?:dx\.)?doi\.org/\S+)",
    re.I,
)
_CUT_IN_A_RANGE = re.compile(r"(?<=[0-9])[-–]\s*$|\bdoi:?\s*$", re.I)
_HAS_A_YEAR = re.compile(r"(?<![0-9])(?:1[5-9]|20)[0-9]{2}(?![0-9])")


def begins_with_a_person(text: str) -> bool:
    """Return whether `text` begins with a surname and initials."""
    return bool(_STARTS_WITH_A_PERSON.match(text) or _STARTS_INVERTED.match(text))


def is_cut_in_a_range(line: str) -> bool:
    """Return whether a wrapped `line` ends between two pages, or before a DOI it announces."""
    return bool(_CUT_IN_A_RANGE.search(line[-20:]))


def closes_the_line_before(line: str, previous: str) -> bool:
    """Return whether `line`, an identifier or an address, ends the reference `previous` is part of.

    It does where that one waits for it (“doi:” at its end), and where the line has a label.
    """
    return bool(_UNFINISHED.search(previous[-_LONGEST_END:])) or bool(
        _LABELLED_IDENTIFIER.fullmatch(line)
    )


def is_numbered(text: str) -> bool:
    """Return whether `text` is a list in which each reference begins with a number."""
    return _listing_of(text.splitlines())[0] == "number"


#: Lines with words of its own that may stand before a list.
_LONGEST_LEAD = 3


def _listing_of(lines):
    """Return what marks the references in a list (“number”, “bullet” or “”), and the first number.

    A few words may stand before number 1.
    """
    filled = (line for line in lines if line.strip() and not _HEADING.fullmatch(line))
    first, *others = [*islice(map(_marker, filled), _LONGEST_LEAD)] or [("", 0)]
    return first if first[0] or ("number", 1) not in others else ("number", 1)


def without_list_marker(line: str) -> str:
    """Return `line` without the bullet or number that a list puts before it."""
    marker = _BULLET.match(line) or _NUMBER.match(line)
    return line[marker.end() :] if marker else line


def split_references(text: str) -> list[str]:
    """Return the references of a pasted list, one string each, without markers and heading.

    In a list with numbers, everything up to the next number belongs together; in one with bullets,
    everything up to the next bullet or blank line. Without them each line is a reference. But a
    line that cannot begin one, or that follows one that cannot have ended, is joined to the line
    before. A line that is not a reference comes back too, for parse() to refuse.
    """
    return [reference for _line, reference in placed(text)]


def placed(text: str) -> list[tuple[int, str]]:
    """Return each reference of `split_references`, with the number of its first line, from 1."""
    lines = text.splitlines() if isinstance(text, str) else []
    listing, number = _listing_of(lines)
    items: list[tuple[int, list[str]]] = []
    previous, has_year = "", False
    for place, line in enumerate(lines, start=1):
        if not line.strip() or (not items and _HEADING.fullmatch(line)):
            previous = ""
            continue
        kind, value = _marker(line)
        if listing == "number":
            # “252.” at the start of a wrapped line is a page, unless a person follows.
            is_named = value == number or begins_with_a_person(without_list_marker(line))
            begins = kind == "number" and is_named
            number = value + 1 if begins else number
        elif listing == "bullet":
            begins = kind == "bullet"
        else:
            begins = not previous or _begins_a_reference(line, previous, items[-1][1][0], has_year)
        if begins or not items or (not previous and listing != "number"):
            has_year = False
            is_marked = begins or kind == "bullet"
            items.append((place, [without_list_marker(line) if is_marked else line]))
        else:
            items[-1][1].append(line)
        has_year = has_year or bool(_HAS_A_YEAR.search(line))
        previous = line
    return [(place, _joined(item)) for place, item in items]


def _joined(lines):
    """Return the lines of one reference as one; pages that the line end separated come together."""
    pieces = [line.strip() for line in lines]
    text = pieces[0]
    for piece in pieces[1:]:
        is_cut = text[-1:] in "-–" and text[-2:-1].isdigit() and piece[:1].isdigit()
        text += piece if is_cut else f" {piece}"
    return text


def _marker(line):
    """Return what a list put before `line`: ("bullet", 0), ("number", 7) or ("", 0)."""
    if _BULLET.match(line):
        return "bullet", 0
    number = _NUMBER.match(line)
    return ("number", int(next(filter(None, number.groups())))) if number else ("", 0)


def _begins_a_reference(line, previous, item, has_year):
    """Return whether an unmarked `line` begins a new reference.

    `previous` is the line before it, `item` the first line of the reference that is not finished.
    `has_year` says whether that one has a year yet: without one it cannot have ended.
    """
    if _UNFINISHED.search(previous[-_LONGEST_END:]) or (
        line[0].isspace() and not item[0].isspace()
    ):
        return False
    if not has_year:
        return _starts_with_a_person(line) and not _starts_with_a_person(item)
    if _STARTS_INVERTED.match(item[:_LONGEST_BEGINNING]):
        # The year comes early, so it does not tell that the reference can have ended.
        return _starts_with_a_person(line) or bool(_STARTS_WITH_A_YEAR.match(line))
    return _starts_with_a_person(line) or not _CONTINUES.match(line)


def _starts_with_a_person(line):
    # Asked about the first line of a reference again for each of its lines, so it must be quick.
    return begins_with_a_person(line[:_LONGEST_BEGINNING])
