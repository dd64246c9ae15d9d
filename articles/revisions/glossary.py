"""Which glossary terms a text uses, and the links from them to what they mean. Pure.

A text may spell a term with or without accents and vowel signs, as a simple plural, and in Arabic
with what is written before it. A part of another word is no match, nor are words on both sides of
the end of a paragraph. An abbreviation, all in capitals, must be in capitals: "US" is not "us".
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import pairwise
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.richtext.blocks import BLOCKS
from articles.richtext.cleaning import safe_slices
from articles.richtext.letters import SIGNS, plain

from . import contents
from .frozen_content import AnyContent, GlossaryRow

#: Put where a paragraph ends. No text holds it, for PostgreSQL stores none.
_END = "\0"
#: A word as it is typed, with the signs over its letters. C++ and R&D are words too.
_TOKEN = re.compile(rf"[\w{SIGNS[1:-2]}+#&'’]+")
#: What may be between the words of one term.
_GAP = re.compile(r"[\s‐‑–-]{1,3}")
#: What Arabic writes before a word and as part of it: and, so, with, for, like, the.
_BEFORE = re.compile("[وف]?[بلك]?(?:ال|لل?)?")
#: The rest of a tag; an address in it may hold a ">".
_REST = r'(?:[^>"]|"[^"]*")*>'
#: Parts of a block that end a sentence as the block does.
_PARTS = {"li", "td", "th", "tr", "caption", "thead", "tbody"}
#: In a reader's text: what never becomes a link (headings, links, citation numbers, our own words),
#: tags, and entities.
_MARKUP = re.compile(
    rf'<(h[23]|a)\b{_REST}.*?</\1>|<sup class="cite">.*?</sup>|<span class="said">.*?</span>'
    rf"|</?(?P<tag>[a-z0-9]+){_REST}|&(?:#?\w+);",
    re.DOTALL,
)


class ListedTerm(NamedTuple):
    """A glossary term of the language of an article."""

    uid: str
    word: str
    meaning: str  # "" where it is not explained


class _Match(NamedTuple):
    """A place in a text that uses a term: [start, end)."""

    term: int  # its number in the list, from 0
    start: int
    end: int


class _Token(NamedTuple):
    """A word of a text, in its plain form, and its place: [start, end)."""

    form: str
    start: int
    end: int


class _Starts(NamedTuple):
    """A term, found by its first word."""

    term: int
    forms: tuple[str, ...]  # of all its words
    is_abbreviation: bool


@dataclass(frozen=True)
class _Piece:
    """A stretch of a text, and its place in the html: [start, end).

    None for what is no letter of the html, such as the end of a paragraph.
    """

    text: str
    start: int | None = None
    end: int | None = None


def words_in(content: AnyContent, terms: Iterable[ListedTerm]) -> list[GlossaryRow]:
    """Return those of `terms` that frozen `content` uses, by word.

    `terms` are all of its language.
    """
    terms = [ListedTerm(*term) for term in terms]
    used = {match.term for match in _matches(_text_of(content), [term.word for term in terms])}
    found: list[GlossaryRow] = [
        {"uid": str(term.uid), "word": term.word, "meaning": term.meaning}
        for number, term in enumerate(terms)
        if number in used
    ]
    return sorted(found, key=lambda row: (plain(row["word"]), row["uid"]))


def with_links(html: SafeString, words: Sequence[str]) -> tuple[SafeString, set[int]]:
    """Return a reader's `html` with a link from each term to its meaning, and the terms linked.

    Only the first place that uses a term becomes a link. Term number n of `words`, counted from 1,
    is explained at #wn, and its place in the text gets the id wn-1. Headings and links are left
    alone.
    """
    if not words:
        return html, set()
    places = _first_places(html, words)
    terms = {start: number for number, (start, _end) in places.items()}
    linked, position = [], 0
    for piece in safe_slices(html, [edge for place in places.values() for edge in place]):
        number = terms.get(position)
        position += len(piece)
        if number:
            piece = format_html(
                '<a id="w{0}-1" href="#w{0}" role="doc-glossref">{1}</a>', number, piece
            )
        linked.append(piece)
    return format_html_join("", "{}", ((piece,) for piece in linked)), set(places)


def _first_places(html: str, words: Sequence[str]) -> dict[int, tuple[int, int]]:
    """Return {number of a term from 1: first place in `html` that uses it and may be a link}."""
    pieces = list(_pieces(html))
    text = "".join(piece.text for piece in pieces)
    longest_first = sorted(_matches(text, words), key=lambda match: (match.start, -match.end))
    place_of = _places_in_html(pieces)
    places: dict[int, tuple[int, int]] = {}
    position = 0
    for match in longest_first:
        start, end = place_of(match.start)[0], place_of(match.end - 1)[1]
        number = match.term + 1
        if number in places or start is None or end is None:
            continue
        if start < position or "<" in html[start:end]:
            continue
        places[number] = start, end
        position = end
    return places


def _text_of(content: AnyContent) -> str:
    """Return everything a reader of the page reads that its author wrote."""
    return _END.join(
        unescape(re.sub(rf"</?([a-z0-9]+){_REST}", _in_place_of_tag, text))
        if value.name == "body"
        else text
        for text, value, _uid in contents.texts_for_readers(content)
    )


def _in_place_of_tag(tag: re.Match[str]) -> str:
    """Return what a tag is to a reader of the words: the end of a paragraph, a blank or nothing."""
    return _END if tag[1] in BLOCKS | _PARTS else " " if tag[1] == "br" else ""


def _pieces(html: str) -> Iterator[_Piece]:
    end = 0
    for markup in _MARKUP.finditer(html):
        yield _Piece(html[end : markup.start()], end, markup.start())
        end = markup.end()
        if markup[0].startswith("&"):
            yield _Piece(unescape(markup[0]), markup.start(), end)
        elif markup["tag"] is None or markup["tag"] in BLOCKS | _PARTS:
            yield _Piece(_END)
        elif markup["tag"] == "br":
            yield _Piece(" ")
    yield _Piece(html[end:], end, len(html))


def _places_in_html(
    pieces: Sequence[_Piece],
) -> Callable[[int], tuple[int, int] | tuple[None, None]]:
    """Return a function from a letter in the text of `pieces` to its (start, end) in the html.

    (None, None) for what is no letter of the html.
    """
    starts, length = [], 0
    for piece in pieces:
        starts.append(length)
        length += len(piece.text)

    def place_of(place: int) -> tuple[int, int] | tuple[None, None]:
        number = bisect_right(starts, place) - 1
        while not pieces[number].text:
            number -= 1
        piece, offset = pieces[number], place - starts[number]
        if piece.start is None or piece.end is None:
            return None, None
        if len(piece.text) != piece.end - piece.start:  # an entity
            return piece.start, piece.end
        return piece.start + offset, piece.start + offset + 1

    return place_of


def _matches(text: str, words: Sequence[str]) -> list[_Match]:
    """Return every place in `text` that uses one of the terms `words`; places may overlap."""
    by_first_word: dict[str, list[_Starts]] = {}
    for number, word in enumerate(words):
        if forms := _forms(word):
            start = _Starts(number, forms, word.strip().isupper())
            by_first_word.setdefault(forms[0], []).append(start)
    tokens = list(_tokens(text))
    found = []
    for place, token in enumerate(tokens):
        for first in {*_singulars(token.form), *_without_prefixes(token.form)}:
            for term in by_first_word.get(first, ()):
                candidate = tokens[place : place + len(term.forms)]
                if not _is_term(text, candidate, first, term.forms):
                    continue
                end = candidate[-1].end
                if not term.is_abbreviation or text[token.start : end].removesuffix("s").isupper():
                    found.append(_Match(term.term, token.start, end))
    return found


def _is_term(text: str, tokens: Sequence[_Token], first: str, forms: Sequence[str]) -> bool:
    """Return whether `tokens` of `text` are the `forms` of a term, `first` being the first word."""
    if len(tokens) < len(forms):
        return False  # the text ends before
    if len(forms) == 1:
        return True
    if first not in {tokens[0].form, *_without_prefixes(tokens[0].form)}:
        return False  # a plural in the middle of a term
    if tuple(token.form for token in tokens[1:-1]) != forms[1:-1]:
        return False
    if forms[-1] not in _singulars(tokens[-1].form):
        return False
    gaps = (text[one.end : other.start] for one, other in pairwise(tokens))
    return all(_GAP.fullmatch(gap) for gap in gaps)


def _tokens(text: str) -> Iterator[_Token]:
    """Yield the words of `text`; what has no letter in it is none."""
    for token in _TOKEN.finditer(text):
        typed, form = _form(token[0])
        if form:
            start = token.start() + token[0].index(typed)
            yield _Token(form, start, start + len(typed))


@lru_cache(maxsize=20_000)  # a library says the same words again and again
def _form(token: str) -> tuple[str, str]:
    """Return a word as it is typed, and in its plain form: "" for what has no letter."""
    typed = token.strip("'’&")
    form = plain(typed).replace("’", "'")
    return typed, form if re.search(r"\w", form) else ""


@lru_cache(maxsize=2_000)
def _forms(term: str) -> tuple[str, ...]:
    """Return the plain forms of the words of a term."""
    return tuple(token.form for token in _tokens(term))


def _singulars(form: str) -> set[str]:
    """Return `form`, and what it is a simple plural of."""
    endings = (ending for ending in ("s", "es", "'s") if form.endswith(ending))
    return {form, *(form.removesuffix(ending) for ending in endings)} - {""}


def _without_prefixes(form: str) -> set[str]:
    """Return `form`, and an Arabic one also without what is written before it as part of it."""
    if not "\u0600" <= form[0] <= "\u06ff":
        return {form}
    return {form[end:] for end in range(min(5, len(form) - 1)) if _BEFORE.fullmatch(form, 0, end)}
