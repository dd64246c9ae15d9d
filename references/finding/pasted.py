"""What was pasted, before it is read: how much of it is accepted, and how it is split."""

import re
from itertools import groupby

from django.utils.translation import gettext as _

from references import identifiers, typed_lines
from references.identifiers import Identifier

MOST_LETTERS = 20_000


def lone_identifier(text: str) -> Identifier | None:
    """Return the identifier that `text` is, with nothing around it but a label or an address.

    None when the text is something else.
    """
    for read in _READERS:
        found = read(text)
        is_one = found.is_usable or found.status in (
            identifiers.Status.CANDIDATE,
            identifiers.Status.SHORT_DOI,
        )
        if is_one and not {"extracted", "cut"} & set(found.repairs):
            return found
    return None


_READERS = (
    identifiers.doi,
    identifiers.pmcid,
    lambda text: identifiers.pmid(text, one_box=True),
    identifiers.isbn,
)


def cleaned(text: object) -> tuple[str, str]:
    """Return the pasted text without what no database stores, and "" or why it is refused.

    The text is "" where it is refused.
    """
    text_given = text if isinstance(text, str) else ""
    if len(text_given) > MOST_LETTERS:
        return "", _("This is too much at once. Paste at most %(most)s letters.") % {
            "most": f"{MOST_LETTERS:,}"
        }
    kept = "".join(
        letter for letter in text_given if letter != "\x00" and not "\ud800" <= letter <= "\udfff"
    ).strip()
    if not kept:
        return "", _("Paste a DOI, a PMID, a reference, or a few words of a title.")
    return kept, ""


def pieces(text: str) -> list[str]:
    """Return the references in `text`, one string each.

    A line that is an identifier or an address is one of them, unless it closes the reference before
    it. The lines between such lines are split as a pasted list is. In a list with numbers no line
    without one stands alone.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) < 2 or typed_lines.is_numbered(text):
        return typed_lines.split_references(text)
    found: list[str] = []
    for stands_alone, group in groupby(_marked(lines), key=lambda pair: pair[1]):
        together = [line for line, _ in group]
        found += together if stands_alone else typed_lines.split_references("\n".join(together))
    return found


def _marked(lines):
    """Yield each line, and whether it is a reference of its own for what it is."""
    previous, was_alone = "", True
    for line in lines:
        stands_alone = bool(_WEB_ADDRESS.fullmatch(line)) or lone_identifier(line) is not None
        if stands_alone and not was_alone:
            stands_alone = not typed_lines.closes_the_line_before(line, previous)
        yield line, stands_alone
        previous, was_alone = line, stands_alone


_LABELLED_NUMBER = re.compile(r"\bPMC?ID ?:? ?(?:PMC)?[0-9]{4,8}(?![0-9])", re.IGNORECASE)


def identifier_in(text: str) -> Identifier | None:
    """Return the DOI in `text`, or the PMID or PMCID that has its label there; else None."""
    found = identifiers.doi(text)
    if found.is_usable:
        return found
    for label in _LABELLED_NUMBER.finditer(text):
        for read in (identifiers.pmcid, identifiers.pmid):
            if (number := read(label[0])).is_usable:
                return number
    return None


_WEB_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
