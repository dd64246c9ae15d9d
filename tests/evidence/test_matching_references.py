"""Which records are one work: what is certain, what a person is asked, what is left apart."""

from django.test import SimpleTestCase, TestCase
from hypothesis import given
from hypothesis import strategies as st

from references import matching
from references.models import Reference

TITLE = "Dry needling for the neck and shoulder: a trial"


def a_work(*, save=False, pmid=None, isbn13=None, **csl):
    work = Reference(
        csl={
            "type": "article-journal",
            "title": TITLE,
            "author": [{"family": "Osei", "given": "A"}],
            "volume": "7",
            "issued": {"date-parts": [[2020]]},
            "page": "10-19",
            "container-title": "Journal of Examples",
            **csl,
        },
        pmid=pmid,
        isbn13=isbn13,
    )
    work.derive()
    if save:
        work.save()
    return work


def without(name):
    return {name: ""}


class TwoRecords(SimpleTestCase):
    def test_are_one_work_when_title_author_year_and_place_agree(self):
        for label, other in (
            ("the same", a_work()),
            (
                "another case and markup",
                a_work(title="DRY NEEDLING for the <i>neck</i> and shoulder – a trial."),
            ),
            ("online a year before", a_work(issued={"date-parts": [[2019, 12]]})),
            ("no page in one", a_work(page="")),
            ("the first page alone", a_work(page="10")),
            ("a DOI in one", a_work(DOI="10.5555/a")),
            ("another spelling of the journal", a_work(**{"container-title": "J Ex"})),
        ):
            with self.subTest(label):
                self.assertTrue(matching.same_work(a_work(), other))
                self.assertTrue(matching.same_work(other, a_work()))

    def test_are_not_certainly_one_when_something_speaks_against_it(self):
        for label, one, other in (
            ("two DOIs", a_work(DOI="10.5555/a"), a_work(DOI="10.5555/b")),
            ("two PMIDs", a_work(pmid="1"), a_work(pmid="2")),
            ("another author", a_work(), a_work(author=[{"family": "Nguyen"}])),
            ("two years apart", a_work(), a_work(issued={"date-parts": [[2018]]})),
            ("another volume", a_work(), a_work(volume="8")),
            ("another first page", a_work(), a_work(page="20-29")),
            ("nothing but the title to go by", a_work(volume="", page=""), a_work()),
            ("a short title", a_work(title="Editorial"), a_work(title="Editorial", page="")),
            ("no title", a_work(title=""), a_work(title="")),
        ):
            with self.subTest(label):
                self.assertFalse(matching.same_work(one, other))

    def test_of_one_title_are_two_works_when_their_editions_differ(self):
        first, second = (
            a_work(type="book", volume="", page="", edition=edition) for edition in ("1", "2")
        )
        self.assertFalse(matching.same_work(first, second))

    def test_have_one_title_when_one_leaves_off_the_subtitle(self):
        self.assertTrue(matching.same_title(TITLE, "Dry Needling for the Neck and Shoulder"))
        self.assertFalse(
            matching.same_title("Dry needling", "Dry needling for the neck and shoulder")
        )
        self.assertFalse(matching.same_title(TITLE, "Wet needling of the foot and ankle"))

    @given(st.text(max_size=40), st.text(max_size=40))
    def test_have_a_likeness_between_none_and_all_whichever_comes_first(self, one, other):
        likeness = matching.similarity(one, other)
        self.assertEqual(likeness, matching.similarity(other, one))
        self.assertTrue(0 <= likeness <= 1)
        self.assertIn(matching.similarity(one, one), (0, 1))


class ALibraryAsked(TestCase):
    def match(self, work, uid=""):
        return matching.Library([work], [uid]).match(work, uid)

    def test_knows_a_work_by_each_identifier(self):
        known = a_work(save=True, pmid="123", DOI="10.5555/A", PMCID="PMC9")
        book = a_work(
            save=True, type="book", title="A book of needles and pins", isbn13="9780781755603"
        )
        for why, work in (
            ("doi", a_work(title="Another", DOI="10.5555/a")),
            ("pmid", a_work(title="Another", pmid="123")),
            ("pmcid", a_work(title="Another", PMCID="PMC9")),
            ("title", a_work()),
        ):
            with self.subTest(why):
                found = self.match(work)
                self.assertEqual((found.reference, found.matched_by), (known, why))
        self.assertEqual(
            self.match(a_work(type="book", title="Pins", isbn13="9780781755603")).reference, book
        )

    def test_does_not_take_a_chapter_for_its_book(self):
        a_work(save=True, type="book", title="A book of needles and pins", isbn13="9780781755603")
        self.assertIsNone(
            self.match(a_work(type="chapter", title="Of pins", isbn13="9780781755603"))
        )

    def test_trusts_the_uid_of_an_export_only_when_the_record_is_still_that_work(self):
        known = a_work(save=True, volume="", page="")
        self.assertEqual(self.match(a_work(issued={}), str(known.uid)).matched_by, "uid")
        self.assertIsNone(
            self.match(a_work(title="Something else altogether, edited by hand"), str(known.uid))
        )

    def test_leads_from_a_merged_row_to_the_one_that_stands_for_it(self):
        keep = a_work(save=True, title="The other spelling of this title", DOI="10.5555/keep")
        a_work(save=True, DOI="10.5555/lose")
        Reference.objects.filter(doi_key="10.5555/lose").update(merged_into=keep)
        self.assertEqual(self.match(a_work(DOI="10.5555/lose")).reference, keep)

    def test_offers_the_same_title_with_another_doi_for_comparison(self):
        known = a_work(save=True, DOI="10.5555/a")
        other = a_work(DOI="10.5555/b")
        library = matching.Library([other])
        self.assertIsNone(library.match(other))
        self.assertEqual(library.to_compare(other), [known])

    def test_asks_the_database_once_for_a_hundred_records(self):
        works = [
            a_work(title=f"{TITLE} {number}", DOI=f"10.5555/{number}") for number in range(100)
        ]
        with self.assertNumQueries(1):
            library = matching.Library(works)
            self.assertEqual([library.match(work) for work in works], [None] * 100)


class AFreeText(TestCase):
    def test_is_accepted_only_when_title_year_author_and_place_agree(self):
        known = a_work(save=True)
        misprint = a_work(title=TITLE.replace("shoulder", "shouldre")).csl
        with self.assertNumQueries(1):
            (found,) = matching.candidates(misprint)
        self.assertEqual((found.reference, found.is_accepted), (known, True))
        (found,) = matching.candidates({**misprint, "volume": "", "page": ""})
        self.assertFalse(found.is_accepted)

    def test_shows_three_at_most_best_first(self):
        for number in range(5):
            a_work(save=True, title=f"{TITLE} {'x' * number}", volume=str(number))
        found = matching.candidates(a_work(volume="", page="").csl)
        self.assertEqual(len(found), 3)
        self.assertEqual(sorted(found, key=lambda candidate: -candidate.similarity), found)
