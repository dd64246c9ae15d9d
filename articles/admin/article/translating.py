"""The pages about a translation: what changed in its original, and starting a new one.

Nothing here decides; articles.drafts.translations does.
"""

from django.contrib import admin, messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.drafts import translation_drafts, translations
from articles.models import Article, Publication, PublishedTranslation, Revision
from articles.refusals import Refused
from physiohub import policy
from physiohub.read_only import ReadOnlyAdmin


class TranslationPage:
    """Mixin for the article's ModelAdmin: adds the pages, and pins new translations."""

    def get_urls(self):
        translation = self.admin_site.admin_view(self.translation)
        translate = self.admin_site.admin_view(self.translate)
        return [
            path("<int:pk>/translation/", translation, name="articles_article_translation"),
            path("<int:pk>/translate/", translate, name="articles_article_translate"),
            *super().get_urls(),
        ]

    def save_model(self, request, obj, form, change):
        if "translation_of" in form.changed_data:
            translations.pin_new(obj, at=timezone.now())
        super().save_model(request, obj, form, change)

    def translation(self, request, pk):
        """Show what changed in the original, row by row.

        A POST says that the translation has all of it now.
        """
        self._require(request, policy.READ_DRAFT)
        articles = Article.objects.select_related("translation_of", "translated_from")
        article = get_object_or_404(articles, pk=pk)
        if article.translation_of is None:
            raise Http404
        if request.method == "POST":
            return self._bring_up_to_date(request, article)
        state = translations.translation_state(article)
        own_words = translation_drafts.words_here(article, [change.uid for change in state.changes])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Translation: %s") % article,
            "opts": self.opts,
            "article": article,
            "state": state,
            "changes": [(change, own_words.get(change.uid, "")) for change in state.changes],
            "may_change": policy.may(request.user, policy.WRITE),
        }
        return TemplateResponse(request, "admin/articles/article/translation.html", context)

    def translate(self, request, pk):
        """Show the languages for translations of the article, and the button that starts one."""
        self._require(request, policy.SEE_ARTICLES)
        article = get_object_or_404(Article.objects.select_related("translation_of"), pk=pk)
        original = article.translation_of or article
        if request.method == "POST":
            return self._start_translation(request, original)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Translate: %s") % original,
            "opts": self.opts,
            "article": original,
            "languages": translation_drafts.translations_of(original).items(),
            "live": Publication.objects.live_of(original),
            "may_start": policy.may(request.user, policy.BEGIN),
        }
        return TemplateResponse(request, "admin/articles/article/translate.html", context)

    def _start_translation(self, request, original):
        self._require(request, policy.BEGIN)
        language = request.POST.get("language", "")
        try:
            article = translation_drafts.start(
                original, language, by=request.user, at=timezone.now()
            )
            messages.success(
                request,
                _(
                    "The draft holds all of the original. Translate each row, then check that its"
                    " evidence fits."
                ),
            )
        except translation_drafts.AlreadyThere as refusal:
            messages.warning(request, str(refusal))
            article = refusal.translation
        except Refused as refusal:
            for sentence in refusal.sentences:
                messages.warning(request, sentence)
            return HttpResponseRedirect(
                reverse("admin:articles_article_translate", args=[original.pk])
            )
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))

    def _bring_up_to_date(self, request, article):
        self._require(request, policy.WRITE)
        digest = request.POST.get("digest", "")
        revision = Revision.objects.filter(article=article.translation_of, digest=digest).first()
        try:
            if revision is None:
                raise Refused(
                    _("Open this page again: it does not say which version you looked at.")
                )
            translations.bring_up_to_date(
                article, revision=revision, by=request.user, at=timezone.now()
            )
            messages.success(
                request, _("Noted. Ask for a review of the translation, then publish it.")
            )
        except Refused as refusal:
            for sentence in refusal.sentences:
                messages.warning(request, sentence)
        return HttpResponseRedirect(
            reverse("admin:articles_article_translation", args=[article.pk])
        )


@admin.register(PublishedTranslation)
class PublishedTranslationAdmin(ReadOnlyAdmin):
    """Which live pages are translations, and of which revision. Only publishing writes them."""

    list_display = ["publication", "of", "made_from"]
    list_select_related = ["publication__revision", "of", "made_from"]
    search_fields = ["publication__slug", "of__title"]
