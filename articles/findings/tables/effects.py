"""What a cell says in numbers: a count, a mean, a difference, a ratio, with its interval."""

import re
from dataclasses import dataclass
from decimal import Decimal

from .signs import SIGN_WORD, SignedNumber, sign_word, sign_word_before

#: Not the beginning of a longer numeral, such as 1,204: whether that is 1204 is not known here.
_NUMBER = r"(?:\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})(?!\d)(?!\.\d)(?!,\d{3}(?!\d))"
_SIGNED = rf"[-+]?\s?{_NUMBER}"
#: Up to three words between the number and "per": "850 falls per 1000".
_BASE = re.compile(
    r"(?:\bper|\bpor(?:\s+cada)?|\bde\s+cada|\bin(?:\s+every)?|\bout\s+of|/)\s*(\d{2,7})\b"
    r"(?:\s*(?:people|persons?|patients|participants|women|men|adults|children|personas|pacientes"
    r"|person-?\s?years?|patient-?\s?years?))?",
    re.I,
)
_PERSON_YEARS = re.compile(r"(?:person|patient|participant)s?[- ]?years?|años-persona", re.I)
_OF_ALL = re.compile(r"(?<![\d./])(\d{1,7})\s*/\s*(\d{1,7})(?![\d./])")
_GROUP = re.compile(r"[(\[]([^()\[\]]{1,200})[)\]]")
#: What may stand before the numbers of an interval.
_LEAD = re.compile(
    r"\s*(?:(?:\d\d ?% ?)?(?:CI|CrI|IC|confidence interval)(?: ?(?:de |del )?(?:al )?\d\d ?%)?"
    r"|\d\d ?% ?(?:CI|IC|CrI)|from|between|range|de|desde|entre)?\s*[:,=]?\s*",
    re.I,
)
_TO = r"(?:\bto\b|\ba\b|\bhasta\b|\by\b|\band\b|,|;|-)"
_INTERVAL = re.compile(rf"({_SIGNED})([^\d]{{0,60}}?){_TO}\s*({_SIGNED})([^\d]{{0,60}})\Z", re.I)
_AFTER_CI = re.compile(
    r"[,;]?\s*(?:\d\d ?% ?(?:CI|IC|CrI)|(?:CI|IC|CrI) ?\d\d ?%)\b(.{3,120})\Z", re.I
)
_NOT_ESTIMABLE = re.compile(
    r"not? (?:be )?(?:estimable|estimated|calculable|calculated)"
    r"|no (?:se pudo )?estima(?:ble|r|do)",
    re.I,
)
_SMD = re.compile(
    r"\bSMD\b|\bDME\b|standardi[sz]ed mean|standard deviations?(?! of)"
    r"|desviaci(?:ón|ones) est[áa]ndar"
    rf"|\d\s*SDs?\b|\beffect sizes?\b|\bSDs?\s+(?:units?\s+)?{SIGN_WORD}|hedges|cohen",
    re.I,
)
_MD = re.compile(
    r"\bW?MD\b|\bDM\b|mean difference|diferencia de medias|\bMedian difference\b", re.I
)
_DIFFERENCE = re.compile(r"\A\W*(?:risk |absolute |mean )?(?:difference|diferencia)", re.I)
#: Capitals matter: "or" is a word, and so is the Spanish "por".
_RATIOS = {
    "Rate ratio": r"rate ratio|(?-i:\b(?:RaR|IRR)\b)|razón de tasas",
    "RR": r"(?-i:\bRR\b)|risk ratio|relative risk|riesgo relativo|razón de riesgos",
    "OR": r"(?-i:\bP?OR\b)|odds ratio",
    "HR": r"(?-i:\bHR\b)|hazard ratio|cociente de riesgos",
}
_NAMED_RATIO = re.compile(
    rf"(?:{'|'.join(_RATIOS.values())})\W{{0,3}}(?:of |was )?{_NUMBER}"
    r"\s*(?:[(\[][^()\[\]]{0,80}[)\]])?[;,]?",
    re.I,
)
_SAID = re.compile(r"(?:^|\s)(?:was|were|fue|fueron|era)\s*:?(?=\s|$)", re.I)
#: "6-minute" is a name, "2-point" too.
_FIRST_NUMBER = re.compile(
    rf"(?<![\w.,/<>≤≥])(?<![<>≤≥] )(-|\+)?\s?({_NUMBER})(?!-?[a-z]*-?(?:minute|point|item|step))"
    r"(?!\s?%\s?(?:CI|IC|CrI|conf))",
    re.I,
)
_RANGE_ONLY = re.compile(
    rf"(?:\b(?:from|between|de|desde|entre)\s+|\A\W*|rang\w+[^\d]{{0,40}}){_SIGNED}[^\d()]{{0,20}}?"
    rf"(?:\bto\b|\band\b|\ba\b|\by\b|-)\s*{_NUMBER}",
    re.I,
)
_UNIT = re.compile(r"\s*([^\W\d_][\w/%²³°' -]{0,39}|°C?|µ\w+)", re.I)
_NO_UNIT = re.compile(
    r"(?:points?|units?|scores?|scale|mean|median|average|on|in|of|at|with|puntos?|unidades|SDs?"
    r"|standard|desviaci\w+|people|persons?|patients|participants|personas|pacientes|and|to|from|per"
    r"|media|events?|for|by|the|than|when|lower|higher|MD|a|out|ranging|ranged|IQR|CI|range)\b",
    re.I,
)


