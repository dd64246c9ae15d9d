"""The rows of an article. Each kind has a fixed place on the page."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from articles.richtext.allowed_html import CLAIM_KEY
from articles.richtext.markers import new_key
from physiohub.db import models

from .article import Article
from .claims import Claim
from .identified import Identified
from .people import Person
from .vocabulary import Condition, Contraindication, SideEffect


class Row(Identified):
    """A row of an article."""

    belongs_to = "article"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="%(class)s_rows")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]


class ClaimRow(Row):
    """A row that is itself a claim: citations belong to its `claim`, which is made with the row."""

    claim_kind: Claim.Kind  # set by each subclass
    claim_key = ""  # the key a new row's claim shall have; see articles.admin.article.rows
    term = ""  # the field that names a shared term, in rows that have one

    claim = models.OneToOneField(
        Claim,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="%(class)s",
    )

    class Meta(Row.Meta):
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep what the claim says that of the row. bulk_create and update() do not."""
        values, claim = self.values_of_claim(), self.claim
        has_new_words = claim is None or claim.text != values["text"]
        if claim is None:
            self.claim = self._new_claim(values)
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "claim"}
        elif changed := [name for name, value in values.items() if getattr(claim, name) != value]:
            for name in changed:
                setattr(claim, name, values[name])
            claim.save(update_fields=changed)
        super().save(*args, **kwargs)
        if has_new_words and self.term:
            self._follow_its_term()

    def _follow_its_term(self) -> None:
        """Say what the term is called now, if somebody renamed it during this save.

        The saved row names the term, so from here on a rename waits for this transaction, and then
        it finds the row.
        """
        term, claim = getattr(self, self.term), self.claim
        term.refresh_from_db(fields=["language", "name", "names"])
        if claim is not None and claim.text != str(self):
            claim.text = str(self)
            claim.save(update_fields=["text"])

    @property
    def term_name(self) -> str:
        """What its term is called in the language of the article.

        Reads the article only where the term has names in several languages.
        """
        term = getattr(self, self.term)
        name: str = term.name_in(self.article.language) if term.names else term.name
        return name

    def values_of_claim(self) -> dict[str, Any]:
        """What the row says for its claim: its words, and in some rows more, by the claim's field.

        The words do not depend on the language of who saves them.
        """
        return {"text": str(self)}

    def _new_claim(self, values: dict[str, Any]) -> Claim:
        """Return a claim with the key that the form drew.

        Evidence was linked to that key before the row was saved. A key that is taken already is
        replaced by a new one: rows never share a claim.
        """
        key = self.claim_key
        if not CLAIM_KEY.match(key) or Claim.objects.filter(article=self.article, key=key).exists():
            key = new_key()
        return Claim.objects.create(article=self.article, kind=self.claim_kind, key=key, **values)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete its claim too, with its citations: a claim nobody makes needs no evidence."""
        claim = self.claim
        deleted = super().delete(*args, **kwargs)
        if claim is not None:
            claim.delete()
        return deleted


class KeyPoint(Row):
    class Kind(models.TextChoices):
        POINT = "point", _("point")
        NEXT_STEP = "next_step", _("next step")

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.POINT)
    text = models.CharField(max_length=300)

    def __str__(self) -> str:
        return self.text


class ArticleCondition(ClaimRow):
    """A condition the treatment is tried for. Its claim has the certainty that it helps."""

    claim_kind = Claim.Kind.CONDITION
    term = "condition"

    condition = models.ForeignKey(Condition, on_delete=models.PROTECT, related_name="article_rows")
    note = models.CharField(
        max_length=300, blank=True, help_text=_("One plain sentence for readers, if it needs one.")
    )

    class Meta(ClaimRow.Meta):
        verbose_name = _("condition it is tried for")
        verbose_name_plural = _("conditions it is tried for")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "condition"], name="an_article_names_a_condition_once"
            )
        ]

    def __str__(self) -> str:
        return self.term_name


class Indication(ClaimRow):
    """Who it may suit, in the article's own words."""

    claim_kind = Claim.Kind.INDICATION

    text = models.CharField(max_length=300)

    class Meta(ClaimRow.Meta):
        verbose_name = _("people it may suit")
        verbose_name_plural = _("people it may suit")

    def __str__(self) -> str:
        return self.text


class ArticleSideEffect(ClaimRow):
    claim_kind = Claim.Kind.SIDE_EFFECT
    term = "side_effect"

    class Unit(models.TextChoices):
        PEOPLE = "people", _("people")
        VISITS = "visits", _("visits")
        TREATMENTS = "treatments", _("treatments")

    side_effect = models.ForeignKey(
        SideEffect, on_delete=models.PROTECT, related_name="article_rows"
    )
    n = models.PositiveIntegerField(
        _("how many"), null=True, blank=True, help_text=_("8 in “8 in 100 visits”.")
    )
    base = models.PositiveIntegerField(
        _("out of"), null=True, blank=True, help_text=_("100 in “8 in 100 visits”.")
    )
    unit = models.CharField(max_length=10, choices=Unit, blank=True)
    how_long = models.CharField(
        max_length=120, blank=True, help_text=_("For example: lasts 1 to 2 days.")
    )
    what_to_do = models.CharField(
        _("what to do about it"),
        max_length=300,
        blank=True,
        help_text=_("For example: Press on it with a clean cloth."),
    )
    is_serious = models.BooleanField(_("serious"), default=False)
    note = models.CharField(max_length=300, blank=True)

    class Meta(ClaimRow.Meta):
        verbose_name = _("side effect")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "side_effect"], name="an_article_names_a_side_effect_once"
            ),
            models.CheckConstraint(
                condition=Q(n=None, base=None, unit="")
                | (Q(n__isnull=False, base__gt=0, n__lte=F("base")) & ~Q(unit="")),
                name="a_count_says_out_of_how_many_of_what",
            ),
        ]

    def __str__(self) -> str:
        words = self.term_name
        if self.n is not None:
            # Not its label: the words of a claim do not depend on the language of who saves them.
            words += f": {self.n} in {self.base} {self.unit}"
        return words


