"""The question "Did this page help you?", without scripts, cookies or the name of who answers.

There is no CSRF token, because a token needs a cookie on every article. Two other things protect
the forms: a post that the browser says comes from another site is refused, and words are added only
with the signed ticket that the first answer gave.
"""

from urllib.parse import urlencode, urlsplit

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles.live import pages
from articles.models import Publication
from physiohub import rate_limits
from physiohub.network import network_address

from . import feedback

#: Posts in an hour from one network, such as the waiting room of a clinic, and from all networks.
MOST, MOST_OF_ALL = 40, 2000


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Show the question and the box after it, and take what is posted from both."""
    publication = pages.at_address(slug)
    if pages.is_withdrawn(publication):
        return redirect(publication)  # which says why
    with translation.override(publication.language):
        if request.method == "POST":
            return _accept(request, publication)
        return _show(request, publication)


@never_cache
@require_safe
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    publication = pages.at_address(slug)
    with translation.override(publication.language):
        return render(request, "articles/feedback_thanks.html", _context(publication))


def _show(
    request: HttpRequest, publication: Publication, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    """Show the box for words where an answer was given, and else the question.

    What the reader has typed stays.
    """
    ticket = request.POST.get("ticket") or request.GET.get("ticket", "")
    saved = feedback.feedback_for_ticket(ticket, _versions(publication)) if ticket else None
    context = {
        **_context(publication),
        "number": publication.number,
        "given": saved,
        "ticket": ticket,
        "parts": feedback.page_parts(saved.publication) if saved else [],
        "typed": request.POST.get("text", ""),
        "section": request.POST.get("section", ""),
        "most_letters": feedback.MAX_CHARACTERS,
        "refusal": refusal,
    }
    return render(request, "articles/feedback.html", context, status=status)


def _accept(request: HttpRequest, publication: Publication) -> HttpResponse:
    if _is_from_another_site(request):
        return _show(request, publication, refusal=_("Please answer on our own page."), status=403)
    now = timezone.now()
    if rate_limits.is_too_often(
        "feedback", network_address(request), at=now, most=MOST, most_of_all=MOST_OF_ALL
    ):
        refusal = _("We had many answers from where you are. Please try again in an hour.")
        return _show(request, publication, refusal=refusal, status=429)
    if "ticket" in request.POST:
        return _accept_words(request, publication)
    helped = request.POST.get("helped")
    if helped not in {"yes", "no"}:
        return _show(request, publication, refusal=_("Please choose “Yes” or “No”."), status=400)
    publication_read = _version(request, publication)
    _kept, ticket = feedback.keep_answer(
        publication_read, helped=helped == "yes", on=timezone.localdate(now)
    )
    address = reverse("articles:feedback", args=[publication.slug])
    return HttpResponseRedirect(f"{address}?{urlencode({'ticket': ticket})}", status=303)


def _accept_words(request: HttpRequest, publication: Publication) -> HttpResponse:
    saved = feedback.feedback_for_ticket(request.POST["ticket"], _versions(publication))
    if saved is None:
        refusal = _(
            "That took a long time, so we need your first answer again. Please choose “Yes” or"
            " “No”."
        )
        return _show(request, publication, refusal=refusal, status=400)
    try:
        feedback.add_words(
            saved, request.POST.get("text", ""), section=request.POST.get("section", "")
        )
    except feedback.TooLong as too_long:
        return _show(request, publication, refusal=str(too_long), status=400)
    return HttpResponseRedirect(
        reverse("articles:feedback_thanks", args=[publication.slug]), status=303
    )


def _context(publication: Publication) -> dict[str, str]:
    content = publication.revision.content
    return {
        "title": content["title"],
        "language": content["language"],
        "address": publication.get_absolute_url(),
    }


def _versions(publication: Publication) -> QuerySet[Publication]:
    return Publication.objects.filter(article=publication.article_id)


def _version(request: HttpRequest, publication: Publication) -> Publication:
    """Return the version that the reader saw, which may be an earlier one."""
    typed = request.POST.get("version", "")
    if typed.isascii() and typed.isdecimal() and len(typed) < 7:
        return _versions(publication).filter(number=int(typed)).first() or publication
    return publication


def _is_from_another_site(request: HttpRequest) -> bool:
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return True
    origin = request.headers.get("Origin", "null")
    return origin != "null" and urlsplit(origin).netloc != request.get_host()
