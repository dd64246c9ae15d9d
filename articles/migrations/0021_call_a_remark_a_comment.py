"""One thing, one name: the acts and kinds that were called remarks read as comments. No data changes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0020_tell_people_of_their_account'),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditentry',
            name='act',
            field=models.CharField(choices=[('edited', 'edited'), ('imported', 'imported'), ('submitted', 'asked for review'), ('checked_evidence', 'checked evidence'), ('disputed_evidence', 'found that a source does not say it'), ('approved', 'approved'), ('changes_requested', 'asked for changes'), ('declined', 'declined'), ('published', 'published'), ('withdrawn', 'withdrew'), ('notice_opened', 'opened a safety notice'), ('notice_resolved', 'resolved a safety notice'), ('reopened', 'reopened claims'), ('assigned', 'assigned a review'), ('commented', 'made a comment'), ('settled', 'settled a comment'), ('unsettled', 'reopened a comment'), ('scheduled', 'set a time for publishing'), ('unscheduled', 'took back the time for publishing'), ('schedule_refused', 'did not publish at the time set'), ('corrected', 'published a correction'), ('confirmed', 'confirmed as still current'), ('invited', 'invited a reader'), ('revoked', 'took back an invitation'), ('opened', 'opened an invitation'), ('answered', 'answered questions'), ('restored', 'brought back earlier text'), ('signed', 'signed an exception'), ('overrode', 'overrode a rule')], max_length=20),
        ),
        migrations.AlterField(
            model_name='invitation',
            name='name',
            field=models.CharField(help_text='Who is asked. Their comments carry this name.', max_length=150),
        ),
        migrations.AlterField(
            model_name='notification',
            name='kind',
            field=models.CharField(choices=[('review', 'reviews'), ('decision', 'decisions'), ('remark', 'comments'), ('publishing', 'publishing'), ('source', 'sources'), ('due', 'what is due'), ('term', 'shared words'), ('account', 'your account')], max_length=10),
        ),
    ]
