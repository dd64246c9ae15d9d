"""What is open about an article: one list, which the status, the lists and the dashboard read.

Each kind of point is a query for its rows, so that all kinds are asked for in one query, for one
article or a list of them. The preflight is no query: how many of its messages stop publishing is
known on the review page alone. Lists name the commonest of them: evidence that waits for a check,
changed words, sources that were taken back, comments that must be settled.
"""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from articles.models import (
    Article,
    Citation,
    Claim,
    Comment,
    Confirmation,
    Decision,
    Publication,
    ReadingListEntry,
    ReviewTask,
    SafetyNotice,
    Schedule,
)
from articles.refusals import Words
from references.models import Integrity, Notice

QUEUE = "admin:articles_article_queue"
#: If the last search for evidence is older than this, another one is due.
SEARCH_HOLDS = timedelta(days=2 * 365)
#: After this the job that publishes at a set time should have run (`manage.py keep_going`).
_JOB_TAKES = timedelta(minutes=10)


@dataclass(frozen=True)
class Now:
    """The moment for which one asks, and its day."""

    at: datetime
    on: date


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of thing that can be open about an article."""

    code: str
    brief: Words  # in lists
    says: Any  # a sentence, which may hold the number of them (`count`)
    next: Words  # what to do, and whose turn it is
    #: The rows that are open at a moment, and the way from such a row to its article.
    rows: Callable[[Now], QuerySet]
    path: str
    #: Where to do it: a fragment of the review page, or the name of an address. It takes the
    #: primary key of the article, or "?" in front of a filter by it.
    place: str

    def address(self, article_pk: int) -> str:
        if self.place.startswith("#"):
            return reverse("admin:articles_article_review", args=[article_pk]) + self.place
        if "?" in self.place:
            name, query = self.place.split("?")
            return f"{reverse(name)}?{query}{article_pk}"
        name, _hash, fragment = self.place.partition("#")
        takes_article = name.startswith("admin:articles_article_") and name != QUEUE
        address = reverse(name, args=[article_pk] if takes_article else [])
        return f"{address}#{fragment}" if fragment else address


@dataclass(frozen=True)
class OpenPoint:
    """What is open about one article, and what to do next."""

    code: str
    brief: str  # a few words
    says: str  # a sentence
    next: str  # a sentence
    address: str  # where to do it


# The kinds, one query each ---------------------------------------------------------------------

#: A phrase without its marker keeps its evidence, but no reader is shown it.
_DETACHED = Q(claim__kind=Claim.Kind.TEXT, claim__position=None)


def _citations_of(*states: Integrity) -> QuerySet:
    """Citations of works in these states, that nobody gave a reason for."""
    return Citation.objects.filter(reference__integrity__in=states, override_reason="").exclude(
        _DETACHED
    )


def _listed_for_reading(*states: Integrity) -> QuerySet:
    """The same on reading lists, where no claim cites the work."""
    cited = Citation.objects.exclude(_DETACHED).filter(
        claim__article=OuterRef("article"), reference=OuterRef("reference")
    )
    return ReadingListEntry.objects.filter(~Exists(cited), reference__integrity__in=states)


def _citations_with_newer_version() -> QuerySet:
    """Citations of works that came out again."""
    notices = Notice.objects.filter(kind=Notice.Kind.NEW_VERSION, reference=OuterRef("reference"))
    return Citation.objects.filter(Exists(notices)).exclude(_DETACHED)


def _emergencies(now: Now) -> QuerySet:
    """Live pages that went out in an emergency: a text that colleagues approved is to follow."""
    return Publication.objects.live().in_an_emergency()


def _taken_addresses(now: Now) -> QuerySet:
    """Articles whose address belongs to another live page."""
    others = Publication.objects.live().filter(slug=OuterRef("slug"))
    return Article.objects.filter(Exists(others.exclude(article=OuterRef("pk"))))


def _refused_schedules(now: Now) -> QuerySet:
    """The newest schedules, where they were refused and nothing was published since."""
    later = Schedule.objects.filter(article=OuterRef("article"), pk__gt=OuterRef("pk"))
    published = Publication.objects.filter(
        article=OuterRef("article"), at__gte=OuterRef("ended_at")
    )
    return Schedule.objects.filter(
        ~Exists(later), ~Exists(published), outcome=Schedule.Outcome.REFUSED
    )


def _late_schedules(now: Now) -> QuerySet:
    return Schedule.objects.filter(outcome="", publish_at__lt=now.at - _JOB_TAKES)


def _outdated_schedules(now: Now) -> QuerySet:
    """Schedules whose text was edited since: it is not published then."""
    return Schedule.objects.filter(outcome="", article__modified_at__gt=F("at"))


def _translations_behind(now: Now) -> QuerySet:
    """Translations that were not made from what readers of the original have now."""
    live = Publication.objects.live().filter(article=OuterRef("translation_of"))
    translations = Article.objects.exclude(translation_of=None)
    translations = translations.annotate(original_now=Subquery(live.values("revision")[:1]))
    return translations.exclude(original_now=None).filter(
        Q(translated_from=None) | ~Q(translated_from=F("original_now"))
    )


def _late_tasks(now: Now) -> QuerySet:
    done = Decision.objects.filter(task=OuterRef("pk"))
    return ReviewTask.objects.filter(~Exists(done), request__closed_at=None, due_on__lt=now.on)


def _open_remarks(*, is_blocking: bool) -> QuerySet:
    return Comment.objects.filter(parent=None, resolved_at=None, is_blocking=is_blocking)


#: The most serious first: what may harm readers, then what was promised and has not happened, then
#: what waits for somebody.
KINDS = (
    Kind(
        code="source_taken_back",
        brief=_("a source was taken back"),
        says=ngettext_lazy(
            "A source of the draft was taken back.",
            "%(count)s links of the draft rest on sources that were taken back.",
            "count",
        ),
        next=_("Take it out, or write down under the claim why it is cited on purpose."),
        rows=lambda now: _citations_of(*Integrity.counts_as_absent()),
        path="claim__article",
        place="admin:articles_impact_list",
    ),
    Kind(
        code="reading_taken_back",
        brief=_("further reading was taken back"),
        says=ngettext_lazy(
            "A work on the reading list was taken back.",
            "%(count)s works on the reading list were taken back.",
            "count",
        ),
        next=_("Take it off the reading list."),
        rows=lambda now: _listed_for_reading(*Integrity.counts_as_absent()),
        path="article",
        place="admin:articles_article_change#reading_entries-group",
    ),
    Kind(
        code="notice_open",
        brief=_("a safety notice is open"),
        says=ngettext_lazy(
            "A safety notice is open on the live page.",
            "%(count)s safety notices are open on the live page.",
            "count",
        ),
        next=_("Mend the text and publish it again, or ask an editor to settle the notice."),
        rows=lambda now: SafetyNotice.objects.filter(resolved_at=None),
        path="article",
        place="admin:articles_safetynotice_changelist?article__id__exact=",
    ),
    Kind(
        code="source_in_doubt",
        brief=_("a source is in doubt"),
        says=ngettext_lazy(
            "Experts have doubts about a source of the draft.",
            "%(count)s links of the draft rest on sources that experts have doubts about.",
            "count",
        ),
        next=_("Link another source, or write down under the claim why it is cited on purpose."),
        rows=lambda now: _citations_of(Integrity.CONCERN),
        path="claim__article",
        place="admin:articles_impact_list",
    ),
    Kind(
        code="emergency",
        brief=_("published in an emergency"),
        says=_("What readers have was published in an emergency, before a colleague checked it."),
        next=_("Ask an editor who did not edit it to approve it, and publish what was approved."),
        rows=_emergencies,
        path="article",
        place="#decide",
    ),
    Kind(
        code="schedule_late",
        brief=_("not published at its time"),
        says=_("The time set for publishing is over, and nothing was published."),
        next=_("Ask an operator to start what publishes (keep_going), or publish it now."),
        rows=_late_schedules,
        path="article",
        place="#publish",
    ),
    Kind(
        code="schedule_refused",
        brief=_("refused at its time"),
        says=_("It was not published at the time set."),
        next=_("See why, then publish it or set another time."),
        rows=_refused_schedules,
        path="article",
        place="#publish",
    ),
    Kind(
        code="schedule_outdated",
        brief=_("changed since its time was set"),
        says=_(
            "The text was edited after a time was set for publishing, so it does not go out then."
        ),
        next=_("Take the time back, and ask for a review of the text as it is now."),
        rows=_outdated_schedules,
        path="article",
        place="#publish",
    ),
    Kind(
        code="address_taken",
        brief=_("its address is taken"),
        says=_("The address of this article belongs to another live page."),
        next=_("Choose another address in the form, then ask for a review."),
        rows=_taken_addresses,
        path="pk",
        place="admin:articles_article_change#id_slug",
    ),
    Kind(
        code="due",
        brief=_("due for another look"),
        says=_("The live page is due for another look."),
        next=_("Look for new studies, then confirm that the page is still right, or mend it."),
        rows=lambda now: Publication.objects.due(on=now.on).order_by(),
        path="article",
        place="#publish",
    ),
    Kind(
        code="remarks_block",
        brief=_("a comment stops publishing"),
        says=ngettext_lazy(
            "%(count)s comment must be settled before publishing.",
            "%(count)s comments must be settled before publishing.",
            "count",
        ),
        next=_("Answer it, and change the text if it is right. Then its author settles it."),
        rows=lambda now: _open_remarks(is_blocking=True),
        path="revision__article",
        place="#remarks",
    ),
    Kind(
        code="words_changed",
        brief=_("words changed under evidence"),
        says=ngettext_lazy(
            "The words of %(count)s claim changed since evidence was linked to it.",
            "The words of %(count)s claims changed since evidence was linked to them.",
            "count",
        ),
        next=_("Read the sources again, and confirm that they fit the new words."),
        rows=lambda now: (
            Claim.objects.exclude(checked_text="")
            .exclude(kind=Claim.Kind.TEXT, position=None)
            .exclude(text=F("checked_text"))
        ),
        path="article",
        place="#todo",
    ),
    Kind(
        code="evidence_to_check",
        brief=_("evidence waits for a check"),
        says=ngettext_lazy(
            "%(count)s link waits for a colleague's check.",
            "%(count)s links wait for a colleague's check.",
            "count",
        ),
        next=_("An editor who did not add it opens the source and checks it."),
        rows=lambda now: Citation.objects.filter(checked_by=None).exclude(_DETACHED),
        path="claim__article",
        place="#evidence",
    ),
    Kind(
        code="translation_behind",
        brief=_("behind its original"),
        says=_("The original was published again since this was translated from it."),
        next=_("Open “Translation”, follow what changed, and say that it is up to date."),
        rows=_translations_behind,
        path="pk",
        place="admin:articles_article_translation",
    ),
    Kind(
        code="review_late",
        brief=_("its review is late"),
        says=ngettext_lazy(
            "A review is late: its day is over.",
            "%(count)s reviews are late: their day is over.",
            "count",
        ),
        next=_("Remind the person who has it, or hand it to another editor in the queue."),
        rows=_late_tasks,
        path="request__article",
        place=QUEUE,
    ),
    Kind(
        code="search_old",
        brief=_("look for new studies"),
        says=_("The evidence was searched long ago, or nobody says when."),
        next=_("Look for new studies, and enter the day in the form or confirm the page."),
        rows=lambda now: old_searches(on=now.on),
        path="article",
        place="admin:articles_article_change#id_evidence_searched_on",
    ),
    Kind(
        code="newer_version",
        brief=_("a source has a newer version"),
        says=ngettext_lazy(
            "There is a newer version of a source of the draft.",
            "%(count)s links of the draft rest on sources that have a newer version.",
            "count",
        ),
        next=_("Compare the two, and move the citations over if it says the same or more."),
        rows=lambda now: _citations_with_newer_version(),
        path="claim__article",
        place="admin:articles_impact_list",
    ),
    Kind(
        code="remarks_open",
        brief=_("comments are open"),
        says=ngettext_lazy("%(count)s comment is open.", "%(count)s comments are open.", "count"),
        next=_("Answer it or settle it."),
        rows=lambda now: _open_remarks(is_blocking=False),
        path="revision__article",
        place="#remarks",
    ),
    Kind(
        code="nobody_keeps_it",
        brief=_("nobody keeps it"),
        says=_("Nobody keeps this article up to date: it has no owner whose account is open."),
        next=_("Choose an owner in the form."),
        rows=lambda now: Article.objects.filter(Q(owner=None) | Q(owner__is_active=False)),
        path="pk",
        place="admin:articles_article_change#id_owner",
    ),
    Kind(
        code="evidence_without_phrase",
        brief=_("evidence without its phrase"),
        says=ngettext_lazy(
            "%(count)s phrase lost its mark, and its evidence is still kept.",
            "%(count)s phrases lost their marks, and their evidence is still kept.",
            "count",
        ),
        next=_("Open the form and mark the phrase again, or take its evidence away."),
        rows=lambda now: Claim.objects.filter(
            Exists(Citation.objects.filter(claim=OuterRef("pk"))),
            kind=Claim.Kind.TEXT,
            position=None,
        ),
        path="article",
        place="admin:articles_article_change#evidence-panel",
    ),
)


# Asking for them -------------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenArticle:
    """An article, and what is open about it, the most serious first."""

    pk: int
    title: str
    points: list[OpenPoint]


def open_articles(
    articles: Iterable[int] = (),
    *,
    at: datetime,
    on: date | None = None,
    everywhere: Container[str] = (),
    owner: User | None = None,
) -> dict[int, OpenArticle]:
    """Return {primary key of an article: what is open about it}, the most serious first.

    `articles` are primary keys. Of the kinds whose codes are in `everywhere`, what is open about
    all other articles is found too, or about those of `owner`. `on` is the day on which something
    is due, if it is another than that of the moment `at`. One query, whatever is asked.
    """
    now, pks = Now(at, on or timezone.localdate(at)), list(articles)
    queries = [
        _counts(gravity, kind, now, pks, kind.code in everywhere, owner)
        for gravity, kind in enumerate(KINDS)
        if pks or kind.code in everywhere
    ]
    if not queries:
        return {}
    found: dict[int, OpenArticle] = {}
    for gravity, pk, title, count in sorted(queries[0].union(*queries[1:], all=True)):
        article = found.setdefault(pk, OpenArticle(pk, title or str(_("untitled article")), []))
        article.points.append(_point(KINDS[gravity], pk, count))
    return found


def open_points_of(article_pk: int, *, at: datetime) -> list[OpenPoint]:
    """Return what is open about one article, the most serious first. One query."""
    found = open_articles([article_pk], at=at).get(article_pk)
    return found.points if found else []


def articles_with(code: str, *, at: datetime) -> Q:
    """Return the condition that something of this kind is open. Of an unknown kind nothing is."""
    now = Now(at, timezone.localdate(at))
    for kind in KINDS:
        if kind.code == code:
            return Q(pk__in=kind.rows(now).order_by().values(kind.path))
    return Q(pk=None)


def old_searches(*, on: date) -> QuerySet[Publication]:
    """Return the live pages whose evidence was searched too long before the day `on`."""
    newest = on - SEARCH_HOLDS
    confirmed = Confirmation.objects.filter(
        publication=OuterRef("pk"), evidence_searched_on__gte=newest
    )
    return Publication.objects.live().filter(
        Q(article__evidence_searched_on=None) | Q(article__evidence_searched_on__lt=newest),
        ~Exists(confirmed),
    )


def _counts(gravity, kind, now, pks, is_everywhere, owner):
    """A query for (gravity, article, its title, how many are open) of one kind."""
    before = "" if kind.path == "pk" else f"{kind.path}__"
    rows = kind.rows(now)
    if not is_everywhere:
        rows = rows.filter(**{f"{kind.path}__in": pks})
    elif owner is not None:
        rows = rows.filter(Q(**{f"{kind.path}__in": pks}) | Q(**{f"{before}owner": owner}))
    rows = rows.order_by().values(
        open_gravity=Value(gravity, output_field=IntegerField()),
        open_article=F(kind.path),
        open_title=F(f"{before}title"),
    )
    return rows.annotate(open_count=Count("pk")).values_list(
        "open_gravity", "open_article", "open_title", "open_count"
    )


def _point(kind, article_pk, count):
    return OpenPoint(
        kind.code,
        str(kind.brief),
        str(kind.says % {"count": count}),
        str(kind.next),
        kind.address(article_pk),
    )
