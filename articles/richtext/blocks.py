"""A body as a list of blocks: what an author sees as one piece.

A paragraph, a heading, a list, a table.
"""

import re
from collections import Counter
from collections.abc import Iterable

from .cleaning import CLEAN_TAG, plain_text

_CLAIM = re.compile(r'<mark data-claim="(c[0-9a-z]{9})">')
BLOCKS = frozenset("p h2 h3 blockquote ul ol table".split())
_EMPTY_HEADING = re.compile(r"<(h[23])>(?:\s|&nbsp;|<br>)*</\1>")
_BLANKS = re.compile(r"[ \t\n]+")
#: White space at these tags is the editor's way of laying out its HTML; readers never see it.
_UNSEEN = re.compile(
    r" ?(</?(?:p|h2|h3|blockquote|ul|ol|li|table|caption|thead|tbody|tr|th|td)(?: [^>]*)?>|<br>) ?"
)


def split(html: str) -> list[str]:
    """Return the blocks of cleaned `html`, in order, none empty, without white space nobody sees.

    Words outside any block count as one.
    """
    found: list[str] = []
    piece: list[str] = []
    depth = position = 0

    def close() -> None:
        text = _BLANKS.sub(" ", "".join(piece))
        if " <" in text or "> " in text:
            text = _UNSEEN.sub(r"\1", text)
        if text := text.strip():
            found.append(text)
        piece.clear()

    for tag in CLEAN_TAG.finditer(html):
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


def first_part(html: str) -> tuple[str, str]:
    """Return (all before the first large heading with text above it, the rest) of cleaned `html`.

    Empty headings are left out.
    """
    html = _EMPTY_HEADING.sub("", html).strip()
    depth = 0
    # Never cut at a heading inside another element, not even inside a marked claim.
    for tag in CLEAN_TAG.finditer(html):
        if tag[2]:
            depth = max(0, depth - 1)
        elif tag[3] != "br":
            if depth == 0 and tag[3] == "h2" and plain_text(html[: tag.start()]).strip():
                return html[: tag.start()], html[tag.start() :]
            depth += 1
    return html, ""


def join(blocks: Iterable[str]) -> str:
    """Return the body made of `blocks`, with a line end between them.

    So words outside any block are never glued together.
    """
    return "\n".join(blocks)


def named_blocks(html: str) -> list[tuple[str, str]]:
    """Return [(name, block)]: blocks are named by their claims, else by their place.

    So a corrected sentence changes one block and leaves the names of all others alone.
    """
    named, without_claims = [], 0
    times: Counter[str] = Counter()
    for block in split(html):
        name = "+".join(dict.fromkeys(_CLAIM.findall(block)))
        if not name:
            without_claims += 1
            name = str(without_claims)
        times[name] += 1
        named.append((f"text:{name}" + (f"#{times[name]}" if times[name] > 1 else ""), block))
    return named
