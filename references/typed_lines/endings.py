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
    confirm.
    """

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {}
        self.repairs: list[str] = []
        self.offered: list[identifiers.Identifier] = []
        self.needs_lookup = False

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
