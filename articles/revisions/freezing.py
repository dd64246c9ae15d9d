"""From working rows to frozen content: the one way in to review, publication and the page.

`freeze` embeds full copies of everything a page shows (names of conditions, people, references as
CSL-JSON), so that nothing changed elsewhere afterwards can change what was approved. The shape,
schema 1:

    schema, uid, slug, title, kicker, other_names, summary, language, translation_of (uid or None),
      tags,
    is_demonstration, compared_with, no_known_contraindications, evidence_searched_on, funding,
      conflicts,
    written_by (person or None), body (clean HTML),
    key_points, help, questions       [{uid, kind, text}]
    comparison                        [{uid, aspect, here, there}]
    conditions                        [{uid, claim, condition: {uid, name, slug, …, summary (none:
      left out)}, note}]
    indications                       [{uid, claim, text}]
    side_effects                      [{uid, claim, side_effect, n, base, unit, how_long,
      is_serious, note}]
    contraindications                 [{uid, claim, contraindication, action, note}]
    recommendations                   [{uid, claim, kind, text, expert (person or None)}]
    claims                            [{uid, key, kind, text, …, citations: [{uid, reference (uid),
      stance, …}]}]
    references                        [{uid, csl, design, …}]
    reading_list                      [reference uid]
    translated_from                   {digest, number, on}: the revision of the original this was
      made from
    pictures                          [{uid, heading ("": at the top), caption, picture: {uid, alt,
      …, files: […]}}]
    steps                             [{uid, kind (before, during or after), text}]
    alternatives                      [{uid, text, page: {uid, title}}]
    related                           [{uid, page: {uid, title}}]
    words                             [{uid, word, meaning ("": not explained)}]: those of the word
      list the text says

An article without pictures has no `pictures` at all, as revisions older than pictures have none:
what was approved before keeps its digest. The same goes for `translated_from`, `steps`,
`alternatives`, their `page`, `related`, and `words`. The title of a page that is led to is what
readers of it see now, "" while it is not live; what readers follow is looked up by its uid when
they read (articles.live.pages), so that a renamed page is called by its name. `claim` is the key of
a claim in `claims`, or None. Whether a source was retracted is not in it: that is said live, over
the frozen text, by safety notices.
"""

import hashlib
import json
from datetime import date
from uuid import UUID

from django.db.models import CharField, F, Model, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce

from articles.models import (
    Article,
    Citation,
    Claim,
    Condition,
    Contraindication,
    GlossaryTerm,
    LiveArticle,
    Person,
    Picture,
    SideEffect,
    Step,
)
from articles.richtext.blocks import named_blocks
from articles.richtext.markers import claims_in
from physiohub.control_characters import taken_out

from . import contents, glossary

SCHEMA = 1


def freeze(article):
    """The article's working rows as a dict of plain JSON values; see the module for its shape.

    Pure but for reading: at most 12 queries, whatever the size. Reads the article row itself afresh
    too, so a stale instance freezes what the database says.
    """
    article = (
        Article.objects.select_related("written_by", "translation_of", "translated_from")
        .prefetch_related("tags")
        .get(pk=article.pk)
    )
    content = {"schema": SCHEMA, "uid": str(article.uid)}
    for value in contents.VALUES:
        frozen = _frozen(article, value)
        if frozen or not value.is_left_out_when_empty:
            content[value.name] = frozen
    sentences = _rows_of_one_sentence(article)
    for rows in contents.OWN_ROWS:
        found = sentences[rows.name] if rows.is_one_sentence else _rows(article, rows)
        if found or not rows.is_left_out_when_empty:
            content[rows.name] = found
    content.update(_evidence(article, content))
    if words := glossary.words_in(content, sentences["words"]):
        content["words"] = words
    # Rows written before our fields took them out may hold some, and tags have fields of their own.
    return taken_out(content)


def canonical(content):
    """`content` as its one JSON text: sorted keys, no blanks, letters as they are."""
    return json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def digest_of(frozen):
    """SHA-256 of a canonical JSON text, as 64 hexadecimal digits."""
    return hashlib.sha256(frozen.encode()).hexdigest()


def row_digests(content):
    """{uid: digest} for every row in `content`, "text:…" for every block of the body, "article" for
    all the rest.

    Comparing two of these says which rows changed, so that an edit reopens only what it touched.
    """
    parts, rest = {}, {}
    for name, value in content.items():
        if (
            isinstance(value, list)
            and value
            and all(isinstance(row, dict) and "uid" in row for row in value)
        ):
            # The list's name counts too: a row moved to another list is another statement.
            parts.update({row["uid"]: digest_of(canonical([name, row])) for row in value})
            if name not in (
                "claims",
                "references",
            ):  # their order says nothing, and what uses them says they are there
                rest[name] = [row["uid"] for row in value]
        elif name == "body":
            blocks = named_blocks(value)
            parts.update({block: digest_of(canonical([name, html])) for block, html in blocks})
            rest[name] = [block for block, _ in blocks]
        else:
            rest[name] = value
    return {**parts, "article": digest_of(canonical(rest))}


def uids_in(content):
    """Every uid named anywhere in `content`.

    The article, its rows, and the shared things it shows.
    """
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


