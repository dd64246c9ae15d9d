"""Growing the made-up library to a size, a few hundred pages at a time."""

from collections.abc import Iterable, Iterator, Sequence

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import translation
from taggit.models import Tag, TaggedItem

from articles.demonstration import people
from articles.demonstration.making_pages import People
from articles.models import Article, Citation, Claim, Person, Publication

from . import texts
from .drawing import START, PageNumber
from .history import write_history
from .rows import PageRows, SharedByAll, rows_by_model
from .vocabulary import add_vocabulary
from .works import add_works, uid_of

#: Pages in one transaction: what is stopped keeps whole parts.
IN_A_PART = 400
_ROLE = "a made-up person"


def has_pages_of_its_own() -> bool:
    """Return whether the site ever published a page that is no example."""
    return Publication.objects.filter(article__is_demonstration=False).exists()


def number_made(seed: int) -> int:
    """Return how many pages the library of `seed` has: its pages are numbered without a gap.

    Some twenty queries, whatever its size.
    """

    def is_there(number: int) -> bool:
        return Article.objects.filter(uid=PageNumber(seed, number).uid).exists()

    step = 1
    while is_there(step - 1):
        step *= 2
    # The first that is missing is no further than page step - 1.
    low, high = step // 2, step - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if is_there(middle) else (low, middle)
    return low


def grow(*, articles: int, references: int, seed: int) -> Iterator[int]:
    """Add the pages that a library of `articles` pages lacks; yields how many, part by part.

    Each part is written whole or not at all, so a run that was stopped can be run again. The same
    seed and the same sizes give the same pages: every uid, date and word follows from them.
    """
    people.add(new_passwords=False)
    with transaction.atomic():
        vocabulary, works = add_vocabulary(seed), add_works(seed, references)
        tags = _add_tags()
        author, _is_new = Person.objects.get_or_create(
            uid=uid_of(seed, "author"), defaults={"name": "Mada Eupp", "role": _ROLE}
        )
    ground = SharedByAll(vocabulary, works, _people(), author)
    start = number_made(seed)
    # Parts end where their numbers do, so that a page and its translation are in one.
    while start < articles:
        end = min((start // IN_A_PART + 1) * IN_A_PART, articles)
        numbers = [PageNumber(seed, number) for number in range(start, end)]
        with transaction.atomic(), translation.override("en"):
            _write([PageRows.of(one, ground) for one in numbers if not one.original], tags)
            _write(_translations([one for one in numbers if one.original], ground), tags)
        yield end - start
        start = end


def _people() -> People:
    names = ("writer", "editor", "reviewer", "librarian")
    return People(*(User.objects.get(username=name) for name in names))


def _add_tags() -> dict[str, Tag]:
    for name in texts.TAGS:
        Tag.objects.get_or_create(name=name)
    return {tag.name: tag for tag in Tag.objects.filter(name__in=texts.TAGS)}


def _translations(numbers: Iterable[PageNumber], ground: SharedByAll) -> list[PageRows]:
    """Return translations of pages that are live. Their originals come before them. One query."""
    originals = {one.original.uid: one for one in numbers if one.original}
    live = Publication.objects.live().filter(article__uid__in=originals)
    made = {
        originals[publication.article.uid].number: PageRows.of(
            originals[publication.article.uid],
            ground,
            (publication.article, publication.revision),
        )
        for publication in live.select_related("article", "revision")
    }
    return [made[number] for number in sorted(made)]


def _write(pages: Sequence[PageRows], tags: dict[str, Tag]) -> None:
    """Save the rows of `pages` and all that follows, kind by kind."""
    articles = Article.objects.bulk_create(made.article for made in pages)
    # The fields of these moments take that of the run.
    Article.objects.filter(pk__in=[article.pk for article in articles]).update(
        created_at=START, modified_at=START
    )
    kind = ContentType.objects.get_for_model(Article)
    TaggedItem.objects.bulk_create(
        TaggedItem(tag=tags[name], content_type=kind, object_id=made.article.pk)
        for made in pages
        for name in made.tags
    )
    Claim.objects.bulk_create(claim for made in pages for claim in made.claims)
    for model, rows in rows_by_model(pages).items():
        model._default_manager.bulk_create(rows)
    Citation.objects.bulk_create(citation for made in pages for citation in made.citations)
    write_history(pages)
