"""The text of a body as tokens, for judging a small correction: only what matters is a token."""

import re
import unicodedata
from collections import deque
from html.parser import HTMLParser
from typing import NamedTuple

from articles.richtext import weighty_words


class Token(NamedTuple):
    """A part of the text whose change counts.

    Two tokens are equal if `kind` and `key` are equal. `shown` is what readers see.
    """

    kind: str  # word, number, sign, pause, link, claim or place
    key: str
    shown: str = ""


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
    """Return whether the pause `at` is between two words and changes the meaning of one of them."""
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
