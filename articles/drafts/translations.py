"""Translations: which version of the original one was made from, and what has changed there since.

A translation is an article of its own, reviewed and published as any other. It is pinned to a
revision of its original; when the original moves on, the two revisions of the original are
compared, claim by claim.
"""

from dataclasses import dataclass, field
from itertools import chain

from django.db import transaction
from django.utils.translation import gettext as _

from articles.models import Article, Publication, PublishedTranslation, Revision
from articles.refusals import Refused
from articles.revisions import contents
from articles.richtext.cleaning import plain_text

from . import edits


@dataclass(frozen=True)
class OriginalChange:
    """One thing the original says differently now, found by its uid, wherever it stands on the
    page.
    """

    uid: str  # "" for the text around the claims
    before: str  # the words; "" where it is new
    after: str  # "" where it is gone
    is_clinical: bool  # readers of the translation should know
    what: list[str] = field(
        default_factory=list, compare=False
    )  # what else changed: how sure, the count, the sources


def changes_of_original(before, after):
    """What differs between two contents (articles.revisions.freezing) of one article, claims first.
    Pure.
    """
    return [
        *_claims(before, after),
        *_words(before, after),
        *_about(before, after),
        *_text(before, after),
    ]


def _claims(before, after):
    old, new = _by_uid(before["claims"]), _by_uid(after["claims"])
    rows_before, rows_after = _rows_by_claim(before), _rows_by_claim(after)
    for uid in {**new, **old}:
        was, now = old.get(uid), new.get(uid)
        if was is None or now is None:
            yield OriginalChange(uid, was["text"] if was else "", now["text"] if now else "", True)
            continue
        row_was, row_now = rows_before.get(was["key"]), rows_after.get(now["key"])
        is_clinical = row_was != row_now or any(
            was[value.name] != now[value.name]
            for value in contents.CLAIM
            if value.is_for_translators
        )
        what = []
        if was["certainty"] != now["certainty"]:
            what.append(_("How sure we are has changed."))
        if row_was != row_now and was["text"] == now["text"]:
            what.append(_("Its details have changed."))
        if _sources(was) != _sources(now):
            what.append(_("Its sources have changed."))
        if is_clinical or what:
            yield OriginalChange(uid, was["text"], now["text"], is_clinical, what)


def _words(before, after):
    """Rows that are no claims. A row that a colleague made stands for none of the original's."""
    for rows in contents.OWN_ROWS:
        if rows.is_claim or not rows.is_for_translators:
            continue
        old, new = _by_uid(rows.in_content(before)), _by_uid(rows.in_content(after))
        for uid in {**new, **old}:
            was, now = old.get(uid), new.get(uid)
            if _followed(rows, was) == _followed(rows, now):
                continue
            before_it, after_it = _spoken(rows, was), _spoken(rows, now)
            # When to call for help must not be out of date; a question to ask may be.
            yield OriginalChange(
                uid, before_it, after_it, rows.is_clinical, _what_else(rows, was, now)
            )


def _followed(rows, row):
    """What a translation has to follow of a row.

    {name of the value: JSON}; None where there is no row.
    """
    if row is None:
        return None
    held = {value.name: row.get(value.name) for value in _for_translators(rows.values)}
    if held.get("page"):
        held["page"] = held["page"]["uid"]  # its title is that of today
    return held


def _what_else(rows, was, now):
    """[a sentence about what differs between two rows beside their words].

    None where one of them is not there.
    """
    if was is None or now is None:
        return []
    old, new = _followed(rows, was), _followed(rows, now)
    values = [value for value in _for_translators(rows.values) if not value.is_text]
    differ = [value for value in values if old[value.name] != new[value.name]]
    return [_differs(*differ)] if differ else []


#: What readers meet as one text, and a translator reads through at once.
_READ_THROUGH = ("title", "summary", "body")


def _text(before, after):
    was, now = (
        [plain_text(content[part]) for part in _READ_THROUGH] for content in (before, after)
    )
    if was != now:
        yield OriginalChange(
            "",
            "",
            "",
            False,
            [_("The title, the summary or the text has changed. Read it once through.")],
        )
    if before.get("reading_list") != after.get("reading_list"):
        yield OriginalChange("", "", "", False, [_("The reading list has changed.")])


