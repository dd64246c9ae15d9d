"""The page for an invited reader without an account: one exact revision, and forms to comment."""

from typing import TypeVar

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Invitation
from articles.page.page import Page
from articles.pictures import storage
from articles.refusals import Refused
from articles.review import comments, invitations

Response = TypeVar("Response", bound=HttpResponseBase)


@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest, secret: str) -> HttpResponse:
    invitation = invitations.found_by(secret, at=timezone.now())
    if request.method == "POST":
        with translation.override(invitation.revision.content["language"]):
            response = _act(request, invitation)
    else:
        invitations.log_opening(invitation, at=timezone.now())
        content = invitation.revision.content
        with translation.override(content["language"]):
            page = Page(content, picture_url_name="articles:invited_picture", guest_secret=secret)
            context = {
                "invitation": invitation,
                "page": page,
                "notices": [],
                "own": invitation.comments.all(),
                "takes_comments": invitations.takes_comments(invitation),
            }
            response = render(request, "articles/invited.html", context)
    return _private(response)


@require_safe
def picture(
    request: HttpRequest, secret: str, sha256: str, width: int, suffix: str
) -> HttpResponseBase:
    """Send a file of a picture that the revision shows, for as long as the invitation is valid."""
    invitation = invitations.found_by(secret, at=timezone.now())
    if not storage.shows_file(invitation.revision.content, sha256, width, suffix):
        raise Http404
    return _private(storage.response(sha256, width, suffix))


def _private(response: Response) -> Response:
    response["Cache-Control"] = "no-store, private"
    # The address is the secret, so no other site may get it. Not "no-referrer": with that, browsers
    # send `Origin: null` with the forms of this very page, and Django refuses them.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _act(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Keep the answers or the comment that was sent, and say what became of it.

    It is kept under the name of the person who was invited, so nobody with an account may send it.
    """
    if request.user.is_authenticated:
        messages.warning(
            request,
            _(
                "You are signed in with an account, and this is for the person who was invited."
                " Say it on the review page, or sign out first."
            ),
        )
        return HttpResponseRedirect(request.path)
    keep = _keep_answers if request.POST.get("act") == "answer" else _keep_comment
    try:
        with transaction.atomic():
            messages.success(request, keep(request, invitation))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return HttpResponseRedirect(request.path)


def _keep_answers(request: HttpRequest, invitation: Invitation) -> str:
    numbers = range(len(invitation.questions))
    answers = [request.POST.get(f"answer-{number}", "") for number in numbers]
    invitations.keep_answers(invitation, at=timezone.now(), answers=answers)
    return _("Thank you. Your answers help us.")


def _keep_comment(request: HttpRequest, invitation: Invitation) -> str:
    if not invitations.takes_comments(invitation):
        raise Refused(_("Thank you, that is more than we can read. Please write to us."))
    comments.add_guest_comment(
        invitation,
        at=timezone.now(),
        text=request.POST.get("text", ""),
        quoted=request.POST.get("quoted", ""),
    )
    return _("Thank you. We read what you said.")
