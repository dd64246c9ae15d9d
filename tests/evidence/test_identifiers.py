"""Identifiers as people paste them: what is repaired, what is only offered, what is refused."""

import html
import json
import re
import unicodedata
from urllib.parse import unquote

from django.test import SimpleTestCase
from hypothesis import given, settings
from hypothesis import strategies as st

from references import identifiers
from references.identifiers import HARMLESS, REPAIRS, Status
from tests.shared_data import shared

READERS = (identifiers.doi, identifiers.pmid, identifiers.pmcid, identifiers.isbn)

#: Pieces that pasted identifiers are made of, for building inputs nobody has thought of.
PIECES = st.sampled_from(
    [
        *(
            "10.",
            "10.1093/",
            "10.1136/acupmed-2015",
            "1136/x1",
            "l0.1093/",
            "10 . 1093 / a1",
            "10/b79r",
            "v2",
        ),
        *(
            "doi:",
            "https://doi.org/",
            "https://a.b/c?id=",
            "info:doi/",
            "PMID: ",
            "PMC",
            "ISBN ",
            "javascript:",
        ),
        *(
            "18603654",
            "2565641",
            "9780781755603",
            "0781755603",
            "080442957x",
            "O",
            "0",
            "-",
            "‐",
            "\u200b",
            "\u00ad",
        ),
        *(
            "&lt;",
            "&amp;",
            "%2F",
            "%25",
            "%3C",
            "<1::AID>",
            "<script>",
            ">",
            "(",
            ")",
            "[",
            '"',
            "”",
            "*",
            "\\_",
        ),
        *(
            " ",
            "\n",
            ".",
            ",",
            ";",
            "/",
            "?x=1",
            "#s",
            "/full",
            ".pdf",
            "１",
            "／",
            "\x00",
            "\ud800",
            "é",
            "…",
        ),
    ]
)
PASTED = st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join)


class TheListOfCases(SimpleTestCase):
    def test_comes_out_as_expected(self):
        cases = json.loads(
            shared("data", "references", "expected", "identifier_cases.json").read_text()
        )
        self.assertEqual(len(cases), 98)
        for case in cases:
            with self.subTest(kind=case["kind"], pasted=case["input"]):
                options = {"one_box": True} if case.get("field") == "any" else {}
                found = getattr(identifiers, case["kind"])(case["input"], **options)
                for field, expected in case["expect"].items():
                    self.assertEqual(_plain(getattr(found, field)), expected, field)
                if found.status == Status.OK:
                    self.assertLessEqual(set(found.repairs), HARMLESS)
                    self.assertEqual(list(found.repairs), case["expect"].get("repairs", []))
                if found.status == Status.REPAIRED:
                    self.assertTrue(found.repairs)


class ARealDoi(SimpleTestCase):
    def test_comes_back_unchanged(self):
        dois = _real_dois()
        self.assertGreater(len(dois), 400)
        for doi in dois:
            with self.subTest(doi=doi):
                found = identifiers.doi(doi)
                self.assertEqual(
                    (found.status, found.key, found.display), (Status.OK, doi.lower(), doi)
                )
                self.assertEqual(found.repairs, ())


class ADoiInARealFile(SimpleTestCase):
    def test_is_found_behind_whatever_its_field_puts_before_it(self):
        fields = _doi_fields()
        self.assertGreater(len(fields), 30)
        for value in fields:
            with self.subTest(value=value):
                found = identifiers.doi(value)
                self.assertEqual(found.status, Status.OK)
                self.assertEqual(
                    found.key, re.sub(r"^https?://(?:dx\.)?doi\.org/", "", value).lower()
                )


