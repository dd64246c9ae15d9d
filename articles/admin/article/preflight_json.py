"""Where an author stands, as plain JSON values for the panel.

The publishing gate's own sentences.
"""

from articles import preflight
from articles.models import Certainty
from articles.preflight import reading_level
from articles.preflight.evidence import ceiling
from articles.preflight.wording import MAX_GRADE, MAX_WORDS
from articles.revisions import contents
from articles.richtext.cleaning import plain_text


def preflight_of_article(article, *, removed=()):
    """What the gate finds in the article's rows, with what cleaning took out of the text
    just now.
    """
    draft = preflight.DraftToCheck.of(article)
    claims = draft.content["claims"]
    keys = {claim["uid"]: claim["key"] for claim in claims}
    keys.update(
        {
            row["uid"]: row["claim"]
            for _rows, row in contents.rows_that_are_claims(draft.content)
            if row["claim"]
        }
    )
    return {
        "findings": [
            {
                "code": finding.code,
                "is_blocker": finding.is_blocker,
                "message": finding.message,
                "claim": keys.get(finding.place, ""),
            }
            for finding in preflight.check_draft(draft)
        ],
        "removed": [str(sentence) for sentence in removed],
        "ceilings": {
            claim["key"]: str(Certainty(ceiling(draft, claim)).label)
            for claim in claims
            if claim["citations"]
        },
        "reading": _reading(draft.content),
    }


def preflight_of_refused_form(context):
    """Why the form could not be saved as it stands; sentences, each with the label of its field."""
    form = context["adminform"].form
    sentences = []
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields and name != "evidence" else ""
        sentences += [f"{label}: {error}" if label else str(error) for error in errors]
    for inline in context["inline_admin_formsets"]:
        formset = inline.formset
        sentences += [str(error) for error in formset.non_form_errors()]
        for row in formset.forms:
            for name, errors in row.errors.items():
                label = row.fields[name].label if name in row.fields else ""
                sentences += [
                    f"{inline.opts.verbose_name}, {label}: {error}".capitalize() for error in errors
                ]
    is_stale = form.has_error("__all__", code="changed_meanwhile")
    return {"cannot_save": sentences, "is_stale": is_stale}


def _reading(content):
    """The reading level of the text.

    None where it cannot be measured (other languages, no sentence yet).
    """
    level = (
        reading_level.measure(plain_text(content["body"])) if content["language"] == "en" else None
    )
    if level is None or not level.sentences:
        return None
    return {
        "grade": round(level.grade, 1),
        "aim": MAX_GRADE,
        "hard_words": list(level.hard_words[:12]),
        "long_sentences": [sentence[:200] for sentence in level.long_sentences[:5]],
        "long_count": len(level.long_sentences),
        "most_words": MAX_WORDS,
    }
