"""The library, or a part of it, as a file others can read.

Importing our own file gives the same rows.
"""

from dataclasses import dataclass

from django.utils.http import content_disposition_header

from . import citing
from .formats import FORMATS


@dataclass(frozen=True)
class Kind:
    """One kind of export. `between` stands between two records."""

    name: str
    extension: str
    content_type: str
    before: str = ""
    between: str = "\n"
    after: str = ""

    @property
    def header(self):
        """The content type with the encoding, as the answer to a request says it."""
        return f"{self.content_type}; charset=utf-8"


KINDS = {
    "csl": Kind(
        "CSL-JSON", "json", "application/vnd.citationstyles.csl+json", "[\n", ",\n", "\n]\n"
    ),
    "ris": Kind("RIS", "ris", "application/x-research-info-systems"),
    "bibtex": Kind("BibTeX", "bib", "application/x-bibtex"),
    "nbib": Kind("MEDLINE (NBIB)", "nbib", "application/nbib", between=""),
    "ama": Kind("AMA", "txt", "text/plain", after="\n"),
    "nlm": Kind("NLM (Vancouver)", "txt", "text/plain", after="\n"),
}


#: What an address that gives out a file may end in. Plain text is the AMA list.
SUFFIXES = {
    "json": "csl",
    "ris": "ris",
    "bib": "bibtex",
    "nbib": "nbib",
    "txt": "ama",
    "nlm.txt": "nlm",
}


def kind_of(suffix):
    """The key in KINDS for the end of an address."""
    return SUFFIXES[suffix]


def disposition(name, kind):
    """The header that has a browser keep the file under `name` (no ending), and show
    nothing of it.
    """
    suffix = next(suffix for suffix, key in SUFFIXES.items() if key == kind)
    return content_disposition_header(as_attachment=True, filename=f"{name}.{suffix}")


def export(references, kind):
    """Pieces of text that together are the file; nothing is held back, so a library of any size can
    be sent.

    `kind` is a key of KINDS. The text is to be encoded as UTF-8.
    """
    known = KINDS[kind]
    yield known.before
    for place, reference in enumerate(references):
        if place:
            yield known.between
        yield _written(reference, kind)
    yield known.after


def _written(reference, kind):
    if kind == "ama":
        return citing.ama(reference.csl)
    if kind == "nlm":
        return citing.nlm(reference.csl)
    return FORMATS[kind].write(reference.csl, reference.uid)
