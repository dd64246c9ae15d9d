"""Why an act with consequences did not happen.

One sentence or several, each saying what to do next.
"""

from django.utils.functional import Promise

#: Words to be translated when they are shown.
Words = str | Promise


class Refused(Exception):
    """Nothing was changed. str() is for the person who tried.

    `sentences` holds the same one by one.
    """

    def __init__(self, *sentences: Words) -> None:
        self.sentences = [str(sentence) for sentence in sentences]
        super().__init__(" ".join(self.sentences))


class NotAllowed(Refused):
    """This person may not do this."""


class NotReadyToPublish(Refused):
    """Something is still missing before readers may see it."""
