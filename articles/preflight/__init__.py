"""What must be mended before readers may see a draft, and what had better be.

The same findings stand in the author's panel, on the review page, on the command line and in the
publish service. A rule is one function that takes a Draft and yields findings: write it in the
module it belongs to and decorate it with `@blocks`, `@blocks_unless_signed` or `@hints` and the
code of its findings. Nothing else needs to know.
"""

from articles.models import Article

from .draft import DraftToCheck
from .phrasing import phrased_for
from .registry import CheckMessage, Severity, rules

# Rules register themselves when their module is imported.
from . import evidence, pictures, comments, safety, structure, translation, wording  # isort: skip

__all__ = [
    "CheckMessage",
    "DraftToCheck",
    "Severity",
    "blockers",
    "check",
    "check_draft",
    "comments",
    "evidence",
    "phrased_for",
    "pictures",
    "safety",
    "structure",
    "translation",
    "wording",
]


def check(article: Article) -> list[CheckMessage]:
    """Every finding about the article's working rows, blockers first, else in the order of the
    rules.
    """
    return check_draft(DraftToCheck.of(article))


def check_draft(draft: DraftToCheck) -> list[CheckMessage]:
    """Every finding about `draft`, blockers first. Pure: the draft holds all that rules look at."""
    found = [draft.as_signed(finding) for rule in rules() for finding in rule(draft)]
    return sorted(found, key=lambda finding: not finding.is_blocker)


def blockers(article: Article) -> list[CheckMessage]:
    """The findings that stop publishing; empty when nothing does."""
    return [finding for finding in check(article) if finding.is_blocker]
