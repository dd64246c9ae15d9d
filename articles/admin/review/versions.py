"""The kept revisions of an article, and the draft as one of them."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, F, JSONField, When
from django.utils.translation import gettext as _

from articles.models import Article, Revision
from articles.revisions import contents
from articles.richtext.blocks import named_blocks
from articles.richtext.cleaning import plain_text


def versions_of(article: Article, *, measured: str = "") -> Any:
    """Return the number, digest and time of every kept revision as dicts, without the texts.

    That with the digest `measured` has what checklists said of it, as `results` and `scores`; the
    others have None there. One query.
    """
    said = {
        name: Case(
            When(digest=measured, then=F(f"checklist_result__{name}")), output_field=JSONField()
        )
        for name in ("results", "scores")
    }
    revisions = Revision.objects.filter(article=article).annotate(**said)
    return revisions.values("pk", "number", "digest", "created_at", *said)


def saved_revision(article: Article, versions, digest: str, content) -> Revision | None:
    """Return the revision that holds `content`, made from `versions` without a query, or None."""
    known = next((version for version in versions if version["digest"] == digest), None)
    if known is None:
        return None
    revision = Revision(pk=known["pk"], article=article, number=known["number"], digest=digest)
    revision.content = content
    return revision


def revision_to_be(article: Article, content) -> Revision:
    """Return an unsaved revision of `content`, for a text that was never kept."""
    revision = Revision(article=article)
    revision.content = content
    return revision


def places_of(content) -> Iterator[tuple[str, str]]:
    """Yield (uid, words) of every block of text and every row, and "article" for the rest."""
    for name, block in named_blocks(content["body"]):
        yield name, _("text: %s") % plain_text(block)[:60]
    yield "article", _("title, order and the rest of the page")
    titles = {row["uid"]: row["csl"].get("title", "") for row in content["references"]}
    for name, rows in content.items():
        if _is_rows(rows):
            for row in rows:
                yield row["uid"], titles.get(row["uid"]) or _name_of_row(row, name)


def _is_rows(value):
    return isinstance(value, list) and all(isinstance(row, dict) and "uid" in row for row in value)


def _name_of_row(row, name):
    rows = next((rows for rows in contents.ROWS if rows.name == name), None)
    said = rows.name_of(row) if rows else row.get("text")
    return said or name.replace("_", " ")
