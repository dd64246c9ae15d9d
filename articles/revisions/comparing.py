"""What differs between two frozen contents: clinical rows first, then the text by words.

Pure. Rows are matched by uid; a row that was taken out and typed in again with the same words is no
difference, and neither is anything else a reader or reviewer could not tell apart. Whatever has no
place of its own below is compared all the same, under "About the page": contents that differ never
compare as alike.
"""

import re
from collections import defaultdict, deque
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Certainty, Claim
from articles.richtext import blocks
from articles.richtext.cleaning import plain_text
from references import csl

from . import contents, diffing
from .freezing import canonical

ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"
SIGNS = {
    ADDED: gettext_lazy("added"),
    REMOVED: gettext_lazy("taken out"),
    CHANGED: gettext_lazy("changed"),
    MOVED: gettext_lazy("in another order"),
}


@dataclass(frozen=True)
class TextRun:
    """A run of words: "same", "added" or "removed"."""

    sign: str
    words: str


@dataclass(frozen=True)
class ChangedValue:
    """One thing about a row that differs."""

    label: str  # or a lazy translation of it
    before: str
    after: str
    by_words: bool = False

    @property
    def says(self):
        """What to know of it beside its pieces; "" for nothing."""
        if self._has_two_texts and diffing.is_too_much(_tokens(self.before), _tokens(self.after)):
            return _("This part was rewritten. Compare it by eye.")
        return ""

    @property
    def _has_two_texts(self):
        return bool(self.by_words and self.before and self.after)

    @property
    def pieces(self):
        if self._has_two_texts:
            return by_words(self.before, self.after)
        return [
            TextRun(sign, words)
            for sign, words in (("removed", self.before), ("added", self.after))
            if words
        ]


@dataclass(frozen=True)
class Change:
    """One difference. `uid` is that of the row, or the number of the block for the text.

    "" for what is neither.
    """

    sign: str
    what: str  # kind of thing, in words
    name: str  # the thing itself
    uid: str = ""
    parts: list = field(default_factory=list)
    code: str = ""  # the list it stands in

    @property
    def says(self):
        return SIGNS[self.sign]


@dataclass(frozen=True)
class ChangeGroup:
    title: str
    is_clinical: bool
    changes: list


@dataclass(frozen=True)
class Comparison:
    """Groups with something in them, those that matter to a patient's safety first.

    Falsy: nothing differs.
    """

    groups: list

    def __bool__(self):
        return bool(self.groups)

    @property
    def changes(self):
        return [change for group in self.groups for change in group.changes]

    @property
    def clinical(self):
        return [change for group in self.groups if group.is_clinical for change in group.changes]

    @property
    def signs(self):
        """{uid: sign} of every row that differs, for marking them on the page."""
        return {change.uid: change.sign for change in self.changes if change.uid}


def compare(before, after):
    """The Comparison of two frozen contents.

    `before` may be None: then everything is new and nothing is listed.
    """
    if before is None or before == after:
        return Comparison([])
    groups = [
        ChangeGroup(subject.title, subject.is_clinical, list(_told(subject, before, after)))
        for subject in contents.SUBJECTS
    ]
    return Comparison([group for group in groups if group.changes])


def by_words(before, after):
    """`before` and `after` as Pieces in reading order.

    The "same" and "removed" ones make up `before`.
    """
    old, new = _tokens(before), _tokens(after)
    pieces = []
    for act, start, end, new_start, new_end in diffing.opcodes(old, new):
        if act == "equal":
            pieces.append(TextRun("same", "".join(old[start:end])))
            continue
        if start < end:
            pieces.append(TextRun("removed", "".join(old[start:end])))
        if new_start < new_end:
            pieces.append(TextRun("added", "".join(new[new_start:new_end])))
    return pieces


def _tokens(text):
    return re.findall(r"\w+(?:[’'-]\w+)*|\s+|[^\w\s]", text)


def _told(subject, before, after):
    """The Changes of everything that is told under one heading, in the order of
    contents.CONTENTS.
    """
    for part in contents.told_under(subject):
        if isinstance(part, contents.Rows):
            yield from _rows(before, after, part)
        elif part.name == "body":
            yield from body_changes(before["body"], after["body"])
        elif part.name == "no_known_contraindications":
            yield from _statement(part, before, after)
        elif before.get(part.name) != after.get(part.name):
            yield _of_the_article(part, before, after)
    if subject in _TOLD_APART:
        yield from _TOLD_APART[subject](before, after)


