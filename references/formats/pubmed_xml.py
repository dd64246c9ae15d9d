"""PubMed's XML (from efetch, or a saved file), to CSL-JSON. Nothing is asked here."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import ParseError, TreeBuilder, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from references import identifiers, integrity, title_marks
from references.models import Design, Integrity, Notice

from . import dates, limits, pages
from .crossref import date_parts, text_of
from .records import FoundNotice, Record

_RECORDS = ("PubmedArticle", "PubmedBookArticle")
_BEGINS = re.compile(r"<(?:PubmedArticle|PubmedBookArticle)[\s>]")

#: PubMed's publication types that say what kind of study a work is; the first that fits counts.
_DESIGNS = (
    ({"Practice Guideline", "Guideline"}, Design.GUIDELINE),
    ({"Systematic Review", "Meta-Analysis", "Network Meta-Analysis"}, Design.SYSTEMATIC_REVIEW),
    ({"Randomized Controlled Trial", "Equivalence Trial", "Pragmatic Clinical Trial"}, Design.RCT),
    ({"Controlled Clinical Trial"}, Design.NONRANDOMISED),
    ({"Case Reports"}, Design.CASE_SERIES),
    ({"Editorial", "Letter", "Comment", "News"}, Design.OPINION),
    ({"Review"}, Design.NARRATIVE_REVIEW),
)
#: References from a work to the notice about it.
_NOTICES = {
    "RetractionIn": Notice.Kind.RETRACTION,
    "RetractedandRepublishedIn": Notice.Kind.RETRACTION,
    "PartialRetractionIn": Notice.Kind.CONCERN,
    "ExpressionOfConcernIn": Notice.Kind.CONCERN,
    "ErratumIn": Notice.Kind.CORRECTION,
    "CorrectedandRepublishedIn": Notice.Kind.CORRECTION,
    "UpdateIn": Notice.Kind.NEW_VERSION,
}
#: Types of records that are themselves a notice about another work.
_IS_A_NOTICE = {
    "Retraction of Publication",
    "Retraction Notice",
    "Expression of Concern",
    "Published Erratum",
}
_LANGUAGES = {
    "eng": "en",
    "fre": "fr",
    "ger": "de",
    "spa": "es",
    "ita": "it",
    "por": "pt",
    "dut": "nl",
    "jpn": "ja",
    "chi": "zh",
    "rus": "ru",
    "ara": "ar",
    "pol": "pl",
    "kor": "ko",
    "tur": "tr",
    "swe": "sv",
    "dan": "da",
    "nor": "no",
    "fin": "fi",
    "cze": "cs",
    "hun": "hu",
    "gre": "el",
    "heb": "he",
    "per": "fa",
}
_CHUNK = 1 << 16


def read(data: bytes | str) -> Iterator[Record]:
    """Yield a Record for each article or book in `data`, in order.

    Where the XML is broken, or defines entities of its own, one refused Record follows those that
    were whole.
    """
    text = data.decode("utf-8-sig", errors="replace") if isinstance(data, bytes) else data
    lines, number, reason = _lines_of_records(text), 0, ""
    builder = _RecordBuilder()
    parser = XMLParser(target=builder)
    try:
        # As bytes, because the first line may name another encoding than that of text.
        encoded = _without_encoding(text).encode()
        for place in range(0, len(encoded), _CHUNK):
            parser.feed(encoded[place : place + _CHUNK])
            for element in builder.take_finished():
                number += 1
                yield _read_or_refuse(element, number, next(lines, 1))
        parser.close()
    except DefusedXmlException:
        reason = "This XML asks for entities of its own, which PubMed never does."
    except (ParseError, ValueError):
        reason = "This is no complete XML. Fetch it from PubMed again."
    for element in builder.take_finished():
        number += 1
        yield _read_or_refuse(element, number, next(lines, 1))
    if reason:
        yield Record(number + 1, next(lines, 1), {}, "" if number else text, refused=reason)


def _lines_of_records(text):
    line, position = 1, 0
    for begin in _BEGINS.finditer(text):
        line += text.count("\n", position, begin.start())
        position = begin.start()
        yield line


def _read_or_refuse(element, number, line):
    if isinstance(element, str):
        return Record(number, line, {}, "", refused=element)
    return limits.read_or_refuse(number, line, "", _record, element, number, line)


class _RecordBuilder:
    """Builds one record at a time and forgets it once it is taken. It builds nothing else.

    A record that is nested too deep, or has too many elements, is not built either: the sentence
    that refuses it takes its place.
    """

    def __init__(self):
        self._depth, self._record_depth, self._elements = 0, 0, 0
        self._tree, self._refusal, self._finished = None, "", []

    def take_finished(self):
        """Return the records ended since the last call: elements, or sentences that refuse them."""
        finished, self._finished = self._finished, []
        return finished

    def start(self, tag, attributes):
        self._depth += 1
        if not self._record_depth and self._depth <= 2 and tag in _RECORDS:
            self._record_depth, self._elements, self._refusal = self._depth, 0, ""
            self._tree = TreeBuilder()
        if self._tree is None:
            return
        self._elements += 1
        if self._depth > limits.DEEPEST:
            self._tree, self._refusal = None, limits.TOO_DEEP
        elif self._elements > limits.MOST_ELEMENTS:
            self._tree, self._refusal = None, limits.TOO_LONG
        else:
            self._tree.start(tag, attributes)

    def data(self, text):
        if self._tree is not None:
            self._tree.data(text)

    def end(self, tag):
        if self._tree is not None:
            self._tree.end(tag)
        if self._depth == self._record_depth:
            self._finished.append(self._refusal or self._tree.close())
            self._tree, self._record_depth = None, 0
        self._depth -= 1

    def close(self):
        return None


def _without_encoding(text):
    return re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", text, count=1)


def _record(element, number, line):
    raw = tostring(element, encoding="unicode").strip()
    if len(raw) > limits.LONGEST_RECORD:
        raise limits.TooMuch(limits.TOO_LONG)
    is_book = element.tag == "PubmedBookArticle"
    citation = element.find("BookDocument" if is_book else "MedlineCitation")
    csl = None if citation is None else _book(citation) if is_book else _article(citation)
    if not csl or not csl.get("title"):
        return Record(number, line, {}, raw, refused="The record has no title.")
    marked = title_marks.read(csl["title"])
    csl["title"], stated = marked.title, marked.state
    kinds = {_text(kind) for kind in citation.iter("PublicationType")}
    if "Preprint" in kinds:
        csl["type"] = "article"
    notices, is_notice = _notices(citation, kinds)
    if "Retracted Publication" in kinds:
        stated = Integrity.RETRACTED
    elif stated == Integrity.NOTICE and any(
        notice.kind != Notice.Kind.NEW_VERSION for notice in notices
    ):
        stated = ""
    ids = _identifiers(element, citation)
    csl |= {
        name: ids[key]
        for name, key in (("DOI", "doi"), ("PMID", "pmid"), ("PMCID", "pmcid"))
        if ids[key]
    }
    return Record(
        number=number,
        line=line,
        csl=csl,
        raw=raw,
        pmid=ids["pmid"],
        pmcid=ids["pmcid"],
        isbn13=csl.get("ISBN", ""),
        nct=_trial_number(citation),
        language=csl.get("language", ""),
        design=_design(kinds),
        notices=notices,
        integrity=is_notice or stated,
        repairs=("retracted-prefix",) if marked.title != _title(citation, is_book) else (),
        payload={"format": "pubmed_xml", "xml": raw},
    )


# The work --------------------------------------------------------------------------------------


def _article(citation):
    article = citation.find("Article")
    if article is None:
        return None
    issue = article.find("Journal/JournalIssue")
    csl = {
        "type": "article-journal",
        "title": _title(citation, is_book=False),
        "author": _people(article.find("AuthorList")),
        "container-title": _text(article.find("Journal/Title")),
        "container-title-short": (
            _text(article.find("Journal/ISOAbbreviation"))
            or _text(citation.find("MedlineJournalInfo/MedlineTA"))
        ),
        "volume": _text(article.find("Journal/JournalIssue/Volume")),
        "issue": _text(article.find("Journal/JournalIssue/Issue")),
        "page": _page(article),
        "ISSN": _text(article.find("Journal/ISSN")),
        "language": _language(article),
    }
    published = [issue.find("PubDate") if issue is not None else None, article.find("ArticleDate")]
    return _without_empty(csl, next(filter(None, map(_date, published)), None))


def _book(document):
    book = document.find("Book")
    if book is None:
        return None
    chapter = _title_of(document.find("ArticleTitle"))
    name = _title_of(book.find("BookTitle"))
    lists = [
        *document.findall("AuthorList"),
        *(found for found in book.findall("AuthorList") if _has_type(found, "authors")),
    ]
    isbns = [identifiers.isbn(_text(isbn)) for isbn in book.findall("Isbn")]
    csl = {
        "type": "chapter" if chapter else "book",
        "title": chapter or name,
        "author": [
            person for people in lists if _has_type(people, "authors") for person in _people(people)
        ],
        "editor": [
            person
            for people in book.findall("AuthorList")
            if _has_type(people, "editors")
            for person in _people(people)
        ],
        "container-title": name if chapter else "",
        "publisher": _text(book.find("Publisher/PublisherName")),
        "publisher-place": _text(book.find("Publisher/PublisherLocation")),
        "volume": _text(book.find("Volume")),
        "edition": _text(book.find("Edition")),
        "page": _page(document),
        "ISBN": next((isbn.key for isbn in isbns if isbn.is_usable), ""),
        "language": _language(document),
    }
    return _without_empty(csl, _date(book.find("PubDate")))


def _without_empty(csl, issued):
    """Return `csl` without empty fields, with the date parts `issued` if there are any."""
    csl = {field: value for field, value in csl.items() if value}
    return csl | ({"issued": {"date-parts": [issued]}} if issued else {})


def _has_type(people, kind):
    """Return whether an AuthorList is of `kind`. A list without a type is one of authors."""
    return people.get("Type", "authors") == kind


def _title(citation, is_book):
    if is_book:
        return _title_of(citation.find("ArticleTitle")) or _title_of(
            citation.find("Book/BookTitle")
        )
    return _title_of(citation.find("Article/ArticleTitle")) or _title_of(
        citation.find("Article/VernacularTitle")
    )


def _title_of(element):
    """Return a title with italics and subscripts, without PubMed's full stop and brackets."""
    if element is None:
        return ""
    inner = (element.text or "") + "".join(tostring(child, encoding="unicode") for child in element)
    title = text_of(inner)
    if translated := re.fullmatch(r"\[(.+?)\.?\]\.?", title):
        title = translated[1]
    return title.removesuffix(".") if not title.endswith("..") else title


