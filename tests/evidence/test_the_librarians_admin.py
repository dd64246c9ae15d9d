"""The library in the admin: adding by one box or by hand, comparing, checking in bulk, and
where a work is used.
"""

import json

from django.test import TestCase
from django.urls import reverse

from articles.models import AuditEntry, SafetyNotice
from physiohub import roles
from references.models import Identity, Integrity, Notice, Reference
from tests.builders import a_clinician, a_draft, a_reference, a_user, an_editor, published
from tests.evidence.recordings import a_work, crossref_work, recorded
from tests.shared_data import shared

ADD = "/admin/references/reference/add/"
PASTE = "/admin/references/reference/paste/"
LIST = "/admin/references/reference/"
LINE = "Osei A, Lind B. Needles for sore necks. J Ex. 2019;7(2):11-19. doi:10.5555/needles.1"


def change(reference):
    return reverse("admin:references_reference_change", args=[reference.pk])


def compare(reference):
    return reverse("admin:references_reference_compare", args=[reference.pk])


class ALibrarian(TestCase):
    def setUp(self):
        self.librarian = a_user(roles.LIBRARIAN)
        self.client.force_login(self.librarian)

    def filled_in(self, address, **changed):
        """What the browser would send back from the form at `address`, with `changed`."""
        context = self.client.get(address).context
        form = context["adminform"].form
        data = {
            name: "" if (value := form[name].value()) is None else value for name in form.fields
        }
        data["peer_reviewed"] = "unknown"
        for formset in context["inline_admin_formsets"]:
            for field in formset.formset.management_form:
                data[field.html_name] = field.value()
            for row in formset.formset.initial_forms:
                data |= {
                    field.html_name: "" if field.value() is None else field.value() for field in row
                }
        return {**data, **changed}

    def save(self, address, **changed):
        return self.client.post(address, self.filled_in(address, **changed), follow=True)


class TheOneBoxOnTheAddPage(ALibrarian):
    def test_stands_before_the_form(self):
        html = self.client.get(ADD).content.decode()
        self.assertLess(html.index('class="paste-box"'), html.index('id="reference_form"'))

    def test_shows_what_was_understood_and_saves_nothing_yet(self):
        answer = self.client.post(PASTE, {"text": LINE.replace("10.5555", "5555")})

        self.assertContains(answer, "Osei A, Lind B. Needles for sore necks.")
        self.assertContains(answer, "We put “10.” in front.")
        self.assertContains(answer, "Add it to the library")
        self.assertFalse(Reference.objects.exists())

    def test_adds_after_a_yes(self):
        answer = self.client.post(PASTE, {"text": LINE, "act": "add"})

        reference = Reference.objects.get()
        self.assertRedirects(answer, change(reference))
        self.assertEqual(reference.raw, LINE)

    def test_looks_up_only_after_a_yes(self):
        with recorded(crossref_work(a_work())):
            self.assertContains(
                self.client.post(PASTE, {"text": "10.5555/needles.1"}), "it is looked up first"
            )
            self.assertFalse(Reference.objects.exists())
            self.client.post(PASTE, {"text": "10.5555/needles.1", "act": "add"})
        self.assertEqual(Reference.objects.get().identity, Identity.RESOLVED)

    def test_leads_to_the_form_with_what_is_known_when_nobody_answers(self):
        answer = self.client.post(PASTE, {"text": "10.5555/needles.1", "act": "add"})

        self.assertContains(
            answer, "could not be checked: looking up is switched off on this site."
        )
        self.assertContains(answer, f"{ADD}?doi=10.5555%2Fneedles.1")

    def test_fills_the_form_with_what_a_line_says(self):
        html = self.client.post(PASTE, {"text": LINE})
        address = html.context["rows"][0]["add_url"]
        form = self.client.get(address).context["adminform"].form

        self.assertEqual(form["title"].value(), "Needles for sore necks")
        self.assertEqual(form["authors"].value(), "Osei, A\nLind, B")
        self.assertEqual(form["year"].value(), "2019")
        self.assertEqual(form["doi"].value(), "10.5555/needles.1")

    def test_takes_the_whole_list_of_the_first_article(self):
        text = shared("seed", "dry-needling.txt").read_text().split("< Reference >")[1]

        self.assertContains(
            self.client.post(PASTE, {"text": text}), "Add the 7 new ones to the library"
        )
        self.client.post(PASTE, {"text": text, "act": "add"})
        self.assertEqual(Reference.objects.count(), 7)
        again = self.client.post(PASTE, {"text": text})
        self.assertNotRegex(again.content.decode(), r"to the library\s*</button>")
        self.assertContains(again, "In the library already:", count=7)

    def test_shows_works_with_the_words_that_were_pasted(self):
        reference = a_reference(csl={"title": "Cupping for runners"})
        answer = self.client.post(PASTE, {"text": "cupping runners"})
        self.assertContains(answer, change(reference))

    def test_closes_a_pop_up_with_the_work(self):
        answer = self.client.post(PASTE, {"text": LINE, "act": "add", "_popup": "1"})
        self.assertTemplateUsed(answer, "admin/popup_response.html")

    def test_is_closed_to_those_who_may_not_add(self):
        self.client.force_login(a_user(roles.ADMINISTRATOR))
        self.assertEqual(self.client.post(PASTE, {"text": LINE}).status_code, 403)


