"""The sources of a page: entries of the list at its foot, and marks in the text that lead
to them.
"""

import re
from dataclasses import dataclass, field
from math import ceil
from urllib.parse import quote

from django.utils.safestring import SafeString

from articles.wording import STUDY_KINDS
from references import citing, csl

#: In the list of sources, on a screen 320 px wide.
LETTERS_A_LINE = 25
#: A longer list of sources is laid out by the browser when a reader comes near it.
MOST_LAID_OUT_AT_ONCE = 15


@dataclass(frozen=True)
class CitationMark:
    """A superscript number in the text: leads to its entry in the list, and can be come back to."""

    number: int
    anchor: str  # id of this occurrence, e.g. "c7-2"

    @property
    def target(self):
        return f"r{self.number}"


@dataclass
class CitedSentence:
    """One sentence a source is used for."""

    text: str
    stance: str  # a sentence
    quote: str
    quote_language: str
    locator: str
    note: str
    sure: str  # how sure we are about that sentence, in words
    disagreement: str  # a sentence where sources disagree, else ""
    # Ids of the marks that stand behind this sentence, so that a mark can show what it means there.
    anchors: list[str] = field(default_factory=list, compare=False)


@dataclass
class SourceEntry:
    """A source in the list at the foot of the page."""

    uid: str
    number: int | None  # None: further reading, nothing rests on it
    title: str  # plain text
    citation: SafeString
    doi: str
    pmid: str
    url: str  # http or https, or ""
    free_url: str  # http or https, or ""
    kind: str  # kind of study, plain words
    is_preprint: bool = False
    is_evidence: bool = (
        False  # it says something for or against a sentence, and is more than background
    )
    marks: list[CitationMark] = field(default_factory=list)
    uses: list[CitedSentence] = field(default_factory=list)

    @property
    def doi_url(self):
        # A DOI may hold <, >, # or ?, which would end the address or change its meaning.
        return f"https://doi.org/{quote(self.doi, safe='/:;()._-~')}" if self.doi else ""

    @property
    def uses_by_stance(self):
        """[(stance, place, sure, uses)].

        What it says in one place, and we are as sure of, stands together.
        """
        together = {}
        for use in self.uses:
            sure = f"{use.sure} {use.disagreement}".strip()
            together.setdefault((use.stance, use.locator, sure), []).append(use)
        return [(*said, uses) for said, uses in together.items()]

    @property
    def lines(self):
        """About how many lines this fills on the narrowest phone: the room a browser keeps until it
        lays it out.

        Rather too many than too few: words that spill over their room seem to lie upon what
        follows.
        """
        texts = [self.citation, self.kind, self.doi or self.pmid, "", ""]
        for stance, place, sure, uses in self.uses_by_stance:
            texts += [
                f"{stance} {place}",
                sure,
                *(f"{use.text} {use.note} {use.quote} {'':10}" for use in uses),
            ]
        return sum(ceil(len(text) / LETTERS_A_LINE) or 1 for text in texts) + ceil(
            len(self.marks) / 2
        )

    @property
    def pubmed_url(self):
        return f"https://pubmed.ncbi.nlm.nih.gov/{quote(self.pmid)}/" if self.pmid else ""


def source_entry(reference, number=None):
    """The Entry of a frozen reference, nothing said yet of what it is used for."""
    return SourceEntry(
        uid=reference["uid"],
        number=number,
        title=csl.without_tags(reference["csl"].get("title")),
        citation=citing.ama_html(reference["csl"], doi=False),
        doi=reference["doi"],
        pmid=reference["pmid"] or "",
        url=_web_address(reference["url"]),
        free_url=_web_address(reference["free_url"]),
        kind=STUDY_KINDS.get(reference["design"], ""),
        is_preprint=reference.get("peer_reviewed") is False,
    )


def estimated_lines(entries):
    """About how many lines a long list of sources fills (Entry.lines).

    0 where the list is short.
    """
    is_long = len(entries) > MOST_LAID_OUT_AT_ONCE
    return sum(entry.lines + 2 for entry in entries) if is_long else 0


def _web_address(url):
    """`url` if it leads to the web, else "".

    A frozen record may be older than the rule that checks them.
    """
    return url if re.match(r"https?://[^\s<>\"]+\Z", url or "", re.IGNORECASE) else ""
