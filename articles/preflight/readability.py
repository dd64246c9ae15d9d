"""Rules about how easy the words are to read: all that the author wrote and a reader gets."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.preflight.draft import DraftToCheck
from articles.revisions import contents
from articles.revisions.frozen_content import FrozenContent
from articles.richtext.cleaning import plain_text

from .reading_level import MAX_WORDS, ReadingLevel, level_of, pieces_of, singular
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


def readability_of(content: FrozenContent) -> Readability:
    """Return how easy all the words of frozen `content` are to read, long sentences included."""
    language = content["language"]
    body = pieces_of(plain_text(content["body"]))
    rest = [
        piece
        for text, value, _uid in contents.texts_for_readers(content)
        if value.name != "body"
        for piece in pieces_of(text)
    ]
    page = level_of([*body, *rest], language)
    explained = {
        singular(part, language)
        for row in content.get("words", ())
        if row["meaning"]
        for part in row["word"].split()
    }
    return Readability(
        language,
        page,
        level_of(body, language),
        tuple(word for word in page.hard_words if singular(word, language) not in explained),
    )


def _texts_of(content):
    """Return (plain text, uid of its row or "") of every part a reader gets."""
    return [
        (plain_text(text) if value.name == "body" else text, uid)
        for text, value, uid in contents.texts_for_readers(content)
    ]


@hints("titles_are_short", field="title")
def titles_are_short(draft: DraftToCheck) -> Iterator[Found]:
    if len(draft.content["title"]) > MAX_TITLE:
        yield (
            _("The title has %(count)s characters. At most %(most)s read well.")
            % {
                "count": len(draft.content["title"]),
                "most": MAX_TITLE,
            },
            "",
        )


@hints("text_is_easy_to_read")
def text_is_easy_to_read(draft: DraftToCheck) -> Iterator[Found]:
    readability = readability_of(draft.content)
    if not readability.is_easy:
        yield _what_makes_it_easier(readability), ""
    for sentence in readability.page.long_sentences[:5]:
        yield (
            _("This sentence has more than %(most)s words: “%(sentence)s”")
            % {
                "most": MAX_WORDS,
                "sentence": sentence[:120],
            },
            _row_that_says(sentence, draft.content),
        )


def _what_makes_it_easier(readability):
    if not readability.hard_words:
        return _("%s. Make the sentences shorter.") % readability.figure
    return _(
        "%(figure)s. Hard words: %(words)s. Say it in plainer ones, or explain them in the word"
        " list."
    ) % {"figure": readability.figure, "words": ", ".join(readability.hard_words[:8])}


def _row_that_says(sentence, content):
    return next((uid for text, uid in _texts_of(content) if uid and sentence in text), "")


@hints("text_has_no_percent_signs")
def text_has_no_percent_signs(draft: DraftToCheck) -> Iterator[Found]:
    if any("%" in text for text, _uid in _texts_of(draft.content)):
        yield (
            _(
                "Write counts such as “3 in 10” in place of percentages: more people understand"
                " them."
            ),
            "",
        )
