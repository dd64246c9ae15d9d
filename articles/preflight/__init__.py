"""What must be mended before readers may see a draft, and what should be.

The author's panel, the review page, the command line and the publish service show the same check
messages. A rule is one function that takes a DraftToCheck and yields messages. Write it in the
module it belongs to. Decorate it with `@blocks`, `@blocks_unless_signed` or `@hints` and the code
of its messages. Nothing else has to change but the list of names that are kept for ever
(tests/repository/test_what_must_not_move).
"""

from articles.models import Article

from .draft import DraftToCheck
from .phrasing import Line, lines_for, sentences_for
from .registry import CheckMessage, Severity, rules

# Rules register themselves when their module is imported.
from . import evidence, findings, pictures, comments, completeness, structure  # isort: skip
from . import translation, wording, instructions, readability  # isort: skip

__all__ = [
    "CheckMessage",
    "DraftToCheck",
    "Line",
    "Severity",
    "blockers",
    "check",
    "check_draft",
    "comments",
    "completeness",
    "evidence",
    "findings",
    "instructions",
    "lines_for",
    "pictures",
    "readability",
    "sentences_for",
    "structure",
    "translation",
    "wording",
]


def check(article: Article) -> list[CheckMessage]:
    """Return every check message about the article's draft.

    Blockers come first, and then the order is that of the rules.
    """
    return check_draft(DraftToCheck.of(article))


def check_draft(draft: DraftToCheck) -> list[CheckMessage]:
    """Return every check message about `draft`, blockers first.

    Pure: the draft holds all that rules look at.
    """
    messages = [draft.as_signed(message) for rule in rules() for message in rule(draft)]
    return sorted(messages, key=lambda message: not message.is_blocker)


def blockers(article: Article) -> list[CheckMessage]:
    """Return the check messages that stop publishing; empty when nothing does."""
    return [message for message in check(article) if message.is_blocker]
