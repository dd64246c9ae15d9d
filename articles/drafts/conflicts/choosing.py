"""One version of two: what follows from the side that was chosen for each unit."""

from dataclasses import replace

from .opened_on import FormState, hash_of, rating
from .units import CHOICES, COMBINED, MINE, Unit


class Undecided(Exception):
    """Units with no choice; `keys` names them."""

    def __init__(self, keys):
        self.keys = keys
        super().__init__(", ".join(keys))


def merged_form(comparison, choices, texts=None):
    """The Document that follows from `choices` ({unit key: MINE, THEIRS or COMBINED}); presets fill
    in for the rest.

    `texts` holds what a person wrote into the boxes of "combine": {unit key: {field: text}}. Raises
    Undecided while a unit both sides changed has no choice.
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
    result = FormState(dict(theirs.fields), [], dict(theirs.rows), None, [])
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
        entry = (
            decided[key] if key in decided else theirs_evidence.get(key) or mine.evidence.get(key)
        )
        if entry is not None:
            evidence[key] = entry
        elif key in mine.removed:
            removed.append(key)
    return evidence, removed


def combined(unit, texts=None):
    """What "combine" makes of a unit; `texts` is what a person wrote for it ({field: text}), if
    they did.

    Blocks: mine, then theirs. Evidence: every link of both. Rows: what one side alone changed;
    where both did, what is in the box for it, or else mine.
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
    if mine == theirs or before == hash_of(mine):
        return theirs
    return mine if before == hash_of(theirs) else None


def both_texts(mine, theirs):
    """Where "combine" begins: one text if it holds the other, else both."""
    if mine in theirs:
        return theirs
    return mine if theirs in mine else f"{mine}\n{theirs}"


def _union(unit):
    rating_before = unit.was[0] if unit.was else None
    entry = dict(unit.mine)
    if rating_before == hash_of(rating(unit.mine)):
        entry.update(
            {
                name: unit.theirs[name]
                for name in ("certainty", "reasons", "note")
                if name in unit.theirs
            }
        )
    links = list(unit.mine.get("links", []))
    held = {(link.get("reference"), link.get("stance")) for link in links}
    drawn = {link.get("uid") for link in links}
    for link in unit.theirs.get("links", []):
        if (link.get("reference"), link.get("stance")) not in held and link.get("uid") not in drawn:
            links.append(link)
    entry["links"] = links
    return entry
