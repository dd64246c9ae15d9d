"""Bytes of a file into numbered lines: .txt, .md, .html and .docx."""

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass, replace
from html import escape
from html.parser import HTMLParser
from pathlib import PurePath

import nh3

from articles.richtext.cleaning import entities, nesting
from articles.richtext.vocabulary import HREF

from . import word
from .limits import MEGABYTE, CannotRead, check_amount, check_size
from .notes import NOTE_IS, MarkdownNotes, NotesOfAPage

#: A .docx is a zip: looked at before anything in it is unpacked.
MAX_MEMBERS, MAX_UNPACKED, MAX_RATIO = 2000, 50 * MEGABYTE, 200
MAX_DEPTH = 200

#: Beside the control characters (physiohub.control_characters), but for those that end a line.
_INVISIBLE = re.compile(
    "[\u00ad\u200b\u2060\ufeff\u202d\u202e\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)
#: The last ones are what Word's bullets of the second and third level become as plain text.
_BULLET = re.compile(r"\s*(?:[•·▪◦‣●○■*–\uf0b7\uf0a7-]\s+|[o§]\t\s*)(?=\S)")
_NUMBERED = re.compile(r"\s*\d{1,3}[.)]\s+(?=\S)")
_TICK = re.compile(r"\s*[✔✓☑]\s*(?=\S)")
_FENCE = re.compile(r"\s*<\s*([^<>]{1,90}?)\s*>\s*\Z")
_MARKDOWN_HEADING = re.compile(r"\s*(#{1,6})\s+(.*?)\s*#*\s*\Z")


@dataclass(frozen=True)
class Document:
    """What was read of a file. `notes` say in plain words what was left out of it."""

    file_name: str
    sha256: str  # of the file's bytes
    lines: list
    notes: list


@dataclass(frozen=True)
class DocumentLine:
    """One line as its author sees it.

    `html` is its text escaped, with strong, em and links kept.
    """

    number: int  # from 1
    text: str
    html: str
    kind: str = "text"  # text, heading, item, fence
    level: int = 0  # of a heading the format itself marks
    gap: int = 1  # blank lines before it
    is_ticked: bool = False
    is_numbered: bool = False
    mark: str = ""  # what a typist put before the words and was taken off: "•", "✔", "2.", "<"
    list_number: int | None = None  # what the format itself draws before it, as <ol start="5"> does
    note: str = ""  # the name of the footnote or endnote it is in, as its mark says: "note 1"
    goes_on: bool = False  # only a line break parts it from the line above

    @property
    def mark_kind(self):
        """bullet, tick, number or fence; empty where nothing was taken off."""
        if not self.mark:
            return ""
        return {"fence": "fence"}.get(self.kind) or (
            "tick" if self.is_ticked else "bullet" if not self.is_numbered else "number"
        )


def read_document(data, file_name):
    """The Document in the bytes `data`; the ending of `file_name` names the format.

    Raises CannotRead.
    """
    lines, notes = lines_of(data, file_name)
    return Document(file_name[:255], hashlib.sha256(data).hexdigest(), lines, notes)


def lines_of(data, file_name):
    """(lines, notes): the document's lines without the blank ones, and what was left out, in plain
    words.
    """
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


def _decoded(data):
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


def _is_plausible(text):
    """Windows-1252 takes almost any byte.

    Believe it only where the odd letters are a small part and are letters.
    """
    odd = [letter for letter in text if ord(letter) > 0x7F]
    words = sum(letter.isalpha() or letter in "’‘“”–—…•\u00a0°±×½é" for letter in odd)
    return len(odd) <= 0.1 * len(text) and words >= 0.9 * len(odd)


def _tidy(text):
    return " ".join(_INVISIBLE.sub("", text).split())


def _from_text(text, *, is_markdown):
    lines, gap = [], 1
    notes = MarkdownNotes(text) if is_markdown else None
    for number, raw in enumerate(re.split("\r\n|[\n\r\v\f\x85\u2028\u2029]", text), start=1):
        raw = _INVISIBLE.sub("", raw)
        name, raw = notes.read(raw) if notes else ("", raw)
        if not raw.strip() or (is_markdown and re.fullmatch(r"\s*([-*_]\s*){3,}", raw)):
            gap += 1
            continue
        lines.append(_typed(number, raw, gap, is_markdown, name))
        gap = 0
    if not lines:
        check_size(0)
    links = list(_INLINE.finditer(text)) if is_markdown else []
    pictures = sum(bool(link["picture"]) for link in links)
    lost = sum(
        bool(link["href"] and not link["picture"] and not _leads_out(link["href"]))
        for link in links
    )
    return lines, _left_out(pictures, lost)


def _leads_out(href):
    """Whether a link works outside its document: "#…" leads to a place that does not come along."""
    return bool(HREF.match(href)) and not href.startswith("#")


def _left_out(pictures, links):
    """Notes about what does not come along, for somebody to add."""
    notes = []
    if pictures:
        notes.append(
            f"{pictures} {'picture was' if pictures == 1 else 'pictures were'} left out: add them"
            " in the editor."
        )
    if links:
        what = "a link was" if links == 1 else f"{links} links were"
        notes.append(
            f"The address of {what} left out, for it works in the document only: link the words in"
            " the editor."
        )
    return notes


def _typed(number, raw, gap, is_markdown, note=""):
    inline = _markdown_inline if is_markdown else lambda text: (text, escape(text, quote=False))
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


def _markdown_inline(text):
    """(plain text, html) of a line of Markdown: bold, emphasis and links."""
    plain, html, position = [], [], 0
    for found in _INLINE.finditer(text):
        before = text[position : found.start()]
        words = found["strong"] or found["em"] or found["words"]
        shown = escape(words, quote=False)
        if found["strong"]:
            shown = f"<strong>{shown}</strong>"
        elif found["em"]:
            shown = f"<em>{shown}</em>"
        elif not found["picture"] and _leads_out(found["href"]):
            shown = f'<a href="{escape(found["href"])}">{shown}</a>'
        plain += [before, words]
        html += [escape(before, quote=False), shown]
        position = found.end()
    return "".join([*plain, text[position:]]), "".join(
        [*html, escape(text[position:], quote=False)]
    )


#: Tags that put their text on a line of its own. nh3 unwraps tags it does not know and would glue
#: words together.
_BLOCKS = set(
    "h1 h2 h3 h4 h5 h6 p div li ul ol br hr table caption thead tbody tfoot tr td th blockquote"
    " section article header footer main aside nav figure figcaption dl dt dd pre address details"
    " summary".split()
)
#: What may hold a footnote as a whole.
_NOTE_TAGS = set(NOTE_IS) | {"li"}
_LONGEST_MARK = 4  # "viii"
_INLINE_TAGS = {
    "strong": "strong",
    "b": "strong",
    "em": "em",
    "i": "em",
    "sub": "sub",
    "sup": "sup",
}


def _from_html(html, *, is_word=False):
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
            **NOTE_IS,
        },
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        clean_content_tags={"script", "style", "title", "template", "noscript", "svg", "math"},
    )
    reader = _HtmlLines(NotesOfAPage(html), is_word=is_word)
    reader.feed(_INVISIBLE.sub("", html))  # again: "&#1;" is one once it has been read
    reader.close()
    reader.end_line()
    if not reader.lines:
        check_size(0)
    check_amount(lines=len(reader.lines))
    lost = max(0, addresses - reader.links - reader.note_links)
    return reader.lines, [*reader.formulas, *_left_out(pictures, lost)]


