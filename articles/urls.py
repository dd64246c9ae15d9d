"""The public addresses of articles."""

import re

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from references.exporting import SUFFIXES

from .public import feedback_views, guest_views, machine_views, reference_pages, views
from .public.converters import PICTURE_FILE
from .public.finished_pages import kept


class SlugInAnyScript(StringConverter):
    """A slug as Django's SlugField(allow_unicode=True) takes it: Arabic and accents work too."""

    regex = r"[-\w]+"


class ExportSuffix(StringConverter):
    """The suffix of a format references are exported in."""

    regex = "|".join(map(re.escape, SUFFIXES))


class StateOfPDF(StringConverter):
    """What a PDF was made from, as twelve hexadecimal digits."""

    regex = "[0-9a-f]{12}"


class DigestOnPaper(StringConverter):
    """The beginning of the digest of a revision, as a handout prints it."""

    regex = "[0-9a-f]{8}"


register_converter(SlugInAnyScript, "uslug")
register_converter(StateOfPDF, "state_of_pdf")
register_converter(DigestOnPaper, "digest_on_paper")
register_converter(ExportSuffix, "export_suffix")

#: What the address of a handout may have in its query (HandoutKind.query).
KINDS_OF_HANDOUT = ("size=large", "with=sources")


def _pages_of(name: str) -> tuple[str, str, str]:
    """Return the parameters that lead to a page of a long list (articles.live.sorted_parts)."""
    return name, f"{name}_after", f"{name}_before"


app_name = "articles"
urlpatterns = [
    path("", kept(views.home), name="home"),
    path("articles/", kept(views.article_list, *_pages_of("page")), name="article_list"),
    path("articles/<uslug:slug>/", kept(views.article), name="article"),
    path("articles/<uslug:slug>/card-<int:number>.png", kept(views.share_image), name="card"),
    path("articles/<uslug:slug>/feedback/", feedback_views.answer, name="feedback"),
    path("articles/<uslug:slug>/feedback/thanks/", feedback_views.thanks, name="feedback_thanks"),
    path("conditions/", kept(views.condition_list), name="condition_list"),
    path(
        "conditions/<uslug:slug>/",
        kept(views.condition, *_pages_of("page"), *_pages_of("findings")),
        name="condition",
    ),
    path("words/", kept(views.glossary), name="words"),
    path("search/", views.search, name="search"),
    path("about/", kept(views.plain_page), {"template": "pages/about.html"}, name="about"),
    path(
        "accessibility/",
        kept(views.plain_page),
        {"template": "pages/accessibility.html"},
        name="accessibility",
    ),
    path("privacy/", kept(views.plain_page), {"template": "pages/privacy.html"}, name="privacy"),
    path("robots.txt", kept(machine_views.robots), name="robots"),
    path("sitemap.xml", kept(machine_views.sitemap), name="sitemap"),
    path("sitemap-<int:part>.xml", kept(machine_views.sitemap), name="sitemap_part"),
    path("feed/", kept(machine_views.feed), name="feed"),
    path("feed/<slug:language>/", kept(machine_views.feed), name="feed_in"),
    path("articles/<uslug:slug>/handout/", kept(views.handout, *KINDS_OF_HANDOUT), name="handout"),
    path(
        "articles/<uslug:slug>/handout.pdf",
        kept(views.handout_pdf, *KINDS_OF_HANDOUT),
        name="handout_pdf",
    ),
    path(
        "articles/<uslug:slug>/paper/<int:number>-<digest_on_paper:digest>/",
        kept(views.paper),
        name="paper",
    ),
    path("articles/<uslug:slug>/versions/", kept(views.versions), name="versions"),
    path("articles/<uslug:slug>/versions/<int:number>/", kept(views.version), name="version"),
    path(
        "articles/<uslug:slug>/versions/<int:number>/handout.pdf",
        kept(views.version_pdf, *KINDS_OF_HANDOUT),
        name="version_pdf",
    ),
    path(
        "articles/<uslug:slug>/versions/<int:number>/handout-<state_of_pdf:state>.pdf",
        kept(views.version_pdf, *KINDS_OF_HANDOUT),
        name="version_pdf",
    ),
    path("invited/<str:secret>/", guest_views.invited, name="invited"),
    path(
        f"invited/<str:secret>/pictures/{PICTURE_FILE}", guest_views.picture, name="invited_picture"
    ),
    path(
        "articles/<uslug:slug>/references.<export_suffix:suffix>",
        kept(reference_pages.article_references),
        name="article_references",
    ),
    path(
        "references/",
        kept(reference_pages.reference_list, *_pages_of("page"), "kind"),
        name="reference_list",
    ),
    path(
        "references/<uuid:uid>/",
        kept(reference_pages.reference, *_pages_of("page")),
        name="reference",
    ),
    path(f"pictures/{PICTURE_FILE}", views.picture, name="picture"),
]
