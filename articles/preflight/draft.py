"""What rules look at: the content as it would be frozen, and what is known about its sources today."""

from dataclasses import dataclass, field

from articles import freezing
from articles.models import Citation, Claim
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

    @classmethod
    def of(cls, article):
        content = freezing.freeze(article)
        links = list(
            Citation.objects.filter(claim__article=article).values_list("uid", "checked_by", "override_reason")
        )
        return cls(
            content=content,
            sources={
                str(reference.uid): Source(
                    str(reference), reference.identity, reference.integrity, reference.year, tuple(reference.repairs)
                )
                for reference in Reference.objects.filter(uid__in=[entry["uid"] for entry in content["references"]])
            },
            checked=frozenset(str(uid) for uid, checked_by, _ in links if checked_by),
            overrides=frozenset(str(uid) for uid, _, reason in links if reason),
            drifted=frozenset(
                key
                for key, text, checked_text in Claim.objects.filter(article=article).values_list(
                    "key", "text", "checked_text"
                )
                if checked_text and text != checked_text
            ),
        )

    def source(self, link):
        """What is known of the reference `link` (a frozen citation) names."""
        return self.sources.get(link["reference"]) or Source("", Identity.UNRESOLVED, Integrity.UNCHECKED, None, ())
