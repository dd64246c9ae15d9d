"""Searching the library: what is found, and that it is found at once, however it was written."""

from unittest import mock

from django.db import connection
from django.db.models import Q
from django.test import TestCase
from django.utils.text import smart_split, unescape_string_literal

from physiohub import roles
from references import csl, merging, search_texts
from references.models import Reference, SearchText
from tests.builders import NOON, a_reference, a_user

LIST = "/admin/references/reference/"
COLUMNS = "title first_author container_title doi doi_key pmid pmcid raw".split()


def read_row_by_row(text):
    """The references that have the words of `text`, as Django's own search finds them."""
    as_written, in_plain_letters = Q(), Q()
    for word in smart_split(text):
        if word[0] in "\"'" and word[0] == word[-1]:
            word = unescape_string_literal(word)
        as_written &= Q(*((f"{name}__icontains", word) for name in COLUMNS), _connector=Q.OR)
    for key in filter(None, map(csl.name_key, text.split())):
        in_plain_letters &= Q(authors_key__contains=key) | Q(title_key__contains=key)
    found = Reference.objects.filter(as_written)
    return set(found | Reference.objects.filter(in_plain_letters) if in_plain_letters else found)


def found(text):
    return set(Reference.objects.with_words(text))


def titles(text):
    return sorted(reference.title for reference in Reference.objects.with_words(text))


def a_library():
    a_reference(
        csl={
            "title": "Dry-needling of the <i>Trapezius</i>: 100% of pain_free days",
            "author": [{"family": "Gröbli"}, {"family": "Østergård"}, {"family": "Weiß"}],
            "container-title": "Journal of “Ärzte”",
            "DOI": "10.5555/JMC.12",
            "PMID": "31234567",
        },
        raw='TY  - JOUR\nAB  - It hurts (or "burns") AND NOT that* much. ÜBUNG\nER  - \n',
    )
    a_reference(
        csl={"title": "Exercise for the knee", "author": [{"family": "Smith"}], "PMCID": "PMC1234"},
        raw="Exercise for the knee. 10.5555/jmc.99\\x",
    )
    a_reference(csl={"title": "Übungen für das Knie", "editor": [{"family": "Nguyễn"}]})
    a_reference(csl={"title": ""}, raw="something that nobody could read")


WORDS = [
    "needling", "dryneedling", "dry-needling", "NEEDLING trapezius", "trapez needl", "grobli",
    "gröbli", "GRÖBLI", "ostergard weiss", "weiß", "WEISS", "osterg smith", "grobli hurts",
    "ärzte", "ÄRZTE", "übung", "Übung", "ÜBUNG", "ubungen", "10.5555/jmc.1", "10.5555", "31234567",
    "pmc1234", "pmc", "100%", "%", "_", "pain_free", "painxfree", "\\x", "\\", '"hurts (or"',
    '"hurts or"', "'for the knee'", '"', "''", "it", "e", "a b", "it hurts", "kn", "AND NOT",
    "AND", "that*", "NEAR(", "words : x", "nguyen", "Nguyễn", "knee smith", "smith knee exercise",
    "JOUR", "qqqqqq", "… – !", "needling …", "trapezius:", "trapezius:1", "read", "10.5555 10.5555",
]  # fmt: skip


class ASearch(TestCase):
    def test_finds_what_reading_every_row_finds(self):
        a_library()
        for text in WORDS:
            with self.subTest(text):
                self.assertEqual(found(text), read_row_by_row(text))

    def test_finds_the_same_where_many_have_the_words(self):
        a_library()
        for few, most in ((0, 0), (0, 9), (1, 1)):
            for text in WORDS:
                with (
                    self.subTest(text, few=few, most=most),
                    mock.patch.object(search_texts, "_FEW", few),
                ):
                    narrowed = Reference.objects.with_words(text).narrowed_down(text, few=most)
                    self.assertEqual(set(narrowed), read_row_by_row(text))

    def test_finds_some_of_these_and_not_all(self):
        a_library()
        self.assertEqual(titles("exercise knee"), ["Exercise for the knee"])
        self.assertEqual(titles("ubungen"), ["Übungen für das Knie"])
        self.assertEqual(titles("31234567"), titles("grobli ostergard"))

    def test_keeps_to_the_references_it_is_asked_about(self):
        kept = a_reference(csl={"title": "Knee"}, design="rct")
        a_reference(csl={"title": "Knee"})
        self.assertEqual(set(Reference.objects.filter(design="rct").with_words("knee")), {kept})


