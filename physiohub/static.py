"""Which static files are published."""

from django.contrib.staticfiles.apps import StaticFilesConfig as DjangoStaticFilesConfig

from articles.richtext import editor


class StaticFilesConfig(DjangoStaticFilesConfig):
    """Leaves the editor's plugins that call third parties, or that are known holes, on the
    shelf.
    """

    @property
    def ignore_patterns(self):
        return [*DjangoStaticFilesConfig.ignore_patterns, *editor.load().UNPUBLISHED_FOLDERS]
