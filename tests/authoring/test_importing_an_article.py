"""Importing: from a file to a draft, with every line accounted for."""

import io
import tempfile
import zipfile
from pathlib import Path
from unittest import mock

from django.core.management import CommandError, call_command
from django.test import SimpleTestCase, TestCase
from hypothesis import given
from hypothesis import strategies as st

from articles.importing import CannotRead, read_article
from articles.models import Article, Claim, ImportedDocument
from references.models import Identity, Reference
from tests.shared_data import shared


def said(file, **options):
    out = io.StringIO()
    call_command("import_article", str(file), stdout=out, **options)
    return out.getvalue()


class TheFirstRealArticle(TestCase):
    def setUp(self):
        self.file = shared("seed", "dry-needling.txt")

    def test_is_read_into_all_its_parts(self):
        read = read_article(self.file.read_bytes(), self.file.name)

        self.assertEqual(read.title, "Dry Needling: What It Is, How It Works, and Whether It’s Worth Trying")
        self.assertEqual(read.kicker, "Evidence-Based Article")
        self.assertEqual(read.tags, ["Dry Needling", "Conditioning"])
        levels = [section.level for section in read.sections]
        self.assertEqual((levels.count(2), levels.count(3)), (8, 6))
        self.assertEqual((read.comparison.here_name, read.comparison.there_name), ("Dry needling", "Acupuncture"))
        self.assertEqual(len(read.comparison.rows), 3)
        self.assertEqual(
            [row.text for row in read.conditions],
            ["neck pain", "shoulder pain", "piriformis syndrome", "plantar fasciitis", "knee osteoarthritis"],
        )
        counts = [read.indications, read.side_effects, read.contraindications, read.recommendations, read.references]
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
        self.assertTrue(all("prefix-10" in reference.repairs for reference in Reference.objects.all()))

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
            ("unknown kind", "a.xyz", b"hello"),
        ):
            with self.subTest(what=what):
                self.assertIn("so ", self.refused(name, data))

    def test_is_refused_when_it_is_not_there(self):
        with self.assertRaisesMessage(CommandError, "cannot be opened"):
            said("/nowhere/at-all.txt")

    def test_leaves_nothing_behind_when_the_import_breaks_half_way(self):
        with (
            mock.patch("articles.drafting._add_references", side_effect=RuntimeError),
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
        self.assertEqual([row.text for row in read.key_points], ["It may ease pain.", "Ask your physio."])
        self.assertEqual(
            [(row.text, row.kind) for row in read.contraindications], [("a burn", "stop"), ("numb skin", "ask_first")]
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
            "<h1>Wärme</h1><script>x()</script><h2>Was es ist</h2><p>Ein <b>Kissen</b> &amp; mehr.</p>".encode(),
            "a.html",
        )

        self.assertEqual(read.title, "Wärme")
        self.assertIn("<h2>Was es ist</h2>", read.body_html)
        self.assertIn("<strong>Kissen</strong> &amp; mehr.", read.body_html)
        self.assertNotIn("x()", read.body_html)


class ADocumentFromWord(SimpleTestCase):
    def docx(self, *paragraphs):
        style_of = '<w:pPr><w:pStyle w:val="{}"/></w:pPr>'.format
        body = "".join(
            f"<w:p>{style_of(style) if style else ''}<w:r><w:t>{text}</w:t></w:r></w:p>" for style, text in paragraphs
        )
        space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        styles = "".join(
            f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{shown}"/></w:style>'
            for name, shown in (("Title", "Title"), ("Heading1", "heading 1"))
        )
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(
                "[Content_Types].xml",
                '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                '<Default Extension="xml" ContentType="application/xml"/></Types>',
            )
            archive.writestr("word/document.xml", f"<w:document {space}><w:body>{body}</w:body></w:document>")
            archive.writestr("word/styles.xml", f"<w:styles {space}>{styles}</w:styles>")
        return file.getvalue()

    def test_is_read_by_its_styles(self):
        read = read_article(
            self.docx(("Title", "Cold packs"), ("Heading1", "What it is"), ("", "A pack from the freezer.")),
            "cold.docx",
        )

        self.assertEqual(read.title, "Cold packs")
        self.assertIn("<h2>What it is</h2>\n<p>A pack from the freezer.</p>", read.body_html)


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
