"""Which numbers the demonstration may show: those that were read in the works themselves.

The facts lie beside the project. A fact counts where it was read a second time (`checked`) in the
work's own words (`basis`); what its basis calls derived does not.
"""

import json
import re
from collections import defaultdict
from decimal import Decimal
from functools import lru_cache

from tests.shared_data import shared

_NUMBER = re.compile(r"\d+(?:[,\u202f\u00a0 ]\d{3})+(?!\d)|\d+(?:\.\d+)?")


def numbers_in(value):
    """The numbers in any JSON value, without signs: of a text, those that stand in it."""
    if isinstance(value, bool) or value is None:
        return set()
    if isinstance(value, (int, float, Decimal)):
        return {abs(Decimal(str(value))).normalize()}
    if isinstance(value, str):
        return {
            Decimal(re.sub(r"[^\d.]", "", found)).normalize() for found in _NUMBER.findall(value)
        }
    if isinstance(value, dict):
        return {number for inner in value.values() for number in numbers_in(inner)}
    return {number for inner in value for number in numbers_in(inner)}


def may_be_shown(fact):
    return fact.get("checked") in {"CONFIRMED", "CORRECTED"} and fact.get("basis", "").startswith(
        "primary"
    )


def _derived_in(fact):
    basis = fact["basis"]
    parts = re.findall(r"derived for ([\d., and]+)|([\d.,]+) derived", basis)
    derived = numbers_in([part for both in parts for part in both])
    if "derived" in str((fact.get("interval") or {}).get("of", "")):
        derived |= numbers_in({**fact["interval"], "of": ""})
    if "second-hand for" in basis:
        derived |= numbers_in(basis.split("second-hand for")[1])
    return derived


@lru_cache
def facts_of_works():
    """{DOI in small letters, or the title: the facts of the work that may be shown}."""
    found = defaultdict(list)
    topics = json.loads(shared("data", "findings", "facts.json").read_text())["topics"]
    for topic in topics:
        for work in topic["works"]:
            key = (work.get("doi") or work["title"]).lower()
            found[key] += [fact for fact in work["facts"] if may_be_shown(fact)]
    return dict(found)


def numbers_of(fact):
    """The numbers of a fact that may be shown, its quote among them."""
    said = {
        name: value
        for name, value in fact.items()
        if name not in {"status", "checked", "read_at", "notes", "correction", "added"}
    }
    return numbers_in({**said, "basis": ""}) - _derived_in(fact)