class ADoiWithoutItsPrefix(SimpleTestCase):
    def test_is_repaired_behind_a_label(self):
        found = identifiers.doi("doi:1093/rheumatology/ken161")
        self.assertEqual(
            (found.status, found.key), (Status.REPAIRED, "10.1093/rheumatology/ken161")
        )
        self.assertEqual(found.repairs, ("prefix-10",))
        self.assertTrue(found.needs_lookup)

    def test_is_repaired_behind_the_address_of_the_resolver(self):
        found = identifiers.doi("https://doi.org/1136/bjsports-2016-096248")
        self.assertEqual(
            (found.status, found.key), (Status.REPAIRED, "10.1136/bjsports-2016-096248")
        )

    def test_is_only_offered_when_it_stands_alone(self):
        found = identifiers.doi("1136/bjsports-2016-096248")
        self.assertEqual((found.status, found.is_usable), (Status.CANDIDATE, False))

    def test_is_not_seen_in_numbers_with_a_slash(self):
        for text in ("1136/2015", "2014/19", "9999/abc", "in 1136/bjsports we read"):
            with self.subTest(text=text):
                self.assertEqual(identifiers.doi(text).status, Status.REJECTED)


class ADoiThatALineBreakTookApart(SimpleTestCase):
    def test_is_put_together_again(self):
        for pasted, expected in (
            ("10.1136/acupmed-\n2015-010911", "10.1136/acupmed-2015-010911"),
            ("10.2147/JPR.\nS154728", "10.2147/JPR.S154728"),
            ("https://doi.org/10.1093/rheumatology/\nken161", "10.1093/rheumatology/ken161"),
            ("10.1016/S0140-6736(\n10)60175-4", "10.1016/S0140-6736(10)60175-4"),
        ):
            with self.subTest(pasted=pasted):
                found = identifiers.doi(pasted)
                self.assertEqual((found.status, found.display), (Status.REPAIRED, expected))
                self.assertIn("wrap", found.repairs)

    def test_does_not_swallow_the_words_behind_it(self):
        for pasted in (
            "10.1093/rheumatology/ken161. 2008",
            "10.1093/rheumatology/ken161.\nSmith J. 2010",
            "10.1093/rheumatology/ken161 - 10 patients",
            "10.1093/rheumatology/ken161 PMC2565641",
            "10.1093/rheumatology/ken161 doi:10.1136/bmj.n71",
            "10.1093/rheumatology/ken161\n10.1136/bmj.n71",
        ):
            with self.subTest(pasted=pasted):
                self.assertEqual(identifiers.doi(pasted).key, "10.1093/rheumatology/ken161")

    def test_is_refused_when_only_words_follow_the_slash(self):
        self.assertEqual(identifiers.doi("10.1093/ Published online").status, Status.REJECTED)


class AnAddressThatHoldsADoi(SimpleTestCase):
    def test_gives_the_doi_without_the_page_around_it(self):
        for pasted, key in (
            (
                "https://www.biorxiv.org/content/10.1101/2020.01.30.927871v1.full.pdf+html",
                "10.1101/2020.01.30.927871",
            ),
            (
                "https://link.springer.com/content/pdf/10.1186/s12859-019-2958-3.pdf",
                "10.1186/s12859-019-2958-3",
            ),
            (
                "http://sfx.example.nl/x?sid=E&id=doi:10.4103%2F2303-9027.138783&atitle=Cysts",
                "10.4103/2303-9027.138783",
            ),
            (
                "https://www.frontiersin.org/articles/10.3389/fnins.2019.00001/full#h1",
                "10.3389/fnins.2019.00001",
            ),
            (
                '<a href="https://doi.org/10.1093/rheumatology/ken161">text</a>',
                "10.1093/rheumatology/ken161",
            ),
        ):
            with self.subTest(pasted=pasted):
                found = identifiers.doi(pasted)
                self.assertEqual((found.status, found.key), (Status.REPAIRED, key))

    def test_is_refused_when_it_is_no_web_address(self):
        for pasted in (
            "javascript:10.1093/x",
            "javascript: 10.1093/x",
            "data:text/html,10.1093/x",
            "ftp://a/10.1093/x",
        ):
            with self.subTest(pasted=pasted):
                self.assertEqual(identifiers.doi(pasted).why, "scheme")


