"""Rules about pictures: everybody can follow them, and we may show them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.pictures.storage import picture_name
from articles.preflight.draft import DraftToCheck
from articles.richtext.headings import headings_in

from .registry import Found, blocks, hints


@blocks(
    "pictures_say_what_they_show",
    many=gettext_lazy(
        "%(count)s pictures do not say what they show. Say it for people who cannot see them."
    ),
)
def pictures_say_what_they_show(draft: DraftToCheck) -> Iterator[Found]:
    for row, picture in _pictures(draft):
        if not picture["alt"].strip() and not picture["is_decorative"]:
            yield Found(
                _("Say what the picture “%s” shows, for people who cannot see it.")
                % picture_name(row),
                row["uid"],
            )


@hints(
    "pictures_stand_under_a_heading_of_the_text",
    many=gettext_lazy(
        "%(count)s pictures stand under headings that are not in the text any more."
        " Choose another for each."
    ),
)
def pictures_stand_under_a_heading_of_the_text(draft: DraftToCheck) -> Iterator[Found]:
    headings = headings_in(draft.content["body"])
    for row, _picture in _pictures(draft):
        if row["heading"] and row["heading"] not in headings:
            yield Found(
                _(
                    "The heading “%(heading)s” is not in the text any more. Choose another for the"
                    " picture “%(name)s”."
                )
                % {"heading": row["heading"], "name": picture_name(row)},
                row["uid"],
            )


@hints(
    "pictures_say_what_lets_us_show_them",
    many=gettext_lazy(
        "%(count)s pictures do not say what lets us show them. Write it down for each"
        " (CC BY 4.0, or: used with permission)."
    ),
)
def pictures_say_what_lets_us_show_them(draft: DraftToCheck) -> Iterator[Found]:
    for row, picture in _pictures(draft):
        if not picture["licence"].strip():
            yield Found(
                _(
                    "Write down what lets us show the picture “%s” (CC BY 4.0, or: used with"
                    " permission)."
                )
                % picture_name(row),
                row["uid"],
            )


def _pictures(draft):
    return ((row, row["picture"]) for row in draft.content.get("pictures", ()))