def _of_the_article(value, before, after):
    was, now = (
        value.says(content[value.name]) if value.name in content else ""
        for content in (before, after)
    )
    by_words = value.subject is contents.TEXT
    return Change(
        CHANGED,
        value.label,
        now or was,
        "",
        [ChangedValue(value.label, was, now, by_words=by_words)],
        value.name,
    )


def _statement(value, before, after):
    was, now = before.get(value.name), after.get(value.name)
    if was != now:
        part = ChangedValue(value.label, value.says(was), value.says(now))
        yield Change(CHANGED, _("statement"), _("No known reason not to have it"), "", [part])


# --- rows --------------------------------------------------------------------------------------
#: What of a row says which row it is, not what it says.
_IDENTITY = {"uid", "claim", "key"}


def _rows(before, after, rows):
    pairs, gone, new, moved = _match(before.get(rows.name) or [], after.get(rows.name) or [])
    changes = [
        Change(
            sign,
            rows.what,
            rows.called(row),
            row["uid"],
            _all_parts(row, rows.values, sign == ADDED),
            rows.name,
        )
        for sign, found in ((REMOVED, gone), (ADDED, new))
        for row in found
    ]
    for old, row in pairs:
        if parts := _parts(old, row, rows.values):
            changes.append(
                Change(CHANGED, rows.what, rows.called(row), row["uid"], parts, rows.name)
            )
    if moved:
        changes.append(
            Change(MOVED, rows.what, ", ".join(map(rows.called, moved))[:200], "", [], rows.name)
        )
    return changes


def _match(old, new):
    """(pairs, rows only in `old`, rows only in `new`, rows that changed their order among those in
    both).
    """
    by_uid = {row["uid"]: row for row in old}
    partner = {row["uid"]: by_uid[row["uid"]] for row in new if row["uid"] in by_uid}
    taken = {row["uid"] for row in partner.values()}
    # Typed in again, word for word, it is what it was.
    left = defaultdict(deque)
    for row in old:
        if row["uid"] not in taken:
            left[_words_of(row)].append(row)
    for row in new:
        if row["uid"] not in partner and (alike := left.get(_words_of(row))):
            partner[row["uid"]] = alike.popleft()
    both = [row for row in new if row["uid"] in partner]
    order = [partner[row["uid"]]["uid"] for row in both]
    stayed = set(order)
    was = [row["uid"] for row in old if row["uid"] in stayed]
    kept = set()
    for _start, start, size in diffing.matching_blocks(was, order):
        kept.update(order[start : start + size])
    moved = [row for row in both if partner[row["uid"]]["uid"] not in kept]
    gone = [row for row in old if row["uid"] not in stayed]
    come = [row for row in new if row["uid"] not in partner]
    return [(partner[row["uid"]], row) for row in both], gone, come, moved


def _words_of(row):
    """What `row` says, as text: rows with the same text say the same."""
    beside = {*_IDENTITY, "citations"}
    return canonical({name: value for name, value in row.items() if name not in beside})


def _parts(old, new, values):
    """A Part for each of `values` that differs.

    What is in a row and in no list is told under its key.
    """
    parts, known = [], {value.name for value in values}
    unknown = sorted({*old, *new} - _IDENTITY - {"citations"} - known)
    for value in [
        *values,
        *(contents.Value(name=name, label=name, says=contents.as_list) for name in unknown),
    ]:
        if old.get(value.name) != new.get(value.name):
            was, now = (
                value.says(row[value.name]) if value.name in row else "" for row in (old, new)
            )
            parts.append(ChangedValue(value.label, was, now, by_words=value.is_text))
    return parts


def _all_parts(row, values, is_new):
    """What a row that came or went says, beside its name, which is the first of `values`."""
    said = [(value.label, value.says(row[value.name])) for value in values if value.name in row]
    return [
        ChangedValue(label, "" if is_new else text, text if is_new else "")
        for label, text in said[1:]
        if text
    ]


