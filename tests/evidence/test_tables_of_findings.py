"""Summary-of-findings tables, pasted from Word, a web page or PubMed Central."""

import json
from decimal import Decimal

from django.test import SimpleTestCase

from articles.findings.tables import FLAGS, read_findings
from articles.models import Certainty, Claim
from tests.shared_data import shared

WHAT = [
    "Patient or population: adults with stiff hips",
    "Setting: town pool",
    "Intervention: water class",
    "Comparison: booklet",
]
TITLE = "Water class compared with booklet for stiff hips"


class merged(str):
    """The text of a cell that covers several places: merged("x", columns=2)."""

    def __new__(cls, text, *, columns=1, rows=1):
        cell = super().__new__(cls, text)
        cell.attributes = f' colspan="{columns}" rowspan="{rows}"'
        return cell


def a_table(*rows, before="", after=""):
    """HTML of a table. A row is a list of cells, or one text that covers the whole width."""
    width = max(len(row) for row in rows if isinstance(row, list))
    html = ""
    for row in rows:
        cells = row if isinstance(row, list) else [merged(row, columns=width + 4)]
        html += "<tr>"
        for cell in cells:
            html += f"<td{getattr(cell, 'attributes', '')}>{cell}</td>"
        html += "</tr>"
    return f"{before}<table>{html}</table>{after}"


def head(*, arms=("Risk with booklet", "Risk with water class")):
    """The heads that GRADEpro gives a table, below its title and what is compared."""
    return [
        TITLE,
        "<br>".join(WHAT),
        [
            merged("<b>Outcomes</b>", rows=2),
            merged("Anticipated absolute effects<sup>*</sup> (95% CI)", columns=2),
            merged("Relative effect<br>(95% CI)", rows=2),
            merged("№ of participants<br>(studies)", rows=2),
            merged("Certainty of the evidence<br>(GRADE)", rows=2),
        ],
        list(arms),
    ]


def read_rows(*rows, arms=("Risk with booklet", "Risk with water class"), after=""):
    return read_findings(a_table(*head(arms=arms), *rows, after=after)).findings


def read_row(*cells, **more):
    """The one finding of a table with this row; cells that are left out are empty."""
    (finding,) = read_rows([*cells, *[""] * (6 - len(cells))], **more)
    return finding


def numbers(*texts):
    return tuple(None if text is None else Decimal(text) for text in texts)


class TheSamples(SimpleTestCase):
    def test_give_what_is_expected_of_them(self):
        folder = shared("data", "findings", "tables")
        expected = json.loads((folder / "expected.json").read_text(), parse_float=Decimal)
        self.assertEqual(len(expected["tables"]), 4)
        for name, wanted in expected["tables"].items():
            table = read_findings((folder / name).read_text())
            with self.subTest(name):
                self.assertEqual(table.message, "")
                self.assertEqual(len(table.findings), len(wanted["findings"]))
                for part in ("title", "population", "setting", "intervention", "comparator"):
                    self.assertEqual(getattr(table, part), wanted[part])
            for finding, fields in zip(table.findings, wanted["findings"], strict=True):
                with self.subTest(name, outcome=finding.outcome):
                    self.assertEqual(self.as_json(finding), fields)

    def as_json(self, finding):
        found = {name: getattr(finding, name) for name in finding.__dataclass_fields__}
        found["with"] = found.pop("with_")
        for name in ("interval", "reasons", "flags", "starting_risks"):
            found[name] = None if found[name] is None else list(found[name])
        if scale := finding.scale:
            found["scale"] = {"low": scale.low, "high": scale.high, "better": scale.better}
            found["scale"] |= {"mid": scale.mid} if scale.mid else {}
        if relative := finding.relative:
            ci = list(relative.ci) if relative.ci else None
            found["relative"] = {"measure": relative.measure, "value": relative.value, "ci": ci}
        return found


class ATableOfSevenOutcomes(SimpleTestCase):
    table = read_findings(
        a_table(
            *head(),
            [
                "Got well<br>follow up: 3 months",
                "300 per 1000",
                "420 per 1000<br>(360 to 490)",
                "RR 1.40<br>(1.20 to 1.63)",
                "1,204<br>(9 RCTs)",
                "⨁⨁⨁⨁<br>HIGH",
            ],
            [
                "Pain<br>assessed with: VAS<br>Scale from: 0 to 100 (lower is better)",
                "The mean pain was <b>48</b>",
                "MD <b>9 lower</b><br>(14 lower to 4 lower)",
                "-",
                "640<br>(5 RCTs)",
                "⨁⨁⨁◯<br>MODERATE <sup>a</sup>",
            ],
            [
                "Walking distance",
                "The mean walking distance was 400 metres",
                "MD 25 metres higher (5 lower to 55 higher)",
                "-",
                "90 (1 RCT)",
                "LOWa,b",
            ],
            [
                "Function<br>several scales (higher is better)",
                "-",
                "SMD 0.3 SD higher (0.1 higher to 0.5 higher)",
                "-",
                "210 (3 RCTs)",
                "Low",
            ],
            [
                "Falls<br>follow up: 1 year",
                "900 per 1000",
                "720 per 1000 (650 to 800)",
                "Rate ratio 0.80 (0.72 to 0.89)",
                "800 (4 RCTs)",
                "⨁⨁⨁◯ MODERATE<sup>a</sup>",
            ],
            [
                "Serious harm",
                "See comment",
                "See comment",
                "Not estimable",
                "150 (2 RCTs)",
                "See comment",
            ],
            ["Sleep", "not measured", "not measured", "-", "-", "-"],
            "*The risk in the intervention group is based on the risk in the other group.",
            "GRADE Working Group grades of evidence<br><b>High certainty:</b> (text)",
            "<b>Explanations</b><br>a. Nobody was blinded.<br>b. Few people, wide interval.",
        )
    )

    def test_gives_seven_findings_each_with_its_row_and_outcome(self):
        self.assertEqual(
            [(finding.row, finding.outcome, finding.kind) for finding in self.table.findings],
            [
                (5, "Got well", "count"),
                (6, "Pain", "scale"),
                (7, "Walking distance", "amount"),
                (8, "Function", "words"),
                (9, "Falls", "count"),
                (10, "Serious harm", "words"),
                (11, "Sleep", "words"),
            ],
        )
        self.assertEqual(self.table.message, "")

    def test_says_what_is_compared_and_in_whom(self):
        self.assertEqual(self.table.title, TITLE)
        self.assertEqual(self.table.population, "adults with stiff hips")
        self.assertEqual(self.table.setting, "town pool")
        self.assertEqual(
            (self.table.intervention, self.table.comparator), ("water class", "booklet")
        )

    def test_says_no_direction(self):
        self.assertFalse(hasattr(self.table.findings[0], "direction"))

    def test_has_counts_of_people_and_of_events(self):
        well, falls = self.table.findings[0], self.table.findings[4]

        self.assertEqual((well.unit, well.base, well.time), ("people", 1000, "3 months"))
        self.assertEqual((well.without, well.with_, well.difference), numbers("300", "420", None))
        self.assertEqual((well.interval_of, well.interval), ("with", numbers("360", "490")))
        self.assertEqual((well.people, well.studies), (1204, 9))
        self.assertEqual((falls.unit, falls.relative.measure), ("events", "Rate ratio"))

    def test_has_values_reckoned_from_a_mean_difference(self):
        pain, walk = self.table.findings[1:3]

        self.assertEqual((pain.without, pain.with_, pain.difference), numbers("48", "39", "-9"))
        self.assertEqual((pain.interval_of, pain.interval), ("difference", numbers("-14", "-4")))
        self.assertEqual((pain.scale.low, pain.scale.high), numbers("0", "100"))
        self.assertEqual((pain.scale.better, pain.flags), ("low", ("with_reckoned",)))
        self.assertEqual((walk.unit, walk.with_), ("metres", Decimal(425)))
        self.assertEqual(walk.flags, ("with_reckoned", "better_end_unknown"))

    def test_keeps_standard_deviations_apart(self):
        function = self.table.findings[3]

        self.assertEqual(
            (function.without, function.with_, function.difference), (None, None, None)
        )
        self.assertEqual(function.relative.measure, "SMD")
        self.assertEqual(
            (function.relative.value, function.relative.ci), (Decimal("0.3"), numbers("0.1", "0.5"))
        )
        self.assertEqual((function.flags, function.note), (("smd",), ""))

    def test_has_words_where_it_has_no_numbers(self):
        harm, sleep = self.table.findings[5:]

        self.assertEqual((harm.flags, harm.certainty), (("not_estimable",), "not-rated"))
        self.assertEqual((harm.people, harm.studies), (150, 2))
        self.assertEqual((sleep.flags, sleep.certainty), (("no_studies",), "none"))

    def test_has_codes_for_certainty_and_reasons(self):
        levels = [finding.certainty for finding in self.table.findings]
        self.assertEqual(
            levels, ["high", "moderate", "low", "low", "moderate", "not-rated", "none"]
        )
        self.assertEqual(self.table.findings[1].reasons, ("risk_of_bias",))
        self.assertEqual(self.table.findings[2].reasons, ("risk_of_bias", "imprecision"))
        for finding in self.table.findings:
            self.assertIn(finding.certainty, Certainty.values)
            self.assertLessEqual(set(finding.reasons), set(Claim.REASONS))
            self.assertLessEqual(set(finding.flags), set(FLAGS))


