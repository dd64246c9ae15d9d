"""What the review page shows, put together from one freeze of the draft.

Phrases and places; decides nothing.
"""

from dataclasses import dataclass, field, replace
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import preflight
from articles.models import (
    Comment,
    Decision,
    Invitation,
    Publication,
    ReviewTask,
    Revision,
    Schedule,
    Stance,
)
from articles.page.marked_changes import MarkedPage
from articles.page.sources import source_entry
from articles.publishing import correcting, publishing, scheduling, status
from articles.review import checklists, comments, contributors, interests, reviewing
from articles.revisions import contents, freezing
from articles.revisions.comparing import compare
from articles.richtext.blocks import named_blocks
from articles.richtext.cleaning import plain_text
from articles.wording import locator
from references.models import Design

#: The sections of the panel, in their order, with the words that lead to them.
SECTIONS = {
    "asked": gettext_lazy("What was asked"),
    "todo": gettext_lazy("What is still to do"),
    "differs": gettext_lazy("What differs"),
    "remarks": gettext_lazy("Remarks"),
    "evidence": gettext_lazy("Evidence to check"),
    "decide": gettext_lazy("Decide"),
    "readers": gettext_lazy("Readers without an account"),
    "publish": gettext_lazy("Publish"),
}


@dataclass(frozen=True)
class RefusedAct:
    """An act that did not happen, or was called off: what was typed for it, and why."""

    form: str = ""  # the key of the form it was typed in
    sentences: list = field(default_factory=list)
    typed: dict = field(default_factory=dict)

    def typed_in(self, form):
        """What was typed in this form, by field; empty for every other form."""
        return self.typed if form == self.form else {}


def form_of(act, posted):
    """The key of the form an act was sent from; its id on the page is "form-" and this."""
    if act in ("check", "dispute"):
        return f"evidence-{posted.get('citation', '')}"
    if act in ("approve", "changes", "decline"):
        return f"decide-{posted.get('kind') or ReviewTask.Kind.CLINICAL}"
    if act in ("settle", "reopen") or (act == "remark" and posted.get("parent")):
        return f"remark-{posted.get('parent') or posted.get('comment')}"
    if act == "sign":
        return f"sign-{posted.get('code', '')}-{posted.get('place', '')}"
    if act == "revoke":
        return f"revoke-{posted.get('invitation', '')}"
    return {"remark": "remark", "schedule": "publish"}.get(act, act)


