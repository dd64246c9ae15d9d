"""Names on approvals, publications and the log come from the account of who acted."""

import csv

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from articles.models import AuditEntry, Citation, Comment, Notification, Person, Publication
from articles.refusals import NotAllowed
from articles.review import accounts, comments, invitations, reviewing
from physiohub import roles
from tests.builders import (
    NOON,
    a_clinician,
    a_draft,
    a_person,
    a_superuser,
    a_user,
    agreed_in_form,
    an_editor,
    approved,
    reviewed,
)
from tests.forms import filled_in
from tests.frozen import digest_now


class Names(TestCase):
    def setUp(self):
        self.editor = an_editor(first_name="Edith", last_name="Editor")
        self.administrator = a_user(
            roles.ADMINISTRATOR, first_name="Adam", last_name="Administrator"
        )
        self.others = [a_clinician(), an_editor(), a_user(roles.LIBRARIAN)]

    def act(self, user, article, act, **data):
        self.client.force_login(user)
        return self.client.post(
            reverse("admin:articles_article_review", args=[article.pk]),
            {"act": act, "digest": digest_now(article), **data},
            follow=True,
        )

    def address(self, person=None):
        if person is None:
            return reverse("admin:articles_person_add")
        return reverse("admin:articles_person_change", args=[person.pk])


class ANameOnARecord(Names):
    def setUp(self):
        super().setUp()
        self.article = a_draft(slug="stretching")
        for citation in Citation.objects.all():
            reviewing.check_evidence(citation, by=self.others[1], at=NOON)
        reviewing.submit(self.article, by=self.article.owner, at=NOON)
        # Typed by anybody who writes, and pointed at the account of the editor.
        a_person(name="Professor Quokka", role="Physiotherapist", user=self.editor)

    def test_is_that_of_the_account_and_no_typed_one(self):
        self.act(self.editor, self.article, "approve", **agreed_in_form())
        self.act(self.editor, self.article, "publish")

        publication = Publication.objects.get()
        decision = publication.revision.decisions.get()
        self.assertEqual(publication.by_name, "Edith Editor")
        self.assertEqual(decision.by_name, "Edith Editor")
        self.assertEqual(publication.approvals[0]["name"], "Edith Editor")
        names = set(AuditEntry.objects.values_list("actor_name", flat=True))
        self.assertIn("Edith Editor", names)
        self.assertNotIn("Professor Quokka", names)
        texts = " ".join(Notification.objects.values_list("text", flat=True))
        self.assertIn("Edith Editor", texts)
        self.assertNotIn("Quokka", texts)
        self.client.logout()
        page = self.client.get("/articles/stretching/")
        self.assertContains(page, "Edith Editor")
        self.assertNotContains(page, "Quokka")

    def test_is_that_of_the_account_in_the_queue_and_where_a_review_is_asked_for(self):
        task = reviewing.tasks_of(self.article)[0]
        reviewing.assign(task, to=self.editor, due_on=None, by=self.editor, at=NOON)
        a_person(name="Doctor Quokka", user=self.article.owner)
        self.client.force_login(self.others[1])
        for address in (
            reverse("admin:articles_article_queue"),
            reverse("admin:articles_article_review", args=[self.article.pk]),
        ):
            page = self.client.get(address)
            self.assertContains(page, "Edith Editor")
            self.assertNotContains(page, "Quokka")

    def test_fits_into_the_record_however_long_the_name_of_the_account_is(self):
        long = an_editor(first_name="E" * 150, last_name="D" * 150)
        approved(self.article.revisions.get(), by=long)

        self.assertEqual(self.article.revisions.get().decisions.get().by_name, "E" * 150)


