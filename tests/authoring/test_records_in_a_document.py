"""Importing: a record that a program put beside its citation is read whole, and tied to it."""

from django.test import SimpleTestCase, TestCase

from articles.imports import Choices, making_drafts, pending_imports, read_article, read_document
from articles.models import Citation
from references.models import Reference
from tests.builders import NOON, a_clinician
from tests.word_fields import (
    a_field,
    a_mendeley_control,
    a_mendeley_field,
    a_note_mark,
    a_run,
    a_word_file,
    a_zotero_field,
    an_endnote_field,
    endnote_xml,
    word_sources,
)

BEYER = {
    "type": "article-journal",
    "title": "Heavy slow resistance versus eccentric training",
    "container-title": "Am J Sports Med",
    "author": [{"family": "Beyer", "given": "Rikke"}, {"family": "Kongsgaard", "given": "Mads"}],
    "issued": {"date-parts": [["2015", 7]]},
    "volume": "43",
    "issue": "7",
    "page": "1704-1711",
    "DOI": "10.1177/0363546515584760",
    "note": "PMID: 26018970",
}
MALLIARAS = {
    "type": "article-journal",
    "title": "Achilles and patellar tendinopathy loading programmes",
    "author": [{"family": "Malliaras", "given": "Peter"}, {"family": "Barton", "given": "C"}],
    "issued": {"date-parts": [[2013]]},
    "DOI": "10.1007/s40279-013-0019-z",
}
ENDNOTE = endnote_xml(
    "Beyer",
    2015,
    "Heavy slow resistance versus rest",
    "Am J Sports Med",
    "10.1177/0363546515584760",
)


def read(*runs, references=(), **options):
    listed = [("Heading1", a_run("References")), *(("", a_run(line)) for line in references)]
    return read_article(
        a_word_file(
            ("Title", a_run("Heel")),
            ("", "".join(runs)),
            *(listed if references else ()),
            **options,
        ),
        "a.docx",
    )


def ties(article):
    """{sentence: what it is tied to}"""
    return {
        claim.text: [one.said for one in claim.citations if one.line is not None]
        for claim in article.suggested_claims
    }