def context_of(article, user, *, against="", refusal=None):
    """Everything the template needs for an article from scheduling.with_newest.

    `against` is the number of a version to compare with; the live one otherwise.
    Under 30 queries, whatever the size of the article.
    """
    refusal = refusal or RefusedAct()
    all_comments = comments.all_on(article)
    draft = preflight.DraftToCheck.of(article, comments=all_comments)
    content = draft.content
    digest = freezing.digest_of(freezing.canonical(content))
    versions = list(versions_of(article))
    revision = kept_revision(article, versions, digest, content)
    publication = Publication.objects.newest_of(article)
    withdrawal = getattr(publication, "withdrawal", None) if publication else None
    live = publication if withdrawal is None else None
    tasks = reviewing.tasks_of(article)
    schedule = scheduling.newest_of(article)
    against = next((version for version in versions if str(version["number"]) == against), None)
    compared_with = Revision.objects.get(pk=against["pk"]) if against else live and live.revision
    comparison = compare(compared_with.content if compared_with else None, content)
    # A text that is not kept yet has no decisions of its own; what was decided this round counts
    # for its rows.
    standing = reviewing.approval_state(
        revision or _unkept(article, content), live=live, tasks=tasks
    )
    findings = preflight.check_draft(draft)
    places = dict(places_of(content))
    page = MarkedPage(content, comparison, pictures_at="admin:articles_picture_file")
    may_review = user.has_perm("articles.review_article")
    said = {
        "user": user,
        "revision": revision,
        "standing": standing,
        "tasks": tasks,
        "publication": publication,
        "schedule": schedule,
        "findings": findings,
    }
    evidence = citations_to_check(draft, user, all_comments, page.anchors, refusal)
    threads = comments_of(all_comments, content, user, standing.editors, page.anchors, refusal)
    open_request = tasks[0].request if tasks and tasks[0].request.closed_at is None else None
    has_edited = user.pk in standing.editors
    context = {
        "title": _("Review and publishing: %s") % article,
        "article": article,
        "page": page,
        "page_language": article.language,
        "digest": digest,
        "code": digest[:8],
        "comparison": comparison,
        "against": against,
        "base_is_live": bool(compared_with) and not against,
        "versions": versions,
        "progress": status.progress_of(**said),
        "findings": findings_of(findings, draft, user, article, page.anchors, refusal),
        "blocker_count": sum(finding.is_blocker for finding in findings),
        "revision": revision,
        "request": tasks[0].request if tasks else None,
        "is_open": open_request is not None,
        "is_changed_since_asked": (
            open_request and not (revision and open_request.revision_id == revision.pk)
        ),
        "asked_changes": asked_changes(standing, revision, content, versions),
        "standing": standing,
        "decisions": standing.decisions,
        "overrides": [decision for decision in standing.decisions if decision.override_reason],
        "open": (
            [
                (
                    ReviewTask.Kind(kind).label,
                    list(
                        dict.fromkeys(
                            (str(places.get(uid, uid)), page.anchors.get(uid, "")) for uid in rows
                        )
                    ),
                    len(standing.approvals.get(kind, ())),
                )
                for kind, rows in standing.open_rows.items()
            ]
            if revision
            else []
        ),
        "has_edited": has_edited,
        "four_eyes": contributors.EDITED_IT if has_edited else "",
        "may_override": user.has_perm("articles.override_review"),
        "missing": publishing.missing_approvals(standing, by=user) if revision else [],
        "evidence": evidence,
        "checked": sum(link.is_checked for link in evidence),
        "threads": threads,
        "open_threads": sum(thread.is_open for thread in threads),
        "settled_threads": sum(not thread.is_open for thread in threads),
        "remark": refusal.typed_in("remark"),
        "places": [
            (uid, words)
            for uid, words in places.items()
            if not uid.startswith(("text:", "article"))
        ],
        "tasks": [task for task in tasks if task.request.closed_at is None],
        "kinds": [
            (
                kind,
                label,
                (
                    kind in _many(refusal.typed_in("submit"), "kind")
                    if refusal.form == "submit"
                    else kind == ReviewTask.Kind.CLINICAL
                ),
            )
            for kind, label in ReviewTask.Kind.choices
        ],
        # What was typed for a correction that needs a review is what the review is about.
        "submit": refusal.typed_in("submit") or _note_of(refusal.typed_in("correct")),
        "decide": (
            [
                decide_form(kind, refusal, is_open=len(standing.open_rows) == 1)
                for kind in standing.open_rows
            ]
            if revision and may_review
            else []
        ),
        "interests": interests.bearing_on(content, user),
        "live": live,
        "withdrawal": withdrawal,
        "publication": publication,
        "invitations": list(Invitation.objects.filter(revision__article=article)),
        "schedule": schedule if schedule and schedule.outcome == Schedule.Outcome.WAITING else None,
        "refused_schedule": (
            schedule
            if schedule
            and schedule.outcome == Schedule.Outcome.REFUSED
            and not (publication and publication.at > schedule.ended_at)
            else None
        ),
        "is_live_text": bool(live and revision and live.revision_id == revision.pk),
        "is_no_correction": (
            correcting.refusals(live.revision.content, content)
            if live and user.has_perm("articles.publish_article")
            else []
        ),
        "next_number": (publication.number if publication else 0) + 1,
        "typed": {
            form: refusal.typed_in(form)
            for form in ("publish", "correct", "confirm", "withdraw", "invite")
        },
        "refusal": refusal,
        "may_review": may_review,
        "may_publish": user.has_perm("articles.publish_article"),
        "may_edit": user.has_perm("articles.change_article"),
        "notices": [],
    }
    hidden = {
        "evidence": not evidence,
        "readers": not may_review,
        "publish": not context["may_publish"],
    }
    context["sections"] = [
        (name, words) for name, words in SECTIONS.items() if not hidden.get(name)
    ]
    context["counts"] = {
        "todo": context["blocker_count"],
        "remarks": context["open_threads"],
        "evidence": len(evidence) - context["checked"],
    }
    return context


# --- versions ----------------------------------------------------------------------------------
def versions_of(article):
    """The numbers, digests and times of every kept version, without their texts, as a query of
    dicts.
    """
    return Revision.objects.filter(article=article).values("pk", "number", "digest", "created_at")


