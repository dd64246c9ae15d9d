"""What concerns one person today: their drafts, what others ask of them, what is due. Queries only,
one a list.

At most 13 queries, whatever there is; each list holds the newest few and says whether there are
more.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.contrib.auth import get_user_model
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, When

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
from articles.publishing import status
from references.models import Identity, Integrity, Reference

#: How many a list shows.
MOST, MOST_UNREAD = 8, 5
#: Evidence that was searched before this counts as due for another look.
SEARCH_HOLDS = timedelta(days=2 * 365)


@dataclass(frozen=True)
class LibraryCounts:
    """What the evidence library waits for, as counts."""

    mismatched: int  # the identifier belongs to another work
    repaired: int  # an identifier was repaired and nobody looked it up
    unchecked: int  # never checked for retraction

    def __bool__(self):
        return bool(self.mismatched or self.repaired or self.unchecked)


@dataclass(frozen=True)
class Dashboard:
    """Lists for one person; those they may not act on are empty."""

    unread: list = field(default_factory=list)  # Notification
    has_more_unread: bool = False
    drafts: list = field(
        default_factory=list
    )  # Article from articles.publishing.status.with_progress
    has_more_drafts: bool = False
    tasks: list = field(default_factory=list)  # ReviewTask with request.article
    changes: list = field(default_factory=list)  # Decision with revision.article
    to_check: list = field(default_factory=list)  # {article, title, links}
    taken_back: list = field(default_factory=list)  # {article, title, source}
    notices: list = field(default_factory=list)  # SafetyNotice with article
    again: list = field(
        default_factory=list
    )  # Article with due_on: live pages to be looked at again
    searches: list = field(
        default_factory=list
    )  # Article with is_due: whether it stands under `again` as well
    library: LibraryCounts = LibraryCounts(0, 0, 0)
    mail: str = ""  # a sentence, while the mail server takes nothing
    without_role: list = field(default_factory=list)  # accounts that may sign in and do nothing
    without_address: list = field(default_factory=list)  # accounts to be told something by e-mail
    lately: list = field(
        default_factory=list
    )  # AuditEntry with times and article_pk, which may be None

    @property
    def is_asked(self):
        return bool(self.tasks or self.changes or self.to_check or self.taken_back)

    @property
    def is_due(self):
        return bool(
            self.mail
            or self.notices
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
    """The Desk of `user` on the day `on` (a date)."""
    writes, reviews = (
        user.has_perm("articles.change_article"),
        user.has_perm("articles.review_article"),
    )
    unread = list(inbox.unread(user)[: MOST_UNREAD + 1])
    found = {
        "unread": unread[:MOST_UNREAD],
        "has_more_unread": len(unread) > MOST_UNREAD,
        "tasks": _tasks(user, reviews),
        "lately": _lately(user, all_of_it=reviews),
    }
    if writes:
        drafts = list(_drafts(user)[: MOST + 1])
        found |= {
            "drafts": drafts[:MOST],
            "has_more_drafts": len(drafts) > MOST,
            "changes": _changes(user),
            "taken_back": _taken_back(user),
            "notices": _notices(user, reviews),
            **_to_look_at_again(user, reviews, on),
        }
    if reviews:
        found["to_check"] = _to_check(user)
    # Clinicians may add to the library; whoever may delete from it keeps it.
    if user.has_perm("references.delete_reference"):
        found["library"] = _library()
    if user.has_perm("auth.change_user"):
        found |= {**_accounts(), "mail": email.outage_warning()}
    return Dashboard(**found)


def _drafts(user):
    """Articles of theirs whose text readers do not have as it stands, last touched first."""
    live = Publication.objects.live().filter(article=OuterRef("pk"))
    return (
        status.with_progress(Article.objects.owned_by(user))
        .annotate(live_since=Subquery(live.values("at")[:1]))
        .filter(Q(live_since=None) | Q(modified_at__gt=F("live_since")))
        .order_by("-modified_at", "-pk")
    )


def _tasks(user, reviews):
    """Open reviews that are theirs to do: assigned to them, or to nobody while they may review.

    Not their own.
    """
    theirs = Q(assigned_to=user)
    if reviews:
        theirs |= Q(assigned_to=None)
    decided = Decision.objects.filter(revision=OuterRef("request__revision"), by=user)
    return list(
        ReviewTask.objects.filter(theirs, ~Exists(decided), request__closed_at=None)
        .exclude(request__requested_by=user)
        .select_related("request__article", "request__requested_by")
        .order_by(F("due_on").asc(nulls_last=True), "request__requested_at")[:MOST]
    )


def _changes(user):
    """What reviewers asked to be changed in the text under review, unless they decided otherwise
    since.
    """
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
    """Articles with evidence that waits for a second person, where this one may be it."""
    return list(
        Citation.objects.filter(checked_by=None)
        .exclude(added_by=user)
        .exclude(claim__kind=Claim.Kind.TEXT, claim__position=None)
        .order_by()
        .values(article=F("claim__article"), title=F("claim__article__title"))
        .annotate(links=Count("pk"))
        .order_by("-links", "title")[:MOST]
    )


def _taken_back(user):
    """Sources under articles of theirs that were retracted or withdrawn and are not cited on
    purpose.
    """
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


def _to_look_at_again(user, reviews, on):
    """Articles patients read that are to be looked at again, longest ago first, and those whose
    evidence was searched too long ago, or nobody says when. All of them for who reviews, else their
    own.
    """
    articles = Article.objects.all() if reviews else Article.objects.owned_by(user)
    live = Publication.objects.live().filter(article=OuterRef("pk"))
    due_on = live.with_due_on().values("due_on")[:1]
    found = articles.annotate(due_on=Subquery(due_on)).filter(
        Exists(live),
        Q(due_on__lte=on)
        | Q(evidence_searched_on=None)
        | Q(evidence_searched_on__lt=on - SEARCH_HOLDS),
    )
    is_late = Case(When(due_on__lte=on, then=F("due_on")))
    found = found.order_by(
        is_late.asc(nulls_last=True), F("evidence_searched_on").asc(nulls_first=True), "title"
    )
    found = list(found[:MOST])
    for article in found:
        article.is_due = article.due_on is not None and article.due_on <= on
    begins = date.min
    searches = [a for a in found if (a.evidence_searched_on or begins) < on - SEARCH_HOLDS]
    return {
        "again": [article for article in found if article.is_due],
        "searches": sorted(searches, key=lambda article: article.evidence_searched_on or begins),
    }


def _library():
    in_use = Reference.objects.filter(merged_into=None)
    return LibraryCounts(
        **in_use.aggregate(
            mismatched=Count("pk", filter=Q(identity=Identity.MISMATCH)),
            repaired=Count("pk", filter=Q(identity=Identity.UNRESOLVED) & ~Q(repairs=[])),
            unchecked=Count("pk", filter=Q(integrity=Integrity.UNCHECKED)),
        )
    )


def _accounts():
    """Accounts that may sign in and do nothing, and those who are to be told by e-mail and have no
    address.
    """
    accounts = get_user_model().objects.all()
    groups, by_hand = (
        accounts.model.groups.through.objects,
        accounts.model.user_permissions.through.objects,
    )
    no_role = Q(
        ~Exists(groups.filter(user=OuterRef("pk"))),
        ~Exists(by_hand.filter(user=OuterRef("pk"))),
        is_active=True,
        is_superuser=False,
    )
    accounts = accounts.annotate(
        is_without_role=Case(When(no_role, then=True), default=False),
        is_without_address=Case(When(email.without_address(), then=True), default=False),
    )
    found = accounts.filter(Q(is_without_role=True) | Q(is_without_address=True)).order_by(
        "username"
    )[: 2 * MOST]
    return {
        "without_role": [account for account in found if account.is_without_role][:MOST],
        "without_address": [account for account in found if account.is_without_address][:MOST],
    }


def _lately(user, *, all_of_it):
    """The newest acts: everybody's for reviewers, else their own and those on their articles."""
    entries = AuditEntry.objects.all()
    if not all_of_it:
        own = Article.objects.owned_by(user).values("uid")
        entries = entries.filter(Q(actor_id=user.pk) | Q(subject_uid__in=own))
    entries = _one_a_day(entries[: 5 * MOST])[:MOST]
    pks = dict(
        Article.objects.filter(uid__in={entry.subject_uid for entry in entries}).values_list(
            "uid", "pk"
        )
    )
    for entry in entries:
        entry.article_pk = pks.get(entry.subject_uid)
    return entries


def _one_a_day(entries):
    """The first of each run of entries that say the same of one day; `times` counts the run."""
    told = []
    for entry in entries:
        same = (entry.at.date(), entry.act, entry.actor_id, entry.subject_uid)
        if told and told[-1].said == same:
            told[-1].times += 1
        else:
            entry.said, entry.times = same, 1
            told.append(entry)
    return told
