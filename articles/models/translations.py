"""Which published page is a translation of which article, as it was approved."""

from physiohub.db import models

from .article import Article
from .insert_only import InsertOnly
from .publications import Publication
from .revisions import Revision


class PublishedTranslation(InsertOnly):
    """Says that a publication is a translation. Made of its frozen content, never of the draft."""

    publication = models.OneToOneField(
        Publication, on_delete=models.PROTECT, related_name="translation"
    )
    of = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="published_translations")
    # The revision it was translated from; None when nobody said which.
    made_from = models.ForeignKey(Revision, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["publication"]

    def __str__(self) -> str:
        return f"{self.publication} ← {self.of}"
