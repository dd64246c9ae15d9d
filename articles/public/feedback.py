"""What readers answer at the end of a page: kept without anything that says who they are."""

from django.core import signing
from django.utils.translation import gettext as _

from articles.models import Feedback
from articles.page.page import Page
from articles.refusals import Refused
from physiohub.control_characters import without_control_characters

MOST_LETTERS = Feedback._meta.get_field("text").max_length
#: How long a reader may take to write, in seconds.
TIME_TO_WRITE = 2 * 3600
_SALT = "articles.feedback"


class TooLong(Refused):
    """More was written than is kept."""


def keep_answer(publication, *, helped, on):
    """Keep a yes or no about this publication, on the day `on`.

    Returns (Feedback, ticket to add words to it).
    """
    feedback = Feedback.objects.create(publication=publication, helped=helped, on=on)
    return feedback, signing.dumps(feedback.pk, salt=_SALT)


def of_ticket(ticket, publications):
    """The Feedback a ticket is for, if it is about one of these publications.

    None when it is not, or ran out.
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


def add_words(feedback, text, *, section=""):
    """Add what the reader wrote, and the id of the part of the page it is about.

    Raises TooLong, keeping nothing.
    """
    text = without_control_characters(text.replace("\r\n", "\n"), line_break="\n").strip()
    if len(text) > MOST_LETTERS:
        raise TooLong(_("Please make it shorter: at most %s letters.") % MOST_LETTERS)
    headings = dict(page_parts(feedback.publication))
    feedback.text = text
    feedback.section, feedback.heading = (
        (section, headings[section]) if section in headings else ("", "")
    )
    feedback.save(update_fields=["text", "section", "heading"])


def page_parts(publication):
    """[(id, heading)] of the parts of the page the reader had."""
    return [
        (anchor, str(heading)) for anchor, heading in Page(publication.revision.content).contents
    ]