class TheColumns(SimpleTestCase):
    def test_are_told_by_their_names_where_the_treatment_stands_first(self):
        finding = read_row(
            "Got well",
            "420 per 1000 (360 to 490)",
            "300 per 1000",
            "RR 1.40 (1.20 to 1.63)",
            arms=("Risk with water class", "Risk with booklet"),
        )

        self.assertEqual((finding.without, finding.with_), numbers("300", "420"))
        self.assertEqual(finding.interval, numbers("360", "490"))
        self.assertEqual(finding.flags, ("columns_swapped",))

    def test_are_told_by_their_names_below_assumed_and_corresponding_risk(self):
        for labels, row in (
            (["Booklet", "Water class"], ["300 per 1000", "420 per 1000 (360 to 490)"]),
            (["Water class", "Booklet"], ["420 per 1000 (360 to 490)", "300 per 1000"]),
        ):
            (finding,) = read_findings(
                a_table(
                    TITLE,
                    "<br>".join(WHAT),
                    [
                        merged("Outcomes", rows=3),
                        merged("Illustrative comparative risks* (95% CI)", columns=2),
                        merged("Relative effect", rows=3),
                        merged("Quality of the evidence", rows=3),
                    ],
                    ["Assumed risk", "Corresponding risk"],
                    labels,
                    ["Got well", *row, "RR 1.40 (1.20 to 1.63)", "high"],
                )
            ).findings
            with self.subTest(labels):
                self.assertEqual((finding.without, finding.with_), numbers("300", "420"))
                self.assertEqual(finding.row, 6)

    def test_leave_both_counts_empty_where_the_ratio_says_that_the_names_are_exchanged(self):
        finding = read_row(
            "Got well", "420 per 1000", "300 per 1000 (257 to 350)", "RR 1.40 (1.20 to 1.63)"
        )
        self.assertEqual((finding.without, finding.with_, finding.interval), (None, None, None))
        self.assertEqual(finding.flags, ("arms_contradict_ratio",))

    def test_may_be_without_with_and_difference_in_any_order(self):
        finding = read_findings(
            a_table(
                ["Outcome", "Certainty", "Difference", "With heat", "Without heat", "What happens"],
                [
                    "Red skin",
                    "Low",
                    "6.0% more (1.2% more to 15.2% more)",
                    "10.0% (5.2% to 19.2%)",
                    "4.0%",
                    "It may.",
                ],
                before="<h2>Heat versus no heat for cold hands</h2>",
            )
        ).findings[0]

        self.assertEqual((finding.base, finding.unit), (100, "people"))
        self.assertEqual(
            (finding.without, finding.with_, finding.difference), numbers("4", "10", "6")
        )
        self.assertEqual(finding.interval, numbers("5.2", "19.2"))
        self.assertEqual(finding.note, "It may.")

    def test_may_have_a_risk_difference_in_place_of_the_second_risk(self):
        finding = read_row(
            "Blisters",
            "20%",
            "10% more<br>(2% more to 20% more)",
            "RR 1.5 (1.1 to 2.0)",
            arms=("Risk with booklet", "Risk difference with water class (95% CI)"),
        )

        self.assertEqual(
            (finding.without, finding.with_, finding.difference), numbers("20", "30", "10")
        )
        self.assertEqual((finding.interval_of, finding.flags), ("difference", ("with_reckoned",)))

    def test_ask_which_is_which_where_neither_names_nor_intervals_tell(self):
        table = a_table(
            ["Outcome", "Relative effect", "Risk with A", "Risk with B", "Certainty"],
            ["Got well", "RR 2 (1 to 4)", "10 per 100", "20 per 100", "Low"],
        )
        (finding,) = read_findings(table).findings

        self.assertEqual((finding.without, finding.with_), (None, None))
        self.assertEqual(finding.flags, ("arms_unknown",))


