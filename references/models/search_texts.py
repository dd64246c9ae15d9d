"""The text each reference is found by, apart from its row."""

from physiohub.db import models

from .references import Reference


class SearchText(models.Model):
    """A copy of what a reference is searched in; the triggers of references.search_texts make it.

    `words` is in capitals, `keys` has the title_key and the authors_key. A search reads this small
    table, and not rows that have the answer of a service in their middle.
    """

    reference = models.OneToOneField(
        Reference, primary_key=True, on_delete=models.DO_NOTHING, related_name="search_text"
    )
    words = models.TextField()
    keys = models.TextField()

    #: It describes this row, whatever row stands for it.
    stays_when_merged = True

    def __str__(self):
        return self.keys
