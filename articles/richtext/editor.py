"""The rich-text editor, whichever it is: the setting RICH_TEXT_EDITOR names the module that knows.

That module offers `widget()` (the form widget a body is edited in) and `ADAPTER` (the static path
of a script module that speaks for it in the browser; the head of the one in use says what each
must offer).
"""

from importlib import import_module
from types import ModuleType

from django.conf import settings
from django.forms import Widget
from django.templatetags.static import static


def load() -> ModuleType:
    """The module of the editor in use; loading it registers its system checks."""
    return import_module(settings.RICH_TEXT_EDITOR)


def widget() -> Widget:
    return load().widget()


def adapter_url() -> str:
    return static(load().ADAPTER)
