"""Many references looked up one after the other. It can be stopped and resumed, and counts results.

The services allow a few look-ups a second, so a library takes hours. Like an import, a check runs
in slices from one request to the next, and no worker process has to keep running for it.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import checking
from .models import BulkCheck, Identity, Reference

#: After so many look-ups in a row without any answer, the rest is not asked.
MAX_UNANSWERED = 5
#: How many single references the report names; the counts have all of them.
_MOST_REPORTED = 500
#: A check of so few references reports on each of them.
_FEW = 20


def is_off() -> bool:
    """Return whether this site looks nothing up at all."""
    return settings.LOOKUP == "off"


def begin(
    keys: Iterable[int],
    *,
    by: User,
    at: datetime,
    of_identity: bool = True,
    of_integrity: bool = True,
) -> BulkCheck:
    """Return a new BulkCheck for the references with these primary keys. Asks no service yet."""
    return BulkCheck.objects.create(
        by=by, at=at, of_identity=of_identity, of_integrity=of_integrity, keys=sorted(set(keys))
    )


def check_remaining(
    check: BulkCheck,
    *,
    now: Callable[[], datetime] = timezone.now,
    until: Callable[[], bool] | None = None,
) -> BulkCheck:
    """Check the references of a BulkCheck that are left.

    `until` is called after each and says whether to pause. A reference whose look-up fails counts
    as not checked and keeps its state. The check stops by itself when the services do not answer.
    """
    if is_off():
        return stop(
            check, why=_("This site looks nothing up: LOOKUP is “off”. Nothing was changed.")
        )
    silent = 0
    while check.state == BulkCheck.State.RUNNING and check.place < len(check.keys):
        is_ours, is_silent = _check_next(check, now)
        if not is_ours:
            check.refresh_from_db()
            return check
        silent = silent + 1 if is_silent else 0
        if silent == MAX_UNANSWERED:
            return stop(
                check,
                why=_("Nobody answered %(count)s times in a row. Go on later.")
                % {"count": MAX_UNANSWERED},
            )
        if until and until():
            break
    if check.place >= len(check.keys) and check.state != BulkCheck.State.DONE:
        check.state, check.finished_at = BulkCheck.State.DONE, now()
        check.save(update_fields=["state", "finished_at"])
    return check


def _check_next(check, now):
    """Check the next reference. Returns (no other process did it, nobody answered)."""
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
        locked = BulkCheck.objects.select_for_update().get(pk=check.pk)
        if locked.place != check.place or locked.state != BulkCheck.State.RUNNING:
            return False, False
        _count(locked, pk, checked)
        locked.save()
    check.refresh_from_db()
    return True, bool(
        checked and checked.answers and all(answer.is_failure for answer in checked.answers)
    )


def _count(check, pk, checked):
    check.place += 1
    if checked is None:
        # Merged into another since. That one is checked under its own key.
        check.unchecked += 1
        return
    check.checked += checked.is_checked
    check.unchecked += not checked.is_checked
    is_other = check.of_identity and checked.reference.identity == Identity.MISMATCH
    check.mismatched += is_other
    check.new_notices += len(checked.new)
    is_reported = is_other or checked.new or not checked.is_checked or len(check.keys) <= _FEW
    if is_reported and len(check.report) < _MOST_REPORTED:
        sentences = [
            checked.sentence,
            *(sentence for row in checked.new for sentence in row.consequences),
        ]
        check.report.append({"pk": pk, "work": str(checked.reference)[:200], "told": sentences})


def stop(check: BulkCheck, *, why: str = "") -> BulkCheck:
    """Leave the rest for later, because a person says so or for the reason `why`."""
    BulkCheck.objects.filter(pk=check.pk, state=BulkCheck.State.RUNNING).update(
        state=BulkCheck.State.STOPPED, why=why[:300]
    )
    check.refresh_from_db()
    return check


def resume(check: BulkCheck) -> BulkCheck:
    """Let a stopped check continue with the next reference."""
    BulkCheck.objects.filter(pk=check.pk, state=BulkCheck.State.STOPPED).update(
        state=BulkCheck.State.RUNNING, why=""
    )
    check.refresh_from_db()
    return check
