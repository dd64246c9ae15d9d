"""Index what earlier publications cite, out of their frozen text. May be run twice: what is there is left alone."""

import json

from django.db import migrations

_BATCH = 500


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    publication_model = apps.get_model("articles", "Publication")
    citation_model = apps.get_model("articles", "PublishedCitation")
    indexed = set(citation_model.objects.using(alias).values_list("publication_id", flat=True).distinct())
    frozen = publication_model.objects.using(alias).values_list("pk", "revision__frozen").order_by("pk")
    rows = []
    for publication, content in frozen.iterator(chunk_size=_BATCH):
        if publication in indexed:
            continue
        for reference in json.loads(content).get("references", []):
            rows.append(citation_model(publication_id=publication, reference_uid=reference["uid"]))
        if len(rows) >= _BATCH:
            citation_model.objects.using(alias).bulk_create(rows)
            rows = []
    citation_model.objects.using(alias).bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("articles", "0005_index_published_citations")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
