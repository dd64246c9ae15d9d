"""The imprint of a reference, which tells the kind of work, and how each kind is read."""

import re
from collections.abc import Mapping
from typing import Any

from .dates import DATE, DAYS_OF_A_MEETING, MONTH, YEAR, as_date
from .limits import MOST_TRIED
from .people import people_first
from .sentences import bare, split_off_journal, split_sentences, title_of

_ISSUED = (
    rf"(?P<date>{YEAR}(?: (?:{MONTH}(?:[-–/]{MONTH})?|Spring|Summer|Fall|Autumn|Winter)(?:"
    r" [0-9]{1,2})?)?)"
)
_JOURNAL = re.compile(rf"(?P<front>.+?)[.,]? \(?{_ISSUED}\)? ?; ?(?P<numeration>[^;]{{1,120}}?)\.?")
_JOURNAL_YEAR = re.compile(
    rf"(?P<front>.+?[.?!]) {_ISSUED}(?: ?: ?(?P<page>[A-Za-z]?[0-9][^:;.]{{0,40}}"
    # medRxiv numbers its preprints so.
    r"|[0-9]{4}\.[0-9]{2}\.[0-9]{2}\.[0-9]{6,8}))?\.?"
)
_ONLINE = re.compile(
    rf"(?P<front>.+?)[.,]? (?:First p|P)ublished online:?(?: ahead of print)? (?P<date>{DATE})"
    r"(?: ?: ?(?P<page>\S.{0,40}?))?\.?"
)
_PREPRINT = re.compile(
    r"(?P<front>.+?)[.,]? (?:Preprint|\[Preprint\])[.,;]?(?: posted(?: online)?)?"
    rf" (?P<date>{DATE})\.?",
    re.I,
)
_PREPRINT_BEFORE_SERVER = re.compile(
    r"(?P<front>.+?)[.,]? (?:\[Preprint\]|Preprint at)[.,]? "
    r"(?P<server>[^\W\d_][^.;:()]{1,40}?)[.,;]?"
    rf" \(?(?P<date>{DATE})\)?\.?",
    re.I,
)
#: “Paper presented at: Congress; May 10-13, 2019; City.”, as AMA has it.
_PRESENTED = re.compile(
    r"(?P<front>.+?[.,?!]) ?\(?(?:(?:Paper|Poster|Abstract|Lecture|Talk|Keynote|Oral(?: paper)?)"
    r"(?: (?:session|presentation))?,? )?(?:presented|read) (?:at|to):? (?:the )?"
    rf"(?P<event>[^;]{{3,300}}?)[;,.] (?P<date>{DAYS_OF_A_MEETING})"
    r"(?:[;,.] (?P<place>[^;]{2,100}?))?\)?\.?",
    re.I,
)
_MEETING = re.compile(rf"(?P<name>.+?); (?P<date>{DAYS_OF_A_MEETING}); (?P<place>[^;]{{2,100}})")
_BOOK = re.compile(
    rf"(?P<front>.+?) ?; ?(?:c|©)?(?P<date>{YEAR})(?: ?:"
    r" ?(?P<page>[A-Za-z]?[0-9ivxlc][^:;]{0,60}?))?"
    r"(?:[.,]? pp?\. ?(?P<page_after>[A-Za-z]?[0-9ivxlc][^:;]{0,60}?))?\.?"
)
#: Harvard has a comma before the year: “Oxford: Press, 2001.”.
_BOOK_WITH_COMMA = re.compile(
    rf"(?P<front>.+?[.?!] [A-Z][^\d:;.]{{1,40}}: [^;:.]{{2,80}}(?:\. [A-Z][^;:.]{{2,40}})?),"
    rf" (?P<date>{YEAR})(?: ?: ?(?P<page>[0-9ivxlc][^:;]{{0,60}}?))?"
    r"(?:[.,:]? pp?\. ?(?P<page_after>[A-Za-z]?[0-9ivxlc][^:;]{0,60}?))?\.?"
)
_WEB_DATE = re.compile(
    r"(?:[.,] ?|(?<=[;?!]) ?)(?:(?:Published|Posted|Last updated|Updated|Modified|Last"
    r" reviewed|Reviewed):? )?"
    r"\[?(?:updated )?"
    rf"(?P<date>{DATE})\]?\.?$",
    re.I,
)
_LONGEST_WEB_DATE = 100
_ONLINE_MARK = re.compile(r" ?\[(?:Internet|Web ?page|Website|Online)\]", re.I)
_NUMERATION = re.compile(
    r"(?P<volume>[^():<>]{0,40}?) ?(?:\((?P<issue>[^()<>]{1,40})\))? ?"
    r"(?:: ?(?P<page>(?:[^:.<>]|p?p\. |\.(?=\w)){1,60}))?"
)


def has_imprint(text: str) -> bool:
    """Return whether `text` ends in an imprint of some kind: the reference may end there."""
    text = text.rstrip(". ") + "."
    return any(
        pattern.fullmatch(text) for pattern in (_JOURNAL, _ONLINE, _PREPRINT, _BOOK, _JOURNAL_YEAR)
    )


