"""Which person, as readers see them, an account is.

Approvals show the role of that person beside the name of the account. So only administrators say
whose account it is, or change a person that has one.
"""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import audit, permissions
from articles.models import AuditEntry, Notification, Person
from articles.notifications import inbox
from physiohub import policy


@transaction.atomic
def tie(person: Person, account: User | None, *, by: User, at: datetime) -> Person:
    """Say that `account` is this person (None: no account is). Returns the Person.

    The owners of the account, and of the one before, are told. Raises NotAllowed unless `by` is an
    administrator.
    """
    permissions.require(
        by,
        policy.CHANGE_ACCOUNTS,
        otherwise=_("Only administrators say which account is whose. Ask one of them."),
    )
    person = Person.objects.select_for_update(of=("self",)).select_related("user").get(pk=person.pk)
    before = person.user
    if before == account:
        return person
    person.user = account
    person.save(update_fields=["user"])
    values = {"name": inbox.actor_name(by), "person": person.name}
    audit.record(
        AuditEntry.Act.EDITED,
        person,
        by=by,
        at=at,
        summary=_("account: %s") % (audit.name_of(account) if account else _("nobody")),
    )
    _tell(before, _("%(name)s took your account off “%(person)s”.") % values, by, at)
    text = _(
        "%(name)s said that your account is “%(person)s”. When you approve a text, readers see the"
        " role of that person beside your name. If that is wrong, tell an administrator."
    )
    _tell(account, text % values, by, at)
    return person


def _tell(account, text, by, at):
    address = reverse("admin:articles_notification_inbox")
    inbox.notify([account], Notification.Kind.ACCOUNT, text, at=at, by=by, address=address)