class AWorkTypedByHand(ALibrarian):
    def test_is_stored_as_csl_and_marked_as_a_persons(self):
        self.save(
            ADD,
            title="Needles for sore necks",
            authors="Osei, Ama\nvan der Berg P\nWorld Health Organization",
            journal="J Ex",
            year="2019",
            volume="7",
            issue="2",
            pages="11-19",
            doi="https://doi.org/10.5555/Needles.1?x=1",
            pmid="PMID: 7654321",
        )

        reference = Reference.objects.get()
        self.assertEqual(
            reference.csl,
            {
                "type": "article-journal",
                "title": "Needles for sore necks",
                "container-title": "J Ex",
                "author": [
                    {"family": "Osei", "given": "Ama"},
                    {"family": "van der Berg", "given": "P"},
                    {"literal": "World Health Organization"},
                ],
                "issued": {"date-parts": [[2019]]},
                "volume": "7",
                "issue": "2",
                "page": "11-19",
                "DOI": "10.5555/Needles.1",
                "PMID": "7654321",
            },
        )
        self.assertEqual((reference.doi_key, reference.pmid), ("10.5555/needles.1", "7654321"))
        self.assertEqual(reference.field_source["title"], "human")
        self.assertEqual(reference.repairs, ["query"])
        self.assertEqual((reference.identity, reference.origin), (Identity.UNRESOLVED, "manual"))
        self.assertEqual(
            AuditEntry.objects.get(subject_uid=reference.uid).actor_id, self.librarian.pk
        )

    def test_needs_a_title_and_keeps_what_was_typed(self):
        answer = self.save(ADD, journal="J Ex")
        self.assertContains(answer, "Give the work at least a title.")
        self.assertContains(answer, 'value="J Ex"')

    def test_is_refused_a_number_that_is_none(self):
        answer = self.save(
            ADD, title="x", doi="javascript:alert(1)", pmid="x", isbn13="9780781755604"
        )
        self.assertContains(answer, "Enter the DOI as it appears on the article")
        self.assertContains(answer, "Enter the number PubMed gives")
        self.assertContains(answer, "Enter the ISBN as it stands in the book")

    def test_is_refused_when_the_library_has_it(self):
        known = a_reference()
        answer = self.save(ADD, title="x", doi=known.doi.upper())
        self.assertContains(answer, "The library has this work already")
        self.assertEqual(Reference.objects.count(), 1)

    def test_without_identifier_says_so(self):
        self.save(ADD, title="A leaflet")
        self.assertEqual(Reference.objects.get().identity, Identity.NO_IDENTIFIER)


