"""Say what of the citations of a document came to nothing, for a person to look at."""

from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext_noop as _

from .citations import NO_SUCH_REFERENCE, Sources
from .documents import DocumentLine
from .parts import ImportedArticle, PointToCheck
from .roles import OUT, ROLES, SOURCES

NOBODY_CITES_THE_LIST = _(
    "No sentence cites the list of references, so nothing is linked: mark the claims in the draft"
    " and link each by hand."
)
NOBODY_CITES_THESE = _(
    "No sentence cites these references: link them by hand, or keep them for the reading list."
)
NUMBERS_WITHOUT_A_REFERENCE = _(
    "The text cites numbers that the list of references does not have: add the references, or link"
    " the sentences by hand."
)


def points_about_citations(
    article: ImportedArticle,
    lines: Sequence[DocumentLine],
    roles: Mapping[int, str],
    sources: Sources,
) -> Iterator[PointToCheck]:
    """Yield what to look at: references nobody cites, and numbers that have no reference."""
    cited: set[int] = set()
    without: list[int] = []
    for line in lines:
        if ROLES[roles[line.number]].group in {OUT, SOURCES}:
            continue
        citations = sources.cited_in(line.text)
        cited |= {citation.line for citation in citations if citation.line is not None}
        if any(one.typed.isdigit() and one.said == NO_SUCH_REFERENCE for one in citations):
            without.append(line.number)
    works = {reference.key for reference in article.references if reference.line in cited}
    uncited = tuple(
        reference.line
        for reference in article.references
        if reference.key not in works and not reference.error
    )
    if uncited:
        text = NOBODY_CITES_THESE if cited else NOBODY_CITES_THE_LIST
        yield PointToCheck("uncited", uncited, text)
    if without:
        yield PointToCheck("missing", tuple(without), NUMBERS_WITHOUT_A_REFERENCE)
