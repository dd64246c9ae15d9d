"""Preview, review, publishing: the pages about a draft as a whole.

They phrase; the services decide.
"""

import csv
import re

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from articles.drafts import restoring
from articles.models import (
    Article,
    AuditEntry,
    Citation,
    Comment,
    Invitation,
    Publication,
    ReviewTask,
    Revision,
    Schedule,
)
from articles.page.page import Page
from articles.publishing import publishing, scheduling
from articles.refusals import Refused
from articles.review import comments, exceptions, invitations, reviewing
from articles.revisions import freezing
from articles.revisions.comparing import compare

from . import confirming
from .page import ReviewPage
from .refused import RefusedAct, form_of
from .versions import versions_of

_UID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class ReviewPages:
    """Mixin for the article's ModelAdmin: adds the pages and their addresses."""

    def get_urls(self):
        def at(address, view, name):
            return path(address, self.admin_site.admin_view(view), name=f"articles_article_{name}")

        return [
            at("queue/", self.queue, "queue"),
            at("<int:pk>/preview/", self.preview, "preview"),
            at("<int:pk>/review/", self.review, "review"),
            at("<int:pk>/review/confirm/", self.confirm, "review_confirm"),
            at("<int:pk>/compare/", self.compare, "compare"),
            at("<int:pk>/log.csv", self.log, "log"),
            *super().get_urls(),
        ]

    def preview(self, request, pk):
        """The draft as readers would get it, through the same renderer; saves nothing."""
        article = self._get(request, pk)
        content = freezing.freeze(article)
        context = {
            "page": Page(content, pictures_at="admin:articles_picture_file"),
            "notices": [],
            "page_language": article.language,
        }
        return _private(render(request, "articles/draft_preview.html", context))

    def queue(self, request):
        """What waits for a review or a time, the most pressing first; editors hand it out here."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._try(request, self._assign, reverse("admin:articles_article_queue"))
        tasks = ReviewTask.objects.filter(request__closed_at=None).select_related(
            "request__article__owner", "request__requested_by__person", "assigned_to__person"
        )
        context = {
            "title": _("Waiting for a review"),
            "tasks": sorted(
                tasks,
                key=lambda task: (task.due_on is None, task.due_on, task.request.requested_at),
            ),
            "schedules": Schedule.objects.filter(outcome="").select_related("article"),
            "refused": (
                Schedule.objects.filter(outcome="refused")
                .select_related("article")
                .order_by("-ended_at")[:10]
            ),
            "overdue": Publication.objects.due(on=timezone.localdate()).select_related(
                "article__owner", "revision"
            ),
            "reviewers": reviewers(),
            "may_assign": request.user.has_perm("articles.review_article"),
            "today": timezone.localdate(),
        }
        return _private(render(request, "admin/review/queue.html", context))

    def compare(self, request, pk):
        """What differs between any two versions of the article."""
        article = self._get(request, pk)
        if request.method == "POST":
            return self._try(request, self._restore, request.get_full_path(), article)
        versions = list(versions_of(article))
        if not versions:
            messages.warning(
                request, _("No version of this article was kept yet. Ask for a review first.")
            )
            return HttpResponseRedirect(reverse("admin:articles_article_review", args=[article.pk]))
        numbers = {str(version["number"]): version["pk"] for version in versions}
        after = numbers.get(request.GET.get("after", ""), versions[0]["pk"])
        before = numbers.get(
            request.GET.get("before", ""), versions[min(1, len(versions) - 1)]["pk"]
        )
        found = Revision.objects.in_bulk({before, after})
        context = {
            "title": _("What differs: %s") % article,
            "article": article,
            "versions": versions,
            "before": found[before],
            "after": found[after],
            "comparison": compare(found[before].content, found[after].content),
            "may_restore": request.user.has_perm("articles.change_article"),
        }
        return _private(render(request, "admin/review/compare.html", context))

    def log(self, request, pk):
        """Everything the audit log says of the article, oldest first, as a file for a
        spreadsheet.
        """
        article = self._get(request, pk)
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="log-{article.pk}.csv"'
        out = csv.writer(response)
        out.writerow(["at", "who", "act", "digest", "summary"])
        for entry in (
            AuditEntry.objects.filter(subject_uid=article.uid)
            .order_by("pk")
            .iterator(chunk_size=500)
        ):
            row = [entry.at.isoformat(), entry.actor_name, entry.act, entry.digest, entry.summary]
            # A spreadsheet would run what begins like a formula.
            out.writerow(
                [
                    f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
                    for cell in row
                ]
            )
        return _private(response)

    def review(self, request, pk):
        """The page patients would get with its changes marked, and beside it all there is to say
        and do about it.
        """
        article = self._get(request, pk)
        if request.method == "POST":
            return self._act(request, article)
        return self._page(request, article)

    def confirm(self, request, pk):
        """What an act would do, to be read before it is done. Shows a rehearsal: the act is done,
        and undone.

        So whatever would refuse it refuses it here, with what was typed still in its form.
        """
        article = self._get(request, pk)
        posted = request.POST
        if called_off := posted.get("back"):
            return self._page(request, article, RefusedAct(form_of(called_off, posted), [], posted))
        act = posted.get("act")
        if act not in confirming.ACTS:
            return HttpResponseRedirect(reverse("admin:articles_article_review", args=[article.pk]))
        before = Publication.objects.newest_of(article)
        try:
            with transaction.atomic():
                self._acts()[act](request, article, timezone.now())
                number = Publication.objects.newest_of(article)
                transaction.set_rollback(True)
        except Refused as refusal:
            return self._page(
                request, article, RefusedAct(form_of(act, posted), refusal.sentences, posted)
            )
        context = confirming.confirmation_context(
            article, act, posted, before=before, after=number, at=timezone.now()
        )
        return _private(render(request, "admin/review/confirm.html", context))

    def _page(self, request, article, refusal=None):
        """The review page. After a refusal it comes back with what was typed, which no redirect
        could keep.
        """
        against = request.GET.get("against", "")
        context = ReviewPage(article, request.user, against=against, refusal=refusal).context()
        context["outcomes"] = [
            (str(message), message.extra_tags) for message in messages.get_messages(request)
        ]
        return _private(render(request, "admin/review/page.html", context))

    # --- acts ----------------------------------------------------------------------------------
    def _acts(self):
        """Each takes (request, article, at), does one act, and returns (what to tell, the place on
        the page).
        """
        acts = {
            "submit": self._submit,
            "check": self._check,
            "dispute": self._dispute,
            "approve": self._approve,
            "changes": self._ask_for_changes,
            "decline": self._decline,
            "publish": self._publish,
            "withdraw": self._withdraw,
            "remark": self._remark,
            "settle": self._settle,
            "reopen": self._reopen,
            "sign": self._sign,
            "schedule": self._schedule,
            "cancel": self._cancel,
            "correct": self._correct,
            "confirm": self._confirm,
            "invite": self._invite,
            "revoke": self._revoke,
        }
        return acts

    def _act(self, request, article):
        name = request.POST.get("act")
        act = self._acts().get(name)
        if act is None:
            raise PermissionDenied
        try:
            with transaction.atomic():
                told, place = act(request, article, timezone.now())
        except Refused as refusal:
            return self._page(
                request,
                article,
                RefusedAct(form_of(name, request.POST), refusal.sentences, request.POST),
            )
        messages.success(request, told, extra_tags=place)
        address = reverse("admin:articles_article_review", args=[article.pk])
        return HttpResponseRedirect(f"{address}#{place or 'where'}")

    def _try(self, request, act, back, *args):
        try:
            with transaction.atomic():
                messages.success(request, act(request, *args, timezone.now()))
        except Refused as refusal:
            for sentence in refusal.sentences:
                messages.warning(request, sentence)
        return HttpResponseRedirect(back)

    def _submit(self, request, article, at):
        kinds = [kind for kind in request.POST.getlist("kind") if kind in ReviewTask.Kind.values]
        reviewing.submit(
            article, by=request.user, at=at, note=request.POST.get("note", ""), kinds=kinds
        )
        return (
            _("Review asked for. An editor who did not edit the text can approve it now."),
            "asked",
        )

    def _assign(self, request, at):
        task = get_object_or_404(ReviewTask, pk=_number(request.POST.get("task")))
        to = get_user_model().objects.filter(pk=_number(request.POST.get("to"))).first()
        due_on = _parsed(parse_date, request.POST.get("due_on"))
        reviewing.assign(task, to=to, due_on=due_on, by=request.user, at=at)
        return _("Handed out. They see it on their desk.")

    def _check(self, request, article, at):
        reviewing.check_evidence(self._citation(request, article), by=request.user, at=at)
        return _("Noted: you read the source and it says this."), _next_evidence(request)

    def _dispute(self, request, article, at):
        citation = self._citation(request, article)
        reviewing.dispute_evidence(
            citation, by=request.user, at=at, note=request.POST.get("note", "")
        )
        return _(
            "Noted as a remark that must be settled before publishing. The author sees it."
        ), _next_evidence(request)

    def _citation(self, request, article):
        wanted = request.POST.get("citation", "")
        key = {"pk": wanted} if wanted.isdecimal() else {"uid": wanted}
        try:
            return get_object_or_404(Citation, claim__article=article, **key)
        except (ValueError, ValidationError) as problem:
            raise PermissionDenied from problem

    def _decision(self, request, article):
        revision = self._revision(request, article)
        kind = request.POST.get("kind", "")
        task = ReviewTask.objects.filter(
            request__revision=revision, request__closed_at=None, kind=kind
        ).first()
        return revision, {"by": request.user, "note": request.POST.get("note", ""), "task": task}

    def _approve(self, request, article, at):
        revision, said = self._decision(request, article)
        answers = {
            name.removeprefix("answer-"): value
            for name, value in request.POST.items()
            if name.startswith("answer-")
        }
        kind = request.POST.get("kind") or ReviewTask.Kind.CLINICAL
        answers = {
            code.removeprefix(f"{kind}-"): value
            for code, value in answers.items()
            if code.startswith(f"{kind}-")
        }
        reviewing.approve(
            revision,
            at=at,
            override_reason=request.POST.get("override_reason", ""),
            answers=answers,
            **said,
        )
        return self._what_approving_did(request, revision), ""

    def _ask_for_changes(self, request, article, at):
        revision, said = self._decision(request, article)
        reviewing.ask_for_changes(revision, at=at, **said)
        return _("Noted. The author sees what you asked for."), ""

    def _decline(self, request, article, at):
        revision, said = self._decision(request, article)
        reviewing.decline(revision, at=at, **said)
        return _("Noted. The author sees that this will not be published, and why."), ""

    def _publish(self, request, article, at):
        note = request.POST.get("note", "")
        significance = request.POST.get("significance") or Publication.Significance.CLINICAL
        if significance not in (
            Publication.Significance.CLINICAL,
            Publication.Significance.EDITORIAL,
        ):
            raise Refused(_("Say whether what the page says has changed, or only its wording."))
        revision = self._revision(request, article)
        publishing.publish(
            revision, by=request.user, at=at, change_note=note, significance=significance
        )
        return _("Published. Readers see it now."), ""

    def _schedule(self, request, article, at):
        when = _parsed(parse_datetime, request.POST.get("publish_at"))
        if when is not None and timezone.is_naive(when):
            when = timezone.make_aware(when)
        revision = self._revision(request, article)
        scheduling.schedule(
            revision,
            by=request.user,
            at=at,
            publish_at=when,
            change_note=request.POST.get("note", ""),
        )
        return _("It is published at the time you set, if the text has not changed by then."), ""

    def _cancel(self, request, article, at):
        scheduling.cancel(article, by=request.user, at=at)
        return _("Taken back. Nothing is published by itself."), ""

    def _correct(self, request, article, at):
        publishing.correct(
            article,
            by=request.user,
            at=at,
            change_note=request.POST.get("note", ""),
            seen=request.POST.get("digest", ""),
        )
        return _("Corrected. Readers see it now, with what was put right."), ""

    def _confirm(self, request, article, at):
        searched = _parsed(parse_date, request.POST.get("searched_on"))
        publishing.confirm(
            article,
            by=request.user,
            at=at,
            evidence_searched_on=searched,
            note=request.POST.get("note", ""),
        )
        return _("Noted: it is still right. Readers see the date."), ""

    def _withdraw(self, request, article, at):
        publishing.withdraw(article, by=request.user, at=at, reason=request.POST.get("note", ""))
        return _("Taken down. Readers are told why."), ""

    def _remark(self, request, article, at):
        parent = _number(request.POST.get("parent"))
        comment = comments.add_comment(
            self._revision(request, article),
            by=request.user,
            at=at,
            text=request.POST.get("text", ""),
            row_uid=request.POST.get("row", ""),
            quoted=request.POST.get("quoted", ""),
            is_blocking=request.POST.get("is_blocking") == "yes",
            parent=(
                get_object_or_404(Comment, pk=parent, parent=None, revision__article=article)
                if parent
                else None
            ),
        )
        return _("Noted."), f"remark-{comment.parent_id or comment.pk}"

    def _settle(self, request, article, at):
        comment = get_object_or_404(
            Comment, pk=_number(request.POST.get("comment")), revision__article=article
        )
        comments.resolve(comment, by=request.user, at=at)
        return _("Settled. You find it under the settled ones, and can reopen it there."), "remarks"

    def _reopen(self, request, article, at):
        comment = get_object_or_404(
            Comment, pk=_number(request.POST.get("comment")), revision__article=article
        )
        comments.reopen(comment, by=request.user, at=at)
        return _("Open again."), f"remark-{comment.pk}"

    def _sign(self, request, article, at):
        exceptions.sign(
            article,
            code=request.POST.get("code", ""),
            place=request.POST.get("place", ""),
            by=request.user,
            at=at,
            reason=request.POST.get("reason", ""),
        )
        return _("Signed. Reviewers see your reason."), "todo"

    def _invite(self, request, article, at):
        questions = request.POST.get("questions", "").splitlines()
        revision = self._revision(request, article)
        _invitation, secret = invitations.invite(
            revision, by=request.user, at=at, name=request.POST.get("name", ""), questions=questions
        )
        address = request.build_absolute_uri(reverse("articles:invited", args=[secret]))
        return (
            _("Send this link. It is shown only now, and works for 14 days: %s") % address,
            "readers",
        )

    def _revoke(self, request, article, at):
        invitation = get_object_or_404(
            Invitation, pk=_number(request.POST.get("invitation")), revision__article=article
        )
        invitations.revoke(invitation, by=request.user, at=at)
        return _("Taken back. The link does not work any more."), "readers"

    def _restore(self, request, article, at):
        revision = get_object_or_404(
            Revision, article=article, pk=_number(request.POST.get("revision"))
        )
        if uid := request.POST.get("row", ""):
            restoring.restore_row(revision, uid, by=request.user, at=at)
            return _("The row is back in the draft. Ask for a review when you are done.")
        restoring.restore(revision, by=request.user, at=at)
        return _("The text is back in the draft. Ask for a review when you are done.")

    # --- finding -------------------------------------------------------------------------------
    def _revision(self, request, article):
        """The text the person had before them.

        It may be older than the draft, and then the service says so.
        """
        revision = Revision.objects.filter(
            article=article, digest=request.POST.get("digest", "")
        ).first()
        if revision is None:
            raise Refused(_("This text has not been sent for review yet. Ask for a review first."))
        return revision

    @staticmethod
    def _what_approving_did(request, revision):
        """Whether it can go out now: another point of view may not be done."""
        if publishing.missing_approvals(reviewing.approval_state(revision)):
            return _(
                "Approved as it stands. The other reviews that were asked for are not finished yet."
            )
        if request.user.has_perm("articles.publish_article"):
            return _("Approved as it stands. It can be published now.")
        return _("Approved as it stands. Somebody who publishes can do so now.")

    def _get(self, request, pk):
        article = get_object_or_404(scheduling.with_newest(Article.objects.all()), pk=pk)
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        return article


def reviewers():
    """Active accounts that may review, by name. One query."""
    users = get_user_model().objects.filter(is_active=True).select_related("person")
    by_group = users.filter(groups__permissions__codename="review_article")
    by_hand = users.filter(user_permissions__codename="review_article")
    return (by_group | by_hand).order_by("last_name", "username").distinct()


def _next_evidence(request):
    """Where to go on after an evidence link was looked at: the next one, as the page offered it."""
    wanted = request.POST.get("next", "")
    return f"evidence-{wanted}" if _UID.fullmatch(wanted) else "evidence"


def _number(text):
    return int(text) if text and text.isdecimal() else 0


def _parsed(parse, text):
    """What `parse` makes of `text`; None for what is no date."""
    try:
        return parse(text or "")
    except ValueError:
        return None


def _private(response):
    response["Cache-Control"] = "no-store, private"
    return response
