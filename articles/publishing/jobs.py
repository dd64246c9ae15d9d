"""The jobs that the clock starts. A job that fails does not stop the others."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from articles.accounts import access, remembered_devices, sessions
from articles.live import purging
from articles.notifications import email
from articles.paper import handouts
from references import possible_pairs

from . import reminders, scheduling

log = logging.getLogger(__name__)

#: If a background task runs for longer than this, its worker was killed and it is tried again.
#: After so many tries it has failed.
LEFT_AFTER, MOST_TRIES = timedelta(minutes=15), 3
#: How long the result of a background task is kept.
KEPT_FOR = timedelta(days=14)


class WorkerWasKilled(Exception):
    """Each worker that began a background task was killed before its end."""


def publish_due(at: datetime) -> Iterator[str]:
    """Publish what is due at the moment `at`. Yields a sentence for each, published or not."""
    for ended in scheduling.publish_due(at=at):
        yield (
            _("Published: %s") % ended.revision
            if not ended.said
            else f"{ended.revision}: {ended.said}"
        )


def send_reminders(at: datetime) -> Iterator[str]:
    if count := reminders.send_reminders(on=timezone.localdate(at), at=at):
        yield _("Told of what is due: %s") % count


def send_mail(at: datetime) -> Iterator[str]:
    if count := email.send_waiting(at=at):
        yield _("Messages sent: %s") % count


def tend_tasks(at: datetime) -> Iterator[str]:
    """Delete old results, and start again the tasks that a killed worker left.

    All our tasks may be done twice.
    """
    DBTaskResult.objects.finished().filter(finished_at__lte=at - KEPT_FOR).delete()
    for abandoned in DBTaskResult.objects.running().filter(started_at__lte=at - LEFT_AFTER):
        if len(abandoned.worker_ids) >= MOST_TRIES:
            abandoned.set_failed(
                WorkerWasKilled(
                    f"{len(abandoned.worker_ids)} workers began it and none came to its end."
                )
            )
            continue
        DBTaskResult.objects.filter(
            pk=abandoned.pk, started_at=abandoned.started_at, status=TaskResultStatus.RUNNING
        ).update(status=TaskResultStatus.READY)
        yield _("A background task is done again: %s") % abandoned.task_path


def clear_log_ins(at: datetime) -> Iterator[str]:
    """Delete log-ins that have ended; nobody is told of it."""
    sessions.clear_ended(at)
    remembered_devices.clear_forgotten(at)
    yield from ()


def let_requests_lapse(at: datetime) -> Iterator[str]:
    if count := access.let_lapse(at):
        yield _("Requests for access that lapsed: %s") % count


def compare_references(at: datetime) -> Iterator[str]:
    """Find pairs of references that may be one work, for a few seconds; the next tick goes on."""
    if left := possible_pairs.compare_new(most=2_000):
        yield _("References still to be compared with the library: %s") % left


def make_handouts(at: datetime) -> Iterator[str]:
    """Make the PDFs that pages lack since they were published, for half a minute."""
    made, left = handouts.make_missing(seconds=30)
    if made:
        yield _("Handouts made: %s") % made
    if left:
        yield _("Handouts still to be made: %s") % left


def purge_caches(at: datetime) -> Iterator[str]:
    if purging.purge_what_changed():
        yield _("Caches were told that pages have changed.")


JOBS = [
    publish_due,
    purge_caches,
    send_reminders,
    send_mail,
    tend_tasks,
    clear_log_ins,
    let_requests_lapse,
    compare_references,
    make_handouts,
]


def tick(
    *,
    at: datetime,
    say: Callable[[str], object] = lambda sentence: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> list[str]:
    """Do every job once for the moment `at`. Returns the names of jobs that failed.

    `say` is called with a sentence for everything that was done.
    """
    failed = []
    for job in JOBS:
        if should_stop():
            break
        try:
            for sentence in job(at):
                say(str(sentence))
        except Exception:
            log.exception(
                "The job %s failed. It is tried again, and the others go on.", job.__name__
            )
            failed.append(job.__name__)
    return failed
