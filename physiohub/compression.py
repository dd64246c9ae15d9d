"""Public pages are sent small.

Pages of the admin are not: they hold secrets beside what somebody typed, and compressed together the two can be
guessed from the size (BREACH). A public page holds nothing secret. Pictures are small already.
"""

from django.middleware.gzip import GZipMiddleware

_WORTH_IT = ("text/", "application/xml", "application/atom+xml")


class PublicPagesAreSmall(GZipMiddleware):
    def process_response(self, request, response):
        is_public = not request.path.startswith("/admin/") and not response.cookies
        if is_public and response.get("Content-Type", "").startswith(_WORTH_IT):
            return super().process_response(request, response)
        return response
