"""Lists in the order of languages: the reader's first, then the others as the settings have them.

Every list of what is live is put in order and split here, so that all of them do it alike. It costs
no query more, however many languages there are.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Case, Value, When
from django.utils import translation
from django.utils.translation import get_language_info, ngettext

from . import totals

#: Languages that write names of languages with a capital letter.
_NAMES_WITH_CAPITALS = {"en", "de"}


@dataclass(frozen=True)
class InLanguage:
    """What a list has in one language."""

    language: str
    rows: list[Any]  # in the order of the list
    count: int  # of all there is in this language, on other pages of the list too

    @property
    def is_readers(self) -> bool:
        return self.language == readers_language()

    @property
    def name(self) -> str:
        """What the reader calls the language, as in the middle of a sentence: "inglés"."""
        try:
            name: str = get_language_info(self.language)["name_translated"]
        except KeyError:
            return self.language
        return name if readers_language() in _NAMES_WITH_CAPITALS else name.lower()

    @property
    def number_of_pages(self) -> str:
        """Say the count in words: "9 pages in English"."""
        values = {"count": self.count, "language": self.name}
        words = ngettext(
            "%(count)s page in %(language)s", "%(count)s pages in %(language)s", self.count
        )
        return words % values


def readers_language() -> str:
    """Return the language that the page around a list is in."""
    return translation.get_language() or settings.LANGUAGE_CODE


def in_order(language: str) -> list[str]:
    """Return the languages of the site, `language` first."""
    codes = [code for code, _name in settings.LANGUAGES]
    return [language, *(code for code in codes if code != language)]


def place_of(path: str, language: str) -> Case:
    """Return what a queryset is to be ordered by first; `path` leads to the language of a row."""
    places = enumerate(in_order(language))
    whens = [When(**{path: code, "then": Value(place)}) for place, code in places]
    return Case(*whens, default=Value(len(whens)))


def by_language(
    rows: Iterable[Any],
    language: str,
    language_of: Callable[[Any], str],
    counts: Mapping[str, int] | None = None,
) -> list[InLanguage]:
    """Split `rows` by language, `language` first, and keep their order otherwise.

    `counts` says how many there are of each language, where `rows` are one page of a list.
    """
    found: dict[str, list[Any]] = {code: [] for code in in_order(language)}
    for row in rows:
        found.setdefault(language_of(row), []).append(row)
    return [
        InLanguage(code, list(group), (counts or {}).get(code, len(group)))
        for code, group in found.items()
        if group
    ]


def number_of_pages(language: str) -> list[InLanguage]:
    """Return how many live pages there are in each language, without the pages. One query."""
    found = totals.pages_in_languages()
    codes = dict.fromkeys([*in_order(language), *found])
    return [InLanguage(code, [], found[code]) for code in codes if found.get(code)]
