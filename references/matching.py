"""Which records describe the same work.

Two records are certainly one work when they share a DOI, PMID, PMCID or ISBN, or when title, first
author and year agree and volume or first page too. Anything less is shown to a person side by side:
no records are merged because they look alike.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q
from rapidfuzz import fuzz

from . import csl as csl_json
from .models import Reference

#: Shorter titles ("Editorial", "Low back pain") name many works.
SHORTEST_TITLE = 20
#: Titles at least this alike are the same title, misprints and all.
SAME_TITLE = 0.92
_PARTS_OF_BOOKS = {"chapter", "paper-conference", "entry", "entry-dictionary", "entry-encyclopedia"}
_IDENTIFIERS = ("doi_key", "pmid", "pmcid", "isbn13")


@dataclass(frozen=True)
class Match:
    """A reference of the library that a record is, and by what it was recognised.

    `matched_by` is doi, pmid, pmcid, isbn, uid or title.
    """

    reference: Reference
    matched_by: str


def similarity(one: str, other: str) -> float:
    """Return how similar two titles are, from 0 to 1; markup, case and punctuation do not count.

    It is 0 where one of them is empty.
    """
    key, other_key = csl_json.title_key(one), csl_json.title_key(other)
    return fuzz.ratio(key, other_key) / 100 if key and other_key else 0.0


def same_title(one: str, other: str) -> bool:
    """Return whether two titles are one, but for misprints and a subtitle that one lacks."""
    shorter, longer = sorted((csl_json.title_key(one), csl_json.title_key(other)), key=len)
    is_begun_alike = len(shorter) >= SHORTEST_TITLE and longer.startswith(shorter)
    return is_begun_alike or similarity(one, other) >= SAME_TITLE


def owns_isbn(csl_type: str) -> bool:
    """Return whether a work of this type has its own ISBN.

    A chapter or paper has that of its book.
    """
    return csl_type not in _PARTS_OF_BOOKS and not csl_type.startswith("article")


def first_page(page: str) -> str:
    return page.replace("–", "-").partition("-")[0].strip().lower()


def identifiers_conflict(one: Reference, other: Reference) -> bool:
    """Return whether two references have different identifiers of a kind, and so are two works."""
    return any(
        getattr(one, column)
        and getattr(other, column)
        and getattr(one, column) != getattr(other, column)
        for column in _IDENTIFIERS
    )


def same_author(one: Reference, other: Reference) -> bool:
    """Return whether the first authors agree as far as they are given.

    “von Helmholtz” and “Helmholtz” do.
    """
    name, other_name = (csl_json.title_key(work.first_author) for work in (one, other))
    if not name or not other_name:
        return name == other_name
    return name.endswith(other_name) or other_name.endswith(name)


def same_year(one: Reference, other: Reference) -> bool:
    """Return whether the years are both missing or at most one apart, as print and online are."""
    if one.year is None or other.year is None:
        return one.year == other.year
    return abs(one.year - other.year) <= 1


def is_another_work(one: Reference, other: Reference) -> bool:
    """Return whether two references are two works although they share an identifier.

    The abstracts of a congress share the DOI of their supplement, chapters that of their book, and
    a DOI is copied to the wrong work. So title, author and page have to speak for one work, as far
    as both give them: a title that was translated or changed has its author or its page beside it.
    """
    if same_title(one.title, other.title) or similarity(one.title, other.title) >= _ALIKE:
        is_short = len(one.title_key) < SHORTEST_TITLE
        return is_short and _agree(one, other) == (False, False)
    author, page = _agree(one, other)
    if not (one.title_key and other.title_key):
        return False in (author, page) and True not in (author, page)
    if page is None:
        return not author or one.type != other.type or one.type in _PARTS_OF_BOOKS
    return not page or author is False


#: Titles less alike than this say different things.
_ALIKE = 0.75


def _agree(one, other):
    """Return (do the first authors agree, do the first pages), each None where one is missing."""
    author = same_author(one, other) if one.first_author and other.first_author else None
    pages = first_page(one.page), first_page(other.page)
    return author, pages[0] == pages[1] if all(pages) else None


def same_work(one: Reference, other: Reference) -> bool:
    """Return whether two references are certainly one work, judged by what describes them.

    They may be rows or drafts that are not saved yet.
    """
    if not one.title_key or one.title_key != other.title_key or identifiers_conflict(one, other):
        return False
    if not (same_author(one, other) and same_year(one, other)) or _are_editions(one, other):
        return False
    descriptions = [
        (work.type, work.year, work.volume, first_page(work.page), work.container_title)
        for work in (one, other)
    ]
    if descriptions[0] == descriptions[1]:
        return True
    (_, _, volume, page, _), (_, _, other_volume, other_page, _) = descriptions
    if (volume and other_volume and volume != other_volume) or (
        page and other_page and page != other_page
    ):
        return False
    agrees = bool(volume and volume == other_volume) or bool(page and page == other_page)
    return agrees and len(one.title_key) >= SHORTEST_TITLE


_TELL_EDITIONS_APART = (
    "edition",
    "genre",
    "number",
    "publisher",
    "chapter-number",
    "collection-number",
    "version",
)


def _are_editions(one, other):
    """Return whether books, theses or reports of one title differ in what tells editions apart."""
    if one.type.startswith("article") or other.type.startswith("article"):
        return False
    return any(
        one.csl.get(name) and other.csl.get(name) and str(one.csl[name]) != str(other.csl[name])
        for name in _TELL_EDITIONS_APART
    )


def may_be_same(one: Reference, other: Reference) -> bool:
    """Return whether a person should compare two references: same title and year, no proof."""
    return (
        len(one.title_key) >= SHORTEST_TITLE
        and one.title_key == other.title_key
        and (one.year is None or other.year is None or abs(one.year - other.year) <= 1)
    )


def is_certain(one: Reference, other: Reference) -> bool:
    """Return whether two references are one work beyond doubt: merging them takes one click."""
    if identifiers_conflict(one, other) or is_another_work(one, other):
        return False
    same_isbn = bool(one.isbn13) and one.isbn13 == other.isbn13 and owns_isbn(one.type)
    return same_isbn or same_work(one, other)


class Library:
    """The references that some drafts could be, found with one query, and those added since.

    Merged rows are found too, and lead to the row that stands for them now.
    """

    def __init__(
        self, drafts: Collection[Reference], uids: Iterable[str] = (), *, lock: bool = False
    ) -> None:
        """Find what `drafts` could be: references not saved yet, with their columns derived.

        With `lock`, inside a transaction, nobody else changes the rows found until it ends.
        """
        self._by: dict[str, dict[str, Reference]] = {
            column: {} for column in (*_IDENTIFIERS, "uid")
        }
        self._by_title: defaultdict[str, list[Reference]] = defaultdict(list)
        self._rows: dict[int, Reference] = {}
        self._all = Reference.objects.select_for_update() if lock else Reference.objects.all()
        for reference in self._all.filter(_could_be(drafts, uids)).defer("payload").order_by("pk"):
            self._rows[reference.pk] = reference
            self.add(reference)

    def add(self, reference: Reference) -> None:
        """Let later drafts match `reference` too."""
        for column, index in self._by.items():
            value = getattr(reference, column)
            if value and (column != "isbn13" or owns_isbn(reference.type)):
                index.setdefault(str(value), reference)
        if reference.title_key:
            self._by_title[reference.title_key].append(reference)

    def match(self, draft: Reference, uid: str = "") -> Match | None:
        """Return the Match that `draft` certainly is, or None.

        `uid` is the one our own export gave it.
        """
        exported = self._by["uid"].get(uid)
        if exported and (
            exported.title_key == draft.title_key or _share_an_identifier(exported, draft)
        ):
            return Match(self._survivor(exported), "uid")
        for column in _IDENTIFIERS:
            known = self._by[column].get(getattr(draft, column) or "")
            if not known or is_another_work(known, draft):
                continue
            if column != "isbn13" or owns_isbn(draft.type):
                name = column.removesuffix("_key").removesuffix("13")
                return Match(self._survivor(known), name)
        for known in self._by_title.get(draft.title_key, ()):
            if same_work(known, draft):
                return Match(self._survivor(known), "title")
        return None

    def _survivor(self, reference):
        """Return the row that stands for `reference` now, always as the same object."""
        if reference.merged_into_id is None:
            return reference
        pk = reference.survivor.pk
        if pk not in self._rows:
            self._rows[pk] = self._all.get(pk=pk)
        return self._rows[pk]

    def give_up_identifiers(self, draft: Reference) -> list[tuple[str, Reference]]:
        """Take from `draft`, which matches none, the identifiers that other works have.

        Returns (name of the identifier, the work that has it) for each.
        """
        given_up = []
        for column in _IDENTIFIERS:
            holder = self._by[column].get(getattr(draft, column) or "")
            if holder is None or (column == "isbn13" and not owns_isbn(draft.type)):
                continue
            name = column.removesuffix("_key").removesuffix("13").upper()
            given_up.append((name, self._survivor(holder)))
            draft.csl = {field: value for field, value in draft.csl.items() if field != name}
            setattr(draft, column.removesuffix("_key"), "" if column == "doi_key" else None)
        if given_up:
            draft.derive()
        return given_up

    def to_compare(self, draft: Reference) -> list[Reference]:
        """Return references that a person should compare with `draft`, which matches none."""
        return [
            known for known in self._by_title.get(draft.title_key, ()) if may_be_same(known, draft)
        ]

    def holder(self, column: str, value: str) -> Reference | None:
        """Return the reference that has the identifier `value`, or None.

        `column` is doi_key, pmid, pmcid or isbn13.
        """
        return self._by[column].get(value)


def _share_an_identifier(one, other):
    return any(
        getattr(one, column) and getattr(one, column) == getattr(other, column)
        for column in _IDENTIFIERS
    )


def known_typed_work(draft: Reference) -> Reference | None:
    """Return the reference that a typed line leads to, read into `draft`.

    None when the work is new.

    A line with an identifier is known by it. Only a line without any is known by title and year.
    """
    if draft.doi_key or draft.pmid or draft.pmcid:
        # A row that was merged keeps its identifiers, and leads to the row that stands for it.
        rows = Reference.objects.known_as(doi_key=draft.doi_key, pmid=draft.pmid, pmcid=draft.pmcid)
        # Words around an identifier ("read this: 10.…") are no title if no author goes with them.
        is_described = bool(draft.first_author)
        return next(
            (row.survivor for row in rows if not (is_described and is_another_work(row, draft))),
            None,
        )
    rows = Reference.objects.current().filter(title_key=draft.title_key, year=draft.year)
    return rows.exclude(title_key="").first()


def _could_be(drafts, uids):
    """Return the condition for all rows that one of `drafts` could be."""
    condition = Q(pk__in=[])
    for column in _IDENTIFIERS:
        if values := {value for draft in drafts if (value := getattr(draft, column))}:
            condition |= Q(**{f"{column}__in": values})
    if uids := [uid for uid in uids if uid]:
        condition |= Q(uid__in=uids)
    if titles := {draft.title_key for draft in drafts if len(draft.title_key) >= SHORTEST_TITLE}:
        condition |= Q(title_key__in=titles)
    if short := [draft for draft in drafts if 0 < len(draft.title_key) < SHORTEST_TITLE]:
        # Thousands of rows have a title such as “Editorial”: only those with the same volume and
        # page can match.
        condition |= Q(
            title_key__in={draft.title_key for draft in short},
            volume__in={draft.volume for draft in short},
            page__in={draft.page for draft in short},
        )
    return condition


# In the library itself -------------------------------------------------------------------------


@dataclass(frozen=True)
class Candidate:
    """A reference of the library that a description may mean.

    `is_accepted`: no person needs to look at it.
    """

    reference: Reference
    similarity: float
    is_accepted: bool


def candidates(csl: csl_json.Csl, *, limit: int = 3) -> list[Candidate]:
    """Return the references that the work in `csl` most likely is, best first; one query."""
    draft = Reference(csl=dict(csl))
    draft.derive()
    could_be = _could_be([draft], [])
    if draft.first_author and draft.year:
        could_be |= Q(
            first_author__iexact=draft.first_author, year__range=(draft.year - 1, draft.year + 1)
        )
    rows = Reference.objects.current().filter(could_be).defer("raw", "payload")[:200]
    found = [
        Candidate(row, round(_work_similarity(row, draft), 3), _is_accepted(row, draft))
        for row in rows
    ]
    found = [candidate for candidate in found if candidate.similarity >= 0.6]
    found.sort(
        key=lambda candidate: (
            -candidate.is_accepted,
            -candidate.similarity,
            candidate.reference.pk,
        )
    )
    return found[:limit]


def _work_similarity(one, other):
    if _share_an_identifier(one, other):
        return 1.0
    return (
        fuzz.ratio(one.title_key, other.title_key) / 100
        if one.title_key and other.title_key
        else 0.0
    )


def _is_accepted(row, draft):
    if row.doi_key and row.doi_key == draft.doi_key:
        return True
    same_volume = bool(draft.volume) and row.volume == draft.volume
    same_page = bool(draft.page) and first_page(row.page) == first_page(draft.page)
    return (
        (same_volume or same_page)
        and _work_similarity(row, draft) >= SAME_TITLE
        and same_year(row, draft)
        and same_author(row, draft)
        and not identifiers_conflict(row, draft)
    )
