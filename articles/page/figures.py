"""The pictures of a page, and the stretches of the text they stand between."""

from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from articles.richtext.cleaning import cut

from .headings import ANCHORED_HEADING


@dataclass(frozen=True)
class Figure:
    """A picture as the page shows it: the browser picks the file that fits the screen."""

    uid: str
    alt: str  # "" where it is decorative
    caption: str
    credit: str
    licence: str
    sha256: str
    width: int  # of the largest file
    height: int
    modern: list[dict]  # {width, suffix}, as WebP, smallest first
    fallback: dict  # {width, suffix} of a middle size, for old browsers
    is_first: bool  # the one readers are likely to see without scrolling

    @classmethod
    def of(cls, row, is_first):
        picture = row["picture"]
        modern = [file for file in picture["files"] if file["suffix"] == "webp"]
        plain = [file for file in picture["files"] if file["suffix"] != "webp"]
        return cls(
            row["uid"],
            picture["alt"],
            row["caption"],
            picture["credit"],
            picture["licence"],
            picture["sha256"],
            modern[-1]["width"],
            modern[-1]["height"],
            modern,
            plain[len(plain) // 2],
            is_first,
        )


@dataclass(frozen=True)
class TextStretch:
    """A stretch of the author's text, and the pictures that follow it."""

    html: SafeString
    figures: list[Figure] = field(default_factory=list)


def by_place(rows, headings):
    """{place: [Figure]} of frozen pictures; `headings` are those of the body, as plain text.

    A place is the number of a heading: -1 before the text, and after the last one what names a
    heading that is gone.
    """

    def place(row):
        if not row["heading"]:
            return -1
        return headings.index(row["heading"]) if row["heading"] in headings else len(headings)

    found = {}
    for number, row in enumerate(sorted(rows, key=place)):
        found.setdefault(place(row), []).append(Figure.of(row, is_first=number == 0))
    return found


def halves(body, opening_headings, figures):
    """The Parts of the opening, and those of the rest of the body: put together they are `body`.

    `opening_headings` of its headings stand in the opening; None where there is no opening.
    """
    heads = [*ANCHORED_HEADING.finditer(body)]
    if opening_headings is None:
        rest_at = 0
    elif opening_headings < len(heads):
        rest_at = heads[opening_headings].start()
    else:
        rest_at = len(body)
    found = [], []
    places = [rest_at, *(head.end() for head in heads if figures)]
    figures_at = {head.end(): figures.get(number, []) for number, head in enumerate(heads)}
    end = 0
    for piece in cut(body, places):
        half = found[end >= rest_at]
        end += len(piece)
        half.append(TextStretch(piece, figures_at.get(end, [])))
    return found
