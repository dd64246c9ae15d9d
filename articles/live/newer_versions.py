"""What readers are told today of sources that came out again since a page was published.

It is about today, so it is no part of the frozen text. Only the working rows know it.
"""

from collections.abc import Iterable
from urllib.parse import quote

from django.db.models import Exists, OuterRef, Q

from articles import wording
from articles.models import Publication, PublishedCitation
from articles.page.sources import NewerVersionLine
from articles.revisions.frozen_content import FrozenReference
from references import versions
from references.models import Notice


def names_a_source_that_came_out_again() -> Exists:
    """Return whether a publication does, to annotate its query with: hardly any does."""
    named = PublishedCitation.objects.filter(publication=OuterRef(OuterRef("pk")))
    uids = named.values("reference_uid")
    return Exists(
        Notice.objects.filter(
            Q(reference__uid__in=uids) | Q(reference__merged_from__uid__in=uids),
            kind=Notice.Kind.NEW_VERSION,
        )
    )


def lines_of(publication: Publication) -> dict[str, NewerVersionLine]:
    """Return the same as `lines_by_uid` for the sources of a publication from pages.at_address.

    No query where none has a newer version.
    """
    if not getattr(publication, "names_a_source_that_came_out_again", True):
        return {}
    return lines_by_uid(publication.revision.content["references"])


def lines_by_uid(references: Iterable[FrozenReference]) -> dict[str, NewerVersionLine]:
    """Return what is said today of sources that have a newer version, by uid.

    One query where none has, else three.
    """
    designs = {reference["uid"]: reference["design"] for reference in references}
    if not designs:
        return {}
    return {
        uid: NewerVersionLine(
            wording.NEWER_VERSION.get(designs[uid], wording.NEWER_VERSION_OF_A_WORK),
            _address_of(newer),
        )
        for uid, newer in versions.newer_versions_by_uid(designs).items()
    }


def _address_of(newer: versions.NewerVersion) -> str:
    if newer.doi:
        return f"https://doi.org/{quote(newer.doi, safe='/:;()._-~')}"
    return f"https://pubmed.ncbi.nlm.nih.gov/{quote(newer.pmid)}/" if newer.pmid else ""
