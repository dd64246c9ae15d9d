"""docs/sentences.md: every fixed sentence of readers' pages, with its reason or its source.

For developers, as `message_catalogues` is. The table is kept by hand and by `gather_words`: a
person puts a sentence into the section whose reason holds for it, the command takes out what no
page says any more, and puts what is new under NEW. A test fails while anything is there.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from .message_catalogues import ROOT, gather

PATH = ROOT / "docs" / "sentences.md"
NEW = "Without a reason yet"
#: What invited readers and reviewers are told of changes and comments is on no page of readers.
_NOT_FOR_READERS = ("articles/review/", "articles/revisions/")
_HEAD = "| sentence | where | why |\n| --- | --- | --- |\n"


@dataclass
class Section:
    """Sentences with one reason: {sentence: why, where it has a reason of its own}."""

    heading: str
    reason: str
    sentences: dict[str, str] = field(default_factory=dict)


def sentences() -> dict[str, str]:
    """Return {sentence: where it stands} of all readers' pages; both forms of a plural are one."""
    found = {}
    for message in gather():
        places = [
            str(path).removeprefix("templates/").removeprefix("articles/")
            for path, _line in message.locations
            if not str(path).startswith(_NOT_FOR_READERS)
        ]
        if message.id and places:
            forms = [message.id] if isinstance(message.id, str) else message.id
            said = " / ".join(forms) + (f" ({message.context})" if message.context else "")
            found[_in_a_cell(said)] = ", ".join(places)
    return found


def _in_a_cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|") or "(blank)"


def read(text: str) -> tuple[str, list[Section]]:
    """Return what stands before the first section of the table, and the sections."""
    before, *parts = re.split(r"^## ", text, flags=re.MULTILINE)
    sections = []
    for part in parts:
        heading, rest = part.split("\n", 1)
        reason, _head, rows = rest.partition(_HEAD)
        section = Section(heading, reason.strip())
        for row in rows.splitlines():
            if row.startswith("| "):
                said, _where, why = re.split(r"(?<!\\)\|", row.strip().strip("|") + " ", maxsplit=2)
                section.sentences[said.strip()] = why.strip()
        sections.append(section)
    return before, sections


def written(before: str, sections: list[Section], now: dict[str, str]) -> str:
    """Return the table as text: what is `now` said, in its sections, and what is new under NEW."""
    sections = [section for section in sections if section.heading != NEW]
    placed = {said for section in sections for said in section.sentences}
    new = Section(NEW, "", {said: "" for said in now if said not in placed})
    parts = [before]
    for section in [*sections, new]:
        kept = {said: why for said, why in section.sentences.items() if said in now}
        if kept:
            rows = "".join(
                f"| {said} | {now[said]} | {why} |\n".replace("|  |", "| |")
                for said, why in sorted(kept.items())
            )
            parts.append(f"## {section.heading}\n\n{section.reason}\n\n{_HEAD}{rows}\n")
    return "".join(parts).rstrip() + "\n"


def update(path: Path = PATH) -> list[str]:
    """Write the table again from what the code says now, and return what has no reason yet."""
    before, sections = read(path.read_text())
    path.write_text(written(before, sections, sentences()))
    _before, sections = read(path.read_text())
    return [said for section in sections if section.heading == NEW for said in section.sentences]
