"""The page of one reference beside what a service says of it.

A person looks it up there, takes a field from the service, or confirms the record.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from physiohub import policy
from references import checking, citing, identity
from references.models import Reference


class LookUpPages:
    """Mixin for the reference's ModelAdmin: adds the page that compares, and its acts."""

    def get_urls(self):
        own = [
            path(
                "<int:pk>/compare/",
                self.admin_site.admin_view(self.compare),
                name="references_reference_compare",
            )
        ]
        return own + super().get_urls()

    def compare(self, request, pk):
        if not policy.may(request.user, policy.CHANGE_REFERENCES):
            raise PermissionDenied
        reference = get_object_or_404(Reference, pk=pk)
        if request.method == "POST":
            self._act(request, reference)
            return HttpResponseRedirect(reverse("admin:references_reference_compare", args=[pk]))
        theirs, service = identity.record_in(reference.payload)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Look up and compare"),
            "opts": self.opts,
            "reference": reference,
            "ours": citing.ama_html(reference.csl),
            "theirs": citing.ama_html(theirs) if theirs else "",
            "service": service,
            "differences": identity.differences(reference),
            "notices": reference.notices.all(),
        }
        return TemplateResponse(request, "admin/references/reference/compare.html", context)

    def _act(self, request, reference):
        by, at = request.user, timezone.now()
        act = request.POST.get("act")
        if act == "check":
            show_outcome(request, checking.check(reference, by=by, at=at))
        elif act == "verify":
            identity.verify(reference, by=by, at=at)
            messages.success(
                request, _("Noted: you compared it with the source, and it is this work.")
            )
        elif act == "accept":
            identity.accept(reference, request.POST.get("field", ""), by=by, at=at)
            messages.success(request, _("Taken over. The rest stays as it was."))
        else:
            raise PermissionDenied


def show_outcome(request, checked):
    """Show what a check came to, and what it did to pages and drafts."""
    level = (
        messages.SUCCESS
        if checked.is_checked and checked.reference.counts_as_evidence
        else messages.WARNING
    )
    messages.add_message(request, level, f"{checked.reference}: {checked.sentence}")
    for row in checked.new:
        for sentence in row.consequences:
            messages.warning(request, sentence)
