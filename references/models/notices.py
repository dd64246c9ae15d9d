"""What was published about works after they came out."""

import uuid

from django.utils.translation import gettext_lazy as _

from physiohub.db import models

from .references import Reference


class Notice(models.Model):
    """What a publisher or a register published about a work after it came out."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("correction")
        CONCERN = "expression_of_concern", _("expression of concern")
        RETRACTION = "retraction", _("retraction")
        WITHDRAWAL = "withdrawal", _("withdrawal")
        REINSTATEMENT = "reinstatement", _("reinstatement")
        NEW_VERSION = "new_version", _("newer version")
        OTHER = "other", _("other notice")

    belongs_to = "reference"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.ForeignKey(Reference, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=24, choices=Kind)
    date = models.DateField(null=True, blank=True)
    doi = models.CharField("DOI", max_length=255, blank=True)
    pmid = models.CharField("PMID", max_length=8, blank=True)
    source = models.CharField(
        max_length=40, help_text=_("Who says so, for example publisher or Retraction Watch.")
    )
    label = models.CharField(max_length=300, blank=True, help_text=_("In the source's own words."))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-date", "pk"]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.reference}"
