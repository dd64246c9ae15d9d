"""The rich-text editor in use, contained. The only Python module that knows which one it is.

django-ckeditor ships CKEditor 4.22.1, the last open-source release, which gets no more fixes. It is
therefore treated as untrusted: articles.richtext.cleaning is the gate, the settings below only keep
the editor small. Its own warning (ckeditor.W001) says as much on every command; it is silenced here
and replaced by `check_containment`, an Error as soon as one of the precautions is gone.
"""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.forms.widgets import Media, Widget
from django.utils.translation import gettext_lazy as _
from js_asset import static_lazy

SILENCED_EDITOR_CHECKS = ["ckeditor.W001"]

#: Plugins that send text to a third party, run foreign code, or offer what no article may hold.
#: Also its filters for pasting: ours (static/articles/pasting/) say what they leave out.
REMOVED_PLUGINS = (
    "exportpdf,scayt,wsc,iframe,iframedialog,forms,flash,smiley,templates,preview,print,save,newpage,about,image,"
    "uploadimage,uploadwidget,uploadfile,filetools,filebrowser,div,font,colorbutton,colordialog,justify,bidi,language,"
    "pagebreak,stylescombo,showblocks,elementspath,copyformatting,specialchar,editorplaceholder,horizontalrule,"
    "codesnippetgeshi,codesnippet,embed,embedbase,embedsemantic,autoembed,mathjax,docprops,"
    "pastefromword,pastefromgdocs,pastefromlibreoffice,pastetools,ajax,xml"
)
#: Matched against folder names by collectstatic: what is not published cannot be asked for.
UNPUBLISHED_FOLDERS = [
    "exportpdf",
    "scayt",
    "wsc",
    "codesnippetgeshi",
    "preview",
    "iframe*",
    "embed*",
    "flash",
    "adobeair",
    "mathjax",
    "devtools",
    "docprops",
    "ckeditor_uploader",
    "galleriffic",
    "jquery.ckeditor.js",
    "smiley",
    "templates",
    "uploadimage",
    "uploadwidget",
    "uploadfile",
    "filetools",
    "pastefrom*",
    "pastetools",
]

ALLOWED_CONTENT = (
    "p h2 h3 blockquote ul li strong em sub sup br; ol[start]; a[!href];"
    " table thead tbody tr caption; th[scope,colspan,rowspan]; td[colspan,rowspan];"
    " mark[!data-claim]"
)

CKEDITOR_CONFIGS = {
    "default": {
        "toolbar": [
            ["Format"],
            ["Bold", "Italic"],
            ["BulletedList", "NumberedList", "Blockquote"],
            ["Link", "Unlink"],
            ["Table"],
            ["RemoveFormat", "PasteText"],
            ["Undo", "Redo"],
            ["ClaimMark", "ClaimUnmark"],
        ],
        "format_tags": "p;h2;h3",
        "height": 420,
        "width": "100%",
        "versionCheck": False,
        "fullPage": False,
        "entities": False,
        # CKEditor 4 switches the browser's own spell checker off, unless told not to.
        "disableNativeSpellChecker": False,
        "allowedContent": ALLOWED_CONTENT,
        "extra_plugins": ["claim"],
        # The whole address and no file name: the editor adds a constant "?t=…", and browsers would
        # keep an old plugin.
        "external_plugin_resources": [("claim", static_lazy("articles/ckeditor/claim.js"), "")],
        "claimWords": {
            "mark": _("Mark as a claim"),
            "unmark": _("No claim"),
            "keys": _("Ctrl+Alt+M"),
        },
        "removePlugins": REMOVED_PLUGINS,
        # Pictures go into the site's own library, never into the text.
        "clipboard_handleImages": False,
        "contentsCss": static_lazy("articles/editor-contents.css"),
    }
}


#: The script that speaks for the editor in the browser (articles.richtext.editor).
ADAPTER = "articles/ckeditor/adapter.js"


def widget() -> Widget:
    """Return the form widget an article's body is edited in."""
    from ckeditor.widgets import CKEditorWidget

    class BodyWidget(CKEditorWidget):
        @property
        def media(self) -> Media:
            return super().media + Media(css={"all": ["articles/ckeditor/frame.css"]})

    return BodyWidget()


@register()
def check_containment(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Return an error for every precaution that is missing from the editor's settings."""
    from django.conf import settings

    problems: list[str] = []
    if "ckeditor_uploader" in settings.INSTALLED_APPS:
        problems.append(
            "its uploader takes files without a CSRF token: take ckeditor_uploader out of"
            " INSTALLED_APPS"
        )
    for name, config in getattr(settings, "CKEDITOR_CONFIGS", {}).items():
        problems += [f"{problem} (configuration “{name}”)" for problem in _lost_precautions(config)]
    return [
        Error(
            f"The rich-text editor is not contained: {problem}.",
            hint="See articles/richtext/ckeditor.py.",
            id="articles.E001",
        )
        for problem in problems
    ]


def _lost_precautions(config: dict[str, Any]) -> Iterator[str]:
    allowed = config.get("allowedContent")
    if not isinstance(allowed, str) or not allowed:
        yield "allowedContent must list the tags an article may hold"
    else:
        tags = {word for rule in allowed.split(";") for word in rule.split("[")[0].split()}
        if tags & {"*", "script", "style", "iframe", "object", "embed", "form", "svg", "img"}:
            yield "allowedContent lets in tags that can run code"
    if config.get("fullPage"):
        yield "fullPage must be off"
    if config.get("versionCheck") is not False:
        yield "versionCheck must be False, for it calls the vendor"
    if config.get("extraAllowedContent"):
        yield "extraAllowedContent must stay out"
    removed = set(config.get("removePlugins", "").split(","))
    if missing := set(REMOVED_PLUGINS.split(",")) - removed:
        yield f"removePlugins must name {', '.join(sorted(missing))}"
    added = config.get("extraPlugins", "") + "," + ",".join(config.get("extra_plugins", []))
    if "geshi" in added or set(added.split(",")) & set(REMOVED_PLUGINS.split(",")):
        yield "a plugin that was removed for safety is added again"
