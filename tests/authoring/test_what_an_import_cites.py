"""Importing: a mark in the text is tied to the one study its author meant, or to none at all."""

import contextlib
import io
import random
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import SimpleTestCase, TestCase

from articles.imports import mark_claims, pending_imports, read_article
from articles.models import Article, Citation, Claim, ImportedDocument, PendingImport
from references.models import Reference
from tests.authoring.test_looking_through_an_import import START, LookingThrough
from tests.documents import Formula, Note, Numbered, a_docx
from tests.shared_data import shared

BEYER = (
    "Beyer R, Kongsgaard M. Heavy slow resistance versus eccentric training. J Sports."
    " 2015;43(7):1704-1711."
)
MALLIARAS = (
    "Malliaras P, Barton CJ, Reeves ND. Achilles loading programmes. Sports Med."
    " 2013;43(4):267-286."
)
SILBERNAGEL = (
    "Silbernagel KG, Hanlon S. Current clinical concepts. J Athl Train. 2020;55(5):438-447. "
    "doi:10.4085/1062-6050-356-19"
)
NO_SUCH = "no such reference"


def said(file):
    """What the command prints, exit code or not."""
    out = io.StringIO()
    with contextlib.suppress(SystemExit):
        call_command("import_article", str(file), stdout=out)
    return out.getvalue()


def cites(read):
    """{sentence: [(typed, said)]}"""
    return {
        claim.text: [(one.typed, one.said) for one in claim.citations]
        for claim in read.suggested_claims
    }


def a_text(references, text="It helps [1]. It eases [2]. It works [3]. It lasts [4]."):
    return read_article(
        f"Heel pain\n\nHow well it works\n\n{text}\n\nReferences\n\n{references}\n".encode(),
        "a.txt",
    )


def a_page(references, text="It helps [1]. It eases [2]. It works [3]. It lasts [4]."):
    page = (
        f"<h1>Heel pain</h1><h2>How well it works</h2><p>{text}</p><h2>References</h2>{references}"
    )
    return read_article(page.encode(), "a.html")


def tied(read):
    """{number: what is said of it} of a text that cites each number once."""
    return {int(typed): told for several in cites(read).values() for typed, told in several}


class TheCommand(TestCase):
    def test_ties_footnotes_to_what_they_say_and_not_to_the_list(self):
        out = said(shared("data", "documents", "D4-footnotes.docx"))

        self.assertIn("within six weeks.\n      cites note 1: Challoumas 2020\n", out)
        self.assertIn(
            "about eight weeks.\n      note 2: Steroid injections were given by a doctor.\n",
            out,
        )
        self.assertNotIn("Page 2014", out)
        self.assertEqual(out.count("note: A formula"), 2)
        self.assertIn("A formula (F=ma) was left out in line 4", out)
        self.assertIn("8 accounted for, 0 not placed", out)
        body = Article.objects.get().body
        self.assertNotIn("sup>", body)
        self.assertNotIn("↑", body)
        self.assertIn(
            "<p>Stretching helps you move more within six weeks. Steroid injections ease",
            body,
        )

    def test_keeps_a_note_that_is_no_reference_with_the_record(self):
        said(shared("data", "documents", "D4-footnotes.docx"))

        report = ImportedDocument.objects.get().report
        self.assertEqual(report["line_uses"][-1]["role"], "note")
        self.assertEqual(
            report["line_uses"][-1]["text"],
            "Steroid injections were given by a doctor.",
        )
        self.assertIn(
            "note 2 on “Steroid injections ease pain for about eight weeks.” says",
            str(report["notes"]),
        )
        self.assertEqual(Reference.objects.count(), 2)

    def test_goes_by_typed_numbers_where_there_are_gaps(self):
        out = said(shared("data", "documents", "D9-gap.docx"))

        self.assertIn(
            "Silbernagel says most people improve within 12 weeks.\n      cites 3: Silbernagel"
            " 2020\n",
            out,
        )
        self.assertIn("Murphy says lowering helps.\n      cites 4: Murphy 2019\n", out)
        self.assertIn("Beyer says slow training reduces pain.\n      cites 1: Beyer 2015\n", out)

    def test_goes_by_typed_numbers_where_a_sentence_stands_before_the_list(self):
        out = said(shared("data", "documents", "D10-intro.docx"))

        self.assertIn("Beyer says slow training reduces pain.\n      cites 1: Beyer 2015\n", out)
        self.assertIn("Malliaras says lowering helps.\n      cites 2: Malliaras 2013\n", out)
        self.assertIn("references       2: 2 new", out)

    def test_ties_authors_and_years_to_a_list_in_apa_style(self):
        out = said(shared("data", "documents", "D3-authoryear.docx"))

        for line in (
            "cites (Beyer et al., 2015): Beyer 2015\n",
            "cites (Malliaras et al. 2013): Malliaras 2013\n",
            "cites (Murphy et al., 2019): Murphy 2019\n",
            "cites Silbernagel and colleagues (2020): Silbernagel 2020\n",
        ):
            self.assertIn(line, out)
        self.assertIn("references       4: 4 new", out)


