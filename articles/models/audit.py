"""Who did what, when."""

from django.utils.translation import gettext_lazy as _

from physiohub.db import models

from .insert_only import InsertOnly


class AuditEntry(InsertOnly):
    """One act. Names people by id and name as text, so that it outlives their accounts."""

    class Act(models.TextChoices):
        EDITED = "edited", _("edited")
        IMPORTED = "imported", _("imported")
        SUBMITTED = "submitted", _("asked for review")
        CHECKED_EVIDENCE = "checked_evidence", _("checked evidence")
        DISPUTED_EVIDENCE = "disputed_evidence", _("found that a source does not say it")
        APPROVED = "approved", _("approved")
        CHANGES_REQUESTED = "changes_requested", _("asked for changes")
        DECLINED = "declined", _("declined")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrew")
        NOTICE_OPENED = "notice_opened", _("opened a safety notice")
        NOTICE_RESOLVED = "notice_resolved", _("resolved a safety notice")
        REOPENED = "reopened", _("reopened claims")
        ASSIGNED = "assigned", _("assigned a review")
        COMMENTED = "commented", _("made a comment")
        SETTLED = "settled", _("settled a comment")
        UNSETTLED = "unsettled", _("reopened a comment")
        SCHEDULED = "scheduled", _("set a time for publishing")
        UNSCHEDULED = "unscheduled", _("took back the time for publishing")
        SCHEDULE_REFUSED = "schedule_refused", _("did not publish at the time set")
        CORRECTED = "corrected", _("published a correction")
        CONFIRMED = "confirmed", _("confirmed as still current")
        INVITED = "invited", _("invited a reader")
        REVOKED = "revoked", _("took back an invitation")
        OPENED = "opened", _("opened an invitation")
        ANSWERED = "answered", _("answered questions")
        RESTORED = "restored", _("brought back earlier text")
        SIGNED = "signed", _("signed an exception")
        OVERRODE = "overrode", _("overrode a rule")
        ACCOUNT = "account", _("changed who may do what")
        PASSWORD = "password", _("changed a password")
        FACTOR = "second_factor", _("changed a second factor")
        LOGGED_IN = "logged_in", _("logged in")
        NOT_LET_IN = "not_let_in", _("was not let in")
        REFUSED = "refused", _("was refused a page")

    #: Acts about accounts. Only people who may see accounts read them.
    OF_ACCOUNTS = (
        Act.ACCOUNT,
        Act.PASSWORD,
        Act.FACTOR,
        Act.LOGGED_IN,
        Act.NOT_LET_IN,
        Act.REFUSED,
    )
    #: The name of the actor where nobody but the site itself acted.
    THE_SITE = "the site"

    at = models.DateTimeField()
    act = models.CharField(max_length=20, choices=Act)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    #: What was acted on: an article, or a shared thing articles show (a reference, a condition, a
    #: person …).
    subject_type = models.CharField(max_length=40)
    subject_uid = models.UUIDField()
    subject_name = models.CharField(max_length=300)
    digest = models.CharField(max_length=64, blank=True)
    summary = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = _("audit log")
        indexes = [models.Index(fields=["subject_uid", "act", "at"], name="audit_subject")]

    def __str__(self) -> str:
        return (
            f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.get_act_display()}: {self.subject_name}"
        )

    @property
    def actor(self) -> str:
        """Who acted. The name of an invited reader was typed by who invited them, so it is marked:
        it may be that of an account.
        """
        if self.actor_id is None and self.actor_name != self.THE_SITE:
            return _("%s (invited reader)") % self.actor_name
        return self.actor_name
