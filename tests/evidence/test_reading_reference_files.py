"""Files of references: which format they are in, and every record in them, readable or
refused with a reason.
"""

import base64
import gzip
import io
import json
import re

from django.test import SimpleTestCase
from hypothesis import given, settings
from hypothesis import strategies as st

from references import citing, csl, formats, identifiers
from references.formats import bibtex, conforming, csl_json, latex, nbib, ris
from references.formats.records import Record
from tests.shared_data import shared

DATA = ("data", "references")


def titles(records):
    return [record.csl.get("title") for record in records]


def read_all(data, name=""):
    return list(formats.read(data, name))


class TheListOfOddInputs(SimpleTestCase):
    def test_comes_out_as_expected(self):
        cases = json.loads(shared(*DATA, "expected", "parser_edge_cases.json").read_text())
        self.assertEqual(len(cases), 20)
        for case in cases:
            with self.subTest(case["name"], format=case["format"]):
                if "error" in case:
                    with self.assertRaisesMessage(formats.CannotRead, case["error"]):
                        read_all(case["input"], f"file.{case['format']}")
                    continue
                self._check(case, read_all(case["input"], f"file.{case['format']}"))

    def _check(self, case, records):
        self.assertEqual(len(records), case["records"])
        self.assertEqual([record.refused for record in records], [""] * len(records))
        if "titles" in case:
            self.assertEqual(titles(records), case["titles"])
        first = records[0]
        warnings = " ".join(warning for record in records for warning in record.warnings)
        for expected in case.get("warn", ()):
            self.assertIn(expected, warnings)
        if "warn" not in case and case["name"] != "null date part":
            self.assertEqual(warnings, "")
        if "page" in case:
            self.assertEqual(first.csl["page"], case["page"])
        if "year" in case:
            self.assertEqual(csl.year(first.csl), case["year"])
        if "url" in case:
            self.assertEqual(first.url, case["url"])
        if "integrity" in case:
            self.assertEqual(
                (first.integrity, first.notices[0].pmid), (case["integrity"], case["notice_pmid"])
            )
        if "authors" in case:
            self.assertTrue(
                citing.ama(first.csl).startswith(", ".join(case["authors"])), citing.ama(first.csl)
            )
        for piece in case.get("html_must_contain", ()):
            self.assertIn(piece, citing.ama_html(first.csl))


#: Records in each file, counted by hand or with grep, where that is not the number of its ER lines
#: or PMID lines.
COUNTS = {
    "baseline_reference_types.ris": 61, "ris_issue_992.txt": 19, "RisImporterTest1.ris": 11,
    "bibtex-input.bib": 16, "bibtex-input.expected-csl.json": 16,
    "MedlinePlainImporterTestMultipleEntries.txt": 7, "pmc_medlars.txt": 5, "pubmed_result2.txt": 4,
    "nameparts.bib": 8, "paper.bib": 11, "rich_text.bib": 7, "crossref.bib": 6, "embase.ris": 6,
    "proquest.ris": 6, "example_multiline.ris": 3, "example_urls.ris": 4, "uri.bib": 3,
    "dataset_1.ris": 6, "pubmed_zotero.ris": 6, "baseline_empty_values.ris": 4,
}  # fmt: skip


