"""The authors and editors that a line begins with."""

import re
from itertools import islice
from typing import Any

from .sentences import bare

_EDITORS = re.compile(r", ?(?:eds?|editors?)$|,? \((?:[Ee]ds?|[Ee]ditors?)\.?\)$")
_ET_AL = re.compile(r",? (?:et al|and others)\.?$", re.I)
_FOR_A_GROUP = re.compile(r"^(?:and )?(?:for|on behalf of) (?:the )?", re.I)
_PARTICLES = frozenset(
    "af al am ben bin da dal de del dela della den der des di do dos du e el het ibn la las le les"
    " lo los mac mc op san st te ten ter 't ’t tot van vande vanden vander vom von y zu zum"
    " zur".split()
)
_SUFFIXES = frozenset("jr sr ii iii iv 2nd 3rd 4th".split())
_FAMILY_WORD = re.compile(r"(?:[’']?[^\W\d_])(?:[^\W\d_]|[’'‐.-](?=[^\W_]))*\.?")
_INITIALS = re.compile(r"(?:[^\Wa-z\d_]\.?[-‐]?){1,5}")
_ORGANISATION = re.compile(
    r"\b(?:academy|administration|agency|alliance|associates|association|authority|authors|board|bureau"
    r"|cent(?:er|re)s?|charity|clinic|collaborat(?:ion|ors|ive)|contributors|college|commission|committee|consortium|council"
    r"|department|division|federation|forum|foundation|group|hospital|initiative|institutes?|institution"
    r"|investigators|ministry|nations|network|nhs|nice|organi[sz]ation|panel|programme?|project|registry|school"
    r"|services?|society|staff|task ?force|team|trialists|trust|union|university|who|workgroup)\b",
    re.I,
)
_SMALL_IN_NAMES = frozenset(
    "a an and at by contributors de del der des di du e et for für in la of on or para the to und"
    " voor y &".split()
)


def people_first(sentences: list[str], *, leave: int) -> tuple[dict[str, Any], list[str]]:
    """Return the authors or editors `sentences` begin with, as CSL fields, and the sentences left.

    At least `leave` sentences are left, so that a title such as “Vitamin D” is not read as a
    person.
    """
    people: dict[str, Any] = {}
    count = 0
    for reach in range(1, min(len(sentences) - 1, 16) + 1):
        # Initials with full stops and blanks (“Smith J. A.”) are sentences of their own.
        longer = _people(" ".join(sentences[:reach]), all_of_them=reach > 1)
        if longer and (reach <= len(sentences) - leave or len(longer.get("author", ())) > 1):
            people, count = longer, reach
        elif reach > count + 4:
            break
    if not people and sentences:
        people, sentences = _people_before_a_small_letter(sentences)
    if not people and len(sentences) > leave and _is_organisation(sentences[0]):
        people, count = {"author": [{"literal": bare(sentences[0])}]}, 1
    return people, sentences[count:]


def _people_before_a_small_letter(sentences):
    """Return the authors before a title that begins with a small letter.

    Such a letter ends no sentence for us.
    """
    first = sentences[0]
    for stop in islice(re.finditer(r"\. (?=[a-z])", first), 8):
        if people := _people(first[: stop.start()], all_of_them=True):
            return people, [first[stop.end() :], *sentences[1:]]
    return {}, sentences


def _people(text, *, all_of_them):
    """Return CSL fields for a list of people, or {} when `text` is none; an odd name is kept whole.

    With `all_of_them` no odd name is accepted, and no group, which could be any words.
    """
    text = bare(text)
    editors = _EDITORS.search(text)
    text = text[: editors.start()] if editors else text
    people_text, *groups = (part.strip() for part in text.split(";"))
    people = _ET_AL.sub("", people_text)
    pieces = [
        re.sub(r"^(?:and|&) ", "", piece.strip())
        for piece in re.split(r"[,،]|(?<=\S) (?:and|&) (?=[^\Wa-z])", people)
    ]
    pieces = _with_suffixes(pieces)
    names = [_person(piece) for piece in pieces]
    recognised = sum(name is not None for name in names)
    # A sentence with commas in it has no initials at all.
    if not recognised or (all_of_them and (groups or recognised < len(names))):
        return {}
    groups_named = sum(bool(_FOR_A_GROUP.match(piece)) for piece in pieces)
    if recognised + groups_named < len(names) * 0.6:
        return {}
    csl_names = [
        name or {"literal": _group_name(piece)}
        for name, piece in zip(names, pieces, strict=True)
        if piece
    ]
    csl_names += [{"literal": _group_name(group)} for group in groups if group]
    fields = {"editor" if editors else "author": csl_names}
    if people != people_text:
        fields["custom"] = {"more-authors": True}
    return fields


def _with_suffixes(pieces):
    """Return “Smith J”, “Jr” as one piece: some lists have a comma before the suffix."""
    joined = []
    for piece in pieces:
        if joined and piece.rstrip(".").lower() in _SUFFIXES:
            joined[-1] += f" {piece}"
        else:
            joined.append(piece)
    return joined


def _group_name(group):
    return _FOR_A_GROUP.sub("", group)


