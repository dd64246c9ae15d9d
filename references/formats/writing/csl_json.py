"""Writing CSL-JSON."""

import json
from uuid import UUID

from references.csl import Csl
from references.formats import carrying


def write(csl: Csl, uid: UUID | str = "") -> str:
    """Return `csl` as one object on its own lines, with `uid` as its “id”."""
    item = {
        "id": str(uid) or csl.get("DOI") or csl.get("title", "")[:60] or "item",
        **carrying.csl_of(csl),
    }
    return json.dumps(item, ensure_ascii=False, indent=2)
