"""Citations that a program put into a Word file as fields: Zotero, Mendeley, EndNote, Word itself.

The field has the whole record of a work; what is printed may be only "1". So the record is read,
and its name put where the field prints: "[source 1]".
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from .records import Records, is_printed_mark, mark_of

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_B = "{http://schemas.openxmlformats.org/officeDocument/2006/bibliography}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_CSL_FIELD = re.compile(r"\s*ADDIN\s+(?:ZOTERO_ITEM\s+|Mendeley\s+)?CSL_CITATION\b")
_ENDNOTE_FIELD = re.compile(r"\s*ADDIN\s+EN\.CITE\b")
_WORD_FIELD = re.compile(r"\s*CITATION\s+(\S+)(.*)", re.S)
_MORE_OF_WORDS_FIELD = re.compile(r"\\m\s+(\S+)")
_PAGE_OF_WORDS_FIELD = re.compile(r"\\p\s+(?:\"([^\"]{1,40})\"|(\S{1,40}))")
_MENDELEY_TAG = re.compile(r"MENDELEY_CITATION(?:_v[0-9])?_(.+)", re.S)

#: What a field cites: the CSL-JSON of a work, the kind of place in it, and the place.
_Cited = tuple[dict[str, Any], str, str]


@dataclass
class _Field:
    """An open field. `data` is what Word keeps beside its instruction, `printed` its words."""

    instruction: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    printed: list[Element] = field(default_factory=list)
    last_run: Element | None = None
    is_printing: bool = False


class WordCitations:
    """Puts names of records into the parts of one Word file.

    `word_sources` are the parts that can hold Word's own list of sources, as bytes.
    """

    def __init__(self, word_sources: Iterable[bytes], records: Records) -> None:
        self._records = records
        self._word_sources: dict[str, dict[str, Any]] = {}
        for part in word_sources:
            if b"officeDocument/2006/bibliography" in part:
                self._word_sources |= _word_sources(part)

    def name_records_in(self, root: Element) -> None:
        """Put the names of records into the part `root`, where its fields cite them."""
        self._content_controls(root)
        self._fields(root)

    def _content_controls(self, root: Element) -> None:
        for control in root.iter(f"{_W}sdt"):
            tag = control.find(f"{_W}sdtPr/{_W}tag")
            found = _MENDELEY_TAG.match(tag.get(f"{_W}val", "")) if tag is not None else None
            content = control.find(f"{_W}sdtContent")
            if found and content is not None:
                cited = _cited_in_csl(_decoded(found[1]))
                self._write(list(content.iter(f"{_W}t")), None, cited)

    def _fields(self, root: Element) -> None:
        self._simple_fields(root)
        open_fields: list[_Field] = []
        for run in root.iter(f"{_W}r"):
            for child in list(run):
                if child.tag == f"{_W}fldChar":
                    self._field_character(child, run, open_fields)
                elif open_fields and child.tag == f"{_W}instrText":
                    open_fields[-1].instruction.append(child.text or "")
                elif open_fields and child.tag == f"{_W}t":
                    for one in open_fields:
                        if one.is_printing:
                            one.printed.append(child)

    def _simple_fields(self, root: Element) -> None:
        """Put the runs of simple fields in their place, because mammoth leaves out such fields."""
        for parent in list(root.iter()):
            if all(child.tag != f"{_W}fldSimple" for child in parent):
                continue
            children: list[Element] = []
            for child in parent:
                if child.tag == f"{_W}fldSimple":
                    cited = self._cited_by(child.get(f"{_W}instr", ""), [])
                    self._write(list(child.iter(f"{_W}t")), None, cited)
                    children += list(child)
                else:
                    children.append(child)
            parent[:] = children

    def _field_character(self, element: Element, run: Element, open_fields: list[_Field]) -> None:
        kind = element.get(f"{_W}fldCharType")
        if kind == "begin":
            open_fields.append(_Field())
        if not open_fields:
            return
        data = element.find(f"{_W}fldData")
        if data is not None and data.text:
            open_fields[-1].data.append(data.text)
        if kind == "separate":
            open_fields[-1].is_printing, open_fields[-1].last_run = True, run
        if kind != "end":
            return
        closed = open_fields.pop()
        instruction = "".join(closed.instruction)
        if open_fields and instruction.strip().startswith("ADDIN EN.CITE.DATA"):
            open_fields[-1].data += closed.data
            return
        cited = self._cited_by(instruction, closed.data)
        self._write(closed.printed, closed.last_run, cited)

    def _cited_by(self, instruction: str, data: Iterable[str]) -> list[_Cited]:
        """Return what a field with this instruction cites."""
        if _CSL_FIELD.match(instruction):
            return _cited_in_csl(instruction)
        if _ENDNOTE_FIELD.match(instruction):
            texts = [instruction, *map(_decoded, data)]
            return next((cited for text in texts if (cited := _cited_in_endnote(text))), [])
        if found := _WORD_FIELD.match(instruction):
            page = _PAGE_OF_WORDS_FIELD.search(found[2])
            place = ("page", page[1] or page[2]) if page else ("", "")
            tags = [found[1], *_MORE_OF_WORDS_FIELD.findall(found[2])]
            return [
                (self._word_sources[tag], *(place if tag == found[1] else ("", "")))
                for tag in tags
                if tag in self._word_sources
            ]
        return []

    def _write(self, printed: list[Element], run: Element | None, cited: Iterable[_Cited]) -> None:
        """Put the names of what is cited where the field prints."""
        named = [
            (name, kind, place)
            for item, kind, place in cited
            if (name := self._records.name_of(item))
        ]
        if not named:
            return
        if not printed:
            if run is None:
                return
            printed = [ElementTree.SubElement(run, f"{_W}t")]
        words, mark = "".join(text.text or "" for text in printed), mark_of(named)
        if is_printed_mark(words):
            for text in printed:
                text.text = ""
            printed[0].text = f"{' ' * words.startswith(' ')}{mark}"
        else:
            printed[-1].text = f"{printed[-1].text or ''}{mark}"
        for text in printed:
            text.set(_SPACE, "preserve")


def _cited_in_csl(text: str) -> list[_Cited]:
    """Return what the JSON in `text` cites, as Zotero and Mendeley write it."""
    start = text.find("{")
    try:
        citation, _end = json.JSONDecoder().raw_decode(text, max(start, 0))
    except (ValueError, RecursionError):
        return []
    items = citation.get("citationItems") if isinstance(citation, dict) else None
    cited = []
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and isinstance(item.get("itemData"), dict):
            place = str(item.get("locator") or "")[:40]
            kind = str(item.get("label") or "page") if place else ""
            cited.append((item["itemData"], kind, place))
    return cited


def _cited_in_endnote(text: str) -> list[_Cited]:
    """Return what the XML in `text` cites, as EndNote writes it."""
    start, end = text.find("<EndNote>"), text.rfind("</EndNote>")
    root = _parsed(text[start : end + len("</EndNote>")].encode()) if 0 <= start < end else None
    if root is None:
        return []
    cited = []
    for cite in root.iter("Cite"):
        record = cite.find("record")
        if record is not None:
            place = _words(cite, "Pages")
            cited.append((_from_endnote(record), "page" if place else "", place))
    return cited


def _from_endnote(record: Element) -> dict[str, Any]:
    kind = record.find("ref-type")
    name = kind.get("name", "") if kind is not None else ""
    accession = _words(record, "accession-num")
    return _without_empty(
        {
            "type": _TYPES.get(name.replace(" ", ""), "article-journal"),
            "title": _words(record, "titles/title"),
            "container-title": _words(record, "periodical/full-title")
            or _words(record, "titles/secondary-title"),
            "author": [
                _name("".join(author.itertext()))
                for author in record.iterfind("contributors/authors/author")
            ],
            "issued": _year(_words(record, "dates/year")),
            "volume": _words(record, "volume"),
            "issue": _words(record, "number"),
            "page": _words(record, "pages"),
            "publisher": _words(record, "publisher"),
            "DOI": _words(record, "electronic-resource-num"),
            "PMID": accession if re.fullmatch(r"[0-9]{4,9}", accession) else "",
        }
    )


_TYPES = {
    "JournalArticle": "article-journal",
    "ArticleInAPeriodical": "article-magazine",
    "Book": "book",
    "BookSection": "chapter",
    "EditedBook": "book",
    "ElectronicArticle": "article-journal",
    "InternetSite": "webpage",
    "DocumentFromInternetSite": "webpage",
    "WebPage": "webpage",
    "Report": "report",
    "Thesis": "thesis",
    "ConferenceProceedings": "paper-conference",
    "ConferencePaper": "paper-conference",
}


def _word_sources(part: bytes) -> dict[str, dict[str, Any]]:
    """Return {tag: CSL-JSON} of the sources in a part of a Word file."""
    root = _parsed(part)
    if root is None:
        return {}
    sources = {}
    for source in root.iter(f"{_B}Source"):
        fields = {
            child.tag.removeprefix(_B): (child.text or "").strip()
            for child in source
            if len(child) == 0
        }
        people = source.findall(f"{_B}Author/{_B}Author/{_B}NameList/{_B}Person")
        group = source.find(f"{_B}Author/{_B}Author/{_B}Corporate")
        names = [
            _without_empty(
                {
                    "family": _words(person, f"{_B}Last"),
                    "given": " ".join(
                        filter(None, (_words(person, f"{_B}First"), _words(person, f"{_B}Middle")))
                    ),
                }
            )
            for person in people
        ]
        if group is not None and group.text:
            names = [{"literal": group.text.strip()}]
        if fields.get("Tag"):
            sources[fields["Tag"]] = _from_word(fields, names)
    return sources


def _from_word(fields: Mapping[str, str], names: list[dict[str, Any]]) -> dict[str, Any]:
    doi = fields.get("DOI", "")
    for name in ("StandardNumber", "URL"):
        if not doi and (found := re.search(r"10\.[0-9]{4,9}/\S+", fields.get(name, ""))):
            doi = found[0]
    return _without_empty(
        {
            "type": _TYPES.get(fields.get("SourceType", ""), "document"),
            "title": fields.get("Title", ""),
            "container-title": fields.get("JournalName") or fields.get("BookTitle", ""),
            "author": names,
            "issued": _year(fields.get("Year", "")),
            "volume": fields.get("Volume", ""),
            "issue": fields.get("Issue", ""),
            "page": fields.get("Pages", ""),
            "publisher": fields.get("Publisher", ""),
            "publisher-place": fields.get("City", ""),
            "DOI": doi,
            "URL": fields.get("URL", "") if not doi else "",
        }
    )


def _name(text: str) -> dict[str, str]:
    """Return the CSL name of "Beyer, R."; EndNote ends the name of a body with a comma."""
    family, _comma, given = text.strip().partition(",")
    if given.strip():
        return {"family": family.strip(), "given": given.strip()}
    return {"literal": family.strip()}


def _year(text: str) -> dict[str, Any]:
    found = re.search(r"(?:1[5-9]|20)[0-9]{2}", text)
    return {"date-parts": [[int(found[0])]]} if found else {}


def _without_empty(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _words(element: Element, path: str) -> str:
    found = element.find(path)
    return " ".join("".join(found.itertext()).split()) if found is not None else ""


def _decoded(text: str) -> str:
    """Return the text in base64; "" where it is none. Some programs write UTF-16."""
    try:
        data = base64.b64decode(re.sub(r"[^A-Za-z0-9+/]", "", text) + "===")
    except (binascii.Error, ValueError):
        return ""
    encoding = "utf-16-le" if b"\x00" in data[:8] else "utf-8"
    return data.decode(encoding, "replace").replace("\x00", "")


def _parsed(data: bytes) -> Element | None:
    try:
        return fromstring(data)
    except (ElementTree.ParseError, DefusedXmlException, ValueError):
        return None


def parts_with_sources(names: Iterable[str]) -> Iterator[str]:
    """Yield the names of parts that can hold Word's list of sources, out of those of a file."""
    return (name for name in names if re.fullmatch(r"customXml/item[0-9]{1,4}\.xml", name))
