"""What every working row has: a uid that never changes."""

import uuid

from physiohub.db import models


class Identified(models.Model):
    """A row that comments, comparisons and translations can refer to.

    They use the uid, never a primary key or a position: both change when a row is restored or
    moved.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True
