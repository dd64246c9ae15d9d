"""What every template may know about the site itself."""

from django.conf import settings


def site(request):
    """Context processor: the site's name, its public address, who runs it and the emergency number."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "site_operator": settings.SITE_OPERATOR,
        "site_contact": settings.SITE_CONTACT,
        "emergency_number": settings.EMERGENCY_NUMBER,
    }
