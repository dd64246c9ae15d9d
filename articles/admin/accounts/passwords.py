"""Where people who forgot their password get a link, and set a new one with it."""

from django.contrib import admin
from django.contrib.auth import views
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from articles.accounts import passwords, recording
from articles.accounts.forms import ForgottenForm
from physiohub import rate_limits
from physiohub.network import network_address

#: Links in an hour: asked for by one network, and by all.
MOST, MOST_OF_ALL = 10, 200


class Forgotten(FormView):
    """Send a link to whom an e-mail address belongs. The answer is the same for any address."""

    template_name = "registration/password_reset_form.html"
    form_class = ForgottenForm
    success_url = reverse_lazy("password_reset_done")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs, **admin.site.each_context(self.request), title=_("A new password")
        )

    def form_valid(self, form: ForgottenForm) -> HttpResponse:
        address = network_address(self.request)
        if rate_limits.is_too_often(
            "forgotten", address, at=timezone.now(), most=MOST, most_of_all=MOST_OF_ALL
        ):
            form.add_error(None, _("Too many links were asked for. Try again in an hour."))
            response = self.form_invalid(form)
            response.status_code = 429
            return response
        passwords.mail_forgotten.enqueue(form.cleaned_data["email"])
        return super().form_valid(form)


class SetPassword(views.PasswordResetConfirmView):
    """Set a new password with a link. The account is told of it."""

    def form_valid(self, form):
        with recording.acting_as(self.user):
            response = super().form_valid(form)
        passwords.tell_of_new_password(self.user, at=timezone.now())
        return response
