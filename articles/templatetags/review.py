"""Small helps for the review page's templates."""

from django import template

from articles.publishing.status import progress_in_brief

register = template.Library()


@register.filter
def at(places, key):
    """The entry of a dict at `key`; "" where there is none, or no dict."""
    return places.get(key, "") if places else ""


@register.filter
def progress(article):
    """Where the text of an article from articles.publishing.status.with_progress stands, in a few
    words.
    """
    return progress_in_brief(article)


#: Lists of which nothing comes back alone: their entries are parts of a text or follow from it.
_NOT_ROWS = frozenset({"body", "words", "claims", "citations", "references", "reading_list"})


@register.filter
def was_a_row(change):
    """Whether a Change is about one row the earlier version had, which can be brought back."""
    return bool(change.uid) and change.sign != "added" and change.code not in _NOT_ROWS
