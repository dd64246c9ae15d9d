"""A body as a list of blocks.

What an author sees as one piece (a paragraph, a heading, a list, a table).
"""

import re

from .cleaning import TAG, plain_text

_CLAIM = re.compile(r'<mark data-claim="(c[0-9a-z]{9})">')
BLOCKS = frozenset("p h2 h3 blockquote ul ol table".split())
_EMPTY_HEADING = re.compile(r"<(h[23])>(?:\s|&nbsp;|<br>)*</\1>")
_BLANKS = re.compile(r"[ \t\n]+")
#: White space at these tags is the editor's way of laying out its HTML; readers never see it.
_UNSEEN = re.compile(
    r" ?(</?(?:p|h2|h3|blockquote|ul|ol|li|table|caption|thead|tbody|tr|th|td)(?: [^>]*)?>|<br>) ?"
)


def split(html):
    """The blocks of cleaned `html`, in order, none empty, without white space nobody sees.

    Words outside any block count as one.
    """
    found, piece, depth, position = [], [], 0, 0

    def close():
        text = _BLANKS.sub(" ", "".join(piece))
        if " <" in text or "> " in text:
            text = _UNSEEN.sub(r"\1", text)
        if text := text.strip():
            found.append(text)
        piece.clear()

    for tag in TAG.finditer(html):
        piece.append(html[position : tag.start()])
        position = tag.end()
        is_block = tag[3] in BLOCKS
        if is_block and not tag[2]:
            if depth == 0:
                close()
            depth += 1
        piece.append(tag[1])
        if is_block and tag[2]:
            depth = max(0, depth - 1)
            if depth == 0:
                close()
    piece.append(html[position:])
    close()
    return found


def first_part(html):
    """(all before the first large heading that has text above it, the rest) of cleaned `html`, no
    heading empty.
    """
    html = _EMPTY_HEADING.sub("", html).strip()
    depth = 0
    # Every tag counts: a heading within anything, a claim too, is not one to cut at.
    for tag in TAG.finditer(html):
        if tag[2]:
            depth = max(0, depth - 1)
        elif tag[3] != "br":
            if depth == 0 and tag[3] == "h2" and plain_text(html[: tag.start()]).strip():
                return html[: tag.start()], html[tag.start() :]
            depth += 1
    return html, ""


def join(blocks):
    """The body made of `blocks`.

    A line end between them, so that words outside any block are never glued.
    """
    return "\n".join(blocks)


def named_blocks(html):
    """[(name, block)]: a block is named by the claims in it, else by its place among those that
    hold none.

    So a sentence put right changes one block and leaves the names of all others alone.
    """
    named, plain, seen = [], 0, {}
    for block in split(html):
        keys = "+".join(dict.fromkeys(_CLAIM.findall(block)))
        if not keys:
            plain += 1
            keys = str(plain)
        seen[keys] = seen.get(keys, 0) + 1
        named.append((f"text:{keys}" + (f"#{seen[keys]}" if seen[keys] > 1 else ""), block))
    return named
