"""Read a pasted table: the way in."""

import re
from dataclasses import replace

from .arms import ComparedInTable, comparison_in, is_labelled, name_in
from .columns import Columns, columns_of, head_rows
from .entries import entries_in
from .footnotes import footnotes_in
from .grid import Grid, cells_in, grid_of
from .numerals import without_marks
from .pasted_tables import PastedTable, TooMuchToRead, tables_in
from .results import TableOfFindings
from .table_rows import finding_of

_LONGEST_TITLE = 300
_BEGINS_A_TITLE = re.compile(
    r"\W*(?:table|tabla|(?:grade )?summary of findings|evidence profile|resumen de)\b", re.I
)
#: A table of findings has seven rows; one this long is not looked through by a person.
MAX_FINDINGS = 200

NO_TABLE = (
    "No table was found in what you pasted, so select the whole table with its heads in Word or on"
    " the page, copy it, and paste it again."
)
NO_FINDINGS = (
    "This does not look like a summary of findings, so paste the whole table with its heads, from"
    " the row that begins with “Outcomes”, or type the finding by hand."
)
NO_ROWS = (
    "The heads of this table were read, but no outcome below them, so paste the whole table, or"
    " type the finding by hand."
)
TOO_MANY = f"Only the first {MAX_FINDINGS} outcomes were read, so paste the rest by itself."
MORE_ARMS = (
    "This table compares more than two treatments, and only two of its columns were read, so look"
    " at each number twice."
)
MORE_TABLES = "Only the first table of findings was read, so paste the others one at a time."


def read_findings(html: str) -> TableOfFindings:
    """Return what the first summary-of-findings table in `html` holds.

    Raises nothing: where nothing can be read there are no findings, and `message` says what to do.
    Rows are counted within that table. Costs at most some seconds, whatever is pasted.
    """
    try:
        tables = tables_in(html)
    except TooMuchToRead as error:
        return TableOfFindings(message=str(error))
    if not tables:
        return TableOfFindings(message=NO_TABLE)
    read = [found for table in tables if (found := _read(table)) is not None]
    with_rows = [found for found in read if found.findings]
    if not with_rows:
        return read[0] if read else TableOfFindings(message=NO_FINDINGS)
    first = with_rows[0]
    if len(with_rows) > 1 and not first.message:
        return replace(first, message=MORE_TABLES)
    return first


def _read(table: PastedTable) -> TableOfFindings | None:
    grid = grid_of(table.rows)
    rows = head_rows(grid)
    if rows is None:
        return None
    comparison = _comparison(table, grid[: rows[0]])
    columns = columns_of(grid, comparison)
    if columns is None:
        return None
    entries, notes = entries_in(grid, columns)
    footnotes = footnotes_in([*notes, *table.after])
    findings = tuple(
        finding if finding.outcome else replace(finding, outcome=comparison.title)
        for finding in (finding_of(one, columns, footnotes) for one in entries[:MAX_FINDINGS])
    )
    message = "" if findings else NO_ROWS
    if len(entries) > MAX_FINDINGS:
        message = TOO_MANY
    elif findings and columns.more_arms:
        message = MORE_ARMS
    comparison = _with_names_of(columns, comparison)
    return TableOfFindings(*comparison, findings, message)


def _comparison(table: PastedTable, above: Grid) -> ComparedInTable:
    """Return what the table compares, by the rows `above` its heads and the text around it."""
    texts = []
    for row in above:
        cells = [cell.text for cell in cells_in(row)]
        is_pair = len(cells) == 2 and is_labelled(f"{cells[0].rstrip(' :')}:")
        texts.append(f"{cells[0].rstrip(' :')}: {cells[1]}" if is_pair else "\n".join(cells))
    texts = [without_marks(text) for text in texts if text]
    caption, before = without_marks(table.caption), [without_marks(one) for one in table.before]
    titles = [text.split("\n")[0] for text in texts if not is_labelled(text.split("\n")[0])]
    # A heading or a caption stands close to its table, and is no sentence.
    near = [line for line in reversed(before[-3:]) if _may_be_a_title(line)]
    return comparison_in([caption, *titles, *near], [*texts, caption, "\n".join(before[-20:])])


def _may_be_a_title(line: str) -> bool:
    if len(line) > _LONGEST_TITLE or is_labelled(line):
        return False
    return line[-1:] not in ".:;" or bool(_BEGINS_A_TITLE.match(line))


def _with_names_of(columns: Columns, comparison: ComparedInTable) -> ComparedInTable:
    """Return `comparison` with the names that the columns give, where nothing else names them."""
    with_, without = (
        name_in(columns.names.get(-1 if column is None else column, ""))
        for column in (
            columns.named_difference if columns.with_ is None else columns.with_,
            columns.without,
        )
    )
    return comparison._replace(
        intervention=comparison.intervention or with_,
        comparator=comparison.comparator or without,
    )
