"""What happens to articles when something becomes known about a source.

Live pages get a safety notice and drafts have their claims reopened. Nothing is taken off a page
silently, and nothing that was approved changes: the notice is shown over the page, and the drafts
behind it cannot be published again before somebody looked.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import audit, permissions, wording
from articles.models import (
    Article,
    AuditEntry,
    Citation,
    Notification,
    Publication,
    PublishedCitation,
    ReadingListEntry,
    SafetyNotice,
)
from articles.notifications import inbox
from articles.refusals import Refused
from articles.revisions.frozen_content import FrozenContent
from physiohub import policy
from references import changes, usage
from references.models import Integrity, Notice, Reference

from . import cited_works

#: What readers see about a source, by what became of it. A correction is for authors, not for
#: readers.
_SAFETY_NOTICE_FOR: dict[str, tuple[SafetyNotice.Kind, wording.Words]] = {
    Notice.Kind.RETRACTION: (SafetyNotice.Kind.RETRACTED_SOURCE, wording.RETRACTED_SOURCE),
    Notice.Kind.WITHDRAWAL: (SafetyNotice.Kind.RETRACTED_SOURCE, wording.RETRACTED_SOURCE),
    Notice.Kind.CONCERN: (SafetyNotice.Kind.CONCERN_SOURCE, wording.SOURCE_IN_DOUBT),
}
#: In which states of a work its notices of each kind hold: a retraction that was lifted is not
#: passed on.
_STATES_WHERE_IT_HOLDS = {
    SafetyNotice.Kind.RETRACTED_SOURCE: {Integrity.RETRACTED, Integrity.WITHDRAWN},
    SafetyNotice.Kind.CONCERN_SOURCE: {Integrity.CONCERN, Integrity.RETRACTED, Integrity.WITHDRAWN},
}
#: After these a second person has to look at the source again.
_REOPENING = {
    Notice.Kind.RETRACTION,
    Notice.Kind.WITHDRAWAL,
    Notice.Kind.CONCERN,
    Notice.Kind.CORRECTION,
}


@dataclass(frozen=True)
class CitingArticle:
    """An article that names a work, and the words of its claims that cite it.

    Without claims the work is only on its reading list.
    """

    article: Article
    claims: list[str]
    claim_keys: list[str]


@dataclass(frozen=True)
class CitingPage(CitingArticle):
    """The same of a live page. `reference_pk` is the row it names, which may be merged by now."""

    publication: Publication
    reference_pk: int | None


@dataclass(frozen=True)
class Impact:
    """Where a work is used."""

    reference: Reference
    live: list[CitingPage]
    drafts: list[CitingArticle]

    @property
    def claims(self) -> list[str]:
        """The words of every claim on a live page that cites the work, each once."""
        return list(dict.fromkeys(text for page in self.live for text in page.claims))


def impact(reference: Reference) -> Impact:
    """Return the live pages and drafts that name a work, with their claims that cite it.

    Four queries.
    """
    rows = _pks_by_uid(reference)
    return Impact(reference, _live_pages(rows), _drafts(rows.values()))


def _pks_by_uid(reference: Reference) -> dict[str, int]:
    """Return {uid: pk} of the reference and of those merged into it.

    Frozen text keeps the uid that the reference had when it was frozen.
    """
    merged = Reference.objects.filter(merged_into=reference).values_list("uid", "pk")
    return {str(uid): pk for uid, pk in [(reference.uid, reference.pk), *merged]}


def _live_pages(rows: Mapping[str, int]) -> list[CitingPage]:
    citing = PublishedCitation.objects.filter(reference_uid__in=list(rows)).values("publication")
    publications = (
        Publication.objects.live()
        .filter(pk__in=citing)
        .select_related("article__owner", "revision")
    )
    return [_live_page(publication, rows) for publication in publications.order_by("slug")]


def _live_page(publication: Publication, rows: Mapping[str, int]) -> CitingPage:
    """Return `publication` as an article that names a work; `rows` are {uid: pk} of the work."""
    content: FrozenContent = publication.revision.content
    claims = [
        claim
        for claim in content["claims"]
        if any(citation["reference"] in rows for citation in claim["citations"])
    ]
    named = next((entry["uid"] for entry in content["references"] if entry["uid"] in rows), None)
    texts, keys = [claim["text"] for claim in claims], [claim["key"] for claim in claims]
    pk = rows[named] if named else None
    return CitingPage(publication.article, texts, keys, publication, pk)


def _drafts(pks: Iterable[int]) -> list[CitingArticle]:
    articles: dict[int, Article] = {}
    claims: dict[int, dict[str, str]] = {}  # {article: {key: words}}
    citations = Citation.objects.filter(reference__in=pks).select_related("claim__article__owner")
    for citation in citations.order_by("claim__position"):
        claim = citation.claim
        articles[claim.article_id] = claim.article
        claims.setdefault(claim.article_id, {})[claim.key] = claim.text
    listed = ReadingListEntry.objects.filter(reference__in=pks).values("article")
    for article in Article.objects.filter(pk__in=listed).select_related("owner"):
        articles.setdefault(article.pk, article)
    return [
        CitingArticle(article, list(claims.get(pk, {}).values()), list(claims.get(pk, {})))
        for pk, article in sorted(articles.items(), key=lambda entry: entry[1].title)
    ]


# A notice arrives ------------------------------------------------------------------------------


@transaction.atomic
def apply_notice(
    reference: Reference, notice: Notice, *, by: User | None, at: datetime
) -> list[str]:
    """Mark the live pages that name `reference` and reopen its claims; sentences about this.

    Each article gets each notice once, however often this is called.
    """
    rows = _pks_by_uid(reference)
    live = _live_pages(rows)
    messages = [
        _("Marked %(page)s: %(claims)s.")
        % {"page": page.publication.get_absolute_url(), "claims": _in_quotes(page.claims)}
        for page in live
        if _open_safety_notice(page, reference, notice, by=by, at=at)
    ]
    if notice.kind in _REOPENING:
        messages += _reopen(reference, notice, by=by, at=at)
    if _still_holds(reference, notice):
        _notify_all(reference, notice, live, _drafts(rows.values()), by=by, at=at)
    if notice.kind == Notice.Kind.REINSTATEMENT:
        open_notices = SafetyNotice.objects.filter(
            reference__in=rows.values(), resolved_at=None
        ).select_related("article")
        messages += [
            _("“%(article)s” still carries a safety notice about it. An editor can settle it.")
            % {"article": each.article}
            for each in open_notices
        ]
    return messages


def _still_holds(reference: Reference, notice: Notice) -> bool:
    """Return whether what the notice says of the work is still so."""
    kind, _words = _SAFETY_NOTICE_FOR.get(notice.kind, (None, None))
    return kind is None or reference.integrity in _STATES_WHERE_IT_HOLDS[kind]


def _notify_all(
    reference: Reference,
    notice: Notice,
    live: list[CitingPage],
    drafts: list[CitingArticle],
    *,
    by: User | None,
    at: datetime,
) -> None:
    """Notify owners and editors of live pages that name the work, and owners of drafts that do.

    Once for each article.
    """
    editors = inbox.reviewers() if live else []
    values = {"notice": notice.get_kind_display(), "source": Truncator(str(reference)).chars(150)}
    address = reverse("admin:articles_impact", args=[reference.pk])
    of_page, of_draft = (
        (
            _("There is a newer version of a source of the live page “%(title)s”: %(source)s"),
            _("There is a newer version of a source of your draft “%(title)s”: %(source)s"),
        )
        if notice.kind == Notice.Kind.NEW_VERSION
        else (
            _("A source of the live page “%(title)s” has a notice (%(notice)s): %(source)s"),
            _("A source of your draft “%(title)s” has a notice (%(notice)s): %(source)s"),
        )
    )
    for page in live:
        text = of_page
        text %= {"title": page.publication.revision.content["title"], **values}
        people = [page.article.owner, *editors]
        _notify_once(people, text, notice, page.article, address, by=by, at=at)
    for draft in drafts:
        text = of_draft
        text %= {"title": draft.article, **values}
        people = [draft.article.owner]
        _notify_once(people, text, notice, draft.article, address, by=by, at=at)


def _notify_once(
    people: Iterable[User | None],
    text: str,
    notice: Notice,
    article: Article,
    address: str,
    *,
    by: User | None,
    at: datetime,
) -> None:
    inbox.notify(
        people,
        Notification.Kind.SOURCE,
        text,
        at=at,
        by=by,
        article=article,
        address=address,
        key=f"notice:{notice.uid}:{article.pk}",
    )


def _open_safety_notice(
    page: CitingPage, reference: Reference, notice: Notice, *, by: User | None, at: datetime
) -> bool:
    """Open a safety notice on a live page, unless one about this work says the same already.

    Returns whether it is new.
    """
    kind, words = _SAFETY_NOTICE_FOR.get(notice.kind, (None, None))
    if kind is None or not _still_holds(reference, notice):
        return False
    rows = _pks_by_uid(reference).values()
    if SafetyNotice.objects.filter(
        article=page.article, kind=kind, reference__in=rows, resolved_at=None
    ).exists():
        return False
    with translation.override(page.publication.language):
        text = str(words)
    _safety_notice, is_new = SafetyNotice.objects.get_or_create(
        article=page.article,
        notice_uid=notice.uid,
        defaults={
            "kind": kind,
            "text": text,
            "reference_id": page.reference_pk,
            "claim_keys": page.claim_keys,
            "opened_by": by,
            "opened_at": at,
        },
    )
    if is_new:
        _log_mark(page, notice, by=by, at=at)
    return is_new


def _log_mark(page: CitingPage, notice: Notice, *, by: User | None, at: datetime) -> None:
    values = {"notice": notice, "claims": _in_quotes(page.claims)}
    audit.record(
        AuditEntry.Act.NOTICE_OPENED,
        page.article,
        by=by,
        at=at,
        digest=page.publication.revision.digest,
        summary=(_("%(notice)s. Claims: %(claims)s.") % values)[:2000],
    )


def _reopen(reference: Reference, notice: Notice, *, by: User | None, at: datetime) -> list[str]:
    """Clear the second person's check of every citation of the work; sentences about it.

    The preflight asks for a new check.
    """
    pks = _pks_by_uid(reference).values()
    checked = Citation.objects.filter(reference__in=pks, checked_by__isnull=False)
    reopened: dict[Article, dict[int, str]] = {}  # {article: {claim: words}}
    for citation in checked.select_related("claim__article").order_by(
        "claim__article__title", "claim__position", "pk"
    ):
        claim = citation.claim
        reopened.setdefault(claim.article, {})[claim.pk] = claim.text
    checked.clear_checks()
    messages = []
    for article, claims in reopened.items():
        values = {"article": article, "notice": notice, "claims": _in_quotes(claims.values())}
        summary = _("%(notice)s. Evidence to be checked again: %(claims)s.") % values
        audit.record(AuditEntry.Act.REOPENED, article, by=by, at=at, summary=summary[:2000])
        messages.append(_("Reopened in the draft “%(article)s”: %(claims)s.") % values)
    return messages


def _in_quotes(texts: Iterable[str]) -> str:
    texts = list(texts)
    quoted = ", ".join(f"“{text}”" for text in texts[:5])
    if len(texts) > 5:
        more = len(texts) - 5
        quoted += " " + ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more}
    return quoted or _("no claim rests on it")


# Who must act ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class AffectedArticle:
    """What a source in question means for one article, and who must act."""

    article: Article
    live: CitingPage | None
    draft: CitingArticle | None
    notices: list[SafetyNotice]  # open ones, on the live page
    reopened: int  # citations of the draft that wait for a second person again

    @property
    def owner(self) -> User | None:
        """The owner of the article; None where it has none."""
        return self.article.owner


@dataclass(frozen=True)
class ReferenceInQuestion:
    """A work that something became known about, and every article that has to answer to it."""

    reference: Reference
    notices: list[Notice]
    articles: list[AffectedArticle]


#: States in which a work cannot support a claim as it did.
_IN_QUESTION = [Integrity.RETRACTED, Integrity.WITHDRAWN, Integrity.CONCERN, Integrity.NOTICE]


def reference_in_question(reference: Reference) -> ReferenceInQuestion:
    """Return one reference, whatever its state. Nine queries, however many articles use it."""
    found, rows = impact(reference), _pks_by_uid(reference)
    notices: dict[int, list[SafetyNotice]] = defaultdict(list)
    for notice in SafetyNotice.objects.filter(reference__in=rows.values(), resolved_at=None):
        notices[notice.article_id].append(notice)
    unchecked = Citation.objects.filter(reference__in=rows.values(), checked_by=None)
    reopened = Counter(unchecked.values_list("claim__article", flat=True))
    live = {page.article.pk: page for page in found.live}
    drafts = {draft.article.pk: draft for draft in found.drafts}
    pks = live.keys() | drafts.keys() | notices.keys()
    articles = Article.objects.filter(pk__in=pks).select_related("owner").order_by("title", "pk")
    affected = [
        AffectedArticle(
            article=article,
            live=live.get(article.pk),
            draft=drafts.get(article.pk),
            notices=notices[article.pk],
            reopened=reopened[article.pk],
        )
        for article in articles
    ]
    return ReferenceInQuestion(reference, list(reference.notices.all()), affected)


def references_in_question(user: User, *, reviews: bool) -> QuerySet[Reference]:
    """Return references in question that articles or safety notices name, newest news first.

    Those of every article if the user `reviews`; else only of articles `user` owns.
    """
    citations, listed = Citation.objects.all(), ReadingListEntry.objects.all()
    notices = SafetyNotice.objects.filter(resolved_at=None)
    if not reviews:
        citations = citations.filter(claim__article__owner=user)
        listed, notices = listed.filter(article__owner=user), notices.filter(article__owner=user)
    noticed = notices.exclude(reference=None).values("reference")
    # Pages keep the uid of their time. Notices of a merged row belong to the row it became.
    merged = Reference.objects.filter(pk__in=noticed, merged_into__isnull=False)
    came_out_again = Exists(
        Notice.objects.filter(kind=Notice.Kind.NEW_VERSION, reference=OuterRef("pk"))
    )
    is_used = Q(pk__in=citations.values("reference")) | Q(pk__in=listed.values("reference"))
    has_notice = Q(pk__in=noticed) | Q(pk__in=merged.values("merged_into"))
    return (
        Reference.objects.current()
        .filter(has_notice | (is_used & (Q(integrity__in=_IN_QUESTION) | Q(came_out_again))))
        .defer("raw", "payload")
        .order_by("-integrity_checked_at", "pk")
    )


# An article is published -----------------------------------------------------------------------


def update_after_publication(publication: Publication, *, by: User | None, at: datetime) -> None:
    """Index what a new publication cites, and bring its safety notices in line with it.

    Notices about sources it no longer names are resolved. Those that stay open name the claims that
    cite the source now, and the row by which the page names it now. Sources it names in spite of a
    retraction or a doubt (with a reason, or the preflight had stopped it) are marked on it at once.
    """
    uids = [reference["uid"] for reference in publication.revision.content["references"]]
    PublishedCitation.objects.bulk_create(
        PublishedCitation(publication=publication, reference_uid=uid) for uid in uids
    )
    cited_works.refresh_for_article(publication.article)
    still_open = SafetyNotice.objects.filter(
        article=publication.article_id,
        resolved_at=None,
        notice_uid__isnull=False,
        reference__isnull=False,
    )
    for safety_notice in still_open.select_related("reference__merged_into", "article"):
        named = safety_notice.reference
        rows = _pks_by_uid(named.merged_into or named) if named else {}
        if not rows.keys() & set(uids):
            _resolve(safety_notice, _("The page no longer uses this source."), by=by, at=at)
            continue
        page = _live_page(publication, rows)
        safety_notice.claim_keys, safety_notice.reference_id = page.claim_keys, page.reference_pk
        safety_notice.save(update_fields=["claim_keys", "reference"])
    states = {state for states in _STATES_WHERE_IT_HOLDS.values() for state in states}
    in_doubt = Reference.objects.filter(uid__in=uids, integrity__in=states)
    for reference in in_doubt.prefetch_related("notices"):
        page = _live_page(publication, {str(reference.uid): reference.pk})
        for notice in reference.notices.all():
            _open_safety_notice(page, reference, notice, by=by, at=at)


@transaction.atomic
def resolve(
    safety_notice: SafetyNotice, *, by: User, at: datetime, resolution: str
) -> SafetyNotice:
    """Take a safety notice off its page, saying how the matter was resolved.

    For editors. Raises Refused.
    """
    permissions.require(
        by,
        policy.SETTLE_NOTICE,
        otherwise=_("Only editors settle safety notices. Ask one of them."),
    )
    if not resolution.strip():
        raise Refused(_("Say in one sentence how the matter was settled."))
    safety_notice = SafetyNotice.objects.select_for_update().get(pk=safety_notice.pk)
    if safety_notice.resolved_at is None:
        _resolve(safety_notice, resolution.strip()[:500], by=by, at=at)
    return safety_notice


def _resolve(
    safety_notice: SafetyNotice, resolution: str, *, by: User | None, at: datetime
) -> None:
    safety_notice.resolved_by = by
    safety_notice.resolved_at = at
    safety_notice.resolution = resolution
    safety_notice.save(update_fields=["resolved_by", "resolved_at", "resolution"])
    audit.record(
        AuditEntry.Act.NOTICE_RESOLVED, safety_notice.article, by=by, at=at, summary=resolution
    )


# The evidence library --------------------------------------------------------------------------


class ArticleUsage:
    """What the evidence library shows of articles. `listen` registers it there."""

    @staticmethod
    def uses_of(reference: Reference) -> Iterator[usage.Use]:
        """Yield what uses a reference: live pages, drafts, and versions that were live before."""
        found = impact(reference)
        for page in found.live:
            title = page.publication.revision.content["title"]
            yield usage.Use(usage.LIVE, title, page.publication.get_absolute_url(), page.claims)
        for draft in found.drafts:
            address = reverse("admin:articles_article_change", args=[draft.article.pk])
            yield usage.Use(usage.DRAFT, str(draft.article), address, draft.claims)
        rows = _pks_by_uid(reference)
        earlier = PublishedCitation.objects.filter(reference_uid__in=list(rows))
        earlier = earlier.exclude(publication__in=[page.publication.pk for page in found.live])
        newest_first = earlier.order_by("-publication__at").values_list(
            "publication", "publication__slug", "publication__number"
        )
        for pk, slug, number in newest_first[:_MOST_EARLIER]:
            address = reverse("admin:articles_publication_change", args=[pk])
            name = _("%(slug)s, version %(number)s") % {"slug": slug, "number": number}
            yield usage.Use(usage.EARLIER, name, address)

    @staticmethod
    def address_to_move(reference: Reference) -> str:
        """Return the address where citations are moved to a newer version of a work."""
        return reverse("admin:articles_newer_version", args=[reference.pk])

    @staticmethod
    def live_uids() -> QuerySet:
        """Return a query for the uids that live pages name."""
        live = Publication.objects.live().values("pk")
        return PublishedCitation.objects.filter(publication__in=live).values("reference_uid")


_MOST_EARLIER = 20


def _a_notice_arrived(
    sender: object,
    reference: Reference,
    notice: Notice,
    by: User | None,
    at: datetime,
    **kwargs: Any,
) -> list[str]:
    return apply_notice(reference, notice, by=by, at=at)


def listen() -> None:
    """Learn of notices from the evidence library, and show it what articles use."""
    changes.notice_arrived.connect(_a_notice_arrived, dispatch_uid="articles.impact")
    changes.links_moved.connect(cited_works.rows_were_merged, dispatch_uid="articles.works")
    usage.register(ArticleUsage)
