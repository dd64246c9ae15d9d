"""Typed lines of many kinds, as Word lists have them: web pages of health bodies, theses, papers
of meetings, preprints, and lines that name another language.
"""

import json
from pathlib import Path

from django.test import SimpleTestCase, TestCase

from references import citing, finding, typed_lines
from references.finding import pasted
from references.typed_lines import NotAReference, parse, split_references
from tests.builders import NOON, a_clinician
from tests.shared_data import shared

#: A reference, and below it what it is read as, by type and field.
LINES = Path(__file__).parent / "typed_lines_of_many_kinds.txt"
FAULTS = ("data", "references", "faults")


def summary(csl):
    fields = dict(csl)
    kind = fields.pop("type")
    texts = (f"{field}={_text(field, value)}" for field, value in sorted(fields.items()))
    return " | ".join([kind, *texts])


def _text(field, value):
    if field in ("author", "editor"):
        return ", ".join(
            name.get("literal") or f"{name['family']} {name.get('given', '').replace(' ', '')}"
            for name in value
        )
    if isinstance(value, dict) and "date-parts" in value:
        return "-".join(f"{number:02}" for number in value["date-parts"][0])
    return "more" if field == "custom" else value


def pairs():
    lines = LINES.read_text().splitlines()
    return list(zip(lines[::2], map(str.strip, lines[1::2]), strict=True))


class ALineOfAnyKind(SimpleTestCase):
    def test_is_read_into_the_fields_it_names(self):
        for line, expected in pairs():
            with self.subTest(line[:80]):
                try:
                    self.assertEqual(summary(parse(line).csl), expected)
                except NotAReference:
                    self.assertEqual(expected, "refused")

    def test_is_seldom_refused(self):
        refused = [line for line, expected in pairs() if expected == "refused"]
        self.assertLess(len(refused) / len(pairs()), 0.1)

    def test_is_refused_rather_than_read_with_its_end_in_another_place(self):
        for line in (
            "Roe J. Heels [and more. J Test. 2020;1(2):3-4.",
            "Roe J. Heels. Available from the author: 2020 Jan. J Test. 2020;1(2):3-4.",
            "Roe J. Heels. Bern: Press; 2019. Reprinted. J Test. 2020;1(2):3-4.",
            "Roe J. Heels. cited 2020. J Test. 2020;1(2):3-4.",
        ):
            with self.subTest(line), self.assertRaisesMessage(NotAReference, "wrong place (its "):
                parse(line)

    def test_of_citing_medicine_gives_the_day_of_change_where_no_other_is_named(self):
        line = (
            "CDC. Falls [Internet]. [updated 2020 Nov 26; cited 2021 Mar 4]. https://cdc.example/"
        )
        csl = parse(line).csl
        self.assertEqual(csl["issued"], {"date-parts": [[2020, 11, 26]]})
        self.assertEqual(csl["accessed"], {"date-parts": [[2021, 3, 4]]})

    def test_may_write_the_day_it_was_read_in_figures(self):
        for written, parts in (
            ("5.1.2022", [2022, 1, 5]),
            ("25/1/2022", [2022, 1, 25]),
            # Which of them is the month, nobody can say.
            ("5/1/2022", [2022]),
            ("2022-01-05", [2022, 1, 5]),
        ):
            with self.subTest(written):
                csl = parse(f"NHS. Sprains. 2021. https://nhs.example/ [accessed {written}]").csl
                self.assertEqual(csl["accessed"], {"date-parts": [parts]})


