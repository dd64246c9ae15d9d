"""The clinicians' workplace. A module a subject; admin code declares and phrases, and decides nothing."""

from . import articles, claims, feedback, inbox, pictures, records, tags, vocabulary

__all__ = ["articles", "claims", "feedback", "inbox", "pictures", "records", "tags", "vocabulary"]
