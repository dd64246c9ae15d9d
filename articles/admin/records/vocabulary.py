"""The admin of the vocabulary that articles share: terms, people, the glossary."""

from django.conf import settings
from django.contrib import admin, messages
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from articles.admin.article.edits import RecordsEdits
from articles.admin.article.names import NamesField
from articles.drafts import shared_terms
from articles.models import Condition, Contraindication, GlossaryTerm, Person, SideEffect
from articles.review import accounts
from physiohub import policy

from .names_per_language import ConditionForm, PersonForm, TermForm, fieldsets_of_languages

#: The form of a shared term leads to at most this many of its pages.
MOST_PAGES = 50


class TermAdmin(RecordsEdits, admin.ModelAdmin):
    form = TermForm
    exclude = ["names"]  # the form asks for them, language by language
    list_display = ["name", "clinical_name", "languages", "icd10", "snomed_ct"]
    search_fields = [
        "name",
        "clinical_name",
        "icd10",
        "snomed_ct",
        *(f"names__{code}__name" for code, _name in settings.LANGUAGES),
    ]
    formfield_overrides = {models.JSONField: {"form_class": NamesField}}
    readonly_fields = ["where_it_is_named"]
    own_fields = ["language", "name", "clinical_name", "other_names", "icd10", "snomed_ct"]

    def get_fieldsets(self, request, obj=None):
        """Put what a change touches on top, where a person reads it before they change anything."""
        own = obj.language if obj else settings.LANGUAGE_CODE
        return [
            (None, {"fields": [*(["where_it_is_named"] if obj else []), *self.own_fields]}),
            *fieldsets_of_languages(self.form.parts, own=own, filled=obj.names if obj else ()),
        ]

    @admin.display(description=_("named in"))
    def languages(self, term):
        return ", ".join([term.language, *sorted(term.names)])

    @admin.display(description=_("where it is named"))
    def where_it_is_named(self, term):
        use = shared_terms.use_of(term)
        if not use.drafts:
            return _("No page names it yet.")
        drafts = (
            (reverse("admin:articles_article_change", args=[draft.pk]), draft)
            for draft in use.drafts[:MOST_PAGES]
        )
        more = len(use.drafts) - MOST_PAGES
        return format_html(
            "{}<br>{} {}",
            " ".join(_what_a_change_touches(use)),
            format_html_join(", ", '<a href="{}" dir="auto">{}</a>', drafts),
            _("and %s more") % more if more > 0 else "",
        )

    def record_edit(self, request, obj, summary=""):
        shared_terms.record_change(obj, by=request.user, at=timezone.now(), summary=summary)
        if obj.change and obj.change.drafts:
            messages.warning(request, " ".join(_what_a_change_touched(obj.change, request.user)))


def _what_a_change_touches(use):
    """Yield sentences that a person reads before they change a shared term."""
    pages = len(use.drafts)
    yield ngettext("%s page names it.", "%s pages name it.", pages) % pages
    if use.checks:
        yield (
            ngettext(
                "If you rename it, %s check of evidence is taken back: a colleague made it for the"
                " words of now.",
                "If you rename it, %s checks of evidence are taken back: colleagues made them for"
                " the words of now.",
                use.checks,
            )
            % use.checks
        )
    if use.live:
        yield gettext("What readers have stays as it is until these pages are published again.")


def _what_a_change_touched(change, user):
    """Yield sentences that a person reads after they changed a shared term."""
    pages = len(change.drafts)
    yield ngettext(
        "Changed in the draft of %s page.", "Changed in the drafts of %s pages.", pages
    ) % (pages)
    if change.cleared:
        yield (
            ngettext(
                "%s check of evidence was taken back, for it was made for other words.",
                "%s checks of evidence were taken back, for they were made for other words.",
                change.cleared,
            )
            % change.cleared
        )
    if any(draft.owner_id != user.pk for draft in change.drafts):
        yield gettext("The owners were told.")
    yield gettext("What readers have stays as it is until a page is published again.")


@admin.register(Condition)
class ConditionAdmin(TermAdmin):
    form = ConditionForm
    own_fields = [*TermAdmin.own_fields[:4], "summary", "slug", *TermAdmin.own_fields[4:]]

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["name"]}

    def get_readonly_fields(self, request, obj=None):
        # Live articles froze it. With another address the condition would have two pages.
        return [*super().get_readonly_fields(request, obj), *(["slug"] if obj else [])]


admin.site.register([SideEffect, Contraindication], TermAdmin)


@admin.register(Person)
class PersonAdmin(RecordsEdits, admin.ModelAdmin):
    form = PersonForm
    exclude = ["roles"]  # the form asks for them, language by language
    list_display = ["name", "role", "registration"]
    search_fields = ["name", "role", "registration"]
    autocomplete_fields = ["user"]

    def get_fieldsets(self, request, obj=None):
        roles = fieldsets_of_languages(
            self.form.parts, own=settings.LANGUAGE_CODE, filled=obj.roles if obj else ()
        )
        return [(None, {"fields": ["name", "role", "registration", "user"]}), *roles]

    def get_readonly_fields(self, request, obj=None):
        return [] if policy.may(request.user, policy.CHANGE_ACCOUNTS) else ["user"]

    def has_change_permission(self, request, obj=None):
        may = super().has_change_permission(request, obj)
        of_account = obj and obj.user_id
        return may and policy.may_change_person(request.user, of_account=of_account)

    def save_model(self, request, obj, form, change):
        # The account is set by the act that tells its owner. Else it stays as the database has it.
        account = obj.user
        obj.user = Person.objects.get(pk=obj.pk).user if change else None
        super().save_model(request, obj, form, change)
        if "user" in form.changed_data:
            accounts.tie(obj, account, by=request.user, at=timezone.now())


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(RecordsEdits, admin.ModelAdmin):
    list_display = ["word", "meaning", "language"]
    list_filter = ["language"]
    search_fields = ["word", "meaning"]

    def get_readonly_fields(self, request, obj=None):
        return ["word", "language"] if obj else []

    def has_delete_permission(self, request, obj=None):
        return False
