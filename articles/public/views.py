"""The pages for readers. They show publications, revisions and safety notices, never a draft."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from articles.live import newer_versions, pages, topics, version_history
from articles.live.body_parts import by_body_part
from articles.live.languages import InLanguage, by_language, number_of_pages, readers_language
from articles.live.search import results
from articles.models import LiveTerm, Publication
from articles.page.imprint import Imprint
from articles.page.page import LivePage, Page
from articles.paper import handouts, typesetting
from articles.paper.handouts import HandoutKind, PDFOfHandout
from articles.pictures import storage
from articles.revisions.frozen_content import FrozenContent
from physiohub import branding

from . import body_map, finished_pages, share_images
from .paging import page_number, page_of_parts

NEWEST_ON_HOME = 6
CONDITIONS_ON_HOME = 12
#: How many articles, or findings, one page of a list shows.
ON_A_PAGE = 60
#: How long a browser keeps a PDF without asking again, in seconds.
PDF_IS_KEPT = 60 * 60


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    language = readers_language()
    numbers = number_of_pages(language)
    # Where there is no page in the reader's language, those in the next that has some.
    shown_in = numbers[0].language if numbers else language
    articles = pages.newest_titles(NEWEST_ON_HOME, shown_in)
    conditions = pages.conditions(shown_in)
    own = [term for term in conditions if term.live.language == shown_in]
    shown = sorted(own, key=lambda term: -term.articles)[:CONDITIONS_ON_HOME]
    context = {
        "articles": articles,
        "example": topics.example(articles),
        "body_map": _body_map(shown),
        "conditions": shown,
        "has_more_conditions": len(conditions) > len(shown),
        "others": [other for other in numbers if other.language != shown_in],
    }
    return render(request, "articles/home.html", context)


@require_safe
def article_list(request: HttpRequest) -> HttpResponse:
    """Show all live articles by title, those of a language first: `language`, or the reader's."""
    asked = request.GET.get("language", "")
    language = asked if asked in dict(settings.LANGUAGES) else readers_language()
    numbers = number_of_pages(readers_language())
    counts = {one.language: one.count for one in numbers}
    shown = page_of_parts(pages.titles_in_order(language, counts), request, size=ON_A_PAGE)
    context = {
        "shown": shown,
        "groups": by_language(shown, language, lambda live: live.language, counts),
        "others": [one for one in numbers if one.language != language],
        "before": f"language={language}&" if language == asked else "",
    }
    return render(request, "articles/article_list.html", context)


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a live article. An address that it had before redirects here.

    A withdrawn one answers 410 with the reason.
    """
    return _in_language_of_article(request, slug, "articles:article", _article)


@require_safe
def handout(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the article on one sheet of paper, to print and hand on.

    `?size=large` for large print, `?with=sources` for all that the page says.
    """
    return _in_language_of_article(request, slug, "articles:handout", _handout)


