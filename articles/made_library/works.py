"""The made-up works that pages cite: reviews and trials that nobody wrote."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

from articles.models import Certainty
from references.models import Design, Identity, Integrity, Origin, Reference

from . import texts

#: The day on which they came in: before the first page.
ADDED_AT = datetime(2025, 12, 1, 12, tzinfo=UTC)
_NAMESPACE = uuid.UUID("6d6b1b0e-4f0a-4f0e-9a53-5d3c7a8e2b11")
_FAMILIES = (
    *("Osei", "Lind", "Moreau", "Tanaka", "Haddad", "Novak", "Silva", "Okafor", "Jensen"),
    *("Rossi", "Kaur", "Petrov", "Ngata", "Ivers", "Duarte", "Weiss", "Amari", "Bakker"),
)
_JOURNALS = (
    "Journal of Made-Up Trials",
    "Invented Reviews",
    "Examples in Rehabilitation",
    "Annals of Sample Physiotherapy",
)
#: Those at even places rate their own certainty.
_DESIGNS = (
    *(Design.SYSTEMATIC_REVIEW, Design.RCT, Design.SYSTEMATIC_REVIEW, Design.RCT),
    *(Design.GUIDELINE, Design.COHORT),
)
_IN_A_BATCH = 2_000


def uid_of(seed: int, *names: object) -> uuid.UUID:
    """Return the uid of a made-up thing: the same for the same names."""
    return uuid.uuid5(_NAMESPACE, ":".join(map(str, (seed, *names))))


def add_works(seed: int, count: int) -> list[Reference]:
    """Return the first `count` made-up works of `seed`, by number; those that are missing are made.

    A query a thousand works that are there already.
    """
    wanted = {uid_of(seed, "work", number): number for number in range(count)}
    uids = list(wanted)
    there: dict[uuid.UUID, Reference] = {}
    for start in range(0, count, 1_000):
        rows = Reference.objects.filter(uid__in=uids[start : start + 1_000])
        there |= {row.uid: row for row in rows.defer("raw", "payload", "field_source", "repairs")}
    missing = [_work(seed, wanted[uid], uid) for uid in uids if uid not in there]
    for start in range(0, len(missing), _IN_A_BATCH):
        Reference.objects.bulk_create(missing[start : start + _IN_A_BATCH])
    there |= {row.uid: row for row in missing}
    return [there[uid] for uid in uids]


def _work(seed: int, number: int, uid: uuid.UUID) -> Reference:
    draw = Random(f"{seed}:work:{number}")  # noqa: S311  (the same library every time)
    work = Reference(
        uid=uid,
        csl=_record(draw, seed, number),
        design=_DESIGNS[number % len(_DESIGNS)],
        origin=Origin.CSL,
        origin_detail="made up to measure the site",
        peer_reviewed=True,
        identity=Identity.RESOLVED,
        integrity=Integrity.NONE_FOUND,
        integrity_checked_at=ADDED_AT,
    )
    work.derive()
    # Made-up works are different works, each with a DOI of its own: no pair is looked for.
    work.is_compared = True
    return work


def _record(draw: Random, seed: int, number: int) -> dict[str, Any]:
    part, complaint = draw.choice(texts.PARTS), draw.choice(texts.COMPLAINTS)
    method = draw.choice(texts.WORDS["en"].methods)
    return {
        "type": "article-journal",
        "title": (
            f"{method.capitalize()} for {complaint[0]} in {part[0]}: a made-up study,"
            f" number {number}"
        ),
        "author": [
            {"family": family, "given": draw.choice("ABCDEFGHJKLM")}
            for family in draw.sample(_FAMILIES, draw.randint(1, 4))
        ],
        "container-title": draw.choice(_JOURNALS),
        "issued": {"date-parts": [[draw.randint(2017, 2025)]]},
        "volume": str(draw.randint(1, 60)),
        "page": f"{number % 900 + 1}-{number % 900 + 9}",
        # 10.5555 is the prefix that Crossref keeps for examples.
        "DOI": f"10.5555/made.{seed}.{number}",
    }


def chosen_works(draw: Random, works: Sequence[Reference], count: int) -> list[Reference]:
    """Draw `count` works, no two the same; the first of the list are drawn most often.

    The first one drawn is a review or a guideline: it says how sure it is of itself.
    """
    found: dict[int, Reference] = {}
    while len(found) < count:
        number = int(len(works) * draw.random() ** 2)
        number -= 0 if found else number % 2
        found[number] = works[number]
    return list(found.values())


def level_in_words(certainty: str) -> str:
    """Return how a source names this level of GRADE."""
    return Certainty(certainty).value.replace("-", " ")
