"""Starting a translation: a draft in another language that holds all of the original, to be said
anew row by row.

It is made of what readers of the original have now (its live revision), never of what its writers
are changing. Rows get uids of their own that follow from those they were copied from
(`counterpart`), so that a change of the original leads to the row of the translation it concerns,
and two translations never share a row.
"""

import copy
import uuid

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from articles import permissions
from articles.models import Article, Publication
from articles.models.article import slug_for
from articles.refusals import Refused
from articles.revisions import contents, freezing
from articles.revisions.storing import lock

from . import edits, restoring


class AlreadyThere(Refused):
    """The original has an article in that language; it is `translation`."""

    def __init__(self, translation):
        self.translation = translation
        super().__init__(
            _("There is a translation into this language already: “%s”. Go on with that one.")
            % translation
        )


@transaction.atomic
def start(original, language, *, by, at):
    """Make a draft in `language` of the live page of `original`, owned by `by`. Returns the
    Article.

    Everything readers have is copied: rows, marked claims, what each source says about them,
    pictures. What vouches for the words is not. Every source waits for a second person, for no one
    has yet compared it with the new words; exceptions that were signed stay with the original; and
    a claim whose words change asks whether its evidence still fits, as anywhere. Raises Refused
    where there is nothing to translate, AlreadyThere where somebody has begun.
    """
    permissions.require(
        by,
        "articles.add_article",
        otherwise=_(
            "You may not write articles. Ask an administrator for the role of a clinician."
        ),
    )
    original = lock(original)  # two people who start at once must not make two
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


def translations_of(original):
    """{language code: its translation or None} of every language of the site but the original's
    own. One query.
    """
    there = {
        article.language: article
        for article in Article.objects.filter(translation_of=original).order_by("-pk")
    }
    return {
        code: there.get(code) for code, _name in settings.LANGUAGES if code != original.language
    }


def counterpart(article, uid):
    """The uid that the row of the original named `uid` has in the translation `article`, as a
    string.
    """
    return str(uuid.uuid5(article.uid, str(uid)))


def words_here(article, uids):
    """{uid of a row of the original: what the draft of the translation `article` says in its
    place}; "" left out.

    Rows the translator made by hand are nobody's counterpart. As many queries as freezing takes.
    """
    said = {row["uid"]: _words_of(row) for row in _rows_of(freezing.freeze(article))}
    found = {uid: said.get(counterpart(article, uid), "") for uid in uids if uid}
    return {uid: words for uid, words in found.items() if words}


def _copied(content, article, revision, *, at):
    """`content`, that of `revision`, as that of the new `article` made from it.

    Rows and evidence links come under new uids, claims under their old keys.
    """
    copied = copy.deepcopy(content)
    for row in _rows_of(copied):
        row["uid"] = counterpart(article, row["uid"])
        for link in row.get("citations", ()):
            link["uid"] = counterpart(article, link["uid"])
    copied["language"] = article.language
    copied["translation_of"] = str(article.translation_of.uid)
    copied["translated_from"] = contents.pin_of(revision, at.date())
    return copied


def _rows_of(content):
    """The rows of a frozen content that are the article's own.

    Claims are, the works in the library are not.
    """
    for name, value in content.items():
        if isinstance(value, list) and name != "references":
            yield from (row for row in value if isinstance(row, dict) and "uid" in row)


def _words_of(row):
    said = (
        value
        for name, value in row.items()
        if isinstance(value, str) and name not in ("uid", "kind", "claim")
    )
    return row.get("text") or " / ".join(filter(None, said))


def _slug(slug, language):
    return slug_for(
        f"{slug[:60]}-{language}", taken=lambda one: Article.objects.filter(slug=one).exists()
    )
