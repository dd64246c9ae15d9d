"""Bringing earlier text back into the draft: a whole revision, or one row of it.

Nothing here reaches readers. Rows are matched by uid, so comments, citations and translations that
belong to them find them again. What comes back is an edit like any other: the person who brings it
back may not approve it, and it is reviewed again even if it was approved once. With a translation
comes back which version of the original it was made from, because its words were compared with
that version only.
"""

import copy
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model
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
from articles.models.uniqueness import delete_rows_in_the_way
from articles.refusals import Refused
from articles.revisions import contents, freezing
from articles.revisions.frozen_content import AnyContent, AnyRow, FrozenCitation
from articles.revisions.storing import lock
from physiohub import policy
from references.models import Reference

from . import edits, merged_references

#: What a row points to and shares with other articles.
_SHARED = (Condition, SideEffect, Contraindication, Person, Picture, Article)
#: Values of a citation that come back. Its design is stored only where the reference has another.
_CITATION_VALUES = [value for value in contents.CITATION if value.name != "design"]
#: Come back as more than a column.
_RESTORED_SEPARATELY = {"tags", "translation_of", "translated_from"}


@transaction.atomic
def restore(revision: Revision, *, by: User, at: datetime) -> Article:
    """Make the draft of the article say what `revision` said."""
    _require_permission(by)
    article = lock(revision.article)
    _write(article, revision.content, by)
    summary = _("Brought back the whole text of revision %s.") % revision.number
    _record(article, revision, by, at, summary)
    return Article.objects.get(pk=article.pk)


@transaction.atomic
def restore_row(revision: Revision, uid: str | uuid.UUID, *, by: User, at: datetime) -> Article:
    """Bring the row `uid` of `revision` back into the draft, with its claim and evidence.

    The rest stays as it is.
    """
    _require_permission(by)
    article = lock(revision.article)
    name, row = _row_of(revision, str(uid))
    content = cast(dict[str, Any], copy.deepcopy(freezing.freeze(article)))
    rows = content.setdefault(name, [])
    places = [number for number, other in enumerate(rows) if other["uid"] == row["uid"]]
    if places:
        rows[places[0]] = row
    else:
        place = [other["uid"] for other in revision.content[name]].index(row["uid"])
        rows.insert(place, row)
    if row.get("claim"):
        claim = next(claim for claim in revision.content["claims"] if claim["key"] == row["claim"])
        others = [other for other in content["claims"] if other["uid"] != claim["uid"]]
        content["claims"] = [*others, claim]
    if not _is_as_new(revision.content, content):
        # The row was compared with an older version of the original only. So the whole translation
        # counts as made from that version.
        content["translated_from"] = revision.content.get("translated_from")
    _write(article, content, by)
    summary = _("Brought back one row of revision %s.") % revision.number
    _record(article, revision, by, at, summary)
    return Article.objects.get(pk=article.pk)


def _row_of(revision: Revision, uid: str) -> tuple[str, AnyRow]:
    """Return (list, row) of the row `uid` of `revision`. Raises Refused."""
    for rows in contents.OWN_ROWS:
        for row in rows.in_content(revision.content):
            if row["uid"] == uid:
                return rows.name, row
    raise Refused(
        _("That row is not in this version. Choose another version, or bring back the whole text.")
    )


def fill(article: Article, content: AnyContent, *, by: User) -> None:
    """Give the new `article`, which has no rows yet, those of the frozen `content`.

    Does not record an edit.
    """
    _write(article, content, by)


def _is_as_new(older: AnyContent, content: AnyContent) -> bool:
    """Return whether `older` comes from a version of the original as new as that of `content`."""
    older_pin, pin = older.get("translated_from"), content.get("translated_from")
    if pin is None:
        return True  # the draft names no version, so there is nothing to set back
    if older_pin is None or older["translation_of"] != content["translation_of"]:
        return False
    return older_pin["number"] >= pin["number"]


def _require_permission(user: User) -> None:
    permissions.require(
        user,
        policy.WRITE,
        otherwise=_("You may not change this article. Ask its owner."),
    )


def _record(article: Article, revision: Revision, by: User, at: datetime, summary: str) -> None:
    edits.record_edit(article, by=by, at=at, summary=summary)
    audit.record(
        AuditEntry.Act.RESTORED, article, by=by, at=at, digest=revision.digest, summary=summary
    )


def _write(article: Article, content: AnyContent, by: User) -> None:
    """Make the rows say what `content` says, changing nothing that says it already."""
    was = freezing.freeze(article)
    words_before = {
        claim.pk: (claim.text, claim.checked_text)
        for claim in Claim.objects.filter(article=article)
    }
    for value in contents.VALUES:
        if value.is_restored and value.name not in _RESTORED_SEPARATELY:
            _bring_back(article, value, content)
    article.translation_of = (
        Article.objects.filter(uid=content["translation_of"]).first()
        if content["translation_of"]
        else None
    )
    article.translated_from, article.translated_on = _restore_translation_source(
        article.translation_of, content
    )
    # The address does not come back: another article may have it by now, and old addresses redirect
    # anyway.
    article.save()
    if was["tags"] != content["tags"]:
        article.tags.set([Tag.objects.get_or_create(name=name)[0] for name in content["tags"]])
    claims = _restore_claims(article, content)
    for rows in contents.OWN_ROWS:
        if rows.in_content(was) != rows.in_content(content):
            _restore_rows(article, rows, rows.in_content(content), claims)
    _Citations(article, by).bring_back(content, claims)
    _restore_reading_list(article, content)
    edits.match_claims_to_text(article)
    _follow_words(article, words_before, claims)


