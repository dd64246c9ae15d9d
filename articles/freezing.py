"""From working rows to frozen content: the one way in to review, publication and the page.

`freeze` embeds full copies of everything a page shows (names of conditions, people, references as CSL-JSON), so
that nothing changed elsewhere afterwards can change what was approved. The shape, schema 1:

    schema, uid, slug, title, kicker, other_names, summary, language, translation_of (uid or None), tags,
    is_demonstration, compared_with, no_known_contraindications, evidence_searched_on, funding, conflicts,
    written_by (person or None), body (clean HTML),
    key_points, help, questions       [{uid, kind, text}]
    comparison                        [{uid, aspect, here, there}]
    conditions                        [{uid, claim, condition: {uid, name, slug, …, summary (none: left out)}, note}]
    indications                       [{uid, claim, text}]
    side_effects                      [{uid, claim, side_effect, n, base, unit, how_long, is_serious, note}]
    contraindications                 [{uid, claim, contraindication, action, note}]
    recommendations                   [{uid, claim, kind, text, expert (person or None)}]
    claims                            [{uid, key, kind, text, …, citations: [{uid, reference (uid), stance, …}]}]
    references                        [{uid, csl, design, …}]
    reading_list                      [reference uid]
    translated_from                   {digest, number, on}: the revision of the original this was made from
    pictures                          [{uid, heading ("": at the top), caption, picture: {uid, alt, …, files: […]}}]
    steps                             [{uid, kind (before, during or after), text}]
    alternatives                      [{uid, text, page: {uid, title}}]
    related                           [{uid, page: {uid, title}}]
    words                             [{uid, word, meaning ("": not explained)}]: those of the word list the text says

An article without pictures has no `pictures` at all, as revisions older than pictures have none: what was approved
before keeps its digest. The same goes for `translated_from`, `steps`, `alternatives`, their `page`, `related`, and
`words`.
The title of a page that is led to is what readers of it see now, "" while it is not live; what readers follow is
looked up by its uid when they read (articles.showing), so that a renamed page is called by its name.
`claim` is the key of a claim in `claims`, or None. Whether a source was retracted is not in it: that is said
live, over the frozen text, by safety notices.
"""

import hashlib
import json
from uuid import UUID

from django.db.models import CharField, F, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce

from . import explaining
from .models import Article, Citation, Claim, GlossaryTerm, LiveArticle, Step
from .richtext import cleaning
from .richtext.blocks import named_blocks
from .richtext.markers import claims_in

SCHEMA = 1

#: Lists that revisions older than they are do not have.
_LEFT_OUT_WHEN_EMPTY = ("steps", "alternatives", "related")


def freeze(article):
    """The article's working rows as a dict of plain JSON values; see the module for its shape.

    Pure but for reading: at most 12 queries, whatever the size. Reads the article row itself afresh too, so a stale
    instance freezes what the database says.
    """
    article = (
        Article.objects.select_related("written_by", "translation_of", "translated_from")
        .prefetch_related("tags")
        .get(pk=article.pk)
    )
    body = cleaning.clean(article.body)
    rows = _text_rows(article)
    content = {
        "schema": SCHEMA,
        "uid": str(article.uid),
        "slug": article.slug,
        "title": article.title,
        "kicker": article.kicker,
        "other_names": article.other_names,
        "summary": article.summary,
        "language": article.language,
        "translation_of": str(article.translation_of.uid) if article.translation_of else None,
        "tags": sorted(tag.name for tag in article.tags.all()),
        "is_demonstration": article.is_demonstration,
        "compared_with": article.compared_with,
        "no_known_contraindications": article.no_known_contraindications,
        "evidence_searched_on": article.evidence_searched_on.isoformat() if article.evidence_searched_on else None,
        "funding": article.funding,
        "conflicts": article.conflicts,
        "written_by": _person(article.written_by),
        "body": body,
        "key_points": rows["key_points"],
        "help": rows["help"],
        "questions": rows["questions"],
        "indications": rows["indications"],
        "comparison": [
            {"uid": str(row.uid), "aspect": row.aspect, "here": row.here, "there": row.there}
            for row in article.comparisonrow_rows.all()
        ],
        "conditions": [
            {"uid": str(row.uid), "claim": _key(row), "condition": _term(row.condition), "note": row.note}
            for row in article.articlecondition_rows.select_related("condition", "claim")
        ],
        "side_effects": [
            {
                "uid": str(row.uid),
                "claim": _key(row),
                "side_effect": _term(row.side_effect),
                "n": row.n,
                "base": row.base,
                "unit": row.unit,
                "how_long": row.how_long,
                "is_serious": row.is_serious,
                "note": row.note,
            }
            for row in article.articlesideeffect_rows.select_related("side_effect", "claim")
        ],
        "contraindications": [
            {
                "uid": str(row.uid),
                "claim": _key(row),
                "contraindication": _term(row.contraindication),
                "action": row.action,
                "note": row.note,
            }
            for row in article.articlecontraindication_rows.select_related("contraindication", "claim")
        ],
        "recommendations": [
            {
                "uid": str(row.uid),
                "claim": _key(row),
                "kind": row.kind,
                "text": row.text,
                "expert": _person(row.expert),
            }
            for row in article.recommendation_rows.select_related("expert", "claim")
        ],
    }
    content.update(_evidence(article, content))
    content.update({name: rows[name] for name in _LEFT_OUT_WHEN_EMPTY if rows[name]})
    if pictures := [_picture_row(row) for row in article.articlepicture_rows.select_related("picture")]:
        content["pictures"] = pictures
    if words := explaining.words_in(content, rows["words"]):
        content["words"] = words
    if article.translation_of and article.translated_from:
        content["translated_from"] = {
            "digest": article.translated_from.digest,
            "number": article.translated_from.number,
            "on": article.translated_on.isoformat(),
        }
    return content


