"""The words a page explains: glossary terms, and its conditions where they have a summary."""

from dataclasses import dataclass, replace

from django.utils.text import capfirst

from articles.revisions.frozen_content import AnyContent
from articles.richtext.letters import plain


@dataclass(frozen=True)
class GlossaryEntry:
    """A word of the page and what it means, both plain text."""

    word: str
    meaning: str
    language: str = ""  # "" where it is that of the page
    slug: str = ""  # of the page about it, for a condition
    review: str = ""  # attributes for reviewers (articles.page.marked_changes)
    anchor: str = ""  # its id on a page; "" in the list of all words
    place: str = ""  # id of the place in the text with a link to it; "" where none has

    @property
    def as_heading(self) -> str:
        """The word with a capital, except for words that have their own: pH."""
        return capfirst(self.word) if self.word.islower() else self.word


def glossary_entries(content: AnyContent) -> list[GlossaryEntry]:
    """Return the words that frozen `content` explains, in alphabetical order.

    Revisions older than the glossary explain their conditions alone.
    """
    found = {
        plain(row["word"]): GlossaryEntry(row["word"], row["meaning"], review=row.get("review", ""))
        for row in content.get("words", ())
        if row["meaning"]
    }
    for row in content["conditions"]:
        term = row["condition"]
        # The clinical name alone where the plain one contains it: "heel pain (plantar fasciitis)".
        name = term["clinical_name"] if plain(term["clinical_name"]) in plain(term["name"]) else ""
        if term.get("summary"):
            name = name or term["name"]
            entry = found.setdefault(plain(name), GlossaryEntry(name, term["summary"]))
            found[plain(name)] = replace(entry, slug=term.get("slug", ""))
    return [found[name] for name in sorted(found)]
