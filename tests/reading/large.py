"""An article as large as they come, and one in Arabic: for what only size or script brings out."""

from articles.drafts import edits
from articles.models import ArticlePicture, Stance
from articles.models.claims import Direction
from articles.richtext.markers import mark_first, new_key
from tests.builders import (
    a_draft,
    a_picture,
    a_reference,
    an_image,
    link,
    set_claim,
    with_advice,
    with_condition,
    with_side_effect,
)

CLAIMS, REFERENCES, PICTURES = 120, 60, 10
#: Marked in the text; the rest are rows.
_IN_TEXT = 60


def a_large_draft(*, by=None, **fields):
    """A draft with 120 claims, 60 references that are all cited, and 10 pictures under
    their headings.
    """
    sentences = [
        f"Point {number} says what one study of knees and backs found."
        for number in range(_IN_TEXT)
    ]
    parts = [
        f"<h2>Part {part}</h2>"
        + "".join(f"<p>{sentence}</p>" for sentence in sentences[part * 6 : part * 6 + 6])
        for part in range(10)
    ]
    body = "".join(parts)
    for sentence in sentences:
        body = mark_first(body, sentence.rstrip("."), new_key())
    article = a_draft(
        by=by, body=body, **{"title": "A very long page", "slug": "very-long", **fields}
    )
    for number in range(20):
        with_condition(article, f"problem {number}", direction=Direction.BETTER)
    for number in range(19):
        count = {"n": number + 1, "base": 100, "unit": "visits"} if number % 2 else {}
        with_side_effect(article, f"effect {number}", is_serious=number > 15, **count)
    for number in range(10):
        with_advice(article, f"Keep moving, way {number}.", kind="do")
        with_advice(article, f"Do not rest, way {number}.", kind="dont")
    edits.match_claims_to_text(article)
    references = [
        a_reference() for _ in range(REFERENCES - 1)
    ]  # the contraindication of the draft has one too
    claims = list(article.claims.filter(citations=None).order_by("pk"))
    for number, claim in enumerate(claims):
        set_claim(claim, direction=claim.direction or Direction.BETTER)
        link(
            claim,
            references[number % len(references)],
            by=article.owner,
            quote="They found a small effect.",
        )
        link(
            claim,
            references[(number + 7) % len(references)],
            by=article.owner,
            stance=Stance.BACKGROUND,
        )
    for part in range(PICTURES):
        picture = a_picture(upload=an_image(800, 600), caption=f"What part {part} shows.")
        ArticlePicture.objects.create(
            article=article, picture=picture, heading=f"Part {part}", position=part
        )
    return article


def an_arabic_draft(*, by=None, **fields):
    """A draft whose own words are Arabic, with a Latin name in them."""
    article = a_draft(
        by=by,
        **{
            "title": "الوخز بالإبر الجافة",
            "slug": "الوخز-بالإبر",
            "summary": "يضع المعالج إبرة رفيعة في عضلة مؤلمة.",
            "body": "<h2>ما هو</h2><p>يضع المعالج إبرة رفيعة في العضلة. وقد يفيد بعض الناس.</p>",
            "language": "ar",
            "other_names": ["Dry needling"],
            **fields,
        },
    )
    article.keypoint_rows.all().delete()
    for position, (kind, text) in enumerate(
        [
            ("point", "لا نعرف بعد إن كان يخفف الألم."),
            ("point", "واصل الحركة."),
            ("next_step", "اسأل معالجك عنه."),
        ]
    ):
        article.keypoint_rows.create(kind=kind, text=text, position=position)
    article.helpadvice_rows.update(text="وجدت صعوبة في التنفس")
    article.question_rows.update(text="كم زيارة سأحتاج؟")
    row = with_condition(article, "ألم الرقبة", direction=Direction.BETTER)
    link(row.claim, a_reference(), by=article.owner)
    effect = with_side_effect(article, "كدمة صغيرة", n=8, base=100, unit="visits")
    link(set_claim(effect.claim, direction=Direction.HARM), a_reference(), by=article.owner)
    return article
