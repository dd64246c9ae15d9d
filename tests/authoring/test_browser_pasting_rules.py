"""The rules of pasting, case by case.

Its modules that touch no page are run by a browser, without a form.
"""

import pytest

from tests.browser import BrowserTestCase

from .clipboards import google_docs, libre_office, word, word_item

WORDS = {
    "left_out": "Left out: {list}.",
    "part": "{what} ({count})",
    "comma": ", ",
    "tables": "tables",
    "links": "links",
    "missing": "Missing: {words}",
    "struck": "Crossed out: {count}",
    "picture_local": "local {count}",
    "picture_remote": "remote {count}",
    "picture_format": "format {count}",
    "picture_forbidden": "forbidden {count}",
    "picture_asked": "asked {count}",
    "claim_copied": "copied {text}",
    "claim_plain": "plain {text}",
    "claims_foreign": "foreign {count}",
    "cited": "cites {mark}",
    "failed": "failed",
}
#: A call of `name` in a module of pasting; HTML becomes the body of a document.
_CALL = """async ([module, name, given]) => {
    const found = await import(`/static/articles/${module}.js`);
    const parsed = (html) => new DOMParser().parseFromString(html, "text/html").body;
    const asIs = given.map((one) => one?.parsed ? parsed(one.parsed) : one);
    return found[name](...asIs);
}"""