def kept_revision(article, versions, digest, content):
    """The revision that holds `content`, put together from what is known.

    Its text was frozen just now.
    """
    known = next((version for version in versions if version["digest"] == digest), None)
    if known is None:
        return None
    revision = Revision(pk=known["pk"], article=article, number=known["number"], digest=digest)
    revision.content = content
    return revision


def _unkept(article, content):
    revision = Revision(article=article)
    revision.content = content
    return revision


def places_of(content):
    """(uid, words) of every row as a person picks it; of a block of text too."""
    for name, block in named_blocks(content["body"]):
        yield name, _("text: %s") % plain_text(block)[:60]
    yield "article", _("title, order and the rest of the page")
    titles = {row["uid"]: row["csl"].get("title", "") for row in content["references"]}
    for name, rows in content.items():
        if isinstance(rows, list) and rows and isinstance(rows[0], dict) and "uid" in rows[0]:
            for row in rows:
                words = (
                    row.get("text")
                    or titles.get(row["uid"])
                    or next(
                        (
                            row[key]["name"]
                            for key in ("condition", "contraindication", "side_effect")
                            if key in row
                        ),
                        "",
                    )
                )
                yield (
                    row["uid"],
                    words or row.get("caption") or row.get("aspect") or name.replace("_", " "),
                )


# --- what was asked for ------------------------------------------------------------------------
@dataclass(frozen=True)
class AskedChange:
    """What a reviewer asked for in this round, and what became of it."""

    decision: Decision
    number: int  # of the version it was asked of
    state: str  # a sentence
    is_open: bool


def asked_changes(standing, revision, content, versions):
    """What this round's reviewers asked to be changed, newest first."""
    digests = set(freezing.row_digests(content).items())
    numbers = {version["pk"]: version["number"] for version in versions}
    found = []
    for decision in standing.round:
        if decision.verdict == Decision.Verdict.APPROVE:
            continue
        later = [
            made
            for made in standing.round
            if made.by_id == decision.by_id and made.pk > decision.pk
        ]
        changed = len(set(decision.row_digests.items()) - digests)
        if any(made.verdict == Decision.Verdict.APPROVE for made in later):
            state, is_open = (
                _("Dealt with: %s has approved the text since.") % decision.by_name,
                False,
            )
        elif revision is not None and decision.revision_id == revision.pk:
            state, is_open = _("Not dealt with yet: the text is as it was."), True
        elif changed:
            state = (
                _("The text was changed since. %s has not said yet whether that is enough.")
                % decision.by_name
            )
            is_open = True
        else:
            state, is_open = _("Nothing that stood there then has changed since."), True
        found.append(AskedChange(decision, numbers.get(decision.revision_id, 0), state, is_open))
    return found[::-1]


# --- what is still to do -----------------------------------------------------------------------
@dataclass(frozen=True)
class ToDo:
    """A finding, with where it is seen on the page, where it is mended, and what somebody typed to
    sign for it.
    """

    finding: preflight.CheckMessage
    message: str
    on_page: str  # fragment, or ""
    in_form: str  # address, or ""
    key: str
    typed: dict

    @property
    def needs_checking(self):
        return self.finding.code == "evidence_is_checked_by_a_second_person"

    @property
    def is_remark(self):
        return self.finding.code == "remarks_are_settled"


def findings_of(findings, draft, user, article, anchors, refusal):
    form = reverse("admin:articles_article_change", args=[article.pk])
    fields = {
        row["uid"]: f"{form}#{rows.accessor}-{number}"
        for rows in contents.OWN_ROWS
        for number, row in enumerate(rows.in_content(draft.content))
    }
    for uid, pk in draft.claim_pks.items():
        fields[uid] = reverse("admin:articles_claim_change", args=[pk])
    told = []
    for finding, message in zip(findings, preflight.phrased_for(user, findings), strict=True):
        key = f"sign-{finding.code}-{finding.place}"
        field_of = fields.get(finding.place) or f"{form}#{id_in_form(finding.field)}"
        told.append(
            ToDo(
                finding,
                message,
                anchors.get(finding.place, ""),
                field_of,
                key,
                refusal.typed_in(key),
            )
        )
    return told


def id_in_form(field):
    """The id that Django's admin gives a field of the article, or all rows of one kind."""
    return f"{field}-group" if field.endswith("_rows") else f"id_{field}"


