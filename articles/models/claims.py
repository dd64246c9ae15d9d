"""Claims and the evidence for them."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from articles.richtext.allowed_html import CLAIM_KEY
from articles.richtext.markers import new_key
from physiohub.db import models
from references.models import Design

from .article import Article
from .identified import Identified
from .querysets import CitationQuerySet


class Certainty(models.TextChoices):
    """GRADE's four levels for a body of evidence, and two states for having no level."""

    HIGH = "high", _("high")
    MODERATE = "moderate", _("moderate")
    LOW = "low", _("low")
    VERY_LOW = "very-low", _("very low")
    NONE = "none", _("no studies found")
    NOT_RATED = "not-rated", _("not rated yet")


class Direction(models.TextChoices):
    """What the treatment does to the outcome of a claim."""

    BETTER = "better", _("better")
    WORSE = "worse", _("worse")
    NO_DIFFERENCE = "no_difference", _("no difference")
    UNCLEAR = "unclear", _("unclear: the studies cannot tell")
    HARM = "harm", _("harm")
    FACT = "fact", _("a fact, not an effect")


class Size(models.TextChoices):
    """How large that effect is."""

    LARGE = "large", _("large")
    MODERATE = "moderate", _("moderate")
    SMALL = "small", _("small")
    NONE = "none", _("none")
    UNKNOWN = "unknown", _("unknown")


