"""Who may do what: the one place that says so.

`roles` says which rights a role holds. An act below says which rights it asks for. What else it
asks for (to have had no part in the text, to be the person whose account it is) stands in the
functions under the table, or in `also`, with the function of the act that looks at it.

Forms, pages, files, actions, searches and services ask `may` with an act, or one of the functions.
No other module looks at rights, at roles or at superusers; tests/repository/ holds that.
docs/roles.md shows the table for every role, and is made from it.
"""

from collections.abc import Container
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


class State(StrEnum):
    """Where an article is in its life. One with a next version in work is live."""

    DRAFT = "draft"
    IN_REVIEW = "in review"
    LIVE = "live"
    WITHDRAWN = "withdrawn"


_ANY = tuple(State)


class Account(Protocol):
    """What is asked of an account, and of somebody without one."""

    pk: Any

    @property
    def is_active(self) -> bool: ...

    def has_perm(self, perm: str, obj: Any = None) -> bool: ...


@dataclass(frozen=True)
class Act:
    """Something people do, and the rights ("app.codename") it asks for: all of `needs`.

    Where `one_of` is given, one of these is enough, beside all of `needs`.
    """

    words: str
    needs: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    states: tuple[State, ...] = _ANY
    also: str = ""

    def is_open_to(self, account: Account) -> bool:
        """Whether the account is open and holds the rights."""
        return (
            account.is_active
            and all(map(account.has_perm, self.needs))
            and (not self.one_of or any(map(account.has_perm, self.one_of)))
        )

    def is_held_with(self, rights: Container[str]) -> bool:
        """Whether these rights are enough: for tables."""
        return all(right in rights for right in self.needs) and (
            not self.one_of or any(right in rights for right in self.one_of)
        )


def _articles(*names: str) -> tuple[str, ...]:
    return tuple(f"articles.{name}" for name in names)


def _references(*names: str) -> tuple[str, ...]:
    return tuple(f"references.{name}" for name in names)


# --- read what is not published ------------------------------------------------------------------
SEE_ARTICLES = Act("See the list of articles, and the form of one", _articles("view_article"))
READ_DRAFT = Act(
    "Read a draft as a page: its preview, its checklists, what its translation lacks",
    _articles("view_article", "view_keypoint", "view_claim", "view_citation"),
)
READ_REVIEW = Act(
    "Read the review page: the draft, what was said of it and decided",
    _articles("view_article", "view_revision", "view_comment", "view_decision"),
)
READ_EVIDENCE = Act(
    "Read the table of the evidence of a draft",
    _articles("view_article", "view_claim", "view_citation"),
)
EXPORT_SOURCES = Act(
    "Take the sources of a draft away as a file",
    (*READ_EVIDENCE.needs, *_references("view_reference")),
)
COMPARE_VERSIONS = Act("Compare two versions", _articles("view_article", "view_revision"))
READ_HISTORY = Act(
    "Read who did what to an article, and take it away as a file",
    _articles("view_article", "view_auditentry"),
)
SEE_QUEUE = Act(
    "See what waits for a review",
    _articles("view_article", "view_reviewrequest", "view_reviewtask", "view_schedule"),
)
SEE_PICTURES = Act("See pictures that no live page shows", _articles("view_picture"))
SEE_DOUBTED_SOURCES = Act(
    "See what a source in question holds up, and its newer version",
    (*_articles("view_safetynotice", "view_claim", "view_citation"), *EXPORT_SOURCES.needs[-1:]),
)
READ_FEEDBACK = Act("Read what readers say", _articles("view_article", "view_feedback"))
DELETE_FEEDBACK = Act("Delete what a reader said", _articles("delete_feedback"))
READ_CLAIMS = Act("Open a claim", _articles("view_claim"))

# --- write ---------------------------------------------------------------------------------------
BEGIN = Act(
    "Begin an article, by hand, from a document or as a translation", _articles("add_article")
)
WRITE = Act(
    "Change a draft, bring an older version back, answer checklists, move to a newer source",
    _articles("change_article"),
)
SUBMIT = Act(
    "Ask for a review",
    _articles("change_article"),
)
ADD_PICTURES = Act("Add a picture", _articles("add_picture"))
COMMENT = Act(
    "Comment on a text, and settle a comment", one_of=_articles("change_article", "review_article")
)
SIGN_EXCEPTION = Act(
    "Say why a rule does not hold here",
    _articles("change_article"),
    also="a few rules take an editor",
)

# --- review and publish --------------------------------------------------------------------------
_NO_PART = "had no part in the text since it was last published"
REVIEW = Act(
    "Check evidence, invite readers, assign reviews",
    _articles("review_article"),
    also="nobody checks what they linked themselves",
)
DECIDE = Act(
    "Approve a text, or ask for changes",
    _articles("review_article"),
    also=_NO_PART,
)
PUBLISH = Act(
    "Publish a text that was approved, now or at a set time",
    _articles("publish_article"),
    also="a colleague approved exactly this text",
)
CORRECT = Act(
    "Correct a small mistake on a live page",
    _articles("publish_article"),
    states=(State.LIVE,),
    also="no word becomes another",
)
CONFIRM = Act(
    "Say that a live page is still right", _articles("publish_article"), states=(State.LIVE,)
)
WITHDRAW = Act("Take a live page down", _articles("publish_article"), states=(State.LIVE,))
SETTLE_NOTICE = Act("Take a safety notice off a page", _articles("publish_article"))
OVERRIDE = Act(
    "Approve in an emergency what one edited",
    _articles("override_review"),
    also="a reason; all editors and administrators are told, and a review follows",
)