class EveryDeveloperFile(SimpleTestCase):
    def test_gives_each_of_its_records_with_a_place_and_a_reason_if_refused(self):
        files = [
            path
            for folder in ("ris", "nbib", "bibtex", "csl_json")
            for path in shared(*DATA, folder).glob("*/*")
        ]
        self.assertGreater(len(files), 50)
        seen = set()
        for path in files:
            with self.subTest(path.name):
                data = path.read_bytes()
                records = read_all(data, path.name)
                seen.add(path.name)
                self.assertEqual(
                    [record.number for record in records], list(range(1, len(records) + 1))
                )
                self.assertEqual(len(records), COUNTS.get(path.name, len(records)))
                self.assertGreater(len(records), 0)
                lines = [record.line for record in records]
                self.assertEqual(lines, sorted(lines))
                for record in records:
                    self.assertTrue(
                        record.refused
                        or record.csl.get("title")
                        or record.csl.get("DOI")
                        or record.pmid
                        or record.pmcid
                    )
                    self.assertTrue(record.raw)
                    self.assertEqual(conforming.conform_record(record), record)
        self.assertEqual(set(COUNTS) - seen, set())

    def test_is_known_by_its_content_whatever_its_name(self):
        for folder, expected in (
            ("ris", "ris"),
            ("nbib", "nbib"),
            ("bibtex", "bibtex"),
            ("csl_json", "csl"),
            ("pubmed_xml", "pubmed_xml"),
        ):
            for path in shared(*DATA, folder).glob("*/*"):
                with self.subTest(path.name):
                    is_json = path.suffix == ".json"
                    self.assertEqual(
                        formats.detect(path.read_bytes(), "export.dat"),
                        "csl" if is_json else expected,
                    )
        self.assertEqual(
            formats.detect(shared(*DATA, "crossref", "works_dev.json").read_bytes()), "crossref"
        )

    def test_names_dois_that_come_back_unchanged(self):
        count = 0
        for folder in ("ris", "nbib", "bibtex", "csl_json"):
            for path in shared(*DATA, folder).glob("*/*"):
                data = path.read_bytes()
                text = data.decode("utf-8-sig", errors="replace").lower()
                for record in read_all(data, path.name):
                    if doi := record.csl.get("DOI"):
                        count += 1
                        self.assertIn(doi.lower(), text)
                        self.assertEqual(identifiers.doi(doi).display, doi)
        self.assertGreater(count, 50)

    def test_gives_the_csl_that_citation_js_gives_for_bibtex(self):
        folder = shared(*DATA, "bibtex", "citation-js")
        expected = json.loads((folder / "bibtex-input.expected-csl.json").read_text())
        records = read_all((folder / "bibtex-input.bib").read_bytes())
        for item, record in zip(expected, records, strict=True):
            with self.subTest(item["id"]):
                item = {
                    field: value
                    for field, value in item.items()
                    if field not in ("id", "citation-key")
                }
                self.assertEqual(record.csl, item)

    def test_recorded_answers_of_crossref_are_taken_for_what_they_are(self):
        cassette = shared(*DATA, "crossref", "habanero", "test_works_with_one_id.yaml").read_text()
        body = re.search(r"!!binary \|\n((?:\s+[A-Za-z0-9+/=]+\n)+)", cassette)[1]
        answer = gzip.decompress(base64.b64decode("".join(body.split())))
        self.assertEqual(formats.detect(answer), "crossref")
        with self.assertRaisesMessage(formats.CannotRead, "holds no references we can read"):
            read_all(cassette, "cassette.yaml")


RIS = (
    "TY  - JOUR\nTI  - Nadelung bei Rückenschmerz – eine Übersicht\nAU  - Müller, Jörg\nPY  -"
    " 2019\nER  - \n"
)
BIB = (
    "@article{a,\n  title = {Nadelung bei Rückenschmerz},\n  author = {Müller, Jörg},\n  year ="
    " 2019\n}\n"
)
NBIB = "PMID- 12345678\nTI  - Nadelung bei Rückenschmerz.\nFAU - Müller, Jörg\nDP  - 2019\n\n"
JSON = (
    '[{"type": "book",\n"title": "Nadelung bei Rückenschmerz", "author": [{"family": "Müller",'
    ' "given": "Jörg"}]}]'
)


class WhateverTheEncoding(SimpleTestCase):
    def test_text_comes_out_right(self):
        for text in (RIS, BIB, NBIB, JSON):
            for encoding in (
                "utf-8",
                "utf-8-sig",
                "utf-16",
                "utf-16-le",
                "utf-16-be",
                "utf-32",
                "cp1252",
            ):
                for line_end in ("\n", "\r\n", "\r"):
                    with self.subTest(text=text[:4], encoding=encoding, line_end=line_end):
                        data = text.replace("\n", line_end).encode(encoding)
                        (record,) = read_all(data)
                        self.assertTrue(
                            record.csl["title"].startswith("Nadelung bei Rückenschmerz"), record.csl
                        )
                        self.assertEqual(
                            record.csl["author"], [{"family": "Müller", "given": "Jörg"}]
                        )
                        self.assertEqual(record.line, 1)

    def test_two_in_one_file_come_out_right(self):
        data = RIS.encode() + RIS.replace("–", "-").encode("latin-1")
        self.assertEqual(
            [record.csl["author"][0]["family"] for record in read_all(data)], ["Müller", "Müller"]
        )

    def test_nul_characters_go(self):
        (record,) = read_all(b"TY  - JOUR\nTI  - One\x00 title\nKW  - \x00\nER  - \n")
        self.assertEqual(record.csl["title"], "One title")
        self.assertNotIn("\x00", record.raw)
        (record,) = read_all(
            '[{"type": "book", "title": "One\\u0000 title", "custom": {"a\\u0000": "\\ud800b"}}]'
        )
        self.assertEqual((record.csl["title"], record.csl["custom"]), ("One title", {"a": "b"}))


