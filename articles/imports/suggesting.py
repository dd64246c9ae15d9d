"""Find sentences that look like claims. A person accepts them one by one."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from articles.richtext.markers import mark_first, new_key

from .citations import Sources
from .documents import DocumentLine
from .parts import Block, ImportedArticle, ImportedCitation, Item, SuggestedClaim
from .roles import ROLES
from .tables import BETWEEN_CELLS

_EFFECT = re.compile(
    r"\b(reduc\w+|reliev\w+|relief|helps?|improv\w+|increas\w+|eas(?:e|es|ing)|benefits?|effective|works?|safe|"
    r"prevents?|cures?|better|causes?)\b",
    re.I,
)
_HAS_WORDS = re.compile(r"[^\W\d_]{2}")
_WORD_OF_A_NAME = re.compile(r"\w+(?:[-’']\w+)*")
_BESIDE_A_NAME = frozenset({"et", "al"})
_NOT_A_CLAIM = re.compile(
    r"\A(here.?s|here is|if you|many people hear|and is|but what|always|ask|talk|tell)\b", re.I
)


def suggest(
    article: ImportedArticle,
    lines: Sequence[DocumentLine],
    roles: Mapping[int, str],
    sources: Sources,
) -> list[SuggestedClaim]:
    """Return the claims that `article` seems to make, in the order of the document.

    The blocks and references of `article` must be there already. `lines` are those of the
    document, and `roles` is {line number: role code}.
    """
    texts = {line.number: line.text for line in lines}
    found = [*_claims_in_text(article.blocks, texts, sources)]
    if article.references:
        found += _claims_in_rows(lines, roles, sources)
    return sorted(found, key=lambda claim: claim.line)


def _claims_in_text(
    blocks: Sequence[Block], texts: Mapping[int, str], sources: Sources
) -> Iterator[SuggestedClaim]:
    for index, block in enumerate(blocks):
        if block.tag == "p":
            yield from _claims_in_paragraph(blocks, index, texts, sources)
        elif block.tag in {"ul", "ol"}:
            lead_in = _lead_in(blocks[index - 1]) if index else None
            yield from _claims_in_list(block, lead_in, texts, sources)
        elif block.tag == "table":
            yield from _claims_in_table(block, texts, sources)


def _claims_in_paragraph(
    blocks: Sequence[Block], index: int, texts: Mapping[int, str], sources: Sources
) -> Iterator[SuggestedClaim]:
    item = blocks[index].items[0]
    number, text, _html = item
    items = blocks[index - 1] if index and blocks[index - 1].tag in {"ul", "ol"} else None
    lead_in = _lead_in(blocks[index - 2]) if index > 1 else None
    if items and lead_in and text[:1].islower():
        # This sentence began before the list and goes on after it. Only the whole of it is a claim.
        sentence = f"{lead_in[1]} {_items_in_words(items)} {text}"
        lines = [lead_in, *items.items, item]
        reason = "it speaks of an effect"
        yield from _claim_with_list(sentence, number, lines, texts, sources, reason)
    else:
        yield from _claims_in_line(number, texts[number], sources)


def _claims_in_list(
    block: Block, lead_in: Item | None, texts: Mapping[int, str], sources: Sources
) -> Iterator[SuggestedClaim]:
    if lead_in and _EFFECT.search(lead_in[1]):
        sentence = f"{lead_in[1]} {_items_in_words(block)}"
        lines = [lead_in, *block.items]
        reason = "a lead-in that speaks of an effect"
        yield from _claim_with_list(sentence, lead_in[0], lines, texts, sources, reason)
        return
    for number, _text, _html in block.items:
        claims = _claims_in_line(number, texts[number], sources)
        yield from (claim for claim in claims if claim.citations)


def _claims_in_table(
    block: Block, texts: Mapping[int, str], sources: Sources
) -> Iterator[SuggestedClaim]:
    """Suggest the sentences that cite a reference. Heads and captions are no sentences.

    A cell in which nothing but a citation stands cites for its row: for the last sentence of the
    row that cites, else for all words of the row.
    """
    for number, _text, html in block.items:
        if "<td" not in html:
            continue
        cells = texts[number].split(BETWEEN_CELLS)
        citing = [_citations_of_cell(cell, sources) for cell in cells]
        claims = [
            claim
            for cell, own in zip(cells, citing, strict=True)
            if not own
            for claim in _claims_in_line(number, cell, sources)
            if claim.citations
        ]
        for_the_row = tuple(dict.fromkeys(one for own in citing for one in own))
        if for_the_row and claims:
            together = dict.fromkeys([*claims[-1].citations, *for_the_row])
            claims[-1] = replace(claims[-1], citations=tuple(together))
        elif for_the_row:
            words = [
                sources.without_citation_marks(cell).strip()
                for cell, own in zip(cells, citing, strict=True)
                if not own and _HAS_WORDS.search(cell)
            ]
            if words:
                phrases = tuple((number, one) for one in words)
                text = ": ".join([words[0], *([", ".join(words[1:])] if words[1:] else [])])
                reason = "its row cites a reference"
                claims = [SuggestedClaim(text, number, for_the_row, reason, phrases)]
        yield from claims


def _citations_of_cell(cell: str, sources: Sources) -> tuple[ImportedCitation, ...]:
    """Return what a cell cites that holds nothing else, and nothing for other cells.

    It holds only marks, or names what they cite: "[1], [2]", "Beyer 2015", "Beyer et al. [1]".
    """
    for text in (cell, f"({cell})"):
        marks = sources.marks_in(text)
        rest, reached = "", 0
        for mark in marks:
            rest, reached = rest + text[reached : mark.start], mark.end
        words = set(_WORD_OF_A_NAME.findall((rest + text[reached:]).casefold()))
        citations = sources.cited_in(text) if marks else ()
        named = {word for one in citations for word in one.said.casefold().split()}
        if citations and words <= named | _BESIDE_A_NAME:
            return citations
    return ()


def _lead_in(block: Block | None) -> Item | None:
    """Return the item of a paragraph that introduces a list; None where `block` is not one."""
    if block is None or block.tag != "p" or not block.items[0][1].endswith(":"):
        return None
    return block.items[0]


def _items_in_words(block: Block) -> str:
    return ", ".join(text for _, text, _ in block.items)


def _claim_with_list(
    text: str,
    number: int,
    items: Sequence[Item],
    texts: Mapping[int, str],
    sources: Sources,
    reason: str,
) -> Iterator[SuggestedClaim]:
    """Suggest the claim that a list and the words around it make together.

    It gets the citations of all its lines.
    """
    citations = dict.fromkeys(
        citation for line, _, _ in items for citation in sources.cited_in(texts[line])
    )
    footnotes = dict.fromkeys(
        footnote for line, _, _ in items for footnote in sources.footnotes_in(texts[line])
    )
    if citations or _EFFECT.search(text):
        yield SuggestedClaim(
            text, number, tuple(citations), reason, _phrases(items), tuple(footnotes)
        )


def _phrases(items: Iterable[Item]) -> tuple[tuple[int, str], ...]:
    return tuple((number, text) for number, text, _ in items)


def _claims_in_line(number: int, text: str, sources: Sources) -> Iterator[SuggestedClaim]:
    for sentence in sources.sentences(text):
        citations = sources.cited_in(sentence)
        words = sources.without_citation_marks(sentence).strip()
        if not words:
            continue
        if citations:
            reason = "it cites a reference"
        elif words.endswith(".") and _EFFECT.search(words) and not _NOT_A_CLAIM.match(words):
            reason = "it speaks of an effect"
        else:
            continue
        footnotes = sources.footnotes_in(sentence)
        yield SuggestedClaim(words, number, citations, reason, ((number, words),), footnotes)


def _claims_in_rows(
    lines: Sequence[DocumentLine], roles: Mapping[int, str], sources: Sources
) -> Iterator[SuggestedClaim]:
    for line in lines:
        citations = sources.cited_in(line.text)
        if citations and ROLES[roles[line.number]].is_claim:
            words = sources.without_citation_marks(line.text).strip()
            footnotes = sources.footnotes_in(line.text)
            yield SuggestedClaim(
                words, line.number, citations, "it cites a reference", (), footnotes
            )


def mark_claims(
    article: ImportedArticle, accepted: Collection[str]
) -> tuple[list[Block], dict[str, str]]:
    """Return (blocks, keys): the text of `article` with the accepted claims marked in it.

    `accepted` holds ids of suggested claims, and `keys` is {claim id: claim key}. A claim whose
    words are part of another accepted claim gets no key.
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
        replace(block, items=tuple((number, text, html[number]) for number, text, _ in block.items))
        for block in article.blocks
    ]
    return blocks, keys
