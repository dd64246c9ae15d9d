"""What somebody typed and has not saved yet, stored in case of a crash. Only they see it."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from physiohub.db import models

from .article import Article

KEPT_FOR = timedelta(days=30)
MOST_PER_PERSON = 50
#: Letters of all buffers of one person together. A form of a long article has 300,000.
MOST_LETTERS_PER_PERSON = 20_000_000


class BufferQuerySet(models.QuerySet["Buffer"]):
    """Buffers of open forms."""

    def kept_by(self, user: AbstractBaseUser) -> Self:
        return self.filter(user=user)

    def keep(
        self,
        *,
        user: AbstractBaseUser,
        key: str,
        article: Article | None,
        form: list[list[str]],
        based_on: int | None,
        at: datetime,
    ) -> "Buffer":
        """Store `form` ([[name, text] …], as a browser posts it) under `key`, over what is there.

        Also deletes what is too old, of all people, and the oldest of a person who has very many
        or whose buffers hold very much. The one that was kept just now stays.
        """
        self.filter(saved_at__lt=at - KEPT_FOR).delete()
        buffer, _ = self.update_or_create(
            user=user,
            key=key,
            defaults={
                "article": article,
                "form": form,
                "size": sum(len(name) + len(text) for name, text in form),
                "based_on": based_on,
                "saved_at": at,
            },
        )
        newest = self.kept_by(user).order_by("-saved_at", "-pk").values_list("pk", "size")
        letters, surplus = 0, []
        for number, (pk, size) in enumerate(newest):
            letters += size
            if number >= MOST_PER_PERSON or (number and letters > MOST_LETTERS_PER_PERSON):
                surplus.append(pk)
        if surplus:
            self.filter(pk__in=surplus).delete()
        return buffer


class Buffer(models.Model):
    """One open form. It is in no revision and no audit log; nobody else's save knows of it.

    It has no permissions and no admin page, so that no role can be allowed to see it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # Empty for an article not saved yet, or deleted since: the work is offered on the page for a
    # new one.
    article = models.ForeignKey(
        Article, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    key = models.CharField(max_length=40)
    form = models.JSONField()
    #: Letters in `form`.
    size = models.PositiveIntegerField(default=0)
    based_on = models.PositiveIntegerField(null=True, blank=True)
    saved_at = models.DateTimeField(db_index=True)

    objects = BufferQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="an_open_form_keeps_one_buffer")
        ]

    def __str__(self) -> str:
        return f"{self.saved_at:%Y-%m-%d %H:%M}"
