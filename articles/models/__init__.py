"""What patients are told, what it rests on, and how it got approved. A module a subject."""

from .article import Article, ReadingListEntry, slug_for
from .audit import AuditEntry
from .claims import Certainty, Citation, Claim, Stance
from .imports import ImportedDocument, PendingImport
from .people import Person
from .pictures import ArticlePicture, Picture, PublishedPicture
from .publications import Confirmation, Publication, SafetyNotice, Schedule, Withdrawal
from .review import Comment, Decision, Interest, Invitation, ReviewRequest, ReviewTask, SignedException
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
    "Certainty", "Citation", "Claim", "Comment", "ComparisonRow", "Condition", "Confirmation", "Contraindication",
    "Decision", "HelpAdvice", "ImportedDocument", "Indication", "Interest", "Invitation", "KeyPoint", "PendingImport",
    "Person", "Picture", "Publication", "PublishedPicture", "Question",
    "ReadingListEntry", "Recommendation", "ReviewRequest",
    "ReviewTask", "Revision", "SafetyNotice", "Schedule", "SideEffect", "SignedException", "Stance", "Withdrawal",
    "slug_for",
]  # fmt: skip
