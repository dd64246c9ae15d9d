"""Checks of many references at once."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from physiohub.db import models


class BulkCheck(models.Model):
    """Many references that are looked up at Crossref and PubMed.

    `keys` are their primary keys, and `place` counts those done.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("done")

    by = models.ForeignKey(
        "auth.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("checked by")
    )
    at = models.DateTimeField(_("begun"))
    of_identity = models.BooleanField(_("identity"))
    of_integrity = models.BooleanField(_("integrity"))
    keys = models.JSONField(editable=False)
    place = models.PositiveIntegerField(_("done"), default=0)
    checked = models.PositiveIntegerField(default=0)
    unchecked = models.PositiveIntegerField(_("could not be checked"), default=0)
    mismatched = models.PositiveIntegerField(_("another work"), default=0)
    new_notices = models.PositiveIntegerField(_("new notices"), default=0)
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    why = models.CharField(
        max_length=300, blank=True, editable=False, help_text=_("Why it stopped by itself.")
    )
    report = models.JSONField(default=list, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("bulk check")
        verbose_name_plural = _("bulk checks")
        constraints = [
            models.CheckConstraint(
                condition=Q(place=models.F("checked") + models.F("unchecked")),
                name="a_bulk_check_counts_every_one",
            ),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M}, {len(self.keys)}"
