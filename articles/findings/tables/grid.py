"""The grid of a table: merged cells stand in each place that they cover."""

from collections.abc import Sequence
from dataclasses import dataclass

from .numerals import without_marks
from .pasted_tables import PastedCell

#: Evidence profiles have 13 columns. Spans beyond these limits are cut, not refused.
MAX_COLUMNS, MAX_PLACES = 40, 40_000


@dataclass(frozen=True)
class GridCell:
    """A cell and where it begins. The same object stands in each place that it covers."""

    text: str  # with raised marks
    row: int
    column: int
    in_head: bool = False

    @property
    def words(self) -> str:
        """The text without its raised marks, on one line."""
        return " ".join(without_marks(self.text).split())


#: Rows of places; None where a row is shorter than the others.
Grid = list[list[GridCell | None]]


def grid_of(rows: Sequence[Sequence[PastedCell]]) -> Grid:
    """Return the places of a table, row by row, all rows equally long.

    Costs at most MAX_PLACES places: rows behind them are left out.
    """
    covered: dict[int, tuple[GridCell, int]] = {}  # column: (cell, rows it still covers)
    grid: Grid = []
    width = 0
    for number, row in enumerate(rows):
        places: dict[int, GridCell] = {}
        still: dict[int, tuple[GridCell, int]] = {}
        for column, (cell, left) in covered.items():
            places[column] = cell
            if left > 1:
                still[column] = (cell, left - 1)
        column = 0
        for pasted in row:
            while column in places:
                column += 1
            if column >= MAX_COLUMNS:
                break
            placed = GridCell(pasted.text, number, column, pasted.in_head)
            for place in range(column, min(column + pasted.columns, MAX_COLUMNS)):
                if place in places:
                    break
                places[place] = placed
                if pasted.rows > 1:
                    still[place] = (placed, pasted.rows - 1)
        covered = still
        width = max([width, *(place + 1 for place in places)])
        grid.append([places.get(place) for place in range(max(places, default=-1) + 1)])
        if width * len(grid) > MAX_PLACES:
            break
    return [[*row, *[None] * (width - len(row))] for row in grid]


def cells_in(row: Sequence[GridCell | None]) -> list[GridCell]:
    """Return the cells of a row that say something, each once, in their order."""
    seen: dict[tuple[int, int], GridCell] = {}
    for cell in row:
        if cell and cell.words:
            seen.setdefault((cell.row, cell.column), cell)
    return list(seen.values())
