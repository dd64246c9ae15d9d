"""Finding what readers may see. Every public view asks here, and nothing here knows a working row.

Lists come from the catalogue (articles.live.catalogue), which holds copies of what is live; a page
comes from its revision.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.http import Http404

from articles.drafts import translations
from articles.models import (
    LiveArticle,
    LiveTerm,
    LiveTotal,
    Publication,
    SafetyNotice,
)
from articles.page.glossary_entries import GlossaryEntry
from articles.revisions.frozen_content import FrozenContent

from .catalogue import sort_key
from .languages import in_order, place_of
from .newer_versions import names_a_source_that_came_out_again
from .sorted_parts import SortedPart, SortedParts


def live_titles() -> QuerySet[LiveArticle]:
    """Return all live articles by title, without what search looks through; to be sliced."""
    return LiveArticle.objects.defer("sections")


def titles_in_order(language: str, counts: Mapping[str, int]) -> SortedParts:
    """Return all live articles by title, those in `language` first, to be read page by page.

    `counts`: {language: number of live articles}. No query.
    """
    codes = dict.fromkeys([*in_order(language), *sorted(counts)])
    return SortedParts(
        [
            SortedPart(live_titles().filter(language=code), ("sort_key",), counts[code])
            for code in codes
            if code in counts
        ],
        live_titles().order_by(place_of("language", language), "sort_key", "pk"),
    )


def newest_titles(count: int, language: str) -> list[LiveArticle]:
    """Return the `count` articles in `language` published last, newest first. One query."""
    in_language = live_titles().filter(language=language)
    return list(in_language.order_by("-published_at", "-pk")[:count])


def conditions(language: str = settings.LANGUAGE_CODE) -> list[LiveTerm]:
    """Return the conditions of live articles: first those with an article in `language`, by name.

    Two queries. Each has the words of the newest article in the first language that has one, with
    its `live`; `articles`, the number of articles about it in that language; and `elsewhere`, their
    number in other languages.
    """
    by_slug: dict[str, dict[str, tuple[int, int]]] = {}
    for slug, code, newest, count in _totals_of_conditions().values_list(
        "slug", "language", "newest", "pages"
    ):
        of_slug = by_slug.setdefault(slug, {})
        last, counted = of_slug.get(code, (0, 0))
        of_slug[code] = max(last, newest or 0), counted + count
    codes = in_order(language)
    places = {code: place for place, code in enumerate(codes)}
    chosen: dict[int, list[tuple[int, int, int]]] = {}
    for found in by_slug.values():
        in_places = sorted(
            (places.get(code, len(codes)), newest, count) for code, (newest, count) in found.items()
        )
        chosen[in_places[0][1]] = in_places
    terms = LiveTerm.objects.filter(pk__in=chosen).select_related("live").defer("live__sections")
    for term in terms:
        (_place, _newest, term.articles), *others = chosen[term.pk]
        term.elsewhere = sum(count for _place, _newest, count in others)
    return sorted(terms, key=lambda term: (chosen[term.pk][0][0], sort_key(term.name)))


def _totals_of_conditions() -> QuerySet[LiveTotal]:
    return LiveTotal.objects.filter(kind=LiveTotal.Kind.CONDITION, pages__gt=0).order_by()


def condition(slug: str, language: str) -> LiveTerm:
    """Return the condition with this address, in the words of the newest article in `language`.

    Where there is none in `language`, in those of the next language that has one. One query or two.

    It has `live`, the article, and the summary of an earlier one in its language where it has none.
    Raises Http404 where no live article is about it.
    """
    terms = _conditions().filter(slug=slug).select_related("live").defer("live__sections")
    chosen = _totals_of_conditions().filter(slug=slug)
    newest = chosen.order_by(place_of("language", language), "-newest").values("newest")[:1]
    term = terms.filter(pk__in=newest).first()
    if term is None:
        raise Http404
    if not term.summary:
        alike = chosen.filter(language=term.language).exclude(summary="").order_by("-newest")
        term.summary = alike.values_list("summary", flat=True).first() or ""
    return term


@dataclass(frozen=True)
class AboutCondition:
    """How much live pages say about a condition, and what of it is checked again now."""

    slug: str
    articles: Mapping[str, int]  # {language: how many are about it}
    findings: Mapping[str, int]  # {language: how many they have}
    #: Claims that an open notice puts in doubt: {article: their keys}. Few.
    in_doubt: Mapping[int, set[str]]

    @classmethod
    def of(cls, slug: str) -> "AboutCondition":
        """Return what is known about the condition with this address. Two queries."""
        counts: dict[str, Counter[str]] = {"condition": Counter(), "finding": Counter()}
        rows = LiveTotal.objects.filter(slug=slug, kind__in=counts).order_by()
        for kind, language, count in rows.values_list("kind", "language", "pages"):
            counts[kind][language] += count
        notices = SafetyNotice.objects.filter(
            resolved_at=None,
            kind__in=SafetyNotice.KINDS_ABOUT_SOURCES,
            article__in=_conditions().filter(slug=slug).order_by().values("live__article"),
        )
        in_doubt: dict[int, set[str]] = {}
        for article, keys in notices.order_by().values_list("article", "claim_keys"):
            in_doubt.setdefault(article, set()).update(keys)
        return cls(slug, counts["condition"], counts["finding"], in_doubt)


def live_pages_about(slug: str) -> QuerySet:
    """Return the primary keys of the LiveArticles whose treatment is tried for this condition."""
    return _conditions().filter(slug=slug).order_by().values("live")


def articles_about(about: AboutCondition, language: str) -> SortedParts:
    """Return what live articles say of their treatment for a condition, highest certainty first.

    Those in `language` come before all others, and those that are checked again last of them.
    LiveTerm rows with `live`, to be read page by page. Each has `has_notice`: does that article
    have a safety notice now? No query, but one where something is checked again.
    """
    rows = (
        _conditions()
        .filter(slug=about.slug)
        .select_related("live")
        .defer("live__sections")
        .annotate(has_notice=has_open_notice(), has_claim_in_doubt=has_claim_in_doubt())
    )
    in_doubt = {
        pk: code
        for pk, code, article, key in _conditions()
        .filter(slug=about.slug, live__article__in=about.in_doubt)
        .values_list("pk", "language", "live__article", "claim_key")
        if key in about.in_doubt[article]
    }
    order = ("certainty_rank", "sort_key")
    return parts_by_doubt(rows, language, about.articles, in_doubt, order)


def parts_by_doubt(
    rows: QuerySet,
    language: str,
    counts: Mapping[str, int],
    in_doubt: Mapping[int, str],
    order: tuple[str, ...],
) -> SortedParts:
    """Return `rows` by language, `language` first, and in the `order` of an index.

    Those `in_doubt` ({primary key: language}, few of them) come last in their language.
    """
    parts = []
    for code in dict.fromkeys([*in_order(language), *sorted(counts)]):
        doubtful = [pk for pk, where in in_doubt.items() if where == code]
        here = rows.filter(language=code)
        if count := counts.get(code, 0) - len(doubtful):
            sure = here.exclude(pk__in=doubtful) if doubtful else here
            parts.append(SortedPart(sure, order, count))
        if doubtful:
            parts.append(SortedPart(here.filter(pk__in=doubtful), order, len(doubtful)))
    # PostgreSQL takes a mere number for the place of a column.
    doubtful_last = [Case(When(pk__in=list(in_doubt), then=1), default=0)] if in_doubt else []
    whole = rows.order_by(place_of("language", language), *doubtful_last, *order, "pk")
    return SortedParts(parts, whole)


def has_open_notice(live: str = "live") -> Exists:
    """Return whether the article of a row with `live` has a safety notice now, to annotate it."""
    notices = SafetyNotice.objects.filter(article=OuterRef(f"{live}__article"), resolved_at=None)
    return Exists(notices)


def glossary_terms() -> list[GlossaryEntry]:
    """Return the words live articles explain and the clinical names they use. One query.

    Each as the article published last has it, and with its language. A word that pages in several
    languages explain in the same words, as they do a term without a name in theirs, is there once.
    """
    used = LiveTotal.objects.filter(pages__gt=0).exclude(kind=LiveTotal.Kind.PAGE)
    newest: dict[tuple[str, str, str], LiveTotal] = {}
    for row in used.exclude(clinical_name="", summary="").order_by("newest"):
        newest[row.kind, row.name, row.language] = row
    explained = [
        GlossaryEntry(
            row.clinical_name or row.name,
            row.summary or _sentence(row.name),
            row.language,
            row.slug,
        )
        for row in newest.values()
    ]
    codes = in_order(settings.LANGUAGE_CODE)
    # The language of the site last: it stays where a word is there in several.
    places = {code: -place for place, code in enumerate(codes)}
    explained.sort(key=lambda entry: places.get(entry.language, -len(codes)))
    once = {(entry.word, entry.meaning): entry for entry in explained}.values()
    return sorted(once, key=lambda entry: sort_key(entry.word))


def _conditions() -> QuerySet[LiveTerm]:
    return LiveTerm.objects.filter(kind=LiveTerm.Kind.CONDITION)


def _sentence(name: str) -> str:
    return f"{name[:1].upper()}{name[1:]}."


def at_address(slug: str) -> Publication:
    """Return the newest publication of the article that has, or once had, this address.

    It is one of `publications_to_show`. Raises Http404, the same for a draft as for nothing at all.
    One query, two for an old address.
    """
    # A live page before a withdrawn one: two articles may have had one address, one after the
    # other.
    here = publications_to_show().newest().filter(slug=slug)
    newest = here.order_by(F("withdrawal__pk").asc(nulls_first=True), "-at").first()
    if newest:
        return newest
    earlier = Publication.objects.filter(slug=slug).order_by("-at").first()
    if earlier is None:
        raise Http404
    return publications_to_show().newest().get(article=earlier.article_id)


def publications_to_show() -> Any:
    """Return all publications, a queryset, each with what its page says of it.

    That is `first_published_at`, the moment of the article's first publication, and `due_on`, the
    day by which it should be reviewed again (None where that was not computed),
    `names_a_source_that_came_out_again`, and `checklist_scores` (None where none are stored).
    """
    first = (
        Publication.objects.filter(article=OuterRef("article")).order_by("number").values("at")[:1]
    )
    return (
        Publication.objects.select_related("revision", "withdrawal", "translation")
        .annotate(
            first_published_at=Subquery(first),
            names_a_source_that_came_out_again=names_a_source_that_came_out_again(),
            checklist_scores=F("revision__checklist_result__scores"),
        )
        .with_due_on()
    )


def is_withdrawn(publication: Publication) -> bool:
    return hasattr(publication, "withdrawal")


def open_notices(publication: Publication) -> list[SafetyNotice]:
    """Return the safety notices of this page now, a mere doubt last, else newest first. One query.

    Each has `source_uids`: a page may name any of the rows that turned out to be one work.
    """
    notices = SafetyNotice.objects.filter(article=publication.article_id, resolved_at=None)
    by_pk: dict[int, SafetyNotice] = {}
    for row in notices.annotate(**_SOURCE_UIDS).order_by("-opened_at", "pk"):
        notice = by_pk.setdefault(row.pk, row)
        uids = (getattr(row, name) for name in _SOURCE_UIDS)
        notice.source_uids |= {str(uid) for uid in uids if uid}
    return sorted(
        by_pk.values(), key=lambda notice: notice.kind == SafetyNotice.Kind.CONCERN_SOURCE
    )


#: The row that a notice names, those merged into it, the row it was merged into, and those merged
#: into that.
_SOURCE_UIDS = {
    "reference_uid": F("reference__uid"),
    "merged_uid": F("reference__merged_from__uid"),
    "survivor_uid": F("reference__merged_into__uid"),
    "sibling_uid": F("reference__merged_into__merged_from__uid"),
}


def claims_checked_again(notices: Iterable[SafetyNotice]) -> set[str]:
    """Return the keys of the claims that open `notices` put in doubt."""
    return {key for notice in notices if notice.is_about_source for key in notice.claim_keys}


def has_claim_in_doubt(row: str = "") -> Combinable:
    """Return whether an open notice names the claim of a row of the catalogue, to annotate it.

    `row` leads to that row: "" or "finding__".
    """
    notices = SafetyNotice.objects.filter(
        article=OuterRef(f"{row}live__article"),
        resolved_at=None,
        kind__in=SafetyNotice.KINDS_ABOUT_SOURCES,
    )
    # As text, because SQLite cannot look into a list. A key is never a part of another.
    named = notices.annotate(keys=Cast("claim_keys", TextField()))
    key = f"{row}claim_key"
    return ~Q(**{key: ""}) & Exists(named.filter(keys__contains=OuterRef(key)))


@dataclass(frozen=True)
class LanguageVersions:
    """A live page and its other languages, all of them live."""

    # One for each language, the original first; empty where there is only one language.
    publications: list[Publication]
    original: Publication | None  # what this page was translated from, if that is live
    original_has_changed: bool  # the original has changed in a way readers of this page should know

    @classmethod
    def of(cls, publication: Publication) -> "LanguageVersions":
        """Return a page's language versions. Up to four queries for a translation, else one."""
        own = getattr(publication, "translation", None)
        root = own.of_id if own else publication.article_id
        others = (
            Publication.objects.live()
            .filter(Q(article=root) | Q(translation__of=root))
            .exclude(article=publication.article_id)
            .order_by("article_id", "pk")
        )
        by_language = {publication.language: publication}
        for other in others:
            by_language.setdefault(other.language, other)
        publications = sorted(
            by_language.values(), key=lambda one: (one.article_id != root, one.language)
        )
        original = next((one for one in publications if own and one.article_id == root), None)
        return cls(
            publications if len(publications) > 1 else [],
            original,
            own is not None
            and original is not None
            and translations.original_has_changed(own, original),
        )

    @property
    def default(self) -> Publication | None:
        """The page for readers of any other language: the original, if it is live."""
        return self.publications[0] if self.publications else None


