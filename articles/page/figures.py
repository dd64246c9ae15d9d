"""The pictures of a page, and the stretches of the text between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from articles.revisions.frozen_content import FrozenPictureFile, PictureRow
from articles.richtext.cleaning import safe_slices
from articles.richtext.headings import ANCHORED_HEADING

#: The place of pictures that come before the text (see by_place).
BEFORE_THE_TEXT = -1


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
    modern: list[FrozenPictureFile]  # as WebP, smallest first
    fallback: FrozenPictureFile  # of a middle size, for old browsers
    is_first: bool  # the one readers are likely to see without scrolling

    @classmethod
    def of(cls, row: PictureRow, is_first: bool) -> "Figure":
        picture = row["picture"]
        modern = [file for file in picture["files"] if file["suffix"] == "webp"]
        older = [file for file in picture["files"] if file["suffix"] != "webp"]
        return cls(
            uid=row["uid"],
            alt=picture["alt"],
            caption=row["caption"],
            credit=picture["credit"],
            licence=picture["licence"],
            sha256=picture["sha256"],
            width=modern[-1]["width"],
            height=modern[-1]["height"],
            modern=modern,
            fallback=older[len(older) // 2],
            is_first=is_first,
        )


@dataclass(frozen=True)
class TextStretch:
    """A stretch of the author's text, and the pictures that follow it."""

    html: SafeString
    figures: list[Figure] = field(default_factory=list)


def by_place(rows: Sequence[PictureRow], headings: Sequence[str]) -> dict[int, list[Figure]]:
    """Return {place: its pictures}; `headings` are those of the body, as plain text.

    A place is the index of a heading, or BEFORE_THE_TEXT. The index after the last heading is for
    pictures whose heading is gone.
    """

    def place(row: PictureRow) -> int:
        if not row["heading"]:
            return BEFORE_THE_TEXT
        return headings.index(row["heading"]) if row["heading"] in headings else len(headings)

    found: dict[int, list[Figure]] = {}
    for number, row in enumerate(sorted(rows, key=place)):
        is_first = number == 0 and place(row) == BEFORE_THE_TEXT
        found.setdefault(place(row), []).append(Figure.of(row, is_first=is_first))
    return found


def introduction_and_rest(
    body: SafeString, opening_headings: int | None, figures: Mapping[int, list[Figure]]
) -> tuple[list[TextStretch], list[TextStretch]]:
    """Return the introduction, and the rest of the body. Put together they are `body`.

    `opening_headings` is the number of headings in the introduction; None where there is none.
    """
    headings = [*ANCHORED_HEADING.finditer(body)]
    if opening_headings is None:
        rest_at = 0
    elif opening_headings < len(headings):
        rest_at = headings[opening_headings].start()
    else:
        rest_at = len(body)
    figures_at = {heading.end(): figures.get(number, []) for number, heading in enumerate(headings)}
    opening: list[TextStretch] = []
    rest: list[TextStretch] = []
    end = 0
    for piece in safe_slices(body, [rest_at, *(figures_at if figures else ())]):
        half = rest if end >= rest_at else opening
        end += len(piece)
        half.append(TextStretch(piece, figures_at.get(end, [])))
    return opening, rest
