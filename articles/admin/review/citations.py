"""The citations of a draft, for the second person who checks them against their sources."""

from dataclasses import dataclass, replace
from urllib.parse import quote

from django.utils.translation import gettext as _

from articles.models import Comment, Stance
from articles.page.sources import source_entry
from articles.review.reviewing import evidence_read
from articles.wording import locator
from references.models import Design


@dataclass(frozen=True)
class CitationToCheck:
    """One citation, with what a person needs to check it."""

    uid: str
    claim: str
    on_page: str
    source: object  # articles.page.sources.SourceEntry
    year: str
    kind: str
    stance: str
    where: str
    quote: str
    quote_language: str
    of_itself: str  # how sure it says it is, in its own words
    includes_retracted: bool
    note: str  # for readers
    note_private: str  # for colleagues
    is_checked: bool
    is_own: bool  # the person who looks at the page added it
    blocking_comment: Comment | None  # an open comment on its claim that must be resolved first
    key: str
    typed: dict
    read: str  # articles.review.reviewing.evidence_read
    next_uid: str = ""  # the citation to check after this one

    @property
    def places(self):
        """[(words, address)] where the source can be read, the free text first."""
        places = [
            (_("Free full text"), self.source.free_url),
            (f"doi:{self.source.doi}", self.source.doi_url),
            (f"PubMed {self.source.pmid}", self.source.pubmed_url),
            (_("On the web"), self.source.url),
        ]
        known = list({address: (words, address) for words, address in places if address}.values())
        return known or [
            (
                _("Look for it by its title"),
                f"https://pubmed.ncbi.nlm.nih.gov/?term={quote(self.source.title)}",
            )
        ]


def citations_to_check(draft, user, all_comments, anchors, refusal):
    """Return a CitationToCheck for every citation of the draft.

    Citations without a check come first, and then the order is that of the claims.
    """
    entries = {row["uid"]: source_entry(row) for row in draft.content["references"]}
    blocking = {
        str(comment.row_uid): comment
        for comment in all_comments
        if comment.is_blocking and comment.resolved_at is None and comment.row_uid
    }
    citations = []
    for claim in draft.content["claims"]:
        for citation in claim["citations"]:
            source = draft.sources.get(citation["reference"])
            key = f"evidence-{citation['uid']}"
            citations.append(
                CitationToCheck(
                    uid=citation["uid"],
                    claim=claim["text"],
                    on_page=anchors.get(claim["uid"], ""),
                    source=entries[citation["reference"]],
                    year=str(source.year or "") if source else "",
                    kind=(
                        str(Design(citation["design"]).label)
                        if citation["design"] in Design.values
                        else ""
                    ),
                    stance=Stance(citation["stance"]).label,
                    where=locator(citation["locator_kind"], citation["locator"]),
                    quote=citation["quote"],
                    quote_language=citation["quote_language"],
                    of_itself=_of_itself(citation),
                    includes_retracted=citation.get("includes_retracted", False),
                    note=citation["note"],
                    note_private=draft.notes.get(citation["uid"], ""),
                    is_checked=citation["uid"] in draft.checked,
                    is_own=draft.added_by.get(citation["uid"]) == user.pk,
                    blocking_comment=blocking.get(claim["uid"]),
                    key=key,
                    typed=refusal.typed_in(key),
                    read=evidence_read(claim, citation),
                )
            )
    waiting = [
        citation for citation in citations if not citation.is_checked and not citation.is_own
    ]
    after = {
        citation.uid: following.uid
        for citation, following in zip(waiting, [*waiting[1:], *waiting[:1]], strict=True)
    }
    citations = [
        replace(citation, next_uid=after.get(citation.uid, "") if len(waiting) > 1 else "")
        for citation in citations
    ]
    return sorted(citations, key=lambda citation: citation.is_checked)


def _of_itself(citation):
    words, scheme = citation["source_certainty"], citation["source_scheme"]
    return f"{words} ({scheme})" if words and scheme else words
