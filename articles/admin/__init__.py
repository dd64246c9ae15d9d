"""The admin, where clinicians and editors work.

Each package has one subject. Admin code declares and words things; it decides nothing.
"""

from .accounts import requests, users
from .article import article, feedback, pictures, single_rows
from .records import inbox, records, tags, vocabulary

__all__ = [
    "article",
    "feedback",
    "inbox",
    "pictures",
    "records",
    "requests",
    "single_rows",
    "tags",
    "users",
    "vocabulary",
]