class ThePageOfAnImport(LookingThrough):
    def upload(self, name, data=None):
        data = data or shared("data", "documents", name).read_bytes()
        answer = self.client.post(START, {"file": SimpleUploadedFile(name, data)}, follow=True)
        self.pending = PendingImport.objects.get(by=self.clinician)
        return answer

    def accept(self, words):
        claims = self.result().imported.suggested_claims
        chosen = next(claim for claim in claims if claim.text.startswith(words))
        self.client.post(
            self.address,
            {"shown_claim": [claim.id for claim in claims], "claim": [chosen.id]},
            follow=True,
        )
        self.act("make")
        return [
            citation.reference.csl["author"][0]["family"] for citation in Citation.objects.all()
        ]

    def test_says_what_the_command_says(self):
        for name, words in (
            (
                "D4-footnotes.docx",
                ["cites note 1: Challoumas 2020", "note 2: Steroid injections were given"],
            ),
            (
                "D9-gap.docx",
                ["cites 3: Silbernagel 2020", "cites 4: Murphy 2019", "cites 1: Beyer 2015"],
            ),
            ("D10-intro.docx", ["cites 1: Beyer 2015", "cites 2: Malliaras 2013"]),
        ):
            with self.subTest(name):
                answer = self.upload(name)
                for sentence in words:
                    self.assertContains(answer, sentence)
                self.assertNotContains(answer, "↑")
                PendingImport.objects.all().delete()

    def test_shows_a_footnote_by_its_name_on_both_sides(self):
        answer = self.upload("D4-footnotes.docx")

        self.assertContains(answer, '<span class="import-mark">note 1</span>')
        self.assertContains(answer, '<span class="import-label">note 1</span>')
        self.assertContains(answer, "8 of 8 lines accounted for")

    def test_links_what_the_footnote_says(self):
        self.upload("D4-footnotes.docx")

        self.assertEqual(self.accept("Stretching"), ["Challoumas"])
        self.assertEqual(
            Claim.objects.get(kind="text").text,
            "Stretching helps you move more within six weeks.",
        )

    def test_links_no_reference_for_a_note_that_is_none(self):
        self.upload("D4-footnotes.docx")

        self.assertEqual(self.accept("Steroid"), [])

    def test_links_what_was_typed_under_the_number(self):
        self.upload("D9-gap.docx")
        self.assertEqual(self.accept("Silbernagel"), ["Silbernagel"])

    def test_links_by_number_below_a_sentence(self):
        self.upload("D10-intro.docx")
        self.assertEqual(self.accept("Malliaras"), ["Malliaras"])

    def test_says_what_no_reference_fits_and_links_nothing(self):
        answer = self.upload(
            "a.txt",
            f"Heel\n\nIt helps [2].\n\nReferences\n\n1. {BEYER}\n".encode(),
        )

        self.assertContains(answer, "cites 2: no such reference")
        self.assertContains(answer, "There is no reference 2.")
        self.assertEqual(self.accept("It helps"), [])
        self.assertEqual(Claim.objects.filter(kind="text").count(), 1)

    def test_keeps_numbers_when_lines_are_moved(self):
        for marks in (("1.", "2.", "3."), ("•", "•", "•")):
            with self.subTest(marks):
                lines = zip(marks, (BEYER, MALLIARAS, SILBERNAGEL), strict=True)
                listed = "\n".join(f"{mark} {line}" for mark, line in lines)
                self.paste(f"Heel\n\nA line.\n\nIt helps [3].\n\nReferences\n\n{listed}\n")
                for line, role in ((9, "left_out"), (9, "p"), (3, "reference")):
                    self.move(line, role)
                    self.assertEqual(tied(self.result().imported), {3: "Silbernagel 2020"}, role)
                self.move(11, "left_out")
                self.assertEqual(tied(self.result().imported), {3: NO_SUCH})
                self.move(11, "as_read")
                self.assertEqual(tied(self.result().imported), {3: "Silbernagel 2020"})
                self.act("discard")

    def test_takes_a_footnote_for_a_reference_when_told_so(self):
        self.upload("D4-footnotes.docx")
        self.move(8, "reference")

        self.assertIn(
            ("note 2", "Steroid injections were given by a doctor. is still to be added by hand"),
            cites(self.result().imported)["Steroid injections ease pain for about eight weeks."],
        )
        self.move(8, "as_read")
        self.move(7, "left_out")
        self.assertNotIn("Challoumas", str(cites(self.result().imported)))

    def test_opens_what_was_begun_before_lines_said_what_is_a_note(self):
        self.upload("D4-footnotes.docx")
        lines = self.pending.lines
        for line in lines:
            for new in ("list_number", "note", "goes_on"):
                del line[new]
            line["html"] = re.sub(r"\[note (\d)\]", r"[\1]", line["html"])
            line["text"] = re.sub(r"\[note (\d)\]", r"[\1]", line["text"])
        for line in lines[-2:]:
            line |= {"text": f"{line['text']} ↑", "html": f"{line['html']} ↑"}
        self.pending.save()

        self.assertContains(self.client.get(self.address), "cites note 1: Challoumas 2020")
        self.assertEqual(self.accept("Stretching"), ["Challoumas"])

    def test_opens_what_was_begun_before_without_notes(self):
        self.upload("D9-gap.docx")
        for line in self.pending.lines:
            for new in ("list_number", "note", "goes_on"):
                del line[new]
        self.pending.save()

        self.assertEqual(len(pending_imports.document_of(self.pending).lines), 7)
        self.assertContains(self.client.get(self.address), "cites 3: Silbernagel 2020")


