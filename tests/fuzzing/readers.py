"""Every reader of foreign input, as a function of bytes, with a few files to begin with.

A reader may refuse: what it raises for that is caught here, and nothing else. An error that it only
logs counts too, for then one record was given up that nobody meant to give up.
"""

import contextlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.core.exceptions import SuspiciousOperation, TooManyFieldsSent, ValidationError

from articles import imports
from articles.admin.conflicts import buffers, pages
from articles.drafts.conflicts import form_state
from articles.evidence import panel_state
from articles.findings.tables import read_findings
from articles.live.search import query
from articles.pictures import processing
from articles.richtext import cleaning, headings
from references import citing, csl, formats, identifiers, typed_lines
from references.finding import pasted
from references.formats import bibtex_csl, conforming, crossref, latex, mathml
from tests.documents import a_docx_of_xml

READERS: dict[str, "Reader"] = {}


@dataclass(frozen=True)
class Reader:
    read: Callable[[bytes], object]
    seeds: list[bytes] = field(default_factory=list)
    refuses: tuple[type[Exception], ...] = ()

    def __call__(self, data: bytes) -> None:
        """Read `data`. Raises what the reader should not have raised."""
        with contextlib.suppress(*self.refuses):
            self.read(data)


class _Given(logging.Handler):
    """Raises what a reader logged instead of raising it."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1] is not None:
            raise record.exc_info[1]


def strict() -> None:
    """Let errors that are only logged be errors, until the process ends."""
    for name in ("references", "articles"):
        logging.getLogger(name).addHandler(_Given(level=logging.ERROR))
        logging.getLogger(name).propagate = False


def reader(name, *seeds, refuses=()):
    def keep(read):
        held = [seed.encode() if isinstance(seed, str) else seed for seed in seeds]
        READERS[name] = Reader(read, held, refuses)
        return read

    return keep


def text(data):
    return data.decode("utf-8", "replace")


# Files of references ---------------------------------------------------------------------------

RECORDS = {
    "ris": "TY  - JOUR\nAU  - Doe, J.\nTI  - Heat\nPY  - 2020/01/02\nSP  - 1\nEP  - 9\n"
    "DO  - 10.1136/bmj.n71\nER  - \n",
    "nbib": "PMID- 123\nTI  - Heat\n      and cold.\nFAU - Doe, Jane\n"
    "DP  - 2020 Jan\nPG  - 12-9\n\n",
    "bibtex": '@string{j="J"}\n@article{a, author={Doe, J and {The Group}}, title="{\\"U}ber",\n'
    "journal=j, month=jan, year=2020, pages={1--9}, doi={10.1/a}}\n",
    "wos": "FN Clarivate\nVR 1.0\nPT J\nAU Doe, J\nTI Heat\nPY 2020\nBP 1\nEP 9\nER\n\nEF\n",
    "csl": '[{"id":"a","type":"article-journal","title":"Heat","issued":{"date-parts":[[2020,1]]},'
    '"author":[{"family":"Doe","given":"J"}],"page":"1-9","DOI":"10.1/a"}]',
    "crossref": '{"message":{"type":"journal-article","title":["H"],'
    '"issued":{"date-parts":[[2020]]},'
    '"author":[{"family":"D"}],'
    '"update-to":[{"type":"retraction","DOI":"10.1/b"}],"DOI":"10.1/a"}}',
    "pubmed_xml": '<?xml version="1.0"?><PubmedArticleSet><PubmedArticle><MedlineCitation>'
    "<PMID>1</PMID>"
    "<Article><ArticleTitle>H<i>2</i></ArticleTitle><Pagination><MedlinePgn>12-9</MedlinePgn>"
    "</Pagination><Journal><JournalIssue><PubDate><Year>2020</Year></PubDate></JournalIssue>"
    "</Journal></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>",
    "paste": "1. Doe J, Roe R. Heat for sore heels. J Ex. 2020;1(2):11-19. doi:10.1136/bmj.n71\n",
}
for _key in formats.FORMATS:

    @reader(f"references_{_key}", RECORDS[_key], refuses=(formats.CannotRead,))
    def _records(data, key=_key):
        for record in formats.read(data, as_format=key):
            citing.ama_html(record.csl)
            citing.nlm_html(record.csl)


@reader("what_a_file_of_references_is", *RECORDS.values(), refuses=(formats.CannotRead,))
def _any(data):
    list(formats.read(data, "a.txt"))


@reader("csl", RECORDS["csl"], refuses=(ValueError,))
def _csl(data):
    items = json.loads(data)
    for item in items if isinstance(items, list) else ():
        try:
            whole, _repairs = conforming.conform(item)
        except conforming.NotCsl:
            continue
        for key in ("ris", "bibtex", "nbib", "csl"):
            formats.FORMATS[key].write(whole)
        csl.title_key(whole.get("title"))
        csl.authors_key(whole)
        citing.ama(whole)
        citing.nlm(whole)


@reader("latex", r"{\"U}ber $x^2$ \textbf{a} \'e \emph{b} \alpha", "Ü & ² % _ {x}")
def _latex(data):
    latex.to_text(text(data))
    latex.from_text(text(data))


@reader("bibtex_fields", "article\x00title=Heat\x00year=2020\x00month=jan # 1\x00author=Doe, J")
def _bibtex_fields(data):
    kind, *pairs = text(data).split("\0")
    bibtex_csl.csl_of_fields(kind, dict(pair.partition("=")[::2] for pair in pairs))


@reader("mathml", '<mml:math xmlns:mml="a"><mml:msup><mml:mi>x</mml:mi></mml:msup></mml:math>')
def _mathml(data):
    mathml.to_text(text(data))


@reader("replies_of_services", RECORDS["crossref"], refuses=(ValueError, RecursionError))
def _reply(data):
    crossref.record(json.loads(data))


# What people type and paste --------------------------------------------------------------------


@reader(
    "typed_lines",
    RECORDS["paste"],
    "Doe, J. (2020). Heat. J Ex, 1, 2.",
    refuses=(typed_lines.NotAReference,),
)
def _typed(data):
    for line in typed_lines.split_references(text(data))[:50]:
        typed_lines.parse(line)


@reader("identifiers", "https://doi.org/10.1136/BMJ.n71.", "PMC12", "978-3-16-148410-0", "١٢٣")
def _identifiers(data):
    for read in (identifiers.doi, identifiers.pmid, identifiers.pmcid, identifiers.isbn):
        read(text(data))


@reader("one_box", "10.1136/bmj.n71 and Doe J. Heat. 2020", "12345678, 23456789")
def _one_box(data):
    pasted.cleaned(text(data))
    pasted.pieces(text(data))
    pasted.lone_identifier(text(data))
    pasted.identifier_in(text(data))


@reader("searches", 'sore "heel pain" ne', "-a* (b) | c:d <-> 'e")
def _search(data):
    query.terms(text(data))


# Documents -------------------------------------------------------------------------------------

DOCUMENT = (
    "# Heat\n\nIt may ease pain for many people [1, 2-4 p. 3].\n\n- a\n  1. b\n\n"
    "| a | b |\n| - | - |\n| c | d |\n\n[^n]: note\n\n"
    "## References\n\n1. Doe J. A trial. J Ex. 2020;1:2.\n"
)
PAGE = (
    "<html><title>H</title><body><h1>Heat</h1><p>It may <b>ease</b> pain <sup>1</sup>.</p>"
    "<table><tr><td colspan=2>a</table><ol><li>Doe J. A trial. 2020.</ol>"
    "<img src='data:image/png;base64,AA'>"
)
for _ending, _seed in ((".txt", DOCUMENT), (".md", DOCUMENT), (".html", PAGE)):

    @reader(f"document{_ending}", _seed, refuses=(imports.CannotRead,))
    def _document(data, ending=_ending):
        document = imports.read_document(data, f"a{ending}")
        imports.structure(document.lines, document.messages)


@reader(
    "document.docx",
    a_docx_of_xml("<w:p><w:r><w:t>It may ease pain [1].</w:t></w:r></w:p>"),
    refuses=(imports.CannotRead,),
)
def _docx(data):
    document = imports.read_document(data, "a.docx")
    imports.structure(document.lines, document.messages)


@reader("document_xml", "<w:p><w:r><w:t>Heat</w:t></w:r></w:p>", refuses=(imports.CannotRead,))
def _document_xml(data):
    """The words of a Word file, for a machine seldom makes a whole zip file that can be opened."""
    document = imports.read_document(a_docx_of_xml(text(data)), "a.docx")
    imports.structure(document.lines, document.messages)


# HTML ------------------------------------------------------------------------------------------


class _OnlyHarmless(HTMLParser):
    """Fails for a tag or an address that could do something."""

    def handle_starttag(self, tag, attrs):
        assert tag not in {"script", "style", "iframe", "object", "embed", "svg", "math"}, tag
        for name, value in attrs:
            assert not name.startswith("on"), name
            address = "".join(filter(str.isprintable, value or "")).strip().lower()
            assert not address.startswith(("javascript:", "data:", "vbscript:")), value


@reader(
    "cleaning",
    '<p>a <mark data-claim="c123456789">b</mark><a href="https://a.b">c</a></p><table><tr><td>d',
    "<svg><a xlink:href='java\x03script:x'>",
    refuses=(cleaning.TooMuchHtml,),
)
def _cleaning(data):
    cleaned = cleaning.clean(text(data))
    assert cleaning.clean(cleaned) == cleaned, "cleaning twice is not cleaning once"
    _OnlyHarmless().feed(cleaned)
    cleaning.plain_text(cleaned)
    headings.headings_in(cleaned)


@reader(
    "tables_of_findings",
    "<table><tr><th>Outcome<th>Without<th>With<th>Relative effect"
    "<th>No of participants<th>Certainty<tr><td>Pain<td>10 per 100<td>8 per 100 (6 to 9)"
    "<td>RR 0.8 (0.6 to 0.9)"
    "<td>300 (3 RCTs)<td>⊕⊕◯◯ low</table>",
)
def _findings(data):
    read_findings(text(data))


# What scripts of ours send, and others could ---------------------------------------------------


@reader(
    "evidence_of_a_form",
    '{"claims":{"c123456789":{"text":"a","links":[{"reference":"1"}]}},"removed":[]}',
    refuses=(ValidationError,),
)
def _panel(data):
    panel_state.parse(text(data))


@reader("what_a_form_remembers", '{"values":{"a":"b"},"rows":{}}')
def _remembered(data):
    form_state.parse_base(text(data))


@reader(
    "unsaved_work",
    '{"key":"0123456789abcdef","article":1,"form":[["a","b"]]}',
    refuses=(ValueError, RecursionError, TooManyFieldsSent),
)
def _unsaved(data):
    buffers._parse(data)


@reader("form_sent_again", '[["a","b"]]', refuses=(SuspiciousOperation,))
def _sent_again(data):
    pages._posted_form(text(data))


@reader(
    "pictures",
    bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63"
        "f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
    ),
    b"\xff\xd8\xff\xe0\x00\x10JFIF",
    b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00",
    refuses=(processing.NotAPicture,),
)
def _picture(data):
    processing.encode_again(data)
