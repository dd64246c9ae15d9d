"""Which static files are published, and under which names."""

from django.contrib.staticfiles.apps import StaticFilesConfig as DjangoStaticFilesConfig
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

    support_js_module_import_aggregation = True
    #: The name of a module changes with those it imports, so each step of a chain needs a pass.
    max_post_process_passes = 10
