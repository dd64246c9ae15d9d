"""What `manage.py check` says about the machine the site runs on."""

from typing import Any

from django.core.checks import Warning as CheckWarning
from django.core.checks import register
from django.db import DatabaseError

from .notifications import email
from .paper import typesetting


@register()
def pdfs_can_be_made(app_configs: object, **kwargs: Any) -> list[CheckWarning]:
    if typesetting.is_possible():
        return []
    return [
        CheckWarning(
            "Handouts cannot be made as PDF on this machine, so no page links to one.",
            hint=(
                f"Install what WeasyPrint needs: apt-get install {' '.join(typesetting.PACKAGES)}."
                " Then restart."
            ),
            id="physiohub.W001",
        )
    ]


@register(deploy=True)
def mail_goes_out(app_configs: object, **kwargs: Any) -> list[CheckWarning]:
    try:
        warning = email.outage_warning()
    except DatabaseError:
        return []  # no tables yet, or no database: other checks report that
    if not warning:
        return []
    return [
        CheckWarning(
            warning,
            hint=(
                "Look at EMAIL_URL and the server it names. Nothing is lost: it is tried again at"
                " least every hour."
            ),
            id="physiohub.W002",
        )
    ]