class ATextThatIsNoReferenceFile(SimpleTestCase):
    def test_is_refused_with_what_to_do(self):
        for data, name, expected in (
            (b"", "a.ris", "is empty"),
            (b"PK\x03\x04word", "a.docx", "is no text"),
            (b"%PDF-1.7", "a.pdf", "is no text"),
            (b"<html><body>Hello</body></html>", "a.html", "holds no references"),
            (b"hello world", "a.nbib", "is not MEDLINE (NBIB)"),
            (b"hello world", "", "This text holds no references"),
        ):
            with self.subTest(name=name), self.assertRaisesMessage(formats.CannotRead, expected):
                formats.read(data, name)

    def test_is_refused_when_it_is_too_large(self):
        with self.assertRaisesMessage(
            formats.CannotRead, "This file has 200 MB, and 100 MB is the most"
        ):
            formats.check_size(200_000_000)


class ARecordOfMedline(SimpleTestCase):
    def test_keeps_bodies_among_its_authors_in_order(self):
        (record,) = read_all(
            "PMID- 1\nTI  - One.\nFAU - A, B\nAU  - A B\nCN  - The Trial Group\nAU  - Smith CD\n"
        )
        self.assertEqual(
            record.csl["author"],
            [
                {"family": "A", "given": "B"},
                {"literal": "The Trial Group"},
                {"family": "Smith", "given": "C D"},
            ],
        )

    def test_says_what_kind_of_study_it_is_and_where_it_was_registered(self):
        (record,) = read_all(
            "PMID- 1\nTI  - [Eins].\nPT  - Journal Article\nPT  - Randomized Controlled Trial\nLA "
            " - ger\nSI  - ClinicalTrials.gov/NCT00000001\nPG  - 454-81\nDP  - 2013 Mar-Apr\n"
        )
        self.assertEqual((record.design, record.nct, record.language), ("rct", "NCT00000001", "de"))
        self.assertEqual((record.csl["title"], record.csl["page"]), ("Eins", "454-481"))
        self.assertEqual(record.csl["issued"], {"date-parts": [[2013, 3]]})


class ATypedList(SimpleTestCase):
    def test_gives_a_record_a_line_and_refuses_what_is_none(self):
        seed = json.loads(shared(*DATA, "expected", "seed_references.json").read_text())
        lines = [entry["raw"] for entry in seed]
        records = read_all(
            "\n".join(["References", *lines, "This is no reference at all."]), "list.txt"
        )
        self.assertEqual([record.refused != "" for record in records], [False] * 7 + [True])
        self.assertEqual([record.line for record in records], list(range(2, 10)))
        self.assertEqual(
            [record.csl["DOI"].lower() for record in records[:7]],
            [entry["expect"]["doi_key"] for entry in seed],
        )
        self.assertTrue(all("prefix-10" in record.repairs for record in records[:7]))


class ARisRecord(SimpleTestCase):
    def test_does_not_end_at_a_word_that_looks_like_its_end(self):
        (record,) = read_all(
            "TY  - JOUR\nTI  - One\nAB  - cells that are\nER - positive\nand ER then\nVL  - 7\nER "
            " - \n"
        )
        self.assertEqual((record.csl["title"], record.csl["volume"]), ("One", "7"))

    def test_is_read_however_its_tags_are_spaced(self):
        for gap in ("-", " -", "  -", "   -", "- ", "  - "):
            with self.subTest(gap):
                (record,) = read_all(f"TY{gap}JOUR\nTI{gap}One\nVL{gap}7\nER{gap}\n")
                self.assertEqual(
                    (record.csl["title"], record.csl["volume"], record.warnings), ("One", "7", ())
                )

    def test_that_begins_without_ty_is_no_less_a_record(self):
        records = read_all("TY  - JOUR\nTI  - One\nER  - \n\nTI  - Two\nPY  - 2001\nER  - \n")
        self.assertEqual(titles(records), ["One", "Two"])
        self.assertEqual(records[1].warnings, ("record 2 has no TY",))

    def test_leaves_off_an_abstract_and_keeps_it_in_raw(self):
        (record,) = read_all("TY  - JOUR\nTI  - One\nAB  - Belongs to the publisher.\nER  - \n")
        self.assertNotIn("abstract", record.csl)
        self.assertIn("Belongs to the publisher.", record.raw)

    def test_loses_the_word_retracted_from_its_title_and_says_so(self):
        (record,) = read_all("TY  - JOUR\nTI  - RETRACTED: One\nER  - \n")
        self.assertEqual((record.csl["title"], record.integrity), ("One", "retracted"))
        self.assertIn("retracted-prefix", record.repairs)

    def test_keeps_a_link_only_to_the_web(self):
        for address in (
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            'http://a/"onload="x',
        ):
            with self.subTest(address):
                (record,) = read_all(f"TY  - JOUR\nTI  - One\nUR  - {address}\nER  - \n")
                self.assertEqual((record.url, record.csl.get("URL")), ("", None))


