"""People as readers see them: who wrote, who checked, whose view it is."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from physiohub.db import models

from .identified import Identified


class Person(Identified):
    name = models.CharField(max_length=150)
    role = models.CharField(
        max_length=150, blank=True, help_text=_("For example: physiotherapist.")
    )
    # {language: role}. `role` itself stands where a language has none.
    roles = models.JSONField(_("roles in other languages"), default=dict, blank=True)
    registration = models.CharField(
        max_length=60,
        blank=True,
        help_text=_("Professional registration, for example HCPC PH012345."),
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="person",
        help_text=_("The account this person signs in with, if they have one."),
    )

    class Meta:
        verbose_name_plural = _("people")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def role_in(self, language: str) -> str:
        """Return the role in words of `language`; as it was first written where it has none."""
        role: str = self.roles.get(language) or self.role
        return role
