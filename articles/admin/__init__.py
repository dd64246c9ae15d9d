"""The clinicians' workplace.

A room a subject; admin code declares and phrases, and decides nothing.
"""

from .article import article, claims, feedback, pictures
from .records import inbox, records, tags, vocabulary

__all__ = ["article", "claims", "feedback", "inbox", "pictures", "records", "tags", "vocabulary"]
