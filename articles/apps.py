"""What is set up when the site starts."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "Articles"

    def ready(self) -> None:
        from . import checks  # noqa: F401  (they register themselves)
        from .accounts import recording, sessions
        from .drafts import edits, merged_references
        from .live import catalogue, public_state, source_notices
        from .models import triggers
        from .notifications import email
        from .richtext import editor

        editor.load()  # registers the check that the editor is contained
        edits.listen()
        source_notices.listen()
        merged_references.listen()
        email.listen()
        recording.listen()
        sessions.listen()
        # After every migrate, not in a migration: SQLite rebuilds a table to alter it, and its
        # triggers are lost.
        pre_migrate.connect(triggers.lift_before_migrate, sender=self)
        post_migrate.connect(triggers.install_after_migrate, sender=self)
        post_migrate.connect(catalogue.install_after_migrate, sender=self)
        # Triggers watch tables of references too, whose app migrates later.
        pre_migrate.connect(public_state.stop_watching_before_migrate, dispatch_uid="public state")
        post_migrate.connect(public_state.install_after_migrate, dispatch_uid="public state")