@pytest.mark.browser
class TheRulesOfPasting(BrowserTestCase):
    def setUp(self):
        self.page = self.open("/robots.txt")

    def call(self, module, name, *given):
        return self.page.evaluate(_CALL, [module, name, list(given)])

    def read(self, html):
        return self.call("pasting/reading", "read", html)

    def test_read_the_number_of_an_item_from_its_symbol(self):
        for symbol, numbers in (
            ("3.", [3]),
            ("(12)", [12]),
            ("2.4.", [4]),
            ("٣.", [3]),
            ("۴-", [4]),
            ("b)", [2]),
            ("i.", [1, 9]),
            ("iv.", [4]),
            ("v)", [22, 5]),
            ("o", []),
            ("·", []),
            ("§", []),
            ("-", []),
            ("", []),
        ):
            with self.subTest(symbol=symbol):
                self.assertEqual(self.call("pasting/lists", "numbersOf", symbol), numbers)

    def test_make_headings_lists_and_heights_of_whatever_says_so(self):
        for html, expected in (
            (
                "<h1>a</h1><h2>b</h2><h3>c</h3><h4>d</h4><h5>e</h5><h6>f</h6>",
                "<h2>a</h2><h2>b</h2><h3>c</h3><h3>d</h3><h3>e</h3><h3>f</h3>",
            ),
            ('<p role="heading" aria-level="4">a</p>', "<h3>a</h3>"),
            (word("<p class=MsoTitle>a</p><h2><b>b</b></h2>"), "<h2>a</h2><h2>b</h2>"),
            (libre_office('<p class="heading-3-western">a</p>'), "<h3>a</h3>"),
            (google_docs('<p><span style="font-size:12pt">a</span></p>'), "<p>a</p>"),
            ('<p>a<span style="vertical-align:5pt">1</span></p>', "<p>a<sup>1</sup></p>"),
            ('<p>a<span style="vertical-align:-20%">1</span></p>', "<p>a<sub>1</sub></p>"),
            ('<p>a<span style="vertical-align:baseline">1</span></p>', "<p>a1</p>"),
            (
                '<p><span style="font-weight:700"><i>a</i></span></p>',
                "<p><strong><em>a</em></strong></p>",
            ),
            (
                word(word_item("·", "a") + word_item("·", "b") + word_item("1.", "c")),
                "<ul><li>a</li><li>b</li></ul><ol><li>c</li></ol>",
            ),
            (
                word(word_item("1.", "a") + word_item("1.", "b")),
                "<ol><li>a</li></ol><ol><li>b</li></ol>",
            ),
            (
                word(word_item("iii.", "a") + word_item("iv.", "b")),
                '<ol start="3"><li>a</li><li>b</li></ol>',
            ),
            (
                "<div><ol><li>a</li></ol></div><div><ol start=2><li>b</li></ol></div>",
                "<ol><li>a</li><li>b</li></ol>",
            ),
            ("<div>a<div>b</div>c <b>d</b></div>", "<p>a</p><p>b</p><p>c <strong>d</strong></p>"),
            ("one <span>line</span>", "one line"),
            ("<pre>a\nb</pre>", "<p>a<br>b</p>"),
            (
                '<p><mark data-claim="c123456789">a</mark></p>',
                '<p><mark data-claim="c123456789">a</mark></p>',
            ),
        ):
            with self.subTest(html=html):
                self.assertEqual(self.read(html)["html"], expected)

    def test_count_what_stays_behind(self):
        for html, counts in (
            ("<p>a</p><math><mi>x</mi></math>", {"formulas": 1}),
            ("<p>a</p><svg><svg></svg></svg><video></video>", {"drawings": 1, "media": 1}),
            ('<p>a <a href="file:///C:/x">b</a> <a href="#c">d</a></p>', {"links": 2}),
            ('<p>a <a href="https://x.org/">b</a></p>', {}),
            ("<p>a <del>b</del> <ins>c</ins></p>", {"changes": 2}),
            ('<p>a <span style="display:none">b</span></p>', {"hidden": 1}),
            ('<ol type="a"><li>b</li></ol>', {"lettered": 1}),
            ('<p style="color:red"><span style="text-decoration:underline">a</span></p>', {}),
        ):
            with self.subTest(html=html):
                self.assertEqual(self.read(html)["counts"], counts)

    def test_find_what_a_filter_took_whatever_it_was(self):
        html = "<h2>One</h2><table><tr><td colspan=2>two</td></tr></table><p>three<br>four</p>"
        found = self.page.evaluate(
            """async ([html, kept]) => {
                const counting = await import("/static/articles/pasting/counting.js");
                const seen = (text) => {
                    const body = new DOMParser().parseFromString(text, "text/html").body;
                    return { words: counting.wordsOf(body), things: counting.inventory(body) };
                };
                return kept.map((text) => counting.missing(seen(html), seen(text)));
            }""",
            [html, [html, "<p>One</p><p>two</p><p>three</p>"]],
        )

        self.assertEqual(found[0], {"lost": {}, "words": ""})
        self.assertEqual(found[1]["lost"], {"headings": 1, "tables": 1, "merged": 1})
        self.assertEqual(found[1]["words"], "four")

    def test_say_what_the_writer_does_about_it(self):
        def told(**changed):
            report = {
                "counts": {},
                "words": "",
                "claims": {"copied": [], "plain": [], "foreign": 0},
                "pictures": [],
                "cited": "",
                "html": "",
                **changed,
            }
            return self.call("pasting/telling", "sentencesOf", report, WORDS, True)

        pictures = [
            {"src": src, "file": None}
            for src in ("file:///a.png", "https://x.org/a", "data:image/svg+xml,x", "cid:1")
        ]
        self.assertEqual(told(), [])
        self.assertEqual(
            told(counts={"links": 2, "tables": 1}), ["Left out: tables (1), links (2)."]
        )
        self.assertEqual(told(counts={"struck": 1}, words="a"), ["Missing: a", "Crossed out: 1"])
        self.assertEqual(told(pictures=pictures), ["local 2", "remote 1", "format 1"])
        self.assertEqual(told(hasFailed=True, cited="[3]"), ["failed", "cites [3]"])
        png = {"src": "data:image/png;base64,x"}
        self.assertEqual(self.call("pasting/telling", "whyNot", png, True), "")
        self.assertEqual(self.call("pasting/telling", "whyNot", png, False), "forbidden")

    def test_give_a_copy_its_sources_only_where_the_words_are_the_same(self):
        claim = {
            "text": "It helps.",
            "checked_text": "It helps.",
            "certainty": "low",
            "reasons": [],
            "note": "",
            "links": [{"uid": "u1", "reference": "r1"}],
        }
        found = self.page.evaluate(
            """async (claim) => {
                const { Claims } = await import("/static/articles/panel/claims.js");
                const { copyOf } = await import("/static/articles/panel/copying.js");
                const reworded = { ...claim, text: "It cures." };
                const claims = new Claims({ c1: claim, c2: reworded });
                const copy = claims.get(copyOf(claims, "c1", "It helps."));
                const others = [["c1", "It"], ["c2", "It cures."], ["c3", "It helps."]];
                return [copy, others.map(([key, words]) => copyOf(claims, key, words))];
            }""",
            claim,
        )

        copy, others = found
        self.assertEqual(
            (copy["text"], copy["certainty"], copy["touched"]), ("It helps.", "low", True)
        )
        self.assertEqual([one["reference"] for one in copy["links"]], ["r1"])
        self.assertNotEqual(copy["links"][0]["uid"], "u1")
        self.assertEqual(others, [None, None, None])

    def test_know_a_text_that_cites_its_own_list(self):
        works = "<ol><li>Osei A. Needles. J Pain. 2019;3:1-9, a study.</li><li>Lee B. Heat and"
        works += " cold for necks. doi:10.5555/12345</li></ol>"
        for html, mark in (
            (f"<p>It helps [2].</p>{works}", "[2]"),
            (f"<p>It helps.<sup>1,2</sup></p>{works}", "1,2"),
            (f"<p>It helps.</p>{works}", ""),
            (
                "<p>It helps [2].</p><ol><li>Rest.</li><li>Walk for half an hour a day.</li></ol>",
                "",
            ),
        ):
            with self.subTest(html=html):
                self.assertEqual(
                    self.call("pasting/citations", "citedWithList", {"parsed": html}), mark
                )

    def test_take_a_large_text_in_a_moment(self):
        for html in (
            word(word_item("1.", "a <b>word</b>") * 4000),
            "<div>" * 1500 + "a" + "</div>" * 1500,
            "<p>a <span style='font-weight:bold'>b</span></p>" * 8000,
            "<ol><li>a</li></ol>" * 5000,
            "<ul>" * 400 + "<li>a" * 3000,
        ):
            took = self.page.evaluate(
                """async (html) => {
                    const { read } = await import("/static/articles/pasting/reading.js");
                    const begun = performance.now();
                    read(html);
                    return performance.now() - begun;
                }""",
                html,
            )
            self.assertLess(took, 5000, html[:60])
