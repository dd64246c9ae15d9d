"""The working copy of an article: ordinary rows, edited in the admin. Readers never see these."""

from collections.abc import Callable

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from articles.richtext.fields import BodyField
from physiohub.db import models

from .identified import Identified
from .people import Person
from .querysets import ArticleQuerySet


def slug_for(title: str, *, taken: Callable[[str], bool]) -> str:
    """Return an address for `title` that is not `taken`: never empty, at most 80 characters."""
    base = slugify(title.split(":")[0], allow_unicode=True)[:70].strip("-") or "article"
    slug, number = base, 2
    while taken(slug):
        slug, number = f"{base}-{number}", number + 1
    return slug


class Article(Identified):
    """The working copy of a page."""

    title = models.CharField(
        _("plain title"),
        max_length=150,
        help_text=_("What people call it. At most 65 characters read well."),
    )
    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        allow_unicode=True,
        help_text=_("The last part of the page's address."),
    )
    kicker = models.CharField(
        max_length=80, blank=True, help_text=_("A few words above the title, if any.")
    )
    other_names = models.JSONField(
        default=list,
        blank=True,
        help_text=_("Other words people use for it, with commas between: needling."),
    )
    summary = models.CharField(
        max_length=300,
        blank=True,
        help_text=_("What it is, in one plain sentence. Search results show it too."),
    )
    body = BodyField(blank=True)
    compared_with = models.CharField(
        max_length=80,
        blank=True,
        help_text=_("The other treatment in the comparison table, if there is one."),
    )
    no_known_contraindications = models.BooleanField(
        _("no known reason not to have it"),
        default=False,
        help_text=_("Tick this only if you looked for reasons not to have it and found none."),
    )
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default="en")
    translation_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="translations"
    )
    # The version of the original that the translator last compared with all of the text.
    translated_from = models.ForeignKey(
        "articles.Revision",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    translated_on = models.DateField(null=True, blank=True, editable=False)
    written_by = models.ForeignKey(
        Person,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="articles",
        help_text=_("The writer as readers see them."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="owned_articles",
        help_text=_("Who keeps this article up to date."),
    )
    evidence_searched_on = models.DateField(
        _("evidence searched on"),
        null=True,
        blank=True,
        help_text=_("When somebody last looked for new studies."),
    )
    funding = models.CharField(max_length=300, blank=True, help_text=_("Who paid for this page."))
    conflicts = models.CharField(
        _("conflicts of interest"),
        max_length=300,
        blank=True,
        help_text=_("What readers should know about the writer."),
    )
    is_demonstration = models.BooleanField(
        _("demonstration"),
        default=False,
        help_text=_("The page says on top that it is only an example."),
    )
    lock_version = models.PositiveIntegerField(
        default=1, editable=False, validators=[MinValueValidator(1)]
    )
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)
    reading_list = models.ManyToManyField(
        "references.Reference", through="ReadingListEntry", related_name="+", blank=True
    )

    tags = TaggableManager(blank=True)
    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        permissions = [
            ("review_article", _("Can review articles: approve, ask for changes")),
            ("publish_article", _("Can publish and withdraw articles")),
            (
                "override_review",
                _("Can publish without a second person in an emergency, with a reason"),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(slug=""), name="an_article_has_an_address"),
            models.CheckConstraint(
                condition=Q(lock_version__gte=1), name="lock_versions_start_at_one"
            ),
            models.CheckConstraint(
                condition=Q(translation_of=None) | ~Q(translation_of=F("id")),
                name="an_article_does_not_translate_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(_("untitled article"))

    def get_absolute_url(self) -> str:
        return reverse("articles:article", args=[self.slug])


class ReadingListEntry(models.Model):
    """A reference on the reading list of an article, whether or not a claim cites it.

    While none does, the page prints it under "Further reading", never as evidence.
    """

    belongs_to = "article"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="reading_entries")
    reference = models.ForeignKey(
        "references.Reference", on_delete=models.PROTECT, related_name="reading_entries"
    )
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = _("reading list")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "reference"], name="a_reference_is_listed_once_under_an_article"
            )
        ]

    def __str__(self) -> str:
        return str(self.reference)
