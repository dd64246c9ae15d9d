"""What differs between two frozen contents: clinical rows first, then the text by words.

Pure. Rows are matched by uid; a row that was taken out and typed in again with the same words is no difference, and
neither is anything else a reader or reviewer could not tell apart. Whatever has no place of its own below is
compared all the same, under "About the page": contents that differ never compare as alike.
"""

import re
from collections import defaultdict, deque
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from references import csl
from references.models import Design

from . import diffing
from .freezing import canonical
from .models import Certainty, Citation, Claim, Publication, Stance
from .models.claims import Direction, Size
from .models.rows import ArticleContraindication, ArticleSideEffect, HelpAdvice, KeyPoint, Recommendation, Step
from .richtext import blocks
from .richtext.cleaning import plain_text

ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"
SIGNS = {
    ADDED: gettext_lazy("added"), REMOVED: gettext_lazy("taken out"), CHANGED: gettext_lazy("changed"),
    MOVED: gettext_lazy("in another order"),
}  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """A run of words: "same", "added" or "removed"."""

    sign: str
    words: str


@dataclass(frozen=True)
class Part:
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
        return [Piece(sign, words) for sign, words in (("removed", self.before), ("added", self.after)) if words]


@dataclass(frozen=True)
class Change:
    """One difference. `uid` is that of the row, or the number of the block for the text; "" for what is neither."""

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
class Group:
    title: str
    is_clinical: bool
    changes: list


@dataclass(frozen=True)
class Comparison:
    """Groups with something in them, those that matter to a patient's safety first. Falsy: nothing differs."""

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
    """The Comparison of two frozen contents; `before` may be None: then everything is new and nothing is listed."""
    if before is None or before == after:
        return Comparison([])
    groups = [
        Group(_("Who should not have it"), True, _reasons(before, after)),
        Group(_("Side effects"), True, _rows(before, after, "side_effects")),
        Group(_("When to get help"), True, _rows(before, after, "help")),
        Group(_("How sure we are"), True, _claims(before, after)),
        Group(_("Evidence"), True, _evidence(before, after)),
        Group(
            _("What it is for, and advice"),
            True,
            [
                *_rows(before, after, "conditions"),
                *_rows(before, after, "indications"),
                *_rows(before, after, "recommendations"),
            ],
        ),
        Group(
            _("What happens, and what else to try"),
            True,
            [*_rows(before, after, "steps"), *_rows(before, after, "alternatives")],
        ),
        Group(_("Text"), False, _text(before, after)),
        Group(_("Sources"), False, _references(before, after)),
        Group(_("About the page"), False, _rest(before, after)),
    ]
    return Comparison([group for group in groups if group.changes])


def by_words(before, after):
    """`before` and `after` as Pieces in reading order; the "same" and "removed" ones make up `before`."""
    old, new = _tokens(before), _tokens(after)
    pieces = []
    for act, start, end, new_start, new_end in diffing.opcodes(old, new):
        if act == "equal":
            pieces.append(Piece("same", "".join(old[start:end])))
            continue
        if start < end:
            pieces.append(Piece("removed", "".join(old[start:end])))
        if new_start < new_end:
            pieces.append(Piece("added", "".join(new[new_start:new_end])))
    return pieces


def _tokens(text):
    return re.findall(r"\w+(?:[’'-]\w+)*|\s+|[^\w\s]", text)


# --- rows -----------------------------------------------------------------------------------------------------
def _same(value):
    return "" if value is None else str(value)


def _label_of(choices):
    words = dict(choices)
    return lambda value: str(words.get(value, value or ""))


def _yes(value):
    return _("yes") if value else _("no")


def _term(term):
    names = [term.get("clinical_name"), *(term.get("other_names") or ()), term.get("icd10"), term.get("snomed_ct")]
    return f"{term['name']} ({', '.join(name for name in names if name)})" if any(names) else term["name"]


def _person(person):
    return ", ".join(filter(None, (person["name"], person["role"], person.get("registration")))) if person else ""


def _page(page):
    # Its title is that of the page readers have; a page that is not live is not named to anybody.
    return page["title"] or _("a page that is not live")


def _term_name(key):
    return lambda row: row[key]["name"]


def _own_text(row):
    return row["text"]