class WhoseAccountItIs(Names):
    def test_is_said_by_nobody_but_administrators(self):
        person = a_person()
        for user in self.others:
            self.client.force_login(user)
            for address, popup in ((self.address(person), ""), (self.address(), "1")):
                with self.subTest(user=user, address=address):
                    self.assertNotContains(self.client.get(address), 'name="user"')
                    data = {"name": "Quokka", "role": "x", "user": self.editor.pk}
                    self.client.post(address, {**data, "_popup": popup} if popup else data)
                    self.assertFalse(Person.objects.exclude(user=None).exists())
            with self.assertRaises(NotAllowed):
                accounts.tie(person, self.editor, by=user, at=NOON)

    def test_cannot_be_said_in_the_list(self):
        person = a_person()
        self.client.force_login(self.others[0])
        data = {
            "form-TOTAL_FORMS": 1,
            "form-INITIAL_FORMS": 1,
            "form-0-id": person.pk,
            "form-0-user": self.editor.pk,
            "_save": "Save",
        }
        self.client.post(reverse("admin:articles_person_changelist"), data)

        person.refresh_from_db()
        self.assertIsNone(person.user)

    def test_is_said_by_an_administrator_and_told_to_the_owner_and_the_owner_before(self):
        for user in (self.administrator, a_superuser(first_name="Adam", last_name="Super")):
            before = a_clinician()
            person = a_person(name=f"Eddy of {user.pk}", user=before)
            Person.objects.filter(user=self.editor).update(user=None)
            self.client.force_login(user)
            form = self.client.get(self.address(person))

            answer = self.client.post(self.address(person), filled_in(form, user=self.editor.pk))

            self.assertEqual(answer.status_code, 302)
            person.refresh_from_db()
            self.assertEqual(person.user, self.editor)
            told = Notification.objects.filter(kind="account", text__contains=person.name)
            self.assertEqual({each.recipient for each in told}, {self.editor, before})
            for each in told:
                self.assertIn("Adam", each.text)
            self.assertTrue(
                AuditEntry.objects.filter(
                    subject_uid=person.uid, actor_id=user.pk, summary="account: Edith Editor"
                ).exists()
            )

    def test_is_said_by_an_administrator_for_a_new_person(self):
        self.client.force_login(self.administrator)

        self.client.post(self.address(), {"name": "Eddy", "role": "Physio", "user": self.editor.pk})

        self.assertEqual(Person.objects.get().user, self.editor)
        self.assertEqual(Notification.objects.get(kind="account").recipient, self.editor)

    def test_is_told_once_and_not_when_it_stays(self):
        person = a_person(user=self.editor)
        self.client.force_login(self.administrator)
        form = self.client.get(self.address(person))

        self.client.post(self.address(person), filled_in(form, role="Head of physio"))

        person.refresh_from_db()
        self.assertEqual((person.role, person.user), ("Head of physio", self.editor))
        self.assertFalse(Notification.objects.exists())

    def test_is_looked_for_by_administrators_alone(self):
        address = reverse("admin:autocomplete")
        wanted = {"app_label": "articles", "model_name": "person", "field_name": "user"}
        for user, status in (*((user, 403) for user in self.others), (self.administrator, 200)):
            self.client.force_login(user)
            self.assertEqual(self.client.get(address, wanted).status_code, status)

    def test_stays_when_somebody_else_changes_the_person_at_that_moment(self):
        person = a_person()
        clinician = self.others[0]
        self.client.force_login(clinician)
        form = filled_in(self.client.get(self.address(person)), role="Physio")
        save = Person.full_clean

        def tied_meanwhile(this, *args, **kwargs):
            Person.objects.filter(pk=person.pk).update(user=self.editor)
            return save(this, *args, **kwargs)

        Person.full_clean = tied_meanwhile
        self.addCleanup(setattr, Person, "full_clean", save)
        self.client.post(self.address(person), form)

        person.refresh_from_db()
        self.assertEqual(person.user, self.editor)


class APersonWithAnAccount(Names):
    def test_is_changed_by_administrators_alone_so_that_the_role_is_true(self):
        person = a_person(name="Eddy", role="Physiotherapist", user=self.editor)
        for user in (*self.others, self.editor):
            self.client.force_login(user)
            answer = self.client.post(self.address(person), {"name": "Eddy", "role": "Surgeon"})
            self.assertEqual(answer.status_code, 403)
        _revision, _ = reviewed(a_draft(), editor=self.editor)

        person.refresh_from_db()
        self.assertEqual(person.role, "Physiotherapist")
        self.assertEqual(_revision.decisions.get().by_role, "Physiotherapist")

    def test_without_one_is_changed_by_everybody_who_writes(self):
        person = a_person(name="Eddy")
        self.client.force_login(self.others[0])
        form = self.client.get(self.address(person))

        self.client.post(self.address(person), filled_in(form, role="Retired"))

        person.refresh_from_db()
        self.assertEqual(person.role, "Retired")


class AGuestUnderTheNameOfAColleague(Names):
    def setUp(self):
        super().setUp()
        self.article = a_draft()
        revision = reviewing.submit(self.article, by=self.article.owner, at=NOON).revision
        invitation, _secret = invitations.invite(
            revision, by=self.others[1], at=timezone.now(), name="Edith Editor", questions=["Why?"]
        )
        comments.add_guest_comment(invitation, at=NOON, text="I find it right.")
        invitations.keep_answers(invitation, at=NOON, answers=["It is right."])
        self.client.force_login(self.others[1])

    def test_is_marked_in_the_log_and_the_history(self):
        log = self.client.get(reverse("admin:articles_article_log", args=[self.article.pk]))
        rows = list(csv.reader(log.content.decode().splitlines()))
        names = {row[1] for row in rows if row[2] in ("answered", "commented")}
        self.assertEqual(names, {"Edith Editor (invited reader)"})
        for address in (
            reverse("admin:articles_article_history", args=[self.article.pk]),
            reverse("admin:articles_auditentry_changelist"),
            reverse("admin:index"),
        ):
            with self.subTest(address):
                self.assertContains(self.client.get(address), "Edith Editor (invited reader)")

    def test_is_marked_at_its_remarks(self):
        page = self.client.get(reverse("admin:articles_article_review", args=[self.article.pk]))

        self.assertContains(page, "<strong>Edith Editor (invited reader)</strong>")
        self.assertEqual(Comment.objects.get().by_name, "Edith Editor")

    def test_is_not_mistaken_for_the_site_or_a_closed_account(self):
        self.assertEqual(AuditEntry(actor_name="the site").actor, "the site")
        self.assertEqual(AuditEntry(actor_name="Robin", actor_id=99).actor, "Robin")
