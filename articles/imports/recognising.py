"""Give each line of a document the role it seems to have, before a person moves any line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from references import typed_lines

from .documents import DocumentLine
from .known_headings import is_neutral_lead_in, role_named_in
from .marks import cites_a_record, has_mark
from .page_dates import is_page_date
from .reference_lists import (
    continuation_text,
    is_only_a_number,
    reads_as_reference,
    typed_number,
)
from .roles import fits
from .tables import as_reference

_MAX_HEADING, _MAX_HEADING_WORDS = 90, 14
_MAX_SITE_NAME_WORDS = 6
_MOST_LINES_BEFORE_A_TITLE = 12
_MAX_LINES_OF_A_REFERENCE = 8  # lines one reference may run over
_KICKER = re.compile(r"\b(article|leaflet|guide|fact sheet|handout)\b", re.I)
SUMMARY = re.compile(r"(?:in short|summary)\s*:\s+(?=\S)", re.I)
#: A heading of references, with the number of a section before it or not.
_REFERENCES = re.compile(
    r"(?:[0-9]{1,2}(?:\.[0-9]{1,2})*[.)]?\s+|[IVX]{1,5}\.\s+)?"
    r"(?:(?:(?:list of|selected|key|main|our|all|the|scientific|full) )?"
    r"(?:references?|sources|citations)"
    r"(?: (?:list|cited|used|and (?:further reading|notes|sources|links)))?|reference list"
    r"|(?:works?|literature|sources|studies) cited|(?:further|suggested|recommended) reading"
    r"|(?:selected |annotated )?bibliography"
    r"|(?:lista de )?referencias(?: bibliográficas| consultadas)?"
    r"|bibliografía(?: consultada| citada)?"
    r"|(?:obras|literatura|trabajos) citad[ao]s?|fuentes(?: consultadas)?|lecturas recomendadas"
    r"|références(?: bibliographiques)?|bibliographie|literatur(?:verzeichnis|angaben)?|quellen"
    r"|(?:قائمة |ثبت )?(?:ال)?(?:مراجع|مصادر)(?: و(?:ال)?(?:مراجع|مصادر))?|قراءات إضافية)"
    r"\s*(?:\([^()]{1,20}\))?\s*[:.]?\s*\Z",
    re.I,
)
#: A line above a list that says what is in it. A line with a year, a page or an address is a
#: reference.
_INTRODUCES = re.compile(r":\Z|\b(these|this|the following|below|here are|we|our)\b", re.I)
#: The figure of a reference after a sentence, where nothing says that it is one.
_SENTENCE_AND_FIGURE = re.compile(r"[.!?][\"”’)]?\s?\d{1,3}(?:\s?[,–-]\s?\d{1,3})*\Z")
_NAMES_A_WORK = re.compile(r"\d|https?:|www\.", re.I)
_HAS_A_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
#: Lines that may stand below references without a heading: a date, an address, a thank-you.
_MOST_LINES_BELOW = 6
_VERSUS = re.compile(r"\b(vs\.?|versus|compared (with|to))(?=\s)|\bor\b.*\?\Z", re.I)

_NOT_TO_DO = re.compile(r"(do not|don.t|never|no|nunca|لا)\b", re.I)


@dataclass
class _Block:
    tag: str  # p, ul, ol, table_row or table_caption
    lines: list[DocumentLine]
    lead_in: DocumentLine | None = None  # the line that introduces a list


@dataclass
class _Section:
    """A heading and what is under it before the next one. The first section has no heading."""

    heading: DocumentLine | None = None
    level: int = 0
    blocks: list[_Block] = field(default_factory=list)


def recognise(lines: Sequence[DocumentLine]) -> dict[int, str]:
    """Return {line number: role code} for each of `lines`."""
    return _Recogniser().run(lines)


def is_references_heading(text: str) -> bool:
    """Return whether a line of this `text` is the heading of a list of references."""
    return bool(_REFERENCES.match(text.strip()))


def with_references_out_of_tables(lines: Sequence[DocumentLine]) -> list[DocumentLine]:
    """Return `lines` with a reference for each row of a table that holds the references."""
    found: list[DocumentLine] = []
    heading: DocumentLine | None = None  # the one that references are under here
    for line in lines:
        if heading is not None and _ends_references(line, heading):
            heading = None
        if line.kind not in {"item", "row"} and _REFERENCES.match(line.text):
            heading = line
        is_in_table = line.kind in {"row", "caption"}
        found.append(as_reference(line) if heading is not None and is_in_table else line)
    return found


class _Recogniser:
    """Goes through a document step by step. Every step gives roles and leaves the other lines."""

    def __init__(self) -> None:
        self.roles: dict[int, str] = {}

    def run(self, lines: Sequence[DocumentLine]) -> dict[int, str]:
        sections = self._sections(
            self._picture_labels(
                self._references(
                    self._site_name_and_title(self._page_marks(self._footnotes(lines)))
                )
            )
        )
        self._summary(sections)
        self._comparison(sections)
        for section in sections:
            self._rows(section)
            if section.heading is not None:
                self._assign(section.heading, f"h{section.level}")
            for block in section.blocks:
                for line in block.lines:
                    is_nested = block.tag in {"ul", "ol"} and line.depth
                    self._assign(line, _tag_of_item(line) if is_nested else block.tag)
        return self.roles

    def _assign(self, line: DocumentLine, role: str) -> None:
        """Give `line` a role, unless an earlier step has given it one."""
        self.roles.setdefault(line.number, role)

    def _footnotes(self, lines: Sequence[DocumentLine]) -> list[DocumentLine]:
        """Take out footnotes and endnotes, and return the other lines.

        A footnote is a reference if it reads as one. Its lines are several references where
        each line reads as one.
        """
        footnotes: dict[str, list[DocumentLine]] = {}
        for line in lines:
            if line.note:
                footnotes.setdefault(line.note, []).append(line)
        for footnote in footnotes.values():
            if footnote[0].record is not None:
                self._assign(footnote[0], "reference")
                continue
            if any(cites_a_record(line.text) for line in footnote):
                # A note that a program wrote around its records.
                for line in footnote:
                    self._assign(line, "note")
                continue
            alone = [reads_as_reference(line.text) for line in footnote]
            if not all(alone) and reads_as_reference(" ".join(line.text for line in footnote)):
                self._one_reference(footnote)
                continue
            for line, is_reference in zip(footnote, alone, strict=True):
                self._assign(line, "reference" if is_reference else "note")
        return [line for line in lines if not line.note]

    def _one_reference(self, lines: Sequence[DocumentLine]) -> None:
        for line in lines:
            self._assign(line, "reference" if line is lines[0] else "reference_goes_on")

    def _page_marks(self, lines: list[DocumentLine]) -> list[DocumentLine]:
        """Take out what belongs to pages and not to their text, and return the other lines."""
        for line in lines:
            if line.kind in {"page_mark", "front_matter"}:
                self._assign(line, line.kind)
            elif line.kind in {"text", "item"} and is_page_date(line.text):
                self._assign(line, "page_date")
        return [line for line in lines if line.number not in self.roles]

    def _site_name_and_title(self, lines: list[DocumentLine]) -> list[DocumentLine]:
        """Find the name of the site, the kicker and the title.

        The title is the only largest heading that the format marks near the top, else the first
        other line.
        """
        marked = _only_title(lines)
        for line in lines:
            if line is marked:
                self._assign(line, "title")
                break
            if line.kind not in {"heading", "text"}:
                if marked is None:
                    break
            elif _is_site_name_or_kicker(line):
                self._assign(line, "front" if line.text.endswith(":") else "kicker")
            elif marked is None:
                if not line.text.endswith(".") and fits("title", line.text):
                    self._assign(line, "title")
                break
        return [line for line in lines if line.number not in self.roles]

    def _references(self, lines: list[DocumentLine]) -> list[DocumentLine]:
        """Take out all that is under a heading such as "References", and return the other lines.

        The references end at the next heading that the format itself marks.
        """
        kept, index = [], 0
        while index < len(lines):
            heading = lines[index]
            index += 1
            if not _heads_references(heading, lines[index : index + 1]):
                kept.append(heading)
                continue
            self._assign(heading, "references_heading")
            start = index
            while index < len(lines) and not _ends_references(lines[index], heading):
                if _heads_references(lines[index], lines[index + 1 : index + 2]):
                    break
                index += 1
            self._reference_lines(lines[start:index])
        return kept if len(kept) < len(lines) else self._without_heading(lines)

    def _without_heading(self, lines: list[DocumentLine]) -> list[DocumentLine]:
        """Take out references that stand under no heading, and return the other lines.

        They are the last lines side by side that all read as references, two or more of them; or
        one that closes the document.
        """
        end = len(lines)
        for end in range(len(lines), max(0, len(lines) - _MOST_LINES_BELOW), -1):
            if _is_a_reference_of_a_list(lines[end - 1]):
                break
        start = end
        while start and _is_a_reference_of_a_list(lines[start - 1]):
            start -= 1
        if end - start < 2 and (end < len(lines) or start == 0 or end == start):
            return lines
        for line in lines[start:end]:
            self._assign(line, "reference")
        return [line for line in lines if line.number not in self.roles]

    def _reference_lines(self, lines: list[DocumentLine]) -> None:
        """Split the lines into references: one a line, or several lines each where they wrap."""
        run: list[DocumentLine] = []
        for line in self._without_lead_in(lines):
            is_named_above = run and is_only_a_number(run[-1]) and line.kind == "text"
            touches = line.gap == 0 or line.goes_on or is_named_above
            if run and (line.kind not in {"text", "item"} or not touches):
                self._run_of_references(run)
                run = []
            if line.kind in {"text", "item"}:
                run.append(line)
            else:
                self._assign(line, "references_heading")
        self._run_of_references(run)

    def _without_lead_in(self, lines: list[DocumentLine]) -> list[DocumentLine]:
        """Return `lines` without those at the top that introduce the list."""
        for line in lines[:-1]:
            is_named = line.kind != "text" or _has_a_number(line)
            if is_named or _NAMES_A_WORK.search(line.text) or not _INTRODUCES.search(line.text):
                break
            self._assign(line, "lead_in")
        return [line for line in lines if line.number not in self.roles]

    def _run_of_references(self, lines: list[DocumentLine]) -> None:
        """Split lines without a gap between them into references.

        A typed number or a bullet begins a reference, and what follows belongs to it.
        """
        segments: list[list[DocumentLine]] = []
        for line in lines:
            if not segments or _begins_a_reference(line, segments[-1]):
                segments.append([line])
            else:
                segments[-1].append(line)
        for segment in segments:
            for group in _split_wrapped(segment):
                self._one_reference(group)

    def _picture_labels(self, lines: list[DocumentLine]) -> list[DocumentLine]:
        """Take out labels of pictures, which are offered as tags, and return the other lines.

        Labels are two or more lines of up to four words with no gap between them, but one before.
        """
        kept: list[DocumentLine] = []
        index = 0
        while index < len(lines):
            end = index
            while (
                end < len(lines) and _is_label(lines[end]) and (end == index or lines[end].gap == 0)
            ):
                end += 1
            follows = end < len(lines) and lines[end].gap == 0
            if end - index >= 2 and lines[index].gap and not follows:
                for line in lines[index:end]:
                    self._assign(line, "tag")
            else:
                end = max(end, index + 1)
                kept += lines[index:end]
            index = end
        return kept

    @staticmethod
    def _sections(lines: list[DocumentLine]) -> list[_Section]:
        sections = [_Section()]
        for index, line in enumerate(lines):
            following = lines[index + 1] if index + 1 < len(lines) else None
            if level := _heading_level(line, following):
                sections.append(_Section(line, level))
            elif line.kind == "item":
                _append_item(sections[-1], line)
            elif line.kind in {"row", "caption"}:
                sections[-1].blocks.append(_Block(f"table_{line.kind}", [line]))
            else:
                sections[-1].blocks.append(_Block("p", [line]))
        return sections

    def _summary(self, sections: list[_Section]) -> None:
        for section in sections:
            for block in section.blocks:
                line = block.lines[0]
                found = SUMMARY.match(line.text)
                if block.tag == "p" and found and fits("summary", line.text[found.end() :]):
                    self._assign(line, "summary")
                    return

    def _comparison(self, sections: list[_Section]) -> None:
        """Find a section "X vs. Y" with two subheadings that have a list each."""
        for section, here, there in zip(sections, sections[1:], sections[2:], strict=False):
            if section.level != 2 or here.level != 3 or there.level != 3:
                continue
            title = section.heading.text if section.heading else ""
            lists = _first_list(here), _first_list(there)
            if not _VERSUS.search(title) or not all(lists):
                continue
            for side, block, role in ((here, lists[0], "here"), (there, lists[1], "there")):
                if side.heading and block:
                    self._assign(side.heading, f"{role}_name")
                    for line in block.lines:
                        self._assign(line, role)
            return

    def _rows(self, section: _Section) -> None:
        for block in section.blocks:
            role = _role_of(block, section) if block.tag in {"ul", "ol"} else None
            if role is not None:
                for line in block.lines:
                    self._assign(
                        line, "dont" if role == "do" and _NOT_TO_DO.match(line.text) else role
                    )


def _first_list(section: _Section) -> _Block | None:
    return next((block for block in section.blocks if block.tag == "ul"), None)


def _only_title(lines: Sequence[DocumentLine]) -> DocumentLine | None:
    """Return the title that the format marks, else the one heading of the first level.

    It must be near the top.
    """
    levels = [line.level for line in lines if line.kind == "heading"]
    largest = [line for line in lines if line.kind == "heading" and line.level == min(*levels, 1)]
    if len(largest) != 1 or not fits("title", largest[0].text):
        return None
    return largest[0] if largest[0] in lines[:_MOST_LINES_BEFORE_A_TITLE] else None


def _is_site_name_or_kicker(line: DocumentLine) -> bool:
    words = len(line.text.split())
    if line.text.endswith(":"):
        return words <= _MAX_SITE_NAME_WORDS
    return bool(_KICKER.search(line.text) and words <= 4)


def _ends_references(line: DocumentLine, heading: DocumentLine) -> bool:
    """Return whether a heading of the format ends the references. A smaller heading does not."""
    if line.kind == "fence":
        return True
    return line.kind == "heading" and (heading.kind == "text" or line.level <= heading.level)


def _heads_references(line: DocumentLine, following: Sequence[DocumentLine]) -> bool:
    """Return whether `line` is a heading of references.

    "7. References" looks like an item of a list. It is a heading if a reference follows it.
    """
    if not _REFERENCES.match(line.text):
        return False
    if line.kind != "item":
        return True
    return line.mark_kind == "number" and any(map(_is_a_reference_of_a_list, following))


def _is_a_reference_of_a_list(line: DocumentLine) -> bool:
    """Return whether a line reads as a reference by itself, with people or a number before it."""
    if line.kind not in {"text", "item"} or not _HAS_A_YEAR.search(line.text):
        return False
    number, text = typed_number([line])
    if number is None and line.kind == "text" and not typed_lines.begins_with_a_person(text):
        return False
    return reads_as_reference(text)


def _has_a_number(line: DocumentLine) -> bool:
    """Return whether a number stands before the line, typed or drawn by the format."""
    if line.list_number is not None or is_only_a_number(line):
        return True
    return typed_number([line])[0] is not None


def _begins_a_reference(line: DocumentLine, above: list[DocumentLine]) -> bool:
    """Return whether a line begins a reference, rather than continuing `above`.

    "447. doi:…" at the start of a wrapped line is a page, not the number of a reference.
    """
    number, text = typed_number([line])
    if number is None or line.mark_kind == "bullet":
        return line.kind == "item" or is_only_a_number(line)
    is_cut = typed_lines.is_cut_in_a_range(above[-1].text)
    above_number, above_text = typed_number(above[:_MAX_LINES_OF_A_REFERENCE])
    is_next = number == (above_number or 0) + 1 and not is_cut
    touches = line.gap == 0 or line.goes_on
    if (
        is_next
        or not touches
        or len(above) >= _MAX_LINES_OF_A_REFERENCE
        or reads_as_reference(text)
    ):
        return True
    if not reads_as_reference(f"{above_text} {continuation_text(line)}"):
        return True
    return not is_cut and reads_as_reference(above_text)


def _split_wrapped(lines):
    """Split `lines` into the lines of one reference each. Only the first line has a list mark."""
    head = lines[:2] if is_only_a_number(lines[0]) else lines[:1]
    parts = [[head, typed_number(head)[1]]]
    for line in lines[len(head) :]:
        if line.kind == "item":  # _begins_a_reference says that this one does not
            parts[-1] = [[*parts[-1][0], line], f"{parts[-1][1]} {continuation_text(line)}"]
        else:
            parts.append([[line], line.text])
    position = 0
    for item in typed_lines.split_references("\n".join(text for _lines, text in parts)):
        start, text = position, ""
        while position < len(parts) and len(text) < len(item):
            text = f"{text} {parts[position][1]}".strip()
            position += 1
        group = [line for part_lines, _text in parts[start:position] for line in part_lines]
        if len(group) == 1 or (
            len(group) <= _MAX_LINES_OF_A_REFERENCE and reads_as_reference(text)
        ):
            yield group
        else:
            yield from (part_lines for part_lines, _text in parts[start:position])
    yield from (part_lines for part_lines, _text in parts[position:])


def _is_label(line: DocumentLine) -> bool:
    is_short = len(line.text.split()) <= 4 and line.text[-1] not in ".,;:?!"
    return line.kind == "text" and is_short and not has_mark(line.text)


def _tag_of_item(line: DocumentLine) -> str:
    return "ol" if line.is_numbered else "ul"


def _append_item(section: _Section, line: DocumentLine) -> None:
    tag = _tag_of_item(line)
    last = section.blocks[-1] if section.blocks else None
    if last and (last.tag == tag or (line.depth and last.tag in {"ul", "ol"})):
        last.lines.append(line)
        return
    lead_in = (
        last.lines[0] if last and last.tag == "p" and last.lines[0].text.endswith(":") else None
    )
    section.blocks.append(_Block(tag, [line], lead_in))


def _heading_level(line: DocumentLine, following: DocumentLine | None) -> int:
    """Return 2 or 3 for a heading, and 0 for any other line."""
    if line.kind == "fence":
        return 2
    if line.kind == "heading":
        return 2 if line.level <= 2 else 3
    text = line.text
    if line.kind != "text" or len(text) > _MAX_HEADING or len(text.split()) > _MAX_HEADING_WORDS:
        return 0
    # Arabic and Hebrew have no capitals, so any letter of theirs can begin a heading.
    if text[0].islower() or not text[0].isalpha() or text[-1] in ".,;:!…" or has_mark(text):
        return 0
    if _SENTENCE_AND_FIGURE.search(text):
        return 0
    stands_alone = line.gap >= 1 and (following is None or following.gap >= 1)
    opens_block = (
        following is not None
        and following.gap == 0
        and (text.endswith("?") or len(text.split()) <= 6)
    )
    if following is None or not (stands_alone or (opens_block and following.kind != "text")):
        return 0
    words = [word for word in re.findall(r"[^\W\d_][\w’'-]*", text) if len(word) > 3]
    title_case = len(text.split()) >= 2 and all(word[0].isupper() for word in words)
    return 2 if text.endswith("?") or title_case or line.gap >= 2 else 3


def _role_of(block: _Block, section: _Section) -> str | None:
    """Return the role of the items of a list, or None when the list stays in the text."""
    lead_in = block.lead_in.text if block.lead_in is not None else ""
    if lead_in and ((role := role_named_in(lead_in)) or not is_neutral_lead_in(lead_in)):
        return role
    if section.heading is not None and (role := role_named_in(section.heading.text)):
        return role
    return "do" if not lead_in and all(line.is_ticked for line in block.lines) else None
