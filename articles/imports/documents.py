"""Read the bytes of a file into numbered lines: .txt, .md, .html and .docx."""

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape
from html.parser import HTMLParser
from pathlib import PurePath

import nh3

from articles.richtext.allowed_html import HREF
from articles.richtext.cleaning import entities, nesting

from . import word
from .footnotes import FOOTNOTE_ATTRIBUTES, MarkdownFootnotes, PageFootnotes
from .limits import MEGABYTE, CannotRead, check_amount, check_size

#: A .docx is a zip file. These limits are checked before anything in it is unpacked.
MAX_MEMBERS, MAX_UNPACKED, MAX_RATIO = 2000, 50 * MEGABYTE, 200
MAX_DEPTH = 200

#: Soft hyphens, spaces of no width, changes of direction, and the control characters of
#: physiohub.control_characters without those that end a line.
_INVISIBLE = re.compile(
    "[\u00ad\u200b\u2060\ufeff\u202d\u202e\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)
#: The last ones are Word's bullets of the second and third level, pasted as plain text.
_BULLET = re.compile(r"\s*(?:[•·▪◦‣●○■*–\uf0b7\uf0a7-]\s+|[o§]\t\s*)(?=\S)")
_NUMBERED = re.compile(r"\s*\d{1,3}[.)]\s+(?=\S)")
_TICK = re.compile(r"\s*[✔✓☑]\s*(?=\S)")
_FENCE = re.compile(r"\s*<\s*([^<>]{1,90}?)\s*>\s*\Z")
_MARKDOWN_HEADING = re.compile(r"\s*(#{1,6})\s+(.*?)\s*#*\s*\Z")


@dataclass(frozen=True)
class DocumentLine:
    """One line as its author sees it. PendingImport.lines stores these fields by name.

    - number: from 1
    - html: the text, escaped, with strong, em, sub, sup and links kept
    - kind: text, heading, item, or fence (a heading typed as "< Heading >")
    - level: of a heading that the format itself marks
    - gap: how many blank lines stand before it
    - mark: what was typed before the words and then taken off: "•", "✔", "2.", "<"
    - list_number: the number the format itself draws before it, as <ol start="5"> does
    - note: the name of the footnote or endnote it belongs to, as its mark gives it: "note 1"
    - goes_on: only a line break separates it from the line above
    """

    number: int
    text: str
    html: str
    kind: str = "text"
    level: int = 0
    gap: int = 1
    is_ticked: bool = False
    is_numbered: bool = False
    mark: str = ""
    list_number: int | None = None
    note: str = ""
    goes_on: bool = False

    @property
    def mark_kind(self) -> str:
        """What was taken off: bullet, tick, number or fence; "" where nothing was."""
        if not self.mark:
            return ""
        if self.kind == "fence":
            return "fence"
        if self.is_ticked:
            return "tick"
        return "number" if self.is_numbered else "bullet"


@dataclass(frozen=True)
class Document:
    """What was read from a file. `messages` say what was left out."""

    file_name: str
    sha256: str  # of the bytes of the file
    lines: list[DocumentLine]
    messages: list[str]


def read_document(data: bytes, file_name: str) -> Document:
    """Read the document in the bytes `data`. The ending of `file_name` names the format.

    Raises CannotRead.
    """
    lines, messages = read_lines(data, file_name)
    return Document(file_name[:255], hashlib.sha256(data).hexdigest(), lines, messages)


def read_lines(data: bytes, file_name: str) -> tuple[list[DocumentLine], list[str]]:
    """Return (lines, messages): the lines that are not blank, and what was left out."""
    check_size(len(data))
    ending = PurePath(file_name).suffix.lower()
    if ending in {".txt", ".md", ".markdown"}:
        return _from_text(_decoded(data), is_markdown=ending != ".txt")
    if ending in {".html", ".htm"}:
        return _from_html(_decoded(data))
    if ending == ".docx":
        return _from_docx(data)
    raise CannotRead(
        "This kind of file cannot be read, so save the article as .docx, .txt, .md or .html and try"
        " again."
    )


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
        if b"\x00" in data:
            raise CannotRead(
                "This file is not text, so save the article as .docx, .txt, .md or .html and try"
                " again."
            )
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp1252" and not _is_plausible(text):
            break
        check_amount(characters=len(text), lines=text.count("\n"))
        return text
    raise CannotRead(
        "The letters of this file cannot be read, so save it again with the encoding UTF-8."
    )


def _is_plausible(text: str) -> bool:
    """Return whether bytes read as Windows-1252 gave a text.

    Almost any byte is a letter of that encoding. So the letters outside ASCII must be few, and most
    of them must be letters or signs that people type.
    """
    others = [letter for letter in text if ord(letter) > 0x7F]
    typed = sum(letter.isalpha() or letter in "’‘“”–—…•\u00a0°±×½é" for letter in others)
    return len(others) <= 0.1 * len(text) and typed >= 0.9 * len(others)


def _tidy(text: str) -> str:
    return " ".join(_INVISIBLE.sub("", text).split())


def _from_text(text: str, *, is_markdown: bool) -> tuple[list[DocumentLine], list[str]]:
    lines, gap = [], 1
    footnotes = MarkdownFootnotes(text) if is_markdown else None
    for number, raw in enumerate(re.split("\r\n|[\n\r\v\f\x85\u2028\u2029]", text), start=1):
        raw = _INVISIBLE.sub("", raw)
        name, raw = footnotes.read(raw) if footnotes else ("", raw)
        if not raw.strip() or (is_markdown and re.fullmatch(r"\s*([-*_]\s*){3,}", raw)):
            gap += 1
            continue
        lines.append(_text_line(number, raw, gap, is_markdown, name))
        gap = 0
    if not lines:
        check_size(0)
    links = list(_INLINE.finditer(text)) if is_markdown else []
    pictures = sum(bool(link["picture"]) for link in links)
    lost_links = sum(
        bool(link["href"] and not link["picture"] and not _works_outside(link["href"]))
        for link in links
    )
    return lines, _messages_about_losses(pictures, lost_links)


def _works_outside(href: str) -> bool:
    """Return whether a link works outside its document. One to "#…" does not."""
    return bool(HREF.match(href)) and not href.startswith("#")


def _messages_about_losses(pictures: int, links: int) -> list[str]:
    """Return sentences that ask the author to add what the import leaves out."""
    messages = []
    if pictures:
        messages.append(
            f"{pictures} {'picture was' if pictures == 1 else 'pictures were'} left out: add them"
            " in the editor."
        )
    if links:
        what = "a link was" if links == 1 else f"{links} links were"
        messages.append(
            f"The address of {what} left out, for it works in the document only: link the words in"
            " the editor."
        )
    return messages


def _text_line(number: int, raw: str, gap: int, is_markdown: bool, note: str = "") -> DocumentLine:
    inline = _markdown_inline if is_markdown else _plain_inline
    if note:
        return DocumentLine(number, *inline(_tidy(raw)), gap=gap, note=note)
    if is_markdown and (heading := _MARKDOWN_HEADING.match(raw)):
        text, html = inline(_tidy(heading[2]))
        return DocumentLine(number, text, html, "heading", len(heading[1]), gap)
    if fence := _FENCE.match(raw):
        return DocumentLine(
            number, _tidy(fence[1]), escape(_tidy(fence[1]), quote=False), "fence", 2, gap, mark="<"
        )
    for pattern, ticked, numbered in (
        (_TICK, True, False),
        (_BULLET, False, False),
        (_NUMBERED, False, True),
    ):
        if mark := pattern.match(raw):
            text, html = inline(_tidy(raw[mark.end() :]))
            return DocumentLine(
                number, text, html, "item", 0, gap, ticked, numbered, mark[0].strip()
            )
    text, html = inline(_tidy(raw))
    return DocumentLine(number, text, html, "text", 0, gap)


_INLINE = re.compile(
    r"\*\*(?P<strong>[^*\n]{1,500})\*\*|\*(?P<em>[^*\s][^*\n]{0,500})\*|"
    r"(?P<picture>!?)\[(?P<words>[^\]\n]{1,300})\]\((?P<href>[^)\s]{1,2000})\)"
)


def _plain_inline(text: str) -> tuple[str, str]:
    return text, escape(text, quote=False)


def _markdown_inline(text: str) -> tuple[str, str]:
    """Return (plain text, HTML) of a line of Markdown with bold, emphasis and links."""
    plain, html, position = [], [], 0
    for found in _INLINE.finditer(text):
        before = text[position : found.start()]
        words = found["strong"] or found["em"] or found["words"]
        shown = escape(words, quote=False)
        if found["strong"]:
            shown = f"<strong>{shown}</strong>"
        elif found["em"]:
            shown = f"<em>{shown}</em>"
        elif not found["picture"] and _works_outside(found["href"]):
            shown = f'<a href="{escape(found["href"])}">{shown}</a>'
        plain += [before, words]
        html += [escape(before, quote=False), shown]
        position = found.end()
    return "".join([*plain, text[position:]]), "".join(
        [*html, escape(text[position:], quote=False)]
    )


#: Tags that put their text on a line of its own. nh3 unwraps tags that it does not know, and would
#: join their words.
_BLOCKS = set(
    "h1 h2 h3 h4 h5 h6 p div li ul ol br hr table caption thead tbody tfoot tr td th blockquote"
    " section article header footer main aside nav figure figcaption dl dt dd pre address details"
    " summary".split()
)
#: Tags that can hold a whole footnote.
_NOTE_TAGS = set(FOOTNOTE_ATTRIBUTES) | {"li"}
_LONGEST_MARK = 4  # "viii"
_INLINE_TAGS = {
    "strong": "strong",
    "b": "strong",
    "em": "em",
    "i": "em",
    "sub": "sub",
    "sup": "sup",
}


def _from_html(html: str, *, is_word: bool = False) -> tuple[list[DocumentLine], list[str]]:
    html = _INVISIBLE.sub("", html)
    check_amount(entities=entities(html))
    pictures = len(re.findall(r"<img\b", html, re.IGNORECASE))
    addresses = len(re.findall(r"<a\s[^<>]*href\s*=\s*[\"']?(?!#)", html, re.IGNORECASE))
    if nesting(html)[1] > MAX_DEPTH:
        raise CannotRead(
            "This page is nested too deeply to be read, so copy its text into a .txt file and try"
            " again."
        )
    html = nh3.clean(
        html,
        tags=_BLOCKS | set(_INLINE_TAGS) | {"a"},
        attributes={
            "a": {"href", "id"},
            "ol": {"start", "reversed", "type"},
            "li": {"id", "value"},
            **FOOTNOTE_ATTRIBUTES,
        },
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        clean_content_tags={"script", "style", "title", "template", "noscript", "svg", "math"},
    )
    reader = _HtmlLines(PageFootnotes(html), is_word=is_word)
    # Once more, because "&#1;" has become a control character.
    reader.feed(_INVISIBLE.sub("", html))
    reader.close()
    reader.end_line()
    if not reader.lines:
        check_size(0)
    check_amount(lines=len(reader.lines))
    lost_links = max(0, addresses - reader.links - reader.footnote_links)
    return reader.lines, [
        *reader.formulas,
        *_messages_about_losses(pictures, lost_links),
    ]


@dataclass
class _OpenList:
    """A list that is not closed yet.

    `number` is that of its next item, and `opened_at` how many lines came before it.
    """

    tag: str
    number: int | None
    opened_at: int
    counts_down: bool
    start: int | None


class _HtmlLines(HTMLParser):
    """Collects one line for each block of a page.

    `is_word` means that mammoth made the page, so its bookmarks are those of articles.imports.word.
    """

    def __init__(self, footnotes: PageFootnotes, *, is_word: bool) -> None:
        super().__init__()
        self.lines: list[DocumentLine] = []
        self.links = self.footnote_links = 0
        self.formulas: list[str] = []  # sentences about formulas that were left out
        self._footnotes, self._is_word = footnotes, is_word
        self._lists: list[_OpenList] = []
        #: (tag, name of the footnote it is in or "") of each open element that can hold one.
        self._blocks: list[tuple[str, str]] = []
        self._goes_on = False
        #: (name of the footnote or "", words) of an open link to a footnote, or back from one.
        self._footnote_link: tuple[str, list[str]] | None = None
        self._formulas_in_line: list[str] = []
        self._list_number: int | None = None  # of the item whose first line comes next
        self._begin()

    def _begin(self, kind: str = "text", level: int = 0) -> None:
        self._text: list[str] = []
        self._html: list[str] = []
        self._open: list[tuple[str, str]] = []  # (start tag, end tag) of open formatting
        self._kind, self._level = kind, level

    def end_line(self) -> None:
        """Keep the line so far, if it has any text.

        Formatting that is still open continues in the next line.
        """
        still_open = list(self._open)
        html = "".join([*self._html, *(end for _, end in reversed(still_open))])
        text = _tidy("".join(self._text))
        if text:
            self.lines.append(self._line(text, " ".join(without_empty_tags(html).split())))
            self._goes_on, self._list_number = False, None
        self._report_formulas("in" if text else "after")
        self._begin()
        for start, end in still_open:
            self._html.append(start)
            self._open.append((start, end))

    def _line(self, text: str, html: str) -> DocumentLine:
        number, kind, level, mark = len(self.lines) + 1, self._kind, self._level, ""
        if note := self._blocks[-1][1] if self._blocks else "":
            return DocumentLine(number, text, html, note=note, goes_on=self._goes_on)
        is_bold = kind == "text" and html.startswith("<strong>") and html.count("<strong>") == 1
        if is_bold and html.endswith("</strong>") and len(text) <= 90:
            kind, level, html = "heading", 3, escape(text, quote=False)
        ticked = kind in {"text", "item"} and bool(_TICK.match(text))
        numbered = kind == "item" and self._lists[-1:] != [] and self._lists[-1].tag == "ol"
        if typed := (ticked and _TICK.match(text)) or (
            kind in {"text", "item"} and _BULLET.match(text)
        ):
            kind, mark = "item", typed[0].strip()
            text, html = text[typed.end() :], _without_first(html, mark)
        elif kind == "text" and (typed := _NUMBERED.match(text)):
            kind, numbered, mark = "item", True, typed[0].strip()
            text, html = text[typed.end() :], _without_first(html, mark)
        elif kind == "text" and (fence := _FENCE.match(text)):
            kind, level, text, mark = "fence", 2, fence[1], "<"
            html = escape(text, quote=False)
        drawn, goes_on = self._list_number, self._goes_on
        return DocumentLine(
            number, text, html, kind, level, 1, ticked, numbered, mark, drawn, "", goes_on
        )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if name := _INLINE_TAGS.get(tag):
            self._inline(f"<{name}>", f"</{name}>")
        elif tag == "a":
            self._anchor(dict(attrs))
        else:
            self._block(tag, dict(attrs))

    def _anchor(self, attrs):
        href = attrs.get("href") or ""
        if self._is_word:
            self._bookmark(attrs.get("id") or "")
        if (name := self._footnotes.name_of_mark(href)) or self._footnotes.leads_back(href):
            self._footnote_link, self.footnote_links = (name, []), self.footnote_links + 1
        elif _works_outside(href):
            self.links += 1
            self._inline(f'<a href="{escape(href)}">', "</a>")

    def _bookmark(self, name):
        number, letters = word.list_number(name), word.formula(name)
        if number is not None:
            self._list_number = number
        if letters is not None:
            self._formulas_in_line.append(letters)

    def _report_formulas(self, where):
        for letters in self._formulas_in_line:
            formula = f" ({letters})" if letters else ""
            place = f"{where} line {len(self.lines)}" if self.lines else "before line 1"
            message = f"A formula{formula} was left out {place}: write it in the editor."
            self.formulas.append(message)
        self._formulas_in_line = []

    def _block(self, tag, attrs):
        has_text = _tidy("".join(self._text))
        # A paragraph at the start of an item is the item itself.
        if has_text or self._kind == "text" or tag not in {"p", "div"}:
            self.end_line()
        self._goes_on = tag == "br" and bool(has_text)
        if tag in _NOTE_TAGS:
            inherited = self._blocks[-1][1] if self._blocks else ""
            self._blocks.append(
                (tag, self._footnotes.name_of_footnote(attrs.get("id") or "") or inherited)
            )
        if tag in {"ul", "ol"}:
            self._open_list(tag, attrs)
        elif tag == "li":
            self._begin("item")
            self._list_number = self._next_number(attrs)
        elif re.fullmatch("h[1-6]", tag):
            self._begin("heading", int(tag[1]))

    def _open_list(self, tag, attrs):
        number = _first_number(tag, attrs) if not self._is_word else None
        opened = _OpenList(
            tag, number, len(self.lines), "reversed" in attrs, _integer(attrs.get("start"))
        )
        self._lists.append(opened)

    def _next_number(self, attrs):
        if not self._lists or self._lists[-1].number is None:
            return None
        number = _integer(attrs.get("value")) or self._lists[-1].number
        self._lists[-1].number = number + 1
        return number

    def _close_list(self):
        """Number a list that counts down: how many items it has is known at its end."""
        closed = self._lists.pop()
        if not closed.counts_down or closed.number is None:
            return
        first = closed.start or closed.number - 1
        for place, line in enumerate(self.lines[closed.opened_at :], start=closed.opened_at):
            if line.list_number is not None and closed.tag == "ol":
                self.lines[place] = replace(line, list_number=first + 1 - line.list_number)

    def _inline(self, start, end):
        self._html.append(start)
        self._open.append((start, end))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._footnote_link is not None:
            self._end_link()
            return
        name = _INLINE_TAGS.get(tag, tag)
        if name in {*_INLINE_TAGS.values(), "a"}:
            ends = [end for _, end in self._open]
            if f"</{name}>" not in ends:
                return
            # nh3 nests tags well, so the one that closes is the last that was opened.
            self._html.append(self._open.pop(len(ends) - 1 - ends[::-1].index(f"</{name}>"))[1])
        else:
            self.end_line()
            self._goes_on = False
            if tag in _NOTE_TAGS and self._blocks:
                self._blocks.pop()
            if tag in {"ul", "ol"} and self._lists:
                self._close_list()
            if tag == "li":
                self._list_number = None

    def _end_link(self):
        """Write the mark of a footnote as "[note 1]", and leave out the arrow back to the text.

        The words of a link stay if they are more than a mark.
        """
        (name, words), self._footnote_link = self._footnote_link, None
        if len(re.findall(r"\w", "".join(words))) > _LONGEST_MARK:
            self.handle_data("".join(words))
        if name:
            self.handle_data(f"[{name}]")

    def handle_data(self, data: str) -> None:
        if self._footnote_link is not None:
            self._footnote_link[1].append(data)
            return
        self._text.append(data)
        self._html.append(escape(data, quote=False))


def _first_number(tag: str, attrs: Mapping[str, str | None]) -> int | None:
    """Return the number of the first item, and None where items have no numbers.

    A list that counts down is numbered from 1 here, and turned round when it ends.
    """
    if tag != "ol" or (attrs.get("type") or "1") != "1":
        return None
    return 1 if "reversed" in attrs else _integer(attrs.get("start")) or 1


def _integer(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch("[0-9]{1,6}", text.strip()) else None


_EMPTY_TAG = re.compile(r"<(strong|em|sub|sup|a)\b[^>]*>(\s*)</\1>")


def without_empty_tags(html: str) -> str:
    """Return `html` of a line without empty formatting.

    Superscript marks side by side are joined.
    """
    html, before = re.sub(r"\]</sup>([,;]?\s*)<sup>\[", r"]\1[", html), None
    while html != before:
        before, html = html, _EMPTY_TAG.sub(r"\2", html)
    return html


def _without_first(html: str, mark: str) -> str:
    """Return `html` of a line without the typed mark before it, which can be inside formatting."""
    return " ".join(
        re.sub(
            rf"\A((?:\s|<[^>]*>)*){re.escape(escape(mark, quote=False))}\s*", r"\1", html
        ).split()
    )


def _from_docx(data: bytes) -> tuple[list[DocumentLine], list[str]]:
    _refuse_zip_bombs(data)
    import mammoth

    pictures = []

    def leave_out(image):
        pictures.append(image.content_type)
        return []

    try:
        result = mammoth.convert_to_html(
            io.BytesIO(word.with_bookmarks(data)),
            style_map="p[style-name='Title'] => h1:fresh",
            convert_image=leave_out,
            external_file_access=False,
        )
    except Exception as error:  # mammoth raises whatever its XML reader does
        raise CannotRead(
            "This Word file is damaged, so open it in Word, save it again as .docx and try again."
        ) from error
    lines, messages = _from_html(result.value, is_word=True)
    return lines, [*_messages_about_losses(len(pictures), 0), *messages]


def _refuse_zip_bombs(data: bytes) -> None:
    bomb = CannotRead(
        "This Word file unpacks to far more than an article, so copy its text into a new document."
    )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            if (
                len(members) > MAX_MEMBERS
                or unpacked > MAX_UNPACKED
                or unpacked > MAX_RATIO * len(data)
            ):
                raise bomb
            names = {member.filename for member in members}
            if "word/document.xml" not in names:
                raise CannotRead(
                    "This is not a Word document, so save it in Word as .docx and try again."
                )
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    with archive.open(member) as part:
                        if b"<!DOCTYPE" in part.read(4096) or member.file_size > MAX_UNPACKED:
                            raise bomb
            # Every piece becomes an object, and ten thousand of them take seconds to read.
            document = archive.read("word/document.xml")
            check_amount(
                pieces=document.count(b"<w:r>")
                + document.count(b"<w:r ")
                + document.count(b"<w:tc")
            )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise CannotRead(
            "This is not a Word document, so save it in Word as .docx and try again."
        ) from error
