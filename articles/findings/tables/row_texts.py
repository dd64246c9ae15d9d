"""The cells of one row, as texts by what their columns hold."""

import re
from dataclasses import dataclass

from .columns import Columns
from .effects import effect_in
from .grid import GridCell
from .outcome_cells import is_time

#: The label of a starting risk, such as "Low risk population".
STARTING_RISK = re.compile(
    r"\A\W*(?:(?:all|study|studies|low(?:er)?|moderate|medium|intermediate|high(?:er)?"
    r"|very (?:low|high)|overall|general|lowest|highest|baj[ao]|alt[ao]|moderad[ao]|población)\b"
    r"[\w\s,()/'-]{0,80}(?:risk|populations?|studies|riesgo|estudios?)[\w\s,()/<>≥≤%.'-]{0,80}"
    r"|(?:low|moderate|medium|high|very low|very high|bajo|moderado|alto)(?:\s*\([^()]{0,80}\))?)"
    r"\W*\Z",
    re.I,
)
_OF_A_RISK = re.compile(r"\b(?:risk|population|baseline|riesgo|población)\b", re.I)
DIFFERENCE = re.compile(r"\A\W*(?:(?:risk|absolute|mean) )?(?:difference|diferencia)\b", re.I)


@dataclass
class Numbers:
    """Texts of one row of numbers, on one line each; `label` names the starting risk."""

    label: str = ""
    without: str = ""
    with_: str = ""
    difference: str = ""

    def __bool__(self) -> bool:
        return bool(self.without or self.with_ or self.difference)


def names_risk(text: str) -> bool:
    return bool(_OF_A_RISK.search(text)) and len(text) <= 100 and not is_of_numbers(text)


def is_of_numbers(text: str) -> bool:
    effect = effect_in(text)
    return bool(effect.of_all or (effect.value and (effect.base or effect.is_difference)))


def _fresh(row: list[GridCell | None], column: int | None, number: int) -> GridCell | None:
    cell = row[column] if column is not None else None
    return cell if cell and cell.words and cell.row == number else None


def label_in(row: list[GridCell | None], columns: Columns, number: int) -> str:
    """Return the label that stands across the columns of both arms: "Low risk population"."""
    cells = {
        id(cell): cell for column in columns.of_numbers if (cell := _fresh(row, column, number))
    }
    if len(cells) != 1:
        return ""
    cell = next(iter(cells.values()))
    is_across = sum(row[column] is cell for column in columns.of_numbers) > 1
    is_label = STARTING_RISK.match(cell.words) or (
        is_across and (is_time(cell.words) or names_risk(cell.words))
    )
    return cell.words if is_label else ""


def numbers_in_row(row: list[GridCell | None], columns: Columns, number: int) -> Numbers:
    texts = {}
    for name, column in (("without", columns.without), ("with_", columns.with_)):
        cell = _fresh(row, column, number)
        texts[name] = _printed(cell)
    difference = " ".join(
        text for one in columns.of("difference") if (text := _printed(_fresh(row, one, number)))
    )
    if texts["without"] and texts["without"] == texts["with_"]:
        shared = row[columns.without] is row[columns.with_]  # type: ignore[index]
        if shared and (DIFFERENCE.search(texts["without"]) or is_of_numbers(texts["without"])):
            return Numbers(difference=texts["without"])
        if shared:
            return Numbers(with_=texts["with_"])
    for name in texts:
        if DIFFERENCE.search(texts[name]):
            difference, texts[name] = difference or texts[name], ""
    return Numbers("", texts["without"], texts["with_"], difference)


def _printed(cell: GridCell | None) -> str:
    """Return the words of a cell, or "" for a dash."""
    words = cell.words if cell else ""
    return "" if re.fullmatch(r"[\W_]*", words) else words


def texts_in_row(
    row: list[GridCell | None], columns: Columns, number: int | None
) -> dict[str, str]:
    """Return the texts of the cells that begin in the row `number`; with None, of all in `row`."""
    found: dict[str, list[str]] = {}
    of_numbers = [row[column] for column in columns.of_numbers]
    for column, kind in columns.kinds.items():
        cell = row[column] if number is None else _fresh(row, column, number)
        if cell is None or not cell.words or kind in {"difference", "unknown_arm"}:
            continue
        if kind == "outcome":
            if column == columns.first("outcome") or cell is row[columns.first("outcome") or 0]:
                continue
            kind = "detail"  # "Outcome" stands above two columns
        if any(cell is one for one in of_numbers):
            continue  # a label across the whole row
        if cell.column != column and len({columns.kinds.get(cell.column), kind}) == 1:
            continue
        if kind == "certainty" or not re.fullmatch(r"[\W_]*", cell.words):
            found.setdefault(kind, []).append(cell.text)
    return {kind: "\n".join(texts) for kind, texts in found.items()}