# --- claims and their evidence -----------------------------------------------------------------
def _claims(before, after):
    """Claims that came or went, and ratings that changed.

    The order of claims is that of the text: told there.
    """
    pairs, gone, new, _moved = _match(before["claims"], after["claims"])
    changes = []
    # A row's claim comes and goes with its row, which is told there; so are its words where the
    # row's differ.
    had = {(rows.name, row["uid"]): row for rows, row in contents.rows_that_are_claims(before)}
    told = {
        row["claim"]
        for rows, row in contents.rows_that_are_claims(after)
        if row != had.get((rows.name, row["uid"]))
    }
    for sign, rows in ((REMOVED, gone), (ADDED, new)):
        for claim in rows:
            if claim["kind"] == Claim.Kind.TEXT or claim["certainty"] != Certainty.NOT_RATED:
                parts = _all_parts(claim, contents.CLAIM[:2], sign == ADDED)
                changes.append(
                    Change(sign, _("claim"), claim["text"], claim["uid"], parts, "claims")
                )
    for old, claim in pairs:
        parts = _parts(old, claim, contents.CLAIM)
        if claim["key"] in told:
            parts = [part for part in parts if part.label is not contents.CLAIM[0].label]
        if parts:
            changes.append(
                Change(CHANGED, _("claim"), claim["text"], claim["uid"], parts, "claims")
            )
    return changes


def _evidence(before, after):
    labels = {**_labels(before), **_labels(after)}
    pairs, gone, new, _moved = _match(before["claims"], after["claims"])
    changes = []
    for old, claim in [*pairs, *((row, None) for row in gone), *((None, row) for row in new)]:
        had, has = (old or {}).get("citations", []), (claim or {}).get("citations", [])
        text = (claim or old)["text"]
        same, left, come, moved = _match(had, has)
        for sign, links in ((REMOVED, left), (ADDED, come)):
            for link in links:
                parts = [
                    ChangedValue(_("for"), text, text),
                    *_all_parts_of_link(link, sign == ADDED),
                ]
                changes.append(
                    Change(
                        sign,
                        _("evidence"),
                        labels[link["reference"]],
                        link["uid"],
                        parts,
                        "citations",
                    )
                )
        for was, link in same:
            if parts := _parts(
                {**was, "reference": ""}, {**link, "reference": ""}, contents.CITATION
            ):
                changes.append(_changed_link(labels, link, text, parts))
            if was["reference"] != link["reference"]:
                part = ChangedValue(
                    _("source"), labels[was["reference"]], labels[link["reference"]]
                )
                changes.append(_changed_link(labels, link, text, [part]))
        if moved:
            changes.append(Change(MOVED, _("evidence"), text, "", [], "citations"))
    return changes


def _changed_link(labels, link, text, parts):
    return Change(
        CHANGED,
        _("evidence"),
        labels[link["reference"]],
        link["uid"],
        [ChangedValue(_("for"), text, text), *parts],
        "citations",
    )


def _all_parts_of_link(link, is_new):
    said = [
        (value.label, value.says(link[value.name]))
        for value in contents.CITATION
        if link.get(value.name)
    ]
    return [
        ChangedValue(label, "" if is_new else words, words if is_new else "")
        for label, words in said
    ]


def _labels(content):
    return {
        row["uid"]: (
            csl.without_tags(row["csl"].get("title")) or row["doi"] or row["url"] or _("a source")
        )
        for row in content["references"]
    }


def _references(before, after):
    labels = {**_labels(before), **_labels(after)}
    pairs, gone, new, _moved = _match(before["references"], after["references"])
    changes = [
        Change(REMOVED, _("source"), labels[row["uid"]], row["uid"], [], "references")
        for row in gone
    ]
    changes += [
        Change(ADDED, _("source"), labels[row["uid"]], row["uid"], [], "references") for row in new
    ]
    for old, row in pairs:
        parts = _parts({**old, "csl": ""}, {**row, "csl": ""}, contents.REFERENCE)
        for name in sorted({*old["csl"], *row["csl"]}):
            was, now = old["csl"].get(name), row["csl"].get(name)
            if was != now:
                parts.append(ChangedValue(name, contents.as_list(was), contents.as_list(now)))
        if parts:
            changes.append(
                Change(CHANGED, _("source"), labels[row["uid"]], row["uid"], parts, "references")
            )
    return changes


