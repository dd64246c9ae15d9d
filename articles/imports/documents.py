"""A document that is imported: numbered lines, each as its author sees it."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .left_out import Missing
from .pictures import DocumentPicture


@dataclass(frozen=True)
class DocumentLine:
    """One line as its author sees it. PendingImport.lines stores these fields by name.

    - number: from 1
    - html: the text, escaped, with strong, em, sub, sup and links kept
    - kind: text, heading, item, fence (a heading typed as "< Heading >"), the row or caption of a
      table (articles.imports.tables), or page_mark (the number of a page, or the head of pages)
    - level: of a heading that the format itself marks; 0 is the title
    - gap: how many blank lines stand before it
    - mark: what was typed before the words and then taken off: "•", "✔", "2.", "<"
    - list_number: the number the format itself draws before it, as <ol start="5"> does
    - note: the name of the footnote or endnote it belongs to, as its mark gives it: "note 1"
    - goes_on: only a line break separates it from the line above
    - depth: of an item of a list: 0, and 1 more for each list that its list is in
    - record: the work as CSL-JSON, on the line of a record that came with the document
    - table: which table of the document it belongs to, from 1; 0 outside of tables
    """

    number: int
    text: str
    html: str
    kind: str = "text"
    level: int = 0
    gap: int = 1
    is_ticked: bool = False
    is_numbered: bool = False
    mark: str = ""
    list_number: int | None = None
    note: str = ""
    goes_on: bool = False
    table: int = 0
    depth: int = 0
    record: dict[str, Any] | None = field(default=None, hash=False, compare=False)

    @property
    def mark_kind(self) -> str:
        """What was taken off: bullet, tick, number, letter or fence; "" where nothing was."""
        if not self.mark:
            return ""
        if self.kind == "fence":
            return "fence"
        if self.is_ticked:
            return "tick"
        if self.is_numbered:
            return "number" if any(map(str.isdigit, self.mark)) else "letter"
        return "bullet"


@dataclass(frozen=True)
class Document:
    """What was read from a file. `messages` say what was left out, and what waits elsewhere."""

    file_name: str
    sha256: str  # of the bytes of the file
    lines: list[DocumentLine]
    messages: list[str]
    pictures: list[DocumentPicture] = field(default_factory=list)


class LinesRead(NamedTuple):
    """What the reader of a format gives: lines that are not blank, and what was left out.

    `pictures` are the bytes of those inside the document, by the numbers that `missing` has.
    """

    lines: list[DocumentLine]
    messages: list[str]
    missing: list[Missing] = []
    pictures: list[bytes] = []
