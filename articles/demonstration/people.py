"""The people of the demonstration, made up, with accounts to log in as."""

import secrets

from django.contrib.auth.models import Group, User

from articles.models import Person
from physiohub import roles

_PHYSIO = "Physiotherapist (made up for this example)"
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

    Passwords are drawn here and stored only as hashes.
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
            user.save()
            drawn.append((username, password, role))
    return drawn
