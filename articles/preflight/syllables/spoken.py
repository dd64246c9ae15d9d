"""What is written, as it is read aloud: words, figures, capitals that stand for words.

Flesch counted figures and signs "the way they are normally read aloud", and a hyphenated word as
one (A New Readability Yardstick, 1948). So "10" is "ten", "1918" is "nineteen eighteen", "50%" is
"fifty percent", "MRI" is three letters, and "TENS" is a word. His later rule, one syllable for
each of these, would make a page full of short forms look easy.
"""

import functools
import re

from articles.richtext.letters import plain

from .english import syllables_in_english
from .english_exceptions import SHORT_FORMS, STRESSED
from .spanish import syllables_in_spanish

_COUNTERS = {"en": syllables_in_english, "es": syllables_in_spanish}

#: A number with its signs; letters with dots between them, as in "e.g."; a word.
WORD = re.compile(
    r"[$£€]?\d(?:[\d.,]*\d)?(?:%|(?:st|nd|rd|th)\b)?"
    r"|(?:[^\W\d_]\.)+[^\W\d_]\b"
    r"|[^\W\d_]+(?:[’'-][^\W\d_]+)*"
)
_PART = re.compile(r"[$£€%]|\d(?:[\d.,]*\d)?(?:st|nd|rd|th)?|[^\W\d_]+(?:[’'][^\W\d_]+)*")

_SHORT_FORMS = {form: count for count, forms in SHORT_FORMS.items() for form in forms.split()}
_STRESSED = frozenset(STRESSED.split())
#: Small letters that can be said as a word: each syllable begins and ends as English ones do.
_SAYABLE = re.compile(
    "(?:(?:[bcdfghjklmnprstvwyz]|[bcfgps]l|[bcdfgpt]r|[cstw]h|s[ckmnptw])"
    "[aeiouy]{1,2}(?:[bcdfgklmnprstwxz]|[cst]h|[lnr][dkst]|[mns]p|s[kt]|ck|ft|ng|ll|ms|ns|ss)e?)+"
)

_A_VOWEL = re.compile("[aeiouy]")

_NUMBERS = {
    "en": {
        "small": "zero one two three four five six seven eight nine ten eleven twelve thirteen"
        " fourteen fifteen sixteen seventeen eighteen nineteen",
        "tens": "twenty thirty forty fifty sixty seventy eighty ninety",
        "large": ((1_000_000, "million"), (1_000, "thousand"), (100, "hundred")),
        "one": "one",
        "point": "point",
    },
    "es": {
        "small": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce"
        " quince dieciséis diecisiete dieciocho diecinueve",
        "tens": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
        "large": ((1_000_000, "millones"), (1_000, "mil"), (100, "ciento")),
        "one": "",
        "point": "coma",
    },
}
_SIGNS = {
    "en": {"%": "percent", "$": "dollars", "£": "pounds", "€": "euros"},
    "es": {"%": "por ciento", "$": "dólares", "£": "libras", "€": "euros"},
}


def can_count(language: str) -> bool:
    """Can syllables of words in `language` (a code such as "en") be counted?"""
    return language in _COUNTERS


@functools.lru_cache(maxsize=50_000)
def syllables(word: str, language: str) -> int:
    """Return how many syllables `word` has when it is read aloud; at least one.

    `word` is a match of WORD. `language` is one that `can_count` takes.
    """
    if "." in word and word[0].isalpha():
        return sum(map(_of_letter, word.replace(".", "")))
    return max(1, sum(_of_part(part, language) for part in _PART.findall(word)))


def _of_part(part, language):
    count = _COUNTERS[language]
    if part[0].isdecimal():
        return sum(map(count, number_in_words(part, language).split()))
    if part in _SIGNS[language]:
        return sum(map(count, _SIGNS[language][part].split()))
    if language == "en" and part.lower() in _SHORT_FORMS:
        return _SHORT_FORMS[part.lower()]
    if _is_spelled_out(part, language):
        return sum(map(_of_letter, part))
    return count(part)


def _is_spelled_out(part, language):
    """Are these capitals that are read letter by letter?"""
    if not (part.isupper() and 2 <= len(part) <= 5):
        return False
    small = part.lower()
    if language != "en":
        return not _A_VOWEL.search(plain(small))
    return small not in _STRESSED and not _SAYABLE.fullmatch(small)


def _of_letter(letter):
    return 3 if letter in "Ww" else 1


def number_in_words(number: str, language: str) -> str:
    """Return `number` as it is read: "3.5" is "three point five". An ordinal is read as a number.

    Four figures may be a year. A number of ten figures or more, and one that begins with 0, is read
    figure by figure.
    """
    number = re.sub("[a-z]+$", "", number)
    thousands, point = (",", ".") if language == "en" else (".", ",")
    without = re.sub(rf"(?<=\d){re.escape(thousands)}(?=\d{{3}}(?!\d))", "", number)
    whole, _, decimals = without.replace(thousands, point).partition(point)
    names = _NUMBERS[language]
    if len(whole) > 9 or (len(whole) > 1 and whole[0] == "0"):
        words = _figures(whole, names)
    elif language == "en" and number == whole and _may_be_a_year(whole):
        words = [*_in_words(int(whole[:2]), names), *_in_words(int(whole[2:]), names)]
    else:
        words = _in_words(int(whole), names)
    if decimals:
        words += [names["point"], *_figures(decimals, names)]
    return " ".join(filter(None, words))


def _may_be_a_year(whole):
    return (
        len(whole) == 4
        and whole[2:] != "00"
        and ("1100" < whole < "2000" or "2010" <= whole < "2100")
    )


def _figures(figures, names):
    small = names["small"].split()
    return [small[int(figure)] for figure in figures if figure.isdecimal()]


def _in_words(number, names):
    for size, name in names["large"]:
        if number >= size:
            count, rest = divmod(number, size)
            many = [names["one"]] if count == 1 else _in_words(count, names)
            return [*many, name, *(_in_words(rest, names) if rest else [])]
    small = names["small"].split()
    if number < len(small):
        return [small[number]]
    tens, rest = divmod(number, 10)
    return [names["tens"].split()[tens - 2], *([small[rest]] if rest else [])]
