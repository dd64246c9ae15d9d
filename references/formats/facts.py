"""What the library knows of a work beside its CSL-JSON, as our exports carry it.

CSL-JSON keeps private data under “custom”, so there is its place in every format: what a format has
no field for goes through references.formats.carrying, and this with it. A file may come from
anybody, so all that is read back is checked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from references import title_marks
from references.csl import Csl
from references.models import Design, Integrity, Notice

from . import limits
from .decoding import storable
from .records import FoundNotice

#: The key under “custom”.
KEY = "physiohub"


@dataclass(frozen=True)
class Facts:
    """What is known of a work; each "" or empty where nothing is.

    `integrity` is a value of references.models.Integrity, `design` of Design. `checked_at` is when
    the integrity was checked (aware).
    """

    integrity: str = ""
    checked_at: datetime | None = None
    notices: tuple[FoundNotice, ...] = ()
    design: str = ""
    nct: str = ""


NOTHING_KNOWN = Facts()


def put_into(csl: Csl, facts: Facts) -> Csl:
    """Return `csl` with `facts` under “custom”, and its title marked as journals mark it.

    `take_from` gives exactly both back.
    """
    title = csl.get("title", "")
    custom = {key: value for key, value in csl.get("custom", {}).items() if key != KEY}
    known = _as_json(facts)
    if known or title_marks.read(title).state:
        # Said even where nothing is known: then the title is not to be read as marked.
        custom[KEY] = {"integrity": facts.integrity or Integrity.UNCHECKED.value, **known}
    marked = cast(Csl, {**csl, "custom": custom})
    if not custom:
        del marked["custom"]
    if title:
        marked["title"] = title_marks.mark(title, facts.integrity)
    return marked


def take_from(csl: Csl) -> tuple[Csl, Facts | None]:
    """Return `csl` without the facts in it, and the facts; None where it carries none."""
    custom = csl.get("custom", {})
    if KEY not in custom:
        return csl, None
    rest = {key: value for key, value in custom.items() if key != KEY}
    bare = cast(Csl, {**csl, "custom": rest})
    if not rest:
        del bare["custom"]
    facts = _from_json(custom[KEY])
    if facts and "title" in bare:
        bare["title"] = title_marks.unmark(bare["title"], facts.integrity)
    return bare, facts


def _as_json(facts):
    known = {}
    if facts.integrity and facts.integrity != "unchecked":
        known["integrity"] = str(facts.integrity)
    if facts.checked_at:
        known["checked"] = facts.checked_at.isoformat()
    if facts.notices:
        known["notices"] = [_notice_as_json(notice) for notice in facts.notices]
    if facts.design:
        known["design"] = str(facts.design)
    if facts.nct:
        known["nct"] = facts.nct
    return known


def _notice_as_json(notice):
    known = {name: getattr(notice, name) for name in _LENGTHS} | {"kind": notice.kind}
    day = {"date": notice.date.isoformat()} if notice.date else {}
    return {name: str(value) for name, value in known.items() if value} | day


def _from_json(known: object) -> Facts | None:
    if not isinstance(known, Mapping):
        return None
    notices = known.get("notices")
    notices = notices if isinstance(notices, list) else []
    limits.check_notices(len(notices))
    return Facts(
        integrity=_choice(Integrity, known.get("integrity")),
        checked_at=_moment(known.get("checked")),
        notices=tuple(notice for entry in notices if (notice := _notice(entry))),
        design=_choice(Design, known.get("design")),
        nct=_text(known.get("nct"), 40),
    )


#: Letters that the columns of a Notice hold.
_LENGTHS = {"doi": 255, "pmid": 8, "source": 40, "label": 300}


def _notice(entry):
    if not isinstance(entry, Mapping) or not (kind := _choice(Notice.Kind, entry.get("kind"))):
        return None
    texts = {name: _text(entry.get(name), length) for name, length in _LENGTHS.items()}
    return FoundNotice(kind, _parsed(date.fromisoformat, entry.get("date")), **texts)


def _choice(choices: Any, value: object) -> str:
    return value if isinstance(value, str) and value in choices.values else ""


def _text(value, length):
    return storable(value)[:length] if isinstance(value, str) else ""


def _moment(value):
    moment = _parsed(datetime.fromisoformat, value)
    return moment if moment and moment.tzinfo else None


def _parsed(parse: Callable[[str], Any], value: object) -> Any:
    try:
        return parse(value) if isinstance(value, str) else None
    except ValueError:
        return None
