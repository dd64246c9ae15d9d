"""Check messages in the words for the person who reads them.

Nobody is sent to a colleague for what they can do themselves, and nobody reads the same sentence
thirty times: messages that repeat are one line with their number.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from articles.preflight.registry import CheckMessage
from physiohub import policy


@dataclass(frozen=True)
class Line:
    """One thing to do, for one person: a check message, or those of a rule that repeat.

    `sentences` are those of `messages`, in the same order. `words` say what to do about all.
    """

    words: str
    messages: tuple[CheckMessage, ...]
    sentences: tuple[str, ...]

    @property
    def first(self) -> CheckMessage:
        return self.messages[0]

    @property
    def is_repeated(self) -> bool:
        return len(self.messages) > 1


def lines_for(user: User | None, messages: Iterable[CheckMessage]) -> list[Line]:
    """Return what to do about `messages`, in the words for `user`.

    A line stands where the first of its messages stood. None stands for nobody in particular.
    """
    groups: dict[Hashable, list[tuple[CheckMessage, bool]]] = {}
    for number, message in enumerate(messages):
        may_alone = _may_alone(user, message)
        # What somebody signed for stands alone, with the name and the reason.
        is_alone = message.repeated is None or message.signed_by
        key = number if is_alone else (message.code, may_alone)
        groups.setdefault(key, []).append((message, may_alone))
    return [_line(group) for group in groups.values()]


def sentences_for(user: User | None, messages: Iterable[CheckMessage]) -> list[str]:
    """Return the words of each line for `user`; one that repeats names the first of its things."""
    return [
        _("%(line)s The first: %(sentence)s") % {"line": line.words, "sentence": line.sentences[0]}
        if line.is_repeated
        else line.words
        for line in lines_for(user, messages)
    ]


def _may_alone(user: User | None, message: CheckMessage) -> bool:
    """Whether `user` is an editor who may do what the message says without a colleague."""
    return (
        user is not None
        and bool(message.for_editors)
        and policy.may_decide(user, message.except_for)
    )


def _line(group: list[tuple[CheckMessage, bool]]) -> Line:
    messages = tuple(message for message, _may_alone in group)
    first, may_alone = group[0]
    sentences = tuple(message.for_editors if may_alone else message.message for message in messages)
    if len(messages) == 1 or first.repeated is None:
        return Line(sentences[0], messages, sentences)
    repeated = first.repeated.for_editors if may_alone else first.repeated.message
    number = sum(message.number for message in messages)
    return Line(str(repeated) % {"count": number}, messages, sentences)
