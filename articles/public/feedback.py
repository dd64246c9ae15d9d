"""What readers answer at the end of a page. Nothing that says who they are is stored."""

from datetime import date
from typing import cast

from django.core import signing
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles.models import Feedback, Publication
from articles.page.page import Page
from articles.refusals import Refused
from physiohub.control_characters import without_control_characters

MAX_CHARACTERS = cast(int, Feedback._meta.get_field("text").max_length)
#: How long a reader may take to write, in seconds.
TIME_TO_WRITE = 2 * 3600
_SALT = "articles.feedback"


class TooLong(Refused):
    """More was written than is kept."""


def keep_answer(publication: Publication, *, helped: bool, on: date) -> tuple[Feedback, str]:
    """Store a yes or no about `publication`, given on the day `on`.

    Returns (feedback, ticket). The ticket allows its holder to add words to the feedback.
    """
    feedback = Feedback.objects.create(publication=publication, helped=helped, on=on)
    return feedback, signing.dumps(feedback.pk, salt=_SALT)


def feedback_for_ticket(ticket: str, publications: QuerySet[Publication]) -> Feedback | None:
    """Return the feedback that `ticket` is for.

    None when the ticket has expired, or the feedback is about none of `publications`.
    """
    try:
        pk = signing.loads(ticket, salt=_SALT, max_age=TIME_TO_WRITE)
    except signing.BadSignature:
        return None
    return (
        Feedback.objects.filter(pk=pk, publication__in=publications)
        .select_related("publication__revision")
        .first()
    )


def add_words(feedback: Feedback, text: str, *, section: str = "") -> None:
    """Add the words of a reader, and the id of the section of the page they are about.

    Raises TooLong and then stores nothing.
    """
    text = without_control_characters(text.replace("\r\n", "\n"), line_break="\n").strip()
    if len(text) > MAX_CHARACTERS:
        raise TooLong(_("Please make it shorter: at most %s letters.") % MAX_CHARACTERS)
    headings = dict(page_parts(feedback.publication))
    feedback.text = text
    feedback.section = section if section in headings else ""
    feedback.heading = headings.get(section, "")
    feedback.save(update_fields=["text", "section", "heading"])


def page_parts(publication: Publication) -> list[tuple[str, str]]:
    """Return (id, heading) of the sections of the page that the reader saw."""
    return [
        (anchor, str(heading)) for anchor, heading in Page(publication.revision.content).contents
    ]
