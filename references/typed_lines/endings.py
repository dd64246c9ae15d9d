"""What closes a reference: identifiers, an address, a date of access.

Each `take_…` returns the text without what it took off, and puts that into an Ending.
"""

import re
from itertools import islice
from typing import Any

from references import identifiers

from .dates import DATE, as_date
from .imprints import has_imprint
from .limits import MOST_TRIED


class Ending:
    """What was taken off the end of a line so far.

    `fields` are CSL fields, `repairs` rule codes. `offered` are identifiers that a person must
    confirm. `updated` is the day of the last change, which counts where no other is named.
    """

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {}
        self.repairs: list[str] = []
        self.offered: list[identifiers.Identifier] = []
        self.needs_lookup = False
        self.updated = ""

    def keep(self, field: str, identifier: identifiers.Identifier) -> bool:
        """Put `identifier` into `field`, or among those offered; False when it is none."""
        if identifier.is_usable:
            if field not in self.fields:
                self.fields[field] = identifier.display
                self.repairs += [
                    code for code in identifier.repairs if code not in identifiers.HARMLESS
                ]
                self.needs_lookup |= identifier.needs_lookup
            return True
        if identifier.status == identifiers.Status.CANDIDATE:
            self.offered.append(identifier)
            self.needs_lookup = True
            return True
        return False


_PMID = re.compile(r"[.;, ]{0,3}\b(?:PubMed )?PMID ?:? ?[0-9]{1,10}(?![0-9])[.;]?", re.I)
_PMCID = re.compile(
    r"[.;, ]{0,3}\b(?:(?:PubMed Central )?PMCID ?:? ?(?:PMC)?"
    r" ?|PMC)[0-9]{1,10}(?:\.[0-9])?(?![0-9])[.;]?",
    re.I,
)
_ISBN = re.compile(
    r"[.;, ]{0,3}\bISBN(?:-1[03])? ?:? ?[0-9][0-9 \u2010-\u2015-]{8,16}[0-9Xx](?!\w)[.;]?", re.I
)
_EPUB = re.compile(
    r"\s*\b(?:E-?pub(?: ahead of print)?[ :]{1,2}(?:1[89]|20)[0-9]{2}(?: [A-Z][a-z]{2,8}\.?)?(?:"
    r" [0-9]{1,2})?"
    r"|(?:Online|E-?pub) ahead of print|(?:Free )?PMC article)\.?",
    re.I,
)

_PUBLISHED_THEN = re.compile(
    r"(?<=\.) Published (?:1[89]|20)[0-9]{2} [A-Z][a-z]{2}(?: [0-9]{1,2})?\.?"
)


def take_numbers(text: str, ending: Ending) -> str:
    """Take off PMID, PMCID and ISBN, and the notes that PubMed writes beside them."""
    for pattern, field, read in (
        (_PMID, "PMID", identifiers.pmid),
        (_PMCID, "PMCID", identifiers.pmcid),
        (_ISBN, "ISBN", identifiers.isbn),
    ):
        for match in islice(pattern.finditer(text), MOST_TRIED):
            ending.keep(field, read(match[0].strip(" .;,")))
        text = pattern.sub(". ", text)
    text = _EPUB.sub("", text)
    # PubMed closes a line for a journal without issues with the day of publication.
    published = _PUBLISHED_THEN.search(text)
    if published and has_imprint(text[: published.start()]):
        text = text[: published.start()] + text[published.end() :]
    return text


_DOI_LABEL = re.compile(
    r"(?:https?://)?(?:(?:dx|www)\.)?doi\.org[a-z0-9.-]{0,80}/"
    r"|(?<![\w/])doi ?[:=] ?(?=\S)|(?<![\w/])doi (?=[1lI]?[0-9Oo])",
    re.I,
)
_BARE_DOI = re.compile(r"(?<![\w.:/])10\.[0-9]{4,9}(?:\.[0-9]+)* ?/ ?(?=\S)")
_LAST_WORD_IS_HALF_A_DOI = re.compile(r"(?<!\S)[0-9]{4,5}/\S+$")


