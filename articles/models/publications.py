"""What readers get: publications, withdrawals, and safety notices."""

from datetime import date

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from physiohub.db import models

from .article import Article
from .identified import Identified
from .insert_only import InsertOnly
from .querysets import PublicationQuerySet
from .revisions import Revision


class Publication(InsertOnly):
    """An approved revision that went live. Public pages read nothing else."""

    class Significance(models.TextChoices):
        CLINICAL = "clinical", _("what we say has changed")
        EDITORIAL = "editorial", _("only wording or layout has changed")
        CORRECTION = "correction", _("a small mistake was put right")

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="publications")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="publications")
    number = models.PositiveIntegerField()
    # As frozen in the revision: where readers find it must not follow the draft.
    slug = models.SlugField(max_length=80, allow_unicode=True)
    language = models.CharField(max_length=10)
    change_note = models.CharField(max_length=500, blank=True)
    significance = models.CharField(
        max_length=10, choices=Significance, default=Significance.CLINICAL
    )
    # Who approved, as readers see it: name, role, when, which kind of review.
    approvals = models.JSONField(default=list)
    # Why it went out in an emergency, before a colleague had checked it; else empty.
    override_reason = models.TextField(blank=True)
    # Check messages that somebody signed an exception for: {message, reason, by_name}.
    exceptions = models.JSONField(default=list)
    # As articles.revisions.review_dates computed it then.
    review_due_on = models.DateField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    objects = PublicationQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["article", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "number"], name="a_publication_number_is_used_once"
            ),
        ]
        indexes = [models.Index(fields=["slug", "-number"], name="publication_slug")]

    def __str__(self) -> str:
        return f"{self.revision} ({self.at:%Y-%m-%d})"

    def get_absolute_url(self) -> str:
        return reverse("articles:article", args=[self.slug])

    @property
    def is_emergency(self) -> bool:
        """Whether it went out before a colleague had done every check that was asked for."""
        return bool(self.override_reason)

    def last_searched_on(self) -> date:
        """Return the day of the last search for evidence: by the last confirmation, else the text.

        One query, and one for the text where it was not fetched.
        """
        if confirmation := self.confirmations.first():
            return confirmation.evidence_searched_on
        frozen = self.revision.content["evidence_searched_on"]
        return date.fromisoformat(frozen) if frozen else self.at.date()


class PublishedCitation(InsertOnly):
    """The text of a publication names a reference: an index, so that a retraction finds its pages.

    Made of the frozen text alone. It has the uid, as the text does: the row may be merged into
    another.
    """

    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, related_name="published_citations"
    )
    reference_uid = models.UUIDField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "reference_uid"], name="a_publication_names_a_reference_once"
            ),
        ]
        indexes = [
            models.Index(fields=["reference_uid", "-publication"], name="published_reference")
        ]

    def __str__(self) -> str:
        return f"{self.publication}: {self.reference_uid}"


class PublishedWork(models.Model):
    """A work that live pages name, as one of them froze it: the public list of references.

    An index, made again for a work whenever a page that names it is published or withdrawn, or its
    rows are merged (articles.live.cited_works). `entry` is the frozen copy; `uid` is that of the
    row the others were merged into.
    """

    uid = models.UUIDField(unique=True)
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="+")
    entry = models.JSONField()
    design = models.CharField(max_length=20, blank=True)
    sort_key = models.CharField(max_length=120)
    search_key = models.TextField(
        help_text=_("Names, title, journal and year in plain letters, a blank between two.")
    )

    class Meta:
        ordering = ["sort_key", "pk"]
        indexes = [
            models.Index(fields=["sort_key"], name="published_work_order"),
            models.Index(fields=["design", "sort_key"], name="published_work_kind"),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class Withdrawal(InsertOnly):
    """A publication was taken off the site. A later publication puts the article back."""

    publication = models.OneToOneField(
        Publication, on_delete=models.PROTECT, related_name="withdrawal"
    )
    reason = models.CharField(max_length=500, help_text=_("What readers are told."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.publication}: {self.reason}"


class Confirmation(InsertOnly):
    """Somebody looked again and found that the live text is still right. No edit."""

    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, related_name="confirmations"
    )
    evidence_searched_on = models.DateField()
    note = models.CharField(max_length=500, blank=True)
    review_due_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.publication}: {self.evidence_searched_on}"


class Schedule(models.Model):
    """An approved revision that will go live at a set time."""

    class Outcome(models.TextChoices):
        WAITING = "", _("waiting")
        PUBLISHED = "published", _("published")
        REFUSED = "refused", _("refused")
        CANCELLED = "cancelled", _("cancelled")

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="schedules")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="schedules")
    publish_at = models.DateTimeField()
    change_note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, blank=True, choices=Outcome, default=Outcome.WAITING)
    said = models.TextField(blank=True)  # why it was refused
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["publish_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(outcome=""),
                name="an_article_waits_for_one_publication",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", ended_at=None)
                | (~Q(outcome="") & Q(ended_at__isnull=False)),
                name="a_schedule_ends_with_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision} ({self.publish_at:%Y-%m-%d %H:%M})"


class SafetyNotice(Identified):
    """A warning over a live page, apart from its frozen text: a cited paper was retracted, say."""

    class Kind(models.TextChoices):
        RETRACTED_SOURCE = "retracted_source", _("a source was retracted")
        CONCERN_SOURCE = "concern_source", _("a source is in doubt")
        ADVICE_WITHDRAWN = "advice_withdrawn", _("advice was withdrawn")
        OTHER = "other", _("other")

    #: While such a notice is open, the claims it names are checked again.
    KINDS_ABOUT_SOURCES = (Kind.RETRACTED_SOURCE, Kind.CONCERN_SOURCE)

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="safety_notices")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.OTHER)
    text = models.CharField(max_length=500, help_text=_("What readers are told, in plain words."))
    reference = models.ForeignKey(
        "references.Reference",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="safety_notices",
    )
    #: The notice about the work that it passes on (references.Notice.uid); none when a person wrote
    #: it.
    notice_uid = models.UUIDField(null=True, blank=True, editable=False)
    claim_keys = models.JSONField(default=list, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    opened_at = models.DateTimeField(editable=False)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    resolved_at = models.DateTimeField(null=True, blank=True, editable=False)
    resolution = models.CharField(max_length=500, blank=True)

    #: The uids of all rows of the work it is about: set by articles.live.pages.open_notices.
    source_uids: frozenset[str] = frozenset()
    #: Pages name the reference they were frozen with, so a notice stays with that one.
    stays_when_merged = True

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at=None) | (Q(resolved_by__isnull=False) & ~Q(resolution="")),
                name="a_resolved_notice_says_by_whom_and_how",
            ),
            models.UniqueConstraint(
                fields=["article", "notice_uid"], name="a_notice_is_passed_on_once_to_an_article"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_about_source(self) -> bool:
        return self.kind in self.KINDS_ABOUT_SOURCES
