"""RIS, the format of EndNote, Zotero, Embase, Ovid and most databases.

A record begins with TY. Real files differ from the standard: no ER, one blank before the dash or
none after it, small letters in tags, wrapped lines without indent, several DO, the issue inside VL,
the pages inside SP, “2012///”, TY in the middle of a record or nowhere. So the TY line of a record
shows how its tags are written. Every other line that is written so is a tag, and any other line
continues the one before. Ovid puts its search between ER and TY, some of it behind a C1.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from . import addresses, carrying, dates, decoding, languages, limits, names, pages
from .decoding import Source
from .limits import LONGEST_RECORD
from .records import Record

_TYPE_LINE = re.compile(r"\s{0,4}(TY)(\s{0,3})-(.*)", re.I)
_TAG_LINE = re.compile(r"([A-Za-z][A-Za-z0-9])(\s{0,3})-(?:\s|(?=\S)|$)(.*)")

TYPES = {
    "JOUR": "article-journal", "EJOUR": "article-journal", "JFULL": "article-journal",
    "INPR": "article-journal", "ABST": "article-journal", "MGZN": "article-magazine",
    "NEWS": "article-newspaper", "BOOK": "book", "EBOOK": "book", "EDBOOK": "book", "SER": "book",
    "CHAP": "chapter", "ECHAP": "chapter", "CONF": "paper-conference", "CPAPER": "paper-conference",
    "THES": "thesis", "RPRT": "report", "GOVDOC": "report", "ELEC": "webpage", "WEB": "webpage",
    "BLOG": "post-weblog", "ICOMM": "personal_communication", "PCOMM": "personal_communication",
    "UNPB": "manuscript", "MANSCPT": "manuscript", "UNPD": "manuscript", "PREPRINT": "article",
    "COMP": "software", "DATA": "dataset", "DBASE": "dataset", "AGGR": "dataset",
    "DICT": "entry-dictionary", "ENCYC": "entry-encyclopedia", "PAT": "patent",
    "VIDEO": "motion_picture", "MPCT": "motion_picture", "ADVS": "motion_picture", "SOUND": "song",
    "MUSIC": "musical_score", "MAP": "map", "STAT": "legislation", "BILL": "bill",
    "CASE": "legal_case", "HEAR": "hearing", "STAND": "standard", "SLIDE": "speech",
    "ART": "graphic", "FIGURE": "figure", "PAMP": "pamphlet", "CLSWK": "classic",
    "ANCIENT": "classic", "MULTI": "webpage", "GEN": "document",
    # As some tools spell them out.
    "JOURNAL ARTICLE": "article-journal", "JOURNAL": "article-journal", "BOOK CHAPTER": "chapter",
    "CONFERENCE PAPER": "paper-conference", "THESIS": "thesis", "REPORT": "report",
}  # fmt: skip
IN_A_BOOK = {"chapter", "paper-conference", "entry-dictionary", "entry-encyclopedia"}
BOOKS = {"book", "classic", "pamphlet"}

_PMID = re.compile(
    r"(?:\bPMID:?\s{0,2}|pubmed\.ncbi\.nlm\.nih\.gov/|nlm\.nih\.gov/pubmed/)([0-9]{1,8})(?![0-9])"
    r"|([0-9]{1,8})\[pmid\]",
    re.I,
)
_PMCID = re.compile(r"(PMC[0-9]{1,8})(?![0-9])", re.I)
_NCT = re.compile(r"\bNCT[0-9]{8}\b")
_VOLUME_AND_ISSUE = re.compile(r"([A-Za-z]?[0-9]{1,6})\s?\(([^()]{1,30})\)")
_DOI_ADDRESS = re.compile(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/(10\.\S+)", re.I)
_LABELLED_DOI = re.compile(r"\bdoi:\s{0,2}(10\.[0-9]{4,9}/\S+)", re.I)
_ADDRESS = re.compile(r"(?:https?:)?//", re.I)
_BARE_DOI = re.compile(r"10\.[0-9]{4,9}/\S+")


def read(data: Source) -> Iterator[Record]:
    """Yield a Record, not conforming yet, for each record in `data`."""
    for number, (line, raw, fields, notes) in enumerate(
        _records(decoding.lines(decoding.as_stream(data))), start=1
    ):
        warnings = [f"record {number} {note}" for note in notes if note != "too long"]
        if "too long" in notes:
            yield Record(number, line, {}, raw, refused=limits.TOO_LONG, warnings=tuple(warnings))
        else:
            yield limits.read_or_refuse(
                number, line, raw, _record, number, line, raw, fields, warnings
            )


#: A line that may begin a record without TY, and shows how its tags are written.
_FIRST_LINE = re.compile(r"(A[1BU]|DB|DO|ID|J[FO]|N2|PY|T[1I]|Y1)(\s{1,3})-\s(.*)", re.I)
#: Without one of these nothing between two records is a record.
_SAYS_WHICH_WORK = frozenset("TI T1 CT BT ST T2 DO AU A1 JO JF".split())


def _records(lines):
    """Yield line, raw text, fields and notes of each record; `fields` is a list of [tag, lines]."""
    record, blanks_before_dash, is_behind_blank = None, 2, False
    for number, text in lines:
        begins = _TYPE_LINE.match(text)
        tag, value = ("TY", begins[3]) if begins else _tag_and_value(text, blanks_before_dash)
        if begins:
            blanks_before_dash = len(begins[2])
        elif not record and (first := _FIRST_LINE.match(text)):
            tag, value, blanks_before_dash = first[1].upper(), first[3], len(first[2])
        if record and tag and record.ends_before(tag, is_behind_blank):
            yield from record.finish("has no ER")
            record = None
        if not record and tag and tag != "ER":
            record = _OpenRecord(number, tag)
        if record:
            # Between records: page headings, counts of records.
            record.take(tag, value, text)
        if record and tag == "ER":
            yield from record.finish()
            record, blanks_before_dash = None, 2
        is_behind_blank = not text.strip()
    if record:
        yield from record.finish("has no ER")


class _OpenRecord:
    """A record whose end is not found yet."""

    def __init__(self, line, first_tag):
        self.line, self.first_tag = line, first_tag
        self.has_type = self.has_other_lines = False
        self.raw, self.fields, self.length = [], [], 0

    def ends_before(self, tag, is_behind_blank):
        """Return whether a line with `tag` belongs to the next record.

        TY may stand anywhere in its record. A record without one, and without ER, ends at a blank
        line before the tag that it began with.
        """
        if tag == "TY":
            is_stray = self.has_other_lines and not self._says_which_work()
            return self.has_type or is_behind_blank or is_stray
        return not self.has_type and is_behind_blank and tag == self.first_tag

    def take(self, tag, value, text):
        self.has_type = self.has_type or tag == "TY"
        self.has_other_lines = self.has_other_lines or not tag
        self.length += len(text)
        if self.length > LONGEST_RECORD:
            self.raw, self.fields = self.raw[:1], []
            return
        self.raw.append(text)
        if tag and tag != "ER":
            self.fields.append([tag, [value.strip()]])
        elif self.fields and not tag:
            self.fields[-1][1].append(text.strip())

    def finish(self, *notes):
        """Yield it, unless it is no record but something between two of them."""
        is_too_long = self.length > LONGEST_RECORD
        if not (self.has_type or is_too_long or self._says_which_work()):
            return
        if not self.has_type:
            notes = ("has no TY", *notes)
        if is_too_long:
            notes = (*notes, "too long")
        yield self.line, "\n".join(self.raw), self.fields, notes

    def _says_which_work(self):
        return any(tag in _SAYS_WHICH_WORK for tag, _ in self.fields)


def _tag_and_value(text, blanks_before_dash):
    """Return the tag and value of a line that has so many blanks before its dash.

    Else "" and "".
    """
    match = _TAG_LINE.match(text)
    if not match:
        return "", ""
    tag, blanks, value = match[1].upper(), len(match[2]), match[3]
    if tag == "ER":
        # The end of a record has no value, so it may be written in any way.
        return (tag, value) if not value.strip() else ("", "")
    return (tag, value) if blanks == blanks_before_dash or blanks >= 2 else ("", "")


class _Fields(defaultdict):
    """Values by tag, each a text on one line; `listed` has them line by line, for lists (KW).

    `authors` has the tag and value of AU and A1 in the order of the file: some tools give the first
    author as A1 and the others as AU, and some give all of them as both.
    """

    def __init__(self, pairs):
        super().__init__(list)
        self.listed = defaultdict(list)
        self.authors = []
        for tag, values in pairs:
            text = " ".join(" ".join(values).split())
            if text:
                self[tag].append(text)
                if tag in ("AU", "A1"):
                    self.authors += [(tag, name) for name in _names_in(values, text)]
                self.listed[tag] += [value for value in values if value]

    def first(self, *tags):
        return next((self[tag][0] for tag in tags if self.get(tag)), "")

    def all(self, *tags):
        return [value for tag in tags for value in self.get(tag, ())]

    def first_few(self, *tags):
        """Return as many values as a real record has: reading each costs time."""
        return self.all(*tags)[: limits.MOST_TRIED]


def _record(number, line, raw, pairs, warnings):
    fields = _Fields(pairs)
    kind = _type(fields)
    csl = {"type": kind} | _titles(kind, fields) | _people(kind, fields) | _numbers(kind, fields)
    csl |= _identifiers(fields, warnings)
    csl["issued"] = dates.fullest(
        [dates.read(value) for value in fields.first_few("PY", "Y1", "DA")]
    )
    csl["accessed"] = dates.fullest([dates.read(value) for value in fields.first_few("Y2")])
    for field, tags in _TEXTS.items():
        csl[field] = fields.first(*tags)
    csl["language"] = languages.short(csl["language"])
    csl["keyword"] = ", ".join(fields.listed["KW"])[:5000]
    csl["URL"] = addresses.first_lasting(
        value for value in fields.all("UR") if _ADDRESS.match(value)
    )
    for value in fields.all("C8"):
        if value.startswith(carrying.SIGN):
            csl = carrying.with_line(csl, value.removeprefix(carrying.SIGN))
    years = {
        date["date-parts"][0][0]
        for value in fields.first_few("PY", "Y1")
        if (date := dates.read(value))
    }
    if len(years) > 1:
        warnings.append(f"two years: {', '.join(map(str, sorted(years)))}")
    if fields.first("PY", "Y1") and not csl.get("issued"):
        warnings.append(f"no year could be read in “{fields.first('PY', 'Y1')[:40]}”")
    trial = _NCT.search(" ".join(fields.all("N1", "C1", "C2", "M1", "UR")))
    return Record(
        number,
        line,
        csl,
        raw,
        nct=trial[0] if trial else "",
        uid=carrying.uid_in(fields.first("ID")),
        warnings=tuple(warnings),
    )


def _names_in(values, text):
    """Return the names in the lines of one AU: one, or one to each line."""
    lines = [value for value in values if value]
    are_names = all("," in line.strip(" ,") or names.is_short_form(line) for line in lines)
    return lines if len(lines) > 1 and are_names else [text]


def _type(fields):
    if named := fields.first("TY"):
        return TYPES.get(named.upper(), "document")
    return "article-journal" if fields.first("JO", "JF", "JA", "J2", "VL") else "document"


_TEXTS = {
    "publisher": ("PB",),
    "publisher-place": ("CY", "PP"),
    "language": ("LA",),
    "source": ("DP", "DB"),
}


def _titles(kind, fields):
    if kind in BOOKS:
        title = fields.first("TI", "T1", "BT", "CT", "ST")
        return {"title": title, "collection-title": fields.first("T2", "T3")}
    container = fields.first("JF", "T2", "BT", "JO", "JA", "J2", "J1")
    csl = {"title": fields.first("TI", "T1", "CT", "ST"), "container-title": container}
    if kind in IN_A_BOOK:
        container = fields.first("T2", "BT", "JF", "JO")
        csl |= {"container-title": container, "collection-title": fields.first("T3")}
    short = fields.first("J2", "JA", "J1", "JO")
    if short != csl["container-title"]:
        csl["container-title-short"] = short
    if not csl["title"] and kind == "document":
        csl["title"] = fields.first("BT", "T2")
    return csl


def _people(kind, fields):
    by_role = {"author": _authors(fields)}
    seconds = fields.all("A2", "ED")
    if kind in BOOKS or kind in IN_A_BOOK or not by_role["author"]:
        by_role["editor"] = seconds
    else:
        by_role["author"] = by_role["author"] or seconds
    by_role |= {"collection-editor": fields.all("A3"), "translator": fields.all("A4")}
    people = {}
    for role, listed in by_role.items():
        limits.check_names(len(listed), role)
        people_in_role = names.people(listed)
        if role != "author":
            # Embase and Zotero name editors twice, as A2 and as ED.
            people_in_role = list({tuple(name.items()): name for name in people_in_role}.values())
        people[role] = people_in_role
    return people


def _authors(fields):
    by_tag = {tag: {name.casefold() for name in fields.get(tag, ())} for tag in ("AU", "A1")}
    first_tag = fields.authors[0][0] if fields.authors else ""
    other = "A1" if first_tag == "AU" else "AU"
    repeated = by_tag[other] & by_tag.get(first_tag, set())
    return [
        name for tag, name in fields.authors if tag == first_tag or name.casefold() not in repeated
    ]


def _numbers(kind, fields):
    volume, issue = fields.first("VL", "VO"), fields.first("IS", "CP")
    if packed := _VOLUME_AND_ISSUE.fullmatch(volume):
        volume, issue = packed[1], issue or packed[2]
    if not issue and re.fullmatch(r"[0-9]{1,4}", fields.first("M1")):
        # ProQuest and EndNote put the issue there.
        issue = fields.first("M1")
    csl = {
        "volume": volume,
        "issue": issue,
        "page": pages.from_first_and_last(
            fields.first("SP"), fields.first("EP"), fields.first("C7")
        ),
    }
    if kind in BOOKS or kind in IN_A_BOOK or kind == "report":
        csl["edition"] = fields.first("ET")
        if kind in BOOKS:
            csl |= {"number-of-pages": csl.pop("page"), "collection-number": csl.pop("issue")}
    number = fields.first("SN")
    csl["ISBN" if _is_isbn(number, kind) else "ISSN"] = number
    return csl


def _is_isbn(number, kind):
    if re.fullmatch(r"[0-9]{4}-[0-9]{3}[0-9Xx]", number):
        return False
    digits = re.sub(r"[^0-9Xx]", "", number)
    return kind in BOOKS or kind in IN_A_BOOK or len(digits) in (10, 13)


def _identifiers(fields, warnings):
    dois = fields.all("DO")
    if len({value.lower() for value in dois}) > 1:
        warnings.append("two DOIs: kept the first, " + ", ".join(dois)[:300])
    others = fields.all("M3", "N1", "L2", "L3", "UR", "LK")
    doi = dois[0] if dois else _doi_in(others)
    csl = {"DOI": doi}
    accession = fields.first("AN")
    database = fields.first("DB", "DP").lower()
    places = fields.all("U1", "U2", "C5", "C2", "N1", "L2", "UR")
    pmid = next((match[1] or match[2] for match in map(_PMID.search, places) if match), "")
    if not pmid and database in ("pubmed", "medline") and re.fullmatch(r"[0-9]{1,8}", accession):
        pmid = accession
    if not pmid and database == "embase" and re.fullmatch(r"[0-9]{5,8}", fields.first("C5")):
        pmid = fields.first("C5")
    pmcid = next((match[1] for match in map(_PMCID.search, [accession, *places]) if match), "")
    return csl | {"PMID": pmid, "PMCID": pmcid.upper()}


def _doi_in(values):
    for value in values:
        match = _DOI_ADDRESS.search(value) or _LABELLED_DOI.search(value)
        if match:
            return match[1]
        if _BARE_DOI.fullmatch(value):
            return value
    return ""
