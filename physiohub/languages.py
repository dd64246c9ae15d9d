"""Choose the language of a page.

An article is in its own language, whatever the browser asks for, and says so in Content-Language.
Every other public page follows the reader: first the choice in their cookie, which they get only by
choosing, then their browser. The admin is in the language of the site. Its own words are not
translated, so with Django's translations it would mix two languages.
"""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django.views.i18n import set_language


class ReadersLanguage(LocaleMiddleware):
    def process_request(self, request: HttpRequest) -> None:
        if request.path_info.startswith("/admin/"):
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE
            translation.activate(settings.LANGUAGE_CODE)
        else:
            super().process_request(request)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        has_own_language = response.has_header("Content-Language")
        is_page = (
            response.get("Content-Type", "").startswith("text/html") and response.status_code != 304
        )
        if has_own_language or not is_page or request.path_info.startswith("/admin/"):
            # This is the same for everybody, so caches on the way can keep one copy.
            return response
        patch_vary_headers(response, ["Cookie"])  # it holds the choice of the reader
        return super().process_response(request, response)


# Somebody who tricks a reader into this changes the language of their buttons and nothing else. A
# CSRF token against that would give every reader a cookie before they choose.
choose_language = csrf_exempt(require_POST(set_language))
