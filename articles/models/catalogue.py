"""What is live now, in a form for lists and search: copies from frozen content, nothing else.

Written by articles.live.catalogue in the transaction that publishes or withdraws, and made again by
`manage.py rebuild_search`: every row can be deleted and comes back the same.
"""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.wording import (
    CERTAINTY_LEVELS,
    CHECKED_AGAIN,
    STUDIES_DISAGREE,
    CertaintyWords,
    Words,
)
from physiohub.db import models

from .article import Article
from .claims import Certainty
from .publications import Publication


class LiveArticle(models.Model):
    """A live article as lists, search, feed and sitemap show it. One row for each."""

    article = models.OneToOneField(Article, on_delete=models.PROTECT, related_name="+")
    publication = models.OneToOneField(Publication, on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=80, allow_unicode=True)
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=150)
    # For sorting lists: without accents and capitals, so that both databases agree.
    sort_key = models.CharField(max_length=200)
    summary = models.CharField(max_length=300, blank=True)
    other_names = models.JSONField(default=list)
    is_demonstration = models.BooleanField(default=False)
    # [[heading, plain text], …] in the order of the page: what search looks through.
    sections = models.JSONField(default=list)
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("live article")
        indexes = [
            models.Index(fields=["sort_key", "id"], name="live_article_by_title"),
            models.Index(fields=["-published_at", "-id"], name="live_article_by_date"),
            models.Index(fields=["language", "sort_key", "id"], name="live_article_in_language"),
            models.Index(
                fields=["language", "-published_at", "-id"], name="live_article_newest_in"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("articles:article", args=[self.slug])


class LiveTotal(models.Model):
    """In how many live pages of a language something is said, once for each way of saying it.

    The words of a term: there are as many rows as ways to name it, however many pages do, so lists
    of terms read these. Or all pages of a language (kind "page", without words), or all findings in
    the list of a problem (kind "finding", with its address).
    """

    class Kind(models.TextChoices):
        CONDITION = "condition", _("problem")
        SIDE_EFFECT = "side_effect", _("side effect")
        CONTRAINDICATION = "contraindication", _("reason not to have it")
        WORD = "word", _("word of the word list")
        PAGE = "page", _("page")
        FINDING = "finding", _("finding")

    # SHA-256 of all below but the numbers.
    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    language = models.CharField(max_length=10)
    slug = models.SlugField(max_length=120, allow_unicode=True, blank=True)
    name = models.CharField(max_length=120, blank=True)
    clinical_name = models.CharField(max_length=200, blank=True)
    other_names = models.JSONField(default=list)
    summary = models.CharField(max_length=300, blank=True)
    pages = models.PositiveIntegerField(default=0)
    # Primary key of the newest LiveTerm with these words.
    newest = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["kind", "pk"]
        verbose_name = _("number of live pages")
        verbose_name_plural = _("numbers of live pages")
        indexes = [models.Index(fields=["kind", "slug"], name="live_total_by_slug")]

    def __str__(self) -> str:
        return f"{self.name or self.language}: {self.pages}"


class LiveTerm(models.Model):
    """A term of the shared vocabulary or the glossary, as frozen in a live article."""

    # Set by articles.live.pages.conditions: how many live articles name it in the language of its
    # name, and in others.
    articles: int
    elsewhere: int

    class Kind(models.TextChoices):
        CONDITION = "condition", _("problem")
        SIDE_EFFECT = "side_effect", _("side effect")
        CONTRAINDICATION = "contraindication", _("reason not to have it")
        WORD = "word", _("word of the word list")

    live = models.ForeignKey(LiveArticle, on_delete=models.CASCADE, related_name="terms")
    kind = models.CharField(max_length=20, choices=Kind)
    # Of a condition: the address of its page. Others have none.
    slug = models.SlugField(max_length=120, allow_unicode=True, blank=True)
    name = models.CharField(max_length=120)
    clinical_name = models.CharField(max_length=200, blank=True)
    other_names = models.JSONField(default=list)
    summary = models.CharField(max_length=300, blank=True)
    # Of a condition: where it is on the drawing of the body (wording.BODY_PARTS).
    body_part = models.CharField(max_length=12, blank=True)
    # What the article says about a condition, and the key of the claim that says it.
    claim_key = models.CharField(max_length=10, blank=True)
    certainty = models.CharField(max_length=12, choices=Certainty, default=Certainty.NOT_RATED)
    direction = models.CharField(max_length=20, blank=True)
    is_disputed = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)
    # For lists by index: the language and the sort key of the article, and the place of the
    # certainty among the levels (0 is the surest).
    language = models.CharField(max_length=10, blank=True)
    certainty_rank = models.PositiveSmallIntegerField(default=0)
    sort_key = models.CharField(max_length=200, blank=True)
    total = models.ForeignKey(
        LiveTotal, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["live", "pk"]
        verbose_name = _("word a live article uses")
        verbose_name_plural = _("words live articles use")
        indexes = [
            models.Index(fields=["kind", "slug", "id"], name="live_term_by_slug"),
            models.Index(fields=["total", "id"], name="live_term_by_total"),
            models.Index(
                fields=["slug", "language", "certainty_rank", "sort_key", "id"],
                condition=models.Q(kind="condition"),
                name="live_term_surest_first",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_checked_again(self) -> bool:
        """Whether its claim is checked again now; only articles.live.pages.articles_about knows."""
        return getattr(self, "has_claim_in_doubt", False)

    @property
    def certainty_words(self) -> CertaintyWords:
        """How sure the article is, in our fixed words, or that this is checked again."""
        return CHECKED_AGAIN if self.is_checked_again else CERTAINTY_LEVELS[self.certainty]

    @property
    def says(self) -> Words:
        """What studies show, as a sentence; "" where nothing was rated."""
        return self.certainty_words.says(self.direction)

    @property
    def disagreement(self) -> Words:
        return STUDIES_DISAGREE if self.is_disputed else ""


class LiveFinding(models.Model):
    """What a live article says of one outcome: a finding, or a phrase of its text that names one.

    Pages of conditions show them together (articles.live.topics), by outcome, the surest first.
    """

    live = models.ForeignKey(LiveArticle, on_delete=models.CASCADE, related_name="findings")
    outcome = models.CharField(max_length=200)
    # Outcomes that differ in capitals alone are one.
    outcome_key = models.CharField(max_length=200)
    # For sorting outcomes: without accents and capitals, so that both databases agree.
    sort_key = models.CharField(max_length=200)
    # The place of its certainty among the levels: 0 is the surest.
    certainty_rank = models.PositiveSmallIntegerField()
    # The frozen row of a finding; empty for a phrase of the text.
    row = models.JSONField(default=dict)
    claim_key = models.CharField(max_length=10, blank=True)
    # What is shown of its claim and of the claim's citations; empty where nobody rated it.
    claim = models.JSONField(default=dict)

    class Meta:
        ordering = ["live", "pk"]
        verbose_name = _("finding of a live article")
        verbose_name_plural = _("findings of live articles")

    def __str__(self) -> str:
        return self.outcome

    @property
    def is_checked_again(self) -> bool:
        """Whether its claim is checked again now; only articles.live.topics knows."""
        return getattr(self, "has_claim_in_doubt", False)


class LiveTopicFinding(models.Model):
    """A finding in the list of a condition that its article is about: a row in the order shown."""

    finding = models.ForeignKey(LiveFinding, on_delete=models.CASCADE, related_name="+")
    slug = models.SlugField(max_length=120, allow_unicode=True, db_index=False)
    language = models.CharField(max_length=10)
    # As of the finding and of its article.
    sort_key = models.CharField(max_length=200)
    outcome_key = models.CharField(max_length=200)
    certainty_rank = models.PositiveSmallIntegerField()
    title_key = models.CharField(max_length=200)
    # Whether it is a count of people that cannot be told out of 100.
    is_small_count = models.BooleanField(default=False)

    class Meta:
        ordering = ["slug", "pk"]
        verbose_name = _("finding about a problem")
        verbose_name_plural = _("findings about problems")
        indexes = [
            models.Index(
                fields=[
                    *("slug", "language", "sort_key", "outcome_key"),
                    *("certainty_rank", "title_key", "id"),
                ],
                name="live_topic_order",
            ),
            models.Index(
                fields=["slug", "outcome_key"],
                condition=models.Q(is_small_count=True),
                name="live_topic_small_counts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug}: {self.outcome_key}"


class PublicState(models.Model):
    """One row: a token that is another one after every change that readers could see.

    Written by the triggers of articles.live.public_state, but for `purged`.
    """

    token = models.CharField(max_length=32)
    # The transaction that set it, so that one of many changes sets it once (PostgreSQL).
    transaction_id = models.BigIntegerField(default=0)
    # The token for which caches on the way were told last (articles.live.purging).
    purged = models.CharField(max_length=32, default="", db_default="")

    class Meta:
        verbose_name = _("state of the public pages")
        verbose_name_plural = _("states of the public pages")

    def __str__(self) -> str:
        return self.token