class RowsOfOneOutcome(SimpleTestCase):
    CELLS = ("Rate ratio 0.80<br>(0.72 to 0.89)", "1,300<br>(8 RCTs)", "⨁⨁⨁⨁ High")

    def test_with_merged_labels_are_its_starting_risks(self):
        falls, pain = read_rows(
            [
                merged("Falls<br>follow-up: 1 year", rows=6),
                merged("All studies population", columns=2),
                *(merged(cell, rows=6) for cell in self.CELLS),
            ],
            ["900 per 1000", "720 per 1000<br>(650 to 800)"],
            [merged("Low risk population", columns=2)],
            ["600 per 1000", "480 per 1000<br>(430 to 530)"],
            [merged("High risk population", columns=2)],
            ["1,200 per 1000", "960 per 1000<br>(870 to 1,070)"],
            ["Stopped early", "50 per 1000", "40 per 1000 (30 to 60)", "RR 0.8 (0.6 to 1.2)"],
        )

        self.assertEqual((falls.row, falls.outcome, falls.time), (5, "Falls", "1 year"))
        self.assertEqual(
            (falls.unit, falls.without, falls.with_), ("events", Decimal(900), Decimal(720))
        )
        self.assertEqual(
            [
                (risk.label, risk.without, risk.with_, risk.low, risk.high)
                for risk in falls.starting_risks
            ],
            [
                ("All studies population", *numbers("900", "720", "650", "800")),
                ("Low risk population", *numbers("600", "480", "430", "530")),
                ("High risk population", *numbers("1200", "960", "870", "1070")),
            ],
        )
        self.assertEqual((falls.people, falls.studies, falls.certainty), (1300, 8, "high"))
        self.assertEqual((pain.row, pain.without, pain.starting_risks), (11, Decimal(50), ()))

    def test_may_have_their_labels_in_the_column_of_outcomes(self):
        (falls,) = read_rows(
            "Falls",
            ["Low risk population", "600 per 1000", "480 per 1000 (430 to 530)", *self.CELLS],
            ["Not selected for their risk", "900 per 1000", "720 per 1000 (650 to 800)", "", ""],
            ["High risk population", "1200 per 1000", "960 per 1000 (870 to 1070)", "", "", ""],
        )
        self.assertEqual(falls.outcome, "Falls")
        self.assertEqual((falls.without, falls.with_), numbers("900", "720"))
        self.assertEqual(
            [risk.label for risk in falls.starting_risks],
            ["Low risk population", "Not selected for their risk", "High risk population"],
        )

    def test_with_a_risk_in_their_name_are_findings_of_their_own(self):
        found = read_rows(
            ["Falls", "40 per 100", "30 per 100 (25 to 36)", "RR 0.75", "100 (1 RCT)", "Low"],
            ["Risk of a broken bone", "4 per 100", "3 per 100 (2 to 4)", "", "", ""],
            ["Fall risk score", "5 per 100", "4 per 100 (3 to 5)", "", "", ""],
        )
        self.assertEqual([len(finding.starting_risks) for finding in found], [0, 0, 0])

    def test_give_no_starting_risks_where_there_is_one(self):
        (fell,) = read_rows(
            [
                merged("People who fell", rows=2),
                merged("Study population", columns=2),
                *(
                    merged(cell, rows=2)
                    for cell in ("RR 0.80 (0.70 to 0.90)", "300 (2 RCTs)", "Low")
                ),
            ],
            ["100 per 1,000", "80 per 1,000<br>(70 to 90)"],
        )
        self.assertEqual((fell.without, fell.with_), numbers("100", "80"))
        self.assertEqual(fell.starting_risks, ())

    def test_below_its_name_are_one_finding_for_each_time(self):
        short, long, function = read_rows(
            "Pain (0 to 10, lower is better)",
            [
                "Short term (up to 3 months)",
                "The mean pain was 5.0",
                "MD 1.0 lower (1.5 lower to 0.5 lower)",
                "-",
                "300 (3 RCTs)",
                "Moderate",
            ],
            [
                "Long term (over 1 year)",
                "The mean pain was 4.0",
                "MD 0.2 lower (0.9 lower to 0.5 higher)",
                "-",
                "200 (2 RCTs)",
                "Low",
            ],
            "Function",
            ["6 months", "40 per 100", "50 per 100 (45 to 55)", "RR 1.25", "200", "Low"],
        )

        self.assertEqual((short.outcome, short.time), ("Pain", "Short term (up to 3 months)"))
        self.assertEqual((long.outcome, long.time), ("Pain", "Long term (over 1 year)"))
        self.assertEqual((short.row, long.row), (6, 7))
        self.assertEqual((long.with_, long.interval), (Decimal("3.8"), numbers("-0.9", "0.5")))
        self.assertEqual((short.scale.better, short.people, long.people), ("low", 300, 200))
        self.assertEqual((function.outcome, function.time), ("Function", "6 months"))

    def test_may_have_the_time_as_the_merged_row(self):
        found = read_rows(
            "Short term (up to 3 months)",
            ["Pain", "40 per 100", "30 per 100 (25 to 36)", "RR 0.75"],
            ["Stiffness", "50 per 100", "40 per 100 (35 to 46)", "RR 0.8"],
            "Long term (more than 1 year)",
            ["Pain", "30 per 100", "29 per 100 (20 to 40)", "RR 0.97"],
        )
        self.assertEqual(
            [(finding.outcome, finding.time) for finding in found],
            [
                ("Pain", "Short term (up to 3 months)"),
                ("Stiffness", "Short term (up to 3 months)"),
                ("Pain", "Long term (more than 1 year)"),
            ],
        )

    def test_may_have_name_and_time_each_as_a_merged_row(self):
        row = ["", "40 per 100", "30 per 100 (25 to 36)", "RR 0.75", "100 (1 RCT)", "Low"]
        found = read_rows("Pain", "Short term", row, "Long term", row)
        self.assertEqual(
            [(finding.outcome, finding.time) for finding in found],
            [("Pain", "Short term"), ("Pain", "Long term")],
        )

    def test_may_have_a_merged_name_beside_times(self):
        cells = ["The mean pain was 5.0", "MD 1.0 lower (1.5 lower to 0.5 lower)", "-"]
        short, long, other = read_rows(
            [merged("Pain (0 to 10)", rows=4), merged("Short term (up to 3 months)", columns=5)],
            [*cells, "300 (3 RCTs)", "Moderate"],
            [merged("Long term", columns=5)],
            [*cells, "200 (2 RCTs)", "Low"],
            ["Stopped early", "40 per 100", "30 per 100 (25 to 36)"],
        )
        self.assertEqual((short.time, short.people), ("Short term (up to 3 months)", 300))
        self.assertEqual((long.outcome, long.time, long.people), ("Pain", "Long term", 200))
        self.assertEqual((other.outcome, other.time), ("Stopped early", ""))

    def test_may_have_the_time_in_a_column(self):
        first, second = read_findings(
            a_table(
                ["Outcome", "Time point", "Mean difference (95% CI)", "Participants", "Certainty"],
                [merged("Pain, 0-10 scale", rows=2), "3 months", "-1 (-2 to -0.5)", "400", "low"],
                ["12 months", "-0.5 (-1 to 0.1)", "300", "very low"],
            )
        ).findings
        self.assertEqual((first.time, first.difference), ("3 months", Decimal(-1)))
        self.assertEqual((second.outcome, second.time), ("Pain", "12 months"))
        self.assertEqual((second.people, second.certainty), (300, "very-low"))
        self.assertIn("no_starting_value", second.flags)


class ADifferenceInARowOfItsOwn(SimpleTestCase):
    HEADS = [
        "Outcome<br>Timeframe",
        "Study results and measurements",
        "Booklet",
        "Water class",
        "Certainty of the evidence",
        "Plain language summary",
    ]
    MEASURED = (
        "Measured by: grip meter<br>Scale: 0 - 60 High better<br>MID: 5 units<br>Based on data from"
        " 210 participants in 2 studies<br>Follow up: 8 weeks"
    )
    WHY = "Low<br>Due to serious risk of bias, due to serious inconsistency<sup>1</sup>"

    def read(self, *rows):
        heads = [
            merged(self.HEADS[0], rows=2),
            merged(self.HEADS[1], rows=2),
            merged("Absolute effect estimates", columns=2),
            *(merged(one, rows=2) for one in self.HEADS[4:]),
        ]
        table = a_table(heads, self.HEADS[2:4], *rows, before="<h3>Water class vs booklet</h3>")
        return read_findings(table).findings

    def test_belongs_to_the_row_above_it(self):
        difference = merged(
            "Difference: <b>MD 2 higher</b><br>(CI 95% 1 lower - 5 higher)", columns=2
        )
        rows_merged = [
            [
                merged("Strength", rows=2),
                merged(self.MEASURED, rows=2),
                "31<br>Mean",
                "33<br>Mean",
                merged(self.WHY, rows=2),
                merged("May help.", rows=2),
            ],
            [difference],
        ]
        rows_apart = [
            ["Strength", self.MEASURED, "31<br>Mean", "33<br>Mean", self.WHY, "May help."],
            ["", "", difference, "", ""],
        ]
        for rows in (rows_merged, rows_apart):
            (strength,) = self.read(*rows)
            with self.subTest(len(rows[1])):
                self.assertEqual((strength.row, strength.kind), (3, "scale"))
                self.assertEqual(
                    (strength.without, strength.with_, strength.difference),
                    numbers("31", "33", "2"),
                )
                self.assertEqual(strength.interval_of, "difference")
                self.assertEqual(strength.interval, numbers("-1", "5"))
                self.assertEqual(strength.time, "8 weeks")
                self.assertEqual((strength.people, strength.studies), (210, 2))
                self.assertEqual(strength.reasons, ("risk_of_bias", "inconsistency"))
                self.assertEqual(strength.note, "May help.")
                self.assertEqual(strength.flags, ())

    def test_does_not_hide_what_the_study_results_say_of_the_scale(self):
        (strength,) = self.read(["Strength", self.MEASURED, "31 Mean", "33 Mean", "Low", ""])
        scale = strength.scale
        self.assertEqual(
            (scale.low, scale.high, scale.better, scale.mid),
            (Decimal(0), Decimal(60), "high", Decimal(5)),
        )


