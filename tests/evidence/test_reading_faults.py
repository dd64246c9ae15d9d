"""What databases leave out of the standards: article numbers, names, dates and notes that their
exports write in ways of their own.
"""

import json

from django.test import SimpleTestCase

from references import citing, formats
from references.formats import addresses, mathml, names
from tests.shared_data import shared

FAULTS = ("data", "references", "faults")


def fault(name):
    return list(formats.read(shared(*FAULTS, name).read_bytes(), name))


def expected(name):
    return json.loads(shared(*FAULTS, "expected.json").read_text())[name]


def ris(*lines):
    (record,) = formats.read("\n".join(["TY  - JOUR", "TI  - One", *lines, "ER  - "]))
    return record


def medline(*lines):
    (record,) = formats.read("\n".join(["PMID- 1", "TI  - One.", *lines]))
    return record


def bibtex(fields, kind="article"):
    (record,) = formats.read(f"@{kind}{{a, title={{One}}, {fields}}}")
    return record


def people(csl, role="author"):
    return [
        name.get("literal")
        or ", ".join(filter(None, [name["family"], name.get("given"), name.get("suffix")]))
        for name in csl.get(role, ())
    ]


class TheNumberOfAnArticle(SimpleTestCase):
    def test_is_kept_in_the_samples(self):
        (record,) = fault("04-ris-article-number-C7.ris")
        self.assertEqual([citing.ama(record.csl)], expected("04-ris-article-number-C7.ris")["ama"])
        (record,) = fault("05-nbib-article-number-and-date.nbib")
        case = expected("05-nbib-article-number-and-date.nbib")
        for field, value in case["csl"].items():
            self.assertEqual(record.csl[field], value)
        (record,) = fault("12-ris-pages-nan.ris")
        self.assertEqual(record.csl["page"], expected("12-ris-pages-nan.ris")["page"])

    def test_is_kept_in_bibtex(self):
        records, case = (
            fault("07-bibtex-article-number.bib"),
            expected("07-bibtex-article-number.bib"),
        )
        self.assertEqual([one.csl.get("page", "") for one in records[:5]], case["pages"])
        self.assertEqual(records[4].pmid, case["pmid_of_fifth"])
        self.assertNotIn("note", records[4].csl)
        self.assertEqual(citing.ama(records[3].csl), case["ama_of_fourth"])
        self.assertEqual(
            [
                name.replace(",", "").replace(" K A", " KA")
                for name in people(
                    {
                        "author": [
                            {**name, "given": name["given"].replace(" ", "")}
                            for name in records[5].csl["author"]
                        ]
                    }
                )
            ],
            case["authors_of_sixth"],
        )

    def test_in_ris_stands_in_for_pages_only(self):
        for lines, page in (
            (["C7  - ARTN 1306"], "1306"),
            (["C7  - Art. No. 12"], "12"),
            (["C7  - Article e123"], "e123"),
            (["C7  - UNSP 7"], "7"),
            (["C7  - 1306", "SP  - 4", "EP  - 9"], "4-9"),
            (["C7  - PMC1234567"], ""),
            (["C7  - https://example.org/1306"], ""),
            (["SP  - ARTN 1306"], "1306"),
            (["SP  - n/a", "EP  - n/a"], ""),
            (["SP  - nan", "EP  - nan", "C7  - 12"], "12"),
            (["SP  - n/a-n/a"], ""),
            (["SP  - (no pagination)"], ""),
        ):
            with self.subTest(lines):
                self.assertEqual(ris(*lines).csl.get("page", ""), page)

    def test_in_medline_is_the_identifier_of_the_publisher_once_there_is_a_volume(self):
        for lines, page in (
            (["VI  - 364", "LID - l689 [pii]"], "l689"),
            (["VI  - 19", "AID - e0123456 [pii]"], "e0123456"),
            (["VI  - 19", "PG  - 454-81", "LID - 12 [pii]"], "454-481"),
            (["LID - 2765432 [pii]"], ""),
            (["VI  - 1", "LID - S0140-6736(20)30000-0 [pii]"], ""),
            (["VI  - 1", "LID - 10.5555/x1 [doi]"], ""),
        ):
            with self.subTest(lines):
                self.assertEqual(medline(*lines).csl.get("page", ""), page)

    def test_in_pubmed_xml_has_letters_too(self):
        for number, page in (("l689", "l689"), ("e1234", "e1234"), ("S0140-6736(20)3", "")):
            xml = (
                "<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><Journal><JournalIssue>"
                "<Volume>364</Volume></JournalIssue><Title>BMJ</Title></Journal>"
                f"<ArticleTitle>One.</ArticleTitle><ELocationID EIdType='pii'>{number}"
                "</ELocationID></Article></MedlineCitation></PubmedArticle>"
            )
            with self.subTest(number):
                (record,) = formats.read(xml)
                self.assertEqual(record.csl.get("page", ""), page)


