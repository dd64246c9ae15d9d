"""How much one request may send: one limit for bytes, one for fields, one for rows of a form.

They hold for every address. Who sends more is told so in a sentence (400.html).
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.shortcuts import render

MEGABYTE = 1_000_000
#: Bytes of everything but files, in a form or as JSON. An article of 300 kB with all its rows and
#: what its form remembers takes one and a half million.
MOST_BYTES = 2_500_000
#: Fields of a form. 200 rows of seven fields are 1,400.
MOST_FIELDS = 5_000
#: Rows of all lists of one form together, the empty ones too. A row costs 3 ms to check and show,
#: and two words in a request can announce 30,000 of them. The largest page we know has 150.
MOST_ROWS = 400
MOST_FILES = 40
#: Bytes of a whole request to the admin, from people who are not logged in (their form is kept for
#: them) and from those who are (references.formats reads files of 100 MB).
MOST_OF_STRANGERS, MOST_OF_STAFF = 16 * MEGABYTE, 101 * MEGABYTE
#: What is read of a request that is too large: a browser shows the answer only after it has sent
#: all of its own.
_READ_AND_DROPPED = 200 * MEGABYTE

_TOTAL = "-TOTAL_FORMS"


class RequestLimits:
    """Middleware: refuses what is too large before any of it is kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        size = request.META.get("CONTENT_LENGTH") or "0"
        if not size.isascii() or not size.isdecimal() or len(size) > 15:
            return refused(request)
        if int(size) > _most_bytes(request, int(size)):
            left = min(int(size), _READ_AND_DROPPED)
            while left > 0 and (piece := request.read(min(left, 65_536))):
                left -= len(piece)
            return refused(request, RequestDataTooBig())
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        """Raise TooManyFieldsSent for a form that announces too many rows."""
        if request.method == "POST":
            check_rows(request.POST.items())


def _most_bytes(request: HttpRequest, size: int) -> int:
    if not request.path_info.startswith("/admin/"):
        return MOST_BYTES
    if size > MOST_OF_STRANGERS and request.user.is_authenticated:
        return MOST_OF_STAFF
    return MOST_OF_STRANGERS


def check_rows(fields: Iterable[tuple[str, Any]]) -> None:
    """Raise TooManyFieldsSent if the form with `fields` (names and values) has too many rows."""
    rows = 0
    for name, value in fields:
        if name.endswith(_TOTAL):
            number = str(value).strip()
            is_number = number.isdecimal() and len(number) < 20
            rows += int(number) if is_number else 0  # Django takes no rows of anything else
    if rows > MOST_ROWS:
        raise TooManyFieldsSent(f"{rows} rows")


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that is too large, or none that can be read: 413 or 400.

    `exception` is what Django raised; a bare answer without a sentence would be its own.
    """
    is_too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    context = {
        "is_too_large": isinstance(exception, RequestDataTooBig),
        "is_too_many": isinstance(exception, TooManyFieldsSent | TooManyFilesSent),
        "megabytes": f"{MOST_BYTES / MEGABYTE:g}",
        "fields": MOST_FIELDS,
        "rows": MOST_ROWS,
    }
    return render(None, "400.html", context, status=413 if is_too_much else 400)  # type: ignore[arg-type]
