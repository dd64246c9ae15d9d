"""Asking for review, reviewing, deciding."""

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from physiohub.db import models

from .article import Article
from .identified import Identified
from .insert_only import InsertOnly
from .revisions import Revision


class ReviewRequest(models.Model):
    """Somebody asks for this exact revision to be reviewed."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="review_requests")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="review_requests")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField()
    note = models.TextField(blank=True, help_text=_("What reviewers should look at."))
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(closed_at=None),
                name="an_article_has_one_open_review_request",
            )
        ]

    def __str__(self) -> str:
        return str(self.revision)


class ReviewTask(models.Model):
    """One point of view from which a text is reviewed. Tasks run in parallel."""

    class Kind(models.TextChoices):
        CLINICAL = "clinical", _("clinical")
        PLAIN_LANGUAGE = "plain_language", _("plain language")
        PATIENT_READER = "patient_reader", _("patient reader")

    request = models.ForeignKey(ReviewRequest, on_delete=models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.CLINICAL)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="review_tasks",
    )
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "kind"], name="a_request_has_one_task_of_a_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.request}"


class Decision(InsertOnly):
    """What a reviewer decided about one exact text, named by its digest."""

    class Verdict(models.TextChoices):
        APPROVE = "approve", _("approved")
        CHANGES = "changes", _("asked for changes")
        DECLINE = "decline", _("declined")

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="decisions")
    task = models.ForeignKey(
        ReviewTask, null=True, on_delete=models.PROTECT, related_name="decisions"
    )
    verdict = models.CharField(max_length=8, choices=Verdict)
    digest = models.CharField(max_length=64)
    row_digests = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    answers = models.JSONField(default=list)  # checklist questions frozen with their answers
    # What the point of view of patients rests on: how they were reached, as the editor says it, and
    # the invited reader who answered. Empty from other points of view.
    reached = models.CharField(max_length=300, blank=True)
    invitation = models.ForeignKey(
        "Invitation", null=True, on_delete=models.PROTECT, related_name="decisions"
    )
    interests = models.TextField(blank=True)  # declared interests at that moment
    override_reason = models.TextField(blank=True)
    # Check messages that somebody signed an exception for, as the reviewer saw them.
    exceptions = models.JSONField(default=list)
    # How often the article had been published or withdrawn before. A decision holds for its own
    # round only, so text that is brought back from an earlier one is read again. Counted, because
    # clocks jump.
    round = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=150)
    by_role = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["digest"], name="decision_digest")]

    def __str__(self) -> str:
        return f"{self.by_name} {self.get_verdict_display()}: {self.revision}"


class SignedException(InsertOnly):
    """Somebody answers for one check message, with a reason. It holds for those words alone."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="signed_exceptions")
    code = models.CharField(max_length=80)
    place = models.CharField(max_length=80, blank=True)
    # Of the row it is about; of the whole text where it is about no row.
    digest = models.CharField(max_length=64)
    message = models.TextField()
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="an_exception_has_a_reason")
        ]

    def __str__(self) -> str:
        return f"{self.by_name}: {self.reason}"


class Interest(models.Model):
    """What a reviewer may gain or lose by what pages say about a topic. Ended, never deleted."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="interests"
    )
    topic = models.CharField(
        max_length=120,
        blank=True,
        help_text=_(
            "A word of the titles, tags or conditions it bears on. Empty: it bears on every"
            " article."
        ),
    )
    text = models.CharField(
        _("interest"),
        max_length=300,
        help_text=_("For example: I am paid to teach courses on dry needling."),
    )
    declared_at = models.DateTimeField(editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-declared_at", "-pk"]
        verbose_name = _("declared interest")

    def __str__(self) -> str:
        return self.text


class Invitation(models.Model):
    """Lets one person without an account read one revision and comment on it, for a while.

    The address holds a secret. Only its SHA-256 is stored, so nobody who reads the database can use
    it.
    """

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="invitations")
    name = models.CharField(
        max_length=150, help_text=_("Who is asked. Their comments carry this name.")
    )
    secret_digest = models.CharField(max_length=64, unique=True)
    questions = models.JSONField(default=list)
    #: [{question, answer}] once given.
    answers = models.JSONField(default=list)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-invited_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name}: {self.revision}"


class Comment(Identified):
    """A comment on a sentence, or a reply to one.

    It names a row's uid and quotes the words, so it survives edits. It also survives the account of
    the person who wrote it: the name stays.
    """

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="comments")
    row_uid = models.UUIDField(null=True, blank=True)
    quoted = models.TextField(blank=True)
    text = models.TextField()
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    is_blocking = models.BooleanField(_("must be settled before publishing"), default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=150)
    # Set where a guest without an account wrote it.
    invitation = models.ForeignKey(
        Invitation, null=True, blank=True, on_delete=models.PROTECT, related_name="comments"
    )
    at = models.DateTimeField()
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    resolved_by_name = models.CharField(max_length=150, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None, resolved_by_name="")
                | (Q(resolved_at__isnull=False) & ~Q(resolved_by_name="")),
                name="a_settled_comment_names_who_and_when",
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def author(self) -> str:
        """Who wrote it. The name of an invited reader was typed by who invited them, so it is
        marked: it may be that of an account.
        """
        return _("%s (invited reader)") % self.by_name if self.invitation_id else self.by_name
