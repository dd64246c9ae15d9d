"""Signals about changes in the evidence library, which knows nothing of those who listen."""

from django.dispatch import Signal

#: Sent with `reference`, `by` (user), `at` (aware datetime) and `summary` after a person changed a
#: reference.
reference_edited = Signal()

#: Sent after two references were merged or a merge was undone, inside the same transaction, with
#: `merge` (a Merge), `rows`, `by`, `at` and `summary`. `rows` may be of any app: they moved to the
#: other reference, or were combined with a row that it had already.
links_moved = Signal()

#: Sent when a new Notice about a work is written, inside the same transaction, with `reference`,
#: `notice`, `by` (user, or None for the site) and `at` (aware datetime). A receiver may return
#: sentences about what it did in consequence; the person who waits for the answer reads them.
notice_arrived = Signal()
