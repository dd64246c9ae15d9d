"""The grammar of DOIs: where one begins in a text, where it ends, and what is cut off it."""

import re
from dataclasses import dataclass

from .characters import ENCODING_STEPS, HYPHENS, Step, apply_steps
from .identifier import Identifier, Status, not_of_kind, read, rejected
from .pubmed import PMCID

#: Registrants (the part between “10.” and the slash) whose DOIs are recognised even without “10.”
#: and label. They publish journals that physiotherapists cite.
REGISTRANTS = {
    "1001", "1002", "1007", "1016", "1034", "1037", "1038", "1046", "1053", "1055", "1056", "1073",
    "1080", "1089", "1093", "1097", "1101", "1111", "1123", "1126", "1136", "1152", "1155", "1159",
    "1161", "1177", "1179", "1186", "1213", "1249", "1302", "1371", "1519", "1542", "1589", "2106",
    "2147", "2196", "2340", "2519", "2522", "3109", "3233", "3389", "3390", "4103", "5535", "7326",
    "7717", "7759", "23736", "26603",
}  # fmt: skip
#: Prefixes of preprint servers whose addresses, but not whose DOIs, end in a version.
_VERSIONED = ("10.1101/", "10.64898/")
#: DOIs may be longer, but no registration agency gives longer ones out.
_MAX_LENGTH = 255
_WINDOW = 2 * _MAX_LENGTH

_REGISTRANT = r"[0-9]{4,9}(?:\.[0-9]+)*"
_RESOLVER = r"(?:(?:https?://)?(?:(?:www|dx)\.)?doi\.org[a-z0-9.-]{0,80}/{1,2}|info:doi/)"
_STRICT = re.compile(
    rf"(?:(?<![0-9A-Za-z.])|(?<=doi))10\.({_REGISTRANT})"
    r"([ \n]{0,3}/{1,2}[ \n]{0,3})(?=[^\s/])",
    re.I,
)
# A letter for a digit, a comma for the stop, a blank: accepted only where a DOI is expected.
_LENIENT = re.compile(
    rf"([1lI|][0Oo])([ \n]{{0,2}}[.,][ \n]{{0,2}})({_REGISTRANT})([ \n]{{0,3}}/["
    r" \n]{0,3})(?=[^\s/])"
)
_OPENING = r"[\s(\[{<\"'“‘«]*"
_LEAD = re.compile(
    rf"{_OPENING}(?:doi[ ]{{0,3}}[:=]?\s{{0,3}})?({_RESOLVER})?(?:doi[ ]{{0,3}}[:=]\s{{0,3}})?",
    re.I,
)
_RESOLVER_BEFORE = re.compile(rf"{_RESOLVER}\s{{0,3}}(?:doi:\s{{0,3}})?$", re.I)
_LABEL_BEFORE = re.compile(r"(?:^|[^A-Za-z0-9])(?:urn:)?doi[ ]{0,3}[:=]?\s{0,3}$", re.I)
_URL_BEFORE = re.compile(r"https?://\S*$", re.I)
_LOST_PREFIX = re.compile(
    rf"(?:(?<![A-Za-z0-9])doi\s{{0,3}}[:=]\s{{0,3}}|{_RESOLVER}(?:doi:)?)([0-9]{{4,5}})( ?/"
    r" ?)(?=[^\s/])",
    re.I,
)
_LOST_PREFIX_AND_LABEL = re.compile(rf"{_OPENING}(?:doi )?([0-9]{{4,5}})/(\S+)\s*", re.I)
_SHORT = re.compile(r"10/([a-z0-9]{2,12})[\s.,;]*", re.I)
_SCHEME = re.compile(r"[(\[{<\"'“‘«]*([a-z][a-z0-9+-]*):", re.I)
_REFUSED_SCHEME = re.compile(
    r"\s*(?:javascript|vbscript|data|blob|file|ftp|about|mailto)\s*:", re.I
)
_DOI = re.compile(rf"10\.{_REGISTRANT}/\S+")

_WRAP_AFTER = re.compile(r"[-_(\u2010-\u2015\u2212]$")
_PAGE = re.compile(
    r"/(?:full|pdf|abstract|epdf|fulltext)/?$|(?:\.full(?:-text)?)?(?:\.pdf)?\+html$", re.I
)
_PREPRINT_PAGE = re.compile(r"\.(?:full(?:-text)?(?:\.pdf)?|abstract)$", re.I)
# Serial Item and Contribution Identifiers keep a pair of angle brackets: <1661::AID-SIM968>,
# <0736:WACOJ>.
_SICI = re.compile(r"<(?:[0-9][\w.,/-]{0,20}::?|::)[\w.-]{1,40}>")
_QUOTES = "\"'“”‘’«»„"
_TRAILING = ".,;:!?*…" + _QUOTES
_BRACKETS = {")": "(", "]": "[", "}": "{", ">": "<"}
#: “;PMID:29514819”, as databases glue it on.
_OTHER_IDENTIFIER = re.compile(r"[;,.|]?(?:PMC?ID(?=[:;0-9]|$)|(?<=[;,|])PMC(?=[0-9]))", re.I)
#: Oxford's addresses go on with the number of the article on its site:
#: /doi/10.1093/ptj/pzy022/4925150.
_ARTICLE_OF_OUP = re.compile(
    r"(10\.(?:1093|1210)/[a-z]+/[\w.()-]+)/[0-9]{5,9}(?:/.*)?$", re.I | re.S
)
_VERSION = re.compile(r"v[0-9]{1,2}$")
_COMPONENT = re.compile(r"(10\.1371/journal\.p[a-z]{3}\.[0-9]{7})\.[a-z][0-9]{3}$", re.I)


