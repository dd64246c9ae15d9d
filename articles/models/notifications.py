"""What people are told, and how they want to be told."""

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from physiohub.db import models

from .article import Article


class Notification(models.Model):
    """One thing one person is told: a line in their inbox, and theirs alone.

    Written in the transaction of the act that it tells of (articles.notifications.inbox).
    """

    class Kind(models.TextChoices):
        REVIEW = "review", _("reviews")
        DECISION = "decision", _("decisions")
        REMARK = "remark", _("remarks")
        PUBLISHING = "publishing", _("publishing")
        SOURCE = "source", _("sources")
        DUE = "due", _("what is due")

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.CharField(max_length=500)
    address = models.CharField(
        max_length=300, help_text=_("Where it leads: a path within this site.")
    )
    article = models.ForeignKey(
        Article, null=True, blank=True, on_delete=models.CASCADE, related_name="notifications"
    )
    #: Names what is told, where telling it twice would be wrong; else empty.
    key = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "key"],
                condition=~Q(key=""),
                name="nobody_is_told_the_same_thing_twice",
            ),
            models.CheckConstraint(
                condition=Q(address__startswith="/") & ~Q(address__startswith="//"),
                name="a_notification_leads_within_the_site",
            ),
        ]
        indexes = [
            models.Index(
                fields=["recipient", "-at"], condition=Q(read_at=None), name="notification_unread"
            ),
            models.Index(fields=["recipient", "-at"], name="notification_inbox"),
        ]

    def __str__(self):
        return self.text


class Delivery(models.Model):
    """How one person wants to be told by e-mail, and how far that has come.

    Who has no row has a digest a day.
    """

    class How(models.TextChoices):
        AT_ONCE = "at_once", _("at once")
        DAILY = "daily", _("once a day")
        NEVER = "never", _("never")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="delivery"
    )
    how = models.CharField(max_length=8, choices=How, default=How.DAILY)
    #: The last day they had their digest.
    digest_on = models.DateField(null=True, blank=True)
    #: Who sends to them right now has the word for it until then; see articles.notifications.email.
    claimed_until = models.DateTimeField(null=True, blank=True)
    #: Their address was refused: how often, since when, when it is tried again, and what the mail
    #: server said.
    tries = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    again_at = models.DateTimeField(null=True, blank=True)
    said = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["user"]
        verbose_name = _("way of being told")
        verbose_name_plural = _("ways of being told")

    def __str__(self):
        return f"{self.user}: {self.get_how_display()}"


class MailOutage(models.Model):
    """There is one row while the mail server does not take anything, and none while it does."""

    since = models.DateTimeField()
    tries = models.PositiveIntegerField(default=1)
    again_at = models.DateTimeField()
    said = models.CharField(max_length=300)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("time without mail")
        verbose_name_plural = _("times without mail")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="there_is_one_mail_server")]

    def __str__(self):
        return self.said
