"""Tables of a document stay tables in the draft, and every cell is accounted for."""

import re

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import SimpleTestCase, TestCase
from django.urls import reverse

from articles.imports import (
    Choices,
    making_drafts,
    mark_claims,
    read_article,
    read_document,
    structure,
)
from articles.models import Article
from articles.richtext import cleaning
from tests.builders import NOON, a_clinician
from tests.documents import Table, a_docx
from tests.shared_data import shared

HEAD = '<thead><tr><th scope="col">What you do</th><th scope="col">Weeks</th></tr></thead>'
ROWS = (
    "<tbody><tr><td>Exercise</td><td>6 to 12</td></tr>"
    "<tr><td>Rest only</td><td>26 to 52</td></tr></tbody>"
)
CELLS = (("What you do", "Weeks"), ("Exercise", "6 to 12"), ("Rest only", "26 to 52"))
HTML = (
    "<h1>Elbow</h1><table><tr><td>What you do</td><td>Weeks</td></tr>"
    "<tr><td>Exercise</td><td>6 to 12</td></tr><tr><td>Rest only</td><td>26 to 52</td></tr></table>"
)
TYPED = "Elbow\n\nIt is sore.\n\nWhat you do\tWeeks\nExercise\t6 to 12\nRest only\t26 to 52\n"


def page(html):
    return read_article(f"<h1>Elbow</h1>{html}<p>The end.</p>".encode(), "a.html")


