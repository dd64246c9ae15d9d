"""Notifications, and how people want to get them."""

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from physiohub.db import models

from .article import Article


class Notification(models.Model):
    """A line in one person's inbox, which only they see.

    Written in the transaction of the act that it is about (articles.notifications.inbox).
    """

    class Kind(models.TextChoices):
        REVIEW = "review", _("reviews")
        DECISION = "decision", _("decisions")
        REMARK = "remark", _("comments")
        PUBLISHING = "publishing", _("publishing")
        SOURCE = "source", _("sources")
        DUE = "due", _("what is due")
        TERM = "term", _("shared words")
        ACCOUNT = "account", _("your account")

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
    #: Names what it is about, where a second notification would be wrong; else empty.
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

    def __str__(self) -> str:
        return self.text


class Delivery(models.Model):
    """How one person wants their notifications by e-mail, and what was sent so far.

    A person without a row gets one digest a day.
    """

    class How(models.TextChoices):
        AT_ONCE = "at_once", _("at once")
        DAILY = "daily", _("once a day")
        NEVER = "never", _("never")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="delivery"
    )
    how = models.CharField(max_length=8, choices=How, default=How.DAILY)
    #: The last day they got their digest.
    digest_on = models.DateField(null=True, blank=True)
    #: The process that sends to them right now holds them until then; see
    #: articles.notifications.email.
    claimed_until = models.DateTimeField(null=True, blank=True)
    #: Their address was refused: how often, since when, when it is tried again, and the answer of
    #: the mail server.
    tries = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    again_at = models.DateTimeField(null=True, blank=True)
    said = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["user"]
        verbose_name = _("way of being told")
        verbose_name_plural = _("ways of being told")

    def __str__(self) -> str:
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

    def __str__(self) -> str:
        return self.said
