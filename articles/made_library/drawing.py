"""What one page says, drawn from its number: the same for the same seed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from html import escape
from random import Random
from uuid import UUID

from articles.models import Certainty, Condition
from articles.models.article import slug_for

from . import texts
from .works import uid_of

#: The first page was published then, and one more every three minutes.
START = datetime(2026, 1, 1, tzinfo=UTC)
_APART = timedelta(minutes=3)
#: Of twenty pages in a row: which are translations of the page before, and which are Spanish.
_TRANSLATIONS = {7: "es", 14: "ar"}
_SPANISH = 17
#: How many sentences the text of a page has.
_SENTENCES = 30
_RATED = (Certainty.HIGH, Certainty.MODERATE, Certainty.LOW, Certainty.VERY_LOW)


@dataclass(frozen=True)
class PageNumber:
    """A page of the made-up library, by its number from 0: what it is follows from that."""

    seed: int
    number: int

    @property
    def original(self) -> "PageNumber | None":
        """The page it is a translation of."""
        if self.number % 20 in _TRANSLATIONS:
            return PageNumber(self.seed, self.number - 1)
        return None

    @property
    def language(self) -> str:
        if self.number % 20 == _SPANISH:
            return "es"
        return _TRANSLATIONS.get(self.number % 20, "en")

    @property
    def _is_of_a_pair(self) -> bool:
        return self.number % 20 in _TRANSLATIONS or (self.number + 1) % 20 in _TRANSLATIONS

    @property
    def is_draft(self) -> bool:
        """Whether no reader ever had it; a review of it was asked for."""
        return self.number % 50 == 31 and not self._is_of_a_pair

    @property
    def is_withdrawn(self) -> bool:
        return self.number % 33 == 20 and not (self._is_of_a_pair or self.is_draft)

    @property
    def has_two_versions(self) -> bool:
        return self.number % 10 == 2 and not self.is_draft

    @property
    def has_notice(self) -> bool:
        return self.number % 100 == 45

    @property
    def uid(self) -> UUID:
        return uid_of(self.seed, "article", self.number)

    @property
    def first_published_at(self) -> datetime:
        return START + self.number * _APART

    @property
    def searched_on(self) -> date:
        """Of every ninth page more than a year before: it is due for another look."""
        days = 380 if self.number % 9 == 0 else 20
        return (self.first_published_at - timedelta(days=days)).date()

    def draw(self, what: str) -> Random:
        """Return the numbers of one part of it. A translation draws those of its original."""
        number = (self.original or self).number
        return Random(f"{self.seed}:{number}:{what}")  # noqa: S311  (the same every time)


@dataclass(frozen=True)
class DrawnPage:
    """The words of a page, and what fills the gaps in them."""

    number: PageNumber
    words: texts.PageWords
    values: dict[str, str]  # what stands for {method}, {brand} …
    conditions: list[Condition]
    outcomes: list[int]  # places in `words.outcomes`
    certainties: list[str]
    sentences: list[str]
    keys: list[str]  # for its claims

    @classmethod
    def of(cls, number: PageNumber, conditions: list[Condition]) -> "DrawnPage":
        """Draw what the page with this number says. `conditions` are all there are."""
        draw, words = number.draw("page"), texts.WORDS[number.language]
        own = _drawn(draw, conditions, draw.randint(2, 4))
        brand = texts.brand(int(4096 * draw.random() ** 2))
        values = {"brand": brand, "condition": own[0].name_in(number.language)}
        method = draw.randrange(len(words.methods))
        values["method"] = words.methods[method]
        sentences = []
        for _ in range(_SENTENCES):
            frame = draw.randrange(len(words.frames))
            sentences.append(words.frames[frame].format(**values, **_filling(draw, words)))
        return cls(
            number,
            words,
            {**values, **_filling(draw, words)},
            own,
            draw.sample(range(len(words.outcomes)), 4),
            [draw.choice(_RATED) for _ in range(4)],
            sentences,
            _keys(draw),
        )

    def say(self, frame: str, **more: str) -> str:
        """Return the frame with its gaps filled, its first letter a capital."""
        text = frame.format(**{**self.values, **more})
        return f"{text[:1].upper()}{text[1:]}"

    @property
    def title(self) -> str:
        return self.say(self.words.title)

    @property
    def slug(self) -> str:
        # The number makes it the only one, so nobody need be asked which are taken.
        return f"{slug_for(self.title, taken=lambda _: False)[:60]}-{self._number_in_address}"

    @property
    def _number_in_address(self) -> str:
        seed, number = self.number.seed, self.number.number
        return f"{number}" if seed == 1 else f"{seed}-{number}"

    def effect(self, place: int) -> str:
        """Return what the treatment does to the outcome at this place, as sure as that is."""
        outcome = self.words.outcomes[self.outcomes[place]]
        return self.say(self.words.effects[self.certainties[place]], outcome=outcome)

    def body(self) -> str:
        """Return the text: a beginning, and four parts. Its first two effects are claims."""
        first, *rest = (self.sentences[at : at + 6] for at in range(0, _SENTENCES, 6))
        html = _paragraphs(first)
        for at, (heading, sentences) in enumerate(zip(self.words.headings, rest, strict=True)):
            html += f"<h2>{escape(heading)}</h2>"
            if at == 2:
                html += self._claim_in_text(0) + self._claim_in_text(1)
            html += _paragraphs(sentences)
        return html

    def _claim_in_text(self, place: int) -> str:
        said = escape(self.effect(place))
        return f'<p><mark data-claim="{self.keys[place]}">{said}</mark></p>'


def _paragraphs(sentences: list[str]) -> str:
    pairs = (sentences[at : at + 3] for at in range(0, len(sentences), 3))
    return "".join(f"<p>{escape(' '.join(pair))}</p>" for pair in pairs)


def _filling(draw: Random, words: texts.PageWords) -> dict[str, str]:
    at = [draw.randrange(8) for _ in range(5)]
    return {
        "place": words.places[at[0]],
        "group": words.groups[at[1]],
        "clothes": words.clothes[at[2]],
        "time": words.times[at[3]],
        "helper": words.helpers[at[4]],
    }


def _drawn(draw: Random, rows: list[Condition], count: int) -> list[Condition]:
    """Draw `count` of `rows`, no two the same; the first of them are drawn most often."""
    found: dict[int, Condition] = {}
    while len(found) < count:
        number = int(len(rows) * draw.random() ** 2)
        found[number] = rows[number]
    return list(found.values())


def _keys(draw: Random) -> list[str]:
    letters = "0123456789abcdefghijklmnopqrstuvwxyz"
    return ["c" + "".join(draw.choices(letters, k=9)) for _ in range(24)]