class ATable(SimpleTestCase):
    def test_stays_a_table_in_every_format(self):
        for name, data in (
            ("a.docx", a_docx(("Title", "Elbow"), Table(CELLS))),
            ("a.html", HTML.encode()),
            ("a.txt", TYPED.encode()),
        ):
            with self.subTest(name):
                self.assertIn(f"<table>{HEAD}{ROWS}</table>", read_article(data, name).body_html)

    def test_says_which_line_was_read_as_its_head(self):
        self.assertIn(
            "Line 5 was read as the head of its table.",
            read_article(TYPED.encode(), "a.txt").messages,
        )

    def test_has_no_head_where_the_first_row_says_something_itself(self):
        for first in ("Exercise\t6 to 12", "Take one.\tEach day.", "1\tRest", "Rest\t"):
            with self.subTest(first):
                read = read_article(
                    f"Elbow\n\nSore.\n\n{first}\nRest\t26 to 52\n".encode(), "a.txt"
                )
                self.assertIn("<table><tbody>", read.body_html)
                self.assertEqual(read.messages, [])

    def test_keeps_its_caption_its_merged_cells_and_the_heads_of_its_rows(self):
        read = page(
            '<table><caption>How <b>long</b></caption><thead><tr><th rowspan="2">Do</th>'
            '<th colspan="2">Weeks</th></tr><tr><td>from</td><td>to</td></tr></thead>'
            "<tbody><tr><th>Rest</th><td>26</td><td>52</td></tr></tbody></table>"
        )

        self.assertIn(
            "<table><caption>How <strong>long</strong></caption><thead><tr>"
            '<th scope="col" rowspan="2">Do</th><th scope="col" colspan="2">Weeks</th></tr><tr>'
            '<th scope="col">from</th><th scope="col">to</th></tr></thead><tbody><tr>'
            '<th scope="row">Rest</th><td>26</td><td>52</td></tr></tbody></table>',
            read.body_html,
        )
        self.assertEqual(cleaning.clean(read.body_html), read.body_html)

    def test_of_word_keeps_the_head_that_repeats_and_merged_cells(self):
        table = Table((("Do", "Weeks", "Times"), (("Rest", 2), "1")), repeats_head=True)
        read = read_article(a_docx(("Title", "Elbow"), table), "a.docx")

        self.assertIn('<th scope="col">Do</th>', read.body_html)
        self.assertIn('<td colspan="2">Rest</td><td>1</td>', read.body_html)

    def test_has_the_line_above_or_below_as_caption_if_that_names_a_table(self):
        for before, after, is_caption in (
            ("Table 1: How long it takes", "", True),
            ("Table 1 How long it takes", "", True),
            ("Tabla 2. Cuánto dura", "", True),
            ("جدول 1: المدة", "", True),
            ("", "Table 1. How long it takes", True),
            ("Table 1 shows how long it takes.", "", False),
            ("A table for you", "", False),
        ):
            with self.subTest(before + after):
                text = f"Elbow\n\nIt is sore.\n\n{before}\n\nDo\tWeeks\nRest\t9\n\n{after}\n"
                read = read_article(text.encode(), "a.txt")
                self.assertEqual("<table><caption>" in read.body_html, is_caption)
                self.assertIn(before + after, read.body_html)

    def test_keeps_lists_and_several_paragraphs_in_a_cell(self):
        read = page(
            "<table><tr><th>Do</th><th>How</th></tr><tr><td><p>Lift</p><p>Rest</p></td>"
            "<td>Slowly:<ul><li>up</li><li>down</li></ul></td></tr></table>"
        )

        self.assertIn(
            "<td>Lift<br>Rest</td><td>Slowly:<ul><li>up</li><li>down</li></ul></td>", read.body_html
        )

    def test_leaves_no_word_of_a_cell_behind(self):
        words = [f"word{number}" for number in range(60)]
        tags = ("p", "b", "i", "ul><li", "sup", "h4", "div", "td")
        cells = "".join(
            f"<td><{tags[number % 7]}>{word}</td>{'</tr><tr>' if number % 3 == 2 else ''}"
            for number, word in enumerate(words)
        )
        for html in (
            f"<table><tr>{cells}</tr></table>",
            f"<table role='presentation'><tr>{cells}</tr></table>",
            f"<table><tr><td><table><tr>{cells}</tr></table></td><td>x</td></tr></table>",
            f"<table><caption>{words[0]}<p>{words[1]}</caption><tr>{cells}</tr></table>",
            f"<table>{words[0]}<tr>{words[1]}{cells}",
        ):
            with self.subTest(html[:60]):
                read = page(html)
                self.assertEqual(set(re.findall(r"word\d+", read.body_html)), set(words))
                shown = " ".join(use.text for use in read.line_uses)
                self.assertEqual(set(re.findall(r"word\d+", shown)), set(words))

    def test_that_only_lays_out_a_page_is_read_as_its_text(self):
        for table in (
            "<table><tr><td><p>One.</p></td></tr><tr><td><p>Two.</p></td></tr></table>",
            "<table role=presentation><tr><td><p>One.</p></td><td><p>Two.</p></td></tr></table>",
            "<table><tr><td><h2>A</h2><p>One.</p></td><td><p>Two.</p></td></tr></table>",
        ):
            with self.subTest(table):
                body = page(table).body_html
                self.assertNotIn("<table", body)
                self.assertIn("<p>One.</p>", body)

    def test_of_references_is_read_as_references(self):
        html = (
            "<h1>Heat</h1><p>It helps [1].</p><h2>References</h2><table><tr><th>No</th>"
            "<th>Source</th></tr><tr><td>1</td><td>Osei A. A trial of warmth. J Ex."
            " 2020;7(1):1-9.</td></tr></table>"
        )
        read = read_article(html.encode(), "a.html")

        self.assertEqual([(one.number, one.error) for one in read.references], [(1, "")])
        self.assertEqual(read.suggested_claims[0].citations[0].said, "Osei 2020")

    def test_pasted_beside_lists_takes_no_item_for_a_row(self):
        items = "•\tOne thing\n•\tAnother\n1.\tOne\n2.\tTwo\n"
        read = read_article(f"Elbow\n\nIt is sore.\n\n{items}".encode(), "a.txt")

        self.assertNotIn("<table", read.body_html)

    def test_suggests_a_claim_of_one_cell_and_marks_it_there(self):
        read = page(
            "<table><tr><td>Lifting</td><td>It eases pain [1].</td></tr><tr><td>Rest</td>"
            "<td>-</td></tr></table><h2>References</h2><ol><li>Osei A. A trial. J Ex."
            " 2020;7(1):1-9.</li></ol>"
        )
        claim = read.suggested_claims[0]
        blocks, keys = mark_claims(read, {claim.id})

        self.assertEqual(claim.text, "It eases pain.")
        marked = (
            f'<td>Lifting</td><td><mark data-claim="{keys[claim.id]}">It eases pain.</mark></td>'
        )
        self.assertIn(marked, "".join(block.html for block in blocks))

    def test_gives_a_row_away_as_one_sentence(self):
        document = read_document(HTML.encode(), "a.html")
        read = structure(document.lines, (), {3: "side_effects", 4: "p"})

        self.assertEqual([row.text for row in read.side_effects], ["Exercise: 6 to 12"])
        self.assertIn(f"<table>{HEAD}</table><p>Rest only: 26 to 52</p>", read.body_html)