@dataclass(frozen=True)
class Effect:
    """The numbers of one cell, as printed: signs are given by `signs.with_signs`.

    `value` stands before the interval `ends` (none or two). `base` is 100 for a percentage.
    `is_difference` says that the cell itself calls it one.
    """

    value: SignedNumber | None = None
    ends: tuple[SignedNumber, ...] = ()
    base: int | None = None
    unit: str = ""
    is_difference: bool = False
    is_smd: bool = False
    is_mean_difference: bool = False
    of_all: tuple[int, int] | None = None  # 46/300
    per_person_years: bool = False
    no_interval: bool = False


def effect_in(text: str) -> Effect:
    """Return the numbers in the text of a cell: one line, without raised marks."""
    text = text[:600]
    if found := _of_all(text):
        return found
    is_smd, is_md = bool(_SMD.search(text)), bool(_MD.search(text))
    is_named = bool(_DIFFERENCE.search(text))
    said = list(_SAID.finditer(text))
    name, text = (text[: said[-1].start()], text[said[-1].end() :]) if said else ("", text)
    base, text = _without_base(text)
    inside, text, after = _interval_apart(text)
    if "%" in text and base is None and not (is_smd or is_md):
        base = 100
    # "30 per 100 (20 to 40) less pain" is a count; "1.3 (1.9 to 0.7) lower" is a difference.
    behind = "" if base else after
    value = None if _RANGE_ONLY.search(text) and not is_named else _value_in(text, behind)
    ends = _ends(inside)
    has_word = bool(value and value.word) or any(end.word for end in ends)
    return Effect(
        value,
        ends,
        base,
        _unit_after(text),
        is_difference=has_word or is_smd or is_md or is_named,
        is_smd=is_smd,
        is_mean_difference=is_md,
        per_person_years=bool(_PERSON_YEARS.search(f"{name} {text}")),
        no_interval=bool(value) and not ends and bool(_NOT_ESTIMABLE.search(f"{inside} {after}")),
    )


def ratio_in(
    text: str, heading: str = ""
) -> tuple[str, SignedNumber, tuple[SignedNumber, ...]] | None:
    """Return (measure, value, ends of its interval), or None.

    `heading` may name the measure where the cell does not.
    """
    text = text[:600]
    for name, pattern in _RATIOS.items():
        if found := re.search(pattern, text, re.I):
            measure, text = name, text[found.end() :]
            break
    else:
        measure = next((name for name, one in _RATIOS.items() if re.search(one, heading, re.I)), "")
    text = re.sub(r"\A\s*\((?:RR|OR|HR|RaR|IRR|\d\d ?% ?CI)\)", "", text)
    inside, before, _after = _interval_apart(text)
    value = _value_in(before, "")
    if value is None or value.sign == "-":
        return None
    return measure, value, _ends(inside)


def without_ratio(text: str) -> str:
    """Return `text` without the ratios that it names: of "RR 0.6 (0.4 to 0.9); 90 fewer" the 90."""
    return _NAMED_RATIO.sub(" ", text[:600]).strip(" ;,")


def _of_all(text: str) -> Effect | None:
    """Return the count of "46/300 (15.3%)", where the number of all is no usual base."""
    found = _OF_ALL.search(text)
    if not found or (int(found[2]) in {100, 1000, 10000} and "%" not in text):
        return None
    return Effect(of_all=(int(found[1]), int(found[2])))


def _without_base(text: str) -> tuple[int | None, str]:
    """Return (the first base, the text without any)."""
    found = _BASE.search(text)
    if not found or not re.search(r"\d", text[: found.start()]):
        return None, text
    return int(found[1]), _BASE.sub(" ", text)


def _interval_apart(text: str) -> tuple[str, str, str]:
    """Return (what is in brackets, what is before them, what is after them)."""
    for group in _GROUP.finditer(text):
        if _ends(group[1]) or _NOT_ESTIMABLE.search(group[1]):
            return group[1], text[: group.start()], text[group.end() :]
    if (found := _AFTER_CI.search(text)) and _ends(found[1]):
        return found[1], text[: found.start()], ""
    bare = _GROUP.sub(" ", text)
    return "", bare, bare if _NOT_ESTIMABLE.search(bare) else ""


def _ends(inside: str) -> tuple[SignedNumber, ...]:
    if not inside:
        return ()
    inside = _BASE.sub(" ", inside[_LEAD.match(inside).end() :])  # type: ignore[union-attr]
    inside = re.sub(r"(?<=\d) ?%", "", inside)
    if re.search(r"\d,\d{3}(?!\d)", inside) and re.search(r"\b(?:to|a|hasta)\b", inside):
        return ()  # 1,204 may be 1204 or 1.204
    found = _INTERVAL.match(inside.strip())
    if not found:
        return ()
    return (_signed(found[1], found[2]), _signed(found[3], found[4]))


def _signed(numeral: str, words: str) -> SignedNumber:
    numeral = numeral.replace(" ", "")
    sign = numeral[0] if numeral[0] in "+-" else ""
    return SignedNumber(Decimal(numeral.lstrip("+-")), sign, sign_word(words))


def _value_in(text: str, after: str) -> SignedNumber | None:
    found = _FIRST_NUMBER.search(text)
    if not found or re.match(r",\d", text[found.end() :]):
        return None
    behind = text[found.end() :]
    word = sign_word(behind) or sign_word_before(text[: found.start()]) or sign_word(after[:20])
    return SignedNumber(Decimal(found[2]), found[1] or "", word)


def _unit_after(text: str) -> str:
    """Return what is counted behind the first number: "days" of "1.5 days fewer"."""
    number = _FIRST_NUMBER.search(text)
    if not number:
        return ""
    found = _UNIT.match(text, number.end())
    if not found:
        return ""
    unit = re.split(rf"\b{SIGN_WORD}\b|[(;,]", found[1], flags=re.I)[0].strip(" -")
    words = []
    for word in unit.split()[:3]:
        if _NO_UNIT.match(word):
            break
        words.append(word)
    return " ".join(words)