#: For each list: what a row is called, how it names itself, and {field: (label, its words)}.
_KINDS = {
    "contraindications": (
        gettext_lazy("reason not to have it"), _term_name("contraindication"),
        {
            "contraindication": (gettext_lazy("name"), _term),
            "action": (gettext_lazy("what to do"), _label_of(ArticleContraindication.Action.choices)),
            "note": (gettext_lazy("note"), _same),
        },
    ),
    "side_effects": (
        gettext_lazy("side effect"), _term_name("side_effect"),
        {
            "side_effect": (gettext_lazy("name"), _term),
            "n": (gettext_lazy("how many"), _same),
            "base": (gettext_lazy("out of"), _same),
            "unit": (gettext_lazy("of what"), _label_of(ArticleSideEffect.Unit.choices)),
            "how_long": (gettext_lazy("how long"), _same),
            "is_serious": (gettext_lazy("serious"), _yes),
            "note": (gettext_lazy("note"), _same),
        },
    ),
    "help": (
        gettext_lazy("when to get help"), _own_text,
        {
            "text": (gettext_lazy("words"), _same),
            "kind": (gettext_lazy("how soon"), _label_of(HelpAdvice.Urgency.choices)),
        },
    ),
    "conditions": (
        gettext_lazy("condition"), _term_name("condition"),
        {"condition": (gettext_lazy("name"), _term), "note": (gettext_lazy("note"), _same)},
    ),
    "indications": (
        gettext_lazy("people it may suit"), _own_text, {"text": (gettext_lazy("words"), _same)},
    ),
    "recommendations": (
        gettext_lazy("advice"), _own_text,
        {
            "text": (gettext_lazy("words"), _same),
            "kind": (gettext_lazy("kind"), _label_of(Recommendation.Kind.choices)),
            "expert": (gettext_lazy("whose view"), _person),
        },
    ),
    "steps": (
        gettext_lazy("step of what happens"), _own_text,
        {
            "text": (gettext_lazy("words"), _same),
            "kind": (gettext_lazy("when"), _label_of(Step.Phase.choices)),
        },
    ),
    "alternatives": (
        gettext_lazy("other thing to try"), _own_text,
        {"text": (gettext_lazy("words"), _same), "page": (gettext_lazy("leads to"), _page)},
    ),
    "related": (
        gettext_lazy("related page"), lambda row: _page(row["page"]), {"page": (gettext_lazy("leads to"), _page)},
    ),
    "key_points": (
        gettext_lazy("key point"), _own_text,
        {
            "text": (gettext_lazy("words"), _same),
            "kind": (gettext_lazy("kind"), _label_of(KeyPoint.Kind.choices)),
        },
    ),
    "words": (
        gettext_lazy("word that is explained"), lambda row: row["word"],
        {"word": (gettext_lazy("word"), _same), "meaning": (gettext_lazy("what it means"), _same)},
    ),
    "questions": (gettext_lazy("question"), _own_text, {"text": (gettext_lazy("words"), _same)}),
    "comparison": (
        gettext_lazy("line of the comparison"), lambda row: row["aspect"] or row["here"],
        {
            "aspect": (gettext_lazy("what is compared"), _same),
            "here": (gettext_lazy("this treatment"), _same),
            "there": (gettext_lazy("the other"), _same),
        },
    ),
    "pictures": (
        gettext_lazy("picture"), lambda row: row["caption"] or row["picture"]["alt"] or row["picture"]["sha256"][:8],
        {"caption": (gettext_lazy("caption"), _same), "heading": (gettext_lazy("under the heading"), _same)},
    ),
}  # fmt: skip
#: What of a row says which row it is, not what it says.
_IDENTITY = {"uid", "claim", "key"}


def _rows(before, after, name):
    what, called, fields = _KINDS[name]
    pairs, gone, new, moved = _match(before.get(name) or [], after.get(name) or [])
    changes = [
        Change(sign, what, called(row), row["uid"], _all_parts(row, fields, sign == ADDED), name)
        for sign, rows in ((REMOVED, gone), (ADDED, new))
        for row in rows
    ]
    for old, row in pairs:
        if parts := _parts(old, row, fields):
            changes.append(Change(CHANGED, what, called(row), row["uid"], parts, name))
    if moved:
        changes.append(Change(MOVED, what, ", ".join(map(called, moved))[:200], "", [], name))
    return changes


def _match(old, new):
    """(pairs, rows only in `old`, rows only in `new`, rows that changed their order among those in both)."""
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


def _parts(old, new, fields):
    parts = []
    for name in dict.fromkeys([*fields, *sorted({*old, *new} - _IDENTITY - {"citations"})]):
        if old.get(name) == new.get(name):
            continue
        label, words = fields.get(name, (name, _plain))
        before, after = words(old[name]) if name in old else "", words(new[name]) if name in new else ""
        parts.append(Part(label, before, after, by_words=words is _same))
    return parts


