"""Typed references: what each kind of line becomes, what is refused, and how a pasted list
falls apart.
"""

import json
import textwrap

from django.test import SimpleTestCase
from hypothesis import given, settings
from hypothesis import strategies as st

from references import citing, typed_lines
from references.identifiers import HARMLESS
from references.identifiers import REPAIRS as IDENTIFIER_REPAIRS
from references.typed_lines import NotAReference, parse, split_references
from tests.shared_data import shared

#: Pieces that reference lines are made of, for building lines nobody has thought of.
PIECES = st.sampled_from(
    [
        *(
            "Smith J",
            "van der Berg P",
            "J.",
            "A. B.",
            "et al",
            "WHO Group",
            "eds",
            "Title here",
            "Journal",
            "RETRACTED:",
        ),
        *(
            ". ",
            ", ",
            "; ",
            ":",
            "?",
            "“",
            "”",
            "'",
            "(3)",
            "12",
            "2010",
            "; 2010",
            "Jan",
            "p. 5",
            "Vol 2",
            "3rd ed",
        ),
        *(
            "In: ",
            "Published online",
            "Preprint posted",
            "[Internet]",
            "Accessed May 1, 2020",
            "[cited 2020 Jan 5]",
        ),
        *(
            "doi:",
            "10.1093/x",
            "1136/abc",
            "https://doi.org/",
            "https://a.b/c",
            "PMID: 123",
            "PMC12",
            "ISBN 9780781755603",
        ),
        *("1. ", "• ", "[1] ", "\n", "\n\n", "\t", "<i>", "\x00", "\ud800"),
    ]
)
PASTED = st.lists(PIECES | st.text(max_size=4), max_size=16).map("".join) | st.lists(
    PIECES, max_size=16
).map(" ".join)

ARTICLE = "Pyne D, Shenker NG. Demystifying acupuncture. Rheumatology. 2008;47(8):1132-1136."


class TheSevenReferencesOfTheFirstArticle(SimpleTestCase):
    def test_are_read_to_the_letter(self):
        for case in _seed():
            with self.subTest(raw=case["raw"]):
                expected = case["expect"]
                typed = parse(case["raw"])
                self.assertEqual(
                    typed.csl, {key: value for key, value in expected["csl"].items() if key != "id"}
                )
                self.assertEqual(typed.raw, case["raw"])
                self.assertEqual(list(typed.repairs), expected["repairs"])
                self.assertEqual(typed.needs_lookup, expected["needs_lookup"])
                self.assertEqual(typed.doi_key, expected["doi_key"])
                self.assertEqual(citing.ama(typed.csl), expected["ama"])
                self.assertEqual(citing.nlm(typed.csl), expected["nlm"])


class ALineThatTheFormatterPrinted(SimpleTestCase):
    def test_is_printed_the_same_after_reading_it_back(self):
        lines = json.loads(
            shared("data", "references", "expected", "ama_nlm_from_citeproc_js.json").read_text()
        )
        changed = []
        for case in lines:
            for style, print_line in (("ama", citing.ama), ("nlm", citing.nlm)):
                typed = parse(case[style])
                self.assertEqual(typed.doi_key, case["csl"]["DOI"].lower())
                self.assertFalse(typed.needs_lookup)
                if print_line(typed.csl) != case[style] and "single-page" not in typed.repairs:
                    changed.append(case[style])
        # A title that begins with “2. ” loses it to the numbering of lists; a publisher loses a
        # stray comma.
        self.assertEqual(len(changed), 4, changed)


