"""The printed line: against the reference processor's, on odd records, and as HTML that
nothing escapes from.
"""

import json
import re

from django.test import SimpleTestCase
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from hypothesis import given, settings
from hypothesis import strategies as st

from references import citing
from tests.shared_data import shared

FORMATS = (citing.ama, citing.nlm, citing.ama_html, citing.nlm_html)
SCRIPT = "<script>alert(1)</script>"

#: Any JSON, under the names that CSL uses as well as under others.
FIELDS = st.sampled_from(
    "type title author editor issued accessed volume issue page edition publisher publisher-place"
    " genre language container-title container-title-short DOI URL custom more-authors family given"
    " suffix literal name non-dropping-particle date-parts raw".split()
)
TEXTS = st.text(max_size=12) | st.sampled_from(
    [
        "chapter",
        "book",
        "webpage",
        "1-2",
        "1132–6",
        "<i>a</i>",
        "<b>",
        "&amp;",
        "'a' \"b\"",
        "e-x a de",
        "\ue000",
        "\ud800",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIELDS, inner, max_size=8),
    max_leaves=25,
)


def an_article(**fields):
    return {
        "type": "article-journal",
        "title": "Dry needling",
        "author": [{"family": "Dommerholt", "given": "Jan"}],
        "container-title": "Journal of Manual Therapy",
        "issued": {"date-parts": [[2011, 8, 3]]},
        "volume": "19",
        "issue": "4",
        "page": "223-227",
        "DOI": "10.1179/x1",
    } | fields


class TheLinesOfTheReferenceProcessor(SimpleTestCase):
    def setUp(self):
        path = shared("data", "references", "expected", "ama_nlm_from_citeproc_js.json")
        self.cases = json.loads(path.read_text())
        self.assertEqual(len(self.cases), 270)

    def test_are_matched_in_ama_style(self):
        for case in self.cases:
            with self.subTest(id=case["csl"]["id"]):
                self.assertEqual(citing.ama(case["csl"]), case["ama"])

    def test_are_matched_in_nlm_style(self):
        for case in self.cases:
            with self.subTest(id=case["csl"]["id"]):
                self.assertEqual(citing.nlm(case["csl"]), case["nlm"])

    def test_are_the_text_of_the_html(self):
        for case in self.cases:
            with self.subTest(id=case["csl"]["id"]):
                self.assertHTMLEqual(citing.ama_html(case["csl"]), _escaped(case["ama"]))
                self.assertHTMLEqual(citing.nlm_html(case["csl"]), _escaped(case["nlm"]))


class TheSevenReferencesOfTheFirstArticle(SimpleTestCase):
    def test_are_printed_to_the_letter(self):
        for case in json.loads(
            shared("data", "references", "expected", "seed_references.json").read_text()
        ):
            with self.subTest(id=case["expect"]["csl"]["id"]):
                self.assertEqual(citing.ama(case["expect"]["csl"]), case["expect"]["ama"])
                self.assertEqual(citing.nlm(case["expect"]["csl"]), case["expect"]["nlm"])


class ATemplateThatLinksTheDoiItself(SimpleTestCase):
    def test_can_leave_it_off(self):
        self.assertEqual(
            citing.ama(an_article(), doi=False),
            "Dommerholt J. Dry needling. Journal of Manual Therapy. 2011;19(4):223-227.",
        )
        for print_line in FORMATS:
            self.assertEqual(
                print_line(an_article()), f"{print_line(an_article(), doi=False)} doi:10.1179/x1"
            )


class ANameInALine(SimpleTestCase):
    def named(self, *names):
        return citing.ama({"author": list(names), "title": "T"}).removesuffix(". T.")

    def test_is_surname_and_initials(self):
        for given_name, initials in (
            ("Jean-Pascal", "JP"),
            ("J.-P. M.", "JPM"),
            ("N G", "NG"),
            ("NG", "NG"),
            ("Zi‐Kui", "ZK"),
            ("Maria del Carmen", "M del C"),
            ("Xiong (Bill)", "X (Bill)"),
            ("Yu. A.", "YuA"),
            ("Élodie", "É"),
        ):
            with self.subTest(given=given_name):
                self.assertEqual(
                    self.named({"family": "Li", "given": given_name}), f"Li {initials}"
                )

    def test_keeps_particles_and_suffix(self):
        name = {
            "family": "Berg",
            "given": "Jan",
            "non-dropping-particle": "van der",
            "suffix": "Jr.",
        }
        self.assertEqual(self.named(name), "van der Berg J Jr")

    def test_may_be_of_an_organisation_however_it_is_given(self):
        for name in (
            {"literal": "WHO"},
            {"name": "WHO"},
            {"family": "WHO"},
            {"given": "WHO"},
            "WHO",
        ):
            with self.subTest(name=name):
                self.assertEqual(self.named(name), "WHO")

    def test_that_is_empty_is_left_out(self):
        self.assertEqual(self.named({}, None, {"family": " "}, 5, {"family": "Li"}), "Li")


