"""What reviewers asked to be changed, and what became of it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.models import Decision
from articles.revisions import freezing


@dataclass(frozen=True)
class AskedChange:
    """What a reviewer asked for in this round, and what became of it."""

    decision: Decision
    number: int  # of the version it was asked of
    state: str  # a sentence
    is_open: bool


def asked_changes(state, revision, content, versions):
    """What this round's reviewers asked to be changed, newest first."""
    digests = set(freezing.row_digests(content).items())
    numbers = {version["pk"]: version["number"] for version in versions}
    found = []
    for decision in state.round:
        if decision.verdict == Decision.Verdict.APPROVE:
            continue
        later = [
            made for made in state.round if made.by_id == decision.by_id and made.pk > decision.pk
        ]
        changed = len(set(decision.row_digests.items()) - digests)
        if any(made.verdict == Decision.Verdict.APPROVE for made in later):
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
        found.append(AskedChange(decision, numbers.get(decision.revision_id, 0), state, is_open))
    return found[::-1]
