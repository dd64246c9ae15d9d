"""The parts of an article as they were read from a document.

SuggestedClaim, LineUse, PointToCheck and ImportedCitation are stored in the report of an import,
so the names of their fields never change.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from .roles import OUT, ROLES


@dataclass(frozen=True)
class ImportedRow:
    """Text that becomes a row of its own on the page, such as a side effect.

    `kind` says which row of those that share a table: stop or ask_first; do, dont or expert; now,
    today or routine; before, during or after. The fields from `n` on belong to side effects: it
    happens to `n` of `base` people, visits or treatments (`unit`).
    """

    text: str
    line: int
    kind: str = ""
    n: int | None = None
    base: int | None = None
    unit: str = ""
    how_long: str = ""
    what_to_do: str = ""
    is_serious: bool = False
    note: str = ""


@dataclass(frozen=True)
class ReferenceLine:
    """A reference as it was typed, in a list or in a footnote.

    `repairs` holds codes of references.identifiers and references.typed_lines.
    """

    text: str
    line: int
    lines: tuple[int, ...]  # a wrapped reference takes several
    doi: str = ""
    repairs: tuple[str, ...] = ()
    error: str = ""  # why it cannot be read, and what to do; empty when it was read
    work: str = ""  # the text without the number it was typed under
    number: int | None = None  # the number by which sentences cite it
    footnote: str = ""  # name of the footnote or endnote it is; empty for one in a list
    title: str = ""
    authors: tuple[str, ...] = ()  # family names, and names of organisations
    has_more: bool = False  # the line ends its authors in "et al"
    year: int | None = None
    label: str = ""  # the key of Pandoc it stands under in its list, in small letters
    source: str = ""  # name of the record it came with, as articles.imports.records gives it
    csl: dict[str, Any] | None = field(default=None, hash=False, compare=False)

    @property
    def name(self) -> str:
        """The reference in short: "Beyer 2015"."""
        return f"{self.authors[0] if self.authors else self.title[:60]} {self.year or ''}".strip()

    @property
    def key(self) -> str:
        """A text that is the same for two lines that give one work."""
        return self.doi.lower() or "".join(filter(str.isalnum, self.work.casefold()))


@dataclass(frozen=True)
class ImportedCitation:
    """What one citation mark in a sentence cites: "[3]", "(Beyer 2015)" or a footnote.

    - typed: a number, the name of a footnote, or what is in brackets: "3", "note 1", "(Beyer 2015)"
    - said: the reference in short, such as "Beyer 2015", or why there is none
    - line: the line number of the reference; None where none is cited
    - locator_kind, locator: the place in it, such as "page" and "4"
    """

    typed: str
    said: str
    line: int | None = None
    locator_kind: str = ""
    locator: str = ""


@dataclass(frozen=True)
class ImportedSection:
    level: int
    heading: str
    line: int


@dataclass(frozen=True)
class ImportedComparison:
    here_name: str
    there_name: str
    rows: tuple[tuple[str, str], ...]
    lines: tuple[int, ...]


#: A line of a block: (line number, plain text, HTML).
Item = tuple[int, str, str]


#: How deep an item is in its list, from 0, and whether it has a bullet (ul) or a number (ol).
Level = tuple[int, str]


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, a list or a table of the text."""

    tag: str  # h2, h3, p, ul, ol or table
    items: tuple[Item, ...]  # one for each line
    levels: tuple[Level, ...] = ()  # of the items of a list
    start: int = 1  # the number of the first item

    @property
    def html(self) -> str:
        if self.tag == "table":
            return _table([html for _, _, html in self.items])
        if self.tag in {"ul", "ol"}:
            return self._list()
        return f"<{self.tag}>{self.items[0][2]}</{self.tag}>"

    @property
    def markers(self) -> list[tuple[int, str]]:
        """(depth, the bullet or number before it) of each item of a list."""
        found: list[tuple[int, str]] = []
        counts: list[int] = []
        for depth, tag in self._true_levels():
            counts = counts[: depth + 1] if depth < len(counts) else [*counts, 0]
            counts[depth] += 1
            number = counts[depth] + (self.start - 1 if depth == 0 else 0)
            found.append((depth, f"{number}." if tag == "ol" else "•"))
        return found

    def _true_levels(self) -> Iterator[Level]:
        """Give the level of each item: how many of the items above it are less deep, and open."""
        above: list[int] = []
        for depth, tag in self.levels or [(0, self.tag)] * len(self.items):
            while above and above[-1] >= depth:
                above.pop()
            above.append(depth)
            yield len(above) - 1, tag

    def _list(self) -> str:
        parts: list[str] = []
        open_lists: list[str] = []
        for (depth, tag), (_, _, html) in zip(self._true_levels(), self.items, strict=True):
            while len(open_lists) > depth + 1:
                parts.append(f"</li></{open_lists.pop()}>")
            if len(open_lists) > depth:
                parts.append("</li>")
                if open_lists[-1] != tag:
                    parts.append(f"</{open_lists[-1]}><{tag}>")
                    open_lists[-1] = tag
            else:
                start = f' start="{self.start}"' if self._has_start(tag, open_lists) else ""
                parts.append(f"<{tag}{start}>")
                open_lists.append(tag)
            parts.append(f"<li>{html}")
        parts += [f"</li></{tag}>" for tag in reversed(open_lists)]
        return "".join(parts)

    def _has_start(self, tag: str, open_lists: list[str]) -> bool:
        return tag == "ol" and not open_lists and self.start > 1


