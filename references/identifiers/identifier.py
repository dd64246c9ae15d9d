"""What a pasted text was read as, and the codes of the repairs that were made to it."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote


class Status(StrEnum):
    """How far a text is an identifier."""

    #: As written, or with nothing but a label, a link or words around it taken off.
    OK = "ok"
    #: Changed by rule. It can be used, but is looked up before anybody relies on it.
    REPAIRED = "repaired"
    #: A person has to confirm it first.
    CANDIDATE = "candidate"
    #: 10/abc, short for a DOI that only the resolver knows.
    SHORT_DOI = "shortdoi"
    REJECTED = "rejected"
    EMPTY = "empty"


@dataclass(frozen=True)
class Identifier:
    """What a pasted text was read as.

    `key` is what is stored and compared, `display` what is shown; both are "" where nothing was
    read. A candidate has both too, so look at `is_usable`, not at `key`. `repairs` has rule codes
    in the order of REPAIRS. `why` is a short reason for a text that was rejected or is a candidate.
    `offered` is the identifier of another kind in a rejected text, such as a PMID in the DOI field.
    """

    kind: str
    status: Status
    key: str = ""
    display: str = ""
    repairs: tuple[str, ...] = ()
    why: str = ""
    offered: "Identifier | None" = None

    @property
    def may_be_of_another_kind(self) -> bool:
        return self.status == Status.REJECTED and self.why == NOT_OF_KIND.get(self.kind)

    @property
    def is_usable(self) -> bool:
        return self.status in (Status.OK, Status.REPAIRED)

    @property
    def needs_lookup(self) -> bool:
        """Whether it must be looked up and compared with the work before anybody relies on it."""
        return self.status in (Status.REPAIRED, Status.CANDIDATE)

    @property
    def url(self) -> str:
        """Where the identifier leads (https, percent-encoded), or "" where it has no address."""
        if not self.is_usable:
            return ""
        return {
            "doi": "https://doi.org/" + quote(self.display, safe="/:;()-._"),
            "pmid": f"https://pubmed.ncbi.nlm.nih.gov/{self.key}/",
            "pmcid": f"https://pmc.ncbi.nlm.nih.gov/articles/{self.key}/",
        }.get(self.kind, "")


#: Every code of a repair, in the order in which they are reported, with what the author reads.
REPAIRS = {
    "zero-width": "took out invisible characters",
    "unicode": "replaced full-width characters",
    "hyphen": "replaced typographic hyphens",
    "entity": "decoded HTML character codes",
    "latex": "took out LaTeX backslashes",
    "percent": "decoded the web address",
    "resolver": "took off the doi.org address",
    "ocr": "read a letter in “10.” as a digit",
    "space": "closed up a blank",
    "slash": "closed up a double slash",
    "wrap": "closed up a line break",
    "extracted": "took it out of the text around it",
    "url": "took it out of a web address",
    "cut": "left off the words behind it",
    "query": "left off the end of a web address",
    "suffix": "left off the name of a page",
    "markup": "left off markup",
    "trailing": "left off punctuation",
    "zeros": "left off leading zeros",
    "version": "left off the version",
    "component": "took the article a figure or table belongs to",
    "prefix-10": "put “10.” in front",
    "prefix-pmc": "put “PMC” in front",
}
#: Codes that change nothing about the identifier itself.
HARMLESS = frozenset({"resolver", "extracted", "url", "cut"})


def _in_order(codes):
    return tuple(code for code in REPAIRS if code in codes)


def read(
    kind: str, key: str, codes: Collection[str], *, display: str | None = None, doubt: str = ""
) -> Identifier:
    """Return the Identifier for something that was read; `doubt` makes it a candidate."""
    status = Status.OK if HARMLESS.issuperset(codes) else Status.REPAIRED
    if doubt:
        status = Status.CANDIDATE
    return Identifier(
        kind, status, key, key if display is None else display, _in_order(codes), doubt
    )


def rejected(kind: str, why: str) -> Identifier:
    """Return the Identifier for a text that was refused."""
    return Identifier(kind, Status.REJECTED, why=why)


#: Why a text was refused that is nothing of the kind; it may be of another one.
NOT_OF_KIND = {
    "doi": "not a DOI",
    "pmid": "not a PMID",
    "pmcid": "not a PMCID",
    "isbn": "not an ISBN",
}


def not_of_kind(kind: str) -> Identifier:
    """Return the Identifier for a text that is no identifier of this kind at all."""
    return rejected(kind, NOT_OF_KIND[kind])
