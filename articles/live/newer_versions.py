"""What readers are told today of sources that came out again since a page was published.

It is about today, so it is no part of the frozen text. Only the working rows know it.
"""

from collections.abc import Iterable
from urllib.parse import quote

from articles import wording
from articles.page.sources import NewerVersionLine
from articles.revisions.frozen_content import FrozenReference
from references import versions


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
