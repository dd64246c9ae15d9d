"""What readers get. Reads publications, their revisions and safety notices; never a working row."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from . import showing
from .page import Imprint, Page


@require_safe
def home(request):
    return render(request, "articles/home.html", {"articles": showing.live_titles()})


@require_safe
def article_list(request):
    return render(request, "articles/article_list.html", {"articles": showing.live_titles()})


@require_safe
def article(request, slug):
    """A live article; 410 with the reason when it was withdrawn; a redirect from an address it had before."""
    publication = showing.at_address(slug)
    if publication.slug != slug:
        return redirect(publication, permanent=True)
    if showing.is_withdrawn(publication):
        context = {"title": publication.revision.content["title"], "withdrawal": publication.withdrawal}
        return render(request, "articles/article_withdrawn.html", context, status=410)
    context = {
        "page": Page(publication.revision.content),
        "imprint": Imprint.of(publication),
        "notices": showing.open_notices(publication),
        "publication": publication,
        "page_language": publication.language,
    }
    return render(request, "articles/article_detail.html", context)