class AnEvidenceProfile(SimpleTestCase):
    JUDGED = [
        "№ of studies",
        "Study design",
        "Risk of bias",
        "Inconsistency",
        "Indirectness",
        "Imprecision",
        "Other considerations",
    ]
    RELAPSE = [
        "3",
        "randomised trials",
        "serious<sup>a</sup>",
        "not serious",
        "not serious",
        "serious",
        "none",
        "72/298 (24.2%)",
        "46/300 (15.3%)",
        "RR 0.63<br>(0.45 to 0.88)",
        "90 fewer per 1,000<br>(from 133 fewer to 29 fewer)",
        "⨁⨁◯◯<br>Low",
    ]
    PAIN = [
        "2",
        "randomised trials",
        "not serious",
        "very serious",
        "not serious",
        "not serious",
        "publication bias strongly suspected",
        "118",
        "120",
        "-",
        "MD <b>8 lower</b><br>(12 lower to 4 lower)",
        "⨁◯◯◯<br>Very low",
    ]

    def heads(self, *first, last=("Certainty",), arms=("booklet", "water class")):
        return [
            [
                *first,
                merged("Certainty assessment", columns=7),
                merged("№ of patients", columns=2),
                merged("Effect", columns=2),
                *(merged(one, rows=2) for one in last),
            ],
            [*self.JUDGED, *arms, "Relative<br>(95% CI)", "Absolute<br>(95% CI)"],
        ]

    def test_of_12_columns_has_its_outcomes_as_merged_rows(self):
        relapse, pain = read_findings(
            a_table(
                *self.heads(),
                "Relapse (follow-up: mean 12 months)",
                self.RELAPSE,
                "Pain (follow-up: 6 weeks; assessed with: VAS; Scale from: 0 to 100)",
                self.PAIN,
                "a. Nobody was blinded.",
                before="<p>Question: Water class compared to booklet for stiff hips</p>"
                "<p>Setting: town pool</p>",
            )
        ).findings

        self.assertEqual((relapse.outcome, relapse.time), ("Relapse", "mean 12 months"))
        self.assertEqual(
            (relapse.base, relapse.without, relapse.with_), (1000, Decimal(242), Decimal(153))
        )
        self.assertEqual((relapse.difference, relapse.interval_of), (Decimal(-90), "difference"))
        self.assertEqual(relapse.interval, numbers("-133", "-29"))
        self.assertEqual(relapse.flags, ("counts_reckoned",))
        self.assertEqual((relapse.people, relapse.studies), (598, 3))
        self.assertEqual(relapse.reasons, ("risk_of_bias", "imprecision"))

        self.assertEqual((pain.outcome, pain.time, pain.kind), ("Pain", "6 weeks", "scale"))
        self.assertEqual((pain.without, pain.with_, pain.difference), numbers(None, None, "-8"))
        self.assertEqual(pain.flags, ("better_end_unknown", "no_starting_value"))
        self.assertEqual((pain.people, pain.scale.high), (238, Decimal(100)))
        self.assertEqual(pain.reasons, ("inconsistency", "publication_bias"))

    def test_of_13_columns_may_have_its_outcomes_in_the_first_one(self):
        table = read_findings(
            a_table(
                *self.heads(merged("Outcome", rows=2)),
                ["Relapse", *self.RELAPSE],
                before="<p>Water class versus booklet for stiff hips</p>",
            )
        )
        (relapse,) = table.findings
        self.assertEqual((table.intervention, table.comparator), ("Water class", "booklet"))
        self.assertEqual((relapse.row, relapse.without), (3, Decimal(242)))

    def test_with_the_treatment_first_says_so(self):
        row = [*self.RELAPSE[:7], self.RELAPSE[8], self.RELAPSE[7], *self.RELAPSE[9:], "CRITICAL"]
        (relapse,) = read_findings(
            a_table(
                *self.heads(last=("Certainty", "Importance"), arms=("water class", "booklet")),
                "Relapse",
                row,
                before="<p>Water class versus booklet for stiff hips</p>",
            )
        ).findings
        self.assertEqual((relapse.without, relapse.with_), numbers("242", "153"))
        self.assertEqual(relapse.flags, ("counts_reckoned", "columns_swapped"))
        self.assertEqual(relapse.note, "")

    def test_reckons_nothing_from_nobody(self):
        row = [*self.RELAPSE[:7], "0/0", "9/3", *self.RELAPSE[9:]]
        (relapse,) = read_findings(
            a_table(*self.heads(), "Relapse", row, before="<p>Water class vs booklet</p>")
        ).findings
        self.assertEqual((relapse.without, relapse.with_), (None, None))


class ANumber(SimpleTestCase):
    def test_may_be_written_in_many_ways(self):
        for without, with_, base in (
            ("40 per 1000", "100 per 1000 (52 to 192)", 1000),
            ("40 per 1,000", "100 per 1,000 (52 to 192)", 1000),
            ("40\u2009per\u20091\u2009000", "100\u00a0per\u00a01\u00a0000 (52 to 192)", 1000),
            ("40/1000", "100/1000 (52 – 192)", 1000),
            ("40 per 1000", "100 per 1000 [52, 192]", 1000),
            ("40 per 1000", "100 per 1000, 95% CI 52 to 192", 1000),
            ("40 por cada 1.000", "100 por 1.000 (52 a 192)", 1000),
            ("40%", "100% (52% to 192%)", 100),
        ):
            finding = read_row("Red skin", without, with_)
            with self.subTest(with_):
                self.assertEqual((finding.without, finding.with_), numbers("40", "100"))
                self.assertEqual((finding.base, finding.interval), (base, numbers("52", "192")))

    def test_per_100_may_have_decimals(self):
        finding = read_row("Red skin", "4.5 per 100", "9.25 per 100 (3.2 to 19.1)")
        self.assertEqual((finding.without, finding.with_), numbers("4.5", "9.25"))
        self.assertEqual((finding.base, finding.interval), (100, numbers("3.2", "19.1")))

    def test_of_two_bases_is_taken_to_the_larger_one(self):
        finding = read_row("Red skin", "40 per 1000", "10% (5.2% to 19.2%)")
        self.assertEqual(
            (finding.base, finding.without, finding.with_), (1000, *numbers("40", "100"))
        )
        self.assertEqual(
            (finding.interval, finding.flags), (numbers("52", "192"), ("counts_reckoned",))
        )

    def test_for_a_base_that_no_page_shows_stays_in_words(self):
        finding = read_row("Red skin", "2 per 100,000", "5 per 100,000 (1 to 9)")
        self.assertEqual((finding.kind, finding.with_), ("words", None))
        self.assertEqual(finding.flags, ("base_unknown",))
        self.assertIn("5 per 100000", finding.note)

    def test_below_one_is_not_taken_for_one(self):
        finding = read_row("Red skin", "&lt;1 per 1000", "&lt;1 per 1000")
        self.assertEqual((finding.without, finding.with_), (None, None))
        self.assertEqual(finding.note, "<1 per 1000")

    def test_may_have_a_decimal_comma(self):
        well, pain = read_findings(
            a_table(
                "Curso en el agua comparado con folleto para caderas rígidas",
                "Paciente o población: adultos<br>Contexto: piscina<br>"
                "Intervención: curso en el agua<br>Comparación: folleto",
                [
                    merged("Desenlaces", rows=2),
                    merged("Efectos absolutos anticipados (IC del 95%)", columns=2),
                    merged("Efecto relativo (IC del 95%)", rows=2),
                    merged("Nº de participantes (estudios)", rows=2),
                    merged("Certeza de la evidencia (GRADE)", rows=2),
                ],
                ["Riesgo con folleto", "Riesgo con curso en el agua"],
                [
                    "Mejoría<br>Seguimiento: 3 meses",
                    "32,5 por 100",
                    "44,8 por 100 (38,4 a 52,2)",
                    "RR 1,38 (1,20 a 1,63)",
                    "1.204 (9 ECA)",
                    "⨁⨁⨁◯ Moderada<sup>a</sup>",
                ],
                [
                    "Dolor<br>Escala de 0 a 10 (menor es mejor)",
                    "La media fue 5,1 puntos",
                    "DM 1,3 puntos menos (1,9 menos a 0,7 menos)",
                    "-",
                    "966 (7 ECA)",
                    "⨁⨁◯◯ Baja<sup>a,b</sup>",
                ],
                "a. Riesgo de sesgo. b. Imprecisión: pocos participantes.",
            )
        ).findings

        self.assertEqual((well.without, well.with_), numbers("32.5", "44.8"))
        self.assertEqual(
            (well.relative.value, well.relative.ci), (Decimal("1.38"), numbers("1.20", "1.63"))
        )
        self.assertEqual((well.people, well.studies, well.time), (1204, 9, "3 meses"))
        self.assertEqual((pain.without, pain.with_, pain.difference), numbers("5.1", "3.8", "-1.3"))
        self.assertEqual((pain.certainty, pain.reasons), ("low", ("risk_of_bias", "imprecision")))
        self.assertEqual((pain.scale.high, pain.scale.better), (Decimal(10), "low"))

    def test_of_people_may_have_separators(self):
        for text, people, studies in (
            ("1,204<br>(9 RCTs)", 1204, 9),
            ("1\u2009204 (9 studies)", 1204, 9),
            ("1 204 (9 studies)", 1204, 9),
            ("12.981 (59 RCTs)", 12981, 59),
            ("812 (6)", 812, 6),
            ("5 RCTs, 640 people", 640, 5),
            ("300 (two trials)", 300, 2),
            ("(6 studies)", None, 6),
            ("-", None, None),
        ):
            finding = read_row("Pain", "40 per 100", "30 per 100", "", text)
            with self.subTest(text):
                self.assertEqual((finding.people, finding.studies), (people, studies))

    def test_with_a_comma_is_left_out_where_it_may_be_a_decimal_one(self):
        self.assertIsNone(read_row("Steps", "1,204 steps", "MD 5 steps more").without)
        self.assertEqual(
            read_row("Steps", "1,204 steps", "MD 50.5 steps more (20.5 more to 80.5 more)").without,
            1204,
        )

    def test_that_is_a_range_of_groups_is_no_starting_value(self):
        finding = read_row(
            "Stiffness<br>Scale from 0 to 24 (higher is worse)",
            "The mean stiffness ranged across control groups from<br>6 to 9",
            "The mean stiffness in the intervention groups was<br><b>2 lower</b><br>(3 to 1 lower)",
        )
        self.assertEqual((finding.without, finding.with_), (None, None))
        self.assertEqual((finding.difference, finding.interval), (Decimal(-2), numbers("-3", "-1")))
        self.assertEqual(finding.flags, ("no_starting_value",))

    def test_in_a_name_is_no_value(self):
        finding = read_row("6-minute walk", "The mean 6-minute walk distance was 310 metres")
        self.assertEqual((finding.without, finding.unit), (Decimal(310), "metres"))

    def test_outside_of_its_scale_is_left_empty(self):
        finding = read_row(
            "Pain (0 to 10)", "The mean pain was 44", "MD 2 lower (3 lower to 1 lower)"
        )
        self.assertEqual((finding.without, finding.with_), (None, None))
        self.assertIn("outside_scale", finding.flags)

    def test_above_its_base_counts_events(self):
        finding = read_row("Falls", "1,200 per 1000", "924 per 1000 (800 to 1,060)")
        self.assertEqual((finding.without, finding.unit), (Decimal(1200), "events"))

    def test_without_an_interval_that_could_be_estimated_says_so(self):
        finding = read_row("Burns", "0 per 1000", "3 per 1000 (not estimable)")
        self.assertEqual((finding.with_, finding.interval), (Decimal(3), None))
        self.assertEqual(finding.flags, ("no_interval",))


