"""What rules look at: the content as it would be frozen, and what is known about its
sources today.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

from articles.models import Article, Claim, Comment, SignedException
from articles.preflight.registry import CheckMessage
from articles.revisions import freezing
from articles.revisions.frozen_content import FrozenCitation, FrozenContent
from references.models import Identity, Integrity, Reference


@dataclass(frozen=True)
class SourceToday:
    """What is known of a reference now. Not frozen: it may change after approval."""

    label: str
    identity: str
    integrity: str
    year: int | None
    repairs: tuple

    @property
    def counts_as_absent(self) -> bool:
        return self.integrity in Integrity.counts_as_absent()


@dataclass(frozen=True)
class DraftToCheck:
    """Frozen content, and what is known today beside it."""

    content: FrozenContent
    #: {uid of a reference: what is known of it}
    sources: dict[str, SourceToday] = field(default_factory=dict)
    #: Uids of citations that a second person checked.
    checked: frozenset[str] = frozenset()
    #: {uid of a citation: id of the account that added it}
    added_by: dict[str, int | None] = field(default_factory=dict)
    #: {uid of a citation: its private note}
    notes: dict[str, str] = field(default_factory=dict)
    #: Uids of citations that name a retracted work on purpose, with a reason.
    overrides: frozenset[str] = frozenset()
    #: Keys of claims whose words changed since evidence was linked.
    drifted: frozenset[str] = frozenset()
    #: {uid of a claim: primary key}, to lead there.
    claim_pks: dict[str, int] = field(default_factory=dict)
    #: (who, words, uid of the row or "") of comments that must be resolved first.
    remarks: tuple[tuple[str, str, str], ...] = ()
    #: {(code, place, digest): (who signed, reason)}
    signed: dict[tuple[str, str, str], tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, article: Article, *, evidence_only: bool = False, comments: list[Comment] | None = None
    ) -> Self:
        """At most 16 queries, whatever the size; two fewer without what people said
        (`evidence_only`).

        `comments` are all remarks on the article, where they were fetched already.
        """
        content = freezing.freeze(article)
        # Claims with their links in one query: a claim without links comes once, with none.
        rows = (
            Claim.objects.filter(article=article)
            .order_by()
            .values_list(
                "pk",
                "uid",
                "key",
                "text",
                "checked_text",
                "citations__uid",
                "citations__checked_by",
                "citations__override_reason",
                "citations__added_by",
                "citations__note_private",
            )
        )
        claim_pks, drifted, checked, overrides, notes = {}, set(), set(), set(), {}
        added_by: dict[str, int | None] = {}
        for pk, uid, key, text, checked_text, link, checked_by, reason, who, note in rows:
            claim_pks[str(uid)] = pk
            added_by[str(link)], notes[str(link)] = who, note or ""
            if checked_text and text != checked_text:
                drifted.add(key)
            if checked_by:
                checked.add(str(link))
            if reason:
                overrides.add(str(link))
        return cls(
            content=content,
            sources={
                str(reference.uid): SourceToday(
                    str(reference),
                    reference.identity,
                    reference.integrity,
                    reference.year,
                    tuple(reference.repairs),
                )
                for reference in Reference.objects.filter(
                    uid__in=[entry["uid"] for entry in content["references"]]
                )
            },
            checked=frozenset(checked),
            added_by=added_by,
            notes=notes,
            overrides=frozenset(overrides),
            drifted=frozenset(drifted),
            claim_pks=claim_pks,
            **({} if evidence_only else _what_people_said(article, comments)),
        )

    def digest_at(self, place: str) -> str:
        """The digest of what stands at `place` (a row's uid).

        That of everything where it is no row.
        """
        return self._row_digests.get(place) or self.digest

    @cached_property
    def digest(self) -> str:
        """The digest a revision of this content has."""
        return freezing.digest_of(freezing.canonical(self.content))

    def as_signed(self, finding: CheckMessage) -> CheckMessage:
        """The finding, with who signed an exception for it where somebody did for these
        very words.
        """
        if not (finding.may_be_signed and self.signed):
            return finding
        found = self.signed.get((finding.code, finding.place, self.digest_at(finding.place)))
        return replace(finding, signed_by=found[0], reason=found[1]) if found else finding

    @cached_property
    def _row_digests(self):
        return freezing.row_digests(self.content)

    def source(self, link: FrozenCitation) -> SourceToday:
        """What is known of the reference `link` (a frozen citation) names."""
        return self.sources.get(link["reference"]) or SourceToday(
            "", Identity.UNRESOLVED, Integrity.UNCHECKED, None, ()
        )


def _what_people_said(article, comments):
    if comments is None:
        comments = Comment.objects.filter(
            revision__article=article, is_blocking=True, resolved_at=None
        )
    signed = SignedException.objects.filter(article=article)
    return {
        "remarks": tuple(
            (comment.by_name, comment.text, str(comment.row_uid or ""))
            for comment in comments
            if comment.is_blocking and comment.resolved_at is None
        ),
        "signed": {
            (code, place, digest): (who, reason)
            for code, place, digest, who, reason in signed.values_list(
                "code", "place", "digest", "by_name", "reason"
            )
        },
    }
