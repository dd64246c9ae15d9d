"""Frozen content without the rows it was made from: other values for its keys, and pages of it.

What is written once is written here as the site writes it: the tables refuse a revision that is
not its digest, and a publication nobody approved (articles.models.triggers).
"""

import json
import re
from decimal import Decimal
from html import unescape

from django.utils.html import strip_tags

from articles.models import (
    Article,
    ArticleContraindication,
    ArticleSideEffect,
    Certainty,
    ChecklistAnswer,
    Citation,
    Claim,
    Decision,
    Finding,
    HelpAdvice,
    KeyPoint,
    Picture,
    Publication,
    Recommendation,
    Revision,
    Stance,
    Step,
)
from articles.models.claims import Direction, Size
from articles.models.findings import figure_text
from articles.publishing import publishing
from articles.revisions import freezing
from articles.richtext import blocks
from articles.richtext.cleaning import plain_text
from references import csl
from references.models import Design, Reference
from tests.builders import NOON, a_clinician, an_editor


def digest_now(article):
    """The digest the article's working rows would have if they were frozen now."""
    return freezing.digest_of(freezing.canonical(freezing.freeze(article)))


#: Held as they came: what is in them is not ours.
_OPAQUE = ("csl", "effect")


def places(value, path=""):
    """(path, holder, key) of every value in frozen content; all texts of steps are "steps[].text".

    `holder[key]` is the value. Lists of words are walked as well: "tags[]". What has no value yet
    (an empty list, None) has its own path.
    """
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, held in inside:
        here = f"{path}[]" if isinstance(value, list) else f"{path}.{key}".lstrip(".")
        if held and isinstance(held, dict | list) and key not in _OPAQUE:
            yield from places(held, here)
        else:
            yield f"{here}[]" if held == [] else here, value, key


def paths(content):
    """Every path of `content` that has a value somewhere, sorted."""
    return sorted({path for path, holder, key in places(content) if not _is_empty(holder[key])})


def values_at(content, path):
    """{uid of the row, "" outside of rows: the values it has at `path`}, in whatever order."""
    found = {}
    for name, value in content.items():
        is_rows = isinstance(value, list) and value and isinstance(value[0], dict)
        rows = value if is_rows else [value]
        for row in rows:
            part = {name: [row] if rows is value else row}
            uid = row["uid"] if rows is value else ""
            held = [holder[key] for here, holder, key in places(part) if here == path]
            if held:
                found.setdefault(uid, []).extend(held)
    return found


def _is_empty(value):
    return value is None or value == "" or value == []


# --- other values -------------------------------------------------------------------------------


#: What may stand at paths that end so, where not any word may.
_CHOICES = {
    "key_points[].kind": KeyPoint.Kind.values,
    "help[].kind": HelpAdvice.Urgency.values,
    "steps[].kind": Step.Phase.values,
    "recommendations[].kind": Recommendation.Kind.values,
    "contraindications[].action": ArticleContraindication.Action.values,
    "side_effects[].unit": ArticleSideEffect.Unit.values,
    "findings[].kind": Finding.Kind.values,
    "findings[].direction": [value for value, _label in Finding.DIRECTIONS],
    "findings[].size": Size.values,
    "findings[].unit": Finding.Unit.values,
    "findings[].interval_of": Finding.IntervalOf.values,
    "findings[].better": Finding.Better.values,
    "claims[].kind": Claim.Kind.values,
    "claims[].direction": Direction.values,
    "claims[].size": Size.values,
    "claims[].certainty": Certainty.values,
    "claims[].certainty_reasons[]": Claim.REASONS,
    "claims[].citations[].stance": Stance.values,
    "claims[].citations[].design": Design.values,
    "claims[].citations[].population_match": Citation.PopulationMatch.values,
    "claims[].citations[].locator_kind": Citation.Locator.values,
    "claims[].citations[].quote_language": ["en", "es"],
    "references[].design": Design.values,
    "references[].pmid": ["30000001", "30000002"],
    "references[].pmcid": ["PMC7000001", "PMC7000002"],
    "checklist_answers[].answer": ChecklistAnswer.Answer.values,
    "checklist_answers[].product_said": ChecklistAnswer.Answer.values,
    "language": ["en", "es"],
    "pictures[].heading": ["What you feel", ""],
    "pictures[].picture.files[].suffix": ["webp", "jpg"],
}


#: What is changed in one place only: a claim rests on a source once, and lists name a thing once.
_ONCE = ("uid", "reference", "reading_list[]")


def change(content, path, *, other_uids):
    """Give every value at `path` that is not empty another one that may stand there.

    `other_uids` is {last part of the path before "uid", such as "condition": the uid of another}.
    """
    for here, holder, key in list(places(content)):
        if here == path and not _is_empty(holder[key]):
            holder[key] = _another(path, holder[key], content, other_uids)
            if key == "includes_retracted":
                del holder[key]  # left out while it is not so
            if path.endswith(_ONCE):
                break


