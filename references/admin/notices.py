"""Notices about works: read mostly, written by hand where a publisher told us and no register did."""

from django.contrib import admin

from references.models import Notice


class NoticeInline(admin.TabularInline):
    model = Notice
    extra = 0


@admin.register(Notice)
class NoticeAdmin(admin.ModelAdmin):
    list_display = ["reference", "kind", "date", "source"]
    list_select_related = ["reference"]
    list_filter = ["kind", "source"]
    search_fields = ["reference__title", "doi", "label"]
    autocomplete_fields = ["reference"]
