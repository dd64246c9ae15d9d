"""Which rights only two people may give together, and to whom they belong.

Publishing takes two people: a writer and a colleague who checks. Somebody who could alone make an
editor, or become one, could publish alone. So a role with such a right, and the address to which
the password of its holder is sent, change only when a second person agrees.
"""

from django.contrib.auth.models import Group, User
from django.db.models import Exists, OuterRef, Q, QuerySet

from articles.notifications import inbox
from physiohub import policy


def _needs_two(prefix: str = "") -> Q:
    found = Q()
    for right in policy.NEED_TWO:
        app, _dot, codename = right.partition(".")
        found |= Q(
            **{f"{prefix}content_type__app_label": app, f"{prefix}codename": codename},
        )
    return found


def roles_that_need_two() -> QuerySet[Group]:
    """Return the roles that one person alone cannot give."""
    return Group.objects.filter(_needs_two("permissions__")).distinct()


def is_protected(account: User) -> bool:
    """Whether one person alone must not be able to take this account over. Two queries at most.

    Closed accounts too: they can be opened again.
    """
    if account.is_superuser:
        return True
    own = User.user_permissions.through.objects.filter(
        _needs_two("permission__"), user=OuterRef("pk")
    )
    by_role = roles_that_need_two().filter(user=OuterRef("pk"))
    return (
        User.objects.filter(Exists(own.order_by()) | Exists(by_role.order_by()), pk=account.pk)
    ).exists()


def who_may_agree(asked_by: User, account: User) -> list[User]:
    """Return active editors and administrators, but the two the request is about. Two queries."""
    people = {person.pk: person for person in [*inbox.administrators(), *inbox.reviewers()]}
    return [person for pk, person in sorted(people.items()) if pk not in (asked_by.pk, account.pk)]
