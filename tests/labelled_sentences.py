"""Sentences whose label is known: what the wording rules ought to say of each."""

import json
from dataclasses import dataclass
from pathlib import Path

from articles.preflight.overclaims import overclaims

LISTS = Path(__file__).resolve().parent.parent / "bench" / "wording"
_LANGUAGES = {"spanish": "es", "arabic": "ar"}


@dataclass(frozen=True)
class Labelled:
    text: str
    language: str
    certainty: str
    is_sourced: bool
    is_too_strong: bool
    why: str

    @property
    def found(self):
        """The words that the rules find too strong, in order."""
        return [
            promise.words
            for promise in overclaims(
                self.text, self.certainty, language=self.language, is_sourced=self.is_sourced
            )
        ]

    @property
    def is_read_right(self):
        return bool(self.found) == self.is_too_strong


def sentences_in(path):
    """The Labelled sentences of a list, as bench/wording/README.md describes it, or of JSON."""
    if path.suffix == ".json":
        return [
            Labelled(
                one["sentence"],
                one.get("language", "en"),
                one["certainty"],
                one.get("sourced", False),
                one["too_strong"],
                "",
            )
            for one in json.loads(path.read_text())
        ]
    language = _LANGUAGES.get(path.stem.split("_")[0], "en")
    return [
        _from_line(line, language)
        for line in path.read_text().splitlines()
        if line.strip() and not line.startswith("#")
    ]


def _from_line(line, language):
    certainty, label, text, why = (part.strip() for part in line.split(" | "))
    if label not in {"too strong", "fine"}:
        raise ValueError(f"No label: {line}")
    return Labelled(
        text,
        language,
        certainty.removesuffix("+source"),
        certainty.endswith("+source"),
        label == "too strong",
        why,
    )
