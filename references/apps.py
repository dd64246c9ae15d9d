from django.apps import AppConfig


class ReferencesConfig(AppConfig):
    name = "references"
    verbose_name = "Evidence library"

    def ready(self) -> None:
        """Have the library look for newer versions among its own works."""
        from . import versions

        versions.listen()
