"""Which records describe the same work.

Certain are a shared DOI, PMID, PMCID or ISBN, and a title with the same first author and year whose
volume or first page agrees too. Everything less is shown to a person side by side; nothing is
merged on a likeness.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations

from django.db.models import Q
from rapidfuzz import fuzz

from . import csl as csl_json
from .models import Reference

#: Shorter titles ("Editorial", "Low back pain") name many works.
SHORTEST_TITLE = 20
#: Titles at least this alike are the same title, misprints and all.
SAME_TITLE = 0.92
_IN_A_WHOLE = {"chapter", "paper-conference", "entry", "entry-dictionary", "entry-encyclopedia"}
_IDENTIFIERS = ("doi_key", "pmid", "pmcid", "isbn13")


@dataclass(frozen=True)
class Match:
    """A reference of the library that a record is, and by what it was recognised."""

    reference: Reference
    why: str  # doi, pmid, pmcid, isbn, uid or title


def similarity(one, other):
    """0 to 1: how alike two titles are, markup, case and punctuation aside.

    Both must say something.
    """
    one, other = csl_json.title_key(one), csl_json.title_key(other)
    return fuzz.ratio(one, other) / 100 if one and other else 0.0


def same_title(one, other):
    """Whether two titles are one, misprints aside.

    Also when one of them leaves off the subtitle.
    """
    shorter, longer = sorted((csl_json.title_key(one), csl_json.title_key(other)), key=len)
    is_begun_alike = len(shorter) >= SHORTEST_TITLE and longer.startswith(shorter)
    return is_begun_alike or similarity(one, other) >= SAME_TITLE


def is_whole(csl_type):
    """Whether a work of this type owns its ISBN; chapters and papers share that of their book."""
    return csl_type not in _IN_A_WHOLE and not csl_type.startswith("article")


def first_page(page):
    return page.replace("–", "-").partition("-")[0].strip().lower()


def contradict(one, other):
    """Whether two references carry different identifiers of one kind, and so name two works."""
    return any(
        getattr(one, kind) and getattr(other, kind) and getattr(one, kind) != getattr(other, kind)
        for kind in _IDENTIFIERS
    )


def same_author(one, other):
    """Whether first authors agree as far as they are given; “von Helmholtz” and “Helmholtz” do."""
    one, other = csl_json.title_key(one.first_author), csl_json.title_key(other.first_author)
    if not one or not other:
        return one == other
    return one.endswith(other) or other.endswith(one)


def same_year(one, other):
    """Whether years are at most one apart, as print and online years are.

    Or missing on both sides.
    """
    if one.year is None or other.year is None:
        return one.year == other.year
    return abs(one.year - other.year) <= 1


def same_work(one, other):
    """Whether two references (rows or not saved yet) are certainly one work, judged by what
    describes them.
    """
    if not one.title_key or one.title_key != other.title_key or contradict(one, other):
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


def _are_editions(one, other):
    """Whether books, theses or reports of one title differ in what sets editions and
    volumes apart.
    """
    if one.type.startswith("article") or other.type.startswith("article"):
        return False
    return any(
        one.csl.get(name) and other.csl.get(name) and str(one.csl[name]) != str(other.csl[name])
        for name in (
            "edition",
            "genre",
            "number",
            "publisher",
            "chapter-number",
            "collection-number",
            "version",
        )
    )


def may_be_same(one, other):
    """Whether a person should compare two references.

    One title and year, and no proof that they differ.
    """
    return (
        len(one.title_key) >= SHORTEST_TITLE
        and one.title_key == other.title_key
        and (one.year is None or other.year is None or abs(one.year - other.year) <= 1)
    )


class Library:
    """The references that some new ones could be, found with one query, and those added since.

    Rows that were merged are found too, and lead to the row that stands for them.
    """

    def __init__(self, wanted, uids=(), *, lock=False):
        """`wanted` are references not saved yet, with their columns derived.

        With `lock`, inside a transaction, nobody else changes the rows found until it ends.
        """
        self._by = {kind: {} for kind in (*_IDENTIFIERS, "uid")}
        self._by_title = defaultdict(list)
        self._rows = {}
        self._all = Reference.objects.select_for_update() if lock else Reference.objects.all()
        for reference in self._all.filter(_could_be(wanted, uids)).defer("payload").order_by("pk"):
            self._rows[reference.pk] = reference
            self.add(reference)

    def add(self, reference):
        for kind, index in self._by.items():
            value = getattr(reference, kind)
            if value and (kind != "isbn13" or is_whole(reference.type)):
                index.setdefault(str(value), reference)
        if reference.title_key:
            self._by_title[reference.title_key].append(reference)

    def match(self, new, uid=""):
        """The Match that `new` certainly is, or None. `uid` is the one our own export gave it."""
        exported = self._by["uid"].get(uid)
        if exported and (
            exported.title_key == new.title_key or _share_an_identifier(exported, new)
        ):
            return Match(self._standing(exported), "uid")
        for kind in _IDENTIFIERS:
            known = self._by[kind].get(getattr(new, kind) or "")
            if known and (kind != "isbn13" or is_whole(new.type)):
                return Match(self._standing(known), kind.removesuffix("_key").removesuffix("13"))
        for known in self._by_title.get(new.title_key, ()):
            if same_work(known, new):
                return Match(self._standing(known), "title")
        return None

    def _standing(self, reference):
        """The row that stands for `reference`, always as the same object."""
        if reference.merged_into_id is None:
            return reference
        pk = reference.survivor.pk
        if pk not in self._rows:
            self._rows[pk] = self._all.get(pk=pk)
        return self._rows[pk]

    def alike(self, new):
        """References a person should compare with `new`, which matches none."""
        return [known for known in self._by_title.get(new.title_key, ()) if may_be_same(known, new)]

    def holder(self, kind, value):
        """The reference that holds the identifier `value` of `kind` (doi_key, pmid, pmcid or
        isbn13), or None.
        """
        return self._by[kind].get(value)


def _share_an_identifier(one, other):
    return any(
        getattr(one, kind) and getattr(one, kind) == getattr(other, kind) for kind in _IDENTIFIERS
    )


def _could_be(wanted, uids):
    found = Q(pk__in=[])
    for kind in _IDENTIFIERS:
        if values := {value for work in wanted if (value := getattr(work, kind))}:
            found |= Q(**{f"{kind}__in": values})
    if uids := [uid for uid in uids if uid]:
        found |= Q(uid__in=uids)
    if titles := {work.title_key for work in wanted if len(work.title_key) >= SHORTEST_TITLE}:
        found |= Q(title_key__in=titles)
    if short := [work for work in wanted if 0 < len(work.title_key) < SHORTEST_TITLE]:
        # A title such as “Editorial” stands in thousands of rows: only those with the same volume
        # and page can match.
        found |= Q(
            title_key__in={work.title_key for work in short},
            volume__in={work.volume for work in short},
            page__in={work.page for work in short},
        )
    return found


# In the library itself -------------------------------------------------------------------------


@dataclass(frozen=True)
class Candidate:
    """A reference of the library beside a description.

    `is_accepted` when no person needs to look.
    """

    reference: Reference
    similarity: float
    is_accepted: bool


def candidates(csl, *, limit=3):
    """The references that the work in `csl` most likely is, best first; one query."""
    new = Reference(csl=dict(csl))
    new.derive()
    could_be = _could_be([new], [])
    if new.first_author and new.year:
        could_be |= Q(
            first_author__iexact=new.first_author, year__range=(new.year - 1, new.year + 1)
        )
    rows = Reference.objects.current().filter(could_be).defer("raw", "payload")[:200]
    found = [Candidate(row, round(_likeness(row, new), 3), _is_accepted(row, new)) for row in rows]
    found = [candidate for candidate in found if candidate.similarity >= 0.6]
    found.sort(
        key=lambda candidate: (
            -candidate.is_accepted,
            -candidate.similarity,
            candidate.reference.pk,
        )
    )
    return found[:limit]


def _likeness(one, other):
    if _share_an_identifier(one, other):
        return 1.0
    return (
        fuzz.ratio(one.title_key, other.title_key) / 100
        if one.title_key and other.title_key
        else 0.0
    )


def _is_accepted(row, new):
    if row.doi_key and row.doi_key == new.doi_key:
        return True
    agrees = bool(new.volume and row.volume == new.volume) or bool(
        new.page and first_page(row.page) == first_page(new.page)
    )
    is_close = _likeness(row, new) >= SAME_TITLE and same_year(row, new) and same_author(row, new)
    return is_close and agrees and not contradict(row, new)


@dataclass(frozen=True)
class Duplicate:
    """Two references that may be one work.

    `is_certain`: merging them can be offered with one click.
    """

    one: int
    other: int
    why: str  # isbn, title or place
    is_certain: bool


def duplicates(references=None):
    """Pairs (by primary key, lower first) among current references that may be one work, certain
    ones first.

    DOI, PMID and PMCID are unique in the library, so pairs show by ISBN, by title, and by volume,
    first page, year and the beginning of the journal. Reads a few columns of every row once.
    """
    rows = (Reference.objects.current() if references is None else references).only(
        "csl",
        "type",
        "title_key",
        "year",
        "first_author",
        "volume",
        "page",
        "container_title",
        *_IDENTIFIERS,
    )
    groups = defaultdict(list)
    for row in rows.order_by("pk").iterator(chunk_size=2000):
        if row.isbn13:
            groups["isbn", row.isbn13, "" if is_whole(row.type) else row.title_key].append(row)
        if len(row.title_key) >= SHORTEST_TITLE:
            groups["title", row.title_key].append(row)
        if row.volume and row.page and row.year and row.container_title:
            journal = csl_json.title_key(row.container_title)[:8]
            groups["place", row.volume, first_page(row.page), row.year, journal].append(row)
    found = {}
    for (why, *_), group in groups.items():
        for one, other in combinations(group[:50], 2):
            if (one.pk, other.pk) not in found and (why != "title" or may_be_same(one, other)):
                differ = contradict(one, other)
                is_certain = not differ and (why == "isbn" or same_work(one, other))
                if why != "place" or not differ:
                    found[one.pk, other.pk] = Duplicate(one.pk, other.pk, why, is_certain)
    return sorted(found.values(), key=lambda pair: (not pair.is_certain, pair.one, pair.other))