class ADoi(SimpleTestCase):
    def test_has_one_key_however_it_is_written(self):
        keys = {
            identifiers.doi(pasted).key
            for pasted in (
                "10.1093/RHEUMATOLOGY/KEN161",
                "doi:10.1093/rheumatology/ken161",
                "10.1093/Rheumatology/ken161.",
            )
        }
        self.assertEqual(keys, {"10.1093/rheumatology/ken161"})

    def test_leads_to_an_address_in_which_nothing_is_left_unescaped(self):
        found = identifiers.doi("10.1175/1520-0493(1974)102<0736:WACOJ>2.0.CO;2")
        self.assertEqual(
            found.url, "https://doi.org/10.1175/1520-0493(1974)102%3C0736:WACOJ%3E2.0.CO;2"
        )

    def test_that_was_encoded_twice_is_refused_rather_than_half_decoded(self):
        self.assertEqual(identifiers.doi("10.1000/a%252Fb").status, Status.REJECTED)

    def test_longer_than_any_that_was_given_out_is_refused(self):
        self.assertEqual(identifiers.doi("10.1093/" + "a" * 300).why, "too long")


class AnIdentifierInTheWrongField(SimpleTestCase):
    def test_is_offered_as_what_it_is(self):
        for read, pasted, kind, key in (
            (identifiers.doi, "PMID: 18603654", "pmid", "18603654"),
            (
                identifiers.doi,
                "https://pmc.ncbi.nlm.nih.gov/articles/PMC2565641/",
                "pmcid",
                "PMC2565641",
            ),
            (
                identifiers.pmid,
                "https://doi.org/10.1093/rheumatology/ken161",
                "doi",
                "10.1093/rheumatology/ken161",
            ),
            (identifiers.pmid, "PMC2565641", "pmcid", "PMC2565641"),
            (identifiers.pmcid, "PMID: 18603654", "pmid", "18603654"),
            (identifiers.isbn, "10.1093/rheumatology/ken161", "doi", "10.1093/rheumatology/ken161"),
        ):
            with self.subTest(pasted=pasted):
                found = read(pasted)
                self.assertEqual(found.status, Status.REJECTED)
                self.assertEqual((found.offered.kind, found.offered.key), (kind, key))


class ANumber(SimpleTestCase):
    def test_is_no_more_than_a_candidate_in_a_box_for_any_identifier(self):
        self.assertEqual(identifiers.pmid("18603654", one_box=True).status, Status.CANDIDATE)
        self.assertEqual(identifiers.pmid("1234", one_box=True).status, Status.REJECTED)

    def test_that_could_be_a_year_needs_a_label(self):
        self.assertEqual(identifiers.pmid("2008").status, Status.CANDIDATE)
        self.assertEqual(identifiers.pmid("PMID: 2008").status, Status.OK)

    def test_in_the_digits_of_another_script_is_refused(self):
        for read in READERS:
            with self.subTest(reader=read.__name__):
                self.assertEqual(read("١٨٦٠٣٦٥٤").status, Status.REJECTED)


class AnIsbn(SimpleTestCase):
    def test_is_the_same_with_ten_and_with_thirteen_digits(self):
        self.assertEqual(
            identifiers.isbn("0-7817-5560-3").key, identifiers.isbn("978-0-7817-5560-3").key
        )

    def test_with_any_one_digit_wrong_is_refused(self):
        right = "9780781755603"
        for place in range(3, 13):
            wrong = right[:place] + str((int(right[place]) + 1) % 10) + right[place + 1 :]
            with self.subTest(wrong=wrong):
                self.assertEqual(identifiers.isbn(wrong).why, "check digit")


class NothingPasted(SimpleTestCase):
    def test_is_empty_and_no_mistake(self):
        for read in READERS:
            for pasted in ("", "  \n", None, "\u200b"):
                with self.subTest(reader=read.__name__, pasted=pasted):
                    self.assertEqual(read(pasted).status, Status.EMPTY)


