"""Who checked what: each person is named once, and nobody here speaks for patients alone."""

import json
import re
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from articles.models import AuditEntry, Citation, Decision, Notification, Publication, ReviewTask
from articles.page.imprint import Imprint
from articles.publishing import publishing
from articles.refusals import NotReadyToPublish, Refused
from articles.review import checklists, invitations, reviewing
from tests.builders import (
    LATER,
    NOON,
    a_draft,
    a_superuser,
    agreed,
    agreed_in_form,
    an_editor,
    approved,
    edited,
)
from tests.frozen import digest_now

HOW = "read aloud with two people of our Tuesday group"


class PointsOfView(TestCase):
    kinds = ("clinical", "plain_language")

    def setUp(self):
        self.article = a_draft(slug="stretching", title="Stretching")
        self.editor = an_editor(first_name="Edith", last_name="Editor")
        self.second = an_editor(first_name="Simon", last_name="Second")
        for citation in Citation.objects.all():
            reviewing.check_evidence(citation, by=self.editor, at=NOON)
        self.request = reviewing.submit(
            self.article, by=self.article.owner, at=NOON, kinds=list(self.kinds)
        )
        self.revision = self.request.revision
        self.address = reverse("admin:articles_article_review", args=[self.article.pk])

    def task(self, kind):
        return ReviewTask.objects.get(request__closed_at=None, kind=kind)

    def act(self, user, act, **data):
        self.client.force_login(user)
        data = {"act": act, "digest": digest_now(self.article), **data}
        return self.client.post(self.address, data, follow=True)

    def approve(self, kind, user=None, **data):
        return self.act(user or self.editor, "approve", **{**agreed_in_form(kind), **data})

    def read(self, address="/articles/stretching/"):
        self.client.logout()
        return self.client.get(address).content.decode()

    def about(self, page):
        """What stands under "About this page"."""
        return re.search(r'<section class="about".*?</section>', page, re.S)[0]


class SomebodyWhoSignedTwoPointsOfView(PointsOfView):
    def setUp(self):
        super().setUp()
        for kind in reversed(self.kinds):
            self.approve(kind)
        self.act(self.editor, "publish")

    def test_is_named_once_with_both_on_the_page_and_on_paper(self):
        for address in ("/articles/stretching/", "/articles/stretching/handout/?with=sources"):
            with self.subTest(address):
                about = " ".join(self.about(self.read(address)).split())
                self.assertEqual(about.count("Edith Editor"), 1)
                self.assertIn("(the medical facts, the plain words)", about)

    def test_is_named_once_with_both_to_machines(self):
        script = re.search(r'<script type="application/ld\+json">(.*?)</script>', self.read(), re.S)
        page = json.loads(script[1])["@graph"][0]

        self.assertEqual(
            [(one["name"], one["description"]) for one in page["reviewedBy"]],
            [("Edith Editor", "the medical facts, the plain words")],
        )

    def test_is_named_once_in_an_old_version(self):
        edited(self.article)
        reviewing.submit(self.article, by=self.article.owner, at=LATER)
        for kind in self.kinds:
            self.approve(kind, self.second)
        self.act(self.second, "publish")

        old = self.about(self.read("/articles/stretching/versions/1/"))

        self.assertEqual((old.count("Edith Editor"), old.count("Simon")), (1, 0))

    def test_is_named_once_in_the_record(self):
        self.client.force_login(a_superuser())
        publication = Publication.objects.get()
        address = reverse("admin:articles_publication_change", args=[publication.pk])

        page = self.client.get(address).content.decode()

        record = re.search(r"field-who_checked_it.*?</p>", page, re.S)[0]
        self.assertIn("Edith Editor (the medical facts, the plain words)", record)
        self.assertNotIn("field-approvals", page)


class AnApprovalBeforeItIsPublished(PointsOfView):
    def test_names_each_person_once_where_it_is_decided_and_asked_once_more(self):
        for kind in self.kinds:
            self.approve(kind)
        page = self.client.get(self.address).content.decode()
        decide = re.search(r'<section id="decide".*?</section>', page, re.S)[0]
        self.assertEqual(decide.count("<strong>Edith Editor</strong>"), 1)
        self.assertIn("clinical review: approved", decide)
        self.assertIn("plain language review: approved", decide)

        asked = self.client.post(
            reverse("admin:articles_article_review_confirm", args=[self.article.pk]),
            {"act": "publish", "digest": digest_now(self.article)},
        )

        self.assertContains(asked, "Edith Editor (the medical facts, the plain words)", count=1)

    def test_is_told_and_logged_with_its_point_of_view(self):
        self.approve("plain_language", note="Well said.")

        text = Notification.objects.get(recipient=self.article.owner).text
        self.assertIn("Edith Editor approved “Stretching”: plain language review.", text)
        entry = AuditEntry.objects.get(act="approved")
        self.assertEqual(entry.summary, "plain language: Well said.")


