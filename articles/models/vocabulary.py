"""The shared vocabulary: one thing, with one name in each language."""

import re
from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.richtext.letters import plain
from articles.wording import BODY_PARTS
from physiohub.db import models

from .identified import Identified
from .term_changes import TermChange, reach

icd10 = RegexValidator(
    r"^[A-TV-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?\Z",
    _("Write the ICD-10 code as M54.2 or M75."),
    code="not_icd10",
)
snomed_ct = RegexValidator(
    r"^[1-9][0-9]{5,17}\Z",
    _("Write the SNOMED CT concept as its number, for example 81680005."),
    code="not_snomed",
)


@dataclass(frozen=True)
class TermWords:
    """What a shared term is called in one language, and what it is."""

    name: str
    clinical_name: str
    other_names: list[str]
    summary: str  # of a condition alone


class TermQuerySet(models.QuerySet):
    def called(self, name: str, language: str) -> Self:
        """Return the terms with this plain name in `language`, whatever its capitals."""
        own = Q(language=language, name__iexact=name)
        return self.filter(own | Q(**{f"names__{language}__name__iexact": name}))


class SharedTerm(Identified):
    """A thing articles name: what patients call it, what clinicians call it, and its codes."""

    #: What the last `save` of this object changed; None where it was made.
    change: TermChange | None = None

    language = models.CharField(
        max_length=10,
        choices=settings.LANGUAGES,
        default="en",
        help_text=_("The language of the names below."),
    )

    name = models.CharField(
        _("plain name"), max_length=120, unique=True, help_text=_("What patients call it.")
    )
    clinical_name = models.CharField(
        max_length=200, blank=True, help_text=_("What clinicians call it.")
    )
    other_names = models.JSONField(
        default=list,
        blank=True,
        help_text=_("Other words people use for it, with commas between: stiff neck, sore neck."),
    )
    # {language: {"name", "clinical_name", "other_names", "summary"}}, without its own language. In
    # the row itself, so that no list, form or freezing asks the database once more for them.
    names = models.JSONField(_("names in other languages"), default=dict, blank=True)
    icd10 = models.CharField("ICD-10", max_length=10, blank=True, validators=[icd10])
    snomed_ct = models.CharField("SNOMED CT", max_length=18, blank=True, validators=[snomed_ct])

    objects = TermQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a name in another language by which pages know something else."""
        others: Any = type(self)._default_manager.exclude(pk=self.pk)
        for code, words in self.names.items():
            called = others.called(words["name"], code)
            other = next((other for other in called if other.article_rows.exists()), None)
            if other is not None:
                raise ValidationError(
                    _(
                        "In this language pages call “%(other)s” by the name “%(name)s”. Choose"
                        " another name, or let these pages name this instead."
                    ),
                    code="name_taken",
                    params={"other": other, "name": words["name"]},
                )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Carries the change into every draft that names it (`change`). update() does not."""
        with transaction.atomic():
            was_there = type(self)._default_manager.select_for_update(no_key=True)
            before = None if self._state.adding else was_there.filter(pk=self.pk).first()
            super().save(*args, **kwargs)
            self.change = reach(before, self) if before else None

    def words_in(self, language: str) -> TermWords:
        """Return what it is called in `language`; its own words where it has no name there."""
        there = self.names.get(language) if language != self.language else None
        if there:
            return TermWords(
                name=there["name"],
                clinical_name=there.get("clinical_name", ""),
                other_names=there.get("other_names", []),
                summary=there.get("summary", ""),
            )
        return TermWords(
            self.name, self.clinical_name, self.other_names, getattr(self, "summary", "")
        )

    def name_in(self, language: str) -> str:
        return self.words_in(language).name


class Condition(SharedTerm):
    """What a treatment is tried for; a "problem" to readers."""

    slug = models.SlugField(max_length=120, unique=True, allow_unicode=True)
    summary = models.CharField(
        max_length=300, blank=True, help_text=_("What it is, in one plain sentence.")
    )
    body_part = models.CharField(
        _("part of the body"),
        max_length=12,
        choices=list(BODY_PARTS.items()),
        blank=True,
        help_text=_("Where readers find it on the drawing of the body."),
    )


class SideEffect(SharedTerm):
    """Something a treatment may do that nobody wants."""


class Contraindication(SharedTerm):
    """A reason not to have a treatment, or to ask first."""


class GlossaryTerm(Identified):
    """A word that pages explain: no condition, side effect or contraindication.

    Frozen in every article of its language that uses it (articles.revisions.glossary), and reviewed
    and published with it: readers see no other. The admin neither deletes nor renames one, so that
    the text of an article shows who changed what it explains. A term without a meaning is explained
    nowhere.
    """

    word = models.CharField(
        max_length=120,
        help_text=_(
            "As it stands in the pages: trigger point. Pages that use it explain it when they are"
            " published."
        ),
    )
    meaning = models.CharField(
        max_length=300,
        blank=True,
        help_text=_(
            "What it means, in one plain sentence of at most 20 words. Empty it to explain the word"
            " no more."
        ),
    )
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default="en")

    class Meta:
        ordering = ["word"]
        verbose_name = _("word in the word list")
        verbose_name_plural = _("word list")
        constraints = [
            models.UniqueConstraint(fields=["language", "word"], name="a_word_is_explained_once")
        ]

    def __str__(self) -> str:
        return self.word

    def clean(self) -> None:
        """Refuse a word that the glossary has in another spelling.

        Pages treat both as the same word.
        """
        others = GlossaryTerm.objects.filter(language=self.language).exclude(pk=self.pk)
        if (same := plain(self.word)) in map(plain, others.values_list("word", flat=True)):
            raise ValidationError(
                {"word": _("The word list explains this word already, perhaps in other letters.")}
            )
        if not re.search(r"\w", same):
            raise ValidationError({"word": _("Write a word, with letters or numbers in it.")})
