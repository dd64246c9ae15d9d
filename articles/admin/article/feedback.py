"""The answers of readers about an article, by the part of the page they are about."""

from collections import Counter

from django.contrib import admin
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.models import Feedback
from physiohub import policy
from physiohub.read_only import ReadOnlyAdmin

#: The page of an article shows so many of the newest answers that have a text.
MOST_ANSWERS = 200


class FeedbackPage:
    """Mixin for the article's ModelAdmin: adds the page with the answers of its readers."""

    def get_urls(self):
        page = path(
            "<int:pk>/feedback/",
            self.admin_site.admin_view(self.feedback),
            name="articles_article_feedback",
        )
        return [page, *super().get_urls()]

    def feedback(self, request, pk):
        article = self._get(request, pk, policy.READ_FEEDBACK)
        answers = Feedback.objects.filter(publication__article=article)
        counts = Counter(answers.order_by().values_list("helped", flat=True))
        with_words = list(answers.exclude(text="").select_related("publication")[:MOST_ANSWERS])
        by_part = {}
        for answer in with_words:
            by_part.setdefault(answer.heading, []).append(answer)
        context = {
            **self.admin_site.each_context(request),
            "title": _("What readers say: %s") % article,
            "opts": self.opts,
            "article": article,
            "helped": counts[True],
            "did_not_help": counts[False],
            "by_part": by_part,
            "is_cut": len(with_words) == MOST_ANSWERS,
            "may_delete": policy.may(request.user, policy.DELETE_FEEDBACK),
        }
        return TemplateResponse(request, "admin/articles/article/feedback.html", context)


@admin.register(Feedback)
class FeedbackAdmin(ReadOnlyAdmin):
    """Nobody adds or changes an answer. One with private details can be deleted."""

    list_display = ["on", "helped", "text", "heading", "page"]
    list_filter = ["helped", "on"]
    list_select_related = ["publication__revision"]
    search_fields = ["text", "heading", "publication__slug"]
    date_hierarchy = "on"

    def has_delete_permission(self, request, obj=None):
        return policy.may(request.user, policy.DELETE_FEEDBACK)

    @admin.display(description=_("page"), ordering="publication__slug")
    def page(self, answer):
        publication = answer.publication
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:articles_article_feedback", args=[publication.article_id]),
            publication,
        )
