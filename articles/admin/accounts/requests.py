"""What waits for a second person, and where that person says yes or no."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import audit
from articles.accounts import access
from articles.models import AccessRequest
from articles.refusals import Refused
from physiohub import policy
from physiohub.read_only import ReadOnlyAdmin


@admin.register(AccessRequest)
class AccessRequestAdmin(ReadOnlyAdmin):
    list_display = ["account", "wanted", "asked_by", "asked_at", "outcome", "decided_by"]
    list_filter = ["outcome"]
    list_select_related = ["account", "role", "asked_by", "decided_by"]
    search_fields = ["account__username", "account__last_name", "role__name", "email"]

    def has_view_permission(self, request: HttpRequest, obj: AccessRequest | None = None) -> bool:
        return policy.may(request.user, policy.SEE_REQUESTS)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_urls(self):
        view = self.admin_site.admin_view(self.decide)
        return [
            path("<int:pk>/decide/", view, name="articles_accessrequest_decide"),
            *super().get_urls(),
        ]

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = get_object_or_404(
            AccessRequest.objects.select_related("account", "role", "asked_by", "decided_by"), pk=pk
        )
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._decided(request, asked)
        is_open = asked.is_open(at=timezone.now())
        context = {
            **self.admin_site.each_context(request),
            "title": _("A second person"),
            "opts": self.opts,
            "asked": asked,
            "account_name": audit.name_of(asked.account),
            "asker": audit.name_of(asked.asked_by) if asked.asked_by else _("somebody"),
            "is_open": is_open,
            "has_lapsed": not is_open and asked.outcome == AccessRequest.Outcome.OPEN,
            "may_decide": is_open and access.may_decide(asked, request.user),
            "may_take_back": is_open and asked.asked_by_id == request.user.pk,
        }
        return TemplateResponse(request, "admin/accounts/decide.html", context)

    def _decided(self, request, asked):
        acts = {"agree": access.agree, "decline": access.turn_down}
        act = acts.get(request.POST.get("act", ""))
        if act is None:
            raise PermissionDenied
        try:
            act(asked, by=request.user, at=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Noted. Who asked was told."))
        return HttpResponseRedirect(reverse("admin:articles_accessrequest_decide", args=[asked.pk]))
