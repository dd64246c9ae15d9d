"""The evidence library: one Reference a work, what became of it since, and how it came in.

A module a subject.
"""

from .bulk_checks import BulkCheck
from .imports import ImportedFile, ReferenceImport, SourceRecord
from .merges import Distinct, Merge
from .notices import Notice
from .references import Design, Identity, Integrity, Origin, Reference

__all__ = [
    "BulkCheck",
    "Design",
    "Distinct",
    "Identity",
    "ImportedFile",
    "Integrity",
    "Merge",
    "Notice",
    "Origin",
    "Reference",
    "ReferenceImport",
    "SourceRecord",
]
