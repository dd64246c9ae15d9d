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
