"""The pages of the second factor: the code at the log-in, setting up an app, and one's own page."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django_otp.plugins.otp_static import admin as static_admin
from django_otp.plugins.otp_totp import admin as totp_admin

from articles.accounts import (
    factor_links,
    logging_in,
    recording,
    remembered_devices,
    second_factors,
)
from articles.accounts.forms import CodeForm
from articles.paper import codes
from articles.refusals import Refused

# In the pages of django-otp somebody could see or make the second factor of another person.
admin.site.unregister([totp_admin.TOTPDevice, static_admin.StaticDevice])

_View = Callable[[HttpRequest], HttpResponse]


def _private(view: _View) -> _View:
    return never_cache(sensitive_post_parameters("code")(view))


@_private
def ask_for_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code after the password, and log in with it."""
    now = timezone.now()
    account = logging_in.who_began(request, at=now)
    if account is None or logging_in.may_set_up(request, account):
        return HttpResponseRedirect(reverse("admin:login"))
    form = _form(request, account, may_remember=True)
    with recording.acting_as(account):
        if not form.is_valid():
            return _page(request, "code", form, _("Your code"), account=account)
        response = HttpResponseRedirect(logging_in.where_to(request))
        logging_in.finish_log_in(request, account)
        if form.cleaned_data.get("remember"):
            remembered_devices.remember(request, response, account, at=now)
    if second_factors.is_recovery_code(form.cleaned_data["code"]):
        factor_links.tell_of_recovery_code(account, at=now)
        _say_what_is_left(request, account)
    return response


@_private
def set_up_app(request: HttpRequest) -> HttpResponse:
    """Show the key of an app, take a code of it, and show recovery codes once."""
    now = timezone.now()
    account = logging_in.who_began(request, at=now)
    if account is None or not logging_in.may_set_up(request, account):
        return HttpResponseRedirect(reverse("admin:login"))
    key, is_new = logging_in.key_to_set_up(request)
    made: list[str] = []

    def is_right(typed: str) -> bool:
        replaces = logging_in.replaced_app(request)
        made.extend(second_factors.keep_app(account, key, typed, replaces=replaces))
        return bool(made)

    with recording.acting_as(account):
        if is_new:
            recording.enter_factor_begun(account)
        try:
            form = _form(request, account, is_right=is_right)
            if not form.is_valid():
                address = second_factors.otpauth_address(account, key)
                shown = {
                    "address": address,
                    "qr": codes.qr(address),
                    "key": second_factors.in_groups_of_four([second_factors.key_in_words(key)])[0],
                }
                title = _("Set up your second factor")
                return _page(request, "set_up", form, title, account=account, **shown)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("admin:login"))
        to = logging_in.where_to(request)
        logging_in.finish_log_in(request, account)
    factor_links.tell_of_new_factor(account, at=now)
    return _recovery_codes(request, made, to)


@_private
def own_second_factor(request: HttpRequest) -> HttpResponse:
    """Show what is set up; with a code, make new recovery codes or set up another phone."""
    now, account = timezone.now(), request.user
    app = second_factors.app_of(account)
    form = _form(request, account)
    if app is not None and form.is_valid():
        if request.POST.get("act") == "app":
            to = reverse("own_second_factor")
            logging_in.begin_log_in(request, account, to=to, at=now, replaces=app.pk)
            return HttpResponseRedirect(reverse("second_factor_set_up"))
        made = second_factors.make_recovery_codes(account)
        return _recovery_codes(request, made, reverse("own_second_factor"))
    left = second_factors.recovery_codes_left(account)
    title = _("Your second factor")
    return _page(request, "own", form, title, app=app, left=left)


@never_cache
def with_link(request: HttpRequest, uidb64: str, token: str) -> HttpResponse:
    """Lead from a link in a mail to the log-in, after which another app is set up."""
    account = factor_links.account_with(uidb64, token)
    app = second_factors.app_of(account) if account else None
    if account is None or app is None:
        messages.error(request, _("This link does not work any longer. Ask for a new one."))
        return HttpResponseRedirect(reverse("admin:login"))
    request.session.flush()
    logging_in.keep_link(request, account, app.pk)
    messages.success(request, _("Log in with your password. Then you set up a new second factor."))
    return HttpResponseRedirect(reverse("admin:login"))


def _form(request, account, *, is_right=None, may_remember=False):
    return CodeForm(
        request.POST if request.method == "POST" else None,
        request=request,
        account=account,
        is_right=is_right or (lambda typed: second_factors.is_right(account, typed)),
        may_remember=may_remember,
    )


def _page(request, name, form, title, **context):
    context = {**admin.site.each_context(request), "title": title, "form": form, **context}
    status = 429 if form.again_in else 200
    response = TemplateResponse(
        request, f"admin/accounts/second_factor_{name}.html", context, status=status
    )
    if form.again_in:
        response["Retry-After"] = str(form.again_in)
        factor_links.tell_of_wrong_codes(form.account, at=timezone.now())
    return response


def _recovery_codes(request, made, to):
    context = {
        **admin.site.each_context(request),
        "title": _("Your recovery codes"),
        "codes": second_factors.in_groups_of_four(made),
        "account": request.user,
        "site_name": settings.SITE_NAME,
        "to": to,
    }
    return TemplateResponse(request, "admin/accounts/recovery_codes.html", context)


def _say_what_is_left(request, account):
    left = second_factors.recovery_codes_left(account)
    messages.warning(
        request,
        format_html(
            '{} <a href="{}">{}</a>',
            ngettext(
                "You logged in with a recovery code. %s is left.",
                "You logged in with a recovery code. %s are left.",
                left,
            )
            % left,
            reverse("own_second_factor"),
            _("Set up another phone, or make new codes"),
        ),
    )