class ALongListOfAuthors(SimpleTestCase):
    def authors(self, count):
        return an_article(author=[{"family": f"N{n}", "given": "A"} for n in range(count)])

    def test_is_printed_whole_up_to_six(self):
        for print_line in (citing.ama, citing.nlm):
            self.assertIn("N5 A. Dry", print_line(self.authors(6)))

    def test_is_cut_after_three_in_ama_and_after_six_in_nlm(self):
        self.assertIn("N2 A, et al. Dry", citing.ama(self.authors(7)))
        self.assertIn("N5 A, et al. Dry", citing.nlm(self.authors(7)))

    def test_says_et_al_when_the_record_knows_it_is_not_whole(self):
        csl = self.authors(2) | {"custom": {"more-authors": True}}
        for print_line in (citing.ama, citing.nlm):
            self.assertTrue(print_line(csl).startswith("N0 A, N1 A, et al. Dry"))


class PagesInALine(SimpleTestCase):
    def test_are_written_out_in_ama_and_shortened_in_nlm(self):
        for page, in_ama, in_nlm in (
            ("1132-1136", "1132-1136", "1132–6"),
            ("1132–6", "1132-1136", "1132–6"),
            ("1899--1911", "1899-1911", "1899–911"),
            ("387-401", "387-401", "387–401"),
            ("70E-87E", "70E-87E", "70E-87E"),
            ("S12-S18", "S12-S18", "S12–8"),
            ("i-ii", "i-ii", "i–ii"),
            ("1-10, 15", "1-10, 15", "1–10, 15"),
            ("e0203153", "e0203153", "e0203153"),
            (484, "484", "484"),
        ):
            with self.subTest(page=page):
                csl = an_article(page=page)
                self.assertEqual(
                    citing.ama(csl, doi=False),
                    f"{citing.ama(an_article(page=''), doi=False)[:-1]}:{in_ama}.",
                )
                self.assertTrue(citing.nlm(csl, doi=False).endswith(f"19(4):{in_nlm}."))


class ATitleInALine(SimpleTestCase):
    def titled(self, title):
        return citing.ama({"title": title})

    def test_gets_no_second_full_stop(self):
        for title in ("What’s the point?", "THE END.", "Stop!"):
            with self.subTest(title=title):
                self.assertEqual(self.titled(title), title)

    def test_takes_the_full_stop_inside_its_quotation_marks(self):
        self.assertEqual(self.titled('An "ocean of data"'), "An “ocean of data.”")
        self.assertEqual(self.titled("The ‘big ones’"), "The ‘big ones.’")

    def test_keeps_an_apostrophe_at_its_end_outside(self):
        self.assertEqual(self.titled("The rights of athletes’"), "The rights of athletes’.")

    def test_gets_curly_quotes(self):
        self.assertEqual(self.titled("Women's 'HTML' in 't veld"), "Women’s “HTML” in ’t veld.")
        self.assertEqual(
            self.titled("A \"quoted 'inner' thing\" here"), "A “quoted ‘inner’ thing” here."
        )

    def test_has_no_markup_in_plain_text(self):
        self.assertEqual(
            self.titled("HfO<sub>2</sub> in\n   <i>E. coli</i>\n  cells"), "HfO2 in E. coli cells."
        )
        self.assertEqual(self.titled("Health &amp; &lt;i&gt;Homo&lt;/i&gt;"), "Health & Homo.")

    def test_keeps_what_only_looks_like_markup(self):
        for title in ("p < 0.05 and n > 3", "a <b> tag", f"Effect of {SCRIPT}", "AT&T; and R&D"):
            with self.subTest(title=title):
                self.assertEqual(self.titled(title), f"{title}.")

    def test_of_a_book_is_capitalised_in_ama_unless_it_is_in_another_language(self):
        book = {"type": "book", "title": "pain and its relief: a guide to what works on"}
        self.assertEqual(citing.ama(book), "Pain and Its Relief: A Guide to What Works On.")
        self.assertEqual(citing.ama(book | {"language": "de-AT"}), f"{book['title']}.")
        self.assertEqual(citing.nlm(book), f"{book['title']}.")


