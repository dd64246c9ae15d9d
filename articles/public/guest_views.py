"""What an invited reader without an account gets.

One exact revision, and forms to say something about it.
"""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from articles.page.page import Page
from articles.pictures import storage
from articles.refusals import Refused
from articles.review import comments, invitations


@require_http_methods(["GET", "HEAD", "POST"])
def invited(request, secret):
    invitation = invitations.found_by(secret, at=timezone.now())
    if request.method == "POST":
        with translation.override(invitation.revision.content["language"]):
            response = _said(request, invitation)
    else:
        invitations.log_opening(invitation, at=timezone.now())
        content = invitation.revision.content
        with translation.override(content["language"]):
            page = Page(content, pictures_at="articles:invited_picture", pictures_of=secret)
            context = {
                "invitation": invitation,
                "page": page,
                "notices": [],
                "own": invitation.comments.all(),
                "takes_remarks": invitations.takes_comments(invitation),
            }
            response = render(request, "articles/invited.html", context)
    return _private(response)


@require_safe
def picture(request, secret, sha256, width, suffix):
    """A file of a picture that the very revision they were invited to shows.

    As long as the link holds.
    """
    invitation = invitations.found_by(secret, at=timezone.now())
    if not storage.is_in(invitation.revision.content, sha256, width, suffix):
        raise Http404
    return _private(storage.response(sha256, width, suffix))


def _private(response):
    response["Cache-Control"] = "no-store, private"
    # The address is the secret, so no other site is told it. Not "no-referrer": with that, browsers
    # say `Origin: null` when a form of the page itself is sent, and Django refuses it as one from
    # elsewhere.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _said(request, invitation):
    at = timezone.now()
    try:
        with transaction.atomic():
            if request.POST.get("act") == "answer":
                answers = [
                    request.POST.get(f"answer-{number}", "")
                    for number in range(len(invitation.questions))
                ]
                invitations.keep_answers(invitation, at=at, answers=answers)
                messages.success(request, _("Thank you. Your answers help us."))
            else:
                if not invitations.takes_comments(invitation):
                    raise Refused(
                        _("Thank you, that is more than we can read. Please write to us.")
                    )
                comments.add_guest_comment(
                    invitation,
                    at=at,
                    text=request.POST.get("text", ""),
                    quoted=request.POST.get("quoted", ""),
                )
                messages.success(request, _("Thank you. We read what you said."))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return HttpResponseRedirect(request.path)