class TheDateOfAnArticle(SimpleTestCase):
    def test_in_medline_is_that_of_the_issue(self):
        for lines, parts in (
            (["DP  - 2022", "DEP - 20220115"], [2022]),
            (["DEP - 20220115", "DP  - 2022 Feb"], [2022, 2]),
            (["DEP - 20220115"], [2022, 1, 15]),
        ):
            with self.subTest(lines):
                self.assertEqual(medline(*lines).csl["issued"], {"date-parts": [parts]})


class ANote(SimpleTestCase):
    def test_gives_up_its_identifiers_and_keeps_its_words(self):
        for note, pmid, pmcid, kept in (
            ("PMID: 29514819", "29514819", "", None),
            ("PMID: 29514819\nPMCID: PMC123456", "29514819", "PMC123456", None),
            ("Read twice. PMID: 29514819", "29514819", "", "Read twice."),
            ("See PMIDs of others", "", "", "See PMIDs of others"),
        ):
            item = {"type": "article-journal", "title": "One", "ISSN": "1234-5678", "note": note}
            with self.subTest(note):
                (record,) = formats.read(json.dumps([item]))
                self.assertEqual((record.pmid, record.pmcid), (pmid, pmcid))
                self.assertEqual(record.csl.get("note"), kept)


class HowSomethingWasPublished(SimpleTestCase):
    def test_gives_an_address_a_day_and_a_publisher_each_to_its_field(self):
        for value, url, accessed, publisher in (
            (r"\url{https://example.org/a_b}", "https://example.org/a_b", None, None),
            (
                "Available at: https://example.org/a (accessed 12 March 2021)",
                "https://example.org/a",
                [2021, 3, 12],
                None,
            ),
            (r"NICE, \url{https://example.org/a}", "https://example.org/a", None, "NICE"),
            ("Leaflet of the ward", None, None, "Leaflet of the ward"),
        ):
            with self.subTest(value):
                csl = bibtex(f"howpublished={{{value}}}", "misc").csl
                self.assertEqual((csl.get("URL"), csl.get("publisher")), (url, publisher))
                self.assertEqual(csl.get("accessed", {}).get("date-parts", [None])[0], accessed)


class AnAddress(SimpleTestCase):
    def test_inside_a_database_is_left_out(self):
        for url in (
            "http://ovidsp.ovid.com/ovidweb.cgi?T=JS&PAGE=reference&D=med6&NEWS=N&AN=123",
            "http://www.embase.com/search/results?subaction=viewrecord&from=export&id=L3",
            "https://search.ebscohost.com/login.aspx?direct=true&db=ccm&AN=1&site=ehost-live",
            "https://search.proquest.com/docview/221?accountid=14",
            "https://www.scopus.com/inward/record.uri?eid=2-s2.0-1&partnerID=40&md5=a",
            "https://www.webofscience.com/wos/woscc/full-record/WOS:1",
            "http://sfx.library.uu.nl/utrecht?sid=EMBASE&issn=1",
            "https://ezproxy.example.edu/login?url=https://example.org/a",
        ):
            with self.subTest(url):
                self.assertIs(addresses.is_of_a_session(url), True)
                self.assertEqual(ris(f"UR  - {url}").url, "")

    def test_of_the_work_stays_and_goes_before_them(self):
        for url in (
            "https://www.nice.org.uk/guidance/ng59",
            "https://pubmed.ncbi.nlm.nih.gov/29514819/",
            "https://example.org/proquest/guide?page=2",
            "https://www.cochranelibrary.com/cdsr/doi/10.1002/14651858.CD000001/full",
        ):
            with self.subTest(url):
                self.assertIs(addresses.is_of_a_session(url), False)
        record = ris("UR  - https://search.proquest.com/docview/1", "UR  - https://example.org/a")
        self.assertEqual(record.url, "https://example.org/a")