def _has_letter(text):
    return any(letter.isascii() and letter.isalpha() for letter in text)


def _has_digit(text):
    return any(letter.isdigit() for letter in text)


def _cut_query(doi):
    return re.split(r"[?#]", doi, maxsplit=1)[0]


def _cut_page(doi):
    if doi.startswith(_VERSIONED):
        doi = _PREPRINT_PAGE.sub("", doi)
    return _PAGE.sub("", doi)


def _cut_trailing(doi):
    while doi:
        last = doi[-1]
        unbalanced = last in _BRACKETS and doi.count(last) > doi.count(_BRACKETS[last])
        if not (unbalanced or last in _TRAILING or last in "([{"):
            break
        doi = doi[:-1]
    return doi


def _cut_markup(doi):
    position = 0
    for bracket in re.finditer('[<>"]', doi):
        if bracket.start() < position:
            continue
        sici = _SICI.match(doi, bracket.start())
        if not sici:
            return doi[: bracket.start()]
        position = sici.end()
    return doi


def _cut_version(doi):
    return _VERSION.sub("", doi) if doi.startswith(_VERSIONED) else doi


def _cut_other_identifiers(doi):
    return _OTHER_IDENTIFIER.split(doi, maxsplit=1)[0]


def _cut_article_of_site(doi):
    found = _ARTICLE_OF_OUP.match(doi)
    return found[1] if found else doi


def _whole_article(doi):
    return _COMPONENT.sub(r"\1", doi)


#: What is cut off a DOI once it is alone, repeated until nothing changes.
_DOI_STEPS: tuple[Step, ...] = (
    ("hyphen", lambda doi: HYPHENS.sub("-", doi)),
    ("query", _cut_query),
    ("cut", _cut_other_identifiers),
    ("trailing", _cut_trailing),
    ("suffix", _cut_page),
    ("suffix", _cut_article_of_site),
    ("markup", _cut_markup),
    ("version", _cut_version),
    ("component", _whole_article),
)
#: What is also cut off when the DOI was part of a web address.
_ADDRESS_STEPS: tuple[Step, ...] = (
    ("trailing", lambda doi: doi.removesuffix("/")),
    ("suffix", lambda doi: doi.removesuffix(".pdf")),
)


def read_doi(pasted: str) -> Identifier:
    """Return the DOI in `pasted`. Refused when reading the result again would change it again.

    Offers no identifier of another kind.
    """
    identifier = _read_once(pasted)
    if identifier.key and identifier.status != Status.SHORT_DOI:
        again = _read_once(identifier.display)
        if again.display != identifier.display or again.status != Status.OK:
            # Something in it is still encoded: pasting it twice would give two references.
            return not_of_kind("doi")
    return identifier


def _read_once(pasted):
    text, codes = apply_steps(ENCODING_STEPS, pasted)
    text = text.strip()
    if not text:
        return Identifier("doi", Status.EMPTY)
    if _REFUSED_SCHEME.match(text):
        return rejected("doi", "scheme")
    for locate in (_expected_place, _place_anywhere, _place_without_prefix):
        place = locate(text)
        if place:
            break
    else:
        return _short_doi(text) or not_of_kind("doi")
    before = text[: place.start]
    if before and not before[-1].isspace():
        scheme = _SCHEME.match(before.rsplit(maxsplit=1)[-1])
        if scheme and scheme[1].lower() not in {"doi", "http", "https", "info", "urn"}:
            return rejected("doi", "scheme")
    codes |= place.codes | _codes_for_text_before(before)
    return _identifier_at(
        place, before, codes, text[place.suffix_start : place.suffix_start + _WINDOW + 1]
    )


@dataclass(frozen=True)
class _Place:
    """Where a DOI begins in a text: its prefix with the “10.”, and the repairs this took."""

    start: int
    prefix: str
    suffix_start: int
    codes: frozenset = frozenset()
    doubt: str = ""


