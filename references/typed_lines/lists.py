"""A pasted list, taken apart into one line a reference."""

import re

_BULLET = re.compile(r"\s*(?:[•·‣◦▪●○■*]\s*|[-–]\s+)(?=\S)")
_NUMBER = re.compile(
    r"\s*(?:\[([0-9]{1,3})\]|\(([0-9]{1,3})\)|([0-9]{1,3})[.)](?=\s)|([0-9]{1,3})(?=\t))\s*(?=\S)"
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
_LONGEST_BEGINNING = 300
_UNFINISHED = re.compile(r"(?:[-,;:&]|\bdoi:?)\s*$", re.I)
_CUT_IN_A_RANGE = re.compile(r"(?<=[0-9])[-–]\s*$|\bdoi:?\s*$", re.I)
_HAS_A_YEAR = re.compile(r"(?<![0-9])(?:1[5-9]|20)[0-9]{2}(?![0-9])")


def begins_with_a_person(text):
    """Whether `text` begins with the surname and the initials of somebody."""
    return bool(_STARTS_WITH_A_PERSON.match(text))


def is_cut_in_a_range(line):
    """Whether a wrapped `line` breaks off between two pages, or before the DOI it announces."""
    return bool(_CUT_IN_A_RANGE.search(line[-20:]))


def without_list_marker(line):
    """`line` without the bullet or number a list put before it."""
    marker = _BULLET.match(line) or _NUMBER.match(line)
    return line[marker.end() :] if marker else line


def split_list(text):
    """The references of a pasted list, one string each, in order; markers and a heading are left
    off.

    In a list with bullets or numbers everything up to the next marker or blank line belongs
    together. Without them each line is a reference, except that a line which cannot begin one, or
    follows one that cannot have ended, is joined to the line before. Nothing is judged: a line that
    is no reference comes back too, for parse() to refuse.
    """
    return [reference for _line, reference in placed(text)]


def placed(text):
    """(number of its first line from 1, reference) for each reference of `split_list`."""
    lines = text.splitlines() if isinstance(text, str) else []
    first = next((line for line in lines if line.strip() and not _HEADING.fullmatch(line)), "")
    listing, number = _marker(first)
    items, previous, has_year = [], "", False
    for place, line in enumerate(lines, start=1):
        if not line.strip() or (not items and _HEADING.fullmatch(line)):
            previous = ""
            continue
        kind, value = _marker(line)
        if listing == "number":
            # “252.” at the head of a wrapped line is a page, not a number, unless a person follows.
            is_named = value == number or begins_with_a_person(without_list_marker(line))
            begins = kind == "number" and is_named
            number = value + 1 if begins else number
        elif listing == "bullet":
            begins = kind == "bullet"
        else:
            begins = not previous or _begins_a_reference(line, previous, items[-1][1], has_year)
        if begins or not previous:
            has_year = False
            items.append([place, without_list_marker(line) if begins or kind == "bullet" else line])
        else:
            items[-1].append(line)
        has_year = has_year or bool(_HAS_A_YEAR.search(line))
        previous = line
    return [(place, " ".join(line.strip() for line in item)) for place, *item in items]


def _marker(line):
    """("bullet", 0), ("number", 7) or ("", 0): what a list put before `line`."""
    if _BULLET.match(line):
        return "bullet", 0
    number = _NUMBER.match(line)
    return ("number", int(next(filter(None, number.groups())))) if number else ("", 0)


def _begins_a_reference(line, previous, item, has_year):
    """Whether an unmarked `line` begins a reference of its own.

    `previous` is the line before it, `item` the first line of the reference that stands open, and
    `has_year` says whether that one names a year yet: without one it cannot have ended.
    """
    if _UNFINISHED.search(previous[-20:]) or (line[0].isspace() and not item[0].isspace()):
        return False
    if not has_year:
        return _starts_with_a_person(line) and not _starts_with_a_person(item)
    return _starts_with_a_person(line) or not _CONTINUES.match(line)


def _starts_with_a_person(line):
    # The first line of a reference is asked once for each line behind it.
    return bool(_STARTS_WITH_A_PERSON.match(line[:_LONGEST_BEGINNING]))
