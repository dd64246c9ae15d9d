"""The admin's site: a log-in that has a limit, and goes on with a code."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import views
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from . import logging_in, remembered_devices
from .forms import LogInForm


class AdminSite(admin.AdminSite):
    login_form = LogInForm

    @method_decorator(never_cache)
    def login(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Show and take the log-in; 429 with a sentence after too many wrong passwords.

        As Django's, which logs in after the password alone.
        """
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        context = {
            **self.each_context(request),
            "title": _("Log in"),
            "subtitle": None,
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
            **(extra_context or {}),
        }
        if "next" not in request.GET and "next" not in request.POST:
            context["next"] = reverse("admin:index")
        request.current_app = self.name  # type: ignore[attr-defined]
        view = _LogIn.as_view(
            extra_context=context,
            authentication_form=self.login_form,
            template_name="admin/login.html",
        )
        response = view(request)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if isinstance(form, LogInForm) and form.again_in:
            response.status_code = 429
            response["Retry-After"] = str(form.again_in)
        return response  # type: ignore[return-value]


class _LogIn(views.LoginView):
    def form_valid(self, form):
        """Go on to the code, or to the page where a second factor is set up."""
        if not settings.SECOND_FACTOR:
            return super().form_valid(form)
        request, account, now = self.request, form.get_user(), timezone.now()
        to, replaces = self.get_success_url(), logging_in.app_to_replace(request, account)
        logging_in.begin_log_in(request, account, to=to, at=now, replaces=replaces)
        if logging_in.may_set_up(request, account):
            return HttpResponseRedirect(reverse("second_factor_set_up"))
        if remembered_devices.is_remembered(request, account, at=now):
            logging_in.finish_log_in(request, account)
            return HttpResponseRedirect(to)
        return HttpResponseRedirect(reverse("second_factor_code"))
