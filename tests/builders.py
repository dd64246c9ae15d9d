"""Complete, valid things, made through the public functions.

A test says only what matters to it.
"""

import io
import itertools
from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import Group, User
from PIL import Image

from articles.drafts import edits
from articles.models import (
    Article,
    ArticleCondition,
    ArticleContraindication,
    ArticlePicture,
    ArticleSideEffect,
    Certainty,
    Citation,
    Claim,
    Condition,
    Contraindication,
    Finding,
    GlossaryTerm,
    HelpAdvice,
    KeyPoint,
    Person,
    Question,
    Recommendation,
    SideEffect,
    Stance,
)
from articles.pictures import storage
from articles.publishing import publishing
from articles.review import checklists, reviewing
from articles.richtext.markers import mark_first, new_key
from physiohub import roles
from references.models import Design, Reference

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
_count = itertools.count(1)


def a_user(role=None, **fields):
    number = next(_count)
    user = User.objects.create_user(
        **{
            "username": f"user{number}",
            "first_name": "Sam",
            "last_name": f"Nguyen {number}",
            "is_staff": True,
            **fields,
        }
    )
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def a_clinician(**fields):
    return a_user(roles.CLINICIAN, **fields)


def an_editor(**fields):
    return a_user(roles.EDITOR, **fields)


def a_superuser(**fields):
    return a_user(**{"is_superuser": True, **fields})


def a_person(**fields):
    return Person.objects.create(
        **{"name": f"Alex Rivera {next(_count)}", "role": "Physiotherapist", **fields}
    )


def a_reference(**fields):
    number = next(_count)
    csl = {
        "type": "article-journal",
        "title": f"Trial number {number}",
        "author": [{"family": "Osei", "given": "A"}],
        "container-title": "Journal of Examples",
        "issued": {"date-parts": [[2020]]},
        "volume": "7",
        "page": f"{number}-{number + 9}",
        "DOI": f"10.5555/example.{number}",
    }
    return Reference.objects.create(**{"csl": csl, "design": Design.NARRATIVE_REVIEW, **fields})


def a_draft(
    *, by=None, at=NOON, body="<p>It uses a thin needle. It may suit some people.</p>", **fields
):
    """A draft with every part a page must have, and no claim but that of its contraindication."""
    number = next(_count)
    by = by or a_clinician()
    article = Article.objects.create(
        **{
            "title": f"Treatment {number}",
            "slug": f"treatment-{number}",
            "summary": "A treatment for sore muscles.",
            "body": body,
            "owner": by,
            "written_by": a_person(),
            **fields,
        }
    )
    KeyPoint.objects.create(article=article, text="It can leave you sore for a day.")
    KeyPoint.objects.create(article=article, position=1, text="Keep moving.")
    KeyPoint.objects.create(
        article=article, position=2, kind="next_step", text="Ask your physio about it."
    )
    HelpAdvice.objects.create(article=article, kind="now", text="you find it hard to breathe")
    Question.objects.create(article=article, text="How many visits will I need?")
    row = ArticleContraindication.objects.create(
        article=article, contraindication=a_contraindication()
    )
    link(row.claim, a_reference(), by=by)
    edits.match_claims_to_text(article)
    edits.record_edit(article, by=by, at=at)
    return article


def a_contraindication(name=None):
    return Contraindication.objects.create(name=name or f"an infection {next(_count)}")


def a_condition(name=None):
    number = next(_count)
    return Condition.objects.create(name=name or f"sore neck {number}", slug=f"sore-neck-{number}")


def with_condition(article, name=None, **claim_fields):
    """The row of a condition the treatment is tried for; its claim takes `claim_fields`."""
    row = ArticleCondition.objects.create(article=article, condition=a_condition(name))
    set_claim(row.claim, **claim_fields)
    return row


def with_side_effect(article, name=None, **fields):
    effect = SideEffect.objects.create(name=name or f"a bruise {next(_count)}")
    return ArticleSideEffect.objects.create(article=article, side_effect=effect, **fields)