class AChangedWork(ALibrarian):
    def setUp(self):
        super().setUp()
        self.reference = a_reference(
            csl={
                "type": "article-journal",
                "title": "Needles",
                "issued": {"date-parts": [[2019, 5]]},
                "DOI": "10.5555/needles.1",
                "author": [{"family": "Osei", "given": "A", "suffix": "Jr"}],
                "custom": {"note": "kept"},
            },
            identity=Identity.RESOLVED,
            field_source={"title": "crossref"},
        )

    def test_keeps_what_was_not_touched_to_the_letter(self):
        before = dict(self.reference.csl)
        self.save(change(self.reference), design="rct")
        self.reference.refresh_from_db()
        self.assertEqual((self.reference.csl, self.reference.design), (before, "rct"))
        self.assertEqual(self.reference.field_source, {"title": "crossref"})
        self.assertEqual(self.reference.identity, Identity.RESOLVED)

    def test_names_the_fields_a_person_changed(self):
        self.save(change(self.reference), volume="8")
        self.reference.refresh_from_db()
        self.assertEqual(self.reference.field_source, {"title": "crossref", "volume": "human"})

    def test_has_to_be_looked_up_again_when_its_identifier_changed(self):
        self.reference.payload, self.reference.integrity = a_work(), Integrity.NONE_FOUND
        self.reference.integrity_checked_at = self.reference.created_at
        self.reference.save()

        self.save(change(self.reference), doi="10.5555/other")

        self.reference.refresh_from_db()
        self.assertEqual(
            (self.reference.identity, self.reference.integrity), ("unresolved", "unchecked")
        )
        self.assertIsNone(self.reference.payload)

    def test_can_lose_its_identifier(self):
        self.save(change(self.reference), doi="")
        self.reference.refresh_from_db()
        self.assertEqual((self.reference.doi, self.reference.doi_key), ("", None))
        self.assertNotIn("DOI", self.reference.csl)
        self.assertEqual(self.reference.identity, Identity.NO_IDENTIFIER)

    def test_may_be_written_as_csl(self):
        self.save(
            change(self.reference), csl=json.dumps({"type": "book", "title": "Needles, a book"})
        )
        self.reference.refresh_from_db()
        self.assertEqual((self.reference.title, self.reference.type), ("Needles, a book", "book"))


class ANoticeWrittenByHand(ALibrarian):
    def test_does_what_one_that_arrives_does(self):
        publication = published()
        reference = Reference.objects.get(citations__claim__article=publication.article)
        prefix = "notices-0-"
        answer = self.save(
            change(reference),
            **{
                "notices-TOTAL_FORMS": 1,
                f"{prefix}kind": "retraction",
                f"{prefix}source": "letter",
                f"{prefix}doi": "",
                f"{prefix}id": "",
                f"{prefix}reference": reference.pk,
            },
        )

        reference.refresh_from_db()
        self.assertEqual(reference.integrity, Integrity.RETRACTED)
        self.assertEqual(SafetyNotice.objects.get().opened_by, self.librarian)
        self.assertContains(answer, f"Marked {publication.get_absolute_url()}")

    def test_makes_the_work_unchecked_again_when_it_is_taken_away(self):
        reference = a_reference()
        notice = Notice.objects.create(reference=reference, kind="retraction", source="letter")
        reference.integrity, reference.integrity_checked_at = (
            Integrity.RETRACTED,
            reference.created_at,
        )
        reference.save()

        self.client.post(f"/admin/references/notice/{notice.pk}/delete/", {"post": "yes"})

        reference.refresh_from_db()
        self.assertEqual((reference.integrity, reference.integrity_checked_at), ("unchecked", None))


