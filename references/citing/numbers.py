"""Volumes, issues and pages, as far as both styles write them alike."""

import re

_RANGE = re.compile(r"([A-Za-z]{0,4})([0-9]{1,12})\s*[-–—‐‑−]{1,2}\s*([A-Za-z]{0,4})([0-9]{1,12})")
_ROMAN_RANGE = re.compile(r"([ivxlcdm]{1,15})\s*[-–—‐‑−]{1,2}\s*([ivxlcdm]{1,15})", re.I)
_DASHES = re.compile("[–—‐‑−]")


def _range(text):
    """First and last page of “1132–1136”, the last written out.

    None when `text` is no such range.
    """
    found = _RANGE.fullmatch(text)
    if not found:
        roman = _ROMAN_RANGE.fullmatch(text)
        return (roman[1], roman[2]) if roman else None
    letters, first, letters_again, last = found.groups()
    if letters_again and letters_again != letters:
        return None
    if len(last) < len(first):
        last = first[: -len(last)] + last
    return (letters + first, letters + last) if int(last) >= int(first) else None


def shortened(first, last):
    """`last` without the digits it shares with `first`.

    1132, 1136 gives 6 (Citing Medicine, ch. 1, pages).
    """
    if first == last or len(first) != len(last) or not last[-1].isdigit():
        return last
    same = next(
        place for place, (one, other) in enumerate(zip(first, last, strict=True)) if one != other
    )
    return last[same:]


def pages(page, write):
    """Every range in a list of pages, written by `write(first, last)`.

    Anything else as it stands.
    """
    pieces = re.split(r"\s*([,;])\s*", page)
    for place in range(0, len(pieces), 2):
        found = _range(pieces[place])
        if found:
            pieces[place] = write(*found)
        else:
            pieces[place] = _DASHES.sub("-", pieces[place])
    return "".join(f"{piece} " if piece in (",", ";") else piece for piece in pieces).strip()


def numeration(volume, issue, pages):
    """“51(6):484” from the parts there are."""
    return "".join([volume, f"({issue})" if issue else "", f":{pages}" if pages else ""])