def with_finding(article, outcome="knee pain", **fields):
    """A finding of points on a scale; its claim has the fields that begin with "claim_"."""
    of_claim = {
        name.removeprefix("claim_"): value
        for name, value in fields.items()
        if name.startswith("claim_")
    }
    values = {
        "intervention": "exercise",
        "comparator": "no exercise",
        "direction": "better",
        "kind": "scale",
        "scale_low": 0,
        "scale_low_words": "no pain",
        "scale_high": 100,
        "scale_high_words": "worst pain",
        "better": "low",
        "without_value": 44,
        "with_value": 32,
        **{name: value for name, value in fields.items() if not name.startswith("claim_")},
    }
    finding = Finding.objects.create(article=article, outcome=outcome, **values)
    if of_claim:
        set_claim(finding.claim, **of_claim)
    return finding


def with_count(article, outcome="side effect", **fields):
    """A finding of people counted."""
    scale = dict.fromkeys(("scale_low", "scale_high"))
    scale |= dict.fromkeys(("scale_low_words", "scale_high_words"), "")
    return with_finding(
        article,
        outcome,
        **{
            "kind": "count",
            "unit": "people",
            "base": 100,
            "happened": "had a side effect",
            "without_value": 8,
            "with_value": 31,
            "direction": "worse",
            **scale,
            **fields,
        },
    )


def with_advice(article, text="Keep moving.", **fields):
    return Recommendation.objects.create(article=article, text=text, **fields)


def mark(article, phrase, **claim_fields):
    """The claim made by marking `phrase` in the article's body."""
    key = new_key()
    article.body = mark_first(article.body, phrase, key)
    article.save()
    edits.match_claims_to_text(article)
    return set_claim(Claim.objects.get(article=article, key=key), **claim_fields)


def set_claim(claim, **fields):
    for name, value in fields.items():
        setattr(claim, name, value)
    claim.save()
    return claim


def link(claim, reference, *, by=None, stance=Stance.SUPPORTS, checked_by=None, **fields):
    """Evidence for a claim, where to look given, checked by nobody unless said."""
    citation = Citation.objects.create(
        claim=claim,
        reference=reference,
        stance=stance,
        added_by=by,
        **{"locator_kind": "page", "locator": "3", **fields},
    )
    claim.checked_text = claim.text
    if claim.certainty == Certainty.NOT_RATED:
        claim.certainty = Certainty.VERY_LOW
    claim.save()
    if checked_by:
        reviewing.check_evidence(citation, by=checked_by, at=NOON)
    return citation


def edited(article, *, summary="Another summary.", by=None):
    """The article with another summary, by its owner."""
    article.refresh_from_db()
    article.summary = summary
    article.save()
    edits.record_edit(article, by=by or article.owner, at=LATER)
    return article


def agreed(kind="clinical"):
    """{code: "yes"} for every question of the checklist of a point of view."""
    return {code: "yes" for code, _question in checklists.QUESTIONS[kind]}


def agreed_in_form(kind="clinical"):
    """The same as the form of the review page sends it, with the point of view."""
    return {"kind": kind, **{f"answer-{kind}-{code}": "yes" for code in agreed(kind)}}


def approved(revision, *, by, at=NOON, task=None, **how):
    """The decision of `by` that this text may go out, with each question answered."""
    answers = agreed(task.kind if task else "clinical")
    return reviewing.approve(revision, by=by, at=at, task=task, **{"answers": answers, **how})


def reviewed(article, *, by=None, editor=None, at=NOON):
    """(revision, editor): evidence checked, submitted and approved by an editor who did not
    touch it.
    """
    editor = editor or an_editor()
    for citation in Citation.objects.filter(claim__article=article, checked_by=None):
        reviewing.check_evidence(citation, by=editor, at=at)
    request = reviewing.submit(article, by=by or article.owner, at=at)
    approved(request.revision, by=editor, at=at)
    return request.revision, editor


