"""What differs between two bodies and is more than the correction of a small mistake.

Pure. Spelling, punctuation, blanks and small words such as "the" may differ. A word may not become
another word: a list of words that matter would never be complete ("prone" and "supine"). A word
that decides what a patient does may not even change its spelling (those words are in
articles.richtext.weighty_words). Numbers, links, claims, headings, lists and tables may not
differ.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.richtext import weighty_words

from .changed_spans import changed_spans
from .tokens import tokens

#: At most this many words may differ in all. One person sees them at one glance.
MOST_WORDS = 5
#: A replaced word is two edits: one token is removed and one is added. The tags around the words
#: are edits too.
_MOST_EDITS = 6 * MOST_WORDS
#: This many words are quoted on either side of a change, so that people find it in the text.
_WORDS_AROUND = 2
_KINDS_IN_WORDS = {
    "number": gettext_lazy("a number"),
    "sign": gettext_lazy("a sign"),
    "pause": gettext_lazy("where a sentence pauses or ends"),
    "link": gettext_lazy("a link, or the words it stands on"),
    "claim": gettext_lazy("what is marked as a claim"),
    "place": gettext_lazy("a heading, a list or a table"),
}


def changes_of_body(before: str, after: str) -> Iterator[str]:
    """Yield a sentence for each change of the body that is more than wording.

    If very many tokens differ, it yields one sentence for all of them.
    """
    if before == after:
        return
    old, new = tokens(before), tokens(after)
    spans = changed_spans(old, new, most_edits=_MOST_EDITS)
    if spans is None:
        yield _too_many_words()
        return
    removed: Counter[str] = Counter()
    added: Counter[str] = Counter()
    words = 0
    for start, end, new_start, new_end in spans:
        old_tokens, new_tokens = old[start:end], new[new_start:new_end]
        removed.update(token.key for token in old_tokens if token.kind == "word")
        added.update(token.key for token in new_tokens if token.kind == "word")
        words += max(
            sum(bool(token.shown) for token in old_tokens),
            sum(bool(token.shown) for token in new_tokens),
        )
        if what := _what_changes(old, new, start, end, new_start, new_end):
            yield _sentence_about(
                old[max(0, start - _WORDS_AROUND) : end + _WORDS_AROUND],
                new[max(0, new_start - _WORDS_AROUND) : new_end + _WORDS_AROUND],
                *what,
            )
    if moved := [word for word in removed & added if word not in weighty_words.SMALL]:
        yield (
            _("This is more than a small correction: in the text, “%s” stands in another place.")
            % moved[0]
        )
    if words > MOST_WORDS:
        yield _too_many_words()


def _too_many_words():
    sentence = _("This is more than a small correction: more than %s words of the text differ.")
    return sentence % MOST_WORDS


def _what_changes(old, new, start, end, new_start, new_end):
    """Return (what a changed span changes, the word that shows it), or None if it is harmless."""
    old_tokens, new_tokens = old[start:end], new[new_start:new_end]
    is_spelling = _is_spelling(old_tokens, new_tokens)
    for token in [*old_tokens, *new_tokens]:
        if token.kind != "word":
            return _KINDS_IN_WORDS[token.kind], token.shown
        kind = weighty_words.kind_of_word(token.shown)
        if kind and not (is_spelling and kind in weighty_words.SPELLING_MAY_CHANGE):
            return weighty_words.label_of_kind(kind), token.shown
        if weighty_words.is_nearly_a_medicine(token.shown):
            return weighty_words.label_of_kind("medicine"), token.shown
        if _has_two_alphabets(token.shown):
            return _("letters that only look alike"), token.shown
    # A word was split in two, or joined with the word beside it.
    for side, first, last in ((old, start, end), (new, new_start, new_end)):
        for one in range(max(0, first - 1), min(last, len(side) - 1)):
            if first == last or side[one].kind != "word" or side[one + 1].kind != "word":
                continue
            together = side[one].key + side[one + 1].key
            kind = weighty_words.kind_of_word(together)
            if kind in ("negation", "number", "medicine"):
                return weighty_words.label_of_kind(kind), f"{side[one].shown} {side[one + 1].shown}"
    for one in old_tokens:
        for other in new_tokens:
            if weighty_words.are_opposites(one.shown, other.shown):
                return weighty_words.label_of_kind("negation"), other.shown
    return _what_words_change(old, new, start, end, new_start, new_end)


def _what_words_change(old, new, start, end, new_start, new_end):
    """Return (what changes, the word that shows it) if a word is more than another spelling.

    Returns None if all words are only spelt in another way.
    """
    for side, first, last in ((old, start, end), (new, new_start, new_end)):
        after = side[last : last + 1]
        is_before_a_bit = after and last > first and after[0].key in weighty_words.BITS
        if is_before_a_bit and side[last - 1].key in ("a", "un", "una"):
            return weighty_words.label_of_kind("number"), after[0].shown
    old_tokens, new_tokens = old[start:end], new[new_start:new_end]
    if "".join(token.key for token in old_tokens) == "".join(token.key for token in new_tokens):
        return None
    # A word that the text uses elsewhere is right, so it is no misspelling of another.
    others = {token.key for token in (*new[:new_start], *new[new_end:])}
    left = list(new_tokens)
    for at, one in enumerate(old_tokens, start=start):
        slips = (other for other in left if weighty_words.is_misspelling(one.shown, other.shown))
        spelt = next(slips, None)
        if spelt is not None and one.key not in others:
            left.remove(spelt)
        elif not _is_small_or_repeated(old, at, start, end):
            return _("what the text says"), one.shown
    for at, one in enumerate(new_tokens, start=new_start):
        if one in left and not _is_small_or_repeated(new, at, new_start, new_end):
            return _("what the text says"), one.shown
    return None


def _is_small_or_repeated(side, at, first, last):
    """Return whether the word `at` is small, or repeats one beside the span `first` to `last`."""
    beside = [side[place].key for place in (first - 1, last) if 0 <= place < len(side)]
    return side[at].key in weighty_words.SMALL or side[at].key in beside


def _is_spelling(old_tokens, new_tokens):
    """Return whether one word replaces another, and one of them is a misspelling of the other.

    One of them must be in no list of weighty words.
    """
    if len(old_tokens) != 1 or len(new_tokens) != 1:
        return False
    kinds = [weighty_words.kind_of_word(token.shown) for token in (*old_tokens, *new_tokens)]
    return not all(kinds) and weighty_words.is_misspelling(old_tokens[0].shown, new_tokens[0].shown)


def _sentence_about(before, after, what, word):
    was, now = (" ".join(token.shown for token in side if token.shown) for side in (before, after))
    if not word:
        sentence = _(
            "This is more than a small correction: in the text, at “%(now)s”, %(what)s differs."
        )
        return sentence % {"now": now or was, "what": what}
    sentence = _(
        "This is more than a small correction: in the text “%(was)s” is now “%(now)s”, and"
        " “%(word)s” changes %(what)s."
    )
    return sentence % {"was": was, "now": now, "word": word, "what": what}


def _has_two_alphabets(word):
    names = {unicodedata.name(letter, "?").split(" ")[0] for letter in word if letter.isalpha()}
    return len(names) > 1