class ARecordInAWordFile(SimpleTestCase):
    def test_is_tied_to_its_sentence_whatever_is_printed(self):
        for printed, sentence in (
            ("1", "It eases pain."),
            ("[1]", "It eases pain."),
            ("(1)", "It eases pain."),
            ("(Beyer & Kongsgaard, 2015)", "It eases pain (Beyer & Kongsgaard, 2015)."),
            ("(Kongsgaard 2014)", "It eases pain (Kongsgaard 2014)."),
        ):
            for field in (
                a_zotero_field(printed, (BEYER, {})),
                a_mendeley_field(printed, BEYER),
                a_mendeley_control(printed, BEYER),
                an_endnote_field(printed, ENDNOTE),
                an_endnote_field(printed, ENDNOTE, is_beside=True),
            ):
                with self.subTest(printed, field=field[:160]):
                    article = read(a_run("It eases pain "), field, a_run(". Rest does not."))
                    self.assertEqual(ties(article), {sentence: ["Beyer 2015"]})
                    self.assertIn(f"<p>{sentence} Rest".replace("&", "&amp;"), article.body_html)
                    (reference,) = article.references
                    self.assertEqual(
                        (reference.doi, reference.authors, reference.year, reference.csl["PMID"]),
                        ("10.1177/0363546515584760", ("Beyer", "Kongsgaard"), 2015, "26018970"),
                    )

    def test_is_raised_behind_the_stop(self):
        article = read(
            a_run("It eases pain."),
            a_zotero_field("1,2", (BEYER, {}), (MALLIARAS, {}), is_raised=True),
            a_run(" Rest does not."),
            a_zotero_field("2", (MALLIARAS, {}), is_raised=True),
        )

        self.assertEqual(
            ties(article),
            {
                "It eases pain.": ["Beyer 2015", "Malliaras 2013"],
                "Rest does not.": ["Malliaras 2013"],
            },
        )
        self.assertEqual(article.body_html, "<p>It eases pain. Rest does not.</p>")
        self.assertEqual(len(article.references), 2)

    def test_keeps_the_place_in_the_work(self):
        article = read(
            a_run("It eases pain "),
            a_zotero_field("[1, p. 4]", (BEYER, {"locator": "4-6", "label": "page"})),
            a_run(". It fades "),
            an_endnote_field("(2)", ENDNOTE.replace("<RecNum>", "<Pages>9</Pages><RecNum>")),
            a_run("."),
        )

        self.assertEqual(
            [
                (one.locator_kind, one.locator)
                for claim in article.suggested_claims
                for one in claim.citations
            ],
            [("page", "4-6"), ("page", "9")],
        )

    def test_is_found_in_words_own_sources(self):
        sources = word_sources(
            ("Bey15", "Beyer", "Heavy slow training", "J Sports", 2015, "10.1177/0363546515584760"),
            ("Mal13", "Malliaras", "Loading programmes", "Sports Med", 2013, ""),
        )
        article = read(
            a_run("It eases pain "),
            a_field(
                r" CITATION Bey15 \p 4 \l 1033  \m Mal13", "(Beyer, 2015, p. 4; Malliaras, 2013)"
            ),
            a_run(". It fades "),
            '<w:fldSimple w:instr=" CITATION Mal13 \\l 1033 ">' + a_run("[2]") + "</w:fldSimple>",
            a_run("."),
            sources=sources,
        )

        self.assertEqual(
            list(ties(article).values()), [["Beyer 2015", "Malliaras 2013"], ["Malliaras 2013"]]
        )
        self.assertEqual(article.suggested_claims[0].citations[0].locator, "4")
        self.assertEqual(
            {reference.name: reference.doi for reference in article.references},
            {"Beyer 2015": "10.1177/0363546515584760", "Malliaras 2013": ""},
        )

    def test_is_one_with_its_line_in_the_list(self):
        article = read(
            a_run("It eases pain "),
            a_zotero_field("[2]", (BEYER, {})),
            a_run(". It fades [1]."),
            references=(
                "1. Malliaras P, Barton C. Achilles loading. Sports Med. 2013;43(4):267-286.",
                "2. Beyer R, Kongsgaard M. Heavy slow resistance versus eccentric training. Am J"
                " Sports Med. 2015;43(7):1704-1711.",
            ),
        )

        self.assertEqual(
            ties(article), {"It eases pain.": ["Beyer 2015"], "It fades.": ["Malliaras 2013"]}
        )
        self.assertEqual([one.number for one in article.references], [1, 2])
        self.assertEqual(article.references[1].doi, "10.1177/0363546515584760")

    def test_counts_more_than_the_number_printed_for_it(self):
        article = read(
            a_run("It eases pain "),
            a_zotero_field("[1]", (BEYER, {})),
            a_run("."),
            references=(
                "1. Malliaras P, Barton C. Achilles loading. Sports Med. 2013;43(4):267-286.",
            ),
        )
        self.assertEqual(ties(article), {"It eases pain.": ["Beyer 2015"]})

    def test_is_tied_through_the_note_that_cites_it(self):
        article = read(
            a_run("It eases pain."),
            a_note_mark(1),
            notes=(
                a_zotero_field(
                    "Beyer, R., Heavy slow resistance, 2015, p. 3.", (BEYER, {"locator": "3"})
                ),
            ),
        )

        self.assertEqual(ties(article), {"It eases pain.": ["Beyer 2015"]})
        self.assertEqual(article.suggested_claims[0].citations[0].locator, "3")

    def test_that_is_broken_leaves_what_is_printed(self):
        for field in (
            a_field(' ADDIN ZOTERO_ITEM CSL_CITATION {"citationItems": [{', "[1]"),
            a_field(' ADDIN ZOTERO_ITEM CSL_CITATION {"citationItems": 7}', "[1]"),
            a_field(" ADDIN EN.CITE <EndNote><Cite>", "[1]"),
            a_field(" ADDIN EN.CITE ", "[1]", data="!!!"),
            a_field(" CITATION Nobody99 ", "[1]"),
            a_mendeley_control("[1]", {"title": ""}),
            a_field(" ADDIN ZOTERO_ITEM CSL_CITATION " + "[" * 5000, "[1]", length=900),
        ):
            with self.subTest(field[:150]):
                article = read(
                    a_run("It eases pain "),
                    field,
                    a_run("."),
                    references=("1. Beyer R. Heavy slow training. J Ex. 2015;43(7):1704-1711.",),
                )
                self.assertEqual(ties(article), {"It eases pain.": ["Beyer 2015"]})