def _person(text):
    """Return CSL name of “van der Berg JP Jr” (surname, initials, suffix), or None."""
    words = text.split()
    nickname = (
        words.pop() if len(words) > 2 and re.fullmatch(r"\([^\W\d_]{1,20}\)", words[-1]) else ""
    )
    suffix = words.pop() if len(words) > 2 and words[-1].rstrip(".").lower() in _SUFFIXES else ""
    if not 2 <= len(words) <= 9 or not _is_initials(words[-1]):
        return None
    initials = [words.pop()]
    while len(words) > 1 and len(words[-1].rstrip(".")) == 1 and _is_initials(words[-1]):
        initials.insert(0, words.pop())
    if not all(map(_FAMILY_WORD.fullmatch, words)):
        return None
    if not any(word[0].isupper() or "-" in word for word in words) and len(words) > 1:
        return None
    if any(word.islower() and word not in _PARTICLES and "-" not in word for word in words):
        return None
    name = {
        "family": " ".join(words),
        "given": " ".join(filter(None, [_spaced("".join(initials)), nickname])),
    }
    return name | ({"suffix": suffix.rstrip(".")} if suffix else {})


def _is_initials(word):
    return bool(_INITIALS.fullmatch(word)) and word.upper() == word


def _spaced(initials):
    """Return “NG” and “N.G.” as “N G”, “J-P” as it is."""
    letters = re.findall(r"[-‐]?[^\W_]", initials)
    return "".join(
        letter if place == 0 or letter[0] in "-‐" else f" {letter}"
        for place, letter in enumerate(letters)
    )


def _is_organisation(sentence):
    """Return whether a first sentence names a body: in capitals, with a word such as “society”."""
    words = re.findall(r"[^\W\d_][\w’'-]*", sentence)
    are_capitals = all(word[0].isupper() or word in _SMALL_IN_NAMES for word in words)
    return (
        0 < len(words) <= 14
        and are_capitals
        and sentence.rstrip()[-1:] == "."
        and bool(_ORGANISATION.search(sentence))
    )


_AND = re.compile(
    r",? (?:and|&|y|e|und|et|و) "
    r"(?=[^\Wa-z]|(?:van|von|de|del|der|den|da|di|du|la|le|ten|ter) )"
    r"|,? ?(?:\. ?\. ?\.|…) ?&? ?"
)
_INVERTED_INITIALS = re.compile(r"(?:[^\Wa-z\d_]\.?[-‐ ]?){1,5}(?:,? (?:Jr|Sr|II|III|IV)\.?)?")
_GIVEN_NAME = re.compile(r"[^\Wa-z\d_][^\W\d_A-Z]{1,20}(?: [^\Wa-z\d_]\.?){0,2}")
_INITIALS_FIRST = re.compile(r"((?:[^\Wa-z\d_]\.[-‐ ]?){1,5}) ?(\S.*)")


def people_in(text: str, *, is_given_first: bool = False) -> dict[str, Any]:
    """Return the people that `text` is a list of, as CSL fields; {} where it is none.

    Reads “Beyer, R., & Kongsgaard, M.” and “Beyer R, Kongsgaard M”, and with `is_given_first`
    “R. Beyer & M. Kongsgaard”.
    """
    text = text.strip().rstrip(",")
    without_others = _ET_AL.sub("", text)
    others = (
        {"custom": {"more-authors": True}}
        if without_others != text or "…" in text or ". . ." in text
        else {}
    )
    pieces = [piece for piece in re.split(r"[,،] ?", _AND.sub(", ", without_others)) if piece]
    if is_given_first:
        found = [_INITIALS_FIRST.fullmatch(piece.strip()) for piece in pieces]
        names = [{"family": one[2], "given": _spaced(one[1])} for one in found if one is not None]
        return {"author": names} | others if len(names) == len(pieces) and names else {}
    fields = _people(text, all_of_them=True)
    if "author" in fields:
        return fields
    names = _inverted(pieces, may_be_full="," in without_others)
    return {"author": names} | others if names else {}


def organisation(text: str, *, is_surely_one: bool) -> dict[str, Any]:
    """Return the body that `text` names, as CSL fields; {} where it names none.

    With `is_surely_one` any words in capitals name one.
    """
    if re.search(r"[;:?!]|\. ", text):
        return {}
    sentence = bare(text) + "."
    words = re.findall(r"[^\W\d_][\w’'-]*", sentence)
    are_capitals = all(word[0].isupper() or word in _SMALL_IN_NAMES for word in words)
    if _is_organisation(sentence) or (is_surely_one and are_capitals and 0 < len(words) <= 8):
        return {"author": [{"literal": bare(text)}]}
    return {}


def _inverted(pieces, *, may_be_full):
    """Return CSL names of surnames and initials that take turns; [] where they do not.

    With `may_be_full` one name may have a given name written out: “Roe, Jane”.
    """
    pieces = [piece.strip() for piece in pieces]
    names = []
    for family, given in zip(pieces[::2], pieces[1::2], strict=False):
        is_given = _INVERTED_INITIALS.fullmatch(given) or (
            may_be_full and len(pieces) == 2 and _GIVEN_NAME.fullmatch(given)
        )
        words = family.split()
        if not is_given or not 0 < len(words) <= 6 or not all(map(_FAMILY_WORD.fullmatch, words)):
            return []
        if not any(word[0] == word[0].upper() for word in words):
            return []
        is_initials = bool(_INVERTED_INITIALS.fullmatch(given))
        names.append({"family": family, "given": _spaced(given) if is_initials else given})
    return names if len(pieces) % 2 == 0 else []
