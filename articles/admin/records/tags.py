"""The admin of tags. A change of a tag is an edit of the articles that have it.

The names of tags are part of what an article says.
"""

import contextlib

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.admin import TagAdmin as StockTagAdmin
from taggit.models import Tag

from articles.drafts.tags import recording_tags

admin.site.unregister(Tag)


@admin.register(Tag)
class TagAdmin(StockTagAdmin):
    """The pages of django-taggit. Every change is recorded as an edit of the articles."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        with _recording_edits(request):
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_model(self, request, obj):
        with _recording_edits(request):
            super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        with _recording_edits(request):
            super().delete_queryset(request, queryset)

    # The action of django-taggit and its page check no permission.
    @admin.action(description=_("Merge the selected tags"), permissions=["change"])
    def render_tag_form(self, request, queryset):
        return super().render_tag_form(request, queryset)

    def merge_tags_view(self, request):
        if not self.has_change_permission(request):
            raise PermissionDenied
        with _recording_edits(request):
            return super().merge_tags_view(request)


def _recording_edits(request):
    """Record an edit by the user of each article whose tags change inside."""
    if request.method != "POST":
        return contextlib.nullcontext()
    return recording_tags(by=request.user, at=timezone.now())
