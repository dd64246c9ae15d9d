"""Printed lines where the manuals say more than the CSL styles, or something else."""

import json

from django.test import SimpleTestCase

from references import citing, typed_lines
from references.citing import numbers
from tests.shared_data import shared

ROE = [{"family": "Roe", "given": "J"}]
ONLINE = {"URL": "https://example.org/a", "accessed": {"date-parts": [[2020, 1, 5]]}}
FOUND = "Available from: https://example.org/a"
ACCESSED = "Accessed January 5, 2020. https://example.org/a"


def a_work(kind, **fields):
    fields = {name.replace("_", "-"): value for name, value in fields.items()}
    return {
        "type": kind,
        "title": "Title",
        "author": ROE,
        "issued": {"date-parts": [[2018, 3, 4]]},
    } | fields


def an_article(**fields):
    return a_work("article-journal", container_title="J Test", volume="5", page="1-9", **fields)


class TheSampleOfLines(SimpleTestCase):
    def test_is_printed_to_the_letter(self):
        folder = shared("data", "references", "faults")
        expected = json.loads((folder / "expected.json").read_text())["18-format-items.json"]
        items = {
            item["id"]: item for item in json.loads((folder / "18-format-items.json").read_text())
        }
        for style in ("ama", "nlm"):
            for name, line in expected[style].items():
                with self.subTest(name, style=style):
                    self.assertEqual(getattr(citing, style)(items[name]), line)


class AWorkOnTheInternet(SimpleTestCase):
    def test_says_so_in_nlm_behind_the_title_of_what_was_consulted(self):
        for work, line in (
            (
                an_article(**ONLINE),
                f"Roe J. Title. J Test [Internet]. 2018 Mar 4 [cited 2020 Jan 5];5:1–9. {FOUND}",
            ),
            (
                a_work("article-newspaper", container_title="The Guardian", **ONLINE),
                f"Roe J. Title. The Guardian [Internet]. 2018 Mar 4 [cited 2020 Jan 5]. {FOUND}",
            ),
            (
                a_work("chapter", container_title="Book", publisher="P", page="1-9", **ONLINE),
                "Roe J. Title. In: Book [Internet]. P; 2018 [cited 2020 Jan 5]. p. 1–9. " + FOUND,
            ),
            (
                a_work("book", publisher="P", **ONLINE),
                f"Roe J. Title [Internet]. P; 2018 [cited 2020 Jan 5]. {FOUND}",
            ),
            (
                a_work("thesis", genre="PhD thesis", publisher="U", **ONLINE),
                f"Roe J. Title [Internet] [PhD thesis]. U; 2018 [cited 2020 Jan 5]. {FOUND}",
            ),
            (
                a_work("article", container_title="medRxiv", **ONLINE),
                f"Roe J. Title. medRxiv [Preprint]. 2018 Mar 4 [cited 2020 Jan 5]. {FOUND}",
            ),
            (
                a_work("book", publisher="P", URL="https://example.org/a"),
                f"Roe J. Title [Internet]. P; 2018. {FOUND}",
            ),
        ):
            with self.subTest(work["type"]):
                self.assertEqual(citing.nlm(work), line)

    def test_does_not_say_so_where_its_doi_is_printed(self):
        line = citing.nlm(an_article(DOI="10.1/x", **ONLINE))
        self.assertEqual(line, "Roe J. Title. J Test. 2018 Mar 4;5:1–9. doi:10.1/x")

    def test_has_its_date_alone_in_ama(self):
        for kind in ("webpage", "post", "post-weblog"):
            line = citing.ama(a_work(kind, container_title="NHS", **ONLINE))
            self.assertEqual(line, f"Roe J. Title. NHS. March 4, 2018. {ACCESSED}")


class ASupplement(SimpleTestCase):
    def test_is_printed_as_each_manual_has_it(self):
        for volume, issue, ama, nlm in (
            ("159", "Suppl 1", "159(suppl 1)", "159 Suppl 1"),
            ("159", "Suppl. 1", "159(suppl 1)", "159 Suppl 1"),
            ("159", "suppl_1", "159(suppl 1)", "159 Suppl 1"),
            ("159", "Supplement_1", "159(suppl 1)", "159 Suppl 1"),
            ("159", "Supplement 1", "159(suppl 1)", "159 Suppl 1"),
            ("159", "Suppl1", "159(suppl 1)", "159 Suppl 1"),
            ("159", "Suppl", "159(suppl)", "159 Suppl"),
            ("159", "supplement", "159(suppl)", "159 Suppl"),
            ("159", "Suppl A", "159(suppl A)", "159 Suppl A"),
            ("29", "3 Suppl 9", "29(3)(suppl 9)", "29(3 Suppl 9)"),
            ("29", "3(Suppl 9)", "29(3)(suppl 9)", "29(3 Suppl 9)"),
            ("29", "3, Suppl", "29(3)(suppl)", "29(3 Suppl)"),
            ("29", "3_suppl", "29(3)(suppl)", "29(3 Suppl)"),
            ("29 Suppl 2", "", "29(suppl 2)", "29 Suppl 2"),
            ("", "Suppl 1", "(suppl 1)", "(Suppl 1)"),
            # No supplements
            ("29", "S1", "29(S1)", "29(S1)"),
            ("29", "3", "29(3)", "29(3)"),
            ("29", "Support", "29(Support)", "29(Support)"),
        ):
            work = an_article() | {"volume": volume, "issue": issue}
            with self.subTest(volume=volume, issue=issue):
                self.assertEqual(citing.ama(work), f"Roe J. Title. J Test. 2018;{ama}:1-9.")
                self.assertEqual(citing.nlm(work), f"Roe J. Title. J Test. 2018 Mar 4;{nlm}:1–9.")

    def test_is_printed_the_same_after_reading_the_line_back(self):
        for issue in ("Suppl 1", "3 Suppl 9"):
            for print_line in (citing.ama, citing.nlm):
                line = print_line(an_article(issue=issue))
                self.assertEqual(print_line(typed_lines.parse(line).csl), line)

    def test_is_looked_for_in_no_time_in_any_text(self):
        for text in ("supp" * 2000, " " * 9000 + "upp", "(" * 9000 + "supp", "1suppl" * 1500):
            numbers.supplement(text)