class ANumberBeforeAReference(SimpleTestCase):
    def test_names_it_however_it_is_typed(self):
        for mark in ("{}.", "[{}]", "{})", "({})", "[{}].", "{}:", "• {}.", "**{}.**", "{}\t"):
            with self.subTest(mark):
                lines = [
                    f"{mark.format(number)} {line}" for number, line in ((4, BEYER), (1, MALLIARAS))
                ]
                for text in ("\n".join(lines), "\n\n".join(lines)):
                    document = f"# Heel\n\nIt helps [1]. It lasts [4].\n\n## References\n\n{text}"
                    read = read_article(document.encode(), "a.md")
                    self.assertEqual(tied(read), {1: "Malliaras 2013", 4: "Beyer 2015"})
                    self.assertEqual([reference.error for reference in read.references], ["", ""])

    def test_may_have_no_blank_behind_it_or_be_raised(self):
        self.assertEqual(tied(a_text(f"1.{BEYER}\n3.{MALLIARAS}"))[3], "Malliaras 2013")
        self.assertEqual(tied(a_text(f"¹ {BEYER}\n³{MALLIARAS}"))[3], "Malliaras 2013")
        self.assertEqual(
            tied(a_page(f"<p><sup>1</sup>{BEYER}</p><p><sup>3</sup> {MALLIARAS}</p>"))[3],
            "Malliaras 2013",
        )

    def test_may_stand_in_a_column_of_its_own(self):
        read = a_page(
            f"<table><tr><td>3.</td><td>{BEYER}</td></tr><tr><td>1.</td><td>{MALLIARAS}</td></tr></table>",
        )

        self.assertEqual((tied(read)[1], tied(read)[3]), ("Malliaras 2013", "Beyer 2015"))

    def test_that_stands_twice_names_nothing(self):
        for read in (
            a_text(f"1. {BEYER}\n1. {MALLIARAS}\n3. {SILBERNAGEL}"),
            a_text(f"1. {BEYER}\n\nFurther reading\n\n1. {MALLIARAS}\n3. {SILBERNAGEL}"),
        ):
            self.assertEqual(
                tied(read),
                {1: "two references fit", 2: NO_SUCH, 3: "Silbernagel 2020", 4: NO_SUCH},
            )
            self.assertIn("1: two references fit.", str(read.messages))

    def test_is_the_only_way_to_name_a_line_where_another_line_has_one(self):
        for other in ("", "• "):
            read = a_text(f"1. {BEYER}\n{other}{MALLIARAS}\n3. {SILBERNAGEL}")

            self.assertEqual(
                tied(read),
                {1: "Beyer 2015", 2: NO_SUCH, 3: "Silbernagel 2020", 4: NO_SUCH},
            )

    def test_names_a_line_that_cannot_be_read(self):
        read = a_text(f"1. {BEYER}\n3. NHS leaflet on tendons")

        self.assertEqual(tied(read)[3], "NHS leaflet on tendons is still to be added by hand")

    def test_is_not_the_page_at_the_head_of_a_wrapped_line(self):
        read = a_text(
            "1. Beyer R, Kongsgaard M. Heavy slow resistance versus eccentric\n   training. J"
            " Sports. 2015;43(7):1704-1711.\n[3] Silbernagel KG, Hanlon S. Current clinical"
            " concepts. J Athl Train. 2020;55(5):438-\n447. doi:10.4085/1062-6050-356-19\n4."
            f" {MALLIARAS}"
        )

        self.assertEqual(
            [reference.lines for reference in read.references], [(9, 10), (11, 12), (13,)]
        )
        self.assertEqual(
            tied(read),
            {1: "Beyer 2015", 2: NO_SUCH, 3: "Silbernagel 2020", 4: "Malliaras 2013"},
        )

    def test_is_drawn_by_a_page(self):
        for references, numbers in (
            (f"<ol><li>{BEYER}</li><li>{MALLIARAS}</li></ol>", (1, 2)),
            (f'<ol start="3"><li>{BEYER}</li><li>{MALLIARAS}</li></ol>', (3, 4)),
            (f'<ol><li>{BEYER}</li><li value="4"><p>{MALLIARAS}</p></li></ol>', (1, 4)),
            (
                (
                    f"<ol><li>{BEYER}</li></ol><p>And two reviews:</p><ol"
                    f' start="2"><li>{MALLIARAS}</li></ol>'
                ),
                (1, 2),
            ),
        ):
            with self.subTest(references):
                found = {
                    number: told
                    for number, told in tied(a_page(references)).items()
                    if told != NO_SUCH
                }
                self.assertEqual(
                    found,
                    dict(zip(numbers, ("Beyer 2015", "Malliaras 2013"), strict=True)),
                )

    def test_is_drawn_by_word(self):
        text = "It helps [1]. It eases [2]. It works [5]. It lasts [6]."
        for references, starts, numbers in (
            ([(Numbered(), BEYER), (Numbered(), MALLIARAS)], {}, (1, 2)),
            ([(Numbered(), BEYER), (Numbered(), MALLIARAS)], {1: 5}, (5, 6)),
            ([(Numbered(), BEYER), ("", "Reviews"), (Numbered(), MALLIARAS)], {}, (1, 2)),
            ([(Numbered(), BEYER), (Numbered(2), MALLIARAS)], {2: 6}, (1, 6)),
        ):
            with self.subTest(starts=starts, numbers=numbers):
                data = a_docx(
                    ("Title", "Heel"),
                    ("", text),
                    ("Heading1", "References"),
                    *references,
                    starts=starts,
                )
                found = {
                    n: told
                    for n, told in tied(read_article(data, "a.docx")).items()
                    if told != NO_SUCH
                }
                self.assertEqual(
                    found,
                    dict(zip(numbers, ("Beyer 2015", "Malliaras 2013"), strict=True)),
                )


