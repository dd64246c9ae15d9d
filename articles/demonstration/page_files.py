"""The three files of a demonstration page, read strictly.

    pages/SLUG/text.md        the text, as a writer would import it
    pages/SLUG/evidence.toml  what an import cannot know: PageFile has its keys
    pages/SLUG/sources.json   the works as CSL-JSON; evidence.toml names them by their `id`

A key that no field below has is a TypeError, so a typing error in a file is never passed over.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from articles.models import Certainty, Stance

FOLDER = Path(__file__).with_name("pages")


@dataclass(frozen=True, kw_only=True)
class CitedSource:
    """What one work says about a claim, by the names of a Citation.

    `certainty` is how sure the source itself says it is.
    """

    work: str  # an id in sources.json
    stance: str = Stance.SUPPORTS
    design: str = ""
    locator_kind: str = ""
    locator: str = ""
    quote: str = ""
    quote_language: str = "en"
    certainty: str = ""
    scheme: str = ""
    includes_retracted: bool = False
    population_match: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """How sure we are of a claim, and why; whom and what it is about.

    Of a finding, the last five are fields of its own.
    """

    certainty: str = Certainty.NOT_RATED
    reasons: list[str] = field(default_factory=list)
    certainty_note: str = ""
    sources: tuple[CitedSource, ...] = ()
    signed: dict[str, str] = field(default_factory=dict)  # {code of a check message: reason}
    direction: str | None = None
    size: str | None = None
    outcome: str | None = None
    population: str | None = None
    comparator: str | None = None


@dataclass(frozen=True, kw_only=True)
class ClaimInFile:
    """The evidence of a claim: of the row or the phrase that says `text`, or of each row of `kind`.

    What is said of one row by its text counts before what is said of all of its kind.
    """

    evidence: Evidence
    text: str = ""
    kind: str = ""  # a Claim.Kind


@dataclass(frozen=True, kw_only=True)
class FindingInFile:
    """A finding, by the names of the fields of a Finding."""

    evidence: Evidence
    values: dict[str, Any]
    side_effect: str = ""  # by its name


@dataclass(frozen=True, kw_only=True)
class PictureInFile:
    """The picture of the page, which stands beside its text as picture.png."""

    alt: str
    caption: str = ""
    heading: str


@dataclass(frozen=True, kw_only=True)
class UserTestInFile:
    """People who tried the page: made up, and said to be."""

    days_ago: int
    people: int
    who: str
    changed: str


@dataclass(frozen=True, kw_only=True)
class PageFile:
    """What a page is made of, beside its text. People are named by their user names."""

    slug: str
    writer: str
    checker: str  # compares the evidence with its sources
    approver: str
    days_ago: int  # when it went live, before the day of the demonstration
    searched_days_ago: int | None = None  # when somebody last looked for new studies
    change_note: str = "First version."
    other_names: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    comparison: list[str] = field(default_factory=list)  # what each line compares
    conditions: dict[str, dict[str, str]] = field(default_factory=dict)  # by name: their fields
    side_effects: dict[str, dict[str, Any]] = field(default_factory=dict)  # by name: their fields
    contraindications: dict[str, dict[str, str]] = field(default_factory=dict)
    alternatives: dict[str, str] = field(default_factory=dict)  # the words: the slug they lead to
    related: list[str] = field(default_factory=list)  # slugs
    claims: tuple[ClaimInFile, ...] = ()
    findings: tuple[FindingInFile, ...] = ()
    picture: PictureInFile | None = None
    user_test: UserTestInFile | None = None

    @property
    def folder(self) -> Path:
        return FOLDER / self.slug

    @property
    def text(self) -> bytes:
        return (self.folder / "text.md").read_bytes()

    @property
    def sources(self) -> bytes:
        return (self.folder / "sources.json").read_bytes()

    @cached_property
    def works(self) -> dict[str, dict[str, Any]]:
        """Return {id: its CSL item} of the sources."""
        return {item["id"]: item for item in json.loads(self.sources)}


def read(slug: str) -> PageFile:
    """Return the page in pages/`slug`. Raises OSError, ValueError or TypeError for a wrong file."""
    known = tomllib.loads((FOLDER / slug / "evidence.toml").read_text(), parse_float=Decimal)
    picture, user_test = known.pop("picture", None), known.pop("user_test", None)
    return PageFile(
        slug=slug,
        claims=tuple(_claim(entry) for entry in known.pop("claim", ())),
        findings=tuple(_finding(entry) for entry in known.pop("finding", ())),
        picture=PictureInFile(**picture) if picture else None,
        user_test=UserTestInFile(**user_test) if user_test else None,
        **known,
    )


def checklist_answers() -> dict[str, str]:
    """Return {code of an item: the answer} that holds for every page."""
    return tomllib.loads((FOLDER / "checklists.toml").read_text())["answers"]


def _claim(entry: dict[str, Any]) -> ClaimInFile:
    evidence = _evidence(entry)
    return ClaimInFile(evidence=evidence, **entry)


def _finding(entry: dict[str, Any]) -> FindingInFile:
    evidence = _evidence(entry, keep=_OF_A_FINDING)
    return FindingInFile(evidence=evidence, side_effect=entry.pop("side_effect", ""), values=entry)


#: What a claim says in its evidence, and a finding in its own fields.
_OF_A_FINDING = ("direction", "size", "outcome", "population", "comparator")


def _evidence(entry: dict[str, Any], *, keep: Iterable[str] = ()) -> Evidence:
    """Take the evidence out of `entry`; fields named in `keep` stay there."""
    names = Evidence.__dataclass_fields__.keys() - set(keep)
    taken = {name: entry.pop(name) for name in names if name in entry}
    taken["sources"] = tuple(map(_source, taken.get("sources", ())))
    return Evidence(**taken)


def _source(entry: Mapping[str, Any]) -> CitedSource:
    scheme = {"scheme": "GRADE"} if entry.get("certainty") else {}
    return CitedSource(**{**scheme, **entry})
