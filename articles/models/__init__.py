"""What patients read, the evidence for it, and how it was approved. A module for each subject."""

from .accounts import AccessRequest, RememberedDevice, WrongPassword
from .article import Article, ReadingListEntry, slug_for
from .audit import AuditEntry
from .buffers import Buffer
from .catalogue import (
    LiveArticle,
    LiveFinding,
    LiveTerm,
    LiveTopicFinding,
    LiveTotal,
    PublicState,
)
from .checklists import ChecklistAnswer, ChecklistResult, UserTest
from .claims import Certainty, Citation, Claim, Stance
from .feedback import Feedback
from .findings import Finding
from .imports import ImportedDocument, PendingImport, PendingPicture
from .notifications import Delivery, MailOutage, Notification
from .people import Person
from .pictures import ArticlePicture, Picture, PublishedPicture
from .publications import (
    Confirmation,
    Publication,
    PublishedCitation,
    PublishedWork,
    SafetyNotice,
    Schedule,
    Withdrawal,
)
from .review import (
    Comment,
    Decision,
    Interest,
    Invitation,
    ReviewRequest,
    ReviewTask,
    SignedException,
)
from .revisions import Revision
from .rows import (
    Alternative,
    ArticleCondition,
    ArticleContraindication,
    ArticleSideEffect,
    ComparisonRow,
    HelpAdvice,
    Indication,
    KeyPoint,
    Question,
    Recommendation,
    RelatedPage,
    Step,
)
from .translations import PublishedTranslation
from .vocabulary import Condition, Contraindication, GlossaryTerm, SideEffect

__all__ = [
    "AccessRequest", "Alternative", "Article", "ArticleCondition", "ArticleContraindication",
    "ArticlePicture", "ArticleSideEffect", "AuditEntry", "Buffer", "Certainty", "ChecklistAnswer",
    "ChecklistResult", "Citation", "Claim", "Comment", "ComparisonRow", "Condition", "Confirmation",
    "Contraindication", "Decision", "Delivery",
    "Feedback", "Finding", "GlossaryTerm", "HelpAdvice", "ImportedDocument", "Indication",
    "Interest", "Invitation", "KeyPoint", "LiveArticle", "LiveFinding", "LiveTerm",
    "LiveTopicFinding", "LiveTotal", "MailOutage",
    "Notification", "PendingImport", "PendingPicture", "Person", "Picture", "PublicState",
    "Publication", "PublishedCitation", "PublishedPicture", "PublishedTranslation", "PublishedWork",
    "Question", "ReadingListEntry", "Recommendation", "RelatedPage", "RememberedDevice",
    "ReviewRequest", "ReviewTask", "Revision", "SafetyNotice", "Schedule", "SideEffect",
    "SignedException", "Stance", "Step", "UserTest", "Withdrawal", "WrongPassword", "slug_for",
]  # fmt: skip
