"""The form people log in with, and the one for a forgotten password."""

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from physiohub.network import network_address

from . import log_ins

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
            raise ValidationError(self._too_often(), code=TOO_OFTEN) from error
        cleaned = super().clean()
        attempt.delete()
        return cleaned

    def _too_often(self) -> str:
        minutes = -(-self.again_in // 60)
        return (
            ngettext(
                "Too many wrong passwords for this name from here. Try again in %s minute, or"
                " ask an administrator for a link to set a new one.",
                "Too many wrong passwords for this name from here. Try again in %s minutes, or"
                " ask an administrator for a link to set a new one.",
                minutes,
            )
            % minutes
        )


class ForgottenForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