class ASign(SimpleTestCase):
    def difference(self, text, **more):
        return read_row(more.pop("outcome", "Pain (0 to 100, lower is better)"), "", text, **more)

    def test_comes_from_the_word_or_the_minus_and_is_read_once(self):
        for text in (
            "MD 12 lower (15 lower to 10 lower)",
            "MD 12 lower (15 to 10 lower)",
            "MD 12 lower (10 to 15)",
            "MD −12 (−15 to −10)",
            "MD -12 (95% CI -15, -10)",
            "MD –12.0 (–15.0 – –10.0)",
            "MD −12 lower (−15 lower to −10 lower)",
            "MD 12 (15 to 10) lower",
            "MD 12 points fewer (15 fewer to 10 fewer)",
            "The mean pain in the intervention groups was 12 lower (15 lower to 10 lower)",
            "reduced by 12 points (10 to 15)",
            "12 better (10 better to 15 better)",
            "DM 12 menos (15 menos a 10 menos)",
            "DM 12 más bajo (15 más bajo a 10 más bajo)",
        ):
            finding = self.difference(text)
            with self.subTest(text):
                self.assertEqual(finding.difference, Decimal(-12))
                self.assertEqual(finding.interval, numbers("-15", "-10"))

    def test_may_differ_between_the_ends(self):
        finding = self.difference("MD 2 higher (1 lower to 5 higher)")
        self.assertEqual((finding.difference, finding.interval), (Decimal(2), numbers("-1", "5")))

    def test_against_its_word_leaves_that_number_empty(self):
        for text, difference, interval in (
            ("SMD −0.24 SD lower (−0.65 lower to 0.16 lower)", "-0.24", ("-0.65", None)),
            ("SMD −0.24 SD higher (0.65 lower to 0.16 higher)", None, ("-0.65", "0.16")),
        ):
            finding = self.difference(text)
            with self.subTest(text):
                self.assertEqual((finding.relative.value,), numbers(difference))
                self.assertEqual(finding.relative.ci, numbers(*interval))
                self.assertEqual(finding.flags, ("smd", "sign_contradicts_word"))
        finding = read_row("Pain", "40", "MD -3 higher (5 lower to 1 lower)")
        self.assertEqual((finding.difference, finding.with_), (None, None))
        self.assertIn("sign_contradicts_word", finding.flags)

    def test_of_better_needs_the_better_end(self):
        finding = self.difference("12 better (10 better to 15 better)", outcome="Pain (0 to 100)")
        self.assertEqual((finding.difference, finding.interval), (None, None))
        self.assertEqual(finding.flags, ("better_end_unknown",))

    def test_against_both_arms_leaves_the_difference_empty(self):
        table = a_table(
            ["Outcome", "Without heat", "With heat", "Difference", "Certainty"],
            ["Red skin", "10 per 1000", "6 per 1000", "4 more per 1000", "Low"],
        )
        (finding,) = read_findings(table).findings
        self.assertIsNone(finding.difference)
        self.assertEqual(finding.flags, ("sign_contradicts_word",))

    def test_of_an_interval_that_misses_its_value_leaves_the_interval_empty(self):
        finding = self.difference("MD 12 lower (10 higher to 15 higher)")
        self.assertEqual((finding.difference, finding.interval), (Decimal(-12), None))
        self.assertIn("interval_misses_value", finding.flags)


class TheRatio(SimpleTestCase):
    def test_is_named_by_its_cell(self):
        for text, measure in (
            ("RR 0.70 (0.55 to 0.90)", "RR"),
            ("Relative risk: 0.70 (CI 95% 0.55 - 0.90)", "RR"),
            ("OR 0.70 [0.55; 0.90]", "OR"),
            ("HR 0.70 (95% CI 0.55 to 0.90)", "HR"),
            ("Rate ratio 0.70 (0.55–0.90)", "Rate ratio"),
            ("RaR .70 (.55, .90)", "Rate ratio"),
            ("0.70 (0.55 to 0.90)", ""),
        ):
            relative = read_row("Pain", "40 per 100", "30 per 100", text).relative
            with self.subTest(text):
                self.assertEqual(relative.measure, measure)
                self.assertEqual(
                    (relative.value, relative.ci), (Decimal("0.7"), numbers("0.55", "0.90"))
                )

    def test_may_be_named_by_the_head_of_its_column(self):
        for heading, measure in (("Odds Ratio (95% CI)", "OR"), ("Relative effect", "")):
            table = a_table(
                ["Outcome", "Without heat", "With heat", heading, "Certainty"],
                ["Red skin", "40 per 100", "30 per 100", "0.64 (0.5 to 0.8)", "Low"],
            )
            with self.subTest(heading):
                relative = read_findings(table).findings[0].relative
                self.assertEqual((relative.measure, relative.value), (measure, Decimal("0.64")))

    def test_is_told_apart_from_the_count_beside_it(self):
        table = a_table(
            ["Outcome", "Effect estimate (95% CI)", "Participants (studies)", "Certainty"],
            [
                "Burns",
                "RR 0.63 (0.45 to 0.88); 90 fewer per 1000 (133 fewer to 29 fewer)",
                "9 (3)",
                "Low",
            ],
            ["Pain", "MD 1.5 lower (2 lower to 1 lower)", "100 (1)", "Low"],
        )
        burns, pain = read_findings(table).findings
        self.assertEqual((burns.relative.measure, burns.difference), ("RR", Decimal(-90)))
        self.assertEqual((burns.base, burns.flags), (1000, ("no_starting_value",)))
        self.assertEqual((pain.relative, pain.difference), (None, Decimal("-1.5")))


