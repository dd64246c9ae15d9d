"""Which static files are published, and under which names."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.apps import StaticFilesConfig as DjangoStaticFilesConfig
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from articles.richtext import editor


class StaticFilesConfig(DjangoStaticFilesConfig):
    """Leaves out plugins of the editor that call third parties or have known security holes."""

    @property
    def ignore_patterns(self) -> list[str]:
        return [*DjangoStaticFilesConfig.ignore_patterns, *editor.load().UNPUBLISHED_FOLDERS]


class Storage(CompressedManifestStaticFilesStorage):
    """Gives each file a name that changes with its content, also where one script imports another.

    Without that, a browser would run a new module together with old ones from its cache.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Beside the folder, not in it: there it would be a list of all files for anybody.
        beside = FileSystemStorage(location=Path(settings.STATIC_ROOT).parent)
        super().__init__(*args, **kwargs, manifest_storage=beside)

    manifest_name = "static-collected.json"
    support_js_module_import_aggregation = True
    #: The name of a module changes with those it imports, so each step of a chain needs a pass.
    max_post_process_passes = 10
