"""What the studies of an article found for one outcome, in numbers or in words."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from physiohub.db import models

from .claims import Claim, Direction, Size
from .rows import ClaimRow
from .vocabulary import SideEffect

_MOST_RISKS, _LONGEST_LABEL = 3, 80
_RISK_NUMBERS = ("without", "with", "low", "high")


def _figure(label: Any, help_text: Any = "") -> models.DecimalField:
    return models.DecimalField(
        label, max_digits=9, decimal_places=3, null=True, blank=True, help_text=help_text
    )


def _check(name: str, condition: Q, message: Any) -> models.CheckConstraint:
    return models.CheckConstraint(condition=condition, name=name, violation_error_message=message)


def _empty(*names: str) -> Q:
    return Q(**dict.fromkeys((f"{name}__isnull" for name in names), True))


def _given(name: str) -> Q:
    """Needed beside each comparison: a database lets pass what it cannot know of an empty value."""
    return Q(**{f"{name}__isnull": False})


class Finding(ClaimRow):
    """What studies found for one outcome: with a treatment, beside what it was compared with.

    Its claim follows it: the words, the outcome, the people, the comparator, the direction and the
    size are those of the row. Certainty and citations belong to the claim alone.
    """

    claim_kind = Claim.Kind.FINDING

    class Kind(models.TextChoices):
        COUNT = "count", _("how many people, or how many events")
        SCALE = "scale", _("points on a scale")
        AMOUNT = "amount", _("an amount, such as metres or days")
        WORDS = "words", _("words only")

    class Unit(models.TextChoices):
        """Units of a count. Events have no upper limit: one person can fall twice."""

        PEOPLE = "people", _("people")
        EVENTS = "events", _("events")

    class IntervalOf(models.TextChoices):
        WITH = "with", _("the value with the treatment")
        DIFFERENCE = "difference", _("the difference")

    class Better(models.TextChoices):
        LOW = "low", _("the low end")
        HIGH = "high", _("the high end")

    #: A finding always says which way it points, or that nobody can tell; "" while it is written.
    DIRECTIONS = [
        (direction.value, direction.label)
        for direction in (
            Direction.BETTER,
            Direction.WORSE,
            Direction.NO_DIFFERENCE,
            Direction.UNCLEAR,
        )
    ]

    outcome = models.CharField(
        max_length=120,
        help_text=_("In plain words, in the middle of a sentence: knee pain, falls."),
    )
    intervention = models.CharField(
        _("treatment"), max_length=120, help_text=_("For example: exercise; the Epley move.")
    )
    comparator = models.CharField(
        _("compared with"),
        max_length=120,
        help_text=_("For example: no exercise; pretend surgery. “No …” becomes “Without …”."),
    )
    direction = models.CharField(max_length=14, choices=DIRECTIONS, blank=True)
    size = models.CharField(max_length=10, choices=Size, default=Size.UNKNOWN)
    kind = models.CharField(_("what was measured"), max_length=8, choices=Kind, default=Kind.COUNT)
    happened = models.CharField(
        _("what happened to people"),
        max_length=120,
        blank=True,
        help_text=_("For a count of people, in the past: had a side effect; stopped early."),
    )
    unit = models.CharField(
        max_length=20,
        blank=True,
        help_text=_("For a count: people, or events. For an amount: metres, days, degrees."),
    )
    base = models.PositiveIntegerField(
        _("out of"), null=True, blank=True, help_text=_("For a count: 100, 1000 or 10000.")
    )
    without_value = _figure(_("without"), _("The value of those it was compared with."))
    with_value = _figure(_("with"), _("The value with the treatment."))
    difference = _figure(
        _("difference"), _("With minus without. If “with” stays empty it is reckoned from this.")
    )
    low = _figure(_("interval from"))
    high = _figure(_("interval to"))
    interval_of = models.CharField(
        _("the interval is of"), max_length=10, choices=IntervalOf, blank=True
    )
    show_interval = models.BooleanField(
        _("show the interval"),
        null=True,
        blank=True,
        help_text=_("Unknown: shown for scales and amounts, not for counts."),
    )
    scale_name = models.CharField(
        max_length=120, blank=True, help_text=_("For clinicians, such as WOMAC pain.")
    )
    scale_low = _figure(_("scale from"))
    scale_low_words = models.CharField(
        _("that end means"), max_length=60, blank=True, help_text=_("For example: no pain.")
    )
    scale_high = _figure(_("scale to"))
    scale_high_words = models.CharField(
        _("that end means"), max_length=60, blank=True, help_text=_("For example: worst pain.")
    )
    better = models.CharField(_("better is"), max_length=4, choices=Better, blank=True)
    mid = _figure(
        _("smallest difference people notice"), _("In the same points or unit, if it is known.")
    )
    mid_source = models.CharField(
        _("where that is from"), max_length=200, blank=True, help_text=_("Author, year, DOI.")
    )
    time = models.CharField(
        max_length=80, blank=True, help_text=_("For example: 1 year; right after the programme.")
    )
    population = models.CharField(
        _("people"), max_length=160, blank=True, help_text=_("In plain words: older people.")
    )
    people = models.PositiveIntegerField(_("people studied"), null=True, blank=True)
    studies = models.PositiveIntegerField(null=True, blank=True)
    outcome_term = models.CharField(_("outcome, as the field calls it"), max_length=200, blank=True)
    as_reported = models.CharField(
        _("as the source puts it"),
        max_length=200,
        blank=True,
        help_text=_("For clinicians: 5 of 61 without, 17 of 55 with; SMD 0.45 (0.2 to 0.7)."),
    )
    is_converted = models.BooleanField(
        _("the review itself turned its result into these points"), default=False
    )
    is_derived = models.BooleanField(
        _("reckoned from a ratio"),
        default=False,
        help_text=_("Readers then get the words, and none of the numbers."),
    )
    starting_risks = models.JSONField(
        default=list,
        blank=True,
        help_text=_(
            "At most three, a line each: label; without; with; low; high. Low and high may be left"
            " out."
        ),
    )
    side_effect = models.ForeignKey(
        SideEffect,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="findings",
        help_text=_("If it is one of the article's side effects, it stands under it."),
    )
    note = models.CharField(
        max_length=300, blank=True, help_text=_("One plain sentence for readers, if it needs one.")
    )

    class Meta(ClaimRow.Meta):
        verbose_name = _("finding")
        verbose_name_plural = _("findings: what studies found, in numbers")
        constraints = [
            _check(
                "a_finding_names_its_outcome_treatment_and_comparator",
                ~Q(outcome="") & ~Q(intervention="") & ~Q(comparator=""),
                _("Say the outcome, the treatment and what it was compared with."),
            ),
            _check(
                "a_findings_kind_is_a_known_one",
                Q(kind__in=["count", "scale", "amount", "words"]),
                _("Choose what was measured."),
            ),
            _check(
                "a_finding_points_one_way_or_is_unclear",
                Q(direction__in=["", "better", "worse", "no_difference", "unclear"]),
                _("Choose better, worse, no difference or unclear."),
            ),
            _check(
                "a_count_has_a_unit_and_a_base",
                (~Q(kind="count") & _empty("base"))
                | (
                    Q(kind="count", unit__in=["people", "events"], base__in=[100, 1000, 10000])
                    & _given("base")
                ),
                _(
                    "For a count say “people” or “events”, and out of how many: 100, 1000 or 10000."
                    " Nothing else has “out of”."
                ),
            ),
            _check(
                "an_amount_has_a_unit",
                Q(kind="count")
                | (Q(kind="amount") & ~Q(unit=""))
                | (Q(kind__in=["scale", "words"]) & Q(unit="")),
                _("Say the unit of an amount, such as metres. A scale or words alone have none."),
            ),
            _check(
                "a_scale_has_two_ends_and_a_better_one",
                (
                    Q(kind="scale", scale_low__lt=F("scale_high"))
                    & _given("scale_low")
                    & _given("scale_high")
                    & ~Q(better="")
                )
                | (~Q(kind="scale") & _empty("scale_low", "scale_high")),
                _(
                    "Say both ends of the scale, the lower first, and which end is better. Nothing"
                    " else has ends."
                ),
            ),
            _check(
                "words_alone_have_no_numbers",
                ~Q(kind="words")
                | _empty("without_value", "with_value", "difference", "low", "high", "mid"),
                _("Words only have no numbers: choose what was measured, or take the numbers out."),
            ),
            _check(
                "a_measured_finding_has_two_values_or_a_difference",
                Q(kind="words")
                | _given("difference")
                | (_given("without_value") & _given("with_value")),
                _("Give the values without and with, or the difference."),
            ),
            _check(
                "a_count_is_no_less_than_nothing",
                ~Q(kind="count")
                | (
                    (_empty("without_value") | Q(without_value__gte=0))
                    & (_empty("with_value") | Q(with_value__gte=0))
                ),
                _("A count is no less than nothing."),
            ),
            _check(
                "people_are_no_more_than_all",
                ~Q(unit="people")
                | ~Q(kind="count")
                | (
                    (_empty("without_value") | Q(without_value__lte=F("base")))
                    & (_empty("with_value") | Q(with_value__lte=F("base")))
                    & (_empty("high") | ~Q(interval_of="with") | Q(low__gte=0, high__lte=F("base")))
                ),
                _(
                    "There are more people than “out of”. If one person can count twice, choose"
                    " events."
                ),
            ),
            _check(
                "a_score_lies_on_its_scale",
                ~Q(kind="scale")
                | (
                    (
                        _empty("without_value")
                        | Q(without_value__gte=F("scale_low"), without_value__lte=F("scale_high"))
                    )
                    & (
                        _empty("with_value")
                        | Q(with_value__gte=F("scale_low"), with_value__lte=F("scale_high"))
                    )
                ),
                _("A value lies outside the ends of its scale."),
            ),
            _check(
                "an_interval_has_two_ends_and_says_of_what",
                (_empty("low", "high") & Q(interval_of=""))
                | (
                    Q(low__lte=F("high"), interval_of__in=["with", "difference"])
                    & _given("low")
                    & _given("high")
                ),
                _("Give both ends of the interval, the lower first, and say of what it is."),
            ),
            _check(
                "an_interval_holds_its_value",
                Q(interval_of="")
                | (
                    Q(interval_of="with")
                    & (
                        _empty("with_value")
                        | Q(with_value__gte=F("low"), with_value__lte=F("high"))
                    )
                )
                | (
                    Q(interval_of="difference")
                    & (
                        _empty("difference")
                        | Q(difference__gte=F("low"), difference__lte=F("high"))
                    )
                ),
                _(
                    "The value lies outside its interval. Less is a negative difference: -15 to"
                    " -10."
                ),
            ),
            _check(
                "what_people_notice_has_a_source",
                (_empty("mid") & Q(mid_source=""))
                | (_given("mid") & Q(mid__gt=0) & ~Q(mid_source="")),
                _("Give the smallest difference people notice together with where it is from."),
            ),
            _check(
                "somebody_was_studied",
                (_empty("people") | Q(people__gt=0)) & (_empty("studies") | Q(studies__gt=0)),
                _("Leave the number of people or studies empty where it is not known."),
            ),
        ]

    def __str__(self) -> str:
        """The finding in one line, the same in every language, as the words of a claim are."""
        parts = [self._arms, self._out_of, self._range, self.time, self.direction.replace("_", " ")]
        return f"{self.outcome}: {', '.join(part for part in parts if part)}"

    @property
    def _arms(self) -> str:
        values = (self.comparator, self.without_value), (self.intervention, self.with_value)
        arms = [f"{name} {figure_text(value)}".strip() for name, value in values]
        if self.difference is not None:
            arms.append(f"difference {figure_text(self.difference)}")
        return ", ".join(arms)

    @property
    def _out_of(self) -> str:
        return f"of {self.base} {self.unit}" if self.base else self.unit

    @property
    def _range(self) -> str:
        if not self.interval_of:
            return ""
        return f"{self.interval_of} {figure_text(self.low)} to {figure_text(self.high)}"

    def values_of_claim(self) -> dict[str, Any]:
        return {
            **super().values_of_claim(),
            "outcome": self.outcome_term or self.outcome,
            "population": self.population,
            "comparator": self.comparator,
            "direction": self.direction,
            "size": self.size,
        }

    def clean(self) -> None:
        self.unit = " ".join(self.unit.split())
        if self.kind == self.Kind.COUNT:
            self.unit = self.unit.lower()
        self.starting_risks = checked_risks(self.starting_risks)
        if self.starting_risks and self.kind != self.Kind.COUNT:
            raise ValidationError(
                {"starting_risks": _("Only a count has starting risks.")}, code="risks_of_no_count"
            )


def figure_text(value: Decimal | None) -> str:
    """Return a figure as frozen texts have it: no exponent, no zeros at its end; "" for None."""
    if value is None:
        return ""
    plain = format(value, "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in {"-0", ""} else plain


def checked_risks(risks: Any) -> list[dict[str, str]]:
    """Return starting `risks` as [{"label", "without", "with", "low", "high"}], figures as text.

    "low" and "high" are those of the value with the treatment; both are "" where they are not
    known. Raises ValidationError for anything else.
    """
    if not isinstance(risks, list) or len(risks) > _MOST_RISKS:
        raise ValidationError(
            {"starting_risks": _("Give at most three starting risks.")}, code="too_many_risks"
        )
    return [_checked_risk(risk) for risk in risks]


def _checked_risk(risk: Any) -> dict[str, str]:
    problem = ValidationError(
        {
            "starting_risks": _(
                "Write each starting risk as: label; without; with; low; high. For example: high"
                " risk; 1200; 924."
            )
        },
        code="no_risk",
    )
    if not isinstance(risk, dict):
        raise problem
    label = str(risk.get("label", "")).strip()[:_LONGEST_LABEL]
    figures: dict[str, str] = {}
    for name in _RISK_NUMBERS:
        text = str(risk.get(name, "")).strip().replace("−", "-")
        if text and not _is_figure(text):
            raise problem
        figures[name] = figure_text(Decimal(text)) if text else ""
    if not (label and figures["without"] and figures["with"]):
        raise problem
    if bool(figures["low"]) != bool(figures["high"]):
        raise problem
    if figures["low"] and not (
        Decimal(figures["low"]) <= Decimal(figures["with"]) <= Decimal(figures["high"])
    ):
        raise problem
    return {"label": label, **figures}


def _is_figure(text: str) -> bool:
    # Decimal itself also takes "NaN" and "1e999".
    whole, _point, part = text.partition(".")
    return len(text) <= 9 and (whole + part).isascii() and (whole + part).isdigit()