class TheOutcome(SimpleTestCase):
    def test_is_told_apart_from_its_time_and_its_scale(self):
        for text, name, time, scale in (
            (
                "Pain<br>assessed with: NRS<br>Scale from: 0 to 10<br>follow up: mean 12 weeks",
                "Pain",
                "mean 12 weeks",
                ("0", "10", None),
            ),
            (
                "Pain assessed with: NRS Scale from: 0 to 10 follow up: mean 12 weeks",
                "Pain",
                "mean 12 weeks",
                ("0", "10", None),
            ),
            (
                "Pain at 2 weeks (0 = no pain, 10 = worst pain)",
                "Pain",
                "at 2 weeks",
                ("0", "10", "low"),
            ),
            (
                "Pain (VAS 0–100, higher is worse), 3 months",
                "Pain",
                "3 months",
                ("0", "100", "low"),
            ),
            (
                "Function<br>1 year<br>0 (worst) to 68 (best)",
                "Function",
                "1 year",
                ("0", "68", "high"),
            ),
            (
                "Function (0 to 68; higher scores indicate worse function) (6 to 12 months)",
                "Function",
                "6 to 12 months",
                ("0", "68", "low"),
            ),
            (
                "Pain - short term (up to 3 months)",
                "Pain",
                "short term (up to 3 months)",
                None,
            ),
            (
                "Pain intensity, NRS (0-10), lower is better, 12 weeks",
                "Pain intensity, NRS",
                "12 weeks",
                ("0", "10", "low"),
            ),
            (
                "Physical function (WOMAC; 0–68; 0 = no disability; follow-up: 8 weeks)",
                "Physical function",
                "8 weeks",
                ("0", "68", "low"),
            ),
            ("Pain (0 [no pain] to 10 [worst])", "Pain", "", ("0", "10", "low")),
            ("Grip strength (kg) at 8 weeks", "Grip strength (kg)", "at 8 weeks", None),
            ("Harms (any)", "Harms (any)", "", None),
            (
                "Disability (Better indicated by lower values)",
                "Disability",
                "",
                (None, None, "low"),
            ),
            ("Fear of<br>falling", "Fear of falling", "", None),
            ("Loss to follow-up", "Loss to follow-up", "", None),
            ("Walking distance in 6 minutes", "Walking distance in 6 minutes", "", None),
            ("Return to work within 3 months", "Return to work", "within 3 months", None),
            ("Pain at the end of treatment", "Pain", "at the end of treatment", None),
        ):
            finding = read_row(text, "The mean was 5", "MD 1 lower (2 lower to 0.5 lower)")
            with self.subTest(text):
                self.assertEqual((finding.outcome, finding.time), (name, time))
                found = finding.scale
                self.assertEqual(
                    found and (found.low, found.high, found.better),
                    scale and (*numbers(*scale[:2]), scale[2]),
                )

    def test_may_hold_how_many_people_were_studied(self):
        finding = read_row("Red skin within 1 day<br>№ of participants: 350 (4 RCTs)", "4%", "10%")
        self.assertEqual((finding.outcome, finding.time), ("Red skin", "within 1 day"))
        self.assertEqual((finding.people, finding.studies), (350, 4))

    def test_may_hold_people_and_studies_on_two_lines(self):
        finding = read_row("Sleep<br>follow up: 12 weeks<br>№ of participants: 1,350<br>(4 RCTs)")
        self.assertEqual((finding.outcome, finding.time), ("Sleep", "12 weeks"))
        self.assertEqual((finding.people, finding.studies), (1350, 4))

    def test_may_say_itself_that_it_was_not_measured(self):
        finding = read_row("Sleep - not measured", "-", "-", "-", "-", "-")
        self.assertEqual((finding.outcome, finding.flags), ("Sleep", ("no_studies",)))

    def test_may_say_in_a_sentence_how_it_was_measured(self):
        finding = read_row(
            "Swelling<br>Values after treatment, measured on a scale from 0, no swelling, to 10,"
            " maximum swelling.",
            "The mean swelling ranged across control groups from 6 to 9",
            "The mean swelling was on average<br>4.7 lower<br>(95% CI –4.9 to –4.5)",
        )
        self.assertEqual((finding.scale.low, finding.scale.high), numbers("0", "10"))
        self.assertEqual((finding.scale.better, finding.difference), ("low", Decimal("-4.7")))
        self.assertEqual(finding.interval, numbers("-4.9", "-4.5"))

    def test_of_two_phrases_that_contradict_has_no_better_end(self):
        finding = read_row(
            "Pain (0 to 10, lower is better; 0 = worst pain, 10 = no pain)", "5", "4"
        )
        self.assertIsNone(finding.scale.better)
        self.assertEqual(finding.flags, ("better_end_unknown",))

    def test_may_have_a_unit_instead_of_a_scale(self):
        for outcome, without, unit in (
            ("Time off work", "The mean time was 6.0 days", "days"),
            ("Walking distance (metres)", "The mean was 310", "metres"),
            ("Bend, in degrees", "95", "degrees"),
        ):
            finding = read_row(outcome, without, "MD 5 higher (2 higher to 8 higher)")
            with self.subTest(outcome):
                self.assertEqual((finding.kind, finding.unit), ("amount", unit))


class TheCertainty(SimpleTestCase):
    NOTES = (
        "<p><sup>a</sup> Downgraded one level: nobody was blinded.</p>"
        "<p><sup>b</sup> Downgraded one level: few people and a wide interval.</p>"
        "<p><sup>c</sup> Not downgraded for imprecision. Publication bias suspected.</p>"
    )

    def certainty(self, text, after=""):
        return read_row("Pain", "4 per 100", "3 per 100", "", "", text, after=after)

    def test_is_read_from_symbols_or_word(self):
        for text, level in (
            ("⊕⊕⊕⊕", "high"),
            ("⨁⨁⨁◯", "moderate"),
            ("⨁ ⨁ ◯ ◯", "low"),
            ("⊕⊝⊝⊝", "very-low"),
            ("⊕OOO", "very-low"),
            ("++++", "high"),
            ("ÅÅOO", "low"),
            ("⊕⊕⊕⊝<br>moderate<sup>1</sup>", "moderate"),
            ("VERY  LOW", "very-low"),
            ("very-low", "very-low"),
            ("Low to moderate", "low"),
            ("High certainty", "high"),
            ("Muy baja", "very-low"),
            ("Low, due to high risk of bias", "low"),
            ("", "not-rated"),
            ("See comment", "not-rated"),
            ("-", "not-rated"),
        ):
            finding = self.certainty(text)
            with self.subTest(text):
                self.assertEqual((finding.certainty, finding.flags), (level, ()))

    def test_is_the_lower_one_where_symbols_and_word_differ(self):
        for text in ("⨁⨁◯◯<br>VERY LOW", "⨁◯◯◯ moderate"):
            finding = self.certainty(text)
            with self.subTest(text):
                self.assertEqual(finding.certainty, "very-low")
                self.assertEqual(finding.flags, ("symbols_say_low",))

    def test_has_its_reasons_in_footnotes(self):
        for text in (
            "⨁⨁◯◯<br>Low<sup>a,b</sup>",
            "Low<sup>a</sup><sup>b</sup>",
            "Low<sup>ab</sup>",
            "LOWa,b",
            "LOW a,b",
            "LOW <span style='vertical-align:super'>a, b</span>",
            "<b>Low</b> <sup><a href='#n1'>a</a>, <a href='#n2'>b</a></sup>",
        ):
            finding = self.certainty(text, after=self.NOTES)
            with self.subTest(text):
                self.assertEqual(finding.certainty, "low")
                self.assertEqual(finding.reasons, ("risk_of_bias", "imprecision"))

    def test_may_have_numbered_footnotes(self):
        notes = "<p>1 Downgraded for inconsistency.</p><p>2 Indirect: other people.</p>"
        for text in ("low<sup>1,2</sup>", "low¹,²", "low1,2", "low 1,2"):
            with self.subTest(text):
                found = self.certainty(text, after=notes).reasons
                self.assertEqual(found, ("inconsistency", "indirectness"))

    def test_has_no_reason_that_a_footnote_denies(self):
        self.assertEqual(
            self.certainty("Low<sup>c</sup>", after=self.NOTES).reasons, ("publication_bias",)
        )

    def test_may_have_its_reasons_beside_it(self):
        finding = self.certainty("Very low<br>Due to serious imprecision, due to risk of bias")
        self.assertEqual(finding.certainty, "very-low")
        self.assertEqual(finding.reasons, ("imprecision", "risk_of_bias"))


class ARowWithoutNumbers(SimpleTestCase):
    def test_is_offered_in_words_and_keeps_its_comment(self):
        sentence = "Three trials measured this; one found less pain."
        for cells, note in (
            (["See comment", "See comment", "Not estimable", "120 (2 studies)"], ""),
            (["", "", "", ""], ""),
            ([merged(sentence, columns=3), "300 (3 RCTs)"], sentence),
        ):
            (finding,) = read_rows(["Dizziness", *cells, ""])
            with self.subTest(cells):
                self.assertEqual((finding.kind, finding.flags), ("words", ("not_estimable",)))
                self.assertEqual(finding.note, note)

    def test_of_which_there_are_no_studies_says_so(self):
        for cells in (["No studies", "No studies", "-", "0 (0 studies)"], ["not measured"]):
            finding = read_row("Sleep", *cells)
            with self.subTest(cells):
                self.assertEqual(finding.flags, ("no_studies",))
                self.assertEqual((finding.people, finding.certainty), (None, "none"))

    def test_keeps_its_place_among_others(self):
        found = read_rows(
            ["Sleep", "", "", "", "", ""], ["Pain", "4 per 100", "3 per 100", "", "", ""]
        )
        self.assertEqual([(one.row, one.outcome) for one in found], [(5, "Sleep"), (6, "Pain")])

    def test_may_have_one_number_alone(self):
        finding = read_row("Pain", "12 per 100", "", "RR 0.9")
        self.assertEqual((finding.without, finding.with_), numbers("12", None))


