"""What closes a reference: identifiers, an address, a date of access.

Each `take_…` gives the text without what it took off, and puts that into a Found.
"""

import re
from itertools import islice

from references import identifiers

from .dates import DATE, as_date
from .imprints import has_imprint
from .limits import MOST_TRIED


class Found:
    """What was taken off the end of a line so far."""

    def __init__(self):
        self.fields = {}
        self.repairs = []
        self.offered = []
        self.needs_lookup = False

    def keep(self, field, identifier):
        """Put `identifier` into `field`, or among those to be offered.

        Says whether it was one at all.
        """
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


def take_numbers(text, found):
    """Take PMID, PMCID and ISBN off, and the notes PubMed writes beside them."""
    for pattern, field, read in (
        (_PMID, "PMID", identifiers.pmid),
        (_PMCID, "PMCID", identifiers.pmcid),
        (_ISBN, "ISBN", identifiers.isbn),
    ):
        for match in islice(pattern.finditer(text), MOST_TRIED):
            found.keep(field, read(match[0].strip(" .;,")))
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


def take_doi(text, found):
    """Take off the DOI that stands behind a label or in an address of doi.org."""
    return _take_doi_from(text, _DOI_LABEL.search(text), found)


def take_bare_doi(text, found):
    """Take off a DOI without a label; half of one at the very end is only offered."""
    label = _BARE_DOI.search(text)
    if not label and "DOI" not in found.fields:
        label = _LAST_WORD_IS_HALF_A_DOI.search(text.rstrip(". "))
    return _take_doi_from(text, label, found)


def _take_doi_from(text, label, found):
    """`text` without the DOI that begins at the match `label`."""
    if not label:
        return text
    head, tail = text[: label.start()].rstrip(), text[label.start() :]
    words = tail.split(" ")
    identifier, used = identifiers.doi(_ended(tail)), len(words)
    for count in range(1, min(8, len(words))):
        # The fewest words that give the same DOI: a wrapped one has more than the label and itself.
        shorter = identifiers.doi(_ended(" ".join(words[:count])))
        if shorter.key == identifier.key and shorter.key:
            identifier, used = shorter, count
            break
    if not found.keep("DOI", identifier) and "doi" not in label[0].lower():
        return text
    rest = " ".join(words[used:])
    return (
        f"{head} {rest}".strip()
        if rest and not has_imprint(head)
        else f"{head} {_kept_of(rest)}".strip()
    )


def _ended(text):
    """`text` without the full stop that ends the sentence.

    It is the line's, no mistake in the DOI.
    """
    return re.sub(r"(?<=[A-Za-z0-9])[.;,](?= |$)", "", text)


def _kept_of(rest):
    """Of what follows a DOI behind a complete imprint, the address and the date of access.

    Notes are left.
    """
    address = _ADDRESS.search(rest)
    accessed = _ACCESSED.search(rest)
    return " ".join(match[0].strip() for match in (accessed, address) if match)


_ACCESSED = re.compile(
    rf"\s*(?:\bAccessed:?(?: on)?|\bRetrieved(?: on)?|\[cited) ({DATE})\]?[.;,]?(?: from)?", re.I
)
_ADDRESS = re.compile(
    r"\s*(?:\bAvailable (?:from|at) ?:? ?|\bURL ?: ?)?<?(https?://[^\s<>\"]+)>?", re.I
)


def take_access_date(text, found):
    """Take off the day the page was looked at."""
    accessed = _ACCESSED.search(text)
    if not accessed:
        return text
    found.fields["accessed"] = as_date(accessed[1])
    return f"{text[: accessed.start()]} {text[accessed.end() :].lstrip()}".strip()


def take_addresses(text, found):
    """Take web addresses off; one that names the work by an identifier gives the identifier
    instead.
    """
    kept, position = [], 0
    for address in islice(_ADDRESS.finditer(text), MOST_TRIED):
        kept.append(text[position : address.start()])
        position = address.end()
        url = address[1].rstrip(".,;:)]'\"")
        readers = (
            ("DOI", identifiers.doi),
            ("PMID", identifiers.pmid),
            ("PMCID", identifiers.pmcid),
        )
        if not any(found.keep(field, read(url)) for field, read in readers):
            found.fields.setdefault("URL", url)
    kept.append(text[position:])
    return " ".join("".join(kept).split()).rstrip(" .") + "." if position else text
