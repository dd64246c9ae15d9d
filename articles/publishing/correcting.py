"""What may be published as the correction of a small mistake, which only one person reads.

Pure: two frozen contents in, sentences out. Only harmless wording of the body may differ. Every
other part must be what readers have already. That is also true for parts that are added to frozen
content one day: they are refused here until somebody allows them.

In the body spelling, punctuation, blanks and small words such as "the" may differ. A word may not
become another word: a list of words that matter would never be complete ("prone" and "supine"). A
word that decides what a patient does may not even change its spelling (those words are in
articles.publishing.weighty_words). Numbers, links, claims, headings, lists and tables may not
differ.
"""

import re
import unicodedata
from collections import Counter, deque
from html.parser import HTMLParser
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.revisions.contents import label_of
from articles.revisions.frozen_content import FrozenContent

from . import weighty_words

#: At most this many words may differ in all. One person sees them at one glance.
MOST_WORDS = 5
#: At most so many reasons are given. One is enough for a review.
_MAX_SENTENCES = 4
#: This many words are quoted on either side of a change, so that people find it in the text.
_WORDS_AROUND = 2
#: Names of parts for which `label_of` has none.
_LABELS = {
    "title": gettext_lazy("the title"),
    "kicker": gettext_lazy("the words above the title"),
    "summary": gettext_lazy("the summary"),
    "claims": gettext_lazy("a claim, or the evidence for it,"),
    "references": gettext_lazy("a source"),
    "reading_list": gettext_lazy("the reading list"),
    "no_known_contraindications": gettext_lazy("“no known reason not to have it”"),
    "translated_from": gettext_lazy("the version of the original it was made from"),
}
#: Fields that name a row, and how much of the name is quoted.
_NAMES = ("text", "title", "name", "word", "aspect", "caption", "alt")
_LONGEST_NAME = 120


def refusals(before: FrozenContent, after: FrozenContent) -> list[str]:
    """Return sentences that say why `after` may not replace the live content `before` unreviewed.

    Empty if it may.
    """
    found = [*_other_parts(before, after), *_changes_of_body(before["body"], after["body"])]
    if not found:
        return []
    sentences = list(dict.fromkeys(found))
    if len(sentences) > _MAX_SENTENCES:
        sentences[_MAX_SENTENCES:] = [_("And %s more.") % (len(sentences) - _MAX_SENTENCES)]
    return [
        *sentences,
        _(
            "Nobody has reviewed this. Ask for a review, so that somebody who did not edit the text"
            " reads it first."
        ),
    ]


def _other_parts(before, after):
    """Yield a sentence for each frozen part that differs, except the body."""
    for part in dict.fromkeys([*before, *after]):
        if part == "body" or (part in before and part in after and before[part] == after[part]):
            continue
        name = _name_of_difference(before.get(part), after.get(part))
        sentence = _("This is more than a small correction: %(what)s “%(name)s” differs.")
        if not name:
            sentence = _("This is more than a small correction: %(what)s differs.")
        what = label_of(part) or _LABELS.get(part) or part.replace("_", " ")
        yield sentence % {"what": what, "name": name}


def _name_of_difference(before, after):
    """Return words by which a person finds what differs between two states of a part, or ""."""
    if isinstance(before, list) or isinstance(after, list):
        old, new = before or [], after or []
        row = next((row for row in new if row not in old), None) or next(
            (row for row in old if row not in new), ""
        )
    else:
        row = after or before
    return _name_of_row(row)[:_LONGEST_NAME]


def _name_of_row(row):
    if isinstance(row, str):
        return row
    if not isinstance(row, dict):
        return ""
    own = next((row[name] for name in _NAMES if isinstance(row.get(name), str) and row[name]), "")
    return own or next(
        filter(None, (_name_of_row(inner) for inner in row.values() if isinstance(inner, dict))), ""
    )


# The text --------------------------------------------------------------------------------------


class Token(NamedTuple):
    """A part of the text whose change counts.

    Two tokens are equal if `kind` and `key` are equal. `shown` is what readers see.
    """

    kind: str  # word, number, sign, pause, link, claim or place
    key: str
    shown: str = ""


