"""How long the pages of a running site are, and what a reader meets first.

    .venv/bin/python bench/bench_screens.py http://127.0.0.1:8000 [--pictures FOLDER] PATH [PATH …]

A PATH is `/articles/dry-needling/`. For each it prints the screens of 390 x 844 it fills, scrolled
to its end as a reader would, the same where all that is folded is opened, in which screen "Who
should not have it" and "When to get help" begin, and how often the page says how sure we are.
Then what stands on the first screen of three small phones. Needs Chromium.
"""

import argparse
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

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
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for path in options.paths:
            measure(browser, options.site.rstrip("/") + path, options)
        browser.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("site")
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--pictures", type=Path, help="a folder for a picture of each page")
    return parser.parse_args()


def measure(browser: Browser, address: str, options: argparse.Namespace) -> None:
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
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
        name = address.split("//", 1)[1].strip("/").replace("/", "-")
        page.screenshot(path=options.pictures / f"{name}.png", full_page=True)
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
