"""Claims say what their row says.

Until now a renamed condition, side effect or contraindication left the claims of drafts with the
old words, and with checks that colleagues had made for those. Only claims that differ are touched,
so this may be run twice.
"""

from django.db import migrations
from django.db.models import F
from django.utils import timezone

ROWS = {
    "ArticleCondition": "condition",
    "ArticleSideEffect": "side_effect",
    "ArticleContraindication": "contraindication",
}


def words_of(row, term):
    words = getattr(row, term).name
    if getattr(row, "n", None) is not None:
        words += f": {row.n} in {row.base} {row.unit}"
    return words


def give_words(apps, schema_editor):
    for model, term in ROWS.items():
        rows = apps.get_model("articles", model).objects.exclude(claim=None)
        for row in rows.select_related("claim", term).iterator():
            words = words_of(row, term)
            if row.claim.text == words:
                continue
            row.claim.text = words
            row.claim.save(update_fields=["text"])
            row.claim.citations.update(checked_by=None, checked_at=None)
            apps.get_model("articles", "Article").objects.filter(pk=row.article_id).update(
                lock_version=F("lock_version") + 1, modified_at=timezone.now()
            )


class Migration(migrations.Migration):
    dependencies = [("articles", "0017_tell_of_shared_words")]

    operations = [migrations.RunPython(give_words, migrations.RunPython.noop)]
