"""A save that was refused because the session had ended or the object was deleted.

The page holds everything that was posted and sends it again with "Send again". Nothing is stored.
"""

from functools import wraps
from urllib.parse import urlsplit

from django.contrib import admin
from django.http import QueryDict
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views import csrf

_FORMS = {"articles_article_add", "articles_article_change"}


class KeepsWhatWasPosted:
    """Mixin for the article's ModelAdmin: keeps a save by somebody who was logged out."""

    def get_urls(self):
        urls = super().get_urls()
        for pattern in urls:
            if pattern.name in _FORMS:
                pattern.callback = self._keeps_post(pattern.callback)
        return urls

    def _keeps_post(self, view):
        @wraps(view)
        def view_that_keeps_post(request, *args, **kwargs):
            if request.method == "POST" and not self.admin_site.has_permission(request):
                return page(request, request.POST, request.get_full_path())
            response = view(request, *args, **kwargs)
            if getattr(response, "has_no_editor", False):
                del response._csp_update  # only pages with the editor need its policy
            return response

        return view_that_keeps_post


def csrf_failure(request, reason=""):
    """Answer a failed CSRF check: a token that ended with a session must not lose an article.

    Only a form of our own gets its content back. What another site sent is refused as always.
    """
    if request.method == "POST" and _is_article_form(request) and _is_same_origin(request):
        return page(request, request.POST, request.get_full_path())
    return csrf.csrf_failure(request, reason)


def page(request, data, address):
    """Return the page that holds `data` (a QueryDict) and can send it to `address` again."""
    is_in = admin.site.has_permission(request)
    title = _("Not saved yet: send it again") if is_in else _("Not saved yet: you were logged out")
    return _response(request, title, data, address, status=403, is_in=is_in)


def page_of_something_deleted(request, typed, data, address):
    """Return the page for a save of an object that somebody deleted meanwhile.

    `address` is where it can be created again, or None if the person may not. `typed` is
    [(label, text)], to read and to copy.
    """
    data = data if address else QueryDict()
    return _response(
        request,
        _("Deleted meanwhile"),
        data,
        address,
        status=409,
        is_in=True,
        is_deleted=True,
        typed=typed,
    )


def _response(request, title, data, address, *, status, **context):
    context = {
        **admin.site.each_context(request),
        "title": title,
        "fields": [
            (name, text)
            for name, texts in data.lists()
            for text in texts
            if name != "csrfmiddlewaretoken"
        ],
        "address": address,
        "login": f"{reverse('admin:login')}?next={reverse('admin:index')}",
        **context,
    }
    response = TemplateResponse(request, "admin/conflicts/resend.html", context, status=status)
    response.has_no_editor = True
    add_never_cache_headers(response)
    return response


def _is_article_form(request):
    try:
        return resolve(request.path_info).url_name in _FORMS
    except Resolver404:
        return False


def _is_same_origin(request):
    """Return whether the browser says that the form was on a page of this site.

    Silence counts as no.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = urlsplit(request.headers.get("Origin") or request.headers.get("Referer") or "")
    return (origin.scheme, origin.netloc) == (request.scheme, request.get_host())
