"""Which files are references: formats that databases write, and files that hold none."""

import json
from pathlib import Path

from django.conf import settings
from django.test import SimpleTestCase

from references import citing, formats
from tests.shared_data import shared

FAULTS = ("data", "references", "faults")
LINE = "Roe J, Doe A. Loading of the heel tendon. J Test. 2020;6(1):11-19."


def read_all(text, name=""):
    return list(formats.read(text, name))


def titles(text):
    return [record.csl.get("title") for record in read_all(text)]


class AFileOfWebOfScience(SimpleTestCase):
    def test_gives_each_of_its_records(self):
        expected = json.loads(shared(*FAULTS, "expected.json").read_text())["01-wos-tagged.ciw"]
        records = read_all(shared(*FAULTS, "01-wos-tagged.ciw").read_bytes(), "savedrecs.txt")
        self.assertEqual([citing.ama(record.csl) for record in records], expected["ama_if_read"])
        self.assertEqual([record.line for record in records], [3, 19])

    def test_is_known_without_its_head(self):
        self.assertEqual(titles("\ufeffPT J\nTI One\nSO J TEST\nPY 2020\nER\n\nEF"), ["One"])

    def test_keeps_full_names_groups_supplement_and_meeting(self):
        (record,) = read_all(
            "FN Clarivate\nVR 1.0\nPT S\nAU Roe, J\n   Doe, A\nAF Roe, Jane\n   Doe, Ann\n"
            "CA DREAM Trial Grp\nTI Two\n   lines\nSO J TEST\nDT Proceedings Paper\nLA English\n"
            "CT Congress on Heels\nCL Bern\nSU 1\nIS 2\nVL 9\nBP S3\nEP S10\nPD SPR\nPY 2020\n"
            "PM 29514819\nER\n\nEF\n"
        )
        csl = record.csl
        self.assertEqual((csl["type"], csl["title"]), ("paper-conference", "Two lines"))
        self.assertEqual(
            csl["author"],
            [
                {"family": "Roe", "given": "Jane"},
                {"family": "Doe", "given": "Ann"},
                {"literal": "DREAM Trial Grp"},
            ],
        )
        self.assertEqual((csl["issue"], csl["page"]), ("2 Suppl 1", "S3-S10"))
        self.assertEqual((csl["event-title"], csl["event-place"]), ("Congress on Heels", "Bern"))
        self.assertEqual((record.pmid, record.language), ("29514819", "en"))
        self.assertEqual(csl["issued"], {"date-parts": [[2020]], "season": 1})

    def test_says_what_became_of_a_work(self):
        for kind, state in (
            ("Article; Retracted Publication", "retracted"),
            ("Retraction", "notice"),
            ("Article", ""),
        ):
            with self.subTest(kind):
                (record,) = read_all(f"PT J\nTI One\nSO J TEST\nDT {kind}\nPY 2020\nER\n")
                self.assertEqual(record.integrity, state)

    def test_that_breaks_off_gives_what_was_whole(self):
        self.assertEqual(titles("PT J\nTI One\nPY 2020\nPT J\nTI Two\nPY 2021"), ["One", "Two"])


class RisThatIsNotAsItShouldBe(SimpleTestCase):
    def test_is_read_without_ty(self):
        expected = json.loads(shared(*FAULTS, "expected.json").read_text())["02-ris-without-TY.ris"]
        records = read_all(shared(*FAULTS, "02-ris-without-TY.ris").read_bytes())
        self.assertEqual([record.csl["title"] for record in records], expected["titles"])
        self.assertEqual({record.csl["type"] for record in records}, {"article-journal"})

    def test_is_read_without_ty_and_er(self):
        for gap in (" - ", "  - "):
            with self.subTest(gap):
                text = "AU{0}Roe, J\nTI{0}One\nPY{0}2020\n\nAU{0}Doe, A\nTI{0}Two\nPY{0}2021\n"
                self.assertEqual(titles(text.format(gap)), ["One", "Two"])

    def test_is_read_with_ty_in_the_middle(self):
        text = "DB  - X\nC8  - \nTI  - {}\nAB  - NA\nTY  - JOUR\nJO  - Koedoe\nVL  - 49\nER  - \n\n"
        records = read_all(text.format("One") + text.format("Two"))
        self.assertEqual(
            [(record.csl["title"], record.csl["type"], record.warnings) for record in records],
            [("One", "article-journal", ()), ("Two", "article-journal", ())],
        )

    def test_is_read_with_a_search_of_ovid_between_its_records(self):
        record = "{0}. \nTY  - JOUR\nTI  - Title {0}\nJF  - J\nER  -  \n\n"
        stray = (
            "Link to the Ovid Full Text or citation: http://x\n\nC1  - Database: Embase <1980>\n\n"
            "Search Strategy:\n\n-----------------\n1     exp knee/ (30)\n\n"
        )
        records = read_all(record.format(1) + stray + record.format(2) + stray)
        self.assertEqual([one.csl["title"] for one in records], ["Title 1", "Title 2"])
        self.assertEqual([one.warnings for one in records], [(), ()])
        self.assertNotIn("Database", records[1].raw)

    def test_medline_without_pmid_is_not_taken_for_it(self):
        (record,) = read_all(
            "TI  - One.\nFAU - Roe, Jane\nDP  - 2020 Feb\nTA  - J Test\nJT  - Journal of tests\n"
            "VI  - 3\nPG  - 4-9\n"
        )
        self.assertEqual(
            (record.csl["page"], record.csl["container-title"]), ("4-9", "Journal of tests")
        )


