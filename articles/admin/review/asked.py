"""The changes that reviewers asked for, and whether they were made."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.models import Decision
from articles.revisions import freezing


@dataclass(frozen=True)
class AskedChange:
    """A decision of this round that asks for changes, and whether they were made."""

    decision: Decision
    number: int  # of the version that was reviewed
    state: str  # a sentence
    is_open: bool


def asked_changes(approval_state, revision, content, versions):
    """Return an AskedChange for each decision of this round but approvals, newest first."""
    digests = set(freezing.row_digests(content).items())
    numbers = {version["pk"]: version["number"] for version in versions}
    asked = []
    for decision in approval_state.decisions_of_round:
        if decision.verdict == Decision.Verdict.APPROVE:
            continue
        later = [
            other
            for other in approval_state.decisions_of_round
            if other.by_id == decision.by_id and other.pk > decision.pk
        ]
        changed = len(set(decision.row_digests.items()) - digests)
        if any(other.verdict == Decision.Verdict.APPROVE for other in later):
            state, is_open = (
                _("Dealt with: %s has approved the text since.") % decision.by_name,
                False,
            )
        elif revision is not None and decision.revision_id == revision.pk:
            state, is_open = _("Not dealt with yet: the text is as it was."), True
        elif changed:
            state = (
                _("The text was changed since. %s has not said yet whether that is enough.")
                % decision.by_name
            )
            is_open = True
        else:
            state, is_open = _("Nothing that stood there then has changed since."), True
        asked.append(AskedChange(decision, numbers.get(decision.revision_id, 0), state, is_open))
    return asked[::-1]