def canonical(content):
    """`content` as its one JSON text: sorted keys, no blanks, letters as they are."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest_of(frozen):
    """SHA-256 of a canonical JSON text, as 64 hexadecimal digits."""
    return hashlib.sha256(frozen.encode()).hexdigest()


def row_digests(content):
    """{uid: digest} for every row in `content`, "text:…" for every block of the body, "article" for all the rest.

    Comparing two of these says which rows changed, so that an edit reopens only what it touched.
    """
    parts, rest = {}, {}
    for name, value in content.items():
        if isinstance(value, list) and value and all(isinstance(row, dict) and "uid" in row for row in value):
            # The list's name counts too: a row moved to another list is another statement.
            parts.update({row["uid"]: digest_of(canonical([name, row])) for row in value})
            if name not in ("claims", "references"):  # their order says nothing, and what uses them says they are there
                rest[name] = [row["uid"] for row in value]
        elif name == "body":
            blocks = named_blocks(value)
            parts.update({block: digest_of(canonical([name, html])) for block, html in blocks})
            rest[name] = [block for block, _ in blocks]
        else:
            rest[name] = value
    return {**parts, "article": digest_of(canonical(rest))}


def uids_in(content):
    """Every uid named anywhere in `content`: the article, its rows, and the shared things it shows."""
    found, waiting = set(), [content]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if "uid" in value:
                found.add(value["uid"])
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return found


def _text_rows(article):
    """Rows that are one sentence each, from their tables in one query, so that more kinds cost no more.

    Under "words" comes the whole word list of the article's language, as (uid, word, meaning).
    """
    text, blank = CharField(), Value("", output_field=CharField())
    live = LiveArticle.objects.filter(article=OuterRef("page")).order_by().values("title")[:1]
    page = {"leads_to": _as_text("page__uid"), "called": Coalesce(Subquery(live), blank, output_field=text)}

    def rows(name, queryset, *, kind=blank, words="text", claim=blank, leads_to=blank, called=blank, place="position"):
        return (
            queryset.order_by()
            .annotate(
                listed_as=Value(name, output_field=text), said=kind, words=words if words is blank else _as_text(words),
                about=claim, leads_to=leads_to, called=called, place=F(place),
            )
            .values_list("listed_as", "uid", "place", "pk", "said", "words", "about", "leads_to", "called")
        )  # fmt: skip

    kind = _as_text("kind")
    found = rows("key_points", article.keypoint_rows, kind=kind).union(
        rows("help", article.helpadvice_rows, kind=kind),
        rows("questions", article.question_rows),
        rows("indications", article.indication_rows, claim=_as_text("claim__key")),
        rows("steps", article.step_rows, kind=kind),
        rows("alternatives", article.alternative_rows, **page),
        rows("related", article.relatedpage_rows, words=blank, **page),
        rows(
            "words", GlossaryTerm.objects.filter(language=article.language), place="id", words="word",
            kind=_as_text("meaning"),
        ),
        all=True,
    )  # fmt: skip
    lists = {
        name: []
        for name in ("key_points", "help", "questions", "indications", "steps", "alternatives", "related", "words")
    }
    for name, uid, _place, _pk, kind, words, claim, leads_to, called in sorted(found, key=lambda row: row[2:4]):
        if name == "words":
            lists[name].append((uid, words, kind))
            continue
        row = {"uid": str(uid)}
        if name != "related":
            row["text"] = words
        if name == "indications":
            row["claim"] = claim or None
        if kind:
            row["kind"] = kind
        if leads_to:
            row["page"] = {"uid": str(UUID(leads_to)), "title": called}  # SQLite keeps a uid without its dashes
        lists[name].append(row)
    lists["steps"].sort(key=lambda row: list(Step.Phase.values).index(row["kind"]))
    return lists


def _as_text(field):
    return Coalesce(Cast(field, CharField()), Value("", output_field=CharField()))


def _evidence(article, content):
    """The claims that are shown, their links, and the references those name."""
    shown = {marked.key for marked in claims_in(content["body"])}
    for name in ("conditions", "indications", "side_effects", "contraindications", "recommendations"):
        shown.update(row["claim"] for row in content[name] if row["claim"])
    # A phrase whose marker was removed keeps its links in the draft, but is no longer said to anyone.
    claims = [claim for claim in Claim.objects.filter(article=article) if claim.key in shown]
    links, references = {}, {}
    for link in Citation.objects.filter(claim__article=article).select_related("reference"):
        links.setdefault(link.claim_id, []).append(link)
    for claim in claims:
        for link in links.get(claim.pk, ()):
            references[str(link.reference.uid)] = link.reference
    reading_list = []
    for entry in article.reading_entries.select_related("reference"):
        reading_list.append(str(entry.reference.uid))
        references[str(entry.reference.uid)] = entry.reference
    return {
        "claims": [_claim(claim, links.get(claim.pk, ())) for claim in claims],
        "references": [_reference(references[uid]) for uid in sorted(references)],
        "reading_list": reading_list,
    }


def _claim(claim, links):
    return {
        "uid": str(claim.uid),
        "key": claim.key,
        "kind": claim.kind,
        "text": claim.text,
        "population": claim.population,
        "outcome": claim.outcome,
        "comparator": claim.comparator,
        "direction": claim.direction,
        "size": claim.size,
        "certainty": claim.certainty,
        "certainty_reasons": claim.certainty_reasons,
        "certainty_note": claim.certainty_note,
        "citations": [
            {
                "uid": str(link.uid),
                "reference": str(link.reference.uid),
                "stance": link.stance,
                "design": link.design_used,
                "population_match": link.population_match,
                "effect": link.effect,
                "source_certainty": link.source_certainty,
                "source_scheme": link.source_scheme,
                "locator_kind": link.locator_kind,
                "locator": link.locator,
                "quote": link.quote,
                "quote_language": link.quote_language,
                "note": link.note_public,
            }
            for link in links
        ],
    }


def _reference(reference):
    return {
        "uid": str(reference.uid),
        "csl": reference.csl,
        "design": reference.design,
        "doi": reference.doi,
        "pmid": reference.pmid,
        "pmcid": reference.pmcid,
        "url": reference.url,
        "free_url": reference.free_url,
        "peer_reviewed": reference.peer_reviewed,
    }


def _picture_row(row):
    picture = row.picture
    return {
        "uid": str(row.uid),
        "heading": row.heading,
        "caption": row.caption or picture.caption,
        "picture": {
            "uid": str(picture.uid),
            "alt": picture.alt_shown,
            "is_decorative": picture.is_decorative,
            "credit": picture.credit,
            "licence": picture.licence,
            "width": picture.width,
            "height": picture.height,
            "sha256": picture.sha256,
            "files": picture.renditions,
        },
    }


def _term(term):
    shown = {
        "uid": str(term.uid),
        "name": term.name,
        "clinical_name": term.clinical_name,
        "other_names": term.other_names,
        "icd10": term.icd10,
        "snomed_ct": term.snomed_ct,
    }
    for name in ("slug", "summary"):  # of conditions; left out where empty, as in revisions older than they are
        if value := getattr(term, name, ""):
            shown[name] = value
    return shown


def _person(person):
    if person is None:
        return None
    return {"uid": str(person.uid), "name": person.name, "role": person.role, "registration": person.registration}


def _key(row):
    return row.claim.key if row.claim else None
