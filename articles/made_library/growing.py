"""Growing the made-up library to a size, a few hundred pages at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils import translation
from taggit.models import Tag, TaggedItem

from articles.demonstration import people
from articles.demonstration.making_pages import People
from articles.models import Article, Citation, Claim, Person, Publication, Revision

from . import texts
from .drawing import START, PageNumber
from .history import MadeText, made_texts_of, write_history
from .processes import side_by_side
from .rows import PageRows, SharedByAll, rows_by_model
from .vocabulary import add_vocabulary
from .works import add_works, uid_of

#: Pages in one transaction: what is stopped keeps whole parts.
IN_A_PART = 200
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


def grow(*, articles: int, references: int, seed: int, processes: int = 1) -> Iterator[int]:
    """Add the pages that a library of `articles` pages lacks; yields how many, part by part.

    Each part is written whole or not at all, so a run that was stopped can be run again. The same
    seed and the same sizes give the same pages: every uid, date and word follows from them. With
    more `processes` than one, one writes while the others draw what comes next.
    """
    people.add(new_passwords=False)
    with transaction.atomic():
        vocabulary, works = add_vocabulary(seed), add_works(seed, references)
        tags = _add_tags()
        author, _is_new = Person.objects.get_or_create(
            uid=uid_of(seed, "author"), defaults={"name": "Mada Eupp", "role": _ROLE}
        )
    library = _Library(SharedByAll(vocabulary, works, _people(), author), tags)
    size = number_made(seed)
    counted = size
    for pages in library.written(_parts(size, articles, seed), processes):
        size += pages
        if size >= 2 * counted:
            _count_rows()
            counted = size
        yield pages


def _count_rows() -> None:
    """Let PostgreSQL know how large its tables are: its own counting comes too late for this."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _parts(start: int, end: int, seed: int) -> list[list[PageNumber]]:
    """Parts end where their numbers do, so that a page and its translation are in one."""
    ends = [*range((start // IN_A_PART + 1) * IN_A_PART, end, IN_A_PART), end]
    starts = [start, *ends[:-1]]
    return [
        [PageNumber(seed, number) for number in range(*edges)]
        for edges in zip(starts, ends, strict=True)
        if edges[0] < edges[1]
    ]


@dataclass(frozen=True)
class _Part:
    """The texts of some pages; translations stand apart, for they point to the others."""

    originals: list[MadeText]
    translations: list[MadeText]
    pages: int


@dataclass(frozen=True)
class _Library:
    """What all pages stand on, and how some of them are made."""

    ground: SharedByAll
    tags: dict[str, Tag]

    def written(self, parts: Sequence[Sequence[PageNumber]], processes: int) -> Iterator[int]:
        """Make and save the parts in order; yields how many pages each had."""
        if processes > 1 and len(parts) > 1:
            yield from side_by_side(self.draw, self.write, parts, processes)
        else:
            yield from (self.write(self.draw(part)) for part in parts)

    def draw(self, numbers: Sequence[PageNumber]) -> _Part:
        """Make all texts of these pages, unsaved. At most one query a translation."""
        with translation.override("en"):
            texts = {
                one: made_texts_of(PageRows.of(one, self.ground))
                for one in numbers
                if not one.original
            }
            translations = [
                version
                for one in numbers
                if one.original
                for version in made_texts_of(
                    PageRows.of(one, self.ground, _original_of(one.original, texts))
                )
            ]
        return _Part([*chain.from_iterable(texts.values())], translations, len(numbers))

    def write(self, part: _Part) -> int:
        """Save them in one transaction; return how many pages there were."""
        with transaction.atomic():
            self._save(part.originals)
            self._save(part.translations)
        return part.pages

    def _save(self, versions: Sequence[MadeText]) -> None:
        """Save the rows of pages and all that follows, kind by kind."""
        pages = [version.made for version in versions if version.number == 1]
        articles = Article.objects.bulk_create(made.article for made in pages)
        # The fields of these moments take that of the run.
        Article.objects.filter(pk__in=[article.pk for article in articles]).update(
            created_at=START, modified_at=START
        )
        kind = ContentType.objects.get_for_model(Article)
        TaggedItem.objects.bulk_create(
            TaggedItem(tag=self.tags[name], content_type=kind, object_id=made.article.pk)
            for made in pages
            for name in made.tags
        )
        Claim.objects.bulk_create(claim for made in pages for claim in made.claims)
        for model, rows in rows_by_model(pages).items():
            model._default_manager.bulk_create(rows)
        Citation.objects.bulk_create(citation for made in pages for citation in made.citations)
        write_history(versions)


def _original_of(
    number: PageNumber, drawn: Mapping[PageNumber, Sequence[MadeText]]
) -> tuple[Article, Revision]:
    """Return a page that has a translation, and its text: just drawn, or made by an earlier run."""
    if number in drawn:
        return drawn[number][-1].made.article, drawn[number][-1].revision
    there = Publication.objects.live().select_related("article", "revision")
    publication = there.get(article__uid=number.uid)
    return publication.article, publication.revision


def _people() -> People:
    names = ("writer", "editor", "reviewer", "librarian")
    return People(*(User.objects.get(username=name) for name in names))


def _add_tags() -> dict[str, Tag]:
    for name in texts.TAGS:
        Tag.objects.get_or_create(name=name)
    return {tag.name: tag for tag in Tag.objects.filter(name__in=texts.TAGS)}
