"""The imprint of a reference, which tells the kind of work, and how each kind is read."""

import re
from collections.abc import Mapping
from typing import Any

from .dates import DATE, MONTH, YEAR, as_date
from .limits import MOST_TRIED
from .people import people_first
from .sentences import bare, split_off_journal, split_sentences, title_of

_ISSUED = (
    rf"(?P<date>{YEAR}(?: (?:{MONTH}(?:[-–/]{MONTH})?|Spring|Summer|Fall|Autumn|Winter)(?:"
    r" [0-9]{1,2})?)?)"
)
_JOURNAL = re.compile(rf"(?P<front>.+?)[.,]? \(?{_ISSUED}\)? ?; ?(?P<numeration>[^;]{{1,120}}?)\.?")
_JOURNAL_YEAR = re.compile(
    rf"(?P<front>.+?[.?!]) {_ISSUED}(?: ?: ?(?P<page>[A-Za-z]?[0-9][^:;.]{{0,40}}))?\.?"
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
_BOOK = re.compile(
    rf"(?P<front>.+?) ?; ?(?:c|©)?(?P<date>{YEAR})(?: ?:"
    r" ?(?P<page>[A-Za-z]?[0-9ivxlc][^:;]{0,60}?))?"
    r"(?:[.,]? pp?\. ?(?P<page_after>[A-Za-z]?[0-9ivxlc][^:;]{0,60}?))?\.?"
)
_WEB_DATE = re.compile(
    r"(?:[.,] ?|(?<=;) ?)(?:(?:Published|Posted|Last updated|Updated|Modified|Last"
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
    if is_online and was_marked and not _JOURNAL.fullmatch(text):
        return _web_page(text)
    for pattern, read in (
        (_PREPRINT, _preprint),
        (_ONLINE, _article_ahead_of_print),
        (_JOURNAL, _article),
        (_BOOK, _book_or_chapter),
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
    if (
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
    return _journal_fields(match["front"]) | {"type": "article", "issued": as_date(match["date"])}


def _without_imprint(text):
    """Return the fields of a line without a date. Its identifier can tell the rest."""
    sentences = split_sentences(text)
    people, sentences = people_first(sentences, leave=1)
    if len(sentences) > 1 and not people.get("editor"):
        *title, container = sentences
        return people | {
            "type": "article-journal",
            "title": title_of(title),
            "container-title": bare(container),
        }
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
        return csl | people | {"type": "book", "title": title_of(sentences)}
    editors, sentences = people_first(sentences, leave=1)
    people, title = people_first(split_sentences(front), leave=1)
    if "editor" in editors or not editors:
        csl |= editors
    else:
        # People named after “In:” edit the book, whether the line says so or not.
        csl["editor"] = editors["author"]
    return (
        csl
        | people
        | {
            "type": "chapter",
            "title": title_of(title),
            "container-title": title_of(sentences),
        }
    )


_PART_OF_A_NAME = re.compile(r"(?:[A-Z]\.){1,3}|St\.")
_PLACE = re.compile(r"([A-Z][^\d:;.]{1,40}(?:, [A-Z.]{2,5})?): ?(\S.*)")


def _publisher(imprint):
    imprint = imprint.strip(" ,;")
    place = _PLACE.fullmatch(imprint)
    return {"publisher-place": place[1], "publisher": place[2]} if place else {"publisher": imprint}


_EDITION = re.compile(
    r"((?:[0-9]{1,3}(?:st|nd|rd|th)?|[A-Z][a-z]+)(?: rev(?:ised)?\.?)?) ed(?:ition|n)?\.?", re.I
)
_VOLUME = re.compile(r"Vol(?:ume)?\.? ([0-9IVXLC]{1,8})\.?", re.I)


def _without_edition(sentences, csl):
    """Return `sentences` without those that name edition or volume, which go into `csl`."""
    kept = []
    for sentence in sentences:
        if edition := _EDITION.fullmatch(sentence):
            csl["edition"] = re.sub(r"(?<=[0-9])(?:st|nd|rd|th)$", "", edition[1])
        elif volume := _VOLUME.fullmatch(sentence):
            csl["volume"] = volume[1]
        else:
            kept.append(sentence)
    return kept


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
    if text.endswith(";"):
        # “Place: Publisher; 2022”, as NLM has it
        text = text.rstrip(" ;")
        text, _, imprint = text.rpartition(". ")
        csl |= _publisher(imprint)
    sentences = split_sentences(text)
    people, sentences = people_first(sentences, leave=1)
    if not people and len(sentences) == 2 and "publisher" not in csl:
        # More often the first is a body that publishes the page than half of a title.
        people = {"author": [{"literal": bare(sentences.pop(0))}]}
    if len(sentences) > 1:
        csl["container-title"] = bare(sentences.pop())
    return csl | people | {"title": title_of(sentences)}
