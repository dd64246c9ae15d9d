"""What differs between two frozen contents: clinical rows first, then the text by words.

Pure. Rows are matched by uid. A row that was taken out and typed in again with the same words is no
difference; nor is anything else a reader or reviewer could not tell apart. What has no place of its
own below is compared too, under "About the page": contents that differ never compare as alike.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from articles.models import Certainty, Claim
from articles.wording import Words
from references import csl

from . import contents, diffing
from .changes import ADDED, CHANGED, MOVED, REMOVED, Change, ChangedValue, ChangeGroup, Comparison
from .comparing_text import body_changes
from .freezing import canonical
from .frozen_content import AnyContent, AnyRow, FrozenCitation, FrozenContent, Json


def compare(before: FrozenContent | None, after: FrozenContent) -> Comparison:
    """Return what differs. Without a `before` everything is new, and nothing is listed."""
    if before is None or before == after:
        return Comparison([])
    groups = [
        ChangeGroup(subject.title, subject.is_clinical, list(_changes(subject, before, after)))
        for subject in contents.SUBJECTS
    ]
    return Comparison([group for group in groups if group.changes])


def _changes(
    subject: contents.Subject, before: FrozenContent, after: FrozenContent
) -> Iterator[Change]:
    """Yield all changes under one heading, in the order of contents.CONTENTS."""
    for part in contents.parts_under(subject):
        if isinstance(part, contents.Rows):
            yield from _rows(before, after, part)
        elif part.name == "body":
            yield from body_changes(before["body"], after["body"])
        elif part.name == "no_known_contraindications":
            yield from _statement(part, before, after)
        else:
            yield from _value(part, before, after)
    if subject is contents.CERTAINTY:
        yield from _claims(before, after)
    elif subject is contents.EVIDENCE:
        yield from _evidence(before, after)
    elif subject is contents.SOURCES:
        yield from _references(before, after)
    elif subject is contents.ABOUT:
        yield from _rest(before, after)


# --- values of the article ---------------------------------------------------------------------
def _value(value: contents.Value, before: AnyContent, after: AnyContent) -> Iterator[Change]:
    if before.get(value.name) == after.get(value.name):
        return
    was, now = _described(value, before), _described(value, after)
    by_words = value.subject is contents.TEXT
    changed = ChangedValue(value.label, was, now, by_words=by_words)
    yield Change(CHANGED, value.label, now or was, values=[changed], code=value.name)


def _statement(value: contents.Value, before: AnyContent, after: AnyContent) -> Iterator[Change]:
    was, now = before.get(value.name), after.get(value.name)
    if was != now:
        changed = ChangedValue(value.label, value.describe(was), value.describe(now))
        name = _("No known reason not to have it")
        yield Change(CHANGED, _("statement"), name, values=[changed])


def _described(value: contents.Value, holder: AnyRow) -> str:
    """Return the value of a row, or of a content, as text; "" where it has none."""
    return value.describe(holder[value.name]) if value.name in holder else ""


# --- rows --------------------------------------------------------------------------------------
#: Keys that say which row it is. They are not part of what it says.
_IDENTITY = {"uid", "claim", "key"}


def _rows(before: AnyContent, after: AnyContent, rows: contents.Rows) -> Iterator[Change]:
    matched = _match(before.get(rows.name) or [], after.get(rows.name) or [])

    def change(kind: str, row: AnyRow, changed: list[ChangedValue]) -> Change:
        return Change(kind, rows.label, rows.name_of(row), row["uid"], changed, rows.name)

    for kind, found in matched.gone_and_new:
        for row in found:
            yield change(kind, row, _all_values(row, rows.values, is_new=kind == ADDED))
    for old, row in matched.pairs:
        if changed := _changed_values(old, row, rows.values):
            yield change(CHANGED, row, changed)
    if matched.moved:
        names = ", ".join(map(rows.name_of, matched.moved))[:200]
        yield Change(MOVED, rows.label, names, code=rows.name)


class _Matched(NamedTuple):
    pairs: list[tuple[AnyRow, AnyRow]]  # (old row, the same row now)
    gone: list[AnyRow]
    new: list[AnyRow]
    moved: list[AnyRow]  # rows in both that changed their order

    @property
    def gone_and_new(self) -> tuple[tuple[str, list[AnyRow]], tuple[str, list[AnyRow]]]:
        return (REMOVED, self.gone), (ADDED, self.new)


def _match(old: Sequence[AnyRow], new: Sequence[AnyRow]) -> _Matched:
    partners = _partners(old, new)
    both = [row for row in new if row["uid"] in partners]
    order = [partners[row["uid"]]["uid"] for row in both]
    stayed = set(order)
    old_order = [row["uid"] for row in old if row["uid"] in stayed]
    in_order: set[str] = set()
    for _start, start, size in diffing.matching_blocks(old_order, order):
        in_order.update(order[start : start + size])
    return _Matched(
        pairs=[(partners[row["uid"]], row) for row in both],
        gone=[row for row in old if row["uid"] not in stayed],
        new=[row for row in new if row["uid"] not in partners],
        moved=[row for row in both if partners[row["uid"]]["uid"] not in in_order],
    )


def _partners(old: Sequence[AnyRow], new: Sequence[AnyRow]) -> dict[str, AnyRow]:
    """Return {uid of a new row: the old row it was}."""
    by_uid = {row["uid"]: row for row in old}
    partners = {row["uid"]: by_uid[row["uid"]] for row in new if row["uid"] in by_uid}
    taken = {row["uid"] for row in partners.values()}
    # Typed in again, word for word, it is what it was.
    left: dict[str, deque[AnyRow]] = defaultdict(deque)
    for row in old:
        if row["uid"] not in taken:
            left[_text_of(row)].append(row)
    for row in new:
        if row["uid"] not in partners and (alike := left.get(_text_of(row))):
            partners[row["uid"]] = alike.popleft()
    return partners


def _text_of(row: AnyRow) -> str:
    """Return all that `row` says, as one text: two rows with the same text say the same."""
    left_out = {*_IDENTITY, "citations"}
    return canonical({name: value for name, value in row.items() if name not in left_out})


def _changed_values(
    old: AnyRow, new: AnyRow, values: Sequence[contents.Value]
) -> list[ChangedValue]:
    """Return those of `values` that differ, and all that differs under a key no list has."""
    known = {value.name for value in values}
    unknown = sorted({*old, *new} - _IDENTITY - {"citations"} - known)
    return [
        ChangedValue(value.label, _described(value, old), _described(value, new), value.is_text)
        for value in (*values, *map(_value_named, unknown))
        if old.get(value.name) != new.get(value.name)
    ]


def _value_named(name: str) -> contents.Value:
    """Return a value that this version does not know: it is compared under its key."""
    return contents.Value(name=name, label=name, describe=contents.as_list)


def _all_values(
    row: AnyRow, values: Sequence[contents.Value], *, is_new: bool
) -> list[ChangedValue]:
    """Return what a row that came or went says, but for its name, the first of `values`."""
    described = [(value.label, _described(value, row)) for value in values if value.name in row]
    return _values_of_one_side(described[1:], is_new=is_new)


def _values_of_one_side(described: Iterable[tuple], *, is_new: bool) -> list[ChangedValue]:
    return [
        ChangedValue(label, "" if is_new else text, text if is_new else "")
        for label, text in described
        if text
    ]


# --- claims and their evidence -----------------------------------------------------------------
def _claims(before: FrozenContent, after: FrozenContent) -> Iterator[Change]:
    """Yield claims that came or went, and ratings that changed.

    The order of claims is that of the text, and is compared there.
    """
    matched = _match(before["claims"], after["claims"])
    # The claim of a row comes, goes and changes with its row, and is listed there.
    in_changed_rows = _claims_of_changed_rows(before, after)
    for kind, claims in matched.gone_and_new:
        for claim in claims:
            if claim["kind"] == Claim.Kind.TEXT or claim["certainty"] != Certainty.NOT_RATED:
                changed = _all_values(claim, contents.CLAIM[:2], is_new=kind == ADDED)
                yield _of_claim(kind, claim, changed)
    for old, claim in matched.pairs:
        changed = _changed_values(old, claim, contents.CLAIM)
        if row_says := in_changed_rows.get(claim["key"]):
            changed = [value for value in changed if value.label not in row_says]
        if changed:
            yield _of_claim(CHANGED, claim, changed)


def _claims_of_changed_rows(before: AnyContent, after: AnyContent) -> dict[str | None, set[Words]]:
    """Return {key of a claim whose row is new or changed: labels of what the row says itself}."""
    old = {(rows.name, row["uid"]): row for rows, row in contents.rows_that_are_claims(before)}
    return {
        row["claim"]: {value.label for value in contents.CLAIM if value.name in {"text", *row}}
        for rows, row in contents.rows_that_are_claims(after)
        if row != old.get((rows.name, row["uid"]))
    }


def _of_claim(kind: str, claim: AnyRow, changed: list[ChangedValue]) -> Change:
    return Change(kind, _("claim"), claim["text"], claim["uid"], changed, "claims")


def _evidence(before: FrozenContent, after: FrozenContent) -> Iterator[Change]:
    names = {**_source_names(before), **_source_names(after)}
    matched = _match(before["claims"], after["claims"])
    for old, claim in matched.pairs:
        yield from _citations(claim["text"], old["citations"], claim["citations"], names)
    for claim in matched.gone:
        yield from _citations(claim["text"], claim["citations"], [], names)
    for claim in matched.new:
        yield from _citations(claim["text"], [], claim["citations"], names)


def _citations(
    claim_text: str,
    before: Sequence[FrozenCitation],
    after: Sequence[FrozenCitation],
    names: dict[str, str],
) -> Iterator[Change]:
    """Yield changes of the citations of one claim. `names` are those of sources, by uid."""

    def change(kind: str, citation: AnyRow, changed: list[ChangedValue]) -> Change:
        of_which_claim = ChangedValue(_("for"), claim_text, claim_text)
        name = names[citation["reference"]]
        uid = citation["uid"]
        return Change(kind, _("evidence"), name, uid, [of_which_claim, *changed], "citations")

    matched = _match(before, after)
    for kind, citations in matched.gone_and_new:
        for citation in citations:
            yield change(kind, citation, _all_values_of_citation(citation, is_new=kind == ADDED))
    for old, citation in matched.pairs:
        without_source = {"reference": ""}
        changed = _changed_values(
            {**old, **without_source}, {**citation, **without_source}, contents.CITATION
        )
        if changed:
            yield change(CHANGED, citation, changed)
        was, now = names[old["reference"]], names[citation["reference"]]
        if old["reference"] != citation["reference"]:
            yield change(CHANGED, citation, [ChangedValue(_("source"), was, now)])
    if matched.moved:
        yield Change(MOVED, _("evidence"), claim_text, code="citations")


def _all_values_of_citation(citation: AnyRow, *, is_new: bool) -> list[ChangedValue]:
    described = [
        (value.label, _described(value, citation))
        for value in contents.CITATION
        if citation.get(value.name)
    ]
    return _values_of_one_side(described, is_new=is_new)


# --- sources -----------------------------------------------------------------------------------
def _source_names(content: FrozenContent) -> dict[str, str]:
    return {
        row["uid"]: (
            csl.without_tags(row["csl"].get("title")) or row["doi"] or row["url"] or _("a source")
        )
        for row in content["references"]
    }


def _references(before: FrozenContent, after: FrozenContent) -> Iterator[Change]:
    names = {**_source_names(before), **_source_names(after)}

    def change(kind: str, row: AnyRow, changed: list[ChangedValue]) -> Change:
        return Change(kind, _("source"), names[row["uid"]], row["uid"], changed, "references")

    matched = _match(before["references"], after["references"])
    for kind, references in matched.gone_and_new:
        for row in references:
            yield change(kind, row, [])
    for old, row in matched.pairs:
        changed = _changed_values({**old, "csl": ""}, {**row, "csl": ""}, contents.REFERENCE)
        changed += _changed_fields(old["csl"], row["csl"])
        if changed:
            yield change(CHANGED, row, changed)


def _changed_fields(before: dict[str, Json], after: dict[str, Json]) -> list[ChangedValue]:
    """Return what differs between two CSL-JSON records, field by field."""
    return [
        ChangedValue(name, contents.as_list(before.get(name)), contents.as_list(after.get(name)))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


# --- everything else ---------------------------------------------------------------------------
_KNOWN = {
    *(part.name for part in contents.CONTENTS),
    "schema",
    "claims",
    "references",
    "reading_list",
}


def _rest(before: FrozenContent, after: FrozenContent) -> Iterator[Change]:
    """Yield the reading list, and what a later version of this code froze that is unknown here."""
    if before.get("reading_list") != after.get("reading_list"):
        yield from _reading_list(before, after)
    for name in sorted({*before, *after} - _KNOWN):
        yield from _value(_value_named(name), before, after)


def _reading_list(before: FrozenContent, after: FrozenContent) -> list[Change]:
    names = {**_source_names(before), **_source_names(after)}
    label = _("reading list")
    was, now = before["reading_list"], after["reading_list"]
    changes = [
        Change(kind, label, names.get(uid, uid), uid, code="reading_list")
        for kind, uids, others in ((REMOVED, was, set(now)), (ADDED, now, set(was)))
        for uid in uids
        if uid not in others
    ]
    return changes or [Change(MOVED, label, label, code="reading_list")]