class ABibtexEntry(SimpleTestCase):
    def test_that_is_never_closed_does_not_swallow_the_next(self):
        records = read_all(
            "@article{a,\n title = {One},\n year = 2001\n\n@article{b,\n title = {Two}}\n"
        )
        self.assertEqual(titles(records), ["One", "Two"])
        self.assertEqual(records[0].warnings, ("record 1 has no closing brace",))

    def test_keeps_the_name_of_a_macro_nobody_defined(self):
        (record,) = read_all(
            '@string{pt = "Phys Ther"}\n@article{a, title={One}, journal = pt # " " # jpr}'
        )
        self.assertEqual(record.csl["container-title"], "Phys Ther jpr")

    def test_keeps_doi_and_url_as_written(self):
        (record,) = read_all(
            r"@article{a, title={One}, doi={10.1162/tacl\_a\_00276},"
            r" url={http://example.org/a_b%20c~d}}"
        )
        self.assertEqual(record.csl["DOI"], "10.1162/tacl_a_00276")
        self.assertEqual(record.url, "http://example.org/a_b%20c~d")

    def test_without_a_key_is_read(self):
        (record,) = read_all("@article{title = {One}, year = 2001}")
        self.assertEqual((record.csl["title"], csl.year(record.csl)), ("One", 2001))

    def test_with_a_field_twice_keeps_the_first_and_says_so(self):
        (record,) = read_all("@article{a, title = {One}, note = {x}, note = {y}, year = {2001}}")
        self.assertEqual((record.csl["note"], csl.year(record.csl)), ("x", 2001))
        self.assertEqual(record.warnings, ("“note” stands there twice: kept the first",))


class Latex(SimpleTestCase):
    def test_becomes_the_letters_it_stands_for(self):
        for source, expected in (
            (r"{\v{S}}eva", "Ševa"),
            (r"M\"uller and G{\"o}tze", "Müller and Götze"),
            (r"Nu{\~n}ez \c{c} \'{\i} \o{} \ss", "Nuñez ç í ø ß"),
            (r"{\textit{S. aureus}} 5--10", "<i>S. aureus</i> 5–10"),
            (r"$\alpha$ and H$_2$O", "α and H<sub>2</sub>O"),
            (r"``quoted'' \& 100\%", "“quoted” & 100%"),
            (r"{{{{deep", "deep"),
            (r"a } b", "a  b"),
        ):
            with self.subTest(source):
                self.assertEqual(latex.to_text(source), expected)

    @given(st.text(max_size=60))
    def test_written_by_us_keeps_its_braces_in_pairs(self, text):
        written = latex.from_text(text)
        self.assertEqual(written.count("{"), written.count("}"))
        depth = 0
        for letter in written:
            depth += {"{": 1, "}": -1}.get(letter, 0)
            self.assertGreaterEqual(depth, 0)


class ACslItem(SimpleTestCase):
    def test_is_read_one_at_a_time_from_a_long_list(self):
        data = json.dumps(
            [{"type": "book", "title": f"Book {n}", "note": "x" * 900} for n in range(500)],
            indent=1,
        )
        stream = io.BytesIO(data.encode())
        reader = formats.read(stream, "a.json")
        self.assertEqual(next(reader).csl["title"], "Book 0")
        self.assertLess(stream.tell(), len(data) / 2)
        rest = list(reader)
        self.assertEqual((len(rest), rest[-1].csl["title"]), (499, "Book 499"))
        self.assertEqual(rest[-1].line, 499 * 5 + 2)

    def test_that_breaks_off_ends_the_list_with_a_reason(self):
        records = read_all('[{"type": "book", "title": "One"},\n{"type": "book", "ti')
        self.assertEqual(records[0].csl["title"], "One")
        self.assertIn("near line 2", records[1].refused)
        records = read_all('[{"type": "book", "title": "One"}')
        self.assertIn("ends in the middle", records[1].refused)

    def test_keeps_nothing_csl_does_not_know(self):
        (record,) = read_all(
            '[{"title": "One", "type": "journal-article", "onclick": "x", "custom": {"ours": 1}}]'
        )
        self.assertEqual(
            record.csl, {"title": "One", "type": "article-journal", "custom": {"ours": 1}}
        )
        self.assertEqual(record.warnings, ("left out: onclick",))