def published(article=None, *, at=NOON, change_note="", **fields):
    """The publication of an article that went the whole way."""
    article = article or a_draft(**fields)
    revision, editor = reviewed(article, at=at)
    return publishing.publish(revision, by=editor, at=at, change_note=change_note)


def an_image(width=900, height=600, *, format="JPEG", colour=None, **how):
    """The bytes of a picture file; no two are alike unless a colour is given."""
    image = Image.new(
        "RGB", (width, height), colour or (next(_count) % 256, 90, next(_count) % 256)
    )
    out = io.BytesIO()
    image.save(out, format, **how)
    return out.getvalue()


def a_picture(*, upload=None, by=None, at=NOON, **fields):
    words = {"alt": f"A physio holds a knee {next(_count)}.", "licence": "CC BY 4.0", **fields}
    return storage.add(upload or an_image(width=500, height=400), by=by, at=at, **words)


def with_picture(article, picture=None, **fields):
    return ArticlePicture.objects.create(article=article, picture=picture or a_picture(), **fields)


def a_full_article(*, by=None, at=NOON, **fields):
    """A draft in which everything a page can say is said: no key of its frozen content is empty.

    It is a translation, because only those say what they were made from, and it leads to live
    pages.
    """
    by = by or a_clinician()
    original = published(language="es").article
    other, more = published(title="Exercise").article, published(title="Rest").article
    article = a_draft(
        by=by,
        at=at,
        **{
            "title": "Warmth for a stiff back",
            "kicker": "Physio at home",
            "other_names": ["heat pack", "thermotherapy"],
            "summary": "A warm pack for sore muscles.",
            "body": (
                "<p>Warmth is heat on the skin. It may suit some people.</p>"
                "<h2>What you feel</h2><p>The muscle goes soft. A spasm may ease.</p>"
            ),
            "compared_with": "Doing nothing",
            "evidence_searched_on": NOON.date(),
            "funding": "The hospital paid for this page.",
            "conflicts": "The writer sells no warm packs.",
            "is_demonstration": True,
            "translation_of": original,
            "translated_from": original.revisions.get(),
            "translated_on": NOON.date(),
            "written_by": a_person(registration="PT 1234"),
            **fields,
        },
    )
    article.tags.add("back", "heat")
    _fill_lists(article, other, more)
    _fill_claims(article, by)
    GlossaryTerm.objects.get_or_create(
        word="spasm", language=article.language, defaults={"meaning": "A muscle that is tight."}
    )
    article.reading_entries.create(reference=a_full_reference())
    edits.match_claims_to_text(article)
    edits.record_edit(article, by=by, at=at)
    return Article.objects.get(pk=article.pk)


def a_full_reference(**fields):
    """A reference that says all a reference can say of itself."""
    number = next(_count)
    return a_reference(
        **{
            "pmid": str(30_000_000 + number),
            "pmcid": f"PMC{7_000_000 + number}",
            "url": f"https://example.org/{number}",
            "free_url": f"https://example.org/{number}/free",
            "peer_reviewed": True,
            **fields,
        }
    )


def _fill_lists(article, other, more):
    HelpAdvice.objects.create(article=article, position=1, kind="today", text="your skin is red")
    HelpAdvice.objects.create(article=article, position=2, kind="routine", text="it does not help")
    article.comparisonrow_rows.create(aspect="Cost", here="A few coins", there="Nothing")
    for position, kind in enumerate(("before", "during", "after")):
        article.step_rows.create(position=position, kind=kind, text=f"What you do {kind} it.")
    article.alternative_rows.create(text="Moving more.", page=other)
    article.alternative_rows.create(position=1, text="Doing nothing.")
    article.relatedpage_rows.create(page=more)
    article.usertest_rows.create(
        tested_on=NOON.date(), people=4, who="Four people who sit.", changed="We cut two lines."
    )
    article.checklistanswer_rows.create(
        code="discern-10", answer="no", reason="Too vague.", product_said="yes"
    )
    article.checklistanswer_rows.create(position=1, code="discern-1", answer="yes")
    with_picture(
        article, a_picture(credit="Kim Lee", caption="A pack."), caption="A warm pack on a back."
    )
    with_picture(article, position=1, heading="What you feel")


