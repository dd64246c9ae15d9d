"""What the review page shows. The draft is frozen once for all of it. Nothing here decides."""

from dataclasses import replace
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import preflight
from articles.checklists import scoring
from articles.models import Invitation, Publication, ReviewTask, Revision, Schedule
from articles.page.marked_changes import MarkedPage
from articles.preflight.readability import readability_of
from articles.publishing import emergencies, publishing, scheduling, status
from articles.review import (
    comments,
    contributors,
    interests,
    override_reasons,
    patient_readers,
    reviewing,
)
from articles.review.invitations import LASTS
from articles.revisions.comparing import compare
from physiohub import policy

from .asked import asked_changes
from .citations import citations_to_check
from .deciding import by_person, decide_form
from .discussion import comments_of
from .refused import RefusedAct, values_of
from .todo import to_do
from .versions import places_of, revision_to_be, saved_revision, versions_of

#: The sections of the panel in their order, with the text of the link to each.
SECTIONS = {
    "asked": gettext_lazy("What was asked"),
    "todo": gettext_lazy("What is still to do"),
    "differs": gettext_lazy("What differs"),
    "remarks": gettext_lazy("Comments"),
    "evidence": gettext_lazy("Evidence to check"),
    "lists": gettext_lazy("Checklists"),
    "decide": gettext_lazy("Decide"),
    "readers": gettext_lazy("Readers without an account"),
    "publish": gettext_lazy("Publish"),
}