class AFileOfAnotherProgram(SimpleTestCase):
    def test_is_refused_with_what_to_export_instead(self):
        for text, expected in (
            ('<?xml version="1.0"?><xml><records><record><database name="My.enl">', "RefMan"),
            ('<?xml version="1.0"?>\n<modsCollection xmlns="http://x"><mods>', "is MODS"),
            ('<?xml version="1.0"?><mods:mods xmlns:mods="http://x">', "is MODS"),
            ('<rdf:RDF\n xmlns:rdf="http://x">\n<bib:Article>', "In Zotero"),
            ("<!DOCTYPE html><html><body><p>Roe J. A. J. 2020;1:2.</p>", "is a web page"),
            ("<?xml version='1.0'?><TEI><text>Roe</text></TEI>", "is XML, but not PubMed's"),
            ("%0 Journal Article\n%A Roe, Jane\n%T One\n%D 2020\n", "tagged format (.enw)"),
            ("RT Journal Article\nA1 Roe, Jane\nT1 One\nYR 2020\n", "In RefWorks"),
            ("VN  - Ovid Technologies\nDB  - Ovid MEDLINE(R)\nUI  - 1\nTI  - One.\n", "In Ovid"),
            ("<1>\nUnique Identifier\n  1\nTitle\n  One.\n", "In Ovid"),
            (
                '"Authors","Author full names","Title","Year","DOI"\n"Roe J","","A","2020","10.1"',
                "is a table",
            ),
            ("\ufeffPT\tAU\tBA\tBE\tGP\tAF\tBF\tCA\tTI\tSO\nJ\tRoe", "table"),
            ("id;title;abstract\n1;One;Long\n", "is a table"),
            ('[{"itemType": "journalArticle", "title": "One", "creators": []}]', "Zotero's JSON"),
            ('{"name": "a", "title": "One", "version": "1.0"}', "is JSON, but"),
            ('[{"title": "A point", "type": "Feature"}]', "is JSON, but"),
            (
                "1. J. 2020;1(1):2. doi: 10.5555/x.\n\nOne.\n\nRoe J(1).\n\nAuthor information:\n"
                "(1)Bern.\n",
                "choose Save, then the format PubMed",
            ),
        ):
            with self.subTest(text[:30]), self.assertRaisesMessage(formats.CannotRead, expected):
                formats.read(text, "file")

    def test_a_web_page_around_medline_is_read(self):
        self.assertEqual(titles("<html><pre>\nPMID- 1\nTI  - One.\n\n</pre></html>"), ["One"])


class AFileThatIsNoListOfReferences(SimpleTestCase):
    def test_is_refused_as_a_whole(self):
        letter = (
            "From: Jane Roe <jane@example.org>\nTo: Ann\nDate: Mon, 4 May 2020 10:00:00\n"
            "Subject: Heels\n\nDear Ann,\nplease read this one:\n"
            f"{LINE}\nIt says what I said in 2019. See https://example.org/x as well.\nJane\n"
        )
        log = "".join(
            f"2020-05-0{n} 10:00:0{n} INFO worker: took {n}; 2020: ok\n" for n in range(9)
        )
        code = (
            "import os\n\n@given(text())\ndef read(text):\n    '''Read. 2020;1:2.'''\n"
            "    return os.path.join(text)\n\n\n@page(a=1)\nclass A:\n    x = 1\n"
        )
        java = '@Entity(name = "x")\n@Table(name = "refs", title = "A")\npublic class Ref {}\n'
        css = "@media (max-width: 3px) { a { color: red } }\n@page { margin: 1cm }\n"
        readme = (
            "# Tool\n\nThis tool reads references. It was made in 2020.\n\n## Install\n\n"
            f"    pip install tool\n\n## Cite\n\nPlease cite:\n\n{LINE}\n\n## Licence\n\nMIT\n"
        )
        for name, text in locals().copy().items():
            if name != "self":
                with self.subTest(name), self.assertRaises(formats.CannotRead) as refused:
                    formats.read(text, f"{name}.txt")
                self.assertIn("Export them as RIS (EndNote", str(refused.exception))

    def test_holds_for_every_file_of_this_project(self):
        paths = [
            path
            for pattern in ("*.md", "*.toml", "references/*.py", "docs/*.md", "templates/*/*.html")
            for path in sorted(Path(settings.BASE_DIR).glob(pattern))[:12]
        ]
        self.assertGreater(len(paths), 20)
        self.assertEqual([path for path in paths if formats.detect(path.read_bytes())], [])

    def test_but_a_list_with_a_heading_and_a_stray_line_is_one(self):
        records = read_all(f"References\n\n1. {LINE}\n2. {LINE}\n3. See the leaflet.\n")
        self.assertEqual([bool(record.refused) for record in records], [False, False, True])
