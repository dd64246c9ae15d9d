"""Who may do what. `physiohub/roles.py` says which roles hold which permissions."""

from django.contrib.auth.models import AbstractUser

from .refusals import NotAllowed, Words

#: Any one of them is enough to comment on a text.
TO_COMMENT = ("articles.change_article", "articles.review_article")


def may(user: AbstractUser, *permissions: str) -> bool:
    """Return whether this account is open and holds one of these permissions ("app.codename")."""
    return user.is_active and any(map(user.has_perm, permissions))


def require(user: AbstractUser, *permissions: str, otherwise: Words) -> None:
    """Raise NotAllowed with the sentence `otherwise` unless the account may."""
    if not may(user, *permissions):
        raise NotAllowed(otherwise)
