"""Which rows of a table are its heads, and what each column holds, by its label."""

import re
from dataclasses import dataclass, field

from .arms import ComparedInTable, likenesses, side_of
from .effects import effect_in
from .grid import Grid, GridCell, cells_in

_LONGEST_LABEL = 200

#: The first that fits the label of a column says what it holds.
_LABELS = {
    "importance": r"^importan",
    "outcome": r"^\W*(?:(?:key|main|critical|important|primary|secondary|patient[- ]important) )?"
    r"(?:outcomes?\b|desenlaces?\b|resultados?\b(?! de los estudios)|variables?\b)"
    r"|^health outcomes?",
    "risk_of_bias": r"^\W*(?:risk of bias|(?:study )?limitations|riesgo de sesgo|limitaciones)",
    "inconsistency": r"^\W*(?:inconsisten|heterogeneity)",
    "indirectness": r"^\W*(?:indirect|evidencia indirecta)",
    "imprecision": r"^\W*(?:imprecis)",
    "publication_bias": r"^\W*(?:publication bias|reporting bias|sesgo de publicación)",
    "other_reasons": r"^\W*(?:other(?: considerations| factors)?\b|otras consideraciones)",
    "design": r"^\W*(?:study )?design|^diseño",
    "measured": r"study results|results and measurements|resultados .{0,20}y mediciones",
    "studies": r"^\W*(?:(?:№|n[oº°]?\.?|(?:total )?number|número|#)\s*(?:of|de)\s+)?(?:included )?"
    r"(?:studies|trials|RCTs|estudios|ensayos)(?! results)"
    r"(?!.*(?:particip|patients|people|pacientes))",
    "difference": r"difference|diferencia|^\W*absolute(?! risk with)|^\W*efectos? absolutos?"
    r"|^S?MD\b|standardi[sz]ed mean|^\W*anticipated absolute effects?"
    r"|^\W*(?:(?:pooled|treatment|mean|overall|summary) )?effects?(?: sizes?| estimates?)?"
    r"[\s*†‡]*(?:\(|$)",
    "relative": r"^\W*relative\b|\brelative (?:effect|risk)|odds|hazard|\bratio\b"
    r"|^\W*(?:RR|OR|HR)\b|relativo",
    "certainty": r"certainty|certeza|quality of|calidad|\bGRADE\b|confidence in"
    r"|strength of (?:the )?evidence|^\W*quality\b|^\W*confidence$|confianza",
    "people": r"participants|patients|people|participantes|pacientes|sample size|^\W*n\W*$|^\W*№",
    "time": r"^\W*(?:(?:length of )?follow[- ]?up|time ?frame|time ?points?|time|seguimiento"
    r"|tiempo)\b",
    "comment": r"comment|what (?:happens|this means|does)|summary|interpretation|conclusion"
    r"|comentario|qué|narrative|key message|resumen",
}
_KINDS = {kind: re.compile(pattern, re.I) for kind, pattern in _LABELS.items()}
#: A column under such a head, or with such a label, has the numbers of one arm.
_OF_AN_ARM = re.compile(
    r"\b(?:risks?|absolute|with|without|means?|per \d+|effects?|estimates?|patients|participants"
    r"|riesgos?|con|sin|pacientes|control|intervention|comparator|comparison|placebo)\b",
    re.I,
)
_IS_AN_ARM = re.compile(
    r"^(?:(?:mean |median )?(?:risks?|means?|rates?|riesgos?) (?:with(?:out)?|in|con|sin|en)"
    r"|with(?:out)?|con|sin|assumed|corresponding)\b",
    re.I,
)
_WITH_A_NAME = re.compile(r"(?:difference|diferencia) (?:with|con) \w", re.I)
#: A table with an "Outcome" and none of these is another kind of table.
_TELLING = frozenset({"certainty", "relative", "difference"})


