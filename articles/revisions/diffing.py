"""Where two lists of words differ, with a limit on the work: for pages, drafts and saves.

Pure. The longest common subsequence, found by rapidfuzz: that costs the product of the two lengths,
64 words at a time, whatever the words are. difflib needs half a minute for one paragraph of 6,000
words, and anybody may ask for the history of a page (docs/decisions/0020).
"""

import re
from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import accumulate

from rapidfuzz import process
from rapidfuzz.distance import Indel, LCSseq

#: A word with its apostrophes and hyphens, or a gap, or a sign.
WORD_OR_GAP = r"\w+(?:[’'-]\w+)*|\s+|[^\w\s]"
#: Pairs of words that are compared at most: texts of about 7,000 words, in some 10 ms and 25 MB.
MOST_WORK = 200_000_000
#: What it costs to look at two short texts at all, in pairs of words.
OF_A_PAIR = 2_000
#: Two texts this much alike are versions of one another.
_ALIKE = 0.5
#: Each different word is compared as one letter of its own, and Unicode has no more.
_LETTERS = 0x110000


def words_of(text: str) -> list[str]:
    """Return `text` cut into words, gaps and signs; joined they are `text`."""
    return re.findall(WORD_OR_GAP, text)


def opcodes(
    before: Sequence[Hashable], after: Sequence[Hashable]
) -> Iterator[tuple[str, int, int, int, int]]:
    """Yield (act, start, end, new_start, new_end) from the start of both lists to their end.

    As in difflib. Beyond the limit, all that is not alike at both ends is one "replace".
    """
    at = new_at = 0
    for start, new_start, size in matching_blocks(before, after):
        if at < start or new_at < new_start:
            act = "insert" if at == start else "delete" if new_at == new_start else "replace"
            yield act, at, start, new_at, new_start
        if size:
            yield "equal", start, start + size, new_start, new_start + size
        at, new_at = start + size, new_start + size


def matching_blocks(
    before: Sequence[Hashable], after: Sequence[Hashable]
) -> list[tuple[int, int, int]]:
    """Return [(start, new_start, length)] of the runs both have, in order.

    The last is (all, all, 0).
    """
    head, tail = _alike_at_the_ends(before, after)
    found = [(0, 0, head)] if head else []
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if old and new and not _exceeds(old, new):
        alphabet: dict[Hashable, int] = {}
        kept = LCSseq.opcodes(_letters(old, alphabet), _letters(new, alphabet)).as_matching_blocks()
        found += [(run.a + head, run.b + head, run.size) for run in kept if run.size]
    if tail:
        found.append((len(before) - tail, len(after) - tail, tail))
    return [*found, (len(before), len(after), 0)]


def is_too_much(before: Sequence[Hashable], after: Sequence[Hashable]) -> bool:
    """Return whether two lists are beyond the limit: nobody then sees which words are the same."""
    head, tail = _alike_at_the_ends(before, after)
    return _exceeds(before[head : len(before) - tail], after[head : len(after) - tail])


class Lookalikes:
    """Finds, for one text after another, an earlier version of it, until its budget is spent.

    `texts` are lists of words. Comparing every text with every other would make 300 reworded
    paragraphs slow, so all searches of one object together cost no more than one comparison may.
    """

    def __init__(self, texts: Iterable[Sequence[Hashable]]) -> None:
        self._alphabet: dict[Hashable, int] = {}
        self._left = MOST_WORK
        self._texts = [_letters(words, self._alphabet) for words in texts]
        self._reach = [0, *accumulate(map(len, self._texts))]  # words before each text

    def first(self, words: Sequence[Hashable], *, start: int, end: int) -> int | None:
        """Return the number of the first text from `start` to before `end` that is alike.

        None for none.

        Two texts too long to be compared at all are taken for versions of one another.
        """
        if start >= end:
            return None
        sought, nearest = _letters(words, self._alphabet), self._texts[start]
        if 2 * sum(_alike_at_the_ends(nearest, sought)) >= _ALIKE * (len(nearest) + len(sought)):
            return start  # a long text with a small change costs nothing
        if _exceeds(nearest, sought):
            return start
        if self._left < OF_A_PAIR:
            return None  # spent: from here on, thousands of short paragraphs find nothing

        def cost(until: int) -> int:
            pairs = (self._reach[until] - self._reach[start]) * len(sought)
            return pairs + (until - start) * OF_A_PAIR

        end = start + bisect_right(range(start + 1, end + 1), self._left, key=cost)
        similar = process.extract_iter(
            sought, self._texts[start:end], scorer=Indel.normalized_similarity, score_cutoff=_ALIKE
        )
        found = next(similar, None)
        number = None if found is None else start + found[2]
        self._left -= cost(end if number is None else number + 1)
        return number


def _alike_at_the_ends(before: Sequence[Hashable], after: Sequence[Hashable]) -> tuple[int, int]:
    """Return how many words the two have in common from the start, and of the rest from the end."""
    shorter = min(len(before), len(after))
    head = 0
    while head < shorter and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < shorter - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return head, tail


def _exceeds(before: Sequence[Hashable], after: Sequence[Hashable]) -> bool:
    return len(before) * len(after) > MOST_WORK or len(before) + len(after) > _LETTERS


def _letters(words: Iterable[Hashable], alphabet: dict[Hashable, int]) -> str:
    """Return `words` as a string, each word one letter, which `alphabet` learns as it goes."""
    return "".join([chr(alphabet.setdefault(word, len(alphabet))) for word in words])