class AListWithoutNumbers(SimpleTestCase):
    def test_counts_by_its_order(self):
        for mark in ("• ", ""):
            for between in ("\n", "\n\n"):
                read = a_text(
                    between.join(f"{mark}{line}" for line in (BEYER, MALLIARAS, SILBERNAGEL))
                )
                self.assertEqual(
                    tied(read),
                    {1: "Beyer 2015", 2: "Malliaras 2013", 3: "Silbernagel 2020", 4: NO_SUCH},
                )

    def test_begins_below_what_introduces_it(self):
        for lead_in in ("These are the studies we used.", "The papers behind it:"):
            for mark in ("• ", "", "1. "):
                read = a_text(f"{lead_in}\n\n{mark}{BEYER}")
                self.assertEqual(tied(read)[1], "Beyer 2015")
                self.assertEqual(
                    [use.role for use in read.line_uses][-2:], ["lead_in", "reference"]
                )

    def test_counts_each_item_whether_it_can_be_read_or_not(self):
        read = a_text(f"• {BEYER}\n• NHS leaflet\n• {MALLIARAS}")

        self.assertEqual(
            tied(read),
            {
                1: "Beyer 2015",
                2: "NHS leaflet is still to be added by hand",
                3: "Malliaras 2013",
                4: NO_SUCH,
            },
        )

    def test_is_not_counted_on_behind_a_plain_line_that_may_be_anything(self):
        read = a_text(f"{BEYER}\n\nSystematic reviews\n\n{MALLIARAS}")

        self.assertEqual(tied(read)[1], "Beyer 2015")
        self.assertEqual(tied(read)[2], "the list has no numbers to tell it by")

    def test_joins_what_only_a_line_break_parts(self):
        read = a_page(f"<p>{BEYER.replace('versus ', 'versus<br>')}</p><p>{MALLIARAS}</p>")

        self.assertEqual((tied(read)[1], tied(read)[2]), ("Beyer 2015", "Malliaras 2013"))


