"""Citation numbers outside the body of a page."""

from django import template

from articles.richtext.citations import superscript

register = template.Library()


@register.simple_tag
def citation_marks(marks):
    """Return the superscript numbers of a sentence, as in the body of the page."""
    return superscript(marks)
