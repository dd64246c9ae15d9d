"""Which static files are published."""

from django.contrib.staticfiles.apps import StaticFilesConfig as DjangoStaticFilesConfig

from articles.richtext.ckeditor import UNPUBLISHED_FOLDERS


class StaticFilesConfig(DjangoStaticFilesConfig):
    """Leaves the editor's plugins that call third parties, or that are known holes, on the shelf."""

    ignore_patterns = [*DjangoStaticFilesConfig.ignore_patterns, *UNPUBLISHED_FOLDERS]
