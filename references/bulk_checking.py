"""Many references looked up one after the other: stoppable, gone on with, and counted by what came
of it.

In slices from one request to the next, like an import: those who are asked allow a few look-ups a
second, so a library takes hours, and nobody has to keep a worker running for that.
"""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import checking
from .models import BulkCheck, Identity, Reference

#: After so many failures in a row the rest is not asked: the line is down.
PATIENCE = 5
#: What is told of single references; the counts have all of them.
_MOST_TOLD = 500
#: So few that everything is told of each.
_FEW = 20


def is_off():
    """Whether this site looks nothing up at all."""
    return settings.LOOKUP == "off"


def begin(keys, *, by, at, of_identity=True, of_integrity=True):
    """A BulkCheck for the references with these primary keys, nobody asked yet."""
    return BulkCheck.objects.create(
        by=by, at=at, of_identity=of_identity, of_integrity=of_integrity, keys=sorted(set(keys))
    )


def go_on(check, *, now=timezone.now, until=None):
    """Ask about the references of a BulkCheck that are left. `until` says after each whether to
    stop for now.

    One whose look-up fails counts as not checked and keeps its state. Stops by itself when nobody
    answers.
    """
    if is_off():
        return stop(
            check, why=_("This site looks nothing up: LOOKUP is “off”. Nothing was changed.")
        )
    silent = 0
    while check.state == BulkCheck.State.RUNNING and check.place < len(check.keys):
        done, is_silent = _one(check, now)
        if not done:
            check.refresh_from_db()
            return check
        silent = silent + 1 if is_silent else 0
        if silent == PATIENCE:
            return stop(
                check,
                why=_("Nobody answered %(count)s times in a row. Go on later.")
                % {"count": PATIENCE},
            )
        if until and until():
            break
    if check.place >= len(check.keys) and check.state != BulkCheck.State.DONE:
        check.state, check.finished_at = BulkCheck.State.DONE, now()
        check.save(update_fields=["state", "finished_at"])
    return check


def _one(check, now):
    """(whether this was ours to do, whether nobody answered) for the next reference."""
    pk = check.keys[check.place]
    reference = Reference.objects.current().filter(pk=pk).first()
    checked = reference and checking.check(
        reference,
        by=check.by,
        at=now(),
        of_identity=check.of_identity,
        of_integrity=check.of_integrity,
    )
    with transaction.atomic():
        standing = BulkCheck.objects.select_for_update().get(pk=check.pk)
        if standing.place != check.place or standing.state != BulkCheck.State.RUNNING:
            return False, False
        _count(standing, pk, checked)
        standing.save()
    check.refresh_from_db()
    return True, bool(
        checked and checked.answers and all(answer.is_failure for answer in checked.answers)
    )


def _count(check, pk, checked):
    check.place += 1
    if checked is None:
        # Merged into another since; that one is asked about under its own key.
        check.unchecked += 1
        return
    check.checked += checked.is_checked
    check.unchecked += not checked.is_checked
    is_other = check.of_identity and checked.reference.identity == Identity.MISMATCH
    check.mismatched += is_other
    check.new_notices += len(checked.new)
    is_worth_telling = is_other or checked.new or not checked.is_checked or len(check.keys) <= _FEW
    if is_worth_telling and len(check.report) < _MOST_TOLD:
        told = [
            checked.sentence,
            *(sentence for row in checked.new for sentence in row.consequences),
        ]
        check.report.append({"pk": pk, "work": str(checked.reference)[:200], "told": told})


def stop(check, *, why=""):
    """Leave the rest for later, on a person's word or because of `why`."""
    BulkCheck.objects.filter(pk=check.pk, state=BulkCheck.State.RUNNING).update(
        state=BulkCheck.State.STOPPED, why=why[:300]
    )
    check.refresh_from_db()
    return check


def resume(check):
    """Let a check that was stopped go on with the next reference."""
    BulkCheck.objects.filter(pk=check.pk, state=BulkCheck.State.STOPPED).update(
        state=BulkCheck.State.RUNNING, why=""
    )
    check.refresh_from_db()
    return check