# --- the evidence library ------------------------------------------------------------------------
ADD_REFERENCES = Act("Add a reference", _references("view_reference", "add_reference"))
SEE_REFERENCES = Act(
    "Search the library, and take it away as a file", _references("view_reference")
)
CHANGE_REFERENCES = Act(
    "Merge references and undo it, say that two are different works, look them up, check many",
    _references("change_reference"),
)
SEE_IMPORTS = Act("See what an import of references refused", _references("view_referenceimport"))
IMPORT_REFERENCES = Act("Import a file of references", _references("add_referenceimport"))
KEEP_LIBRARY = Act("Delete references that nothing cites", _references("delete_reference"))

# --- accounts ------------------------------------------------------------------------------------
SEE_ACCOUNTS = Act("Read entries of the log about accounts", ("auth.view_user",))
MAKE_ACCOUNTS = Act("Make an account", ("auth.add_user",))
CHANGE_ACCOUNTS = Act(
    "Change an account, send a link to set a password, say which person it is",
    ("auth.change_user",),
    also="a second person agrees to a role that lets texts go out or gives roles",
)
DELETE_ACCOUNTS = Act(
    "Delete an account",
    ("auth.delete_user",),
    also="not one's own, and none that may let texts go out or give roles",
)
SEE_REQUESTS = AGREE = Act(
    "Be the second person who agrees to a role",
    one_of=("auth.change_user", "articles.review_article"),
    also="neither asked for it nor gets it",
)

#: With one of these rights a person can let a text go out, or say who may: only two people together
#: give a role that has one (articles.accounts.rights).
NEED_TWO = (
    *_articles("review_article", "publish_article", "override_review"),
    *(f"auth.{name}" for name in ("add_user", "change_user", "change_group", "change_permission")),
)

#: {heading: acts}, in the order of docs/roles.md.
ACTS = {
    "Read what is not published": (
        SEE_ARTICLES,
        READ_DRAFT,
        READ_REVIEW,
        READ_EVIDENCE,
        EXPORT_SOURCES,
        COMPARE_VERSIONS,
        READ_HISTORY,
        SEE_QUEUE,
        SEE_PICTURES,
        SEE_DOUBTED_SOURCES,
        READ_FEEDBACK,
        READ_CLAIMS,
    ),
    "Write": (BEGIN, WRITE, SUBMIT, ADD_PICTURES, COMMENT, SIGN_EXCEPTION, DELETE_FEEDBACK),
    "Review and publish": (
        REVIEW,
        DECIDE,
        PUBLISH,
        CORRECT,
        CONFIRM,
        WITHDRAW,
        SETTLE_NOTICE,
        OVERRIDE,
    ),
    "The evidence library": (
        SEE_REFERENCES,
        ADD_REFERENCES,
        CHANGE_REFERENCES,
        SEE_IMPORTS,
        IMPORT_REFERENCES,
        KEEP_LIBRARY,
    ),
    "Accounts": (SEE_ACCOUNTS, MAKE_ACCOUNTS, CHANGE_ACCOUNTS, DELETE_ACCOUNTS, AGREE),
}


def may(account: Account, *acts: Act) -> bool:
    """Return whether the account is open and may do any one of these acts."""
    return any(act.is_open_to(account) for act in acts)


def works_here(account: Any) -> bool:
    """Whether it is an open account of somebody who works here, with a role or without."""
    return bool(account.is_active and account.is_staff)


def may_decide(account: Account, contributors: Container[Any]) -> bool:
    """Whether the account may judge a text to which these (primary keys) have had a part."""
    return may(account, DECIDE) and account.pk not in contributors


def may_settle(
    account: Account, *, author: Any, blocks: bool, contributors: Container[Any]
) -> bool:
    """Whether the account may settle a comment; `author` is the key of who made it (None: a guest).

    One that `blocks` publication is for who made it, and for editors who had no part in the text.
    """
    if blocks:
        is_own = account.is_active and author is not None and author == account.pk
        return is_own or may_decide(account, contributors)
    return may(account, COMMENT)


def may_change_person(account: Account, *, of_account: Any) -> bool:
    """Whether the account may change a Person; `of_account` is the key of their account, or None.

    What readers are told of people who approve is for administrators.
    """
    return of_account is None or may(account, CHANGE_ACCOUNTS)


def may_change_account(account: Any, other: Any) -> bool:
    """Whether the account may change `other`: nobody changes one with more rights than theirs."""
    return may(account, CHANGE_ACCOUNTS) and (account.is_superuser or not other.is_superuser)


def may_agree(account: Account, *, asked_by: Any, about: Any) -> bool:
    """Whether the account is a second person: `asked_by` and `about` are keys of accounts."""
    return may(account, AGREE) and account.pk not in (asked_by, about)