def _page(article):
    start, end = (
        _text(article.find("Pagination/StartPage")),
        _text(article.find("Pagination/EndPage")),
    )
    medline_pages = _text(article.find("Pagination/MedlinePgn"))
    if start and not re.search("[,;]", medline_pages):
        return f"{start}-{_full_last_page(start, end)}" if end and end != start else start
    if both := re.fullmatch(r"([A-Za-z]*[0-9]+)-([A-Za-z]*[0-9]+)", medline_pages):
        return _page_range(*both.groups())
    if not medline_pages and _text(article.find("Journal/JournalIssue/Volume")):
        # An article of an online journal is found by its number. Before there is a volume, that is
        # a number of the publisher's.
        numbers = (
            pages.article_number(_text(place))
            for place in article.findall("ELocationID")
            if place.get("EIdType") == "pii"
        )
        return next(filter(None, numbers), "")
    return medline_pages


def _page_range(start, end):
    return start if start == end else f"{start}-{_full_last_page(start, end)}"


def _full_last_page(start, end):
    """Return the last page with the digits that PubMed leaves off: 113, 25 gives 125."""
    return start[: len(start) - len(end)] + end if end.isdigit() and len(end) < len(start) else end


def _people(authors):
    people = []
    limits.check_names(len(authors) if authors is not None else 0)
    for author in authors if authors is not None else ():
        collective, family = _text(author.find("CollectiveName")), _text(author.find("LastName"))
        given = _text(author.find("ForeName")) or _text(author.find("Initials"))
        suffix = _text(author.find("Suffix"))
        if family:
            parts = {"family": family, "given": given, "suffix": suffix}
            people.append({part: text for part, text in parts.items() if text})
        elif collective or given:
            people.append({"literal": collective or given})
    return people


