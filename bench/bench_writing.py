"""What the article's form costs at 120 claims and 240 links: opening, asking where one stands,
saving, typing.

    .venv/bin/python bench/bench_writing.py [--claims 120] [--rounds 5]

Runs in a test database of its own, on the database DATABASE_URL names, with a live server and
headless Chromium, and prints milliseconds of processor time (median), queries and kilobytes, each
time as a ratio to opening the form of an article with two claims in the same run.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "physiohub.settings")
os.environ.setdefault("SECRET_KEY", "a key for the benchmark alone, long enough to be taken")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

import django

django.setup()

from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connection
from django.test import Client
from django.test.testcases import LiveServerThread
from django.test.utils import (
    CaptureQueriesContext,
    setup_test_environment,
    teardown_test_environment,
)
from playwright.sync_api import sync_playwright

from tests.browser import CHROMIUM, FLAGS


def build(claims, author):
    from articles.drafts import edits
    from articles.models import Citation, Claim, Stance
    from articles.richtext.markers import new_key
    from tests.builders import a_draft, a_reference

    marked = "".join(
        f'<p>Before it. <mark data-claim="{new_key()}">Sentence {n} may help.</mark></p>'
        for n in range(claims)
    )
    article = a_draft(by=author, body=marked)
    edits.match_claims_to_text(article)
    references = [a_reference() for _ in range(60)]
    for n, claim in enumerate(Claim.objects.filter(article=article, citations=None)):
        claim.checked_text = claim.text
        claim.save()
        for offset in (0, 1):
            Citation.objects.create(
                claim=claim,
                reference=references[(2 * n + offset) % 60],
                stance=Stance.SUPPORTS,
                added_by=author,
                locator_kind="page",
                locator="3",
                quote="It eased pain for some people for a few weeks.",
            )
    return article


def measured(act, rounds):
    """(median milliseconds of processor time, queries of one run, what the last run answered)"""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        answer = act()
        times.append(1000 * (time.process_time() - start))
    with CaptureQueriesContext(connection) as queries:
        act()
    return statistics.median(times), len(queries), answer


def typing(address, client, rounds):
    """Median milliseconds the browser's main thread is busy with 30 key presses in the
    middle of the text.
    """
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])
        page = context.new_page()
        page.goto(address)
        page.wait_for_selector("#evidence-panel[data-ready]")
        text = next(frame for frame in page.frames if frame != page.main_frame)
        text.evaluate("""() => {
                const place = [...document.querySelectorAll("p")].at(-5).firstChild;
                document.body.focus();
                getSelection().collapse(place, 3);
            }""")
        page.wait_for_timeout(2_500)
        metrics = context.new_cdp_session(page)
        metrics.send("Performance.enable")

        def busy():
            values = {
                metric["name"]: metric["value"]
                for metric in metrics.send("Performance.getMetrics")["metrics"]
            }
            return values["TaskDuration"]

        times = []
        for _ in range(rounds):
            before = busy()
            page.keyboard.type("thirty letters typed in a row.", delay=20)
            page.wait_for_timeout(400)  # what is done a little after the last key counts too
            times.append(1000 * (busy() - before))
        chromium.close()
    return statistics.median(times)


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--claims", type=int, default=120)
    options.add_argument("--rounds", type=int, default=5)
    options = options.parse_args()

    from django.urls import reverse

    from tests import entry
    from tests.builders import a_superuser
    from tests.forms import filled_in

    author = a_superuser()
    small, large = build(2, author), build(options.claims, author)
    client = Client()
    entry.logged_in(client, author)

    def address(article, name="change"):
        return reverse(f"admin:articles_article_{name}", args=[article.pk])

    figures = {
        "open, 2 claims": measured(lambda: client.get(address(small)), options.rounds),
        f"open, {options.claims} claims": measured(
            lambda: client.get(address(large)), options.rounds
        ),
    }
    data = filled_in(client.get(address(large)))
    figures["where one stands"] = measured(
        lambda: client.post(address(large, "standing"), data), options.rounds
    )
    # The version moves on with every save that changes something; this one changes nothing.
    figures["save"] = measured(lambda: client.post(address(large), data), options.rounds)
    print(
        f"{connection.vendor}, {options.claims} claims, {2 * options.claims} links, median of"
        f" {options.rounds}"
    )
    base = figures["open, 2 claims"][0]
    for name, (milliseconds, queries, answer) in figures.items():
        size = f"{len(answer.content) / 1000:8.1f} kB" if answer.content else " " * 11
        print(
            f"  {name:<20} {milliseconds:8.1f} ms {queries:4} queries {size}  "
            f" {milliseconds / base:6.2f} x"
        )
    print(f"  fields sent          {len(data):8}")
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    try:
        milliseconds = typing(
            f"http://127.0.0.1:{server.port}{address(large)}", client, options.rounds
        )
    finally:
        server.terminate()
    print(f"  typing 30 characters {milliseconds:8.1f} ms of the browser's main thread")


if __name__ == "__main__":
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if (
        connection.vendor == "sqlite"
    ):  # in a file: the server's threads have connections of their own
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = (
            f"{tempfile.mkdtemp()}/bench.sqlite3"
        )
    setup_test_environment()
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "127.0.0.1"]
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        main()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
        teardown_test_environment()
