"""What becomes of articles when something becomes known about a source: marked pages, reopened
claims.

Nothing is taken off a page silently, and nothing that was approved changes: a safety notice lies
over it, and the drafts behind it cannot be published again before somebody looked.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
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
from references import changes, usage
from references.models import Integrity, Notice, Reference

from . import cited_works

#: What readers are told of a source, by what became of it. A correction is for those who write, not
#: for readers.
_PASSED_ON = {
    Notice.Kind.RETRACTION: (SafetyNotice.Kind.RETRACTED_SOURCE, wording.RETRACTED_SOURCE),
    Notice.Kind.WITHDRAWAL: (SafetyNotice.Kind.RETRACTED_SOURCE, wording.RETRACTED_SOURCE),
    Notice.Kind.CONCERN: (SafetyNotice.Kind.CONCERN_SOURCE, wording.SOURCE_IN_DOUBT),
}
#: In which state of a work its notices of each kind hold: a retraction that was lifted is not
#: passed on.
_HOLDS = {
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
class UseInArticle:
    """An article that uses a work. `claims` holds the words of the claims that rest on it; none: it
    is only listed.

    `publication` is the live page for frozen uses, None for drafts; `reference_pk` is the row its
    text names, which may have been merged since.
    """

    article: Article
    claims: list[str]
    claim_keys: list[str]
    publication: Publication | None = None
    reference_pk: int | None = None


@dataclass(frozen=True)
class Impact:
    reference: Reference
    live: list[UseInArticle]
    drafts: list[UseInArticle]

    @property
    def claims(self):
        """The words of every claim on a live page that rests on the work, each once."""
        return list(dict.fromkeys(text for use in self.live for text in use.claims))


def impact(reference):
    """This paper: the live pages and the drafts that use it, with the claims that rest on it.

    Four queries.
    """
    rows = _same_work(reference)
    return Impact(reference, _live_uses(rows), _draft_uses(rows.values()))


def _same_work(reference):
    """{uid: pk} of the row and of those merged into it: frozen text names the uid of its day."""
    merged = Reference.objects.filter(merged_into=reference).values_list("uid", "pk")
    return {str(uid): pk for uid, pk in [(reference.uid, reference.pk), *merged]}


def _live_uses(rows):
    citing = PublishedCitation.objects.filter(reference_uid__in=list(rows)).values("publication")
    publications = (
        Publication.objects.live()
        .filter(pk__in=citing)
        .select_related("article__owner", "revision")
    )
    return [_use_on(publication, rows) for publication in publications.order_by("slug")]


def _use_on(publication, rows):
    """The Use of a work by the frozen text of `publication`.

    `rows` is {uid: pk} of every row it is known under.
    """
    content = publication.revision.content
    claims = [
        claim
        for claim in content["claims"]
        if any(link["reference"] in rows for link in claim["citations"])
    ]
    named = next((entry["uid"] for entry in content["references"] if entry["uid"] in rows), None)
    texts, keys = [claim["text"] for claim in claims], [claim["key"] for claim in claims]
    return UseInArticle(publication.article, texts, keys, publication, rows.get(named))


def _draft_uses(pks):
    articles, claims = {}, {}
    links = Citation.objects.filter(reference__in=pks).select_related("claim__article__owner")
    for link in links.order_by("claim__position"):
        articles[link.claim.article_id] = link.claim.article
        claims.setdefault(link.claim.article_id, {})[link.claim.key] = link.claim.text
    listed = ReadingListEntry.objects.filter(reference__in=pks).values("article")
    for article in Article.objects.filter(pk__in=listed).select_related("owner"):
        articles.setdefault(article.pk, article)
    return [
        UseInArticle(article, list(claims.get(pk, {}).values()), list(claims.get(pk, {})))
        for pk, article in sorted(articles.items(), key=lambda entry: entry[1].title)
    ]


# A notice arrives ------------------------------------------------------------------------------


@transaction.atomic
def pass_on(reference, notice, *, by, at):
    """Mark every live page that uses `reference` and reopen the claims that rest on it; sentences
    about what was done.

    `notice` is a references.Notice. Once per article and notice, however often it is called.
    """
    told = []
    rows = _same_work(reference)
    live = _live_uses(rows)
    for use in live:
        if _lay_over(use.article, reference, notice, use, by=by, at=at):
            told.append(
                _("Marked %(page)s: %(claims)s.")
                % {
                    "page": use.publication.get_absolute_url(),
                    "claims": _in_quotes(use.claims),
                }
            )
    if notice.kind in _REOPENING:
        told += _reopen(reference, notice, by=by, at=at)
    if _is_news(reference, notice):
        _tell(reference, notice, live, _draft_uses(rows.values()), by=by, at=at)
    if notice.kind == Notice.Kind.REINSTATEMENT:
        open_notices = SafetyNotice.objects.filter(
            reference__in=_same_work(reference).values(), resolved_at=None
        ).select_related("article")
        told += [
            _("“%(article)s” still carries a safety notice about it. An editor can settle it.")
            % {"article": each.article}
            for each in open_notices
        ]
    return told


def _is_news(reference, notice):
    """Whether the notice still says what holds of the work."""
    kind, _words = _PASSED_ON.get(notice.kind, (None, None))
    return kind is None or reference.integrity in _HOLDS[kind]


def _tell(reference, notice, live, drafts, *, by, at):
    """Owners and editors of live pages that use the work, and owners of drafts that do.

    Once for each article.
    """
    editors = inbox.editors() if live else []
    said = {"notice": notice.get_kind_display(), "source": Truncator(str(reference)).chars(150)}
    address = reverse("admin:articles_impact", args=[reference.pk])
    for use in live:
        text = _("A source of the live page “%(title)s” has a notice (%(notice)s): %(source)s") % {
            "title": use.publication.revision.content["title"],
            **said,
        }
        _tell_once([use.article.owner, *editors], text, notice, use.article, address, by=by, at=at)
    for use in drafts:
        text = _("A source of your draft “%(title)s” has a notice (%(notice)s): %(source)s")
        text %= {"title": use.article, **said}
        _tell_once([use.article.owner], text, notice, use.article, address, by=by, at=at)


def _tell_once(people, text, notice, article, address, *, by, at):
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


def _lay_over(article, reference, notice, use, *, by, at):
    """Open the safety notice for one article, unless one about this work says the same already.

    Whether it is new.
    """
    kind, words = _PASSED_ON.get(notice.kind, (None, None))
    if kind is None or not _is_news(reference, notice):
        return False
    rows = _same_work(reference).values()
    if SafetyNotice.objects.filter(
        article=article, kind=kind, reference__in=rows, resolved_at=None
    ).exists():
        # Readers are told already; a second notice about the same work would say the same.
        return False
    with translation.override(use.publication.language):
        text = str(words)
    _safety_notice, is_new = SafetyNotice.objects.get_or_create(
        article=article,
        notice_uid=notice.uid,
        defaults={
            "kind": kind,
            "text": text,
            "reference_id": use.reference_pk,
            "claim_keys": use.claim_keys,
            "opened_by": by,
            "opened_at": at,
        },
    )
    if is_new:
        summary = _("%(notice)s. Claims: %(claims)s.") % {
            "notice": notice,
            "claims": _in_quotes(use.claims),
        }
        digest = use.publication.revision.digest
        audit.record(
            AuditEntry.Act.NOTICE_OPENED,
            article,
            by=by,
            at=at,
            digest=digest,
            summary=summary[:2000],
        )
    return is_new


def _reopen(reference, notice, *, by, at):
    """Take back the second person's check of every link to the work.

    The preflight asks for a new one.
    """
    pks = _same_work(reference).values()
    checked = Citation.objects.filter(reference__in=pks, checked_by__isnull=False)
    reopened = {}
    for link in checked.select_related("claim__article").order_by(
        "claim__article__title", "claim__position", "pk"
    ):
        reopened.setdefault(link.claim.article, {})[link.claim.pk] = link.claim.text
    checked.update(checked_by=None, checked_at=None)
    told = []
    for article, claims in reopened.items():
        said = _in_quotes(claims.values())
        summary = _("%(notice)s. Evidence to be checked again: %(claims)s.") % {
            "notice": notice,
            "claims": said,
        }
        audit.record(AuditEntry.Act.REOPENED, article, by=by, at=at, summary=summary[:2000])
        told.append(
            _("Reopened in the draft “%(article)s”: %(claims)s.")
            % {
                "article": article,
                "claims": said,
            }
        )
    return told


def _in_quotes(texts):
    texts = list(texts)
    quoted = ", ".join(f"“{text}”" for text in texts[:5])
    if len(texts) > 5:
        more = len(texts) - 5
        quoted += " " + ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more}
    return quoted or _("no claim rests on it")


# Who must act ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class AffectedArticle:
    """What a bad source did to one article, and who must act.

    `owner` is None where nobody owns it.
    """

    article: Article
    live: UseInArticle | None
    draft: UseInArticle | None
    notices: list[SafetyNotice]  # open ones, over the live page
    reopened: int  # evidence links of the draft that wait for a second person again

    @property
    def owner(self):
        return self.article.owner


@dataclass(frozen=True)
class ReferenceInQuestion:
    """A work that something became known about, with every article that still has to answer
    to it.
    """

    reference: Reference
    notices: list[Notice]
    articles: list[AffectedArticle]


#: States in which a work cannot stand under a claim as it did.
_IN_QUESTION = [Integrity.RETRACTED, Integrity.WITHDRAWN, Integrity.CONCERN, Integrity.NOTICE]


def reference_in_question(reference):
    """The Open of one reference, whatever its state. Nine queries, however many articles use it."""
    found, rows = impact(reference), _same_work(reference)
    told, reopened = {}, {}
    for notice in SafetyNotice.objects.filter(reference__in=rows.values(), resolved_at=None):
        told.setdefault(notice.article_id, []).append(notice)
    unchecked = Citation.objects.filter(reference__in=rows.values(), checked_by=None)
    for article in unchecked.values_list("claim__article", flat=True):
        reopened[article] = reopened.get(article, 0) + 1
    live = {use.article.pk: use for use in found.live}
    drafts = {use.article.pk: use for use in found.drafts}
    pks = live.keys() | drafts.keys() | told.keys()
    articles = Article.objects.filter(pk__in=pks).select_related("owner").order_by("title", "pk")
    return ReferenceInQuestion(
        reference,
        list(reference.notices.all()),
        [
            AffectedArticle(
                each,
                live.get(each.pk),
                drafts.get(each.pk),
                told.get(each.pk, []),
                reopened.get(each.pk, 0),
            )
            for each in articles
        ],
    )


def references_in_question(user, *, reviews):
    """The references in question that articles use or safety notices name, gravest news first, as a
    query.

    Those of every article for who `reviews`; else only of articles `user` owns.
    """
    used, listed, told = (
        Citation.objects.all(),
        ReadingListEntry.objects.all(),
        SafetyNotice.objects.filter(resolved_at=None),
    )
    if not reviews:
        used = used.filter(claim__article__owner=user)
        listed, told = listed.filter(article__owner=user), told.filter(article__owner=user)
    pks = told.exclude(reference=None)
    # Pages name the row of their day; a merged row's notices belong to the one that stands.
    merged = Reference.objects.filter(
        pk__in=pks.values("reference"), merged_into__isnull=False
    ).values("merged_into")
    is_used = Q(pk__in=used.values("reference")) | Q(pk__in=listed.values("reference"))
    is_told = Q(pk__in=pks.values("reference")) | Q(pk__in=merged)
    return (
        Reference.objects.current()
        .filter(is_told | (is_used & Q(integrity__in=_IN_QUESTION)))
        .defer("raw", "payload")
        .order_by("-integrity_checked_at", "pk")
    )


# An article is published -----------------------------------------------------------------------


def note_sources(publication, *, by, at):
    """Index what a new publication cites, and bring its safety notices in line with it.

    Notices about sources it no longer names are settled; sources it names in spite of a retraction
    or a doubt (with a reason, or the preflight had stopped it) are marked on it at once.
    """
    uids = [reference["uid"] for reference in publication.revision.content["references"]]
    PublishedCitation.objects.bulk_create(
        PublishedCitation(publication=publication, reference_uid=uid) for uid in uids
    )
    cited_works.follow(publication.article)
    standing = SafetyNotice.objects.filter(
        article=publication.article_id,
        resolved_at=None,
        notice_uid__isnull=False,
        reference__isnull=False,
    )
    for notice in standing.select_related("reference__merged_into", "article"):
        if not _same_work(notice.reference.merged_into or notice.reference).keys() & set(uids):
            _settle(notice, _("The page no longer uses this source."), by=by, at=at)
    in_doubt = Reference.objects.filter(uid__in=uids, integrity__in=set().union(*_HOLDS.values()))
    for reference in in_doubt.prefetch_related("notices"):
        use = _use_on(publication, {str(reference.uid): reference.pk})
        for notice in reference.notices.all():
            _lay_over(publication.article, reference, notice, use, by=by, at=at)


@transaction.atomic
def resolve(safety_notice, *, by, at, resolution):
    """Take a safety notice off its page, saying how the matter was settled.

    For editors. Raises Refused.
    """
    permissions.require(
        by,
        "articles.publish_article",
        otherwise=_("Only editors settle safety notices. Ask one of them."),
    )
    if not resolution.strip():
        raise Refused(_("Say in one sentence how the matter was settled."))
    safety_notice = SafetyNotice.objects.select_for_update().get(pk=safety_notice.pk)
    if safety_notice.resolved_at is None:
        _settle(safety_notice, resolution.strip()[:500], by=by, at=at)
    return safety_notice


def _settle(safety_notice, resolution, *, by, at):
    safety_notice.resolved_by, safety_notice.resolved_at, safety_notice.resolution = (
        by,
        at,
        resolution,
    )
    safety_notice.save(update_fields=["resolved_by", "resolved_at", "resolution"])
    audit.record(
        AuditEntry.Act.NOTICE_RESOLVED, safety_notice.article, by=by, at=at, summary=resolution
    )


# Telling the library, and listening to it ------------------------------------------------------


class Articles:
    """What the evidence library shows of articles.

    It asks whoever uses it, and knows nobody by name.
    """

    @staticmethod
    def uses_of(reference):
        """The usage.Uses of a reference: live pages, drafts, and versions that were live before."""
        found = impact(reference)
        for use in found.live:
            yield usage.Use(
                usage.LIVE,
                use.publication.revision.content["title"],
                use.publication.get_absolute_url(),
                use.claims,
            )
        for use in found.drafts:
            address = reverse("admin:articles_article_change", args=[use.article.pk])
            yield usage.Use(usage.DRAFT, str(use.article), address, use.claims)
        live = {use.publication.pk for use in found.live}
        rows = _same_work(reference)
        earlier = PublishedCitation.objects.filter(reference_uid__in=list(rows)).exclude(
            publication__in=live
        )
        earlier = earlier.order_by("-publication__at").values_list(
            "publication", "publication__slug", "publication__number"
        )
        for pk, slug, number in earlier[:_MOST_EARLIER]:
            address = reverse("admin:articles_publication_change", args=[pk])
            yield usage.Use(
                usage.EARLIER,
                _("%(slug)s, version %(number)s") % {"slug": slug, "number": number},
                address,
            )

    @staticmethod
    def live_uids():
        """A query for the uids that live pages name."""
        live = Publication.objects.live().values("pk")
        return PublishedCitation.objects.filter(publication__in=live).values("reference_uid")


_MOST_EARLIER = 20


def _a_notice_arrived(sender, reference, notice, by, at, **kwargs):
    return pass_on(reference, notice, by=by, at=at)


def listen():
    """Hear of notices about works from the evidence library, and tell it what articles use."""
    changes.notice_arrived.connect(_a_notice_arrived, dispatch_uid="articles.impact")
    changes.links_moved.connect(cited_works.rows_were_merged, dispatch_uid="articles.works")
    usage.register(Articles)
