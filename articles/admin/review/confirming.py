"""The page before an act that readers notice: exactly which text, and what will happen."""

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Publication
from articles.page.imprint import Imprint
from articles.publishing import emergencies, status
from articles.revisions import freezing
from articles.revisions.comparing import compare
from articles.wording import what_was_checked

#: {act: (title, text of the button, whether it is dangerous)}
CONFIRMED_ACTS = {
    "publish": (gettext_lazy("Publish this text?"), gettext_lazy("Publish it now"), False),
    "schedule": (
        gettext_lazy("Publish this text at a set time?"),
        gettext_lazy("Set the time"),
        False,
    ),
    "withdraw": (
        gettext_lazy("Take down the live page?"),
        gettext_lazy("Take down the page"),
        True,
    ),
    "decline": (gettext_lazy("Decline this text?"), gettext_lazy("Decline the text"), True),
}
_EMERGENCY = gettext_lazy(
    "The page says on top that it was published before a colleague checked it. All editors and"
    " administrators are told at once, and a review is asked for within %s days."
)


def confirmation_context(article, act, posted, *, before, after, at):
    """Return the context of the confirmation page.

    `before` is the newest publication now, and `after` the newest one when the act is done.
    """
    title, button, is_dangerous = CONFIRMED_ACTS[act]
    live = before if before and getattr(before, "withdrawal", None) is None else None
    content = freezing.freeze(article)
    digest = posted.get("digest") or freezing.digest_of(freezing.canonical(content))
    if act == "withdraw":
        facts = _facts_about_withdrawing(live, posted)
    elif act == "decline":
        facts = _facts_about_declining(digest, posted)
    else:
        facts = _facts_about_publishing(
            article, content, digest, act, posted, live=live, before=before, after=after, at=at
        )
    return {
        "title": title,
        "article": article,
        "act": act,
        "button": button,
        "is_dangerous": is_dangerous,
        "facts": facts,
        "form": "decide" if act == "decline" else "publish",
        "fields": [
            (name, text)
            for name, texts in posted.lists()
            for text in texts
            if name not in ("csrfmiddlewaretoken", "act", "back")
        ],
    }


def _facts_about_publishing(article, content, digest, act, posted, *, live, before, after, at):
    number = (before.number if before else 0) + 1 if act == "schedule" else after.number
    if before and act == "publish" and after.pk == before.pk:
        yield _("What happens"), _("Nothing: readers have this text already.")
        return
    yield (
        _("Which text"),
        _("“%(title)s”, code %(code)s") % {"title": content["title"], "code": digest[:8]},
    )
    yield _("It becomes"), _("version %s") % number
    if act == "schedule":
        when = parse_datetime(posted.get("publish_at", ""))
        yield _("When"), status.date_and_time(when if when.tzinfo else timezone.make_aware(when))
        yield _("If the text changes before then"), _("It is not published, and the queue says so.")
    else:
        yield _("When"), _("at once")
    address = reverse("articles:article", args=[content["slug"]])
    if live is None:
        yield _("For readers"), _("The page appears at %s. It was not there before.") % address
    else:
        sentence = _(
            "It takes the place of version %(number)s at %(address)s. Parts that differ: %(many)s."
        )
        differences = len(compare(live.revision.content, content).changes)
        yield (
            _("For readers"),
            sentence % {"number": live.number, "address": address, "many": differences},
        )
        yield (
            _("The version before"),
            _("It can still be read under “All versions”, marked as old."),
        )
        if live.slug != content["slug"]:
            yield _("The old address"), _("%s leads on to the new one.") % live.get_absolute_url()
    kinds = dict(Publication.Significance.choices)
    note = after.change_note if act == "publish" else posted.get("note", "").strip()
    yield _("Readers are told"), note or _("nothing about what has changed")
    if act == "publish":
        yield (
            _("Kind of change"),
            kinds[posted.get("significance") or Publication.Significance.CLINICAL],
        )
        imprint = Imprint.of(after)
        if names := [
            f"{one['name']} ({what_was_checked(one['kinds'])})" for one in imprint.checked_by
        ]:
            yield _("Approved by"), "; ".join(names)
        for reading in imprint.read_by_patients:
            yield _("Read by patients"), reading["reached"] or _("An invited reader answered.")
        if after.is_emergency:
            yield _("Emergency"), _EMERGENCY % emergencies.REVIEW_WITHIN.days


def _facts_about_withdrawing(live, posted):
    yield (
        _("Which text"),
        _("“%(title)s”, version %(number)s, code %(code)s")
        % {
            "title": live.revision.content["title"],
            "number": live.number,
            "code": live.revision.digest[:8],
        },
    )
    yield _("When"), _("at once")
    yield (
        _("For readers"),
        _(
            "The page at %s, its handout and its pictures are gone. Who opens it is told that we"
            " took it down, and why. It is no longer found by search, and drops out of all lists."
        )
        % live.get_absolute_url(),
    )
    yield _("They are told"), posted.get("note", "").strip()
    yield (
        _("To put it back"),
        _("The text is reviewed and published again. Approvals given before do not count."),
    )
    yield _("A time that was set"), _("If one was set for this article, it is taken back.")


def _facts_about_declining(digest, posted):
    yield _("Which text"), _("code %s") % digest[:8]
    yield _("For readers"), _("Nothing changes. What they have now, they keep.")
    yield _("For the author"), _("They see that you declined the text, and why:")
    yield _("Why"), posted.get("note", "").strip()
    yield (
        _("After that"),
        _(
            "It cannot be published unless you approve it after all, or it is changed and reviewed"
            " again."
        ),
    )
