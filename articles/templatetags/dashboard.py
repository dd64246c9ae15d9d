"""The dashboard of the person who is signed in, for the first page of the admin."""

from django import template
from django.contrib.auth.models import User
from django.utils import timezone

from articles.admin import dashboard

register = template.Library()


@register.simple_tag
def dashboard_of(user: User) -> dashboard.Dashboard:
    """Return the Dashboard of `user` today. Costs up to 14 queries."""
    return dashboard.dashboard_of(user, on=timezone.localdate())