class ATitleWithAFormula(SimpleTestCase):
    def test_has_it_written_out(self):
        math = '<mml:math xmlns:mml="http://x">{}</mml:math>'
        for inner, text in (
            ("<mml:msup><mml:mi>R</mml:mi><mml:mn>2</mml:mn></mml:msup>", "R<sup>2</sup>"),
            (
                "<mml:msub><mml:mi>VO</mml:mi><mml:mrow><mml:mn>2</mml:mn><mml:mi>max</mml:mi>"
                "</mml:mrow></mml:msub>",
                "VO<sub>2max</sub>",
            ),
            (
                "<mml:semantics><mml:mi>x</mml:mi><mml:annotation>$x$</mml:annotation>"
                "</mml:semantics>",
                "x",
            ),
        ):
            with self.subTest(text):
                title = f"The {math.format(inner)} of knees"
                self.assertEqual(mathml.to_text(title), f"The {text} of knees")
        record = ris("T1  - no").csl
        self.assertEqual(record["title"], "One")
        (record,) = formats.read("TY  - JOUR\nTI  - A <math><mi>k</mi></math> of it\nER  - \n")
        self.assertEqual(record.csl["title"], "A k of it")

    def test_without_one_stays_as_it_is(self):
        self.assertEqual(mathml.to_text("Pain <i>in</i> men & x < 3"), "Pain <i>in</i> men & x < 3")


class ARecordOfEric(SimpleTestCase):
    def test_has_the_type_that_eric_means(self):
        for lines, kind in (
            (["PT  - Journal Articles", "PT  - Reports - Research", "JT  - J"], "article-journal"),
            (["PT  - Dissertations/Theses - Doctoral Dissertations"], "thesis"),
            (["PT  - Books", "PT  - Guides - Classroom"], "book"),
            (["PT  - Speeches/Meeting Papers"], "paper-conference"),
            (["PT  - Reports - Evaluative"], "report"),
        ):
            with self.subTest(lines):
                (record,) = formats.read("\n".join(["OWN - ERIC", "TI  - One", *lines]))
                self.assertEqual(record.csl["type"], kind)
        record = medline("OWN - ERIC", "JT  - J", "ISSN- ISSN-0031-9023")
        self.assertEqual(record.csl["ISSN"], "0031-9023")


