"""Names of people as files of references write them, to CSL names and back."""

import re
from collections.abc import Iterable

from references.csl import CslName

#: No other word behind a name is a suffix: not a degree, not a second given name.
_SUFFIX = re.compile(
    r"(?:[JjSs]n?r|JR|SR|[Jj]unior|[Ss]enior|I{2,3}|I?V|VI{0,3}|[1-5](?:st|nd|rd|th)|Esq)\.?"
)
#: A suffix behind given names with no comma; “V” alone is an initial there.
_SUFFIX_BEHIND = re.compile(r"(\S.*) ((?:[JjSs]n?r|JR|SR|I{2,3}|IV|[2-5](?:nd|rd|th))\.?)")
_DEGREES = re.compile(
    r"(?:,? ?\b(?:M\.?D|Ph\.?D|DPhil|DPT|M\.?Sc|B\.?Sc|MPH|MBBS|MBChB|PT|RN|FRCP|FACP|Dr|Prof)"
    r"\.?){1,6}"
)
#: “1950-”, “(1921–2003)”, “b. 1950”: libraries tell people of one name apart by their years.
_YEARS = re.compile(
    r",? ?\(?\b(?:(?:b|ca|d|fl)\. ?)?1[0-9]{3}(?: ?[-–] ?(?:[12][0-9]{3})?|(?<=\. ....))\)?\.?$"
)
_ROLE = re.compile(r", (?:author|editor|contributor|translator|compiler|illustrator)\.?$", re.I)
#: “Koopman M”, “van der Berg J-P”: a surname and initials with no comma between them.
_WITH_INITIALS = re.compile(
    r"((?:[^\W\d_][\w’'‐-]*\s){1,4}?)((?:[^\W\d_a-z]\.?[-‐\s]?){1,4})"
    r"((?:\s(?:Jr|Sr|I{2,3}|IV|[2-5](?:nd|rd|th))\.?)?)"
)
_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?[-‐\s]?){1,4}")
_ET_AL = re.compile(r"[,;]?\s*(?:\bet\.? ?al\b\.?|\b(?:and |& )?others)\s*\.?$", re.I)
#: What stands for the people a list leaves out; conforming takes it for what it means.
_OTHERS: CslName = {"literal": "et al."}
_FOR_A_GROUP = re.compile(r"^(?:(?:and|&) )?(?:for|on behalf of) (?:the )?(?=\S)", re.I)
_BODY_WORDS = re.compile(
    r"\b(?:academy|administration|agency|association|authority|board|bureau|cent(?:er|re)|college"
    r"|collaboration|collaborators|commission|committee|confederation|consortium|council|department"
    r"|federation|foundation|group|institutes?|institution|investigators|ministry|network|office"
    r"|organi[sz]ation|programme?|research|services?|society|task ?force|trial(?:ists)?|unit"
    r"|university|working)\b",
    re.I,
)
#: A body whose name has a comma ends in words that no given name has.
_WORDS_OF_A_BODY = re.compile(r"\b(?:and|of|for|the|on|in)\b|&")
_AND = re.compile(r",? (?:and|&) ")
#: No list of people on one line is longer.
_LONGEST_LINE = 20_000


def people(listed: Iterable[str]) -> list[CslName]:
    """Return the CSL names in the lines of one tag, each a name or a whole list of names.

    Where a line ends in “et al.”, the last name says so; conforming knows what that means.
    """
    found: list[CslName] = []
    for text in listed:
        names = [parse_inverted(text)] if len(text) > _LONGEST_LINE else _in_one_line(text)
        found += [name for name in names if name]
    return found


def bodies(listed: Iterable[str]) -> list[CslName]:
    """Return the CSL names of groups, without the words that lead to them (“for the”)."""
    found = (_FOR_A_GROUP.sub("", text.strip(" ;.")) for text in listed)
    return [{"literal": text} for text in found if text]


def _in_one_line(text):
    whole = " ".join(text.split())
    text = _ET_AL.sub("", whole).strip(" ,;") if "l" in whole[-4:] or "s" in whole[-4:] else whole
    others = [] if text == whole or text == whole.strip(" ,;") else [_OTHERS]
    if not text:
        return others
    return [name for piece in split_names(text) for name in [parse_inverted(piece)]] + others


