"""The words a page explains.

Those of the word list, and its problems where they say what they are.
"""

from dataclasses import dataclass, replace

from django.utils.text import capfirst

from articles.richtext.letters import plain


@dataclass(frozen=True)
class GlossaryEntry:
    """A word of the page and what it means, both plain text."""

    word: str
    meaning: str
    language: str = ""  # "" where it is that of the page
    slug: str = ""  # of the page about it, a problem
    review: str = ""  # attributes for whoever reviews it (articles.page.marked_changes)
    anchor: str = ""  # its id on a page; "" in the word list
    used_at: str = ""  # id of the place in the text that leads to it; "" where none does

    @property
    def as_heading(self):
        """With a capital, but for words that have their own: pH."""
        return capfirst(self.word) if self.word.islower() else self.word


def glossary_entries(content):
    """The Words this content explains, by word.

    Revisions older than the word list explain their problems alone.
    """
    found = {
        plain(row["word"]): GlossaryEntry(row["word"], row["meaning"], review=row.get("review", ""))
        for row in content.get("words", ())
        if row["meaning"]
    }
    for row in content["conditions"]:
        term = row["condition"]
        # The clinical name alone where the plain one holds it: "heel pain (plantar fasciitis)".
        name = term["clinical_name"] if plain(term["clinical_name"]) in plain(term["name"]) else ""
        if term.get("summary"):
            name = name or term["name"]
            word = found.setdefault(plain(name), GlossaryEntry(name, term["summary"]))
            found[plain(name)] = replace(word, slug=term.get("slug", ""))
    return [found[name] for name in sorted(found)]
