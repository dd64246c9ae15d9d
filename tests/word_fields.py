"""Citations as programs put them into Word files, field codes and all."""

import base64
import io
import json
import zipfile
from xml.sax.saxutils import escape

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RAISED = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'


def a_run(text, *, is_raised=False):
    properties = _RAISED if is_raised else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def a_field(instruction, printed, *, data="", inner="", is_raised=False, length=23):
    """A field whose instruction Word has split over runs of `length` letters."""
    pieces = [instruction[at : at + length] for at in range(0, len(instruction), length)]
    codes = "".join(
        f'<w:r><w:instrText xml:space="preserve">{escape(piece)}</w:instrText></w:r>'
        for piece in pieces
    )
    kept = f"<w:fldData>{data}</w:fldData>" if data else ""
    half = len(printed) // 2  # what is printed can be split as well
    result = a_run(printed[:half], is_raised=is_raised) + a_run(printed[half:], is_raised=is_raised)
    return (
        f'<w:r><w:fldChar w:fldCharType="begin">{kept}</w:fldChar></w:r>{codes}{inner}'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def a_zotero_field(printed, *items, **options):
    """`items` are (CSL-JSON, fields of the citation item such as locator)."""
    cited = [
        {"id": at, "uris": [f"http://zotero.org/users/1/items/{at}"], "itemData": csl, **more}
        for at, (csl, more) in enumerate(items)
    ]
    citation = {
        "citationID": "a1B2c3",
        "properties": {"formattedCitation": printed, "plainCitation": printed, "noteIndex": 0},
        "citationItems": cited,
        "schema": "https://github.com/citation-style-language/schema/raw/master/csl-citation.json",
    }
    code = f" ADDIN ZOTERO_ITEM CSL_CITATION {json.dumps(citation)} "
    return a_field(code, printed, **options)


def a_mendeley_field(printed, *works):
    citation = {
        "citationItems": [
            {"id": f"ITEM-{at}", "itemData": {"id": f"ITEM-{at}", **csl}, "uris": ["http://x"]}
            for at, csl in enumerate(works, start=1)
        ],
        "mendeley": {"formattedCitation": printed},
        "properties": {"noteIndex": 0},
    }
    return a_field(f"ADDIN CSL_CITATION {json.dumps(citation)}", printed)


def a_mendeley_control(printed, *works):
    citation = {
        "citationID": "MENDELEY_CITATION_1",
        "isEdited": False,
        "citationItems": [
            {"id": str(at), "itemData": csl, "isTemporary": False} for at, csl in enumerate(works)
        ],
    }
    code = base64.b64encode(json.dumps(citation).encode()).decode()
    return (
        f'<w:sdt><w:sdtPr><w:tag w:val="MENDELEY_CITATION_v3_{code}"/></w:sdtPr>'
        f"<w:sdtContent>{a_run(printed)}</w:sdtContent></w:sdt>"
    )


def endnote_xml(author, year, title, journal, doi, *, pages=""):
    place = f"<Pages>{pages}</Pages>" if pages else ""

    def styled(text):
        return f'<style face="normal" font="default" size="100%">{escape(text)}</style>'

    return (
        f"<EndNote><Cite><Author>{author}</Author><Year>{year}</Year><RecNum>7</RecNum>{place}"
        '<record><rec-number>7</rec-number><ref-type name="Journal Article">17</ref-type>'
        f"<contributors><authors><author>{styled(author + ', R.')}</author>"
        "<author>Kongsgaard, M.</author></authors></contributors>"
        f"<titles><title>{styled(title)}</title><secondary-title>{journal}</secondary-title>"
        f"</titles><periodical><full-title>{journal}</full-title></periodical>"
        "<pages>1704-1711</pages><volume>43</volume><number>7</number>"
        f"<dates><year>{year}</year></dates><accession-num>26018970</accession-num>"
        f"<electronic-resource-num>{doi}</electronic-resource-num></record></Cite></EndNote>"
    )


def an_endnote_field(printed, xml, *, is_beside=False, **options):
    """With `is_beside` the record is kept in a nested field, in base64, as EndNote does today."""
    if not is_beside:
        return a_field(f" ADDIN EN.CITE {xml}", printed, **options)
    data = base64.b64encode(xml.encode()).decode()
    inner = (
        f'<w:r><w:fldChar w:fldCharType="begin"><w:fldData>{data}</w:fldData></w:fldChar></w:r>'
        '<w:r><w:instrText xml:space="preserve"> ADDIN EN.CITE.DATA </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    return a_field(" ADDIN EN.CITE ", printed, data=data, inner=inner, **options)


def word_sources(*sources):
    """Word's own list; each source is (tag, surname, title, journal, year, doi)."""
    listed = "".join(
        f"<b:Source><b:Tag>{tag}</b:Tag><b:SourceType>JournalArticle</b:SourceType>"
        f"<b:Author><b:Author><b:NameList><b:Person><b:Last>{surname}</b:Last><b:First>R</b:First>"
        f"</b:Person></b:NameList></b:Author></b:Author><b:Title>{title}</b:Title>"
        f"<b:JournalName>{journal}</b:JournalName><b:Year>{year}</b:Year><b:Volume>43</b:Volume>"
        f"<b:DOI>{doi}</b:DOI></b:Source>"
        for tag, surname, title, journal, year, doi in sources
    )
    space = "http://schemas.openxmlformats.org/officeDocument/2006/bibliography"
    return f'<b:Sources xmlns:b="{space}" SelectedStyle="/APA.XSL">{listed}</b:Sources>'


def a_word_file(*paragraphs, sources="", notes=()):
    """The bytes of a .docx; a paragraph is (style id or "", runs as XML), `notes` are runs."""
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>' for style, runs in paragraphs
    )
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{shown}"/></w:style>'
        for name, shown in (("Title", "Title"), ("Heading1", "heading 1"))
    )
    parts = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/></Types>'
        ),
        "word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {_W}>{styles}</w:styles>",
    }
    if notes:
        told = "".join(
            f'<w:footnote w:id="{at}"><w:p>{runs}</w:p></w:footnote>'
            for at, runs in enumerate(notes, start=2)
        )
        parts["word/footnotes.xml"] = f"<w:footnotes {_W}>{told}</w:footnotes>"
    if sources:
        parts["customXml/item1.xml"] = sources
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def a_note_mark(number):
    return f'<w:r>{_RAISED}<w:footnoteReference w:id="{number + 1}"/></w:r>'