#: A longer list of related pages is one nobody chooses from.
MOST_RELATED = 5


@dataclass(frozen=True)
class LinkedPages:
    """Live pages that a page leads to, by the names they have now.

    Content names them by the uid of their article, which never changes; all else comes from the
    catalogue.
    """

    by_uid: dict[str, LiveArticle]  # what an editor chose, by the uid of the article
    # Further pages: what an editor chose, else pages about the same conditions.
    related: list[LiveArticle]

    @classmethod
    def of(cls, publication: Publication) -> "LinkedPages":
        """Return the pages a page leads to. One query, or none where there is nothing to look for.

        What is not live is left out.
        """
        content: FrozenContent = publication.revision.content
        chosen = [row["page"]["uid"] for row in content.get("related", ())]
        named = [row["page"]["uid"] for row in content.get("alternatives", ()) if "page" in row]
        found = _found(publication, {*chosen, *named}, [] if chosen else _slugs(content))
        by_uid = {one.uid: one.live for one in found}
        if chosen:
            return cls(by_uid, [by_uid[uid] for uid in chosen if uid in by_uid][:MOST_RELATED])
        alike = (one.live for one in found if one.is_alike)
        return cls(by_uid, sorted(alike, key=lambda live: live.sort_key))


def _slugs(content: FrozenContent) -> list[str]:
    """Return the addresses of the conditions of an article."""
    terms = (row["condition"] for row in content["conditions"])
    return [term["slug"] for term in terms if term.get("slug")]


