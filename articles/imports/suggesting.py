"""Sentences that look like claims. Suggested only: a person accepts them one by one."""

import re

from articles.richtext.markers import mark_first, new_key

from .parts import Block, SuggestedClaim
from .recognising import IN_TEXT_NUMBERS
from .roles import ROLES

_EFFECT = re.compile(
    r"\b(reduc\w+|reliev\w+|relief|helps?|improv\w+|increas\w+|eas(?:e|es|ing)|benefits?|effective|works?|safe|"
    r"prevents?|cures?|better|causes?)\b", re.I
)  # fmt: skip
_NO_CLAIM = re.compile(r"\A(here.?s|here is|if you|many people hear|and is|but what|always|ask|talk|tell)\b", re.I)
_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý“\"])")


def suggest(article, lines, roles):
    """The SuggestedClaims of an ImportedArticle whose blocks are made, in the order of the document.

    `lines` are the document's, `roles` {line number: role code}.
    """
    source = {line.number: line for line in lines}
    found = [*_in_text(article.blocks, source, has_references=bool(article.references))]
    if article.references:
        found += _in_rows(lines, roles)
    return sorted(found, key=lambda claim: claim.line)


def _in_text(blocks, source, *, has_references):
    for index, block in enumerate(blocks):
        before = blocks[index - 1] if index else None
        lead_in = _lead_in(before)
        if block.tag == "p":
            number, text, _ = block.items[0]
            two_before = _lead_in(blocks[index - 2]) if index > 1 else None
            if text[:1].islower() and before is not None and before.tag in {"ul", "ol"} and two_before:
                # A sentence that goes on after its list: said whole, or it says nothing.
                whole = f"{two_before[1]} {_listed(before)} {text}"
                if _EFFECT.search(whole):
                    items = [two_before, *before.items, block.items[0]]
                    yield SuggestedClaim(whole, number, (), "it speaks of an effect", _phrases(items))
            else:
                yield from _sentences(source[number], has_references)
        elif block.tag in {"ul", "ol"} and lead_in and _EFFECT.search(lead_in[1]):
            whole = f"{lead_in[1]} {_listed(block)}"
            reason = "a lead-in that speaks of an effect"
            yield SuggestedClaim(whole, lead_in[0], (), reason, _phrases([lead_in, *block.items]))


def _lead_in(block):
    """The item of a paragraph that introduces a list."""
    return block.items[0] if block is not None and block.tag == "p" and block.items[0][1].endswith(":") else None


def _listed(block):
    return ", ".join(text for _, text, _ in block.items)


def _phrases(items):
    return tuple((number, text) for number, text, _ in items)


def _sentences(line, has_references):
    for sentence in _SENTENCES.split(line.text):
        cited = tuple(number for found in IN_TEXT_NUMBERS.finditer(sentence) for number in numbers_in(found[1]))
        words = IN_TEXT_NUMBERS.sub("", sentence).strip() if has_references else sentence.strip()
        if not words:
            continue
        if cited:
            yield SuggestedClaim(words, line.number, cited, "it cites a reference", ((line.number, words),))
        elif words.endswith(".") and _EFFECT.search(words) and not _NO_CLAIM.match(words):
            yield SuggestedClaim(words, line.number, (), "it speaks of an effect", ((line.number, words),))


def _in_rows(lines, roles):
    for line in lines:
        cited = [number for found in IN_TEXT_NUMBERS.finditer(line.text) for number in numbers_in(found[1])]
        if cited and ROLES[roles[line.number]].is_claim:
            words = IN_TEXT_NUMBERS.sub("", line.text).strip()
            yield SuggestedClaim(words, line.number, tuple(cited), "it cites a reference")


def mark_claims(article, accepted):
    """(blocks, keys): the text of an ImportedArticle with the suggested claims of the ids `accepted` marked in it.

    `keys` is {claim id: claim key}. A claim whose words stand inside another that was accepted has none.
    """
    html = {number: marked for block in article.blocks for number, _, marked in block.items}
    keys = {}
    for claim in article.suggested_claims:
        if claim.id not in accepted:
            continue
        key = new_key()
        for number, words in claim.phrases:
            try:
                html[number] = mark_first(html[number], words, key)
            except LookupError:
                continue
            keys[claim.id] = key
    blocks = [
        Block(block.tag, tuple((number, text, html[number]) for number, text, _ in block.items))
        for block in article.blocks
    ]
    return blocks, keys


def numbers_in(text):
    """[1, 2, 3] from "1-3" or "1,2,3"; a backwards or huge range gives its ends."""
    for part in re.split(r"\s?,\s?", text):
        ends = [int(number) for number in re.split(r"\s?[–-]\s?", part)]
        yield from range(ends[0], ends[-1] + 1) if len(ends) == 2 and 0 <= ends[1] - ends[0] <= 30 else ends
