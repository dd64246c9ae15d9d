"""What readers get. Reads publications, their revisions and safety notices; never a working row."""

from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from . import pictures, showing
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
    publication = showing.at_address(slug)
    if publication.slug != slug:
        return redirect(publication, permanent=True)
    content = publication.revision.content
    # The fixed words follow the language of the text, whatever the reader's browser asks for.
    with translation.override(content["language"]):
        if showing.is_withdrawn(publication):
            context = {
                "title": content["title"],
                "language": content["language"],
                "withdrawal": publication.withdrawal,
            }
            return render(request, "articles/article_withdrawn.html", context, status=410)
        context = {
            "page": Page(content, sources_at="articles:reference"),
            "imprint": Imprint.of(publication),
            "notices": showing.open_notices(publication),
            "publication": publication,
        }
        return render(request, "articles/article_detail.html", context)


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def picture(request, sha256, width, suffix):
    """A picture some published page shows; nothing else, whatever else is kept. Its name is its content: keep it."""
    return pictures.published_file(sha256, width, suffix)