class AFootnote(SimpleTestCase):
    def read(self, *paragraphs, **options):
        return read_article(a_docx(("Title", "Heel"), *paragraphs, **options), "a.docx")

    def test_is_another_thing_than_the_reference_of_its_number(self):
        read = self.read(
            ("", ["It helps.", Note(SILBERNAGEL), " It eases [1]."]),
            ("Heading1", "References"),
            (Numbered(), BEYER),
        )

        self.assertEqual(
            cites(read),
            {"It helps.": [("note 1", "Silbernagel 2020")], "It eases.": [("1", "Beyer 2015")]},
        )
        self.assertEqual([reference.number for reference in read.references], [1, None])

    def test_leaves_nothing_of_its_mark_in_the_text(self):
        read = self.read(
            (
                "",
                [
                    "It helps",
                    Note(BEYER),
                    ",",
                    Note(MALLIARAS),
                    " and eases ",
                    Note("Ask us."),
                    ".",
                ],
            )
        )

        self.assertEqual(read.body_html, "<p>It helps and eases.</p>")
        self.assertEqual(
            cites(read),
            {"It helps and eases.": [("note 1", "Beyer 2015"), ("note 2", "Malliaras 2013")]},
        )
        blocks, _keys = mark_claims(read, {claim.id for claim in read.suggested_claims})
        self.assertIn(">It helps and eases.</mark>", blocks[0].html)

    def test_may_stand_at_the_end_of_the_document(self):
        read = self.read(("", ["It helps.", Note(BEYER, "endnote")]))
        self.assertEqual(cites(read), {"It helps.": [("note 1", "Beyer 2015")]})

        read = self.read(("", ["It helps.", Note(BEYER, "endnote"), " It eases.", Note(MALLIARAS)]))
        self.assertEqual(
            cites(read),
            {
                "It helps.": [("endnote 1", "Beyer 2015")],
                "It eases.": [("note 1", "Malliaras 2013")],
            },
        )

    def test_of_several_paragraphs_is_one_reference_or_several(self):
        cut = BEYER.index("eccentric")
        for words, names in (
            ((BEYER, MALLIARAS), ["Beyer 2015", "Malliaras 2013"]),
            ((BEYER[:cut].strip(), BEYER[cut:]), ["Beyer 2015"]),
        ):
            read = self.read(("", ["It helps.", Note(words)]))
            self.assertEqual([told for _typed, told in cites(read)["It helps."]], names)

    def test_that_is_no_reference_is_kept_with_its_sentence(self):
        read = self.read(
            ("", ["It helps.", Note(("Only adults", "were asked."))]),
            ("Heading1", "Safe?"),
            ("", "Yes."),
        )

        self.assertEqual(read.suggested_claims[0].notes, (("note 1", "Only adults were asked."),))
        self.assertEqual(read.suggested_claims[0].citations, ())
        self.assertIn("Line 2: note 1 on “It helps.” says “Only adults were asked.”", read.messages)
        self.assertEqual(
            [use.role for use in read.line_uses], ["title", "p", "h2", "p", "note", "note"]
        )
        self.assertEqual(read.references, [])

    def test_in_a_row_or_a_heading_is_no_part_of_its_words(self):
        read = self.read(
            ("Heading1", ["Is it safe?", Note(BEYER)]),
            ("", "Yes."),
            ("Heading1", "Side effects"),
            (Numbered(), ["Sore calf", Note(MALLIARAS)]),
        )

        self.assertEqual(read.sections[0].heading, "Is it safe?")
        self.assertEqual(read.side_effects[0].text, "Sore calf")
        self.assertEqual(cites(read), {"Sore calf": [("note 2", "Malliaras 2013")]})

    def test_leaves_numbers_in_brackets_alone_where_there_is_no_list(self):
        self.assertIn(
            "Use it [2] times.",
            self.read(("", ["Use it [2] times.", Note(BEYER)])).body_html,
        )

    def test_is_known_on_web_pages_and_in_markdown(self):
        word = (
            '<h1>Heel</h1><p>It helps.<a href="#_ftn1"'
            f' name="_ftnref1"><sup>[1]</sup></a></p><h2>References</h2><p>1. {MALLIARAS}</p><div'
            f' id="ftn1"><p><a href="#_ftnref1" name="_ftn1">[1]</a> {BEYER}</p></div>'
        )
        pandoc = (
            '<h1>Heel</h1><p>It helps.<a href="#fn1" id="fnref1"><sup>1</sup></a></p>'
            f'<section><ol><li id="fn1"><p>{BEYER} <a href="#fnref1">↩︎</a></p></li></ol></section>'
        )
        markdown = (
            f"# Heel\n\nIt helps.[^beyer]\n\n## References\n\n1. {MALLIARAS}\n\n[^beyer]: {BEYER}\n"
        )
        for text, name in ((word, "a.html"), (pandoc, "a.html"), (markdown, "a.md")):
            with self.subTest(text[:60]):
                read = read_article(text.encode(), name)
                self.assertEqual(cites(read), {"It helps.": [("note 1", "Beyer 2015")]})
                self.assertIn("<p>It helps.</p>", read.body_html)
                self.assertNotIn("↩", str(read.line_uses))

    def test_that_is_a_link_over_words_loses_no_word(self):
        read = read_article(
            b'<h1>Heel</h1><p>It helps, <a href="#fn1">as we say below</a>.</p><p id="fn1">Ask'
            b" us.</p>",
            "a.html",
        )

        self.assertIn("It helps, as we say below.", read.body_html)


class AFormula(SimpleTestCase):
    def test_that_does_not_come_along_is_told(self):
        read = read_article(
            a_docx(
                ("Title", "Heel"),
                ("", ["The squeeze is ", Formula("F=ma"), " here."]),
                ("", [Formula("x<y")]),
            ),
            "a.docx",
        )

        self.assertEqual(
            read.messages,
            [
                "A formula (F=ma) was left out in line 2: write it in the editor.",
                "A formula (x<y) was left out after line 2: write it in the editor.",
            ],
        )


