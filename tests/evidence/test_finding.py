"""The one box: what is pasted, and the reference it leads to."""

import json
from unittest import mock
from urllib.parse import urlsplit

from django.test import TestCase
from django.urls import reverse

from articles.models import AuditEntry
from physiohub import roles
from references import finding
from references.finding import library
from references.lookup import client, sending
from references.models import Identity, Integrity, Origin, Reference
from tests.builders import NOON, a_clinician, a_reference, a_user
from tests.evidence.recordings import (
    IDCONV,
    a_work,
    an_article,
    crossref_knows_nothing,
    crossref_work,
    pubmed_article,
    recorded,
)
from tests.shared_data import shared

LINE = "Osei A, Lind B. Needles for sore necks. J Ex. 2019;7(2):11-19. doi:10.5555/needles.1"


def find(text, by=None):
    return finding.find_or_add(text, by=by or a_clinician(), at=NOON)


def references_of_the_seed():
    return shared("seed", "dry-needling.txt").read_text().split("< Reference >")[1]


class AnIdentifierOfAKnownWork(TestCase):
    def setUp(self):
        self.reference = a_reference(
            csl={"type": "article-journal", "title": "Needles", "DOI": "10.5555/Needles.1"},
            pmid="7654321",
            pmcid="PMC7654",
            isbn13="9780781755603",
        )

    def test_leads_to_it_however_it_is_written(self):
        for text in (
            "10.5555/needles.1",
            "DOI: 10.5555/NEEDLES.1.",
            "https://doi.org/10.5555/needles.1",
            "https://doi-org.ezproxy.lib.example.edu/10.5555/needles.1",
            "https://journal.example/doi/full/10.5555/needles.1?src=recsys",
            "(see 10.5555/needles.1).",
            "read this: https://doi.org/10.5555/needles.1 please",
            "PMID: 7654321",
            "https://pubmed.ncbi.nlm.nih.gov/7654321/",
            "PMC7654.1",
            "978-0-7817-5560-3",
            "0781755603",
        ):
            with self.subTest(text=text):
                found = find(text)
                self.assertEqual((found.status, found.references), ("known", [self.reference]))

    def test_is_asked_about_when_it_is_only_a_number(self):
        found = find("7654321")

        self.assertEqual((found.status, found.references), ("choose", [self.reference]))
        self.assertIn("Did you mean PMID 7654321?", found.message)

    def test_leads_to_the_one_it_was_merged_into(self):
        other = a_reference()
        self.reference.merged_into = other
        self.reference.save()

        self.assertEqual(find("10.5555/needles.1").references, [other])


