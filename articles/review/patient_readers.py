"""The point of view of patients. Nobody who works here can give it alone.

It rests on an invited reader without an account who answered, or on patients whom an editor
reached in a way that the editor names. What they said is kept and shown. It is no approval of the
text: a text goes out only if colleagues approved it.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

from articles.models import Invitation, Revision
from articles.refusals import Refused
from articles.richtext import letters

#: How patients were reached is named with so many letters, so many different ones.
FEWEST_LETTERS, FEWEST_DIFFERENT = 8, 4
LONGEST = 300


def who_answered(invitations: Iterable[Invitation], revision: Revision) -> list[Invitation]:
    """Return those of `invitations` whose reader answered questions about exactly this text.

    Those that were taken back are not among them.
    """
    return [
        invitation
        for invitation in invitations
        if invitation.revision_id == revision.pk
        and invitation.answered_at
        and not invitation.revoked_at
    ]


class Ground(NamedTuple):
    """What the point of view of patients rests on."""

    reached: str = ""  # how they were reached, in the words of who reached them
    invitation: Invitation | None = None  # of the reader who answered last


def ground_of(revision: Revision, reached: str) -> Ground:
    """Return what the point of view of patients rests on. Raises Refused if that is nothing."""
    reached = " ".join(reached.split())[:LONGEST]
    invitations = Invitation.objects.filter(revision=revision).order_by("-answered_at", "-pk")
    answered = who_answered(invitations, revision)
    says_how = letters.says_something(reached, letters=FEWEST_LETTERS, different=FEWEST_DIFFERENT)
    if (reached and not says_how) or (not reached and not answered):
        raise Refused(
            _(
                "A patient has to read this text. Invite one and wait for the answers, or say in"
                " words how you reached patients, for example: “read aloud with two people of our"
                " Tuesday group”."
            )
        )
    return Ground(reached, answered[0] if answered else None)
