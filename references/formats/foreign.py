"""Files that other programs write and that hold no references we read: what to export instead.

Each is known by what it begins with, or by a line that no other kind of file has.
"""

import re

_BINARY = (
    b"PK\x03\x04",
    b"%PDF",
    b"\xd0\xcf\x11\xe0",
    b"\x1f\x8b",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"{\\rtf",
    b"SQLite format 3",
)

#: Names of columns that tables of references have. Two of them in the first line tell a table.
_COLUMNS = (
    r"(?:authors?(?: full names)?|article title|document title|title|titles|year|publication year"
    r"|source title|source|journal(?: name| title)?|doi|pmid|abstract|volume|issue|keywords|pages"
    r"|item type|key|AU|TI|SO|PY|DT|DI|PT|BA)"
)
_CELL = rf'[ "]{{0,3}}{_COLUMNS}[ "]{{0,3}}'
_TABLE = re.compile(
    rf"(?:[^\n,;\t]{{0,60}}[,;\t]){{0,9}}?{_CELL}[,;\t](?:[^\n,;\t]{{0,60}}[,;\t]){{0,9}}?"
    rf"{_CELL}(?:[,;\t\r\n]|$)",
    re.I,
)
_XML = r"\s{0,99}(?:<\?xml[^>]{0,200}\?>|<!--[^>]{0,999}-->|\s){0,5}"

#: What the file is known by, from its beginning or (with re.M) by a line, and what to do.
_PROGRAMS = (
    (
        re.compile(rf"{_XML}<xml>\s{{0,99}}<records>|{_XML}<records>\s{{0,99}}<record>"),
        "is EndNote's XML. In EndNote choose File, then Export, with the output style “RefMan"
        " (RIS) Export”, and import that file.",
    ),
    (
        re.compile(rf"{_XML}<(?:\w{{1,20}}:)?mods(?:Collection)?\b"),
        "is MODS. Export the references as RIS instead: Zotero and library catalogues offer both"
        " in the same list.",
    ),
    (
        re.compile(rf"{_XML}<(?:rdf:)?RDF\b", re.I),
        "is RDF. In Zotero choose Export Library, then the format RIS or CSL JSON, and import that"
        " file.",
    ),
    (
        re.compile(rf"{_XML}<(?:!DOCTYPE\s{{1,9}}html|html|head|body|div|table|p)\b", re.I),
        "is a web page and holds no references we can read. Use the export of that site, as RIS,"
        " NBIB or BibTeX, or copy the references out of the page and paste them as a list.",
    ),
    (
        re.compile(rf"{_XML}<[A-Za-z!]"),
        "is XML, but not PubMed's, and holds no references we can read. Export the references as"
        " RIS, BibTeX or CSL-JSON instead.",
    ),
    (
        re.compile(r"^%0 [A-Z][A-Za-z ]{2,40}$", re.M),
        "is EndNote's own tagged format (.enw). Export the references as RIS instead: EndNote and"
        " the sites of journals offer both.",
    ),
    (
        re.compile(r"^RT [A-Z][A-Za-z /]{2,40}\n(?:[A-Z][A-Z0-9] [^\n]*\n){0,99}?T1 ", re.M),
        "is RefWorks' own format. In RefWorks choose Export, then RIS, and import that file.",
    ),
    (
        re.compile(r"^VN\s{0,3}- Ovid Technologies|^<[0-9]{1,6}>\s{0,9}\n+Unique Identifier", re.M),
        "is one of Ovid's own formats. In Ovid choose Export, then the format RIS, and import that"
        " file.",
    ),
    (
        re.compile(r"^Author information:[^\S\n]{0,9}$", re.M),
        "has PubMed's abstracts as text. In PubMed choose Save, then the format PubMed, and import"
        " that file.",
    ),
    (
        re.compile(_TABLE),
        "is a table. Scopus, Web of Science, Embase, PubMed, Zotero and Mendeley also export RIS,"
        " NBIB or BibTeX: export the references as one of these, and import that file.",
    ),
    (
        re.compile(r"\s{0,99}[\[{][\s\S]{0,4000}?\"(?:itemType|creators)\"\s{0,9}:"),
        "is Zotero's JSON. In Zotero export the references as CSL JSON, and import that file.",
    ),
    (
        re.compile(r"\s{0,99}[\[{]\s{0,99}(?:[\[{\"]|\])"),
        "is JSON, but it holds no references we can read. Export them as CSL JSON (Zotero), RIS or"
        " BibTeX instead.",
    ),
)


def is_binary(head: bytes) -> bool:
    """Return whether a file that begins with `head` is no text."""
    return head.startswith(_BINARY)


def is_foreign(text: str) -> bool:
    """Return whether `text` is a kind of file whose records no reader of ours may begin to guess.

    Web pages and XML may still hold text of MEDLINE, as saved pages do.
    """
    reason = what_to_export(text)
    return bool(reason) and not text.lstrip().startswith("<")


def what_to_export(text: str) -> str:
    """Return the sentence about the program that wrote `text`, without its subject, or ""."""
    text = text.lstrip("\ufeff")
    return next(
        (
            reason
            for pattern, reason in _PROGRAMS
            if (pattern.search(text) if pattern.flags & re.M else pattern.match(text))
        ),
        "",
    )
