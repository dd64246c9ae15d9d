"""What `manage.py check` says about the machine the site runs on."""

from django.core.checks import Warning as CheckWarning
from django.core.checks import register


@register()
def pdfs_can_be_made(app_configs, **kwargs):
    from articles import typesetting

    if typesetting.is_possible():
        return []
    return [
        CheckWarning(
            "Handouts cannot be made as PDF on this machine, so no page links to one.",
            hint=f"Install what WeasyPrint needs: apt-get install {' '.join(typesetting.PACKAGES)}. Then restart.",
            id="physiohub.W001",
        )
    ]
