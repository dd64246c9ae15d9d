"""Which pairs of the library a person is asked about, whenever they came in."""

import random

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from references import formats, importing, merging, pairs, possible_pairs
from references.models import PossiblePair, Reference
from tests.builders import NOON, a_reference, an_editor
from tests.evidence.test_matching_references import TITLE, a_work

Likeness = PossiblePair.Likeness


def found():
    """{the two titles or pages: (why, is it certain)} of the pairs that wait for a decision."""
    possible_pairs.compare_new()
    return {
        (pair.one_id, pair.other_id): (pair.likeness, pair.is_certain)
        for pair in possible_pairs.open_pairs()
    }


class TwoReferences(TestCase):
    def test_are_asked_about_with_what_they_have_in_common(self):
        one = a_work(save=True, DOI="10.5555/1")
        two = a_work(save=True)
        apart = a_work(save=True, DOI="10.5555/2")
        place = a_work(save=True, title="Printed with a title of its own", pmid="77")
        misprint = a_work(
            save=True, title=TITLE.replace("shoulder", "shouldre"), page="", volume=""
        )
        a_work(save=True, title="Wholly different from all of these", volume="99")
        self.assertEqual(
            found(),
            {
                (one.pk, two.pk): (Likeness.TITLE, True),
                (two.pk, apart.pk): (Likeness.TITLE, True),
                (one.pk, apart.pk): (Likeness.TITLE, False),
                (two.pk, place.pk): (Likeness.PLACE, False),
                (one.pk, place.pk): (Likeness.PLACE, False),
                (apart.pk, place.pk): (Likeness.PLACE, False),
                (one.pk, misprint.pk): (Likeness.SPELLING, False),
                (two.pk, misprint.pk): (Likeness.SPELLING, False),
                (apart.pk, misprint.pk): (Likeness.SPELLING, False),
            },
        )

    def test_are_asked_about_when_they_become_alike_later(self):
        a_work(save=True)
        other = a_work(save=True, title="Something else that was typed by mistake", volume="99")
        self.assertEqual(found(), {})
        other.csl |= {"title": TITLE, "volume": "7"}
        other.save()
        self.assertEqual(len(found()), 1)
        other.csl |= {"title": "Something else that was typed by mistake", "volume": "99"}
        other.save()
        self.assertEqual(found(), {})

    def test_are_asked_about_once_and_not_after_a_decision(self):
        one, other, third = (a_work(save=True, DOI=f"10.5555/{number}") for number in range(3))
        editor = an_editor()
        self.assertEqual(len(found()), 3)
        pairs.tell_apart([one, other], by=editor, at=NOON)
        self.assertNotIn((one.pk, other.pk), found())
        merge = merging.merge(one, third, by=editor, at=NOON)
        self.assertEqual(found(), {})
        merging.unmerge(merge, by=editor, at=NOON)
        self.assertEqual(len(found()), 2)

    def test_of_parts_or_other_numbers_are_left_alone(self):
        for one, other in (
            (
                {"title": "A conceptual overview, part 1"},
                {"title": "A conceptual overview, part 2"},
            ),
            ({"title": "Trial number 12 of needles"}, {"title": "Trial number 13 of needles"}),
            ({"title": "Editorial"}, {"title": "Editorial", "author": [{"family": "Poe"}]}),
        ):
            with self.subTest(one):
                Reference.objects.all().delete()
                a_work(save=True, page="", volume="", **one)
                a_work(save=True, page="", volume="", **other)
                self.assertEqual(found(), {})

    def test_cost_no_more_in_a_large_library(self):
        def queries(count):
            for number in range(count):
                a_reference(csl={"title": f"A work about a thing of its own {number} {count}"})
            possible_pairs.compare_new()
            a_work(save=True)
            with CaptureQueriesContext(connection) as captured:
                possible_pairs.compare_new()
            return len(captured)

        queries(2)
        self.assertEqual(queries(2), queries(150))


