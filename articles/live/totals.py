"""How many live pages say a thing, and in which words: a row for each way of saying it.

Lists of terms, of words and of languages read these few rows instead of a row for each page.
Written by articles.live.catalogue alone, in the transaction that changes what is counted.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest

from articles.models import LiveArticle, LiveTerm, LiveTopicFinding, LiveTotal

_IN_A_SLICE = 500


def set_totals(terms: Sequence[LiveTerm], lives: Sequence[LiveArticle]) -> None:
    """Set `total` of each of these unsaved terms, and have a row for each language of `lives`.

    Rows that are missing are made, counting nothing yet. Two queries, four where some are missing.
    """
    wanted = {row.digest: row for row in map(_of_language, {live.language for live in lives})}
    topics = {(term.slug, term.language) for term in terms if term.kind == "condition"}
    wanted |= {row.digest: row for row in (_of_findings(*topic) for topic in topics)}
    by_term = [(term, _of_term(term)) for term in terms]
    wanted |= {row.digest: row for _term, row in by_term}
    there = _by_digest(wanted)
    if missing := [row for digest, row in sorted(wanted.items()) if digest not in there]:
        # Two who bring the same new words at once: the second takes the row of the first.
        LiveTotal.objects.bulk_create(missing, ignore_conflicts=True)
        there = _by_digest(wanted)
    for term, row in by_term:
        term.total = there[row.digest]


def add_to_counts(lives: Sequence[LiveArticle], number: int) -> None:
    """Count these articles once more (`number` 1), or no more (-1). Their terms are stored.

    Four queries, and one for each different number of pages.
    """
    added = Counter(
        LiveTerm.objects.filter(live__in=[live.pk for live in lives], total__isnull=False)
        .order_by()
        .values_list("total", flat=True)
    )
    others = Counter(_of_language(live.language).digest for live in lives)
    findings = LiveTopicFinding.objects.filter(finding__live__in=[live.pk for live in lives])
    for slug, language in findings.order_by().values_list("slug", "language"):
        others[_of_findings(slug, language).digest] += 1
    # Locked in one order, so that two who publish never wait for each other in a circle.
    rows = LiveTotal.objects.select_for_update(no_key=True)
    locked = rows.filter(pk__in=added).order_by("pk").values_list("pk", flat=True)
    counted = rows.filter(digest__in=others).order_by("pk").values_list("pk", "digest")
    numbers = {pk: added[pk] for pk in locked} | {pk: others[d] for pk, d in counted}
    by_number: dict[int, list[int]] = {}
    for pk, how_many in numbers.items():
        by_number.setdefault(how_many, []).append(pk)
    gone = [live.pk for live in lives] if number < 0 else []
    newest = _newest(LiveTerm.objects.exclude(live__in=gone) if gone else LiveTerm.objects.all())
    for how_many, pks in sorted(by_number.items()):
        LiveTotal.objects.filter(pk__in=pks).update(
            pages=Greatest(F("pages") + number * how_many, 0), newest=newest
        )


def count_again() -> None:
    """Count everything again, a slice at a time, and remove what no page says."""
    pks = list(LiveTotal.objects.order_by("pk").values_list("pk", flat=True))
    counted = LiveTerm.objects.filter(total=OuterRef("pk")).order_by().values("total")
    number = Subquery(counted.annotate(count=Count("pk")).values("count"))
    about = LiveTopicFinding.objects.filter(slug=OuterRef("slug"), language=OuterRef("language"))
    of_findings = about.order_by().values("slug").annotate(count=Count("pk")).values("count")
    in_language = LiveArticle.objects.filter(language=OuterRef("language")).order_by()
    of_pages = Subquery(in_language.values("language").annotate(count=Count("pk")).values("count"))
    for start in range(0, len(pks), _IN_A_SLICE):
        with transaction.atomic():
            rows = LiveTotal.objects.filter(pk__in=pks[start : start + _IN_A_SLICE])
            # Locked first, so that what was counted meanwhile is seen.
            list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk"))
            terms = rows.exclude(kind__in=[LiveTotal.Kind.PAGE, LiveTotal.Kind.FINDING])
            terms.update(pages=Coalesce(number, 0), newest=_newest(LiveTerm.objects.all()))
            rows.filter(kind=LiveTotal.Kind.PAGE).update(pages=Coalesce(of_pages, 0))
            findings = rows.filter(kind=LiveTotal.Kind.FINDING)
            findings.update(pages=Coalesce(Subquery(of_findings), 0))
            rows.filter(pages=0).delete()


#: {address of a condition: {language: names}}
Names = dict[str, dict[str, set[str]]]


def names_of_no_other(lives: Sequence[LiveArticle]) -> Names:
    """Return the names that these pages alone have for their conditions.

    `lives` are counted. Two queries.
    """
    terms = LiveTerm.objects.filter(
        live__in=[live.pk for live in lives], kind=LiveTerm.Kind.CONDITION
    ).exclude(slug="")
    own = Counter(terms.order_by().values_list("total", flat=True))
    rows = LiveTotal.objects.filter(kind=LiveTotal.Kind.CONDITION)
    rows = rows.filter(slug__in=terms.order_by().values("slug"))
    known: dict[tuple[str, str], set[str]] = {}
    brought: list[LiveTotal] = []
    for row in rows:
        if row.pages > own.get(row.pk, 0):
            known.setdefault((row.slug, row.language), set()).update(_names(row))
        elif row.pk in own:
            brought.append(row)
    found: Names = {}
    for row in brought:
        if names := _names(row) - known.get((row.slug, row.language), set()):
            found.setdefault(row.slug, {}).setdefault(row.language, set()).update(names)
    return found


def names_of_conditions(slugs: Iterable[str]) -> Names:
    """Return all names that live pages have for these conditions. One query."""
    found: Names = {}
    rows = LiveTotal.objects.filter(
        kind=LiveTotal.Kind.CONDITION, slug__in=list(slugs), pages__gt=0
    )
    for row in rows.order_by():
        found.setdefault(row.slug, {}).setdefault(row.language, set()).update(_names(row))
    return found


def pages_in_languages() -> dict[str, int]:
    """Return {language: number of live pages}. One query."""
    rows = LiveTotal.objects.filter(kind=LiveTotal.Kind.PAGE, pages__gt=0)
    return dict(rows.order_by().values_list("language", "pages"))


def conditions_named() -> list[str]:
    """Return the address of every condition that a live page is about, in order. One query."""
    rows = LiveTotal.objects.filter(kind=LiveTotal.Kind.CONDITION, pages__gt=0).exclude(slug="")
    return sorted(set(rows.order_by().values_list("slug", flat=True)))


def _newest(terms):  # type: ignore[no-untyped-def]
    of_row = terms.filter(total=OuterRef("pk")).order_by("-pk")
    return Subquery(of_row.values("pk")[:1])


def _names(row: LiveTotal) -> set[str]:
    return {row.name, row.clinical_name, *row.other_names} - {""}


def _by_digest(digests: Iterable[str]) -> dict[str, LiveTotal]:
    return {row.digest: row for row in LiveTotal.objects.filter(digest__in=list(digests))}


def _of_term(term: LiveTerm) -> LiveTotal:
    return _row(
        kind=str(term.kind),
        language=term.language,
        slug=term.slug,
        name=term.name,
        clinical_name=term.clinical_name,
        other_names=list(term.other_names),
        summary=term.summary,
    )


def _of_findings(slug: str, language: str) -> LiveTotal:
    return _row(kind=LiveTotal.Kind.FINDING.value, language=language, slug=slug)


def _of_language(language: str) -> LiveTotal:
    return _row(kind=LiveTotal.Kind.PAGE.value, language=language)


def _row(**said: str | list[str]) -> LiveTotal:
    text = json.dumps(said, sort_keys=True)
    return LiveTotal(digest=hashlib.sha256(text.encode()).hexdigest(), **said)
