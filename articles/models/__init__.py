"""What patients are told, what it rests on, and how it got approved. A module a subject."""

from .article import Article, ReadingListEntry, slug_for
from .audit import AuditEntry
from .claims import Certainty, Citation, Claim, Stance
from .imports import ImportedDocument, PendingImport
from .people import Person
from .pictures import ArticlePicture, Picture, PublishedPicture
from .publications import Publication, PublishedCitation, PublishedWork, SafetyNotice, Withdrawal
from .review import Comment, Decision, ReviewRequest, ReviewTask
from .revisions import Revision
from .rows import (
    ArticleCondition,
    ArticleContraindication,
    ArticleSideEffect,
    ComparisonRow,
    HelpAdvice,
    Indication,
    KeyPoint,
    Question,
    Recommendation,
)
from .vocabulary import Condition, Contraindication, SideEffect

__all__ = [
    "Article", "ArticleCondition", "ArticleContraindication", "ArticlePicture", "ArticleSideEffect", "AuditEntry",
    "Certainty", "Citation", "Claim", "Comment", "ComparisonRow", "Condition", "Contraindication", "Decision",
    "HelpAdvice", "ImportedDocument", "Indication", "KeyPoint", "PendingImport", "Person", "Picture", "Publication",
    "PublishedCitation", "PublishedPicture", "PublishedWork", "Question", "ReadingListEntry", "Recommendation",
    "ReviewRequest", "ReviewTask", "Revision", "SafetyNotice", "SideEffect", "Stance", "Withdrawal", "slug_for",
]  # fmt: skip
