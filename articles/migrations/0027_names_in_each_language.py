"""Terms get names in other languages, and people roles in them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0026_what_readers_check_and_do'),
    ]

    operations = [
        migrations.AddField(
            model_name='condition',
            name='language',
            field=models.CharField(choices=[('en', 'English'), ('es', 'Spanish'), ('ar', 'Arabic')], default='en', help_text='The language of the names below.', max_length=10),
        ),
        migrations.AddField(
            model_name='condition',
            name='names',
            field=models.JSONField(blank=True, default=dict, verbose_name='names in other languages'),
        ),
        migrations.AddField(
            model_name='contraindication',
            name='language',
            field=models.CharField(choices=[('en', 'English'), ('es', 'Spanish'), ('ar', 'Arabic')], default='en', help_text='The language of the names below.', max_length=10),
        ),
        migrations.AddField(
            model_name='contraindication',
            name='names',
            field=models.JSONField(blank=True, default=dict, verbose_name='names in other languages'),
        ),
        migrations.AddField(
            model_name='person',
            name='roles',
            field=models.JSONField(blank=True, default=dict, verbose_name='roles in other languages'),
        ),
        migrations.AddField(
            model_name='sideeffect',
            name='language',
            field=models.CharField(choices=[('en', 'English'), ('es', 'Spanish'), ('ar', 'Arabic')], default='en', help_text='The language of the names below.', max_length=10),
        ),
        migrations.AddField(
            model_name='sideeffect',
            name='names',
            field=models.JSONField(blank=True, default=dict, verbose_name='names in other languages'),
        ),
    ]
