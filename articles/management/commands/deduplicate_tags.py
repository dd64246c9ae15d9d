"""manage.py deduplicate_tags: that of django-taggit, which enters no edit of the articles."""

from typing import Any

from django.utils import timezone
from taggit.management.commands.deduplicate_tags import Command as StockCommand

from articles.drafts.tags import recording_tags


class Command(StockCommand):
    def handle(self, *args: Any, **options: Any) -> None:
        with recording_tags(by=None, at=timezone.now()):
            super().handle(*args, **options)
