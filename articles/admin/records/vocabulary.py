"""The admin of the vocabulary that articles share: terms, people, the glossary."""

from django.contrib import admin
from django.db import models

from articles.admin.article.edits import RecordsEdits
from articles.admin.article.names import NamesField
from articles.models import Condition, Contraindication, GlossaryTerm, Person, SideEffect


class TermAdmin(RecordsEdits, admin.ModelAdmin):
    list_display = ["name", "clinical_name", "icd10", "snomed_ct"]
    search_fields = ["name", "clinical_name", "icd10", "snomed_ct"]
    formfield_overrides = {models.JSONField: {"form_class": NamesField}}


@admin.register(Condition)
class ConditionAdmin(TermAdmin):
    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["name"]}

    def get_readonly_fields(self, request, obj=None):
        # Live articles froze it. With another address the condition would have two pages.
        return ["slug"] if obj else []


admin.site.register([SideEffect, Contraindication], TermAdmin)


@admin.register(Person)
class PersonAdmin(RecordsEdits, admin.ModelAdmin):
    list_display = ["name", "role", "registration"]
    search_fields = ["name", "role", "registration"]
    autocomplete_fields = ["user"]


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(RecordsEdits, admin.ModelAdmin):
    list_display = ["word", "meaning", "language"]
    list_filter = ["language"]
    search_fields = ["word", "meaning"]

    def get_readonly_fields(self, request, obj=None):
        return ["word", "language"] if obj else []

    def has_delete_permission(self, request, obj=None):
        return False