class AnIdentifierTheLibraryDoesNotHave(TestCase):
    def test_is_looked_up_and_added_with_where_everything_came_from(self):
        clinician = a_clinician()
        with recorded(crossref_work(a_work())):
            found = find("https://doi.org/10.5555/needles.1?login=false", by=clinician)

        self.assertEqual(found.status, "created")
        self.assertIn("Added from Crossref: Osei 2019.", found.message)
        self.assertIn("We left off the end of a web address.", found.message)
        (reference,) = found.references
        self.assertEqual(reference.title, "Needles for sore necks")
        self.assertEqual(reference.identity, Identity.RESOLVED)
        self.assertEqual(reference.integrity, Integrity.NONE_FOUND)
        self.assertEqual(reference.integrity_checked_at, NOON)
        self.assertEqual(reference.payload["DOI"], "10.5555/needles.1")
        self.assertEqual(reference.payload_at, NOON)
        self.assertEqual(reference.field_source["title"], "crossref")
        self.assertEqual(reference.origin, Origin.DOI)
        self.assertEqual(reference.raw, "https://doi.org/10.5555/needles.1?login=false")
        self.assertEqual(reference.repairs, ["query"])
        entry = AuditEntry.objects.get(subject_uid=reference.uid)
        self.assertEqual((entry.actor_id, entry.summary), (clinician.pk, "Added from Crossref."))

    def test_may_be_a_pmid_or_a_pmcid(self):
        converted = {"records": [{"pmcid": "PMC7654", "pmid": 7654321, "doi": "10.5555/needles.1"}]}
        for text in ("PMID 7654321", "PMC7654"):
            with (
                self.subTest(text=text),
                recorded(
                    pubmed_article("7654321", an_article()),
                    {"url": f"{IDCONV}?ids=PMC7654&format=json", "body": converted},
                ),
            ):
                found = find(text)
                self.assertEqual(found.status, "created", found.message)
                (reference,) = found.references
                self.assertEqual(
                    (reference.pmid, reference.doi, reference.page),
                    ("7654321", "10.5555/needles.1", "11-19"),
                )
                self.assertEqual(reference.field_source["title"], "pubmed")
                reference.delete()

    def test_says_at_once_that_the_work_was_retracted(self):
        update = {
            "type": "retraction",
            "DOI": "10.5555/notice",
            "updated": {"date-parts": [[2020, 2, 3]]},
        }
        with recorded(crossref_work(a_work(**{"updated-by": [update]}))):
            (reference,) = find("10.5555/needles.1").references

        self.assertEqual(reference.integrity, Integrity.RETRACTED)
        self.assertEqual(reference.notices.get().doi, "10.5555/notice")

    def test_gives_the_work_we_have_when_it_is_known_under_another_identifier(self):
        known = a_reference(csl={"title": "Needles", "DOI": "10.5555/needles.1"})
        with recorded(pubmed_article("7654321", an_article())):
            found = find("PMID 7654321")

        self.assertEqual((found.status, found.references), ("known", [known]))

    def test_leads_to_the_form_when_it_cannot_be_looked_up(self):
        with recorded():
            found = find("10.5555/needles.1")

        self.assertEqual((found.status, found.references), ("add", []))
        self.assertIn("could not be checked: Crossref cannot be reached from here.", found.message)
        self.assertEqual(found.prefill, {"doi": "10.5555/needles.1"})
        self.assertFalse(Reference.objects.exists())

    def test_leads_to_the_form_when_the_site_looks_nothing_up(self):
        self.assertIn("looking up is switched off", find("10.5555/needles.1").message)

    def test_is_called_unknown_only_when_the_service_says_so(self):
        with recorded(crossref_knows_nothing("10.5555/needles.1")):
            found = find("10.5555/needles.1")

        self.assertEqual(found.status, "add")
        self.assertIn("Crossref does not know 10.5555/needles.1.", found.message)

    def test_leads_to_the_form_for_a_book(self):
        found = find("ISBN 978-0-7817-5560-3")

        self.assertEqual((found.status, found.prefill), ("add", {"isbn13": "9780781755603"}))

    def test_is_no_short_doi_and_no_guess(self):
        self.assertIn("https://doi.org/10/b79r", find("10/b79r").message)
        found = find("1179/108331913X13844245102034")
        self.assertEqual(found.status, "add")
        self.assertIn("Did you mean DOI 10.1179/108331913X13844245102034?", found.message)


class ATypedLine(TestCase):
    def test_is_added_once_without_a_look_up(self):
        first, second = find(LINE), find(LINE)

        self.assertEqual((first.status, second.status), ("created", "known"))
        self.assertEqual(first.references, second.references)
        self.assertEqual(first.references[0].raw, LINE)
        self.assertTrue(AuditEntry.objects.filter(subject_uid=first.references[0].uid).exists())

    def test_tells_what_was_repaired(self):
        message = find(LINE.replace("10.5555", "5555")).message

        self.assertIn("We put “10.” in front.", message)
        self.assertIn("Look it up before you rely on it.", message)


class ThePastedListOfTheFirstArticle(TestCase):
    def test_becomes_seven_references_and_no_more_when_pasted_again(self):
        first = find(references_of_the_seed())

        self.assertEqual(Reference.objects.count(), 7)
        self.assertEqual([line.status for line in first.lines], ["created"] * 7)
        self.assertEqual(len(first.references), 7)
        self.assertEqual(
            first.message, "7 references: 7 added, 0 known already, 0 could not be read."
        )
        keys = json.loads(
            shared("data", "references", "expected", "seed_references.json").read_text()
        )
        self.assertEqual(
            {reference.doi_key for reference in first.references},
            {case["expect"]["doi_key"] for case in keys},
        )

        again = find(references_of_the_seed())

        self.assertEqual(Reference.objects.count(), 7)
        self.assertEqual([line.status for line in again.lines], ["known"] * 7)

    def test_keeps_what_can_be_read_when_a_line_cannot(self):
        found = find(f"{LINE}\n\nDry needling is great. Everybody says so.\n\n10.5555/other")

        self.assertEqual([line.status for line in found.lines], ["created", "add", "add"])
        self.assertTrue(all(line.why for line in found.lines[1:]))
        self.assertEqual(found.status, "choose")


