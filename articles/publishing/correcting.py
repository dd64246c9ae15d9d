"""What may go out as the correction of a small mistake, read by one person: wording of the text,
and harmless at that.

Pure: two frozen contents in, sentences out. Everything but the body has to be what readers have,
whatever it is: a part that is frozen one day is refused here until somebody says otherwise. In the
body spelling, punctuation, blanks and small words such as "the" may differ. A word may not become
another, for a list of words that matter never ends ("prone" and "supine"). A word that decides what
a patient does may not even be spelt otherwise; nor may a number, a link, a claim, a heading, a list
or a table differ. Which words decide stands in articles.publishing.weighty_words.
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

#: Words that may differ in all: what one person sees at one glance.
MOST_WORDS = 5
#: Of several reasons so many are told: one is enough for a review.
_MOST_TOLD = 4
#: Words told on either side of a change, so that it is found in the text.
_AROUND = 2
#: What parts are called that a comparison tells of in groups of their own.
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
#: What a row is called by, and how much of it is told.
_NAMES = ("text", "title", "name", "word", "aspect", "caption", "alt")
_LONGEST_NAME = 120


def refusals(before: FrozenContent, after: FrozenContent) -> list[str]:
    """Sentences saying why `after` may not follow the live content `before` without a review.

    None when it may.
    """
    found = [*_other_parts(before, after), *_in_the_text(before["body"], after["body"])]
    if not found:
        return []
    told = list(dict.fromkeys(found))
    if len(told) > _MOST_TOLD:
        told[_MOST_TOLD:] = [_("And %s more.") % (len(told) - _MOST_TOLD)]
    return [
        *told,
        _(
            "Nobody has reviewed this. Ask for a review, so that somebody who did not edit the text"
            " reads it first."
        ),
    ]


def _other_parts(before, after):
    """A sentence for each frozen part but the body that differs, in whatever way."""
    for part in dict.fromkeys([*before, *after]):
        if part == "body" or (part in before and part in after and before[part] == after[part]):
            continue
        name = _name_of(before.get(part), after.get(part))
        says = _("This is more than a small correction: %(what)s “%(name)s” differs.")
        if not name:
            says = _("This is more than a small correction: %(what)s differs.")
        what = label_of(part) or _LABELS.get(part) or part.replace("_", " ")
        yield says % {"what": what, "name": name}


def _name_of(before, after):
    """The words by which a person finds what differs between two states of a part, or "" where
    there are none.
    """
    if isinstance(before, list) or isinstance(after, list):
        old, new = before or [], after or []
        row = next((row for row in new if row not in old), None) or next(
            (row for row in old if row not in new), ""
        )
    else:
        row = after or before
    return _words_of(row)[:_LONGEST_NAME]


def _words_of(row):
    if isinstance(row, str):
        return row
    if not isinstance(row, dict):
        return ""
    own = next((row[name] for name in _NAMES if isinstance(row.get(name), str) and row[name]), "")
    return own or next(
        filter(None, (_words_of(inner) for inner in row.values() if isinstance(inner, dict))), ""
    )


# The text --------------------------------------------------------------------------------------


class Token(NamedTuple):
    """A piece of the text that counts.

    Two are alike when `kind` and `key` are; `shown` is what readers see.
    """

    kind: str  # word, number, sign, pause, link, claim or place
    key: str
    shown: str = ""


_CALLED = {
    "number": gettext_lazy("a number"),
    "sign": gettext_lazy("a sign"),
    "pause": gettext_lazy("where a sentence pauses or ends"),
    "link": gettext_lazy("a link, or the words it stands on"),
    "claim": gettext_lazy("what is marked as a claim"),
    "place": gettext_lazy("a heading, a list or a table"),
}


def _in_the_text(before, after):
    """A sentence for each change of the text that is more than wording, or for all of them when
    they are many.
    """
    if before == after:
        return
    old, new = tokens(before), tokens(after)
    spans = _changed(old, new)
    if spans is None:
        yield _too_many()
        return
    removed, added, words = Counter(), Counter(), 0
    for start, end, new_start, new_end in spans:
        gone, come = old[start:end], new[new_start:new_end]
        removed.update(token.key for token in gone if token.kind == "word")
        added.update(token.key for token in come if token.kind == "word")
        words += max(
            sum(bool(token.shown) for token in gone), sum(bool(token.shown) for token in come)
        )
        if what := _what_changes(old, new, start, end, new_start, new_end):
            yield _told(
                old[max(0, start - _AROUND) : end + _AROUND],
                new[max(0, new_start - _AROUND) : new_end + _AROUND],
                *what,
            )
    if moved := [word for word in removed & added if word not in weighty_words.SMALL]:
        yield (
            _("This is more than a small correction: in the text, “%s” stands in another place.")
            % moved[0]
        )
    if words > MOST_WORDS:
        yield _too_many()


def _too_many():
    says = _("This is more than a small correction: more than %s words of the text differ.")
    return says % MOST_WORDS


def _what_changes(old, new, start, end, new_start, new_end):
    """(what a changed span changes, the word that shows it), or None when it is harmless."""
    gone, come = old[start:end], new[new_start:new_end]
    is_spelling = _is_spelling(gone, come)
    for token in [*gone, *come]:
        if token.kind != "word":
            return _CALLED[token.kind], token.shown
        kind = weighty_words.kind_of_word(token.shown)
        if kind and not (is_spelling and kind in weighty_words.SPELLING_MAY_CHANGE):
            return weighty_words.called(kind), token.shown
        if weighty_words.is_nearly_a_medicine(token.shown):
            return weighty_words.called("medicine"), token.shown
        if _has_two_alphabets(token.shown):
            return _("letters that only look alike"), token.shown
    # A word that is taken apart, or put together with the one beside it.
    for side, first, last in ((old, start, end), (new, new_start, new_end)):
        for one in range(max(0, first - 1), min(last, len(side) - 1)):
            if first == last or side[one].kind != "word" or side[one + 1].kind != "word":
                continue
            together = side[one].key + side[one + 1].key
            kind = weighty_words.kind_of_word(together)
            if kind in ("negation", "number", "medicine"):
                return weighty_words.called(kind), f"{side[one].shown} {side[one + 1].shown}"
    for one in gone:
        for other in come:
            if weighty_words.are_opposites(one.shown, other.shown):
                return weighty_words.called("negation"), other.shown
    return _what_words_change(old, new, start, end, new_start, new_end)


def _what_words_change(old, new, start, end, new_start, new_end):
    """(what changes, the word that shows it) where a word is no other spelling of one that went."""
    for side, first, last in ((old, start, end), (new, new_start, new_end)):
        after = side[last : last + 1]
        is_before_a_bit = after and last > first and after[0].key in weighty_words.BITS
        if is_before_a_bit and side[last - 1].key in ("a", "un", "una"):
            return weighty_words.called("number"), after[0].shown
    gone, come = old[start:end], new[new_start:new_end]
    if "".join(token.key for token in gone) == "".join(token.key for token in come):
        return None
    # A word that the text uses elsewhere is a word, and no slip of another.
    others = {token.key for token in (*new[:new_start], *new[new_end:])}
    left = list(come)
    for at, one in enumerate(gone, start=start):
        slips = (other for other in left if weighty_words.is_a_slip(one.shown, other.shown))
        spelt = next(slips, None)
        if spelt is not None and one.key not in others:
            left.remove(spelt)
        elif not _says_nothing(old, at, start, end):
            return _("what the text says"), one.shown
    for at, one in enumerate(come, start=new_start):
        if one in left and not _says_nothing(new, at, new_start, new_end):
            return _("what the text says"), one.shown
    return None


def _says_nothing(side, at, first, last):
    """Whether the word `at` is small, or says again what stands beside `first` to `last`."""
    beside = [side[place].key for place in (first - 1, last) if 0 <= place < len(side)]
    return side[at].key in weighty_words.SMALL or side[at].key in beside


def _is_spelling(gone, come):
    """Whether one word takes the place of another that is no word of weight but how the same one
    was misspelt.
    """
    if len(gone) != 1 or len(come) != 1:
        return False
    kinds = [weighty_words.kind_of_word(token.shown) for token in (*gone, *come)]
    return not all(kinds) and weighty_words.is_a_slip(gone[0].shown, come[0].shown)


def _told(before, after, what, word):
    was, now = (" ".join(token.shown for token in side if token.shown) for side in (before, after))
    if not word:
        says = _(
            "This is more than a small correction: in the text, at “%(now)s”, %(what)s differs."
        )
        return says % {"now": now or was, "what": what}
    says = _(
        "This is more than a small correction: in the text “%(was)s” is now “%(now)s”, and"
        " “%(word)s” changes %(what)s."
    )
    return says % {"was": was, "now": now, "word": word, "what": what}


def _has_two_alphabets(word):
    names = {unicodedata.name(letter, "?").split(" ")[0] for letter in word if letter.isalpha()}
    return len(names) > 1


# Tokens ----------------------------------------------------------------------------------------

_PLACES = frozenset("h2 h3 blockquote ul ol li table caption thead tbody tr th td".split())
_AROUND_WORDS = ".,;:!?…()[]{}\"'“”‘’«»„‹›¿¡،؛؟"
_LETTER = "(?:[^\\W_]|[\u0300-\u036f\u064b-\u065f\u0670\u0640])"
_WORD = re.compile(f"{_LETTER}+(?:['’‘ʼ`´′\u2010\u2011-]{_LETTER}+)*")
#: Punctuation that says something.
_SPEAKING = "%‰*†‡#@&§?؟"
#: Where a sentence pauses or ends. It says something beside the words below: "No, pain is normal."
_PAUSES = {**dict.fromkeys(",;:–—-()،؛", ","), **dict.fromkeys(".!…", ".")}
#: They turn the order in which readers see what follows.
_TURNING_SIGNS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


def tokens(html: str) -> list[Token]:
    """The Tokens of cleaned `html` in reading order.

    Emphasis, line breaks, case and accents make no difference.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.flush()
    return [
        token
        for at, token in enumerate(reader.found)
        if token.kind != "pause" or _is_weighty(reader.found, at)
    ]


