"""An address with a number that no database can hold finds nothing, and is no error of the site."""

import re

from django.apps import apps
from django.contrib import admin
from django.db.models import ForeignKey, IntegerField
from django.test import RequestFactory, TestCase
from django.urls import URLPattern, get_resolver
from django.urls.converters import IntConverter
from django.utils.http import urlencode

from tests.builders import a_draft, a_superuser

TOO_LARGE = 99999999999999999999
#: Python itself reads no number of more than 4,300 digits.
TOO_LONG = "9" * 5_000
#: One piece of each kind of an address that leads to something; numbers are tried instead.
PIECES = {
    "uslug": "page",
    "sha256": "0" * 64,
    "picture_suffix": "jpg",
    "slug": "en",
    "digest_on_paper": "0" * 8,
    "state_of_pdf": "0" * 12,
}


def patterns(resolver, before="", known=None):
    """Give (route, converters by name) of every address of the site."""
    for one in resolver.url_patterns:
        converters = {**(known or {}), **one.pattern.converters}
        route = f"{before}{one.pattern}"
        if isinstance(one, URLPattern):
            yield route, converters
        else:
            yield from patterns(one, route, converters)


class EveryColumn(TestCase):
    def test_is_asked_for_a_number_it_cannot_hold_and_finds_nothing(self):
        for model in apps.get_models():
            for field in model._meta.concrete_fields:
                if not isinstance(field, IntegerField | ForeignKey):
                    continue
                if not isinstance(field.target_field if field.is_relation else field, IntegerField):
                    continue
                for number in (TOO_LARGE, -TOO_LARGE):
                    with self.subTest(field=str(field), number=number):
                        rows = model._base_manager
                        self.assertFalse(rows.filter(**{field.name: number}).exists())
                        self.assertFalse(rows.filter(**{f"{field.name}__in": [number]}).exists())


class EveryAddress(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.superuser = a_superuser()
        a_draft(slug="page", by=cls.superuser)

    def setUp(self):
        self.client.force_login(self.superuser)
        self.client.raise_request_exception = False

    def assert_no_error(self, address):
        with self.subTest(address[:200]):
            self.assertLess(self.client.get(address).status_code, 500)

    def test_with_a_number_in_it_is_none_that_is_too_large(self):
        tried = 0
        for route, converters in patterns(get_resolver()):
            kinds = re.findall(r"<(\w+):(\w+)>", route)
            if not any(isinstance(converters[name], IntConverter) for _kind, name in kinds):
                continue
            tried += 1
            for number in (str(TOO_LARGE), TOO_LONG):
                address = route
                for kind, name in kinds:
                    piece = (
                        number
                        if isinstance(converters[name], IntConverter)
                        else PIECES.get(kind, "0")
                    )
                    address = address.replace(f"<{kind}:{name}>", piece)
                self.assert_no_error(f"/{address}")
        self.assertGreater(tried, 10)

    def test_of_a_thing_in_the_admin(self):
        for model in admin.site._registry:
            start = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
            for number in (TOO_LARGE, TOO_LONG):
                self.assert_no_error(f"{start}{number}/change/")
            self.assert_no_error(f"{start}{TOO_LONG}/history/")
        self.assert_no_error("/admin/articles/article/²/history/")

    def test_of_a_list_with_a_filter_in_the_admin(self):
        for model, model_admin in admin.site._registry.items():
            start = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
            request = RequestFactory().get(start)
            request.user = self.superuser
            offered = model_admin.get_changelist_instance(request).filter_specs
            names = {name for one in offered for name in one.expected_parameters()}
            for asked in (names, {"id__in", "p"}):
                numbers = urlencode(dict.fromkeys(sorted(asked), TOO_LARGE))
                self.assert_no_error(f"{start}?{numbers}")

    def test_that_an_act_of_the_review_page_names(self):
        review = f"/admin/articles/article/{a_draft(by=self.superuser).pk}/review/"
        for name in ("citation", "parent", "comment", "invitation", "next"):
            act = {"citation": "check", "invitation": "revoke"}.get(name, "remark")
            for number in (TOO_LARGE, TOO_LONG):
                answer = self.client.post(review, {"act": act, name: number, "text": "a"})
                self.assertLess(answer.status_code, 500, (act, name, str(number)[:30]))
