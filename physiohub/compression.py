"""Compress public pages, with Brotli where the browser accepts it and else with gzip.

Pages of the admin are not compressed. They hold secrets beside what somebody typed, and when both
are compressed together, the size of the page gives the secrets away (BREACH). A public page holds
no secret. Pictures are compressed already.
"""

import re

import brotli
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware, re_accepts_gzip
from django.utils.cache import patch_vary_headers

_COMPRESSED_TYPES = ("text/", "application/xml", "application/atom+xml")
#: For shorter pages the extra header is larger than what compression saves.
_MIN_BYTES = 200
#: Gives our pages three quarters of the size of gzip for two milliseconds more. The next quality
#: takes ten times as long.
_QUALITY = 5
#: The coding "br" in Accept-Encoding, unless its weight is 0 (RFC 9110, 12.5.3).
_ACCEPTS_BROTLI = re.compile(
    r"(?:^|,)\s*br\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[\d.]+\s*)?(?:,|$)", re.IGNORECASE
)


def coding_for(accepted: str) -> str:
    """Return the coding of a public page for this Accept-Encoding: "br", "gzip" or ""."""
    if _ACCEPTS_BROTLI.search(accepted):
        return "br"
    return "gzip" if re_accepts_gzip.search(accepted) else ""


class CompressPublicPages(GZipMiddleware):
    # Nothing to hide, and a page has one ETag on all workers.
    max_random_bytes = 0

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        is_public = not request.path.startswith("/admin/") and not response.cookies
        if not (is_public and response.get("Content-Type", "").startswith(_COMPRESSED_TYPES)):
            return response
        if response.has_header("Content-Encoding"):
            return response
        # A streamed response is another class and is left to gzip.
        if isinstance(response, HttpResponse) and len(response.content) >= _MIN_BYTES:
            patch_vary_headers(response, ("Accept-Encoding",))
            if coding_for(request.headers.get("Accept-Encoding", "")) == "br":
                return _with_brotli(response)
        return super().process_response(request, response)


def _with_brotli(response: HttpResponse) -> HttpResponse:
    response.content = brotli.compress(response.content, mode=brotli.MODE_TEXT, quality=_QUALITY)
    response["Content-Length"] = str(len(response.content))
    response["Content-Encoding"] = "br"
    if (etag := response.get("ETag", "")).startswith('"'):
        response["ETag"] = f"W/{etag}"  # weak, because the bytes are others (RFC 9110, 8.8.1)
    return response