def _is_weighty(found, at):
    """Whether the pause `at` stands between two words of which one turns with it what is said."""
    sides = (reversed(found[max(0, at - 3) : at]), found[at + 1 : at + 4])
    beside = [
        next((token for token in side if token.kind in ("word", "place")), None) for side in sides
    ]
    return all(token and token.kind == "word" for token in beside) and any(
        weighty_words.turns_at_a_pause(token.shown) for token in beside
    )


class _Reader(HTMLParser):
    """Tags inside a word take nothing from it: readers of `n<strong>o</strong>t` read “not”."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Token] = []
        self._run: list[str] = []
        self._between: list[tuple[int, Token]] = []  # with how much text stands before each
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
        elif tag in _PLACES or tag in ("p", "br"):
            self.flush()
            if tag in _PLACES:
                self.found.append(Token("place", f"{closing}{tag}{sorted(attributes.items())}"))

    def _mark(self, kind, shown):
        self._between.append((self._length, Token(kind, shown)))

    def flush(self) -> None:
        """Make tokens of the text since the last block began, and of the tags in it."""
        text, waiting = "".join(self._run), deque(self._between)
        self._run, self._length, self._between = [], 0, []
        for chunk in re.finditer(r"\S+", text):
            # A tag inside a word stands before it.
            while waiting and waiting[0][0] < chunk.end():
                self.found.append(waiting.popleft()[1])
            self.found += _tokens_of(chunk[0])
        self.found += [token for _length, token in waiting]


def _tokens_of(chunk):
    """The Tokens of a piece of text without blanks."""
    found = [Token("sign", sign) for sign in _TURNING_SIGNS.findall(chunk)]
    chunk = "".join(letter for letter in chunk if unicodedata.category(letter) != "Cf")
    if any(letter.isnumeric() for letter in chunk):
        # As it stands, with its sign, its comma and its unit: 1.5 is not 15, and 3–5 is not 35.
        number = chunk.strip(_AROUND_WORDS)
        return [*found, Token("number", number, number)]
    chunk = unicodedata.normalize("NFKC", chunk)
    position = 0
    for word in _WORD.finditer(chunk):
        found += _signs(chunk[position : word.start()])
        found.append(Token("word", weighty_words.folded(word[0]), word[0]))
        position = word.end()
    return found + _signs(chunk[position:])


def _signs(text):
    found = []
    for sign in text:
        if sign in _SPEAKING or (unicodedata.category(sign)[0] == "S" and sign not in "`´^¨"):
            found.append(Token("sign", sign, sign))
        elif sign in _PAUSES:
            found.append(Token("pause", _PAUSES[sign]))
    return found


# What differs ----------------------------------------------------------------------------------

#: A replaced word is one that goes and one that comes; beside the words there are the tags around
#: them.
_MOST_EDITS = 6 * MOST_WORDS


def _changed(old, new):
    """[(start, end, start in new, end in new)] of the spans that differ; None where more than a few
    tokens do.

    The fewest tokens that have to go and come (Myers 1986), looked for no further than it matters:
    a long text costs as many steps as it has tokens, times a few.
    """
    old, new = [token[:2] for token in old], [token[:2] for token in new]
    reached, came_from = {0: _along(old, new, 0, 0)}, []
    for _edits in range(_MOST_EDITS + 1):
        if reached.get(len(old) - len(new)) == len(old):
            return _spans(came_from, len(old) - len(new))
        farther, came = {}, {}
        for diagonal in range(-len(came_from) - 1, len(came_from) + 2, 2):
            # From the diagonal above a token of `new` comes; from the one below a token of `old`
            # goes.
            ways = [
                (reached.get(diagonal + 1), diagonal + 1),
                (_next(reached, diagonal - 1), diagonal - 1),
            ]
            ways = [
                (place, before)
                for place, before in ways
                if place is not None and place <= len(old) and 0 <= place - diagonal <= len(new)
            ]
            if ways:
                place, came[diagonal] = max(ways)
                farther[diagonal] = _along(old, new, place, diagonal)
        came_from.append((reached, came))
        reached = farther
    return None


def _next(reached, diagonal):
    return reached[diagonal] + 1 if diagonal in reached else None


def _along(old, new, place, diagonal):
    """The place in `old` up to which both go on alike from `place`."""
    while place < len(old) and place - diagonal < len(new) and old[place] == new[place - diagonal]:
        place += 1
    return place


def _spans(came_from, diagonal):
    """The spans along the shortest path, found by going back over it."""
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
