"""The admin, where clinicians and editors work.

Each package has one subject. Admin code declares and words things; it decides nothing.
"""

from .article import article, claims, feedback, pictures
from .records import inbox, records, tags, vocabulary

__all__ = ["article", "claims", "feedback", "inbox", "pictures", "records", "tags", "vocabulary"]