class ABookInALine(SimpleTestCase):
    def test_names_its_editors_edition_and_publisher(self):
        book = {
            "type": "book",
            "title": "Pain",
            "editor": [{"family": "Doe", "given": "Jo"}],
            "edition": 2,
            "publisher": "Wiley",
            "publisher-place": "New York",
            "issued": {"date-parts": [["2001"]]},
        }
        self.assertEqual(citing.ama(book), "Doe J, ed. Pain. 2nd ed. Wiley; 2001.")
        self.assertEqual(citing.nlm(book), "Doe J, editor. Pain. 2nd ed. New York: Wiley; 2001.")

    def test_names_the_editors_of_the_book_a_chapter_is_in(self):
        chapter = {
            "type": "chapter",
            "title": "Needling",
            "author": [{"family": "Roe", "given": "K"}],
            "editor": [{"family": "Doe", "given": "Jo"}, {"family": "Poe", "given": "Al"}],
            "container-title": "Handbook of pain",
            "publisher": "Wiley",
            "issued": {"date-parts": [[2001]]},
            "page": "12-19",
        }
        self.assertEqual(
            citing.ama(chapter),
            "Roe K. Needling. In: Doe J, Poe A, eds. Handbook of Pain. Wiley; 2001:12-19.",
        )
        self.assertEqual(
            citing.nlm(chapter),
            "Roe K. Needling. In: Doe J, Poe A, editors. Handbook of pain. Wiley; 2001. p. 12–9.",
        )


class AnAddressInALine(SimpleTestCase):
    def test_is_printed_where_there_is_no_doi(self):
        page = {
            "type": "webpage",
            "title": "Pain",
            "URL": "https://a.example/x",
            "accessed": {"date-parts": [[2024, 1, 5]]},
        }
        self.assertEqual(citing.ama(page), "Pain. Accessed January 5, 2024. https://a.example/x")
        self.assertEqual(
            citing.nlm(page),
            "Pain [Internet]. [cited 2024 Jan 5]. Available from: https://a.example/x",
        )
        self.assertNotIn("example", citing.ama(page | {"DOI": "10.1/x"}))

    def test_is_left_out_when_it_is_no_web_address(self):
        for url in ("javascript:alert(1)", "data:text/html,x", "//a.example", "https://a b"):
            with self.subTest(url=url):
                self.assertEqual(citing.ama({"title": "Pain", "URL": url}), "Pain.")


