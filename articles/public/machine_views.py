"""What search engines and feed readers get: robots.txt, the sitemap and the feed.

All of it comes from the catalogue of live articles.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from articles.live import pages, totals
from articles.live.languages import number_of_pages
from articles.models import LiveArticle
from physiohub.control_characters import without_control_characters

#: Articles in one file of the sitemap. Search engines accept five times as many.
IN_A_SITEMAP = 10_000
IN_THE_FEED = 30
_PAGES = ("home", "article_list", "condition_list", "words", "about", "accessibility", "privacy")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "articles/robots.txt", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest, part: int | None = None) -> HttpResponse:
    """List all public pages, with the moment an article was last published.

    A site with more than 10,000 articles gets a list of such files.
    """
    parts = max(1, -(-sum(totals.pages_in_languages().values()) // IN_A_SITEMAP))
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
        paths += [reverse("articles:condition", args=[slug]) for slug in totals.conditions_named()]
        lines += [f"<url>{_loc(path)}</url>" for path in paths]
    return _xml("urlset", lines)


@require_safe
def feed(request: HttpRequest, language: str = "") -> HttpResponse:
    """Send an Atom feed of what was published last, new pages and new versions, newest first.

    With `language`, of the pages in it alone, in its words. Else of all pages, in the language of
    the site: everybody who asks for an address gets the same.
    """
    if language and language not in dict(settings.LANGUAGES):
        raise Http404
    with translation.override(language or settings.LANGUAGE_CODE):
        return _atom(request, language)


class _FeedInLanguages(Atom1Feed):
    """A feed that says of each entry which language it is in."""

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {**super().item_attributes(item), "xml:lang": item["language"]}


def _atom(request: HttpRequest, language: str) -> HttpResponse:
    atom = _FeedInLanguages(
        title=settings.SITE_NAME,
        link=settings.SITE_URL + reverse("articles:home"),
        feed_url=settings.SITE_URL + request.path,
        description="",
        subtitle=_("New pages and new versions of pages.") + _what_else(language),
        language=language or settings.LANGUAGE_CODE,
    )
    newest = pages.live_titles().select_related("publication").order_by("-published_at", "-pk")
    if language:
        newest = newest.filter(language=language)
    for live in newest[:IN_THE_FEED]:
        address = settings.SITE_URL + live.publication.get_absolute_url()
        note = live.publication.change_note
        change = _("What changed: %s") % note if note else ""
        unchecked = (
            _("This page was published in an emergency before all its checks were done.")
            if live.publication.is_emergency
            else ""
        )
        # XML cannot hold control characters, and old rows may have some.
        atom.add_item(
            title=without_control_characters(live.title),
            link=address,
            description=without_control_characters(
                " ".join(filter(None, [live.summary, unchecked, change]))
            ),
            # A new version is a new entry, because feed readers show only new entries.
            unique_id=f"{address}#{live.publication.number}",
            pubdate=live.published_at,
            updateddate=live.published_at,
            author_name=settings.SITE_NAME,
            language=live.language,
        )
    return HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)


def _what_else(language: str) -> str:
    """Return how many pages there are in other languages than that of a feed, as a sentence."""
    if not language:
        return ""
    others = [one for one in number_of_pages(language) if one.language != language]
    if not others:
        return ""
    comma = pgettext("between the parts of a list", ", ")
    return f" {_('In other languages:')} {comma.join(one.number_of_pages for one in others)}."


def _addresses(part: int) -> list[tuple[str, datetime]]:
    """Return (path, moment of publication) of the articles in one file of the sitemap.

    Paths are built here because 10,000 calls of reverse() are slow.
    """
    rows = LiveArticle.objects.order_by("pk").values_list("slug", "published_at")
    start = (part - 1) * IN_A_SITEMAP
    # Counted off in the index of keys alone.
    first = LiveArticle.objects.order_by("pk").values("pk")[start : start + 1]
    stem = reverse("articles:article_list")
    return [
        (f"{stem}{quote(slug)}/", at)
        for slug, at in rows.filter(pk__gte=Subquery(first))[:IN_A_SITEMAP]
    ]


def _loc(path: str) -> str:
    return f"<loc>{escape(settings.SITE_URL + path)}</loc>"


_XML = "application/xml; charset=utf-8"


def _xml(root: str, lines: Iterable[str]) -> HttpResponse:
    """Return an XML document with these lines, which are XML already.

    It is built here because a template takes twice as long for 10,000 lines.
    """
    start = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}'
        ' xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    )
    return HttpResponse("\n".join([start, *lines, f"</{root}>\n"]), content_type=_XML)
