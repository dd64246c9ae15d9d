"""One spelling for what tables spell in many ways: dashes, blanks, digits, decimals, raised marks.

Everything after this step sees "-" for each dash and minus, "1.5" for each decimal, and raised
marks between two letters that nobody types.
"""

import re
import unicodedata

#: A raised mark, such as the "1" of a footnote, stands between these two.
RAISED, END_OF_RAISED = "\ue000", "\ue001"
MARKS = re.compile(f"{RAISED}([^{RAISED}{END_OF_RAISED}]{{0,40}}){END_OF_RAISED}")

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"), "-")
_NOTHING = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\ue000-\ue0ff\x00-\x08\x0e-\x1f\x7f-\x9f"
    "\ud800-\udfff\ufffe\uffff]"
)
_RAISED_DIGITS = re.compile("[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+")
_ORDINARY = str.maketrans(
    "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079", "0123456789"
)
_OTHER_DIGIT = re.compile(r"[^\W\D]|[^\x00-\x7f]")
_POWER = re.compile(f"(?<![a-z])([ckm]?m|I){RAISED}([23]){END_OF_RAISED}")
_POINT_BETWEEN = re.compile(r"(?<=\d)[·∙٫](?=\d)")
#: 0,70 and 12,5, but not 1,204, not (15,20), and not the footnotes of low1,2.
_COMMA = re.compile(r"(?<![\d.,\w(])(?:\d{1,4},\d{1,2}|0,\d{3,4})(?![\d.,])")
_COMMA_IN_BRACKETS = re.compile(r"\((?:\d{1,4},\d{1,2}|0,\d{3,4})(?![\d.,)])")
#: "low 1,2" has two footnotes.
_BEHIND_A_LEVEL = re.compile(
    r"(?:low|moderate|high|baj[ao]|moderad[ao]|alt[ao])\s*\d{1,2}(?:,\s?\d{1,2})+", re.I
)
_POINT = re.compile(r"(?<![\d.,])\d{1,4}\.\d{1,4}(?![\d.,])")
_NUMERAL = re.compile(r"(?<![\d.,])\d+(?:[.,]\d+)+(?![\d])")
_THOUSANDS_BY_POINT = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?\Z")
_BY_COMMA = r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])"
#: "1,675 per 1,000" and "1 675 per 1 000" are whole numbers however decimals are written.
_COUNTED = re.compile(
    r"(?<![\d.,])\d{1,3}(?:[, ]\d{3})+(?= ?(?:[a-z-]+ ){0,3}(?:per|por)\b)"
    r"|(?:(?<=per\s)|(?<=por\s)|(?<=cada\s)|(?<=/))\d{1,3}(?:[,. ]000)+\b",
    re.I,
)


def spelled_plainly(text: str) -> str:
    """Return `text` with one kind of dash, ordinary digits, raised digits as marks."""
    text = _RAISED_DIGITS.sub(
        lambda found: RAISED + found[0].translate(_ORDINARY) + END_OF_RAISED,
        text.translate(_DASHES),
    )
    return _POINT_BETWEEN.sub(".", _OTHER_DIGIT.sub(_as_ascii, text))


def without_invisible(text: str) -> str:
    """Return `text` without letters that nobody sees, those that mark what is raised included."""
    return _NOTHING.sub("", text)


def _as_ascii(found: re.Match[str]) -> str:
    value = unicodedata.decimal(found[0], None)
    return found[0] if value is None else str(value)


def decimal_style(texts: list[str]) -> str:
    """Return "comma", "point", or "" if no number of a table tells which one it uses."""
    commas = points = 0
    for text in texts:
        bare = _BEHIND_A_LEVEL.sub(" ", MARKS.sub(" ", text))
        commas += len(_COMMA.findall(bare)) + len(_COMMA_IN_BRACKETS.findall(bare))
        points += len(_POINT.findall(bare))
    if commas > points:
        return "comma"
    return "point" if points else ""


def in_one_style(text: str, style: str) -> str:
    """Return `text` with decimal points, and no thousands separators where they are certain."""
    text = _COUNTED.sub(lambda found: re.sub(r"[,. ]", "", found[0]), text)
    if style == "comma":
        return _NUMERAL.sub(_from_comma_style, text)
    return text


def _from_comma_style(found: re.Match[str]) -> str:
    numeral = found[0]
    if _THOUSANDS_BY_POINT.match(numeral):
        return numeral.replace(".", "").replace(",", ".")
    return numeral.replace(",", ".") if numeral.count(",") == 1 and "." not in numeral else numeral


def with_joined_thousands(text: str) -> str:
    """Return `text` without commas between thousands, for a table with decimal points."""
    return re.sub(_BY_COMMA, lambda found: found[0].replace(",", ""), text)


def without_marks(text: str) -> str:
    """Return `text` without its raised marks; a raised 2 or 3 of a unit stays: m², I²."""
    return MARKS.sub("", _POWER.sub(lambda found: found[1] + "²³"[int(found[2]) - 2], text))


def marks_of(text: str) -> list[str]:
    """Return the footnote marks that are raised in `text`, in their order."""
    found = []
    for raised in MARKS.findall(text):
        for part in re.split(r"[^0-9A-Za-z]+", raised):
            # "ab" are two marks, "12" is one.
            found += list(part.lower()) if part.isalpha() and len(part) <= 4 else [part.lower()]
    return [mark for mark in found if mark]
