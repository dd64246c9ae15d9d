"""Starting a translation: a draft in another language with a copy of all rows of the original.

It is made of what readers of the original have now (its live revision), never of what its authors
are changing. The uid of a row follows from the uid of the row it was copied from (`counterpart`),
so a change of the original leads to the row of the translation, and two translations never share a
row.
"""

import copy
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from articles import permissions
from articles.models import Article, Publication, Revision
from articles.models.article import slug_for
from articles.refusals import Refused
from articles.revisions import contents, freezing
from articles.revisions.frozen_content import AnyContent, FrozenContent
from articles.revisions.storing import lock
from physiohub import policy

from . import edits, restoring


class AlreadyThere(Refused):
    """The original has an article in that language already: `translation`."""

    def __init__(self, translation: Article) -> None:
        self.translation = translation
        super().__init__(
            _("There is a translation into this language already: “%s”. Go on with that one.")
            % translation
        )


@transaction.atomic
def start(original: Article, language: str, *, by: User, at: datetime) -> Article:
    """Make a draft in `language` of the live page of `original`, owned by `by`.

    Everything readers have is copied: rows, marked claims, citations, pictures. What people checked
    is not. Every citation waits for a second person, since nobody has compared it with the new
    words yet; signed exceptions stay with the original; and a claim whose words change asks whether
    its evidence still fits, as in any draft. Raises Refused where there is nothing to translate,
    AlreadyThere where somebody has begun.
    """
    permissions.require(
        by,
        policy.BEGIN,
        otherwise=_(
            "You may not write articles. Ask an administrator for the role of a clinician."
        ),
    )
    original = lock(original)  # two people who start at once must not make two
    live = _to_translate(original, language)
    content = live.revision.content
    article = Article.objects.create(
        title=content["title"],
        slug=_slug(live.slug, language),
        language=language,
        translation_of=original,
        owner=by,
    )
    restoring.fill(article, _copied(content, article, live.revision, at=at), by=by)
    summary = _("Started as a translation of “%(title)s”, from its revision %(number)s.")
    edits.record_edit(
        article, by=by, at=at, summary=summary % {"title": original, "number": live.revision.number}
    )
    return Article.objects.get(pk=article.pk)


def _to_translate(original: Article, language: str) -> Publication:
    """Return the live page of `original`; raise Refused where nobody may translate it."""
    if original.translation_of_id:
        raise Refused(
            _(
                "This article is a translation itself. Start from the original, so that nothing"
                " gets lost on the way."
            )
        )
    if language not in dict(settings.LANGUAGES) or language == original.language:
        raise Refused(_("Choose another language than that of the original."))
    if there := Article.objects.filter(translation_of=original, language=language).first():
        raise AlreadyThere(there)
    live = Publication.objects.live_of(original)
    if live is None:
        raise Refused(
            _(
                "The original has no live page, so there is nothing to translate yet. Publish it"
                " first."
            )
        )
    return live


def translations_of(original: Article) -> dict[str, Article | None]:
    """Return {language code: the translation or None} of every other language of the site.

    One query.
    """
    there = {
        article.language: article
        for article in Article.objects.filter(translation_of=original).order_by("-pk")
    }
    return {
        code: there.get(code) for code, _name in settings.LANGUAGES if code != original.language
    }


def counterpart(article: Article, uid: str) -> str:
    """Return the uid that the row `uid` of the original has in the translation `article`."""
    return str(uuid.uuid5(article.uid, str(uid)))


def words_here(article: Article, uids: Iterable[str]) -> dict[str, str]:
    """Return {uid of a row of the original: the words of the draft of the translation instead}.

    Rows without words are left out. Rows that the translator added are no counterparts. As many
    queries as freezing takes.
    """
    words_by_uid = {row["uid"]: _words_of(row) for row in _rows_of(freezing.freeze(article))}
    found = {uid: words_by_uid.get(counterpart(article, uid), "") for uid in uids if uid}
    return {uid: words for uid, words in found.items() if words}


def _copied(
    content: FrozenContent, article: Article, revision: Revision, *, at: datetime
) -> FrozenContent:
    """Return `content` of `revision` as the content of the new translation `article`.

    Rows and citations get new uids; claims keep their keys. What was tried and answered about the
    original says nothing about a translation.
    """
    copied = copy.deepcopy(content)
    for rows in contents.OWN_ROWS:
        if not rows.is_for_translators:
            copied.pop(rows.name, None)  # type: ignore[misc]
    for row in _rows_of(copied):
        row["uid"] = counterpart(article, row["uid"])
        for citation in row.get("citations", ()):
            citation["uid"] = counterpart(article, citation["uid"])
    copied["language"] = article.language
    copied["translation_of"] = str(article.translation_of.uid) if article.translation_of else None
    copied["translated_from"] = contents.translation_source_of(revision, at.date())
    return copied


def _rows_of(content: AnyContent) -> Iterator[dict[str, Any]]:
    """Yield the rows of a frozen content that are the article's own: claims too, references not."""
    for name, value in content.items():
        if isinstance(value, list) and name != "references":
            yield from (row for row in value if isinstance(row, dict) and "uid" in row)


def _words_of(row: dict[str, Any]) -> str:
    texts = (
        value
        for name, value in row.items()
        if isinstance(value, str) and name not in ("uid", "kind", "claim")
    )
    return row.get("text") or " / ".join(filter(None, texts))


def _slug(slug: str, language: str) -> str:
    return slug_for(
        f"{slug[:60]}-{language}", taken=lambda one: Article.objects.filter(slug=one).exists()
    )
