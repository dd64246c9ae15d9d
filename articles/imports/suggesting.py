"""Sentences that look like claims. Suggested only: a person accepts them one by one."""

import re

from articles.richtext.markers import mark_first, new_key

from .parts import Block, SuggestedClaim
from .roles import ROLES

_EFFECT = re.compile(
    r"\b(reduc\w+|reliev\w+|relief|helps?|improv\w+|increas\w+|eas(?:e|es|ing)|benefits?|effective|works?|safe|"
    r"prevents?|cures?|better|causes?)\b",
    re.I,
)
_NO_CLAIM = re.compile(
    r"\A(here.?s|here is|if you|many people hear|and is|but what|always|ask|talk|tell)\b", re.I
)


def suggest(article, lines, roles, sources):
    """The SuggestedClaims of an ImportedArticle whose blocks are made, in the order of the
    document.

    `lines` are the document's, `roles` {line number: role code}, `sources` what marks can mean.
    """
    source = {line.number: line.text for line in lines}
    found = [*_in_text(article.blocks, source, sources)]
    if article.references:
        found += _in_rows(lines, roles, sources)
    return sorted(found, key=lambda claim: claim.line)


def _in_text(blocks, source, sources):
    for index, block in enumerate(blocks):
        before = blocks[index - 1] if index else None
        lead_in = _lead_in(before)
        if block.tag == "p":
            number, text, _ = block.items[0]
            two_before = _lead_in(blocks[index - 2]) if index > 1 else None
            if (
                text[:1].islower()
                and before is not None
                and before.tag in {"ul", "ol"}
                and two_before
            ):
                # A sentence that goes on after its list: said whole, or it says nothing.
                whole = f"{two_before[1]} {_listed(before)} {text}"
                items = [two_before, *before.items, block.items[0]]
                yield from _whole(whole, number, items, source, sources, "it speaks of an effect")
            else:
                yield from _sentences(number, source[number], sources)
        elif block.tag in {"ul", "ol"} and lead_in and _EFFECT.search(lead_in[1]):
            whole = f"{lead_in[1]} {_listed(block)}"
            items = [lead_in, *block.items]
            reason = "a lead-in that speaks of an effect"
            yield from _whole(whole, lead_in[0], items, source, sources, reason)
        elif block.tag in {"ul", "ol"}:
            for number, _text, _html in block.items:
                claims = _sentences(number, source[number], sources)
                yield from (claim for claim in claims if claim.citations)


def _lead_in(block):
    """The item of a paragraph that introduces a list."""
    return (
        block.items[0]
        if block is not None and block.tag == "p" and block.items[0][1].endswith(":")
        else None
    )


def _listed(block):
    return ", ".join(text for _, text, _ in block.items)


def _whole(text, number, items, source, sources, reason):
    """The claim that a list and the words around it make together, with all that its lines cite."""
    cited = dict.fromkeys(one for line, _, _ in items for one in sources.cited_in(source[line]))
    notes = dict.fromkeys(note for line, _, _ in items for note in sources.notes_in(source[line]))
    if cited or _EFFECT.search(text):
        yield SuggestedClaim(text, number, tuple(cited), reason, _phrases(items), tuple(notes))


def _phrases(items):
    return tuple((number, text) for number, text, _ in items)


def _sentences(number, text, sources):
    for sentence in sources.sentences(text):
        cited = sources.cited_in(sentence)
        words = sources.without_marks(sentence).strip()
        if not words:
            continue
        if cited:
            reason = "it cites a reference"
        elif words.endswith(".") and _EFFECT.search(words) and not _NO_CLAIM.match(words):
            reason = "it speaks of an effect"
        else:
            continue
        notes = sources.notes_in(sentence)
        yield SuggestedClaim(words, number, cited, reason, ((number, words),), notes)


def _in_rows(lines, roles, sources):
    for line in lines:
        cited = sources.cited_in(line.text)
        if cited and ROLES[roles[line.number]].is_claim:
            words = sources.without_marks(line.text).strip()
            notes = sources.notes_in(line.text)
            yield SuggestedClaim(words, line.number, cited, "it cites a reference", (), notes)


def mark_claims(article, accepted):
    """(blocks, keys): the text of an ImportedArticle with the suggested claims of the ids
    `accepted` marked in it.

    `keys` is {claim id: claim key}. A claim whose words stand inside another that was accepted has
    none.
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