def _follow_words(
    article: Article, before: Mapping[int, tuple[str, str]], restored: Mapping[str, Claim]
) -> None:
    """Take back checks of evidence that were made for other words than those brought back.

    A claim that says today what it said before keeps what people confirmed: its shared term was
    renamed since the version was kept, and terms are called what they are called today.
    """
    frozen_words = {claim.pk: claim.checked_text for claim in restored.values()}
    other_words, confirmed = [], []
    for claim in Claim.objects.filter(article=article, pk__in=before):
        text, checked_text = before[claim.pk]
        if claim.text != text:
            other_words.append(claim.pk)
        elif frozen_words.get(claim.pk, text) != text and checked_text:
            claim.checked_text = checked_text
            confirmed.append(claim)
    Citation.objects.filter(claim__in=other_words, checked_by__isnull=False).clear_checks()
    Claim.objects.bulk_update(confirmed, ["checked_text"])


def _restore_translation_source(
    original: Article | None, content: AnyContent
) -> tuple[Revision, date] | tuple[None, None]:
    """Return (the revision of `original` that `content` was made from, the day).

    (None, None) where it is not known.
    """
    pin = content.get("translated_from")
    if not (original and pin):
        return None, None
    revision = Revision.objects.filter(article=original, digest=pin["digest"]).first()
    return (revision, date.fromisoformat(pin["on"])) if revision else (None, None)


def _restore_claims(article: Article, content: AnyContent) -> dict[str, Claim]:
    """Return {key: claim} of the claims in `content`, each made or changed to say the same."""
    by_uid = {str(claim.uid): claim for claim in Claim.objects.filter(article=article)}
    by_key = {claim.key: claim for claim in by_uid.values()}
    found: dict[str, Claim] = {}
    is_any_new = False
    for frozen in content["claims"]:
        claim = by_uid.get(frozen["uid"]) or by_key.get(frozen["key"])
        claim = claim or Claim(article=article, uid=_free_uid(Claim, frozen["uid"]))
        before = _columns(claim, contents.CLAIM, "key")
        claim.key = frozen["key"]
        for value in contents.CLAIM:
            _bring_back(claim, value, frozen)
        if claim.pk is None or before != _columns(claim, contents.CLAIM, "key"):
            # Its evidence was linked to, or confirmed for, exactly these words. If it was not, the
            # preflight says so.
            claim.checked_text = claim.text if frozen["citations"] else ""
            is_any_new |= claim.pk is None
            claim.save()
        found[claim.key] = claim
    if is_any_new:
        # Claims of rows are in the order they were made; made again, they would come last.
        for position, claim in enumerate(found.values()):
            if claim.kind != Claim.Kind.TEXT:
                claim.position = position
                claim.save(update_fields=["position"])
    return found


def _restore_rows(
    article: Article, kind: contents.Rows, rows: Sequence[AnyRow], claims: Mapping[str, Claim]
) -> None:
    model: Any = kind.model
    # By the article's own manager: a row says its term in the language of `article`.
    existing = {str(row.uid): row for row in getattr(article, kind.accessor).all()}
    for uid in set(existing) - {row["uid"] for row in rows}:
        existing.pop(uid).delete()
    found = []
    for position, frozen in enumerate(rows):
        row = existing.get(frozen["uid"]) or model(
            article=article, uid=_free_uid(model, frozen["uid"])
        )
        for value in kind.values:
            _bring_back(row, value, frozen)
        if model is ArticlePicture and row.caption == row.picture.caption:
            row.caption = ""  # the picture's own, which follows the picture
        if frozen.get("claim"):
            row.claim = claims[frozen["claim"]]
        row.position = position
        found.append(row)
    delete_rows_in_the_way(found)
    for row in found:
        row.save()


def _columns(row: Model, values: Iterable[contents.Value], *more: str) -> list[Any]:
    return [getattr(row, name) for name in (*(value.field for value in values), *more)]


def _bring_back(row: Model, value: contents.Value, frozen: AnyRow) -> None:
    """Give a model's row the value it has in `frozen`.

    A value that versions of that time did not have is set to the default of a new row.
    """
    field: Any = row._meta.get_field(value.field)
    held = frozen.get(value.name, field.get_default())
    if field.related_model in _SHARED:
        article: Any = getattr(row, "article", row)
        setattr(row, field.name, _shared(field.related_model, held, article.language))
    else:
        setattr(row, field.name, field.to_python(held))


