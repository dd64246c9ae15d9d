"""The reason that somebody gives for publishing without a colleague: it must say something."""

from django.utils.translation import gettext as _

from articles.refusals import Refused
from articles.richtext import letters

#: A reason has at least so many letters, and at least so many different ones.
FEWEST_LETTERS, FEWEST_DIFFERENT = 20, 6


def reason_in_words(reason: str) -> str:
    """Return the reason without blanks around it. Raises Refused if it says too little."""
    if not letters.says_something(reason, letters=FEWEST_LETTERS, different=FEWEST_DIFFERENT):
        raise Refused(
            _(
                "Say in words why this cannot wait for a colleague: at least %s letters."
                " Readers see the reason, and so do all editors."
            )
            % FEWEST_LETTERS
        )
    return reason.strip()
