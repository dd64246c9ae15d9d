"""Where an imported article came from, line by line."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .article import Article


class ImportedDocument(models.Model):
    """A document an article was made from: the report keeps what every line became, and what was only suggested."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="imported_documents")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    report = models.JSONField(default=dict)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()

    class Meta:
        ordering = ["-imported_at"]

    def __str__(self):
        return _("%(file)s, imported %(date)s") % {"file": self.file_name, "date": f"{self.imported_at:%Y-%m-%d}"}
