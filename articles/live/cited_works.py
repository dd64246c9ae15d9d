"""The works that live pages name: an index of them, and everything published about one.

All words come from frozen text. Of working rows only one thing is asked: which row stands for
which, because two rows that turned out to be one work have one public page.
"""

import uuid
from dataclasses import dataclass, field

from django.http import Http404

from articles.models import Publication, PublishedCitation, PublishedWork, SafetyNotice
from articles.page.page import Page
from articles.page.sources import CitedSentence, SourceEntry, source_entry
from references import csl, merging
from references.models import Reference

A_PAGE = 50
_MOST_WORDS = 8


# The index -------------------------------------------------------------------------------------


def follow(article):
    """Bring the index in line after a publication of `article` was made or withdrawn."""
    named = PublishedCitation.objects.filter(publication__article=article).values_list(
        "reference_uid", flat=True
    )
    refresh(set(named))


def rows_were_merged(sender, merge, **kwargs):
    """Bring the index in line after two rows were merged, or stand apart again."""
    refresh({merge.keep.uid, merge.lose.uid})


def refresh(uids):
    """Write anew what the index says of the works with these uids.

    About six queries, however many they are.
    """
    families = _families(uids)
    standing = {uid: survivor for survivor, family in families.items() for uid in family}
    newest = {}
    live = Publication.objects.live().values("pk")
    cited = PublishedCitation.objects.filter(reference_uid__in=standing, publication__in=live)
    for uid, pk in cited.order_by("publication__at", "publication").values_list(
        "reference_uid", "publication"
    ):
        newest[standing[uid]] = (pk, str(uid))
    publications = Publication.objects.select_related("revision").in_bulk(
        {pk for pk, _uid in newest.values()}
    )
    entries = {
        pk: {entry["uid"]: entry for entry in publication.revision.content["references"]}
        for pk, publication in publications.items()
    }
    rows = [_row(survivor, pk, entries[pk][uid]) for survivor, (pk, uid) in sorted(newest.items())]
    PublishedWork.objects.filter(uid__in=standing.keys() - newest.keys()).delete()
    PublishedWork.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["uid"],
        update_fields=["publication", "entry", "design", "sort_key", "search_key"],
    )


def _families(uids):
    """{uid of the row that stands: {uids it answers to}} for the works of `uids`."""
    rows = {row.uid: row for row in _lean(Reference.objects.filter(uid__in=uids))}
    survivors = {row.survivor.pk: row.survivor for row in rows.values()}
    # Text may name a row that is no more.
    families = {uid: {uid} for uid in set(uids) - rows.keys()}
    families |= {row.uid: {row.uid} for row in survivors.values()}
    stands_for, newest = {pk: row.uid for pk, row in survivors.items()}, list(survivors)
    while newest:
        merged = Reference.objects.filter(merged_into__in=newest).values_list(
            "pk", "uid", "merged_into"
        )
        newest = []
        for pk, uid, into in merged:
            stands_for[pk] = stands_for[into]
            families[stands_for[into]].add(uid)
            newest.append(pk)
    return families


def _lean(references):
    return references.only("pk", "uid", "merged_into")


def _row(uid, publication, entry):
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


def listed(*, words="", kind=""):
    """PublishedWork rows of live pages by author, year and title.

    Those with all `words` and of this `kind`.
    """
    # The index follows every act; a page that is not live shows nothing even so.
    found = PublishedWork.objects.filter(publication__in=Publication.objects.live().values("pk"))
    for word in csl.words_key(words).split()[:_MOST_WORDS]:
        found = found.filter(search_key__contains=word)
    return found.filter(design=kind) if kind else found


def kinds():
    """The kinds of study there are among the works of live pages."""
    return set(listed().order_by().values_list("design", flat=True).distinct()) - {""}


# One work --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Statement:
    """A sentence on a live page that rests on the work. `address` leads to its place there."""

    use: CitedSentence
    address: str


@dataclass(frozen=True)
class Citing:
    """A live page that names the work.

    Without statements it is only listed there, as further reading.
    """

    title: str
    language: str
    address: str
    statements: list[Statement] = field(default_factory=list)
    is_demonstration: bool = False


@dataclass(frozen=True)
class Work:
    uid: str
    entry: SourceEntry
    pages: list[Citing]
    notices: list[str]  # what readers are told of it now


def work(uid):
    """The Work with this uid (a UUID), from live pages only; or the uid of the row that stands for
    it, if merged.

    Raises Http404, the same for a work of drafts as for none at all. Five queries, and one for each
    merge.
    """
    row = Reference.objects.filter(uid=uid).only("pk", "uid", "merged_into").first()
    standing = row.survivor.uid if row else uid
    indexed = listed().filter(uid=standing).first()
    if indexed is None:
        raise Http404
    if standing != uid:
        return standing
    named = merging.uids_of(row) if row else {uid}
    live = Publication.objects.live().filter(
        pk__in=PublishedCitation.objects.filter(reference_uid__in=named).values("publication")
    )
    publications = list(live.select_related("revision").order_by("slug", "pk"))
    told = SafetyNotice.objects.filter(
        reference__uid__in=named,
        resolved_at=None,
        article__in=[each.article_id for each in publications],
    )
    notices = list(dict.fromkeys(told.order_by("-opened_at").values_list("text", flat=True)))
    return Work(
        str(uid),
        source_entry(indexed.entry),
        [_citing(each, named) for each in publications],
        notices,
    )


def _citing(publication, named):
    page = Page(publication.revision.content)
    address = publication.get_absolute_url()
    statements = [
        Statement(use, f"{address}#{use.anchors[0]}")
        for entry in page.references
        if uuid.UUID(entry.uid) in named
        for use in entry.cited_sentences
    ]
    return Citing(page.title, page.language, address, statements, page.is_demonstration)


# Files -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Frozen:
    """A reference as frozen text holds it, for references.exporting."""

    csl: dict
    uid: str


def in_order(content):
    """The Frozen references of `content`, in the order its page numbers them, further
    reading last.
    """
    entries = {entry["uid"]: entry for entry in content["references"]}
    return [Frozen(entries[entry.uid]["csl"], entry.uid) for entry in Page(content).all_sources]