_KINDS_IN_WORDS = {
    "number": gettext_lazy("a number"),
    "sign": gettext_lazy("a sign"),
    "pause": gettext_lazy("where a sentence pauses or ends"),
    "link": gettext_lazy("a link, or the words it stands on"),
    "claim": gettext_lazy("what is marked as a claim"),
    "place": gettext_lazy("a heading, a list or a table"),
}


def _changes_of_body(before, after):
    """Yield a sentence for each change of the body that is more than wording.

    If very many tokens differ, it yields one sentence for all of them.
    """
    if before == after:
        return
    old, new = tokens(before), tokens(after)
    spans = _changed(old, new)
    if spans is None:
        yield _too_many_words()
        return
    removed, added, words = Counter(), Counter(), 0
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
    """Whether the word `at` is small, or repeats a word beside the span `first` to `last`."""
    beside = [side[place].key for place in (first - 1, last) if 0 <= place < len(side)]
    return side[at].key in weighty_words.SMALL or side[at].key in beside


def _is_spelling(old_tokens, new_tokens):
    """Whether one word replaces another, and one of them is a misspelling of the other.

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


# Tokens ----------------------------------------------------------------------------------------

_BLOCK_TAGS = frozenset("h2 h3 blockquote ul ol li table caption thead tbody tr th td".split())
_PUNCTUATION = ".,;:!?…()[]{}\"'“”‘’«»„‹›¿¡،؛؟"
_LETTER = "(?:[^\\W_]|[\u0300-\u036f\u064b-\u065f\u0670\u0640])"
_WORD = re.compile(f"{_LETTER}+(?:['’‘ʼ`´′\u2010\u2011-]{_LETTER}+)*")
#: Signs that have a meaning of their own.
_MEANINGFUL_SIGNS = "%‰*†‡#@&§?؟"
#: Where a sentence pauses or ends. Beside some words that has a meaning: "No, pain is normal."
_PAUSES = {**dict.fromkeys(",;:–—-()،؛", ","), **dict.fromkeys(".!…", ".")}
#: They change the direction in which readers see what follows.
_DIRECTION_SIGNS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


def tokens(html: str) -> list[Token]:
    """Return the Tokens of cleaned `html` in reading order.

    Emphasis, line breaks, case and accents make no difference.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.flush()
    return [
        token
        for at, token in enumerate(reader.tokens)
        if token.kind != "pause" or _pause_has_meaning(reader.tokens, at)
    ]


def _pause_has_meaning(found_tokens, at):
    """Whether the pause `at` is between two words and changes the meaning of one of them."""
    sides = (reversed(found_tokens[max(0, at - 3) : at]), found_tokens[at + 1 : at + 4])
    beside = [
        next((token for token in side if token.kind in ("word", "place")), None) for side in sides
    ]
    return all(token and token.kind == "word" for token in beside) and any(
        weighty_words.turns_at_a_pause(token.shown) for token in beside
    )


