"""The article and what is done with it."""

from csp.decorators import csp_update
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from articles import editing, freezing, preflight, publishing, reviewing
from articles.models import (
    Article,
    ArticleCondition,
    ArticleContraindication,
    ArticleSideEffect,
    Citation,
    ComparisonRow,
    HelpAdvice,
    Indication,
    KeyPoint,
    Publication,
    Question,
    ReadingListEntry,
    Recommendation,
    Revision,
)
from articles.page import Page
from articles.refusals import Refused
from articles.revising import digest_now
from articles.richtext import ckeditor, cleaning

from .edits import RecordsEdits

#: What the editor needs beyond the site's policy; on its own pages only (articles.richtext.ckeditor).
_EDITOR_POLICY = csp_update({"script-src": ["'unsafe-inline'"], "style-src": ["'unsafe-inline'"]})


class ArticleForm(forms.ModelForm):
    """Knows which version it was opened on: a save over a colleague's is refused, with all that was typed kept."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Article
        exclude = ["uid", "lock_version"]  # noqa: DJ006  (the fieldsets below say what is shown)
        widgets = {"body": ckeditor.widget(), "summary": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["seen_version"].initial = self.instance.lock_version

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk:
            # The row is fetched and locked: the admin runs every save in a transaction.
            now = Article.objects.select_for_update().get(pk=self.instance.pk).lock_version
            if cleaned.get("seen_version") != now:
                self.add_error(
                    None,
                    forms.ValidationError(
                        _(
                            "Somebody changed this article meanwhile, so nothing was saved. What you typed is still "
                            "here: open the article in a new window, compare, copy over what you need and save there."
                        ),
                        code="changed_meanwhile",
                    ),
                )
        return cleaned


class RowInline(admin.TabularInline):
    extra = 0
    ordering = ["position"]


class KeyPointInline(RowInline):
    model = KeyPoint


class ContraindicationInline(RowInline):
    model = ArticleContraindication
    autocomplete_fields = ["contraindication"]


class ConditionInline(RowInline):
    model = ArticleCondition
    autocomplete_fields = ["condition"]


class IndicationInline(RowInline):
    model = Indication


class SideEffectInline(RowInline):
    model = ArticleSideEffect
    autocomplete_fields = ["side_effect"]


class HelpAdviceInline(RowInline):
    model = HelpAdvice


class RecommendationInline(RowInline):
    model = Recommendation
    autocomplete_fields = ["expert"]


class QuestionInline(RowInline):
    model = Question


class ComparisonInline(RowInline):
    model = ComparisonRow


class ReadingListInline(RowInline):
    model = ReadingListEntry
    autocomplete_fields = ["reference"]


@admin.register(Article)
class ArticleAdmin(RecordsEdits, admin.ModelAdmin):
    form = ArticleForm
    list_display = ["title", "owner", "language", "modified_at", "is_live"]
    list_select_related = ["owner"]
    list_filter = ["language", "tags"]
    search_fields = ["title", "summary", "slug", "other_names"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["owner", "written_by", "translation_of"]
    save_on_top = True
    view_on_site = False
    change_form_template = "admin/articles/article/change_form.html"
    fieldsets = [
        (None, {"fields": ["title", "slug", "kicker", "summary", "other_names", "body", "seen_version"]}),
        (_("Comparison and safety"), {"fields": ["compared_with", "no_known_contraindications"]}),
        (
            _("About the page"),
            {
                "fields": [
                    "written_by", "owner", "language", "translation_of", "tags", "evidence_searched_on", "funding",
                    "conflicts", "is_demonstration",
                ]
            },
        ),
    ]  # fmt: skip
    inlines = [
        KeyPointInline, ContraindicationInline, ConditionInline, IndicationInline, SideEffectInline, HelpAdviceInline,
        RecommendationInline, QuestionInline, ComparisonInline, ReadingListInline,
    ]  # fmt: skip

    @method_decorator(_EDITOR_POLICY)
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_queryset(self, request):
        live = Publication.objects.live().filter(article=OuterRef("pk"))
        return super().get_queryset(request).annotate(has_live_page=Exists(live))

    @admin.display(boolean=True, description=_("live"))
    def is_live(self, article):
        return article.has_live_page

    def save_model(self, request, obj, form, change):
        if obj.owner_id is None:
            obj.owner = request.user
        if "body" in form.changed_data and (removed := cleaning.clean_and_tell(form.data.get("body", "")).removed):
            messages.warning(
                request, _("Taken out of the text, because pages may not hold it: %s.") % ", ".join(removed)
            )
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        editing.match_claims_to_text(form.instance)

    # --- preview, review, publishing -----------------------------------------------------------------------
    def get_urls(self):
        own = [
            path("<int:pk>/preview/", self.admin_site.admin_view(self.preview), name="articles_article_preview"),
            path("<int:pk>/review/", self.admin_site.admin_view(self.review), name="articles_article_review"),
        ]
        return own + super().get_urls()

    def preview(self, request, pk):
        """The draft as readers would get it, through the same renderer; saves nothing."""
        article = self._get(request, pk)
        content = freezing.freeze(article)
        context = {"page": Page(content), "notices": [], "page_language": article.language}
        response = render(request, "articles/draft_preview.html", context)
        response["Cache-Control"] = "no-store, private"
        return response

    def review(self, request, pk):
        """What is still missing, and the acts: ask for review, check evidence, approve, publish, withdraw."""
        article = self._get(request, pk)
        if request.method == "POST":
            return self._act(request, article)
        now = digest_now(article)
        revision = Revision.objects.filter(article=article, digest=now).first()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Review and publishing: %s") % article,
            "opts": self.opts,
            "article": article,
            "digest": now,
            "findings": preflight.check(article),
            "revision": revision,
            "decisions": reviewing.standing_decisions(revision) if revision else [],
            "refusal": reviewing.may_not_approve(revision, request.user) if revision else "",
            "unchecked": Citation.objects.filter(claim__article=article, checked_by=None).select_related(
                "claim", "reference"
            ),
            "live": publishing.live_publication(article),
            "may_review": request.user.has_perm("articles.review_article"),
            "may_publish": request.user.has_perm("articles.publish_article"),
        }
        return TemplateResponse(request, "admin/articles/article/review.html", context)

    def _act(self, request, article):
        acts = {
            "submit": self._submit, "check": self._check, "approve": self._approve, "changes": self._ask_for_changes,
            "publish": self._publish, "withdraw": self._withdraw,
        }  # fmt: skip
        act = acts.get(request.POST.get("act"))
        if act is None:
            raise PermissionDenied
        try:
            with transaction.atomic():
                messages.success(request, act(request, article, timezone.now()))
        except Refused as refusal:
            for sentence in refusal.sentences:
                messages.warning(request, sentence)
        return HttpResponseRedirect(reverse("admin:articles_article_review", args=[article.pk]))

    def _submit(self, request, article, at):
        reviewing.submit(article, by=request.user, at=at, note=request.POST.get("note", ""))
        return _("Review asked for. An editor who did not edit the text can approve it now.")

    def _check(self, request, article, at):
        citation = get_object_or_404(Citation, pk=request.POST.get("citation"), claim__article=article)
        reviewing.check_evidence(citation, by=request.user, at=at)
        return _("Noted: you read the source and it says this.")

    def _approve(self, request, article, at):
        reviewing.approve(
            self._revision(request, article), by=request.user, at=at, note=request.POST.get("note", ""),
            override_reason=request.POST.get("override_reason", ""),
        )  # fmt: skip
        return _("Approved as it stands. It can be published now.")

    def _ask_for_changes(self, request, article, at):
        reviewing.ask_for_changes(
            self._revision(request, article), by=request.user, at=at, note=request.POST.get("note", "")
        )
        return _("Noted. The author sees what you asked for.")

    def _publish(self, request, article, at):
        note = request.POST.get("note", "")
        publishing.publish(self._revision(request, article), by=request.user, at=at, change_note=note)
        return _("Published. Readers see it now.")

    def _withdraw(self, request, article, at):
        publishing.withdraw(article, by=request.user, at=at, reason=request.POST.get("note", ""))
        return _("Withdrawn. Readers are told why.")

    def _revision(self, request, article):
        """The text the person had before them; it may be older than the draft, and then the service says so."""
        revision = Revision.objects.filter(article=article, digest=request.POST.get("digest", "")).first()
        if revision is None:
            raise Refused(_("This text has not been sent for review yet. Ask for a review first."))
        return revision

    def _get(self, request, pk):
        article = get_object_or_404(Article, pk=pk)
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        return article