def take_doi(text: str, ending: Ending) -> str:
    """Take off the DOI that follows a label or stands in an address of doi.org."""
    return _take_doi_from(text, _DOI_LABEL.search(text), ending)


def take_bare_doi(text: str, ending: Ending) -> str:
    """Take off a DOI without a label. Half a DOI at the very end is only offered."""
    label = _BARE_DOI.search(text)
    if not label and "DOI" not in ending.fields:
        label = _LAST_WORD_IS_HALF_A_DOI.search(text.rstrip(". "))
    return _take_doi_from(text, label, ending)


def _take_doi_from(text, label, ending):
    """Return `text` without the DOI that begins at the match `label`."""
    if not label:
        return text
    head, tail = text[: label.start()].rstrip(), text[label.start() :]
    words = tail.split(" ")
    identifier, used = identifiers.doi(_without_full_stop(tail)), len(words)
    for count in range(1, min(8, len(words))):
        # The fewest words that give the same DOI: a wrapped DOI is more than one word.
        shorter = identifiers.doi(_without_full_stop(" ".join(words[:count])))
        if shorter.key == identifier.key and shorter.key:
            identifier, used = shorter, count
            break
    if not ending.keep("DOI", identifier) and "doi" not in label[0].lower():
        return text
    rest = " ".join(words[used:])
    if rest and has_imprint(head):
        # What follows a complete reference is notes.
        rest = _access_in(rest)
    return f"{head} {rest}".strip()


def _without_full_stop(text):
    """Return `text` without the full stop that ends the line: it is not a mistake in the DOI."""
    return re.sub(r"(?<=[A-Za-z0-9])[.;,](?= |$)", "", text)


def _access_in(rest):
    """Return the date of access and the address in `rest`, without the notes around them."""
    address = _ADDRESS.search(rest)
    accessed = _ACCESSED.search(rest)
    return " ".join(match[0].strip() for match in (accessed, address) if match)


_ACCESSED = re.compile(
    rf"\s*(?:\bAccessed:?(?: on)?|\bRetrieved(?: on)?|\[cited) ({DATE})\]?[.;,]?(?: from)?", re.I
)
_ADDRESS = re.compile(
    r"\s*(?:\bAvailable (?:from|at) ?:? ?|\bURL ?: ?)?<?(https?://[^\s<>\"]+)>?", re.I
)


#: “[updated 2020 Nov 26; cited 2021 Mar 4]”, as Citing Medicine has it; “(accessed 5 Jan 2022)”.
_DATES_IN_BRACKETS = re.compile(
    r"\s?[\[(](?:(?:last )?(?:updated|revised|modified|reviewed|posted):? "
    rf"(?P<updated>{DATE})(?:[;,] ?)?)?"
    r"(?:(?:cited|(?:last )?(?:accessed|viewed|visited|retrieved|checked)):?(?: on)? "
    rf"(?P<accessed>{DATE}))?[\])]",
    re.I,
)


def take_dates_in_brackets(text: str, ending: Ending) -> str:
    """Take off the days on which a page was changed and read, where brackets hold them."""
    for found in islice(_DATES_IN_BRACKETS.finditer(text), MOST_TRIED):
        if found["accessed"]:
            ending.fields.setdefault("accessed", as_date(found["accessed"]))
        if found["updated"]:
            ending.updated = ending.updated or found["updated"]
    return _DATES_IN_BRACKETS.sub(
        lambda found: "" if found["accessed"] or found["updated"] else found[0], text
    )


_LANGUAGES = (
    "Arabic Chinese Czech Danish Dutch English Finnish French German Greek Hebrew Hungarian Italian"
    " Japanese Korean Norwegian Persian Polish Portuguese Russian Spanish Swedish Turkish Ukrainian"
)
_LANGUAGE = re.compile(
    r"[.;,]? ?[\[(]?(?:(?:Article |Text )?[Ii]n )?"
    rf"(?P<language>{_LANGUAGES.replace(' ', '|')})(?: with \w{{2,20}} abstract)?[\])]?\.?$"
)


