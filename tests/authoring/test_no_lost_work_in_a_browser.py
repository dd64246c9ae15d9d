"""Crashes, sessions that end and pages left in a hurry, in a real Chromium."""

import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from articles.models import Article, Buffer, KeyPoint
from tests.browser import CHROMIUM, FLAGS, BrowserTestCase
from tests.builders import a_clinician, a_draft, with_side_effect
from tests.forms import filled_in
from tests.second_factor import log_in_on

PASSWORD = "a long password for tests"
SIZES = [(width, scheme) for width in (390, 1280) for scheme in ("light", "dark")]


class InABrowser(BrowserTestCase):
    def setUp(self):
        self.clinician = a_clinician(password=PASSWORD)
        self.article = a_draft(by=self.clinician, title="Old title")
        self.address = f"/admin/articles/article/{self.article.pk}/change/"
        self.logged_in = Client()
        self.logged_in.force_login(self.clinician)

    def enter(self, address=None, **how):
        """A page of somebody logged in."""
        page = self.open("/healthz", **how)
        page.context.add_cookies([self.session()])
        # A page that closes keeps its work once more; not while the database is emptied after the
        # test.
        self.addCleanup(page.context.set_offline, True)
        page.goto(self.live_server_url + (address or self.address))
        return page

    def editor_is_ready(self, page):
        page.wait_for_selector("#evidence-panel[data-ready]")

    def session(self):
        name = settings.SESSION_COOKIE_NAME
        return {
            "name": name,
            "value": self.logged_in.cookies[name].value,
            "url": self.live_server_url,
        }

    def log_in(self, page):
        log_in_on(page, self.clinician, PASSWORD)
        page.wait_for_selector("#user-tools")

    def save(self, page):
        page.click('.submit-row:last-of-type input[name="_save"] >> nth=-1')

    def look_at_part(self, page, name, part):
        """Only a part: the stock form around it has barriers of its own."""
        for width, scheme in SIZES:
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(400)  # the admin fades from one colour to the other
            violations = Axe().run(page, part).response["violations"]
            self.assertEqual(
                [(found["id"], found["nodes"][0]["html"][:300]) for found in violations], []
            )
            if folder := os.environ.get("PICTURES"):
                page.screenshot(path=Path(folder, f"{name}-{width}-{scheme}.png"))
        page.set_viewport_size({"width": 1280, "height": 844})

    def until(self, is_so):
        for _ in range(100):
            if is_so():
                return
            time.sleep(0.1)
        self.fail("It did not come about within ten seconds.")


