"""The people of the demonstration, made up, with accounts to log in as."""

import secrets
import time

from django.contrib.auth.models import Group, User
from django.db import transaction
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from articles.models import Person
from physiohub import roles

_PHYSIO = "Physiotherapist (made up for this example)"
#: What the app of a person of the demonstration is called: nobody sets up one of this name.
_APP = "demonstration"
#: {title: what it is in other languages}
_IN_OTHER_LANGUAGES = {
    _PHYSIO: {
        "es": "Fisioterapeuta (persona inventada para este ejemplo)",
        "ar": "أخصائي علاج طبيعي (شخصية مختلقة لهذا المثال)",
    }
}
#: (user name, first name, last name, role, title)
PEOPLE = [
    ("writer", "Wren", "Writer", roles.CLINICIAN, _PHYSIO),
    ("colleague", "Casey", "Colleague", roles.CLINICIAN, _PHYSIO),
    ("editor", "Eden", "Editor", roles.EDITOR, _PHYSIO),
    ("reviewer", "Robin", "Reviewer", roles.EDITOR, _PHYSIO),
    ("librarian", "Lee", "Librarian", roles.LIBRARIAN, ""),
]


def add(*, new_passwords: bool) -> list[tuple[str, str, str]]:
    """Add those who are missing, and return (user name, password, role) of every new password.

    Passwords are drawn here and stored only as hashes. Each gets a second factor whose codes
    `code_for` tells.
    """
    drawn = []
    for username, first, last, role, title in PEOPLE:
        user, is_new = User.objects.get_or_create(
            username=username,
            defaults={"first_name": first, "last_name": last, "is_staff": True},
        )
        if is_new:
            user.groups.add(Group.objects.get(name=role))
            Person.objects.create(
                name=f"{first} {last}",
                role=title,
                roles=_IN_OTHER_LANGUAGES.get(title, {}),
                user=user,
            )
        if is_new or new_passwords:
            password = secrets.token_urlsafe(9)
            user.set_password(password)
            with transaction.atomic():
                user.save()
                TOTPDevice.objects.filter(user=user).delete()
                TOTPDevice.objects.create(user=user, name=_APP)
            drawn.append((username, password, role))
    return drawn


class NoCode(Exception):
    """str() says why, and what to do."""


def code_for(username: str) -> str:
    """Return a code with which a person of the demonstration logs in now.

    Raises NoCode for everybody else, and where both codes of this moment were used.
    """
    app = TOTPDevice.objects.filter(user__username=username, name=_APP, confirmed=True).first()
    if app is None:
        raise NoCode(
            f"“{username}” is not of the demonstration, or has an app of their own."
            " `manage.py demo --new-passwords` starts them again."
        )
    totp = TOTP(app.bin_key, app.step, app.t0, app.digits, app.drift)
    totp.time = time.time()
    # Each code works once; the next one is taken as well.
    if (ahead := max(0, app.last_t + 1 - totp.t())) > app.tolerance:
        raise NoCode("The codes of this minute were used. Ask again in half a minute.")
    totp.time += ahead * app.step
    return f"{totp.token():0{app.digits}}"