def _all_parts(row, fields, is_new):
    """What a row that came or went says, beside its name."""
    said = [(label, words(row[name])) for name, (label, words) in fields.items() if name in row]
    return [Part(label, "" if is_new else text, text if is_new else "") for label, text in said[1:] if text]


def _plain(value):
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_plain(inner)}" for name, inner in sorted(value.items()) if inner not in ("", None))
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    return _same(value)


def _reasons(before, after):
    changes = _rows(before, after, "contraindications")
    if before.get("no_known_contraindications") != after.get("no_known_contraindications"):
        part = Part(
            _("no known reason not to have it"), _yes(before.get("no_known_contraindications")),
            _yes(after.get("no_known_contraindications")),
        )  # fmt: skip
        changes.append(Change(CHANGED, _("statement"), _("No known reason not to have it"), "", [part]))
    return changes


# --- claims and their evidence ----------------------------------------------------------------------------------
_CLAIM_ROWS = ("contraindications", "side_effects", "conditions", "indications", "recommendations")
_CLAIM = {
    "text": (gettext_lazy("words"), _same),
    "certainty": (gettext_lazy("certainty"), _label_of(Certainty.choices)),
    "certainty_reasons": (gettext_lazy("reasons for it"), _plain),
    "certainty_note": (gettext_lazy("why this level"), _same),
    "direction": (gettext_lazy("direction"), _label_of(Direction.choices)),
    "size": (gettext_lazy("size"), _label_of(Size.choices)),
    "population": (gettext_lazy("people"), _same),
    "outcome": (gettext_lazy("outcome"), _same),
    "comparator": (gettext_lazy("compared with"), _same),
    "kind": (gettext_lazy("kind"), _label_of(Claim.Kind.choices)),
}
_LINK = {
    "stance": (gettext_lazy("what it says"), _label_of(Stance.choices)),
    "design": (gettext_lazy("kind of study"), _label_of(Design.choices)),
    "locator_kind": (gettext_lazy("where"), _label_of(Citation.Locator.choices)),
    "locator": (gettext_lazy("number"), _same),
    "quote": (gettext_lazy("quote"), _same),
    "population_match": (gettext_lazy("people"), _label_of(Citation.PopulationMatch.choices)),
    "note": (gettext_lazy("note"), _same),
}


def _claims(before, after):
    """Claims that came or went, and ratings that changed. The order of claims is that of the text: told there."""
    pairs, gone, new, _moved = _match(before["claims"], after["claims"])
    changes = []
    # A row's claim comes and goes with its row, which is told there; so are its words where the row's differ.
    differ = {name: {row["uid"]: row for row in before[name]} for name in _CLAIM_ROWS}
    told = {row["claim"] for name in _CLAIM_ROWS for row in after[name] if row != differ[name].get(row["uid"])}
    for sign, rows in ((REMOVED, gone), (ADDED, new)):
        for claim in rows:
            if claim["kind"] == Claim.Kind.TEXT or claim["certainty"] != Certainty.NOT_RATED:
                parts = _all_parts(claim, {name: _CLAIM[name] for name in ("text", "certainty")}, sign == ADDED)
                changes.append(Change(sign, _("claim"), claim["text"], claim["uid"], parts, "claims"))
    for old, claim in pairs:
        parts = _parts(old, claim, _CLAIM)
        if claim["key"] in told:
            parts = [part for part in parts if part.label is not _CLAIM["text"][0]]
        if parts:
            changes.append(Change(CHANGED, _("claim"), claim["text"], claim["uid"], parts, "claims"))
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
                parts = [Part(_("for"), text, text), *_all_parts_of_link(link, sign == ADDED)]
                changes.append(Change(sign, _("evidence"), labels[link["reference"]], link["uid"], parts, "citations"))
        for was, link in same:
            if parts := _parts({**was, "reference": ""}, {**link, "reference": ""}, _LINK):
                changes.append(_changed_link(labels, link, text, parts))
            if was["reference"] != link["reference"]:
                part = Part(_("source"), labels[was["reference"]], labels[link["reference"]])
                changes.append(_changed_link(labels, link, text, [part]))
        if moved:
            changes.append(Change(MOVED, _("evidence"), text, "", [], "citations"))
    return changes


def _changed_link(labels, link, text, parts):
    return Change(
        CHANGED, _("evidence"), labels[link["reference"]], link["uid"], [Part(_("for"), text, text), *parts],
        "citations",
    )  # fmt: skip


def _all_parts_of_link(link, is_new):
    return [
        Part(label, "" if is_new else words(link[name]), words(link[name]) if is_new else "")
        for name, (label, words) in _LINK.items()
        if link.get(name)
    ]


