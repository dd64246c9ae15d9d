"""Text that was copied from a PDF: its lines are joined, and its page numbers stay out."""

import time

from django.test import SimpleTestCase
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.imports import read_article, read_document
from tests.shared_data import shared

#: Two sentences that go on in the next line: so much tells that a page broke the lines.
WRAPPED = (
    "Heel pain\n\nA tendon ties a muscle to a bone. The heel tendon is the strong\n"
    "cord at the back of your lower leg. You can feel it just over the\n"
    "heel when you stand.\n"
)
WRAPPED_WORDS = (
    "A tendon ties a muscle to a bone. The heel tendon is the strong cord at the back of your"
    " lower leg. You can feel it just over the heel when you stand."
)


def read(text):
    return read_article(text.encode(), "a.txt")


def body_after(text):
    """The HTML of what follows the wrapped paragraph."""
    return read(f"{WRAPPED}{text}").body_html.replace(f"<p>{WRAPPED_WORDS}</p>", "")


class TheTextOfAPdf(SimpleTestCase):
    def test_has_whole_paragraphs_and_says_so(self):
        article = read(WRAPPED)

        self.assertEqual(article.body_html, f"<p>{WRAPPED_WORDS}</p>")
        self.assertIn("3 lines that ended where a page did", article.messages[0])

    def test_has_whole_items(self):
        self.assertEqual(
            body_after(
                "• Weight: more weight means\nmore load.\n- Hills\n2) Do it twice, with\nrest.\n"
            ),
            "<ul><li>Weight: more weight means more load.</li><li>Hills</li></ul>"
            '<ol start="2"><li>Do it twice, with rest.</li></ol>',
        )

    def test_has_its_headings(self):
        for heading in ("Who gets it?", "When to get help", "Qué hacer", "متى تطلب المساعدة"):
            with self.subTest(heading):
                body = body_after(
                    f"{heading}\nCall a doctor if you hear a loud snap in your heel.\n"
                )
                self.assertTrue(body.startswith(f"<h2>{heading}</h2><p>Call"), body)

    def test_takes_no_line_of_an_address_for_a_heading(self):
        body = body_after("Ask at the desk\nof our clinic.\nTel: 01234 567890\nTown Clinic\n")
        self.assertNotIn("<h", body)

    def test_mends_words_that_were_cut_and_keeps_the_hyphens_of_others(self):
        for before, after, whole in (
            ("Load-", "ing it", "Loading it"),
            ("It is a well-", "known way", "a well-known way"),
            ("for long-", "term pain", "long-term pain"),
            ("It takes long-", "er than", "longer than"),
            ("We feel well-", "ness is", "wellness is"),
            ("Do self-", "care each", "self-care each"),
            ("It is a treat-", "ment for", "treatment for"),
            ("Take an X-", "Ray of", "X-Ray of"),
            ("The tendino-", "pathy of", "tendinopathy of"),
            ("Hydro-therapy: hydro-", "therapy is", "Hydro-therapy: hydro-therapy is"),
            ("Warmth or heatwave: heat-", "wave is", "heatwave is"),
            ("Load\u00ad", "ing it", "Loading it"),
            ("La rehabilita-", "ción es", "rehabilitación es"),
        ):
            with self.subTest(whole):
                self.assertIn(f"{whole} good.</p>", body_after(f"\n{before}\n{after} good.\n"))

    def test_says_which_words_were_put_together(self):
        messages = read(f"{WRAPPED}\nIt is well-\nknown. Load-\ning helps.\n").messages
        self.assertIn("“well-known”, “Loading”", messages[-1])

    def test_leaves_out_the_numbers_and_heads_of_pages_and_accounts_for_them(self):
        for text in (
            "page 2\n", "Page 2 of 8\n", "- 2 -\n\nMore.\n\n- 3 -\n", "2\nMore.\n3\n", "Página 2\n",
            "صفحة 2\n", "Heel pain\npage 2\n", "2/8\nHeel pain\n",
        ):  # fmt: skip
            with self.subTest(text):
                article = read(f"{WRAPPED}{text}")
                marks = [use for use in article.line_uses if use.role == "page_mark"]
                filled = [line for line in text.split("\n") if line and line != "More."]
                self.assertEqual(len(marks), len(filled))
                self.assertNotRegex(article.body_html, r"\b[Pp]age\b|[28]|Heel pain")

    def test_goes_on_after_the_number_of_a_page(self):
        text = WRAPPED.replace("just over the\n", "just over the\n\npage 2\n\n")
        self.assertEqual(read(text).body_html, f"<p>{WRAPPED_WORDS}</p>")

    def test_keeps_numbers_that_are_no_pages(self):
        for text in (
            "Week 1\nRest.\nWeek 2\nWalk.\nWeek 3\nRun.\n",
            "Pain out of ten:\n7\nIt was 9.\n",
        ):
            with self.subTest(text):
                roles = {use.role for use in read(f"{WRAPPED}{text}").line_uses}
                self.assertNotIn("page_mark", roles)

    def test_leaves_the_references_to_their_own_rules(self):
        article = read(
            f"{WRAPPED}References\n1 Roe J, et al. Slow lifting. J Testing 2015;43:1704-11.\n"
            "2 Poe B, et al. Loading of tendons. J Testing 2013;\n43:267-86.\npage 4\n"
        )

        self.assertEqual([one.name for one in article.references], ["Roe 2015", "Poe 2013"])


