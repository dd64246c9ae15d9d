"""The citations of a draft, as a second person checks them against their sources."""

from dataclasses import dataclass, replace
from urllib.parse import quote

from django.utils.translation import gettext as _

from articles.models import Comment, Stance
from articles.page.sources import source_entry
from articles.wording import locator
from references.models import Design


@dataclass(frozen=True)
class CitationToCheck:
    """One evidence link as whoever checks it needs it."""

    uid: str
    claim: str
    on_page: str
    source: object  # articles.page.sources.Entry
    year: str
    kind: str
    stance: str
    where: str
    quote: str
    quote_language: str
    note: str  # for readers
    note_private: str  # for colleagues
    is_checked: bool
    is_own: bool  # whoever looks added it
    remark: Comment | None  # an open remark on its claim that must be settled first
    key: str
    typed: dict
    next_uid: str = ""  # the link to go on with after this one

    @property
    def places(self):
        """[(words, address)] of where the source can be read, the free text first."""
        found = [
            (_("Free full text"), self.source.free_url),
            (f"doi:{self.source.doi}", self.source.doi_url),
            (f"PubMed {self.source.pmid}", self.source.pubmed_url),
            (_("On the web"), self.source.url),
        ]
        known = list({address: (words, address) for words, address in found if address}.values())
        return known or [
            (
                _("Look for it by its title"),
                f"https://pubmed.ncbi.nlm.nih.gov/?term={quote(self.source.title)}",
            )
        ]


def citations_to_check(draft, user, all_comments, anchors, refusal):
    """Every evidence link of the draft as Evidence, what waits for a check first, else in the order
    of the claims.
    """
    entries = {row["uid"]: source_entry(row) for row in draft.content["references"]}
    blocking = {
        str(comment.row_uid): comment
        for comment in all_comments
        if comment.is_blocking and comment.resolved_at is None and comment.row_uid
    }
    found = []
    for claim in draft.content["claims"]:
        for link in claim["citations"]:
            known = draft.sources.get(link["reference"])
            key = f"evidence-{link['uid']}"
            found.append(
                CitationToCheck(
                    uid=link["uid"],
                    claim=claim["text"],
                    on_page=anchors.get(claim["uid"], ""),
                    source=entries[link["reference"]],
                    year=str(known.year or "") if known else "",
                    kind=(
                        str(Design(link["design"]).label) if link["design"] in Design.values else ""
                    ),
                    stance=Stance(link["stance"]).label,
                    where=locator(link["locator_kind"], link["locator"]),
                    quote=link["quote"],
                    quote_language=link["quote_language"],
                    note=link["note"],
                    note_private=draft.notes.get(link["uid"], ""),
                    is_checked=link["uid"] in draft.checked,
                    is_own=draft.added_by.get(link["uid"]) == user.pk,
                    remark=blocking.get(claim["uid"]),
                    key=key,
                    typed=refusal.typed_in(key),
                )
            )
    waiting = [link for link in found if not link.is_checked and not link.is_own]
    after = {
        link.uid: then.uid for link, then in zip(waiting, [*waiting[1:], *waiting[:1]], strict=True)
    }
    found = [
        replace(link, next_uid=after.get(link.uid, "") if len(waiting) > 1 else "")
        for link in found
    ]
    return sorted(found, key=lambda link: link.is_checked)