class AReference(TestCase):
    def test_is_found_as_soon_as_it_is_saved(self):
        a_reference(csl={"title": "Needles"})
        self.assertEqual(titles("needl"), ["Needles"])

    def test_is_found_when_many_are_added_at_once(self):
        rows = [Reference(csl={"title": f"Needles {number}"}) for number in range(3)]
        for row in rows:
            row.derive()
        Reference.objects.bulk_create(rows)
        self.assertEqual(titles("needl"), ["Needles 0", "Needles 1", "Needles 2"])

    def test_is_found_by_its_new_words_and_no_longer_by_its_old(self):
        reference = a_reference(csl={"title": "Needles"}, raw="first")
        reference.csl = {"title": "Cupping", "author": [{"family": "Osei"}]}
        reference.save()
        self.assertEqual([titles("needl"), titles("cupp osei")], [[], ["Cupping"]])
        Reference.objects.filter(pk=reference.pk).update(raw="second")
        self.assertEqual([titles("first"), titles("second")], [[], ["Cupping"]])

    def test_is_found_no_more_when_it_is_deleted(self):
        a_reference(csl={"title": "Needles"})
        a_reference(csl={"title": "More needles"}).delete()
        self.assertEqual(titles("needl"), ["Needles"])
        Reference.objects.all().delete()
        self.assertFalse(SearchText.objects.exists())

    def test_is_found_by_its_own_words_after_it_was_merged_and_after_that_is_undone(self):
        keep = a_reference(csl={"title": "Needles"})
        lose = a_reference(csl={"title": "Cupping", "DOI": "10.5555/cup"})
        by = a_user(roles.LIBRARIAN)
        merge = merging.merge(keep, lose, by=by, at=NOON)
        self.assertEqual(found("10.5555/cup"), read_row_by_row("10.5555/cup"))
        self.assertEqual(found("cupping"), {lose})
        merging.unmerge(merge, by=by, at=NOON)
        self.assertEqual(found("10.5555/cup"), {lose})


class TheTexts(TestCase):
    def test_are_made_again_where_triggers_were_lost(self):
        a_reference(csl={"title": "Needles"})
        search_texts.remove(connection)
        changed = a_reference(csl={"title": "Cupping"})
        Reference.objects.filter(title="Needles").update(title="Nails", title_key="nails", raw="")
        self.assertEqual(found("cupping"), set())

        search_texts.install(connection)

        self.assertEqual(found("cupping"), {changed})
        self.assertEqual([titles("needles"), titles("nails")], [[], ["Nails"]])
        changed.delete()
        self.assertEqual(found("cupping"), set())


class TheList(TestCase):
    def setUp(self):
        self.client.force_login(a_user(roles.LIBRARIAN))

    def shown(self, **query):
        changes = self.client.get(LIST, query).context["cl"]
        return changes.result_count, [reference.title for reference in changes.result_list]

    def test_counts_and_shows_what_was_found_page_by_page(self):
        for number in range(120):
            a_reference(csl={"title": f"Knee {number:03}"})
        a_reference(csl={"title": "Hip"})
        with mock.patch.object(search_texts, "_FEW", 7):
            for query in ({"q": "knee"}, {"q": "kn"}):
                with self.subTest(**query):
                    count, first = self.shown(**query)
                    _count, last = self.shown(**query, p=3)
                    self.assertEqual((count, len(first), len(last)), (120, 50, 20))
        self.assertEqual(self.shown(q="hip"), (1, ["Hip"]))
        self.assertEqual(self.shown(q="elbow"), (0, []))
        self.assertEqual(self.shown()[0], 121)

    def test_is_in_the_order_of_authors_and_years(self):
        for family, year in (("Weber", 2020), ("Osei", 2021), ("Osei", 2019)):
            a_reference(
                csl={
                    "title": f"{family} {year}",
                    "author": [{"family": family}],
                    "issued": {"date-parts": [[year]]},
                }
            )
        wanted = ["Osei 2019", "Osei 2021", "Weber 2020"]
        self.assertEqual(self.shown()[1], wanted)
        self.assertEqual(self.shown(q="20")[1], wanted)

    def test_completes_what_is_typed_into_a_field(self):
        wanted = a_reference(csl={"title": "Needles", "author": [{"family": "Gröbli"}]})
        a_reference(csl={"title": "Cupping"})
        field = {"app_label": "references", "model_name": "reference", "field_name": "preprint_of"}
        answer = self.client.get("/admin/autocomplete/", {**field, "term": "grob need"}).json()
        self.assertEqual([row["id"] for row in answer["results"]], [str(wanted.pk)])
        self.assertFalse(answer["pagination"]["more"])