# --- text --------------------------------------------------------------------------------------
_MARK = re.compile(r"</?mark\b[^>]*>")
#: Translated where it is shown: thousands of blocks may differ, and readers are told of a hundred.
_TEXT = gettext_lazy("text")


def body_changes(before, after):
    """Changes of the text, a block each; `uid` is "block-N", N counting the blocks of `after` with
    words from 0.

    Blocks that say the same are the same, whatever is marked in them as a claim: claims are told
    apart from the text.
    """
    before, after = _MARK.sub("", before), _MARK.sub("", after)
    old, old_words = _blocks_with_words(before)
    new, new_words = _blocks_with_words(after)
    changes = []
    versions = None
    for act, start, end, new_start, new_end in diffing.opcodes(old_words, new_words):
        if act == "equal":
            for number, other in zip(range(start, end), range(new_start, new_end), strict=True):
                if old[number] != new[other]:
                    part = ChangedValue(
                        _("formatting, a link or a kind of paragraph"), "", new_words[other]
                    )
                    changes.append(_block(CHANGED, new_words[other], other, [part]))
            continue
        if versions is None:
            versions = diffing.Lookalikes(map(_tokens, old_words))
        pairs = _versions(versions, range(start, end), new_words, range(new_start, new_end))
        gone = sorted({*range(start, end)} - {*pairs.values()})
        for number in gone:
            part = ChangedValue("", old_words[number], "")
            changes.append(Change(REMOVED, _TEXT, _short(old_words[number]), "", [part], "body"))
        for other in range(new_start, new_end):
            if other in pairs:
                part = ChangedValue("", old_words[pairs[other]], new_words[other], by_words=True)
                changes.append(_block(CHANGED, new_words[other], other, [part]))
            else:
                changes.append(
                    _block(ADDED, new_words[other], other, [ChangedValue("", "", new_words[other])])
                )
    if before != after and not changes:
        changes.append(Change(CHANGED, _TEXT, _("blank lines or empty headings"), "", [], "body"))
    return changes


def _blocks_with_words(html):
    """(blocks of `html` that have words, those words)."""
    found = [(block, words) for block in blocks.split(html) if (words := plain_text(block))]
    return [block for block, _words in found], [words for _block, words in found]


def _block(sign, words, number, parts):
    return Change(sign, _TEXT, _short(words), f"block-{number}", parts, "body")


def _short(words):
    return words if len(words) <= 80 else f"{words[:79]}…"


def _versions(seeker, old, new_words, new):
    """{new: old} of blocks that are versions of one another; `seeker` knows the old ones."""
    pairs, position = {}, old.start
    for other in new:
        number = seeker.first(_tokens(new_words[other]), start=position, end=old.stop)
        if number is not None:
            pairs[other], position = number, number + 1
    return pairs


# --- everything else ---------------------------------------------------------------------------
_LISTED = {part.name for part in contents.CONTENTS} | {
    "schema",
    "claims",
    "references",
    "reading_list",
}


def _rest(before, after):
    """The reading list, and whatever a later version of this code froze that this one does not
    know.
    """
    if before.get("reading_list") != after.get("reading_list"):
        yield from _reading_list(before, after)
    for name in sorted({*before, *after} - _LISTED):
        if before.get(name) != after.get(name):
            yield _of_the_article(
                contents.Value(name=name, label=name, says=contents.as_list), before, after
            )


def _reading_list(before, after):
    labels = {**_labels(before), **_labels(after)}
    what = _("reading list")
    was, now = before["reading_list"], after["reading_list"]
    changes = [
        Change(sign, what, labels.get(uid, uid), uid, [], "reading_list")
        for sign, uids, others in ((REMOVED, was, set(now)), (ADDED, now, set(was)))
        for uid in uids
        if uid not in others
    ]
    return changes or [Change(MOVED, what, what, "", [], "reading_list")]


#: What is no list of contents.CONTENTS.
_TOLD_APART = {
    contents.CERTAINTY: _claims,
    contents.EVIDENCE: _evidence,
    contents.SOURCES: _references,
    contents.ABOUT: _rest,
}