class TwoPeople(PointsOfView):
    def test_of_one_name_are_named_as_two(self):
        twin = an_editor(first_name="Edith", last_name="Editor")
        self.approve("clinical")
        self.approve("plain_language", twin)
        self.act(self.editor, "publish")

        about = self.about(self.read())

        self.assertEqual(about.count("Edith Editor"), 2)

    def test_and_one_person_are_told_apart_in_records_without_accounts(self):
        twin = an_editor(first_name="Edith", last_name="Editor")
        approved(self.revision, by=self.editor, task=self.task("clinical"), at=NOON)
        plain = self.task("plain_language")
        approved(self.revision, by=self.editor, task=plain, at=LATER)
        approved(self.revision, by=twin, task=plain, at=LATER + timedelta(hours=1))
        publication = publishing.publish(self.revision, by=self.editor, at=LATER)
        publication.approvals = [
            {name: value for name, value in approval.items() if name != "by"}
            for approval in publication.approvals
        ]

        found = Imprint.of(publication).checked_by

        self.assertEqual(
            [(one["name"], one["kinds"]) for one in found],
            [
                ("Edith Editor", ["clinical", "plain_language"]),
                ("Edith Editor", ["plain_language"]),
            ],
        )

    def test_stand_on_top_by_who_checked_the_medical_facts(self):
        approved(self.revision, by=self.editor, task=self.task("clinical"), at=NOON)
        approved(self.revision, by=self.second, task=self.task("plain_language"), at=LATER)
        publication = publishing.publish(self.revision, by=self.editor, at=LATER)

        self.assertEqual(Imprint.of(publication).checker["name"], "Edith Editor")


class TheClinicalChecklist(PointsOfView):
    def test_must_be_answered_before_the_text_is_approved(self):
        questions = dict(checklists.QUESTIONS["clinical"])
        typed = {"answer-clinical-claims": "yes", "answer-clinical-harms": "na"}

        page = self.act(self.editor, "approve", kind="clinical", note="Typed for an hour.", **typed)

        self.assertFalse(Decision.objects.exists())
        self.assertContains(page, "Answer each question of the checklist first")
        self.assertContains(page, f"<p>“{questions['help']}”</p>", html=True)
        self.assertContains(page, "not answered yet", count=2)
        self.assertContains(page, "Typed for an hour.")
        for name, value in typed.items():
            self.assertContains(page, f'name="{name}" value="{value}" checked')

    def test_is_asked_by_the_act_whoever_calls_it(self):
        for answers in (None, {}, {**agreed(), "help": "maybe"}, {**agreed(), "help": ""}):
            with self.subTest(answers), self.assertRaisesMessage(Refused, "signs to get help"):
                reviewing.approve(self.revision, by=self.editor, at=NOON, answers=answers)

    def test_is_frozen_with_the_approval(self):
        self.approve("clinical")

        self.assertEqual(len(Decision.objects.get().answers), 4)

    def test_is_not_needed_to_ask_for_changes(self):
        self.act(self.editor, "changes", kind="clinical", note="Too strong.")

        self.assertEqual(Decision.objects.get().verdict, "changes")


