from django.contrib import admin
from django.db import models

from articles.models import Condition, Contraindication, Person, SideEffect

from .edits import RecordsEdits
from .names import NamesField


class TermAdmin(RecordsEdits, admin.ModelAdmin):
    list_display = ["name", "clinical_name", "icd10", "snomed_ct"]
    search_fields = ["name", "clinical_name", "icd10", "snomed_ct"]
    formfield_overrides = {models.JSONField: {"form_class": NamesField}}


@admin.register(Condition)
class ConditionAdmin(TermAdmin):
    prepopulated_fields = {"slug": ["name"]}


admin.site.register([SideEffect, Contraindication], TermAdmin)


@admin.register(Person)
class PersonAdmin(RecordsEdits, admin.ModelAdmin):
    list_display = ["name", "role", "registration"]
    search_fields = ["name", "role", "registration"]
    autocomplete_fields = ["user"]
