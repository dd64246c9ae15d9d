"""manage.py make_ready: what `make run` does before the server starts.

It is one process, and does only what is needed.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from physiohub import version


class Command(BaseCommand):
    help = (
        "Migrates, brings in the demonstration, collects static files: each only where it is still"
        " to do."
    )
    requires_system_checks = []  # the server's own start runs them

    def handle(self, **options: Any) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Setting up the database …")
            call_command("migrate", verbosity=0)
        call_command("demo", stdout=self.stdout)
        self._collect_static_files()

    def _collect_static_files(self) -> None:
        root = Path(settings.STATIC_ROOT)
        stamp = root / f".from-{version.of_static_files()}"
        if stamp.exists():
            return
        self.stdout.write("Collecting static files …")
        call_command("collectstatic", interactive=False, verbosity=0)
        for old in root.glob(".from-*"):
            old.unlink()
        stamp.touch()