def _about(before, after):
    """The article's own values, one by one."""
    for value in _for_translators(contents.VALUES):
        if value.name in _READ_THROUGH or before.get(value.name) == after.get(value.name):
            continue
        was, now = (
            value.describe(content[value.name]) if value.name in content else ""
            for content in (before, after)
        )
        yield OriginalChange("", was, now, value.is_clinical, [_differs(value)])


def _for_translators(values):
    return [value for value in values if value.is_for_translators]


def _differs(*values):
    return _("Changed: %s.") % ", ".join(str(value.label) for value in values)


def _by_uid(rows):
    return {row["uid"]: row for row in rows}


def _rows_by_claim(content):
    """{claim key: what its row says besides}, with the words of the vocabulary rather than its
    codes.
    """
    found = {}
    for rows, row in contents.rows_that_are_claims(content):
        said = {key: value for key, value in row.items() if key not in {"uid", "claim"}}
        if rows.term:
            said[rows.term] = row[rows.term]["name"]
        found[row["claim"]] = (rows.name, said)
    return found


def _spoken(rows, row):
    """The words of a row that a translation says in its own language."""
    if row is None:
        return ""
    said = [row.get(value.name) for value in _for_translators(rows.values) if value.is_text]
    return " / ".join(filter(None, said))


def _sources(claim):
    """What readers are told of the sources of a frozen claim, in a settled order."""
    told = _for_translators(contents.CITATION)
    return sorted(
        (link["reference"], *(str(link.get(value.name, "")) for value in told))
        for link in claim["citations"]
    )


# --- what concerns one article -----------------------------------------------------------------


@dataclass(frozen=True)
class TranslationState:
    """Where a translation stands.

    `pinned` and `live` are revisions of its original, either may be None.
    """

    pinned: Revision | None
    live: Revision | None
    changes: list[OriginalChange]

    @property
    def is_up_to_date(self):
        return self.live is None or (self.pinned is not None and self.pinned.pk == self.live.pk)


def translation_state(article):
    """The Standing of the translation `article` (its working row), against what readers of the
    original have now.
    """
    pinned, live = article.translated_from, _live_revision(article.translation_of)
    if pinned is None or live is None or pinned.pk == live.pk:
        return TranslationState(pinned, live, [])
    return TranslationState(pinned, live, changes_of_original(pinned.content, live.content))


@transaction.atomic
def bring_up_to_date(article, *, revision, by, at):
    """Note that the draft of `article` says all that `revision` of its original says; `by` looked.

    Raises Refused when that revision is not what readers of the original have now: somebody
    published meanwhile.
    """
    live = article.translation_of and _live_revision(article.translation_of)
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


def pin_new(article, *, at):
    """Pin a draft whose original was just chosen, or chosen anew, to what readers of that original
    have now.
    """
    live = _live_revision(article.translation_of) if article.translation_of else None
    article.translated_from, article.translated_on = (live, at.date()) if live else (None, None)


def _live_revision(article):
    live = Publication.objects.live_of(article)
    return live and live.revision


def record_translation(publication):
    """Keep beside a publication what its frozen content says it translates."""
    content = publication.revision.content
    original = (
        content["translation_of"] and Article.objects.filter(uid=content["translation_of"]).first()
    )
    if original:
        made_from = content.get("translated_from")
        revision = (
            made_from
            and Revision.objects.filter(article=original, digest=made_from["digest"]).first()
        )
        PublishedTranslation.objects.create(
            publication=publication, of=original, made_from=revision
        )


def has_moved_on(translation, original):
    """Does the live publication `original` say something clinical that readers of this translation
    are not told?

    `translation` is a PublishedTranslation. No query while the two agree; at most three when they
    do not.
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
    # Whoever published said it: only wording or layout has changed since.
    if all(
        significance == Publication.Significance.EDITORIAL
        for _r, significance in published[known + 1 :]
    ):
        return False
    before, after = translation.made_from.content, original.revision.content
    # Not `changes`: the text around the claims is never clinical, and readers would wait for it.
    found = chain(_claims(before, after), _words(before, after), _about(before, after))
    return any(change.is_clinical for change in found)