class AnArticle(SimpleTestCase):
    def test_may_carry_its_month_and_what_pubmed_adds(self):
        typed = parse(
            "Pyne D, Shenker NG. Demystifying acupuncture. Rheumatology (Oxford). 2008"
            " Aug;47(8):1132-6. doi: 10.1093/rheumatology/ken161. Epub 2008 Jun 4. PMID: 18534966;"
            " PMCID: PMC2565641."
        )
        self.assertEqual(
            typed.csl,
            {
                "type": "article-journal",
                "author": [{"family": "Pyne", "given": "D"}, {"family": "Shenker", "given": "N G"}],
                "title": "Demystifying acupuncture",
                "container-title": "Rheumatology (Oxford)",
                "issued": {"date-parts": [[2008, 8]]},
                "volume": "47",
                "issue": "8",
                "page": "1132-6",
                "DOI": "10.1093/rheumatology/ken161",
                "PMID": "18534966",
                "PMCID": "PMC2565641",
            },
        )
        self.assertEqual((typed.repairs, typed.needs_lookup), ((), False))

    def test_may_have_no_identifier_at_all(self):
        self.assertEqual(parse(ARTICLE).csl["page"], "1132-1136")
        self.assertFalse(parse(ARTICLE).needs_lookup)

    def test_may_be_ahead_of_print(self):
        for line in (
            (
                "Meakins A. Acupuncture. Br J Sports Med. Published online October 26, 2016:1-9."
                " doi:10.1136/bmj.n71"
            ),
            (
                "Meakins A. Acupuncture. Br J Sports Med. 2016 Oct 26:1-9. doi: 10.1136/bmj.n71."
                " Online ahead of print."
            ),
        ):
            with self.subTest(line=line):
                csl = parse(line).csl
                self.assertEqual(csl["issued"], {"date-parts": [[2016, 10, 26]]})
                self.assertEqual((csl["container-title"], csl["page"]), ("Br J Sports Med", "1-9"))

    def test_may_be_in_a_supplement(self):
        for line in (
            "Smith J. T. J Pain. 2017;51(Suppl 1):S3-S9.",
            "Smith J. T. J Pain. 2017;51 Suppl 1:S3-S9.",
        ):
            with self.subTest(line=line):
                csl = parse(line).csl
                self.assertEqual(
                    (csl["volume"], csl["issue"], csl["page"]), ("51", "Suppl 1", "S3-S9")
                )

    def test_may_be_typed_with_full_stops_everywhere(self):
        csl = parse(
            "Smith J. A., Doe K. B. Effects of needling. J. Man. Manip. Ther. 2010;12(3):45-50."
        ).csl
        self.assertEqual([name["given"] for name in csl["author"]], ["J A", "K B"])
        self.assertEqual(
            (csl["title"], csl["container-title"]), ("Effects of needling", "J. Man. Manip. Ther")
        )

    def test_keeps_a_question_and_a_full_stop_inside_its_title(self):
        for title in (
            "Poised for a dividend? Changes over two decades",
            "Needling vs. cupping. A trial",
            "Is it a “trend”",
        ):
            with self.subTest(title=title):
                self.assertEqual(
                    parse(f"Joshi S, Rao K. {title}. PLoS ONE. 2020;15(12):e1.").csl["title"], title
                )

    def test_has_no_author_where_only_a_title_stands(self):
        csl = parse("Vitamin D. Lancet. 2010;375:123.").csl
        self.assertEqual((csl.get("author"), csl["title"]), (None, "Vitamin D"))

    def test_loses_the_word_retracted_but_not_silently(self):
        typed = parse("Doe J. RETRACTED: A paper. Lancet. 1998;351:637-641.")
        self.assertEqual((typed.csl["title"], typed.repairs), ("A paper", ("retracted-prefix",)))

    def test_loses_words_before_its_numbers(self):
        typed = parse("Doe J. A paper. Lancet. 1998;Vol. 351(No. 9103):pp. 637-637.")
        self.assertEqual(
            [typed.csl[field] for field in ("volume", "issue", "page")], ["351", "9103", "637"]
        )
        self.assertEqual(typed.repairs, ("volume-word", "issue-word", "page-word", "single-page"))

    def test_loses_words_that_stand_for_nothing(self):
        typed = parse("Doe J. A paper. Lancet. 1998;null(nan):5-9.")
        self.assertEqual(
            (typed.csl.keys() & {"volume", "issue"}, typed.repairs), (set(), ("empty-word",))
        )


