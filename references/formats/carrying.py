"""What a format has no place for, carried through it in one private field.

No format but CSL-JSON holds all of an item, and none but MEDLINE says what became of the work: RIS
has no family particles, BibTeX no PMID, MEDLINE no DOI of a book. So a writer writes what others
can read, and reads it back. The fields that came out different go into one line of JSON, which our
reader puts over the rest. Other programs ignore it.
"""

import json
import re
import uuid
from collections.abc import Mapping
from typing import Any

from references.csl import Csl

from . import facts, limits, plain
from .conforming import NotCsl, conform, conform_fields
from .facts import Facts
from .records import Record

#: What the line begins with, where a format has no named private field.
SIGN = "physiohub-csl:"


def uid_in(value: object) -> str:
    """Return the uid of ours where a format has an id of its own.

    "" when the id is another program's.
    """
    try:
        return str(uuid.UUID(value)) if isinstance(value, str) and len(value) == 36 else ""
    except ValueError:
        return ""


def csl_of(item: object) -> Csl:
    """Return the CSL that importing `item` would give: what an export promises to bring back."""
    try:
        return conform(item)[0]
    except NotCsl:
        return {}


def to_write(csl: object, known: Facts) -> tuple[Csl, bool]:
    """Return what a writer writes for `csl`: as `csl_of` gives it, with all that is `known`.

    And whether it is plain: then plain.loss() says what is lost, and nothing has to be read back.
    """
    plain_csl = plain.as_plain(csl)
    is_plain = plain_csl is not None and _PLAIN_NCT.fullmatch(known.nct) is not None
    csl = plain_csl if plain_csl is not None else csl_of(csl)
    return facts.put_into(csl, known), is_plain


#: RIS has it among the notes, where identifiers may stand too.
_PLAIN_NCT = re.compile(r"(?:NCT[0-9]{8})?")


def difference(csl: Csl, record: Record) -> dict[str, Any]:
    """Return fields of `csl` that reading `record` does not give, and None for those it adds.

    `csl` is as `to_write` gave it.
    """
    try:
        read_back, _isbn13 = conform_fields(record, [], [])
    except (NotCsl, limits.TooMuch):
        read_back = {}
    read_back.setdefault("type", "document")
    changed = {field: value for field, value in csl.items() if read_back.get(field) != value}
    return changed | dict.fromkeys(read_back.keys() - csl.keys())


def as_line(fields: Mapping[str, Any]) -> str:
    """Return `fields` as one line of ASCII JSON, in which every brace has its partner."""
    return json.dumps(_escaped(fields), separators=(",", ":")).replace("\\\\u00", "\\u00")


def _escaped(value):
    """Return `value` with JSON escapes for what BibTeX or the folding of blanks would change."""
    if isinstance(value, str):
        special = "{}\\ " if "  " in f" {value} " else "{}\\"
        return "".join(f"\\u{ord(letter):04x}" if letter in special else letter for letter in value)
    if isinstance(value, dict):
        return {_escaped(key): _escaped(entry) for key, entry in value.items()}
    return [_escaped(entry) for entry in value] if isinstance(value, list) else value


def with_line(csl: dict[str, Any], line: str) -> dict[str, Any]:
    """Return `csl` with the fields in `line` put over it.

    `line` may be anything. What is not JSON changes nothing.
    """
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return csl
    if not isinstance(fields, dict):
        return csl
    merged = {**csl, **fields}
    return {field: value for field, value in merged.items() if value is not None}
