"""What people answer about an article by lists of the field, and what those lists said of it."""

from django.core.validators import MinValueValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from physiohub.db import models

from .insert_only import InsertOnly
from .revisions import Revision
from .rows import Row


class ChecklistAnswer(Row):
    """What a person answers to one item of a checklist (articles.checklists.items).

    Where the product tells that item itself, the answer overrules it: `product_said` is what it
    said then, and there is a reason.
    """

    class Answer(models.TextChoices):
        YES = "yes", _("yes")
        NO = "no", _("no")
        NOT_APPLICABLE = "na", _("does not apply")

    code = models.CharField(max_length=20)
    answer = models.CharField(max_length=3, choices=Answer)
    reason = models.CharField(max_length=300, blank=True)
    product_said = models.CharField(max_length=3, choices=Answer, blank=True)

    class Meta(Row.Meta):
        verbose_name = _("answer to a checklist")
        verbose_name_plural = _("answers to checklists")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "code"], name="an_article_answers_an_item_once"
            ),
            models.CheckConstraint(
                condition=Q(product_said="") | ~Q(reason=""),
                name="what_overrules_the_product_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["yes", "no", "na"]), name="an_answer_is_a_known_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.get_answer_display()}"


class UserTest(Row):
    """People the page is for tried it, before or after it was published."""

    tested_on = models.DateField(_("when"))
    people = models.PositiveIntegerField(_("how many people"), validators=[MinValueValidator(1)])
    who = models.CharField(
        _("who they were"),
        max_length=200,
        help_text=_("Readers see this. Name nobody. For example: people with a sore neck."),
    )
    changed = models.CharField(
        _("what was changed for it"),
        max_length=300,
        blank=True,
        help_text=_("Readers see this. For example: we explained two words."),
    )

    class Meta(Row.Meta):
        verbose_name = _("test with readers")
        verbose_name_plural = _("tests with readers")
        constraints = [
            models.CheckConstraint(condition=Q(people__gte=1), name="somebody_tried_the_page"),
            models.CheckConstraint(condition=~Q(who=""), name="a_user_test_says_with_whom"),
        ]

    def __str__(self) -> str:
        return f"{self.tested_on}: {self.who}"


class ChecklistResult(InsertOnly):
    """What all checklists said of one revision, in the words of that day.

    Made once (articles.checklists.recording). Readers and reviewers get nothing else.
    """

    revision = models.OneToOneField(
        Revision, on_delete=models.PROTECT, related_name="checklist_result"
    )
    #: Every item: articles.checklists.scoring.ItemResult.
    results = models.JSONField()
    #: Every list in figures: articles.checklists.scoring.ListScore. Readers get no more.
    scores = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("result of checklists")
        verbose_name_plural = _("results of checklists")

    def __str__(self) -> str:
        return str(self.revision)
