"""Turning any item that calls itself CSL-JSON into CSL-JSON 1.0.2 and nothing else.

Unknown keys are left out (private data has its place under “custom”). Names and dates get the one
shape that the rest of the code reads. What no database stores is taken out. Record.raw keeps all
that is left out here.
"""

import math
import re
from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlsplit

from references import csl as csl_json
from references import identifiers, title_marks, typed_lines
from references.csl import Csl, CslDate

from . import addresses, facts, limits, mathml, names
from .decoding import storable
from .limits import MOST_NAMES
from .records import Record

TYPES = frozenset(
    "article article-journal article-magazine article-newspaper bill book broadcast chapter classic"
    " collection dataset document entry entry-dictionary entry-encyclopedia event figure graphic"
    " hearing interview legal_case legislation manuscript map motion_picture musical_score pamphlet"
    " paper-conference patent performance periodical personal_communication post post-weblog"
    " regulation report review review-book software song speech standard thesis treaty"
    " webpage".split()
)
#: What others call these types: Crossref, Zotero's and Mendeley's older exports.
_OTHER_TYPES = {
    "journal-article": "article-journal", "proceedings-article": "paper-conference",
    "book-chapter": "chapter", "book-section": "chapter", "book-part": "chapter",
    "monograph": "book", "edited-book": "book", "reference-book": "book",
    "posted-content": "article", "preprint": "article", "dissertation": "thesis",
    "reference-entry": "entry", "report-series": "report", "journal": "periodical",
}  # fmt: skip
_TITLE_FIELDS = frozenset({"title", "title-short", "container-title"})
_NAME_PARTS = ("family", "given", "dropping-particle", "non-dropping-particle", "suffix", "literal")
_NAME_FLAGS = ("comma-suffix", "static-ordering", "parse-names")
#: No title, journal or publisher is longer. A longer one means that the file is broken.
LONGEST_TEXT = 10_000
#: An abstract belongs to its publisher, and `csl` is frozen into pages. `raw` has it.
_KEPT_IN_RAW = frozenset({"abstract"})


class NotCsl(ValueError):
    """The item cannot be kept; str() says why."""


def conform(item: object) -> tuple[Csl, list[str]]:
    """Return the CSL-JSON of `item` without “id”, and the names of the fields left out.

    Raises NotCsl.

    Doing it again changes nothing.
    """
    if not isinstance(item, dict):
        raise NotCsl("This is no record: an object with fields such as “title” was expected.")
    csl, left_out = {}, []
    for field, value in item.items():
        kept = _field(field, value)
        if kept not in ("", None, [], {}):
            csl[field] = kept
        elif field not in _KEPT_IN_RAW and field != "id" and value not in ("", None, [], {}):
            left_out.append(storable(str(field))[:60])
    _mark_truncated_authors(csl)
    return cast(Csl, csl), left_out


_MORE_AUTHORS = re.compile(r"(?:and |& )?(?:et\.? ?al(?:ii|ia)?\.?|others)", re.I)


def _mark_truncated_authors(csl):
    """Take each “et al.” off the end of the authors: custom.more-authors says so in its place."""
    authors = list(csl.get("author", ()))
    named = len(authors)
    while named and _MORE_AUTHORS.fullmatch(_only_part(authors[named - 1]).strip(" .,")):
        named -= 1
    if named == len(authors):
        return
    if not named:
        csl.pop("author")
        return
    csl["author"] = authors[:named]
    csl["custom"] = {**csl.get("custom", {}), "more-authors": True}


def _only_part(name):
    """Return the text of a name that has one part, or "" for one with family and given names."""
    texts = [str(name[part]) for part in _NAME_PARTS if name.get(part)]
    return texts[0] if len(texts) == 1 else ""


def _field(field, value):
    if field == "type":
        kind = str(value or "").strip().lower()
        return _OTHER_TYPES.get(kind, kind if kind in TYPES else "document")
    if field == "URL":
        return web_address(_text(field, value))
    if field in _TITLE_FIELDS:
        return mathml.to_text(_text(field, value))
    if field in csl_json.TEXT_FIELDS:
        return _text(field, value)
    if field in csl_json.NAME_FIELDS:
        return _names(field, value)
    if field in csl_json.DATE_FIELDS:
        return date(value)
    if field == "categories" and isinstance(value, list):
        return [storable(entry) for entry in value if isinstance(entry, str)]
    return _storable(value) if field == "custom" and isinstance(value, dict) else ""


def _text(field, value):
    if isinstance(value, list):
        # Crossref's own JSON has lists where CSL has one text.
        value = next((entry for entry in value if isinstance(entry, str) and entry.strip()), "")
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    text = storable(str(value))
    if len(text) > LONGEST_TEXT:
        raise NotCsl(f"Its {field} has {len(text):,} characters, which no {field} has.")
    return text if text.strip() else ""


