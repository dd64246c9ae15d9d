"""The dashboard: what concerns one person today.

It has lists of their drafts, of what others ask of them and of what is due, with one query for each
list. There are at most 14 queries, whatever the size of the site.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from django.contrib.auth import get_user_model
from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, Subquery, Value, When
from django.utils import timezone

from articles.models import (
    Article,
    AuditEntry,
    Citation,
    Claim,
    Decision,
    Publication,
    ReviewRequest,
    ReviewTask,
    SafetyNotice,
)
from articles.notifications import email, inbox
from articles.publishing import open_points, status
from articles.review import reviewing
from physiohub import policy
from references import possible_pairs
from references.models import Identity, Integrity, Reference

#: At most this many rows stand in a list.
MOST, MAX_UNREAD = 8, 5
#: What is open and has no list of its own here: what readers were promised, or somebody waits for.
LEFT_OPEN = frozenset(
    {
        "reading_taken_back",
        "source_in_doubt",
        "emergency",
        "address_taken",
        "schedule_late",
        "schedule_refused",
        "schedule_outdated",
        "remarks_block",
        "translation_behind",
        "review_late",
        "newer_version",
        "remarks_open",
        "nobody_keeps_it",
    }
)


@dataclass(frozen=True)
class LibraryCounts:
    """How many references somebody must look at."""

    mismatched: int = 0  # the identifier belongs to another work
    repaired: int = 0  # an identifier was repaired and nobody looked it up
    unchecked: int = 0  # never checked for retraction
    pairs: int = 0  # two that may be one work

    def __bool__(self):
        return bool(self.mismatched or self.repaired or self.unchecked or self.pairs)


@dataclass(frozen=True)
class Dashboard:
    """The lists for one person. A list is empty if they may not act on it."""

    unread: list = field(default_factory=list)  # Notification
    has_more_unread: bool = False
    # Article from articles.publishing.status.with_progress, with its `open_points`
    drafts: list = field(default_factory=list)
    has_more_drafts: bool = False
    tasks: list = field(default_factory=list)  # ReviewTask with request.article
    changes: list = field(default_factory=list)  # Decision with revision.article
    to_check: list = field(default_factory=list)  # {article, title, citations}
    taken_back: list = field(default_factory=list)  # {article, title, source}
    notices: list = field(default_factory=list)  # SafetyNotice with article
    left_open: list = field(default_factory=list)  # OpenArticle, with its points in LEFT_OPEN
    # Article with due_on: live pages that somebody must look at again
    again: list = field(default_factory=list)
    # Article with is_due: whether it is in `again` too
    searches: list = field(default_factory=list)
    library: LibraryCounts = LibraryCounts()
    mail: str = ""  # a sentence, while the mail server takes no mail
    without_role: list = field(default_factory=list)  # accounts that may sign in and do nothing
    without_address: list = field(default_factory=list)  # accounts that mail waits for
    # AuditEntry with `times`, and with `article_pk`, which may be None
    lately: list = field(default_factory=list)

    @property
    def is_asked(self):
        return bool(self.tasks or self.changes or self.to_check or self.taken_back)

    @property
    def is_due(self):
        return bool(
            self.mail
            or self.notices
            or self.left_open
            or self.again
            or self.searches
            or self.library
            or self.without_role
            or self.without_address
        )

    @property
    def is_empty(self):
        return not (self.unread or self.drafts or self.is_asked or self.is_due)


def dashboard_of(user, *, on):
    """Return the Dashboard of `user` on the day `on` (a date)."""
    writes = policy.may(user, policy.WRITE)
    reviews = policy.may(user, policy.REVIEW)
    unread = list(inbox.unread(user)[: MAX_UNREAD + 1])
    lists = {
        "unread": unread[:MAX_UNREAD],
        "has_more_unread": len(unread) > MAX_UNREAD,
        "tasks": _tasks(user, reviews),
        "lately": _lately(user, is_everybody=reviews),
    }
    if writes:
        drafts = list(_drafts(user)[: MOST + 1])
        lists |= {
            "drafts": drafts[:MOST],
            "has_more_drafts": len(drafts) > MOST,
            "changes": _changes(user),
            "taken_back": _taken_back(user),
            "notices": _notices(user, reviews),
            "left_open": _open_points(user, reviews, drafts[:MOST], on),
            **_due_again(user, reviews, on),
        }
    if reviews:
        lists["to_check"] = _to_check(user)
    # Clinicians may add references. People who may delete them look after the library.
    if policy.may(user, policy.KEEP_LIBRARY):
        lists["library"] = _library()
    if policy.may(user, policy.CHANGE_ACCOUNTS):
        lists |= {**_accounts(), "mail": email.outage_warning()}
    return Dashboard(**lists)


def _drafts(user):
    """Return articles of `user` that differ from what readers have, the last changed first."""
    live = Publication.objects.live().filter(article=OuterRef("pk"))
    return (
        status.with_progress(Article.objects.owned_by(user))
        .annotate(live_since=Subquery(live.values("at")[:1]))
        .filter(Q(live_since=None) | Q(modified_at__gt=F("live_since")))
        .order_by("-modified_at", "-pk")
    )


def _tasks(user, reviews):
    """Open review tasks that are assigned to `user`, or to nobody if `user` may review.

    Reviews that they asked for themselves are not among them.
    """
    assignment = Q(assigned_to=user)
    if reviews:
        assignment |= Q(assigned_to=None)
    decided = reviewing.decisions_of_this_round().filter(
        revision=OuterRef("request__revision"), by=user
    )
    return list(
        ReviewTask.objects.filter(assignment, ~Exists(decided), request__closed_at=None)
        .exclude(request__requested_by=user)
        .select_related("request__article", "request__requested_by")
        .order_by(F("due_on").asc(nulls_last=True), "request__requested_at")[:MOST]
    )


def _changes(user):
    """Return decisions that ask for changes in the text under review, and stand."""
    later = Decision.objects.filter(
        revision=OuterRef("revision"), by=OuterRef("by"), pk__gt=OuterRef("pk")
    )
    under_review = ReviewRequest.objects.filter(revision=OuterRef("revision"), closed_at=None)
    return list(
        Decision.objects.filter(
            Q(revision__article__owner=user) | Q(revision__review_requests__requested_by=user),
            Exists(under_review),
            ~Exists(later),
        )
        .exclude(verdict=Decision.Verdict.APPROVE)
        .select_related("revision__article")
        .distinct()
        .order_by("-at")[:MOST]
    )


def _to_check(user):
    """Return articles with evidence that waits for a check, which `user` may do."""
    return list(
        Citation.objects.filter(checked_by=None)
        .exclude(added_by=user)
        .exclude(claim__kind=Claim.Kind.TEXT, claim__position=None)
        .order_by()
        .values(article=F("claim__article"), title=F("claim__article__title"))
        .annotate(citations=Count("pk"))
        .order_by("-citations", "title")[:MOST]
    )


def _taken_back(user):
    """Return retracted or withdrawn sources in articles of `user` that are not cited on purpose."""
    return list(
        Citation.objects.filter(
            claim__article__owner=user,
            reference__integrity__in=Integrity.counts_as_absent(),
            override_reason="",
        )
        .order_by("claim__article__title", "reference__title")
        .values(
            article=F("claim__article"),
            title=F("claim__article__title"),
            source=F("reference__title"),
        )
        .distinct()[:MOST]
    )


def _notices(user, reviews):
    open_notices = SafetyNotice.objects.filter(resolved_at=None).select_related("article")
    return list((open_notices if reviews else open_notices.filter(article__owner=user))[:MOST])


def _open_points(user, reviews, drafts, on):
    """Set `open_points` of each of `drafts`, and return the OpenArticles with other things open.

    Those have something open that no other list here names. The most serious come first. People who
    review get all articles, others their own. One query for both.
    """
    found = open_points.open_articles(
        [article.pk for article in drafts],
        at=timezone.now(),
        on=on,
        everywhere=LEFT_OPEN,
        owner=None if reviews else user,
    )
    for article in drafts:
        article.open_points = found[article.pk].points if article.pk in found else []
    left_open = []
    for article in found.values():
        points = [point for point in article.points if point.code in LEFT_OPEN]
        if points:
            left_open.append(replace(article, points=points))
    order = [kind.code for kind in open_points.KINDS]
    return sorted(left_open, key=lambda article: order.index(article.points[0].code))[:MOST]


def _due_again(user, reviews, on):
    """Return live articles that need another look, or a new search for evidence.

    The longest due come first. A search is needed if the last one is too old or has no date. People
    who review get all articles, others their own.
    """
    articles = Article.objects.all() if reviews else Article.objects.owned_by(user)
    live = Publication.objects.live().filter(article=OuterRef("pk"))
    due_on = live.with_due_on().values("due_on")[:1]
    old = open_points.old_searches(on=on).filter(article=OuterRef("pk"))
    articles = articles.annotate(due_on=Subquery(due_on), search_is_old=Exists(old)).filter(
        Exists(live), Q(due_on__lte=on) | Q(search_is_old=True)
    )
    is_late = Case(When(due_on__lte=on, then=F("due_on")))
    articles = articles.order_by(
        is_late.asc(nulls_last=True), F("evidence_searched_on").asc(nulls_first=True), "title"
    )
    articles = list(articles[:MOST])
    for article in articles:
        article.is_due = article.due_on is not None and article.due_on <= on
    long_ago = date.min
    searches = [article for article in articles if article.search_is_old]
    return {
        "again": [article for article in articles if article.is_due],
        "searches": sorted(searches, key=lambda article: article.evidence_searched_on or long_ago),
    }


def _library():
    pairs = possible_pairs.open_pairs().order_by().values(all=Value(1))
    counted = Subquery(pairs.annotate(count=Count("pk")).values("count"))
    counts = Reference.objects.current().annotate(open_pairs=counted)
    found = counts.aggregate(
        mismatched=Count("pk", filter=Q(identity=Identity.MISMATCH)),
        repaired=Count("pk", filter=Q(identity=Identity.UNRESOLVED) & ~Q(repairs=[])),
        unchecked=Count("pk", filter=Q(integrity=Integrity.UNCHECKED)),
        pairs=Max("open_pairs"),
    )
    return LibraryCounts(**{name: count or 0 for name, count in found.items()})


def _accounts():
    """Return accounts that may do nothing, and those that mail waits for without an address."""
    accounts = get_user_model().objects.all()
    groups = accounts.model.groups.through.objects
    own_permissions = accounts.model.user_permissions.through.objects
    no_role = Q(
        ~Exists(groups.filter(user=OuterRef("pk"))),
        ~Exists(own_permissions.filter(user=OuterRef("pk"))),
        is_active=True,
        is_superuser=False,
    )
    accounts = accounts.annotate(
        is_without_role=Case(When(no_role, then=True), default=False),
        is_without_address=Case(When(email.without_address(), then=True), default=False),
    )
    accounts = accounts.filter(Q(is_without_role=True) | Q(is_without_address=True)).order_by(
        "username"
    )[: 2 * MOST]
    return {
        "without_role": [account for account in accounts if account.is_without_role][:MOST],
        "without_address": [account for account in accounts if account.is_without_address][:MOST],
    }


def _lately(user, *, is_everybody):
    """Return the newest acts: for reviewers those of all, else their own and on their articles."""
    entries = AuditEntry.objects.exclude(act__in=AuditEntry.OF_ACCOUNTS)
    if not is_everybody:
        own = Article.objects.owned_by(user).values("uid")
        entries = entries.filter(Q(actor_id=user.pk) | Q(subject_uid__in=own))
    entries = _without_repetition(entries[: 5 * MOST])[:MOST]
    pks = dict(
        Article.objects.filter(uid__in={entry.subject_uid for entry in entries}).values_list(
            "uid", "pk"
        )
    )
    for entry in entries:
        entry.article_pk = pks.get(entry.subject_uid)
    return entries


def _without_repetition(entries):
    """Keep the first of each run of equal entries on one day; `times` counts the run."""
    kept, last = [], None
    for entry in entries:
        what = (entry.at.date(), entry.act, entry.actor_id, entry.subject_uid)
        if what == last:
            kept[-1].times += 1
        else:
            entry.times, last = 1, what
            kept.append(entry)
    return kept