class Claim(Identified):
    """A sentence of the article that a study could prove wrong.

    A marked phrase in the body is one. So is a side effect, a contraindication, a condition it is
    said to help, a recommendation. Citations belong to claims, and to nothing else.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("phrase in the text")
        CONDITION = "condition", _("condition it is tried for")
        INDICATION = "indication", _("people it may suit")
        SIDE_EFFECT = "side_effect", _("side effect")
        CONTRAINDICATION = "contraindication", _("reason not to have it")
        RECOMMENDATION = "recommendation", _("advice")
        FINDING = "finding", _("finding")

    #: GRADE's reasons to rate down (first five) and up (last three).
    REASONS = [
        "risk_of_bias",
        "inconsistency",
        "indirectness",
        "imprecision",
        "publication_bias",
        "large_effect",
        "dose_response",
        "confounding_opposes",
    ]

    belongs_to = "article"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="claims")
    key = models.CharField(max_length=10, default=new_key, editable=False)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.TEXT)
    text = models.TextField(help_text=_("The words readers see."))
    checked_text = models.TextField(
        blank=True,
        help_text=_("The words as they were when evidence was last linked."),
        editable=False,
    )
    position = models.PositiveIntegerField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("Order in the text; empty when the marker was removed."),
    )
    population = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=200, blank=True)
    comparator = models.CharField(max_length=200, blank=True)
    direction = models.CharField(max_length=14, choices=Direction, blank=True)
    size = models.CharField(max_length=10, choices=Size, default=Size.UNKNOWN)
    certainty = models.CharField(max_length=10, choices=Certainty, default=Certainty.NOT_RATED)
    certainty_reasons = models.JSONField(default=list, blank=True)
    certainty_note = models.CharField(
        max_length=500,
        blank=True,
        help_text=_("Why this level. Needed above what the evidence allows by itself."),
    )
    rated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    rated_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = [F("position").asc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "key"], name="a_claim_key_is_used_once_in_an_article"
            ),
            models.CheckConstraint(
                condition=Q(certainty__in=Certainty.values),
                name="a_claims_certainty_is_a_known_level",
            ),
            models.CheckConstraint(
                condition=Q(rated_by=None, rated_at=None)
                | Q(rated_by__isnull=False, rated_at__isnull=False),
                name="a_rating_names_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return self.text or self.key

    @property
    def wording_has_changed(self) -> bool:
        """Whether its text differs from the text that its evidence was linked to."""
        return bool(self.checked_text) and self.text != self.checked_text

    def clean(self) -> None:
        if not CLAIM_KEY.match(self.key):
            raise ValidationError(
                _("The claim's key is not one of ours. Mark the phrase again."), code="bad_key"
            )
        unknown = set(self.certainty_reasons) - set(self.REASONS)
        if unknown:
            raise ValidationError(
                {
                    "certainty_reasons": (
                        _("Choose reasons from this list: %s.") % ", ".join(self.REASONS)
                    )
                },
                code="unknown_reason",
            )


class Stance(models.TextChoices):
    """What a reference says about a claim."""

    SUPPORTS = "supports", _("supports it")
    CONTRADICTS = "contradicts", _("speaks against it")
    MIXED = "mixed", _("mixed results")
    BACKGROUND = "background", _("background only")


#: Scales on which sources rate themselves.
SOURCE_SCHEMES = ("GRADE", "SORT", "1A-2C", "A-F", "own")


class Citation(Identified):
    """What one reference says about one claim.

    Only the claim has a certainty of ours; that of the source itself is in its own words.
    """

    class PopulationMatch(models.TextChoices):
        SAME = "same", _("the same kind of people")
        SIMILAR = "similar", _("similar people")
        DIFFERENT = "different", _("different people")

    class Locator(models.TextChoices):
        PAGE = "page", _("page")
        SECTION = "section", _("section")
        TABLE = "table", _("table")
        FIGURE = "figure", _("figure")
        PARAGRAPH = "paragraph", _("paragraph")

    belongs_to = "claim"

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="citations")
    reference = models.ForeignKey(
        "references.Reference", on_delete=models.PROTECT, related_name="citations"
    )
    position = models.PositiveIntegerField(default=0)
    stance = models.CharField(max_length=12, choices=Stance, default=Stance.SUPPORTS)
    design = models.CharField(
        _("kind of study, as used here"),
        max_length=20,
        choices=Design,
        blank=True,
        help_text=_("Empty: as the reference says."),
    )
    population_match = models.CharField(max_length=10, choices=PopulationMatch, blank=True)
    effect = models.JSONField(null=True, blank=True, editable=False)
    source_certainty = models.CharField(
        max_length=60, blank=True, help_text=_("In the source's own words.")
    )
    source_scheme = models.CharField(
        max_length=20, blank=True, help_text=_("GRADE, SORT, 1A-2C, A-F or own.")
    )
    includes_retracted = models.BooleanField(
        _("it counts a study that was taken back"),
        default=False,
        help_text=_("For a review that rests on a retracted trial. Readers are told."),
    )
    locator_kind = models.CharField(max_length=10, choices=Locator, blank=True)
    locator = models.CharField(max_length=60, blank=True)
    quote = models.CharField(
        max_length=400, blank=True, help_text=_("Word for word, at most 400 characters.")
    )
    quote_language = models.CharField(max_length=10, blank=True)
    note_public = models.CharField(
        max_length=200, blank=True, help_text=_("For readers, in plain words.")
    )
    note_private = models.TextField(blank=True, help_text=_("For colleagues."))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    added_at = models.DateTimeField(auto_now_add=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    override_reason = models.CharField(
        max_length=300,
        blank=True,
        help_text=_("Only to cite a retracted work or a notice on purpose: why."),
    )
    override_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    #: Editing one of these clears the second person's check.
    CHECKED_FIELDS = (
        "reference_id",
        "stance",
        "design",
        "locator_kind",
        "locator",
        "quote",
        "source_certainty",
        "source_scheme",
        "includes_retracted",
    )

    objects = CitationQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("evidence link")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "reference", "stance"],
                name="a_reference_takes_each_stance_once_on_a_claim",
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None, checked_at=None)
                | Q(checked_by__isnull=False, checked_at__isnull=False),
                name="an_evidence_check_names_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | Q(added_by=None) | ~Q(checked_by=F("added_by")),
                name="evidence_is_checked_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(stance__in=Stance.values), name="a_stance_is_a_known_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stance_display()}: {self.reference}"

    @property
    def design_used(self) -> str:
        return self.design or self.reference.design

    def checked_values(self) -> list[Any]:
        """Return what the second person looks at; where it changes, call `clear_check`."""
        return [getattr(self, name) for name in self.CHECKED_FIELDS]

    def clear_check(self) -> None:
        """Take back the second person's check. Does not save."""
        self.checked_by = self.checked_at = None

    clear_check.alters_data = True  # type: ignore[attr-defined]
