"""Read a document that was written elsewhere into the parts of an article.

What this module exports stores nothing. `making_drafts` and `pending_imports` do.
"""

from .choices import Choices
from .documents import Document, DocumentLine
from .limits import CannotRead, check_body, check_size
from .parts import ImportedArticle
from .reading import read_document
from .structure import structure
from .suggesting import mark_claims

__all__ = [
    "CannotRead",
    "Choices",
    "Document",
    "DocumentLine",
    "ImportedArticle",
    "check_body",
    "check_size",
    "mark_claims",
    "read_article",
    "read_document",
    "structure",
]


def read_article(data: bytes, file_name: str) -> ImportedArticle:
    """Return the article in the bytes `data`. The ending of `file_name` names the format.

    Raises CannotRead, whose str() tells the author in one sentence what to do.
    """
    document = read_document(data, file_name)
    article = structure(document.lines, document.messages)
    check_body(article.body_html)
    return article
