"""Rules about how easy the words are to read."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from articles.preflight.draft import DraftToCheck
from articles.richtext.cleaning import plain_text

from . import reading_level
from .registry import Found, hints

MAX_READING_GRADE, MAX_WORDS, MAX_TITLE = 6, 20, 65


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
    if draft.content["language"] != "en":
        return
    level = reading_level.measure(plain_text(draft.content["body"]))
    explained = {row["word"].lower() for row in draft.content.get("words", ()) if row["meaning"]}
    hard = [word for word in level.hard_words if not {word, word.removesuffix("s")} & explained]
    if level.grade > MAX_READING_GRADE:
        yield (
            _(
                "The text reads at grade %(grade).0f; aim for %(aim)s or below. Hard words:"
                " %(words)s. Say it in plainer ones, or explain them in the word list."
            )
            % {"grade": level.grade, "aim": MAX_READING_GRADE, "words": ", ".join(hard[:8])},
            "",
        )
    for sentence in level.long_sentences[:5]:
        yield (
            _("This sentence has more than %(most)s words: “%(sentence)s”")
            % {
                "most": MAX_WORDS,
                "sentence": sentence[:120],
            },
            "",
        )


@hints("text_has_no_percent_signs")
def text_has_no_percent_signs(draft: DraftToCheck) -> Iterator[Found]:
    if "%" in plain_text(draft.content["body"]):
        yield (
            _(
                "Write counts such as “3 in 10” in place of percentages: more people understand"
                " them."
            ),
            "",
        )
