"""Where an imported article came from, line by line."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from physiohub.db import models

from .article import Article


class ImportedDocument(models.Model):
    """A document an article was made from.

    The report says what every line became, and what was only suggested.
    """

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="imported_documents"
    )
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    report = models.JSONField(default=dict)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    imported_at = models.DateTimeField()

    class Meta:
        ordering = ["-imported_at"]

    def __str__(self) -> str:
        return _("%(file)s, imported %(date)s") % {
            "file": self.file_name,
            "date": f"{self.imported_at:%Y-%m-%d}",
        }


class PendingImport(models.Model):
    """A document that its owner looks through before it becomes a draft. Only they see it.

    Deleted as soon as the draft is made or the import is cancelled.
    """

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pending_imports"
    )
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    title = models.CharField(
        max_length=150, help_text=_("As it was read, or else the name of the file.")
    )
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    lines = models.JSONField(
        help_text=_("The document, a line each, as articles.imports.documents has it.")
    )
    notes = models.JSONField(default=list)
    choices = models.JSONField(default=dict, help_text=_("What its owner decided so far."))

    class Meta:
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["by", "sha256"], name="a_person_looks_through_a_document_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.title


class PendingPicture(models.Model):
    """A picture of such a document, in the order of the document. It goes when the import goes."""

    pending = models.ForeignKey(PendingImport, on_delete=models.CASCADE, related_name="pictures")
    line = models.PositiveIntegerField(
        help_text=_("The number of the line it stands in, or after.")
    )
    alt = models.CharField(max_length=300, blank=True)
    #: Encoded again: nothing of the document's own file is kept.
    data = models.BinaryField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.alt or str(self.line)