class ThePointOfViewOfPatients(PointsOfView):
    kinds = ("clinical", "patient_reader")

    def invite(self, revision=None, name="Jane Doe"):
        return invitations.invite(
            revision or self.revision, by=self.editor, at=NOON, name=name, questions=["What is it?"]
        )

    def answer(self, invitation):
        invitations.keep_answers(invitation, at=NOON, answers=["A stretch."])

    def publish(self):
        self.approve("clinical")
        self.act(self.editor, "publish")

    def test_cannot_be_given_by_somebody_who_works_here_alone(self):
        for reached in ("", "   ", "x", "1234567890123", "aaaaaaaaaaaa", "----------"):
            with self.subTest(reached):
                page = self.approve("patient_reader", reached=reached, note="I think so.")
                self.assertContains(page, "A patient has to read this text.")
                self.assertContains(page, "I think so.")
        self.assertFalse(Decision.objects.exists())
        with self.assertRaisesMessage(Refused, "A patient has to read this text."):
            approved(self.revision, by=a_superuser(), task=self.task("patient_reader"))

    def test_is_recorded_with_how_patients_were_reached_and_readers_see_that(self):
        self.approve("patient_reader", reached=f" {HOW} ")

        self.assertEqual(Decision.objects.get().reached, HOW)
        self.assertContains(self.client.get(self.address), HOW)
        self.assertIn(HOW, AuditEntry.objects.get(act="approved").summary)
        self.publish()
        for address in ("/articles/stretching/", "/articles/stretching/handout/?with=sources"):
            about = self.about(self.read(address))
            self.assertIn("Read by patients", about)
            self.assertIn(HOW, about)

    def test_names_nobody_as_having_checked_it_who_only_wrote_it_down(self):
        self.approve("patient_reader", self.second, reached=HOW)
        self.publish()

        page = self.read()
        self.assertIn("Edith Editor", page)
        self.assertNotIn("Simon", page)

    def test_rests_on_an_invited_reader_who_answered_about_this_text(self):
        invitation, _secret = self.invite()
        self.assertContains(self.approve("patient_reader"), "A patient has to read this text.")
        self.answer(invitation)
        self.assertContains(self.client.get(self.address), "Jane Doe, whom you invited, answered")

        self.approve("patient_reader")

        self.assertEqual(Decision.objects.get().invitation, invitation)
        self.publish()
        about = self.about(self.read())
        self.assertIn("Someone we invited read it and answered our questions", about)
        self.assertNotIn("Jane", about)

    def test_does_not_rest_on_answers_about_another_text_or_taken_back(self):
        invitation, _secret = self.invite()
        self.answer(invitation)
        invitations.revoke(invitation, by=self.editor, at=NOON)
        self.assertContains(self.approve("patient_reader"), "A patient has to read this text.")
        other, _secret = self.invite()
        self.answer(other)
        edited(self.article)
        reviewing.submit(self.article, by=self.article.owner, at=LATER)

        page = self.approve("patient_reader")

        self.assertContains(page, "A patient has to read this text.")

    def test_says_nothing_of_patients_where_an_earlier_site_asked_for_none(self):
        self.approve("patient_reader", self.second, reached=HOW)
        self.publish()
        publication = Publication.objects.get()
        for approval in publication.approvals:
            approval.pop("reached", None)
            approval.pop("invited", None)

        imprint = Imprint.of(publication)

        self.assertEqual(imprint.read_by_patients, [])
        self.assertEqual([one["name"] for one in imprint.checked_by], ["Edith Editor"])


class TheWordOfAnInvitedReader(PointsOfView):
    kinds = ("clinical", "patient_reader")

    def setUp(self):
        super().setUp()
        self.invitation, self.secret = invitations.invite(
            self.revision,
            by=self.editor,
            at=timezone.now(),
            name="Jane Doe",
            questions=["What is it?"],
        )
        self.place = reverse("articles:invited", args=[self.secret])

    def answer(self):
        self.client.logout()
        return self.client.post(
            self.place, {"act": "answer", "answer-0": "I approve of it."}, follow=True
        )

    def test_is_kept_and_shown_and_is_no_approval(self):
        before = reviewing.approval_state(self.revision)
        self.answer()

        after = reviewing.approval_state(self.revision)
        for name in ("decisions", "approvals", "checks", "open_rows", "unchecked_rows"):
            self.assertEqual(getattr(after, name), getattr(before, name), name)
        self.assertTrue(publishing.missing_approvals(after, by=self.editor))
        self.client.force_login(self.editor)
        page = self.client.get(self.address)
        self.assertContains(page, "I approve of it.")
        self.assertContains(page, "Nobody has decided on this text yet.")

    def test_and_what_an_editor_wrote_down_of_it_let_no_text_out(self):
        reviewing.submit(self.article, by=self.article.owner, at=NOON)
        self.answer()
        self.approve("patient_reader")

        page = self.act(self.editor, "publish")

        self.assertContains(page, "Nobody has approved this text yet.")
        self.assertFalse(Publication.objects.exists())

    def test_lets_no_text_out_that_was_read_from_that_point_of_view_alone(self):
        edited(self.article)
        self.request.tasks.filter(kind="clinical").delete()
        request = reviewing.submit(
            self.article, by=self.article.owner, at=LATER, kinds=["patient_reader"]
        )
        self.assertEqual([task.kind for task in request.tasks.all()], ["patient_reader"])
        approved(request.revision, by=self.editor, task=self.task("patient_reader"), reached=HOW)

        with self.assertRaises(NotReadyToPublish):
            publishing.publish(request.revision, by=self.editor, at=LATER)
        with self.assertRaises(DatabaseError), transaction.atomic():
            Publication.objects.create(
                article=self.article,
                revision=request.revision,
                number=1,
                slug="stretching",
                language="en",
                by=self.editor,
                by_name="Nobody",
                at=LATER,
            )

    def test_is_taken_from_nobody_who_is_signed_in(self):
        self.client.force_login(self.editor)
        for act, data in (
            ("answer", {"answer-0": "A patient would understand."}),
            ("remark", {"text": "I am a patient."}),
        ):
            page = self.client.post(self.place, {"act": act, **data}, follow=True)
            self.assertContains(page, "You are signed in with an account")

        self.invitation.refresh_from_db()
        self.assertIsNone(self.invitation.answered_at)
        self.assertFalse(self.invitation.comments.exists())
