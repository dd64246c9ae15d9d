"""DOI, PMID, PMCID and ISBN as people paste them, brought to the one form they are stored and compared in.

Four functions, one per grammar, each from any text to an Identifier. Nothing is looked up and nothing is
guessed beyond the rules in the tables below; every change carries a code, so that the author can be told what
was done. All of them read a text of n characters in time that grows with n, whatever is in it.
"""

import html
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import quote, unquote


class Status(StrEnum):
    OK = "ok"  # as written, or with nothing but wrapping (a label, a link, words behind it) taken off
    REPAIRED = "repaired"  # changed by rule: usable, to be looked up before anyone relies on it
    CANDIDATE = "candidate"  # a person has to say yes first
    SHORT_DOI = "shortdoi"  # 10/abc: stands for a DOI that only the resolver knows
    REJECTED = "rejected"
    EMPTY = "empty"


@dataclass(frozen=True)
class Identifier:
    """What a pasted text was read as.

    `key` is what is stored and compared, `display` what is shown; both are "" unless something was read.
    A candidate has both as well, so look at `is_usable`, not at `key`. `repairs` holds rule codes in the
    order of REPAIRS. `why` is a short reason for rejected and candidate. `offered` is the identifier of
    another kind that a rejected text holds, such as a PMID typed into the DOI field.
    """

    kind: str
    status: Status
    key: str = ""
    display: str = ""
    repairs: tuple[str, ...] = ()
    why: str = ""
    offered: "Identifier | None" = None

    @property
    def is_usable(self):
        return self.status in (Status.OK, Status.REPAIRED)

    @property
    def needs_lookup(self):
        """Whether it has to be resolved, and compared with the work, before it is relied on."""
        return self.status in (Status.REPAIRED, Status.CANDIDATE)

    @property
    def url(self):
        """Where the identifier leads (https, percent-encoded), or "" where there is no one such place."""
        if not self.is_usable:
            return ""
        return {
            "doi": "https://doi.org/" + quote(self.display, safe="/:;()-._"),
            "pmid": f"https://pubmed.ncbi.nlm.nih.gov/{self.key}/",
            "pmcid": f"https://pmc.ncbi.nlm.nih.gov/articles/{self.key}/",
        }.get(self.kind, "")


#: Every code a repair can carry, in the order they are reported, with what the author is told.
REPAIRS = {
    "zero-width": "took out invisible characters",
    "unicode": "replaced full-width characters",
    "hyphen": "replaced typographic hyphens",
    "entity": "decoded HTML character codes",
    "latex": "took out LaTeX backslashes",
    "percent": "decoded the web address",
    "resolver": "took off the doi.org address",
    "ocr": "read a letter in “10.” as a digit",
    "space": "closed up a blank",
    "wrap": "closed up a line break",
    "extracted": "took it out of the text around it",
    "url": "took it out of a web address",
    "cut": "left off the words behind it",
    "query": "left off the end of a web address",
    "suffix": "left off the name of a page",
    "markup": "left off markup",
    "trailing": "left off punctuation",
    "zeros": "left off leading zeros",
    "version": "left off the version",
    "component": "took the article a figure or table belongs to",
    "prefix-10": "put “10.” in front",
    "prefix-pmc": "put “PMC” in front",
}
#: Codes that change nothing about the identifier itself.
HARMLESS = frozenset({"resolver", "extracted", "url", "cut"})


# Characters ------------------------------------------------------------------------------------------------