@dataclass
class _Citations:
    """The citations of an article while they are brought back."""

    article: Article
    by: User
    changed: list[Citation] = field(default_factory=list)
    # By claim, reference and stance: each is cited once.
    cited: dict[tuple[int, int, str], Citation] = field(default_factory=dict)

    def bring_back(self, content: AnyContent, claims: Mapping[str, Claim]) -> None:
        existing = {
            str(citation.uid): citation
            for citation in Citation.objects.filter(claim__article=self.article)
        }
        self._delete_others(existing, content, claims)
        frozen_citations = [frozen for claim in content["claims"] for frozen in claim["citations"]]
        references = _references(
            {frozen["reference"] for frozen in frozen_citations} | set(content["reading_list"])
        )
        for claim in content["claims"]:
            for position, frozen in enumerate(claim["citations"]):
                place = {
                    "claim": claims[claim["key"]],
                    "reference": references[frozen["reference"]],
                    "position": position,
                }
                self._bring_back_one(existing.get(frozen["uid"]), frozen, place)
        delete_rows_in_the_way(self.changed)
        for citation in self.changed:
            citation.save()

    def _delete_others(
        self,
        existing: Mapping[str, Citation],
        content: AnyContent,
        claims: Mapping[str, Claim],
    ) -> None:
        """Delete citations that the content does not have.

        Those of other claims stay: a phrase without its marker keeps its evidence until somebody
        decides.
        """
        shown = {claim.pk for claim in claims.values()}
        uids = {frozen["uid"] for claim in content["claims"] for frozen in claim["citations"]}
        gone = [
            citation.pk
            for uid, citation in existing.items()
            if citation.claim_id in shown and uid not in uids
        ]
        Citation.objects.filter(pk__in=gone).delete()

    def _bring_back_one(
        self, existing: Citation | None, frozen: FrozenCitation, place: Mapping[str, Any]
    ) -> None:
        citation = existing or Citation(uid=_free_uid(Citation, frozen["uid"]), added_by=self.by)
        checked, was = citation.checked_values(), _all_of(citation)
        for name, value in place.items():
            setattr(citation, name, value)
        for value in _CITATION_VALUES:
            _bring_back(citation, value, frozen)
        if frozen["design"] != citation.design_used:
            citation.design = frozen["design"]
        key = citation.claim_id, citation.reference_id, citation.stance
        same = self.cited.setdefault(key, citation)
        if same is not citation:
            self._fold(same, citation)
        elif checked != citation.checked_values():
            # The person who brings it back answers for it; a second person checks the source again.
            citation.added_by = self.by
            citation.clear_check()
            self.changed.append(citation)
        elif existing is None or was != _all_of(citation):
            self.changed.append(citation)

    def _fold(self, kept: Citation, lost: Citation) -> None:
        """Fold two citations into one, as merging does: their sources are one today."""
        merged_references.fold_citations(kept, lost)
        if lost.pk is not None:
            lost.delete()
        if kept not in self.changed:
            self.changed.append(kept)


def _all_of(citation: Citation) -> list[Any]:
    return _columns(citation, _CITATION_VALUES, "position", "claim_id")


def _free_uid(model: type[Model], uid: str) -> uuid.UUID:
    """Return `uid` for a new row; another one where a row of another article has it by now."""
    return uuid.uuid4() if model._base_manager.filter(uid=uid).exists() else uuid.UUID(uid)


def _references(uids: set[str]) -> dict[str, Reference]:
    found = {}
    for reference in Reference.objects.filter(uid__in=uids).select_related("merged_into"):
        found[str(reference.uid)] = reference.survivor
    if missing := set(uids) - set(found):
        raise Refused(
            _("%s of its sources are no longer in the library, so it was not brought back.")
            % len(missing)
        )
    return found


def _restore_reading_list(article: Article, content: AnyContent) -> None:
    existing = {
        str(entry.reference.uid): entry
        for entry in article.reading_entries.select_related("reference")
    }
    if list(existing) == content["reading_list"]:
        return
    for uid in set(existing) - set(content["reading_list"]):
        existing[uid].delete()
    references = _references(set(content["reading_list"]))
    for position, uid in enumerate(content["reading_list"]):
        ReadingListEntry.objects.update_or_create(
            article=article, reference=references[uid], defaults={"position": position}
        )


def _shared(kind: Any, frozen: AnyRow | None, language: str) -> Any:
    """Return the shared thing, as it is called today; made again where it is gone.

    It was frozen in words of `language`. None stays None.
    """
    if frozen is None:
        return None
    found = kind.objects.filter(uid=frozen["uid"]).first()
    if found is None and kind is Article:
        raise Refused(_("A page it leads to is no longer there, so it was not brought back."))
    if found is None and hasattr(kind, "clinical_name"):
        found = (
            kind.objects.called(frozen["name"], language).first()
            or kind.objects.filter(name=frozen["name"]).first()
        )
    if found is None and kind is Picture:
        raise Refused(
            _(
                "A picture it shows is no longer kept, so it was not brought back. Add the picture"
                " again."
            )
        )
    if found is None:
        fields = {name: value for name, value in frozen.items() if hasattr(kind, name)}
        if hasattr(kind, "language"):
            fields["language"] = language
        found = kind(**fields)
        found.save()
    return found
