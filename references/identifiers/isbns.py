"""The grammar of ISBNs, and their check digits."""

import re

from .characters import CHARACTER_STEPS, apply_steps
from .identifier import Identifier, Status, not_of_kind, read, rejected

_ISBN_LABEL = re.compile(r"\s*(?:e-?)?isbn(?:[ -]?1[03](?![0-9]))?\s{0,3}[:#=]?\s{0,3}", re.I)
_ISBN_QUALIFIER = re.compile(r"[(\[][^()\[\]]{0,60}[)\]]")
_ISBN_SEPARATORS = re.compile("[\\s\\-\u2010-\u2015\u2212]")


def read_isbn(pasted: str) -> Identifier:
    """Return the ISBN in `pasted`. Offers no identifier of another kind."""
    text, codes = apply_steps(CHARACTER_STEPS, pasted)
    if not text.strip():
        return Identifier("isbn", Status.EMPTY)
    label = _ISBN_LABEL.match(text)
    text = _ISBN_QUALIFIER.sub(" ", text[label.end() if label else 0 :])
    text, _, rest = re.sub("[,;]", ";", text).partition(";")
    if any(map(str.isalnum, rest)):
        codes.add("cut")
    compact = _ISBN_SEPARATORS.sub("", text).upper()
    digits = compact.rstrip(".:/")
    if digits != compact or (rest and "cut" not in codes):
        codes.add("trailing")
    if not re.fullmatch("[0-9O]{12}[0-9O]|[0-9O]{9}[0-9OX]", digits):
        return not_of_kind("isbn")
    with_zeros = digits.replace("O", "0")
    if with_zeros.startswith("9790"):
        return rejected("isbn", "ISMN (music)")
    if len(set(with_zeros)) == 1:
        return rejected("isbn", "dummy")
    if len(with_zeros) == 13 and not with_zeros.startswith(("978", "979")):
        return not_of_kind("isbn")
    key = _isbn13(with_zeros)
    if not key:
        return rejected("isbn", "check digit")
    return read("isbn", key, codes, doubt="" if digits == with_zeros else "letter O read as zero")


def _isbn13(digits):
    """Return the 13 digits of an ISBN-10 or ISBN-13, or "" when the check digit is wrong."""
    if len(digits) == 13:
        return digits if _check_digit(digits[:12]) == digits[12] else ""
    values = [10 if digit == "X" else int(digit) for digit in digits]
    if sum(weight * value for weight, value in zip(range(10, 0, -1), values, strict=True)) % 11:
        return ""
    stem = "978" + digits[:9]
    return stem + _check_digit(stem)


def _check_digit(twelve):
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve))
    return str(-total % 10)
