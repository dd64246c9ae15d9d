"""What search engines and feed readers get: robots.txt, the sitemap, the feed.

All of it from the shelf of live articles.
"""

from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from . import showing
from .models import LiveArticle

#: Articles in one file of the sitemap; search engines take five times as many.
IN_A_SITEMAP = 10_000
IN_THE_FEED = 30


@require_safe
def robots(request):
    return render(request, "articles/robots.txt", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request, part=None):
    """All public pages with the day they last changed; from 10,000 articles on, a list of such files."""
    parts = -(-LiveArticle.objects.count() // IN_A_SITEMAP)
    if part is None and parts > 1:
        return _xml(request, "articles/sitemap_index.xml", {"parts": range(1, parts + 1)})
    part = part or 1
    if part > max(parts, 1):
        raise Http404
    context = {"articles": _addresses(part)}
    if part == 1:
        names = ("home", "article_list", "condition_list", "words", "about", "accessibility", "privacy")
        context["pages"] = [reverse(f"articles:{name}") for name in names]
        context["conditions"] = [reverse("articles:condition", args=[term.slug]) for term in showing.conditions()]
    return _xml(request, "articles/sitemap.xml", context)


@require_safe
def feed(request):
    """Atom: the pages published last, new ones and new versions, newest first."""
    atom = Atom1Feed(
        title=settings.SITE_NAME,
        link=settings.SITE_URL + reverse("articles:home"),
        feed_url=settings.SITE_URL + request.path,
        description=_("New pages and new versions of pages."),
        language=settings.LANGUAGE_CODE,
    )
    newest = showing.live_titles().select_related("publication").order_by("-published_at", "-pk")
    for live in newest[:IN_THE_FEED]:
        address = settings.SITE_URL + live.publication.get_absolute_url()
        note = live.publication.change_note
        atom.add_item(
            title=live.title,
            link=address,
            description=" ".join(filter(None, [live.summary, _("What changed: %s") % note if note else ""])),
            # A new version is a new entry, or nobody would be told of it.
            unique_id=f"{address}#{live.publication.number}",
            pubdate=live.published_at,
            updateddate=live.published_at,
            author_name=settings.SITE_NAME,
        )
    return HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)


def _addresses(part):
    """(path, day) of the articles of one file. Paths are put together here: asking reverse() 10,000 times is slow."""
    rows = LiveArticle.objects.order_by("pk").values_list("slug", "published_at")
    stem = reverse("articles:article_list")
    return [(f"{stem}{quote(slug)}/", at) for slug, at in rows[(part - 1) * IN_A_SITEMAP : part * IN_A_SITEMAP]]


def _xml(request, template, context):
    return render(request, template, context, content_type="application/xml")
