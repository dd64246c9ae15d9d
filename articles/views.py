"""What readers get. Reads publications, their revisions and safety notices; never a working row."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from . import handouts, pictures, showing, typesetting
from .page import Imprint, Page

NEWEST_ON_HOME = 6


@require_safe
def home(request):
    return render(request, "articles/home.html", {"articles": showing.newest_titles(NEWEST_ON_HOME)})


@require_safe
def article_list(request):
    return render(request, "articles/article_list.html", {"articles": showing.live_titles()})


@require_safe
def article(request, slug):
    """A live article; 410 with the reason when it was withdrawn; a redirect from an address it had before."""
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
    publication = showing.at_address(slug)
    if publication.slug != slug:
        return redirect(address, publication.slug, permanent=True)
    content = publication.revision.content
    # The fixed words follow the language of the text, whatever the reader's browser asks for.
    with translation.override(content["language"]):
        if showing.is_withdrawn(publication):
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


def _shown(publication):
    return {
        "page": Page(publication.revision.content),
        "imprint": Imprint.of(publication),
        "notices": showing.open_notices(publication),
        "family": showing.Family.of(publication),
        "publication": publication,
        "has_pdf": typesetting.is_possible(),
    }


def _article(request, publication):
    return render(request, "articles/article_detail.html", _shown(publication))


def _handout(request, publication):
    return render(request, "articles/handout.html", {**_shown(publication), **handouts.options(request, publication)})


def _handout_pdf(request, publication):
    html = _handout(request, publication).content.decode()
    return HttpResponse(
        handouts.pdf_of(publication, html),
        content_type="application/pdf",
        headers={
            "Content-Disposition": content_disposition_header(False, f"{publication.slug}.pdf"),
            "Link": f'<{handouts.address_of(publication)}>; rel="canonical"',
        },
    )


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def picture(request, sha256, width, suffix):
    """A picture some published page shows; nothing else, whatever else is kept. Its name is its content: keep it."""
    return pictures.published_file(sha256, width, suffix)
