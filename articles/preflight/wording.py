"""Rules about words: no sentence that a reader gets is surer than its evidence.

Which words promise something is in articles.preflight.overclaims, which texts readers get in
articles.preflight.carried_texts.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Certainty
from articles.preflight.draft import DraftToCheck
from articles.revisions.frozen_content import FrozenClaim
from articles.richtext import weighty_words

from .carried_texts import CarriedText, Carrier
from .overclaims import Force, Hedge, Promise, promises, rank_needed, rank_of
from .overclaims.sentences import sentences_of
from .registry import Found, blocks_unless_signed, hints

_MOST_NAMED = 5


@blocks_unless_signed(
    "claims_promise_no_more_than_their_evidence",
    many=gettext_lazy(
        "%(count)s sentences are surer than their evidence. Reword each, or sign for it."
    ),
)
def claims_promise_no_more_than_their_evidence(draft: DraftToCheck) -> Iterator[Found]:
    found: dict[str, list[str]] = {}
    for text in draft.texts:
        for promise in _promises(text.text, draft.content["language"]):
            claim = text.claim_at(promise.start, promise.end)
            if text.carrier is Carrier.PAGE or not claim or not _is_too_much(promise, claim):
                continue
            place = text.place if text.carrier is Carrier.CLAIM else claim["uid"]
            found.setdefault(place, []).append(_too_sure(promise, text, claim))
    yield from _one_for_each_place(found)


@blocks_unless_signed(
    "summary_promises_no_more_than_the_claims",
    many=gettext_lazy(
        "%(count)s sentences of the title, the summary and the key points are surer"
        " than the claims of the page. Reword each, or sign for it."
    ),
)
def summary_promises_no_more_than_the_claims(draft: DraftToCheck) -> Iterator[Found]:
    """Title, summary and key points are held against the surest claim of the page."""
    found: dict[str, list[str]] = {}
    for text in draft.texts:
        if text.carrier is not Carrier.PAGE:
            continue
        for promise in _promises(text.text, draft.content["language"]):
            if text.claim is None:
                if promise.hedge > Hedge.POSSIBLY:
                    found.setdefault(text.place, []).append(_carried_by_nothing(promise, text))
            elif (
                not _is_counted_in_a_claim(promise, draft.content["claims"])
                if promise.kind is Force.COUNT
                else _is_too_much(promise, text.claim)
            ):
                found.setdefault(text.place, []).append(_surer_than_the_page(promise, text))
    yield from _one_for_each_place(found)


@blocks_unless_signed(
    "effects_are_claims",
    many=gettext_lazy(
        "%(count)s sentences promise an effect, and no evidence stands behind them. Say"
        " each as a claim with its evidence, say it without the promise, or sign for"
        " it."
    ),
)
def effects_are_claims(draft: DraftToCheck) -> Iterator[Found]:
    """Outside of claims, no sentence promises an effect: nothing stands behind it."""
    found: dict[str, list[str]] = {}
    for text, promise in _promises_without_claim(draft):
        if promise.hedge > Hedge.POSSIBLY:
            found.setdefault(text.place, []).append(_carried_by_nothing(promise, text))
    yield from _one_for_each_place(found)


@hints(
    "possible_effects_are_claims",
    many=gettext_lazy(
        "%(count)s sentences speak of an effect. Mark each as a claim and link its evidence."
    ),
)
def possible_effects_are_claims(draft: DraftToCheck) -> Iterator[Found]:
    """ "May help" without evidence is a hint only: so careful a sentence seldom does harm."""
    found: dict[str, list[str]] = {}
    for text, promise in _promises_without_claim(draft):
        if promise.hedge is Hedge.POSSIBLY:
            found.setdefault(text.place, []).append(
                _("Mark “%(text)s” as a claim and link its evidence: it speaks of an effect.")
                % {"text": _sentence(text, promise)}
            )
    yield from _one_for_each_place(found)


@hints(
    "plain_words_are_kept_for_high_certainty",
    many=gettext_lazy(
        "%(count)s claims of moderate certainty are put as if it were high. Say “probably” in each."
    ),
)
def plain_words_are_kept_for_high_certainty(draft: DraftToCheck) -> Iterator[Found]:
    for text in draft.texts:
        for promise in _promises(text.text, draft.content["language"]):
            claim = text.claim_at(promise.start, promise.end)
            if (
                text.carrier is not Carrier.PAGE
                and claim
                and (promise.kind, promise.hedge) == (Force.EFFECT, Hedge.PLAINLY)
                and claim["certainty"] == Certainty.MODERATE
            ):
                yield Found(
                    _("Say “probably” beside “%(word)s” in “%(text)s”: its certainty is moderate.")
                    % {"word": promise.words, "text": _sentence(text, promise)},
                    claim["uid"],
                )


def _promises_without_claim(draft: DraftToCheck) -> Iterator[tuple[CarriedText, Promise]]:
    for text in draft.texts:
        if text.carrier is Carrier.NOTHING:
            for promise in _promises(text.text, draft.content["language"]):
                if text.claim_at(promise.start, promise.end) is None:
                    yield text, promise


@lru_cache(maxsize=4096)
def _promises(text: str, language: str) -> tuple[Promise, ...]:
    """What `text` promises. The panel asks at every pause of the writer, for the same texts."""
    return tuple(promises(text, language))


def _is_too_much(promise: Promise, claim: FrozenClaim) -> bool:
    if promise.kind is Force.COUNT:
        return not any(citation["stance"] == "supports" for citation in claim["citations"])
    return rank_needed(promise) > rank_of(claim["certainty"])


def _is_counted_in_a_claim(promise: Promise, claims: list[FrozenClaim]) -> bool:
    """Does a claim that a study supports say the same numbers?"""
    numbers = _numbers_in(promise.words)
    return any(
        numbers <= _numbers_in(claim["text"])
        for claim in claims
        if any(citation["stance"] == "supports" for citation in claim["citations"])
    )


def _numbers_in(text: str) -> set[str]:
    """The numbers of `text`, in figures or words, and "half" and "%"."""
    words = re.findall(r"\d+(?:[.,]\d+)?|%|[^\W\d_]+", text.lower())
    return {
        word for word in words if not word.isalpha() or weighty_words.kind_of_word(word) == "number"
    }


def _one_for_each_place(found: dict[str, list[str]]) -> Iterator[Found]:
    """One message a place: who signs for it signs for all that it says."""
    for place, sentences in found.items():
        different = list(dict.fromkeys(sentences))
        yield Found(" ".join(different[:_MOST_NAMED]), place, number=len(different))


def _too_sure(promise, text, claim):
    if advice := _whatever_the_certainty(promise, text):
        return advice
    return _("“%(word)s” in “%(text)s” is too sure for its certainty (%(rated)s). %(advice)s") % {
        "word": promise.words,
        "text": _sentence(text, promise),
        "rated": Certainty(claim["certainty"]).label,
        "advice": _advice(claim["certainty"]),
    }


def _surer_than_the_page(promise, text):
    if advice := _whatever_the_certainty(promise, text):
        return advice
    return _(
        "“%(word)s” in “%(text)s” is surer than the surest claim of the page (%(rated)s)."
        " %(advice)s"
    ) % {
        "word": promise.words,
        "text": _sentence(text, promise),
        "rated": Certainty(text.claim["certainty"]).label,
        "advice": _advice(text.claim["certainty"]),
    }


def _carried_by_nothing(promise, text):
    if advice := _whatever_the_certainty(promise, text):
        return advice
    return _(
        "“%(word)s” in “%(text)s” promises an effect, and no evidence stands behind it. Say it as a"
        " claim with its evidence, say it without the promise, or sign for it."
    ) % {"word": promise.words, "text": _sentence(text, promise)}


def _whatever_the_certainty(promise, text):
    """What to do about words that no certainty carries; "" for other words."""
    values = {"word": promise.words, "text": _sentence(text, promise)}
    if promise.kind is Force.COUNT:
        return (
            _("Link the study that counted “%(word)s” in “%(text)s”, or take the count out.")
            % values
        )
    if promise.kind is Force.ABSOLUTE and promise.hedge is Hedge.PLAINLY:
        return (
            _(
                "Take “%(word)s” out of “%(text)s”: no evidence is sure enough for it. Say what was"
                " seen, and how often."
            )
            % values
        )
    return ""


def _advice(certainty):
    if certainty == Certainty.MODERATE:
        return _("Say “probably”.")
    if certainty in {Certainty.LOW, Certainty.NOT_RATED}:
        return _("Say “may”, or “we do not know if”.")
    return _("Say “we do not know if”.")


def _sentence(text, promise):
    """The sentence of the text that holds the promise."""
    sentences = sentences_of(text.text)
    return next(one.text for one in reversed(sentences) if one.start <= promise.start).strip()