class ALabelledSet(TestCase):
    """300 works, three records each, as databases and people write them."""

    WORDS = (
        "exercise loading needling stretching bracing taping heat strength gait balance therapy"
        " shoulder knee elbow ankle hip neck tendon muscle cartilage pain stiffness function"
        " adults runners workers athletes women children outcomes recovery return trial cohort"
    ).split()

    def works(self, chance):
        for number in range(300):
            title = " ".join(chance.sample(self.WORDS, 7)).capitalize()
            if number % 10 == 9:
                title = f"{title}: part {number % 3 + 1}"
            yield {
                "work": number,
                "TI": title,
                "AU": [
                    f"{chance.choice('ABCDEFGHKLM')}{chance.choice('aeiou')}r{name}, J"
                    for name in chance.sample(["ton", "sen", "ley", "man", "ova"], 3)
                ],
                "PY": str(chance.randint(1995, 2025)),
                "JF": chance.choice(["Journal of Examples", "Pain and Movement", "Gait"]),
                "VL": str(chance.randint(1, 60)),
                "SP": str(chance.randint(1, 900)),
                # One in ten is an abstract: its DOI is that of the whole supplement.
                "DO": f"10.5555/supplement.{number // 50}"
                if number % 10 == 3
                else f"10.5555/work.{number}",
            }

    def record(self, work, changed):
        fields = work | changed
        lines = ["TY  - JOUR", f"TI  - {fields['TI']}", f"ID  - {fields['work']}"]
        lines += [f"AU  - {name}" for name in fields["AU"]]
        lines += [
            f"{tag}  - {fields[tag]}" for tag in ("PY", "JF", "VL", "SP", "DO") if fields[tag]
        ]
        return "\n".join([*lines, "ER  - ", ""])

    def variants(self, work, chance):
        title = work["TI"]
        at = chance.randrange(4, len(title) - 4)
        return chance.sample(
            [
                {"DO": ""},
                {"DO": "", "JF": "J. Ex."},
                {"DO": "", "TI": title.upper(), "AU": [name.upper() for name in work["AU"]]},
                {"DO": "", "TI": title[:at] + title[at + 1 :]},
                {"DO": "", "VL": "", "SP": ""},
                {"DO": "", "PY": str(int(work["PY"]) + 1)},
                {"DO": "", "TI": f"{title}. A comment on the whole of it"},
                {"DO": "", "AU": work["AU"][:1]},
                {"VL": "", "SP": ""},
                {"TI": f"Sobre {title[::-1].lower()}"},
            ],
            2,
        )

    def test_loses_no_work_and_merges_or_offers_nearly_all_that_is_double(self):
        chance = random.Random(20)  # noqa: S311
        records = []
        for work in self.works(chance):
            records.append((work["work"], self.record(work, {})))
            for changed in self.variants(work, chance):
                records.append((work["work"], self.record(work, changed)))
        chance.shuffle(records)
        text = "".join(record for _work, record in records)
        importing.import_records(
            formats.read(text.encode(), "a.ris"), file_name="a.ris", by=None, at=NOON
        )
        possible_pairs.compare_new()

        # Each row of the library, by the work its record is of.
        work_of_row, in_row = {}, {}
        for row in Reference.objects.prefetch_related("source_records"):
            raws = [row.raw, *(source.raw for source in row.source_records.all())]
            works = {int(raw.split("ID  - ")[1].split("\n")[0]) for raw in raws}
            self.assertEqual(len(works), 1, f"Two works in one row: {raws}")
            work_of_row[row.pk] = works.pop()
            in_row.setdefault(work_of_row[row.pk], []).append(row.pk)
        self.assertEqual(sorted(in_row), list(range(300)), "A work is in the library no more.")

        offered = {(pair.one_id, pair.other_id) for pair in possible_pairs.open_pairs()}
        double = sum(len(rows) - 1 for rows in in_row.values())
        missed = sum(
            not any((min(row, first), max(row, first)) in offered for first in rows if first != row)
            for rows in in_row.values()
            if len(rows) > 1
            for row in rows[1:]
        )
        false = [pair for pair in offered if work_of_row[pair[0]] != work_of_row[pair[1]]]
        self.assertLessEqual(
            missed / 600, 0.03, f"{missed} of {double} rows are offered with none."
        )
        self.assertLess(len(false), 30)
        print("missed", missed, "double", double, "offered", len(offered), "false", len(false))