class ArticleContraindication(ClaimRow):
    claim_kind = Claim.Kind.CONTRAINDICATION
    term = "contraindication"

    class Action(models.TextChoices):
        STOP = "stop", _("do not have it")
        ASK_FIRST = "ask_first", _("ask first")

    contraindication = models.ForeignKey(
        Contraindication, on_delete=models.PROTECT, related_name="article_rows"
    )
    action = models.CharField(max_length=10, choices=Action, default=Action.STOP)
    note = models.CharField(max_length=300, blank=True)

    class Meta(ClaimRow.Meta):
        verbose_name = _("reason not to have it")
        verbose_name_plural = _("reasons not to have it")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "contraindication"],
                name="an_article_names_a_contraindication_once",
            )
        ]

    def __str__(self) -> str:
        return self.term_name


class Recommendation(ClaimRow):
    claim_kind = Claim.Kind.RECOMMENDATION

    class Kind(models.TextChoices):
        DO = "do", _("do")
        DONT = "dont", _("do not")
        EXPERT = "expert", _("view of an expert")

    kind = models.CharField(max_length=8, choices=Kind, default=Kind.DO)
    text = models.CharField(max_length=300)
    expert = models.ForeignKey(
        Person,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="recommendations",
        help_text=_("Whose view it is. Readers see the name."),
    )

    class Meta(ClaimRow.Meta):
        verbose_name = _("advice")
        verbose_name_plural = _("advice")

    def __str__(self) -> str:
        return self.text


class HelpAdvice(Row):
    """When to get help, by how soon."""

    class Urgency(models.TextChoices):
        NOW = "now", _("now: emergency number")
        TODAY = "today", _("today: a doctor")
        ROUTINE = "routine", _("when convenient: the physio")

    kind = models.CharField(_("how soon"), max_length=8, choices=Urgency, default=Urgency.NOW)
    text = models.CharField(
        max_length=300, help_text=_("The sign to act on, for example: you find it hard to breathe.")
    )

    class Meta(Row.Meta):
        verbose_name = _("when to get help")
        verbose_name_plural = _("when to get help")

    def __str__(self) -> str:
        return self.text


class Question(Row):
    text = models.CharField(max_length=300, help_text=_("A question to ask at the visit."))

    class Meta(Row.Meta):
        verbose_name = _("question to ask")
        verbose_name_plural = _("questions to ask")

    def __str__(self) -> str:
        return self.text


class Step(Row):
    """One step of what happens, in the words of the article.

    What is done, how long it takes, if it hurts.
    """

    class Phase(models.TextChoices):
        BEFORE = "before", _("before")
        DURING = "during", _("during")
        AFTER = "after", _("after")

    # Called kind, as in every list of one sentence each.
    kind = models.CharField(_("when"), max_length=8, choices=Phase, default=Phase.DURING)
    text = models.CharField(
        max_length=300,
        help_text=_(
            "What happens, how long it takes, or if it hurts. For example: the visit takes half an"
            " hour."
        ),
    )

    class Meta(Row.Meta):
        verbose_name = _("step of what happens")
        verbose_name_plural = _("what happens, step by step")

    def __str__(self) -> str:
        return self.text


class LeadingRow(Row):
    """A row that leads to another page (its `page`)."""

    page_id: int | None

    class Meta(Row.Meta):
        abstract = True

    def clean(self) -> None:
        # Forms of rows under an article leave its field out when they look at constraints.
        if self.page_id is not None and self.page_id == self.article_id:
            raise ValidationError(
                {"page": _("Choose another page: this is the page itself.")}, code="leads_to_itself"
            )


class Alternative(LeadingRow):
    """Something else a person could try. To do nothing is one of them."""

    text = models.CharField(
        max_length=300,
        help_text=_("One thing people could try, or what may come of doing nothing."),
    )
    page = models.ForeignKey(
        Article,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Our page about it, if there is one. The link shows while that page is live."),
    )

    class Meta(Row.Meta):
        verbose_name = _("other thing to try")
        verbose_name_plural = _("other things to try")
        constraints = [
            models.CheckConstraint(
                condition=Q(page=None) | ~Q(article=F("page")),
                name="what_else_to_try_leads_to_another_page",
            )
        ]

    def __str__(self) -> str:
        return self.text


class RelatedPage(LeadingRow):
    """A page that readers of this one are led to at its foot."""

    page = models.ForeignKey(
        Article,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("The link shows while that page is live."),
    )

    class Meta(Row.Meta):
        verbose_name = _("related page")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "page"], name="an_article_leads_to_a_page_once"
            ),
            models.CheckConstraint(
                condition=~Q(article=F("page")),
                name="a_page_is_not_related_to_itself",
            ),
        ]

    def __str__(self) -> str:
        return str(self.page)


class ComparisonRow(Row):
    """One line of the table that sets this treatment beside another (Article.compared_with)."""

    aspect = models.CharField(_("what is compared"), max_length=120, blank=True)
    here = models.CharField(_("this treatment"), max_length=300, blank=True)
    there = models.CharField(_("the other"), max_length=300, blank=True)

    class Meta(Row.Meta):
        verbose_name = _("line of the comparison")
        verbose_name_plural = _("comparison")

    def __str__(self) -> str:
        return self.aspect or f"{self.here} / {self.there}"
