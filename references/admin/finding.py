"""The one box as JSON, for the pages that put evidence under a claim."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, JsonResponse
from django.urls import path, reverse
from django.utils import timezone

from physiohub import policy
from references import cards, finding


class FindingPages:
    """Mixin for the reference's ModelAdmin: adds the address that the box asks."""

    def get_urls(self):
        own = [
            path("find/", self.admin_site.admin_view(self.find), name="references_reference_find")
        ]
        return own + super().get_urls()

    def find(self, request):
        """Find references.

        GET `q`: search. GET `pk`: that one. POST `text`: find, and add what is new.

        A pop-up that has just added a reference asks with `pk`. Answers {"status", "message",
        "references", "lines", "add_url"}, with references as references.cards has them. Text that a
        person can correct is answered with 200 and the status “add”.
        """
        if not policy.may(request.user, policy.SEE_REFERENCES):
            raise PermissionDenied
        if request.method == "GET" and "pk" in request.GET:
            return _as_json(finding.by_pk(request.GET["pk"]))
        if request.method == "GET":
            return _as_json(finding.search_only(request.GET.get("q", "")))
        if request.method != "POST":
            return HttpResponseNotAllowed(["GET", "POST"])
        if not policy.may(request.user, policy.ADD_REFERENCES):
            raise PermissionDenied
        return _as_json(
            finding.find_or_add(request.POST.get("text", ""), by=request.user, at=timezone.now())
        )


def _as_json(found):
    response = JsonResponse(
        {
            "status": found.status,
            "message": found.message,
            "references": [cards.card(reference) for reference in found.references],
            "lines": [
                {
                    "text": line.text,
                    "status": line.status,
                    "why": line.why,
                    "id": line.reference.pk if line.reference else None,
                }
                for line in found.lines
            ],
            "add_url": add_url(found.prefill),
        }
    )
    response["Cache-Control"] = "no-store, private"
    return response


def add_url(prefill, *, is_popup=True):
    """Return the address of the form for adding by hand, which begins with `prefill`."""
    query = {**prefill, **({"_popup": "1"} if is_popup else {})}
    return f"{reverse('admin:references_reference_add')}?{urlencode(query)}"