def _date(element):
    """Return [year], [year, month] or [year, month, day], or None; of “2017 Jan-Feb” the year."""
    if element is None:
        return None
    year, month, day = (_text(element.find(part)) for part in ("Year", "Month", "Day"))
    if not year and (
        match := re.search(
            r"(?<![0-9])(?:1[5-9]|20)[0-9]{2}(?![0-9])", _text(element.find("MedlineDate"))
        )
    ):
        year = match[0]
    if number := dates.month_of(month):
        month = str(number)
    return date_parts([[year, month, day]])


def _language(article):
    code = _text(article.find("Language"))
    return _LANGUAGES.get(code, code)[:20]


def _text(element):
    return text_of("".join(element.itertext())) if element is not None else ""


# What is known about it ------------------------------------------------------------------------


def _identifiers(element, citation):
    """Return the “doi”, “pmid” and “pmcid” of the record, not those in its list of references."""
    ids = {"doi": "", "pmid": identifiers.pmid(_text(citation.find("PMID"))).key, "pmcid": ""}
    entries = [
        (entry.get("IdType"), _text(entry))
        for path in (
            "PubmedData/ArticleIdList",
            "PubmedBookData/ArticleIdList",
            "BookDocument/ArticleIdList",
        )
        for entry in element.findall(f"{path}/ArticleId")
    ]
    entries += [
        (place.get("EIdType"), _text(place))
        for place in citation.findall("Article/ELocationID")
        if place.get("ValidYN", "Y") == "Y"
    ]
    for kind, text in entries:
        if kind == "doi" and not ids["doi"]:
            read = identifiers.doi(text)
            ids["doi"] = read.display if read.is_usable else ""
        elif kind == "pmc" and not ids["pmcid"]:
            read = identifiers.pmcid(text)
            ids["pmcid"] = read.key if read.is_usable else ""
    return ids