class TheAuthorsOfALine(SimpleTestCase):
    def authors(self, people):
        return parse(f"{people}. A title here. J Pain. 2010;11:5.").csl

    def test_keep_particles_hyphens_and_suffixes(self):
        csl = self.authors(
            "van der Berg P Jr, Fernández-de-Las-Peñas C, de la Cruz MA, O’Sullivan K, Liu Z-K"
        )
        self.assertEqual(
            csl["author"],
            [
                {"family": "van der Berg", "given": "P", "suffix": "Jr"},
                {"family": "Fernández-de-Las-Peñas", "given": "C"},
                {"family": "de la Cruz", "given": "M A"},
                {"family": "O’Sullivan", "given": "K"},
                {"family": "Liu", "given": "Z-K"},
            ],
        )

    def test_may_be_an_organisation(self):
        for body in (
            "World Health Organization",
            "The PLOS ONE Staff",
            "National Institute for Health and Care Excellence",
        ):
            with self.subTest(body=body):
                self.assertEqual(self.authors(body)["author"], [{"literal": body}])

    def test_may_include_a_group(self):
        for people in ("Jones M; ABC Study Group", "Jones M, for the ABC Study Group"):
            with self.subTest(people=people):
                self.assertEqual(self.authors(people)["author"][1], {"literal": "ABC Study Group"})

    def test_are_marked_as_incomplete_behind_et_al(self):
        csl = self.authors("Smith J, Doe K, Roe L, et al")
        self.assertEqual(len(csl["author"]), 3)
        self.assertIs(csl["custom"]["more-authors"], True)
        self.assertTrue(citing.ama(csl).startswith("Smith J, Doe K, Roe L, et al. A title here."))

    def test_are_not_lost_over_one_odd_name(self):
        csl = self.authors("Wang B, Gong D, Kang Y, Zhang W sheng")
        self.assertEqual(csl["author"][-1], {"literal": "Zhang W sheng"})


class ADoiInALine(SimpleTestCase):
    def test_is_repaired_when_it_lost_its_prefix_and_asks_to_be_looked_up(self):
        typed = parse(f"{ARTICLE} doi:1093/rheumatology/ken161")
        self.assertEqual(
            (typed.csl["DOI"], typed.repairs), ("10.1093/rheumatology/ken161", ("prefix-10",))
        )
        self.assertTrue(typed.needs_lookup)

    def test_is_only_offered_when_it_lost_its_label_too(self):
        typed = parse(f"{ARTICLE} 1093/rheumatology/ken161")
        self.assertNotIn("DOI", typed.csl)
        self.assertEqual([found.key for found in typed.offered], ["10.1093/rheumatology/ken161"])
        self.assertTrue(typed.needs_lookup)

    def test_is_not_repaired_by_the_full_stop_of_the_line(self):
        for ending in (
            "doi:10.1093/rheumatology/ken161.",
            "https://doi.org/10.1093/rheumatology/ken161.",
            "10.1093/rheumatology/ken161",
            "doi: 10.1093/rheumatology/ken161 [Crossref] [PubMed]",
            "Available from: https://academic.example.com/doi/10.1093/rheumatology/ken161",
        ):
            with self.subTest(ending=ending):
                typed = parse(f"{ARTICLE} {ending}")
                self.assertEqual(typed.csl["DOI"], "10.1093/rheumatology/ken161")
                self.assertEqual((typed.repairs, typed.needs_lookup), ((), False))
                self.assertEqual(typed.csl["page"], "1132-1136")

    def test_may_stand_before_the_journal_or_the_whole_line(self):
        for line in (
            "Smith J. A title. doi:10.1136/bmj.m606. BMJ. 2020;368:m606.",
            "doi:10.1136/bmj.m606 Smith J. A title. BMJ. 2020;368:m606.",
        ):
            with self.subTest(line=line):
                csl = parse(line).csl
                self.assertEqual(
                    (csl["DOI"], csl["title"], csl["volume"]),
                    ("10.1136/bmj.m606", "A title", "368"),
                )


class ABook(SimpleTestCase):
    def test_has_edition_publisher_and_isbn(self):
        csl = parse(
            "Kisner C, Colby LA. Therapeutic Exercise. 7th ed. F.A. Davis; 2018. ISBN"
            " 0-7817-5560-3."
        ).csl
        self.assertEqual(csl["type"], "book")
        self.assertEqual(
            (csl["edition"], csl["publisher"], csl["ISBN"]), ("7", "F.A. Davis", "9780781755603")
        )

    def test_may_name_a_place_and_have_editors(self):
        csl = parse("Higgins J, Green S, eds. Cochrane Handbook. Chichester: Wiley; 2008.").csl
        self.assertEqual((csl["publisher-place"], csl["publisher"]), ("Chichester", "Wiley"))
        self.assertEqual([name["family"] for name in csl["editor"]], ["Higgins", "Green"])


