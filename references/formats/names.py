"""Names of people as files of references write them, to CSL names and back."""

import re

from references.csl import CslName

_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|2nd|3rd|4th)\.?$", re.I)
# “Koopman M”, “van der Berg J-P”: a surname and initials with no comma between them.
_WITH_INITIALS = re.compile(r"((?:[^\W\d_][\w’'‐-]*\s){1,4}?)((?:[^\W\d_a-z]\.?[-‐\s]?){1,4})$")


def parse_inverted(text: str) -> CslName:
    """Return the CSL name in “Family, Given, Suffix”, as RIS and MEDLINE write it.

    Text without a comma names a body, or a person with initials.
    """
    text = " ".join(text.split()).strip(" ;")
    if not text:
        return {}
    family, comma, rest = text.partition(",")
    if not comma:
        match = _WITH_INITIALS.fullmatch(text)
        if match and match[2].strip() == match[2].strip().upper() and not text.isupper():
            return {"family": match[1].strip(), "given": _spaced(match[2])}
        return {"literal": text}
    given, _, suffix = rest.partition(",")
    family, given, suffix = family.strip(), given.strip(), suffix.strip()
    if _SUFFIX.match(given) and suffix:
        given, suffix = suffix, given
    if not family:
        return {"literal": given} if given else {}
    if not given:
        # Some tools mark a body with a comma: “World Health Organization,”.
        return {"literal": family}
    name: CslName = {"family": family, "given": given}
    if suffix:
        name["suffix"] = suffix
    return name


def _spaced(initials):
    return " ".join(re.findall(r"[^\W\d_]\.?(?:[-‐][^\W\d_]\.?)?", initials))


def as_inverted(name: CslName) -> str:
    """Return `name` as “Family, Given, Suffix”.

    A body ends in a comma where it may look like a person.
    """
    if not name.get("family"):
        literal = name.get("literal", "")
        is_clear = "," not in literal and parse_inverted(literal) == {"literal": literal}
        return literal if is_clear else f"{literal},"
    particles = (name.get("dropping-particle"), name.get("non-dropping-particle"))
    family = " ".join(filter(None, [*particles, name["family"]]))
    return ", ".join(filter(None, [family, name.get("given", ""), name.get("suffix")])) + (
        "" if name.get("given") else ","
    )


def surname_and_initials(name: CslName) -> str:
    """Return `name` as “van der Berg JP”, as MEDLINE writes it beside the full name."""
    if not name.get("family"):
        return name.get("literal", "")
    particles = (name.get("dropping-particle"), name.get("non-dropping-particle"))
    initials = "".join(part[0] for part in re.findall(r"[^\W\d_]\w*", name.get("given", "")))
    return " ".join(
        filter(None, [*particles, name["family"], initials.upper(), name.get("suffix")])
    )
