"""Rules about words: they promise no more than the evidence."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from articles.models import Certainty
from articles.preflight.draft import DraftToCheck

from .registry import Found, blocks_unless_signed

#: Verbs and adjectives that promise an effect. `too_strong` says which certainty each list needs.
_SURE = re.compile(
    r"\b(works? best|works|proven|proves|cures?|prevents?|is effective|are"
    r" effective|best|guarantees?|eliminates?)\b",
    re.I,
)
_FAIRLY_SURE = re.compile(
    r"\b(probably|is likely to|leads to|reduces|improves|relieves|eases|helps|benefits)\b", re.I
)
_UNSURE = re.compile(r"\b(may|might|can|could)\b", re.I)
_WE_DO_NOT_KNOW = re.compile(
    r"\b(do not know|don.t know|not known|unclear|not sure|no good studies|may not|not tested)\b",
    re.I,
)


def first_overclaim(text: str, certainty: str) -> str:
    """Return the first word of `text` that promises more than `certainty` allows, or "".

    English only. "Works", "cures" and similar words need high certainty, "probably" and "eases"
    moderate. "May" is allowed at any certainty, and so is a text with "we do not know".
    """
    if _WE_DO_NOT_KNOW.search(text):
        return ""
    limits = [(_SURE, {Certainty.HIGH}), (_FAIRLY_SURE, {Certainty.HIGH, Certainty.MODERATE})]
    for words, enough in limits:
        if (
            certainty not in enough
            and (found := words.search(text))
            and not _is_hedged(text, words)
        ):
            return found[0]
    return ""


def _is_hedged(text, words):
    """Whether the text says "may" or "can": then "may ease" promises no more than "may"."""
    return words is _FAIRLY_SURE and bool(_UNSURE.search(text))


@blocks_unless_signed("claims_promise_no_more_than_their_evidence")
def claims_promise_no_more_than_their_evidence(draft: DraftToCheck) -> Iterator[Found]:
    if draft.content["language"] != "en":
        return
    for claim in draft.content["claims"]:
        if claim["kind"] == "text" and (word := first_overclaim(claim["text"], claim["certainty"])):
            yield (
                _(
                    "“%(word)s” in “%(text)s” is too sure for its certainty (%(rated)s). "
                    "Say “may”, or “we do not know if”."
                )
                % {
                    "word": word,
                    "text": claim["text"],
                    "rated": Certainty(claim["certainty"]).label,
                },
                claim["uid"],
            )
