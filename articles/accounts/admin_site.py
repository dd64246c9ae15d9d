"""The admin's site: its log-in has a limit, and no address leads to what one may not open."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes import views
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path

from .forms import LogInForm


class AdminSite(admin.AdminSite):
    login_form = LogInForm

    def login(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Show and take the log-in; 429 with a sentence after too many wrong passwords."""
        response = super().login(request, extra_context)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if isinstance(form, LogInForm) and form.again_in:
            response.status_code = 429
            response["Retry-After"] = str(form.again_in)
        return response

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
        return views.shortcut(request, content_type_id, object_id)