class AnOddRecord(SimpleTestCase):
    def test_is_printed_with_what_can_be_read(self):
        for fields, expected in (
            ({"issued": {"date-parts": [[None]]}}, "Journal of Manual Therapy. 19(4):223-227."),
            ({"issued": {"date-parts": []}}, "Journal of Manual Therapy. 19(4):223-227."),
            ({"issued": {"raw": "May 2011"}}, "Journal of Manual Therapy. 2011;19(4):223-227."),
            ({"issued": 2011}, "Journal of Manual Therapy. 2011;19(4):223-227."),
            (
                {"volume": None, "issue": None},
                "Journal of Manual Therapy. Published online August 3, 2011:223-227.",
            ),
            ({"volume": 7, "issue": 2.0, "page": True}, "Journal of Manual Therapy. 2011;7(2.0)."),
            ({"container-title": ["J. Pain"]}, "J Pain. 2011;19(4):223-227."),
        ):
            with self.subTest(fields=fields):
                self.assertEqual(
                    citing.ama(an_article(**fields), doi=False),
                    f"Dommerholt J. Dry needling. {expected}",
                )

    def test_without_anything_is_an_empty_line(self):
        for csl in ({}, None, [], "text", {"type": "book"}, {"title": None, "author": [None]}):
            for print_line in FORMATS:
                with self.subTest(csl=csl, format=print_line.__name__):
                    self.assertEqual(print_line(csl), "")

    @settings(max_examples=300, deadline=None)
    @given(JSON, st.booleans())
    def test_of_any_json_is_never_an_error_and_never_markup(self, csl, doi):
        for print_line in (citing.ama, citing.nlm):
            self.assertIsInstance(print_line(csl, doi=doi), str)
        for print_line in (citing.ama_html, citing.nlm_html):
            _assert_only_harmless_tags(self, print_line(csl, doi=doi))

    @settings(max_examples=200, deadline=None)
    @given(st.dictionaries(FIELDS, JSON, max_size=12))
    def test_with_any_values_is_never_an_error_and_never_markup(self, csl):
        for print_line in (citing.ama_html, citing.nlm_html):
            _assert_only_harmless_tags(self, print_line(csl))

    def test_may_be_huge(self):
        for piece in (
            "<i>",
            "<i>a</i>",
            "</sub>",
            "'a",
            " 'a' ",
            '"',
            "&amp;",
            "<",
            "a-",
            "a ",
            "(",
            "”",
            "’",
            "\ue000",
            "1-2,",
        ):
            csl = dict.fromkeys(
                ("title", "container-title", "publisher", "page", "edition", "DOI"), piece * 4_000
            )
            csl["author"] = [{"family": piece * 2_000, "given": piece * 2_000}]
            for kind in ("article-journal", "book", "chapter"):
                with self.subTest(piece=piece, kind=kind):
                    _assert_only_harmless_tags(self, citing.ama_html(csl | {"type": kind}))
                    citing.nlm(csl | {"type": kind})


class AScriptInAnyField(SimpleTestCase):
    def test_is_inert(self):
        for kind in (
            "article-journal",
            "article",
            "book",
            "chapter",
            "webpage",
            "thesis",
            "standard",
            "",
        ):
            fields = dict.fromkeys(
                ("title", "container-title", "publisher", "volume", "page", "DOI"), f"a{SCRIPT}b"
            )
            csl = fields | {
                "type": kind,
                "container-title-short": SCRIPT,
                "genre": SCRIPT,
                "edition": SCRIPT,
                "publisher-place": SCRIPT,
                "author": [
                    {"family": SCRIPT, "given": SCRIPT, "suffix": SCRIPT},
                    {"literal": SCRIPT},
                ],
                "editor": [{"family": SCRIPT, "non-dropping-particle": SCRIPT}],
                "issued": {"raw": SCRIPT, "literal": SCRIPT},
            }
            for print_line in (citing.ama_html, citing.nlm_html):
                for record in (csl, csl | {"DOI": "", "URL": f"https://a.example/{SCRIPT}"}):
                    with self.subTest(kind=kind, format=print_line.__name__):
                        line = print_line(record)
                        self.assertIsInstance(line, SafeString)
                        self.assertNotIn("<", line)
                        self.assertIn("&lt;script&gt;", line)

    def test_is_inert_when_it_was_escaped_once_or_hidden_in_a_tag_we_keep(self):
        for title in (
            "&lt;script&gt;alert(1)&lt;/script&gt;",
            '<i onmouseover="alert(1)">x</i>',
            "<i><b>x</i></b>",
            "<sub><script>x</sub></script>",
            "&#57344;&#xE000;<img src=x onerror=alert(1)>",
        ):
            with self.subTest(title=title):
                _assert_only_harmless_tags(self, citing.ama_html({"title": title}))

    def test_does_not_cost_a_title_its_italics(self):
        self.assertEqual(
            citing.ama_html({"title": "HfO<sub>2</sub> & <i>E. coli</i>"}),
            "HfO<sub>2</sub> &amp; <i>E. coli</i>.",
        )


def _assert_only_harmless_tags(test, line):
    """`line` is safe HTML in which only italics, bold, sub- and superscript stand, in pairs."""
    test.assertIsInstance(line, SafeString)
    open_tags = []
    for slash, name in re.findall(r"<(/?)(i|b|sub|sup)>", line):
        if slash:
            test.assertEqual(open_tags.pop(), name)
        else:
            open_tags.append(name)
    test.assertEqual(open_tags, [])
    rest = re.sub(r"</?(?:i|b|sub|sup)>", "", line)
    test.assertNotRegex(rest, "[<>\"']")
    test.assertEqual(strip_tags(line), rest)


def _escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")
