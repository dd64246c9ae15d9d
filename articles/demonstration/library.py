"""The demonstration library: what readers have, and what is going on behind it.

Nine pages are live. Beside them: a draft that waits for a review, a page that was taken down, two
translations, a study that was taken back after its page went out, a page that is overdue for its
check, and what readers said. What is there already is left alone, so running it again changes
nothing.
"""

import io
import tomllib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction

from articles.drafts import edits
from articles.models import Article, GlossaryTerm, Publication
from articles.public import feedback
from articles.publishing import publishing
from articles.review import comments, reviewing

from . import making_pages, page_files, translated_pages

#: In the order of their making; a page may lead to any other.
LIVE = (
    "dry-needling",
    "exercise-to-prevent-falls",
    "epley-for-spinning-dizziness",
    "shoulder-decompression-surgery",
    "manual-therapy-and-exercise-for-the-shoulder",
    "exercise-for-long-lasting-back-pain",
    "exercise-for-knee-osteoarthritis",
    "cardiac-rehabilitation",
    "pelvic-floor-muscle-training",
)
DRAFT = "wrist-splint-for-carpal-tunnel"
WITHDRAWN = "exercise-for-long-lasting-neck-pain"
REASON_FOR_WITHDRAWAL = (
    "The review behind this page is from 2015. We took the page down until somebody has looked for"
    " newer studies."
)
COMMENT_ON_DRAFT = "Please say in the key points, too, that this rests on one small trial."
#: One page is enough for tests.
SMALL = ("dry-needling",)

#: A file of Retraction Watch with the notices about two works that the pages cite.
NOTICES = Path(__file__).with_name("retraction-watch.csv")

#: (slug, whether it helped, what the reader wrote)
ANSWERS = (
    ("exercise-to-prevent-falls", True, "Now I know where to stand when I train."),
    ("exercise-to-prevent-falls", True, ""),
    ("exercise-to-prevent-falls", False, "I live alone. Who can stand near me?"),
    ("epley-for-spinning-dizziness", True, "I was scared. This told me what would happen."),
    ("shoulder-decompression-surgery", True, ""),
    ("shoulder-decompression-surgery", False, "What should I do instead?"),
    ("exercise-for-long-lasting-back-pain", True, ""),
    ("cardiac-rehabilitation", True, "I will ask my nurse about it."),
)

#: Called with what has been done, in a few words.
Progress = Callable[[str], None]


def number_of_steps(*, is_small: bool) -> int:
    """Return how often `add` calls its `progress`, at most."""
    return len(SMALL) if is_small else len(LIVE) + 2 + len(translated_pages.TRANSLATIONS) + 1


@transaction.atomic
def add(*, now: datetime, is_small: bool, progress: Progress) -> list[str]:
    """Add the pages that are missing and what goes with them. Returns the slugs of new live pages.

    Takes about a second a page. All of it is written or nothing, so that a run which was stopped
    leaves no half a library for the next one to take for a whole.
    """
    add_glossary_terms(now=now)
    if is_small:
        return _publish(SMALL, now=now, progress=progress)
    new = _publish(LIVE, now=now, progress=progress)
    for slug, finish in ((WITHDRAWN, _publish_and_withdraw), (DRAFT, _ask_for_review)):
        if not _is_there(slug):
            finish(slug, now)
            progress(slug)
    for translation in translated_pages.TRANSLATIONS:
        if translation.original in new:
            translated_pages.publish_translation(translation, now=now)
            progress(translation.name)
    if new:
        call_command("check_references", retraction_watch=NOTICES, stdout=io.StringIO())
        _answer([entry for entry in ANSWERS if entry[0] in new], now)
        progress("notices and answers")
    return new


def add_glossary_terms(*, now: datetime) -> None:
    """Add the words that pages explain, as far as the glossary does not have them.

    A site with articles of its own gets none: each new word changes every draft that uses it.
    """
    if Article.objects.filter(is_demonstration=False).exists():
        return
    writer = User.objects.get(username="writer")
    for entry in tomllib.loads((page_files.FOLDER / "words.toml").read_text())["word"]:
        term, is_new = GlossaryTerm.objects.get_or_create(
            word=entry["word"], language="en", defaults={"meaning": entry["meaning"]}
        )
        if is_new:
            edits.record_edit(term, by=writer, at=now)


def _is_there(slug: str) -> bool:
    """Return whether an article has the address, or a page ever had it."""
    return (
        Article.objects.filter(slug=slug).exists() or Publication.objects.filter(slug=slug).exists()
    )


def _publish(slugs: Iterable[str], *, now: datetime, progress: Progress) -> list[str]:
    """Publish the pages that are missing. All are drafts first, so that each may lead to any."""
    pages = [page_files.read(slug) for slug in slugs if not _is_there(slug)]
    drafts = [making_pages.import_draft(page, now=now) for page in pages]
    for page, draft in zip(pages, drafts, strict=True):
        making_pages.complete(page, draft, now=now)
        making_pages.review_and_publish(page, draft, now=now)
        progress(page.slug)
    return [page.slug for page in pages]


def _publish_and_withdraw(slug: str, now: datetime) -> None:
    _publish([slug], now=now, progress=_no_progress)
    publishing.withdraw(
        Article.objects.get(slug=slug),
        by=User.objects.get(username="editor"),
        at=now - timedelta(days=8),
        reason=REASON_FOR_WITHDRAWAL,
    )


def _ask_for_review(slug: str, now: datetime) -> None:
    page = page_files.read(slug)
    draft = making_pages.import_draft(page, now=now)
    making_pages.complete(page, draft, now=now)
    at = now - timedelta(days=page.days_ago)
    request = reviewing.submit(
        draft, by=User.objects.get(username=page.writer), at=at, note="Ready for a first look."
    )
    comments.add_comment(
        request.revision,
        by=User.objects.get(username=page.checker),
        at=at + timedelta(hours=3),
        text=COMMENT_ON_DRAFT,
    )


def _answer(answers: Sequence[tuple[str, bool, str]], now: datetime) -> None:
    for number, (slug, helped, words) in enumerate(answers):
        publication = Publication.objects.newest().get(slug=slug)
        on = (now - timedelta(days=number + 1)).date()
        answer, _ticket = feedback.keep_answer(publication, helped=helped, on=on)
        if words:
            feedback.add_words(answer, words)


def _no_progress(done: str) -> None:
    """Say nothing: the page is one step of several."""
