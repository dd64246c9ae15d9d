"""The handout: a published page on one sheet of paper, and its PDF.

The sheet is fitted by typesetting it: steps of `sheet.ORDER` are taken until it has two sides.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import unquote

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from articles.live import pages
from articles.models import Publication, SafetyNotice
from articles.page.imprint import Imprint
from articles.page.page import Page
from physiohub import branding

from . import kept, typesetting
from .codes import qr
from .sheet import ORDER, Sheet

log = logging.getLogger(__name__)

#: One sheet of paper.
SIDES = 2
#: A PDF that could not be made is tried again after so many seconds.
_TRIED_AGAIN_AFTER = 60 * 60


class HandoutKind(NamedTuple):
    """Which handout: the sheet or all with its sources, in normal or in large print."""

    is_large: bool = False
    has_sources: bool = False

    @property
    def name(self) -> str:
        return ("sources" if self.has_sources else "sheet") + ("-large" if self.is_large else "")

    @property
    def query(self) -> str:
        """What follows the address: "" for the sheet."""
        wished = [("size=large", self.is_large), ("with=sources", self.has_sources)]
        query = "&".join(wish for wish, is_wished in wished if is_wished)
        return f"?{query}" if query else ""

    @property
    def other_size(self) -> "HandoutKind":
        return self._replace(is_large=not self.is_large)

    @property
    def with_sources(self) -> "HandoutKind":
        return self._replace(has_sources=True)

    @property
    def without_sources(self) -> "HandoutKind":
        return self._replace(has_sources=False)

    @property
    def is_fitted(self) -> bool:
        """Whether it is held to two sides."""
        return self == HandoutKind()


def sheet_context(
    publication: Publication,
    kind: HandoutKind,
    *,
    notices: list[SafetyNotice],
    newest: Publication | None = None,
    steps: int = 0,
) -> dict[str, Any]:
    """Return all that the template of a sheet needs.

    `newest` is the newest publication of the article where `publication` is an older one.
    """
    page = Page(
        publication.revision.content,
        digest=publication.revision.digest,
        checked_again=pages.claims_checked_again(notices),
    )
    return {
        **branding.about_the_site(),
        **addresses(publication),
        "page": page,
        "sheet": Sheet(page, steps),
        "imprint": Imprint.of(publication),
        "notices": notices,
        "languages": None if newest else pages.LanguageVersions.of(publication),
        "publication": publication,
        "newest": newest,
        "kind": kind,
        "is_large": kind.is_large,
        "paper": settings.PAPER_SIZE,
    }


def addresses(publication: Publication) -> dict[str, Any]:
    """Return the address of the page, the same as people type it, and the code to scan."""
    address = address_of(publication)
    return {
        "address": address,
        # As people read and type it: without %-escapes.
        "printed_address": unquote(address.split("://", 1)[1]).rstrip("/"),
        "qr": qr(scanned_address(publication)),
    }


def address_of(publication: Publication) -> str:
    return settings.SITE_URL + publication.get_absolute_url()


def scanned_address(publication: Publication) -> str:
    """Return the address in the code on paper: it says which text was printed.

    The slug and the number alone would not: after one article, another may have its address.
    """
    number, digest = publication.number, publication.revision.digest[:8]
    return settings.SITE_URL + reverse("articles:paper", args=[publication.slug, number, digest])


def files_seen(publication: Publication, notices: Iterable[SafetyNotice]) -> kept.FilesSeen:
    """Return what `known_size` and `known_steps` follow from. To be asked before them."""
    return kept.files_in(kept.folder_of(publication, notices))


def known_size(
    publication: Publication, notices: Iterable[SafetyNotice], kind: HandoutKind
) -> int | None:
    """Return how many bytes the PDF has; None if none has been made yet. Makes none."""
    file = kept.newest(kept.folder_of(publication, notices), kind.name)
    return file.size if file else None


def known_steps(publication: Publication, notices: Iterable[SafetyNotice]) -> int:
    """Return how many steps the PDF of the sheet took to fit; 0 if none has been made yet."""
    file = kept.newest(kept.folder_of(publication, notices), HandoutKind().name)
    return file.steps if file else 0


class PDFOfHandout:
    """The PDF of one publication in one kind. `render` gives its HTML after so many steps.

    Its state covers the text and all that is laid over it (notices, dates, the look of the site),
    so no PDF goes out of date.
    """

    def __init__(
        self,
        publication: Publication,
        notices: Iterable[SafetyNotice],
        kind: HandoutKind,
        render: Callable[[int], str],
    ) -> None:
        self._publication, self._kind, self._render = publication, kind, render
        self._folder = kept.folder_of(publication, notices)
        self._html = render(0)
        self.state = hashlib.sha256(self._html.encode()).hexdigest()[:12]

    def data(self) -> bytes:
        """Return the PDF, which is made once for each state."""
        if data := self._kept():
            return data
        with typesetting.one_at_a_time:
            if data := self._kept():
                return data
            steps, document = self._fitted() if self._kind.is_fitted else (0, self._typeset(0))
            data = document.pdf()
            kept.keep(self._folder, self._kind.name, self.state, steps, data)
            return data

    def _kept(self) -> bytes | None:
        return kept.data_of(self._folder, self._kind.name, self.state)

    def _typeset(self, steps: int) -> typesetting.Typeset:
        content = self._publication.revision.content
        return typesetting.typeset(
            self._render(steps) if steps else self._html,
            base=address_of(self._publication),
            pictures={row["picture"]["sha256"] for row in content.get("pictures", ())},
        )

    def _fitted(self) -> tuple[int, typesetting.Typeset]:
        """Return the fewest steps after which it has two sides, and it after them.

        After the last step it is taken as it is: nothing that is left may give way.
        """
        too_few, enough = -1, len(ORDER)
        fits = None
        while enough - too_few > 1:
            # Most pages are short and need none.
            steps = 0 if too_few < 0 else (too_few + enough) // 2
            document = self._typeset_on_two_sides(steps)
            if document:
                enough, fits = steps, document
            else:
                too_few = steps
        return enough, fits or self._typeset(enough)

    def _typeset_on_two_sides(self, steps: int) -> typesetting.Typeset | None:
        try:
            with typesetting.at_most(SIDES):
                document = self._typeset(steps)
        except typesetting.TooManyPages:
            return None
        return document if document.pages <= SIDES else None


def sheet_pdf(
    publication: Publication,
    kind: HandoutKind,
    *,
    notices: list[SafetyNotice],
    newest: Publication | None = None,
) -> PDFOfHandout:
    """Return the PDF of a sheet, which is not made before it is asked for its data."""
    context = sheet_context(publication, kind, notices=notices, newest=newest)

    def render(steps: int) -> str:
        sheet = Sheet(context["page"], steps)
        return render_to_string("articles/sheet.html", {**context, "sheet": sheet})

    return PDFOfHandout(publication, notices, kind, render)


def make_missing(*, seconds: float) -> tuple[int, int]:
    """Make the sheets that live pages lack, for about so many seconds. Returns (made, left).

    Drops the files of texts that are not live any more, or not under these notices.
    """
    if not typesetting.is_possible():
        return 0, 0
    wanted, kind = _wanted(), HandoutKind()
    for folder in kept.folders() - set(wanted):
        kept.drop(folder)
    missing = sorted(set(wanted) - kept.folders_with(kind.name))
    until = time.monotonic() + seconds
    made = 0
    for done, folder in enumerate(missing):
        if time.monotonic() > until:
            return made, len(missing) - done
        made += _make(wanted[folder], kind)
    return made, 0


def _wanted() -> dict[str, int]:
    """Return {folder: primary key} of the live publications."""
    live = Publication.objects.live().select_related("revision").defer("revision__frozen")
    open_notices: dict[int, list[SafetyNotice]] = {}
    for notice in SafetyNotice.objects.filter(resolved_at=None):
        open_notices.setdefault(notice.article_id, []).append(notice)
    return {kept.folder_of(one, open_notices.get(one.article_id, ())): one.pk for one in live}


def _make(pk: int, kind: HandoutKind) -> bool:
    """Make one sheet. A failure is reported, and does not keep the others from being made."""
    failed = f"handout-failed:{pk}"
    if cache.get(failed):
        return False
    publication = pages.publications_to_show().get(pk=pk)
    with translation.override(publication.language):
        notices = pages.open_notices(publication)
        try:
            sheet_pdf(publication, kind, notices=notices).data()
        except Exception:
            log.exception("The handout of %s could not be made.", publication)
            cache.set(failed, True, _TRIED_AGAIN_AFTER)
            return False
    return True