@cache_control(no_cache=True)
@require_safe
def handout_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead to the PDF of the newest version; 404 where this machine cannot make one."""
    if not typesetting.is_possible():
        raise Http404
    return _in_language_of_article(request, slug, "articles:handout_pdf", _lead_to_pdf)


@require_safe
def version_pdf(request: HttpRequest, slug: str, number: int, state: str = "") -> HttpResponse:
    """Send the handout of one version as a tagged PDF.

    `state` names what it shows, so what is sent for it never changes. When something else is laid
    over the text now, such as a new notice, this leads to that.
    """
    if not typesetting.is_possible():
        raise Http404
    newest, publication = version_history.publication_at(slug, number)
    if newest.slug != slug:
        return redirect("articles:version_pdf", newest.slug, number, permanent=True)
    with translation.override(publication.language):
        if pages.is_withdrawn(newest):
            response = _withdrawn(request, newest)
        else:
            response = _version_pdf(request, newest, publication, state)
    response["Content-Language"] = publication.language
    return response


def _in_language_of_article(
    request: HttpRequest,
    slug: str,
    address: str,
    answer: Callable[[HttpRequest, Publication], HttpResponse],
) -> HttpResponse:
    publication = pages.at_address(slug)
    if publication.slug != slug:
        return redirect(address, publication.slug, permanent=True)
    content = publication.revision.content
    # The words around the text are in its language, whatever language the browser asks for.
    with translation.override(content["language"]):
        if pages.is_withdrawn(publication):
            response = _withdrawn(request, publication)
        else:
            response = answer(request, publication)
    response["Content-Language"] = content["language"]
    return response


def _withdrawn(request: HttpRequest, publication: Publication, **more: Any) -> HttpResponse:
    context = {
        "title": publication.revision.content["title"],
        "language": publication.language,
        "withdrawal": publication.withdrawal,
        **more,
    }
    return render(request, "articles/article_withdrawn.html", context, status=410)


def _context_of_page(
    publication: Publication, live_pages: Mapping[str, LivePage] | None = None
) -> dict[str, Any]:
    revision = publication.revision
    notices = pages.open_notices(publication)
    return {
        "page": Page(
            revision.content,
            digest=revision.digest,
            source_url_name="articles:reference",
            live_pages=live_pages,
            newer_versions=newer_versions.lines_of(publication),
            checked_again=pages.claims_checked_again(notices),
        ),
        "imprint": Imprint.of(publication),
        "notices": notices,
        "languages": pages.LanguageVersions.of(publication),
        "publication": publication,
        "has_pdf": typesetting.is_possible(),
    }


def _article(
    request: HttpRequest, publication: Publication, printed: Publication | None = None
) -> HttpResponse:
    """Show a live article. `printed` is what is on the paper that the reader asks about, if any."""
    linked_pages = pages.LinkedPages.of(publication)
    context = _context_of_page(publication, linked_pages.by_uid)
    context |= {"related": linked_pages.related, "printed": printed}
    return render(request, "articles/article_detail.html", context)


def _kind_asked_for(request: HttpRequest) -> HandoutKind:
    asked = request.GET
    return HandoutKind(
        is_large=asked.get("size") == "large", has_sources=asked.get("with") == "sources"
    )


def _handout(request: HttpRequest, publication: Publication) -> HttpResponse:
    kind = _kind_asked_for(request)
    # We look for the files before we read of them, so that a PDF that is made meanwhile counts.
    if kind.has_sources:
        context = _context_of_handout_with_sources(publication, kind)
        files = handouts.files_seen(publication, context["notices"])
        template = "articles/handout_with_sources.html"
    else:
        notices = pages.open_notices(publication)
        files = handouts.files_seen(publication, notices)
        # What did not fit on the sheet of the PDF is not on the one a browser prints.
        steps = handouts.known_steps(publication, notices) if kind.is_fitted else 0
        context = handouts.sheet_context(publication, kind, notices=notices, steps=steps)
        template = "articles/handout.html"
    context["has_pdf"] = typesetting.is_possible()
    context["pdf_size"] = handouts.known_size(publication, context["notices"], kind)
    return finished_pages.made_from_files(render(request, template, context), files)


def _context_of_handout_with_sources(publication: Publication, kind: HandoutKind) -> dict[str, Any]:
    return {
        **_context_of_page(publication),
        **handouts.addresses(publication),
        "kind": kind,
        "is_large": kind.is_large,
    }


def _pdf(
    request: HttpRequest, publication: Publication, newest: Publication | None = None
) -> PDFOfHandout:
    """Return the handout that was asked for as a PDF.

    `newest` is the newest publication of the article where `publication` is an older one.
    """
    kind = _kind_asked_for(request)
    # There is no old version with all its sources on paper: a version has a page for that.
    if newest or not kind.has_sources:
        return handouts.sheet_pdf(
            publication,
            kind.without_sources,
            notices=pages.open_notices(publication),
            newest=newest,
        )
    # Without the request, whose own address is not part of what is printed.
    context = branding.about_the_site() | _context_of_handout_with_sources(publication, kind)
    return PDFOfHandout(
        publication,
        context["notices"],
        kind,
        lambda steps: render_to_string("articles/handout_with_sources.html", context),
    )


def _lead_to_pdf(request: HttpRequest, publication: Publication) -> HttpResponse:
    return redirect(_address_of_pdf(request, publication, _pdf(request, publication)))


def _address_of_pdf(request: HttpRequest, publication: Publication, pdf: PDFOfHandout) -> str:
    place = [publication.slug, publication.number, pdf.state]
    return reverse("articles:version_pdf", args=place) + _kind_asked_for(request).query


def _version_pdf(
    request: HttpRequest, newest: Publication, publication: Publication, state: str
) -> HttpResponse:
    is_old = publication.pk != newest.pk
    pdf = _pdf(request, publication, newest if is_old else None)
    if pdf.state != state:
        response: HttpResponse = redirect(_address_of_pdf(request, publication, pdf))
        patch_cache_control(response, no_cache=True)
        return response
    name = f"{publication.slug}-{publication.number}.pdf"
    response = HttpResponse(
        pdf.data(),
        content_type="application/pdf",
        headers={
            "Content-Disposition": content_disposition_header(False, name),
            "Link": f'<{handouts.address_of(newest)}>; rel="canonical"',
        },
    )
    # Not for a year: people who kept this address have to see a new notice soon.
    patch_cache_control(response, public=True, max_age=PDF_IS_KEPT, immutable=True)
    return response


@cache_control(no_cache=True)
@require_safe
def paper(request: HttpRequest, slug: str, number: int, digest: str) -> HttpResponse:
    """Say whether a handout is still the newest, else what has changed: its code leads here.

    Of the newest one this is the page itself, with a line on top. That has an address of its own,
    so no cache takes it for the page. A withdrawn page answers 410 with the reason.
    """
    newest, printed = version_history.printed_at(slug, number, digest)
    with translation.override(printed.language):
        if pages.is_withdrawn(newest):
            response = _withdrawn(request, newest, printed=printed)
        elif printed.pk == newest.pk:
            response = _article(request, newest, printed)
        else:
            response = _old_paper(request, newest, printed)
    response["Content-Language"] = printed.language
    return response


def _old_paper(request: HttpRequest, newest: Publication, printed: Publication) -> HttpResponse:
    context = {
        "newest": newest,
        "printed": printed,
        "title": newest.revision.content["title"],
        "language": newest.language,
        "since": version_history.changes_between(printed, newest),
        "notices": pages.open_notices(newest),
        "has_pdf": typesetting.is_possible(),
    }
    return render(request, "articles/paper.html", context)


@require_safe
def condition_list(request: HttpRequest) -> HttpResponse:
    groups = _conditions_by_language()
    first = groups[0].rows if groups else []
    context = {"groups": groups, "parts": by_body_part(first), "body_map": _body_map(first)}
    return render(request, "articles/condition_list.html", context)


def _body_map(conditions: list[LiveTerm]) -> body_map.BodyMap | None:
    return body_map.leading_to({condition.body_part for condition in conditions})


def _conditions_by_language() -> list[InLanguage]:
    language = readers_language()
    return by_language(pages.conditions(language), language, lambda term: term.live.language)


@require_safe
def condition(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a condition, what is tried for it, and what live articles found, by outcome."""
    language = readers_language()
    term = pages.condition(slug, language)
    about = pages.AboutCondition.of(slug)
    shown = page_of_parts(pages.articles_about(about, language), request, size=ON_A_PAGE)
    context = {
        "condition": term,
        "shown": shown,
        "groups": by_language(shown, language, lambda one: one.live.language),
    }
    if any(about.findings.values()):
        found = page_of_parts(
            topics.findings_about(about, language), request, size=ON_A_PAGE, parameter="findings"
        )
        outcomes = topics.topic_outcomes(slug, topics.findings_of(found))
        by_outcome = by_language(outcomes, language, lambda outcome: outcome.language)
        context |= {"found": found, "outcomes": by_outcome}
    return render(request, "articles/condition_detail.html", context)


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    words = by_language(pages.glossary_terms(), readers_language(), lambda word: word.language)
    return render(request, "articles/word_list.html", {"groups": words})