class AChapter(SimpleTestCase):
    def test_has_authors_of_its_own_and_a_book_with_editors(self):
        for ending in ("Jones & Bartlett; 2011:17-45.", "Jones & Bartlett; 2011. p. 17-45."):
            with self.subTest(ending=ending):
                csl = parse(
                    "Dommerholt J. Needling. In: Huijbregts P, Roe K, eds. Trigger Points. 2nd ed."
                    f" {ending}"
                ).csl
                self.assertEqual((csl["type"], csl["title"]), ("chapter", "Needling"))
                self.assertEqual((csl["container-title"], csl["edition"]), ("Trigger Points", "2"))
                self.assertEqual([name["family"] for name in csl["editor"]], ["Huijbregts", "Roe"])
                self.assertEqual(csl["page"], "17-45")


class AWebPage(SimpleTestCase):
    def test_has_an_address_and_the_days_it_was_published_and_read(self):
        line = (
            "World Health Organization. Musculoskeletal health. Published July 14, 2022. "
            "Accessed January 5, 2024. https://www.who.int/x"
        )
        typed = parse(line)
        self.assertEqual(
            typed.csl,
            {
                "type": "webpage",
                "author": [{"literal": "World Health Organization"}],
                "title": "Musculoskeletal health",
                "issued": {"date-parts": [[2022, 7, 14]]},
                "accessed": {"date-parts": [[2024, 1, 5]]},
                "URL": "https://www.who.int/x",
            },
        )
        self.assertEqual(citing.ama(typed.csl), line.replace("Published ", ""))
        self.assertEqual(parse(citing.ama(typed.csl)).csl, typed.csl)

    def test_may_be_written_as_nlm_has_it(self):
        line = (
            "World Health Organization. Musculoskeletal health [Internet]. Geneva: WHO; 2022 [cited"
            " 2024 Jan 5]. Available from: https://www.who.int/x"
        )
        self.assertEqual(citing.nlm(parse(line).csl), line)

    def test_never_gets_an_address_that_a_browser_would_run(self):
        typed = parse(f"{ARTICLE} doi:10.1093/x Accessed May 1, 2020. javascript:alert(1)")
        self.assertNotIn("URL", typed.csl)


class APreprint(SimpleTestCase):
    def test_is_no_journal_article(self):
        csl = parse(
            "Zhou K. Needling. medRxiv. Preprint posted online March 3, 2020."
            " doi:10.1101/2020.03.03.20030593"
        ).csl
        self.assertEqual((csl["type"], csl["container-title"]), ("article", "medRxiv"))


class ALineThatIsNoReference(SimpleTestCase):
    def test_is_refused_with_one_sentence(self):
        for line in (
            "",
            "   \n",
            None,
            "Avoid dry needling if you have:",
            "References",
            "https://doi.org/10.1093/rheumatology/ken161",
            "2010;12:3.",
            "Lancet. 2010;375:123.",
            "Smith, J. A., & Doe, K. (2010). A title and no more",
            "Smith (2010) found that it helps. We think so too.",
            "Smith, J. (2020). . .",
            "Smith J 2020. . .",
            "<script>alert(1)</script>",
            "ab" * 50_000,
        ):
            with (
                self.subTest(line=str(line)[:40]),
                self.assertRaisesRegex(NotAReference, r"^[A-Z].*\.$"),
            ):
                parse(line)