class ANewspaper(SimpleTestCase):
    def test_has_its_full_date_and_name_in_ama(self):
        fields = {"container-title": "New York Times", "container-title-short": "NYT"}
        line = "Roe J. Title. New York Times. March 4, 2018"
        self.assertEqual(
            citing.ama(a_work("article-newspaper", page="A24", **fields)), f"{line}:A24."
        )
        self.assertEqual(
            citing.ama(a_work("article-newspaper", **fields, **ONLINE)), f"{line}. {ACCESSED}"
        )


class ADataSet(SimpleTestCase):
    def test_that_is_in_no_collection_names_who_keeps_it(self):
        line = citing.ama(a_work("dataset", publisher="Zenodo", DOI="10.5281/z.1"))
        self.assertEqual(line, "Roe J. Title. Zenodo. March 4, 2018. doi:10.5281/z.1")

    def test_in_a_collection_is_printed_as_the_style_has_it(self):
        line = citing.ama(a_work("dataset", container_title="CRAN", publisher="R"))
        self.assertEqual(line, "Roe J. Title. CRAN. Published online March 4, 2018.")


class ATitleInCapitals(SimpleTestCase):
    def test_keeps_the_article_a_small_and_changes_no_other_word(self):
        for title, printed in (
            ("activity as a response to pain", "Activity as a Response to Pain"),
            ("heal a knee in a day: a guide", "Heal a Knee in a Day: A Guide"),
            ("needing a break", "Needing a Break"),
            ("a knee", "A Knee"),
            ("the knee: a trial", "The Knee: A Trial"),
            ("baja y san francisco", "Baja y San Francisco"),
        ):
            with self.subTest(title):
                line = citing.ama({"type": "book", "title": title, "publisher": "P"})
                self.assertEqual(line, f"{printed}. P.")


class AGroup(SimpleTestCase):
    SKOU, ROOS = {"family": "Skou", "given": "S T"}, {"family": "Roos", "given": "E M"}
    GROUP, OTHER = {"literal": "DREAM Trial Group"}, {"literal": "Other Group"}

    def printed(self, *people):
        for style in (citing.ama, citing.nlm):
            yield style({"title": "T", "author": list(people)}).removesuffix(". T.")

    def test_is_set_off_from_the_people_before_it(self):
        for people, line in (
            ([self.SKOU, self.ROOS, self.GROUP], "Skou ST, Roos EM; DREAM Trial Group"),
            ([self.SKOU, self.GROUP, self.OTHER], "Skou ST; DREAM Trial Group, Other Group"),
            ([self.SKOU, {"literal": "Zhang W sheng"}], "Skou ST, Zhang W sheng"),
            ([self.SKOU, {"literal": "Vitamin D Group"}], "Skou ST; Vitamin D Group"),
            ([self.GROUP, self.OTHER], "DREAM Trial Group, Other Group"),
            ([self.GROUP, self.SKOU], "DREAM Trial Group, Skou ST"),
            ([self.SKOU, {"literal": "Roos, Ewa"}, self.ROOS], "Skou ST, Roos, Ewa, Roos EM"),
        ):
            with self.subTest(line):
                self.assertEqual(list(self.printed(*people)), [line, line])

    def test_that_is_cut_off_leaves_a_comma_before_et_al(self):
        ama, nlm = self.printed(*[self.SKOU] * 6, self.GROUP)
        self.assertEqual(ama, "Skou ST, Skou ST, Skou ST, et al")
        self.assertEqual(nlm, f"{', '.join(['Skou ST'] * 6)}, et al")


class AThesis(SimpleTestCase):
    def test_has_its_kind_as_a_sentence_in_ama_and_in_brackets_in_nlm(self):
        work = a_work("thesis", genre="dissertation", publisher="University of Testing")
        self.assertEqual(
            citing.ama(work), "Roe J. Title. Dissertation. University of Testing; 2018."
        )
        self.assertEqual(
            citing.nlm(work), "Roe J. Title [dissertation]. University of Testing; 2018."
        )
