"""The admin of accounts: no superuser flag, no rights by hand, no password of another person."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from articles.accounts import access, passwords, rights
from articles.models import AccessRequest
from articles.refusals import Refused
from physiohub import policy
from physiohub.deleting import NamesOnlyWhatOneMaySee
from physiohub.read_only import ReadOnlyAdmin

admin.site.unregister([User, Group])


class AccountForm(forms.ModelForm):
    """An account as administrators see it.

    The rows are saved by articles.accounts.access, not by this form: some of it waits for a second
    person.
    """

    roles = forms.ModelMultipleChoiceField(
        Group.objects.order_by("name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Roles"),
    )

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "is_active"]
        labels = {"is_active": _("may log in")}
        help_texts = {
            "is_active": _("Take the tick away to close an account. Nothing it did is lost."),
            "email": _("Links to set a password go here."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].validators.append(UnicodeUsernameValidator())
        self.fields["roles"].help_text = self._about_roles()
        if self.instance.pk:
            self.initial["roles"] = list(self.instance.groups.values_list("pk", flat=True))

    def _about_roles(self):
        names = ", ".join(rights.roles_that_need_two().values_list("name", flat=True))
        return gettext("A second person has to agree to these: %s.") % names

    def clean_username(self):
        """Refuse a name that differs from another by capitals alone: people mix them up."""
        name = self.cleaned_data["username"]
        same = User.objects.filter(username__iexact=name).exclude(pk=self.instance.pk)
        if same.exists():
            raise ValidationError(_("There is an account with this name already."))
        return name

    def wanted(self) -> access.Wanted:
        return access.Wanted(**self.cleaned_data)


@admin.register(User)
class AccountAdmin(NamesOnlyWhatOneMaySee, UserAdmin):
    form = add_form = AccountForm
    change_form_template = "admin/accounts/change_form.html"
    add_form_template = "admin/change_form.html"
    fieldsets = [
        (None, {"fields": ["username", "first_name", "last_name", "email"]}),
        (_("What this person may do"), {"fields": ["roles", "is_active"]}),
        (None, {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = fieldsets[:-1]
    readonly_fields = ["last_login", "date_joined"]
    list_display = ["username", "first_name", "last_name", "email", "roles_held", "is_active"]
    list_filter = ["is_active", "groups"]
    filter_horizontal = []
    actions = None

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("roles"))
    def roles_held(self, account):
        return ", ".join(sorted(group.name for group in account.groups.all()))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """An account with power is closed, not deleted; nobody deletes their own."""
        if obj is not None and (obj == request.user or rights.is_protected(obj)):
            return False
        return policy.may(request.user, policy.DELETE_ACCOUNTS)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj is not None:
            return policy.may_change_account(request.user, obj)
        return policy.may(request.user, policy.CHANGE_ACCOUNTS)

    def get_urls(self):
        link = self.admin_site.admin_view(require_POST(self.send_link))
        factor = self.admin_site.admin_view(require_POST(self.ask_for_factor_link))
        own = [
            path("<int:pk>/link/", link, name="auth_user_link"),
            path("<int:pk>/second-factor/", factor, name="auth_user_second_factor"),
        ]
        return [*own, *super().get_urls()]

    def user_change_password(self, request, id, form_url=""):
        """Refuse what Django offers here: to type the password of anybody."""
        messages.warning(
            request,
            gettext("Nobody sets the password of another person. Send them a link instead."),
        )
        return HttpResponseRedirect(reverse("admin:auth_user_change", args=[id]))

    def send_link(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = get_object_or_404(User, pk=pk)
        if not policy.may(request.user, policy.CHANGE_ACCOUNTS):
            raise PermissionDenied
        try:
            passwords.send_link(account, by=request.user, at=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, gettext("A link went to %s.") % account.email)
        return HttpResponseRedirect(reverse("admin:auth_user_change", args=[pk]))

    def ask_for_factor_link(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send a link to set up a new second factor, or ask a second person for it."""
        account = get_object_or_404(User, pk=pk)
        if not policy.may(request.user, policy.CHANGE_ACCOUNTS):
            raise PermissionDenied
        try:
            asked = access.send_factor_link(account, by=request.user, at=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            if asked is None:
                messages.success(request, gettext("A link went to %s.") % account.email)
            else:
                self._say_what_waits(request, asked)
        return HttpResponseRedirect(reverse("admin:auth_user_change", args=[pk]))

    def render_change_form(self, request, context, *args, **kwargs):
        account = context.get("original")
        if account is not None and self.has_change_permission(request, account):
            context |= {
                "first_link": passwords.first_link(account),
                "link_address": reverse("admin:auth_user_link", args=[account.pk]),
                "factor_address": reverse("admin:auth_user_second_factor", args=[account.pk]),
                "requests": account.access_requests.filter(
                    outcome=AccessRequest.Outcome.OPEN,
                    asked_at__gt=timezone.now() - AccessRequest.LASTS,
                ).select_related("role"),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request, obj, form, change):
        """Save through articles.accounts.access; what waits for somebody is said."""
        now = timezone.now()
        if change:
            requests = access.change(obj, form.wanted(), by=request.user, at=now)
        else:
            made, requests = access.make_account(form.wanted(), by=request.user, at=now)
            obj.__dict__.update(made.__dict__)
        for asked in requests:
            self._say_what_waits(request, asked)

    def _say_what_waits(self, request, asked):
        address = reverse("admin:articles_accessrequest_decide", args=[asked.pk])
        messages.warning(
            request,
            format_html(
                '{} <a href="{}">{}</a>',
                gettext("A second person has to agree to %s. They were told.") % asked.wanted,
                address,
                gettext("See the request"),
            ),
        )

    def save_related(self, request, form, formsets, change):
        """Do nothing: roles were given in save_model, or wait for a second person."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.get_full_path())


@admin.register(Group)
class RoleAdmin(ReadOnlyAdmin, GroupAdmin):
    """Roles come from physiohub/roles.py; nobody changes them here."""

    list_display = ["name", "accounts_count"]
    fields = readonly_fields = ["name", "what_it_may_do"]

    @admin.display(description=_("accounts"))
    def accounts_count(self, role):
        count = role.user_set.filter(is_active=True).count()
        return ngettext("%s account", "%s accounts", count) % count

    @admin.display(description=_("what it may do"))
    def what_it_may_do(self, role):
        return ", ".join(sorted(permission.name for permission in role.permissions.all()))