class HeadsThatComeAgain(SimpleTestCase):
    def test_are_no_finding(self):
        row = ["Pain", "4 per 100", "3 per 100", "RR 0.75", "100 (1 RCT)", "Low"]
        found = read_rows(row, *head()[2:], row)
        self.assertEqual([finding.row for finding in found], [5, 8])


class ATableOfPubMedCentral(SimpleTestCase):
    def test_has_its_title_above_and_its_notes_below(self):
        table = read_findings(
            "<section><h4>Table 4.</h4><div class='caption'><p>Summary of findings: heat wrap"
            " compared with no heat wrap in adults with sore shoulders.</p></div><table><thead>"
            "<tr><th rowspan='2' colspan='1'>Outcomes</th><th colspan='2'>Anticipated absolute"
            " effects (95% CI)<hr></th><th rowspan='2'>Relative effect</th><th rowspan='2'>"
            "Number of participants (studies)</th><th rowspan='2'>Certainty of evidence</th></tr>"
            "<tr><th>Risk with no heat wrap</th><th>Risk with heat wrap</th></tr></thead><tbody>"
            "<tr><td>Red skin</td><td>40 per 1000</td><td>100 per 1000 (52–192)</td><td>RR 2.50"
            " (1.30–4.80)</td><td>350 (4 RCTs)</td><td>⨁⨁◯◯<br>LOW<sup><a href='#a'>a</a>,<a"
            " href='#b'>b</a></sup></td></tr></tbody></table><div><p>CI: confidence interval."
            "</p><div><sup>a</sup><p>Most trials were not blinded.</p></div><div><sup>b</sup><p>"
            "Wide confidence interval.</p></div></div></section>"
        )
        (skin,) = table.findings
        self.assertEqual((table.intervention, table.comparator), ("heat wrap", "no heat wrap"))
        self.assertEqual((skin.row, skin.without, skin.with_), (3, Decimal(40), Decimal(100)))
        self.assertEqual(skin.reasons, ("risk_of_bias", "imprecision"))


class WhatIsNoTableOfFindings(SimpleTestCase):
    def test_gives_no_findings_and_says_what_to_do(self):
        for html in (
            "",
            "40 per 1000",
            "<p>Nothing</p>",
            "<table></table>",
            a_table(["Exercise", "Sets", "Repeats"], ["Squat", "3", "10"]),
            a_table(["Outcome", "Start", "12 weeks", "p"], ["Pain", "5.0", "4.0", "0.01"]),
            a_table(["Feature", "Group A (n=20)", "Group B (n=22)"], ["Age", "50", "51"]),
            a_table(*head()),
        ):
            table = read_findings(html)
            with self.subTest(html[:80]):
                self.assertEqual(table.findings, ())
                self.assertRegex(table.message, r"^[A-Z].* paste .*\.$")

    def test_beside_one_is_passed_over(self):
        other = a_table(["Exercise", "Sets", "Repeats"], ["Squat", "3", "10"])
        table = read_findings(other + a_table(*head(), ["Pain", "4 per 100", "3 per 100"]))
        self.assertEqual([finding.outcome for finding in table.findings], ["Pain"])
        self.assertEqual(table.message, "")

    def test_is_not_silent_about_a_second_one(self):
        html = a_table(*head(), ["Pain", "4 per 100", "3 per 100"])
        self.assertIn("one at a time", read_findings(html * 2).message)


class HostileHtml(SimpleTestCase):
    ROW = "<tr><td>Pain</td><td>4 per 100</td><td>3 per 100</td><td>RR 0.75</td></tr>"
    HEAD = (
        "<tr><td>Outcomes</td><td>Without heat</td><td>With heat</td><td>Relative effect</td></tr>"
    )

    def test_is_read_or_refused_with_a_sentence(self):
        row_of = "<tr>" + "<td>{}</td>" * 4 + "</tr>"
        for name, html in {
            "spans": "<table>"
            + "<tr>"
            + "<td colspan=9999 rowspan=9999>x</td>" * 99
            + "</tr>" * 999,
            "spans below": f"<table>{self.HEAD}"
            + "<tr><td colspan=9999 rowspan=9999>x<td rowspan=9999>y</tr>" * 2000,
            "many cells": f"<table>{self.HEAD}{self.ROW * 2500}</table>",
            "one long row": f"<table>{self.HEAD}<tr>{'<td>1 per 100 (1 to 2)</td>' * 10000}</tr>",
            "nested": "<table><tr><td>" * 9999,
            "unclosed": f"<table>{self.HEAD}" + "<b><i>" * 9999,
            "digits": f"<table>{self.HEAD}{row_of.replace('{}', '9' * 50000)}</table>",
            "brackets": f"<table>{self.HEAD}{row_of.replace('{}', '(1 to ' * 9999)}</table>",
            "commas": f"<table>{self.HEAD}{row_of.replace('{}', '1,' * 50000)}</table>",
            "blanks": f"<table>{self.HEAD}{row_of.replace('{}', 'low  ' * 20000)}</table>",
            "entities": "&#49;" * 90000,
            "comments": "<!--" * 50000,
            "signs": "<" * 200000,
            "control characters": "<table>\x00\ud800\ue000\uffff" + self.HEAD + "\x0b",
        }.items():
            table = read_findings(html)
            with self.subTest(name):
                self.assertTrue(table.message or table.findings)
                self.assertLessEqual(len(table.findings), 200)

    def test_with_more_outcomes_than_a_person_looks_through_says_how_many_were_read(self):
        table = read_findings(f"<table>{self.HEAD}{self.ROW * 2500}</table>")
        self.assertEqual(len(table.findings), 200)
        self.assertIn("first 200", table.message)

    def test_brings_in_no_script_no_struck_and_no_hidden_text(self):
        row = self.ROW.replace(
            "Pain",
            "Pa<script>alert(1)</script>in<del> gone</del>"
            "<span style='display:none'> hidden</span><img src=x onerror=alert(1)>",
        )
        (finding,) = read_findings(f"<table>{self.HEAD}{row}</table>").findings
        self.assertEqual(finding.outcome, "Pain")

    def test_without_closing_tags_is_read(self):
        row = "<tr><td>Pain<td>4 per 100<td>3 per 100<td>RR 0.75"
        (finding,) = read_findings(f"<table>{self.HEAD}{row}").findings
        self.assertEqual((finding.without, finding.with_), numbers("4", "3"))

    def test_may_be_wrapped_in_a_table_for_its_layout(self):
        html = f"<table><tr><td><p>x</p><table>{self.HEAD}{self.ROW}</table></td></tr></table>"
        (finding,) = read_findings(html).findings
        self.assertEqual((finding.row, finding.outcome), (2, "Pain"))