@pytest.mark.browser
class ACrash(InABrowser):
    def start(self, folder):
        """(process, page) of a Chromium of its own, to be killed."""
        process = subprocess.Popen(
            [
                CHROMIUM,
                *FLAGS,
                "--headless=new",
                "--remote-debugging-port=0",
                f"--user-data-dir={folder}",
                "about:blank",
            ],
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        told = Path(folder, "DevToolsActivePort")
        self.until(lambda: told.exists() and "\n" in told.read_text())
        browser = self.playwright.chromium.connect_over_cdp(
            f"http://127.0.0.1:{told.read_text().splitlines()[0]}"
        )
        told.unlink()
        return process, browser.contexts[0].pages[0]

    def test_costs_nothing_that_was_typed_a_moment_before(self):
        with_side_effect(self.article, "a bruise")
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            process, page = self.start(folder)
            page.goto(f"{self.live_server_url}/admin/login/?next={self.address}")
            log_in_on(page, self.clinician, PASSWORD)
            page.wait_for_selector("#article_form")
            self.editor_is_ready(page)
            page.fill("#id_title", "Typed title")
            page.evaluate("CKEDITOR.instances.id_body.insertText('Typed text. ')")
            page.click("#keypoint_rows-group .add-row a")
            page.fill("#id_keypoint_rows-3-text", "Typed point")
            page.fill("#id_articlesideeffect_rows-0-note", "Typed note")
            page.wait_for_selector(".autosave-mark:has-text('kept at')")
            self.until(
                lambda: (
                    dict(Buffer.objects.get().form).get("articlesideeffect_rows-0-note")
                    == "Typed note"
                )
            )
            os.kill(process.pid, signal.SIGKILL)
            process.wait()

        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            _process, page = self.start(folder)
            page.goto(f"{self.live_server_url}{self.address}")
            self.log_in(page)
            page.click("text=Take it back")
            self.assertEqual(page.input_value("#id_title"), "Typed title")
            self.assertEqual(page.input_value("#id_keypoint_rows-3-text"), "Typed point")
            self.editor_is_ready(page)
            self.save(page)
            page.wait_for_selector(".messagelist .success")

        article = Article.objects.get()
        self.assertEqual(article.title, "Typed title")
        self.assertIn("Typed text.", article.body)
        self.assertTrue(KeyPoint.objects.filter(text="Typed point").exists())
        self.assertEqual(article.articlesideeffect_rows.get().note, "Typed note")
        self.assertFalse(Buffer.objects.exists())


@pytest.mark.browser
class ASaveAfterTheSessionEnded(InABrowser):
    def test_waits_for_the_log_in_and_then_goes_through(self):
        page = self.enter(width=1280)
        page.fill("#id_title", "Typed title")
        Session.objects.all().delete()

        self.save(page)
        page.wait_for_selector(".logged-out:not([hidden])")
        self.assertIn("You were logged out", page.inner_text(".logged-out"))
        self.look_at_part(page, "logged-out", ".logged-out")
        self.assertEqual(Article.objects.get().title, "Old title")
        with page.context.expect_page() as opened:
            page.click(".logged-out a")
        self.log_in(opened.value)
        self.save(page)
        page.wait_for_selector(".messagelist .success")

        self.assertEqual(Article.objects.get().title, "Typed title")

    def test_is_told_when_somebody_else_logged_in(self):
        page = self.enter(width=1280)
        page.fill("#id_title", "Typed title")
        self.logged_in.force_login(a_clinician(first_name="Ada", last_name="Osei"))
        page.context.add_cookies([self.session()])

        self.save(page)
        page.wait_for_selector(".logged-out:has-text('as Ada Osei')")
        self.assertEqual(Article.objects.get().title, "Old title")
        self.save(page)
        page.wait_for_selector(".messagelist .success")

    def test_waits_while_the_site_cannot_be_reached(self):
        page = self.enter(width=1280)
        page.fill("#id_title", "Typed title")
        page.context.set_offline(True)

        self.save(page)
        page.wait_for_selector(".logged-out:has-text('cannot be reached')")
        page.context.set_offline(False)
        self.save(page)
        page.wait_for_selector(".messagelist .success")

    def test_comes_back_and_goes_through_without_scripts(self):
        page = self.enter(width=1280, scripts=False)
        page.fill("#id_title", "Typed title")
        Session.objects.all().delete()

        self.save(page)
        with page.context.expect_page() as opened:
            page.click("text=Log in in a new window")
        self.log_in(opened.value)
        page.click('input[value="Send again"]')
        self.assertIn("Your log-in has changed", page.inner_text("#content"))
        page.click('input[value="Send again"]')

        self.assertIn("was changed successfully", page.inner_text(".messagelist"))
        self.assertEqual(Article.objects.get().title, "Typed title")


@pytest.mark.browser
class AFormBeingWritten(InABrowser):
    def test_asks_before_it_is_left_with_unsaved_work_and_only_then(self):
        asked = []
        page = self.enter(width=1280)
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        page.goto(self.live_server_url + self.address)
        self.assertEqual(asked, [])
        page.click("#id_title")  # browsers ask only about pages somebody touched
        page.keyboard.type("x")

        page.goto(self.live_server_url + "/admin/")

        self.assertEqual(asked, ["beforeunload"])

    def test_does_not_ask_when_it_is_saved(self):
        asked = []
        page = self.enter(width=1280)
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        page.click("#id_title")
        page.keyboard.type("x")
        self.save(page)
        page.wait_for_selector(".messagelist .success")

        self.assertEqual(asked, [])

    def test_is_not_saved_by_enter_in_a_field(self):
        for scripts in (True, False):
            with self.subTest(scripts=scripts):
                page = self.enter(width=1280, scripts=scripts)
                page.fill("#id_title", "Half-finished")
                page.press("#id_title", "Enter")
                page.wait_for_timeout(500)

                self.assertEqual(page.input_value("#id_title"), "Half-finished")
                self.assertEqual(Article.objects.get().title, "Old title")

    def test_keeps_what_was_picked_and_what_was_ticked(self):
        page = self.enter(width=1280)
        self.editor_is_ready(page)  # until then what is below it moves
        page.check("#id_no_known_contraindications")
        page.evaluate("django.jQuery('#id_language').val('es').trigger('change')")

        self.until(
            lambda: (
                Buffer.objects.exists() and dict(Buffer.objects.get().form).get("language") == "es"
            )
        )
        self.assertEqual(dict(Buffer.objects.get().form)["no_known_contraindications"], "on")

    def test_keeps_nothing_while_nothing_is_changed(self):
        page = self.enter(width=1280)
        self.editor_is_ready(page)
        page.wait_for_timeout(3500)

        self.assertFalse(Buffer.objects.exists())


@pytest.mark.browser
class ThePagesThatKeepWork(InABrowser):
    """Screenshots go to the folder PICTURES names, for people to look at."""

    def look(self, page, name):
        for width, scheme in SIZES:
            with self.subTest(page=name, width=width, scheme=scheme):
                page.set_viewport_size({"width": width, "height": 844})
                page.emulate_media(color_scheme=scheme)
                page.wait_for_timeout(400)  # the admin fades from one colour to the other
                violations = Axe().run(page).response["violations"]
                self.assertEqual(
                    [(found["id"], found["nodes"][0]["html"][:300]) for found in violations], []
                )
                self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), width)
                if folder := os.environ.get("PICTURES"):
                    page.screenshot(
                        path=Path(folder, f"{name}-{width}-{scheme}.png"), full_page=True
                    )

    def merge_page(self, **how):
        """What one person gets who saves after another, with every kind of difference in it."""
        with_side_effect(self.article, "a bruise", note="Old note.")
        self.article.body = (
            "<p>It uses a thin needle.</p><p>It may suit some people.</p><ul><li>One</li></ul>"
        )
        self.article.save()
        page = self.enter(width=1280, **how)
        colleague = Client()
        colleague.force_login(a_clinician(first_name="Ada", last_name="Osei"))
        theirs = {
            "title": "Dry needling",
            "summary": "A treatment for sore and stiff muscles.",
            "body": self.article.body.replace("may suit", "helps").replace("One", "One and two"),
            "articlesideeffect_rows-0-DELETE": "on",
            "keypoint_rows-0-text": "It eases pain for a short time.",
        }
        answer = colleague.post(self.address, filled_in(colleague.get(self.address), **theirs))
        self.assertEqual(answer.status_code, 302)
        mine = {
            "#id_title": "Needling without medicine",
            "#id_kicker": "Treatment",
            "#id_articlesideeffect_rows-0-note": "It fades.",
            "#id_keypoint_rows-0-text": "It may ease pain for a few days.",
        }
        for field, text in mine.items():
            page.fill(field, text)
        if how.get("scripts", True):
            self.editor_is_ready(page)
            page.evaluate(
                "text => CKEDITOR.instances.id_body.setData(text)",
                self.article.body.replace("may suit", "rarely helps"),
            )
        self.complaints = []
        self.save(page)
        page.wait_for_selector(".merge")
        return page

    def test_the_merge_page_has_no_barrier(self):
        page = self.merge_page()

        self.assertEqual([text for text in self.complaints if "409" not in text], [])
        self.look(page, "merge")
        for unit in page.query_selector_all(".merge-unit"):
            if not unit.query_selector("input:checked"):
                unit.query_selector('input[value="mine"]').check()
        page.click('input[value="Save the result"]')
        page.wait_for_selector(".messagelist .success")
        article = Article.objects.get()
        self.assertEqual(
            (article.title, article.kicker), ("Needling without medicine", "Treatment")
        )
        self.assertEqual(article.summary, "A treatment for sore and stiff muscles.")
        self.assertIn("rarely helps", article.body)
        self.assertIn("One and two", article.body)
        self.assertEqual(article.articlesideeffect_rows.get().note, "It fades.")

    def test_the_merge_page_works_without_scripts(self):
        page = self.merge_page(scripts=False)
        page.click('input[value="Save the result"]')
        self.assertIn("still undecided", page.inner_text(".errornote"))
        for number in range(page.locator(".merge-unit.is-undecided").count()):
            page.locator(".merge-unit.is-undecided").nth(number).locator(
                'input[value="theirs"]'
            ).check()

        page.click('input[value="Save the result"]')

        self.assertIn("was changed successfully", page.inner_text(".messagelist"))
        self.assertEqual(Article.objects.get().title, "Dry needling")

    def test_the_offer_of_unsaved_work_and_the_question_before_it_goes_have_no_barrier(self):
        data = filled_in(self.logged_in.get(self.address), title="Typed title")
        Buffer.objects.create(
            user=self.clinician,
            article=self.article,
            key="a-key-of-an-open-form",
            saved_at=timezone.now(),
            form=[[name, str(text)] for name, text in data.items() if name != "buffer_key"],
        )

        self.look(
            self.enter("/admin/articles/article/unsaved/a-key-of-an-open-form/throw-away/"),
            "throw-away",
        )
        for name, address in (
            ("offer", self.address),
            ("taken-back", f"{self.address}?take_back=a-key-of-an-open-form"),
        ):
            page = self.enter(address, width=1280)
            self.look_at_part(page, name, ".unsaved")

    def test_the_page_to_send_again_has_no_barrier(self):
        page = self.enter(width=1280, scripts=False)
        page.fill("#id_title", "Typed title")
        Session.objects.all().delete()
        self.save(page)
        page.wait_for_selector("#content-main.merge")  # a page that is still coming is an empty one
        html = page.content()

        looked_at = self.open(
            "/healthz", width=1280
        )  # the rules need scripts, which the page does without
        looked_at.route(
            "**/kept",
            lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"),
        )
        looked_at.goto(self.live_server_url + "/admin/kept")
        self.look(looked_at, "send-again")
