"""Writing CSL-JSON."""

import json
from uuid import UUID

from references.csl import Csl
from references.formats import carrying
from references.formats.facts import NOTHING_KNOWN, Facts


def write(csl: Csl, uid: UUID | str = "", known: Facts = NOTHING_KNOWN) -> str:
    """Return `csl` as one object on its own lines, with `uid` as its “id”.

    What is `known` of the work is under “custom”, where CSL-JSON has private data.
    """
    item = {
        "id": str(uid) or csl.get("DOI") or csl.get("title", "")[:60] or "item",
        **carrying.to_write(csl, known),
    }
    return json.dumps(item, ensure_ascii=False, indent=2)
