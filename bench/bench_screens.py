"""How long the pages of a running site are, and what a reader meets first.

    .venv/bin/python bench/bench_screens.py http://127.0.0.1:8000 [--pictures FOLDER] PATH [PATH …]
    .venv/bin/python bench/bench_screens.py --sources 25 [--pictures FOLDER]

With `--sources` it starts a site of its own with the demonstration, in a folder that is thrown
away. There the page about dry needling gets more of the demonstration's own sources, one for each
claim in turn, until it has that many.

A PATH is `/articles/dry-needling/`. For each it prints the screens of 390 x 844 it fills, scrolled
to its end as a reader would, the same where all that is folded is opened, in which screen "Who
should not have it" and "When to get help" begin, and how often the page says how sure we are.
Then what stands on the first screen of three small phones. Needs Chromium.
"""

import argparse
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

#: The page that gets more sources.
SLUG = "dry-needling"
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
PHONES = ((320, 568), (360, 640), (390, 844))
WIDTH, HEIGHT = PHONES[-1]

#: Scrolls through the page, so that what is laid out late is laid out, and tells how far the end
#: moved on the way.
SCROLL = """async () => {
  const frame = () => new Promise((done) => {
    requestAnimationFrame(() => requestAnimationFrame(done));
  });
  const before = document.documentElement.scrollHeight;
  for (let at = 0; at < document.documentElement.scrollHeight; at += innerHeight) {
    scrollTo({ top: at, behavior: "instant" });
    await frame();
  }
  const after = document.documentElement.scrollHeight;
  scrollTo({ top: 0, behavior: "instant" });
  return [before, after];
}"""
OPEN_ALL = "() => document.querySelectorAll('details').forEach((each) => { each.open = true })"
TOP_OF = """(id) => {
  const found = document.getElementById(id);
  return found ? found.getBoundingClientRect().top + scrollY : null;
}"""
#: The first words of each thing that is wholly on the first screen.
SEEN = """() => [...document.querySelectorAll(
    ".emergency, h1, .summary, .key .safety a, .key li, .strip p, .title-details p, h2"
  )].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.height && box.bottom <= innerHeight && !each.closest("template");
  }).map((each) => each.innerText.trim().replace(/\\s+/g, " ").slice(0, 40))"""
#: Sentences that say how sure we are, seen or folded. {name: selector}
SURENESS = {".how": ".how", ".sure": ".sure", ".levels dt": ".levels dt"}


def main() -> None:
    options = _options()
    if not CHROMIUM:
        sys.exit("Chromium is not installed: apt-get install chromium-headless-shell")
    if options.sources:
        with a_site_with(options.sources) as site:
            measure_all(site, [f"/articles/{SLUG}/"], options.pictures)
    else:
        measure_all(options.site.rstrip("/"), options.paths, options.pictures)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("site", nargs="?")
    parser.add_argument("paths", nargs="*")
    parser.add_argument("--sources", type=int, help="measure a page with so many sources")
    parser.add_argument("--pictures", type=Path, help="a folder for a picture of each page")
    options = parser.parse_args()
    if bool(options.sources) == bool(options.paths):
        parser.error("Give a site and a path, or --sources.")
    return options


@contextmanager
def a_site_with(sources: int) -> Iterator[str]:
    """Give the address of a site of its own with a page of so many sources, for this block."""
    with tempfile.TemporaryDirectory() as folder:
        with socket.socket() as reserved:
            reserved.bind(("127.0.0.1", 0))
            port = reserved.getsockname()[1]
        address = f"http://127.0.0.1:{port}"
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "physiohub.settings",
            "DATABASE_URL": f"sqlite:///{folder}/screens.sqlite3",
            "MEDIA_ROOT": f"{folder}/media",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "SITE_URL": address,
            "LOOKUP": "off",
        }
        ready = [sys.executable, "manage.py", "make_ready"]
        subprocess.run(ready, cwd=ROOT, check=True, capture_output=True)
        publish_with(sources)
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "physiohub.wsgi", "--bind", f"127.0.0.1:{port}"],
            cwd=ROOT,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(f"{address}/articles/{SLUG}/")
            yield address
        finally:
            server.terminate()
            server.wait(timeout=20)


def publish_with(sources: int) -> None:
    """Publish the page about dry needling with so many sources of the demonstration."""
    import django

    django.setup()
    from django.utils import timezone

    from articles.drafts import edits
    from articles.models import Article, Citation
    from articles.publishing import publishing
    from references.models import Reference
    from tests import builders

    article, now = Article.objects.get(slug=SLUG), timezone.now()
    cited = set(Citation.objects.filter(claim__article=article).values_list("reference", flat=True))
    others = Reference.objects.exclude(pk__in=cited).filter(notices=None).order_by("pk")
    more = list(others[: sources - len(cited)])
    if len(cited) + len(more) < sources:
        sys.exit(f"The demonstration has only {len(cited) + len(more)} sources.")
    claims = cycle(article.claims.order_by("pk"))
    for reference in more:
        builders.link(next(claims), reference, by=article.owner)
    edits.record_edit(article, by=article.owner, at=now)
    revision, editor = builders.reviewed(article, at=now)
    publishing.publish(revision, by=editor, at=now, change_note="More sources.")


def _wait_for(address: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(address, timeout=30)  # noqa: S310 - our own server
            return
        except OSError:
            time.sleep(0.2)
    sys.exit(f"The site did not answer at {address}.")


def measure_all(site: str, paths: list[str], pictures: Path | None) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for path in paths:
            measure(browser, site + path, pictures)
        browser.close()


def measure(browser: Browser, address: str, pictures: Path | None) -> None:
    """Print the figures of one page."""
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    page.goto(address)
    before, height = page.evaluate(SCROLL)
    print(f"{address}\n  {height / HEIGHT:.1f} screens ({height} px; {before} px when it opens)")
    print(
        f"  {_begins(page, 'not')}; {_begins(page, 'help')}; sources: {_begins(page, 'references')}"
    )
    counts = [f"{page.locator(selector).count()} {name}" for name, selector in SURENESS.items()]
    weak = page.locator("main").inner_text().count("too few")
    print(f"  how sure we are: {', '.join(counts)}; “too few” {weak} times in sight")
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
        name = address.split("//", 1)[1].strip("/").replace("/", "-")
        page.screenshot(path=pictures / f"{name}.png", full_page=True)
    page.evaluate(OPEN_ALL)
    _before, opened = page.evaluate(SCROLL)
    weak = page.locator("main").inner_text().count("too few")
    print(f"  {opened / HEIGHT:.1f} screens with all opened; “too few” {weak} times")
    page.close()
    for width, tall in PHONES:
        page = browser.new_page(viewport={"width": width, "height": tall})
        page.goto(address)
        print(f"  {width}x{tall}: {' | '.join(page.evaluate(SEEN))}")
        page.close()


def _begins(page: Page, anchor: str) -> str:
    top = page.evaluate(TOP_OF, anchor)
    return f"#{anchor} –" if top is None else f"#{anchor} in screen {top / HEIGHT:.1f}"


if __name__ == "__main__":
    main()
