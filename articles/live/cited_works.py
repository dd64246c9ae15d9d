"""The works that live pages name: an index of them, and everything published about one.

All words come from frozen text. Of working rows only one thing is read: which row was merged into
which, because two rows that turned out to be one work have one public page.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery
from django.http import Http404
from django.utils import translation

from articles.models import (
    Article,
    LiveArticle,
    Publication,
    PublishedCitation,
    PublishedWork,
    SafetyNotice,
)
from articles.page.page import Page
from articles.page.sources import CitedSentence, NewerVersionLine, SourceEntry, source_entry
from articles.revisions.frozen_content import FrozenContent, FrozenReference
from articles.wording import RETRACTED_SOURCE, SOURCE_IN_DOUBT, STUDY_KINDS, Words
from references import csl, exporting, merging
from references.formats import NOTHING_KNOWN, Facts
from references.models import Reference

from . import newer_versions
from .sorted_parts import PageOfParts, SortedPart, SortedParts

A_PAGE = 50
_MOST_WORDS = 8
#: Different words of notices about one work; the newest are shown.
_MOST_NOTICES = 10


# The index -------------------------------------------------------------------------------------


def refresh_for_article(article: Article) -> None:
    """Bring the index in line after a publication of `article` was made or withdrawn."""
    named = PublishedCitation.objects.filter(publication__article=article).values_list(
        "reference_uid", flat=True
    )
    refresh(set(named))


def rows_were_merged(sender: object, merge: Any, **kwargs: Any) -> None:
    """Bring the index in line after two rows were merged, or after that was undone."""
    refresh({merge.keep.uid, merge.lose.uid})


def refresh(uids: set[UUID]) -> None:
    """Write again what the index says of the works with these uids.

    About six queries, however many they are.
    """
    families = _merged_uids_by_survivor(uids)
    survivors = {uid: survivor for survivor, family in families.items() for uid in family}
    newest = _newest_citations(survivors)
    publications = Publication.objects.select_related("revision").in_bulk(
        {pk for pk, _uid in newest.values()}
    )
    entries = {
        pk: {entry["uid"]: entry for entry in publication.revision.content["references"]}
        for pk, publication in publications.items()
    }
    rows = [_row(survivor, pk, entries[pk][uid]) for survivor, (pk, uid) in sorted(newest.items())]
    PublishedWork.objects.filter(uid__in=survivors.keys() - newest.keys()).delete()
    PublishedWork.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["uid"],
        update_fields=["publication", "entry", "design", "sort_key", "search_key"],
    )


def _newest_citations(survivors: dict[UUID, UUID]) -> dict[UUID, tuple[int, str]]:
    """Return {uid of a surviving row: (live publication that names it last, its uid there)}.

    `survivors` gives the surviving row of each uid. One query, and one for each uid that no row has
    any more. It looks at the newest citation of each, however many there are.
    """
    # By the index of live pages: from "no later one, and none withdrawn" PostgreSQL reads every
    # page that ever named a work, and before its tables are counted every publication.
    live = LiveArticle.objects.filter(publication=OuterRef("publication"))
    newest_first = PublishedCitation.objects.filter(Exists(live)).order_by("-publication_id")
    newest = newest_first.filter(reference_uid=OuterRef("uid")).values("publication")[:1]
    rows = Reference.objects.filter(uid__in=survivors).annotate(newest=Subquery(newest))
    found = dict(rows.order_by().values_list("uid", "newest"))
    for uid in survivors.keys() - found.keys():
        one = newest_first.filter(reference_uid=uid).values_list("publication", flat=True)
        found[uid] = one.first()
    return {
        survivors[uid]: (pk, str(uid))
        for pk, uid in sorted((pk, uid) for uid, pk in found.items() if pk)
    }


def _merged_uids_by_survivor(uids: set[UUID]) -> dict[UUID, set[UUID]]:
    """Return {uid of a row that survived all merges: its uid and those merged into it}."""
    rows = {
        row.uid: row
        for row in Reference.objects.filter(uid__in=uids).only("pk", "uid", "merged_into")
    }
    survivors = {row.survivor.pk: row.survivor for row in rows.values()}
    # Text may name a row that no longer exists.
    families = {uid: {uid} for uid in set(uids) - rows.keys()}
    families |= {row.uid: {row.uid} for row in survivors.values()}
    survivor_of, newest = {pk: row.uid for pk, row in survivors.items()}, list(survivors)
    while newest:
        merged = list(
            Reference.objects.filter(merged_into__in=newest).only("pk", "uid", "merged_into")
        )
        for row in merged:
            survivor_of[row.pk] = survivor_of[row.merged_into_id or 0]
            families[survivor_of[row.pk]].add(row.uid)
        newest = [row.pk for row in merged]
    return families


def _row(uid: UUID, publication: int, entry: FrozenReference) -> PublishedWork:
    record = entry["csl"]
    title, authors = csl.words_key(record.get("title")), csl.authors_key(record)
    year = str(csl.year(record) or "")
    first = csl.name_key(csl.first_author(record))
    words = [
        authors,
        title,
        csl.words_key(record.get("container-title")),
        year,
        csl.words_key(entry.get("doi")),
    ]
    return PublishedWork(
        uid=uid,
        publication_id=publication,
        entry=entry,
        design=entry.get("design") or "",
        sort_key=" ".join(filter(None, [first, year, title]))[:120],
        search_key=" ".join(filter(None, words)),
    )


# The list --------------------------------------------------------------------------------------


def listed(*, words: str = "", kind: str = "") -> QuerySet[PublishedWork]:
    """Return works of live pages with all of `words` and this `kind`, by author, year and title."""
    # The index follows every act. Even if it did not, a page that is not live shows nothing.
    later = Publication.objects.filter(
        article=OuterRef("publication__article"), number__gt=OuterRef("publication__number")
    )
    found = PublishedWork.objects.filter(~Exists(later.order_by()), publication__withdrawal=None)
    for word in csl.words_key(words).split()[:_MOST_WORDS]:
        found = found.filter(search_key__contains=word)
    return found.filter(design=kind) if kind else found


def works_in_order(*, words: str = "", kind: str = "") -> SortedParts:
    """Return `listed`, to be read page by page. A query for their number."""
    rows = listed(words=words, kind=kind)
    # Without words the index alone is counted; it follows every act.
    counted = rows if words else PublishedWork.objects.filter(**{"design": kind} if kind else {})
    part = SortedPart(rows, ("sort_key",), counted.order_by().count())
    return SortedParts([part], rows.order_by("sort_key", "pk"))


def kinds() -> set[str]:
    """Return the kinds of study among the works of live pages. One query: a look for each kind."""
    looks = {
        f"has_{kind}": Exists(PublishedWork.objects.filter(design=kind).order_by())
        for kind in STUDY_KINDS
    }
    found = Publication.objects.order_by().annotate(**looks).values(*looks)[:1]
    return {kind for row in found for kind in STUDY_KINDS if row[f"has_{kind}"]}


# One work --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Statement:
    """A sentence on a live page that cites the work. `address` leads to its place there."""

    sentence: CitedSentence
    address: str


@dataclass(frozen=True)
class LivePageThatCites:
    """A live page that names the work.

    Without statements it is only listed there, as further reading.
    """

    title: str
    language: str
    address: str
    statements: list[Statement] = field(default_factory=list)
    is_demonstration: bool = False


@dataclass(frozen=True)
class NoticeLine:
    """A safety notice about a work, beside which no page says its language."""

    words: Words
    language: str  # "" where the words are ours, and so in the language of the reader


@dataclass(frozen=True)
class Work:
    """Everything live pages say about one work."""

    uid: str
    entry: SourceEntry
    pages: list[LivePageThatCites]
    page: PageOfParts  # of the list of pages
    notices: list[NoticeLine]  # its safety notices now
    newer_version: NewerVersionLine | None = None


def _first_page(rows: SortedParts) -> PageOfParts:
    return rows.page(1, A_PAGE)


def work(uid: UUID, page_of: Callable[[SortedParts], PageOfParts] = _first_page) -> Work | UUID:
    """Return the work with this uid, from live pages only.

    Or the uid of the row it was merged into.

    `page_of` chooses a page of the list of live pages that cite it: there can be thousands, and
    each is read whole. Raises Http404, the same for a work of drafts as for none at all. Seven
    queries, and one for each merge.
    """
    row = Reference.objects.filter(uid=uid).only("pk", "uid", "merged_into").first()
    survivor = row.survivor.uid if row else uid
    indexed = listed().filter(uid=survivor).first()
    if indexed is None:
        raise Http404
    if survivor != uid:
        return survivor
    uids = merging.uids_of(row) if row else {uid}
    live = Publication.objects.live().filter(
        pk__in=PublishedCitation.objects.filter(reference_uid__in=uids).values("publication")
    )
    rows = live.select_related("revision")
    part = SortedPart(rows, ("slug",), live.order_by().count())
    page = page_of(SortedParts([part], rows.order_by("slug", "pk")))
    notices = SafetyNotice.objects.filter(
        reference__uid__in=uids, resolved_at=None, article__in=live.values("article")
    )
    in_language = LiveArticle.objects.filter(article=OuterRef("article")).values("language")[:1]
    texts = notices.order_by().annotate(language=Subquery(in_language)).values("text", "language")
    lines = [
        _notice_line(found["text"], found["language"] or settings.LANGUAGE_CODE)
        for found in texts.annotate(newest=Max("opened_at")).order_by("-newest")[:_MOST_NOTICES]
    ]
    return Work(
        uid=str(uid),
        entry=source_entry(indexed.entry),
        pages=[_citing(publication, uids) for publication in page],
        page=page,
        notices=list(dict.fromkeys(lines)),
        newer_version=newer_versions.lines_by_uid([indexed.entry]).get(indexed.entry["uid"]),
    )


def _notice_line(text: str, language: str) -> NoticeLine:
    """Return `text`, written for a page in `language`; in the reader's words where it is ours."""
    with translation.override(language):
        ours = next((one for one in (RETRACTED_SOURCE, SOURCE_IN_DOUBT) if one == text), None)
    return NoticeLine(text, language) if ours is None else NoticeLine(ours, "")


