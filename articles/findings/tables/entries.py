"""Which rows of a table belong to one outcome, and what each part of them is."""

import re
from dataclasses import dataclass, field

from .columns import Columns
from .grid import Grid, GridCell, cells_in
from .numerals import RAISED, without_marks
from .outcome_cells import is_time
from .row_texts import (
    DIFFERENCE,
    STARTING_RISK,
    Numbers,
    label_in,
    names_risk,
    numbers_in_row,
    texts_in_row,
)

_LONGEST_HEADING, _LONGEST_NAME = 250, 100

_NOTE = re.compile(
    r"\A\W*(?:GRADE Working Group|[*†‡]|explanations?\b|footnotes?\b|notes?\b|abbreviations?\b"
    r"|explicaciones|notas?\b|the basis for|CI\s*:|IC\s*:|MD\s*:|RR\s*:|downgraded"
    r"|high (?:quality|certainty)\s*:|the (?:assumed |corresponding )?risk in)",
    re.I,
)
#: A footnote: "a. Few people", or with its mark raised.
_MARKED = re.compile(rf"(?:{RAISED}|\W*(?:\d{{1,2}}|[a-z])[.):]\s)")
_MARK = re.compile(r"\W*(?:\d{1,2}|[a-z])\W*\Z", re.I)
#: Heads over groups of outcomes, which are no part of an outcome's name.
_SECTION = re.compile(
    r"\A\W*(?:(?:critical|important|primary|secondary|main|key|other|all|patient[- ]important"
    r"|not important)? ?(?:outcomes?|benefits?|harms?|effects?|safety|efficacy|adverse events?"
    r"|desenlaces|beneficios|daños)"
    r"(?: (?:and|y) (?:benefits?|harms?|safety|beneficios|daños))?)\W*\Z",
    re.I,
)
_VERSUS = re.compile(r"\b(?:versus|vs\.?|compared (?:to|with)|frente a)(?=\s)", re.I)


#: "Not selected for high risk", "People at low risk", but no "Risk of falling".
_OF_A_RISK_GROUP = re.compile(
    r"\b(?:at|for|with|selected|their)\b.{0,60}\brisks?\b|\bpopulation\b", re.I
)
_SENSITIVITY = re.compile(r"\W*(?:sensitivity|subgroup) anal", re.I)


@dataclass
class Entry:
    """All that a table says of one outcome at one time, still as text.

    `outcome` has lines; `texts` is {kind of column: its text, with raised marks}.
    """

    row: int  # counted from 1
    outcome: str
    time: str = ""  # that the row itself gives
    time_of_section: str = ""
    numbers: list[Numbers] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)


