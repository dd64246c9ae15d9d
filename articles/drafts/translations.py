"""Translations: which version of the original one was made from, and what has changed there since.

A translation is an article of its own, reviewed and published like any other. It is pinned to a
revision of its original. When the original changes, both revisions of the original are compared,
claim by claim.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from articles.models import Article, AuditEntry, Publication, PublishedTranslation, Revision
from articles.refusals import Refused
from articles.revisions import contents
from articles.revisions.frozen_content import AnyContent, AnyRow, FrozenContent
from articles.richtext.cleaning import plain_text

from . import edits


@dataclass(frozen=True)
class OriginalChange:
    """A claim or a row of the original that differs now; the `uid` says which."""

    uid: str  # "" for the text around the claims
    before: str  # the words; "" where it is new
    after: str  # "" where it is gone
    is_clinical: bool  # readers of the translation should know
    # Sentences on what else changed: the certainty, the count, the sources.
    differences: list[str] = field(default_factory=list, compare=False)


def changes_of_original(before: AnyContent, after: AnyContent) -> list[OriginalChange]:
    """Return what differs between two frozen contents of one article, claims first. Pure."""
    return [
        *_claims(before, after),
        *_words(before, after),
        *_about(before, after),
        *_text(before, after),
    ]


def _claims(before: AnyContent, after: AnyContent) -> Iterator[OriginalChange]:
    old, new = _by_uid(before["claims"]), _by_uid(after["claims"])
    rows_before, rows_after = _rows_by_claim(before), _rows_by_claim(after)
    for uid in {**new, **old}:
        was, now = old.get(uid), new.get(uid)
        if was is None or now is None:
            yield OriginalChange(uid, was["text"] if was else "", now["text"] if now else "", True)
            continue
        has_another_row = rows_before.get(was["key"]) != rows_after.get(now["key"])
        is_clinical = has_another_row or any(
            was[value.name] != now[value.name] for value in _for_translators(contents.CLAIM)
        )
        differences = list(_changes_beside_words(was, now, has_another_row=has_another_row))
        if is_clinical or differences:
            yield OriginalChange(uid, was["text"], now["text"], is_clinical, differences)


def _changes_beside_words(was: AnyRow, now: AnyRow, *, has_another_row: bool) -> Iterator[str]:
    """Yield sentences on what of a claim changed beside its words."""
    if was["certainty"] != now["certainty"]:
        yield _("How sure we are has changed.")
    if has_another_row and was["text"] == now["text"]:
        yield _("Its details have changed.")
    if _sources(was) != _sources(now):
        yield _("Its sources have changed.")


def _words(before: AnyContent, after: AnyContent) -> Iterator[OriginalChange]:
    """Yield rows that are no claims."""
    for rows in contents.OWN_ROWS:
        if rows.is_claim or not rows.is_for_translators:
            continue
        old, new = _by_uid(rows.in_content(before)), _by_uid(rows.in_content(after))
        for uid in {**new, **old}:
            was, now = old.get(uid), new.get(uid)
            if _followed(rows, was) == _followed(rows, now):
                continue
            # When to call for help must not be out of date; a question to ask may be.
            yield OriginalChange(
                uid=uid,
                before=_text_of(rows, was),
                after=_text_of(rows, now),
                is_clinical=rows.is_clinical,
                differences=_other_differences(rows, was, now),
            )


def _followed(rows: contents.Rows, row: AnyRow | None) -> dict[str, Any] | None:
    """Return the values of a row that a translation has to follow, by key.

    None where there is no row.
    """
    if row is None:
        return None
    values = {value.name: row.get(value.name) for value in _for_translators(rows.values)}
    if page := values.get("page"):
        values["page"] = page["uid"]  # its title is that of today
    return values


def _other_differences(rows: contents.Rows, was: AnyRow | None, now: AnyRow | None) -> list[str]:
    """Return a sentence on what differs between two rows beside their words.

    [] where one is missing.
    """
    old, new = _followed(rows, was), _followed(rows, now)
    if old is None or new is None:
        return []
    values = [value for value in _for_translators(rows.values) if not value.is_text]
    differ = [value for value in values if old[value.name] != new[value.name]]
    return [_differs(*differ)] if differ else []


#: What readers see as one text, and a translator reads as a whole.
_READ_THROUGH = ("title", "summary", "body")


def _text(before: AnyContent, after: AnyContent) -> Iterator[OriginalChange]:
    was, now = (
        [plain_text(content[part]) for part in _READ_THROUGH] for content in (before, after)
    )
    if was != now:
        message = _("The title, the summary or the text has changed. Read it once through.")
        yield OriginalChange("", "", "", False, [message])
    if before.get("reading_list") != after.get("reading_list"):
        yield OriginalChange("", "", "", False, [_("The reading list has changed.")])


def _about(before: AnyContent, after: AnyContent) -> Iterator[OriginalChange]:
    """Yield the article's own values, one by one."""
    for value in _for_translators(contents.VALUES):
        if value.name in _READ_THROUGH or before.get(value.name) == after.get(value.name):
            continue
        was, now = (
            value.describe(content[value.name]) if value.name in content else ""
            for content in (before, after)
        )
        yield OriginalChange("", was, now, value.is_clinical, [_differs(value)])