class ATableWithOtherHeads(SimpleTestCase):
    def test_may_name_the_measure_in_its_heads_alone(self):
        short, long = read_findings(
            a_table(
                [merged("Summary of results", columns=3), merged("Quality (GRADE)", columns=5)],
                [
                    "Follow-up",
                    "Number of participants (trials)",
                    "SMD (95% CI)",
                    "Design",
                    "Inconsistency",
                    "Indirectness",
                    "Imprecision",
                    "Quality",
                ],
                "Stiffness",
                [
                    "Short term (up to 3 months)",
                    "385 (6 trials)",
                    "−0.28 (−0.49 to −0.08)",
                    "Limitations*",
                    "No inconsistency",
                    "No indirectness",
                    "Imprecision†",
                    "Low<br>⨁⨁◯◯",
                ],
                "Sensitivity analysis",
                ["Long term", "345 (5 trials)", "0.01 (−0.39 to 0.41)", "No limitations"],
            )
        ).findings

        self.assertEqual(
            (short.outcome, short.time, short.kind),
            ("Stiffness", "Short term (up to 3 months)", "words"),
        )
        self.assertEqual((short.relative.measure, short.relative.value), ("SMD", Decimal("-0.28")))
        self.assertEqual(short.reasons, ("risk_of_bias", "imprecision"))
        self.assertEqual((long.outcome, long.reasons), ("Stiffness, sensitivity analysis", ()))

    def test_may_have_its_outcomes_over_two_columns(self):
        first, second = read_findings(
            a_table(
                [
                    merged("Outcome", rows=2, columns=2),
                    merged("Anticipated absolute effects (95% CI)", columns=2),
                    merged("No of participants (RCTs)", rows=2),
                    merged("Certainty", rows=2),
                ],
                ["Risk with control group", "Risk with class"],
                [
                    merged("Grip (kg)", rows=2),
                    "ST",
                    "30.5 kg",
                    "MD 3.1 kg higher (0.6 lower to 6.8 higher)",
                    "116 (4 RCTs)",
                    "⊕◯◯◯ VERY LOW*†",
                ],
                ["LT", "31.0 kg", "MD 1 kg higher (2 lower to 4 higher)", "90 (2 RCTs)", "LOW †"],
                after="<p>*Downgraded for few people. †Publication bias suspected.</p>",
            )
        ).findings
        self.assertEqual((first.outcome, first.time, first.unit), ("Grip (kg)", "ST", "kg"))
        self.assertEqual((second.outcome, second.time, second.people), ("Grip (kg)", "LT", 90))
        self.assertEqual(first.reasons, ("imprecision", "publication_bias"))
        self.assertEqual(second.reasons, ("publication_bias",))

    def test_may_have_the_time_beside_the_people(self):
        (finding,) = read_findings(
            a_table(
                [
                    "Outcomes",
                    "No of participants (studies) Follow-up",
                    "Risk with booklet",
                    "Risk difference with class",
                    "Certainty",
                ],
                [
                    "Burns",
                    "300 (3 RCTs)<br>6 months",
                    "10 per 100",
                    "2 fewer per 100 (5 fewer to 2 more)",
                    "Low",
                ],
            )
        ).findings
        self.assertEqual((finding.time, finding.people, finding.studies), ("6 months", 300, 3))
        self.assertEqual((finding.with_, finding.interval), (Decimal(8), numbers("-5", "2")))

    def test_may_have_its_heads_over_two_rows_that_are_not_merged(self):
        (finding,) = read_findings(
            a_table(
                TITLE,
                [
                    "Outcomes",
                    merged("Absolute effects", columns=2),
                    "№ of participants",
                    "Certainty",
                ],
                ["", "Risk with booklet", "Risk with water class", "(studies)", "(GRADE)"],
                ["Burns", "10 per 100", "8 per 100 (5 to 12)", "966 (7)", "Low"],
            )
        ).findings
        self.assertEqual((finding.without, finding.with_), numbers("10", "8"))
        self.assertEqual((finding.row, finding.people, finding.studies), (4, 966, 7))

    def test_says_so_where_it_compares_three_treatments(self):
        table = read_findings(
            a_table(
                ["Outcomes", "Booklet", "Water class", "Land class", "Certainty"],
                ["Burns", "10 per 100", "8 per 100 (5 to 12)", "7 per 100 (4 to 11)", "Low"],
                before="<p>Water class versus booklet</p>",
            )
        )
        self.assertEqual(table.findings[0].with_, Decimal(8))
        self.assertIn("more than two treatments", table.message)


class ADifferenceThatPointsAwayFromTheRatio(SimpleTestCase):
    def test_is_left_empty_with_what_was_reckoned_from_it(self):
        finding = read_row(
            "Burns", "100 per 1000", "20 more per 1000 (10 more to 30 more)", "RR 0.8 (0.7 to 0.9)"
        )
        self.assertEqual(
            (finding.without, finding.with_, finding.difference), (Decimal(100), None, None)
        )
        self.assertEqual(
            (finding.interval, finding.flags), (None, ("difference_contradicts_ratio",))
        )


class TheNamesOfTheArms(SimpleTestCase):
    def test_that_are_alike_go_to_the_one_that_is_more_like_the_treatment(self):
        for title, arms in (
            ("Home exercise versus exercise in a group", ("Exercise in a group", "Home exercise")),
            (
                "Exercise and advice versus advice",
                ("Risk with advice", "Risk with advice + exercise"),
            ),
            ("Exercise versus no exercise for stiff hips", ("No exercise", "Exercise")),
            ("Should splints vs. no splints be used for stiff hips?", ("No splints", "Splints")),
            ("Table 1. Summary of findings: tape compared to sham tape", ("Sham tape", "Tape")),
        ):
            for labels in (arms, arms[::-1]):
                cells = {arms[0]: "20 per 100", arms[1]: "30 per 100 (25 to 36)"}
                (finding,) = read_findings(
                    a_table(
                        ["Outcomes", *labels, "Relative effect", "Certainty"],
                        ["Got well", *(cells[label] for label in labels), "RR 1.5", "Low"],
                        before=f"<h3>{title}</h3>",
                    )
                ).findings
                with self.subTest(title, labels=labels):
                    self.assertEqual((finding.without, finding.with_), numbers("20", "30"))
                    self.assertEqual("columns_swapped" in finding.flags, labels != arms)

    def test_may_be_generic(self):
        for labels in (
            ("Control", "Intervention"),
            ("Risk with placebo", "Risk with stretching"),
            ("Comparator risk", "Intervention risk"),
        ):
            (finding,) = read_findings(
                a_table(
                    ["Outcomes", *labels[::-1], "Relative effect", "Certainty"],
                    ["Got well", "30 per 100", "20 per 100", "RR 1.5", "Low"],
                )
            ).findings
            with self.subTest(labels):
                self.assertEqual((finding.without, finding.with_), numbers("20", "30"))

    def test_are_read_from_the_lines_in_any_form(self):
        for rows in (
            [" ".join(WHAT)],
            WHAT,
            [[*line.split(": "), merged("", columns=4)] for line in WHAT],
        ):
            table = read_findings(
                a_table(
                    TITLE, *rows, *head()[2:], ["Pain", "4 per 100", "3 per 100", "", "", "Low"]
                )
            )
            with self.subTest(rows[0]):
                self.assertEqual(
                    (table.population, table.setting, table.intervention, table.comparator),
                    ("adults with stiff hips", "town pool", "water class", "booklet"),
                )
                self.assertEqual((table.title, len(table.findings)), (TITLE, 1))


class MarkupOfWord(SimpleTestCase):
    def test_is_read_through(self):
        (finding,) = read_findings(
            "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head>"
            "<style>td{mso-x:1}</style><!--[if gte mso 9]><xml><o:Office>1</o:Office></xml>"
            "<![endif]--></head><body lang=EN-GB><!--StartFragment-->"
            "<table class=MsoNormalTable border=1 style='mso-cellspacing:0cm'>"
            "<tr style='mso-yfti-irow:0'><td width=99><p class=MsoNormal><b>Outcomes<o:p></o:p>"
            "</b></p></td><td><p>Without heat<o:p></o:p></p></td><td><p>With heat</p></td>"
            "<td>Certainty</td></tr><tr><td><p class=MsoNormal>Red\r\n  skin<o:p></o:p></p></td>"
            "<td><p>40<span style='mso-spacerun:yes'>  </span>per 1000<o:p></o:p></p></td>"
            "<td><p>100 per 1000</p><p>(52 to\r\n192)</p></td>"
            "<td><p>⨁⨁<span style='mso-hide:all'>⨁</span>◯◯</p><p>LOW<a href='#_ftn1'>"
            "<span class=MsoFootnoteReference>[1]</span></a></p></td></tr></table>"
            "<p>[1] Few people.</p><!--EndFragment--></body></html>"
        ).findings
        self.assertEqual(finding.outcome, "Red skin")
        self.assertEqual((finding.without, finding.with_), numbers("40", "100"))
        self.assertEqual(finding.interval, numbers("52", "192"))
        self.assertEqual((finding.certainty, finding.reasons), ("low", ("imprecision",)))

    def test_may_have_pictures_for_symbols(self):
        finding = read_row("Pain", "4 per 100", "3 per 100", "", "", "<img src='x' alt='⊕⊕⊝⊝'>")
        self.assertEqual(finding.certainty, "low")
