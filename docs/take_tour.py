"""The pictures of docs/tour.md, from a running site: starts one of its own, works as people do, and
photographs it.

`make tour`. Needs what the browser tests need. The site's data lies in a folder that is thrown
away; the pictures are written again as WebP, so that a look at `git diff --stat` says which pages
have changed.
"""

import io
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright
from tqdm import tqdm

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.authoring.desk import Desk  # noqa: E402
from tests.browser import CHROMIUM, FLAGS  # noqa: E402

PICTURES = ROOT / "docs" / "pictures" / "tour"
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 760}
#: In the order of docs/tour.md.
NAMES = (
    "dashboard import claim evidence before-publishing queue review decide publish patient numbers"
    " taken-back problem editor-dashboard"
).split()
#: What the writer says again, and where it goes on from.
BEFORE, SENTENCE = "People do not all feel the same after it.", " The effect may be short."
SOURCE_DOI = "10.1179/108331913X13844245102034"  # in the demonstration's library already


@contextmanager
def a_site():
    """A site of its own with the demonstration; gives its address and {user name: password}.

    Ends with the block.
    """
    with tempfile.TemporaryDirectory() as folder, socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        reserved.close()
        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder}/tour.sqlite3",
            "MEDIA_ROOT": f"{folder}/media",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "SITE_URL": f"http://127.0.0.1:{port}",
            "LOOKUP": "off",
            "DEBUG": "false",
            "SECOND_FACTOR": "off",  # the pictures show the site behind the log-in
        }
        told = subprocess.run(
            [sys.executable, "manage.py", "make_ready"],
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        logins = {
            line.split()[0]: line.split()[1] for line in told.splitlines() if line.startswith("  ")
        }
        server = subprocess.Popen(  # noqa: S603 - a command of our own
            [
                sys.executable,
                "-m",
                "gunicorn",
                "physiohub.wsgi",
                "--bind",
                f"127.0.0.1:{port}",
                "--threads",
                "4",
                "--log-level",
                "warning",
            ],
            cwd=ROOT,
            env=environment,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/articles/dry-needling/")
            yield f"http://127.0.0.1:{port}", logins
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait_for(address):
    for _ in range(100):
        try:
            urllib.request.urlopen(address, timeout=30)  # noqa: S310 - our own server
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"The site did not answer at {address}.")


class Tour:
    def __init__(self, browser, base, logins):
        self.browser, self.base, self.logins = browser, base, logins
        self.number = 0
        self.progress = tqdm(total=len(NAMES), unit=" pictures", disable=None)

    def person(self, name, size=WIDE):
        """A page of a browser of its own, with that person logged in; nobody for ""."""
        context = self.browser.new_context(
            viewport=size, device_scale_factor=1 if size is WIDE else 2
        )
        page = context.new_page()
        if name:
            page.goto(f"{self.base}/admin/login/?next=/admin/")
            page.fill("#id_username", name)
            page.fill("#id_password", self.logins[name])
            page.click('[type="submit"]')
            page.wait_for_url("**/admin/")
        return page

    def take_for_readme(self, page):
        """Photograph the window as the README shows it."""
        page.screenshot(path=PICTURES.parent / "article-phone.png")

    def take(self, page, name, *, to=None):
        """Photograph the window, with the element `to` in its middle."""
        if to is not None:
            to.first.evaluate(
                "element => element.scrollIntoView({block: 'center', behavior: 'instant'})"
            )
        page.wait_for_timeout(400)
        self.number += 1
        if NAMES[self.number - 1] != name:
            raise SystemExit(f"Picture {self.number} of the tour is not “{name}”.")
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        picture.save(PICTURES / f"{self.number:02}-{name}.webp", "WEBP", quality=70, method=6)
        self.progress.update()


def review_form(page, act):
    """The button of an act on the review page, what it is folded into opened."""
    button = page.locator(
        f'button[name="act"][value="{act}"], form:has(input[name="act"][value="{act}"]) button'
    ).first
    button.evaluate(
        "element => { for (let box = element; (box = box.parentElement?.closest('details')); )"
        " box.open = true; }"
    )
    return button


def take_all(tour):
    writer = tour.person("writer")
    tour.take(writer, "dashboard")

    writer.goto(f"{tour.base}/admin/articles/article/import/")
    writer.fill(
        "#id_text", (ROOT / "articles/demonstration/pages/dry-needling/text.md").read_text()
    )
    writer.get_by_role("button", name="Read it").click()
    writer.wait_for_selector("#import-review")
    tour.take(writer, "import", to=writer.locator("#import-review"))

    writer.goto(f"{tour.base}/admin/articles/article/")
    writer.get_by_role("link", name="Dry needling", exact=True).click()
    desk = Desk(writer)
    desk.select(BEFORE, only_caret="end")
    desk.type(SENTENCE)
    desk.select(SENTENCE.strip())
    desk.press("Control+Alt+m")
    tour.take(writer, "claim", to=writer.locator(".cke"))
    desk.add_source(SOURCE_DOI)
    desk.current.get_by_label("Where in it").select_option("page")
    desk.current.get_by_label("Which", exact=True).fill("259")
    desk.current.get_by_label("How sure are we").select_option("very-low")
    tour.take(writer, "evidence", to=desk.current)
    standing = writer.locator(".ep-standing")
    writer.wait_for_timeout(4000)  # it is asked for a little after the typing stops
    standing.evaluate("element => { (element.querySelector('details') || element).open = true; }")
    standing.evaluate("element => element.closest('.ep-standing').parentElement.scrollTo(0, 0)")
    tour.take(writer, "before-publishing")
    desk.save()
    article = writer.url.split("/article/")[1].split("/")[0]
    review = f"{tour.base}/admin/articles/article/{article}/review/"
    writer.goto(review)
    form = writer.locator('form:has([name="act"][value="submit"])')
    form.locator("textarea").fill("One new sentence, on how long it holds.")
    review_form(writer, "submit").click()

    editor = tour.person("editor")
    editor.goto(f"{tour.base}/admin/articles/article/queue/")
    tour.take(editor, "queue")
    editor.goto(review)
    tour.take(editor, "review", to=editor.locator("[data-reviewed] ins"))
    while editor.locator('[name="act"][value="check"]').count():
        review_form(editor, "check").click()
        editor.wait_for_load_state()
    for answer in editor.locator('#form-decide-clinical input[value="yes"]').all():
        answer.check()
    button = review_form(editor, "approve")
    tour.take(editor, "decide", to=button)
    button.click()
    note = editor.locator('form:has([name="act"][value="publish"]) textarea[name="note"]')
    button = review_form(editor, "publish")
    note.fill("We say how long the effect may last.")
    button.click()
    again = editor.locator('button[name="act"][value="publish"]')
    again.wait_for()
    tour.take(editor, "publish")
    again.click()
    editor.wait_for_url("**/review/**")

    patient = tour.person("", PHONE)
    patient.goto(f"{tour.base}/articles/dry-needling/")
    claim = patient.locator("main span.claim", has_text=SENTENCE.strip())
    mark = claim.locator("xpath=following-sibling::sup[1]//a").first
    mark.evaluate("element => element.scrollIntoView({block: 'center', behavior: 'instant'})")
    mark.click()
    tour.take(patient, "patient")
    patient.goto(f"{tour.base}/articles/exercise-to-prevent-falls/")
    tour.take_for_readme(patient)
    tour.take(patient, "numbers", to=patient.locator("figure:has(svg)"))
    patient.goto(f"{tour.base}/articles/exercise-for-long-lasting-back-pain/")
    tour.take(patient, "taken-back")
    patient.goto(f"{tour.base}/conditions/shoulder-pain/")
    tour.take(patient, "problem")
    editor.goto(f"{tour.base}/admin/")
    tour.take(editor, "editor-dashboard")


def main():
    PICTURES.mkdir(parents=True, exist_ok=True)
    with a_site() as (base, logins), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        take_all(Tour(browser, base, logins))
        browser.close()


if __name__ == "__main__":
    main()