def _design(kinds):
    return next((design for names, design in _DESIGNS if names & kinds), "")


def _notices(citation, kinds):
    """Return the notices about the work, and Integrity.NOTICE when the record is one, else ""."""
    notices = []
    links = citation.findall("CommentsCorrectionsList/CommentsCorrections")
    # Older records also list there what they cite.
    links = [(kind, link) for link in links if (kind := _NOTICES.get(link.get("RefType")))]
    limits.check_notices(len(links))
    for kind, link in links:
        source = _text(link.find("RefSource"))
        pmid = identifiers.pmid(_text(link.find("PMID"))).key
        doi = re.search(r"doi: ?(10\.\S+?)\.?(?:\s|$)", source)
        notices.append(FoundNotice(kind, None, doi[1] if doi else "", pmid, "PubMed", source[:300]))
    is_about_it = any(notice.kind != Notice.Kind.NEW_VERSION for notice in notices)
    is_notice = bool(kinds & _IS_A_NOTICE) and not is_about_it
    return tuple(integrity.distinct(notices)), Integrity.NOTICE if is_notice else ""


def _trial_number(citation):
    """Return the first number in the registry ClinicalTrials.gov, such as NCT01234567."""
    for bank in citation.findall("Article/DataBankList/DataBank"):
        if _text(bank.find("DataBankName")) == "ClinicalTrials.gov":
            return _text(bank.find("AccessionNumberList/AccessionNumber"))[:40]
    return ""
