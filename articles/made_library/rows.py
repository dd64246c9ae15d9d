"""The working rows of a made-up page, and its frozen content: as an author would leave them."""

import uuid
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import count
from typing import Any
from uuid import UUID

from articles.demonstration.making_pages import People
from articles.models import (
    Alternative,
    Article,
    ArticleCondition,
    ArticleContraindication,
    ArticleSideEffect,
    Certainty,
    Citation,
    Claim,
    Finding,
    HelpAdvice,
    Indication,
    KeyPoint,
    Person,
    Question,
    Recommendation,
    Revision,
    Stance,
    Step,
)
from articles.models.claims import Direction
from articles.models.rows import ClaimRow, Row
from articles.revisions import contents, freezing, sentence_rows
from articles.revisions.frozen_content import FrozenContent
from articles.richtext.markers import claims_in
from references.models import Design, Reference

from . import texts
from .drawing import DrawnPage, PageNumber
from .vocabulary import MadeVocabulary
from .works import chosen_works, level_in_words, uid_of


@dataclass(frozen=True)
class SharedByAll:
    """What all pages of a made-up library stand on."""

    vocabulary: MadeVocabulary
    works: list[Reference]
    people: People
    author: Person  # the writer, as readers see them


@dataclass
class PageRows:
    """A page and all its rows, none of them saved yet."""

    page: DrawnPage
    ground: SharedByAll
    article: Article
    claims: list[Claim] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    @property
    def number(self) -> PageNumber:
        return self.page.number

    @classmethod
    def of(
        cls,
        number: PageNumber,
        ground: SharedByAll,
        original: tuple[Article, Revision] | None = None,
    ) -> "PageRows":
        """Make the rows of a page. `original`: what it is a translation of, if it is one."""
        page = DrawnPage.of(number, ground.vocabulary.conditions)
        made = cls(page, ground, _article(page, ground, original))
        made.tags = sorted(number.draw("tags").sample(texts.TAGS, 2))
        made._say_the_text()
        made._say_what_studies_found()
        made._say_what_may_harm()
        made._say_what_to_do()
        return made

    # The rows -----------------------------------------------------------------------------------

    def _say_the_text(self) -> None:
        words = self.page.words
        points = [self.page.say(text) for text in words.key_points]
        kinds = [*[KeyPoint.Kind.POINT] * len(points), KeyPoint.Kind.NEXT_STEP]
        for text, kind in zip([*points, words.next_step], kinds, strict=True):
            self._add(KeyPoint, text=text, kind=kind)
        for place, marked in enumerate(claims_in(self.article.body)):
            certainty = self.page.certainties[place]
            claim = self._claim(
                "text",
                key=marked.key,
                text=marked.text,
                position=marked.position,
                certainty=certainty,
                direction=Direction.BETTER,
                outcome=words.outcomes[self.page.outcomes[place]],
            )
            self._cite(claim, certainty)

    def _say_what_studies_found(self) -> None:
        certainties = iter(self.page.certainties * 2)
        for condition in self.page.conditions:
            certainty = next(certainties)
            row = self._add(
                ArticleCondition, condition=condition, certainty=certainty, says="better"
            )
            self._cite(row.claim, certainty)
        for place in (2, 3):
            certainty = self.page.certainties[place]
            self._cite(self._add_finding(place, certainty).claim, certainty)

    def _add_finding(self, place: int, certainty: str) -> Any:
        words, draw = self.page.words, self.number.draw(f"finding{place}")
        outcome = words.outcomes[self.page.outcomes[place]]
        without = draw.randint(30, 60)
        less = draw.randint(4, 25)
        return self._add(
            Finding,
            certainty=certainty,
            outcome=outcome,
            intervention=self.page.values["method"],
            comparator=self.page.say(words.compared),
            population=self.page.values["group"],
            time=words.after,
            direction=Direction.BETTER,
            kind=Finding.Kind.COUNT,
            unit=Finding.Unit.PEOPLE,
            base=100,
            happened=words.happened.format(outcome=outcome),
            without_value=Decimal(without),
            with_value=Decimal(without - less),
            low=Decimal(without - less - 3),
            high=Decimal(without - less + 4),
            interval_of=Finding.IntervalOf.WITH,
            better=Finding.Better.LOW,
            people=draw.randint(60, 4000),
            studies=draw.randint(2, 30),
        )

    def _say_what_may_harm(self) -> None:
        draw, vocabulary = self.number.draw("harm"), self.ground.vocabulary
        for effect in draw.sample(vocabulary.side_effects, 2):
            row = self._add(
                ArticleSideEffect,
                side_effect=effect,
                n=draw.randint(1, 12),
                base=100,
                unit=ArticleSideEffect.Unit.PEOPLE,
                how_long=self.page.words.lasts[draw.randrange(3)],
                certainty=Certainty.LOW,
            )
            self._cite(row.claim, Certainty.LOW)
        for reason in draw.sample(vocabulary.contraindications, 2):
            self._add(
                ArticleContraindication,
                contraindication=reason,
                action=draw.choice(ArticleContraindication.Action.values),
                certainty=Certainty.NONE,
            )

    def _say_what_to_do(self) -> None:
        page, words = self.page, self.page.words
        draw = self.number.draw("advice")
        group = self.number.draw("group").randrange(len(words.groups))
        self._add(Indication, text=page.say(words.groups[group]), certainty=Certainty.NONE)
        for phase, text in words.steps:
            self._add(Step, kind=phase, text=page.say(text))
        for kind, texts_of_kind in (("now", words.help_now), ("today", words.help_today)):
            place = draw.randrange(len(texts_of_kind))
            self._add(HelpAdvice, kind=kind, text=texts_of_kind[place])
        advice = draw.randrange(len(words.advice)), draw.randrange(len(words.not_advice))
        for kind, text in (
            ("do", words.advice[advice[0]]),
            ("dont", words.not_advice[advice[1]]),
        ):
            self._add(Recommendation, kind=kind, text=page.say(text), certainty=Certainty.NONE)
        self._add(Alternative, text=words.alternatives[draw.randrange(len(words.alternatives))])
        for place in draw.sample(range(len(words.questions)), 2):
            self._add(Question, text=page.say(words.questions[place]))

    def _add(self, model: type[Row], *, certainty: str = "", says: str = "", **values: Any):  # type: ignore[no-untyped-def]
        """Add the next row of this kind, and its claim if it is one."""
        position = sum(isinstance(row, model) for row in self.rows)
        name = model.__name__.lower()
        row = model(
            article=self.article,
            uid=self._uid(name, position),
            position=position,
            **values,
        )
        if isinstance(row, ClaimRow):
            row.claim = self._claim(
                f"{name}{position}",
                **{
                    "kind": row.claim_kind,
                    "key": self.page.keys[2 + len(self.claims)],
                    "certainty": certainty,
                    "direction": says,
                    **row.values_of_claim(),
                },
            )
        self.rows.append(row)
        return row

    def _claim(self, name: str, *, certainty: str, **values: Any) -> Claim:
        claim = Claim(
            article=self.article,
            uid=self._uid("claim", name, len(self.claims)),
            certainty=certainty,
            checked_text=values["text"],
            rated_by=self.ground.people.writer,
            rated_at=self.number.first_published_at,
            **values,
        )
        self.claims.append(claim)
        return claim

    def _cite(self, claim: Claim, certainty: str) -> None:
        """Cite one work or two: what they say of themselves is what the claim says."""
        draw = self.number.draw(f"cite{len(self.citations)}")
        for work in chosen_works(draw, self.ground.works, draw.randint(1, 2)):
            rates_itself = work.design in {Design.SYSTEMATIC_REVIEW, Design.GUIDELINE}
            self.citations.append(
                Citation(
                    claim=claim,
                    uid=self._uid("citation", len(self.citations)),
                    reference=work,
                    position=len(self.citations),
                    stance=Stance.SUPPORTS,
                    locator_kind=Citation.Locator.PAGE,
                    locator=str(draw.randint(1, 12)),
                    quote=f"The made-up result was of {level_in_words(certainty)} certainty.",
                    quote_language="en",
                    source_certainty=level_in_words(certainty) if rates_itself else "",
                    source_scheme="GRADE" if rates_itself else "",
                    added_by=self.ground.people.writer,
                    checked_by=self.ground.people.checker,
                    checked_at=self.number.first_published_at,
                )
            )

    def _uid(self, *names: object) -> UUID:
        """Return the uid of a row; of a translation it follows from that of the original."""
        original = self.number.original
        own = uid_of(self.number.seed, (original or self.number).number, *names)
        return uuid.uuid5(self.article.uid, str(own)) if original else own

    # What is frozen of them ---------------------------------------------------------------------

    @cached_property
    def content(self) -> FrozenContent:
        """What a revision freezes, without a query; the rows need not be saved."""
        article = _numbered(self.article, id=0)
        number_of = {claim.key: number for number, claim in enumerate(self.claims)}
        article._prefetched_objects_cache = {"tags": [_Named(name) for name in self.tags]}  # type: ignore[attr-defined]
        by_list = {
            rows.name: [row for row in self.rows if isinstance(row, rows.model)]
            for rows in contents.OWN_ROWS
        }
        records = [
            record
            for rows in contents.OWN_ROWS
            if rows.is_one_sentence
            for record in map(_record(rows.name), by_list[rows.name], count())
        ]
        sentences, _terms = sentence_rows.lists_of(records)
        return freezing.content_of(
            freezing.Parts(
                article,
                sentences=sentences,
                terms=self.ground.vocabulary.terms[article.language],
                rows=by_list,
                # A sort leaves claims of one place as they came.
                claims=[
                    _numbered(claim, id=number_of[claim.key])
                    for claim in sorted(self.claims, key=_order_of_claim)
                ],
                citations=[
                    _numbered(citation, claim_id=number_of[citation.claim.key])
                    for citation in self.citations
                ],
                reading_list=[],
            )
        )


