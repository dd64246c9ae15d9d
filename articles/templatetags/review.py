"""Filters for the templates of the review page."""

from django import template

from articles import audit
from articles.models import ReviewTask
from articles.publishing.status import open_in_brief, progress_in_brief
from articles.review import reviewing

register = template.Library()


@register.filter
def at(places, key):
    """Return the value of a dict at `key`; "" where there is none, or no dict."""
    return places.get(key, "") if places else ""


#: The name of an account, as it stands on approvals and in the log.
register.filter("account_name", audit.name_of)


@register.filter
def viewpoint(decision):
    """The point of view that a decision was made from, in words."""
    return ReviewTask.Kind(reviewing.viewpoint_of(decision)).label


@register.filter
def progress(article):
    """Return how far the text of an article has come, in a few words.

    The article must come from articles.publishing.status.with_progress.
    """
    return progress_in_brief(article)


@register.filter
def in_brief(points):
    """The most serious of some OpenPoints in a few words; "" for none."""
    return open_in_brief(points)


#: Lists whose entries cannot be brought back alone: they are parts of the text, or follow from it.
_NOT_ROWS = frozenset({"body", "words", "claims", "citations", "references", "reading_list"})


@register.filter
def was_a_row(change):
    """Return whether a change is about a row of the earlier version that can be brought back."""
    return bool(change.uid) and change.kind != "added" and change.code not in _NOT_ROWS
