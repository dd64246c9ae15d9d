"""What rules look at: the content as it would be frozen, and what is known about its
sources today.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property

from articles.models import Claim, Comment, SignedException
from articles.revisions import freezing
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
    def counts_as_absent(self):
        return self.integrity in Integrity.counts_as_absent()


@dataclass(frozen=True)
class DraftToCheck:
    content: dict
    sources: dict = field(default_factory=dict)  # reference uid -> Source
    checked: frozenset = frozenset()  # uids of evidence links a second person checked
    added_by: dict = field(
        default_factory=dict
    )  # uid of a link -> id of the account that added it, or None
    notes: dict = field(
        default_factory=dict
    )  # uid of a link -> what its writer noted for colleagues
    overrides: frozenset = (
        frozenset()
    )  # uids of links that cite a retracted work on purpose, with a reason
    drifted: frozenset = frozenset()  # keys of claims whose words changed since evidence was linked
    claim_pks: dict = field(default_factory=dict)  # claim uid -> primary key, to lead there
    remarks: tuple = ()  # (who, words, row uid or "") of remarks that must be settled first
    signed: dict = field(default_factory=dict)  # (code, place, digest) -> (who, reason)

    @classmethod
    def of(cls, article, *, evidence_only=False, comments=None):
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
        claim_pks, drifted, checked, overrides, added_by, notes = {}, set(), set(), set(), {}, {}
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

    def digest_at(self, place):
        """The digest of what stands at `place` (a row's uid).

        That of everything where it is no row.
        """
        return self._row_digests.get(place) or self.digest

    @cached_property
    def digest(self):
        """The digest a revision of this content has."""
        return freezing.digest_of(freezing.canonical(self.content))

    def as_signed(self, finding):
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

    def source(self, link):
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