class ARecordOfAMegabyte(SimpleTestCase):
    def test_is_read_when_its_abstract_is_long_and_refused_when_its_title_is(self):
        long = "word " * 210_000
        (record,) = read_all(f"TY  - JOUR\nTI  - One\nAB  - {long}\nER  - \n")
        self.assertEqual(record.csl["title"], "One")
        (record,) = read_all(f"TY  - JOUR\nTI  - {long}\nER  - \n")
        self.assertEqual(record.refused, "Its title has 1,049,999 characters, which no title has.")

    def test_takes_no_longer_than_its_length_whatever_is_in_it(self):
        # Patterns that go back and forth would take hours here; the reader is linear, so this just
        # returns.
        for piece in (
            "@article{",
            "{",
            "}",
            '"',
            "a=",
            "#",
            ",a=b",
            "TY  - ",
            "\\'",
            "$^_",
            "<i>",
            "PMID- 1\n",
            "&",
            "[[",
            '{"a":',
        ):
            for reader in (ris, nbib, bibtex, csl_json):
                with self.subTest(piece=piece, reader=reader.__name__):
                    text = piece * (300_000 // len(piece))
                    for record in reader.read(f"@article{{a, title = {{{text}"):
                        conforming.conform_record(record)
                    for record in reader.read(text):
                        conforming.conform_record(record)


class ARecordWithScriptInIt(SimpleTestCase):
    def test_keeps_it_as_text_and_never_as_an_identifier_or_a_link(self):
        script = "<script>alert(1)</script>"
        as_json = {
            "type": "book",
            "title": f"T{script}",
            "author": [{"family": f"A{script}"}],
            "DOI": f"10.5555/1{script}",
            "container-title": f"J{script}",
            "URL": f"http://a/{script}",
        }
        for text in (
            (
                f"TY  - JOUR\nTI  - T{script}\nAU  - A{script}, B\nJF  - J{script}\n"
                f"DO  - 10.5555/1{script}\nUR  - http://a/{script}\nER  - \n"
            ),
            (
                f"@article{{a, title={{T{script}}}, author={{A{script}, B}}, journal={{J{script}}},"
                f" doi={{10.5555/1{script}}}, url={{http://a/{script}}}}}"
            ),
            (
                f"PMID- 12345678\nTI  - T{script}\nFAU - A{script}, B\nJT  - J{script}\nAID -"
                f" 10.5555/1{script} [doi]\n"
            ),
            json.dumps([as_json]),
        ):
            with self.subTest(text[:10]):
                (record,) = read_all(text)
                self.assertEqual(record.csl["DOI"], "10.5555/1")
                self.assertEqual(record.url, "")
                for line in (citing.ama_html(record.csl), citing.nlm_html(record.csl)):
                    self.assertNotIn("<script", line)
                    self.assertIn("&lt;script&gt;", line)


#: Pieces that files of references are made of, for building files nobody has thought of.
PIECES = st.sampled_from(
    [
        *(
            "TY  - JOUR",
            "ER  - ",
            "TI  - One",
            "AU  - A, B",
            "DO  - 10.1/a",
            "C8  - physiohub-csl:",
            "TI  - ",
        ),
        *(
            "@article{a,",
            "title={",
            "@string{x=",
            "@comment",
            "#",
            "=",
            ",",
            "\\",
            "$",
            "{",
            "}",
            '"',
        ),
        *("PMID- 1", "FAU - A, B", "RIN - x", "<pre>"),
        *("[", "]", '{"title":', '"One"', "null", "1e999"),
        *("\n", "\r", " ", "\x00", "\ud800", "é", "\ufeff"),
    ]
)
FILES = st.lists(PIECES | st.text(max_size=3), max_size=30).map("".join)


class AnyText(SimpleTestCase):
    @settings(max_examples=300, deadline=None)
    @given(FILES, st.sampled_from([ris, nbib, bibtex, csl_json]))
    def test_is_read_without_an_error_and_every_record_accounts_for_itself(self, text, reader):
        records = [conforming.conform_record(record) for record in reader.read(text)]
        self.assertEqual([record.number for record in records], list(range(1, len(records) + 1)))
        for record in records:
            self.assertIsInstance(record, Record)
            self.assertTrue(record.refused or record.csl)
            self.assertEqual(conforming.conform_record(record), record)
            json.dumps(record.csl).encode()
