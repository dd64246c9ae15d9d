"""Asking for review, reviewing, deciding."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .article import Article
from .identified import Identified
from .insert_only import InsertOnly
from .revisions import Revision


class ReviewRequest(models.Model):
    """Somebody asks for this exact revision to be reviewed."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="review_requests")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="review_requests")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    note = models.TextField(blank=True, help_text=_("What reviewers should look at."))
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["article"], condition=Q(closed_at=None), name="an_article_has_one_open_review_request"
            )
        ]

    def __str__(self):
        return str(self.revision)


class ReviewTask(models.Model):
    """One point of view a request is read from. Tasks run in parallel."""

    class Kind(models.TextChoices):
        CLINICAL = "clinical", _("clinical")
        PLAIN_LANGUAGE = "plain_language", _("plain language")
        PATIENT_READER = "patient_reader", _("patient reader")

    request = models.ForeignKey(ReviewRequest, on_delete=models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.CLINICAL)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="review_tasks"
    )
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "kind"], name="a_request_has_one_task_of_a_kind"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.request}"


class Decision(InsertOnly):
    """What a reviewer decided about one exact text. Names its digest, so it never speaks for another."""

    class Verdict(models.TextChoices):
        APPROVE = "approve", _("approved")
        CHANGES = "changes", _("asked for changes")
        DECLINE = "decline", _("declined")

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="decisions")
    task = models.ForeignKey(ReviewTask, null=True, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=8, choices=Verdict)
    digest = models.CharField(max_length=64)
    row_digests = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    answers = models.JSONField(default=dict)  # checklist questions frozen with their answers
    interests = models.TextField(blank=True)  # declared interests at that moment
    override_reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=150)
    by_role = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["digest"], name="decision_digest")]

    def __str__(self):
        return f"{self.by_name} {self.get_verdict_display()}: {self.revision}"


class Comment(Identified):
    """A remark on a sentence. Anchored to a row's uid and the words quoted, so it survives edits."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="comments")
    row_uid = models.UUIDField(null=True, blank=True)
    quoted = models.TextField(blank=True)
    text = models.TextField()
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies")
    is_blocking = models.BooleanField(_("must be settled before publishing"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_by=None, resolved_at=None)
                | Q(resolved_by__isnull=False, resolved_at__isnull=False),
                name="a_settled_comment_names_who_and_when",
            )
        ]

    def __str__(self):
        return self.text[:80]
