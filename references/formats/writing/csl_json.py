"""Writing CSL-JSON."""

import json
from uuid import UUID

from references.csl import Csl
from references.formats import carrying
from references.formats.facts import NOTHING_KNOWN, Facts

_as_json = json.JSONEncoder(ensure_ascii=False).encode


def write(csl: Csl, uid: UUID | str = "", known: Facts = NOTHING_KNOWN) -> str:
    """Return `csl` as one object, a line for each field, with `uid` as its “id”.

    What is `known` of the work is under “custom”, where CSL-JSON has private data.
    """
    item = {
        "id": str(uid) or csl.get("DOI") or csl.get("title", "")[:60] or "item",
        **carrying.to_write(csl, known)[0],
    }
    # Each field on its own line. json.dumps() with an indent is ten times as slow.
    return "{\n" + ",\n".join(f"  {_as_json(k)}: {_as_json(v)}" for k, v in item.items()) + "\n}"
