"""The page for machines, as schema.org JSON-LD. It says only what the page says to people."""

import json

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from articles.public import share_images
from articles.wording import what_was_checked

register = template.Library()

#: Letters that could end a script element or open a comment, and how JSON can also write them.
_INERT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
def linked_data(page, imprint, notices, publication, site_name, site_url, site_icon, original=None):
    """Return a data script about a published page.

    `site_url` has no slash at its end, and `site_icon` is a path. `original` is the live
    Publication that the page was translated from, if there is one.
    """
    address = publication.get_absolute_url()
    home = {
        "@type": "Organization",
        "name": site_name,
        "url": f"{site_url}/",
        "logo": site_url + site_icon,
    }
    data = web_page(page, imprint, notices, url=site_url + address, publisher=home)
    data["image"] = {
        "@type": "ImageObject",
        "url": site_url + reverse("articles:card", args=[publication.slug, publication.number]),
        "width": share_images.WIDTH,
        "height": share_images.HEIGHT,
    }
    if original:
        # Its own page says all the rest. A MedicalWebPage that lacks who checked it and when would
        # be half a one; a WebPage it is as well.
        data["translationOfWork"] = {
            "@type": "WebPage",
            "url": site_url + original.get_absolute_url(),
            "inLanguage": original.language,
        }
    return _script(
        data,
        _breadcrumb(
            (site_name, f"{site_url}/"),
            (gettext("All topics"), site_url + reverse("articles:article_list")),
            (page.title, site_url + address),
        ),
    )


@register.simple_tag
def condition_data(condition, site_name, site_url):
    """Return a data script about the page of a condition (LiveTerm)."""
    address = site_url + reverse("articles:condition", args=[condition.slug])
    return _script(
        {**_condition(vars(condition)), "url": address},
        _breadcrumb(
            (site_name, f"{site_url}/"),
            (gettext("Problems"), site_url + reverse("articles:condition_list")),
            (condition.name, address),
        ),
    )


def _script(*things):
    data = {"@context": "https://schema.org", "@graph": things}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_INERT)
    # Safe because no <, > or & is left in it. Django's json_script does the same, but for one type
    # of script only.
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308


def web_page(page, imprint, notices, *, url, publisher):
    """Return a MedicalWebPage as a dict without empty values."""
    return _without_empty_values(
        {
            "@type": "MedicalWebPage",
            "name": page.title,
            "alternateName": page.other_names,
            "description": page.summary or page.title,
            "url": url,
            "inLanguage": page.language,
            "datePublished": _day(imprint.first_published_at or imprint.published_at),
            "dateModified": _day(imprint.published_at),
            "lastReviewed": _day(imprint.checked_at),
            "reviewedBy": [
                {**_person(person), "description": what_was_checked(person["kinds"])}
                for person in imprint.checked_by
            ],
            "author": _person(page.written_by) if page.written_by else publisher,
            "publisher": publisher,
            "specialty": "https://schema.org/Physiotherapy",
            "audience": {"@type": "PeopleAudience", "audienceType": "Patient"},
            "about": [
                _treatment(page),
                *(_condition(line.row["condition"]) for line in page.conditions),
            ],
            "citation": [_work(entry) for entry in page.references if _is_evidence(entry, notices)],
            "version": str(imprint.number),
            "isAccessibleForFree": True,
        }
    )


def _treatment(page):
    reasons = [{"@type": "MedicalContraindication", "name": line.text} for line in page.stop_if]
    return _without_empty_values(
        {
            "@type": "PhysicalTherapy",
            "name": page.title,
            "alternateName": page.other_names,
            "contraindication": reasons,
        }
    )


def _condition(term):
    codes = [("ICD-10", term.get("icd10")), ("SNOMED CT", term.get("snomed_ct"))]
    return _without_empty_values(
        {
            "@type": "MedicalCondition",
            "name": term["name"],
            "alternateName": [
                name for name in (term.get("clinical_name"), *term.get("other_names", ())) if name
            ],
            "code": [
                {"@type": "MedicalCode", "codeValue": code, "codingSystem": system}
                for system, code in codes
                if code
            ],
        }
    )


def _is_evidence(entry, notices):
    """Return whether a source is evidence and no notice of the page says it was retracted."""
    return entry.is_evidence and not any(
        notice.kind == "retracted_source" and entry.uid in notice.source_uids for notice in notices
    )


def _work(entry):
    return _without_empty_values(
        {"@type": "ScholarlyArticle", "name": entry.title, "sameAs": entry.doi_url or entry.url}
    )


def _person(person):
    return _without_empty_values(
        {"@type": "Person", "name": person["name"], "jobTitle": person.get("role")}
    )


def _breadcrumb(*steps):
    """Return the visible breadcrumb, from (name, address) of the front page to this page."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": url}
            for position, (name, url) in enumerate(steps, start=1)
        ],
    }


def _day(moment):
    return timezone.localtime(moment).date().isoformat() if moment else None


def _without_empty_values(values):
    return {name: value for name, value in values.items() if value not in (None, "", [])}