@dataclass
class Columns:
    """Where the data begin and what each column holds, None where there is none of a kind.

    `arms_unknown` says that two columns of numbers were found and nobody can tell which is which.
    """

    first_row: int
    heads: list[list[str]]  # words of the head rows
    kinds: dict[int, str] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)  # with all that stands above them
    names: dict[int, str] = field(default_factory=dict)  # the lowest label alone
    with_: int | None = None
    without: int | None = None
    arms_unknown: bool = False
    more_arms: bool = False  # columns of a third arm were left out
    arms_count_people: bool = False  # a bare number in an arm is how many people were in it

    def of(self, kind: str) -> list[int]:
        return [column for column, one in sorted(self.kinds.items()) if one == kind]

    def first(self, kind: str) -> int | None:
        return next(iter(self.of(kind)), None)

    @property
    def are_swapped(self) -> bool:
        return self.with_ is not None and self.without is not None and self.with_ < self.without

    @property
    def named_difference(self) -> int | None:
        """The column "Risk difference with …": the one risk beside it is that without."""
        return next(
            (one for one in self.of("difference") if _WITH_A_NAME.search(self.names.get(one, ""))),
            None,
        )

    @property
    def of_numbers(self) -> list[int]:
        """The columns of both arms and of the difference."""
        arms = [column for column in (self.without, self.with_) if column is not None]
        return sorted({*arms, *self.of("difference"), *self.of("unknown_arm")})


def kind_of(label: str) -> str:
    """Return what a column with this `label` holds, or "" if the label does not say."""
    label = " ".join(label.split())
    if not label or len(label) > _LONGEST_LABEL:
        return ""
    return next((kind for kind, words in _KINDS.items() if words.search(label)), "")


def head_rows(grid: Grid) -> tuple[int, int] | None:
    """Return (first row of the heads, first row of the data), or None for another kind of table."""
    for number, row in enumerate(grid):
        cells = [cell for cell in cells_in(row) if cell.row == number]
        if len(cells) < 3:
            continue
        kinds = {kind_of(cell.words) for cell in cells}
        known = kinds - {""}
        if "outcome" in known and len(known) >= 2:
            outcome = next(cell for cell in cells if kind_of(cell.words) == "outcome")
            return number, _end_of_heads(grid, number, outcome)
        if len(known) >= 3 and known & (_TELLING | {"risk_of_bias"}):
            return number, _end_of_heads(grid, number, None)
    return None


def _end_of_heads(grid: Grid, first: int, outcome: GridCell | None) -> int:
    """Return the first row of the data: the "Outcomes" cell covers all heads, if it is merged."""
    column = outcome.column if outcome else None
    row = first + 1
    while row < len(grid) and row < first + 6:
        cells = cells_in(grid[row])
        below = grid[row][column] if column is not None else None
        is_covered = below is not None and below is outcome
        if column is None:
            known = {kind_of(cell.words) for cell in cells} - {""}
            is_covered = any(cell.row < row for cell in cells) and len(cells) > 1
            is_covered = is_covered or (len(known) >= 3 and not _has_numbers(cells, row))
        is_more = len(cells) > 1 and (below is None or not below.words) and column is not None
        is_head = all(cell.in_head for cell in cells) and len(cells) > 1
        if not (is_covered or ((is_more or is_head) and not _has_numbers(cells, row))):
            break
        row += 1
    return row


def _has_numbers(cells: list[GridCell], row: int) -> bool:
    return any(_is_of_numbers(cell.words) for cell in cells if cell.row == row)


def _is_of_numbers(text: str) -> bool:
    effect = effect_in(text)
    return bool(effect.value or effect.of_all)


