"""The parts of an article, as read from a document."""

import zlib
from dataclasses import dataclass, field

from .citations import Cited
from .roles import OUT, ROLES


@dataclass(frozen=True)
class ImportedRow:
    """Something that becomes a typed row."""

    text: str
    line: int
    kind: str = (
        ""  # stop or ask_first; do, dont or expert; now, today or routine; before, during or after
    )
    n: int | None = None
    base: int | None = None
    unit: str = ""
    how_long: str = ""
    is_serious: bool = False
    note: str = ""


@dataclass(frozen=True)
class ReferenceLine:
    """A typed reference. `repairs` are codes of references.identifiers and
    references.typed_lines.
    """

    text: str
    line: int
    lines: tuple[int, ...]  # a wrapped reference takes several
    doi: str = ""
    repairs: tuple[str, ...] = ()
    unread: str = ""  # why it cannot be read, and what to do; empty when it was read
    work: str = ""  # the text without the number it was typed under
    number: int | None = None  # by which sentences cite it
    note: str = ""  # the footnote or endnote it is; then it is in no list
    title: str = ""
    authors: tuple[str, ...] = ()  # family names and names of bodies
    has_more: bool = False  # the line ends its authors in "et al"
    year: int | None = None

    @property
    def name(self):
        """In short: “Beyer 2015”."""
        return f"{self.authors[0] if self.authors else self.title[:60]} {self.year or ''}".strip()

    @property
    def key(self):
        """The same for two lines that give one work."""
        return self.doi.lower() or "".join(filter(str.isalnum, self.work.casefold()))


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


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph or a list of the text.

    `items` holds (line number, plain text, html) one a line.
    """

    tag: str  # h2, h3, p, ul or ol
    items: tuple[tuple[int, str, str], ...]

    @property
    def html(self):
        if self.tag in {"ul", "ol"}:
            items = "".join(f"<li>{html}</li>" for _, _, html in self.items)
            return f"<{self.tag}>{items}</{self.tag}>"
        return f"<{self.tag}>{self.items[0][2]}</{self.tag}>"


@dataclass(frozen=True)
class SuggestedClaim:
    """A sentence that looks like a claim. Only a person accepts it.

    `phrases` says where it stands, (line number, words) each: a claim may run over several lines.
    Of a claim that is a row it is empty: the row is the claim, and accepting it links the
    references.
    """

    text: str
    line: int
    citations: tuple[Cited, ...]
    reason: str
    phrases: tuple[tuple[int, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()  # (name, words) of footnotes that are no references

    @property
    def references(self):
        """The numbers it cites, as they are typed."""
        return tuple(int(cited.typed) for cited in self.citations if cited.typed.isdigit())

    @property
    def id(self):
        """The same for the same words in the same line, whatever becomes of other lines."""
        return f"{self.line}-{zlib.crc32(self.text.encode('utf-8', 'replace')):08x}"


@dataclass(frozen=True)
class LinePurpose:
    line: int
    text: str
    use: str
    role: str = ""
    why: str = ""
    is_unplaced: bool = False

    @property
    def is_left_out(self):
        return ROLES[self.role].group == OUT


@dataclass(frozen=True)
class ImportNote:
    """Something a person should look at.

    A repair, a line that found no place, a reference that cannot be read.
    """

    kind: str  # repair, unplaced, unread or mark
    lines: tuple[int, ...]
    text: str

    @property
    def id(self):
        return f"{self.kind}-{self.lines[0]}-{zlib.crc32(self.text.encode('utf-8', 'replace')):08x}"


@dataclass
class ImportedArticle:
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
    remarks: list[ImportNote] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    line_uses: list[LinePurpose] = field(default_factory=list)
