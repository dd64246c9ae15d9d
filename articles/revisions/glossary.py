"""Which words of the word list a text says, and the way from them to what they mean. Pure.

A text says a word in any letters, with or without accents and vowel signs, as a simple plural, and
in Arabic with what is written before it; never as a part of another word, and never across the end
of a paragraph. An abbreviation, all in capitals, is said in capitals alone: "US" is not "us".
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from html import unescape
from itertools import pairwise

from django.utils.html import format_html, format_html_join

from articles.richtext.blocks import BLOCKS
from articles.richtext.cleaning import cut
from articles.richtext.letters import SIGNS, plain

from . import contents

#: Stands in a text where nothing goes on: no text holds it, for PostgreSQL keeps none.
_END = "\0"
#: A word as it is typed, with the signs over its letters and what belongs to names such as C++ and
#: R&D.
_TOKEN = re.compile(rf"[\w{SIGNS[1:-2]}+#&'’]+")
#: What may stand between the parts of one word.
_GAP = re.compile(r"[\s‐‑–-]{1,3}")
#: What Arabic writes before a word and as part of it: and, so, with, for, like, the.
_BEFORE = re.compile("[وف]?[بلك]?(?:ال|لل?)?")
#: The rest of a tag; an address in it may hold a ">".
_REST = r'(?:[^>"]|"[^"]*")*>'
#: The parts of a block that end a sentence as it does.
_PARTS = {"li", "td", "th", "tr", "caption", "thead", "tbody"}
#: In a reader's text: what leads nowhere (headings, links, citation numbers, our own words), tags,
#: names of letters.
_MARKUP = re.compile(
    rf'<(h[23]|a)\b{_REST}.*?</\1>|<sup class="cite">.*?</sup>|<span class="said">.*?</span>'
    rf"|</?(?P<tag>[a-z0-9]+){_REST}|&(?:#?\w+);",
    re.DOTALL,
)


@dataclass(frozen=True)
class _Piece:
    """A stretch of a text, and where it stands in the html.

    [start, end) of it, None for what is no letter there.
    """

    text: str
    start: int | None = None
    end: int | None = None


def words_in(content, explained):
    """[{uid, word, meaning}] of those of `explained` that frozen `content` says, by word.

    `explained` is (uid, word, meaning) of the words of its language.
    """
    explained = list(explained)
    said = {number for number, _, _ in _places(_said(content), [word for _, word, _ in explained])}
    found = [
        {"uid": str(uid), "word": word, "meaning": meaning}
        for number, (uid, word, meaning) in enumerate(explained)
        if number in said
    ]
    return sorted(found, key=lambda row: (plain(row["word"]), row["uid"]))


def with_links(html, words):
    """(`html` of a reader's page where the first place that says each word leads to what it means,
    numbers led to).

    `html` is a SafeString, and so is what comes back. Word number n of `words`, counted from 1,
    stands at #wn, and its place in the text is #wn-1. Headings and links are left alone.
    """
    if not words:
        return html, set()
    pieces = list(_pieces(html))
    text = "".join(piece.text for piece in pieces)
    longest_first = sorted(_places(text, words), key=lambda place: (place[1], -place[2]))
    at = _positions(pieces)
    said, position = {}, 0
    for number, start, end in longest_first:
        first, last = at(start)[0], at(end - 1)[1]
        if (
            number + 1 in said
            or first is None
            or last is None
            or first < position
            or "<" in html[first:last]
        ):
            continue
        said[number + 1] = first, last
        position = last
    by_place = {first: number for number, (first, _last) in said.items()}
    linked, position = [], 0
    for piece in cut(html, [place for places in said.values() for place in places]):
        number = by_place.get(position)
        position += len(piece)
        if number:
            piece = format_html(
                '<a id="w{0}-1" href="#w{0}" role="doc-glossref">{1}</a>', number, piece
            )
        linked.append(piece)
    return format_html_join("", "{}", ((piece,) for piece in linked)), set(said)


def _said(content):
    """Everything a reader of the page reads that its author wrote."""
    texts = [
        (
            unescape(re.sub(rf"</?([a-z0-9]+){_REST}", _instead, content["body"]))
            if value.name == "body"
            else content[value.name]
        )
        for value in contents.VALUES
        if value.is_explained and value.name in content
    ]
    for rows in contents.OWN_ROWS:
        explained = [value for value in rows.values if value.is_explained]
        for row in rows.in_content(content):
            texts += [
                row[value.name]["name"] if value.name == rows.term else row[value.name]
                for value in explained
            ]
    return _END.join(texts)


def _instead(tag):
    """What a tag is to who reads the words: an end, a blank, or nothing."""
    return _END if tag[1] in BLOCKS | _PARTS else " " if tag[1] == "br" else ""


def _pieces(html):
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


def _positions(pieces):
    """A function from a place in the text of `pieces` to (start, end) in html.

    (None, None) where none stands.
    """
    starts, length = [], 0
    for piece in pieces:
        starts.append(length)
        length += len(piece.text)

    def at(place):
        number = bisect_right(starts, place) - 1
        while not pieces[number].text:
            number -= 1
        piece, offset = pieces[number], place - starts[number]
        if piece.start is None:
            return None, None
        if len(piece.text) != piece.end - piece.start:  # the name of a letter
            return piece.start, piece.end
        return piece.start + offset, piece.start + offset + 1

    return at


def _places(text, words):
    """[(number of the word from 0, start, end)] of every place in `text` that says one of `words`,
    longest first.
    """
    by_beginning = {}
    for number, word in enumerate(words):
        if parts := [part for part, _, _ in _tokens(word)]:
            by_beginning.setdefault(parts[0], []).append((number, parts, word.strip().isupper()))
    tokens = list(_tokens(text))
    found = []
    for place, (token, start, _) in enumerate(tokens):
        for beginning in {*_singulars(token), *_without_what_stands_before(token)}:
            for number, parts, is_abbreviation in by_beginning.get(beginning, ()):
                last = place + len(parts) - 1
                if last >= len(tokens) or not _goes_on(
                    text, tokens[place : last + 1], beginning, parts
                ):
                    continue
                end = tokens[last][2]
                if not is_abbreviation or text[start:end].removesuffix("s").isupper():
                    found.append((number, start, end))
    return found


def _goes_on(text, tokens, beginning, parts):
    if len(parts) == 1:
        return True
    if beginning not in {tokens[0][0], *_without_what_stands_before(tokens[0][0])}:
        return False  # a plural in the middle of a word
    if [token for token, _, _ in tokens[1:-1]] != parts[1:-1] or parts[-1] not in _singulars(
        tokens[-1][0]
    ):
        return False
    gaps = (text[one[2] : other[1]] for one, other in pairwise(tokens))
    return all(_GAP.fullmatch(gap) for gap in gaps)


def _tokens(text):
    """(plain form, start, end) of what is a word in `text`; what has no letter in it is none."""
    for token in _TOKEN.finditer(text):
        typed = token[0].strip("'’&")
        form = plain(typed).replace("’", "'")
        if re.search(r"\w", form):
            start = token.start() + token[0].index(typed)
            yield form, start, start + len(typed)


def _singulars(token):
    """`token`, and what it is a simple plural of."""
    return {
        token,
        *(token.removesuffix(ending) for ending in ("s", "es", "'s") if token.endswith(ending)),
    } - {""}


def _without_what_stands_before(token):
    if not "\u0600" <= token[0] <= "\u06ff":
        return {token}
    return {
        token[end:] for end in range(min(5, len(token) - 1)) if _BEFORE.fullmatch(token, 0, end)
    }
