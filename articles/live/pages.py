"""Finding what readers may see. Every public view asks here, and nothing here knows a working row.

Lists come from the catalogue (articles.live.catalogue), which holds copies of what is live; a page
comes from its revision.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Max,
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
from articles.models import LiveArticle, LiveFinding, LiveTerm, Publication, SafetyNotice
from articles.page.glossary_entries import GlossaryEntry
from articles.revisions.frozen_content import FrozenContent
from articles.wording import CERTAINTY_LEVELS

from .catalogue import sort_key
from .languages import in_order, place_of
from .newer_versions import names_a_source_that_came_out_again


def live_titles(language: str = "") -> QuerySet[LiveArticle]:
    """Return all live articles by title, those in `language` first if one is given.

    A queryset, to be sliced. Without what search looks through.
    """
    titles = LiveArticle.objects.defer("sections")
    if not language:
        return titles
    return titles.order_by(place_of("language", language), "sort_key", "pk")


def newest_titles(count: int, language: str) -> list[LiveArticle]:
    """Return the `count` articles in `language` published last, newest first. One query.

    Where there is none in `language`, those in the next language that has some.
    """
    titles = live_titles().order_by(place_of("language", language), "-published_at", "-pk")
    newest = list(titles[:count])
    return [live for live in newest if live.language == newest[0].language]


def conditions(language: str = settings.LANGUAGE_CODE) -> list[LiveTerm]:
    """Return the conditions of live articles: first those with an article in `language`, by name.

    Two queries. Each has the words of the newest article in the first language that has one, with
    its `live`; `articles`, the number of articles about it in that language; and `elsewhere`, their
    number in other languages.
    """
    counted = _conditions().order_by().values_list("slug", "live__language")
    by_slug: dict[str, list[tuple[int, int, int]]] = {}
    codes = in_order(language)
    for slug, code, newest, count in counted.annotate(newest=Max("pk"), count=Count("pk")):
        place = codes.index(code) if code in codes else len(codes)
        by_slug.setdefault(slug, []).append((place, newest, count))
    chosen = {min(found)[1]: found for found in by_slug.values()}
    terms = LiveTerm.objects.filter(pk__in=chosen).select_related("live").defer("live__sections")
    for term in terms:
        (_place, _newest, term.articles), *others = sorted(chosen[term.pk])
        term.elsewhere = sum(count for _place, _newest, count in others)
    return sorted(terms, key=lambda term: (min(chosen[term.pk])[0], sort_key(term.name)))


def condition(slug: str, language: str) -> LiveTerm:
    """Return the condition with this address, in the words of the newest article in `language`.

    Where there is none in `language`, in those of the next language that has one. One query or two.

    It has `live`, the article; the summary of an earlier one in its language where it has none; and
    `has_findings`: is there anything in articles.live.topics? Raises Http404 where no live article
    is about it.
    """
    found = LiveFinding.objects.filter(live__in=live_pages_about(slug))
    terms = _conditions().filter(slug=slug).annotate(has_findings=Exists(found))
    terms = terms.select_related("live").defer("live__sections")
    newest = list(terms.order_by(place_of("live__language", language), "-pk")[:1])
    if not newest:
        raise Http404
    term = newest[0]
    if not term.summary:
        alike = _conditions().filter(slug=slug, live__language=term.live.language)
        summaries = alike.exclude(summary="").order_by("-pk")
        term.summary = summaries.values_list("summary", flat=True).first() or ""
    return term


def live_pages_about(slug: str) -> QuerySet:
    """Return the primary keys of the LiveArticles whose treatment is tried for this condition."""
    return _conditions().filter(slug=slug).order_by().values("live")


def articles_about(slug: str, language: str) -> QuerySet[LiveTerm]:
    """Return what live articles say of their treatment for this condition, highest certainty first.

    Those in `language` come before all others, and those that are checked again last of them.
    LiveTerm rows with `live`. Each has `has_notice`: does that article have a safety notice now?
    One query; a queryset, to be sliced.
    """
    levels = [When(certainty=level, then=place) for place, level in enumerate(CERTAINTY_LEVELS)]
    return (
        _conditions()
        .filter(slug=slug)
        .select_related("live")
        .defer("live__sections")
        .annotate(
            place=Case(*levels, default=len(levels)),
            has_notice=has_open_notice(),
            has_claim_in_doubt=has_claim_in_doubt(),
        )
        .order_by(
            place_of("live__language", language),
            "has_claim_in_doubt",
            "place",
            "live__sort_key",
            "pk",
        )
    )


def has_open_notice() -> Exists:
    """Return whether the article of a row with `live` has a safety notice now, to annotate it."""
    notices = SafetyNotice.objects.filter(article=OuterRef("live__article"), resolved_at=None)
    return Exists(notices)


#: What makes a live term the same as another.
_KEY = ("kind", "name", "live__language")


def glossary_terms() -> list[GlossaryEntry]:
    """Return the words live articles explain and the clinical names they use. Two queries.

    Each as the article published last has it, and with its language. A word that pages in several
    languages explain in the same words, as they do a term without a name in theirs, is there once.
    """
    used = LiveTerm.objects.exclude(clinical_name="", summary="").order_by().values(*_KEY)
    newest: dict[tuple[str, str, str], int] = {}
    for kind, name, language, pk in used.annotate(newest=Max("pk")).values_list(*_KEY, "newest"):
        newest[kind, name, language] = pk
    languages = {pk: language for (_kind, _name, language), pk in newest.items()}
    explained = [
        GlossaryEntry(
            term.clinical_name or term.name,
            term.summary or _sentence(term.name),
            languages[term.pk],
            term.slug,
        )
        for term in LiveTerm.objects.filter(pk__in=languages)
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


def has_claim_in_doubt() -> Combinable:
    """Return whether an open notice names the claim of a row of the catalogue, to annotate it."""
    notices = SafetyNotice.objects.filter(
        article=OuterRef("live__article"),
        resolved_at=None,
        kind__in=SafetyNotice.KINDS_ABOUT_SOURCES,
    )
    # As text, because SQLite cannot look into a list. A key is never a part of another.
    named = notices.annotate(keys=Cast("claim_keys", TextField()))
    return ~Q(claim_key="") & Exists(named.filter(keys__contains=OuterRef("claim_key")))


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
