"""Accounts: what two people must agree on, and wrong passwords."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.validators import validate_email
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from physiohub.db import models


class AccessRequest(models.Model):
    """One person asks for what only two may give: a role with power, or a new e-mail address.

    Passwords are sent to the address, so it is as good as the account.
    """

    class Outcome(models.TextChoices):
        OPEN = "open", _("waits for a second person")
        AGREED = "agreed", _("agreed")
        DECLINED = "declined", _("declined")
        TAKEN_BACK = "taken_back", _("taken back")
        LAPSED = "lapsed", _("lapsed: nobody decided in time")

    #: How long it waits. What was right to ask two weeks ago may not be right to give today.
    LASTS = timedelta(days=14)

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="access_requests"
    )
    #: The role asked for; None where the address is.
    role = models.ForeignKey(Group, null=True, blank=True, on_delete=models.CASCADE)
    email = models.CharField(
        _("e-mail address"), max_length=254, blank=True, validators=[validate_email]
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("request for access")
        verbose_name_plural = _("requests for access")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role"],
                condition=Q(outcome="open", role__isnull=False),
                name="one_open_request_for_a_role",
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(outcome="open", role__isnull=True),
                name="one_open_request_for_an_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.wanted}"

    @property
    def wanted(self) -> str:
        """What is asked for, in words."""
        if self.role is not None:
            return _("the role %s") % self.role
        return _("the e-mail address %s") % self.email

    @property
    def lapses_at(self) -> datetime:
        """The moment (aware) from which nobody can agree any more."""
        return self.asked_at + self.LASTS

    def is_open(self, *, at: datetime) -> bool:
        """Whether somebody can still decide at the moment `at`."""
        return self.outcome == self.Outcome.OPEN and at < self.lapses_at


class WrongPassword(models.Model):
    """One try to log in that has not succeeded, kept for a quarter of an hour."""

    #: A keyed hash of the name and the address it was tried from.
    key = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["key", "at"], name="wrong_password_key")]