def _another(path, value, content, other_uids):
    if isinstance(value, bool):
        return not value
    if path == "findings[].base":
        return 1000
    if isinstance(value, int):
        return value + 1
    if isinstance(value, dict):
        return {**value, next(key for key in ("title", "measure") if key in value): "Another"}
    if path in _CHOICES:
        choices = _CHOICES[path]
        return choices[(choices.index(value) + 1) % len(choices) if value in choices else 0]
    if path.startswith("findings[]") and re.fullmatch(r"-?\d+(\.\d+)?", value):
        return figure_text(Decimal(value) + 1)
    if path == "claims[].citations[].reference":
        return next(uid for uid in content["reading_list"] if uid != value)
    if path == "reading_list[]":
        return next(row["uid"] for row in content["references"] if row["uid"] != value)
    if path.endswith("uid") or path == "translation_of":
        return other_uids.get(path.removesuffix(".uid").rpartition(".")[2], value)
    if path == "body":
        return value.replace("heat on the skin", "cosy heat on the skin")
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return "2026-02-02"
    if re.fullmatch(r"[0-9a-f]{64}", value):
        return value[::-1]
    if path.endswith(("icd10", "snomed_ct")):
        return "M54.2" if path.endswith("icd10") else "82423001"
    return f"{value}-2" if re.fullmatch(r"\S+", value) else f"{value} too"


# --- pages of any text --------------------------------------------------------------------------


def article_of(content, **fields):
    """The article that frozen `content` is of, made if it is not there; its rows are not."""
    found = Article.objects.filter(uid=content["uid"]).first()
    return found or Article.objects.create(
        **{
            "uid": content["uid"],
            "slug": content["slug"],
            "title": content["title"],
            "language": content["language"],
            "owner": a_clinician(),
            **fields,
        }
    )


def revision_of(frozen, *, at=NOON):
    """The Revision of a canonical JSON text, of the article it names."""
    content = json.loads(frozen)
    article = article_of(content)
    digest = freezing.digest_of(frozen)
    if there := Revision.objects.filter(article=article, digest=digest).first():
        return there
    return Revision.objects.create(
        article=article,
        number=article.revisions.count() + 1,
        schema=content["schema"],
        digest=digest,
        frozen=frozen,
        created_by=article.owner,
        created_at=at,
    )


def published_as_frozen(frozen, *, at=NOON, change_note=""):
    """The Publication of a canonical JSON text that an editor approved, made as the site does."""
    revision = revision_of(frozen, at=at)
    editor = an_editor(first_name="Eden", last_name="Editor")
    approval = Decision.objects.create(
        revision=revision,
        verdict=Decision.Verdict.APPROVE,
        digest=revision.digest,
        row_digests=freezing.row_digests(revision.content),
        by=editor,
        by_name="Eden Editor",
        by_role="Physiotherapist",
        at=at,
    )
    return publishing._put_live(
        revision,
        revision.article,
        [approval],
        [],
        by=editor,
        at=at,
        change_note=change_note,
        significance=Publication.Significance.CLINICAL,
    )


def library_of(content):
    """Make the rows that bringing `content` back needs: sources, pictures, other pages."""
    for entry in content["references"]:
        fields = {**entry, "pmid": entry["pmid"] or None, "pmcid": entry["pmcid"] or None}
        Reference.objects.get_or_create(uid=entry["uid"], defaults=fields)
    for row in content.get("pictures", ()):
        picture = {key: value for key, value in row["picture"].items() if key != "files"}
        fields = {**picture, "renditions": row["picture"]["files"], "added_at": NOON}
        Picture.objects.get_or_create(uid=picture["uid"], defaults={**fields, "file": "gone.jpg"})
    pages = [row.get("page") for key in ("alternatives", "related") for row in content.get(key, ())]
    if content["translation_of"]:
        pages.append({"uid": content["translation_of"], "title": "The original"})
    for page in filter(None, pages):
        article_of({**page, "slug": f"page-{page['uid']}", "language": "en"})


# --- what a page says -----------------------------------------------------------------------------


def letters_of(html):
    """The letters of a page in order, alternative texts first, but for numbers of sources."""
    html = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.S)
    html = re.sub(r'<(sup|span) class="(cite|said)">.*?</\1>', "", html, flags=re.S)
    return letters(unescape(" ".join([*re.findall(r'\balt="([^"]*)"', html), strip_tags(html)])))


def letters(text):
    """`text` without blanks and signs that keep words apart or together: a page has its own."""
    return re.sub("[\\s\u2060-\u2069\u200b-\u200f\u00ad]", "", text)


def sentences_of(content):
    """(path, words) of all that frozen `content` says in words; a claim's are said by its row."""
    for path, holder, key in places(content):
        value = holder[key]
        if path in _CHOICES or path.endswith(_NO_WORDS) or path == "claims[].text":
            continue
        if path == "body":
            yield from ((path, plain_text(block)) for block in blocks.split(value))
        elif path.endswith(".csl"):
            yield path, csl.without_tags(value.get("title"))
        elif isinstance(value, str) and not re.fullmatch(r"\S+://\S+|\d{4}-\d\d-\d\d", value):
            yield path, value


_NO_WORDS = ("uid", "key", "claim", "reference", "reading_list[]", "slug", "sha256", "digest")
