"""What search engines and feed readers get: robots.txt, the sitemap, the feed.

All of it from the shelf of live articles.
"""

from urllib.parse import quote
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.live import pages
from articles.models import LiveArticle
from physiohub.control_characters import without_control_characters

#: Articles in one file of the sitemap; search engines take five times as many.
IN_A_SITEMAP = 10_000
IN_THE_FEED = 30
_PAGES = ("home", "article_list", "condition_list", "words", "about", "accessibility", "privacy")


@require_safe
def robots(request):
    return render(request, "articles/robots.txt", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request, part=None):
    """All public pages with the day they last changed.

    From 10,000 articles on, a list of such files.
    """
    parts = max(1, -(-LiveArticle.objects.count() // IN_A_SITEMAP))
    if part is None and parts > 1:
        addresses = (
            reverse("articles:sitemap_part", args=[number]) for number in range(1, parts + 1)
        )
        return _xml(
            "sitemapindex", (f"<sitemap>{_loc(address)}</sitemap>" for address in addresses)
        )
    part = 1 if part is None else part
    if not 1 <= part <= parts:
        raise Http404
    lines = [
        f"<url>{_loc(path)}<lastmod>{at.isoformat()}</lastmod></url>"
        for path, at in _addresses(part)
    ]
    if part == 1:
        paths = [reverse(f"articles:{name}") for name in _PAGES]
        paths += [reverse("articles:condition", args=[term.slug]) for term in pages.conditions()]
        lines += [f"<url>{_loc(path)}</url>" for path in paths]
    return _xml("urlset", lines)


@require_safe
def feed(request):
    """Atom: the pages published last, new ones and new versions, newest first.

    The same for all who ask.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return _atom(request)


def _atom(request):
    atom = Atom1Feed(
        title=settings.SITE_NAME,
        link=settings.SITE_URL + reverse("articles:home"),
        feed_url=settings.SITE_URL + request.path,
        description=_("New pages and new versions of pages."),
        language=settings.LANGUAGE_CODE,
    )
    newest = pages.live_titles().select_related("publication").order_by("-published_at", "-pk")
    for live in newest[:IN_THE_FEED]:
        address = settings.SITE_URL + live.publication.get_absolute_url()
        note = live.publication.change_note
        told = _("What changed: %s") % note if note else ""
        # XML has no way to write control characters, and old rows may hold some.
        atom.add_item(
            title=without_control_characters(live.title),
            link=address,
            description=without_control_characters(" ".join(filter(None, [live.summary, told]))),
            # A new version is a new entry, or nobody would be told of it.
            unique_id=f"{address}#{live.publication.number}",
            pubdate=live.published_at,
            updateddate=live.published_at,
            author_name=settings.SITE_NAME,
        )
    return HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)


def _addresses(part):
    """(path, day) of the articles of one file.

    Paths are put together here: asking reverse() 10,000 times is slow.
    """
    rows = LiveArticle.objects.order_by("pk").values_list("slug", "published_at")
    stem = reverse("articles:article_list")
    return [
        (f"{stem}{quote(slug)}/", at)
        for slug, at in rows[(part - 1) * IN_A_SITEMAP : part * IN_A_SITEMAP]
    ]


def _loc(path):
    return f"<loc>{escape(settings.SITE_URL + path)}</loc>"


def _xml(root, lines):
    """The document, put together here: a template takes twice as long for 10,000 lines.

    `lines` are XML already.
    """
    start = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}'
        ' xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    )
    return HttpResponse("\n".join([start, *lines, f"</{root}>\n"]), content_type="application/xml")
