"""What rules look at: the content as it would be frozen, and what is known about it today."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

from articles.models import Article, Claim, Comment, SignedException
from articles.preflight.registry import CheckMessage
from articles.revisions import contents, freezing
from articles.revisions.frozen_content import FrozenCitation, FrozenContent
from references.models import Identity, Integrity, Reference

from .carried_texts import CarriedText, carried_texts, place_of_block


@dataclass(frozen=True)
class SourceToday:
    """What is known about a reference now. It is not frozen: it may change after approval."""

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
    """The content as it would be frozen, with what is known about it today."""

    content: FrozenContent
    #: {uid of a reference: what is known about it}
    sources: dict[str, SourceToday] = field(default_factory=dict)
    #: Uids of citations that a second person checked.
    checked: frozenset[str] = frozenset()
    #: {uid of a citation: id of the account that added it}
    added_by: dict[str, int | None] = field(default_factory=dict)
    #: {uid of a citation: its private note}
    notes: dict[str, str] = field(default_factory=dict)
    #: Uids of citations that name a retracted work on purpose and give a reason.
    overrides: frozenset[str] = frozenset()
    #: Keys of claims whose wording changed since evidence was linked.
    reworded_claims: frozenset[str] = frozenset()
    #: {uid of a claim: primary key}, for links to the claim.
    claim_pks: dict[str, int] = field(default_factory=dict)
    #: (author, text, uid of the row or "") of comments that must be resolved first.
    blocking_comments: tuple[tuple[str, str, str], ...] = ()
    #: {(code, place, digest): (who signed, reason)}
    signed: dict[tuple[str, str, str], tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, article: Article, *, evidence_only: bool = False, comments: list[Comment] | None = None
    ) -> Self:
        """Return the draft of `article`, with all that rules look at.

        `evidence_only` leaves out comments and signed exceptions. `comments` are all comments on
        the article, if they were fetched already. At most 19 queries, whatever the size; two fewer
        with `evidence_only`.
        """
        content = freezing.freeze(article)
        # Claims with their citations in one query. A claim without citations comes once, with None.
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
        claim_pks, reworded_claims, checked, overrides, notes = {}, set(), set(), set(), {}
        added_by: dict[str, int | None] = {}
        for pk, uid, key, text, checked_text, citation, checked_by, reason, who, note in rows:
            claim_pks[str(uid)] = pk
            added_by[str(citation)], notes[str(citation)] = who, note or ""
            if checked_text and text != checked_text:
                reworded_claims.add(key)
            if checked_by:
                checked.add(str(citation))
            if reason:
                overrides.add(str(citation))
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
            reworded_claims=frozenset(reworded_claims),
            claim_pks=claim_pks,
            **({} if evidence_only else _comments_and_signatures(article, comments)),
        )

    def digest_at(self, place: str) -> str:
        """Return the digest of what stands at `place`.

        It is the uid of a row, the name of a block of the body or of another value of the article;
        anything else is the whole article.
        """
        return self._digests.get(place) or self.digest

    @cached_property
    def digest(self) -> str:
        """The digest that a revision of this content would have."""
        return freezing.digest_of(freezing.canonical(self.content))

    def as_signed(self, message: CheckMessage) -> CheckMessage:
        """Return `message`, with the signature if somebody signed an exception for these words."""
        if not (message.may_be_signed and self.signed):
            return message
        signature = self.signed.get((message.code, message.place, self.digest_at(message.place)))
        if signature is None:
            return message
        signed_by, reason = signature
        return replace(message, signed_by=signed_by, reason=reason)

    @cached_property
    def texts(self) -> tuple[CarriedText, ...]:
        """Every text that readers get, with what carries it."""
        return tuple(carried_texts(self.content))

    @cached_property
    def _digests(self):
        values = {
            value.name: freezing.digest_of(
                freezing.canonical([value.name, self.content.get(value.name)])
            )
            for value in contents.VALUES
            if value.is_explained
        }
        rows = freezing.row_digests(self.content)
        return values | {place_of_block(name): digest for name, digest in rows.items()}

    def source(self, citation: FrozenCitation) -> SourceToday:
        """Return what is known about the reference that `citation` names."""
        return self.sources.get(citation["reference"]) or SourceToday(
            "", Identity.UNRESOLVED, Integrity.UNCHECKED, None, ()
        )


def _comments_and_signatures(article, comments):
    if comments is None:
        comments = Comment.objects.filter(
            revision__article=article, is_blocking=True, resolved_at=None
        )
    signed = SignedException.objects.filter(article=article)
    return {
        "blocking_comments": tuple(
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
