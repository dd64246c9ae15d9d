"""Files that are imported, and records that came in for works the library had."""

import uuid

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from physiohub.db import models

from .references import Origin, Reference


class SourceRecord(models.Model):
    """A record that came in for a work the library had already.

    It is kept as it was, because `Reference.raw` holds the first one.
    """

    reference = models.ForeignKey(
        Reference, on_delete=models.PROTECT, related_name="source_records"
    )
    raw = models.TextField()
    digest = models.CharField(max_length=64, editable=False, help_text=_("SHA-256 of the record."))
    origin = models.CharField(max_length=12, choices=Origin)
    origin_detail = models.CharField(max_length=300, blank=True)
    payload = models.JSONField(null=True, blank=True, editable=False)
    added_at = models.DateTimeField()

    #: A record stays with the row it came in for when that row is merged.
    stays_when_merged = True

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reference", "digest"], name="a_source_record_is_kept_once"
            ),
        ]

    def __str__(self):
        return self.origin_detail or self.digest[:12]


class ReferenceImport(models.Model):
    """One file that is imported into the library.

    Its bytes are kept until every record is in, so that the import can continue.
    """

    class State(models.TextChoices):
        LOOKING = "looking", _("being looked through")
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("could not be read")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField(max_length=255)
    by = models.ForeignKey(
        "auth.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("imported by"),
    )
    at = models.DateTimeField(_("received"))
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    format = models.CharField(max_length=12, choices=Origin, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text=_("Bytes."))
    found = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    merged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict, blank=True, editable=False)
    #: What the import would do (references.previewing).
    preview = models.JSONField(default=dict, blank=True, editable=False)
    progressed_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("import of references")
        verbose_name_plural = _("imports of references")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done")
                | Q(found=models.F("created") + models.F("merged") + models.F("refused")),
                name="a_finished_import_accounts_for_every_record",
            ),
        ]

    def __str__(self):
        return self.file_name

    @property
    def content(self) -> bytes | memoryview | None:
        """The bytes of the file; None once every record is in.

        Costs a query, and up to a hundred megabytes.
        """
        return ImportedFile.objects.filter(upload=self).values_list("content", flat=True).first()


class ImportedFile(models.Model):
    """The bytes of an import, in a row of their own.

    In the row of the import, SQLite would write all of them again with each batch that is counted.
    """

    upload = models.OneToOneField(ReferenceImport, on_delete=models.CASCADE, related_name="+")
    content = models.BinaryField()

    def __str__(self):
        return str(self.upload)
