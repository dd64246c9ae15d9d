"""Where two lists of words differ, with a bound on the work: for pages, drafts and saves alike.

Pure. The longest common subsequence, found by rapidfuzz: that costs the product of the two lengths,
64 words at a time, whatever the words are. difflib needs half a minute for one paragraph of 6,000
words, and anybody may ask for the history of a page (docs/decisions/0020).
"""

from bisect import bisect_right
from itertools import accumulate

from rapidfuzz import process
from rapidfuzz.distance import Indel, LCSseq

#: Pairs of words that are compared at most: texts of about 7,000 words, in some 10 ms and 25 MB.
MOST_WORK = 200_000_000
#: What it costs to look at two short texts at all, in pairs of words.
OF_A_PAIR = 2_000
#: Two texts this much alike are versions of one another.
_ALIKE = 0.5
#: Each different word is compared as one letter of its own, and Unicode has no more.
_LETTERS = 0x110000


def opcodes(before, after):
    """(act, start, end, new_start, new_end) from the start of both lists to their end, as in
    difflib.

    Beyond the bound all between what the two begin with and end with alike is one "replace".
    """
    at = new_at = 0
    for start, new_start, size in matching_blocks(before, after):
        if at < start or new_at < new_start:
            act = "insert" if at == start else "delete" if new_at == new_start else "replace"
            yield act, at, start, new_at, new_start
        if size:
            yield "equal", start, start + size, new_start, new_start + size
        at, new_at = start + size, new_start + size


def matching_blocks(before, after):
    """[(start, new_start, length)] of the runs both have, in order; the last is (all, all, 0)."""
    head, tail = _alike_at_the_ends(before, after)
    found = [(0, 0, head)] if head else []
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if old and new and not _exceeds(old, new):
        alphabet = {}
        kept = LCSseq.opcodes(_letters(old, alphabet), _letters(new, alphabet)).as_matching_blocks()
        found += [(run.a + head, run.b + head, run.size) for run in kept if run.size]
    if tail:
        found.append((len(before) - tail, len(after) - tail, tail))
    return [*found, (len(before), len(after), 0)]


def is_too_much(before, after):
    """Are these two lists beyond the bound, so that nobody is told which words are the same?"""
    head, tail = _alike_at_the_ends(before, after)
    return _exceeds(before[head : len(before) - tail], after[head : len(after) - tail])


class Lookalikes:
    """Finds, for one text after another, an earlier version of it, until its budget is spent.

    `texts` are lists of words. Trying every text against every other is what makes 300 reworded
    paragraphs dear; so all questions to one of these together cost no more than one comparison may.
    """

    def __init__(self, texts):
        self._alphabet, self._left = {}, MOST_WORK
        self._texts = [_letters(words, self._alphabet) for words in texts]
        self._reach = [0, *accumulate(map(len, self._texts))]  # words before each text

    def first(self, words, *, start, end):
        """The number of the first text from `start` to before `end` that is alike; None for none.

        Two texts too long to be compared at all are taken for versions of one another.
        """
        if start >= end:
            return None
        asked, nearest = _letters(words, self._alphabet), self._texts[start]
        if 2 * sum(_alike_at_the_ends(nearest, asked)) >= _ALIKE * (len(nearest) + len(asked)):
            return start  # a long text with a small change costs nothing
        if _exceeds(nearest, asked):
            return start
        if self._left < OF_A_PAIR:
            return None  # spent: thousands of short paragraphs ask in vain from here on

        def cost(until):
            pairs = (self._reach[until] - self._reach[start]) * len(asked)
            return pairs + (until - start) * OF_A_PAIR

        end = start + bisect_right(range(start + 1, end + 1), self._left, key=cost)
        similar = process.extract_iter(
            asked, self._texts[start:end], scorer=Indel.normalized_similarity, score_cutoff=_ALIKE
        )
        found = next(similar, None)
        number = None if found is None else start + found[2]
        self._left -= cost(end if number is None else number + 1)
        return number


def _alike_at_the_ends(before, after):
    """How many words the two have in common from the start, and of the rest from the end."""
    shorter = min(len(before), len(after))
    head = 0
    while head < shorter and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < shorter - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return head, tail


def _exceeds(before, after):
    return len(before) * len(after) > MOST_WORK or len(before) + len(after) > _LETTERS


def _letters(words, alphabet):
    """`words` as a string, each word one letter, which `alphabet` learns as it goes."""
    return "".join([chr(alphabet.setdefault(word, len(alphabet))) for word in words])
