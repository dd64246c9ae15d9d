"""Public pages are sent small: with Brotli where the browser takes it, else with gzip.

Pages of the admin are not: they hold secrets beside what somebody typed, and compressed together
the two can be guessed from the size (BREACH). A public page holds nothing secret. Pictures are
small already.
"""

import re

import brotli
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

_WORTH_IT = ("text/", "application/xml", "application/atom+xml")
#: A header of its own weighs more than what is won on less.
_FEWEST_BYTES = 200
#: On our pages a quarter less than gzip for two milliseconds more; the next step would take ten
#: times as long.
_QUALITY = 5
#: The coding "br" in Accept-Encoding, unless refused with a weight of nought (RFC 9110, 12.5.3).
_TAKES_BROTLI = re.compile(
    r"(?:^|,)\s*br\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[\d.]+\s*)?(?:,|$)", re.IGNORECASE
)


class PublicPagesAreSmall(GZipMiddleware):
    def process_response(self, request, response):
        is_public = not request.path.startswith("/admin/") and not response.cookies
        if not (is_public and response.get("Content-Type", "").startswith(_WORTH_IT)):
            return response
        is_whole = not response.streaming and not response.has_header("Content-Encoding")
        if is_whole and len(response.content) >= _FEWEST_BYTES:
            patch_vary_headers(response, ("Accept-Encoding",))
            if _TAKES_BROTLI.search(request.headers.get("Accept-Encoding", "")):
                return _with_brotli(response)
        return super().process_response(request, response)


def _with_brotli(response):
    response.content = brotli.compress(response.content, mode=brotli.MODE_TEXT, quality=_QUALITY)
    response["Content-Length"] = str(len(response.content))
    response["Content-Encoding"] = "br"
    if (etag := response.get("ETag", "")).startswith('"'):
        response["ETag"] = f"W/{etag}"  # other bytes than those it names (RFC 9110, 8.8.1)
    return response
