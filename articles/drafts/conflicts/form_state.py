"""The content of a form, and what the form remembers of the content it was opened on: hashes."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict

MAX_REMEMBERED = 500_000  # bytes of JSON

#: The evidence of a claim, as in articles.evidence.panel_state.
Entry = dict[str, Any]


@dataclass(frozen=True)
class FormRow:
    """A row of a form."""

    group: str  # which kind of row: the prefix of its formset
    values: dict[str, str]  # field -> text as a form posts it
    pk: str = ""  # empty: not saved yet
    claim: str = ""  # the key of the claim it is
    natural: str = ""  # a value that an article has only once, such as a condition


@dataclass
class FormState:
    """The content of a form. Texts are normalised, so equal content has equal texts."""

    fields: dict[str, str] = field(default_factory=dict)
    body: list[str] = field(default_factory=list)  # blocks of clean HTML
    rows: dict[str, FormRow] = field(default_factory=dict)  # by key, in their order
    evidence: dict[str, Entry] | None = None  # by claim; None: the form says nothing of it
    removed: list[str] = field(default_factory=list)  # keys of claims whose evidence shall go


class BaseRow(TypedDict):
    group: str
    pk: str
    claim: str
    values: dict[str, str]  # field -> hash


class BaseHashes(TypedDict):
    """Hashes of every unit of a form."""

    fields: dict[str, str]
    body: list[str]
    rows: dict[str, BaseRow]
    evidence: dict[str, list[str]]  # see of_entry


def base_hashes(state: FormState) -> BaseHashes:
    """Return what a form carries, to know later what it was opened on."""
    return {
        "fields": hashes_of(state.fields),
        "body": [hash_of(block) for block in state.body],
        "rows": {
            key: {
                "group": row.group,
                "pk": row.pk,
                "claim": row.claim,
                "values": hashes_of(row.values),
            }
            for key, row in state.rows.items()
        },
        "evidence": {key: hashes_of_entry(entry) for key, entry in (state.evidence or {}).items()},
    }


def parse_base(text: str) -> BaseHashes | None:
    """Return what `remember` gave, from the JSON `text`.

    None for anything else: then every difference must be decided.
    """
    if len(text) > MAX_REMEMBERED:
        return None
    try:
        remembered = json.loads(text)
        return remembered if _is_remembered(remembered) else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _is_remembered(value: Any) -> bool:
    """Return whether `value` has the shape of Remembered. May raise for anything else."""
    return (
        _are_texts(value["fields"])
        and isinstance(value["body"], list)
        and all(isinstance(block, str) for block in value["body"])
        and all(
            _are_texts({name: row[name] for name in ("group", "pk", "claim")})
            and _are_texts(row["values"])
            for row in value["rows"].values()
        )
        and all(
            _are_texts(dict(enumerate(entry))) and len(entry) == 2
            for entry in value["evidence"].values()
        )
    )


def _are_texts(values: object) -> bool:
    return isinstance(values, dict) and all(isinstance(value, str) for value in values.values())


def is_as_remembered(was: BaseHashes | None, state: FormState) -> bool:
    """Return whether `state` is still what `was` remembers."""
    return was is not None and all(
        was.get(part) == value for part, value in base_hashes(state).items()
    )


def digest(state: FormState) -> str:
    """Return one short text for the whole of `state`: equal texts, equal content."""
    return hash_of(base_hashes(state))


def hash_of(value: object) -> str:
    """Return a short hash of a text, or of any JSON value."""
    text = (
        value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)
    )
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def hashes_of(values: Mapping[str, str]) -> dict[str, str]:
    return {name: hash_of(text) for name, text in values.items()}


def hashes_of_entry(entry: Entry) -> list[str]:
    """Return two hashes: of the rating and of the citations. Its text belongs to the article."""
    return [hash_of(rating(entry)), hash_of(entry.get("links", []))]


def rating(entry: Entry) -> list[Any]:
    """Return what an entry says of certainty, in one order."""
    return [
        entry.get("certainty", ""),
        sorted(entry.get("reasons", [])),
        entry.get("note", ""),
        bool(entry.get("confirmed")),
    ]
