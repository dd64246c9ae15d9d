"""The people of a reference, as both styles write them."""

import re

from .item import Item
from .markup import one_line, plain, typographic, unescaped

_GIVEN_PART = re.compile(r"[^\s.\-‐‑]+\.?|\.")


def _is_initials(part, family):
    """Return whether a word in capitals is initials (“NG”), not a short name in capitals (“LI”)."""
    return part.isalpha() and part.isupper() and 1 < len(part) <= 3 and not family.isupper()


def _initials(given, family):
    """Return “Jean-Pascal A.” as “JPA”; parts that begin with a small letter or a bracket stay."""
    initials = ""
    for part in _GIVEN_PART.findall(given):
        bare = part.removesuffix(".")
        if not bare:
            continue
        if not bare[0].isupper():
            initials += f" {part} "
        elif (part != bare and len(bare) > 1) or _is_initials(bare, family):
            # A name that is abbreviated already: “Aug. F”, “Yu. A.”
            initials += bare
        else:
            initials += bare[0]
    return " ".join(initials.split())


def _printed_name(name):
    """Return one CSL name as “van der Berg JP Jr”, a body as it is.

    "" when there is nothing to print.
    """
    if isinstance(name, str):
        return typographic(one_line(name))
    if not isinstance(name, dict):
        return ""
    given, family = one_line(name.get("given")), one_line(name.get("family"))
    if not family:
        return typographic(
            plain(unescaped(one_line(name.get("literal") or name.get("name")) or given))
        )
    particles = (
        one_line(name.get("dropping-particle")),
        one_line(name.get("non-dropping-particle")),
    )
    suffix = one_line(name.get("suffix")).removesuffix(".")
    parts = [*particles, family, _initials(given, family), suffix]
    return typographic(unescaped(" ".join(filter(None, parts))))


#: “Zhang W sheng”: a person whose name was stored whole, surname and initials first.
_WHOLE_NAME = re.compile(r"[^\W\d_][\w'’-]+ [^\W\d_a-z]{1,2}(?:[. ]|$)")
_NAMES_A_GROUP = re.compile(
    r"\b(?:group|team|consortium|collaborat\w+|network|committee|investigators?|study|trial"
    r"|society|association|organi[sz]ation|initiative|task force|alliance|register|registry)\b",
    re.I,
)


def _is_person(whole):
    return bool(_WHOLE_NAME.match(whole)) and not _NAMES_A_GROUP.search(whole)


def names_of(item: Item, role: str, *, at_most: int, shown: int) -> tuple[str, int]:
    """Return the people in `role`, and how many entries these are.

    More than `at_most` are shown as the first `shown` and “et al”, which is one entry.
    """
    people = item.csl.get(role)
    names: list[str] = []
    groups: list[int] = []  # places in names
    for name in people if isinstance(people, list) else ():
        if text := _printed_name(name):
            if not (isinstance(name, dict) and name.get("family")) and not _is_person(text):
                groups.append(len(names))
            names.append(text)
            if len(names) > at_most:
                break
    custom = item.csl.get("custom")
    # True when the authors of a typed line ended in “et al”.
    has_more = role == "author" and isinstance(custom, dict) and bool(custom.get("more-authors"))
    count = len(names)
    if names and (count > at_most or has_more):
        names = [*names[:shown], "et al"]
    if groups and 0 < groups[0] < min(count, shown) and groups[0] + len(groups) == count:
        # Groups behind people are set off by a semicolon (AMA Manual of Style, 11th ed., 3.7;
        # Citing Medicine, chapter 1, author). Where people follow, their names were stored whole.
        people_names, group_names = names[: groups[0]], names[groups[0] :]
        return f"{', '.join(people_names)}; {', '.join(group_names)}", len(names)
    return ", ".join(names), len(names)
