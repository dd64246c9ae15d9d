"""The public pages of the evidence: every work that live pages cite, and what they say with it."""

from collections.abc import Iterable
from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_safe

from articles.live import cited_works, pages
from articles.live.sorted_parts import NoSuchPage, PageOfParts, SortedParts
from articles.page.sources import source_entry
from articles.wording import STUDY_KINDS
from references import exporting

from .paging import page_number, page_of_parts

#: Live pages that cite a work, on one page about it. Each is read whole.
CITING_ON_A_PAGE = 20
#: Longer searches are cut. No title needs more.
_LONGEST_SEARCH = 200


@require_safe
def reference_list(request: HttpRequest) -> HttpResponse:
    """Show the works, 50 on a page. `q` holds words to search for, `kind` a kind of study.

    Costs about five queries.
    """
    words = request.GET.get("q", "")[:_LONGEST_SEARCH].replace("\x00", "").strip()
    kind = request.GET.get("kind", "")
    kinds = cited_works.kinds()
    kind = kind if kind in kinds else ""
    works = cited_works.works_in_order(words=words, kind=kind)
    page = _page_of_works(works, request)
    context = {
        "words": words,
        "kind": kind,
        "kinds": [(key, name) for key, name in STUDY_KINDS.items() if key in kinds],
        "page_of_works": page,
        "count": works.count,
        "before": "".join(
            f"{name}={quote(value)}&" for name, value in (("q", words), ("kind", kind)) if value
        ),
        "sources": [(row.uid, source_entry(row.entry)) for row in page],
    }
    return render(request, "articles/reference_list.html", context)


def _page_of_works(works: SortedParts, request: HttpRequest) -> PageOfParts:
    """Return the page that was asked for; the last where there is none so far, else the first."""
    number = page_number(request)
    last = max(1, -(-works.count // cited_works.A_PAGE))
    asked = {name: request.GET.get(f"page_{name}", "") for name in ("after", "before")}
    try:
        return works.page(min(max(number, 1), last), cited_works.A_PAGE, **asked)
    except NoSuchPage:
        return works.page(1, cited_works.A_PAGE)


@require_safe
def reference(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show one work.

    The uid of a reference that was merged redirects to the one it was merged into.

    404 for a work that no live page cites.
    """
    work = cited_works.work(uid, lambda rows: page_of_parts(rows, request, size=CITING_ON_A_PAGE))
    if not isinstance(work, cited_works.Work):
        return redirect("articles:reference", uid=work, permanent=True)
    return render(request, "articles/reference_detail.html", {"work": work})


@require_safe
def article_references(request: HttpRequest, slug: str, suffix: str) -> HttpResponse:
    """Send the references of a live article as a file to download."""
    publication = pages.at_address(slug)
    if pages.is_withdrawn(publication):
        raise Http404
    if publication.slug != slug:
        return redirect(
            "articles:article_references", slug=publication.slug, suffix=suffix, permanent=True
        )
    content = publication.revision.content
    with translation.override(content["language"]):
        references = cited_works.references_in_page_order(content)
    return reference_file(references, exporting.kind_of(suffix), f"{slug}-references")


def reference_file(
    references: Iterable[exporting.Exportable], kind: str, name: str
) -> HttpResponse:
    """Return a response with the file. `kind` is a key of exporting.KINDS, `name` has no ending."""
    file_kind = exporting.KINDS[kind]
    return HttpResponse(
        "".join(exporting.export(references, kind)),
        content_type=file_kind.header,
        headers={"Content-Disposition": exporting.disposition(name, kind)},
    )
