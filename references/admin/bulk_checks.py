"""Bulk checks in the admin: started from the list of references, watched, stopped, continued."""

import time

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from physiohub import policy
from physiohub.read_only import ReadOnlyAdmin
from references import bulk_checking
from references.models import BulkCheck

#: Seconds that a slice may take before it answers. One look-up alone may take longer.
SLICE_SECONDS = 3


@admin.register(BulkCheck)
class BulkCheckAdmin(ReadOnlyAdmin):
    list_display = [
        "at",
        "by",
        "state",
        "place",
        "checked",
        "unchecked",
        "mismatched",
        "new_notices",
        "go_on",
    ]
    list_select_related = ["by"]
    list_filter = ["state"]
    search_fields = ["by__username"]
    fields = [
        "at",
        "by",
        "state",
        "checked",
        "unchecked",
        "mismatched",
        "new_notices",
        "finished_at",
    ]

    @admin.display(description=_("what to do"))
    def go_on(self, check):
        words = _("See what came of it") if check.state == BulkCheck.State.DONE else _("Go on")
        return format_html('<a class="button" href="{}">{}</a>', address_of(check), words)

    def get_urls(self):
        own = [
            path(
                "<int:pk>/progress/",
                self.admin_site.admin_view(self.progress),
                name="references_bulkcheck_progress",
            )
        ]
        return own + super().get_urls()

    def progress(self, request, pk):
        """Show the page of one check. POST `act`: go_on (check a slice), stop, or resume."""
        if not policy.may(request.user, policy.CHANGE_REFERENCES):
            raise PermissionDenied
        check = get_object_or_404(BulkCheck, pk=pk)
        if request.method == "POST":
            act = request.POST.get("act")
            if act == "go_on":
                return check_a_slice(check)
            if act == "stop":
                bulk_checking.stop(check)
            elif act == "resume":
                bulk_checking.resume(check)
            return HttpResponseRedirect(address_of(check))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Bulk check"),
            "opts": self.opts,
            "check": check,
            "total": len(check.keys),
        }
        return TemplateResponse(request, "admin/references/bulkcheck/progress.html", context)


def check_a_slice(check):
    """Check references for a few seconds, and lead to the page of the check."""
    end = time.monotonic() + SLICE_SECONDS
    bulk_checking.check_remaining(check, until=lambda: time.monotonic() > end)
    return HttpResponseRedirect(address_of(check))


def address_of(check):
    return reverse("admin:references_bulkcheck_progress", args=[check.pk])