class WhateverIsPasted(SimpleTestCase):
    @settings(max_examples=400, deadline=None)
    @given(PASTED)
    def test_is_read_the_same_once_it_is_repaired(self, pasted):
        for read in READERS:
            found = read(pasted)
            if found.status in (Status.REJECTED, Status.EMPTY):
                self.assertEqual((found.key, found.display), ("", ""))
                continue
            again = read(found.display)
            self.assertEqual((again.key, again.display), (found.key, found.display))
            self.assertLessEqual(set(again.repairs), HARMLESS)

    @settings(max_examples=400, deadline=None)
    @given(PASTED)
    def test_gives_an_identifier_only_of_letters_that_were_there(self, pasted):
        there = _readable(pasted)
        for read in (identifiers.doi, identifiers.pmid, identifiers.pmcid):
            found = read(pasted)
            if found.is_usable:
                rest = (
                    found.key.split("/", 1)[1]
                    if found.kind == "doi"
                    else found.key.removeprefix("PMC")
                )
                letters = iter(there)
                self.assertTrue(all(letter in letters for letter in rest), (pasted, found))

    @settings(max_examples=200, deadline=None)
    @given(PASTED)
    def test_carries_only_codes_that_can_be_explained(self, pasted):
        for read in READERS:
            self.assertLessEqual(set(read(pasted).repairs), REPAIRS.keys())


class AHostilePaste(SimpleTestCase):
    def test_is_read_without_harm_however_long(self):
        length = 30_000
        for piece in (
            *(
                "10.",
                "10.1111.",
                "10.1093/ ",
                "10.1093/\n",
                "doi:",
                "doi: ",
                "doi.org/",
                "https://",
                "http://x?",
                "info:doi/",
            ),
            *(
                "&amp;",
                "%25",
                "\\_",
                "<1:",
                "<",
                "(",
                ")",
                '"',
                "- 1",
                "a:",
                "9",
                " ",
                "\n",
                "\u200b",
                "\x85",
                "\ud800",
            ),
            *("PMID ", "PMC ", "ISBN ", "978-", "(((", "[x", "𝟙", "０"),
        ):
            hostile = piece * (length // len(piece))
            for read in READERS:
                for pasted in (hostile, "10.1093/" + hostile, "doi:10.1093/x" + hostile + "y"):
                    with self.subTest(piece=piece, reader=read.__name__):
                        self.assertLessEqual(len(read(pasted).key), 255)


def _plain(value):
    return list(value) if isinstance(value, tuple) else str(value)


def _real_dois():
    """DOIs as a registration agency gives them out.

    From Crossref records and CSL-JSON, nothing around them.
    """
    root = shared("data", "references")
    records = json.loads((root / "crossref" / "works_dev.json").read_text())
    records += [
        case["csl"]
        for case in json.loads((root / "expected" / "ama_nlm_from_citeproc_js.json").read_text())
    ]
    for path in sorted((root / "csl_json").rglob("*.json")):
        items = json.loads(path.read_text())
        records += items if isinstance(items, list) else [items]
    dois = {record["DOI"] for record in records if record.get("DOI")}
    updates = [notice for record in records for notice in record.get("update-to") or []]
    return sorted(dois | {notice["DOI"] for notice in updates})


def _doi_fields():
    """What the DOI fields of the RIS and MEDLINE files hold."""
    root = shared("data", "references")
    values = set()
    for path in sorted(
        [*root.glob("ris/**/*.ris"), *root.glob("nbib/**/*.txt"), *root.glob("nbib/**/*.nbib")]
    ):
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        values |= set(re.findall(r"(?m)^DO {1,2}- *(\S.*?)\s*$", text))
        values |= set(re.findall(r"(?m)^(?:AID|LID) ?- *(\S+) \[doi\]", text))
    return sorted(values)


def _readable(pasted):
    """`pasted` as an eye would read it: decoded, plain characters, lower case, without blanks."""
    text = pasted
    for _ in range(4):
        text = html.unescape(text)
    text = html.unescape(unquote(text))
    text = re.sub("[\u2010-\u2015\u2212\ufe58\ufe63]", "-", text)
    return "".join(
        unicodedata.normalize("NFKC", letter) if "\uff00" < letter < "\uff5f" else letter
        for letter in text
    ).lower()
