"""Bringing earlier text back into the draft: a whole revision, or one row of it. Nothing here reaches readers.

Rows are matched by uid, so comments, links and translations that hang on them find them again. What comes back is an
edit like any other: whoever brings it back may not approve it, and it is reviewed again even if it was approved once.
"""

import copy
import uuid
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from taggit.models import Tag

from references.models import Reference

from . import audit, editing, freezing
from .models import (
    Alternative,
    Article,
    ArticleCondition,
    ArticleContraindication,
    ArticlePicture,
    ArticleSideEffect,
    AuditEntry,
    Citation,
    Claim,
    ComparisonRow,
    Condition,
    Contraindication,
    HelpAdvice,
    Indication,
    KeyPoint,
    Person,
    Picture,
    Question,
    ReadingListEntry,
    Recommendation,
    RelatedPage,
    SideEffect,
    Step,
)
from .refusals import NotAllowed, Refused
from .revising import lock

_PLAIN = [
    "title", "kicker", "other_names", "summary", "body", "compared_with", "no_known_contraindications", "language",
    "funding", "conflicts", "is_demonstration",
]  # fmt: skip
#: list -> (model, plain fields, {field: what finds the shared thing})
_LISTS = {
    "key_points": (KeyPoint, ["kind", "text"], {}),
    "help": (HelpAdvice, ["kind", "text"], {}),
    "questions": (Question, ["text"], {}),
    "steps": (Step, ["kind", "text"], {}),
    "alternatives": (Alternative, ["text"], {"page": Article}),
    "related": (RelatedPage, [], {"page": Article}),
    "comparison": (ComparisonRow, ["aspect", "here", "there"], {}),
    "indications": (Indication, ["text"], {}),
    "conditions": (ArticleCondition, ["note"], {"condition": Condition}),
    "side_effects": (
        ArticleSideEffect, ["n", "base", "unit", "how_long", "is_serious", "note"], {"side_effect": SideEffect},
    ),
    "contraindications": (ArticleContraindication, ["action", "note"], {"contraindication": Contraindication}),
    "recommendations": (Recommendation, ["kind", "text"], {"expert": Person}),
    "pictures": (ArticlePicture, ["heading", "caption"], {"picture": Picture}),
}  # fmt: skip
_CLAIM = [
    "key", "kind", "text", "population", "outcome", "comparator", "direction", "size", "certainty",
    "certainty_reasons", "certainty_note",
]  # fmt: skip
_LINK = [
    "stance", "population_match", "effect", "source_certainty", "source_scheme", "locator_kind", "locator", "quote",
    "quote_language",
]  # fmt: skip


@transaction.atomic
def restore(revision, *, by, at):
    """Make the draft of the article say what `revision` said. Returns the Article."""
    _need(by)
    article = lock(revision.article)
    _write(article, revision.content, by)
    _tell(article, revision, by, at, _("Brought back the whole text of revision %s.") % revision.number)
    return Article.objects.get(pk=article.pk)


@transaction.atomic
def restore_row(revision, uid, *, by, at):
    """Bring the row `uid` of `revision` back into the draft, with its claim and evidence; the rest stays as it is."""
    _need(by)
    article = lock(revision.article)
    found = [
        (name, row) for name in _LISTS for row in revision.content.get(name, ()) if row["uid"] == str(uid)
    ]  # fmt: skip
    if not found:
        raise Refused(_("That row is not in this version. Choose another version, or bring back the whole text."))
    name, row = found[0]
    content = copy.deepcopy(freezing.freeze(article))
    rows = content.setdefault(name, [])
    places = [number for number, other in enumerate(rows) if other["uid"] == row["uid"]]
    if places:
        rows[places[0]] = row
    else:
        was = [other["uid"] for other in revision.content[name]].index(row["uid"])
        rows.insert(was, row)
    if row.get("claim"):
        claim = next(claim for claim in revision.content["claims"] if claim["key"] == row["claim"])
        content["claims"] = [other for other in content["claims"] if other["uid"] != claim["uid"]] + [claim]
    _write(article, content, by)
    _tell(article, revision, by, at, _("Brought back one row of revision %s.") % revision.number)
    return Article.objects.get(pk=article.pk)


def fill(article, content, *, by):
    """Give the new `article`, which has no rows yet, those of the frozen `content`. Nothing is logged here."""
    _write(article, content, by)


def _need(user):
    if not (user.is_active and user.has_perm("articles.change_article")):
        raise NotAllowed(_("You may not change this article. Ask its owner."))


def _tell(article, revision, by, at, summary):
    editing.record_edit(article, by=by, at=at, summary=summary)
    audit.record(AuditEntry.Act.RESTORED, article, by=by, at=at, digest=revision.digest, summary=summary)


def _write(article, content, by):
    """Make the rows say what `content` says, touching what differs and nothing else."""
    was = freezing.freeze(article)
    for name in _PLAIN:
        setattr(article, name, content[name])
    searched = content["evidence_searched_on"]
    article.evidence_searched_on = date.fromisoformat(searched) if searched else None
    article.written_by = _shared(Person, content["written_by"])
    article.translation_of = (
        Article.objects.filter(uid=content["translation_of"]).first() if content["translation_of"] else None
    )
    # The address is not brought back: another article may have it by now, and old ones lead on by themselves.
    article.save()
    if was["tags"] != content["tags"]:
        article.tags.set([Tag.objects.get_or_create(name=name)[0] for name in content["tags"]])
    claims = _claims(article, content)
    for name in _LISTS:
        if was.get(name, []) != content.get(name, []):
            _rows(article, name, content.get(name, []), claims)
    _links(article, content, claims, by)
    _reading_list(article, content)
    editing.match_claims_to_text(article)