@dataclass
class _Reading:
    """Where the reading of rows stands."""

    entries: list[Entry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    heading: str = ""  # the outcome that a row of its own named
    empty_row: int | None = None  # where that row has cells of its own, all empty
    time: str = ""  # that a row of its own gave
    time_within: str = ""  # that a label beside the merged cell of an outcome gave
    label: str = ""  # of the starting risk whose numbers come next
    cell: GridCell | None = None  # of the outcome that is being read
    pending: bool = False  # a heading, and no entry of it yet


def entries_in(grid: Grid, columns: Columns) -> tuple[list[Entry], list[str]]:
    """Return (the entries in their order, the texts of notes)."""
    reading = _Reading()
    last = _last_row_of_data(grid, columns)
    for number in range(columns.first_row, len(grid)):
        cells = cells_in(grid[number])
        if not cells or [cell.words for cell in cells] in columns.heads:
            continue
        fresh = [cell for cell in cells if cell.row == number]
        if number > last:
            is_marked = len(fresh) > 1 and _MARK.match(fresh[0].words)
            texts = [cell.text for cell in fresh]
            reading.notes += [f"{fresh[0].words}. {texts[1]}"] if is_marked else texts
        elif len(fresh) == 1 and _is_heading(fresh[0], grid[number], columns, cells):
            _take_heading(reading, fresh[0], is_within=len(cells) > 1)
            if reading.pending and _has_empty_cells(grid[number]):
                reading.empty_row = number
        elif fresh:
            _take_row(reading, grid[number], columns, number)
    _leave_heading(reading)
    return reading.entries, reading.notes


def _last_row_of_data(grid: Grid, columns: Columns) -> int:
    """Return the last row with more than one cell of its own, or with a difference."""
    for number in range(len(grid) - 1, columns.first_row - 1, -1):
        cells = cells_in(grid[number])
        fresh = [cell for cell in cells if cell.row == number]
        is_difference = any(DIFFERENCE.search(cell.words) for cell in fresh)
        first = cells[0].words if cells else ""
        if len(cells) == 1 and len(first) <= _LONGEST_NAME and _has_empty_cells(grid[number]):
            is_outcome = not (_NOTE.search(first) or _MARKED.match(cells[0].text))
            if is_outcome and cells[0].column == columns.first("outcome"):
                return number
        is_note = _NOTE.search(first) or (len(cells) == 2 and _MARK.match(first))
        if is_difference or (len(cells) > 1 and fresh and not is_note):
            return number
    return columns.first_row - 1


def _is_heading(
    cell: GridCell, row: list[GridCell | None], columns: Columns, cells: list[GridCell]
) -> bool:
    """Return whether `cell`, the only one that begins in its row, is over the rows below it."""
    if DIFFERENCE.search(cell.words):
        return False
    if len(cells) == 1:
        return True
    # Beside merged cells of an outcome: a label, if it covers both arms and holds no number.
    places = {column for column in columns.of_numbers if row[column] is cell}
    is_label = STARTING_RISK.match(cell.words) or is_time(cell.words)
    return bool(places and (is_label or (len(places) > 1 and names_risk(cell.words))))


def _has_empty_cells(row: list[GridCell | None]) -> bool:
    """Return whether no cell of `row` is merged with another."""
    return len(row) > 2 and all(cell is None or cell.column == at for at, cell in enumerate(row))


def _leave_heading(reading: _Reading) -> None:
    """Keep a heading that nothing followed as an outcome of which the table says nothing."""
    if reading.pending and reading.empty_row is not None:
        reading.entries.append(Entry(reading.empty_row + 1, reading.heading, "", reading.time))
    reading.pending, reading.empty_row = False, None


def _take_heading(reading: _Reading, cell: GridCell, *, is_within: bool) -> None:
    """Take a row that is over those below it. `is_within` says that an outcome goes on beside."""
    words = cell.words
    if is_within:
        _take_label(reading, words)
    elif _NOTE.search(words) or len(words) > _LONGEST_HEADING:
        reading.notes.append(cell.text)
    elif STARTING_RISK.match(words):
        reading.label = words.strip(" :")
    elif is_time(words):
        reading.time, reading.label = words, ""
    else:
        _leave_heading(reading)
        if _SENSITIVITY.match(words) and (reading.heading or reading.entries):
            above = reading.heading or reading.entries[-1].outcome
            words = f"{above}, {words[0].lower()}{words[1:]}"
        is_name = not (_SECTION.match(words) or _VERSUS.search(words))
        reading.heading = without_marks(cell.text) if words == cell.words else words
        reading.heading = reading.heading if is_name else ""
        reading.time = reading.time_within = reading.label = ""
        reading.cell, reading.pending = None, is_name


def _take_label(reading: _Reading, words: str) -> None:
    if is_time(words):
        reading.time_within = words
    else:
        reading.label = words.strip(" :")


def _take_row(reading: _Reading, row: list[GridCell | None], columns: Columns, number: int) -> None:
    column = columns.first("outcome")
    cell = row[column] if column is not None else None
    words = cell.words if cell else ""
    is_new = bool(words) and cell is not reading.cell
    numbers, texts = numbers_in_row(row, columns, number), texts_in_row(row, columns, number)
    if is_new and DIFFERENCE.search(words):
        difference = numbers.difference or numbers.with_ or numbers.without or words
        numbers, is_new = Numbers(difference=difference), False
    elif is_new and (
        (STARTING_RISK.match(words) and (reading.entries or reading.heading))
        or _shares_cells(words, texts, reading)
    ):
        reading.label, is_new = words.strip(" :"), False
    elif is_new:
        reading.label = reading.time_within = ""
    if merged := label_in(row, columns, number):
        _take_label(reading, merged)
        numbers = Numbers()
    if is_new and cell is not None:
        _begin(reading, cell, number)
    elif _stands_alone(reading, numbers, texts, column):
        outcome = reading.heading if reading.pending or not reading.entries else ""
        outcome = outcome or (reading.entries[-1].outcome if reading.entries else "")
        reading.pending, reading.empty_row = False, None
        reading.entries.append(Entry(number + 1, outcome, reading.time_within, reading.time))
        texts = texts_in_row(row, columns, None)
    if reading.entries:
        for kind, text in texts.items():
            reading.entries[-1].texts.setdefault(kind, text)
        _add(reading.entries[-1], numbers, reading)


def _shares_cells(words: str, texts: dict[str, str], reading: _Reading) -> bool:
    """Return whether a row named `words` is a starting risk of the outcome above it.

    Such rows have numbers alone: the ratio and the certainty stand once, in the first of them.
    """
    above = reading.entries[-1].texts.keys() if reading.entries else set()
    is_open = {"relative", "certainty"} <= above
    return is_open and not texts and bool(_OF_A_RISK_GROUP.search(words))


def _begin(reading: _Reading, cell: GridCell, number: int) -> None:
    outcome, time = without_marks(cell.text), reading.time_within
    above = reading.heading or (reading.entries[-1].outcome if reading.entries else "")
    if is_time(cell.words) and above:
        outcome, time = above, cell.words
    if above == reading.heading and outcome == above:
        reading.pending, reading.empty_row = False, None
    _leave_heading(reading)
    reading.cell = cell
    reading.entries.append(Entry(number + 1, outcome, time, reading.time))


def _stands_alone(
    reading: _Reading, numbers: Numbers, texts: dict[str, str], column: int | None
) -> bool:
    """Return whether a row without an outcome of its own is a finding of its own."""
    if reading.pending or not reading.entries:
        return bool(numbers or texts)
    entry = reading.entries[-1]
    is_later = (reading.time_within or reading.time) not in {
        "",
        entry.time,
        entry.time_of_section,
        reading.time_within and entry.time,
    }
    if is_later and numbers:
        if entry.numbers:
            return True
        entry.time = reading.time_within  # the label stood beside the name of the outcome
    if reading.label or not numbers or not entry.numbers:
        return False
    shared = {"people", "certainty", "time"} if column is not None else {"studies", "certainty"}
    return bool(shared & texts.keys() & entry.texts.keys())


def _add(entry: Entry, numbers: Numbers, reading: _Reading) -> None:
    if not numbers:
        return
    is_rest = not (numbers.without or numbers.with_) and numbers.difference
    if is_rest and entry.numbers and not entry.numbers[-1].difference:
        entry.numbers[-1].difference = numbers.difference
        return
    numbers.label, reading.label = numbers.label or reading.label, ""
    entry.numbers.append(numbers)
