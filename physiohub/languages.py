"""Which language a page comes in.

An article speaks its own language, whatever the reader's browser asks for, and says so in
Content-Language. Every other public page follows the reader: their choice, kept in a cookie they
get only by choosing, else their browser. The admin is in the site's own language: its words are not
translated, and Django's alone would make a medley.
"""

from django.conf import settings
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django.views.i18n import set_language


class ReadersLanguage(LocaleMiddleware):
    def process_request(self, request):
        if request.path_info.startswith("/admin/"):
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE
            translation.activate(settings.LANGUAGE_CODE)
        else:
            super().process_request(request)

    def process_response(self, request, response):
        says_so = response.has_header("Content-Language")
        follows_the_reader = (
            response.get("Content-Type", "").startswith("text/html") and response.status_code != 304
        )
        if says_so or not follows_the_reader or request.path_info.startswith("/admin/"):
            # The same for everybody: a cache between us and them may keep one copy.
            return response
        patch_vary_headers(response, ["Cookie"])  # where the choice is kept
        return super().process_response(request, response)


# Whoever tricks a reader into this changes the language of their buttons, and nothing else; a token
# against it would cost every reader a cookie before they choose.
choose = csrf_exempt(require_POST(set_language))
