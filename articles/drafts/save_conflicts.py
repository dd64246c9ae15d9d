"""Two versions of one form, and the one they should become.

A save that was opened before a colleague's is not refused with a sentence but compared, unit by unit: a field, a block
of the text, a row, the evidence of a claim. What the form was opened on is known by hashes alone (`remember`), which
the form carries; that is enough to tell who changed what:

    remembered == theirs  only I changed it          mine == remembered  only they did          else  both did

Everything here takes values and returns values: Documents are made from forms in articles.admin.conflicts.pages.
"""

import hashlib
import json
import re
from dataclasses import dataclass, field, replace
from enum import StrEnum

from articles.revisions import diffing

MAX_REMEMBERED = 500_000  # bytes of JSON

MINE, THEIRS, COMBINED = "mine", "theirs", "combined"
CHOICES = (MINE, THEIRS, COMBINED)


class Happened(StrEnum):
    I_CHANGED = "i_changed"
    THEY_CHANGED = "they_changed"
    BOTH_CHANGED = "both_changed"
    I_ADDED = "i_added"
    THEY_ADDED = "they_added"
    I_DELETED = "i_deleted"
    THEY_DELETED = "they_deleted"
    I_DELETED_THEY_CHANGED = "i_deleted_they_changed"
    THEY_DELETED_I_CHANGED = "they_deleted_i_changed"
    DIFFERS = "differs"  # the form did not say what it was opened on

    @property
    def side(self):
        """The side to choose where only one changed it; None where a person must decide."""
        if self in {self.I_CHANGED, self.I_ADDED, self.I_DELETED}:
            return MINE
        return THEIRS if self in {self.THEY_CHANGED, self.THEY_ADDED, self.THEY_DELETED} else None


@dataclass(frozen=True)
class Row:
    group: str  # which kind of row: the prefix of its formset
    values: dict  # field -> text as a form posts it
    pk: str = ""  # empty: not saved yet
    claim: str = ""  # the key of the claim it is
    natural: str = ""  # the value an article holds only once, such as a condition


@dataclass
class Document:
    """A form's content. Equal texts mean equal content: whoever makes one normalises."""

    fields: dict = field(default_factory=dict)  # name -> text
    body: list = field(default_factory=list)  # blocks of clean HTML
    rows: dict = field(default_factory=dict)  # key -> Row, in their order
    evidence: dict | None = (
        None  # claim key -> entry as in articles.evidence.panel_state; None: the form says nothing of it
    )
    removed: list = field(default_factory=list)  # keys of claims whose evidence shall go


@dataclass
class Unit:
    """One thing that differs. `mine` and `theirs` are None where that side has it no more, or not yet."""

    key: str  # the same in every round, as long as my side is the same
    kind: str  # "field", "body", "row" or "evidence"
    name: str  # the field's name, the row's or the claim's key
    mine: object
    theirs: object
    happened: Happened
    was: object = None  # hashes of what the form was opened on

    @property
    def group(self):
        row = self.mine or self.theirs
        return row.group if self.kind == "row" else ""

    @property
    def can_combine(self):
        """Whether "combine" means anything: for text on both sides, and always for evidence and blocks."""
        return self.mine is not None and self.theirs is not None


@dataclass
class Comparison:
    mine: Document
    theirs: Document
    units: list
    body: list  # its pieces: a list of blocks both agree on, or a Unit


class Undecided(Exception):
    """Units with no choice; `keys` names them."""

    def __init__(self, keys):
        self.keys = keys
        super().__init__(", ".join(keys))


# --- what a form was opened on --------------------------------------------------------------------------------
def remember(document):
    """Hashes of every unit of `document` as a plain dict: what a form carries to know later what it was opened on."""
    return {
        "fields": {name: _hash(text) for name, text in document.fields.items()},
        "body": [_hash(block) for block in document.body],
        "rows": {
            key: {
                "group": row.group, "pk": row.pk, "claim": row.claim,
                "values": {name: _hash(text) for name, text in row.values.items()},
            }
            for key, row in document.rows.items()
        },
        "evidence": {key: _of_entry(entry) for key, entry in (document.evidence or {}).items()},
    }  # fmt: skip


