"""Names of people as files of references write them, to CSL names and back."""

import re

_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|2nd|3rd|4th)\.?$", re.I)
# “Koopman M”, “van der Berg J-P”: a surname and initials with no comma between them.
_WITH_INITIALS = re.compile(r"((?:[^\W\d_][\w’'‐-]*\s){1,4}?)((?:[^\W\d_a-z]\.?[-‐\s]?){1,4})$")


def inverted(text):
    """The CSL name in “Family, Given, Suffix”, as RIS and MEDLINE write it.

    Without a comma a body, or initials.
    """
    text = " ".join(text.split()).strip(" ;")
    if not text:
        return {}
    family, comma, rest = text.partition(",")
    if not comma:
        found = _WITH_INITIALS.fullmatch(text)
        if found and found[2].strip() == found[2].strip().upper() and not text.isupper():
            return {"family": found[1].strip(), "given": _apart(found[2])}
        return {"literal": text}
    given, _, suffix = rest.partition(",")
    family, given, suffix = family.strip(), given.strip(), suffix.strip()
    if _SUFFIX.match(given) and suffix:
        given, suffix = suffix, given
    if not family:
        return {"literal": given} if given else {}
    if not given:
        # “World Health Organization,” is how some tools mark a body.
        return {"literal": family}
    name = {"family": family, "given": given}
    return name | ({"suffix": suffix} if suffix else {})


def _apart(initials):
    return " ".join(re.findall(r"[^\W\d_]\.?(?:[-‐][^\W\d_]\.?)?", initials))


def as_inverted(name):
    """`name` as “Family, Given, Suffix”.

    A body ends in a comma where it could be taken for a person.
    """
    if not name.get("family"):
        literal = name.get("literal", "")
        return (
            literal
            if "," not in literal and inverted(literal) == {"literal": literal}
            else f"{literal},"
        )
    particles = (name.get("dropping-particle"), name.get("non-dropping-particle"))
    family = " ".join(filter(None, [*particles, name["family"]]))
    return ", ".join(filter(None, [family, name.get("given", ""), name.get("suffix")])) + (
        "" if name.get("given") else ","
    )


def surname_and_initials(name):
    """`name` as “van der Berg JP”, as MEDLINE writes it beside the full one."""
    if not name.get("family"):
        return name.get("literal", "")
    particles = (name.get("dropping-particle"), name.get("non-dropping-particle"))
    initials = "".join(part[0] for part in re.findall(r"[^\W\d_]\w*", name.get("given", "")))
    return " ".join(
        filter(None, [*particles, name["family"], initials.upper(), name.get("suffix")])
    )
