"""What others may want to hear of from the evidence library, which knows nothing of them."""

from django.dispatch import Signal

#: Sent with `reference`, `by` (user), `at` (aware datetime) and `summary` after a person changed a reference.
reference_edited = Signal()
