"""What a format has no place for, carried through it in one private field.

No format but CSL-JSON itself holds all of an item: RIS knows no family particles, BibTeX no PMID,
MEDLINE no DOI of a book. So a writer writes what others can read, reads it back, and puts the
fields that came out otherwise into one line of JSON which our reader lays over the rest. Other
programs pass it by.
"""

import json
import uuid

from .conforming import NotCsl, conform, settled

#: What the line begins with, where a format has no named private field.
SIGN = "physiohub-csl:"


def uid_in(value):
    """The uid of ours that stands where a format has an id of its own, or "" when it is somebody
    else's id.
    """
    try:
        return str(uuid.UUID(value)) if isinstance(value, str) and len(value) == 36 else ""
    except ValueError:
        return ""


def csl_of(item):
    """The CSL that importing `item` would give: what an export promises to bring back."""
    try:
        return conform(item)[0]
    except NotCsl:
        return {}


def difference(csl, record):
    """Fields of `csl` that reading `record` (a draft) does not give, with None for those it should
    not give.
    """
    found = settled(record).csl
    fields = {field: value for field, value in csl.items() if found.get(field) != value}
    return fields | dict.fromkeys(found.keys() - csl.keys())


def as_line(fields):
    """`fields` as one line of ASCII in which every brace is one of JSON's own and so has its
    partner.
    """
    return json.dumps(_shielded(fields), separators=(",", ":")).replace("\\\\u00", "\\u00")


def _shielded(value):
    """`value` with what BibTeX or a folding of blanks would change in its texts as JSON escapes."""
    if isinstance(value, str):
        special = "{}\\ " if "  " in f" {value} " else "{}\\"
        return "".join(f"\\u{ord(letter):04x}" if letter in special else letter for letter in value)
    if isinstance(value, dict):
        return {_shielded(key): _shielded(entry) for key, entry in value.items()}
    return [_shielded(entry) for entry in value] if isinstance(value, list) else value


def laid_over(csl, line):
    """`csl` with the fields in `line` laid over it.

    `line` may be anything, and what is no JSON changes nothing.
    """
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return csl
    if not isinstance(fields, dict):
        return csl
    merged = {**csl, **fields}
    return {field: value for field, value in merged.items() if value is not None}