class NamesInOneLine(SimpleTestCase):
    def test_are_each_a_person(self):
        for line, expected_names in (
            ("Roe, Jane; Doe, Ann; Poe, B.", ["Roe, Jane", "Doe, Ann", "Poe, B."]),
            ("Roe J; Doe A;", ["Roe, J", "Doe, A"]),
            ("Roe J, Doe A", ["Roe, J", "Doe, A"]),
            ("ROE J, DOE AB", ["ROE, J", "DOE, A B"]),
            ("Roe J, Doe AB and van der Poe B", ["Roe, J", "Doe, A B", "van der Poe, B"]),
            ("Roe, J., Doe, A.", ["Roe, J.", "Doe, A."]),
            ("Roe, J. & Doe, A.", ["Roe, J.", "Doe, A."]),
            ("Roe, J., Doe, A., and Poe, B.", ["Roe, J.", "Doe, A.", "Poe, B."]),
            ("Roe, Jane, Doe, Ann, Poe, Bea", ["Roe, Jane", "Doe, Ann", "Poe, Bea"]),
            ("Jane Roe, Ann B. Doe, Bea Poe", ["Roe, Jane", "Doe, Ann B.", "Poe, Bea"]),
            ("Roe J, Doe A; DREAM Trial Group", ["Roe, J", "Doe, A", "DREAM Trial Group"]),
            ("Roe J, Doe A, for the DREAM Group", ["Roe, J", "Doe, A", "DREAM Group"]),
            # One person, or one body.
            ("Roe, Jane", ["Roe, Jane"]),
            ("Roe, Jane, Jr", ["Roe, Jane, Jr"]),
            ("Roe, Jr, Jane", ["Roe, Jane, Jr"]),
            ("Roe, Jane Ann, III", ["Roe, Jane Ann, III"]),
            ("King, Martin Luther Jr", ["King, Martin Luther, Jr"]),
            ("Roe, Jane, MD, PhD", ["Roe, Jane"]),
            ("Roe, Jane, Ann", ["Roe, Jane Ann"]),
            ("García Márquez, Gabriel José", ["García Márquez, Gabriel José"]),
            ("Roe, Jane, 1950-", ["Roe, Jane"]),
            ("Roe, Jane (1921–2003)", ["Roe, Jane"]),
            ("Roe, Jane, 1950-2001, author.", ["Roe, Jane"]),
            ("World Health Organization,", ["World Health Organization"]),
            (
                "Department of Health, Social Services and Safety",
                ["Department of Health, Social Services and Safety"],
            ),
            ("on behalf of the DREAM Trial Group", ["DREAM Trial Group"]),
            ("Roe J Jr", ["Roe, J, Jr"]),
        ):
            with self.subTest(line):
                self.assertEqual(people({"author": names.people([line])}), expected_names)
                self.assertEqual(people(ris(f"AU  - {line}").csl), expected_names)

    def test_that_leave_people_out_say_so_and_name_nobody_et_al(self):
        for record in (
            ris("AU  - Roe J, et al."),
            ris("AU  - Roe, Jane", "AU  - et al"),
            ris("AU  - Roe, Jane et al."),
            medline("FAU - Roe, Jane", "AU  - Roe J", "FAU - et al.", "AU  - et al."),
            bibtex("author={Roe, Jane and others}"),
            bibtex("author={Roe, Jane and et al.}"),
            bibtex("author={Roe, Jane et al.}"),
            bibtex("author={Roe J, Doe A, et al.}"),
            next(
                iter(
                    formats.read(
                        '[{"title": "One", "type": "book", "author": [{"family": "Roe"},'
                        ' {"literal": "et al."}]}]'
                    )
                )
            ),
            next(iter(formats.read("PT J\nAU Roe, J\n   et al.\nTI One\nSO J\nER\n"))),
        ):
            with self.subTest(record.raw):
                self.assertEqual(record.csl["custom"], {"more-authors": True})
                self.assertNotRegex(json.dumps(record.csl["author"]), "(?i)et al|others")
                self.assertEqual(record.csl["author"][0]["family"], "Roe")

    def test_may_stand_on_lines_without_a_tag(self):
        self.assertEqual(people(ris("AU  - Roe, J", "      Doe, A").csl), ["Roe, J", "Doe, A"])
        self.assertEqual(people(ris("AU  - Roe,", "      Jane Ann").csl), ["Roe, Jane Ann"])

    def test_keep_no_degree_as_a_suffix(self):
        item = {
            "type": "book",
            "title": "One",
            "author": [
                {"family": "Roe", "given": "J", "suffix": "MD, PhD"},
                {"family": "Doe", "given": "A", "suffix": "Jr."},
            ],
        }
        (record,) = formats.read(json.dumps([item]))
        self.assertEqual(people(record.csl), ["Roe, J", "Doe, A, Jr."])

    def test_of_two_tags_come_in_the_order_of_the_file(self):
        self.assertEqual(
            people(ris("A1  - Roe, J", "AU  - Doe, A", "AU  - Poe, B").csl),
            ["Roe, J", "Doe, A", "Poe, B"],
        )
        both = ["A1  - Roe, J", "A1  - Doe, A", "AU  - Roe, J", "AU  - Doe, A"]
        self.assertEqual(people(ris(*both).csl), ["Roe, J", "Doe, A"])

    def test_of_bibtex_are_read_without_and(self):
        for value, expected_names in (
            ("Wilhut E, Rinken G, Brook KA", ["Wilhut, E", "Rinken, G", "Brook, K A"]),
            ("Roe, Jane; Doe, Ann", ["Roe, Jane", "Doe, Ann"]),
            ("Roe J, Doe A and Poe B", ["Roe, J", "Doe, A", "Poe, B"]),
            ("Jane Roe, Ann Doe, Bea Poe", ["Roe, Jane", "Doe, Ann", "Poe, Bea"]),
            ("Roe, Jr, Jane and Doe, Ann", ["Roe, Jane, Jr", "Doe, Ann"]),
            ("{Centre of Heels, Bern} and Doe, Ann", ["Centre of Heels, Bern", "Doe, Ann"]),
            ("Roe, MD, Jane", ["Roe, Jane"]),
        ):
            with self.subTest(value):
                self.assertEqual(people(bibtex(f"author={{{value}}}").csl), expected_names)
