"""Which static files are published, and under which names."""

from django.contrib.staticfiles.apps import StaticFilesConfig as DjangoStaticFilesConfig
from whitenoise.storage import CompressedManifestStaticFilesStorage

from articles.richtext import editor


class StaticFilesConfig(DjangoStaticFilesConfig):
    """Leaves the editor's plugins that call third parties, or that are known holes, on the
    shelf.
    """

    @property
    def ignore_patterns(self):
        return [*DjangoStaticFilesConfig.ignore_patterns, *editor.load().UNPUBLISHED_FOLDERS]


class Storage(CompressedManifestStaticFilesStorage):
    """Gives each file a name that changes with its content, also where a script imports another.

    Without that a browser would run a new module together with old ones it kept.
    """

    support_js_module_import_aggregation = True
    #: A module's name changes with those it imports: each step of a chain of imports takes a pass.
    max_post_process_passes = 10
