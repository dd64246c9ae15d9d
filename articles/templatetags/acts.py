"""Whether somebody may do an act, for templates: {% if user|may:"read_draft" %}."""

from django import template

from physiohub import policy

register = template.Library()


@register.filter
def may(account: policy.Account, name: str) -> bool:
    """Return whether the account may do the act that `physiohub.policy` has under this name."""
    return policy.may(account, getattr(policy, name.upper()))
