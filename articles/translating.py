"""Translations: which version of the original one was made from, and what has changed there since.

A translation is an article of its own, reviewed and published as any other. It is pinned to a revision of its
original; when the original moves on, the two revisions of the original are compared, claim by claim.
"""

from dataclasses import dataclass, field
from itertools import chain

from django.db import transaction
from django.utils.translation import gettext as _

from . import editing
from .models import Article, Publication, PublishedTranslation, Revision
from .refusals import Refused
from .richtext.cleaning import plain_text

#: Lists whose rows carry a claim: a changed count or a changed "ask first" is a changed claim.
_ROWS_WITH_CLAIMS = ("conditions", "indications", "side_effects", "contraindications", "recommendations")
#: Lists whose rows are words only.
_ROWS_OF_WORDS = ("key_points", "steps", "help", "alternatives", "questions", "comparison")
#: Of these readers of a translation should know: what to call for help with, what is done to them, what else there is.
_CLINICAL_WORDS = {"steps", "help", "alternatives"}
#: What a claim says; all else about it (who rated it, why) is not for translators.
_SAID = ("text", "certainty", "direction", "size")
_VOCABULARY = ("condition", "side_effect", "contraindication")


@dataclass(frozen=True)
class Change:
    """One thing the original says differently now, found by its uid, wherever it stands on the page."""

    uid: str  # "" for the text around the claims
    before: str  # the words; "" where it is new
    after: str  # "" where it is gone
    is_clinical: bool  # readers of the translation should know
    what: list[str] = field(default_factory=list, compare=False)  # what else changed: how sure, the count, the sources


def changes(before, after):
    """What differs between two contents (articles.freezing) of one article, claims first. Pure."""
    return [*_claims(before, after), *_words(before, after), *_text(before, after)]


def _claims(before, after):
    old, new = _by_uid(before["claims"]), _by_uid(after["claims"])
    rows_before, rows_after = _rows_by_claim(before), _rows_by_claim(after)
    for uid in {**new, **old}:
        was, now = old.get(uid), new.get(uid)
        if was is None or now is None:
            yield Change(uid, was["text"] if was else "", now["text"] if now else "", True)
            continue
        row_was, row_now = rows_before.get(was["key"]), rows_after.get(now["key"])
        is_clinical = any(was[name] != now[name] for name in _SAID) or row_was != row_now
        what = []
        if was["certainty"] != now["certainty"]:
            what.append(_("How sure we are has changed."))
        if row_was != row_now and was["text"] == now["text"]:
            what.append(_("Its details have changed."))
        if _sources(was) != _sources(now):
            what.append(_("Its sources have changed."))
        if is_clinical or what:
            yield Change(uid, was["text"], now["text"], is_clinical, what)


def _words(before, after):
    for name in _ROWS_OF_WORDS:
        # Revisions older than a list do not have it.
        old, new = _by_uid(before.get(name, ())), _by_uid(after.get(name, ()))
        for uid in {**new, **old}:
            was, now = _spoken(old.get(uid)), _spoken(new.get(uid))
            if was != now:
                # When to call for help must not be out of date; a question to ask may be.
                yield Change(uid, was, now, name in _CLINICAL_WORDS)


def _text(before, after):
    parts = ("title", "summary", "body")
    was, now = ([plain_text(content[part]) for part in parts] for content in (before, after))
    if was != now:
        yield Change("", "", "", False, [_("The title, the summary or the text has changed. Read it once through.")])


def _by_uid(rows):
    return {row["uid"]: row for row in rows}


def _rows_by_claim(content):
    """{claim key: what its row says besides}, with the words of the vocabulary rather than its codes."""
    found = {}
    for name in _ROWS_WITH_CLAIMS:
        for row in content[name]:
            said = {key: value for key, value in row.items() if key not in {"uid", "claim", *_VOCABULARY}}
            for term in _VOCABULARY:
                if term in row:
                    said[term] = row[term]["name"]
            found[row["claim"]] = (name, said)
    return found


def _spoken(row):
    if row is None:
        return ""
    return " / ".join(value for key, value in row.items() if key not in {"uid", "kind", "page"} and value)


def _sources(claim):
    return sorted((link["reference"], link["stance"]) for link in claim["citations"])


# --- what concerns one article ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """Where a translation stands: `pinned` and `live` are revisions of its original, either may be None."""

    pinned: Revision | None
    live: Revision | None
    changes: list[Change]

    @property
    def is_up_to_date(self):
        return self.live is None or (self.pinned is not None and self.pinned.pk == self.live.pk)


def standing(article):
    """The Standing of the translation `article` (its working row), against what readers of the original have now."""
    pinned, live = article.translated_from, _live_revision(article.translation_of)
    if pinned is None or live is None or pinned.pk == live.pk:
        return Standing(pinned, live, [])
    return Standing(pinned, live, changes(pinned.content, live.content))


@transaction.atomic
def bring_up_to_date(article, *, revision, by, at):
    """Note that the draft of `article` says all that `revision` of its original says; `by` looked.

    Raises Refused when that revision is not what readers of the original have now: somebody published meanwhile.
    """
    live = article.translation_of and _live_revision(article.translation_of)
    if not live:
        raise Refused(_("The original has no live page, so there is no version to translate yet. Publish it first."))
    if live.pk != revision.pk:
        raise Refused(_("The original has changed again meanwhile. Look through what is new below."))
    Article.objects.filter(pk=article.pk).update(translated_from=revision, translated_on=at.date())
    summary = _("Brought up to date with revision %(number)s of the original.") % {"number": revision.number}
    return editing.record_edit(article, by=by, at=at, summary=summary)


def pin_new(article, *, at):
    """Pin a draft whose original was just chosen, or chosen anew, to what readers of that original have now."""
    live = _live_revision(article.translation_of) if article.translation_of else None
    article.translated_from, article.translated_on = (live, at.date()) if live else (None, None)


def _live_revision(article):
    live = Publication.objects.live_of(article)
    return live and live.revision


def list_published(publication):
    """Keep beside a publication what its frozen content says it translates."""
    content = publication.revision.content
    original = content["translation_of"] and Article.objects.filter(uid=content["translation_of"]).first()
    if original:
        made_from = content.get("translated_from")
        revision = made_from and Revision.objects.filter(article=original, digest=made_from["digest"]).first()
        PublishedTranslation.objects.create(publication=publication, of=original, made_from=revision)


def has_moved_on(translation, original):
    """Does the live publication `original` say something clinical that readers of this translation are not told?

    `translation` is a PublishedTranslation. No query while the two agree; at most three when they do not.
    """
    if translation.made_from_id is None or translation.made_from_id == original.revision_id:
        return False
    published = list(
        Publication.objects.filter(article=original.article_id)
        .order_by("number")
        .values_list("revision_id", "significance")
    )
    known = max((at for at, (revision, _s) in enumerate(published) if revision == translation.made_from_id), default=-1)
    # Whoever published said it: only wording or layout has changed since.
    if all(significance == Publication.Significance.EDITORIAL for _r, significance in published[known + 1 :]):
        return False
    before, after = translation.made_from.content, original.revision.content
    # Not `changes`: the text around the claims is never clinical, and each reader would wait for it.
    return any(change.is_clinical for change in chain(_claims(before, after), _words(before, after)))
