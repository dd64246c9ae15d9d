"""A document somebody wrote elsewhere, read into the parts of an article.

Pure: nothing is stored here.
"""

from .choices import Choices
from .documents import Document, DocumentLine, read_document
from .limits import CannotRead, check_body, check_size
from .parts import ImportedArticle
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


def read_article(data, file_name):
    """The ImportedArticle in the bytes `data`; the ending of `file_name` names the format.

    Raises CannotRead, whose str() tells the author in one sentence what to do.
    """
    document = read_document(data, file_name)
    read = structure(document.lines, document.notes)
    check_body(read.body_html)
    return read