class AnInterval(SimpleTestCase):
    def test_in_brackets_is_no_mark_and_stays_in_the_text(self):
        for words in (
            "It helps by 3 points (95% CI [1-5]).",
            "It helps by 3 points, 95% CI [1, 5].",
            "It helps by 3 points (confidence interval: [1, 5]).",
            "It helps (median 4, IQR [2–5]).",
            "It helps (RR 2 [1, 4]).",
            "It helps (MD = -1.5 [1, 4]).",
            "It helps on a scale of [0-5].",
            "Ayuda 3 puntos, IC del 95 % [1, 5].",
        ):
            with self.subTest(words):
                read = a_text(f"1. {BEYER}\n2. {MALLIARAS}\n3. {SILBERNAGEL}", words)

                self.assertIn(f"<p>{words}</p>", read.body_html)
                self.assertEqual([said for said in cites(read).values() if said], [])

    def test_leaves_the_mark_beside_it_a_mark(self):
        read = a_text(
            f"1. {BEYER}\n2. {MALLIARAS}",
            "It helps (95% <b>CI</b> [1, 2]) [2]. It eases 3 of 4 [1].",
        )

        self.assertEqual(
            [typed for several in cites(read).values() for typed, _said in several], ["2", "1"]
        )

    def test_is_known_where_its_name_is_set_apart(self):
        read = a_page(f"<ol><li>{BEYER}</li></ol>", "It helps by 3 points, <em>95% CI</em> [1, 5].")

        self.assertIn("<em>95% CI</em> [1, 5].", read.body_html)


class AListThatCountsDown(SimpleTestCase):
    def test_is_tied_by_the_numbers_it_is_drawn_with(self):
        items = f"<li>{BEYER}</li><li>{MALLIARAS}</li><li>{SILBERNAGEL}</li>"
        down = {1: "Silbernagel 2020", 2: "Malliaras 2013", 3: "Beyer 2015", 4: NO_SUCH}
        self.assertEqual(tied(a_page(f"<ol reversed>{items}</ol>")), down)

        self.assertEqual(
            tied(a_page(f"<ol reversed start=4>{items}</ol>")),
            {1: NO_SUCH, 2: "Silbernagel 2020", 3: "Malliaras 2013", 4: "Beyer 2015"},
        )


class AReferenceThatIsNotOne(SimpleTestCase):
    """Two works in one line would give one record of the first one's people and the other's
    year.
    """

    def said(self, words):
        read = read_article(f"# Heel\n\nIt helps.[^1]\n\n[^1]: {words}\n".encode(), "a.md")
        return [told for _typed, told in cites(read)["It helps."]]

    def test_but_two_is_left_to_a_person(self):
        for words in (
            f"{BEYER[:-1]}; {MALLIARAS}",
            f"{BEYER} {MALLIARAS}",
            f"{BEYER} Also: {MALLIARAS}",
        ):
            with self.subTest(words):
                (told,) = self.said(words)
                self.assertIn("is still to be added by hand", told)

        self.assertEqual(
            tied(a_text(f"1. {BEYER[:-1]}; {MALLIARAS}\n2. {SILBERNAGEL}"))[2],
            "Silbernagel 2020",
        )

    def test_but_speaks_of_one_is_left_to_a_person(self):
        for lead in (
            "See",
            "See also",
            "Cf.",
            "For more see",
            "Unlike",
            "Not found in",
            "As told by",
        ):
            with self.subTest(lead):
                (told,) = self.said(f"{lead} {BEYER}") or ["is still to be added by hand"]
                self.assertIn("is still to be added by hand", told)

    def test_is_not_one_whose_author_has_a_name_of_two_words(self):
        self.assertEqual(self.said(BEYER.replace("Beyer", "De Beyer")), ["De Beyer 2015"])
        self.assertEqual(self.said(BEYER.replace("Beyer R", "See JW")), ["See 2015"])
        self.assertEqual(self.said(BEYER.replace("2015;43(7)", "2015; 43(7)")), ["Beyer 2015"])


class AMarkBehindTheFullStop(SimpleTestCase):
    def test_belongs_to_the_sentence_it_closes(self):
        read = a_text(
            f"1. {BEYER}\n2. {MALLIARAS}",
            "It helps.[1] Rest eases. [2] Both work.[1][2] It lasts.",
        )

        self.assertEqual(
            {text: [typed for typed, _told in several] for text, several in cites(read).items()},
            {"It helps.": ["1"], "Rest eases.": ["2"], "Both work.": ["1", "2"]},
        )