def web_address(text: str) -> str:
    """Return `text` when it is a web address that we may link to (http or https), else ""."""
    text = text.strip()
    if text.startswith("//"):
        text = f"https:{text}"
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    is_address = parts.scheme in ("http", "https") and bool(parts.netloc)
    return text if is_address and not re.search(r"[\s<>\"]", text) else ""


def _names(field, value):
    if not isinstance(value, list):
        return []
    if len(value) > MOST_NAMES:
        raise NotCsl(f"It names {len(value):,} people as {field}.")
    return [name for name in (_name(field, entry) for entry in value) if name]


def _name(field, entry):
    if isinstance(entry, str):
        entry = {"literal": entry}
    if not isinstance(entry, dict):
        return {}
    if "name" in entry and not entry.get("family") and not entry.get("literal"):
        entry = {**entry, "literal": entry["name"]}
    name = {part: text for part in _NAME_PARTS if (text := _text(field, entry.get(part)))}
    if not (name.get("family") or name.get("literal")):
        # A given name alone is all of the name there is.
        return {"literal": name["given"]} if name.get("given") else {}
    flags = {
        flag: entry[flag] for flag in _NAME_FLAGS if isinstance(entry.get(flag), (bool, str, int))
    }
    return name | {
        flag: _text(field, on) if isinstance(on, str) else on for flag, on in flags.items()
    }


def date(value: object) -> CslDate:
    """Return a CSL date with at most two dates of at most three numbers each, or {}."""
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        value = {"raw": str(value)}
    if not isinstance(value, dict):
        return {}
    parts = [
        numbers for entry in _listed(value.get("date-parts"))[:2] if (numbers := _numbers(entry))
    ]
    kept: dict[str, Any] = {"date-parts": parts} if parts else {}
    for field in ("season", "circa", "literal", "raw"):
        extra = value.get(field)
        if isinstance(extra, str) and len(extra) > LONGEST_TEXT:
            raise NotCsl(f"One of its dates has {len(extra):,} characters, which no date has.")
        if isinstance(extra, float) and not math.isfinite(extra):
            continue
        if isinstance(extra, (str, int, float, bool)) and storable(str(extra)).strip():
            kept[field] = storable(extra) if isinstance(extra, str) else extra
    if not parts and (iso := _ISO_DATE.match(str(kept.get("raw", "")))):
        kept["date-parts"] = [_numbers([part for part in iso.groups() if part])]
    return cast(CslDate, kept)


_ISO_DATE = re.compile(r"([12][0-9]{3})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?(?![0-9])")


def _listed(value):
    return value if isinstance(value, list) else []


def _numbers(entry):
    """Return year, month and day, as far as they can be read and make sense."""
    numbers = []
    for part, most in zip(_listed(entry), (9999, 12, 31), strict=False):
        try:
            number = int(part) if not isinstance(part, bool) else None
        except (TypeError, ValueError, OverflowError):
            break
        if number is None or not (0 < number <= most or (not numbers and -9999 <= number < 0)):
            break
        numbers.append(number)
    return numbers


def _storable(value, depth=0):
    """Return `value` (any JSON) without what PostgreSQL refuses."""
    if depth > 20:
        return None
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(str(key)): _storable(entry, depth + 1) for key, entry in value.items()}
    if isinstance(value, list):
        return [_storable(entry, depth + 1) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, (int, float, bool)) else None


# Records ---------------------------------------------------------------------------------------


