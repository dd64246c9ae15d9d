"""What every template may know about the site itself."""

from django.conf import settings


def site(request):
    """Context processor: the site's name, its public address and the emergency number of its region."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "emergency_number": settings.EMERGENCY_NUMBER,
    }
