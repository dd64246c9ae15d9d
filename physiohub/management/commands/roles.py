"""manage.py roles: what each role may do, and whether the accounts of this site agree with it.

`--table` prints docs/roles.md instead.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandParser

from physiohub import policy, roles

_BEGINNING = """\
# Who may do what

Made by `manage.py roles --table` from `physiohub/policy.py` (which rights an act asks for) and
`physiohub/roles.py` (which rights a role holds). Forms, pages, files, actions and services ask
these two alone. `tests/accounts/who_gets_what.txt` has every address of the site with what each
role gets there, and a test asks for all of it. `manage.py roles` says whether the roles of a
running site are these, and who holds rights beside them.

A superuser may do all of it but what the last column excludes: nobody approves what they edited,
superusers included. Whose article it is opens and closes nothing: colleagues write together.
"""


class Command(BaseCommand):
    help = "Says what each role may do, and names accounts and roles that hold more or less."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--table", action="store_true", help="print the page docs/roles.md")

    def handle(self, *, table: bool, **options: Any) -> None:
        if table:
            self.stdout.write(page(), ending="")
            return
        for role in roles.PERMISSIONS:
            self.stdout.write(f"{role}: {', '.join(_acts_of(role))}.")
        differences = list(_differences())
        for sentence in differences:
            self.stdout.write(sentence)
        if differences:
            raise SystemExit(1)
        self.stdout.write("The roles of this site are these, and nobody holds a right beside them.")


def page() -> str:
    """Return docs/roles.md."""
    return "\n".join([_BEGINNING, *_tables()])


def _tables() -> Iterator[str]:
    names = list(roles.PERMISSIONS)
    for heading, acts in policy.ACTS.items():
        yield f"## {heading}\n"
        yield f"| | {' | '.join(names)} | in which state | what else is asked |"
        yield f"|---|{':-:|' * len(names)}---|---|"
        for act in acts:
            marks = " | ".join("yes" if _may(name, act) else "–" for name in names)
            states = "any" if len(act.states) == len(policy.State) else ", ".join(act.states)
            yield f"| {act.words} | {marks} | {states} | {act.also} |"
        yield ""


def _may(role: str, act: policy.Act) -> bool:
    return act.is_held_with(roles.PERMISSIONS[role])


def _acts_of(role: str) -> Iterator[str]:
    for acts in policy.ACTS.values():
        for act in acts:
            if _may(role, act):
                yield act.words[0].lower() + act.words[1:]


def _differences() -> Iterator[str]:
    groups = {group.name: group for group in Group.objects.prefetch_related("permissions")}
    for name, expected in roles.PERMISSIONS.items():
        if name not in groups:
            yield f"There is no role “{name}” here. Run manage.py migrate."
            continue
        held = {
            f"{right.content_type.app_label}.{right.codename}"
            for right in groups[name].permissions.select_related("content_type")
        }
        for right in sorted(held - set(expected)):
            yield f"{name} holds {right} here, which is not in the table. Run manage.py migrate."
        for right in sorted(set(expected) - held):
            yield f"{name} lacks {right} here. Run manage.py migrate."
    for name in sorted(set(groups) - set(roles.PERMISSIONS)):
        yield f"The role “{name}” is not in the table."
    for account in User.objects.filter(is_active=True).order_by("username"):
        if account.is_superuser:
            yield f"{account.get_username()} is a superuser."
        elif account.user_permissions.exists():
            yield f"{account.get_username()} holds rights that no role gave."