def _for_translators(values: Iterable[contents.Value]) -> list[contents.Value]:
    return [value for value in values if value.is_for_translators]


def _differs(*values: contents.Value) -> str:
    return _("Changed: %s.") % ", ".join(str(value.label) for value in values)


def _by_uid(rows: Sequence[AnyRow]) -> dict[str, AnyRow]:
    return {row["uid"]: row for row in rows}


def _rows_by_claim(content: AnyContent) -> dict[str | None, tuple[str, dict[str, Any]]]:
    """Return {claim key: (list, values of its row)}, with the names of terms instead of codes."""
    found = {}
    for rows, row in contents.rows_that_are_claims(content):
        values = {key: value for key, value in row.items() if key not in {"uid", "claim"}}
        if rows.term:
            values[rows.term] = row[rows.term]["name"]
        found[row["claim"]] = (rows.name, values)
    return found


def _text_of(rows: contents.Rows, row: AnyRow | None) -> str:
    """Return the words of a row that are to be translated."""
    if row is None:
        return ""
    texts = [row.get(value.name) for value in _for_translators(rows.values) if value.is_text]
    return " / ".join(filter(None, texts))


def _sources(claim: AnyRow) -> list[tuple[str, ...]]:
    """Return what readers see of the sources of a claim, sorted."""
    values = _for_translators(contents.CITATION)
    return sorted(
        (citation["reference"], *(str(citation.get(value.name, "")) for value in values))
        for citation in claim["citations"]
    )


# --- what concerns one article -----------------------------------------------------------------


@dataclass(frozen=True)
class TranslationState:
    """Whether a translation says what its original says now."""

    pinned: Revision | None  # the revision of the original it was made from
    live: Revision | None  # the one readers of the original have now
    changes: list[OriginalChange]

    @property
    def is_up_to_date(self) -> bool:
        return self.live is None or (self.pinned is not None and self.pinned.pk == self.live.pk)


def translation_state(article: Article) -> TranslationState:
    """Compare the draft of the translation `article` with what readers of the original have now."""
    pinned, live = article.translated_from, _live_revision(article.translation_of)
    if pinned is None or live is None or pinned.pk == live.pk:
        return TranslationState(pinned, live, [])
    return TranslationState(pinned, live, changes_of_original(pinned.content, live.content))


@transaction.atomic
def bring_up_to_date(article: Article, *, revision: Revision, by: User, at: datetime) -> AuditEntry:
    """Record that the draft says all that `revision` of its original says; `by` compared them.

    Raises Refused when readers of the original have another revision by now.
    """
    live = _live_revision(article.translation_of)
    if not live:
        raise Refused(
            _(
                "The original has no live page, so there is no version to translate yet. Publish it"
                " first."
            )
        )
    if live.pk != revision.pk:
        raise Refused(
            _("The original has changed again meanwhile. Look through what is new below.")
        )
    Article.objects.filter(pk=article.pk).update(translated_from=revision, translated_on=at.date())
    summary = _("Brought up to date with revision %(number)s of the original.") % {
        "number": revision.number
    }
    return edits.record_edit(article, by=by, at=at, summary=summary)


def pin_new(article: Article, *, at: datetime) -> None:
    """Pin a draft whose original was just chosen to what readers of that original have now."""
    live = _live_revision(article.translation_of)
    article.translated_from, article.translated_on = (live, at.date()) if live else (None, None)


def _live_revision(article: Article | None) -> Revision | None:
    """Return what readers of `article` have now; None where there is no article or no live page."""
    live = Publication.objects.live_of(article) if article else None
    return live.revision if live else None


def record_translation(publication: Publication) -> None:
    """Store beside a publication what its frozen content is a translation of."""
    content: FrozenContent = publication.revision.content
    if not content["translation_of"]:
        return
    original = Article.objects.filter(uid=content["translation_of"]).first()
    if original is None:
        return
    revision, pin = None, content.get("translated_from")
    if pin:
        revision = Revision.objects.filter(article=original, digest=pin["digest"]).first()
    PublishedTranslation.objects.create(publication=publication, of=original, made_from=revision)


def original_has_changed(translation: PublishedTranslation, original: Publication) -> bool:
    """Return whether the live page `original` says something clinical that `translation` does not.

    No query while the two agree; at most three when they do not.
    """
    if translation.made_from_id is None or translation.made_from_id == original.revision_id:
        return False
    published = list(
        Publication.objects.filter(article=original.article_id)
        .order_by("number")
        .values_list("revision_id", "significance")
    )
    known = max(
        (at for at, (revision, _s) in enumerate(published) if revision == translation.made_from_id),
        default=-1,
    )
    # The people who published said so: only wording or layout has changed since.
    if all(
        significance == Publication.Significance.EDITORIAL
        for _r, significance in published[known + 1 :]
    ):
        return False
    made_from: Any = translation.made_from  # there is one: see above
    before, after = made_from.content, original.revision.content
    # Without _text: the text around the claims is never clinical, and comparing it takes time.
    found = chain(_claims(before, after), _words(before, after), _about(before, after))
    return any(change.is_clinical for change in found)
