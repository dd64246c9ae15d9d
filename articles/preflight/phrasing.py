"""Check messages in the words for the person who reads them.

Nobody is sent to a colleague for what they can do themselves.
"""

from django.contrib.auth.models import User

from articles import permissions
from articles.preflight.registry import CheckMessage


def phrased_for(user: User | None, messages: list[CheckMessage]) -> list[str]:
    """Return the sentence of each message for `user`, in the same order.

    None stands for nobody in particular.
    """
    return [_sentence_for(user, message) for message in messages]


def _sentence_for(user, message):
    if user is None or not message.for_editors:
        return message.message
    if permissions.may(user, "articles.review_article") and user.pk not in message.except_for:
        return message.for_editors
    return message.message
