"""Citations as Pandoc has them: [@beyer2015, p. 4], with the works under `references:` in YAML."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from references.csl import Csl

from .marks import locator_in
from .records import Records, authors_of, conforming_record, mark_of, year_of

#: The YAML of two hundred works is 100,000 letters. Longer YAML stays text.
_LONGEST_YAML = 200_000
#: A block of YAML: at the head of a document, or anywhere if it begins with the works.
_BLOCK = re.compile(
    r"(?:\A\ufeff?|(?<=\n)(?=---[ \t]*\nreferences:))"
    r"---[ \t]*\n(?P<yaml>.*?)\n(?:---|\.\.\.)[ \t]*(?=\n|\Z)",
    re.S,
)
_KEY = r"@(?:\{(?P<braced>[^{}\s]{1,80})\}|(?P<key>\w(?:[\w:.#$%&+?<>~/-]{0,78}\w)?))"
_ONE = re.compile(rf"-?{_KEY}")
_GROUP = re.compile(r"\[(?P<inside>[^\[\]]{0,80}@[^\[\]]{1,600})\]")
_NARRATIVE = re.compile(rf"(?<![\w@.\[-]){_KEY}(?: \[(?P<place>[^\[\]@]{{1,40}})\])?")


def with_records(text: str) -> tuple[str, Records, list[str]]:
    """Return (text, records, messages) of a Markdown document.

    The blocks of YAML with works leave the text, which keeps its lines, and citations of these
    works become the names of their records. Messages say what else of the YAML was left out.
    """
    records, works = Records(), dict[str, Csl]()
    messages: list[str] = []
    if "references:" not in text:
        return text, records, messages

    def take(found: re.Match[str]) -> str:
        metadata = _metadata(found["yaml"])
        read = _works(metadata)
        if not read:
            return found[0]
        works.update(read)
        others = [str(name) for name in metadata if name not in {"references", "title"}]
        if others:
            messages.append(
                f"Left out of the head of the document: {', '.join(others[:20])}. Add what readers"
                " need in the editor."
            )
        title = str(metadata.get("title") or "").strip()
        heading = f"# {' '.join(title.split())}" if title else ""
        return heading + "\n" * found[0].count("\n")

    text = _BLOCK.sub(take, text)
    return (_with_names(text, works, records) if works else text), records, messages


def _metadata(block: str) -> Mapping[Any, Any]:
    """Return what a block of YAML says, all of it as text; {} where it cannot be read."""
    # An alias (*name) can blow a few lines up to gigabytes, and no list of works needs one.
    if "references:" not in block or len(block) > _LONGEST_YAML:
        return {}
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(block, yaml.BaseLoader)):
            return {}
        metadata = yaml.load(block, yaml.BaseLoader)  # noqa: S506  # it makes texts only
    except (yaml.YAMLError, RecursionError, ValueError):
        return {}
    return metadata if isinstance(metadata, dict) else {}


def _works(metadata: Mapping[Any, Any]) -> dict[str, Csl]:
    """Return {key: CSL-JSON} of the works in the YAML of a document."""
    listed = metadata.get("references")
    works = {}
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, dict) and isinstance(item.get("id"), str):
            dated = item | {"issued": _issued(item.get("issued"))}
            csl = conforming_record({name: value for name, value in dated.items() if value})
            if csl:
                works[item["id"]] = csl
    return works


def _issued(value: object) -> object:
    """Return a date of Pandoc's YAML as CSL-JSON has it: it can be "2015" or {year: 2015}."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict) and "year" in value:
        value = value["year"]
    if isinstance(value, str):
        year = re.match(r"[0-9]{4}", value)
        return {"date-parts": [[int(year[0])]]} if year else None
    return value


def _with_names(text: str, works: Mapping[str, Csl], records: Records) -> str:
    """Return `text` with the names of records where it cites them."""

    def group(found: re.Match[str]) -> str:
        cited = []
        for part in found["inside"].split(";"):
            key = _ONE.search(part)
            csl = works.get(key["braced"] or key["key"]) if key else None
            if key is None or csl is None:
                return found[0]  # a key without a work: told as one that has no reference
            cited.append((records.name_of(dict(csl)), *locator_in(part[key.end() :])))
        return mark_of(cited)

    def narrative(found: re.Match[str]) -> str:
        csl = works.get(found["braced"] or found["key"])
        if csl is None:
            return found[0]
        place = locator_in(found["place"] or "")
        return _names_and_year(csl) + mark_of([(records.name_of(dict(csl)), *place)])

    return _NARRATIVE.sub(narrative, _GROUP.sub(group, text))


def _names_and_year(csl: Csl) -> str:
    """Return "Beyer and Kongsgaard (2015)", as Pandoc prints it inside a sentence."""
    names = [str(one.get("family") or one.get("literal") or "") for one in authors_of(csl)]
    names = names or [csl.get("title", "")]
    who = f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
    year = year_of(csl)
    return f"{who} ({year})" if year else who
