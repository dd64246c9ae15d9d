"""The rich-text editor. The setting RICH_TEXT_EDITOR names the module that knows which one it is.

That module offers `widget()` (the form widget a body is edited in) and `ADAPTER` (the static path
of a script that adapts the editor to our code; the comment at its head lists what it exports).
"""

from importlib import import_module
from types import ModuleType

from django.conf import settings
from django.forms import Widget
from django.templatetags.static import static


def load() -> ModuleType:
    """Return the module of the editor in use; loading it registers its system checks."""
    return import_module(settings.RICH_TEXT_EDITOR)


def widget() -> Widget:
    return load().widget()


def adapter_url() -> str:
    return static(load().ADAPTER)