def take_language(text: str, ending: Ending) -> str:
    """Take off the language that closes a complete reference, as “German.” does."""
    found = _LANGUAGE.search(text, max(0, len(text) - 60))
    if not found or not has_imprint(text[: found.start()]):
        return text
    # The formats read typed lines themselves.
    from references.formats import languages

    ending.fields["language"] = languages.short(found["language"])
    return text[: found.start()] + "."


_EXTENT = re.compile(r"(?<=[0-9])\.(?: (?:[ivxlc]{1,7}, )?([0-9]{1,4}) ?(?:pp?|pages|leaves)\.?)$")


def take_extent(text: str, ending: Ending) -> str:
    """Take off the number of pages that closes a book: “212 p.”."""
    found = _EXTENT.search(text, max(0, len(text) - 40))
    if not found:
        return text
    ending.fields["number-of-pages"] = found[1]
    return text[: found.start()] + "."


_NUMBER_IN_A_SERIES = re.compile(
    r"[.,]? ?\((?P<series>[^\W\d][^()\[\]]{2,80}?),? (?:[Nn]o\.? ?)?"
    r"\[?(?P<number>[A-Z]{0,4}[0-9]{1,10}(?:[./][0-9]{1,4})?)\]?\)\.?(?= |$)"
)


_NAMES_A_SERIES = re.compile(
    r"guid|report|series|standard|paper|publication|bulletin|document|technical|review", re.I
)


def take_series(text: str, ending: Ending) -> str:
    """Take off the series of a report, with its number: “(NICE guideline [NG59])”."""
    for found in islice(_NUMBER_IN_A_SERIES.finditer(text), MOST_TRIED):
        if _NAMES_A_SERIES.search(found["series"]):
            ending.fields |= {"collection-title": found["series"], "number": found["number"]}
            return f"{text[: found.start()].rstrip('.')}.{text[found.end() :]}"
    return text


#: “[London]: CSP”: libraries put a place that they know from elsewhere in brackets.
_PLACE_IN_BRACKETS = re.compile(r"(?<=[.?!] )\[([^\W\d_][^\[\]:;]{1,60})\](?=: )")
_LEFT_OVER = re.compile(
    r"\s*(?:[\[(<]\s*[;,.]?\s*[\])>]"
    r"|\b(?:Available|Retrieved|Accessible)(?: (?:from|at|online(?: at)?)|(?=:))"
    r" ?:?(?=[\s.]*$)|\bURL ?:(?=[\s.]*$)|\[(?:date|place|publisher) unknown\][:;]?"
    r"|:? ?\[(?:about )?[0-9]{1,4} (?:p\.|pages|screens)\])",
    re.I,
)


def without_left_overs(text: str) -> str:
    """Return `text` without empty brackets, and words that led to an address that is gone."""
    cleaned = _PLACE_IN_BRACKETS.sub(r"\1", _LEFT_OVER.sub("", text))
    return cleaned if cleaned == text else re.sub(r"[\s.]{2,}$", ".", cleaned.strip())


def take_access_date(text: str, ending: Ending) -> str:
    """Take off the day on which the page was read."""
    accessed = _ACCESSED.search(text)
    if not accessed:
        return text
    ending.fields["accessed"] = as_date(accessed[1])
    return f"{text[: accessed.start()]} {text[accessed.end() :].lstrip()}".strip()


def take_addresses(text: str, ending: Ending) -> str:
    """Take off web addresses. One that names the work by an identifier gives the identifier."""
    parts, position = [], 0
    for address in islice(_ADDRESS.finditer(text), MOST_TRIED):
        parts.append(text[position : address.start()])
        position = address.end()
        url = address[1].rstrip(".,;:)]'\"")
        readers = (
            ("DOI", identifiers.doi),
            ("PMID", identifiers.pmid),
            ("PMCID", identifiers.pmcid),
        )
        if not any(ending.keep(field, read(url)) for field, read in readers):
            ending.fields.setdefault("URL", url)
    parts.append(text[position:])
    return " ".join("".join(parts).split()).rstrip(" .") + "." if position else text
