"""Say what of the citations of a document came to nothing, for a person to look at."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.utils.translation import gettext_noop as _

from .citations import NO_SUCH_REFERENCE, FoundMark, Sources
from .documents import DocumentLine
from .marks import find_marks
from .parts import ImportedArticle, ImportedCitation, PointToCheck
from .roles import OUT, ROLES, SOURCES
from .tables import BETWEEN_CELLS, words_of_row

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
NO_LIST_FOUND = _(
    "The text cites, but no list of references was found, so nothing is linked: put a heading such"
    " as “References” above the list and bring the document in again, or link the sentences by"
    " hand."
)
#: A person and a year in brackets, where no list says who is an author.
_NAME_AND_YEAR = re.compile(
    r"[(\[;]\s?(?:see )?[^\W\d_a-z][\w’'-]{1,40}(?: et al\.?,?|,| (?:and|&|y) [\w’'-]{1,40},?)"
    r" (?:19|20)[0-9]{2}[a-z]?[)\];,]"
)


def points_about_citations(
    article: ImportedArticle,
    lines: Sequence[DocumentLine],
    roles: Mapping[int, str],
    sources: Sources,
) -> Iterator[PointToCheck]:
    """Yield what to look at: references nobody cites, and numbers that have no reference."""
    if not article.references:
        yield from _point_about_no_list(lines, roles)
    cited: set[int] = set()
    without: list[int] = []
    for line in lines:
        if ROLES[roles[line.number]].group in {OUT, SOURCES}:
            continue
        citations = [one for text in texts_of(line) for one in sources.cited_in(text)]
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


def _point_about_no_list(
    lines: Sequence[DocumentLine], roles: Mapping[int, str]
) -> Iterator[PointToCheck]:
    citing = tuple(
        line.number
        for line in lines
        if ROLES[roles[line.number]].group not in {OUT, SOURCES}
        and any(map(_cites_something, texts_of(line)))
    )
    if citing:
        yield PointToCheck("missing", citing, NO_LIST_FOUND)


def _cites_something(text: str) -> bool:
    forms = {mark.form for mark in find_marks(text)}
    return bool(forms & {"bracket", "raised", "key"} or _NAME_AND_YEAR.search(text))


def texts_of(line: DocumentLine) -> list[str]:
    """Return the texts of a line that each stand for themselves: the cells of a row."""
    return line.text.split(BETWEEN_CELLS) if line.kind == "row" else [line.text]


def messages_about_citation_marks(
    article: ImportedArticle,
    lines: Sequence[DocumentLine],
    roles: Mapping[int, str],
    sources: Sources,
) -> Iterator[str]:
    """Yield sentences about marks that were taken out, and about those that cite nothing.

    The claims of `article` must be suggested already.
    """
    claimed: dict[int, set[ImportedCitation]] = defaultdict(set)
    for claim in article.suggested_claims:
        for number in {claim.line, *(number for number, _words in claim.phrases)}:
            claimed[number] |= set(claim.citations)
    kept: list[str] = []  # marks whose citations a suggested claim has
    others: list[str] = []
    for line in lines:
        if ROLES[roles[line.number]].group in {OUT, SOURCES}:
            continue
        told: list[str] = []
        for text in texts_of(line):
            if not sources.marks_in(text):
                continue
            for sentence in sources.sentences(text):
                for mark in sources.marks_in(sentence):
                    if message := _message_about(mark, claimed[line.number], article):
                        told.append(f"Line {line.number}: {message}")
                    elif mark.is_taken_out and mark.citations:
                        kept.append(mark.words)
                told += _messages_about_footnotes(line, sentence, sources)
        others += dict.fromkeys(told)
    if kept:
        what = (
            f"“{kept[0]}” was" if len(kept) == 1 else f"{len(kept)} marks such as “{kept[0]}” were"
        )
        yield (
            f"{what} taken out of the text: tick the suggested claims, and each keeps the"
            " references that it cites."
        )
    yield from others


def _message_about(
    mark: FoundMark, claimed: set[ImportedCitation], article: ImportedArticle
) -> str:
    """Return what to say about a mark; "" where a suggested claim has all that it cites."""
    missing = [citation for citation in mark.citations if citation.line is None]
    if mark.is_taken_out and mark.citations:
        if not missing and claimed.issuperset(mark.citations):
            return ""
        said = f"“{mark.words}” was taken out: link its sentence by hand."
        if not missing or not claimed.issuperset(mark.citations):
            said = (
                f"“{mark.words}” was taken out, and no suggested claim has it: mark a claim in the"
                " editor and link it there."
            )
        return " ".join([said, *_messages_about_missing(missing)])
    if missing and article.references:
        return " ".join(_messages_about_missing(missing))
    return ""


def _messages_about_footnotes(line: DocumentLine, sentence: str, sources: Sources) -> Iterator[str]:
    for name, said in sources.footnotes_in(sentence):
        words = sources.without_citation_marks(sentence).strip() or words_of_row(line.text)
        yield f"Line {line.number}: {name} on “{words}” says “{said}”"


def _messages_about_missing(missing: Iterable[ImportedCitation]) -> Iterator[str]:
    """Give sentences about the marks that cite nothing, one for each reason."""
    numbers = [
        citation.typed
        for citation in missing
        if citation.said == NO_SUCH_REFERENCE and citation.typed.isdigit()
    ]
    if numbers:
        yield f"There is no reference {', '.join(numbers)}."
    reasons: dict[str, list[str]] = defaultdict(list)
    for citation in missing:
        if citation.typed not in numbers:
            reasons[citation.said].append(citation.typed)
    for said, typed in reasons.items():
        yield f"{', '.join(typed)}: {said}."
