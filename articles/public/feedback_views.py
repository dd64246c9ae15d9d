"""Did this page help you? Plain pages and posts: no script, no cookie, and nothing that says who
answered.

There is no CSRF token, for a token needs a cookie on every article. What it would prevent is
prevented otherwise: a post that a browser says comes from another site is refused, and words are
only added with the signed ticket that the answer before gave.
"""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles.live import pages
from articles.models import Publication

from . import feedback, rate_limits

#: Posts an hour from one network (a clinic's waiting room is one), and from all together.
MOST, MOST_OF_ALL = 40, 2000


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, slug):
    """The question, the box after it, and what is posted from both."""
    publication = pages.at_address(slug)
    if pages.is_withdrawn(publication):
        return redirect(publication)  # which says why
    with translation.override(publication.language):
        return (
            _take(request, publication) if request.method == "POST" else _show(request, publication)
        )


@never_cache
@require_safe
def thanks(request, slug):
    publication = pages.at_address(slug)
    with translation.override(publication.language):
        return render(request, "articles/feedback_thanks.html", _context(publication))


def _show(request, publication, *, refusal="", status=200):
    """The box where an answer was given, else the question; what was typed stays."""
    ticket = request.POST.get("ticket") or request.GET.get("ticket", "")
    given = feedback.of_ticket(ticket, _versions(publication)) if ticket else None
    context = {
        **_context(publication),
        "number": publication.number,
        "given": given,
        "ticket": ticket,
        "parts": feedback.page_parts(given.publication) if given else [],
        "typed": request.POST.get("text", ""),
        "section": request.POST.get("section", ""),
        "most_letters": feedback.MOST_LETTERS,
        "refusal": refusal,
    }
    return render(request, "articles/feedback.html", context, status=status)


def _take(request, publication):
    if _is_from_another_site(request):
        return _show(request, publication, refusal=_("Please answer on our own page."), status=403)
    now = timezone.now()
    if rate_limits.is_too_often(
        "feedback", _address(request), at=now, most=MOST, most_of_all=MOST_OF_ALL
    ):
        sentence = _("We had many answers from where you are. Please try again in an hour.")
        return _show(request, publication, refusal=sentence, status=429)
    if "ticket" in request.POST:
        return _take_words(request, publication)
    helped = request.POST.get("helped")
    if helped not in {"yes", "no"}:
        return _show(request, publication, refusal=_("Please choose “Yes” or “No”."), status=400)
    about = _version(request, publication)
    _kept, ticket = feedback.keep_answer(about, helped=helped == "yes", on=timezone.localdate(now))
    here = reverse("articles:feedback", args=[publication.slug])
    return HttpResponseRedirect(f"{here}?{urlencode({'ticket': ticket})}", status=303)


def _take_words(request, publication):
    given = feedback.of_ticket(request.POST["ticket"], _versions(publication))
    if given is None:
        sentence = _(
            "That took a long time, so we need your first answer again. Please choose “Yes” or"
            " “No”."
        )
        return _show(request, publication, refusal=sentence, status=400)
    try:
        feedback.add_words(
            given, request.POST.get("text", ""), section=request.POST.get("section", "")
        )
    except feedback.TooLong as too_long:
        return _show(request, publication, refusal=str(too_long), status=400)
    return HttpResponseRedirect(
        reverse("articles:feedback_thanks", args=[publication.slug]), status=303
    )


def _context(publication):
    content = publication.revision.content
    return {
        "title": content["title"],
        "language": content["language"],
        "address": publication.get_absolute_url(),
    }


def _versions(publication):
    return Publication.objects.filter(article=publication.article_id)


def _version(request, publication):
    """The version the reader had before them, which may be an earlier one."""
    typed = request.POST.get("version", "")
    if typed.isascii() and typed.isdecimal() and len(typed) < 7:
        return _versions(publication).filter(number=int(typed)).first() or publication
    return publication


def _is_from_another_site(request):
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return True
    origin = request.headers.get("Origin", "null")
    return origin != "null" and urlsplit(origin).netloc != request.get_host()


def _address(request):
    """Where the post comes from.

    With https there is a proxy before us (settings), and it names the last hop last.
    """
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.IS_HTTPS else ""
    return forwarded.split(",")[-1].strip() or request.META.get("REMOTE_ADDR", "")
