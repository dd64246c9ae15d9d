"""The public pages of the evidence.

Every work live pages name, and what each of them says on the strength of it.
"""

from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_safe

from articles.live import cited_works, pages
from articles.page.sources import source_entry
from articles.wording import STUDY_KINDS
from references import exporting

#: Longer searches are cut: no title is found by more.
_LONGEST_SEARCH = 200


@require_safe
def reference_list(request):
    """The works, 50 a page; `q` are words to search for, `kind` is a kind of study.

    About five queries.
    """
    words = request.GET.get("q", "")[:_LONGEST_SEARCH].replace("\x00", "").strip()
    kind = request.GET.get("kind", "")
    there = cited_works.kinds()
    kind = kind if kind in there else ""
    page = Paginator(cited_works.listed(words=words, kind=kind), cited_works.A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "words": words,
        "kind": kind,
        "kinds": [(key, name) for key, name in STUDY_KINDS.items() if key in there],
        "page_of_works": page,
        "before": "".join(
            f"{name}={quote(said)}&" for name, said in (("q", words), ("kind", kind)) if said
        ),
        "sources": [(row.uid, source_entry(row.entry)) for row in page],
    }
    return render(request, "articles/reference_list.html", context)


@require_safe
def reference(request, uid):
    """One work; a redirect for the uid of a row that was merged.

    404 for what no live page names.
    """
    work = cited_works.work(uid)
    if not isinstance(work, cited_works.Work):
        return redirect("articles:reference", uid=work, permanent=True)
    return render(request, "articles/reference_detail.html", {"work": work})


@require_safe
def article_references(request, slug, suffix):
    """The references of a live article as a file to take along."""
    publication = pages.at_address(slug)
    if pages.is_withdrawn(publication):
        raise Http404
    if publication.slug != slug:
        return redirect(
            "articles:article_references", slug=publication.slug, suffix=suffix, permanent=True
        )
    content = publication.revision.content
    with translation.override(content["language"]):
        references = cited_works.in_order(content)
    return reference_file(references, exporting.kind_of(suffix), f"{slug}-references")


def reference_file(references, kind, name):
    """An HttpResponse with the file; `kind` is a key of exporting.KINDS, `name` has no ending."""
    known = exporting.KINDS[kind]
    return HttpResponse(
        "".join(exporting.export(references, kind)),
        content_type=known.header,
        headers={"Content-Disposition": exporting.disposition(name, kind)},
    )
