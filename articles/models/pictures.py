"""Pictures, the articles that show them, and which of them readers may have."""

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from physiohub.db import models

from .identified import Identified
from .insert_only import InsertOnly
from .publications import Publication
from .rows import Row


class Picture(Identified):
    """A picture that any article may show.

    Its files are made by articles.pictures.storage.keep, and named by `sha256`.
    """

    alt = models.CharField(
        _("what it shows"),
        max_length=300,
        blank=True,
        help_text=_("For people who cannot see it: what they would miss, in one or two sentences."),
    )
    is_decorative = models.BooleanField(
        _("decorative"),
        default=False,
        help_text=_("Tick this only if nobody would miss anything without it."),
    )
    needs_alt = models.BooleanField(
        _("nobody has said yet what it shows"),
        default=False,
        editable=False,
        help_text=_("It came with an imported document. No page that shows it can be published."),
    )
    caption = models.CharField(
        max_length=300,
        blank=True,
        help_text=_("What readers should conclude from it, in one plain sentence."),
    )
    credit = models.CharField(
        max_length=200, blank=True, help_text=_("Who made it, as they want to be named.")
    )
    licence = models.CharField(
        max_length=120,
        blank=True,
        help_text=_(
            "What lets us show it, as readers see it: CC BY 4.0, or: used with permission."
        ),
    )
    #: The whole picture, encoded again. Readers get the renditions, never this.
    file = models.FileField(max_length=200, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    sha256 = models.CharField(max_length=64, db_index=True, editable=False)
    #: [{width, height, suffix, sha256}], smallest first.
    renditions = models.JSONField(default=list, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    added_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["-added_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_decorative=True) | ~Q(alt="") | Q(needs_alt=True),
                name="a_picture_says_what_it_shows_or_is_decorative",
            ),
            models.CheckConstraint(
                condition=Q(width__gte=1, height__gte=1, sha256__length=64),
                name="a_picture_has_a_size_and_a_digest",
            ),
        ]

    def __str__(self) -> str:
        unnamed = _("picture %s without words") if self.needs_alt else _("decorative picture %s")
        return self.caption or self.alt or str(unnamed) % self.sha256[:8]

    @property
    def alt_shown(self) -> str:
        """The words for people who cannot see it.

        "" where it is decorative, so that screen readers skip it.
        """
        return "" if self.is_decorative else self.alt


class ArticlePicture(Row):
    """A picture at its place in an article."""

    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="article_rows")
    heading = models.CharField(
        _("under which heading"),
        max_length=300,
        blank=True,
        help_text=_("A heading of the text, word for word. Empty: at the top, before the text."),
    )
    caption = models.CharField(
        _("caption here"),
        max_length=300,
        blank=True,
        help_text=_("Empty: the picture's own caption."),
    )

    class Meta(Row.Meta):
        verbose_name = _("picture on the page")
        verbose_name_plural = _("pictures on the page")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "picture"], name="an_article_shows_a_picture_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.picture)


class PublishedPicture(InsertOnly):
    """A publication shows this picture, so readers may have it (articles.pictures.storage)."""

    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, related_name="published_pictures"
    )
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["publication", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "sha256"], name="a_publication_lists_a_picture_once"
            ),
            models.CheckConstraint(
                condition=Q(sha256__length=64), name="a_published_picture_is_named_by_a_sha256"
            ),
        ]
        indexes = [models.Index(fields=["sha256"], name="published_picture_sha256")]

    def __str__(self) -> str:
        return f"{self.publication}: {self.sha256[:8]}"
