"""Signs of differences: "1.3 lower" is -1.3, and so is "-1.3 lower", for the sign is read once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

#: "más bajo" is lower, so longer phrases come first.
_LOWER = (
    r"más baj[oa]s?|más cort[oa]s?|más pequeñ[oa]s?|lower|fewer|less|smaller|shorter|below"
    r"|decreased?|reduced|reduction|decline|menos|menor(?:es)?|inferior(?:es)?|reducción|disminución"
)
_HIGHER = (
    r"más alt[oa]s?|más larg[oa]s?|higher|more|greater|larger|longer|above|increased?|gain"
    r"|más|mayor(?:es)?|superior(?:es)?|aumento|incremento"
)
#: These say nothing of the sign before it is known which end of the scale is better.
_BETTER, _WORSE = r"better|improved|improvement|mejor(?:es)?", r"worse|peor(?:es)?"
SIGN_WORD = rf"(?:{_LOWER}|{_HIGHER}|{_BETTER}|{_WORSE})"
_WORD = re.compile(
    rf"\b(?:(?P<low>{_LOWER})|(?P<high>{_HIGHER})|(?P<good>{_BETTER})|(?P<bad>{_WORSE}))\b", re.I
)
#: "reduced by 12", "a reduction of 12": the word stands before the number.
_WORD_BEFORE = re.compile(rf"\b({SIGN_WORD})\s+(?:by|of|de|en)\s*\Z", re.I)


@dataclass(frozen=True)
class SignedNumber:
    """A number as it is printed: its digits, its sign ("", "-", "+"), and the word at it."""

    size: Decimal
    sign: str = ""
    word: str = ""  # "low", "high", "good", "bad" or ""

    @property
    def as_printed(self) -> Decimal:
        return -self.size if self.sign == "-" else self.size


def sign_word(text: str) -> str:
    """Return which way the first word of `text` points that says so: "low", "high", "good", "bad"
    or "".
    """
    found = _WORD.search(text)
    return str(found.lastgroup) if found else ""


def sign_word_before(text: str) -> str:
    """Return the same for a word that ends `text`, as in "reduced by"."""
    found = _WORD_BEFORE.search(text)
    return sign_word(found[1]) if found else ""


@dataclass(frozen=True)
class Signed:
    """Three numbers with their signs. A number is None where sign and word contradict."""

    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    contradicts: bool = False
    asks_for_better: bool = False  # "5 better", and the better end is not known
    misses: bool = False  # the interval does not hold the value


def with_signs(
    value: SignedNumber | None, ends: Sequence[SignedNumber], better: str | None
) -> Signed:
    """Return `value` and both `ends` of its interval (or none) as numbers with signs.

    `better` is the better end of the scale, "low", "high" or None.
    """
    given = [number for number in [value, *ends] if number is not None]
    words = {number.word for number in given} & {"good", "bad"}
    if words and better is None:
        return Signed(None, None, None, asks_for_better=True)
    given = [_by_direction(number, better) for number in given]
    if value is not None:
        value, ends = given[0], given[1:]
    else:
        ends = given
    ends = _shared_word(ends)
    if value is not None and not value.word and not value.sign and ends:
        both = {end.word for end in ends}
        value = SignedNumber(value.size, "", both.pop()) if len(both) == 1 else value
    if value is not None and value.word and not any(end.word or end.sign for end in ends):
        ends = [SignedNumber(end.size, "", value.word) for end in ends]
    return _resolved(value, ends)


def _by_direction(number: SignedNumber, better: str | None) -> SignedNumber:
    if number.word not in {"good", "bad"}:
        return number
    is_low = (number.word == "good") == (better == "low")
    return SignedNumber(number.size, number.sign, "low" if is_low else "high")


def _shared_word(ends: Sequence[SignedNumber]) -> list[SignedNumber]:
    """Return `ends` where "(0.20 to 0.70 higher)" has its word at both."""
    if len(ends) == 2 and ends[1].word and not ends[0].word and not any(end.sign for end in ends):
        return [SignedNumber(ends[0].size, "", ends[1].word), ends[1]]
    return list(ends)


def _resolved(value: SignedNumber | None, ends: Sequence[SignedNumber]) -> Signed:
    middle = _read(value) if value is not None else None
    # "-0.65 lower to 0.16 lower": beside a minus with its word, 0.16 is above 0, and no "lower".
    is_signed = any(end.sign == "-" and end.word for end in ends)
    sides = [_read(end, is_signed=is_signed) for end in ends]
    contradicts = None in sides or (value is not None and middle is None)
    if len(sides) != 2:
        return Signed(middle, None, None, contradicts)
    is_bare = value is not None and not value.word and not value.sign
    has_words = any(end.word for end in ends) and not any(end.sign for end in ends)
    if is_bare and has_words and middle is not None:
        middle = _value_between(middle, sides)
        contradicts = contradicts or middle is None
    low, high = sides
    if low is not None and high is not None:
        low, high = min(low, high), max(low, high)
        if middle is not None and not low <= middle <= high:
            return Signed(middle, None, None, contradicts, misses=True)
    elif middle is not None:
        left = high if low is None else low
        if left is not None and left != middle:
            low, high = (left, None) if left < middle else (None, left)
    return Signed(middle, low, high, contradicts)


def _read(number: SignedNumber, *, is_signed: bool = False) -> Decimal | None:
    if number.size == 0:
        return number.size
    if number.word == "low":
        is_against = number.sign == "+" or (is_signed and not number.sign)
        return None if is_against else -number.size
    if number.word == "high":
        return None if number.sign == "-" else number.size
    return number.as_printed


def _value_between(size: Decimal, sides: Sequence[Decimal | None]) -> Decimal | None:
    """Return the value without sign or word with the one sign that its interval allows."""
    low, high = sides
    if low is None or high is None:
        return None
    low, high = min(low, high), max(low, high)
    fits = [number for number in {size, -size} if low <= number <= high]
    # A plain interval, "12 (10 to 15)", holds one; "0.1 (0.4 lower to 0.2 higher)" may hold two.
    return fits[0] if len(fits) == 1 else None