def columns_of(grid: Grid, comparison: ComparedInTable) -> Columns | None:
    """Return what the columns of `grid` hold, or None if it is no table of findings."""
    rows = head_rows(grid)
    if rows is None:
        return None
    first, end = rows
    columns = Columns(end, [[cell.words for cell in cells_in(row)] for row in grid[first:end]])
    candidates = []
    for column in range(len(grid[0])):
        path = _path(grid[first:end], column)
        if not path:
            continue
        label, whole = path[-1], " / ".join(path)
        columns.names[column], columns.labels[column] = label, whole
        kind = kind_of(label) or (kind_of(whole) if len(path) == 1 else "")
        if _is_arm(label, whole, kind, path, comparison):
            candidates.append((column, side_of(label, whole, comparison)))
            columns.arms_count_people |= len(path) > 1 and kind_of(path[0]) == "people"
        elif kind:
            columns.kinds[column] = kind
    _settle_arms(columns, candidates, comparison, grid)
    kinds = set(columns.kinds.values())
    has_arms = columns.with_ is not None or columns.arms_unknown
    if not (kinds & _TELLING or (has_arms and "people" in kinds)) or len(kinds) + has_arms < 2:
        return None
    return columns


def _path(heads: Grid, column: int) -> list[str]:
    """Return the labels above a column, each once, from the top."""
    seen: dict[tuple[int, int], str] = {}
    for row in heads:
        cell = row[column]
        if cell and cell.words:
            seen.setdefault((cell.row, cell.column), cell.words)
    path = list(dict.fromkeys(seen.values()))
    if len(path) > 1 and path[-1].startswith("("):
        # "№ of participants" and "(studies)" are one label over two rows.
        path[-2:] = [" ".join(path[-2:])]
    return path


def _is_arm(
    label: str, whole: str, kind: str, path: list[str], comparison: ComparedInTable
) -> bool:
    if _IS_AN_ARM.search(label):
        return True
    if len(path) > 1 and max(likenesses(label, comparison)) > 0.5:
        return True
    if kind in {"", "people"} and len(path) > 1:
        # Below "№ of patients" the arms have their names.
        return bool(_OF_AN_ARM.search(whole))
    if kind:
        return False
    return bool(_OF_AN_ARM.search(label) or side_of(label, whole, comparison))


def _settle_arms(
    columns: Columns,
    candidates: list[tuple[int, str]],
    comparison: ComparedInTable,
    grid: Grid,
) -> None:
    columns.more_arms = len(candidates) > 2
    if len(candidates) == 2 and candidates[0][1] == candidates[1][1] != "":
        _settle_by_likeness(columns, [column for column, _side in candidates], comparison)
        return
    for column, side in candidates:
        if side == "with" and columns.with_ is None:
            columns.with_ = column
        elif side == "without" and columns.without is None:
            columns.without = column
    rest = [column for column, side in candidates if not side]
    if len(candidates) == 2 and len(rest) == 1:
        # The other one is known by its name.
        if columns.with_ is None:
            columns.with_ = rest[0]
        else:
            columns.without = rest[0]
    elif len(candidates) == len(rest) == 1 and columns.named_difference is not None:
        columns.without = rest[0]
    elif len(candidates) >= 2 and columns.with_ is None and columns.without is None:
        _settle_by_intervals(columns, rest[:2], grid)


def _settle_by_likeness(columns: Columns, pair: list[int], comparison: ComparedInTable) -> None:
    """Take the column that is more like the treatment, where both are like it, or neither."""
    margins = []
    for column in pair:
        as_treatment, as_other = likenesses(columns.names[column], comparison)
        margins.append(as_treatment - as_other)
    if margins[0] != margins[1]:
        columns.with_, columns.without = pair if margins[0] > margins[1] else reversed(pair)
    else:
        columns.arms_unknown = True
        columns.kinds |= dict.fromkeys(pair, "unknown_arm")


def _settle_by_intervals(columns: Columns, pair: list[int], grid: Grid) -> None:
    """Take the column with intervals for the treatment, where names tell nothing."""
    counts = [
        sum(
            bool(effect_in(cell.words).ends)
            for row in grid[columns.first_row :]
            if (cell := row[column])
        )
        for column in pair
    ]
    if bool(counts[0]) != bool(counts[1]):
        columns.with_, columns.without = pair if counts[0] else reversed(pair)
    else:
        columns.arms_unknown = True
        columns.kinds |= dict.fromkeys(pair, "unknown_arm")
