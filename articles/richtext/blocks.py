"""A body in pieces: its outermost blocks, one after the other."""

import re

_TAG = re.compile(r"<(/?)([a-z0-9]+)\b[^>]*>", re.IGNORECASE)
_CLAIM = re.compile(r'<mark data-claim="(c[0-9a-z]{9})">')
_VOID = {"br", "img", "hr", "source"}
_INLINE = {"strong", "em", "sub", "sup", "a", "mark", "span", "br"}


def blocks_of(html):
    """The outermost blocks of cleaned `html` as HTML, in their order; put together they are `html` but for blanks.

    Words that stand in no block are a piece of their own.
    """
    pieces, start, depth = [], 0, 0
    for tag in _TAG.finditer(html):
        closing, name = tag[1], tag[2].lower()
        if name in _VOID:
            continue
        if depth == 0 and not closing and name not in _INLINE:
            pieces.append(html[start : tag.start()])
            start = tag.start()
        depth += -1 if closing else 1
        if depth == 0 and closing and name not in _INLINE:
            pieces.append(html[start : tag.end()])
            start = tag.end()
    pieces.append(html[start:])
    return [piece.strip() for piece in pieces if piece.strip()]


def named_blocks(html):
    """[(name, block)]: a block is named by the claims in it, else by its place among those that hold none.

    So a sentence put right changes one block and leaves the names of all others alone.
    """
    named, plain, seen = [], 0, {}
    for block in blocks_of(html):
        keys = "+".join(dict.fromkeys(_CLAIM.findall(block)))
        if not keys:
            plain += 1
            keys = str(plain)
        seen[keys] = seen.get(keys, 0) + 1
        named.append((f"text:{keys}" + (f"#{seen[keys]}" if seen[keys] > 1 else ""), block))
    return named
