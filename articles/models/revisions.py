"""Frozen content: what review, publication, page and comparison read."""

import json
from typing import Any

from django.conf import settings
from django.db.models import CharField, TextField
from django.db.models.functions import Length
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from physiohub.control_characters import may_have_control_characters, without_control_characters
from physiohub.db import models

from .article import Article
from .insert_only import InsertOnly

# On Django's own fields, since migrations know no others.
TextField.register_lookup(Length)
CharField.register_lookup(Length)


class Revision(InsertOnly):
    """An article as it was at one moment: canonical JSON and its SHA-256. Never changed or deleted.

    Stored as text, not as a JSON column: PostgreSQL's jsonb would reorder it, and then the digest
    would no longer be the digest of what is stored.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    schema = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    # Django's own field: the text its digest was made of is stored letter for letter.
    frozen = TextField(_("content, as canonical JSON"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["article", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "number"], name="a_revision_number_is_used_once"
            ),
            # Same content, same digest, same revision: an approval holds for the text, however it
            # was written.
            models.UniqueConstraint(
                fields=["article", "digest"], name="same_content_is_one_revision"
            ),
            models.CheckConstraint(
                condition=models.Q(digest__length=64), name="a_digest_is_a_sha256"
            ),
        ]

    def __str__(self) -> str:
        return _("%(article)s, revision %(number)s") % {
            "article": self.content["title"],
            "number": self.number,
        }

    @cached_property
    def content(self) -> Any:
        """The frozen content: articles.revisions.frozen_content.FrozenContent, one room up.

        Without control characters. Older revisions have some in their text, and keep their digest.
        """
        content = json.loads(self.frozen)
        return (
            without_control_characters(content)
            if may_have_control_characters(self.frozen)
            else content
        )
