"""Finding what readers may see. Every public view asks here, and nothing here knows a working row.

Lists come from the shelf (articles.live.catalogue), which holds copies of what is live; a page
comes from its revision.
"""

from dataclasses import dataclass

from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, Subquery, Value, When
from django.http import Http404

from articles.drafts import translations
from articles.models import LiveArticle, LiveTerm, Publication, SafetyNotice
from articles.page.glossary_entries import GlossaryEntry
from articles.wording import CERTAINTY_LEVELS

from .catalogue import sort_key


def live_titles():
    """All live articles by title: LiveArticle rows without what search looks through.

    A queryset, to be cut.
    """
    return LiveArticle.objects.defer("sections")


def newest_titles(count):
    """The `count` articles published last, newest first. One query."""
    return list(live_titles().order_by("-published_at", "-pk")[:count])


def conditions():
    """The problems live articles speak of, by name.

    LiveTerm rows, each with `articles`, their number. Two queries.
    """
    counted = (
        _conditions().order_by().values("slug").annotate(newest=Max("pk"), articles=Count("pk"))
    )
    articles = {row["newest"]: row["articles"] for row in counted}
    found = LiveTerm.objects.filter(pk__in=articles)
    for term in found:
        term.articles = articles[term.pk]
    return sorted(found, key=lambda term: sort_key(term.name))


def condition(slug):
    """The problem with this address as the article published last has it.

    Raises Http404 where no live article speaks of it. What it is may have been said by an earlier
    article alone: then it carries that one's summary. One query or two.
    """
    newest = list(_conditions().filter(slug=slug).order_by("-pk")[:1])
    if not newest:
        raise Http404
    term = newest[0]
    if not term.summary:
        said = (
            _conditions()
            .filter(slug=slug)
            .exclude(summary="")
            .order_by("-pk")
            .values_list("summary", flat=True)
        )
        term.summary = said.first() or ""
    return term


def articles_about(slug):
    """What live articles say of their treatment for this problem, surest first: LiveTerm rows with
    `live`.

    Each carries `has_notice`: does a safety notice lie over that article now? One query; a
    queryset, to be cut.
    """
    levels = [When(certainty=level, then=place) for place, level in enumerate(CERTAINTY_LEVELS)]
    notices = SafetyNotice.objects.filter(article=OuterRef("live__article"), resolved_at=None)
    return (
        _conditions()
        .filter(slug=slug)
        .select_related("live")
        .defer("live__sections")
        .annotate(place=Case(*levels, default=len(levels)), has_notice=Exists(notices))
        .order_by("place", "live__sort_key", "pk")
    )


#: What makes a live term the same as another.
_KEY = ("kind", "name", "live__language")


def glossary_terms():
    """The words live articles explain, and the clinical words they use, as the article published
    last has them.

    Two queries.
    """
    used = LiveTerm.objects.exclude(clinical_name="", summary="").order_by().values(*_KEY)
    newest = {}
    for kind, name, language, pk in used.annotate(newest=Max("pk")).values_list(*_KEY, "newest"):
        # The shared vocabulary is one for all languages, and does not say which its names are in.
        language = language if kind == LiveTerm.Kind.WORD else ""
        newest[kind, name, language] = max(pk, newest.get((kind, name, language), 0))
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
    once = {(word.word, word.meaning): word for word in explained}.values()
    return sorted(once, key=lambda word: sort_key(word.word))


def _conditions():
    return LiveTerm.objects.filter(kind=LiveTerm.Kind.CONDITION)


def _sentence(name):
    return f"{name[:1].upper()}{name[1:]}."