class ReviewPage:
    """The review page of an article for one user.

    The article comes from scheduling.with_newest.

    `against` is the number of a version to compare with; without it, the live one is. Under 30
    queries, whatever the size of the article.
    """

    def __init__(self, article, user, *, against="", refusal=None):
        self.article, self.user = article, user
        self.refusal = refusal or RefusedAct()
        self.comments = comments.all_on(article)
        self.draft = preflight.DraftToCheck.of(article, comments=self.comments)
        self.content = self.draft.content
        self.versions = list(versions_of(article, measured=self.draft.digest))
        self.revision = saved_revision(article, self.versions, self.draft.digest, self.content)
        self.publication = Publication.objects.newest_of(article)
        self.withdrawal = getattr(self.publication, "withdrawal", None)
        self.live = self.publication if self.withdrawal is None else None
        self.tasks = reviewing.tasks_of(article)
        self.schedule = scheduling.newest_of(article)
        # A draft that is not kept as a revision has no decisions of its own. The decisions of this
        # round still count for its rows.
        self.state = reviewing.approval_state(
            self.revision or revision_to_be(article, self.content), live=self.live, tasks=self.tasks
        )
        self.messages = preflight.check_draft(self.draft)
        self.against = next((v for v in self.versions if str(v["number"]) == against), None)
        self.may_review = policy.may(user, policy.REVIEW)
        self.may_publish = policy.may(user, policy.PUBLISH)
        self.has_edited = user.pk in self.state.contributor_ids

    @property
    def is_live_text(self):
        """Whether readers have this text."""
        return bool(self.live and self.revision and self.live.revision_id == self.revision.pk)

    @cached_property
    def compared_with(self):
        live = self.live and self.live.revision
        if self.against and not (live and live.pk == self.against["pk"]):
            return Revision.objects.get(pk=self.against["pk"])
        return live

    @cached_property
    def comparison(self):
        return compare(self.compared_with.content if self.compared_with else None, self.content)

    @cached_property
    def page(self):
        return MarkedPage(
            self.content, self.comparison, picture_url_name="admin:articles_picture_file"
        )

    @cached_property
    def open_points(self):
        texts = [self.content]
        if self.live and not (self.revision and self.live.revision_id == self.revision.pk):
            texts.append(self.live.revision.content)
        points = status.all_open_points(self.article, self.messages, texts)
        if self.may_publish:
            return points
        # Others have no section of publishing, so no link leads there.
        return [
            replace(point, address="") if point.address.endswith("#publish") else point
            for point in points
        ]

    @cached_property
    def places(self):
        return dict(places_of(self.content))

    def context(self):
        """Return all that the template needs."""
        context = {
            "title": _("Review and publishing: %s") % self.article,
            "article": self.article,
            "page": self.page,
            "page_language": self.article.language,
            "digest": self.draft.digest,
            "code": self.draft.digest[:8],
            "comparison": self.comparison,
            "against": self.against,
            "base_is_live": bool(self.compared_with) and not self.against,
            "versions": self.versions,
            "revision": self.revision,
            "publication": self.publication,
            "withdrawal": self.withdrawal,
            "live": self.live,
            "refusal": self.refusal,
            "notices": [],
            "may_review": self.may_review,
            "may_publish": self.may_publish,
            "may_edit": policy.may(self.user, policy.WRITE),
            "progress": status.progress_of(
                user=self.user,
                revision=self.revision,
                state=self.state,
                tasks=self.tasks,
                publication=self.publication,
                schedule=self.schedule,
                messages=self.messages,
                points=self.open_points,
            ),
            **self._asked(),
            **self._to_do(),
            **self._comments(),
            **self._evidence(),
            **self._lists(),
            **self._decide(),
            **self._publish(),
        }
        return {**context, **self._sections(context)}

    def _asked(self):
        request = self.tasks[0].request if self.tasks else None
        is_open = request is not None and request.closed_at is None
        has_this_text = self.revision and request and request.revision_id == self.revision.pk
        submitted = self.refusal.typed_in("submit")
        asked_for = values_of(submitted, "kind") if self.refusal.form == "submit" else ["clinical"]
        return {
            "request": request,
            "is_open": is_open,
            "is_changed_since_asked": is_open and not has_this_text,
            "asked_changes": asked_changes(self.state, self.revision, self.content, self.versions),
            "tasks": [task for task in self.tasks if task.request.closed_at is None],
            "kinds": [(kind, label, kind in asked_for) for kind, label in ReviewTask.Kind.choices],
            # If a correction was refused, its note becomes the note of the review request.
            "submit": submitted or _note_of(self.refusal.typed_in("correct")),
        }

    def _to_do(self):
        return {
            "todo_lines": to_do(
                self.messages,
                self.draft,
                self.user,
                self.article,
                self.page.anchors,
                self.refusal,
            ),
            "blocker_count": sum(message.is_blocker for message in self.messages),
            "reading_figure": readability_of(self.draft).figure,
        }

    def _comments(self):
        shown = comments_of(
            self.comments,
            self.content,
            self.user,
            self.state.contributor_ids,
            self.page.anchors,
            self.refusal,
        )
        rows = self.places.items()
        return {
            "comments": shown,
            "open_comments": sum(comment.is_open for comment in shown),
            "resolved_comments": sum(not comment.is_open for comment in shown),
            "typed_comment": self.refusal.typed_in("remark"),
            "places": [
                (uid, words) for uid, words in rows if not uid.startswith(("text:", "article"))
            ],
        }

    def _evidence(self):
        shown = citations_to_check(
            self.draft, self.user, self.comments, self.page.anchors, self.refusal
        )
        return {"evidence": shown, "checked": sum(citation.is_checked for citation in shown)}

    def _lists(self):
        """What checklists said of the stored text, and of which items they said no."""
        own = next((one for one in self.versions if one["digest"] == self.draft.digest), None)
        lists = scoring.by_list(own["results"], own["scores"]) if own and own["scores"] else []
        return {
            "list_scores": [score for score, _items in lists],
            "not_met": [
                (score, missed)
                for score, items in lists
                if (missed := [item for item in items if item["answer"] == scoring.NO])
            ],
            "unanswered": sum(score["unanswered"] for score, _items in lists),
        }

    def _decide(self):
        viewpoints = self.state.open_rows
        invitations = list(Invitation.objects.filter(revision__article=self.article))
        is_saved = self.revision is not None
        return {
            "decisions": by_person(self.state.decisions),
            "answered": (
                patient_readers.who_answered(invitations, self.revision) if is_saved else []
            ),
            "overrides": [
                decision for decision in self.state.decisions if decision.override_reason
            ],
            "open": [self._open_rows(kind) for kind in viewpoints] if is_saved else [],
            "has_edited": self.has_edited,
            "four_eyes": contributors.EDITED_IT if self.has_edited else "",
            "may_override": policy.may(self.user, policy.OVERRIDE),
            "review_within": emergencies.REVIEW_WITHIN.days,
            "fewest_letters": override_reasons.FEWEST_LETTERS,
            "missing": (publishing.missing_approvals(self.state, by=self.user) if is_saved else []),
            "decide": (
                [
                    decide_form(kind, self.refusal, is_open=len(viewpoints) == 1)
                    for kind in viewpoints
                ]
                if is_saved and self.may_review
                else []
            ),
            "interests": interests.relevant_to(self.content, self.user),
            "invitations": invitations,
            "days_invited": LASTS.days,
        }

    def _open_rows(self, kind):
        """Return (point of view, [(words, fragment)] of the rows that no colleague approved,
        number of approvals by colleagues, whether it may pass in an emergency nevertheless).
        """
        rows = self.state.unchecked_rows[kind]
        places = [(str(self.places.get(uid, uid)), self.page.anchors.get(uid, "")) for uid in rows]
        label = ReviewTask.Kind(kind).label
        checks = len(self.state.checks.get(kind, ()))
        passes = bool(self.state.approvals.get(kind)) and not self.state.open_rows[kind]
        return label, list(dict.fromkeys(places)), checks, passes and bool(rows or not checks)

    def _publish(self):
        outcome = self.schedule and self.schedule.outcome
        is_old_news = self.publication and outcome and self.publication.at > self.schedule.ended_at
        may_correct = self.live and self.may_publish
        return {
            "schedule": self.schedule if outcome == Schedule.Outcome.WAITING else None,
            "refused_schedule": (
                self.schedule if outcome == Schedule.Outcome.REFUSED and not is_old_news else None
            ),
            "is_live_text": self.is_live_text,
            "is_done": self.is_live_text and not self.live.is_emergency,
            "reasons_not_to_correct": (
                publishing.reasons_not_to_correct(self.live, self.content) if may_correct else []
            ),
            "next_number": (self.publication.number if self.publication else 0) + 1,
            "typed": {
                form: self.refusal.typed_in(form)
                for form in ("publish", "correct", "confirm", "withdraw", "invite")
            },
        }

    def _sections(self, context):
        hidden = {
            "evidence": not context["evidence"],
            "readers": not self.may_review,
            "publish": not self.may_publish,
        }
        return {
            "sections": [(name, words) for name, words in SECTIONS.items() if not hidden.get(name)],
            "counts": {
                "todo": context["blocker_count"],
                "remarks": context["open_comments"],
                "evidence": len(context["evidence"]) - context["checked"],
            },
        }


def _note_of(typed):
    return {"note": typed["note"]} if typed.get("note") else {}
