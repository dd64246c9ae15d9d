"""Two journeys in a real browser: a lost phone, and an administrator who would be editor."""

import base64
import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group, User

from articles.models import AccessRequest
from physiohub import roles
from tests.browser import BrowserTestCase
from tests.builders import a_clinician, a_user, an_editor
from tests.second_factor import code_with, log_in_on

PASSWORD = "correct horse 7 battery"
SIZES = [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")]


class AJourney(BrowserTestCase):
    def has_no_barrier(self, page, name):
        """Everything fits and can be read, in each size and scheme. Screens go to PICTURES."""
        for width, scheme in SIZES:
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(300)  # the admin fades from one colour to the other
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            self.assertLessEqual(wide, 0, (name, width))
            violations = Axe().run(page).response["violations"]
            self.assertEqual(
                [(found["id"], found["nodes"][0]["html"][:200]) for found in violations],
                [],
                (name, width, scheme),
            )
            if folder := os.environ.get("PICTURES"):
                page.screenshot(path=Path(folder, f"{name}-{width}-{scheme}.png"), full_page=True)

    def send(self, page, **fields):
        for field, value in fields.items():
            page.fill(f"#id_{field}", value)
        page.click('#login-form [type="submit"]')

    def log_out(self, page):
        page.click("#logout-form button")
        page.goto(f"{self.live_server_url}/admin/login/")


@pytest.mark.browser
class ANewClinician(AJourney):
    def key(self, page):
        return base64.b32decode(page.inner_text("#factor-key").replace(" ", ""))

    def test_sets_up_an_app_loses_the_phone_and_comes_back_by_a_recovery_code(self):
        a_clinician(username="wren", password=PASSWORD)
        page = self.open("/admin/login/")
        self.send(page, username="wren", password=PASSWORD)
        self.has_no_barrier(page, "set-up")
        self.send(page, code="000000")
        self.assertIn("not right", page.inner_text(".errornote"))
        self.send(page, code=code_with(self.key(page)))
        self.has_no_barrier(page, "recovery-codes")
        codes = [one.inner_text() for one in page.locator("#recovery-codes code").all()]
        self.assertEqual(len(codes), 10)
        page.click("text=I have kept them")
        self.assertIn("/admin/", page.url)
        self.log_out(page)

        self.send(page, username="wren", password=PASSWORD)
        self.has_no_barrier(page, "code")
        self.send(page, code=codes[3])
        self.assertIn("9 are left", page.inner_text(".messagelist"))
        page.click("text=Set up another phone, or make new codes")
        self.has_no_barrier(page, "own")
        page.fill("#id_code", codes[4])
        page.click("text=Set up another phone")
        self.send(page, code=code_with(self.key(page)))
        new = [one.inner_text() for one in page.locator("#recovery-codes code").all()]
        self.assertFalse(set(new) & set(codes))
        page.click("text=I have kept them")
        self.assertIn("10 recovery codes are left", page.inner_text("#content-main"))
        problems = [text for text in self.complaints if "axe" not in text.lower()]
        self.assertEqual(problems, [])


@pytest.mark.browser
class AnAdministrator(AJourney):
    def test_who_tries_to_become_an_editor_is_refused_and_cannot_agree_alone(self):
        ada = a_user(roles.ADMINISTRATOR, username="ada", password=PASSWORD)
        an_editor()  # somebody who could agree
        editor = Group.objects.get(name=roles.EDITOR)
        page = self.open("/admin/login/", width=1280)
        log_in_on(page, ada, PASSWORD)
        page.goto(f"{self.live_server_url}/admin/auth/user/{ada.pk}/change/")
        page.check(f'[name="roles"][value="{editor.pk}"]')
        page.click('[name="_save"]')
        self.assertIn("You cannot change your own roles", page.inner_text(".messagelist"))

        page.goto(f"{self.live_server_url}/admin/auth/user/add/")
        page.fill("#id_username", "ada2")
        page.check(f'[name="roles"][value="{editor.pk}"]')
        page.click('[name="_save"]')
        self.assertIn("A second person has to agree", page.inner_text(".messagelist"))
        page.click(".messagelist >> text=See the request")
        self.assertEqual(page.locator("text=Yes, I agree").count(), 0)
        page.screenshot()
        self.assertTrue(AccessRequest.objects.get().is_open)
        for account in (ada, User.objects.get(username="ada2")):
            self.assertFalse(account.groups.filter(name=roles.EDITOR).exists())
