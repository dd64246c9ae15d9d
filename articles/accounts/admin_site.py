"""The admin's site, with a log-in that has a limit."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

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
