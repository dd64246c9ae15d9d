"""What may be published as the correction of a small mistake, which only one person reads.

Pure: two frozen contents in, sentences out. Only harmless wording of the body may differ. Every
other part must be what readers have already. That is also true for parts that are added to frozen
content one day: they are refused here until somebody allows them.

What may differ in the body is in articles.publishing.correcting_text.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.revisions.contents import label_of
from articles.revisions.frozen_content import FrozenContent

from .correcting_text import changes_of_body

#: At most so many reasons are given. One is enough for a review.
_MAX_SENTENCES = 4
#: Names of parts for which `label_of` has none.
_LABELS = {
    "title": gettext_lazy("the title"),
    "kicker": gettext_lazy("the words above the title"),
    "summary": gettext_lazy("the summary"),
    "claims": gettext_lazy("a claim, or the evidence for it,"),
    "references": gettext_lazy("a source"),
    "reading_list": gettext_lazy("the reading list"),
    "no_known_contraindications": gettext_lazy("“no known reason not to have it”"),
    "translated_from": gettext_lazy("the version of the original it was made from"),
}
#: Fields that name a row, and how much of the name is quoted.
_NAMES = ("text", "title", "name", "word", "aspect", "caption", "alt")
_LONGEST_NAME = 120


def refusals(before: FrozenContent, after: FrozenContent) -> list[str]:
    """Return sentences that say why `after` may not replace the live content `before` unreviewed.

    Empty if it may.
    """
    found = [*_other_parts(before, after), *changes_of_body(before["body"], after["body"])]
    if not found:
        return []
    sentences = list(dict.fromkeys(found))
    if len(sentences) > _MAX_SENTENCES:
        sentences[_MAX_SENTENCES:] = [_("And %s more.") % (len(sentences) - _MAX_SENTENCES)]
    return [
        *sentences,
        _(
            "Nobody has reviewed this. Ask for a review, so that somebody who did not edit the text"
            " reads it first."
        ),
    ]


def _other_parts(before, after):
    """Yield a sentence for each frozen part that differs, except the body."""
    for part in dict.fromkeys([*before, *after]):
        if part == "body" or (part in before and part in after and before[part] == after[part]):
            continue
        name = _name_of_difference(before.get(part), after.get(part))
        sentence = _("This is more than a small correction: %(what)s “%(name)s” differs.")
        if not name:
            sentence = _("This is more than a small correction: %(what)s differs.")
        what = label_of(part) or _LABELS.get(part) or part.replace("_", " ")
        yield sentence % {"what": what, "name": name}


def _name_of_difference(before, after):
    """Return words by which a person finds what differs between two states of a part, or ""."""
    if isinstance(before, list) or isinstance(after, list):
        old, new = before or [], after or []
        row = next((row for row in new if row not in old), None) or next(
            (row for row in old if row not in new), ""
        )
    else:
        row = after or before
    return _name_of_row(row)[:_LONGEST_NAME]


def _name_of_row(row):
    if isinstance(row, str):
        return row
    if not isinstance(row, dict):
        return ""
    own = next((row[name] for name in _NAMES if isinstance(row.get(name), str) and row[name]), "")
    return own or next(
        filter(None, (_name_of_row(inner) for inner in row.values() if isinstance(inner, dict))), ""
    )
