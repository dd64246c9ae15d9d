"""Fill the column names are searched in, and give the bytes of imports a row of their own. May be run twice."""

import re
import unicodedata

from django.db import migrations

_BATCH = 1000
_TAGS = re.compile(r"<[^<>]*>")
_PLAIN = str.maketrans({"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})


def _key(name):
    folded = unicodedata.normalize("NFKD", _TAGS.sub("", name.lower().translate(_PLAIN))).lower()
    return "".join(letter for letter in folded if letter.isalnum())[:600]


def _authors(csl):
    named = [name for role in ("author", "editor") for name in csl.get(role) or () if isinstance(name, dict)]
    keys = (_key(str(name.get("family") or name.get("literal") or name.get("name") or "")) for name in named)
    return " ".join(dict.fromkeys(filter(None, keys)))[:2000]


def fill(apps, schema_editor):
    references = apps.get_model("references", "Reference").objects.using(schema_editor.connection.alias)
    rows = []
    for row in references.only("pk", "csl").order_by("pk").iterator(chunk_size=_BATCH):
        row.authors_key = _authors(row.csl)
        rows.append(row)
        if len(rows) == _BATCH:
            references.bulk_update(rows, ["authors_key"])
            rows = []
    references.bulk_update(rows, ["authors_key"])


def move(apps, schema_editor):
    alias = schema_editor.connection.alias
    uploads = apps.get_model("references", "ReferenceImport").objects.using(alias)
    files = apps.get_model("references", "ImportedFile").objects.using(alias)
    moved = set(files.values_list("upload", flat=True))
    for pk in uploads.exclude(content=None).exclude(pk__in=moved).values_list("pk", flat=True):
        files.create(upload_id=pk, content=uploads.values_list("content", flat=True).get(pk=pk))


class Migration(migrations.Migration):
    dependencies = [("references", "0003_keep_checks_previews_and_authors")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