@dataclass
class _OpenList:
    """A list that is not closed yet."""

    tag: str
    number: int | None  # of its next item
    opened_at: int  # how many lines came before it
    counts_down: bool
    start: int | None


class _HtmlLines(HTMLParser):
    """One line a block. `is_word`: mammoth made the page, so that its bookmarks can be believed."""

    def __init__(self, notes, *, is_word):
        super().__init__()
        self.lines, self.links, self.note_links, self.formulas = [], 0, 0, []
        self._notes, self._is_word = notes, is_word
        self._lists = []  # _OpenLists
        self._blocks = []  # (tag, name of the note it is in) of what is open
        self._goes_on = False
        self._link = None  # (name of the note or "", its words) of a link to a note or back
        self._letters = []  # of the formulas that stood in the line so far
        self._list_number = None  # of the item whose first line is to come
        self._begin()

    def _begin(self, kind="text", level=0):
        self._text, self._html, self._open = [], [], []
        self._kind, self._level = kind, level

    def end_line(self):
        """The line so far, if it says anything.

        Formatting that is still open goes on in the next.
        """
        still_open = list(self._open)
        html = "".join([*self._html, *(end for _, end in reversed(still_open))])
        text = _tidy("".join(self._text))
        if text:
            self.lines.append(self._line(text, " ".join(without_empty_tags(html).split())))
            self._goes_on, self._list_number = False, None
        self._tell_formulas("in" if text else "after")
        self._begin()
        for start, end in still_open:
            self._html.append(start)
            self._open.append((start, end))

    def _line(self, text, html):
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

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if name := _INLINE_TAGS.get(tag):
            self._inline(f"<{name}>", f"</{name}>")
        elif tag == "a":
            self._anchor(attrs)
        else:
            self._block(tag, attrs)

    def _anchor(self, attrs):
        href = attrs.get("href") or ""
        if self._is_word:
            self._bookmark(attrs.get("id") or "")
        if (name := self._notes.marked_by(href)) or self._notes.leads_back(href):
            self._link, self.note_links = (name, []), self.note_links + 1
        elif _leads_out(href):
            self.links += 1
            self._inline(f'<a href="{escape(href)}">', "</a>")

    def _bookmark(self, name):
        number, letters = word.list_number(name), word.formula(name)
        if number is not None:
            self._list_number = number
        if letters is not None:
            self._letters.append(letters)

    def _tell_formulas(self, where):
        for letters in self._letters:
            formula = f" ({letters})" if letters else ""
            place = f"{where} line {len(self.lines)}" if self.lines else "before line 1"
            note = f"A formula{formula} was left out {place}: write it in the editor."
            self.formulas.append(note)
        self._letters = []

    def _block(self, tag, attrs):
        says = _tidy("".join(self._text))
        # A paragraph that an item begins with is the item.
        if says or self._kind == "text" or tag not in {"p", "div"}:
            self.end_line()
        self._goes_on = tag == "br" and bool(says)
        if tag in _NOTE_TAGS:
            inherited = self._blocks[-1][1] if self._blocks else ""
            self._blocks.append((tag, self._notes.told_in(attrs.get("id") or "") or inherited))
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
        """A list that counts down begins with how many items it has: that is known at its end."""
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

    def handle_endtag(self, tag):
        if tag == "a" and self._link is not None:
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
        """The mark of a note in one form, without the arrow back.

        Words somebody made a link stay.
        """
        (name, words), self._link = self._link, None
        if len(re.findall(r"\w", "".join(words))) > _LONGEST_MARK:
            self.handle_data("".join(words))
        if name:
            self.handle_data(f"[{name}]")

    def handle_data(self, data):
        if self._link is not None:
            self._link[1].append(data)
            return
        self._text.append(data)
        self._html.append(escape(data, quote=False))


