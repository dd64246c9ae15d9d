"""Say what an import leaves out, and what the author does about it."""

from collections.abc import Sequence
from typing import NamedTuple

from articles.richtext.allowed_html import HREF


def works_outside(href: str) -> bool:
    """Return whether a link works outside its document, wherever the document came from.

    One to "#…" does not, and one to "/…" would lead into our own site.
    """
    return bool(HREF.match(href)) and href[:1] not in {"#", "/"}


class Missing(NamedTuple):
    """Something without words of its own that is no part of the text.

    - kind: formula, picture, or video or frame
    - words: what it says or shows
    - where, line: "in" or "after" the line with that number; 0 is before all lines
    - picture: its number among the pictures that are inside the document; None where it is not
    """

    kind: str
    words: str
    where: str
    line: int
    picture: int | None = None

    @property
    def place(self) -> str:
        return f"{self.where} line {self.line}" if self.line else "before line 1"


_MOST_TOLD = 40
_LONGEST_WORDS = 100
_WHAT_TO_DO = {
    "formula": "write it in the editor",
    "picture": "add it under Pictures",
    "video or frame": "link to it in the editor",
}


def messages_about_missing(missing: Sequence[Missing]) -> list[str]:
    """Return sentences about formulas, pictures and videos that were left out, with the place."""
    sentences = [message_about(one) for one in missing[:_MOST_TOLD]]
    if (more := len(missing) - _MOST_TOLD) > 0:
        sentences.append(f"{more} more formulas, pictures or videos were left out.")
    return sentences


def message_about(one: Missing) -> str:
    """Return the sentence that says that `one` was left out, where, and what to do."""
    return f"A {one.kind}{named(one.words)} was left out {one.place}: {_WHAT_TO_DO[one.kind]}."


def named(words: str) -> str:
    """Return `words` in brackets, to stand behind what they say or show; "" for none."""
    words = " ".join(words.split())
    if len(words) > _LONGEST_WORDS:
        words = f"{words[: _LONGEST_WORDS - 1].rstrip()}…"
    return f" ({words})" if words else ""


_MOST_QUOTED = 12
_LONGEST_QUOTED = 60


def messages_about_words(what: str, words: Sequence[str]) -> list[str]:
    """Return sentences about words that were left out because they are `what`: "hidden"."""
    quoted = list(dict.fromkeys(" ".join(one.split()) for one in words if one.strip()))
    if not quoted:
        return []
    shown = [
        one if len(one) <= _LONGEST_QUOTED else f"{one[: _LONGEST_QUOTED - 1].rstrip()}…"
        for one in quoted[:_MOST_QUOTED]
    ]
    more = len(quoted) - len(shown)
    end = f" and {more} more" if more > 0 else ""
    return [
        f"Words that are {what} were left out: {', '.join(f'“{one}”' for one in shown)}{end}. If"
        " patients are to read them, write them in the editor."
    ]


def messages_about_links(links: int, links_within: int = 0) -> list[str]:
    """Return sentences about links that were left out.

    `links` counts those to places that only the document's own site knows, `links_within` those to
    another place in the document.
    """
    messages = []
    if links:
        what = "a link was" if links == 1 else f"{links} links was"
        messages.append(
            f"The address of {what} left out, for it works in the document only: link the words in"
            " the editor."
        )
    if links_within:
        what = "1 link" if links_within == 1 else f"{links_within} links"
        messages.append(
            f"{what} to another place in the document {'was' if links_within == 1 else 'were'} left"
            " out. The words stay."
        )
    return messages
