"""What made-up pages share: conditions, side effects, reasons not to have it, explained words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.text import slugify

from articles.models import Condition, Contraindication, GlossaryTerm, SideEffect
from articles.revisions.glossary import ListedTerm

from . import texts
from .works import uid_of


@dataclass(frozen=True)
class MadeVocabulary:
    """The shared rows that made-up pages name."""

    conditions: list[Condition]
    side_effects: list[SideEffect]
    contraindications: list[Contraindication]
    #: All glossary terms of the site, by language: freezing looks for each of them.
    terms: dict[str, list[ListedTerm]]


def add_vocabulary(seed: int) -> MadeVocabulary:
    """Return the shared rows of made-up pages; those that are missing are made.

    A name that the site has already is that of its own row.
    """
    conditions = [
        Condition(
            uid=uid_of(seed, "condition", complaint[0], part[0]),
            name=f"{complaint[0]} in {part[0]}",
            clinical_name=f"{part[4]} {complaint[3]}",
            summary=f"A feeling of {complaint[0]} in or near {part[0]}.",
            names={
                "es": {
                    "name": f"{complaint[1]} en {part[2]}",
                    "clinical_name": "",
                    "other_names": [],
                    "summary": f"Sensación de {complaint[1]} en {part[2]} o cerca.",
                },
                "ar": {
                    "name": f"{complaint[2]} في {part[3]}",
                    "clinical_name": "",
                    "other_names": [],
                    "summary": f"شعور بـ{complaint[2]} في {part[3]} أو قربه.",
                },
            },
            slug=slugify(f"{complaint[0]} in {part[0]}"),
            body_part=part[1],
        )
        for complaint in texts.COMPLAINTS
        for part in texts.PARTS
    ]
    effects = [_term(SideEffect, seed, row) for row in texts.SIDE_EFFECTS]
    reasons = [_term(Contraindication, seed, row) for row in texts.CONTRAINDICATIONS]
    words = [
        GlossaryTerm(uid=uid_of(seed, "word", word), word=word, meaning=meaning, language=language)
        for language, rows in texts.EXPLAINED.items()
        for word, meaning in rows
    ]
    _with_missing(GlossaryTerm.objects.all(), words, key=lambda row: (row.language, row.word))
    return MadeVocabulary(
        _with_missing(Condition.objects.all(), conditions, key=lambda row: row.name),
        _with_missing(SideEffect.objects.all(), effects, key=lambda row: row.name),
        _with_missing(Contraindication.objects.all(), reasons, key=lambda row: row.name),
        {language: _listed(language) for language in texts.WORDS},
    )


def _term(model: Any, seed: int, row: tuple[str, str, str, str]) -> Any:
    name, spanish, arabic, clinical = row
    others = {"clinical_name": "", "other_names": [], "summary": ""}
    return model(
        uid=uid_of(seed, model.__name__, name),
        name=name,
        clinical_name=clinical,
        names={"es": {"name": spanish, **others}, "ar": {"name": arabic, **others}},
    )


def _with_missing(there: QuerySet, wanted: Iterable[Any], key: Callable[[Any], Any]) -> list[Any]:
    """Return the row of each of `wanted`, in their order; what is missing is made."""
    rows = {key(row): row for row in there}
    missing = [row for row in wanted if key(row) not in rows]
    type(missing[0])._default_manager.bulk_create(missing) if missing else None
    rows |= {key(row): row for row in missing}
    return [rows[key(row)] for row in wanted]


def _listed(language: str) -> list[ListedTerm]:
    rows = GlossaryTerm.objects.filter(language=language).order_by("pk")
    return [ListedTerm(str(row.uid), row.word, row.meaning) for row in rows]
