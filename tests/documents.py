"""Documents as authors hand them in, made from scratch."""

import io
import zipfile
from dataclasses import dataclass
from xml.sax.saxutils import escape

_WORD = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PICTURE = (
    f'xmlns:wp="{_DRAWING}/wordprocessingDrawing" xmlns:a="{_DRAWING}/main" '
    f'xmlns:pic="{_DRAWING}/picture" xmlns:r="{_OFFICE}"'
)
_STYLES = (("Title", "Title"), ("Heading1", "heading 1"), ("Heading2", "heading 2"))


@dataclass(frozen=True)
class Note:
    """A footnote or endnote, where its mark stands in a paragraph.

    `words` holds a paragraph each.
    """

    words: tuple | str
    kind: str = "footnote"


@dataclass(frozen=True)
class Formula:
    """Stands in a paragraph where an equation does."""

    letters: str


@dataclass(frozen=True)
class Photo:
    """Stands in a paragraph where a picture does. `alt` is what Word says that it shows."""

    data: bytes
    alt: str = ""


@dataclass(frozen=True)
class Numbered:
    """In place of a style: an item of the list `list_id`, before which Word draws a number."""

    list_id: int = 1


@dataclass(frozen=True)
class Table:
    """In place of a paragraph: rows of cells, each a text or (text, how many columns it spans)."""

    rows: tuple
    repeats_head: bool = False  # on every page, as Word does with the head of a table

    def xml(self, paragraph):
        """The table as Word writes it; `paragraph` makes one of a style and a text."""
        rows = []
        for place, row in enumerate(self.rows):
            head = "<w:trPr><w:tblHeader/></w:trPr>" if self.repeats_head and place == 0 else ""
            cells = ((cell, 1) if isinstance(cell, str) else cell for cell in row)
            inner = "".join(
                f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>{paragraph("", text)}</w:tc>'
                for text, span in cells
            )
            rows.append(f"<w:tr>{head}{inner}</w:tr>")
        return f"<w:tbl>{''.join(rows)}</w:tbl>"


def a_docx(*paragraphs, starts=None):
    """The bytes of a Word document; each paragraph is (style id, "" or Numbered, text), or a Table.

    A text is a string, or a sequence of strings, Notes, Formulas and Photos. `starts` is {list id:
    its first number}, where that is not 1.
    """
    notes = {"footnote": [], "endnote": []}
    photos = []

    def run(text, properties=""):
        return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'

    def piece(part):
        if isinstance(part, Note):
            words = (part.words,) if isinstance(part.words, str) else part.words
            notes[part.kind].append("".join(paragraph("", text) for text in words))
            number = len(notes[part.kind]) + 1  # Word keeps 0 and 1 for the lines above its notes
            raised = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
            return f'<w:r>{raised}<w:{part.kind}Reference w:id="{number}"/></w:r>'
        if isinstance(part, Formula):
            return f"<m:oMath><m:r><m:t>{escape(part.letters)}</m:t></m:r></m:oMath>"
        if isinstance(part, Photo):
            photos.append(part.data)
            number = len(photos)
            return (
                f'<w:r><w:drawing><wp:inline><wp:docPr id="{number}" descr="{escape(part.alt)}"/>'
                "<a:graphic><a:graphicData><pic:pic><pic:blipFill>"
                f'<a:blip r:embed="photo{number}"/></pic:blipFill></pic:pic>'
                "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
            )
        return run(part)

    def paragraph(style, text):
        if isinstance(style, Numbered):
            inner = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{style.list_id}"/></w:numPr>'
        else:
            inner = f'<w:pStyle w:val="{style}"/>' if style else ""
        parts = [text] if isinstance(text, str) else text
        return f"<w:p><w:pPr>{inner}</w:pPr>{''.join(map(piece, parts))}</w:p>"

    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{shown}"/></w:style>'
        for name, shown in _STYLES
    )
    body = "".join(
        one.xml(paragraph) if isinstance(one, Table) else paragraph(*one) for one in paragraphs
    )
    paragraphs = [one for one in paragraphs if not isinstance(one, Table)]
    parts = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/></Types>'
        ),
        "word/document.xml": f"<w:document {_WORD} {_PICTURE}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {_WORD}>{styles}</w:styles>",
    }
    for kind, texts in notes.items():
        if texts:
            numbered = enumerate(texts, start=2)
            told = "".join(f'<w:{kind} w:id="{at}">{text}</w:{kind}>' for at, text in numbered)
            parts[f"word/{kind}s.xml"] = f"<w:{kind}s {_WORD}>{told}</w:{kind}s>"
    lists = {style.list_id for style, _text in paragraphs if isinstance(style, Numbered)}
    if lists:
        parts["word/numbering.xml"] = _numbering(lists, starts or {})
    parts |= _photos(photos)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def _photos(photos):
    if not photos:
        return {}
    links = "".join(
        f'<Relationship Id="photo{number}" Type="{_OFFICE}/image" Target="media/{number}.png"/>'
        for number in range(1, len(photos) + 1)
    )
    files = {f"word/media/{number}.png": data for number, data in enumerate(photos, start=1)}
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    links = f'<Relationships xmlns="{package}">{links}</Relationships>'
    return {"word/_rels/document.xml.rels": links, **files}


def _numbering(lists, starts):
    level = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText'
        ' w:val="%1."/></w:lvl>'
    )
    nums = "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/><w:lvlOverride w:ilvl="0">'
        f'<w:startOverride w:val="{starts.get(number, 1)}"/></w:lvlOverride></w:num>'
        for number in sorted(lists)
    )
    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{number}">' + level + "</w:abstractNum>"  # one a list
        for number in sorted(lists)
    )
    return f"<w:numbering {_WORD}>{kinds}{nums}</w:numbering>"


_NAMESPACES = _WORD + (
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)


def a_docx_of_xml(body, styles=""):
    """The bytes of a Word document with this XML as its body, and these styles beside the usual.

    It has a list with numbers, which is 1.
    """
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(a_docx((Numbered(), "")))) as usual,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in usual.namelist():
            content = usual.read(name).decode()
            if name == "word/document.xml":
                content = f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>"
            content = content.replace("</w:styles>", f"{styles}</w:styles>")
            archive.writestr(name, content)
    return file.getvalue()
