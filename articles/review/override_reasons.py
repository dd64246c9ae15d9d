"""The reason that somebody gives for publishing without a colleague: it must say something."""

import unicodedata
from itertools import groupby

from django.utils.translation import gettext as _

from articles.refusals import Refused

#: A reason has at least so many letters, and at least so many different ones.
FEWEST_LETTERS, FEWEST_DIFFERENT = 20, 6
#: No word has the same letter more often in a row.
_LONGEST_RUN = 2


def reason_in_words(reason: str) -> str:
    """Return the reason without blanks around it. Raises Refused if it says too little.

    Letters of any script count. Blanks, digits and signs do not, nor does one letter that is
    held down.
    """
    letters = [_base(letter) for letter in unicodedata.normalize("NFC", reason) if letter.isalpha()]
    count = sum(min(len(list(run)), _LONGEST_RUN) for _letter, run in groupby(letters))
    if count < FEWEST_LETTERS or len(set(letters)) < FEWEST_DIFFERENT:
        raise Refused(
            _(
                "Say in words why this cannot wait for a colleague: at least %s letters."
                " Readers see the reason, and so do all editors."
            )
            % FEWEST_LETTERS
        )
    return reason.strip()


def _base(letter: str) -> str:
    """The letter without accents and capitals: "É" and "e" are one."""
    parts = unicodedata.normalize("NFKD", letter.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
