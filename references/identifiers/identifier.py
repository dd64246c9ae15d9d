"""What a pasted text was read as, and the codes of the repairs made to it."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote


class Status(StrEnum):
    OK = (  # as written, or with nothing but wrapping (a label, a link, words behind it) taken off
        "ok"
    )
    REPAIRED = "repaired"  # changed by rule: usable, to be looked up before anyone relies on it
    CANDIDATE = "candidate"  # a person has to say yes first
    SHORT_DOI = "shortdoi"  # 10/abc: stands for a DOI that only the resolver knows
    REJECTED = "rejected"
    EMPTY = "empty"


@dataclass(frozen=True)
class Identifier:
    """What a pasted text was read as.

    `key` is what is stored and compared, `display` what is shown; both are "" unless something was
    read. A candidate has both as well, so look at `is_usable`, not at `key`. `repairs` holds rule
    codes in the order of REPAIRS. `why` is a short reason for rejected and candidate. `offered` is
    the identifier of another kind that a rejected text holds, such as a PMID typed into the DOI
    field.
    """

    kind: str
    status: Status
    key: str = ""
    display: str = ""
    repairs: tuple[str, ...] = ()
    why: str = ""
    offered: "Identifier | None" = None

    @property
    def is_usable(self):
        return self.status in (Status.OK, Status.REPAIRED)

    @property
    def needs_lookup(self):
        """Whether it has to be resolved, and compared with the work, before it is relied on."""
        return self.status in (Status.REPAIRED, Status.CANDIDATE)

    @property
    def url(self):
        """Where the identifier leads (https, percent-encoded), or "" where there is no one such
        place.
        """
        if not self.is_usable:
            return ""
        return {
            "doi": "https://doi.org/" + quote(self.display, safe="/:;()-._"),
            "pmid": f"https://pubmed.ncbi.nlm.nih.gov/{self.key}/",
            "pmcid": f"https://pmc.ncbi.nlm.nih.gov/articles/{self.key}/",
        }.get(self.kind, "")


#: Every code a repair can carry, in the order they are reported, with what the author is told.
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


def read(kind, key, codes, *, display=None, doubt=""):
    """The Identifier for something that was read; `doubt` makes it a candidate."""
    status = Status.OK if HARMLESS.issuperset(codes) else Status.REPAIRED
    if doubt:
        status = Status.CANDIDATE
    return Identifier(
        kind, status, key, key if display is None else display, _in_order(codes), doubt
    )


def rejected(kind, why):
    """The Identifier for a text that was refused.

    A `why` of “not a …” lets other kinds be offered.
    """
    return Identifier(kind, Status.REJECTED, why=why)
