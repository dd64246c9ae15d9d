"""Take the demonstration article from a file to a page, through import, review and publishing.

Kinds of study are judged by title alone, and nobody has read the sources for this. The page says
so. Overviews and opinions cannot give more than very low certainty, so that is what claims have.
"""

from datetime import datetime
from pathlib import Path

from django.contrib.auth.models import User
from django.db import transaction

from articles import audit
from articles.drafts import edits
from articles.imports import making_drafts
from articles.models import (
    Article,
    AuditEntry,
    Certainty,
    Citation,
    Claim,
    ComparisonRow,
    GlossaryTerm,
    KeyPoint,
    Person,
    Publication,
    Recommendation,
    ReviewTask,
    Stance,
)
from articles.models.claims import Direction
from articles.publishing import publishing
from articles.review import checklists, reviewing
from articles.richtext.markers import mark_first, new_key
from references.models import Design, Reference

SLUG = "dry-needling"
SOURCE = Path(__file__).parent / "pages" / "dry-needling" / "text.md"

#: The seven sources: a short name for the tables below, the DOI, and the kind of study that the
#: title names.
SOURCES = {
    "overview-2006": ("10.1179/jmt.2006.14.4.70e", Design.NARRATIVE_REVIEW),
    "overview-2011": ("10.1179/106698111x13129729552065", Design.NARRATIVE_REVIEW),
    "opinion-2017": ("10.1136/bjsports-2016-096248", Design.OPINION),
    "overview-2008": ("10.1093/rheumatology/ken161", Design.NARRATIVE_REVIEW),
    "overview-2014": ("10.1179/108331913x13844245102034", Design.NARRATIVE_REVIEW),
    "debate-2015": ("10.1136/acupmed-2015-010911", Design.OPINION),
    "overview-2019": ("10.2147/jpr.s154728", Design.NARRATIVE_REVIEW),
}

#: The claims in the text, and the sources behind each.
CLAIMS_IN_TEXT = {
    "The physio puts a thin needle through your skin into a muscle.": [
        "overview-2006",
        "overview-2011",
    ],
    "It is not the same as acupuncture": ["debate-2015", "opinion-2017", "overview-2008"],
    "We do not know if dry needling eases pain for long.": ["overview-2014", "overview-2019"],
    "We do not know if it helps you move better.": ["overview-2014"],
    "Experts say to use it with exercise, not alone.": ["overview-2019", "overview-2014"],
    "You may feel a quick ache, or the muscle may jump.": ["overview-2006"],
}

#: Claims that say what the treatment is, or what experts say, and promise no effect.
FACTS = {
    "The physio puts a thin needle through your skin into a muscle.",
    "It is not the same as acupuncture",
    "Experts say to use it with exercise, not alone.",
}
#: Claims about harm.
HARMS = {"You may feel a quick ache, or the muscle may jump."}

#: The sources behind the rows, by kind of claim.
SOURCES_OF_ROWS = {
    Claim.Kind.CONDITION: ["overview-2014", "overview-2019"],
    Claim.Kind.INDICATION: ["overview-2006"],
    Claim.Kind.SIDE_EFFECT: ["overview-2014"],
    Claim.Kind.CONTRAINDICATION: ["overview-2006"],
    Claim.Kind.RECOMMENDATION: ["overview-2019"],
}
#: The two sources about acupuncture are only background.
BACKGROUND = {"overview-2008", "opinion-2017"}

#: What the import cannot know about a condition: its clinical name, and what it is.
CONDITIONS = {
    "pain deep in the buttock (piriformis syndrome)": (
        "Piriformis syndrome",
        "Pain deep in the buttock. A small muscle there is tight or sore.",
    ),
    "heel pain (plantar fasciitis)": (
        "Plantar fasciitis",
        "Pain under the heel. A strong band runs along the sole of the foot, and it is sore.",
    ),
    "knee pain from worn joints (osteoarthritis)": (
        "Osteoarthritis of the knee",
        "A knee that hurts and is stiff. The smooth lining of the joint is worn.",
    ),
}
#: Words of the article that the glossary explains.
GLOSSARY_TERMS = {
    "Trigger point": "A sore, tight spot in a muscle. It hurts when you press it.",
    "Acupuncture": (
        "Thin needles are put in set points on the body. The idea comes from old Chinese medicine."
    ),
    "Physio": "Short for physiotherapist: someone trained to help people move with less pain.",
}


