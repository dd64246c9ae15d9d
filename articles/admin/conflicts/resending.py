"""A save that could not be taken: the session had ended, or the thing was deleted. Everything
posted stays on the page.

Nothing is stored: what was typed goes out with the page and comes back with "Send again".
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
    """Mixin for the article's ModelAdmin.

    A save by somebody no longer logged in is not answered with a bare log-in.
    """

    def get_urls(self):
        urls = super().get_urls()
        for pattern in urls:
            if pattern.name in _FORMS:
                pattern.callback = self._keeping(pattern.callback)
        return urls

    def _keeping(self, view):
        @wraps(view)
        def keeping(request, *args, **kwargs):
            if request.method == "POST" and not self.admin_site.has_permission(request):
                return page(request, request.POST, request.get_full_path())
            response = view(request, *args, **kwargs)
            if getattr(response, "has_no_editor", False):
                del response._csp_update  # what the editor is allowed, pages without one are not
            return response

        return keeping


def csrf_failure(request, reason=""):
    """The CSRF failure view. A token that ran out with a log-in is no reason to lose an article.

    Only a form of our own gets its content back: what another site sent is refused as ever.
    """
    if request.method == "POST" and _is_an_articles_form(request) and _is_from_here(request):
        return page(request, request.POST, request.get_full_path())
    return csrf.csrf_failure(request, reason)


def page(request, data, address):
    """The page that keeps `data` (a QueryDict) and sends it to `address` when its reader
    says so.
    """
    is_in = admin.site.has_permission(request)
    title = _("Not saved yet: send it again") if is_in else _("Not saved yet: you were logged out")
    return _answer(request, title, data, address, status=403, is_in=is_in)


def page_of_something_deleted(request, typed, data, address):
    """The same for a save of what somebody deleted meanwhile; `address` makes it anew, or is None
    where nobody can.

    `typed` is [(label, text)], to be read and copied.
    """
    data = data if address else QueryDict()
    return _answer(
        request,
        _("Deleted meanwhile"),
        data,
        address,
        status=409,
        is_in=True,
        is_deleted=True,
        typed=typed,
    )


def _answer(request, title, data, address, *, status, **context):
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


def _is_an_articles_form(request):
    try:
        return resolve(request.path_info).url_name in _FORMS
    except Resolver404:
        return False


def _is_from_here(request):
    """Whether the browser itself says that the form stood on a page of this site.

    No word counts as no.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    said = urlsplit(request.headers.get("Origin") or request.headers.get("Referer") or "")
    return (said.scheme, said.netloc) == (request.scheme, request.get_host())
