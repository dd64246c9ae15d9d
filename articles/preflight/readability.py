"""Rules about how easy the words are to read: all that the author wrote and a reader gets."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.preflight.draft import DraftToCheck

from .reading_level import MAX_WORDS, Piece, ReadingLevel, level_of, pieces_of, singular
from .registry import Found, hints

MAX_READING_GRADE, MAX_TITLE = 6, 65
#: "Quite easy" on the INFLESZ scale.
MIN_INFLESZ = 65
#: (below which score, what the INFLESZ scale calls it)
_INFLESZ_SCALE = (
    (40, gettext_lazy("very hard")),
    (55, gettext_lazy("somewhat hard")),
    (MIN_INFLESZ, gettext_lazy("normal")),
    (80, gettext_lazy("quite easy")),
    (float("inf"), gettext_lazy("very easy")),
)


@dataclass(frozen=True)
class Readability:
    """How easy a page is to read, and what would make it easier."""

    language: str
    page: ReadingLevel
    text: ReadingLevel  # of the running text alone
    hard_words: tuple[str, ...]  # those that the page does not explain, most frequent first
    #: Each with its place: the uid of its row, a value of the article or a block of its text.
    long_sentences: tuple[tuple[str, str], ...]

    @property
    def grade(self) -> float:
        """The Flesch-Kincaid grade of the page or of its text, whichever is harder.

        The short sentences of lists must not hide a hard text.
        """
        return round(max(self.page.grade, self.text.grade), 1)

    @property
    def inflesz(self) -> float:
        """The INFLESZ score of the page or of its text, whichever is harder."""
        scores = [level.inflesz for level in (self.page, self.text) if level.sentences]
        return round(min(scores, default=0.0), 1)

    @property
    def is_easy(self) -> bool:
        """Does the page reach the aim for its language? True where there is no figure."""
        if self.language == "es":
            return not self.page.sentences or self.inflesz >= MIN_INFLESZ
        return self.grade <= MAX_READING_GRADE

    @property
    def figure(self) -> str:
        """The figure and its aim in one line; "" before the first sentence.

        In a language without a figure it says that there is none.
        """
        if self.language not in ("en", "es"):
            return _("No reading grade is computed for this language: %s") % dict(
                settings.LANGUAGES
            ).get(self.language, self.language)
        if not self.page.sentences:
            return ""
        if self.language == "es":
            name = next(name for limit, name in _INFLESZ_SCALE if self.inflesz < limit)
            return _("INFLESZ %(score)s, %(name)s (aim for %(aim)s or more)") % {
                "score": self.inflesz,
                "name": name,
                "aim": MIN_INFLESZ,
            }
        return _("Reading grade %(grade)s (aim for %(aim)s or below)") % {
            "grade": self.grade,
            "aim": MAX_READING_GRADE,
        }


def readability_of(draft: DraftToCheck) -> Readability:
    """Return how easy all the words of `draft` are to read, long sentences included."""
    language = draft.content["language"]
    pieces = _placed_pieces(draft)
    page = level_of([piece for piece, _place in pieces], language)
    explained = {
        singular(part, language)
        for row in draft.content.get("words", ())
        if row["meaning"]
        for part in row["word"].split()
    }
    return Readability(
        language,
        page,
        level_of([piece for piece, place in pieces if place.startswith("text:")], language),
        tuple(word for word in page.hard_words if singular(word, language) not in explained),
        tuple((piece.text, place) for piece, place in pieces if piece.is_long),
    )


def _placed_pieces(draft: DraftToCheck) -> list[tuple[Piece, str]]:
    return [(piece, text.place) for text in draft.texts for piece in pieces_of(text.text)]


@hints("titles_are_short", field="title")
def titles_are_short(draft: DraftToCheck) -> Iterator[Found]:
    if len(draft.content["title"]) > MAX_TITLE:
        yield Found(
            _("Shorten the title: it has %(count)s characters, and at most %(most)s read well.")
            % {
                "count": len(draft.content["title"]),
                "most": MAX_TITLE,
            },
        )


@hints("text_is_easy_to_read")
def text_is_easy_to_read(draft: DraftToCheck) -> Iterator[Found]:
    readability = readability_of(draft)
    if not readability.is_easy:
        yield Found(_what_makes_it_easier(readability))


@hints(
    "sentences_are_short",
    many=gettext_lazy("%(count)s sentences are long. Cut each of them in two."),
)
def sentences_are_short(draft: DraftToCheck) -> Iterator[Found]:
    for piece, place in _placed_pieces(draft):
        if piece.is_long:
            yield Found(
                _("Cut this sentence in two, it has more than %(most)s words: “%(sentence)s”")
                % {"most": MAX_WORDS, "sentence": piece.text[:120]},
                place,
            )


def _what_makes_it_easier(readability):
    if not readability.hard_words:
        return _("%s. Make the sentences shorter.") % readability.figure
    return _(
        "%(figure)s. Hard words: %(words)s. Say it in plainer ones, or explain them in the word"
        " list."
    ) % {"figure": readability.figure, "words": ", ".join(readability.hard_words[:8])}


@hints("text_has_no_percent_signs")
def text_has_no_percent_signs(draft: DraftToCheck) -> Iterator[Found]:
    if any("%" in text.text for text in draft.texts):
        yield Found(
            _(
                "Write counts such as “3 in 10” in place of percentages: more people understand"
                " them."
            ),
        )