def _table(lines: list[str]) -> str:
    """Return the table of rows and perhaps a caption. Rows at the top with heads only are its head.

    HTML has the caption first, wherever it was typed.
    """
    captions = [html for html in lines if html.startswith("<caption>")]
    rows = [html for html in lines if not html.startswith("<caption>")]
    heads = list(takewhile(lambda html: "<td" not in html and 'scope="row"' not in html, rows))
    parts = ["<table>", *captions]
    for tag, group in (("thead", heads), ("tbody", rows[len(heads) :])):
        if group:
            parts += [f"<{tag}>", *(f"<tr>{html}</tr>" for html in group), f"</{tag}>"]
    return "".join([*parts, "</table>"])


@dataclass(frozen=True)
class SuggestedClaim:
    """A sentence that looks like a claim. Only a person can accept it.

    `phrases` says where the claim stands, as (line number, words): a claim may run over several
    lines. It is empty for a claim that is a row, because the row itself is the claim; accepting it
    adds its citations.
    """

    text: str
    line: int
    citations: tuple[ImportedCitation, ...]
    reason: str  # why it looks like a claim
    phrases: tuple[tuple[int, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()  # (name, text) of footnotes that are not references

    @property
    def references(self) -> tuple[int, ...]:
        """The numbers it cites, as they are typed."""
        return tuple(int(citation.typed) for citation in self.citations if citation.typed.isdigit())

    @property
    def id(self) -> str:
        """An id that stays the same as long as this line has the same words."""
        return f"{self.line}-{zlib.crc32(self.text.encode('utf-8', 'replace')):08x}"


@dataclass(frozen=True)
class LineUse:
    """What one line of the document became."""

    line: int
    text: str
    use: str  # the role in words, or the reason in `why`
    role: str  # code of a role
    why: str = ""  # why it did not get the role it was to have; empty where it did
    is_unplaced: bool = False  # it had no room where it belongs, and stays in the text

    @property
    def is_left_out(self) -> bool:
        return ROLES[self.role].group == OUT


@dataclass(frozen=True)
class PointToCheck:
    """Something a person should look at before the draft is made.

    `kind` is "repair" (a reference was repaired), "unplaced" (a line found no place), "unread" (a
    reference cannot be read), "missing" (a number has no reference), "uncited" (nobody cites a
    reference) or "mark" (typed bullets, numbers or the like were taken off).
    """

    kind: str
    lines: tuple[int, ...]
    text: str

    @property
    def id(self) -> str:
        return f"{self.kind}-{self.lines[0]}-{zlib.crc32(self.text.encode('utf-8', 'replace')):08x}"


@dataclass
class ImportedArticle:
    """Everything that was read from a document.

    `points_to_check` have an id each, so that a person can accept them one by one. `messages` are
    only shown.
    """

    title: str = ""
    kicker: str = ""
    summary: str = ""
    tags: list[str] = field(default_factory=list)
    sections: list[ImportedSection] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    body_html: str = ""
    comparison: ImportedComparison | None = None
    conditions: list[ImportedRow] = field(default_factory=list)
    indications: list[ImportedRow] = field(default_factory=list)
    side_effects: list[ImportedRow] = field(default_factory=list)
    contraindications: list[ImportedRow] = field(default_factory=list)
    recommendations: list[ImportedRow] = field(default_factory=list)
    help_advice: list[ImportedRow] = field(default_factory=list)
    key_points: list[ImportedRow] = field(default_factory=list)
    steps: list[ImportedRow] = field(default_factory=list)
    alternatives: list[ImportedRow] = field(default_factory=list)
    questions: list[ImportedRow] = field(default_factory=list)
    references: list[ReferenceLine] = field(default_factory=list)
    suggested_claims: list[SuggestedClaim] = field(default_factory=list)
    points_to_check: list[PointToCheck] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    line_uses: list[LineUse] = field(default_factory=list)
