"""What a form holds, as a Document, and what it remembers of the one it was opened on.

Hashes alone.
"""

import hashlib
import json
from dataclasses import dataclass, field

MAX_REMEMBERED = 500_000  # bytes of JSON


@dataclass(frozen=True)
class FormRow:
    group: str  # which kind of row: the prefix of its formset
    values: dict  # field -> text as a form posts it
    pk: str = ""  # empty: not saved yet
    claim: str = ""  # the key of the claim it is
    natural: str = ""  # the value an article holds only once, such as a condition


@dataclass
class FormState:
    """A form's content. Equal texts mean equal content: whoever makes one normalises."""

    fields: dict = field(default_factory=dict)  # name -> text
    body: list = field(default_factory=list)  # blocks of clean HTML
    rows: dict = field(default_factory=dict)  # key -> Row, in their order
    # claim key -> entry as in articles.evidence.panel_state; None: the form says nothing of it
    evidence: dict | None = None
    removed: list = field(default_factory=list)  # keys of claims whose evidence shall go


def remember(document):
    """Hashes of every unit of `document` as a plain dict.

    What a form carries to know later what it was opened on.
    """
    return {
        "fields": {name: hash_of(text) for name, text in document.fields.items()},
        "body": [hash_of(block) for block in document.body],
        "rows": {
            key: {
                "group": row.group,
                "pk": row.pk,
                "claim": row.claim,
                "values": {name: hash_of(text) for name, text in row.values.items()},
            }
            for key, row in document.rows.items()
        },
        "evidence": {key: of_entry(entry) for key, entry in (document.evidence or {}).items()},
    }


def recall(text):
    """What `remember` gave, from the JSON `text`.

    None for anything else: then every difference must be decided.
    """
    if len(text) > MAX_REMEMBERED:
        return None
    try:
        was = json.loads(text)
        is_one = (
            _all_text(was["fields"])
            and all(isinstance(block, str) for block in was["body"])
            and all(
                _all_text({name: row[name] for name in ("group", "pk", "claim")})
                and _all_text(row["values"])
                for row in was["rows"].values()
            )
            and all(
                _all_text(dict(enumerate(entry))) and len(entry) == 2
                for entry in was["evidence"].values()
            )
            and isinstance(was["body"], list)
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return was if is_one else None


def is_as_remembered(was, document):
    """Whether `document` is still what `was` remembers."""
    return was is not None and all(
        was.get(part) == value for part, value in remember(document).items()
    )


def digest(document):
    """One short text for the whole of `document`: equal texts, equal content."""
    return hash_of(remember(document))


def _all_text(values):
    return isinstance(values, dict) and all(isinstance(value, str) for value in values.values())


def hash_of(value):
    """A short hash of a text, or of anything JSON can hold."""
    text = (
        value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)
    )
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def of_entry(entry):
    """Two hashes: of the rating and of the links. Its text is the article's, and compared there."""
    return [hash_of(rating(entry)), hash_of(entry.get("links", []))]


def rating(entry):
    """What an entry says of certainty, in one order."""
    return [
        entry.get("certainty", ""),
        sorted(entry.get("reasons", [])),
        entry.get("note", ""),
        bool(entry.get("confirmed")),
    ]