def _numbered(row: Any, **numbers: int) -> Any:
    """Return a copy of an unsaved row with numbers as if it were saved: freezing goes by them."""
    numbered = copy(row)
    vars(numbered).update(numbers)
    return numbered


def _order_of_claim(claim: Claim) -> tuple[bool, int]:
    return claim.position is None, claim.position or 0


@dataclass(frozen=True)
class _Named:
    """A tag, as freezing reads it."""

    name: str


def _record(name: str) -> Callable[[Any, int], sentence_rows.SentenceRecord]:
    """Return a function that gives a row of the list `name` as freezing's own query would.

    Rows are told apart by their number in the list: they have no id before they are saved.
    """
    return lambda row, number: sentence_rows.SentenceRecord(
        list_name=name,
        uid=row.uid,
        position=row.position,
        pk=number,
        text=row.text,
        kind=getattr(row, "kind", ""),
        meaning="",
        claim_key=row.claim.key if isinstance(row, ClaimRow) and row.claim else "",
        page_uid="",
        page_title="",
    )


def _article(
    page: DrawnPage, ground: SharedByAll, original: tuple[Article, Revision] | None
) -> Article:
    number, words = page.number, page.words
    article = Article(
        uid=number.uid,
        title=page.title,
        slug=page.slug,
        kicker=page.say(words.kicker),
        other_names=[page.say(words.kicker)],
        summary=page.say(words.summary),
        body=page.body(),
        language=number.language,
        written_by=ground.author,
        owner=ground.people.writer,
        evidence_searched_on=number.searched_on,
        funding=words.funding,
        conflicts=words.conflicts,
        is_demonstration=True,
    )
    if original:
        article.translation_of, article.translated_from = original
        article.translated_on = number.first_published_at.date()
    return article


def rows_by_model(pages: Iterable[PageRows]) -> dict[type[Row], list[Row]]:
    """Return all rows of `pages` by their model, in the order of the pages."""
    found: dict[type[Row], list[Row]] = {}
    for page in pages:
        for row in page.rows:
            found.setdefault(type(row), []).append(row)
    return found
