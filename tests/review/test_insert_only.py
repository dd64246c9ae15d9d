"""What is written once stays as it was written, whoever tries."""

from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models.signals import pre_migrate
from django.test import TestCase, TransactionTestCase

from articles.models import AuditEntry, Decision, Publication, Revision, triggers
from articles.models.querysets import InsertOnlyError
from tests.builders import published


class ARowWrittenOnce(TestCase):
    def setUp(self):
        self.publication = published()
        self.revision = self.publication.revision

    def test_is_refused_a_second_save_and_a_deletion(self):
        for row in (self.publication, self.revision, AuditEntry.objects.first()):
            with self.subTest(row=row._meta.model_name):
                with self.assertRaises(InsertOnlyError):
                    row.save()
                with self.assertRaises(InsertOnlyError):
                    row.delete()

    def test_is_refused_an_update_and_a_deletion_in_bulk(self):
        for model in triggers.guarded_models():
            with self.subTest(model=model._meta.model_name):
                with self.assertRaises(InsertOnlyError):
                    model.objects.all().update(pk=1)
                with self.assertRaises(InsertOnlyError):
                    model.objects.all().delete()

    def refuses(self, sql, *params):
        with self.assertRaises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, params)

    def test_is_refused_a_change_in_raw_sql(self):
        for model in (Revision, Publication, AuditEntry):
            table = model._meta.db_table
            with self.subTest(table=table):
                self.refuses(f"UPDATE {table} SET id = id")
                self.refuses(f"DELETE FROM {table}")

    def test_is_not_replaced_or_truncated_either(self):
        if connection.vendor == "sqlite":
            columns = ", ".join(field.column for field in Revision._meta.local_fields)
            copy = columns.replace("frozen", "'{}'")
            table = Revision._meta.db_table
            self.refuses(f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {copy} FROM {table}")
            # The same with the key left out: article and number are taken too.
            self.refuses(
                f"INSERT OR REPLACE INTO {table} ({columns}) SELECT"
                f" {copy.replace('id,', 'id + 1000,', 1)} FROM {table}"
            )
        else:
            self.refuses(f"TRUNCATE {Revision._meta.db_table} CASCADE")
        self.revision.refresh_from_db()
        self.assertIn("title", self.revision.content)


class TheTriggers(TestCase):
    def test_are_all_there(self):
        self.assertEqual(triggers.missing(connection), [])

    def test_are_missed_when_one_is_gone(self):
        table = Revision._meta.db_table
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER {table}_no_delete")
                gone = f"{table}_no_delete"
            else:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_change")
                gone = f"{table}_no_change"

        self.assertEqual(triggers.missing(connection), [gone])


class ATableThatIsMadeAnew(TransactionTestCase):
    """SQLite alters a table by making another, and renames it while triggers of other
    tables speak of it.
    """

    def test_gets_its_triggers_back(self):
        pre_migrate.send(apps.get_app_config("articles"), using=connection.alias)
        if connection.vendor == "sqlite":
            for model in (Revision, Decision, Publication):
                with connection.schema_editor() as editor:
                    editor._remake_table(model)
        else:  # PostgreSQL alters tables in place; triggers go another way there
            triggers.remove(connection)
        self.assertNotEqual(triggers.missing(connection), [])

        triggers.install(connection)

        self.assertEqual(triggers.missing(connection), [])
