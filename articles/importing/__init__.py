"""A document somebody wrote elsewhere, read into the parts of an article. Pure: nothing is stored here."""

from .documents import lines_of
from .refusing import CannotRead, check_size
from .structure import ImportedArticle, structure

__all__ = ["CannotRead", "ImportedArticle", "check_size", "read_article"]


def read_article(data, file_name):
    """The ImportedArticle in the bytes `data`; the ending of `file_name` names the format.

    Raises CannotRead, whose str() tells the author in one sentence what to do.
    """
    lines, notes = lines_of(data, file_name)
    return structure(lines, notes)
