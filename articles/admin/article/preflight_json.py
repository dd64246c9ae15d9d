"""The check messages of the preflight as JSON values, for the panel beside the editor."""

from django.utils.text import capfirst

from articles import preflight
from articles.models import Certainty
from articles.preflight.evidence import ceiling
from articles.preflight.readability import readability_of
from articles.revisions import contents


def preflight_of_article(article, user, *, removed=()):
    """Return what to do about the draft of `article`, its ceilings and reading level.

    The words are those for `user`. `removed` are sentences about what cleaning just took out of the
    text.
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
        "lines": [
            {
                "message": line.words,
                "findings": [
                    {
                        "code": message.code,
                        "is_blocker": message.is_blocker,
                        "message": sentence,
                        "claim": keys.get(message.place, ""),
                    }
                    for message, sentence in zip(line.messages, line.sentences, strict=True)
                ],
            }
            for line in preflight.lines_for(user, preflight.check_draft(draft))
        ],
        "removed": [str(sentence) for sentence in removed],
        "ceilings": {
            claim["key"]: str(Certainty(ceiling(draft, claim)).label)
            for claim in claims
            if claim["citations"]
        },
        "reading": _reading(draft),
    }


def preflight_of_refused_form(context):
    """Return why the form cannot be saved: sentences, each with the label of its field."""
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
                which = ", ".join(filter(None, map(str, (inline.opts.verbose_name, label))))
                sentences += [f"{capfirst(which)}: {error}" for error in errors]
    is_stale = form.has_error("__all__", code="changed_meanwhile")
    return {"cannot_save": sentences, "is_stale": is_stale}


def _reading(draft):
    """Return how easy the page is to read; None before its first sentence."""
    readability = readability_of(draft)
    if not readability.page.sentences:
        return None
    return {
        "figure": readability.figure,
        "hard_words": list(readability.hard_words[:12]),
    }
