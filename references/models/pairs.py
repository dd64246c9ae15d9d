"""Pairs of references that may be one work, and the keys by which they are found."""

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from physiohub.db import models

from .references import Reference


class MatchingKey(models.Model):
    """What references of one work have in common: references.possible_pairs makes them."""

    reference = models.ForeignKey(Reference, on_delete=models.CASCADE, related_name="matching_keys")
    key = models.CharField(max_length=120)

    #: It describes this row, whatever row stands for it.
    stays_when_merged = True

    class Meta:
        indexes = [models.Index(fields=["key"], name="matching_key")]

    def __str__(self):
        return self.key


class PossiblePair(models.Model):
    """Two references that may be one work. Nobody is asked about those that are told apart."""

    class Likeness(models.TextChoices):
        ISBN = "isbn", _("the same ISBN")
        TITLE = "title", _("the same title")
        SPELLING = "spelling", _("nearly the same title")
        PLACE = "place", _("the same volume and page")

    one = models.ForeignKey(Reference, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Reference, on_delete=models.CASCADE, related_name="+")
    likeness = models.CharField(max_length=10, choices=Likeness)
    is_certain = models.BooleanField(
        default=False, help_text=_("Merging them can be offered with one click.")
    )

    #: It is about these two rows. Nobody is asked about a row that was merged.
    stays_when_merged = True

    class Meta:
        ordering = ["-is_certain", "one", "other"]
        verbose_name = _("pair that may be one work")
        verbose_name_plural = _("pairs that may be one work")
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="a_possible_pair_stands_once"),
            models.CheckConstraint(
                condition=Q(one__lt=F("other")), name="possible_pair_lower_key_first"
            ),
        ]

    def __str__(self):
        return f"{self.one} = {self.other}?"
