"""Read a summary-of-findings table, pasted from Word, a web page or PubMed Central.

Nothing here touches the database, and nothing it gives is a finding yet: a person looks at each row
first. `read_findings` is the way in. A step a module: `pasted_tables` and `grid` (cells),
`numerals` (one spelling of numbers), `columns` (what each column holds, with `arms`), `entries`
(which rows belong together), then what one cell says (`effects` with `signs`, `outcome_cells` with
`scales`, `certainty_cells` with `footnotes`, `people_cells`), and `table_rows` with `row_numbers`
and `finding_kinds` (the whole of a finding).
"""

from .reading_tables import read_findings
from .results import (
    FLAGS,
    FindingInTable,
    RelativeEffect,
    RiskInTable,
    ScaleInTable,
    TableOfFindings,
)

__all__ = [
    "FLAGS",
    "FindingInTable",
    "RelativeEffect",
    "RiskInTable",
    "ScaleInTable",
    "TableOfFindings",
    "read_findings",
]