def _labels(content):
    return {
        row["uid"]: csl.without_tags(row["csl"].get("title")) or row["doi"] or row["url"] or _("a source")
        for row in content["references"]
    }


def _references(before, after):
    labels = {**_labels(before), **_labels(after)}
    pairs, gone, new, _moved = _match(before["references"], after["references"])
    changes = [Change(REMOVED, _("source"), labels[row["uid"]], row["uid"], [], "references") for row in gone]
    changes += [Change(ADDED, _("source"), labels[row["uid"]], row["uid"], [], "references") for row in new]
    for old, row in pairs:
        parts = _parts({**old, "csl": ""}, {**row, "csl": ""}, {})
        for name in sorted({*old["csl"], *row["csl"]}):
            if old["csl"].get(name) != row["csl"].get(name):
                parts.append(Part(name, _plain(old["csl"].get(name)), _plain(row["csl"].get(name))))
        if parts:
            changes.append(Change(CHANGED, _("source"), labels[row["uid"]], row["uid"], parts, "references"))
    return changes


# --- text -------------------------------------------------------------------------------------------------------
def _text(before, after):
    changes = []
    for name, label in (("title", _("title")), ("kicker", _("words above the title")), ("summary", _("summary"))):
        if before[name] != after[name]:
            part = Part(label, before[name], after[name], by_words=True)
            changes.append(Change(CHANGED, label, after[name] or before[name], "", [part], name))
    changes += _rows(before, after, "key_points")
    changes += body_changes(before["body"], after["body"])
    changes += _rows(before, after, "comparison") + _rows(before, after, "questions") + _rows(before, after, "words")
    return changes


_MARK = re.compile(r"</?mark\b[^>]*>")
#: Translated where it is shown: thousands of blocks may differ, and readers are told of a hundred.
_TEXT = gettext_lazy("text")


def body_changes(before, after):
    """Changes of the text, a block each; `uid` is "block-N", N counting the blocks of `after` with words from 0.

    Blocks that say the same are the same, whatever is marked in them as a claim: claims are told apart from the text.
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
                    part = Part(_("formatting, a link or a kind of paragraph"), "", new_words[other])
                    changes.append(_block(CHANGED, new_words[other], other, [part]))
            continue
        if versions is None:
            versions = diffing.Lookalikes(map(_tokens, old_words))
        pairs = _versions(versions, range(start, end), new_words, range(new_start, new_end))
        gone = sorted({*range(start, end)} - {*pairs.values()})
        for number in gone:
            part = Part("", old_words[number], "")
            changes.append(Change(REMOVED, _TEXT, _short(old_words[number]), "", [part], "body"))
        for other in range(new_start, new_end):
            if other in pairs:
                part = Part("", old_words[pairs[other]], new_words[other], by_words=True)
                changes.append(_block(CHANGED, new_words[other], other, [part]))
            else:
                changes.append(_block(ADDED, new_words[other], other, [Part("", "", new_words[other])]))
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


# --- everything else ---------------------------------------------------------------------------------------------
_TOLD = {
    *_KINDS, "claims", "references", "no_known_contraindications", "title", "kicker", "summary", "body", "schema",
}  # fmt: skip
_ABOUT = {
    "slug": (gettext_lazy("address"), _same), "other_names": (gettext_lazy("other names"), _plain),
    "language": (gettext_lazy("language"), _same), "translation_of": (gettext_lazy("translation of"), _same),
    "tags": (gettext_lazy("tags"), _plain), "is_demonstration": (gettext_lazy("demonstration"), _yes),
    "compared_with": (gettext_lazy("compared with"), _same), "funding": (gettext_lazy("who paid"), _same),
    "evidence_searched_on": (gettext_lazy("evidence searched on"), _same),
    "conflicts": (gettext_lazy("conflicts of interest"), _same), "written_by": (gettext_lazy("written by"), _person),
}  # fmt: skip


def _rest(before, after):
    changes = [*_rows(before, after, "pictures"), *_rows(before, after, "related")]
    for name in dict.fromkeys([*_ABOUT, *sorted({*before, *after} - _TOLD)]):
        if before.get(name) == after.get(name):
            continue
        if name == "reading_list":
            changes += _reading_list(before, after)
            continue
        label, words = _ABOUT.get(name, (name, _plain))
        part = Part(
            str(label), words(before[name]) if name in before else "", words(after[name]) if name in after else ""
        )
        changes.append(Change(CHANGED, str(label), part.after or part.before, "", [part], name))
    return changes


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


def significance_of(comparison):
    """What a change amounts to for readers: clinical where a clinical row differs, else editorial."""
    return Publication.Significance.CLINICAL if comparison.clinical else Publication.Significance.EDITORIAL