class ThePageThatCompares(ALibrarian):
    def setUp(self):
        super().setUp()
        people = [{"family": "Osei", "given": "A"}, {"family": "Lind", "given": "B"}]
        csl = {
            "title": "Needles for sore necks",
            "author": people,
            "issued": {"date-parts": [[2019]]},
            "volume": "8",
        }
        self.reference = a_reference(csl={**csl, "DOI": "10.5555/needles.1"})
        self.address = compare(self.reference)

    def act(self, **data):
        return self.client.post(self.address, data, follow=True)

    def test_looks_up_when_asked_and_shows_what_differs(self):
        self.assertContains(self.client.get(self.address), "It has not been looked up yet.")
        with recorded(crossref_work(a_work())):
            answer = self.act(act="check")
        self.assertContains(answer, "It is the work it says it is.")
        self.assertContains(answer, "Take theirs")
        self.assertContains(answer, "What Crossref says")

        self.act(act="accept", field="volume")
        self.reference.refresh_from_db()
        self.assertEqual(self.reference.volume, "7")
        self.assertNotIn("page", self.reference.csl)

    def test_notes_who_compared_it_with_the_source(self):
        self.act(act="verify")
        self.reference.refresh_from_db()
        self.assertEqual(
            (self.reference.identity, self.reference.identity_checked_by),
            (Identity.VERIFIED, self.librarian),
        )

    def test_is_closed_to_those_who_may_not_change_it(self):
        self.client.force_login(a_user(roles.ADMINISTRATOR))
        self.assertEqual(self.client.get(self.address).status_code, 403)
        self.assertEqual(self.act(act="verify").status_code, 403)

    def test_does_nothing_it_does_not_know(self):
        self.assertEqual(self.client.post(self.address, {"act": "x"}).status_code, 403)


class TheList(ALibrarian):
    def test_is_filtered_by_what_is_wrong_and_by_what_readers_see(self):
        publication = published()
        cited = Reference.objects.get(citations__claim__article=publication.article)
        a_draft()
        merged = a_reference(merged_into=None)
        listed = {
            row.pk for row in self.client.get(LIST, {"cited_live": "yes"}).context["cl"].result_list
        }
        self.assertEqual(listed, {cited.pk})
        cited.merged_into = merged
        cited.save()
        listed = {
            row.pk for row in self.client.get(LIST, {"cited_live": "yes"}).context["cl"].result_list
        }
        self.assertEqual(listed, {cited.pk, merged.pk})
        for query in (
            {"integrity__exact": "retracted"},
            {"identity__exact": "mismatch"},
            {"design__exact": "rct"},
        ):
            self.assertEqual(list(self.client.get(LIST, query).context["cl"].result_list), [])
        self.assertEqual(
            self.client.get(LIST, {"cited_live": "no", "merged": "yes"}).status_code, 200
        )

    def test_costs_the_same_however_long_it_is(self):
        def cost():
            with self.assertNumQueries(7):
                self.client.get(LIST)

        a_reference()
        cost()
        for _ in range(5):
            a_reference()
        cost()

    def act(self, act, *references):
        chosen = {"action": act, "_selected_action": [reference.pk for reference in references]}
        return self.client.post(LIST, chosen, follow=True)

    def test_checks_in_bulk_and_says_what_came_of_each(self):
        known, unknown = (
            a_reference(
                csl={
                    "title": "Needles for sore necks",
                    "author": [{"family": "Osei"}],
                    "issued": {"date-parts": [[2019]]},
                    "DOI": "10.5555/needles.1",
                }
            ),
            a_reference(),
        )
        with recorded(crossref_work(a_work())):
            answer = self.act("check_integrity", known, unknown)
        self.assertContains(answer, "checked, no notice found")
        self.assertContains(answer, "could not be checked: Crossref cannot be reached from here.")
        with recorded(crossref_work(a_work())):
            self.assertContains(self.act("check_identity", known), "It is the work it says it is.")
        known.refresh_from_db()
        unknown.refresh_from_db()
        self.assertEqual((known.identity, known.integrity), ("resolved", "none_found"))
        self.assertEqual((unknown.identity, unknown.integrity), ("unresolved", "unchecked"))


