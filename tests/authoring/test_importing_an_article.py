"""Importing: from a file to a draft, with every line accounted for."""

import io
import re
import tempfile
import zipfile
from html import escape, unescape
from pathlib import Path
from unittest import mock

import nh3
from django.core.management import CommandError, call_command
from django.test import SimpleTestCase, TestCase
from hypothesis import given
from hypothesis import strategies as st

from articles.imports import CannotRead, making_drafts, read_article, read_document
from articles.models import Article, Claim, ImportedDocument
from articles.revisions import freezing
from articles.richtext import cleaning
from references.models import Identity, Reference
from tests.builders import NOON, a_clinician
from tests.documents import a_docx
from tests.shared_data import shared

REFERENCE = (
    "Osei A. A trial of warmth for sore necks in adults. J Ex. 2020;7(1):1-9. doi:10.5555/warm.1"
)


def said(file, **options):
    out = io.StringIO()
    call_command("import_article", str(file), stdout=out, **options)
    return out.getvalue()


class TheFirstRealArticle(TestCase):
    def setUp(self):
        self.file = shared("seed", "dry-needling.txt")

    def test_is_read_into_all_its_parts(self):
        read = read_article(self.file.read_bytes(), self.file.name)

        self.assertEqual(
            read.title, "Dry Needling: What It Is, How It Works, and Whether It’s Worth Trying"
        )
        self.assertEqual(read.kicker, "Evidence-Based Article")
        self.assertEqual(read.tags, ["Dry Needling", "Conditioning"])
        levels = [section.level for section in read.sections]
        self.assertEqual((levels.count(2), levels.count(3)), (8, 6))
        self.assertEqual(
            (read.comparison.here_name, read.comparison.there_name), ("Dry needling", "Acupuncture")
        )
        self.assertEqual(len(read.comparison.rows), 3)
        self.assertEqual(
            [row.text for row in read.conditions],
            [
                "neck pain",
                "shoulder pain",
                "piriformis syndrome",
                "plantar fasciitis",
                "knee osteoarthritis",
            ],
        )
        counts = [
            read.indications,
            read.side_effects,
            read.contraindications,
            read.recommendations,
            read.references,
        ]
        self.assertEqual([len(rows) for rows in counts], [5, 3, 4, 4, 7])
        self.assertEqual({row.kind for row in read.recommendations}, {"expert"})

    def test_loses_no_line(self):
        text = self.file.read_text()
        read = read_article(text.encode(), self.file.name)

        numbers = [number for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
        self.assertEqual([use.line for use in read.line_uses], numbers)
        self.assertFalse([use for use in read.line_uses if use.use.startswith("note")])

    def test_suggests_claims_and_accepts_none(self):
        self.assertIn("suggested claims 9, none accepted", said(self.file))
        self.assertFalse(Claim.objects.filter(kind=Claim.Kind.TEXT).exists())

    def test_brings_seven_references_repaired_and_to_be_verified(self):
        self.assertEqual(said(self.file).count("repaired, verify: 10."), 7)
        self.assertEqual(Reference.objects.filter(identity=Identity.UNRESOLVED).count(), 7)
        self.assertTrue(
            all("prefix-10" in reference.repairs for reference in Reference.objects.all())
        )

    def test_is_imported_once_unless_told_otherwise(self):
        said(self.file)

        self.assertIn("imported before", said(self.file))
        self.assertEqual((Article.objects.count(), ImportedDocument.objects.count()), (1, 1))
        said(self.file, again=True)
        self.assertEqual((Article.objects.count(), Reference.objects.count()), (2, 7))

    def test_is_always_a_draft(self):
        said(self.file)

        slug = Article.objects.get().slug
        self.assertEqual(self.client.get(f"/articles/{slug}/").status_code, 404)


class AFileThatCannotBeRead(TestCase):
    def refused(self, name, data):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / name
            file.write_bytes(data)
            with self.assertRaises(CommandError) as refusal:
                said(file)
        self.assertEqual(refusal.exception.returncode, 2)
        self.assertFalse(Article.objects.exists())
        self.assertFalse(Reference.objects.exists())
        message = str(refusal.exception)
        self.assertEqual(message.count(". "), 0, message)  # one sentence
        return message

    def test_is_refused_with_one_sentence_and_nothing_is_written(self):
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/document.xml", b"0" * 60_000_000)
        not_word = io.BytesIO()
        with zipfile.ZipFile(not_word, "w") as archive:
            archive.writestr("readme.txt", "hello")
        for what, name, data in (
            ("empty", "a.txt", b""),
            ("blank", "a.txt", b" \n \n"),
            ("binary", "a.txt", bytes(range(256)) * 40),
            ("50 MB", "a.txt", b"a" * 50_000_000),
            ("wrong encoding", "a.txt", "Привет, как дела. ".encode("koi8-r") * 20),
            ("docx bomb", "a.docx", bomb.getvalue()),
            ("no word document", "a.docx", not_word.getvalue()),
            ("no zip", "a.docx", b"PK hello"),
            ("a docx in 20,001 pieces", "a.docx", a_docx(*([("", "x")] * 20_001))),
            ("nested HTML", "a.html", b"<p>" + b"<b>" * 50_000 + b"x"),
            ("unknown kind", "a.xyz", b"hello"),
        ):
            with self.subTest(what=what):
                self.assertIn("so ", self.refused(name, data))

    def test_is_refused_when_it_is_not_there(self):
        with self.assertRaisesMessage(CommandError, "cannot be opened"):
            said("/nowhere/at-all.txt")

    def test_leaves_nothing_behind_when_the_import_breaks_half_way(self):
        with (
            mock.patch("articles.imports.making_drafts._add_references", side_effect=RuntimeError),
            self.assertRaises(RuntimeError),
        ):
            said(shared("seed", "dry-needling.txt"))

        self.assertFalse(Article.objects.exists())


class ADocumentInMarkdown(SimpleTestCase):
    TEXT = b"""# Warm packs

## Key points
- It may ease pain.
- **Ask** your physio.

Do not have it if you have:
- a burn

Tell your physio first if you have:
- numb skin

## What it is
A pack you warm up. See [this page](https://example.org/a). It helps some people [1,3].

## Side effects
- A burn: 2 in 100 people, lasts 3 days

Call 999 now if:
- you faint

## Do
- Test it on your hand first.
- Do not fall asleep with it.

## References
- Osei A. A trial of warmth. J Ex. 2020;7(1):1-9. doi:10.5555/warm.1
"""

    def setUp(self):
        self.read = read_article(self.TEXT, "warm.md")

    def test_gives_its_typed_rows(self):
        read = self.read
        self.assertEqual(read.title, "Warm packs")
        self.assertEqual(
            [row.text for row in read.key_points], ["It may ease pain.", "Ask your physio."]
        )
        self.assertEqual(
            [(row.text, row.kind) for row in read.contraindications],
            [("a burn", "stop"), ("numb skin", "ask_first")],
        )
        effect = read.side_effects[0]
        self.assertEqual(
            (effect.text, effect.n, effect.base, effect.unit, effect.how_long),
            ("A burn", 2, 100, "people", "lasts 3 days"),
        )
        self.assertEqual([row.kind for row in read.help_advice], ["now"])
        self.assertEqual([row.kind for row in read.recommendations], ["do", "dont"])

    def test_keeps_links_and_turns_numbers_in_brackets_into_suggestions(self):
        self.assertIn('<a href="https://example.org/a">this page</a>', self.read.body_html)
        self.assertNotIn("[1,3]", self.read.body_html)
        self.assertEqual(self.read.suggested_claims[0].references, (1, 3))


class ADocumentInHtml(SimpleTestCase):
    def test_keeps_its_structure_and_none_of_its_scripts(self):
        read = read_article(
            "<h1>Wärme</h1><script>x()</script><h2>Was es ist</h2><p>Ein <b>Kissen</b> &amp;"
            " mehr.</p>".encode(),
            "a.html",
        )

        self.assertEqual(read.title, "Wärme")
        self.assertIn("<h2>Was es ist</h2>", read.body_html)
        self.assertIn("<strong>Kissen</strong> &amp; mehr.", read.body_html)
        self.assertNotIn("x()", read.body_html)


class ADocumentFromWord(SimpleTestCase):
    def test_is_read_by_its_styles(self):
        read = read_article(
            a_docx(
                ("Title", "Cold packs"),
                ("Heading1", "What it is"),
                ("", "A pack from the freezer."),
            ),
            "cold.docx",
        )

        self.assertEqual(read.title, "Cold packs")
        self.assertIn("<h2>What it is</h2><p>A pack from the freezer.</p>", read.body_html)


class WhatHappensAndWhatElseToTry(TestCase):
    DOCUMENT = """# Heat

It is warm.

## What to expect

### Before your visit

- You warm the pack.

### During

1. You lie down.
2. It does not hurt.

### After treatment:

- You rest.

## Other options

- Moving more.
- Doing nothing.
"""

    def test_become_rows_by_the_heading_they_stand_under(self):
        read = read_article(self.DOCUMENT.encode(), "heat.md")

        self.assertEqual(
            [(row.kind, row.text) for row in read.steps],
            [
                ("before", "You warm the pack."),
                ("during", "You lie down."),
                ("during", "It does not hurt."),
                ("after", "You rest."),
            ],
        )
        self.assertEqual(
            [row.text for row in read.alternatives], ["Moving more.", "Doing nothing."]
        )
        self.assertEqual(read.body_html, "<p>It is warm.</p>")

    def test_become_rows_of_the_draft(self):
        article = making_drafts.import_article(
            self.DOCUMENT.encode(), "heat.md", by=a_clinician(), at=NOON
        ).article

        self.assertEqual(
            [row["kind"] for row in freezing.freeze(article)["steps"]],
            ["before", "during", "during", "after"],
        )
        self.assertEqual(article.alternative_rows.count(), 2)

    def test_are_known_by_many_headings(self):
        for heading, role in (
            ("What happens", "during"),
            ("What happens at a visit", "during"),
            ("What to expect", "during"),
            ("What happens after the treatment?", "after"),
            ("Before your first appointment", "before"),
            ("How to prepare", "before"),
            ("During the session:", "during"),
            ("Afterwards", "after"),
            ("Other treatments", "alternatives"),
            ("What else could I try?", "alternatives"),
            ("Other things you could try", "alternatives"),
            ("What happens if I do nothing?", "alternatives"),
        ):
            with self.subTest(heading):
                read = read_article(f"# Heat\n\n## {heading}\n\n- One thing.\n".encode(), "heat.md")
                self.assertEqual(read.line_uses[-1].role, role)

    def test_are_not_seen_in_lists_that_say_something_else(self):
        for lead_in, role in (
            ("Before you decide, think of this:", "ul"),
            ("After the treatment you may feel:", "ul"),
            ("Call your doctor today if, after the visit:", "today"),
            ("What to do after your visit:", "ul"),
        ):
            with self.subTest(lead_in):
                read = read_article(
                    f"# Heat\n\nIt is warm.\n\n{lead_in}\n\n- One thing.\n".encode(), "heat.md"
                )
                self.assertEqual(read.line_uses[-1].role, role)


class WhatAnImportMustNotLose(SimpleTestCase):
    """Each of these came out short once."""

    def read(self, text, name="a.md"):
        return read_article(text.encode(), name)

    def test_keeps_a_row_that_is_too_long_for_its_place_in_the_text(self):
        long = "a problem " + "that goes on " * 20
        read = self.read(f"# Heat\n\nAvoid it if you have:\n- a burn\n- {long}\n")

        self.assertEqual([row.text for row in read.contraindications], ["a burn"])
        self.assertIn(f"<li>{long.strip()}</li>", read.body_html)
        self.assertEqual([use.line for use in read.line_uses if use.is_unplaced], [5])

    def test_keeps_what_a_side_effect_says_beside_its_count(self):
        read = self.read(
            "# Heat\n\n## Side effects\n- A burn: 2 in 100 people, lasts 3 days, mostly on the"
            " hand\n"
        )

        effect = read.side_effects[0]
        self.assertEqual((effect.text, effect.n, effect.base), ("A burn", 2, 100))
        self.assertIn("mostly on the hand", effect.note)

    def test_takes_no_number_that_no_column_can_hold(self):
        read = self.read(
            "# Heat\n\n## Side effects\n- A burn: 9999999999 in 99999999999 people\n- Pain: 5 in 2"
            " people\n"
        )

        self.assertEqual([row.n for row in read.side_effects], [None, None])
        self.assertIn("5 in 2 people", read.side_effects[1].text)

    def test_keeps_the_second_of_two_rows_of_one_name(self):
        read = self.read(
            "# Heat\n\n## Side effects\n- A burn: 2 in 100 people\n- a burn: lasts 3 days\n-"
            " Pain\n- Pain\n"
        )

        self.assertEqual([row.text for row in read.side_effects], ["A burn", "Pain"])
        self.assertIn("a burn: lasts 3 days", read.body_html)
        self.assertEqual([use.role for use in read.line_uses][-1], "said_already")

    def test_keeps_a_second_kicker_and_a_heading_that_nothing_follows(self):
        read = self.read("Patient leaflet\n\nA guide\n\n# Heat\n\nIt is warm.\n\n## Ask us\n")

        self.assertEqual(read.kicker, "Patient leaflet")
        self.assertIn("<p>A guide</p>", read.body_html)
        self.assertIn("<h2>Ask us</h2>", read.body_html)

    def test_reads_on_after_the_references(self):
        read = self.read(
            f"# Heat\n\n## References\n- {REFERENCE}\n\n## About us\n\nWe are a clinic.\n"
        )

        self.assertEqual(len(read.references), 1)
        self.assertIn("<h2>About us</h2><p>We are a clinic.</p>", read.body_html)

    def test_puts_a_wrapped_reference_together(self):
        first, second, third = REFERENCE[:30], REFERENCE[30:62], REFERENCE[62:]
        read = self.read(
            f"Heat\n\nIt is warm.\n\nReferences\n\n{first}\n{second}\n{third}\n\n{REFERENCE}\n",
            "a.txt",
        )

        self.assertEqual(
            [(row.lines, row.error) for row in read.references], [((7, 8, 9), ""), ((11,), "")]
        )
        self.assertEqual(read.references[0].doi, "10.5555/warm.1")

    def test_keeps_formatting_on_ticked_lines_and_across_lines_of_html(self):
        read = self.read(
            "<h1>Heat</h1><p><strong>One<br>two</strong> and"
            " H<sub>2</sub>O</p><dl><dt>Burn</dt><dd>sore skin</dd></dl><p>✔ See <a"
            ' href="https://example.org/a">this</a></p>',
            "a.html",
        )

        self.assertIn("<strong>two</strong> and H<sub>2</sub>O", read.body_html)
        self.assertEqual([use.text for use in read.line_uses][-3:-1], ["Burn", "sore skin"])
        self.assertEqual(read.recommendations[0].text, "See this")

    def test_says_which_pictures_and_addresses_did_not_come_along(self):
        for picture, read in (
            (
                "A picture (a pack) was",
                self.read(
                    "# Heat\n\n![a pack](pack.png) See [this](page.html) and"
                    " [that](https://example.org/).\n"
                ),
            ),
            (
                "A picture was",
                self.read(
                    '<h1>Heat</h1><p><img src="pack.png">a pack See <a href="page.html">this</a>'
                    ' and <a href="https://example.org/">that</a>.</p>',
                    "a.html",
                ),
            ),
        ):
            self.assertEqual(
                read.body_html,
                '<p>a pack See this and <a href="https://example.org/">that</a>.</p>',
            )
            self.assertEqual(
                [message.split(" left out")[0] for message in read.messages],
                [picture, "The address of a link was"],
            )

    def test_leaves_numbers_in_brackets_alone_where_there_are_no_references(self):
        self.assertIn("Use it [2] times.", self.read("# Heat\n\nUse it [2] times.\n").body_html)

    def test_refuses_a_text_that_no_article_can_hold(self):
        with self.assertRaisesMessage(CannotRead, "too long for one article"):
            self.read("It is warm. " * 30_000, "a.txt")


class AnyTextAtAll(SimpleTestCase):
    @given(st.text(max_size=400))
    def test_is_refused_or_accounted_for_line_by_line(self, text):
        try:
            read = read_article(text.encode("utf-8", "replace"), "any.txt")
        except CannotRead:
            return
        numbers = [use.line for use in read.line_uses]
        self.assertEqual(len(numbers), len(set(numbers)))
        self.assertTrue(numbers)


class AnyHtmlAtAll(SimpleTestCase):
    """Tags as a browser, Word or somebody's hand writes them, well nested or not."""

    TAGS = (
        "p div ul ol li strong b i em sub h1 h3 table tr td dl dt dd span section blockquote pre"
    ).split()
    PIECES = st.sampled_from(
        [f"<{tag}>" for tag in TAGS]
        + [f"</{tag}>" for tag in TAGS]
        + [
            "<br>",
            "<hr/>",
            "word",
            " two words ",
            "• item",
            "1. one",
            "✔ tick",
            "&amp;",
            "&lt;b&gt;",
            "< Fence >",
            '<a href="https://example.org">link</a>',
            '<a href="#note">note</a>',
        ]
    )

    @given(st.lists(PIECES, max_size=30))
    def test_loses_no_letter_and_makes_clean_text(self, pieces):
        html = "".join(pieces)
        try:
            document = read_document(html.encode(), "a.html")
        except CannotRead:
            self.assertFalse(_letters(html))
            return

        read = "".join(escape(line.mark + line.text) for line in document.lines)
        self.assertEqual(_letters(read), _letters(html))
        for line in document.lines:
            self.assertEqual(cleaning.clean(line.html), line.html)
            self.assertEqual(_letters(line.html), _letters(escape(line.text)))


def _letters(html):
    """Its letters and digits alone, tags left away."""
    return re.sub(r"[\W_]", "", unescape(nh3.clean(html, tags=set())))
