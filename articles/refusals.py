"""Why an act with consequences did not happen.

One sentence or several, each saying what to do next.
"""


class Refused(Exception):
    """Nothing was changed. str() is for the person who tried.

    `sentences` holds the same one by one.
    """

    def __init__(self, *sentences):
        self.sentences = [str(sentence) for sentence in sentences]
        super().__init__(" ".join(self.sentences))


class NotAllowed(Refused):
    """This person may not do this."""


class NotReadyToPublish(Refused):
    """Something is still missing before readers may see it."""
