"""The one box on the page for adding a work: paste anything, see how it was read, then confirm."""

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from physiohub import policy
from references import finding
from references.finding import Status

from .finding import add_url
from .forms import fields_of


class PastingPages:
    """Mixin for the reference's ModelAdmin: adds the page that shows how a text was read."""

    def get_urls(self):
        own = [
            path(
                "paste/", self.admin_site.admin_view(self.paste), name="references_reference_paste"
            )
        ]
        return own + super().get_urls()

    def paste(self, request):
        """Show how a posted `text` was read. With `act=add`: add it, looking up what is new."""
        if not policy.may(request.user, policy.ADD_REFERENCES):
            raise PermissionDenied
        text = request.POST.get("text", "")
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:references_reference_add"))
        if request.POST.get("act") == "add":
            return self._add(
                request, finding.find_or_add(text, by=request.user, at=timezone.now()), text
            )
        return self._show(request, text)

    def _show(self, request, text, found=None):
        is_popup = IS_POPUP_VAR in request.POST
        pieces, refusal = finding.understand(text)
        rows = [
            {"piece": piece, "add_url": add_url(_prefill(piece), is_popup=is_popup)}
            for piece in pieces
        ]
        is_words = len(pieces) == 1 and pieces[0].kind == "words"
        context = {
            **self.admin_site.each_context(request),
            "title": _("What was understood"),
            "opts": self.opts,
            "text": text[: finding.MOST_LETTERS],
            "problem": refusal,
            "rows": rows,
            "hits": finding.search(text) if is_words else [],
            "found": found,
            "found_add_url": add_url(found.prefill, is_popup=is_popup) if found else "",
            "new_count": sum(piece.is_usable and piece.known is None for piece in pieces),
            "is_popup": is_popup,
        }
        return TemplateResponse(request, "admin/references/reference/understood.html", context)

    def _add(self, request, found, text):
        """Go to the one work that was added or found; stay, and say why, if there is not one."""
        if found.status in (Status.KNOWN, Status.CREATED):
            (reference,) = found.references
            if IS_POPUP_VAR in request.POST:
                return self.response_add(request, reference)
            messages.success(request, found.message)
            return HttpResponseRedirect(
                reverse("admin:references_reference_change", args=[reference.pk])
            )
        return self._show(request, text, found)


def _prefill(piece):
    if piece.kind == "line":
        record = piece.csl
        ids = {
            name: record[key]
            for name, key in (("doi", "DOI"), ("pmid", "PMID"), ("pmcid", "PMCID"))
            if key in record
        }
        return {**fields_of(record), **ids}
    return piece.csl or {"title": piece.printed}