def _first_number(tag, attrs):
    """The number of the first item, from one where the list counts down.

    None where it is a letter.
    """
    if tag != "ol" or (attrs.get("type") or "1") != "1":
        return None
    return 1 if "reversed" in attrs else _integer(attrs.get("start")) or 1


def _integer(text):
    return int(text) if text and re.fullmatch("[0-9]{1,6}", text.strip()) else None


_EMPTY_TAG = re.compile(r"<(strong|em|sub|sup|a)\b[^>]*>(\s*)</\1>")


def without_empty_tags(html):
    """`html` of a line without formatting of no words; marks raised side by side become one."""
    html, before = re.sub(r"\]</sup>([,;]?\s*)<sup>\[", r"]\1[", html), None
    while html != before:
        before, html = html, _EMPTY_TAG.sub(r"\2", html)
    return html


def _without_first(html, mark):
    """`html` of a line without the typed mark it begins with, which may stand inside formatting."""
    return " ".join(
        re.sub(
            rf"\A((?:\s|<[^>]*>)*){re.escape(escape(mark, quote=False))}\s*", r"\1", html
        ).split()
    )


def _from_docx(data):
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
    except Exception as problem:  # mammoth raises whatever its XML reader does
        raise CannotRead(
            "This Word file is damaged, so open it in Word, save it again as .docx and try again."
        ) from problem
    lines, notes = _from_html(result.value, is_word=True)
    return lines, [*_left_out(len(pictures), 0), *notes]


def _refuse_zip_bombs(data):
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
            # Each piece becomes an object, and some ten thousand of them take a second to read.
            document = archive.read("word/document.xml")
            check_amount(
                pieces=document.count(b"<w:r>")
                + document.count(b"<w:r ")
                + document.count(b"<w:tc")
            )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as problem:
        raise CannotRead(
            "This is not a Word document, so save it in Word as .docx and try again."
        ) from problem
