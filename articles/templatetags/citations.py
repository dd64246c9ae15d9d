from django import template

from articles.richtext.citations import superscript

register = template.Library()


@register.simple_tag
def citation_marks(marks):
    """The superscript numbers of a line, as in the body."""
    return superscript(marks)