# --- evidence ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class CitationToCheck:
    """One evidence link as whoever checks it needs it."""

    uid: str
    claim: str
    on_page: str
    source: object  # articles.page.sources.Entry
    year: str
    kind: str
    stance: str
    where: str
    quote: str
    quote_language: str
    note: str  # for readers
    note_private: str  # for colleagues
    is_checked: bool
    is_own: bool  # whoever looks added it
    remark: Comment | None  # an open remark on its claim that must be settled first
    key: str
    typed: dict
    next_uid: str = ""  # the link to go on with after this one

    @property
    def places(self):
        """[(words, address)] of where the source can be read, the free text first."""
        found = [
            (_("Free full text"), self.source.free_url),
            (f"doi:{self.source.doi}", self.source.doi_url),
            (f"PubMed {self.source.pmid}", self.source.pubmed_url),
            (_("On the web"), self.source.url),
        ]
        known = list({address: (words, address) for words, address in found if address}.values())
        return known or [
            (
                _("Look for it by its title"),
                f"https://pubmed.ncbi.nlm.nih.gov/?term={quote(self.source.title)}",
            )
        ]


def citations_to_check(draft, user, all_comments, anchors, refusal):
    """Every evidence link of the draft as Evidence, what waits for a check first, else in the order
    of the claims.
    """
    entries = {row["uid"]: source_entry(row) for row in draft.content["references"]}
    blocking = {
        str(comment.row_uid): comment
        for comment in all_comments
        if comment.is_blocking and comment.resolved_at is None and comment.row_uid
    }
    found = []
    for claim in draft.content["claims"]:
        for link in claim["citations"]:
            known = draft.sources.get(link["reference"])
            key = f"evidence-{link['uid']}"
            found.append(
                CitationToCheck(
                    uid=link["uid"],
                    claim=claim["text"],
                    on_page=anchors.get(claim["uid"], ""),
                    source=entries[link["reference"]],
                    year=str(known.year or "") if known else "",
                    kind=(
                        str(Design(link["design"]).label) if link["design"] in Design.values else ""
                    ),
                    stance=Stance(link["stance"]).label,
                    where=locator(link["locator_kind"], link["locator"]),
                    quote=link["quote"],
                    quote_language=link["quote_language"],
                    note=link["note"],
                    note_private=draft.notes.get(link["uid"], ""),
                    is_checked=link["uid"] in draft.checked,
                    is_own=draft.added_by.get(link["uid"]) == user.pk,
                    remark=blocking.get(claim["uid"]),
                    key=key,
                    typed=refusal.typed_in(key),
                )
            )
    waiting = [link for link in found if not link.is_checked and not link.is_own]
    after = {
        link.uid: then.uid for link, then in zip(waiting, [*waiting[1:], *waiting[:1]], strict=True)
    }
    found = [
        replace(link, next_uid=after.get(link.uid, "") if len(waiting) > 1 else "")
        for link in found
    ]
    return sorted(found, key=lambda link: link.is_checked)


# --- remarks -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class CommentOnPage:
    """A remark with its answers."""

    comment: Comment
    answers: list
    stands: bool  # are the words it is about still there?
    on_page: str
    may_not_settle: str
    typed: dict

    @property
    def is_open(self):
        return self.comment.resolved_at is None


def comments_of(all_comments, content, user, editors, anchors, refusal):
    return [
        CommentOnPage(
            comment,
            answers,
            stands,
            anchors.get(str(comment.row_uid or ""), ""),
            comments.may_not_resolve(comment, user, editors),
            refusal.typed_in(f"remark-{comment.pk}"),
        )
        for comment, answers, stands in comments.with_replies(all_comments, content)
    ]


# --- deciding ----------------------------------------------------------------------------------
def decide_form(kind, refusal, *, is_open):
    """A checklist as it is filled in.

    (kind, its name, questions with the answer given, what was typed, open?).
    """
    key = f"decide-{kind}"
    typed = refusal.typed_in(key)
    return {
        "kind": kind,
        "label": ReviewTask.Kind(kind).label,
        "key": key,
        "typed": typed,
        "is_open": is_open or bool(typed),
        "questions": [
            (f"answer-{kind}-{code}", question, typed.get(f"answer-{kind}-{code}", ""))
            for code, question in checklists.QUESTIONS[kind]
        ],
        "answers": checklists.ANSWERS.items(),
    }


def _note_of(typed):
    return {"note": typed["note"]} if typed.get("note") else {}


def _many(typed, name):
    return typed.getlist(name) if hasattr(typed, "getlist") else typed.get(name, [])
