"""Of a web page only the main text comes in, and what is left out is told."""

import time

from django.test import SimpleTestCase

from articles.imports import read_article, read_document
from articles.imports.page_dates import is_page_date
from tests.shared_data import shared

TEXT = (
    "<h1>Sore elbow</h1><p>The outer side of the elbow hurts when you grip or lift things.</p>"
    "<h2>What helps</h2><p>Slow lifting may ease the pain for most people within weeks.</p>"
)
MENU = '<nav><ul><li><a href="/a">All problems</a></li><li>Services</li></ul></nav>'
HEADER = f'<header><a href="/">Town Clinic</a>{MENU}</header>'
FOOTER = "<footer><p>Town Clinic</p><ul><li>About us</li></ul></footer>"
AROUND = ("Town Clinic", "All problems", "Services", "About us", "cookies", "Start", "Wrist")


def page(html, name="a.html"):
    return read_article(html.encode(), name)


def words_of(read):
    return " ".join([read.title, *(use.text for use in read.line_uses)])


class AWebPage(SimpleTestCase):
    def assert_is_the_text(self, read):
        self.assertEqual(read.title, "Sore elbow")
        self.assertEqual(
            read.body_html,
            "<p>The outer side of the elbow hurts when you grip or lift things.</p><h2>What"
            " helps</h2><p>Slow lifting may ease the pain for most people within weeks.</p>",
        )
        for around in AROUND:
            self.assertNotIn(around, words_of(read))

    def test_is_its_main_part_alone_however_the_page_says_which_that_is(self):
        cookies = '<div id="cookie-banner"><h2>Before you go on</h2><p>We use cookies.</p></div>'
        crumbs = '<ol class="breadcrumbs"><li>Start</li></ol>'
        aside = "<aside><h2>You may also like</h2><p>Wrist</p></aside>"
        for what, html in (
            ("main", f"{cookies}{HEADER}<main>{crumbs}{TEXT}</main>{aside}{FOOTER}"),
            ("role", f"{HEADER}<div role=main>{TEXT}{MENU}</div>{aside}{FOOTER}"),
            ("article", f"{HEADER}<article>{TEXT}{FOOTER}</article>{aside}{FOOTER}"),
            ("articles", f"{HEADER}<article>{TEXT}</article><article>Wrist</article>{FOOTER}"),
            ("densest", f"{HEADER}<div><div>{TEXT}</div><div>Wrist</div></div>{aside}{FOOTER}"),
            ("roles", f"<div role=banner>Town Clinic</div><div>{TEXT}</div><p role=contentinfo>"),
            ("names", f"<div class='site-header'>Town Clinic</div>{crumbs}<div>{TEXT}</div>"),
            ("an empty main", f"{HEADER}<main></main><div>{TEXT}</div>{FOOTER}"),
            (
                "nested",
                f"{HEADER}<main><div><img src=b>{MENU}<section>{TEXT}</section></div></main>",
            ),
            ("a name that is the page", f"{HEADER}<div class='has-sidebar'>{TEXT}</div>{FOOTER}"),
        ):
            with self.subTest(what):
                self.assert_is_the_text(page(html))

    def test_says_how_many_words_were_left_out(self):
        read = page(f"{HEADER}<main>{TEXT}</main>{FOOTER}")

        self.assertIn("9 words of menus, banners, footers", read.messages[0])
        self.assertEqual(page(TEXT).messages, [])

    def test_has_its_title_from_the_heading_of_its_main_part(self):
        for html in (
            f"<main><p>Advice for patients</p><p>Town Clinic wrote this.</p>{TEXT}</main>",
            f"<h1><a href='/'>Town Clinic</a></h1><main>{TEXT}</main>",
            f"<header><h1>Sore elbow</h1></header><main>{TEXT.partition('</h1>')[2]}</main>",
        ):
            with self.subTest(html):
                self.assertEqual(page(html).title, "Sore elbow")

    def test_keeps_what_was_copied_from_a_page_whole(self):
        for html in (
            "<p>One.</p><ul><li>Two</li></ul>",
            "<div><p>One.</p></div><div><p>Two.</p></div>",
            "<h2><button>Accordion One</button></h2><div><p>Two.</p></div>",
            "<div class='menu'><p>One two three four.</p></div><p>Two.</p>",
        ):
            with self.subTest(html):
                said = words_of(page(f"<h1>Elbow</h1>{html}"))
                self.assertTrue("One" in said and "Two" in said, said)

    def test_keeps_its_footnotes_from_a_footer(self):
        read = page(
            f"{HEADER}<article>{TEXT}<p>It helps.<a href='#fn1'>1</a></p><footer><ol><li id='fn1'>"
            "Osei A. A trial. J Ex. 2020;7(1):1-9.</li></ol></footer></article>"
        )

        self.assertEqual([one.footnote for one in read.references], ["note 1"])

    def test_leaves_out_links_that_would_lead_nowhere_and_tells(self):
        read = page(
            '<h1>Elbow</h1><p>See <a href="/conditions/elbow">elbow</a>, <a href="../a">wrist</a>,'
            ' <a href="//x.org/a">hand</a>, <a href="tel:112">help</a>, <a href="#a">above</a> and'
            ' <a href="https://example.org/a">this</a>.</p>'
        )

        self.assertEqual(
            read.body_html,
            '<p>See elbow, wrist, hand, help, above and <a href="https://example.org/a">this</a>.'
            "</p>",
        )
        self.assertIn("4 links", read.messages[0])
        self.assertIn("1 link to another place in the document", read.messages[1])

    def test_takes_a_date_for_no_reference_and_no_claim(self):
        for line in (
            "Page last looked at: 3 May 2024",
            "Last reviewed 12/03/2021",
            "Page last reviewed: 24 June 2024 Next review due: 24 June 2027",
            "Published: March 2020.",
            "Updated May 2024 | Review due May 2027",
            "Última revisión: 3 de mayo de 2024",
            "آخر مراجعة: 3 مايو 2024",
        ):
            with self.subTest(line):
                read = page(
                    f"{TEXT}<h2>References</h2><ol><li>Osei A. A trial. J Ex. 2020;7(1):1-9.</li>"
                    f"</ol><p>{line}</p>"
                )
                self.assertEqual(len(read.references), 1)
                self.assertEqual(read.line_uses[-1].role, "page_date")
        for line in ("Reviewed in 2020, exercise helps.", "Updated guidance from 2019", "Update"):
            self.assertFalse(is_page_date(line))

    def test_takes_time_in_proportion_to_its_length(self):
        for html in (
            "<div>" * 190 + "<nav>x</nav>" * 8_000,
            '<div class="nav-x">word' * 150 + "</div>" * 150 + "<p>x y</p>" * 4_000,
            "<main>x</main>" * 6_000,
            '<p class="' + "nav-" * 100_000 + '">x</p>',
            "<p>" + "Last updated 1 2 3 " * 30_000,
        ):
            with self.subTest(html[:30]):
                began = time.process_time()
                read_document(f"<h1>Elbow</h1>{html}".encode(), "a.html")
                self.assertLess(time.process_time() - began, 3)


class ThePageOfAClinic(SimpleTestCase):
    def setUp(self):
        self.read = page(shared("data", "documents", "D6-web-page.html").read_text())

    def test_is_its_main_part(self):
        self.assertEqual(self.read.title, "Sore elbow")
        for around in ("cookie", "count its visitors", "Town Clinic", "About us", "On this page"):
            self.assertNotIn(around, words_of(self.read))
        self.assertNotIn("/conditions/elbow", self.read.body_html)
        self.assertIn("See also elbow problems.", self.read.body_html)

    def test_keeps_its_table_and_two_references(self):
        self.assertIn("<table><caption>How long it takes</caption><thead>", self.read.body_html)
        self.assertEqual([one.name for one in self.read.references], ["Roe 2019", "Poe 2021"])