def _expected_place(text):
    """Return a DOI at the beginning or directly after a label: misprints are forgiven there."""
    lead = _LEAD.match(text)
    match = _LENIENT.match(text, lead.end())
    if not match:
        return None
    ten, stop, registrant, slash = match.groups()
    rest = re.match(r"\S+", text[match.end() : match.end() + _WINDOW])[0]
    codes = set()
    if ten != "10":
        codes.add("ocr")
    if stop != "." or slash != "/":
        codes.add("space")
    if codes and not _has_letter(rest):
        return None
    if slash != "/" and not _has_digit(rest):
        return None
    return _Place(match.start(), f"10.{registrant}/", match.end(), frozenset(codes))


def _place_anywhere(text):
    for match in _STRICT.finditer(text):
        codes = frozenset()
        if match[2] == "//":
            codes = frozenset({"slash"})
        elif match[2] != "/":
            rest = re.match(r"\S+", text[match.end() : match.end() + _WINDOW])[0]
            if not (_has_letter(rest) and _has_digit(rest)):
                continue
            codes = frozenset({"space"})
        return _Place(match.start(), f"10.{match[1]}/", match.end(), codes)
    return None


def _place_without_prefix(text):
    match = _LOST_PREFIX.search(text)
    if match:
        codes = {"prefix-10"} if match[2] == "/" else {"prefix-10", "space"}
        return _Place(match.start(1), f"10.{match[1]}/", match.end(), frozenset(codes))
    match = _LOST_PREFIX_AND_LABEL.fullmatch(text)
    if match and match[1] in REGISTRANTS and _has_letter(match[2]):
        return _Place(
            match.start(1), f"10.{match[1]}/", match.start(2), frozenset({"prefix-10"}), "no label"
        )
    return None


def _short_doi(text):
    match = _SHORT.fullmatch(text, _LEAD.match(text).end())
    # 10/12 is more often a date than a short DOI.
    if not match or not _has_letter(match[1]):
        return None
    key = f"10/{match[1].lower()}"
    return Identifier("doi", Status.SHORT_DOI, key, key)


def _codes_for_text_before(before):
    """Return codes for what is before the DOI: a doi.org address, another address, other words."""
    codes = set()
    nearby = before[-300:]
    if resolver := _RESOLVER_BEFORE.search(nearby):
        codes.add("resolver")
        rest = nearby[: resolver.start()].strip(" \n<([{" + _QUOTES)
    elif url := _URL_BEFORE.search(nearby):
        codes.add("url")
        rest = nearby[: url.start()].strip(" \n<([{" + _QUOTES)
    else:
        rest = nearby.strip()
    if label := _LABEL_BEFORE.search(rest + " "):
        rest = rest[: label.start()].strip()
    if rest:
        codes.add("extracted")
    return codes


def _joined(suffix):
    """Return `suffix` with the parts of a DOI joined that a line end or a stray blank separated."""
    for _ in range(3):
        pieces = re.match(r"(\S+)(\s+)(\S+)(\s*)", suffix)
        if not pieces or not _is_rest_of_doi(*pieces.groups(), is_last=pieces.end() == len(suffix)):
            break
        suffix = pieces[1] + pieces[3] + suffix[pieces.end(3) :]
    return suffix


def _is_rest_of_doi(head, gap, tail, _, *, is_last):
    """Return whether `tail` is the rest of a DOI that was broken after `head`, not other words."""
    if not _has_digit(tail) or _STRICT.match(tail) or PMCID.match(tail):
        return False
    if _WRAP_AFTER.search(head):
        return tail[0].isalnum()
    if tail[0] in "/-_" and len(tail) > 1:
        return head[-1].isalnum()
    if not tail[0].isalnum():
        return False
    if head[-1] == "/":
        # A year or a page may follow an address that ends in a slash.
        return "\n" in gap or _has_letter(tail)
    # A line that ends in a full stop is usually the end of the DOI.
    return head[-1] == "." and "\n" in gap and is_last and _has_letter(tail) and len(tail) > 4


def _identifier_at(place, before, codes, suffix):
    """Return the Identifier for the DOI at `place`, without all that is not the DOI's."""
    joined = _joined(suffix)
    if joined != suffix:
        codes.add("wrap")
    doi = place.prefix + re.match(r"\S*", joined)[0]
    if joined[len(doi) - len(place.prefix) :].strip():
        codes.add("cut")
    if "?" in before and "url" in codes and "&" in doi:
        codes.add("query")
        doi = doi.split("&", 1)[0]
    steps = _DOI_STEPS + _ADDRESS_STEPS if codes & {"url", "resolver"} else _DOI_STEPS
    previous = None
    while previous != doi:
        previous = doi
        for code, step in steps:
            shorter = step(doi)
            if shorter != doi:
                codes.add(code)
                doi = shorter
    if len(doi) > _MAX_LENGTH:
        return rejected("doi", "too long")
    if not _DOI.fullmatch(doi) or not any(map(str.isalnum, doi.split("/", 1)[1])):
        return not_of_kind("doi")
    doubt = "part of an article" if "component" in codes else place.doubt
    return read("doi", doi.lower(), codes, display=doi, doubt=doubt)
