"""The typed rows of an article, under its form."""

from django.contrib import admin

from articles.models import (
    ArticleCondition,
    ArticleContraindication,
    ArticleSideEffect,
    ComparisonRow,
    HelpAdvice,
    Indication,
    KeyPoint,
    Question,
    ReadingListEntry,
    Recommendation,
)

from .naming import NamesItsFields


class RowInline(NamesItsFields, admin.TabularInline):
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


#: In the order they stand on the page.
INLINES = [
    KeyPointInline, ContraindicationInline, ConditionInline, IndicationInline, SideEffectInline, HelpAdviceInline,
    RecommendationInline, QuestionInline, ComparisonInline, ReadingListInline,
]  # fmt: skip
