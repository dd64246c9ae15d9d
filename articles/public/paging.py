"""Which page of a long list an address asks for."""

from django.http import Http404, HttpRequest

from articles.live.sorted_parts import NoSuchPage, PageOfParts, SortedParts


def page_of_parts(
    rows: SortedParts, request: HttpRequest, *, size: int, parameter: str = "page"
) -> PageOfParts:
    """Return the page that was asked for. Raises Http404 where the list has none of this number."""
    asked = request.GET
    try:
        return rows.page(
            page_number(request, parameter),
            size,
            after=asked.get(f"{parameter}_after", ""),
            before=asked.get(f"{parameter}_before", ""),
            name=parameter,
        )
    except NoSuchPage:
        raise Http404 from None


def page_number(request: HttpRequest, parameter: str = "page") -> int:
    """Return the number of the page that was asked for; 1 where nothing sensible was."""
    typed = request.GET.get(parameter, "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 7 else 1
