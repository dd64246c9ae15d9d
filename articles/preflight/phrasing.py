"""Findings in the words of whoever reads them.

Nobody is sent to a colleague for what they can do themselves.
"""

from django.contrib.auth.models import User

from articles import permissions
from articles.preflight.registry import CheckMessage


def phrased_for(user: User | None, findings: list[CheckMessage]) -> list[str]:
    """The messages of `findings` for `user` (None: for nobody in particular), in the same order."""
    return [_to(user, finding) for finding in findings]


def _to(user, finding):
    if user is None or not finding.by_oneself:
        return finding.message
    if permissions.may(user, "articles.review_article") and user.pk not in finding.not_by:
        return finding.by_oneself
    return finding.message
