"""What others may want to hear of from the evidence library, which knows nothing of them."""

from django.dispatch import Signal

#: Sent with `reference`, `by` (user), `at` (aware datetime) and `summary` after a person changed a
#: reference.
reference_edited = Signal()

#: Sent with `merge` (a Merge), `rows` (of any app, moved to another reference or folded with their
#: twin), `by`, `at` and `summary` after two references were merged or a merge was undone; inside
#: the transaction that does it.
links_moved = Signal()

#: Sent with `reference`, `notice` (a Notice row, new), `by` (user or None for the site) and `at`
#: (aware datetime) when somebody published something about a work; inside the transaction that
#: writes it. A receiver may return sentences about what it did in consequence, for whoever waits
#: for it.
notice_arrived = Signal()