@transaction.atomic
def publish_demonstration(*, writer: User, editor: User, at: datetime) -> Publication:
    """Publish the demonstration article, and return its publication.

    If it is published already, nothing changes.
    """
    publication = Publication.objects.newest().filter(slug=SLUG).first()
    if publication:
        return publication
    draft = making_drafts.import_article(
        SOURCE.read_bytes(), SOURCE.name, by=writer, at=at, allow_duplicate=True
    )
    article = draft.article
    _complete(article, writer, at)
    _cite_sources(article, writer, at)
    edits.record_edit(article, by=writer, at=at, summary="Completed and linked to evidence.")
    for citation in Citation.objects.filter(claim__article=article):
        reviewing.check_evidence(citation, by=editor, at=at)
    request = reviewing.submit(article, by=writer, at=at, note="The demonstration article.")
    questions = checklists.QUESTIONS[ReviewTask.Kind.CLINICAL]
    answers = {code: "yes" for code, _question in questions}
    reviewing.approve(request.revision, by=editor, at=at, answers=answers)
    return publishing.publish(request.revision, by=editor, at=at, change_note="First version.")


def _complete(article: Article, writer: User, at: datetime) -> None:
    """Add what an author adds after the import.

    That is who wrote it, whose view it is, what the table compares, and the shared terms.
    """
    article = Article.objects.get(pk=article.pk)
    article.is_demonstration = True
    article.written_by = writer.person
    article.funding = "Nobody paid for this page."
    article.conflicts = "Nothing. The people named here are made up."
    article.other_names = ["needling", "trigger point needling"]
    body = article.body
    for phrase in CLAIMS_IN_TEXT:
        body = mark_first(body, phrase, new_key())
    article.body = body
    article.save()
    edits.match_claims_to_text(article)
    last = article.keypoint_rows.order_by("-position", "-pk")[0]
    last.kind = KeyPoint.Kind.NEXT_STEP
    last.save()
    aspects = ("Where it comes from", "Where the needle goes")
    for row, aspect in zip(ComparisonRow.objects.filter(article=article), aspects, strict=True):
        row.aspect = aspect
        row.save()
    expert = Person.objects.create(
        name="Robin Example", role="Physiotherapist (made up for this example)"
    )
    Recommendation.objects.filter(article=article, kind="expert").update(expert=expert)
    audit.record(AuditEntry.Act.EDITED, expert, by=writer, at=at)
    _explain_terms(article, writer, at)


def _explain_terms(article: Article, writer: User, at: datetime) -> None:
    """Describe the conditions of the article, and add its words to the glossary."""
    for row in article.articlecondition_rows.select_related("condition"):
        condition = row.condition
        if condition.name in CONDITIONS and not condition.summary:
            condition.clinical_name, condition.summary = CONDITIONS[condition.name]
            condition.save()
            edits.record_edit(condition, by=writer, at=at)
    for word, meaning in GLOSSARY_TERMS.items():
        term, is_new = GlossaryTerm.objects.get_or_create(
            word=word, language=article.language, defaults={"meaning": meaning}
        )
        if is_new:
            edits.record_edit(term, by=writer, at=at)


def _cite_sources(article: Article, writer: User, at: datetime) -> None:
    """Give each claim its sources, its certainty and its direction."""
    references = {}
    for name, (doi_key, design) in SOURCES.items():
        reference = Reference.objects.get(doi_key=doi_key)
        if not reference.design:
            reference.design = design
            reference.save()
        references[name] = reference
    # The view of a named expert needs no source.
    expert_views = set(
        Recommendation.objects.filter(article=article, kind="expert").values_list(
            "claim_id", flat=True
        )
    )
    for claim in Claim.objects.filter(article=article):
        if claim.pk in expert_views:
            continue
        kind = Claim.Kind(claim.kind)
        is_in_text = kind == Claim.Kind.TEXT
        names = CLAIMS_IN_TEXT[claim.text] if is_in_text else SOURCES_OF_ROWS[kind]
        for position, name in enumerate(names):
            Citation.objects.create(
                claim=claim,
                reference=references[name],
                position=position,
                stance=Stance.BACKGROUND if name in BACKGROUND else Stance.SUPPORTS,
                # The pages of the whole work, because nobody looked up the exact page.
                locator_kind=Citation.Locator.PAGE,
                locator=references[name].page,
                added_by=writer,
            )
        claim.checked_text = claim.text
        if claim.text in FACTS:
            claim.direction = Direction.FACT
        else:
            claim.certainty, claim.rated_by, claim.rated_at = Certainty.VERY_LOW, writer, at
            is_harm = claim.kind == Claim.Kind.SIDE_EFFECT or claim.text in HARMS
            claim.direction = Direction.HARM if is_harm else Direction.BETTER
        claim.save()
