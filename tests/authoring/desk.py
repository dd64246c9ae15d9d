"""The article's form in a real browser, as a clinician works at it."""

import base64

from django.urls import reverse

#: A native paste event with HTML, or with one file.
_PASTE = """([html, data, type]) => {
    const carried = new DataTransfer();
    if (html) {
        carried.setData("text/html", html);
        carried.setData("text/plain", html.replace(/<[^>]*>/g, ""));
    } else {
        const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
        carried.items.add(new File([bytes], "picture", { type }));
    }
    const how = { clipboardData: carried, bubbles: true, cancelable: true };
    const at = getSelection().anchorNode;
    ((at && at.parentElement) || document.body).dispatchEvent(new ClipboardEvent("paste", how));
}"""


class Desk:
    """One open form. `page` is the browser's page, `text` the frame the editor's sheet is in."""

    def __init__(self, page):
        self.page = page
        self.ready()

    @classmethod
    def at(cls, case, article, *, user, width=1280, **how):
        """Open the form of `article`, or the one for a new article where it is None."""
        name = "change" if article else "add"
        address = reverse(f"admin:articles_article_{name}", args=[article.pk] if article else [])
        return cls(case.open(address, width=width, user=user, **how))

    def ready(self):
        self.page.wait_for_selector("#evidence-panel[data-ready]", timeout=20_000)
        self.text = next(frame for frame in self.page.frames if frame != self.page.main_frame)

    # --- in the text ---------------------------------------------------------------------------
    def select(self, phrase, *, only_caret=None):
        """Select `phrase`, or put the caret at its "start" or "end"."""
        self.text.evaluate(
            """([phrase, caret]) => {
                const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                const nodes = [];
                let all = "";
                while (walker.nextNode()) {
                    nodes.push([walker.currentNode, all.length]);
                    all += walker.currentNode.data;
                }
                const from = all.indexOf(phrase), to = from + phrase.length;
                if (from < 0) throw new Error("The text does not say " + phrase + ": " + all);
                const range = document.createRange();
                for (const [node, at] of nodes) {
                    if (at <= from && from < at + node.length) range.setStart(node, from - at);
                    if (at < to && to <= at + node.length) range.setEnd(node, to - at);
                }
                if (caret) range.collapse(caret === "start");
                document.body.focus();
                getSelection().removeAllRanges();
                getSelection().addRange(range);
            }""",
            [phrase, only_caret],
        )
        self.page.wait_for_timeout(300)  # the editor looks at the selection a little later

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
        self.page.wait_for_timeout(250)

    def type(self, words):
        self.page.keyboard.type(words, delay=15)
        self.page.wait_for_timeout(250)

    def paste(self, html, plain=""):
        """A native paste event, as Word, Google Docs or another page makes one."""
        self.text.evaluate(
            """([html, plain]) => {
                const carried = new DataTransfer();
                carried.setData("text/html", html);
                carried.setData("text/plain", plain || html.replace(/<[^>]*>/g, ""));
                const how = { clipboardData: carried, bubbles: true, cancelable: true };
                const event = new ClipboardEvent("paste", how);
                (getSelection().anchorNode.parentElement || document.body).dispatchEvent(event);
            }""",
            [html, plain],
        )
        self.page.wait_for_timeout(600)

    def paste_now(self, html):
        """The same, and on at once: wait for what is seen."""
        self.text.evaluate(_PASTE, [html, None, None])

    def paste_file(self, data, type):
        """A file alone, as a screenshot or a dropped picture."""
        self.text.evaluate(_PASTE, [None, base64.b64encode(data).decode(), type])

    def drop_file(self, data, type, *, on):
        """A file dropped on the line that says `on`."""
        self.text.evaluate(
            """([data, type, on]) => {
                const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
                const dataTransfer = new DataTransfer();
                dataTransfer.items.add(new File([bytes], "picture", { type }));
                const line = [...document.querySelectorAll("p")].find((p) => p.textContent === on);
                line.scrollIntoView();
                const { x, y } = line.getBoundingClientRect();
                const how = { dataTransfer, bubbles: true, cancelable: true };
                const at = { clientX: x + 5, clientY: y + 5 };
                line.dispatchEvent(new DragEvent("drop", { ...how, ...at }));
            }""",
            [base64.b64encode(data).decode(), type, on],
        )

    def paste_and_hear(self, html, words):
        """Paste, and wait until the status line above the editor holds `words`."""
        self.paste_now(html)
        self.hear(words)

    def hear(self, words):
        self.page.locator(".paste-said[role=status]", has_text=words).wait_for()

    def told(self):
        return self.page.inner_text(".paste-said")

    def html(self):
        """What a save would send."""
        self.page.evaluate(
            "document.getElementById('article_form').dispatchEvent(new"
            " CustomEvent('physiohub:collect'))"
        )
        return self.page.input_value("#id_body")

    def marks(self):
        return self.text.evaluate(
            "[...document.querySelectorAll('mark')].map((mark) => mark.textContent)"
        )

    # --- in the panel --------------------------------------------------------------------------
    def card(self, words):
        return self.page.locator(".ep-card", has_text=words).first

    @property
    def current(self):
        return self.page.locator(".ep-card.is-current")

    def add_source(self, words):
        """Type or paste into the box of the open card, and press Enter."""
        box, before = self.current.locator(".ep-add input"), self.said()
        box.fill(words)
        if not words.startswith(("10.", "http")):
            self._until(
                box,
                "(box, told, before) => box.ariaExpanded === 'true' || (told && told !== before)",
                before,
            )
        box.press("Enter")
        self._until(box, "(box, told) => told && !box.hasAttribute('aria-busy')")

    def _until(self, box, holds, *more):
        """Wait until the field for sources, what it tells and `more` are as `holds` says."""
        self.page.wait_for_function(
            f"([box, ...more]) => ({holds})(box, box.closest('.ep-add')"
            ".querySelector('.ep-status').innerText.trim(), ...more)",
            arg=[box.element_handle(), *more],
        )

    def said(self):
        return self.current.locator(".ep-status").inner_text()

    def standing(self, words):
        """Wait until what stands before publishing holds `words`."""
        self.page.locator(".ep-standing", has_text=words).wait_for(state="attached", timeout=15_000)

    def save(self):
        with self.page.expect_navigation():  # it leaves once the session is known to stand
            self.page.click('[name="_continue"]')
        self.ready()