class ACitationOfPandoc(SimpleTestCase):
    YAML = """---
title: Heel pain
author: Jo
references:
- id: beyer2015
  type: article-journal
  title: Heavy slow resistance versus eccentric training
  author:
  - family: Beyer
    given: Rikke
  - family: Kongsgaard
    given: Mads
  issued:
    date-parts:
    - - 2015
  DOI: 10.1177/0363546515584760
- id: mal13
  title: Loading programmes for sore tendons
  author: [{family: Malliaras}, {family: Barton}, {family: Reeves}]
  issued: {year: 2013}
---
"""

    def read(self, text, head=YAML):
        return read_article(f"{head}\nA guide.\n\n{text}\n".encode(), "a.md")

    def test_is_tied_to_the_work_of_its_key(self):
        for text, sentence, names in (
            ("It helps [@beyer2015].", "It helps.", ["Beyer 2015"]),
            (
                "It helps [see @beyer2015, p. 4; @mal13].",
                "It helps.",
                ["Beyer 2015", "Malliaras 2013"],
            ),
            ("It helps [-@beyer2015].", "It helps.", ["Beyer 2015"]),
            ("It helps [@{beyer2015}].", "It helps.", ["Beyer 2015"]),
            (
                "@beyer2015 say it helps.",
                "Beyer and Kongsgaard (2015) say it helps.",
                ["Beyer 2015"],
            ),
            (
                "In @mal13 [p. 7] it helps.",
                "In Malliaras et al. (2013) it helps.",
                ["Malliaras 2013"],
            ),
            ("It helps [@nobody99].", "It helps [@nobody99].", []),
            ("It helps, so mail help@mal13.org.", "", []),
        ):
            with self.subTest(text):
                article = self.read(text)
                self.assertEqual(ties(article).get(sentence, []), names)
                self.assertIn(f"<p>{sentence or text}</p>", article.body_html)
        self.assertEqual(
            self.read("It helps [@beyer2015, p. 4].").suggested_claims[0].citations[0].locator, "4"
        )

    def test_leaves_the_title_and_tells_of_the_rest_of_its_head(self):
        article = self.read("It helps [@beyer2015].")

        self.assertEqual(article.title, "Heel pain")
        self.assertIn("Left out of the head of the document: author.", str(article.messages))
        self.assertEqual([one.line for one in article.line_uses][:3], [1, 23, 25])

    def test_is_tied_by_a_key_in_the_list_or_by_the_name_and_year_in_it(self):
        beyer = "Beyer R, Kongsgaard M. Heavy slow training. J Ex. 2015;43(7):1704-1711."
        other = "Beyer R. Quick training. J Ex. 2015;1(1):1-9."
        for listed, names in (
            ((f"- [@beyer2015] {beyer}", f"- [@mal13] {other}"), ["Beyer 2015"]),
            ((f"- [beyer2015] {beyer}", f"- [mal2013] {other}"), ["Beyer 2015"]),
            ((f"- {beyer}",), ["Beyer 2015"]),
            ((f"- {beyer}", f"- {other}"), []),
        ):
            with self.subTest(listed):
                article = self.read(
                    "It helps [@beyer2015].\n\n## References\n\n" + "\n".join(listed),
                    head="# Heel\n",
                )
                self.assertEqual(next(iter(ties(article).values())), names)
                self.assertEqual([one.error for one in article.references], [""] * len(listed))

    def test_reads_no_yaml_that_blows_up(self):
        bomb = "a: &a [x, x]\n" + "".join(
            f"b{at}: &b{at} [{', '.join([f'*b{at - 1}' if at else '*a'] * 9)}]\n" for at in range(9)
        )
        head = f"---\n{bomb}references: *b8\n---\n"

        self.assertEqual(self.read("It helps [@b].", head=head).references, [])


class ADraftOfADocumentWithRecords(TestCase):
    DATA = a_word_file(
        ("Title", a_run("Heel")),
        (
            "",
            a_run("It eases pain ") + a_zotero_field("[1]", (BEYER, {"locator": "4"})) + a_run("."),
        ),
    )

    def test_has_the_record_in_the_library_and_as_evidence(self):
        document = read_document(self.DATA, "a.docx")
        claim = read_article(self.DATA, "a.docx").suggested_claims[0]
        making_drafts.make_draft(
            document, by=a_clinician(), at=NOON, choices=Choices(claims={claim.id})
        )

        citation = Citation.objects.get()
        self.assertEqual(citation.claim.text, "It eases pain.")
        self.assertEqual((citation.locator_kind, citation.locator), ("page", "4"))
        reference = citation.reference
        self.assertEqual((reference.pmid, reference.volume), ("26018970", "43"))
        self.assertEqual(reference.csl["author"][0], {"family": "Beyer", "given": "Rikke"})

        making_drafts.make_draft(document, by=None, at=NOON, allow_duplicate=True)
        self.assertEqual(Reference.objects.count(), 1)

    def test_is_looked_through_and_left_for_later(self):
        pending, _is_new = pending_imports.begin(self.DATA, "a.docx", by=a_clinician(), at=NOON)
        pending.refresh_from_db()
        document = pending_imports.document_of(pending)

        self.assertEqual(document.lines[-1].record["DOI"], "10.1177/0363546515584760")
        self.assertEqual(document.lines, read_document(self.DATA, "a.docx").lines)
