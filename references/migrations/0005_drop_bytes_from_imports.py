from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("references", "0004_fill_authors_and_files")]
    operations = [migrations.RemoveField(model_name="referenceimport", name="content")]
