"""What was pasted, before it is read.

How much of it is taken, and where it falls into references.
"""

import re

from django.utils.translation import gettext as _

from references import identifiers, typed_lines

MOST_LETTERS = 20_000


def lone_identifier(text):
    """The identifier `text` is, wrapped in nothing but a label or an address.

    None when it is something else.
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


def taken(text):
    """(what was pasted without what no database stores, "") or ("", the sentence that says why
    not).
    """
    text = text if isinstance(text, str) else ""
    if len(text) > MOST_LETTERS:
        return "", _("This is too much at once. Paste at most %(most)s letters.") % {
            "most": f"{MOST_LETTERS:,}"
        }
    text = "".join(
        letter for letter in text if letter != "\x00" and not "\ud800" <= letter <= "\udfff"
    ).strip()
    return (
        (text, "")
        if text
        else ("", _("Paste a DOI, a PMID, a reference, or a few words of a title."))
    )


def pieces(text):
    """The references in `text`, one string each: a line that is an identifier or an address stands
    for itself, and the lines between such lines fall apart as a pasted list does.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) < 2:
        return typed_lines.split_list(text)
    pieces, between = [], []
    for line in [*lines, None]:
        stands_alone = line is not None and (
            _ADDRESS.fullmatch(line) or lone_identifier(line) is not None
        )
        if line is not None and not stands_alone:
            between.append(line)
            continue
        if between:
            pieces += typed_lines.split_list("\n".join(between))
            between = []
        if stands_alone:
            pieces.append(line)
    return pieces


_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
