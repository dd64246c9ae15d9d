"""Accounts: what two people must agree on, wrong passwords, and browsers that are known."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.validators import validate_email
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from physiohub.db import models


class AccessRequest(models.Model):
    """One person asks for what only two may give to an account with power.

    That is a role, a new e-mail address, or a link to set up a new second factor. Links to set a
    password go to the address, so it is half of the account, and the second factor the other half.
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
    #: The role asked for; None where something else is.
    role = models.ForeignKey(Group, null=True, blank=True, on_delete=models.CASCADE)
    email = models.CharField(
        _("e-mail address"), max_length=254, blank=True, validators=[validate_email]
    )
    is_second_factor = models.BooleanField(_("a new second factor"), default=False)
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
                condition=Q(outcome="open", role__isnull=True, is_second_factor=False),
                name="one_open_request_for_an_address",
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(outcome="open", is_second_factor=True),
                name="one_open_request_for_a_second_factor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.wanted}"

    @property
    def wanted(self) -> str:
        """What is asked for, in words."""
        if self.role is not None:
            return _("the role %s") % self.role
        if self.is_second_factor:
            return gettext("a link to set up a new second factor")
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


class RememberedDevice(models.Model):
    """A browser that is not asked for a code for some days (REMEMBER_DEVICE_DAYS).

    It holds a secret in a cookie; here is only a hash of it.
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="remembered_devices"
    )
    key = models.CharField(max_length=64, unique=True)
    #: A keyed hash of the password and the second factor. With either of them new, it is forgotten.
    bound_to = models.CharField(max_length=64)
    agent = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.agent or gettext("unknown browser")
