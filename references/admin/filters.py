"""Filters for what librarians look for: above all works that are in trouble and cited live."""

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from references import usage


class CitedInLiveArticles(admin.SimpleListFilter):
    title = _("cited in live articles")
    parameter_name = "cited_live"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request, queryset):
        if self.value() not in {"yes", "no"}:
            return queryset
        cited = Q(pk__in=[])
        for uids in usage.live_uids():
            # A page keeps naming the row that it was approved with, even after that was merged.
            merged = queryset.model.objects.filter(uid__in=uids, merged_into__isnull=False).values(
                "merged_into"
            )
            cited |= Q(uid__in=uids) | Q(pk__in=merged)
        return queryset.filter(cited) if self.value() == "yes" else queryset.exclude(cited)


class Merged(admin.SimpleListFilter):
    title = _("merged into another")
    parameter_name = "merged"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes"))]

    def queryset(self, request, queryset):
        return queryset.exclude(merged_into=None) if self.value() == "yes" else queryset
