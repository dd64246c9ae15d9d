"""The rows of the evidence library, one module for each subject.

There is one Reference for each work. The others say how it came in, and what became of it.
"""

from .bulk_checks import BulkCheck
from .imports import ImportedFile, ReferenceImport, SourceRecord
from .merges import Distinct, Merge
from .notices import Notice
from .pairs import MatchingKey, PossiblePair
from .references import Design, Identity, Integrity, Origin, Reference
from .search_texts import SearchText

__all__ = [
    "BulkCheck",
    "Design",
    "Distinct",
    "Identity",
    "ImportedFile",
    "Integrity",
    "MatchingKey",
    "Merge",
    "Notice",
    "Origin",
    "PossiblePair",
    "Reference",
    "ReferenceImport",
    "SearchText",
    "SourceRecord",
]