class AnAuthorAndAYearInBrackets(SimpleTestCase):
    def cited(self, text, *references):
        read = a_text(
            "\n".join(f"• {line}" for line in references or (BEYER, MALLIARAS, SILBERNAGEL)),
            f"It helps {text}.",
        )
        return cites(read).get(f"It helps {text}.", [])

    def test_name_the_one_reference_they_fit(self):
        for typed, told in (
            ("(Beyer 2015)", "Beyer 2015"),
            ("(Beyer, 2015)", "Beyer 2015"),
            ("(Beyer & Kongsgaard, 2015)", "Beyer 2015"),
            ("(Beyer and Kongsgaard 2015)", "Beyer 2015"),
            ("(Malliaras et al., 2013)", "Malliaras 2013"),
            ("(Malliaras et al. 2013, p. 270)", "Malliaras 2013"),
            ("(Malliaras, Barton & Reeves, 2013)", "Malliaras 2013"),
            ("(MALLIARAS et al 2013)", "Malliaras 2013"),
        ):
            with self.subTest(typed):
                self.assertEqual(self.cited(typed), [(typed, told)])

    def test_may_come_by_the_dozen(self):
        self.assertEqual(
            self.cited("(n = 12; Beyer 2015; Malliaras et al., 2013)"),
            [("(Beyer 2015)", "Beyer 2015"), ("(Malliaras et al., 2013)", "Malliaras 2013")],
        )

    def test_name_bodies_and_people_with_long_names(self):
        who = "World Health Organization. Heel pain in adults. Geneva: WHO; 2019."
        vos = "de Vos RJ, Weir A. Injections for the Achilles tendon. JAMA. 2010;303(2):144-149."
        kjaer = "Hougs Kjær B, Magnusson S. Slow training. J Ex. 2011;3(1):1-9."
        for typed, told in (
            ("(World Health Organization, 2019)", "World Health Organization 2019"),
            ("(de Vos & Weir 2010)", "de Vos 2010"),
            ("(Hougs Kjær and Magnusson, 2011)", "Hougs Kjær 2011"),
        ):
            self.assertEqual(self.cited(typed, who, vos, kjaer), [(typed, told)])

    def test_name_nothing_when_none_fits_or_more_than_one(self):
        other = "Beyer R. Another trial. J Ex. 2015;1(1):1-9."
        self.assertEqual(
            self.cited("(Beyer 2015)", BEYER, other),
            [("(Beyer 2015)", "two references fit")],
        )
        for typed in (
            "(Murphy 2019)",
            "(Beyer 2016)",
            "(Kongsgaard 2015)",
            "(Beyer & Smith, 2015)",
            "(Beyer, 2015b)",
            "(Malliaras & Barton, 2013)",
        ):
            with self.subTest(typed):
                self.assertEqual(self.cited(typed), [(typed, NO_SUCH)])
        self.assertEqual(
            self.cited("(Beyer et al., 2015)", other),
            [("(Beyer et al., 2015)", NO_SUCH)],
        )

    def test_given_twice_is_one_work(self):
        self.assertEqual(self.cited("(Beyer 2015)", BEYER, BEYER), [("(Beyer 2015)", "Beyer 2015")])

    def test_are_not_any_words_before_a_year(self):
        for typed in (
            "(March 2015)",
            "(updated May 2015)",
            "(since 2015)",
            "(Spring 2015)",
            "(in the year 2015)",
        ):
            with self.subTest(typed):
                self.assertEqual(self.cited(typed), [])


_AUTHORS = ("Adair", "Bruun", "Costa", "Dahl", "Egan", "Fonseca", "Grau", "Hassan", "Ibe", "Jansen")
_UNREADABLE = "Leaflet of a clinic about {} for those who ask"


