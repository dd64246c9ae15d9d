"""Lists in lists keep their levels, and interrupted numbered lists their count."""

from django.test import SimpleTestCase

from articles.imports import mark_claims, read_article, read_document, structure
from articles.imports.parts import Block
from articles.richtext import cleaning
from tests.documents import Numbered, a_docx
from tests.shared_data import shared

NESTED = "<ul><li>arm<ul><li>a little</li><li>a lot</li></ul></li><li>pen</li></ul>"


def body(text, name="a.html"):
    return read_article(text.encode(), name).body_html


class AListInAList(SimpleTestCase):
    def test_keeps_its_level_in_every_format(self):
        for name, text in (
            ("a.html", f"<h1>Elbow</h1>{NESTED}"),
            ("a.md", "# Elbow\n\n- arm\n  - a little\n  - a lot\n- pen\n"),
            ("a.txt", "Elbow\n\nIt is sore.\n\n• arm\n  - a little\n  - a lot\n• pen\n"),
        ):
            with self.subTest(name):
                self.assertIn(NESTED, body(text, name))

    def test_may_have_numbers_in_bullets_and_bullets_in_numbers(self):
        html = "<ol><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li><li>d</li></ol>"
        self.assertEqual(body(f"<h1>Elbow</h1>{html}"), html)
        self.assertEqual(cleaning.clean(html), html)

    def test_has_letters_under_their_number(self):
        text = shared("data", "documents", "D7-pdfcopy.txt").read_text()
        self.assertIn(
            "<ol><li>Warm up</li><li>Do 3 sets of 15<ol><li>Slowly</li><li>Pain up to 4 out of 10"
            " is fine</li></ol></li></ol>",
            body(text, "a.txt"),
        )

    def test_begins_at_the_top_when_what_was_above_left_it(self):
        document = read_document(f"<h1>Elbow</h1>{NESTED}".encode(), "a.html")
        read = structure(document.lines, (), {2: "left_out"})

        self.assertEqual(read.body_html, "<ul><li>a little</li><li>a lot</li><li>pen</li></ul>")

    def test_keeps_its_level_when_a_claim_is_marked_in_it(self):
        read = read_article(f"<h1>Elbow</h1>{NESTED}".encode(), "a.html")
        blocks, _keys = mark_claims(read, set())

        self.assertEqual("".join(block.html for block in blocks), NESTED)

    def test_of_any_shape_is_well_formed(self):
        for levels in (
            [(2, "ul"), (0, "ul")],
            [(0, "ol"), (2, "ul"), (1, "ol"), (3, "ul"), (0, "ol")],
            [(0, "ul"), (1, "ol"), (1, "ul")],
        ):
            with self.subTest(levels):
                items = tuple((at, "x", f"x{at}") for at in range(len(levels)))
                block = Block(levels[0][1], items, tuple(levels))
                self.assertEqual(cleaning.clean(block.html), block.html)
                self.assertEqual(block.html.count("<li>"), len(levels))
                self.assertEqual(len(block.markers), len(levels))


class AListThatIsInterrupted(SimpleTestCase):
    def test_goes_on_counting_in_every_format(self):
        for name, data in (
            ("a.html", b"<h1>A</h1><ol><li>a</li><li>b</li></ol><p>Rest.</p>"
                       b"<ol start=3><li>c</li></ol>"),
            ("b.html", b"<h1>A</h1><ol><li>a</li><li>b<p>Rest.</p></li><li>c</li></ol>"),
            ("a.md", b"# A\n\n1. a\n2. b\n\nRest.\n\n3. c\n"),
            ("a.txt", b"A\n\nIt is.\n\n1. a\n2. b\n\nRest.\n\n3. c\n"),
            ("a.docx", a_docx(("Title", "A"), (Numbered(), "a"), (Numbered(), "b"), ("", "Rest."),
                              (Numbered(), "c"))),
        ):  # fmt: skip
            with self.subTest(name):
                html = read_article(data, name).body_html
                self.assertIn(
                    '<ol><li>a</li><li>b</li></ol><p>Rest.</p><ol start="3"><li>c</li></ol>', html
                )

    def test_counts_from_one_where_its_first_items_left(self):
        document = read_document(b"# A\n\n1. a\n2. b\n", "a.md")
        self.assertEqual(
            structure(document.lines, (), {3: "key_points"}).body_html, "<ol><li>b</li></ol>"
        )


class TheStartOfAList(SimpleTestCase):
    def test_is_kept_by_the_boundary_if_it_is_a_number(self):
        for start, kept in (("3", ' start="3"'), ("999", ' start="999"')):
            self.assertEqual(
                cleaning.clean(f'<ol start="{start}"><li>a</li></ol>'), f"<ol{kept}><li>a</li></ol>"
            )
        for start in ("1", "0", "-1", "1000", "x", "3 ", ""):
            with self.subTest(start):
                html = cleaning.clean(f'<ol start="{start}"><li>a</li></ol>')
                self.assertEqual(html, "<ol><li>a</li></ol>")

    def test_of_a_list_in_an_item_leaves_the_item_as_it_was(self):
        html = '<ul><li>a<ol start="2"><li>b</li></ol></li></ul>'
        self.assertEqual(cleaning.clean(html.replace("<li>a", "<li><p>a</p>")), html)