class ATextThatNoPageBroke(SimpleTestCase):
    def test_keeps_each_line(self):
        for text in (
            "Heat\n\nOne sentence is here.\nAnother one is here.\n",
            "Heat\n\nIt is tried for:\nneck pain\nshoulder pain\nknee pain\n",
            "Heat\n\nWhat Is It Good For In The End\nBruises And Burns Of The Hand And The Arm\n",
        ):
            with self.subTest(text):
                numbers = [at for at, line in enumerate(text.split("\n"), 1) if line.strip()]
                self.assertEqual([use.line for use in read(text).line_uses], numbers)

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.sampled_from(
        ["", "page 2", "3", "Load-", "ing it slowly makes the heel tendon of most people stronger",
         "• one", "a) two", "The heel tendon is the strong and long cord at the back", "Why?",
         "References", "of the leg.", "well-", "x\ty", "12"]), max_size=30))  # fmt: skip
    def test_or_that_one_did_loses_no_word(self, lines):
        text = "\n".join(["Title of it", *lines])
        document = read_document(text.encode(), "a.txt")
        letters = "".join(line.mark + line.text for line in document.lines)

        def bare(words):
            return [letter for letter in words if letter.isalnum()]

        # A page number in a sentence comes after it.
        self.assertEqual(sorted(bare(letters)), sorted(bare(text)))


class ACopiedLeaflet(SimpleTestCase):
    def test_is_read_whole(self):
        article = read(shared("data", "documents", "D7-pdfcopy.txt").read_text())

        self.assertEqual(article.title, "Heel Tendon Pain")
        headings = [section.heading for section in article.sections]
        self.assertEqual(headings, ["What is the heel tendon?", "Who gets it?", "When to get help"])
        self.assertIn(
            "just over the heel. Loading it slowly makes it stronger.</p>", article.body_html
        )
        self.assertIn(
            "<li>Too much too soon: hills or speed added in one week.</li>", article.body_html
        )
        self.assertNotIn("page", article.body_html)
        self.assertEqual([one.name for one in article.references], ["Roe 2015", "Poe 2013"])


class AHostileText(SimpleTestCase):
    def test_takes_time_in_proportion_to_its_length(self):
        for text in (
            "a strong and long cord at the back of the leg and\n" * 9_000,
            "word-\n" * 9_000, "-" * 300_000, "page 1\n" * 9_000, "1\n2\n" * 4_900,
            "\tx\ny\tz\n" * 4_900, "a-" * 150_000, "((((a)" * 40_000,
        ):  # fmt: skip
            with self.subTest(text[:20]):
                began = time.process_time()
                read_document(f"Title\n\n{text}".encode(), "a.txt")
                self.assertLess(time.process_time() - began, 2)
