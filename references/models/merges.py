"""What people said of two references: that they are one work, or that they are not."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from physiohub.db import models

from .references import Reference


class Merge(models.Model):
    """Two references that turned out to be one work. `moved` is a references.merging.Moved."""

    keep = models.ForeignKey(
        Reference,
        on_delete=models.PROTECT,
        related_name="merges_kept",
        verbose_name=_("is now part of"),
    )
    lose = models.ForeignKey(
        Reference, on_delete=models.PROTECT, related_name="merges_lost", verbose_name=_("reference")
    )
    by = models.ForeignKey(
        "auth.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("merged by")
    )
    at = models.DateTimeField(_("merged"))
    moved = models.JSONField(default=dict, editable=False)
    undone_by = models.ForeignKey(
        "auth.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    stays_when_merged = True

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["lose"],
                condition=Q(undone_at=None),
                name="a_reference_is_merged_into_one_other_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(undone_by=None, undone_at=None)
                | Q(undone_by__isnull=False, undone_at__isnull=False),
                name="an_undone_merge_names_who_and_when",
            ),
        ]

    def __str__(self):
        return f"{self.lose} → {self.keep}"


class Distinct(models.Model):
    """Two references that look alike and are not the same work.

    A person said so, and nobody is asked again.
    """

    one = models.ForeignKey(Reference, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Reference, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey("auth.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    #: It is about these two rows. Nobody is asked about a row that was merged.
    stays_when_merged = True

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("pair that is not one work")
        verbose_name_plural = _("pairs that are not one work")
        constraints = [
            models.UniqueConstraint(
                fields=["one", "other"], name="two_references_are_told_apart_once"
            ),
            models.CheckConstraint(
                condition=Q(one__lt=models.F("other")), name="told_apart_lower_key_first"
            ),
        ]

    def __str__(self):
        return f"{self.one} ≠ {self.other}"