def recall(text):
    """What `remember` gave, from the JSON `text`; None for anything else: then every difference must be decided."""
    if len(text) > MAX_REMEMBERED:
        return None
    try:
        was = json.loads(text)
        is_one = (
            _all_text(was["fields"])
            and all(isinstance(block, str) for block in was["body"])
            and all(
                _all_text({name: row[name] for name in ("group", "pk", "claim")}) and _all_text(row["values"])
                for row in was["rows"].values()
            )
            and all(_all_text(dict(enumerate(entry))) and len(entry) == 2 for entry in was["evidence"].values())
            and isinstance(was["body"], list)
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return was if is_one else None


def is_as_remembered(was, document):
    """Whether `document` is still what `was` remembers."""
    return was is not None and all(was.get(part) == value for part, value in remember(document).items())


def digest(document):
    """One short text for the whole of `document`: equal texts, equal content."""
    return _hash(remember(document))


def _all_text(values):
    return isinstance(values, dict) and all(isinstance(value, str) for value in values.values())


def _hash(value):
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def _of_entry(entry):
    """Two hashes: of the rating and of the links. Its text is the article's, and compared there."""
    return [_hash(_rating(entry)), _hash(entry.get("links", []))]


def _rating(entry):
    return [
        entry.get("certainty", ""), sorted(entry.get("reasons", [])), entry.get("note", ""),
        bool(entry.get("confirmed")),
    ]  # fmt: skip


# --- compare --------------------------------------------------------------------------------------------------
def compare(was, mine, theirs):
    """A Comparison of `mine` with `theirs`; `was` is what mine was opened on (`recall`), or None.

    Its units stand in the order of the form: fields, text, rows, evidence.
    """
    mine = _with_partners(was, mine, theirs)
    body = list(_compare_bodies(was, mine.body, theirs.body))
    units = [
        *_compare_fields(was, mine, theirs),
        *(piece for piece in body if isinstance(piece, Unit)),
        *_compare_rows(was, mine, theirs),
    ]
    units += _compare_evidence(was, mine, theirs)
    return Comparison(mine, theirs, units, body)


def _compare_fields(was, mine, theirs):
    for name, text in theirs.fields.items():
        own = mine.fields.get(name, text)
        if own != text:
            before = was["fields"].get(name) if was else None
            yield Unit(f"f-{name}", "field", name, own, text, _who(before, _hash(own), _hash(text)), before)


def _who(before, mine, theirs):
    """Who changed what is on both sides, by hashes; `before` is None where nobody knows."""
    if before is None:
        return Happened.DIFFERS
    if theirs == before:
        return Happened.I_CHANGED
    return Happened.THEY_CHANGED if mine == before else Happened.BOTH_CHANGED


def _who_one_sided(was, before, hashed, *, is_mine):
    """The same for what one side alone has; `was` says whether anything is remembered at all."""
    if before is None:
        if was is None:
            return Happened.DIFFERS
        return Happened.I_ADDED if is_mine else Happened.THEY_ADDED
    is_unchanged = before == hashed
    if is_mine:
        return Happened.THEY_DELETED if is_unchanged else Happened.THEY_DELETED_I_CHANGED
    return Happened.I_DELETED if is_unchanged else Happened.I_DELETED_THEY_CHANGED


def _with_partners(was, mine, theirs):
    """`mine` with its new rows under the key of the row they are, where there is one.

    A row both added, told by the value an article holds once or by being the same in everything, is one row; else a
    save sent twice would add every row twice. A row they deleted and the form made anew goes back to its old key.
    """
    known = was["rows"] if was else {}
    free = {key: row for key, row in theirs.rows.items() if key not in known and key not in mine.rows}
    gone = {key: row for key, row in known.items() if key not in theirs.rows and key not in mine.rows}
    rows = {}
    for key, row in mine.rows.items():
        if not row.pk and key not in known:
            partner = _partner(row, free) or _earlier_self(row, gone)
            if partner:
                free.pop(partner, None)
                gone.pop(partner, None)
                key = partner
        rows[key] = row
    return replace(mine, rows=rows)


def _partner(row, candidates):
    for key, other in candidates.items():
        if other.group == row.group and ((row.natural and other.natural == row.natural) or other.values == row.values):
            return key
    return None


def _earlier_self(row, gone):
    hashed = {name: _hash(text) for name, text in row.values.items()}
    for key, was in gone.items():
        if was["group"] == row.group and (was["values"] == hashed or (row.claim and was["claim"] == row.claim)):
            return key
    return None


def _compare_rows(was, mine, theirs):
    known = was["rows"] if was else {}
    keys = [*theirs.rows, *(key for key in mine.rows if key not in theirs.rows)]
    groups = list(dict.fromkeys((mine.rows.get(key) or theirs.rows[key]).group for key in keys))
    found = []
    for key in keys:
        own, their = mine.rows.get(key), theirs.rows.get(key)
        before = known[key]["values"] if key in known else None
        if own and their:
            if own.values == their.values:
                continue
            happened = _who(before, _hashes(own), _hashes(their))
            if before is None and was is not None:
                happened = Happened.BOTH_CHANGED  # both added it, and not quite the same
        else:
            happened = _who_one_sided(was, before, _hashes(own or their), is_mine=own is not None)
            if own and not own.pk and before is None:
                happened = Happened.I_ADDED  # known without any memory: it was never saved
        found.append(Unit(f"r-{key}", "row", key, own, their, happened, before))
    return sorted(found, key=lambda unit: groups.index(unit.group))


def _hashes(row):
    return {name: _hash(text) for name, text in row.values.items()}


def _compare_evidence(was, mine, theirs):
    """Evidence of a row that only one side has goes with the row, and is no unit of its own."""
    if mine.evidence is None or theirs.evidence is None:
        return
    known = was["evidence"] if was else {}
    with_rows = _claims_of_rows_on_one_side(was, mine, theirs)
    for key in [*theirs.evidence, *(key for key in mine.evidence if key not in theirs.evidence)]:
        own, their, before = mine.evidence.get(key), theirs.evidence.get(key), known.get(key)
        if key in mine.removed:
            own = None
        elif own is None:
            continue  # a claim the form does not name is left as it is
        if key in with_rows or (_is_bare(own) and _is_bare(their)):
            continue
        if own is not None and their is not None:
            if _of_entry(own) == _of_entry(their):
                continue
            happened = _who(before, _of_entry(own), _of_entry(their))
            if before is None and was is not None:
                happened = Happened.BOTH_CHANGED
        else:
            happened = _who_one_sided(was, before, _of_entry(own or their), is_mine=own is not None)
        yield Unit(f"e-{key}", "evidence", key, own, their, happened, before)


def _claims_of_rows_on_one_side(was, mine, theirs):
    known = was["rows"] if was else {}
    one_sided = set(mine.rows) ^ set(theirs.rows)
    claims = {row.claim for key, row in [*mine.rows.items(), *theirs.rows.items()] if key in one_sided}
    return (claims | {known[key]["claim"] for key in one_sided if key in known}) - {""}


def _is_bare(entry):
    return entry is None or (
        not entry.get("links") and _rating(entry) in (_rating({}), _rating({"certainty": "not-rated"}))
    )


# --- the text, block by block ---------------------------------------------------------------------------------
def _compare_bodies(was, mine, theirs):
    """Lists of blocks both agree on, and Units for what lies between (diff3, knowing the old blocks by hash only)."""
    own, their = [_hash(block) for block in mine], [_hash(block) for block in theirs]
    if was is None:
        yield from _two_way(own, their, mine, theirs)
        return
    before = was["body"]
    at = own_at = their_at = 0
    for start, own_start, their_start, size in [
        *_synchronised(before, own, their),
        (len(before), len(own), len(their), 0),
    ]:
        yield from _between(
            before[at:start], mine[own_at:own_start], theirs[their_at:their_start],
            own[own_at:own_start], their[their_at:their_start], at,
        )  # fmt: skip
        if size:
            yield theirs[their_start : their_start + size]
        at, own_at, their_at = start + size, own_start + size, their_start + size


def _synchronised(before, own, their):
    """(start before, in mine, in theirs, length) of every run of blocks that all three have."""
    to_own = diffing.matching_blocks(before, own)
    to_their = diffing.matching_blocks(before, their)
    one = other = 0
    while one < len(to_own) and other < len(to_their):
        start, own_start, size = to_own[one]
        their_before, their_start, their_size = to_their[other]
        low, high = max(start, their_before), min(start + size, their_before + their_size)
        if low < high:
            yield low, own_start + low - start, their_start + low - their_before, high - low
        if start + size < their_before + their_size:
            one += 1
        else:
            other += 1


def _between(before, mine, theirs, own, their, at):
    if own == their:
        if theirs:
            yield theirs
    elif len(before) == len(own) == len(their):
        # As many blocks as before on both sides: each is compared with itself.
        for number, blocks in enumerate(zip(before, mine, theirs, own, their, strict=True)):
            if blocks[3] == blocks[4]:
                yield [blocks[2]]
            else:
                yield _block_unit([blocks[0]], [blocks[1]], [blocks[2]], [blocks[3]], [blocks[4]], at + number)
    else:
        yield _block_unit(before, mine, theirs, own, their, at)


def _block_unit(before, mine, theirs, own, their, at):
    if own and their:
        happened = _who(before, own, their)
        if not before:
            happened = Happened.BOTH_CHANGED
    elif own == before:
        happened = Happened.THEY_DELETED if before else Happened.THEY_ADDED
    elif their == before:
        happened = Happened.I_DELETED if before else Happened.I_ADDED
    else:
        happened = Happened.THEY_DELETED_I_CHANGED if own else Happened.I_DELETED_THEY_CHANGED
    key = f"b-{at}-{_hash([before, own])}"
    return Unit(key, "body", key, mine or None, theirs or None, happened, before)


def _two_way(own, their, mine, theirs):
    for change, own_from, own_to, their_from, their_to in diffing.opcodes(own, their):
        if change == "equal":
            yield theirs[their_from:their_to]
        else:
            key = f"b-{own_from}-{_hash(own[own_from:own_to])}"
            yield Unit(
                key, "body", key, mine[own_from:own_to] or None, theirs[their_from:their_to] or None, Happened.DIFFERS
            )


# --- choose ---------------------------------------------------------------------------------------------------
def choose(comparison, choices, texts=None):
    """The Document that follows from `choices` ({unit key: MINE, THEIRS or COMBINED}); presets fill in for the rest.

    `texts` holds what a person wrote into the boxes of "combine": {unit key: {field: text}}. Raises Undecided while
    a unit both sides changed has no choice.
    """
    texts = texts or {}
    chosen = {}
    for unit in comparison.units:
        choice = choices.get(unit.key)
        if choice not in CHOICES or (choice == COMBINED and not unit.can_combine):
            choice = unit.happened.side
        chosen[unit.key] = choice
    if open_ones := [key for key, choice in chosen.items() if choice is None]:
        raise Undecided(open_ones)

    def settled(unit):
        choice = chosen[unit.key]
        if choice == COMBINED:
            return combined(unit, texts.get(unit.key, {}))
        return unit.mine if choice == MINE else unit.theirs

    mine, theirs = comparison.mine, comparison.theirs
    result = Document(dict(theirs.fields), [], dict(theirs.rows), None, [])
    for piece in comparison.body:
        result.body += (settled(piece) or []) if isinstance(piece, Unit) else piece
    for unit in comparison.units:
        if unit.kind == "field":
            result.fields[unit.name] = settled(unit)
        elif unit.kind == "row":
            row = settled(unit)
            if row is None:
                result.rows.pop(unit.name, None)
            else:
                was_saved_as = unit.theirs.pk if unit.theirs else ""
                claim = (unit.theirs.claim if unit.theirs else "") or row.claim
                result.rows[unit.name] = replace(row, pk=was_saved_as, claim=claim)
    if mine.evidence is not None:
        decided = {unit.name: settled(unit) for unit in comparison.units if unit.kind == "evidence"}
        result.evidence, result.removed = _settled_evidence(mine, theirs, result, decided)
    return result


def _settled_evidence(mine, theirs, result, decided):
    """Evidence of everything the result still says; a claim whose row is gone keeps none."""
    theirs_evidence = theirs.evidence or {}
    kept_claims = {row.claim for row in result.rows.values()}
    lost_claims = {row.claim for row in [*mine.rows.values(), *theirs.rows.values()]} - kept_claims
    evidence, removed = {}, []
    for key in [*theirs_evidence, *(key for key in mine.evidence if key not in theirs_evidence)]:
        if key in lost_claims:
            continue
        entry = decided[key] if key in decided else theirs_evidence.get(key) or mine.evidence.get(key)
        if entry is not None:
            evidence[key] = entry
        elif key in mine.removed:
            removed.append(key)
    return evidence, removed


def combined(unit, texts=None):
    """What "combine" makes of a unit; `texts` is what a person wrote for it ({field: text}), if they did.

    Blocks: mine, then theirs. Evidence: every link of both. Rows: what one side alone changed; where both did, what
    is in the box for it, or else mine.
    """
    texts = texts or {}
    if unit.kind == "field":
        return texts.get(unit.name, both_texts(unit.mine, unit.theirs))
    if unit.kind == "body":
        return [*unit.mine, *(block for block in unit.theirs if block not in unit.mine)]
    if unit.kind == "evidence":
        return _union(unit)
    values = {}
    for name in unit.theirs.values:
        one_sided = changed_by_one(unit, name)
        values[name] = texts.get(name, unit.mine.values[name] if one_sided is None else one_sided)
    return replace(unit.mine, values=values)


def changed_by_one(unit, name):
    """The text of a row that both sides have, if at most one side changed it; None if both did."""
    mine, theirs = unit.mine.values[name], unit.theirs.values[name]
    before = (unit.was or {}).get(name)
    if mine == theirs or before == _hash(mine):
        return theirs
    return mine if before == _hash(theirs) else None


def both_texts(mine, theirs):
    """Where "combine" begins: one text if it holds the other, else both."""
    if mine in theirs:
        return theirs
    return mine if theirs in mine else f"{mine}\n{theirs}"


def _union(unit):
    rating_before = unit.was[0] if unit.was else None
    entry = dict(unit.mine)
    if rating_before == _hash(_rating(unit.mine)):
        entry.update({name: unit.theirs[name] for name in ("certainty", "reasons", "note") if name in unit.theirs})
    links = list(unit.mine.get("links", []))
    held = {(link.get("reference"), link.get("stance")) for link in links}
    drawn = {link.get("uid") for link in links}
    for link in unit.theirs.get("links", []):
        if (link.get("reference"), link.get("stance")) not in held and link.get("uid") not in drawn:
            links.append(link)
    entry["links"] = links
    return entry


# --- onto -----------------------------------------------------------------------------------------------------
def onto(was, mine, theirs):
    """`mine`, opened on `was`, as it would look on a form opened now: a colleague's new rows stand in it unchanged.

    Nothing is decided by it: saved, it is compared like any other form opened on `was`.
    """
    mine = _with_partners(was, mine, theirs)
    known = was["rows"] if was else {}
    added = {key: row for key, row in theirs.rows.items() if key not in known and key not in mine.rows}
    rows = {key: replace(row, pk=theirs.rows[key].pk if key in theirs.rows else "") for key, row in mine.rows.items()}
    return replace(mine, rows={**rows, **added})


# --- to show --------------------------------------------------------------------------------------------------
def words(theirs, mine, *, by_lines=False):
    """Two lists of (text, is only on this side): theirs and mine, word by word, or line by line."""
    one, other = _tokens(theirs), _tokens(mine)
    if by_lines or diffing.is_too_much(one, other):
        one, other = theirs.splitlines(keepends=True), mine.splitlines(keepends=True)
    left, right = [], []
    for change, one_from, one_to, other_from, other_to in diffing.opcodes(one, other):
        is_only_here = change != "equal"
        if one_from < one_to:
            left.append(("".join(one[one_from:one_to]), is_only_here))
        if other_from < other_to:
            right.append(("".join(other[other_from:other_to]), is_only_here))
    return left, right


def is_rewritten(theirs, mine):
    """Is so much different that `words` compares lines, or nothing at all?"""
    return diffing.is_too_much(_tokens(theirs), _tokens(mine))


def _tokens(text):
    return re.findall(r"\w+|\s+|[^\w\s]", text)
