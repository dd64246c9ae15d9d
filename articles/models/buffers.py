"""What somebody typed and has not saved yet, kept against crashes. Theirs alone."""

from datetime import timedelta

from django.conf import settings

from physiohub.db import models

from .article import Article

KEPT_FOR = timedelta(days=30)
MOST_PER_PERSON = 50


class BufferQuerySet(models.QuerySet):
    def kept_by(self, user):
        return self.filter(user=user)

    def keep(self, *, user, key, article, form, based_on, at):
        """Keep `form` ([[name, text] …], as a browser posts it) under `key`, over what is there.

        Clears what is too old on the way, whoever's it is, and the oldest of somebody who keeps
        very many.
        """
        self.filter(saved_at__lt=at - KEPT_FOR).delete()
        buffer, _ = self.update_or_create(
            user=user,
            key=key,
            defaults={"article": article, "form": form, "based_on": based_on, "saved_at": at},
        )
        newest = self.kept_by(user).order_by("-saved_at", "-pk").values_list("pk", flat=True)
        if surplus := list(newest[MOST_PER_PERSON:]):
            self.filter(pk__in=surplus).delete()
        return buffer


class Buffer(models.Model):
    """One open form. Outside rows, revisions and the audit log: nobody else's save or review knows
    of it.

    It has no permissions and no admin page, so that no role can be given a look at it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # Empty for an article not saved yet, or deleted since: the work is offered on the page for a
    # new one.
    article = models.ForeignKey(
        Article, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    key = models.CharField(max_length=40)
    form = models.JSONField()
    based_on = models.PositiveIntegerField(null=True, blank=True)
    saved_at = models.DateTimeField(db_index=True)

    objects = BufferQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="an_open_form_keeps_one_buffer")
        ]

    def __str__(self):
        return f"{self.saved_at:%Y-%m-%d %H:%M}"
