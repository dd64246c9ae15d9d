"""Bringing earlier text back into the draft: a whole revision, or one row of it. Nothing here
reaches readers.

Rows are matched by uid, so comments, links and translations that hang on them find them again. What
comes back is an edit like any other: whoever brings it back may not approve it, and it is reviewed
again even if it was approved once. What a translation was made from is part of its text: words of
an older version were compared with that one alone.
"""

import copy
import uuid
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from taggit.models import Tag

from articles import audit, permissions
from articles.models import (
    Article,
    ArticlePicture,
    AuditEntry,
    Citation,
    Claim,
    Condition,
    Contraindication,
    Person,
    Picture,
    ReadingListEntry,
    Revision,
    SideEffect,
)
from articles.models.uniqueness import make_room
from articles.refusals import Refused
from articles.revisions import contents, freezing
from articles.revisions.storing import lock
from references.models import Reference

from . import edits, merged_references

#: What a row points to and shares with other articles.
_SHARED = (Condition, SideEffect, Contraindication, Person, Picture, Article)
#: What a citation says. Its design is kept only where the reference says another.
_LINK = [value for value in contents.CITATION if value.name != "design"]
#: Comes back as more than a column.
_APART = {"tags", "translation_of", "translated_from"}


@transaction.atomic
def restore(revision, *, by, at):
    """Make the draft of the article say what `revision` said. Returns the Article."""
    _need(by)
    article = lock(revision.article)
    _write(article, revision.content, by)
    _tell(
        article,
        revision,
        by,
        at,
        _("Brought back the whole text of revision %s.") % revision.number,
    )
    return Article.objects.get(pk=article.pk)


@transaction.atomic
def restore_row(revision, uid, *, by, at):
    """Bring the row `uid` of `revision` back into the draft, with its claim and evidence.

    The rest stays as it is.
    """
    _need(by)
    article = lock(revision.article)
    found = [
        (rows.name, row)
        for rows in contents.OWN_ROWS
        for row in rows.in_content(revision.content)
        if row["uid"] == str(uid)
    ]
    if not found:
        raise Refused(
            _(
                "That row is not in this version. Choose another version, or bring back the whole"
                " text."
            )
        )
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
        content["claims"] = [
            other for other in content["claims"] if other["uid"] != claim["uid"]
        ] + [claim]
    if not _is_as_new(revision.content, content):
        # The row was compared with the older version of the original, so no more can be said of the
        # whole.
        content["translated_from"] = revision.content.get("translated_from")
    _write(article, content, by)
    _tell(article, revision, by, at, _("Brought back one row of revision %s.") % revision.number)
    return Article.objects.get(pk=article.pk)


def fill(article, content, *, by):
    """Give the new `article`, which has no rows yet, those of the frozen `content`.

    Nothing is logged here.
    """
    _write(article, content, by)


def _is_as_new(older, content):
    """Whether the row of `older` was compared with a version of the original no older than all of
    `content` was.
    """
    pins = [frozen.get("translated_from") for frozen in (older, content)]
    if pins[1] is None:
        return True  # nothing is claimed, so nothing has to be taken back
    is_of_it = pins[0] is not None and older["translation_of"] == content["translation_of"]
    return is_of_it and pins[0]["number"] >= pins[1]["number"]


def _need(user):
    permissions.require(
        user,
        "articles.change_article",
        otherwise=_("You may not change this article. Ask its owner."),
    )


def _tell(article, revision, by, at, summary):
    edits.record_edit(article, by=by, at=at, summary=summary)
    audit.record(
        AuditEntry.Act.RESTORED, article, by=by, at=at, digest=revision.digest, summary=summary
    )


def _write(article, content, by):
    """Make the rows say what `content` says, touching what differs and nothing else."""
    was = freezing.freeze(article)
    for value in contents.VALUES:
        if value.is_restored and value.name not in _APART:
            _bring_back(article, value, content)
    article.translation_of = (
        Article.objects.filter(uid=content["translation_of"]).first()
        if content["translation_of"]
        else None
    )
    article.translated_from, article.translated_on = _pin(article.translation_of, content)
    # The address is not brought back: another article may have it by now, and old ones lead on by
    # themselves.
    article.save()
    if was["tags"] != content["tags"]:
        article.tags.set([Tag.objects.get_or_create(name=name)[0] for name in content["tags"]])
    claims = _claims(article, content)
    for rows in contents.OWN_ROWS:
        if rows.in_content(was) != rows.in_content(content):
            _rows(article, rows, rows.in_content(content), claims)
    _links(article, content, claims, by)
    _reading_list(article, content)
    edits.match_claims_to_text(article)


def _pin(original, content):
    """(the revision of `original` that `content` was made from, the day).

    (None, None) where nobody can say.
    """
    made_from = content.get("translated_from")
    if not (original and made_from):
        return None, None
    revision = Revision.objects.filter(article=original, digest=made_from["digest"]).first()
    return (revision, date.fromisoformat(made_from["on"])) if revision else (None, None)


