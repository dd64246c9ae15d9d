"""Where people see where they are logged in, and end what they do not know."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts import remembered_devices, sessions


def own_log_ins(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    if request.method == "POST" and "device" in request.POST:
        remembered_devices.forget(request.user, request.POST["device"], at=now)
        messages.success(request, _("A code is asked for there again."))
        return HttpResponseRedirect(reverse("own_log_ins"))
    if request.method == "POST":
        if sessions.end_log_in(request.user, request.POST.get("log_in", ""), at=now):
            messages.success(request, _("That log-in has ended."))
        else:
            messages.warning(request, _("That log-in had ended already."))
        return HttpResponseRedirect(reverse("own_log_ins"))
    context = {
        **admin.site.each_context(request),
        "title": _("Where you are logged in"),
        "remembered": remembered_devices.remembered(request.user, at=now),
        "log_ins": sessions.open_log_ins(request.user, this=request.session.session_key, at=now),
    }
    response = TemplateResponse(request, "admin/accounts/log_ins.html", context)
    response["Cache-Control"] = "no-store, private"
    return response
