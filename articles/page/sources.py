"""The sources of a page: the list at its foot, and the marks in the text that lead to it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from urllib.parse import quote

from django.utils.safestring import SafeString

from articles.revisions.frozen_content import FrozenReference
from articles.wording import STUDY_KINDS, Words, with_full_stop
from references import citing, csl
from references.formats import languages

#: In the list of sources, on a screen 320 px wide.
LETTERS_A_LINE = 27
#: A longer list of sources is laid out by the browser when a reader comes near it. What sources are
#: used for is folded, so that a shorter one costs an old phone next to nothing, and nothing moves.
MOST_LAID_OUT_AT_ONCE = 30
#: Beside the citation: where to read more, and where we use it, with the room between them.
_LETTERS_OF_LINKS = 60


@dataclass(frozen=True)
class CitationMark:
    """A superscript number in the text, with a link to its source and an id to come back to."""

    number: int
    anchor: str  # id of this occurrence, e.g. "c7-2"

    @property
    def target(self) -> str:
        return f"r{self.number}"


@dataclass
class CitedSentence:
    """A sentence that a source is cited for."""

    text: str
    stance: Words  # a sentence
    heading: Words  # the same, above such sentences in the list of sources
    quote: str
    quote_language: str
    locator: str
    note: str
    certainty: str  # how sure we are of that sentence, in words
    disagreement: Words  # a sentence where sources disagree, else ""
    people: str = ""  # who the claim is about
    comparator: str = ""  # what the treatment is set beside
    source_says: str = ""  # how sure the source is itself, in words
    # Ids of the marks behind this sentence, so that a mark can show what it means there.
    anchors: list[str] = field(default_factory=list, compare=False)

    @property
    def text_in_line(self) -> str:
        """The text, with a full stop where something about it follows."""
        follows = self.people or self.comparator or self.source_says or self.note or self.quote
        return with_full_stop(self.text) if follows else self.text


@dataclass(frozen=True)
class NewerVersionLine:
    """What the list of sources says today of a newer version, and where that is."""

    words: Words
    address: str  # https, or ""


#: (heading for their stance, place in the source, certainty, the sentences they are the same for)
SentencesOfOneStance = tuple[Words, str, str, list[CitedSentence]]


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
    kind: Words  # kind of study, plain words
    language: str  # of its title
    is_preprint: bool = False
    # Known since the text was published, so no part of it.
    newer_version: NewerVersionLine | None = None
    # It supports or contradicts a sentence, and is more than background.
    is_evidence: bool = False
    marks: list[CitationMark] = field(default_factory=list)
    cited_sentences: list[CitedSentence] = field(default_factory=list)

    def new_mark(self) -> CitationMark:
        """Return a mark for one more occurrence in the text. Only for a source with a number."""
        if self.number is None:
            raise ValueError("Nothing cites this source, so it has no number.")
        mark = CitationMark(self.number, f"c{self.number}-{len(self.marks) + 1}")
        self.marks.append(mark)
        return mark

    def cited_for(self, sentence: CitedSentence) -> CitedSentence:
        """Return `sentence`, or the same one from an earlier place in the text."""
        if sentence in self.cited_sentences:
            return self.cited_sentences[self.cited_sentences.index(sentence)]
        self.cited_sentences.append(sentence)
        return sentence

    @property
    def doi_url(self) -> str:
        # A DOI may hold <, >, # or ?, which would end the address or change its meaning.
        return f"https://doi.org/{quote(self.doi, safe='/:;()._-~')}" if self.doi else ""

    @property
    def pubmed_url(self) -> str:
        return f"https://pubmed.ncbi.nlm.nih.gov/{quote(self.pmid)}/" if self.pmid else ""

    @property
    def sentences_by_stance(self) -> list[SentencesOfOneStance]:
        """The cited sentences; those with one stance, place and certainty come together."""
        together: dict[tuple[Words, str, str], list[CitedSentence]] = {}
        for sentence in self.cited_sentences:
            certainty = f"{sentence.certainty} {sentence.disagreement}".strip()
            key = sentence.heading, sentence.locator, certainty
            together.setdefault(key, []).append(sentence)
        return [(*key, sentences) for key, sentences in together.items()]

    @property
    def lines(self) -> int:
        """About how many lines this fills on the narrowest phone, what it is used for folded.

        A browser keeps that much room until it lays it out. Rather too many than too few: words
        that need more room seem to cover what follows.
        """
        cited = len(self.citation) + len(self.doi or self.pmid)
        below = len(str(self.kind)) + _LETTERS_OF_LINKS
        return ceil(cited / LETTERS_A_LINE) + ceil(below / LETTERS_A_LINE)


def source_entry(reference: FrozenReference, number: int | None = None) -> SourceEntry:
    """Return a frozen reference as a source, before anything cites it."""
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
        language=_language_of(reference),
        is_preprint=reference.get("peer_reviewed") is False,
    )


def _language_of(reference: FrozenReference) -> str:
    """Return the language of a source's title: English where its record names none.

    The lines around a title are in English anyway, for the styles they follow are.
    """
    named = re.match(r"[a-z]{2}(?=\W|\Z)", languages.short(reference["csl"].get("language") or ""))
    return named[0] if named else "en"


def estimated_lines(entries: Sequence[SourceEntry]) -> int:
    """Return about how many lines a long list of sources fills; 0 where the list is short."""
    is_long = len(entries) > MOST_LAID_OUT_AT_ONCE
    return sum(entry.lines + 1 for entry in entries) if is_long else 0


def _web_address(url: str) -> str:
    """Return `url` if it leads to the web, else "".

    A frozen record may be older than the rule that checks them.
    """
    return url if re.match(r"https?://[^\s<>\"]+\Z", url or "", re.IGNORECASE) else ""