class AHostileLine(SimpleTestCase):
    def test_is_read_or_refused_but_never_breaks_anything(self):
        for piece in (
            *(
                "a. ",
                "Smith J, ",
                "Smith J. ",
                "2010;",
                ". 2010;1",
                "https://x ",
                "doi:",
                "doi: 10.1/x ",
                "10.1093/x ",
            ),
            *(
                "PMID: 1 ",
                "Accessed May 1, 2020 ",
                "(",
                ". ",
                "A B. ",
                " In: ",
                "Vol. 1. ",
                "'",
                "Jan ",
                "[Crossref]",
            ),
            *(
                "1. ",
                "2010 ",
                "Epub 2010 ",
                "X, et al",
                "eds, ",
                ".” ",
                "Smith J-",
                "Published online 2010 ",
                "\x00",
            ),
        ):
            for line in (
                piece * (5_900 // len(piece)),
                piece * (5_800 // len(piece)) + "Smith J. T. J. 2010;1:2.",
            ):
                with self.subTest(piece=piece):
                    try:
                        typed = parse(line)
                    except NotAReference:
                        continue
                    self.assertEqual(typed.raw, line)

    @settings(max_examples=500, deadline=None)
    @given(PASTED)
    def test_of_any_make_keeps_its_raw_text_and_explains_its_repairs(self, line):
        try:
            typed = parse(line)
        except NotAReference as refusal:
            self.assertTrue(str(refusal))
            return
        self.assertEqual(typed.raw, line)
        self.assertTrue(typed.csl["title"])
        self.assertNotIn("id", typed.csl)
        self.assertLessEqual(
            set(typed.repairs), IDENTIFIER_REPAIRS.keys() - HARMLESS | typed_lines.REPAIRS.keys()
        )
        self.assertTrue(typed.csl.get("URL", "http://").startswith(("http://", "https://", "HTTP")))
        json.dumps(typed.csl).encode("utf-8")


class AListOfReferences(SimpleTestCase):
    def setUp(self):
        self.lines = [case["raw"] for case in _seed()]

    def test_of_the_first_article_gives_its_seven(self):
        text = shared("seed", "dry-needling.txt").read_text()
        self.assertEqual(split_references(text[text.index("< Reference >") :]), self.lines)

    def test_loses_its_heading_its_bullets_and_its_numbers(self):
        for marker in (
            "{}. ",
            "[{}] ",
            "({}) ",
            "{}) ",
            "{}.\t",
            "{}\t",
            "• ",
            "  • ",
            "- ",
            "* ",
            "",
            "  ",
        ):
            for between in ("\n", "\r\n", "\n\n"):
                with self.subTest(marker=marker, between=between):
                    listed = between.join(
                        marker.format(n) + line for n, line in enumerate(self.lines, 1)
                    )
                    self.assertEqual(
                        split_references(f"References:{between}{listed}\n"), self.lines
                    )

    def test_is_joined_again_where_its_lines_were_wrapped(self):
        for width in range(40, 140, 7):
            for marker, indent in (
                ("", ""),
                ("", "    "),
                ("{}. ", ""),
                ("{}. ", "   "),
                ("• ", "  "),
            ):
                with self.subTest(width=width, marker=marker, indent=indent):
                    wrapped = "\n".join(
                        textwrap.fill(
                            marker.format(n) + line,
                            width,
                            subsequent_indent=indent,
                            break_on_hyphens=False,
                        )
                        for n, line in enumerate(self.lines, 1)
                    )
                    self.assertEqual(split_references(wrapped), self.lines)

    def test_may_leave_numbers_out_or_have_them_in_any_order(self):
        works = [
            "Smith J. T. J Pain. 2014;19(4):1.",
            "Doe K. U. J Pain. 2015;1:2.",
            "Roe AB. V. J Pain. 2016;1:2.",
        ]
        for numbers in ((1, 3, 4), (2, 7, 30), (3, 1, 2)):
            with self.subTest(numbers):
                numbered = zip(numbers, works, strict=True)
                self.assertEqual(
                    split_references("\n".join(f"[{number}] {work}" for number, work in numbered)),
                    works,
                )

    def test_keeps_a_page_at_the_head_of_a_wrapped_line(self):
        text = "1. Smith J. T. J Pain. 2014;19(4):\n252. doi:10.1/x\n2. Doe K. U. J Pain. 2015;1:2."
        self.assertEqual(
            split_references(text),
            ["Smith J. T. J Pain. 2014;19(4): 252. doi:10.1/x", "Doe K. U. J Pain. 2015;1:2."],
        )

    def test_that_is_empty_holds_nothing(self):
        for text in ("", "\n \n", "References", None):
            with self.subTest(text=text):
                self.assertEqual(split_references(text), [])

    @settings(max_examples=300, deadline=None)
    @given(PASTED)
    def test_loses_no_words(self, text):
        items = split_references(text)
        self.assertTrue(all(items))
        letters = iter(text)
        self.assertTrue(all(letter in letters for letter in "".join(items) if not letter.isspace()))

    def test_may_be_hostile(self):
        for piece in (
            "a\n",
            "- \n",
            "1. a\n",
            "Smith J. 2010\n",
            "a b c d\n",
            "x",
            "Smith ",
            "\n",
            "[1",
            "a'",
            "(1) ",
        ):
            with self.subTest(piece=piece):
                split_references(piece * (60_000 // len(piece)))


def _seed():
    return json.loads(shared("data", "references", "expected", "seed_references.json").read_text())


class ALineWithTheYearBehindTheAuthors(SimpleTestCase):
    """APA and Harvard."""

    ARTICLE = {
        "type": "article-journal",
        "author": [{"family": "Beyer", "given": "R"}, {"family": "Hougs Kjær", "given": "B T"}],
        "title": "Heavy slow resistance versus rest",
        "container-title": "J Sports",
        "issued": {"date-parts": [[2015]]},
        "volume": "43",
        "issue": "7",
        "page": "1704–1711",
    }

    def test_gives_an_article(self):
        title = "Heavy slow resistance versus rest"
        for line in (
            f"Beyer, R., & Hougs Kjær, B. T. (2015). {title}. J Sports, 43(7), 1704–1711.",
            f"Beyer, R. and Hougs Kjær, B.T. (2015) ‘{title}’, J Sports, 43(7), pp. 1704–1711.",
            f"Beyer, R. and Hougs Kjær, B.T. (2015) '{title}', J Sports, 43(7): 1704–1711",
            f"Beyer, R. y Hougs Kjær, B. T. (2015a). {title}. J Sports, 43(7), 1704–1711.",
            f"Beyer, R., Hougs Kjær, B.T., 2015. {title}. J Sports, 43(7), pp.1704–1711.",
            f"Beyer R, Hougs Kjær BT (2015) {title}. J Sports 43(7): 1704–1711.",
            f"Beyer R, Hougs Kjær BT. 2015. {title}. J Sports, vol. 43, no. 7, pp. 1704–1711.",
        ):
            with self.subTest(line):
                self.assertEqual(parse(line).csl, self.ARTICLE)

    def test_gives_its_doi_and_that_there_are_more_authors(self):
        csl = parse(
            "Beyer, R. et al. (2015). Heavy slow resistance. J Sports, 43, e12."
            " https://doi.org/10.1177/0363546515584760"
        ).csl

        self.assertEqual((csl["DOI"], csl["page"]), ("10.1177/0363546515584760", "e12"))
        self.assertEqual(csl["custom"], {"more-authors": True})

    def test_gives_books_chapters_and_pages_of_the_web(self):
        for line, expected in (
            (
                "Smith, J. (2010). Pain explained (2nd ed.). Sage.",
                ("book", "Pain explained", "Sage", ""),
            ),
            (
                "Smith, J. (2010) Pain explained. 2nd edn. London: Sage.",
                ("book", "Pain explained", "Sage", ""),
            ),
            (
                "Roe, A. (2012). Loading. In C. Doe & D. Poe (Eds.), Tendons (pp. 12–34). Sage.",
                ("chapter", "Loading", "Sage", "Tendons"),
            ),
            (
                "NHS. (2021, May 3). Heel pain. https://www.nhs.uk/heel",
                ("webpage", "Heel pain", "", ""),
            ),
            (
                "Versus Arthritis (2020) Sore feet. Available at: https://a.example/x (Accessed: 3"
                " May 2020).",
                ("webpage", "Sore feet", "", ""),
            ),
            (
                "World Health Organization (2019) Heel pain. Geneva: WHO.",
                ("book", "Heel pain", "WHO", ""),
            ),
        ):
            with self.subTest(line):
                csl = parse(line).csl
                fields = (csl.get(name, "") for name in ("title", "publisher", "container-title"))
                self.assertEqual((csl["type"], *fields), expected)

    def test_is_one_of_a_list_that_wraps(self):
        lines = [
            "Beyer, R., Kongsgaard, M., &",
            "Hougs Kjær, B. (2015). Heavy slow resistance. American Journal of Sports",
            "Medicine, 43(7), 1704–1711.",
            "NHS. (2021). Heel pain. https://www.nhs.uk/heel",
            "Malliaras, P. (2013). Loading. Sports",
            "Medicine, 43(4), 267–286.",
        ]
        self.assertEqual(
            split_references("\n".join(lines)),
            [" ".join(lines[:3]), lines[3], " ".join(lines[4:])],
        )
