"""What rules look at: the content as it would be frozen, and what is known about its sources today."""

from dataclasses import dataclass, field

from articles import freezing
from articles.models import Claim
from references.models import Identity, Integrity, Reference


@dataclass(frozen=True)
class Source:
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
class Draft:
    content: dict
    sources: dict = field(default_factory=dict)  # reference uid -> Source
    checked: frozenset = frozenset()  # uids of evidence links a second person checked
    overrides: frozenset = frozenset()  # uids of links that cite a retracted work on purpose, with a reason
    drifted: frozenset = frozenset()  # keys of claims whose words changed since evidence was linked
    claim_pks: dict = field(default_factory=dict)  # claim uid -> primary key, to lead there

    @classmethod
    def of(cls, article):
        """At most 14 queries, whatever the size."""
        content = freezing.freeze(article)
        # Claims with their links in one query: a claim without links comes once, with none.
        rows = Claim.objects.filter(article=article).order_by().values_list(
            "pk", "uid", "key", "text", "checked_text",
            "citations__uid", "citations__checked_by", "citations__override_reason",
        )  # fmt: skip
        claim_pks, drifted, checked, overrides = {}, set(), set(), set()
        for pk, uid, key, text, checked_text, link, checked_by, reason in rows:
            claim_pks[str(uid)] = pk
            if checked_text and text != checked_text:
                drifted.add(key)
            if checked_by:
                checked.add(str(link))
            if reason:
                overrides.add(str(link))
        return cls(
            content=content,
            sources={
                str(reference.uid): Source(
                    str(reference), reference.identity, reference.integrity, reference.year, tuple(reference.repairs)
                )
                for reference in Reference.objects.filter(uid__in=[entry["uid"] for entry in content["references"]])
            },
            checked=frozenset(checked),
            overrides=frozenset(overrides),
            drifted=frozenset(drifted),
            claim_pks=claim_pks,
        )

    def source(self, link):
        """What is known of the reference `link` (a frozen citation) names."""
        return self.sources.get(link["reference"]) or Source("", Identity.UNRESOLVED, Integrity.UNCHECKED, None, ())