class AListOfIdentifiers(TestCase):
    def test_is_taken_line_by_line(self):
        known = a_reference()
        with recorded(crossref_work(a_work())):
            found = find(f"{known.doi}\nhttps://doi.org/10.5555/needles.1\n10.5555/gone")

        self.assertEqual([line.status for line in found.lines], ["known", "created", "add"])
        self.assertIn("could not be checked", found.lines[2].why)


class Words(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.reference = a_reference(
            csl={
                "type": "article-journal",
                "title": "Trigger point dry needling: <i>a review</i>",
                "author": [
                    {"family": "Gröbli", "given": "Christian"},
                    {"family": "Dommerholt", "given": "Jan"},
                ],
                "container-title": "Physical Therapy Reviews",
                "issued": {"date-parts": [[2014]]},
            }
        )
        a_reference()

    def test_find_a_work_that_has_them_all_in_title_author_journal_or_year(self):
        for words in (
            "trigger NEEDLING",
            "gröbli 2014",
            "Dommerholt review",
            "needling physical",
            "a review",
        ):
            with self.subTest(words=words):
                found = finding.search_only(words)
                self.assertEqual((found.status, found.references), ("choose", [self.reference]))

    def test_find_nothing_when_one_is_missing(self):
        for words in ("needling 2015", "family", "given Dommerholt Smith", "%", "needling_dry"):
            with self.subTest(words=words):
                self.assertEqual(finding.search_only(words).references, [])

    def test_lead_to_the_form_when_nothing_has_them(self):
        found = find("cupping for runners")

        self.assertEqual((found.status, found.prefill), ("add", {"title": "cupping for runners"}))

    def test_find_no_merged_work_and_at_most_ten(self):
        for _ in range(12):
            a_reference(csl={"title": "Cupping"})
        a_reference(csl={"title": "Cupping"}, merged_into=self.reference)

        self.assertEqual(len(finding.search("cupping")), 10)

    def test_cost_one_query(self):
        with self.assertNumQueries(1):
            finding.search("trigger point dry needling")


class WhateverElseIsPasted(TestCase):
    def test_is_answered_with_a_sentence(self):
        by = a_clinician()
        hostile = json.loads(shared("data", "hostile_dev.json").read_text())
        for text in [
            *hostile["html"],
            *hostile["text"],
            *hostile["url"],
            "x" * 20_001,
            "10.5555/a/../../members",
            None,
        ]:
            with self.subTest(text=str(text)[:60]):
                found = find(text, by=by)
                self.assertTrue(found.message)
                self.assertIn(found.status, ("add", "choose"))
        self.assertFalse(Reference.objects.exists())


class TwoPeopleWhoAddOneWorkAtOnce(TestCase):
    def test_get_the_same_reference(self):
        """The second one looks, sees nothing, asks Crossref; meanwhile the first one has saved."""
        looked = []

        def blind_at_first(references):
            looked.append(references)
            return None if len(looked) < 3 else references.first()

        known = a_reference(csl={"title": "Needles", "DOI": "10.5555/needles.1"})
        with (
            recorded(crossref_work(a_work())),
            mock.patch.object(library, "first_survivor", blind_at_first),
        ):
            found = find("10.5555/needles.1")

        self.assertEqual((found.status, found.references), ("known", [known]))
        self.assertEqual(len(looked), 3)
        self.assertEqual(Reference.objects.count(), 1)


class NothingThatIsPasted(TestCase):
    """Whatever the box is given, the server asks no machine but the three it knows."""

    def test_turns_the_server_against_another_address(self):
        self.client.force_login(a_clinician())
        asked = []

        class Sender:
            def send(self, url, headers, seconds):
                asked.append(url)
                return sending.Reply(302, b"", {"location": "http://127.0.0.1:1/"})

        paces = {host: client.Pace(0) for host in sending.HOSTS}
        hostile = json.loads(shared("data", "hostile_dev.json").read_text())["url"]
        wrapped = [
            f"{url}{'' if url.endswith('/') else '/'}10.5555/x{n}" for n, url in enumerate(hostile)
        ]
        plain = [
            "https://doi.org@127.0.0.1/10.5555/a1",
            "10.5555/a2@127.0.0.1",
            "10.5555/a3#@127.0.0.1/",
            "doi:10.5555/a4/../../x",
            "https://doi.org.evil.example/10.5555/a5",
            "10.5555/a6\r\nHost: evil.example",
            "10.5555/a7?x=http://127.0.0.1",
            "https://pubmed.ncbi.nlm.nih.gov/7654321/?x=@127.0.0.1",
            "PMC7654&ids=1",
            "PMID 7654321&db=gene",
        ]
        with (
            mock.patch.object(sending, "sender", return_value=Sender()),
            mock.patch.object(
                client.ask, "__kwdefaults__", {**client.ask.__kwdefaults__, "paces": paces}
            ),
        ):
            for text in [*hostile, *wrapped, *plain]:
                answer = self.client.post(
                    reverse("admin:references_reference_find"), {"text": text}
                )
                self.assertEqual(answer.status_code, 200, text)
        self.assertGreater(len(asked), 10)
        for url in asked:
            parts = urlsplit(url)
            self.assertEqual((parts.scheme, parts.netloc in sending.HOSTS), ("https", True), url)
            self.assertNotIn("..", parts.path.split("/"), url)
            if parts.netloc == "api.crossref.org":
                self.assertTrue(parts.path.startswith("/works/10."), url)
                self.assertEqual(parts.query, "")
            else:
                self.assertRegex(
                    parts.query,
                    r"^(?:db=pubmed&id=[0-9]{1,8}&retmode=xml|ids=PMC[0-9]{1,8}&format=json)&",
                )


class TheEndpoint(TestCase):
    def setUp(self):
        self.address = reverse("admin:references_reference_find")
        self.client.force_login(a_clinician())

    def test_answers_with_cards(self):
        reference = a_reference()

        answer = self.client.post(self.address, {"text": reference.doi}).json()

        self.assertEqual(answer["status"], "known")
        (card,) = answer["references"]
        self.assertEqual(
            (card["id"], card["uid"], card["year"]), (reference.pk, str(reference.uid), 2020)
        )
        self.assertEqual(card["design_label"], "narrative review or overview")
        self.assertEqual(card["short"], "Osei 2020")
        self.assertEqual(
            (card["identity_label"], card["integrity_label"]), ("not looked up yet", "not checked")
        )
        self.assertIs(card["counts_as_evidence"], True)
        self.assertTrue(card["text"].startswith("Osei A. Trial number"))

    def test_gives_an_address_whose_form_begins_with_what_was_pasted(self):
        answer = self.client.post(self.address, {"text": "10.5555/needles.1"}).json()

        self.assertEqual(answer["status"], "add")
        form = self.client.get(answer["add_url"])
        self.assertContains(form, 'value="10.5555/needles.1"')
        self.assertContains(form, "_popup")

    def test_only_searches_on_get(self):
        reference = a_reference()

        answer = self.client.get(self.address, {"q": reference.title}).json()

        self.assertEqual(
            (answer["status"], answer["references"][0]["id"]), ("choose", reference.pk)
        )
        self.client.get(self.address, {"q": LINE})
        self.assertEqual(Reference.objects.count(), 1)

    def test_is_closed_to_those_without_the_rights(self):
        self.client.force_login(a_user(roles.ADMINISTRATOR))
        self.assertEqual(self.client.get(self.address, {"q": "x"}).status_code, 403)
        self.assertEqual(self.client.post(self.address, {"text": LINE}).status_code, 403)
        self.client.logout()
        self.assertEqual(self.client.post(self.address, {"text": LINE}).status_code, 302)

    def test_refuses_other_ways_of_asking(self):
        self.assertEqual(self.client.delete(self.address).status_code, 405)


class AListOfSeveralThings(TestCase):
    def test_keeps_identifiers_addresses_and_typed_lines_apart(self):
        known = a_reference(
            csl={"type": "book", "title": "Known", "DOI": "10.5555/known"}, pmid="23801002"
        )

        found = find(f"{LINE}\nhttps://www.example.org/guideline\nPMID: 23801002\n10.5555/known")

        self.assertEqual(
            [line.status for line in found.lines], ["created", "add", "known", "known"]
        )
        self.assertEqual({line.reference for line in found.lines[2:]}, {known})
        self.assertNotIn("example.org", found.lines[0].text)