def fields_by_imprint(text: str, ending_fields: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the CSL fields of a line without its ending; None when no imprint fits.

    `ending_fields` are the CSL fields that its ending gave.
    """
    is_online = "URL" in ending_fields and not ending_fields.keys() & {"DOI", "PMID", "PMCID"}
    text, was_marked = _ONLINE_MARK.subn("", text.strip())
    if is_online and was_marked and " In: " not in text and not _JOURNAL.fullmatch(text):
        return _with_place(_web_page(text))
    for pattern, read in (
        (_PREPRINT, _preprint),
        (_PREPRINT_BEFORE_SERVER, _preprint),
        (_PRESENTED, _paper_of_a_meeting),
        (_ONLINE, _article_ahead_of_print),
        (_JOURNAL, _article),
        (_BOOK, _book_or_chapter),
        (_BOOK_WITH_COMMA, _book_or_chapter),
    ):
        match = pattern.fullmatch(text)
        csl = match and read(match)
        if csl and (csl["type"] != "article-journal" or csl["container-title"] or ending_fields):
            return csl
    if is_online:
        return _web_page(text)
    if match := _JOURNAL_YEAR.fullmatch(text):
        return _article_ahead_of_print(match)
    return _without_imprint(text) if ending_fields.keys() & {"DOI", "PMID", "PMCID"} else None


def _article(match):
    numeration = _NUMERATION.fullmatch(_supplement_in_brackets(match["numeration"].strip()))
    if not numeration:
        return None
    fields = {name: (value or "").strip() for name, value in numeration.groupdict().items()}
    if section := re.fullmatch(r"Sect(?:ion)?\.? ?(\w{1,20})", fields["volume"]):
        fields = {"type": "article-newspaper", "section": section[1], "page": fields["page"]}
    elif (
        not fields["issue"]
        and not fields["page"]
        and re.fullmatch(r"[0-9]{5,}|[A-Za-z]?[0-9]+[-–][A-Za-z]?[0-9]+", fields["volume"])
    ):
        # Before there is an issue, NLM gives only the pages.
        fields = {"page": fields["volume"]}
    return _journal_fields(match["front"]) | {"issued": as_date(match["date"])} | fields


def _supplement_in_brackets(numeration):
    """Return “51 Suppl 1:S3” as “51(Suppl 1):S3”, and “29(3)(suppl 9)” as “29(3 suppl 9)”.

    Both styles write a supplement either way.
    """
    numeration = re.sub(r"\)\((?=suppl)", " ", numeration, count=1, flags=re.I)
    return re.sub(
        r"^([0-9]{1,5}),? ((?:Suppl|Pt)\b[^():]{0,20}?)(?=:|$)", r"\1(\2)", numeration, flags=re.I
    )


def _article_ahead_of_print(match):
    return _journal_fields(match["front"]) | {
        "issued": as_date(match["date"]),
        "page": match["page"] or "",
    }


def _preprint(match):
    server = match.groupdict().get("server", "")
    csl = _journal_fields(f"{match['front']}. {server}" if server else match["front"])
    # “medRxiv 2021.03.01.21252000”
    csl["container-title"] = re.sub(r" [0-9][0-9./v]{4,}$", "", csl["container-title"])
    return csl | {"type": "article", "issued": as_date(match["date"])}


def _paper_of_a_meeting(match):
    people, sentences = people_first(split_sentences(match["front"]), leave=1)
    event = bare(match["event"])
    return people | {
        "type": "paper-conference",
        "title": title_of(sentences),
        "container-title": event,
        "event-title": event,
        "event-place": bare(match["place"] or ""),
        "issued": as_date(match["date"]),
    }


def _without_imprint(text):
    """Return the fields of a line without a date; its identifier can tell the rest.

    None for words that are no whole sentence and name nobody: an identifier does not make them a
    title.
    """
    sentences = split_sentences(text)
    people, sentences = people_first(sentences, leave=1)
    if len(sentences) > 1 and not people.get("editor"):
        *title, container = sentences
        return people | {
            "type": "article-journal",
            "title": title_of(title),
            "container-title": bare(container),
        }
    if not people and not text.rstrip().endswith((".", "?", "!")):
        return None
    return people | {"type": "document", "title": title_of(sentences)}


def _journal_fields(front):
    sentences = split_sentences(front)
    people, sentences = people_first(sentences, leave=2)
    sentences, journal = split_off_journal(sentences)
    return people | {
        "type": "article-journal",
        "title": title_of(sentences),
        "container-title": journal,
    }


def _book_or_chapter(match):
    front, within, book = match["front"].partition(" In: ")
    if not within and match["front"].startswith("In: "):
        return None
    sentences = split_sentences(book if within else front)
    if len(sentences) < 2:
        return None
    *sentences, imprint = sentences
    if _PART_OF_A_NAME.fullmatch(sentences[-1]):
        # “F.A. Davis”, “St. Martin’s Press”
        imprint = f"{sentences.pop()} {imprint}"
    csl = {"issued": as_date(match["date"]), "page": match["page_after"] or match["page"] or ""}
    csl |= _publisher(imprint)
    sentences = _without_edition(sentences, csl)
    if not within:
        people, sentences = people_first(sentences, leave=1)
        if not people:
            people, sentences = _publisher_first(sentences, csl["publisher"])
        return csl | people | {"type": "book", "title": title_of(sentences)}
    editors, sentences = people_first(sentences, leave=1)
    people, title = people_first(split_sentences(front), leave=1)
    if "editor" in editors or not editors:
        csl |= editors
    else:
        # People named after “In:” edit the book, whether the line says so or not.
        csl["editor"] = editors["author"]
    container = title_of(sentences)
    csl |= people | {"type": "chapter", "title": title_of(title), "container-title": container}
    if meeting := _MEETING.fullmatch(container):
        csl |= {"type": "paper-conference", "container-title": meeting["name"]}
        csl |= {"event-place": meeting["place"], "event-date": as_date(meeting["date"])}
    return csl


def _publisher_first(sentences, publisher):
    """Return the body that `sentences` begin with and that publishes the work, and the others.

    Its publisher is named the same, or by its first letters: “Public Health England. … PHE; 2019”.
    """
    first = bare(sentences[0]) if len(sentences) > 1 else ""
    letters = "".join(word[0] for word in re.findall(r"[^\W\d_]\w*", first) if word[0].isupper())
    is_named = first and (publisher == first or publisher.startswith(f"{first} "))
    if is_named or (len(letters) > 1 and letters == publisher):
        return {"author": [{"literal": first}]}, sentences[1:]
    return {}, sentences


_PART_OF_A_NAME = re.compile(r"(?:[A-Z]\.){1,3}|St\.")
_PLACE = re.compile(r"((?:St\. |Ste\. |Mt\. )?[A-Z][^\d:;.]{1,40}(?:, [A-Z.]{2,5})?): ?(\S.*)")


def _publisher(imprint):
    imprint = imprint.strip(" ,;")
    place = _PLACE.fullmatch(imprint)
    return {"publisher-place": place[1], "publisher": place[2]} if place else {"publisher": imprint}


_EDITION = re.compile(
    r"((?:[0-9]{1,3}(?:st|nd|rd|th)?|[A-Z][a-z]+)(?: rev(?:ised)?\.?)?)"
    r" (?:ed(?:ition|n)?\.?|revision)",
    re.I,
)
_SERIES = re.compile(
    r"([A-Z][\w ]{1,40}(?:guideline|guidance|report|standard|series|paper))s? "
    r"(?:[Nn]o\.? ?)?\[?([A-Z]{0,4}[0-9]{1,5})\]?\.?"
)
#: “NG226”, the number that a body gives its guideline.
_NUMBER_ALONE = re.compile(r"([A-Z]{2,4}[0-9]{1,4})\.?")
_VOLUME = re.compile(r"Vol(?:ume)?\.? ([0-9IVXLC]{1,8})\.?", re.I)


def _without_edition(sentences, csl):
    """Return `sentences` without those that name edition or volume, which go into `csl`."""
    kept = []
    for sentence in sentences:
        if edition := _EDITION.fullmatch(sentence):
            csl["edition"] = re.sub(r"(?<=[0-9])(?:st|nd|rd|th)$", "", edition[1])
        elif volume := _VOLUME.fullmatch(sentence):
            csl["volume"] = volume[1]
        elif (series := _SERIES.fullmatch(sentence)) and kept:
            csl |= {"collection-title": series[1], "number": series[2]}
        elif (number := _NUMBER_ALONE.fullmatch(sentence)) and kept:
            csl["number"] = number[1]
        else:
            kept.append(sentence)
    return kept


def _with_place(page):
    """Return the fields of a web page in NLM's style, whose imprint may have no year."""
    place = _PLACE.fullmatch(page.get("container-title", ""))
    if not place or "publisher" in page:
        return page
    page.pop("container-title")
    return page | {"publisher-place": place[1], "publisher": place[2]}


def _web_page(text):
    csl = {"type": "webpage"}
    for _ in range(MOST_TRIED):
        # Only a date that closes the line counts, so only its last words are searched.
        tail = max(0, len(text) - _LONGEST_WEB_DATE)
        date = _WEB_DATE.search(text, tail)
        if not date:
            break
        csl["issued"] = as_date(date["date"])
        text = text[: date.start()]
    if text.rstrip(" .").endswith(";"):
        # “Place: Publisher; 2022”, as NLM has it
        text = text.rstrip(" ;.")
        text, _, imprint = text.rpartition(". ")
        csl |= _publisher(imprint)
    sentences = _without_edition(split_sentences(text), csl)
    people, sentences = people_first(sentences, leave=1)
    if not people and len(sentences) > 1 and csl.get("publisher"):
        people, sentences = _publisher_first(sentences, csl["publisher"])
    if not people and len(sentences) == 2 and "publisher" not in csl:
        # More often the first is a body that publishes the page than half of a title.
        people = {"author": [{"literal": bare(sentences.pop(0))}]}
    if len(sentences) > 1:
        csl["container-title"] = bare(sentences.pop())
    return csl | people | {"title": title_of(sentences)}