class WhereAWorkIsUsed(ALibrarian):
    def test_stands_on_its_page_live_pages_and_drafts_apart(self):
        publication = published()
        reference = Reference.objects.get(citations__claim__article=publication.article)

        answer = self.client.get(change(reference))

        self.assertContains(answer, f'Live page: <a href="{publication.get_absolute_url()}">')
        self.assertContains(
            answer, f'Draft: <a href="/admin/articles/article/{publication.article.pk}/change/">'
        )
        self.assertContains(self.client.get(change(a_reference())), "Nowhere yet.")


class AnOpenSafetyNotice(TestCase):
    def test_is_settled_by_an_editor_who_says_how(self):
        article = published().article
        notice = SafetyNotice.objects.create(
            article=article, text="x", opened_at=article.created_at
        )
        address = "/admin/articles/safetynotice/"
        chosen = {"action": "settle", "_selected_action": [notice.pk]}

        self.client.force_login(an_editor())
        self.assertContains(
            self.client.post(address, chosen, follow=True), "Say in one sentence how"
        )
        self.client.post(address, {**chosen, "resolution": "It was a mistake."})
        notice.refresh_from_db()
        self.assertEqual(notice.resolution, "It was a mistake.")

        self.client.force_login(a_clinician())
        self.assertNotContains(self.client.get(address), "Take the selected safety notices off")


class ScriptInARecord(ALibrarian):
    """Harmless on every screen, whatever field it came in by."""

    def test_is_text_everywhere(self):
        attack = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'"
        reference = a_reference(
            csl={
                "type": "article-journal",
                "title": attack,
                "author": [{"family": attack, "given": attack}],
                "container-title": attack,
                "issued": {"date-parts": [[2020]]},
                "page": attack,
                "volume": attack,
                "URL": "javascript:alert(1)",
                "DOI": "10.5555/<script>alert(1)</script>",
            },
            raw=attack,
            origin_detail=attack,
            url="javascript:alert(1)",
            free_url="javascript:alert(1)",
        )
        reference.payload = a_work(
            title=[attack + " other"], volume=attack, author=[{"family": attack}]
        )
        reference.save()
        Notice.objects.create(
            reference=reference, kind="correction", source=attack[:40], label=attack, doi=attack
        )
        pages = [
            self.client.get(LIST),
            self.client.get(change(reference)),
            self.client.get(compare(reference)),
            self.client.get("/admin/references/notice/"),
            self.client.get(
                ADD,
                {"title": attack, "doi": attack, "csl": attack, "authors": attack, "url": attack},
            ),
            self.client.post(PASTE, {"text": attack}),
            self.client.post(PASTE, {"text": attack, "act": "add"}),
            self.client.post(
                PASTE, {"text": f"Osei A. {attack}. J Ex. 2019;7:11. doi:10.5555/{attack}"}
            ),
            self.client.post(PASTE, {"text": f"{attack}\n\n{LINE}\n\n10.5555/x", "act": "add"}),
            self.client.post(
                LIST, {"action": "check_identity", "_selected_action": [reference.pk]}, follow=True
            ),
        ]
        for page in pages:
            html = page.content.decode()
            with self.subTest(page=page.request["PATH_INFO"]):
                self.assertEqual(page.status_code, 200)
                self.assertNotIn("<script>alert", html)
                self.assertNotIn("<img src=x", html)
                self.assertNotRegex(html, r'href="\s*javascript:')
                self.assertNotIn("unsafe-inline", page["Content-Security-Policy"])

    def test_is_text_in_the_cards_of_the_box(self):
        attack = "<script>alert(1)</script>"
        a_reference(csl={"title": f"Cupping {attack}"})
        answer = self.client.get(f"{LIST}find/", {"q": "cupping"})
        self.assertEqual(answer["Content-Type"], "application/json")
        self.assertEqual(answer["X-Content-Type-Options"], "nosniff")