def conform_record(record: Record) -> Record:
    """Return `record` with conforming CSL, its identifiers read and repaired.

    Or refused with a reason.

    Doing it again changes nothing.
    """
    if record.refused:
        return record
    repairs, warnings = list(record.repairs), list(record.warnings)
    try:
        limits.check_notices(len(record.notices))
        csl, isbn13 = conform_fields(record, repairs, warnings)
        csl, known = facts.take_from(csl)
    except (NotCsl, limits.TooMuch) as error:
        return replace(record, csl={}, refused=str(error))
    if known:
        record = _with_facts(record, known)
    integrity = record.integrity
    if not record.is_exact:
        marked = title_marks.read(csl.get("title", ""))
        if marked.state != "notice" or not record.notices:
            integrity = title_marks.graver(integrity, marked.state)
        mended = []
        if not record.uid:
            # A record that we exported comes back as it was.
            mended = typed_lines.mend(cast(dict, csl))
            csl = cast(Csl, {field: value for field, value in csl.items() if value != ""})
        elif marked.title != csl.get("title", ""):
            # Another program left off what we say of the work, and kept our mark.
            csl["title"], mended = marked.title, ["retracted-prefix"]
        repairs += [code for code in mended if code not in repairs]
    if refusal := _why_unknowable(csl, isbn13):
        return replace(record, csl={}, refused=refusal)
    csl.setdefault("type", "document")
    return replace(
        record,
        csl=csl,
        payload=_storable(record.payload) if record.payload else record.payload,
        pmid=csl.get("PMID", ""),
        pmcid=csl.get("PMCID", ""),
        isbn13=isbn13,
        url=csl.get("URL", ""),
        language=record.language or csl.get("language", "")[:20],
        integrity=integrity,
        repairs=tuple(repairs),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def conform_fields(record: Record, repairs: list[str], warnings: list[str]) -> tuple[Csl, str]:
    """Return the CSL of `record` with its identifiers in the form they are stored in, and its ISBN.

    Adds to `repairs` and `warnings`. Raises NotCsl.
    """
    csl, left_out = conform(record.csl)
    if left_out:
        warnings.append(f"left out: {', '.join(left_out[:20])}")
    if not record.uid:
        _take_from_note(csl)
        _drop_what_is_no_suffix(csl)
        if addresses.is_of_a_session(csl.get("URL", "")):
            csl.pop("URL")
    return csl, _conform_identifiers(csl, record, repairs, warnings)


def _with_facts(record, known):
    """Return `record` with what our export says of the work in place of what was read."""
    return replace(
        record,
        integrity="" if known.integrity == "unchecked" else known.integrity,
        checked_at=known.checked_at,
        is_exact=True,
        notices=known.notices,
        design=known.design,
        nct=known.nct,
    )


def _why_unknowable(csl, isbn13):
    """Return why nobody can say which work this is, or ""."""
    has_identifier = bool(csl.get("DOI") or csl.get("PMID") or csl.get("PMCID"))
    if not csl.get("title") and not has_identifier and not isbn13:
        return "It has neither a title nor an identifier."
    if not re.search(r"[^\W_]", csl.get("title", "x")) and not has_identifier:
        return "Its title has no letter and no number in it, and it has no identifier."
    return ""


#: Zotero and JabRef keep identifiers in notes: “PMID: 29514819”, “PMCID: PMC123”, one to a line.
_IDENTIFIER_IN_NOTE = re.compile(
    r"[;,]?\s{0,9}\b(?:(PMID):? ?([0-9]{1,8})(?![0-9])|(PMCID):? ?(PMC[0-9]{1,8})(?![0-9])"
    r"|(DOI):? ?(10\.[0-9]{4,9}/[^\s;,]{1,200}))[.;,]?",
    re.I,
)


def _drop_what_is_no_suffix(csl):
    """Take degrees and the like out of the suffixes of names."""
    for role in csl_json.NAME_FIELDS & csl.keys():
        for name in csl[role]:
            if "suffix" in name and not names.is_suffix(name["suffix"]):
                del name["suffix"]


def _take_from_note(csl):
    """Put identifiers that stand in the note into their own fields; the other words stay."""
    note = csl.get("note", "")
    kept = note
    for match in _IDENTIFIER_IN_NOTE.finditer(note):
        name, value = [part for part in match.groups() if part]
        csl.setdefault(name.upper(), value)
        kept = kept.replace(match[0], "", 1)
    if kept != note:
        csl["note"] = kept.strip()
        if not csl["note"]:
            csl.pop("note")


_READERS = (("DOI", identifiers.doi), ("PMID", identifiers.pmid), ("PMCID", identifiers.pmcid))


def _conform_identifiers(csl, record, repairs, warnings):
    """Bring the identifiers in `csl` to the form they are stored in; returns the 13-digit ISBN."""
    for field, given in (("PMID", record.pmid), ("PMCID", record.pmcid), ("ISBN", record.isbn13)):
        if given and not csl.get(field):
            csl[field] = given
    for field, read in _READERS:
        if not (value := csl.pop(field, "")):
            continue
        identifier = read(value)
        # A number in a field for PMIDs is not taken for a year.
        is_pmid = field == "PMID" and identifier.why == "looks like a year"
        if identifier.is_usable or is_pmid:
            csl[field] = identifier.display
            repairs += [
                code
                for code in identifier.repairs
                if code not in identifiers.HARMLESS and code not in repairs
            ]
        else:
            warnings.append(f"left out what stands for the {field}: {value[:100]}")
    return isbn13_in(csl.get("ISBN", ""))


#: Some books list a number for each binding and each volume.
_LONGEST_ISBNS = 500


def isbn13_in(text: str) -> str:
    """Return the first ISBN in `text`, or "": books list several."""
    text = text[:_LONGEST_ISBNS]
    for piece in [text, *re.split(r"[;,\s]+(?=97[89]|[0-9]{9})", text)[:8]]:
        isbn = identifiers.isbn(piece)
        if isbn.is_usable:
            return isbn.key
    return ""