def _frozen(row, value):
    """The contents.Value `value` of a model's row, as JSON."""
    if value.frozen_by:
        return value.frozen_by(row)
    held = getattr(row, value.field)
    if isinstance(held, Model):
        return _COPIES[type(held)](held)
    return held.isoformat() if isinstance(held, date) else held


def _rows(article, rows):
    """The frozen rows of one kind. One query."""
    fetched = [
        value.field for value in rows.values if rows.model._meta.get_field(value.field).is_relation
    ]
    found = getattr(article, rows.accessor).all()
    if rows.is_claim:
        fetched.append("claim")
    return [
        {
            "uid": str(row.uid),
            **({"claim": row.claim.key if row.claim else None} if rows.is_claim else {}),
            **{value.name: _frozen(row, value) for value in rows.values},
        }
        for row in (found.select_related(*fetched) if fetched else found)
    ]


def _rows_of_one_sentence(article):
    """{list: frozen rows} of the kinds that are one sentence each, from their tables in one query.

    So more kinds cost no more. Under "words" comes the whole word list of the article's language,
    as (uid, word, meaning).
    """
    text, blank = CharField(), Value("", output_field=CharField())
    live = LiveArticle.objects.filter(article=OuterRef("page")).order_by().values("title")[:1]
    kinds = {rows.name: rows for rows in contents.OWN_ROWS if rows.is_one_sentence}

    def read(
        name,
        queryset,
        *,
        kind=blank,
        words=blank,
        claim=blank,
        leads_to=blank,
        called=blank,
        place="position",
    ):
        return (
            queryset.order_by()
            .annotate(
                listed_as=Value(name, output_field=text),
                said=kind,
                words=words,
                about=claim,
                leads_to=leads_to,
                called=called,
                place=F(place),
            )
            .values_list(
                "listed_as", "uid", "place", "pk", "said", "words", "about", "leads_to", "called"
            )
        )

    def read_kind(rows):
        names, columns = {value.name for value in rows.values}, {}
        if "text" in names:
            columns["words"] = _as_text("text")
        if "kind" in names:
            columns["kind"] = _as_text("kind")
        if "page" in names:
            columns |= {
                "leads_to": _as_text("page__uid"),
                "called": Coalesce(Subquery(live), blank, output_field=text),
            }
        if rows.is_claim:
            columns["claim"] = _as_text("claim__key")
        return read(rows.name, getattr(article, rows.accessor), **columns)

    of_its_language = GlossaryTerm.objects.filter(language=article.language)
    words = read(
        "words", of_its_language, place="id", words=_as_text("word"), kind=_as_text("meaning")
    )
    found = words.union(*map(read_kind, kinds.values()), all=True)
    lists = {name: [] for name in (*kinds, "words")}
    for name, uid, _place, _pk, kind, words, claim, leads_to, called in sorted(
        found, key=lambda row: row[2:4]
    ):
        if name == "words":
            lists[name].append((uid, words, kind))
            continue
        row = {"uid": str(uid)}
        if any(value.name == "text" for value in kinds[name].values):
            row["text"] = words
        if kinds[name].is_claim:
            row["claim"] = claim or None
        if kind:
            row["kind"] = kind
        if leads_to:
            row["page"] = {
                "uid": str(UUID(leads_to)),
                "title": called,
            }  # SQLite keeps a uid without its dashes
        lists[name].append(row)
    lists["steps"].sort(key=lambda row: list(Step.Phase.values).index(row["kind"]))
    return lists


def _as_text(field):
    return Coalesce(Cast(field, CharField()), Value("", output_field=CharField()))


def _evidence(article, content):
    """The claims that are shown, their links, and the references those name."""
    shown = {marked.key for marked in claims_in(content["body"])}
    shown.update(
        row["claim"] for _rows, row in contents.rows_that_are_claims(content) if row["claim"]
    )
    # A phrase whose marker was removed keeps its links in the draft, but is no longer said to
    # anyone.
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
        "references": [_values(references[uid], contents.REFERENCE) for uid in sorted(references)],
        "reading_list": reading_list,
    }


def _values(row, values):
    return {"uid": str(row.uid), **{value.name: _frozen(row, value) for value in values}}


def _claim(claim, links):
    return {
        **_values(claim, contents.CLAIM),
        "key": claim.key,
        "citations": [
            {**_values(link, contents.CITATION), "reference": str(link.reference.uid)}
            for link in links
        ],
    }


def _picture(picture):
    return {
        "uid": str(picture.uid),
        "alt": picture.alt_shown,
        "is_decorative": picture.is_decorative,
        "credit": picture.credit,
        "licence": picture.licence,
        "width": picture.width,
        "height": picture.height,
        "sha256": picture.sha256,
        "files": picture.renditions,
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
    for name in (
        "slug",
        "summary",
    ):  # of conditions; left out where empty, as in revisions older than they are
        if value := getattr(term, name, ""):
            shown[name] = value
    return shown


def _person(person):
    return {
        "uid": str(person.uid),
        "name": person.name,
        "role": person.role,
        "registration": person.registration,
    }


#: How a shared thing that a row points to is copied.
_COPIES = {
    Condition: _term,
    SideEffect: _term,
    Contraindication: _term,
    Person: _person,
    Picture: _picture,
}
