"""A finding as fixed sentences, in the active language.

What it does comes first, as sure as its certainty and no surer; then the numbers: without, with,
both sides of a count. One word of doubt a level ("probably", "may"), and none anywhere else: GRADE
guidelines 26 (Santesso and others, J Clin Epidemiol 2020). Never "no effect", never "not
significant", no percentage, no relative figure.

The frames fit any noun phrase of the writer: nothing in them agrees with it in number or gender.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from articles.refusals import Words
from articles.revisions.frozen_content import FindingRow, FrozenClaim, FrozenRisk

from .arms import arm
from .figures import Figures, exact, figures_of, is_shown_in_numbers, rounded

_LONG_NUMBER = 10_000
#: Levels at which a finding says what the treatment does.
_SAYS_AN_EFFECT = ("high", "moderate", "low")

# Translators: in all of these, "%(what)s" is what was looked at, in the words of the writer:
# "falls", "knee pain", "people who had a side effect". Nothing may have to agree with it.
_CHANGES: dict[tuple[str, str], Words] = {
    ("fewer", "large"): _("far fewer %(what)s"),
    ("fewer", ""): _("fewer %(what)s"),
    ("fewer", "small"): _("slightly fewer %(what)s"),
    ("more", "large"): _("far more %(what)s"),
    ("more", ""): _("more %(what)s"),
    ("more", "small"): _("slightly more %(what)s"),
    ("less", "large"): _("far less %(what)s"),
    ("less", ""): _("less %(what)s"),
    ("less", "small"): _("slightly less %(what)s"),
    ("better", "large"): _("far better %(what)s"),
    ("better", ""): _("better %(what)s"),
    ("better", "small"): _("slightly better %(what)s"),
    ("worse", "large"): _("far worse %(what)s"),
    ("worse", ""): _("worse %(what)s"),
    ("worse", "small"): _("slightly worse %(what)s"),
}
# Translators: "%(with)s" is "With exercise", "%(change)s" is "less knee pain". Certain.
_ONE = {
    "high": _("%(with)s, there is %(change)s."),
    # Translators: likely, more likely than "may". Keep the two apart.
    "moderate": _("%(with)s, there is probably %(change)s."),
    # Translators: possible, less likely than "probably".
    "low": _("%(with)s, there may be %(change)s."),
}
# Translators: "%(with)s" is "With exercise", "%(change)s" is "fewer falls". Certain.
_MANY = {
    "high": _("%(with)s, there are %(change)s."),
    # Translators: likely, more likely than "may". Keep the two apart.
    "moderate": _("%(with)s, there are probably %(change)s."),
    "low": _ONE["low"],
}
_NO_DIFFERENCE = {
    # Translators: "%(with)s" is "With exercise". Certain.
    "high": _("%(with)s, there is little or no difference in %(what)s."),
    # Translators: likely, more likely than "may". Keep the two apart.
    "moderate": _("%(with)s, there is probably little or no difference in %(what)s."),
    # Translators: possible, less likely than "probably".
    "low": _("%(with)s, there may be little or no difference in %(what)s."),
}


@dataclass(frozen=True)
class FindingText:
    """A finding in sentences. Each is "" or empty where there is nothing to say."""

    effect: str  # what the treatment does, or that nobody knows
    numbers: list[str]  # without first, then with, then what surrounds them
    starting_risks: list[str]  # a sentence each

    @property
    def whole(self) -> str:
        """All of it, as one text."""
        return " ".join(filter(None, (self.effect, *self.numbers, *self.starting_risks)))


def finding_text(
    row: FindingRow, claim: FrozenClaim | None, base: int, *, is_checked_again: bool = False
) -> FindingText:
    """Return `row` in sentences; counts of people are out of `base` (figures.common_base).

    What it does is said as surely as its certainty allows. Nobody knows that while the claim
    `is_checked_again`, so then only the numbers are left.
    """
    level = claim["certainty"] if claim else "not-rated"
    figures = figures_of(row, base)
    effect = "" if is_checked_again else _effect(row, level, figures)
    if not tells_numbers(row, level):
        return FindingText(effect, [], [])
    return FindingText(
        effect,
        [*_NUMBERS[row["kind"]](row, figures), *_around(row, figures)],
        [_starting_risk(row, risk, figures) for risk in row["starting_risks"]],
    )


def tells_numbers(row: FindingRow, level: str) -> bool:
    """Whether readers get the numbers of `row`.

    Beside "we do not know" they would be read as knowledge.
    """
    return (
        is_shown_in_numbers(row)
        and row["direction"] != "unclear"
        and level not in {"very-low", "none"}
    )


# --- what it does -------------------------------------------------------------------------------
def _effect(row: FindingRow, level: str, figures: Figures) -> str:
    words = {"with": arm(row["intervention"]), "what": _looked_at(row)}
    if level == "none":
        return gettext("No one has tested this well yet.")
    if level == "very-low":
        return gettext("%(with)s, we do not know if there is a difference in %(what)s.") % words
    if row["direction"] == "unclear":
        cannot_tell = gettext("We cannot tell if there is a difference in %(what)s.") % words
        return " ".join([cannot_tell, *_both_ways(row, figures)])
    if level not in _SAYS_AN_EFFECT or not row["direction"]:
        return ""  # numbers without a verb: nobody rated them
    if row["direction"] == "no_difference" or row["size"] == "none":
        return str(_NO_DIFFERENCE[level]) % words
    change = _change(row, figures)
    frames = _MANY if row["kind"] == "count" else _ONE
    return str(frames[level]) % {"with": words["with"], "change": change}


def _looked_at(row: FindingRow) -> str:
    if row["kind"] == "count" and row["unit"] == "people":
        # Translators: "%(happened)s" is "had a side effect", "stopped early".
        return gettext("how many people %(happened)s") % {"happened": _happened(row)}
    if row["kind"] == "count":
        # Translators: "%(what)s" is "falls".
        return gettext("the number of %(what)s") % {"what": row["outcome"]}
    return row["outcome"]


def _happened(row: FindingRow) -> str:
    return row["happened"] or gettext("had this: %(what)s") % {"what": row["outcome"]}


def _change(row: FindingRow, figures: Figures) -> str:
    size = row["size"] if row["size"] in {"large", "small"} else ""
    what = row["outcome"]
    if row["kind"] == "count":
        change = figures.change
        if change is None:
            value, without = exact(row, "with"), exact(row, "without")
            change = (value or Decimal(0)) - (without or Decimal(0))
        sense = "fewer" if change < 0 else "more"
        if row["unit"] == "people":
            # Translators: "%(happened)s" is "had a side effect", "stopped early".
            what = gettext("people who %(happened)s") % {"happened": _happened(row)}
    elif row["better"] == "low":
        sense = "less" if row["direction"] == "better" else "more"
    else:
        sense = "better" if row["direction"] == "better" else "worse"
    return str(_CHANGES[sense, size]) % {"what": what}


def _both_ways(row: FindingRow, figures: Figures) -> list[str]:
    """The range of the studies, where it reaches from less to more."""
    low, high = figures.low, figures.high
    if row["interval_of"] != "difference" or low is None or high is None or not low < 0 < high:
        return []
    words = {"less": figure_in_words(-low), "more": figure_in_words(high)}
    if row["kind"] == "count":
        # Translators: of people or events, out of so many.
        sentence = gettext(
            "The studies leave room for anything from %(less)s fewer to %(more)s more in %(base)s."
        )
        return [sentence % {**words, "base": whole_number(figures.base)}]
    return [
        gettext("The studies leave room for anything from %(less)s less to %(more)s more.") % words
    ]


# --- the numbers --------------------------------------------------------------------------------
def _count(row: FindingRow, figures: Figures) -> list[str]:
    return _people(row, figures) if row["unit"] == "people" else _events(row, figures)


def _people(row: FindingRow, figures: Figures) -> list[str]:
    words = {"happened": _happened(row), "base": whole_number(figures.base)}
    if not figures.has_both:
        sentence = _by_sign(
            figures.difference,
            # Translators: "With exercise, 3 fewer people in 100 stopped early than without it."
            _("%(with)s, %(n)s fewer people in %(base)s %(happened)s than %(without)s."),
            _("%(with)s, %(n)s more people in %(base)s %(happened)s than %(without)s."),
        )
        return [sentence % {**words, **_arms(row), "n": _distance(figures)}]
    return [
        # Translators: "Without exercise, 15 in 100 people stopped early and 85 did not."
        gettext("%(arm)s, %(n)s in %(base)s people %(happened)s and %(rest)s did not.")
        % {**words, **_side(row["comparator"], figures.without, figures.base)},
        # Translators: "With exercise, 14 in 100 did and 86 did not."
        gettext("%(arm)s, %(n)s in %(base)s did and %(rest)s did not.")
        % {**words, **_side(row["intervention"], figures.with_treatment, figures.base)},
    ]


def _side(phrase: str, value: Decimal | None, base: int | None) -> dict[str, str]:
    rest = Decimal(base or 0) - (value or Decimal(0))
    return {"arm": arm(phrase), "n": figure_in_words(value), "rest": figure_in_words(rest)}


def _events(row: FindingRow, figures: Figures) -> list[str]:
    words = {
        **_arms(row),
        "base": whole_number(figures.base),
        "what": row["outcome"],
        "people": row["population"] or gettext("people"),
        "time": row["time"],
    }
    people = (
        # Translators: "Think of 1000 older people (time: 1 year)."
        gettext("Think of %(base)s %(people)s (time: %(time)s).") % words
        if row["time"]
        else gettext("Think of %(base)s %(people)s.") % words
    )
    # Translators: what is counted, such as a fall, happens to some people more than once.
    more_than_one = gettext("One person can count more than once.")
    if not figures.has_both:
        sentence = _by_sign(
            figures.difference,
            # Translators: "With exercise, there are 195 fewer falls than without exercise."
            _("%(with)s, there are %(n)s fewer %(what)s than %(without)s."),
            _("%(with)s, there are %(n)s more %(what)s than %(without)s."),
        )
        return [people, sentence % {**words, "n": _distance(figures)}, more_than_one]
    return [
        people,
        # Translators: "Without exercise, they have 850 falls."
        gettext("%(arm)s, they have %(n)s %(what)s.")
        % {**words, "arm": arm(row["comparator"]), "n": figure_in_words(figures.without)},
        # Translators: "With exercise, they have 655."
        gettext("%(arm)s, they have %(n)s.")
        % {"arm": arm(row["intervention"]), "n": figure_in_words(figures.with_treatment)},
        more_than_one,
    ]


def _scale(row: FindingRow, figures: Figures) -> list[str]:
    # Translators: "The scale goes from 0, no pain, to 100, worst pain."
    ends = gettext("The scale goes from %(low)s to %(high)s.") % {
        "low": _end(row, "scale_low"),
        "high": _end(row, "scale_high"),
    }
    change, points = figures.change, _points(figures)
    if not figures.has_both:
        sentence = _by_sign(
            change,
            # Translators: "With exercise, people scored 12 points less than without exercise."
            _("%(with)s, people scored %(points)s less on average than %(without)s."),
            _("%(with)s, people scored %(points)s more on average than %(without)s."),
        )
        return [ends, sentence % {**_arms(row), "points": points}]
    found = [
        ends,
        # Translators: "Without exercise, people scored 44 on average."
        gettext("%(arm)s, people scored %(n)s on average.")
        % {"arm": arm(row["comparator"]), "n": figure_in_words(figures.without)},
        _second(row, figures),
    ]
    if change:
        # Translators: "That is 12 points less."
        that_is = _by_sign(change, _("That is %(amount)s less."), _("That is %(amount)s more."))
        found.append(that_is % {"amount": points})
    return found


def _end(row: FindingRow, name: str) -> str:
    number = figure_in_words(exact(row, name))
    words = row[f"{name}_words"]  # type: ignore[literal-required]
    # Translators: an end of a scale and what it means: "0 (no pain)".
    return gettext("%(n)s (%(words)s)") % {"n": number, "words": words} if words else number


def _points(figures: Figures) -> str:
    distance = abs(figures.change or Decimal(0))
    # A number with decimals takes the plural.
    count = int(distance) if distance == int(distance) else 2
    return ngettext("%(n)s point", "%(n)s points", count) % {"n": figure_in_words(distance)}


def _amount(row: FindingRow, figures: Figures) -> list[str]:
    unit = row["unit"]
    distance = with_unit(abs(figures.change or Decimal(0)), unit)
    if not figures.has_both:
        sentence = _by_sign(
            figures.change,
            # Translators: "Walking: with exercise, 35 metres less on average than without it."
            _("%(what)s: %(with)s, %(amount)s less on average than %(without)s."),
            _("%(what)s: %(with)s, %(amount)s more on average than %(without)s."),
        )
        words = {**_arms(row), "with": arm(row["intervention"], inside=True), "amount": distance}
        return [sentence % {**words, "what": capfirst(row["outcome"])}]
    found = [
        # Translators: "Without exercise, it was 310 metres on average."
        gettext("%(arm)s, it was %(n)s on average.")
        % {"arm": arm(row["comparator"]), "n": with_unit(figures.without, unit)},
        _second(row, figures),
    ]
    if figures.change:
        that_is = _by_sign(
            figures.change, _("That is %(amount)s less."), _("That is %(amount)s more.")
        )
        found.append(that_is % {"amount": distance})
    return found


def _second(row: FindingRow, figures: Figures) -> str:
    # Translators: the second number of a pair: "With exercise, it was 32."
    return gettext("%(arm)s, it was %(n)s.") % {
        "arm": arm(row["intervention"]),
        "n": with_unit(figures.with_treatment, row["unit"]),
    }


def with_unit(value: Decimal | None, unit: str) -> str:
    """Return a figure and its unit, in the active language."""
    number = figure_in_words(value)
    # Translators: an amount: "310 metres".
    return gettext("%(n)s %(unit)s") % {"n": number, "unit": unit} if unit else number


_NUMBERS = {"count": _count, "scale": _scale, "amount": _amount}


def _around(row: FindingRow, figures: Figures) -> list[str]:
    """What surrounds the numbers: their range, what people notice, and how they came about."""
    found = [*_interval(row, figures)]
    if figures.mid is not None:
        # Translators: the smallest difference that people feel: "People notice about 12 points."
        found.append(
            gettext("People notice a change of about %(n)s.")
            % {"n": with_unit(figures.mid, row["unit"])}
        )
    if figures.reckoned:
        found.append(gettext("We worked out the second number from the difference."))
    if row["is_converted"]:
        found.append(gettext("The review worked out these points."))
    return found


def shows_interval(row: FindingRow) -> bool:
    """Shown for scales and amounts, and for counts where the writer asks for it."""
    wanted = row["show_interval"]
    return row["kind"] != "count" if wanted is None else wanted


def _interval(row: FindingRow, figures: Figures) -> list[str]:
    low, high = figures.low, figures.high
    if not shows_interval(row) or low is None or high is None:
        return []
    if row["interval_of"] == "difference" and low < 0 < high:
        return _both_ways(row, figures)
    if row["interval_of"] == "difference":
        low, high = sorted((abs(low), abs(high)))
    return [_range(figure_in_words(low), figure_in_words(high))]


def _range(low: str, high: str) -> str:
    # Translators: the range of results that the studies do not rule out.
    return gettext("The studies leave room for anything from %(low)s to %(high)s.") % {
        "low": low,
        "high": high,
    }


def _starting_risk(row: FindingRow, risk: FrozenRisk, figures: Figures) -> str:
    factor = Decimal(figures.base or 1) / Decimal(row["base"] or 1)

    def told(name: str) -> str:
        return figure_in_words(rounded(Decimal(risk[name]) * factor))  # type: ignore[literal-required]

    words = {
        "label": capfirst(risk["label"]),
        "without": told("without"),
        "with": told("with"),
        "base": whole_number(figures.base),
    }
    # Translators: for people who begin with another risk: "High risk: 1200 without it and 924 with
    # it, out of 1000."
    said = gettext("%(label)s: %(without)s without it and %(with)s with it, out of %(base)s.")
    if not risk["low"]:
        return said % words
    return f"{said % words} {_range(told('low'), told('high'))}"


# --- words and figures --------------------------------------------------------------------------
def _arms(row: FindingRow) -> dict[str, str]:
    return {"with": arm(row["intervention"]), "without": arm(row["comparator"], inside=True)}


def _by_sign(change: Decimal | None, less: Words, more: Words) -> str:
    return str(less if (change or Decimal(0)) < 0 else more)


def _distance(figures: Figures) -> str:
    return figure_in_words(abs(figures.change or Decimal(0)))


def out_of(value: Decimal, base: int) -> str:
    # Translators: a count of people, beside its picture: "15 in 100".
    return gettext("%(n)s in %(base)s") % {
        "n": figure_in_words(value),
        "base": whole_number(base),
    }


def figure_in_words(value: Decimal | None) -> str:
    """Return a figure as the active language writes it, without zeros at its end."""
    if value is None:
        return ""
    plain = value.normalize()
    places = max(0, -int(plain.as_tuple().exponent))
    return _formatted(plain, places)


def whole_number(value: int | None) -> str:
    """Return a number of people, studies or a base as the active language writes it."""
    return _formatted(Decimal(value or 0), 0)


def _formatted(value: Decimal, places: int) -> str:
    # 1000 is read at a glance, 12,981 is not without its comma.
    is_long = abs(value) >= _LONG_NUMBER
    return number_format(value, decimal_pos=places, use_l10n=True, force_grouping=is_long)
