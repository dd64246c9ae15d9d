"""Records that acts have written. People read them here and do not edit them."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from articles import audit
from articles.live import source_notices
from articles.models import (
    AuditEntry,
    Comment,
    Confirmation,
    Decision,
    ImportedDocument,
    Interest,
    Invitation,
    LiveArticle,
    LiveFinding,
    LiveTerm,
    PendingImport,
    Publication,
    PublishedCitation,
    PublishedWork,
    ReviewRequest,
    ReviewTask,
    Revision,
    SafetyNotice,
    Schedule,
    SignedException,
    Withdrawal,
)
from articles.page.imprint import Imprint
from articles.publishing import publishing
from articles.refusals import Refused
from articles.review import interests
from articles.wording import what_was_checked
from physiohub import policy
from physiohub.read_only import ReadOnlyAdmin

from .source_notices import ImpactPages


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    list_display = ["article", "number", "created_by", "created_at", "digest"]
    list_select_related = ["article", "created_by"]
    search_fields = ["article__title", "digest"]


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    list_display = ["slug", "number", "significance", "by_name", "at"]
    search_fields = ["slug", "change_note", "by_name"]
    exclude = ["approvals"]
    readonly_fields = ["who_checked_it", "state_of_the_record"]

    @admin.display(description=_("checked by"))
    def who_checked_it(self, publication):
        rows = (
            (one["name"], what_was_checked(one["kinds"]))
            for one in Imprint.of(publication).checked_by
        )
        return format_html_join("", "<p>{} ({})</p>", rows) or _("Nobody.")

    @admin.display(description=_("is it what was approved?"))
    def state_of_the_record(self, publication):
        sentences = ((sentence,) for sentence in publishing.verify(publication))
        return format_html_join("", "<p>{}</p>", sentences) or _("Yes.")


@admin.register(PublishedWork)
class PublishedWorkAdmin(ReadOnlyAdmin):
    list_display = ["sort_key", "uid", "design", "publication"]
    list_select_related = ["publication__revision"]
    search_fields = ["search_key", "uid"]


@admin.register(PublishedCitation)
class PublishedCitationAdmin(ReadOnlyAdmin):
    list_display = ["publication", "reference_uid"]
    list_select_related = ["publication__revision"]
    search_fields = ["publication__slug", "reference_uid"]


@admin.register(LiveArticle)
class LiveArticleAdmin(ReadOnlyAdmin):
    """What lists and search show. `manage.py rebuild_search` makes it again."""

    list_display = ["title", "slug", "language", "published_at"]
    search_fields = ["title", "slug"]


@admin.register(LiveTerm)
class LiveTermAdmin(ReadOnlyAdmin):
    list_display = ["name", "kind", "live", "certainty"]
    list_select_related = ["live"]
    list_filter = ["kind"]
    search_fields = ["name", "clinical_name", "live__title"]


@admin.register(LiveFinding)
class LiveFindingAdmin(ReadOnlyAdmin):
    list_display = ["outcome", "live", "certainty_rank"]
    list_select_related = ["live"]
    search_fields = ["outcome", "live__title"]


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor", "act", "subject_name"]
    list_filter = ["act"]
    search_fields = ["actor_name", "subject_name", "summary"]
    date_hierarchy = "at"

    def get_queryset(self, request):
        """Log-ins and passwords are for those who look after accounts."""
        return audit.entries_for(request.user)


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ["revision", "verdict", "by_name", "at"]
    list_select_related = ["revision"]
    search_fields = ["by_name", "note", "revision__article__title"]


@admin.register(ReviewRequest)
class ReviewRequestAdmin(ReadOnlyAdmin):
    list_display = ["article", "requested_by", "requested_at", "closed_at"]
    list_select_related = ["article", "requested_by"]
    search_fields = ["article__title"]


@admin.register(ReviewTask)
class ReviewTaskAdmin(ReadOnlyAdmin):
    list_display = ["request", "kind", "assigned_to", "due_on"]
    list_select_related = ["request__revision", "assigned_to"]
    search_fields = ["request__article__title"]


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    list_display = ["text", "author", "at", "is_blocking"]
    search_fields = ["text", "by_name"]


@admin.register(Withdrawal)
class WithdrawalAdmin(ReadOnlyAdmin):
    list_display = ["publication", "by_name", "at", "reason"]
    list_select_related = ["publication__revision"]
    search_fields = ["reason", "publication__slug"]


class HowItWasSettled(ActionForm):
    resolution = forms.CharField(max_length=500, required=False, label=_("How it was settled:"))


@admin.register(SafetyNotice)
class SafetyNoticeAdmin(ImpactPages, ReadOnlyAdmin):
    list_display = [
        "article",
        "kind",
        "text",
        "reference",
        "opened_at",
        "resolved_at",
        "resolution",
    ]
    list_select_related = ["article", "reference"]
    list_filter = ["kind", ("resolved_at", admin.EmptyFieldListFilter)]
    search_fields = ["text", "article__title", "reference__title"]
    action_form = HowItWasSettled
    actions = ["settle"]

    def has_settle_permission(self, request):
        return policy.may(request.user, policy.SETTLE_NOTICE)

    @admin.action(
        description=_("Take the selected safety notices off their pages"), permissions=["settle"]
    )
    def settle(self, request, queryset):
        for notice in queryset.filter(resolved_at=None):
            try:
                source_notices.resolve(
                    notice,
                    by=request.user,
                    at=timezone.now(),
                    resolution=request.POST.get("resolution", ""),
                )
            except Refused as refusal:
                messages.warning(request, str(refusal))
                return
            messages.success(request, _("Taken off the page of “%s”.") % notice.article)


@admin.register(ImportedDocument)
class ImportedDocumentAdmin(ReadOnlyAdmin):
    list_display = ["file_name", "article", "imported_by", "imported_at"]
    list_select_related = ["article", "imported_by"]
    search_fields = ["file_name", "article__title"]


@admin.register(PendingImport)
class PendingImportAdmin(ReadOnlyAdmin):
    """People see only their own, and continue them in articles.admin.imports.pages."""

    list_display = ["go_on", "begun_at", "changed_at"]
    list_display_links = None
    search_fields = ["title", "file_name"]
    fields = ["title", "file_name", "begun_at", "changed_at"]

    def has_module_permission(self, request):
        return False

    def has_view_permission(self, request, obj=None):
        return policy.may(request.user, policy.BEGIN)

    def get_queryset(self, request):
        return super().get_queryset(request).filter(by=request.user)

    @admin.display(description=_("document"), ordering="title")
    def go_on(self, pending):
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:articles_article_imported", args=[pending.pk]),
            pending,
        )


@admin.register(Confirmation)
class ConfirmationAdmin(ReadOnlyAdmin):
    list_display = ["publication", "evidence_searched_on", "by_name", "at", "review_due_on"]
    list_select_related = ["publication__revision"]
    search_fields = ["publication__slug", "by_name", "note"]


@admin.register(Schedule)
class ScheduleAdmin(ReadOnlyAdmin):
    list_display = ["article", "publish_at", "by_name", "outcome", "said"]
    list_select_related = ["article"]
    list_filter = ["outcome"]
    search_fields = ["article__title", "by_name"]


@admin.register(SignedException)
class SignedExceptionAdmin(ReadOnlyAdmin):
    list_display = ["article", "message", "by_name", "at", "reason"]
    list_select_related = ["article"]
    search_fields = ["article__title", "message", "reason"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = [
        "name",
        "revision",
        "invited_by",
        "invited_at",
        "expires_at",
        "revoked_at",
        "answered_at",
    ]
    list_select_related = ["revision", "invited_by"]
    search_fields = ["name", "revision__article__title"]
    exclude = ["secret_digest"]


@admin.register(Interest)
class InterestAdmin(admin.ModelAdmin):
    """People declare and end only their own interests. Nobody changes or deletes one."""

    list_display = ["user", "topic", "text", "declared_at", "ended_at"]
    list_select_related = ["user"]
    search_fields = ["text", "topic", "user__username"]
    fields = ["topic", "text"]
    actions = ["end_selected"]

    def has_view_permission(self, request, obj=None):
        return policy.works_here(request.user)

    has_module_permission = has_view_permission

    def get_queryset(self, request):
        """Those of others are for people who read reviews, where they are shown."""
        interests = super().get_queryset(request)
        if policy.may(request.user, policy.READ_REVIEW):
            return interests
        return interests.filter(user=request.user)

    def has_add_permission(self, request):
        return self.has_view_permission(request)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        interest = interests.declare(
            by=request.user, at=timezone.now(), text=obj.text, topic=obj.topic
        )
        obj.pk, obj.user = interest.pk, interest.user

    @admin.action(description=_("These hold no longer"))
    def end_selected(self, request, queryset):
        for interest in queryset:
            try:
                interests.end(interest, by=request.user, at=timezone.now())
            except Refused as refusal:
                self.message_user(request, str(refusal), messages.WARNING)