def at_address(slug):
    """The newest publication of the article that has, or once had, this address. One query, two for
    an old address.

    It carries `first_published_at`, the moment of the article's first publication, and `due_on`,
    the day by which it should be looked at again (None where that was not computed). Raises
    Http404, the same for a draft as for nothing at all.
    """
    first = (
        Publication.objects.filter(article=OuterRef("article")).order_by("number").values("at")[:1]
    )
    publications = (
        Publication.objects.select_related("revision", "withdrawal", "translation")
        .annotate(first_published_at=Subquery(first))
        .with_due_on()
    )
    # A live page before a withdrawn one: two articles may have had one address, one after the
    # other.
    here = publications.newest().filter(slug=slug)
    newest = here.order_by(F("withdrawal__pk").asc(nulls_first=True), "-at").first()
    if newest:
        return newest
    earlier = Publication.objects.filter(slug=slug).order_by("-at").first()
    if earlier is None:
        raise Http404
    return publications.newest().get(article=earlier.article_id)


def is_withdrawn(publication):
    return hasattr(publication, "withdrawal")


def open_notices(publication):
    """The safety notices that lie over this page now, newest first.

    Each carries `reference_uid`, which may be None.
    """
    notices = SafetyNotice.objects.filter(article=publication.article_id, resolved_at=None)
    return list(notices.annotate(reference_uid=F("reference__uid")))


@dataclass(frozen=True)
class Family:
    """A live page and its other languages, all of them live."""

    members: list[
        Publication
    ]  # one a language, the original first; empty where there is but one language
    original: Publication | None  # what this page was translated from, if that is live
    has_moved_on: bool  # the original has changed in a way readers of this page should know

    @classmethod
    def of(cls, publication):
        """One query; up to four for a translation whose original has moved on."""
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
        members = sorted(
            by_language.values(), key=lambda one: (one.article_id != root, one.language)
        )
        original = next((one for one in members if own and one.article_id == root), None)
        return cls(
            members if len(members) > 1 else [],
            original,
            original is not None and translations.has_moved_on(own, original),
        )

    @property
    def default(self):
        """The page for readers of any other language: the original, if it is live."""
        return self.members[0] if self.members else None


#: So many pages to read on with; more is a list nobody chooses from.
MOST_RELATED = 5


@dataclass(frozen=True)
class Neighbours:
    """Live pages a page leads to, by the names they have now.

    Content names them by the uid of their article, which never changes; all else comes from the
    shelf.
    """

    by_uid: dict  # uid of the article -> LiveArticle; of what an editor chose
    related: list[
        LiveArticle
    ]  # to read on with: what an editor chose, else pages about the same problems

    @classmethod
    def of(cls, publication):
        """One query, or none where there is nothing to look for.

        Of what was chosen, what is not live is left out.
        """
        content = publication.revision.content
        chosen = [row["page"]["uid"] for row in content.get("related", ())]
        named = [row["page"]["uid"] for row in content.get("alternatives", ()) if "page" in row]
        slugs = (
            []
            if chosen
            else [
                row["condition"]["slug"]
                for row in content["conditions"]
                if row["condition"].get("slug")
            ]
        )
        titles = live_titles().annotate(uid=F("article__uid"), is_alike=Value(False))
        parts = []
        if chosen or named:
            parts.append(titles.filter(article__uid__in={*chosen, *named}))
        if slugs:
            alike = (
                _conditions()
                .filter(slug__in=slugs, live__language=publication.language)
                .exclude(live__article=publication.article_id)
                .order_by()
                .values("live")
                .annotate(shared=Count("pk"))
                .order_by("-shared", "live")
                .values("live")[:MOST_RELATED]
            )
            parts.append(titles.filter(pk__in=alike).annotate(is_alike=Value(True)))
        if not parts:
            return cls({}, [])
        first, *others = (part.order_by() for part in parts)
        found = list(first.union(*others, all=True) if others else first)
        by_uid = {str(live.uid): live for live in found}
        if chosen:
            return cls(by_uid, [by_uid[uid] for uid in chosen if uid in by_uid][:MOST_RELATED])
        return cls(
            by_uid,
            sorted((live for live in found if live.is_alike), key=lambda live: live.sort_key),
        )