class ACitationInATable(SimpleTestCase):
    LIST = (
        "<h2>References</h2><ol><li>Osei A, Roe B. A trial. J Ex. 2020;7(1):1-9.</li>"
        "<li>Poe C. Another trial. J Ex. 2021;8(1):1-9.</li></ol>"
    )

    def read(self, *cells):
        row = "".join(f"<td>{cell}</td>" for cell in cells)
        return read_article(
            (
                "<h1>Heat</h1><p>It is warm.</p><table><tr><th>Do</th><th>Effect</th><th>Why</th>"
                f"</tr><tr>{row}</tr></table>{self.LIST}"
            ).encode(),
            "a.html",
        )

    def test_alone_in_its_cell_is_evidence_of_its_row(self):
        for cited in (
            "[1]",
            "<sup>1</sup>",
            "(Osei and Roe, 2020)",
            "Osei and Roe 2020",
            "Osei [1]",
            "Osei et al. [1]",
        ):
            with self.subTest(cited):
                (claim,) = self.read("Lifting", "Less pain", cited).suggested_claims
                self.assertEqual(claim.text, "Lifting: Less pain")
                self.assertEqual([one.said for one in claim.citations], ["Osei 2020"])

    def test_alone_in_its_cell_joins_what_the_sentence_of_its_row_cites(self):
        (claim,) = self.read("Lifting", "It eases pain [1].", "[2]").suggested_claims
        self.assertEqual(claim.text, "It eases pain.")
        self.assertEqual([one.said for one in claim.citations], ["Osei 2020", "Poe 2021"])

    def test_in_a_head_or_a_caption_is_told(self):
        page = (
            "<h1>Heat</h1><p>It is warm.</p><table><caption>All of it [2]</caption>"
            f"<tr><th>Do [1]</th><th>Effect</th></tr><tr><td>Lift</td><td>Less</td></tr></table>"
            f"{self.LIST}"
        )
        article = read_article(page.encode(), "a.html")
        self.assertEqual(article.suggested_claims, [])
        for line, mark in ((3, "[2]"), (4, "[1]")):
            self.assertIn(
                f"Line {line}: “{mark}” was taken out, and no suggested claim has it: mark a claim"
                " in the editor and link it there.",
                article.messages,
            )


class ARowThatIsAClaim(TestCase):
    def test_is_marked_in_its_cells_and_has_its_evidence(self):
        cells = "<td>Lifting</td><td>Less pain</td><td>[1]</td>"
        page = f"<h1>Heat</h1><p>It is warm.</p><table><tr>{cells}</tr></table>"
        page += ACitationInATable.LIST
        document = read_document(page.encode(), "a.html")
        (claim,) = read_article(page.encode(), "a.html").suggested_claims
        chosen = Choices(claims={claim.id})
        draft = making_drafts.make_draft(document, by=None, at=NOON, choices=chosen)
        (saved,) = draft.claims
        self.assertEqual(" ".join(saved.text.split()), "Lifting Less pain")
        self.assertEqual(draft.messages_about_claims, [])


class ATableOfTheFirstDocument(SimpleTestCase):
    def test_is_a_table_with_its_head(self):
        data = shared("data", "documents", "D1-superscript.docx").read_bytes()
        body = read_article(data, "D1.docx").body_html

        self.assertIn('<thead><tr><th scope="col">Week</th><th scope="col">Exercise</th>', body)
        self.assertIn("<td>6–12</td><td>Heel raise with a rucksack</td><td>4</td><td>6</td>", body)
        self.assertEqual(body.count("<tr>"), 4)


class ATableThatIsLookedThrough(TestCase):
    def test_is_seen_as_a_table_and_all_its_lines_have_a_place(self):
        person = User.objects.create_superuser("sam", password="a-long-word")
        self.client.force_login(person)
        file = SimpleUploadedFile("a.html", HTML.encode())
        answer = self.client.post(
            reverse("admin:articles_article_import"), {"file": file}, follow=True
        )
        html = answer.content.decode()

        self.assertContains(answer, "4 of 4 lines accounted for")
        self.assertContains(answer, f"<table>{HEAD}{ROWS}</table>")
        left, right = (set(re.findall(rf'id="{side}-(\d+)"', html)) for side in ("line", "became"))
        self.assertEqual(left, right)
        self.assertContains(answer, "Exercise | 6 to 12")

    def test_is_in_the_draft(self):
        making_drafts.import_article(HTML.encode(), "a.html", by=a_clinician(), at=NOON)

        self.assertIn(f"<table>{HEAD}{ROWS}</table>", Article.objects.get().body)