@never_cache  # no cache may keep what a person has searched for
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    found = results.search(request.GET.get("q", ""), page=page_number(request))
    context = {
        "found": found,
        "is_search": True,
        "groups": [] if found.count else _conditions_by_language(),
    }
    response = render(request, "articles/search.html", context)
    if found.took_too_long:
        response.status_code, response["Retry-After"] = 503, "60"
    return response


@require_safe
def plain_page(request: HttpRequest, template: str) -> HttpResponse:
    """Show a page with a fixed text: about, accessibility or privacy.

    An operator can put a template of their own in its place.
    """
    return render(request, template)


@require_safe
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what changed and why, version by version. A withdrawn page has this list too."""
    newest, found = version_history.versions_at(slug)
    if newest.slug != slug:
        return redirect("articles:versions", newest.slug, permanent=True)
    with translation.override(newest.language):
        context = {
            "newest": newest,
            "title": newest.revision.content["title"],
            "language": newest.language,
            "versions": found,
            "withdrawal": newest.withdrawal if pages.is_withdrawn(newest) else None,
        }
        return render(request, "articles/versions.html", context)


@require_safe
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show one version as readers saw it, with what has changed since.

    An old one is marked as old.
    """
    newest, publication, since = version_history.version_at(slug, number)
    if newest.slug != slug:
        return redirect("articles:version", newest.slug, number, permanent=True)
    is_withdrawn = pages.is_withdrawn(newest)
    if publication.pk == newest.pk and not is_withdrawn:
        return redirect(newest)
    content = publication.revision.content
    with translation.override(publication.language):
        context = {
            "page": Page(_without_pictures(content) if is_withdrawn else content),
            "imprint": Imprint.of(publication),
            "notices": pages.open_notices(publication),
            "publication": publication,
            "newest": newest,
            "since": since,
            "withdrawal": newest.withdrawal if is_withdrawn else None,
        }
        return render(
            request, "articles/version.html", context, status=410 if is_withdrawn else 200
        )


def _without_pictures(content: FrozenContent) -> FrozenContent:
    """Return `content` without pictures: those of a withdrawn page are closed to readers."""
    return {**content, "pictures": []}


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def picture(request: HttpRequest, sha256: str, width: int, suffix: str) -> HttpResponseBase:
    """Send a picture that a published page shows, and no other.

    Its name changes with its content, so browsers can keep it for good.
    """
    return storage.published_picture(sha256, width, suffix)


@require_safe
@cache_control(public=True, max_age=86_400)
def share_image(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Send the picture that other sites show beside a link to a live article."""
    return HttpResponse(share_images.share_image(slug, number), content_type="image/png")
