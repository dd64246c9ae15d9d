"""What readers answer at the end of a page."""

from django.utils.translation import gettext_lazy as _

from physiohub.db import models

from .publications import Publication


class Feedback(models.Model):
    """One reader's answer about one published version. Nothing about the reader is stored.

    No address, no browser, no account, and only the day, so that it cannot be matched with the log
    of a server or a proxy.
    """

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="feedback")
    helped = models.BooleanField(_("did it help?"))
    text = models.CharField(_("what was missing or hard to follow"), max_length=1000, blank=True)
    # The id of the section on the page and its heading as it was; "" for the whole page.
    section = models.CharField(max_length=40, blank=True)
    heading = models.CharField(_("part of the page"), max_length=300, blank=True)
    on = models.DateField(_("day"))

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = _("answer of a reader")
        verbose_name_plural = _("answers of readers")

    def __str__(self) -> str:
        return self.text or str(_("It helped.") if self.helped else _("It did not help."))
