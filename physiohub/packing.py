"""Sending text packed."""

from django.middleware.gzip import GZipMiddleware

_TEXT = ("text/", "application/json", "application/xml", "application/atom+xml", "application/rss+xml", "image/svg+xml")


class PackText(GZipMiddleware):
    """Packs text; pictures and PDFs are packed already, and packing them again takes time and helps nobody.

    Django's own blurs the length of what it packs, so that nobody learns a secret from that (BREACH).
    """

    def process_response(self, request, response):
        if not response.get("Content-Type", "").startswith(_TEXT):
            return response
        return super().process_response(request, response)