class _Found(NamedTuple):
    live: LiveArticle
    uid: str  # of its article
    is_alike: bool  # found by a condition


def _found(publication: Publication, uids: set[str], slugs: list[str]) -> list[_Found]:
    """Return live articles with these uids, and those about conditions with these addresses.

    One query, or none.
    """
    titles = live_titles().annotate(uid=F("article__uid"))
    parts = []
    if uids:
        parts.append(titles.filter(article__uid__in=uids).annotate(is_alike=Value(False)))
    if slugs:
        alike = _about_the_same(publication, slugs)
        parts.append(titles.filter(pk__in=alike).annotate(is_alike=Value(True)))
    if not parts:
        return []
    first, *others = (part.order_by() for part in parts)
    rows = first.union(*others, all=True) if others else first
    return [_Found(row, str(row.uid), row.is_alike) for row in rows]


def _about_the_same(publication: Publication, slugs: list[str]) -> QuerySet:
    """Return live articles that share most of these conditions, in `publication`'s language."""
    return (
        _conditions()
        .filter(slug__in=slugs, live__language=publication.language)
        .exclude(live__article=publication.article_id)
        .order_by()
        .values("live")
        .annotate(shared=Count("pk"))
        .order_by("-shared", "live")
        .values("live")[:MOST_RELATED]
    )