def split_names(text: str) -> list[str]:
    """Return the names in `text`, which is one name or a list of them, each as one text.

    Lists are known by their semicolons, by initials in front of their commas (“Roe J, Doe A”), or
    by more commas than one name can have (“Roe, Jane, Doe, Ann”).
    """
    if ";" in text:
        return [
            name
            for piece in text.split(";")
            if piece.strip()
            for name in split_names(piece.strip())
        ]
    if "," not in text:
        return [text]
    if not _BODY_WORDS.search(text):
        # “Roe, J. & Doe, A.”
        parts = [part.strip(" ,") for part in _AND.split(text)]
        if len(parts) > 1 and all("," in part or is_short_form(part) for part in parts):
            return [name for part in parts for name in split_names(part)]
    pieces = [piece.strip() for piece in text.split(",")]
    last_two = re.split(r" (?:and|&) ", pieces[-1], maxsplit=1)
    pieces = [*pieces[:-1], *last_two] if len(last_two) == 2 else pieces
    pieces = [re.sub(r"^(?:and|&) ", "", piece) for piece in pieces if piece]
    short = [is_short_form(piece) for piece in pieces]
    if sum(short) >= max(2, len(pieces) - 1) and all(short[:-1]):
        return [_with_comma(piece) for piece in pieces]
    if _BODY_WORDS.search(text):
        return [text]
    pieces = [piece for piece in pieces if not _DEGREES.fullmatch(piece)]
    if len(pieces) >= 4 and len(pieces) % 2 == 0 and not any(map(_SUFFIX.fullmatch, pieces)):
        return [
            f"{family}, {given}" for family, given in zip(pieces[::2], pieces[1::2], strict=True)
        ]
    if len(pieces) >= 3 and all(1 < len(piece.split()) < 5 for piece in pieces):
        # “Jane Roe, Ann Doe, Bea Poe”
        return [_given_last(piece) for piece in pieces]
    return [text]


def is_suffix(text: str) -> bool:
    """Return whether `text` is the suffix of a name, such as “Jr” or “III”."""
    return bool(_SUFFIX.fullmatch(text.strip()))


def is_short_form(piece: str) -> bool:
    """Return whether `piece` is a surname with initials behind it, such as “Roe JA”."""
    return bool(_WITH_INITIALS.fullmatch(piece)) and not _SUFFIX.fullmatch(piece)


def _with_comma(piece):
    """Return “ROE J” as “ROE, J”: alone, words in capitals would name a body."""
    match = _WITH_INITIALS.fullmatch(piece)
    if not match or not piece.isupper():
        return piece
    return ", ".join(filter(None, [match[1].strip(), _spaced(match[2]), match[3].strip()]))


def _given_last(piece):
    given, _, family = piece.rpartition(" ")
    return f"{family}, {given}"


def parse_inverted(text: str) -> CslName:
    """Return the CSL name in “Family, Given, Suffix”, as RIS and MEDLINE write it.

    Text without a comma names a body, or a person with initials.
    """
    text = _YEARS.sub("", _ROLE.sub("", " ".join(text.split()).strip(" ;"))).strip(" ;")
    if not text:
        return {}
    if _FOR_A_GROUP.match(text) and "," not in text:
        return {"literal": _FOR_A_GROUP.sub("", text)}
    family, comma, rest = text.partition(",")
    if not comma:
        match = _WITH_INITIALS.fullmatch(text)
        if match and match[2].strip() == match[2].strip().upper() and not text.isupper():
            short: CslName = {"family": match[1].strip(), "given": _spaced(match[2])}
            return short | {"suffix": match[3].strip()} if match[3] else short
        return {"literal": text}
    if _is_body(text, family, rest):
        return {"literal": text}
    return from_parts([part.strip() for part in text.split(",")])


def _is_body(text, family, rest):
    """Return whether a text with a comma names a body, such as a department of two subjects."""
    if not rest.strip() or not _BODY_WORDS.search(text):
        return False
    return len(family.split()) > 1 and bool(
        _WORDS_OF_A_BODY.search(text) or _BODY_WORDS.search(family)
    )


def from_parts(parts: list[str]) -> CslName:
    """Return the CSL name of what stood between commas: family, given names, and perhaps a suffix.

    The suffix may stand before the given names, as in BibTeX.
    """
    family, *parts = parts
    suffix = next((part for part in parts if _SUFFIX.fullmatch(part)), "")
    given = " ".join(
        part for part in parts if part and part != suffix and not _DEGREES.fullmatch(part)
    )
    if not suffix and (behind := _SUFFIX_BEHIND.fullmatch(given)):
        given, suffix = behind.groups()
    if not family:
        return {"literal": given} if given else {}
    if not given:
        # Some tools mark a body with a comma: “World Health Organization,”.
        return {"literal": f"{family} {suffix}".strip()}
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
    if len(name) == 2 and (family := name.get("family")) and (given := name.get("given")):
        return f"{family}, {given}"
    if not name.get("family"):
        literal = name.get("literal", "")
        is_clear = "," not in literal and parse_inverted(literal) == {"literal": literal}
        return literal if is_clear else f"{literal},"
    particles = (name.get("dropping-particle"), name.get("non-dropping-particle"))
    family = " ".join(filter(None, [*particles, name["family"]]))
    return ", ".join(filter(None, [family, name.get("given", ""), name.get("suffix")])) + (
        "" if name.get("given") else ","
    )


_NAME_PART = re.compile(r"[^\W\d_]\w*")


def surname_and_initials(name: CslName) -> str:
    """Return `name` as “van der Berg JP”, as MEDLINE writes it beside the full name."""
    if not name.get("family"):
        return name.get("literal", "")
    particles = (name.get("dropping-particle"), name.get("non-dropping-particle"))
    initials = "".join(part[0] for part in _NAME_PART.findall(name.get("given", "")))
    return " ".join(
        filter(None, [*particles, name["family"], initials.upper(), name.get("suffix")])
    )