class _Reader(HTMLParser):
    """A tag inside a word does not split it: readers of `n<strong>o</strong>t` read “not”."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens: list[Token] = []
        self._run: list[str] = []
        self._between: list[tuple[int, Token]] = []  # (length of the text before it, token)
        self._length = 0

    def handle_data(self, data: str) -> None:
        self._run.append(data)
        self._length += len(data)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self._tag(tag, dict(attrs), "")

    def handle_endtag(self, tag: str) -> None:
        self._tag(tag, {}, "/")

    def _tag(self, tag, attributes, closing):
        if tag == "a":
            self._mark("link", closing or attributes.get("href") or "")
        elif tag == "mark":
            self._mark("claim", closing or attributes.get("data-claim") or "")
        elif tag in ("sub", "sup"):
            self._mark("sign", closing + tag)
        elif tag in _BLOCK_TAGS or tag in ("p", "br"):
            self.flush()
            if tag in _BLOCK_TAGS:
                self.tokens.append(Token("place", f"{closing}{tag}{sorted(attributes.items())}"))

    def _mark(self, kind, shown):
        self._between.append((self._length, Token(kind, shown)))

    def flush(self) -> None:
        """Add the tokens of the text since the last block began, and of the tags in it."""
        text, waiting = "".join(self._run), deque(self._between)
        self._run, self._length, self._between = [], 0, []
        for chunk in re.finditer(r"\S+", text):
            # A tag inside a word comes before the word.
            while waiting and waiting[0][0] < chunk.end():
                self.tokens.append(waiting.popleft()[1])
            self.tokens += _tokens_of(chunk[0])
        self.tokens += [token for _length, token in waiting]


def _tokens_of(chunk):
    """Return the Tokens of a piece of text without blanks."""
    found_tokens = [Token("sign", sign) for sign in _DIRECTION_SIGNS.findall(chunk)]
    chunk = "".join(letter for letter in chunk if unicodedata.category(letter) != "Cf")
    if any(letter.isnumeric() for letter in chunk):
        # Unchanged, with its sign, its comma and its unit: 1.5 is not 15, and 3–5 is not 35.
        number = chunk.strip(_PUNCTUATION)
        return [*found_tokens, Token("number", number, number)]
    chunk = unicodedata.normalize("NFKC", chunk)
    position = 0
    for word in _WORD.finditer(chunk):
        found_tokens += _signs(chunk[position : word.start()])
        found_tokens.append(Token("word", weighty_words.folded(word[0]), word[0]))
        position = word.end()
    return found_tokens + _signs(chunk[position:])


def _signs(text):
    found_tokens = []
    for sign in text:
        if sign in _MEANINGFUL_SIGNS or (
            unicodedata.category(sign)[0] == "S" and sign not in "`´^¨"
        ):
            found_tokens.append(Token("sign", sign, sign))
        elif sign in _PAUSES:
            found_tokens.append(Token("pause", _PAUSES[sign]))
    return found_tokens


# What differs ----------------------------------------------------------------------------------

#: A replaced word is two edits: one token is removed and one is added. The tags around the words
#: are edits too.
_MOST_EDITS = 6 * MOST_WORDS


def _changed(old, new):
    """Return [(start, end, start in new, end in new)] of the spans that differ.

    Returns None if more than a few tokens differ. It finds the fewest tokens to remove and to add
    (Myers 1986), and stops when there are too many. So the number of steps is a few times the
    number of tokens.
    """
    old, new = [token[:2] for token in old], [token[:2] for token in new]
    reached, came_from = {0: _end_of_match(old, new, 0, 0)}, []
    for _edits in range(_MOST_EDITS + 1):
        if reached.get(len(old) - len(new)) == len(old):
            return _spans(came_from, len(old) - len(new))
        farther, came = {}, {}
        for diagonal in range(-len(came_from) - 1, len(came_from) + 2, 2):
            # A step from the diagonal above adds a token of `new`. A step from the one below
            # removes a token of `old`.
            ways = [
                (reached.get(diagonal + 1), diagonal + 1),
                (_one_further(reached, diagonal - 1), diagonal - 1),
            ]
            ways = [
                (place, before)
                for place, before in ways
                if place is not None and place <= len(old) and 0 <= place - diagonal <= len(new)
            ]
            if ways:
                place, came[diagonal] = max(ways)
                farther[diagonal] = _end_of_match(old, new, place, diagonal)
        came_from.append((reached, came))
        reached = farther
    return None


def _one_further(reached, diagonal):
    return reached[diagonal] + 1 if diagonal in reached else None


def _end_of_match(old, new, place, diagonal):
    """Return the place in `old` up to which both are equal from `place` on."""
    while place < len(old) and place - diagonal < len(new) and old[place] == new[place - diagonal]:
        place += 1
    return place


def _spans(came_from, diagonal):
    """Return the spans along the shortest path, by following it back."""
    steps = []
    for reached, came in reversed(came_from):
        before = came[diagonal]
        was, goes = reached[before], before < diagonal
        steps.append((was, was + goes, was - before, was - before + (not goes)))
        diagonal = before
    spans = []
    for start, end, new_start, new_end in reversed(steps):
        if spans and spans[-1][1] == start and spans[-1][3] == new_start:
            spans[-1] = (spans[-1][0], end, spans[-1][2], new_end)
        else:
            spans.append((start, end, new_start, new_end))
    return spans
