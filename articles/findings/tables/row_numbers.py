"""The numbers of one row: both arms, the difference, their intervals, and what is doubtful."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from .effects import Effect, effect_in
from .results import Interval, RelativeEffect
from .row_texts import Numbers
from .signs import Signed, with_signs

BASES = (100, 1000, 10_000)
_RECKONED_BASE = 1000
_LABELLED_BASE = re.compile(r"\b(?:per|por|cada|in)\s+(\d{3,5})\b", re.I)
_NO_EFFECT = Effect()


@dataclass
class RowNumbers:
    """What one row of numbers says. `people` is how many were in both arms, if the arms say so."""

    label: str = ""
    base: int | None = None
    without: Decimal | None = None
    with_: Decimal | None = None
    difference: Decimal | None = None
    with_interval: Interval | None = None
    difference_interval: Interval | None = None
    smd: RelativeEffect | None = None
    unit: str = ""
    is_numeric: bool = False  # it has numbers, even if none of them could be taken
    is_count: bool = False
    is_events: bool = False
    people: int | None = None
    flags: set[str] = field(default_factory=set)

    @property
    def has_any(self) -> bool:
        return not (self.without is None and self.with_ is None and self.difference is None)

    def empty(self, flag: str) -> None:
        """Leave all numbers empty, because of what `flag` says."""
        self.without = self.with_ = self.difference = None
        self.with_interval = self.difference_interval = None
        self.flags = (self.flags - {"with_reckoned", "counts_reckoned"}) | {flag}

    def empty_difference(self, flag: str) -> None:
        """Leave the difference empty, and what was reckoned from it."""
        self.difference = self.difference_interval = None
        if "with_reckoned" in self.flags:
            self.with_ = None
        self.flags = (self.flags - {"with_reckoned"}) | {flag}


def row_numbers(
    printed: Numbers, better: str | None, labels: Mapping[str, str], *, arms_count_people: bool
) -> RowNumbers:
    """Return what the texts `printed` say. `better` is the better end of the scale, if known.

    `labels` are those of the columns "without", "with_" and "difference", and the name of the
    "outcome"; one may hold the base or the measure that its cells leave out. `arms_count_people`
    is said of a bare number in an arm.
    """
    without, with_, difference = (
        _with_labelled_base(_with_labelled_measure(effect_in(text), name, labels), labels[name])
        for name, text in (
            ("without", printed.without),
            ("with_", printed.with_),
            ("difference", printed.difference),
        )
    )
    if with_.is_difference:
        with_, difference = _NO_EFFECT, difference if _says(difference) else with_
    without = _NO_EFFECT if without.is_difference else without
    found = RowNumbers(printed.label)
    found.people, without, with_ = _people_of(without, with_, arms_count_people=arms_count_people)
    if difference.is_smd:
        found.smd = _smd(difference, better, found)
        return found
    found.is_numeric = any(_says(one) for one in (without, with_, difference))
    found.unit = difference.unit or without.unit or with_.unit
    found.is_events = any(one.per_person_years for one in (without, with_, difference))
    if any(one.no_interval for one in (without, with_, difference)):
        found.flags.add("no_interval")
    _set_values(found, without, with_, difference, better)
    return found


def _says(effect: Effect) -> bool:
    return effect.value is not None or effect.of_all is not None


def _with_labelled_measure(effect: Effect, name: str, labels: Mapping[str, str]) -> Effect:
    """Return `effect` as standard deviations, or as a mean difference, where a label says so."""
    if effect.value is None or effect.is_smd or effect.is_mean_difference or effect.base:
        return effect
    if name == "difference" or effect.is_difference:
        measure = effect_in(f"{labels[name]} {labels['outcome']}")
        return replace(effect, is_smd=measure.is_smd, is_mean_difference=measure.is_mean_difference)
    return effect


def _with_labelled_base(effect: Effect, label: str) -> Effect:
    base = _LABELLED_BASE.search(label)
    if base and effect.base is None and effect.value and not effect.is_mean_difference:
        return replace(effect, base=int(base[1]))
    return effect


def _people_of(
    without: Effect, with_: Effect, *, arms_count_people: bool
) -> tuple[int | None, Effect, Effect]:
    """Return (how many people were in both arms, the arms without numbers that are no result)."""
    totals, arms = [], []
    for arm in (without, with_):
        is_bare = arm.value is not None and arm.base is None and not arm.ends
        if arm.of_all:
            totals.append(arm.of_all[1])
        elif arms_count_people and is_bare and arm.value:
            totals.append(int(arm.value.size))
            arm = _NO_EFFECT
        arms.append(arm)
    return (sum(totals) or None) if len(totals) == 2 else None, arms[0], arms[1]


def _smd(effect: Effect, better: str | None, found: RowNumbers) -> RelativeEffect:
    signed = with_signs(effect.value, effect.ends, better)
    _note_flags(found, signed)
    found.flags.add("smd")
    return RelativeEffect("SMD", signed.value, _interval(signed))


def _set_values(
    found: RowNumbers, without: Effect, with_: Effect, difference: Effect, better: str | None
) -> None:
    bases = {one.base for one in (without, with_, difference) if one.base}
    if without.of_all or with_.of_all:
        bases.add(_RECKONED_BASE)
        found.flags.add("counts_reckoned")
    found.is_count = bool(bases) and not difference.is_mean_difference
    if found.is_count:
        found.base = max(bases)
        if len(bases) > 1:
            found.flags.add("counts_reckoned")
    found.without = _value(without, found)
    signed_with = _scaled(with_signs(with_.value, with_.ends, None), with_, found)
    found.with_ = signed_with.value if with_.of_all is None else _value(with_, found)
    found.with_interval = _interval(signed_with)
    signed = _scaled(with_signs(difference.value, difference.ends, better), difference, found)
    found.difference, found.difference_interval = signed.value, _interval(signed)
    _note_flags(found, signed_with)
    _note_flags(found, signed)
    if found.base is not None and found.base not in BASES:
        found.empty("base_unknown")
        return
    _compare_with_arms(found)
    _reckon_with(found)


def _value(effect: Effect, found: RowNumbers) -> Decimal | None:
    if effect.of_all:
        some, all_ = effect.of_all
        if not all_ > 0 or some > all_:
            return None
        reckoned = Decimal(some) * (found.base or _RECKONED_BASE) / Decimal(all_)
        return reckoned.quantize(Decimal(1), ROUND_HALF_UP)
    signed = with_signs(effect.value, (), None)
    return _scaled(signed, effect, found).value


def _scaled(signed: Signed, effect: Effect, found: RowNumbers) -> Signed:
    """Return `signed` for the base of the row: 4% beside counts per 1000 is 40."""
    if not found.is_count or not effect.base or not found.base or effect.base == found.base:
        return signed
    factor = Decimal(found.base) / Decimal(effect.base)
    value, low, high = (
        None if number is None else number * factor
        for number in (signed.value, signed.low, signed.high)
    )
    return replace(signed, value=value, low=low, high=high)


def _interval(signed: Signed) -> Interval | None:
    return None if signed.low is None and signed.high is None else (signed.low, signed.high)


def _note_flags(found: RowNumbers, signed: Signed) -> None:
    if signed.contradicts:
        found.flags.add("sign_contradicts_word")
    if signed.asks_for_better:
        found.flags.add("better_end_unknown")
    if signed.misses:
        found.flags.add("interval_misses_value")


def _compare_with_arms(found: RowNumbers) -> None:
    """Leave the difference empty where it is that of both arms with the other sign."""
    if found.without is None or found.with_ is None or not found.difference:
        return
    own = found.with_ - found.without
    is_other_way = own * found.difference < 0
    if is_other_way and abs(own + found.difference) <= abs(own) / 10:
        found.difference, found.difference_interval = None, None
        found.flags.add("sign_contradicts_word")


def _reckon_with(found: RowNumbers) -> None:
    if found.with_ is not None or found.without is None or found.difference is None:
        return
    reckoned = found.without + found.difference
    if not found.is_count or reckoned >= 0:
        found.with_ = reckoned
        found.flags.add("with_reckoned")
