"""Say of each term in which language its name is: that of all the articles that name it.

Translations had terms of their own until now, such as "caídas" beside "falls". Terms that articles
in more than one language name, or none, stay English. No text changes, so this may be run twice.
"""

from django.db import migrations

ROWS = {
    "Condition": "ArticleCondition",
    "SideEffect": "ArticleSideEffect",
    "Contraindication": "ArticleContraindication",
}
FIELDS = {
    "Condition": "condition",
    "SideEffect": "side_effect",
    "Contraindication": "contraindication",
}


def say_the_language(apps, schema_editor):
    for kind, rows in ROWS.items():
        named_in = {}
        pairs = apps.get_model("articles", rows).objects.order_by()
        pairs = pairs.values_list(FIELDS[kind], "article__language").distinct()
        for term, language in pairs:
            named_in.setdefault(term, set()).add(language)
        for term, languages in named_in.items():
            if len(languages) == 1 and languages != {"en"}:
                apps.get_model("articles", kind).objects.filter(pk=term, names={}).update(
                    language=languages.pop()
                )


class Migration(migrations.Migration):
    dependencies = [("articles", "0027_names_in_each_language")]

    operations = [migrations.RunPython(say_the_language, migrations.RunPython.noop)]
