"""What stands under the form of an article, in the order of the page."""

from . import rows
from .findings import FindingInline
from .pictures import PictureInline

INLINES = [
    rows.KeyPointInline,
    rows.ContraindicationInline,
    rows.ConditionInline,
    FindingInline,
    rows.IndicationInline,
    rows.StepInline,
    rows.SideEffectInline,
    rows.HelpAdviceInline,
    rows.RecommendationInline,
    rows.AlternativeInline,
    rows.QuestionInline,
    rows.ComparisonInline,
    rows.ReadingListInline,
    rows.RelatedPageInline,
    PictureInline,
]
