"""References whose fields are known: read from a typed line, or come with the document."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any

from .documents import DocumentLine
from .parts import ReferenceLine
from .records import Records, authors_of, is_work_of, year_of


def lines_of_records(records: Records, first: int) -> list[DocumentLine]:
    """Return a line for each record that came with a document, numbered from `first`."""
    return [
        DocumentLine(number, text, escape(text, quote=False), note=name, record=dict(csl))
        for number, (name, text, csl) in enumerate(records, start=first)
    ]


def with_fields(reference: ReferenceLine, csl: Mapping[str, Any]) -> ReferenceLine:
    """Return `reference` with what citations are found by, out of its CSL-JSON."""
    names = (person.get("family") or person.get("literal") for person in authors_of(csl))
    return replace(
        reference,
        doi=csl.get("DOI", ""),
        title=csl.get("title", ""),
        authors=tuple(filter(None, names)),
        has_more=bool(csl.get("custom", {}).get("more-authors")),
        year=year_of(csl),
        error="",
    )


def with_record(reference: ReferenceLine, csl: dict[str, Any]) -> ReferenceLine:
    """Return `reference` with the record `csl`, which is then not read out of its words."""
    return replace(with_fields(reference, csl), csl=csl, repairs=())


def with_records_in_their_list(references: Sequence[ReferenceLine]) -> list[ReferenceLine]:
    """Return `references` where a line of the list and the record of its work are one.

    Records without a line, and those that more than one line could give, stay by themselves.
    """
    listed = [reference for reference in references if not reference.footnote]
    lines_of: dict[int, list[int]] = {}
    records_of: dict[int, list[ReferenceLine]] = defaultdict(list)
    for record in references:
        if record.csl is None or not listed:
            continue
        lines_of[record.line] = [
            one.line for one in listed if is_work_of(record.csl, one.text, one.doi)
        ]
        for line in lines_of[record.line]:
            records_of[line].append(record)
    merged = []
    for reference in references:
        if reference.csl is not None:
            lines = lines_of.get(reference.line, [])
            if len(lines) != 1 or len(records_of[lines[0]]) != 1:
                merged.append(reference)
            continue
        records = records_of.get(reference.line, [])
        if len(records) == 1 and len(lines_of[records[0].line]) == 1:
            (record,) = records
            assert record.csl is not None
            reference = replace(
                with_record(reference, record.csl),
                source=record.footnote,
                lines=(*reference.lines, *record.lines),
            )
        merged.append(reference)
    return merged
