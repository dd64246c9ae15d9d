"""The forms people log in with, and the one for a forgotten password."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from physiohub.network import network_address

from . import log_ins, recording

TOO_OFTEN = "too_often"


class LogInForm(AdminAuthenticationForm):
    """`again_in` is how many seconds to wait, 0 where the password was looked at."""

    again_in = 0

    def clean(self) -> dict[str, Any]:
        username = self.cleaned_data.get("username")
        if not username or not self.cleaned_data.get("password"):
            return super().clean()
        address = network_address(self.request) if self.request else ""
        try:
            attempt = log_ins.count_try(username, address, at=timezone.now())
        except log_ins.TooOften as error:
            self.again_in = error.again_in
            raise ValidationError(_too_often(error.again_in), code=TOO_OFTEN) from error
        cleaned = super().clean()
        attempt.delete()
        return cleaned


def _too_often(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return (
        ngettext(
            "Too many wrong passwords or codes for this name from here. Try again in %s minute, or"
            " ask an administrator for a link to set a new one.",
            "Too many wrong passwords or codes for this name from here. Try again in %s minutes,"
            " or ask an administrator for a link to set a new one.",
            minutes,
        )
        % minutes
    )


class CodeForm(forms.Form):
    """One code. Wrong ones are counted as wrong passwords are, and with them.

    `again_in` is how many seconds to wait, 0 where the code was looked at. `is_right` looks at it,
    and uses it up.
    """

    again_in = 0
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "autofocus": True,
                "spellcheck": "false",
            }
        ),
    )
    remember = forms.BooleanField(required=False)

    def __init__(
        self,
        *args: Any,
        request: HttpRequest,
        account: User,
        is_right: Callable[[str], bool],
        may_remember: bool = False,
    ) -> None:
        super().__init__(*args)
        self.request, self.account, self.is_right = request, account, is_right
        days = settings.REMEMBER_DEVICE_DAYS
        if may_remember and days:
            label = ngettext(
                "Do not ask again on this device for %s day",
                "Do not ask again on this device for %s days",
                days,
            )
            self.fields["remember"].label = label % days
        else:
            del self.fields["remember"]

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"]
        name, address = self.account.get_username(), network_address(self.request)
        try:
            attempt = log_ins.count_try(name, address, at=timezone.now())
        except log_ins.TooOften as error:
            self.again_in = error.again_in
            raise ValidationError(_too_often(error.again_in), code=TOO_OFTEN) from error
        if not self.is_right(typed):
            recording.enter_wrong_code(self.account)
            raise ValidationError(
                _("That code is not right, or it was used already. Wait for the next one."),
                code="wrong",
            )
        attempt.delete()
        return typed


class ForgottenForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
