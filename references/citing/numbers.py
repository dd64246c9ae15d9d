"""Volumes, issues and pages, as far as both styles write them the same."""

import re
from collections.abc import Callable

_RANGE = re.compile(r"([A-Za-z]{0,4})([0-9]{1,12})\s*[-–—‐‑−]{1,2}\s*([A-Za-z]{0,4})([0-9]{1,12})")
_ROMAN_RANGE = re.compile(r"([ivxlcdm]{1,15})\s*[-–—‐‑−]{1,2}\s*([ivxlcdm]{1,15})", re.I)
_DASHES = re.compile("[–—‐‑−]")


def _range(text):
    """Return first and last page of “1132–6”, the last in full; None when `text` is not a range."""
    match = _RANGE.fullmatch(text)
    if not match:
        roman = _ROMAN_RANGE.fullmatch(text)
        return (roman[1], roman[2]) if roman else None
    letters, first, letters_again, last = match.groups()
    if letters_again and letters_again != letters:
        return None
    if len(last) < len(first):
        last = first[: -len(last)] + last
    return (letters + first, letters + last) if int(last) >= int(first) else None


def shortened(first: str, last: str) -> str:
    """Return `last` without what it shares with `first`: 1132, 1136 gives 6, and S3, S10 gives 10.

    Citing Medicine, chapter 1, pages.
    """
    if first == last or not last[-1].isdigit():
        return last
    if len(first) != len(last):
        letters = first.rstrip("0123456789")
        return last.removeprefix(letters) if first != letters else last
    same = next(
        place for place, (one, other) in enumerate(zip(first, last, strict=True)) if one != other
    )
    return last[same:]


def pages(page: str, write: Callable[[str, str], str]) -> str:
    """Return a list of pages, each range written by `write(first, last)`, the rest as it is."""
    pieces = re.split(r"\s*([,;])\s*", page)
    for place in range(0, len(pieces), 2):
        first_and_last = _range(pieces[place])
        if first_and_last:
            pieces[place] = write(*first_and_last)
        else:
            pieces[place] = _DASHES.sub("-", pieces[place])
    return "".join(f"{piece} " if piece in (",", ";") else piece for piece in pieces).strip()


_SUPPLEMENT = re.compile(
    r"(?P<before>.*?)[\s,;:/-]{0,3}\(?\bsupp(?:l(?:ement(?:ary|al)?)?)?s?(?![a-z])\.?\s{0,3}"
    r"(?P<number>[0-9A-Za-z]{0,6}(?:[-–/&][0-9A-Za-z]{1,6})?)\)?",
    re.I,
)


def supplement(number: str) -> tuple[str, str] | None:
    """Return the issue in “3 Suppl 2” and the number of the supplement; None where there is none.

    Reads “Suppl. 2”, “suppl_2”, “Supplement 2”, “3(Suppl 2)” and the like.
    """
    if "upp" not in number.lower():
        return None
    found = _SUPPLEMENT.fullmatch(number.replace("_", " ").strip())
    return (found["before"].rstrip(" ,;:/-("), found["number"]) if found else None


def numeration(volume: str, issue: str, pages: str) -> str:
    """Return “51(6):484”, from those parts that are known."""
    return "".join([volume, f"({issue})" if issue else "", f":{pages}" if pages else ""])