def _citing(publication: Publication, uids: set[UUID]) -> LivePageThatCites:
    page = Page(publication.revision.content)
    address = publication.get_absolute_url()
    statements = [
        Statement(sentence, f"{address}#{sentence.anchors[0]}")
        for entry in page.references
        if UUID(entry.uid) in uids
        for sentence in entry.cited_sentences
    ]
    return LivePageThatCites(page.title, page.language, address, statements, page.is_demonstration)


# Files -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FrozenRecord:
    """A reference as frozen text has it, with what is known today, for references.exporting."""

    csl: csl.Csl
    uid: str
    facts: Facts


def references_in_page_order(content: FrozenContent) -> list[FrozenRecord]:
    """Return the references of `content` in the order of their numbers, further reading last.

    Whoever takes the list along learns what became of the works since. Two queries, and one for
    each merge.
    """
    entries = {entry["uid"]: entry for entry in content["references"]}
    rows = Reference.objects.filter(uid__in=entries).prefetch_related("notices")
    today = {str(row.uid): exporting.facts_of(row.survivor) for row in rows}
    return [
        FrozenRecord(
            entry["csl"],
            entry["uid"],
            replace(today.get(entry["uid"], NOTHING_KNOWN), design=entry.get("design") or ""),
        )
        for entry in (entries[source.uid] for source in Page(content).all_sources)
    ]