class _MadeDocument:
    """A document somebody could have written.

    `meant` is {sentence: (the work it means or None, whether it must be found)}.
    """

    def __init__(self, chance):
        self.chance = chance
        self.works = [self._work(place) for place in range(chance.randint(1, 7))]
        self.meant = {}
        self.form = chance.choice(["{}.", "[{}]", "{})", "({})", "•", "", "word"])
        self.is_word = self.form == "word" or chance.random() < 0.4
        self.listed = chance.sample(self.works, chance.randint(1, len(self.works)))
        self.start = chance.randint(1, 3) if self.form == "word" else 1
        self.numbers = self._numbers()
        self.unread = {}
        if "{}" in self.form:
            taken = set(self.numbers) | {0}
            self.unread = {
                number: _UNREADABLE.format(number) for number in {chance.randint(1, 40)} - taken
            }
        self.sentences = [self._sentence(place) for place in range(chance.randint(2, 8))]

    def _work(self, place):
        chance = self.chance
        authors = [_AUTHORS[place], *chance.sample(_AUTHORS, chance.randint(0, 3))]
        if chance.random() < 0.3:
            authors[0] = chance.choice(_AUTHORS[:3])
        authors, year = list(dict.fromkeys(authors)), chance.choice([2015, 2015, 2019])
        names = ", ".join(f"{name} {'ABC'[at % 3]}" for at, name in enumerate(authors))
        text = (
            f"{names}. A study of the {_AUTHORS[place].lower()} way. J Ex."
            f" {year};{place + 1}(2):1{place}-2{place}."
        )
        return text, authors, year

    def _numbers(self):
        count = len(self.listed)
        if "{}" not in self.form:
            return list(range(self.start, self.start + count))
        numbers = self.chance.sample(range(1, 30), count)
        if count > 1 and self.chance.random() < 0.25:
            numbers[-1] = numbers[0]
        return numbers

    def _sentence(self, place):
        """Its text as pieces of a docx; what it means goes into `meant`."""
        chance, words = self.chance, f"Way {place} helps people a little"
        kind = chance.choice(
            ["number", "number", "name", "note", "remark"]
            if self.is_word
            else ["number", "number", "name"]
        )
        if kind == "number":
            number = chance.choice([*self.numbers, *self.unread, chance.randint(1, 40)])
            works = {
                work[0] for work, at in zip(self.listed, self.numbers, strict=True) if at == number
            }
            self.meant[f"{words}."] = (works.pop(), True) if len(works) == 1 else (None, False)
            return chance.choice(
                [[f"{words} [{number}]."], [f"{words}.[{number}]"], [f"{words}. [{number}]"]],
            )
        if kind == "note":
            work = chance.choice(self.works)
            self.meant[f"{words}."] = (work[0], True)
            return [f"{words}.", Note(work[0], chance.choice(["footnote", "endnote"]))]
        if kind == "remark":
            self.meant[f"{words}."] = (None, False)
            return [f"{words}", Note("Only those who asked for it."), "."]
        work = chance.choice(self.works)
        alike = [other for other in self.works if (other[1][0], other[2]) == (work[1][0], work[2])]
        if len(alike) > 1 and not all(other in self.listed for other in alike):
            work = self.listed[0]
            alike = [
                other for other in self.works if (other[1][0], other[2]) == (work[1][0], work[2])
            ]
        who = work[1][0]
        if len(work[1]) == 2:
            who = f"{work[1][0]} {chance.choice(['&', 'and'])} {work[1][1]}"
        elif len(work[1]) > 2:
            who += " et al."
        typed = f"{words} ({who}{chance.choice([',', ''])} {work[2]})."
        self.meant[typed] = (work[0], work in self.listed and len(alike) == 1)
        return [typed]

    def lines(self):
        """(style or "", text) of the list."""
        if self.form == "word":
            return [(Numbered(), text) for text, _authors, _year in self.listed]
        texts = [text for text, _authors, _year in self.listed]
        if "{}" in self.form:
            texts = [
                f"{self.form.format(number)} {text}"
                for number, text in zip(self.numbers, texts, strict=True)
            ]
            texts += [f"{self.form.format(number)} {text}" for number, text in self.unread.items()]
            self.chance.shuffle(texts)
        elif self.form:
            texts = [f"{self.form} {text}" for text in texts]
        return [("", text) for text in texts]

    def read(self):
        lead_in = (
            [("", "These are the studies this leaflet rests on.")]
            if self.chance.random() < 0.5
            else []
        )
        heading, lines = self.chance.choice(["References", "Sources:"]), self.lines()
        if self.is_word:
            parts = [part for sentence in self.sentences for part in [*sentence, " "]]
            data = a_docx(
                ("Title", "Heel"),
                ("", parts),
                ("Heading1", heading),
                *lead_in,
                *lines,
                starts={1: self.start},
            )
            return read_article(data, "a.docx")
        between = self.chance.choice(["\n", "\n\n"])
        listed = between.join(self._maybe_wrapped(text) for _style, text in [*lead_in, *lines])
        text = " ".join(piece for sentence in self.sentences for piece in sentence)
        return read_article(f"Heel pain\n\n{text}\n\n{heading}\n\n{listed}\n".encode(), "a.txt")

    def _maybe_wrapped(self, text):
        return text.replace(" way. J Ex.", " way.\nJ Ex.") if self.chance.random() < 0.2 else text


class AnyDocument(SimpleTestCase):
    """Two hundred that were made by chance, the same ones each time."""

    def test_ties_no_sentence_to_a_work_it_does_not_mean(self):
        linked = 0
        for seed in range(200):
            made = _MadeDocument(random.Random(seed))  # noqa: S311
            read = made.read()
            works = {reference.line: reference.work for reference in read.references}
            claims = {claim.text: claim for claim in read.suggested_claims}
            for sentence, (work, is_to_be_found) in made.meant.items():
                with self.subTest(seed=seed, sentence=sentence, form=made.form):
                    claim = claims.get(sentence)
                    cited = claim.citations if claim else ()
                    found = {works[one.line] for one in cited if one.line is not None}
                    self.assertLessEqual(found, {work}, cited)
                    if is_to_be_found:
                        self.assertEqual(found, {work}, cited)
                        linked += 1
            self.assertEqual(len({use.line for use in read.line_uses}), len(read.line_uses))
        self.assertGreater(linked, 300)
