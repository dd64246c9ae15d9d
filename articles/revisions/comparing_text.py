"""What differs between two bodies, block by block. Pure."""

import re
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.richtext import blocks
from articles.richtext.cleaning import plain_text

from . import diffing
from .changes import ADDED, CHANGED, REMOVED, Change, ChangedValue

_MARK = re.compile(r"</?mark\b[^>]*>")
#: Translated where it is shown: thousands of blocks may differ, and readers see a hundred.
_TEXT = gettext_lazy("text")


def body_changes(before: str, after: str) -> list[Change]:
    """Return changes of the text, one for each block.

    `uid` is "block-N"; N counts the blocks of `after` that have words, from 0. Claims are compared
    apart from the text, so a block with the same words is the same, whatever is marked in it.
    """
    before, after = _MARK.sub("", before), _MARK.sub("", after)
    changes = list(_block_changes(_blocks_with_words(before), _blocks_with_words(after)))
    if before != after and not changes:
        changes.append(Change(CHANGED, _TEXT, _("blank lines or empty headings"), code="body"))
    return changes


#: (blocks of a body that have words, their words)
_Blocks = tuple[list[str], list[str]]


def _blocks_with_words(html: str) -> _Blocks:
    found = [(block, words) for block in blocks.split(html) if (words := plain_text(block))]
    return [block for block, _words in found], [words for _block, words in found]


def _block_changes(before: _Blocks, after: _Blocks) -> Iterator[Change]:
    old_words, new_words = before[1], after[1]
    versions = None
    for act, start, end, new_start, new_end in diffing.opcodes(old_words, new_words):
        old, new = range(start, end), range(new_start, new_end)
        if act == "equal":
            yield from _formatting_changes(before, after, old, new)
            continue
        if versions is None:
            versions = diffing.Lookalikes(map(diffing.words_of, old_words))
        yield from _word_changes(old_words, new_words, old, new, versions)


def _formatting_changes(
    before: _Blocks, after: _Blocks, old: range, new: range
) -> Iterator[Change]:
    """Yield changes of blocks whose words are the same."""
    for number, new_number in zip(old, new, strict=True):
        if before[0][number] != after[0][new_number]:
            words = after[1][new_number]
            label = _("formatting, a link or a kind of paragraph")
            yield _block(CHANGED, words, new_number, ChangedValue(label, "", words))


def _word_changes(
    old_words: Sequence[str],
    new_words: Sequence[str],
    old: range,
    new: range,
    versions: diffing.Lookalikes,
) -> Iterator[Change]:
    """Yield changes of blocks whose words differ: gone, new, or another version of an old one."""
    pairs = _pairs(versions, old, new_words, new)
    for number in sorted({*old} - {*pairs.values()}):
        words = old_words[number]
        changed = ChangedValue("", words, "")
        yield Change(REMOVED, _TEXT, _short(words), values=[changed], code="body")
    for number in new:
        words = new_words[number]
        if number in pairs:
            changed = ChangedValue("", old_words[pairs[number]], words, by_words=True)
            yield _block(CHANGED, words, number, changed)
        else:
            yield _block(ADDED, words, number, ChangedValue("", "", words))


def _pairs(
    versions: diffing.Lookalikes, old: range, new_words: Sequence[str], new: range
) -> dict[int, int]:
    """Return {number of a new block: number of the old block it is a version of}."""
    pairs, position = {}, old.start
    for new_number in new:
        words = diffing.words_of(new_words[new_number])
        number = versions.first(words, start=position, end=old.stop)
        if number is not None:
            pairs[new_number], position = number, number + 1
    return pairs


def _block(kind: str, words: str, number: int, changed: ChangedValue) -> Change:
    return Change(kind, _TEXT, _short(words), f"block-{number}", [changed], "body")


def _short(words: str) -> str:
    return words if len(words) <= 80 else f"{words[:79]}…"
