"""Index the works that live pages name, out of their frozen text. May be run twice: what is there is left alone."""

import json
import re
import unicodedata
import uuid

from django.db import migrations
from django.db.models import Exists, OuterRef

_TAGS = re.compile(r"<[^<>]*>")
_PLAIN = str.maketrans({"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    publication_model, work_model = apps.get_model("articles", "Publication"), apps.get_model("articles", "PublishedWork")
    references = apps.get_model("references", "Reference").objects.using(alias)
    pairs = dict(references.exclude(merged_into=None).values_list("uid", "merged_into__uid"))
    publications = publication_model.objects.using(alias)
    later = publications.filter(article=OuterRef("article"), number__gt=OuterRef("number"))
    live = publications.filter(~Exists(later), withdrawal=None).order_by("-at", "-pk")
    seen = set(work_model.objects.using(alias).values_list("uid", flat=True))
    for pk, frozen in live.values_list("pk", "revision__frozen").iterator(chunk_size=100):
        rows = []
        for entry in json.loads(frozen).get("references", []):
            uid, passed = uuid.UUID(entry["uid"]), set()
            while uid in pairs and uid not in passed:
                passed.add(uid)
                uid = pairs[uid]
            if uid not in seen:
                seen.add(uid)
                rows.append(_row(work_model, uid, pk, entry))
        work_model.objects.using(alias).bulk_create(rows)


def _row(work_model, uid, publication, entry):
    record = entry["csl"]
    named = [name for role in ("author", "editor") for name in record.get(role) or () if isinstance(name, dict)]
    families = [str(name.get("family") or name.get("literal") or name.get("name") or "") for name in named]
    keys = [_words(family).replace(" ", "") for family in families]
    try:
        year = str(int(record["issued"]["date-parts"][0][0]))
    except (KeyError, IndexError, TypeError, ValueError):
        year = ""
    title = _words(record.get("title"))
    first = (record.get("author") or record.get("editor")) and keys[:1]
    words = [" ".join(dict.fromkeys(filter(None, keys)))[:2000], title, _words(record.get("container-title")), year]
    words.append(_words(entry.get("doi")))
    return work_model(
        uid=uid, publication_id=publication, entry=entry, design=entry.get("design") or "",
        sort_key=" ".join(filter(None, [*(first or []), year, title]))[:120],
        search_key=" ".join(filter(None, words)),
    )


def _words(text):
    folded = unicodedata.normalize("NFKD", " ".join(_TAGS.sub("", str(text or "")).split()).lower().translate(_PLAIN))
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in plain).split())


class Migration(migrations.Migration):
    dependencies = [("articles", "0011_index_published_works"), ("references", "0002_imports_and_merges")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