def _claims(article, content):
    """{key: Claim} of the claims in `content`, each made or brought to what it says."""
    by_uid = {str(claim.uid): claim for claim in Claim.objects.filter(article=article)}
    by_key = {claim.key: claim for claim in by_uid.values()}
    found, is_any_new = {}, False
    for frozen in content["claims"]:
        claim = by_uid.get(frozen["uid"]) or by_key.get(frozen["key"])
        claim = claim or Claim(article=article, uid=_free_uid(Claim, frozen["uid"]))
        before = _columns(claim, contents.CLAIM, "key")
        claim.key = frozen["key"]
        for value in contents.CLAIM:
            _bring_back(claim, value, frozen)
        if claim.pk is None or before != _columns(claim, contents.CLAIM, "key"):
            # Its evidence was linked to, or confirmed for, these very words: they passed the gate,
            # or the hints say so.
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


def _rows(article, kind, rows, claims):
    have = {str(row.uid): row for row in kind.model.objects.filter(article=article)}
    for uid in set(have) - {row["uid"] for row in rows}:
        have.pop(uid).delete()
    found = []
    for position, frozen in enumerate(rows):
        row = have.get(frozen["uid"]) or kind.model(
            article=article, uid=_free_uid(kind.model, frozen["uid"])
        )
        for value in kind.values:
            _bring_back(row, value, frozen)
        if kind.model is ArticlePicture and row.caption == row.picture.caption:
            row.caption = ""  # the picture's own, which follows the picture
        if frozen.get("claim"):
            row.claim = claims[frozen["claim"]]
        row.position = position
        found.append(row)
    make_room(found)
    for row in found:
        row.save()


def _columns(row, values, *more):
    return [getattr(row, name) for name in (*(value.field for value in values), *more)]


def _bring_back(row, value, frozen):
    """Give a model's row the contents.Value `value` it has in `frozen`.

    A value that versions of that time did not have is what it is in a new row.
    """
    field = row._meta.get_field(value.field)
    held = frozen.get(value.name, field.get_default())
    if field.related_model in _SHARED:
        setattr(row, field.name, _shared(field.related_model, held))
    else:
        setattr(row, field.name, field.to_python(held))


def _links(article, content, claims, by):
    have = {str(link.uid): link for link in Citation.objects.filter(claim__article=article)}
    wanted = [
        (claims[claim["key"]], n, link)
        for claim in content["claims"]
        for n, link in enumerate(claim["citations"])
    ]
    references = _references(
        {link["reference"] for _claim, _n, link in wanted} | set(content["reading_list"])
    )
    shown = {claim.pk for claim in claims.values()}
    uids = {link["uid"] for _claim, _n, link in wanted}
    # Links of claims that are not in it stay: a phrase without its marker keeps its evidence until
    # somebody decides.
    gone = [link.pk for uid, link in have.items() if link.claim_id in shown and uid not in uids]
    Citation.objects.filter(pk__in=gone).delete()
    changed, says = [], {}
    for claim, position, frozen in wanted:
        link = have.get(frozen["uid"])
        is_new = link is None
        link = link or Citation(uid=_free_uid(Citation, frozen["uid"]), added_by=by)
        before = [getattr(link, name) for name in Citation.CHECKED_FIELDS]
        was = _columns(link, _LINK, "position", "claim_id")
        link.claim, link.reference, link.position = claim, references[frozen["reference"]], position
        for value in _LINK:
            _bring_back(link, value, frozen)
        if frozen["design"] != link.design_used:
            link.design = frozen["design"]
        same = says.setdefault((claim.pk, link.reference_id, link.stance), link)
        if same is not link:
            # Two sources that are one today: what each of the links says is kept, as merging does.
            merged_references.fold_citations(same, link)
            if not is_new:
                link.delete()
            if same not in changed:
                changed.append(same)
            continue
        if before != [getattr(link, name) for name in Citation.CHECKED_FIELDS]:
            # Whoever brings it back stands for it; a second person looks at the source again.
            link.added_by, link.checked_by, link.checked_at = by, None, None
        elif not is_new and was == _columns(link, _LINK, "position", "claim_id"):
            continue
        changed.append(link)
    make_room(changed)
    for link in changed:
        link.save()


def _free_uid(model, uid):
    """`uid` as a UUID for a new row; another one where a row of another article has it by now."""
    return uuid.uuid4() if model._base_manager.filter(uid=uid).exists() else uuid.UUID(uid)


def _references(uids):
    found = {}
    for reference in Reference.objects.filter(uid__in=uids).select_related("merged_into"):
        uid = str(reference.uid)
        while reference.merged_into_id:
            reference = reference.merged_into
        found[uid] = reference
    if missing := set(uids) - set(found):
        raise Refused(
            _("%s of its sources are no longer in the library, so it was not brought back.")
            % len(missing)
        )
    return found


def _reading_list(article, content):
    have = {
        str(entry.reference.uid): entry
        for entry in article.reading_entries.select_related("reference")
    }
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
    """The shared thing that was shown, as it is called today; made again where it is gone.

    None stays None.
    """
    if frozen is None:
        return None
    found = kind.objects.filter(uid=frozen["uid"]).first()
    if found is None and kind is Article:
        raise Refused(_("A page it leads to is no longer there, so it was not brought back."))
    if found is None and hasattr(kind, "clinical_name"):
        found = kind.objects.filter(name=frozen["name"]).first()
    if found is None and kind is Picture:
        raise Refused(
            _(
                "A picture it shows is no longer kept, so it was not brought back. Add the picture"
                " again."
            )
        )
    if found is None:
        found = kind(**{name: value for name, value in frozen.items() if hasattr(kind, name)})
        found.save()
    return found
