"""The admin's site: a log-in that has a limit and goes on with a code, and no side doors.

No address leads to what somebody may not open.
"""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth import views as auth_views
from django.contrib.contenttypes import views as contenttypes_views
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import path, reverse
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

    def get_urls(self) -> list[Any]:
        """Put an address that asks for a right before the one of Django that asks for none."""
        on_site = path(
            "r/<path:content_type_id>/<path:object_id>/",
            self.admin_view(self.view_on_site),
            name="view_on_site",
        )
        rest = super().get_urls()
        return [on_site, *(url for url in rest if getattr(url, "name", "") != "view_on_site")]

    def view_on_site(
        self, request: HttpRequest, content_type_id: str, object_id: str
    ) -> HttpResponseBase:
        """Lead to the public address of an object; of a draft it would tell the title."""
        number = int(content_type_id) if content_type_id.isdecimal() else 0
        kind = ContentType.objects.filter(pk=min(number, 2**31 - 1)).first()
        model = kind.model_class() if kind else None
        if model is None or not self.is_registered(model):
            raise PermissionDenied
        model_admin: Any = self.get_model_admin(model)
        found = model_admin.get_object(request, unquote(object_id))
        if found is None or not model_admin.has_view_or_change_permission(request, found):
            raise PermissionDenied
        return contenttypes_views.shortcut(request, content_type_id, object_id)


class _LogIn(auth_views.LoginView):
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