def _claims(article, content):
    """{key: Claim} of the claims in `content`, each made or brought to what it says."""
    by_uid = {str(claim.uid): claim for claim in Claim.objects.filter(article=article)}
    by_key = {claim.key: claim for claim in by_uid.values()}
    found, is_any_new = {}, False
    for frozen in content["claims"]:
        claim = by_uid.get(frozen["uid"]) or by_key.get(frozen["key"]) or Claim(article=article, uid=frozen["uid"])
        before = [getattr(claim, name) for name in _CLAIM]
        for name in _CLAIM:
            setattr(claim, name, frozen[name])
        if claim.pk is None or before != [frozen[name] for name in _CLAIM]:
            # Its evidence was linked to, or confirmed for, these very words: they passed the gate, or the hints say so.
            claim.checked_text = claim.text if frozen["citations"] else ""
            is_any_new |= claim.pk is None
            claim.save()
        found[claim.key] = claim
    if is_any_new:
        # Claims of rows stand in the order they were made; made again, they would come last.
        for position, claim in enumerate(found.values()):
            if claim.kind != Claim.Kind.TEXT:
                claim.position = position
                claim.save(update_fields=["position"])
    return found


def _rows(article, name, rows, claims):
    model, plain, shared = _LISTS[name]
    have = {str(row.uid): row for row in model.objects.filter(article=article)}
    for uid in set(have) - {row["uid"] for row in rows}:
        have.pop(uid).delete()
    for position, frozen in enumerate(rows):
        row = have.get(frozen["uid"]) or model(article=article, uid=uuid.UUID(frozen["uid"]))
        for field in plain:
            if field in frozen:
                setattr(row, field, frozen[field])
        for field, kind in shared.items():
            setattr(row, field, _shared(kind, frozen.get(field)))
        if frozen.get("claim"):
            row.claim = claims[frozen["claim"]]
        row.position = position
        row.save()


def _links(article, content, claims, by):
    have = {str(link.uid): link for link in Citation.objects.filter(claim__article=article)}
    wanted = [
        (claims[claim["key"]], n, link) for claim in content["claims"] for n, link in enumerate(claim["citations"])
    ]
    references = _references({link["reference"] for _claim, _n, link in wanted} | set(content["reading_list"]))
    shown = {claim.pk for claim in claims.values()}
    uids = {link["uid"] for _claim, _n, link in wanted}
    # Links of claims that are not in it stay: a phrase without its marker keeps its evidence until somebody decides.
    gone = [link.pk for uid, link in have.items() if link.claim_id in shown and uid not in uids]
    Citation.objects.filter(pk__in=gone).delete()
    for claim, position, frozen in wanted:
        link = have.get(frozen["uid"])
        is_new = link is None
        link = link or Citation(uid=frozen["uid"], added_by=by)
        before = [getattr(link, name) for name in Citation.CHECKED_FIELDS]
        was = [getattr(link, name) for name in (*_LINK, "position", "note_public", "claim_id")]
        link.claim, link.reference, link.position = claim, references[frozen["reference"]], position
        for name in _LINK:
            setattr(link, name, frozen[name])
        link.note_public = frozen["note"]
        if frozen["design"] != link.design_used:
            link.design = frozen["design"]
        if before != [getattr(link, name) for name in Citation.CHECKED_FIELDS]:
            # Whoever brings it back stands for it; a second person looks at the source again.
            link.added_by, link.checked_by, link.checked_at = by, None, None
        elif not is_new and was == [getattr(link, name) for name in (*_LINK, "position", "note_public", "claim_id")]:
            continue
        link.save()


def _references(uids):
    found = {}
    for reference in Reference.objects.filter(uid__in=uids).select_related("merged_into"):
        uid = str(reference.uid)
        while reference.merged_into_id:
            reference = reference.merged_into
        found[uid] = reference
    if missing := set(uids) - set(found):
        raise Refused(_("%s of its sources are no longer in the library, so it was not brought back.") % len(missing))
    return found


def _reading_list(article, content):
    have = {str(entry.reference.uid): entry for entry in article.reading_entries.select_related("reference")}
    if list(have) == content["reading_list"]:
        return
    for uid in set(have) - set(content["reading_list"]):
        have[uid].delete()
    references = _references(set(content["reading_list"]))
    for position, uid in enumerate(content["reading_list"]):
        ReadingListEntry.objects.update_or_create(
            article=article, reference=references[uid], defaults={"position": position}
        )


def _shared(kind, frozen):
    """The shared thing that was shown, as it is called today; made again where it is gone. None stays None."""
    if frozen is None:
        return None
    found = kind.objects.filter(uid=frozen["uid"]).first()
    if found is None and kind is Article:
        raise Refused(_("A page it leads to is no longer there, so it was not brought back."))
    if found is None and hasattr(kind, "clinical_name"):
        found = kind.objects.filter(name=frozen["name"]).first()
    if found is None and kind is Picture:
        raise Refused(_("A picture it shows is no longer kept, so it was not brought back. Add the picture again."))
    if found is None:
        found = kind(**{name: value for name, value in frozen.items() if hasattr(kind, name)})
        found.save()
    return found