_ZERO_WIDTH = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0f\ufeff]")
_HYPHENS = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63]")
# White space, controls, and halves of surrogate pairs, which no database stores. Line ends are kept apart.
_BLANKS = re.compile("[^\\S\n]|[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_FULL_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)}
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_LATEX = re.compile(r"\\([_&%#{}$~^<>])")


def _blanks_alike(text):
    return _BLANKS.sub(" ", text.replace("\r\n", "\n"))


def _decode_entities(text):
    # Records that passed through two systems arrive encoded twice.
    for _ in range(3):
        decoded = _ENTITY.sub(lambda found: html.unescape(found.group()), text)
        if decoded == text:
            break
        text = decoded
    return text


def _decode_percent(text):
    if not _PERCENT.search(text):
        return text
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        return text


_CHARACTER_STEPS = (
    ("zero-width", lambda text: _ZERO_WIDTH.sub("", text)),
    ("unicode", lambda text: text.translate(_FULL_WIDTH)),
)
_ENCODING_STEPS = (
    ("entity", _decode_entities),
    ("percent", _decode_percent),
    ("entity", _decode_entities),
    *_CHARACTER_STEPS,
    ("latex", lambda text: _LATEX.sub(r"\1", text)),
)


def _run(steps, text):
    """`text` after `steps`, and the set of codes of the steps that changed it."""
    codes = set()
    text = _blanks_alike(text)
    for code, step in steps:
        changed = step(text)
        if changed != text:
            codes.add(code)
            text = _blanks_alike(changed)
    return text, codes


def _as_text(pasted):
    return "" if pasted is None else str(pasted)


def _in_order(codes):
    return tuple(code for code in REPAIRS if code in codes)


def _read(kind, key, codes, *, display=None, doubt=""):
    """The Identifier for something that was read; `doubt` makes it a candidate."""
    status = Status.OK if HARMLESS.issuperset(codes) else Status.REPAIRED
    if doubt:
        status = Status.CANDIDATE
    return Identifier(kind, status, key, key if display is None else display, _in_order(codes), doubt)


def _rejected(kind, why):
    return Identifier(kind, Status.REJECTED, why=why)


def _with_offer(found, pasted):
    """`found`, and if it was rejected, the identifier of another kind that `pasted` plainly is."""
    if found.status != Status.REJECTED or not found.why.startswith("not a"):
        return found
    others = (_settled_doi(pasted), _read_pmid(pasted, one_box=True), _read_pmcid(pasted))
    return replace(found, offered=next((other for other in others if other.is_usable), None))


# DOI -------------------------------------------------------------------------------------------------------

#: Registrants (what stands between "10." and the slash) whose DOIs are taken for DOIs even when the "10." and
#: the label are both lost: publishers of journals that physiotherapists cite.
REGISTRANTS = {
    "1001", "1002", "1007", "1016", "1034", "1037", "1038", "1046", "1053", "1055", "1056", "1073", "1080",
    "1089", "1093", "1097", "1101", "1111", "1123", "1126", "1136", "1152", "1155", "1159", "1161", "1177",
    "1179", "1186", "1213", "1249", "1302", "1371", "1519", "1542", "1589", "2106", "2147", "2196", "2340",
    "2519", "2522", "3109", "3233", "3389", "3390", "4103", "5535", "7326", "7717", "7759", "23736",
    "26603",
}  # fmt: skip
#: Prefixes of preprint servers whose addresses, but not whose DOIs, end in a version.
_VERSIONED = ("10.1101/", "10.64898/")
_MAX_LENGTH = 255  # DOIs may be longer; no registration agency gives longer ones out
_WINDOW = 2 * _MAX_LENGTH

_REGISTRANT = r"[0-9]{4,9}(?:\.[0-9]+)*"
_RESOLVER = r"(?:(?:https?://)?(?:(?:www|dx)\.)?doi\.org[a-z0-9.-]{0,80}/{1,2}|info:doi/)"
_STRICT = re.compile(rf"(?:(?<![0-9A-Za-z.])|(?<=doi))10\.({_REGISTRANT})([ \n]{{0,3}}/[ \n]{{0,3}})(?=[^\s/])", re.I)
# A letter for a digit, a comma for the stop, a blank: believed only where a DOI is expected to begin.
_LENIENT = re.compile(
    rf"([1lI|][0Oo])([ \n]{{0,2}}[.,][ \n]{{0,2}})({_REGISTRANT})([ \n]{{0,3}}/[ \n]{{0,3}})(?=[^\s/])"
)
_OPENING = r"[\s(\[{<\"'“‘«]*"
_LEAD = re.compile(rf"{_OPENING}(?:doi[ ]{{0,3}}[:=]?\s{{0,3}})?({_RESOLVER})?(?:doi[ ]{{0,3}}[:=]\s{{0,3}})?", re.I)
_RESOLVER_BEFORE = re.compile(rf"{_RESOLVER}\s{{0,3}}(?:doi:\s{{0,3}})?$", re.I)
_LABEL_BEFORE = re.compile(r"(?:^|[^A-Za-z0-9])(?:urn:)?doi[ ]{0,3}[:=]?\s{0,3}$", re.I)
_URL_BEFORE = re.compile(r"https?://\S*$", re.I)
_LOST_PREFIX = re.compile(
    rf"(?:(?<![A-Za-z0-9])doi\s{{0,3}}[:=]\s{{0,3}}|{_RESOLVER}(?:doi:)?)([0-9]{{4,5}})( ?/ ?)(?=[^\s/])", re.I
)
_LOST_PREFIX_AND_LABEL = re.compile(rf"{_OPENING}(?:doi )?([0-9]{{4,5}})/(\S+)\s*", re.I)
_SHORT = re.compile(r"10/([a-z0-9]{2,12})[\s.,;]*", re.I)
_SCHEME = re.compile(r"[(\[{<\"'“‘«]*([a-z][a-z0-9+-]*):", re.I)
_REFUSED_SCHEME = re.compile(r"\s*(?:javascript|vbscript|data|blob|file|ftp|about|mailto)\s*:", re.I)
_DOI = re.compile(rf"10\.{_REGISTRANT}/\S+")

_WRAP_AFTER = re.compile(r"[-_(\u2010-\u2015\u2212]$")
_PAGE = re.compile(r"/(?:full|pdf|abstract|epdf|fulltext)/?$|(?:\.full(?:-text)?)?(?:\.pdf)?\+html$", re.I)
_PREPRINT_PAGE = re.compile(r"\.(?:full(?:-text)?(?:\.pdf)?|abstract)$", re.I)
# Serial Item and Contribution Identifiers keep a pair of angle brackets: <1661::AID-SIM968>, <0736:WACOJ>.
_SICI = re.compile(r"<(?:[0-9][\w.,/-]{0,20}::?|::)[\w.-]{1,40}>")
_QUOTES = "\"'“”‘’«»„"
_TRAILING = ".,;:!?*…" + _QUOTES
_BRACKETS = {")": "(", "]": "[", "}": "{", ">": "<"}
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


def _parent(doi):
    return _COMPONENT.sub(r"\1", doi)


#: What is cut off a DOI once it stands alone, repeated until nothing changes.
_DOI_STEPS = (
    ("hyphen", lambda doi: _HYPHENS.sub("-", doi)),
    ("query", _cut_query),
    ("trailing", _cut_trailing),
    ("suffix", _cut_page),
    ("markup", _cut_markup),
    ("version", _cut_version),
    ("component", _parent),
)
#: What is cut off besides when the DOI came out of a web address.
_ADDRESS_STEPS = (
    ("trailing", lambda doi: doi.removesuffix("/")),
    ("suffix", lambda doi: doi.removesuffix(".pdf")),
)


def doi(pasted):
    """The DOI in `pasted`: a bare DOI, a link, or a line of text with one in it (the first counts).

    The key is the DOI in lower case, because DOIs that differ only in case are the same DOI (DOI Handbook,
    "Numbering"). A DOI without its "10." is repaired behind a label or doi.org; alone it is only a candidate.

    >>> doi("https://doi.org/10.1136/BMJ.n71.").key
    '10.1136/bmj.n71'
    """
    pasted = _as_text(pasted)
    return _with_offer(_settled_doi(pasted), pasted)


def _settled_doi(pasted):
    """The DOI in `pasted`, refused when reading the result once more would change it again."""
    found = _read_doi(pasted)
    if found.key and found.status != Status.SHORT_DOI:
        again = _read_doi(found.display)
        if again.display != found.display or again.status != Status.OK:
            # Something still encoded is inside; two pastes of it would give two references.
            return _rejected("doi", "not a DOI")
    return found


def _read_doi(pasted):
    text, codes = _run(_ENCODING_STEPS, pasted)
    text = text.strip()
    if not text:
        return Identifier("doi", Status.EMPTY)
    if _REFUSED_SCHEME.match(text):
        return _rejected("doi", "scheme")
    for locate in (_expected_place, _anywhere, _without_prefix):
        place = locate(text)
        if place:
            break
    else:
        return _short_doi(text) or _rejected("doi", "not a DOI")
    before = text[: place.start]
    scheme = _SCHEME.match(before.rsplit(maxsplit=1)[-1]) if before and not before[-1].isspace() else None
    if scheme and scheme[1].lower() not in {"doi", "http", "https", "info", "urn"}:
        return _rejected("doi", "scheme")
    codes |= place.codes | _surroundings(before)
    return _trimmed(place, before, codes, text[place.suffix_start : place.suffix_start + _WINDOW + 1])


@dataclass(frozen=True)
class _Place:
    """Where a DOI begins in a text, its prefix with the "10.", and what reading it there took."""

    start: int
    prefix: str
    suffix_start: int
    codes: frozenset = frozenset()
    doubt: str = ""


def _expected_place(text):
    """A DOI at the very beginning, or right behind a label, where slips of pen and scanner are forgiven."""
    lead = _LEAD.match(text)
    found = _LENIENT.match(text, lead.end())
    if not found:
        return None
    ten, stop, registrant, slash = found.groups()
    rest = re.match(r"\S+", text[found.end() : found.end() + _WINDOW])[0]
    codes = set()
    if ten != "10":
        codes.add("ocr")
    if stop != "." or slash != "/":
        codes.add("space")
    if codes and not _has_letter(rest):
        return None
    if slash != "/" and not _has_digit(rest):
        return None
    return _Place(found.start(), f"10.{registrant}/", found.end(), frozenset(codes))


def _anywhere(text):
    for found in _STRICT.finditer(text):
        codes = frozenset()
        if found[2] != "/":
            rest = re.match(r"\S+", text[found.end() : found.end() + _WINDOW])[0]
            if not (_has_letter(rest) and _has_digit(rest)):
                continue
            codes = frozenset({"space"})
        return _Place(found.start(), f"10.{found[1]}/", found.end(), codes)
    return None


def _without_prefix(text):
    found = _LOST_PREFIX.search(text)
    if found:
        codes = {"prefix-10"} if found[2] == "/" else {"prefix-10", "space"}
        return _Place(found.start(1), f"10.{found[1]}/", found.end(), frozenset(codes))
    found = _LOST_PREFIX_AND_LABEL.fullmatch(text)
    if found and found[1] in REGISTRANTS and _has_letter(found[2]):
        return _Place(found.start(1), f"10.{found[1]}/", found.start(2), frozenset({"prefix-10"}), "no label")
    return None


def _short_doi(text):
    found = _SHORT.fullmatch(text, _LEAD.match(text).end())
    # 10/12 is a date more often than a short DOI.
    if not found or not _has_letter(found[1]):
        return None
    key = f"10/{found[1].lower()}"
    return Identifier("doi", Status.SHORT_DOI, key, key)


def _surroundings(before):
    """Codes for what stood in front of the DOI: a doi.org address, another address, other words."""
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


def _unwrapped(suffix):
    """`suffix` with the pieces of a DOI that a line end or a stray blank took apart put together again."""
    for _ in range(3):
        pieces = re.match(r"(\S+)(\s+)(\S+)(\s*)", suffix)
        if not pieces or not _belongs(*pieces.groups(), is_last=pieces.end() == len(suffix)):
            break
        suffix = pieces[1] + pieces[3] + suffix[pieces.end(3) :]
    return suffix


def _belongs(head, gap, tail, _, *, is_last):
    """Whether `tail` is the rest of a DOI that was broken behind `head`, and not the next words."""
    if not _has_digit(tail) or _STRICT.match(tail) or _PMCID.match(tail):
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


def _trimmed(place, before, codes, suffix):
    joined = _unwrapped(suffix)
    if joined != suffix:
        codes.add("wrap")
    found = place.prefix + re.match(r"\S*", joined)[0]
    if joined[len(found) - len(place.prefix) :].strip():
        codes.add("cut")
    if "?" in before and "url" in codes and "&" in found:
        codes.add("query")
        found = found.split("&", 1)[0]
    steps = _DOI_STEPS + _ADDRESS_STEPS if codes & {"url", "resolver"} else _DOI_STEPS
    previous = None
    while previous != found:
        previous = found
        for code, step in steps:
            shorter = step(found)
            if shorter != found:
                codes.add(code)
                found = shorter
    if len(found) > _MAX_LENGTH:
        return _rejected("doi", "too long")
    if not _DOI.fullmatch(found) or not any(map(str.isalnum, found.split("/", 1)[1])):
        return _rejected("doi", "not a DOI")
    doubt = "part of an article" if "component" in codes else place.doubt
    return _read("doi", found.lower(), codes, display=found, doubt=doubt)


# PMID and PMCID --------------------------------------------------------------------------------------------

_NLM = r"(?:https?://)?(?:[a-z]+\.)?(?:pubmed\.ncbi|ncbi|pmc\.ncbi)\.nlm\.nih\.gov/"
_PMID_LABEL = re.compile(
    r"\s*(?:pubmed[ ]?)?pm[ ]?id[ ]{0,3}[:#=]?\s{0,3}|\s*pubmed(?:[ ]id)?[ ]{0,3}[:#=]?\s{1,3}", re.I
)
_PMID_URL = re.compile(
    rf"\s*(?:{_NLM}(?:m/)?(?:pubmed/)?(?:\?(?:[^\s?#]{{0,200}}&)?term=)?"
    r"|(?:https?://)?(?:www\.)?pubmed\.gov/"
    r"|(?:https?://)?(?:www\.)?europepmc\.org/(?:article|abstract)/med/)(?=[0-9])",
    re.I,
)
_NUMBER = re.compile(r"[0-9]+")
_PMCID_LABEL = re.compile(r"\s*(?:pubmed central )?pmc[ ]?id[ ]{0,3}[:#=]?\s{0,3}", re.I)
_PMCID_URL = re.compile(
    rf"\s*(?:{_NLM}(?:pmc/)?articles/|(?:https?://)?(?:www\.)?europepmc\.org/(?:articles?/)(?:pmc/)?)(?=pmc)", re.I
)
_PMCID = re.compile(r"(pmc)([ ]{0,3})([0-9]+)(\.[0-9]{1,2})?", re.I)


def pmid(pasted, *, one_box=False):
    """The PubMed number in `pasted`: 1 to 8 digits, no leading zero, with or without a label or address.

    With `one_box` the text comes from a box that takes any identifier: there a bare number is never more than
    a candidate. A number between 1800 and 2100 without a label is taken for a year.
    """
    pasted = _as_text(pasted)
    found = _with_offer(_read_pmid(pasted, one_box=one_box), pasted)
    if found.offered and found.offered.kind == "pmcid":
        return replace(found, why="that is a PMCID")
    return found


def _read_pmid(pasted, *, one_box):
    text, codes = _run(_CHARACTER_STEPS, pasted)
    if not text.strip():
        return Identifier("pmid", Status.EMPTY)
    lead = _PMID_URL.match(text) or _PMID_LABEL.match(text)
    start = lead.end() if lead else len(text) - len(text.lstrip())
    number = _NUMBER.match(text, start)
    rest = text[number.end() :] if number else text
    if not number or not _ends_here(rest, is_labelled=bool(lead)):
        return _rejected("pmid", "not a PMID")
    return _numbered_pmid(number[0], rest, codes, is_labelled=bool(lead), one_box=one_box)


def _ends_here(rest, *, is_labelled):
    """Whether an identifier is over: only punctuation behind it, or, if it had a label, other words."""
    return not rest.strip(" \n.,;:)]/") or (is_labelled and not rest[0].isalnum())


def _numbered_pmid(digits, rest, codes, *, is_labelled, one_box):
    key = digits.lstrip("0")
    if not key:
        return _rejected("pmid", "not a PMID")
    if len(key) > 8:
        return _rejected("pmid", "too long")
    if key != digits:
        codes.add("zeros")
    if not is_labelled:
        if one_box and len(key) < 5:
            return _rejected("pmid", "bare short number")
        if one_box:
            return _read("pmid", key, codes, doubt="bare number")
        if 1800 <= int(key) <= 2100:
            return _read("pmid", key, codes, doubt="looks like a year")
    if rest.strip(" \n/"):
        codes.add("cut" if is_labelled and any(map(str.isalnum, rest)) else "trailing")
    return _read("pmid", key, codes)


def pmcid(pasted):
    """The PubMed Central number in `pasted`, as "PMC" and 1 to 8 digits; a version (".1") is left off."""
    pasted = _as_text(pasted)
    return _with_offer(_read_pmcid(pasted), pasted)


def _read_pmcid(pasted):
    text, codes = _run(_CHARACTER_STEPS, pasted)
    if not text.strip():
        return Identifier("pmcid", Status.EMPTY)
    url, label = _PMCID_URL.match(text), _PMCID_LABEL.match(text)
    lead = url or label
    start = lead.end() if lead else len(text) - len(text.lstrip())
    found = _PMCID.match(text, start)
    if found:
        _, gap, digits, version = found.groups()
        codes |= {"space"} if gap else set()
        codes |= {"version"} if version else set()
    elif label and (found := _NUMBER.match(text, start)):
        digits = found[0]
        codes.add("prefix-pmc")
    else:
        return _rejected("pmcid", "not a PMCID")
    rest = text[found.end() :]
    key = digits.lstrip("0")
    if key != digits:
        codes.add("zeros")
    if not key or len(key) > 8 or not _ends_here(rest, is_labelled=bool(lead)):
        return _rejected("pmcid", "not a PMCID")
    if rest.strip(" \n/") and not url:
        codes.add("cut" if any(map(str.isalnum, rest)) else "trailing")
    return _read("pmcid", f"PMC{key}", codes)


# ISBN ------------------------------------------------------------------------------------------------------

_ISBN_LABEL = re.compile(r"\s*(?:e-?)?isbn(?:[ -]?1[03](?![0-9]))?\s{0,3}[:#=]?\s{0,3}", re.I)
_ISBN_QUALIFIER = re.compile(r"[(\[][^()\[\]]{0,60}[)\]]")
_ISBN_SEPARATORS = re.compile("[\\s\\-\u2010-\u2015\u2212]")


def isbn(pasted):
    """The ISBN in `pasted` as 13 digits without hyphens, its check digit verified (ISO 2108).

    An ISBN-10 becomes its ISBN-13, which is not a repair: both name the same book. ISMN, the number of
    printed music (979-0), is refused. A letter O where a zero makes the check digit right is a candidate.
    """
    pasted = _as_text(pasted)
    return _with_offer(_read_isbn(pasted), pasted)


def _read_isbn(pasted):
    text, codes = _run(_CHARACTER_STEPS, pasted)
    if not text.strip():
        return Identifier("isbn", Status.EMPTY)
    label = _ISBN_LABEL.match(text)
    text = _ISBN_QUALIFIER.sub(" ", text[label.end() if label else 0 :])
    text, _, rest = re.sub("[,;]", ";", text).partition(";")
    if any(map(str.isalnum, rest)):
        codes.add("cut")
    compact = _ISBN_SEPARATORS.sub("", text).upper()
    digits = compact.rstrip(".:/")
    if digits != compact or (rest and "cut" not in codes):
        codes.add("trailing")
    if not re.fullmatch("[0-9O]{12}[0-9O]|[0-9O]{9}[0-9OX]", digits):
        return _rejected("isbn", "not an ISBN")
    with_zeros = digits.replace("O", "0")
    if with_zeros.startswith("9790"):
        return _rejected("isbn", "ISMN (music)")
    if len(set(with_zeros)) == 1:
        return _rejected("isbn", "dummy")
    if len(with_zeros) == 13 and not with_zeros.startswith(("978", "979")):
        return _rejected("isbn", "not an ISBN")
    key = _isbn13(with_zeros)
    if not key:
        return _rejected("isbn", "check digit")
    return _read("isbn", key, codes, doubt="" if digits == with_zeros else "letter O read as zero")


def _isbn13(digits):
    """The 13 digits of an ISBN-10 or ISBN-13, or "" when the check digit is wrong."""
    if len(digits) == 13:
        return digits if _check_digit(digits[:12]) == digits[12] else ""
    values = [10 if digit == "X" else int(digit) for digit in digits]
    if sum(weight * value for weight, value in zip(range(10, 0, -1), values, strict=True)) % 11:
        return ""
    stem = "978" + digits[:9]
    return stem + _check_digit(stem)


def _check_digit(twelve):
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve))
    return str(-total % 10)
