"""The kept versions of an article, and the draft as one of them."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from articles.models import Article, Revision
from articles.richtext.blocks import named_blocks
from articles.richtext.cleaning import plain_text

#: What names a row in a list of choices where it has no text of its own.
_TERMS = ("condition", "contraindication", "side_effect")


def versions_of(article: Article) -> Any:
    """The numbers, digests and times of every kept version, as a query of dicts without texts."""
    return Revision.objects.filter(article=article).values("pk", "number", "digest", "created_at")


def kept_revision(article: Article, versions, digest: str, content) -> Revision | None:
    """The revision that holds `content`, put together from what is known; no query."""
    known = next((version for version in versions if version["digest"] == digest), None)
    if known is None:
        return None
    revision = Revision(pk=known["pk"], article=article, number=known["number"], digest=digest)
    revision.content = content
    return revision


def revision_to_be(article: Article, content) -> Revision:
    """A revision of `content` that is not saved, for a text that was never kept."""
    revision = Revision(article=article)
    revision.content = content
    return revision


def places_of(content) -> Iterator[tuple[str, str]]:
    """(uid, words) of every block of text, every row and "article" for the rest."""
    for name, block in named_blocks(content["body"]):
        yield name, _("text: %s") % plain_text(block)[:60]
    yield "article", _("title, order and the rest of the page")
    titles = {row["uid"]: row["csl"].get("title", "") for row in content["references"]}
    for name, rows in content.items():
        if _is_rows(rows):
            for row in rows:
                yield row["uid"], titles.get(row["uid"]) or _words_of(row, name)


def _is_rows(value):
    return isinstance(value, list) and all(isinstance(row, dict) and "uid" in row for row in value)


def _words_of(row, name):
    terms = (row[key]["name"] for key in _TERMS if key in row)
    return (
        row.get("text")
        or next(terms, "")
        or row.get("caption")
        or row.get("aspect")
        or name.replace("_", " ")
    )
