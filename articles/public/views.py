"""What readers get. Reads publications, their revisions and safety notices; never a working row."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from articles.live import pages, version_history
from articles.live.search import results
from articles.page.imprint import Imprint
from articles.page.page import Page
from articles.pictures import storage

from . import handouts, share_images, typesetting

NEWEST_ON_HOME = 6
CONDITIONS_ON_HOME = 12
#: Articles on a page of a list.
ON_A_PAGE = 60


@require_safe
def home(request):
    conditions = pages.conditions()
    context = {
        "articles": pages.newest_titles(NEWEST_ON_HOME),
        "conditions": sorted(conditions, key=lambda term: -term.articles)[:CONDITIONS_ON_HOME],
        "has_more_conditions": len(conditions) > CONDITIONS_ON_HOME,
    }
    return render(request, "articles/home.html", context)


@require_safe
def article_list(request):
    return render(
        request, "articles/article_list.html", {"shown": _page_of(pages.live_titles(), request)}
    )


@require_safe
def article(request, slug):
    """A live article; 410 with the reason when it was withdrawn.

    A redirect from an address it had before.
    """
    return _in_its_language(request, slug, "articles:article", _article)


@require_safe
def handout(request, slug):
    """The article to print and hand on; `?size=large` for large print."""
    return _in_its_language(request, slug, "articles:handout", _handout)


@require_safe
def handout_pdf(request, slug):
    """The handout as a tagged PDF; 404 where this machine cannot make one."""
    if not typesetting.is_possible():
        raise Http404
    return _in_its_language(request, slug, "articles:handout_pdf", _handout_pdf)


def _in_its_language(request, slug, address, answer):
    publication = pages.at_address(slug)
    if publication.slug != slug:
        return redirect(address, publication.slug, permanent=True)
    content = publication.revision.content
    # The fixed words follow the language of the text, whatever the reader's browser asks for.
    with translation.override(content["language"]):
        if pages.is_withdrawn(publication):
            context = {
                "title": content["title"],
                "language": content["language"],
                "withdrawal": publication.withdrawal,
            }
            response = render(request, "articles/article_withdrawn.html", context, status=410)
        else:
            response = answer(request, publication)
    response["Content-Language"] = content["language"]
    return response


def _shown(publication, live_pages=None):
    revision = publication.revision
    return {
        "page": Page(
            revision.content,
            digest=revision.digest,
            sources_at="articles:reference",
            live_pages=live_pages,
        ),
        "imprint": Imprint.of(publication),
        "notices": pages.open_notices(publication),
        "family": pages.Family.of(publication),
        "publication": publication,
        "has_pdf": typesetting.is_possible(),
    }


def _article(request, publication):
    neighbours = pages.Neighbours.of(publication)
    context = {
        **_shown(publication, neighbours.by_uid),
        "related": neighbours.related,
        "pdf_size": handouts.known_size(publication),
    }
    return render(request, "articles/article_detail.html", context)


def _handout(request, publication):
    options = handouts.options(request, publication)
    context = {**_shown(publication), **options}
    context["pdf_size"] = handouts.known_size(publication, is_large=options["is_large"])
    return render(request, "articles/handout.html", context)


def _handout_pdf(request, publication):
    options = handouts.options(request, publication)
    # Without the size of the PDF: a page that tells it would be another text, and make another PDF.
    html = render_to_string("articles/handout.html", {**_shown(publication), **options}, request)
    return HttpResponse(
        handouts.pdf_of(publication, html, is_large=options["is_large"]),
        content_type="application/pdf",
        headers={
            "Content-Disposition": content_disposition_header(False, f"{publication.slug}.pdf"),
            "Link": f'<{handouts.address_of(publication)}>; rel="canonical"',
        },
    )


@require_safe
def condition_list(request):
    return render(request, "articles/condition_list.html", {"conditions": pages.conditions()})


@require_safe
def condition(request, slug):
    """A problem, and what live articles say about treatments for it."""
    context = {
        "condition": pages.condition(slug),
        "shown": _page_of(pages.articles_about(slug), request),
    }
    return render(request, "articles/condition_detail.html", context)


@require_safe
def glossary(request):
    return render(request, "articles/word_list.html", {"words": pages.glossary_terms()})


@never_cache  # what somebody looked for stays in no cache
@require_safe
def search(request):
    found = results.search(request.GET.get("q", ""), page=_number(request))
    context = {
        "found": found,
        "is_search": True,
        "conditions": [] if found.count else pages.conditions(),
    }
    return render(request, "articles/search.html", context)


@require_safe
def plain_page(request, template):
    """A page of fixed words: about, accessibility, privacy.

    An operator may put their own in its place.
    """
    return render(request, template)


@require_safe
def versions(request, slug):
    """What changed and why, version by version; of a withdrawn page too."""
    newest, found = version_history.versions_at(slug)
    if newest.slug != slug:
        return redirect("articles:versions", newest.slug, permanent=True)
    with translation.override(newest.language):
        context = {
            "newest": newest,
            "title": newest.revision.content["title"],
            "language": newest.language,
            "versions": found,
            "withdrawal": newest.withdrawal if pages.is_withdrawn(newest) else None,
        }
        return render(request, "articles/versions.html", context)


@require_safe
def version(request, slug, number):
    """What readers were told in one version, marked as old where it is, with what has changed
    since.
    """
    newest, publication, since = version_history.version_at(slug, number)
    if newest.slug != slug:
        return redirect("articles:version", newest.slug, number, permanent=True)
    is_withdrawn = pages.is_withdrawn(newest)
    if publication.pk == newest.pk and not is_withdrawn:
        return redirect(newest)
    with translation.override(publication.language):
        context = {
            # A withdrawn page's pictures went with it (articles.pictures.storage.published_file).
            "page": Page(
                {**publication.revision.content, **({"pictures": []} if is_withdrawn else {})}
            ),
            "imprint": Imprint.of(publication),
            "notices": pages.open_notices(publication),
            "publication": publication,
            "newest": newest,
            "since": since,
            "withdrawal": newest.withdrawal if is_withdrawn else None,
        }
        return render(
            request, "articles/version.html", context, status=410 if is_withdrawn else 200
        )


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def picture(request, sha256, width, suffix):
    """A picture some published page shows; nothing else, whatever else is kept.

    Its name is its content: keep it.
    """
    return storage.published_picture(sha256, width, suffix)


@require_safe
@cache_control(public=True, max_age=86_400)
def share_image(request, slug, number):
    """The picture other sites show beside a link to a live article."""
    return share_images.share_image(slug, number)


def _page_of(rows, request):
    pages = Paginator(rows, ON_A_PAGE)
    number = _number(request)
    if not 1 <= number <= pages.num_pages:
        raise Http404
    return pages.page(number)


def _number(request):
    """The page of a list that was asked for; the first where nothing sensible was."""
    typed = request.GET.get("page", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 7 else 1