class AWrappedLine(SimpleTestCase):
    def test_of_a_list_with_numbers_never_stands_alone(self):
        text = (
            "Sources of the course\n\n1. Roe J. Heels. J Test. 2020;1(2):3-\n\n4. doi:\n\n"
            "10.5555/heels.1\nPMID: 29514819\n2. Doe A. Knees. J Test. 2021;2(1):5.\n"
            "Available from:\nhttps://example.org/knees\n"
        )
        first, second = pasted.pieces(text)[1:]
        self.assertEqual(
            first, "Roe J. Heels. J Test. 2020;1(2):3-4. doi: 10.5555/heels.1 PMID: 29514819"
        )
        self.assertTrue(second.endswith("Available from: https://example.org/knees"))
        self.assertEqual(parse(first).csl["page"], "3-4")

    def test_with_an_identifier_stays_with_its_reference(self):
        line = "Roe J. Heels. J Test. 2020;1(2):3-4."
        for end in (
            "doi: 10.5555/heels.1",
            "https://doi.org/10.5555/heels.1",
            "PMID: 29514819",
            "PMCID: PMC123456",
        ):
            with self.subTest(end):
                self.assertEqual(pasted.pieces(f"{line}\n{end}\n{line}"), [f"{line} {end}", line])
        for waiting in ("doi:", "DOI", "PMID:", "Available from:"):
            with self.subTest(waiting):
                last = "https://example.org/a" if "from" in waiting else "10.5555/heels.1"
                self.assertEqual(
                    pasted.pieces(f"{line} {waiting}\n{last}"), [f"{line} {waiting} {last}"]
                )

    def test_with_an_identifier_alone_is_one_where_nothing_waits_for_it(self):
        line = "Roe J. Heels. J Test. 2020;1(2):3-4. doi:10.5555/heels.1"
        for alone in ("10.5555/heels.2", "https://example.org/knees", "PMC123456"):
            with self.subTest(alone):
                self.assertEqual(pasted.pieces(f"{line}\n{alone}"), [line, alone])
        self.assertEqual(
            pasted.pieces("PMID: 29514819\nPMID: 29514820"), ["PMID: 29514819", "PMID: 29514820"]
        )

    def test_keeps_pages_together(self):
        (line,) = split_references(
            "1. Roe J. Heels. In: Doe A, editor. Feet. Bern: X; 2013. p. 173–\n82."
        )
        self.assertEqual(parse(line).csl["page"], "173–82")


class APastedWordList(TestCase):
    def test_gives_each_of_its_fifteen_references(self):
        expected = json.loads(shared(*FAULTS, "expected.json").read_text())[
            "14-paste-word-list.txt"
        ]
        text = shared(*FAULTS, "14-paste-word-list.txt").read_text()
        typed = [parse(piece) for piece in pasted.pieces(text)]

        self.assertEqual(len(typed), expected["expected"]["items"])
        csl = [one.csl for one in typed]
        self.assertEqual(citing.ama(csl[0]), expected["expected"]["no_1"])
        self.assertEqual(
            (csl[1]["publisher-place"], csl[1]["publisher"], csl[1]["number"]),
            ("London", "NICE", "NG59"),
        )
        self.assertEqual(csl[1]["accessed"], {"date-parts": [[2020, 1, 5]]})
        self.assertEqual(
            csl[6]["title"], "WHO guidelines on physical activity and sedentary behaviour"
        )
        self.assertEqual(csl[6]["accessed"], {"date-parts": [[2021, 3, 12]]})
        self.assertEqual(csl[7]["type"], "thesis")
        self.assertEqual((csl[8]["language"], csl[8]["issue"]), ("de", "Suppl 2"))
        self.assertEqual((csl[10]["type"], csl[10]["container-title"]), ("article", "medRxiv"))
        self.assertEqual(csl[10]["issued"], {"date-parts": [[2021, 3, 3]]})
        self.assertEqual(typed[14].doi_key, "10.1016/j.jot.2019.01.002")

    def test_is_in_the_library_after_pasting_it(self):
        text = shared(*FAULTS, "14-paste-word-list.txt").read_text()
        found = finding.find_or_add(text, by=a_clinician(), at=NOON)
        self.assertEqual([line.status for line in found.lines], [finding.Status.CREATED] * 15)

    def test_uses_the_doi_of_a_line_it_cannot_read_and_says_why_that_failed(self):
        lines = "1. See what Lee wrote (10.5555/taping.1)\n2. And Roe, PMID: 29514819, on heels\n"
        found = finding.find_or_add(lines, by=a_clinician(), at=NOON)
        for line, name in zip(found.lines, ("DOI 10.5555/taping.1", "PMID 29514819"), strict=True):
            self.assertEqual(line.status, finding.Status.NOT_ADDED)
            self.assertIn(f"{name} is not in the library yet, and ", line.why)
            self.assertNotIn("paste its DOI", line.why)


class TypedLines(SimpleTestCase):
    def test_say_what_is_a_list_with_numbers(self):
        for text, expected in (
            ("1. Roe\n2. Doe", True),
            ("References\n\n[1] Roe\n[2] Doe", True),
            ("As I said:\n1. Roe\n2. Doe", True),
            ("1: Roe J. A. J. 2020;1:2.\n\n2: Doe A. B. J. 2020;1:2.", True),
            ("Roe\nDoe\n2020. x", False),
            ("", False),
        ):
            with self.subTest(text):
                self.assertIs(typed_lines.is_numbered(text), expected)