def _fill_claims(article, by):
    number = next(_count)
    codes = {"icd10": "M54.5", "snomed_ct": "161891005"}
    condition = Condition.objects.create(
        name=f"stiff back {number}",
        slug=f"stiff-back-{number}",
        clinical_name="lumbar stiffness",
        other_names=["tight back"],
        summary="A back that is hard to bend.",
        body_part="back",
        **codes,
    )
    effect = SideEffect.objects.create(
        name=f"red skin {number}", clinical_name="erythema", other_names=["flush"], **codes
    )
    reason = Contraindication.objects.create(
        name=f"numb skin {number}", clinical_name="anaesthesia", other_names=["no feeling"], **codes
    )
    text = mark(
        article,
        "It may suit some people",
        population="adults",
        outcome="pain",
        comparator="no heat",
        direction="better",
        size="small",
        certainty="low",
        certainty_reasons=["imprecision"],
        certainty_note="Only one small trial.",
    )
    rows = [
        ArticleCondition.objects.create(article=article, condition=condition, note="For a week."),
        article.indication_rows.create(text="Adults with a stiff back"),
        ArticleSideEffect.objects.create(
            article=article,
            side_effect=effect,
            n=8,
            base=100,
            unit="people",
            how_long="lasts a day",
            what_to_do="Cool it with a wet cloth.",
            note="It fades.",
        ),
        with_side_effect(
            article, position=1, is_serious=True, note="Rare.", what_to_do="Call your doctor."
        ),
        ArticleContraindication.objects.create(
            article=article,
            position=1,
            contraindication=reason,
            action="ask_first",
            note="Ask your doctor.",
        ),
        with_advice(article, "Move after it."),
        with_advice(article, "Do not sleep on it.", kind="dont", position=1),
        with_advice(
            article, "I like it.", kind="expert", expert=a_person(registration="PT 9"), position=2
        ),
    ]
    rows += _all_kinds_of_findings(article, effect)
    whole = {
        "design": "rct",
        "population_match": "same",
        "effect": {"measure": "MD", "value": -1.5},
        "source_certainty": "Low",
        "source_scheme": "GRADE",
        "includes_retracted": True,
        "quote": "Pain fell by a little.",
        "quote_language": "en",
        "note_public": "One small trial.",
        "note_private": "Look for a newer one.",
    }
    for claim in (text, *(row.claim for row in rows)):
        link(claim, a_full_reference(design="rct"), by=by, **whole)
    against = {"stance": "contradicts", "quote": "It did nothing."}
    link(text, a_full_reference(), by=by, **against)


def _all_kinds_of_findings(article, effect):
    """Findings in which everything is said that a finding can say."""
    said = {
        "population": "adults with a stiff back",
        "time": "6 weeks",
        "people": 812,
        "studies": 6,
        "outcome_term": "stiffness",
        "as_reported": "MD -12 (-15 to -10)",
        "note": "They wore it by day.",
    }
    return [
        with_finding(
            article,
            "stiffness",
            size="large",
            difference=-12,
            low=-15,
            high=-10,
            interval_of="difference",
            mid=10,
            mid_source="Example 2020",
            scale_name="Made-up stiffness scale",
            is_converted=True,
            claim_certainty="low",
            **said,
        ),
        with_count(
            article,
            "red skin",
            position=1,
            side_effect=effect,
            low=20,
            high=40,
            interval_of="with",
            show_interval=True,
            starting_risks=[
                {"label": "Thin skin", "without": "10", "with": "40", "low": "30", "high": "50"}
            ],
            claim_certainty="low",
            **said,
        ),
        with_count(
            article,
            "sleep",
            position=2,
            is_derived=True,
            happened="slept well",
            better="high",
            direction="better",
            **said,
        ),
    ]
