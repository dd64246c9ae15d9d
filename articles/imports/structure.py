"""Turn numbered lines into the parts of an article. Every line is accounted for.

Lists that become rows (side effects, reasons not to have it …) leave the text. The page renders
them from the rows, and would otherwise say them twice.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from html import escape
from itertools import zip_longest

from references import identifiers, typed_lines

from .citation_points import messages_about_citation_marks, points_about_citations
from .citations import Sources
from .documents import DocumentLine
from .page_lines import without_empty_tags
from .parts import (
    Block,
    ImportedArticle,
    ImportedComparison,
    ImportedRow,
    ImportedSection,
    Level,
    LineUse,
    PointToCheck,
    ReferenceLine,
)
from .recognising import SUMMARY, recognise, with_references_out_of_tables
from .record_lines import with_fields, with_record, with_records_in_their_list
from .reference_lists import (
    continuation_text,
    numbers_of,
    typed_label,
    typed_number,
    why_not_one_reference,
)
from .roles import IN_TEXT, OUT, ROLES, SINGLE, SOURCES, may_be_chosen
from .suggesting import suggest
from .tables import BETWEEN_CELLS, as_sentence, cells_of, words_of_row

_COUNT = re.compile(
    r"\b(?:about |around )?(\d[\d,]{0,8}) (?:in|out of) (?:every )?(\d[\d,]{0,8})"
    r" (people|visits|treatments)\b\.?",
    re.I,
)
_HOW_LONG = re.compile(
    r"\b(?:lasts?|for) ((?:up to |about )?[\w ]{1,30}(?:hours?|days?|weeks?))\b", re.I
)
_SERIOUS = re.compile(r"\bserious\b", re.I)
_WHAT_TO_DO = re.compile(r"[,;.]?\s*\bwhat to do:\s*(\S.*)$", re.I)

#: Roles that share a table with others, so that their rows have a kind.
_ROLES_WITH_KIND = frozenset(
    {
        "stop",
        "ask_first",
        "now",
        "today",
        "routine",
        "before",
        "during",
        "after",
        "do",
        "dont",
        "experts",
    }
)

#: What the author is told about each kind of mark that was taken off (DocumentLine.mark_kind).
_MARKS_TAKEN_OFF = {
    "bullet": "Typed bullets were taken off, for the page draws its own",
    "tick": "Typed ticks were taken off, for the page draws its own",
    "number": "Typed numbers were taken off, for the page counts by itself",
    "letter": "Typed letters were taken off, for the page counts by itself",
    "fence": "The brackets < > around a heading were taken off",
}


def structure(
    lines: Sequence[DocumentLine],
    messages: Iterable[str] = (),
    moves: Mapping[int, str] | None = None,
) -> ImportedArticle:
    """Return the article in `lines`.

    `moves` is {line number: role code}, as a person decided. A move changes its own line and only
    those that depend on it: a lead-in stays out of the text as long as its list does, and an
    article has one title. Moves of unknown lines, or to roles that nobody can choose, are ignored.
    """
    return _Structuring(lines, messages, moves or {}).run()


class _Structuring:
    """Builds an ImportedArticle step by step. Each step can change the roles of lines."""

    def __init__(
        self, lines: Sequence[DocumentLine], messages: Iterable[str], moves: Mapping[int, str]
    ) -> None:
        lines, self.article = (
            with_references_out_of_tables(lines),
            ImportedArticle(messages=list(messages)),
        )
        self.read_as = recognise(lines)
        self.roles = dict(self.read_as)
        self.moved = {line.number for line in lines if may_be_chosen(moves.get(line.number))}
        self.roles |= {number: moves[number] for number in self.moved}
        self.lines = [
            as_sentence(line) if line.table and line.number in self.moved else line
            for line in lines
        ]
        self.reasons: dict[int, str] = {}  # line number: why it did not get the role it was to have
        self.unplaced: set[int] = set()  # line numbers
        #: {line number: h2 or h3} of headings that left the text together with their rows.
        self.emptied_headings: dict[int, str] = {}
        self.sources = Sources([], {})

    def run(self) -> ImportedArticle:
        self._references()
        self._singles()
        self._rows()
        self._comparison()
        self._drop_emptied_lead_ins_and_headings()
        self._title_and_tags()
        self._sections()
        self._body()
        claims = suggest(self.article, self.lines, self.roles, self.sources)
        self.article.suggested_claims = list(claims)
        self.article.messages += messages_about_citation_marks(
            self.article, self.lines, self.roles, self.sources
        )
        self._account_for_lines()
        return self.article

    def _lines_with_role(self, *roles: str) -> list[DocumentLine]:
        return [line for line in self.lines if self.roles[line.number] in roles]

    def _keep_in_text(self, line: DocumentLine, reason: str) -> None:
        """Put a line that found no place into the text, so that nothing is lost, and say why."""
        list_role = "ol" if line.is_numbered else "ul"
        self.roles[line.number] = list_role if line.kind == "item" else "p"
        self.reasons[line.number] = reason
        self.unplaced.add(line.number)

    def _fits(self, line: DocumentLine, text: str) -> bool:
        """Return whether `text` fits its field. A line that does not fit is kept in the text."""
        role = ROLES[self.roles[line.number]]
        if role.longest is None or len(text) <= role.longest:
            return True
        self._keep_in_text(
            line,
            f"too long for “{role.words}” ({len(text)} letters, {role.longest} fit), so it stays in"
            " the text",
        )
        return False

    # --- what leaves the text ------------------------------------------------------------------
    def _references(self) -> None:
        """Read the references. A line that continues the one above is read with it."""
        groups: list[list[DocumentLine]] = []
        above = None  # the line above, if a reference can continue from it
        for line in self.lines:
            role = self.roles[line.number]
            if role == "reference":
                groups.append([line])
            elif role == "reference_goes_on" and above is not None and above.note == line.note:
                groups[-1].append(line)
            elif role == "reference_goes_on":
                self._keep_in_text(line, "there is no reference above that it could go on from")
            above = line if self.roles[line.number] in {"reference", "reference_goes_on"} else None
        listed = [group for group in groups if not group[0].note]
        numbers, counted = numbers_of(listed, self.lines, self.roles, self.read_as)
        footnotes: dict[str, str] = {}
        for line in self._lines_with_role("note"):
            footnotes[line.note] = f"{footnotes.get(line.note, '')} {line.text}".strip()
        # References can hold the marks of footnotes too, so these are known before them.
        marks = Sources([], {line.note: "" for line in self.lines if line.note})
        references = [_reference(group, numbers, marks) for group in groups]
        self.article.references = with_records_in_their_list(references)
        texts = [
            line.text
            for line in self.lines
            if ROLES[self.roles[line.number]].group not in {OUT, SOURCES}
        ]
        self.sources = Sources(self.article.references, footnotes, counted, texts)

    def _singles(self) -> None:
        """Keep one title, one kicker and one summary: the one a person chose, else the first."""
        for role in SINGLE:
            candidates = [
                line
                for line in self._lines_with_role(role)
                if self._fits(line, self._text_of_single(line))
            ]
            candidates.sort(key=lambda line: line.number not in self.moved)
            for other in candidates[1:]:
                self._keep_in_text(
                    other, f"line {candidates[0].number} is the {ROLES[role].words} already"
                )

    def _text_of_single(self, line: DocumentLine) -> str:
        words = self._plain_text(line)
        return SUMMARY.sub("", words, count=1) if self.roles[line.number] == "summary" else words

    def _rows(self) -> None:
        first_lines: dict[tuple[str, str], DocumentLine] = {}
        for line in self.lines:
            role = ROLES[self.roles[line.number]]
            if not role.is_row or role.code in {"here_name", "there_name", "here", "there"}:
                continue
            row = (
                _side_effect(line, self._plain_text(line))
                if role.code == "side_effects"
                else self._row(line, role.code)
            )
            if not self._fits(line, row.text):
                continue
            if len(row.note) > 300:
                self._keep_in_text(
                    line, "it says more than a side effect can hold, so it stays in the text"
                )
                continue
            # An article names a shared term only once.
            kind = {"ask_first": "stop"}.get(role.code, role.code)
            if kind in {"conditions", "side_effects", "stop"}:
                first = first_lines.setdefault((kind, row.text.upper().casefold()), line)
                if first is not line:
                    self._leave_out_repeat(line, first)
                    continue
            self._add(role.code, row)

    def _leave_out_repeat(self, line: DocumentLine, first: DocumentLine) -> None:
        """Leave out a line that repeats `first`. If it says more, or was moved, it stays."""
        if line.text.casefold() == first.text.casefold() and line.number not in self.moved:
            self.roles[line.number] = "said_already"
            self.reasons[line.number] = f"line {first.number} says the same"
        else:
            self._keep_in_text(
                line, f"line {first.number} names it already, so this stays in the text"
            )

    def _row(self, line: DocumentLine, code: str) -> ImportedRow:
        kind = {"experts": "expert"}.get(code, code)
        return ImportedRow(
            self._plain_text(line), line.number, kind if code in _ROLES_WITH_KIND else ""
        )

    def _add(self, code: str, row: ImportedRow) -> None:
        article = self.article
        rows = {
            "stop": article.contraindications,
            "ask_first": article.contraindications,
            "now": article.help_advice,
            "today": article.help_advice,
            "routine": article.help_advice,
            "before": article.steps,
            "during": article.steps,
            "after": article.steps,
            "do": article.recommendations,
            "dont": article.recommendations,
            "experts": article.recommendations,
        }
        (rows[code] if code in rows else getattr(article, code)).append(row)

    def _comparison(self) -> None:
        """Put two names and two columns side by side, in the order of the document."""
        columns = [
            [line for line in lines if self._fits(line, self._plain_text(line))]
            for lines in (self._lines_with_role("here"), self._lines_with_role("there"))
        ]
        if not any(columns):
            for line in self._lines_with_role("here_name", "there_name"):
                self._keep_in_text(
                    line, "no line says anything about it, so there is no comparison"
                )
            return
        here_name, there_name = (
            next(iter(self._lines_with_role(f"{side}_name")), None) for side in ("here", "there")
        )
        here, there = ([self._plain_text(line) for line in column] for column in columns)
        used = [here_name, there_name, *columns[0], *columns[1]]
        self.article.comparison = ImportedComparison(
            here_name=self._plain_text(here_name) if here_name else "",
            there_name=self._plain_text(there_name) if there_name else "",
            rows=tuple(zip_longest(here, there, fillvalue="")),
            lines=tuple(line.number for line in used if line is not None),
        )
        self.article.messages.append(
            "Say what each line of the comparison is about, for example “how it feels”."
        )
        if there_name is None:
            self.article.messages.append("Give the other treatment of the comparison a name.")

    def _drop_emptied_lead_ins_and_headings(self) -> None:
        """Take lead-ins and headings out of the text where all they introduce has left it."""
        for index, line in enumerate(self.lines):
            if line.number in self.moved or self.roles[line.number] not in IN_TEXT:
                continue
            if self.roles[line.number] == "p" and line.number not in self.unplaced:
                items = self._list_after(index) if line.text.endswith(":") else []
                roles = [ROLES[self.roles[item.number]] for item in items]
                if any(role.is_row for role in roles) and not any(
                    role.code in IN_TEXT for role in roles
                ):
                    first = next(role for role in roles if role.is_row)
                    self.roles[line.number], self.reasons[line.number] = (
                        "lead_in",
                        f"lead-in of {first.words}",
                    )
        for index, line in enumerate(self.lines):
            if (
                self.roles[line.number] in {"h2", "h3"}
                and line.number not in self.moved
                and self._is_emptied(index)
            ):
                self.emptied_headings[line.number] = self.roles[line.number]
                self.roles[line.number] = "rows_heading"

    def _list_after(self, index: int) -> list[DocumentLine]:
        items = []
        for line in self.lines[index + 1 :]:
            if line.kind != "item":
                break
            items.append(line)
        return items

    def _is_emptied(self, index: int) -> bool:
        """Return whether all that was under this heading has become rows and left the text."""
        level, has_rows = self.roles[self.lines[index].number], False
        for line in self.lines[index + 1 :]:
            role = self.roles[line.number]
            if role in {"h2", "h3"}:
                if role <= level:
                    break
            elif role in IN_TEXT:
                return False
            else:
                has_rows = has_rows or ROLES[role].is_row
        return has_rows

    # --- the top and the text ------------------------------------------------------------------
    def _title_and_tags(self) -> None:
        article = self.article
        for role in ("title", "kicker", "summary"):
            for line in self._lines_with_role(role):
                setattr(article, role, self._text_of_single(line))
        if not article.title:
            article.messages.append("No title was found: give the article one.")
        for line in self._lines_with_role("tag"):
            if self._fits(line, line.text):
                article.tags.append(line.text)

    def _sections(self) -> None:
        """List every heading of the document, with those that left the text with their rows."""
        named = {"h2": 2, "h3": 3, "here_name": 3, "there_name": 3}
        for line in self.lines:
            role = self.roles[line.number]
            if level := named.get(self.emptied_headings.get(line.number, role)):
                self.article.sections.append(
                    ImportedSection(level, self._plain_text(line), line.number)
                )

    def _body(self) -> None:
        blocks: list[Block] = []
        previous: int | None = None
        for index, line in enumerate(self.lines):
            role = self.roles[line.number]
            if role not in IN_TEXT:
                continue
            tag = "table" if line.table else role
            item = (line.number, self._plain_text(line), self._html(line))
            level = (line.depth if line.kind == "item" else 0, tag)
            if previous is not None and self._is_together(blocks[-1], level, previous, index):
                items, levels = (*blocks[-1].items, item), (*blocks[-1].levels, level)
                blocks[-1] = replace(blocks[-1], items=items, levels=levels)
            else:
                start = self._first_number(index) if tag == "ol" else 1
                blocks.append(Block(tag, (item,), (level,), start))
            previous = index
        self.article.blocks = blocks
        self.article.body_html = "".join(block.html for block in blocks)

    def _is_together(self, block: Block, level: Level, first: int, second: int) -> bool:
        """Return whether two lines are items of one list, or belong to one table."""
        depth, tag = level
        if tag == "table":
            return self.lines[first].table == self.lines[second].table
        is_list = tag in {"ul", "ol"} and block.tag in {"ul", "ol"}
        if not is_list or (tag != block.tag and not depth):
            return False
        # Items that left the list do not split it.
        return all(line.kind == "item" for line in self.lines[first + 1 : second])

    def _first_number(self, index: int) -> int:
        """Return the number of the first item of a list, which may go on from one above."""
        line = self.lines[index]
        above = self.lines[index - 1] if index else None
        if above is not None and above.is_numbered and above.depth == line.depth:
            return 1  # the items above it left the text
        if line.mark_kind == "number":
            return int("".join(filter(str.isdigit, line.mark)))
        return line.list_number or 1

    def _plain_text(self, line: DocumentLine) -> str:
        """Return the plain text of a line without the marks of references and footnotes."""
        without = self.sources.without_citation_marks
        if line.kind == "row":
            return BETWEEN_CELLS.join(
                without(cell).strip() for cell in line.text.split(BETWEEN_CELLS)
            )
        return without(line.text).strip() or line.text

    def _html(self, line: DocumentLine) -> str:
        if self.roles[line.number] in {"h2", "h3"}:
            return escape(self._plain_text(line), quote=False)
        if line.kind == "row":
            cells = cells_of(line)
            return "".join(
                start + self._without_marks(html) + end for _text, start, html, end in cells
            )
        html = self._without_marks(line.html) or line.html
        return f"<caption>{html}</caption>" if line.kind == "caption" else html

    def _without_marks(self, html: str) -> str:
        return without_empty_tags(self.sources.html_without_citation_marks(html)).strip()

    # --- what became of each line --------------------------------------------------------------
    def _account_for_lines(self) -> None:
        """Say what each line became, and list what a person should check."""
        article = self.article
        for line in self.lines:
            role, reason = self.roles[line.number], self.reasons.get(line.number, "")
            is_unplaced = line.number in self.unplaced
            use = f"note: {reason}" if is_unplaced else reason or ROLES[role].words
            article.line_uses.append(
                LineUse(line.number, words_of_row(line.text), use, role, reason, is_unplaced)
            )
            if is_unplaced:
                article.points_to_check.append(
                    PointToCheck("unplaced", (line.number,), reason[:1].upper() + reason[1:] + ".")
                )
        self._report_references()
        article.points_to_check += points_about_citations(
            article, self.lines, self.roles, self.sources
        )
        for mark, sentence in _MARKS_TAKEN_OFF.items():
            if numbers := tuple(line.number for line in self.lines if line.mark_kind == mark):
                article.points_to_check.append(PointToCheck("mark", numbers, f"{sentence}."))

    def _report_references(self) -> None:
        points = self.article.points_to_check
        repairs = {**identifiers.REPAIRS, **typed_lines.REPAIRS}
        for reference in self.article.references:
            if reference.error:
                points.append(PointToCheck("unread", reference.lines, reference.error))
            elif reference.repairs:
                made = "; ".join(repairs.get(code, code) for code in reference.repairs)
                text = f"{reference.doi or 'The line'}: {made}."
                points.append(PointToCheck("repair", reference.lines, text))


def _reference(lines, numbers, marks):
    """Read one reference from its lines.

    `marks` finds the marks of footnotes, which are not part of the reference.
    """
    text = " ".join([lines[0].text, *(continuation_text(line) for line in lines[1:])])
    work = marks.without_citation_marks(typed_number(lines)[1])
    common = {
        "text": text,
        "line": lines[0].number,
        "lines": tuple(line.number for line in lines),
        "work": work,
        "number": numbers.get(lines[0].number),
        "footnote": lines[0].note,
        "label": typed_label(lines[0]),
    }
    if lines[0].record is not None:
        return with_record(ReferenceLine(**common), lines[0].record)
    if reason := why_not_one_reference(work):
        return ReferenceLine(**common, error=reason)
    try:
        typed = typed_lines.parse(work)
    except typed_lines.NotAReference as error:
        return ReferenceLine(**common, error=str(error))
    return replace(with_fields(ReferenceLine(**common), typed.csl), repairs=tuple(typed.repairs))


def _side_effect(line: DocumentLine, text: str) -> ImportedRow:
    """Read a side effect such as "A bruise: 8 in 100 visits. What to do: Press on it."

    If it says more before that than how often, how long and how serious, all of it is kept in the
    note.
    """
    name, _, rest = text.partition(":")
    what_to_do = _WHAT_TO_DO.search(rest)
    rest = said = rest[: what_to_do.start()].strip() if what_to_do else rest.strip()
    count, how_long = _COUNT.search(rest), _HOW_LONG.search(rest)
    n = base = None
    if count:
        n, base = (int(count[number].replace(",", "")) for number in (1, 2))
        if not 0 < base >= n:
            count = n = base = None
    is_serious = bool(_SERIOUS.search(rest))
    if not (name.strip() and (count or how_long or is_serious or what_to_do)):
        return ImportedRow(text=text, line=line.number)
    for read in (count, how_long):
        rest = rest.replace(read[0], " ", 1) if read else rest
    left_over = " ".join(_SERIOUS.sub("", rest).split())
    return ImportedRow(
        text=name.strip(),
        line=line.number,
        n=n,
        base=base,
        unit=count[3].lower() if count else "",
        how_long=f"lasts {how_long[1]}" if how_long else "",
        what_to_do=what_to_do[1].strip() if what_to_do else "",
        is_serious=is_serious,
        # There are words that the fields above cannot hold, so all of it is kept.
        note=said if re.search(r"\w{2,}", left_over) else "",
    )
