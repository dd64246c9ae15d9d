"""Checklists: what the product tells by itself, what people answer, and what is kept of it."""

import json

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import TestCase

from articles.checklists import answering, items, observations, recording, scoring
from articles.checklists.answering import AnswersRefused, Given, UserTestEntry
from articles.checklists.content_view import ContentView
from articles.drafts import restoring, translation_drafts
from articles.models import AuditEntry, ChecklistAnswer, ChecklistResult, UserTest
from articles.models.querysets import InsertOnlyError
from articles.publishing import publishing
from articles.refusals import NotAllowed, Refused
from articles.review import contributors, reviewing
from articles.revisions import freezing
from articles.revisions.comparing import compare
from articles.revisions.storing import save_revision
from tests import golden
from tests.builders import (
    LATER,
    NOON,
    a_clinician,
    a_draft,
    a_user,
    an_editor,
    published,
    reviewed,
    with_advice,
)

AROUND = observations.Circumstances(acts_logged=3, languages=frozenset({"en"}))
LONG = "<p>" + "It is warm. " * 80 + "</p>"


def emptied(**content):
    """Frozen content of an article that says nothing, but for `content`."""
    lists = "key_points comparison contraindications conditions indications side_effects help"
    lists += " recommendations questions claims references reading_list"
    return {
        **dict.fromkeys(lists.split(), ()),
        "schema": 1,
        "uid": "0",
        "slug": "a",
        "title": "A",
        "kicker": "",
        "other_names": [],
        "summary": "",
        "language": "en",
        "translation_of": None,
        "tags": [],
        "is_demonstration": False,
        "compared_with": "",
        "no_known_contraindications": False,
        "evidence_searched_on": None,
        "funding": "",
        "conflicts": "",
        "written_by": None,
        "body": "",
        **content,
    }


def rows(name, **values):
    """Content whose rows of the list `name` all have these `values`."""
    full = golden.text("with-findings").content
    return {name: [{**row, **values} for row in full[name]]}


def counts(**values):
    """Content whose counts all have these `values`; of its other findings there are none."""
    full = golden.text("with-findings").content
    kept = [row for row in full["findings"] if row["kind"] == "count" and not row["is_derived"]]
    return {"findings": [{**row, **values} for row in kept]}


def claims(**values):
    return rows("claims", **values)


KEY_POINT = {"uid": "1", "kind": "point", "text": "Keep moving."}
ADVICE = {"uid": "2", "kind": "do", "text": "Keep moving.", "expert": None, "claim": None}
TABLE = "<table><tbody><tr><td>a</td></tr></tbody></table>"

#: {code: (what makes the full text one in which it is not seen, or one in which it is)}
CHANGED = {
    "discern-4": (claims(citations=[]), {}),
    "discern-5": ({"evidence_searched_on": None}, {}),
    "discern-7": ({"reading_list": [], "related": []}, {}),
    "discern-8": (claims(certainty="not-rated"), {}),
    "discern-10": (claims(certainty="very-low"), {}),
    "discern-11": ({"side_effects": [], "contraindications": [], "findings": []}, {}),
    "discern-12": (rows("findings", comparator="pretend surgery"), {}),
    "discern-14": ({"alternatives": [], "comparison": []}, {}),
    "discern-15": ({"questions": []}, {}),
    "pif-4": (claims(citations=[], certainty="low"), {}),
    "pif-6": ({"body": "<p>Hypersensitivity notwithstanding, rehabilitation continues.</p>"}, {}),
    "pif-7": ({"body": LONG}, {}),
    "ipdas-q-1": ({"conditions": []}, {}),
    "ipdas-q-3": ({"alternatives": [], "comparison": []}, {}),
    "ipdas-q-4": (claims(direction="worse"), {}),
    "ipdas-q-5": ({"side_effects": [], "contraindications": [], "findings": []}, {}),
    "ipdas-c-2": (claims(citations=[]), {}),
    "ipdas-c-3": ({"evidence_searched_on": None}, {}),
    "ipdas-c-4": ({"evidence_searched_on": None}, {}),
    "ipdas-c-5": ({"claims": []}, {}),
    "ipdas-c-6": ({"funding": ""}, {}),
    "ipdas-p-1": ({"findings": [], "side_effects": []}, {}),
    "ipdas-p-2": (counts(population=""), {}),
    "ipdas-p-3": ({}, counts()),
    "ipdas-p-4": (counts(time=""), {}),
    "ipdas-p-5": ({**counts(), "findings": []}, {}),
    "ipdas-p-6": (claims(certainty="not-rated"), {}),
    "ipdas-p-7": ({"findings": [], **rows("side_effects", n=1, base=100_000, unit="people")}, {}),
    "ipdas-p-8": (counts(unit="events"), {}),
    "cdc-2": ({"key_points": [], "summary": ""}, {}),
    "cdc-3": ({"key_points": []}, {}),
    "cdc-4": ({"pictures": [], "findings": [], "side_effects": []}, {}),
    "cdc-5": ({"recommendations": [], "key_points": [KEY_POINT]}, {}),
    "cdc-8": ({"questions": [{"uid": "1", "text": "Why?"}] * 8}, {}),
    "cdc-9": ({"body": LONG}, {"body": f"<p>Short.</p><h2>More warmth</h2>{LONG[:600]}"}),
    "cdc-10": ({"summary": ""}, {}),
    "cdc-11": (claims(certainty="not-rated"), {}),
    "cdc-12": ({"recommendations": []}, {}),
    "cdc-14": ({"steps": []}, {}),
    "cdc-15": ({"summary": "It helps 2.5 people."}, {}),
    "cdc-16": (rows("findings", scale_low_words=""), {}),
    "cdc-17": ({"summary": "It is 20% less."}, {}),
    "cdc-19": ({"side_effects": [], "contraindications": [], "findings": []}, {}),
    "cdc-20": ({"findings": [], **rows("side_effects", n=1, base=100_000, unit="people")}, {}),
    "pemat-3": ({"body": "<p>Hypersensitivity notwithstanding, rehabilitation goes on.</p>"}, {}),
    "pemat-4": ({"words": [{"uid": "1", "word": "spasm", "meaning": ""}]}, {}),
    "pemat-6": ({"summary": "It helps 25% of people."}, {}),
    "pemat-7": ({"summary": "It is three times as likely."}, {}),
    "pemat-8": ({"body": LONG}, {}),
    "pemat-9": ({"body": "<p>It is warm.</p><h2>More information</h2><p>Warm.</p>"}, {}),
    "pemat-11": ({"key_points": []}, {}),
    "pemat-12": ({"key_points": [], "help": [], "body": "<p>Warm.</p>"}, {}),
    "pemat-17": ({}, rows("pictures", caption="A warm pack.")),
    "pemat-19": ({"comparison": [], "body": TABLE}, {}),
    "pemat-20": ({"recommendations": [], "key_points": [KEY_POINT]}, {}),
    "pemat-21": ({"recommendations": [ADVICE], "key_points": [KEY_POINT], "help": []}, {}),
}
#: What is seen beside the text.
AROUND_IT = {
    "pif-1": observations.Circumstances(acts_logged=0),
    "pif-8": observations.Circumstances(acts_logged=1, asks_readers=False),
}


class WhatTheProductTells(TestCase):
    full = golden.text("with-findings").content

    def seen(self, code, around=AROUND, **changes):
        return observations.observe(ContentView({**self.full, **changes}), around)[code]

    def test_is_every_item_it_says_it_tells(self):
        told = {item.code for item in items.all_items() if item.is_told_by_product}

        self.assertEqual(told, {*CHANGED, *AROUND_IT})

    def test_is_seen_or_not_with_words_for_it(self):
        for code, (not_seen, seen) in CHANGED.items():
            for answer, changes in (("yes", seen), ("no", not_seen)):
                with self.subTest(code, answer=answer):
                    observed = self.seen(code, **changes)
                    self.assertEqual(observed.answer, answer, observed.words)
                    self.assertTrue(observed.words)

    def test_is_also_what_goes_on_around_the_text(self):
        for code, around in AROUND_IT.items():
            with self.subTest(code):
                self.assertEqual(self.seen(code).answer, "yes")
                self.assertEqual(self.seen(code, around).answer, "no")

    def test_of_people_who_went_without_needs_how_they_did(self):
        self.assertEqual(self.seen("discern-12", **rows("findings", without=None)).answer, "no")

    def test_names_the_place(self):
        result = scoring.result_of({**self.full, "questions": []}, AROUND)["results"]
        by_code = {one["code"]: one for one in result}

        self.assertEqual(by_code["discern-10"]["place"], "studies")
        self.assertEqual(by_code["discern-10"]["heading"], "What studies show")
        # There is no such section yet, so no link leads to it.
        self.assertEqual(by_code["discern-15"]["place"], "")
        self.assertEqual(by_code["discern-15"]["heading"], "Questions to ask")

    def test_is_nothing_about_chances_where_there_are_none(self):
        for code in ("ipdas-p-2", "ipdas-p-8", "cdc-20"):
            self.assertEqual(self.seen(code, findings=[], side_effects=[]).answer, "na")

    def test_is_nothing_about_hard_words_where_nothing_measures_them(self):
        for code in ("pif-6", "pemat-3", "pemat-21"):
            self.assertEqual(self.seen(code, language="ar").answer, "")

    def test_bears_an_article_that_says_nothing(self):
        result = scoring.result_of(emptied(), AROUND)

        self.assertEqual(len(result["results"]), len(items.ITEMS))
        self.assertEqual([score["met"] for score in result["scores"]][1], 0)


class TheScores(TestCase):
    full = golden.text("with-findings").content

    def scores(self, **answers):
        rows = [
            {
                "uid": code,
                "code": code.replace("_", "-"),
                "answer": answer,
                "reason": "",
                "product_said": "",
            }
            for code, answer in answers.items()
        ]
        content = {**self.full, "checklist_answers": rows}
        return {one["code"]: one for one in scoring.result_of(content, AROUND)["scores"]}

    def test_have_the_numbers_of_items_the_field_has(self):
        numbers = {one.code: len(one.items) for one in items.CHECKLISTS}

        self.assertEqual(
            numbers,
            {
                "pif": 10,
                "ipdas-q": 6,
                "ipdas-c": 6,
                "ipdas-p": 8,
                "discern": 16,
                "cdc": 20,
                "pemat-u": 17,
                "pemat-a": 7,
            },
        )

    def test_count_what_nobody_answered_as_not_met(self):
        before, after = self.scores(), self.scores(discern_1="yes")

        self.assertEqual(before["discern"]["of"], 16)
        self.assertEqual(after["discern"]["met"], before["discern"]["met"] + 1)
        self.assertEqual(after["discern"]["unanswered"], before["discern"]["unanswered"] - 1)

    def test_leave_out_what_does_not_apply(self):
        before, after = self.scores(), self.scores(pemat_24="na")

        self.assertEqual(after["pemat-a"]["of"], before["pemat-a"]["of"] - 1)

    def test_of_the_cdc_index_pass_at_ninety(self):
        persons = {f"cdc_{number}": "yes" for number in (1, 6, 7, 13, 18)}

        self.assertEqual(self.scores(**persons)["cdc"]["percentage"], 100)
        self.assertIs(self.scores(**persons)["cdc"]["passes"], True)
        self.assertIs(self.scores()["cdc"]["passes"], False)
        self.assertIsNone(self.scores()["discern"]["passes"])

    def test_of_the_cdc_index_give_nothing_for_the_place_of_a_message_that_is_not_there(self):
        without, with_it = self.scores(cdc_1="no"), self.scores(cdc_1="yes")

        self.assertEqual(with_it["cdc"]["met"] - without["cdc"]["met"], 4)


class AnAnswer(TestCase):
    def setUp(self):
        self.article = a_draft()
        self.by = self.article.owner

    def save(self, code="discern-1", answer="yes", reason="", shown=None, by=None):
        return answering.save_answers(
            self.article,
            {code: Given(answer, reason)},
            shown={code: shown or Given()},
            by=by or self.by,
            at=LATER,
        )

    def result(self, code):
        found = recording.result_of_draft(self.article, freezing.freeze(self.article))
        return next(one for one in found["results"] if one["code"] == code)

    def test_is_kept_and_counted(self):
        self.save()

        self.assertEqual(self.result("discern-1")["answer"], "yes")
        self.assertEqual(self.result("discern-1")["by"], "person")

    def test_is_an_edit_of_its_author(self):
        self.save(by=(colleague := a_clinician()))

        entry = AuditEntry.objects.filter(act="edited").latest("pk")
        self.assertEqual(
            entry.actor_id if hasattr(entry, "actor_id") else entry.by_id, colleague.pk
        )
        revision = save_revision(self.article, by=self.by, at=LATER)
        self.assertIn(colleague.pk, contributors.contributors(revision, live=None))

    def test_that_says_the_same_again_is_no_edit(self):
        self.save()
        count = AuditEntry.objects.count()

        self.assertEqual(self.save(shown=Given("yes")), 0)
        self.assertEqual(AuditEntry.objects.count(), count)

    def test_overrules_the_product_with_a_reason_only(self):
        with self.assertRaises(AnswersRefused) as caught:
            self.save("cdc-3", "no")
        self.assertIn("Say why", caught.exception.by_code["cdc-3"])

        self.save("cdc-3", "no", "The box is below the fold.")

        result = self.result("cdc-3")
        self.assertEqual((result["answer"], result["by"]), ("no", "person"))
        self.assertEqual(result["product_said"], "yes")
        self.assertEqual(result["reason"], "The box is below the fold.")

    def test_without_a_reason_is_refused_by_the_database_too(self):
        values = {"code": "cdc-3", "answer": "no", "product_said": "yes"}
        with self.assertRaises(IntegrityError), transaction.atomic():
            ChecklistAnswer.objects.create(article=self.article, **values)

    def test_without_a_reason_gives_way_once_the_product_can_tell(self):
        with_advice(self.article)
        self.save("cdc-13", "yes")
        self.assertEqual(self.result("cdc-13")["answer"], "yes")

        self.article.recommendation_rows.get().delete()

        self.assertEqual(self.result("cdc-13")["answer"], "na")

    def test_that_agrees_with_the_product_is_not_kept(self):
        self.save("cdc-3", "yes")

        self.assertFalse(ChecklistAnswer.objects.exists())
        self.assertEqual(self.result("cdc-3")["by"], "product")

    def test_can_be_taken_back(self):
        self.save()
        self.save(answer="", shown=Given("yes"))

        self.assertEqual(self.result("discern-1")["answer"], "")

    def test_is_given_by_those_who_may_edit(self):
        with self.assertRaises(NotAllowed):
            self.save(by=a_user())

    def test_freezes_to_one_text_however_it_came_about(self):
        for code in ("discern-3", "discern-1", "pif-2"):
            self.save(code)

        frozen = freezing.freeze(self.article)["checklist_answers"]
        self.assertEqual([row["code"] for row in frozen], ["pif-2", "discern-1", "discern-3"])

    def test_leaves_no_trace_in_a_text_without_answers(self):
        self.assertNotIn("checklist_answers", freezing.freeze(self.article))
        self.assertNotIn("user_tests", freezing.freeze(self.article))

    def test_of_a_stale_page_does_not_undo_that_of_a_colleague(self):
        self.save("discern-1", "yes")  # a colleague, after the page was opened

        self.save("discern-2", "no")

        self.assertEqual(self.result("discern-1")["answer"], "yes")
        self.assertEqual(self.result("discern-2")["answer"], "no")

    def test_to_what_a_colleague_answered_meanwhile_is_asked_for_again(self):
        self.save("discern-1", "yes", "Clear.")

        with self.assertRaises(AnswersRefused) as caught:
            self.save("discern-1", "no")

        self.assertIn("Clear.", caught.exception.by_code["discern-1"])
        self.save("discern-1", "no", shown=Given("yes", "Clear."))
        self.assertEqual(self.result("discern-1")["answer"], "no")

    def test_comes_back_with_its_version_and_is_compared(self):
        before = save_revision(self.article, by=self.by, at=NOON)
        self.save("cdc-3", "no", "Too low.")
        answered = save_revision(self.article, by=self.by, at=LATER)

        labels = [str(one.label) for one in compare(before.content, answered.content).changes]
        self.assertEqual(labels, ["answer to a checklist"])
        restoring.restore(before, by=self.by, at=LATER)
        self.assertFalse(ChecklistAnswer.objects.exists())
        restoring.restore(answered, by=self.by, at=LATER)
        self.assertEqual(freezing.freeze(self.article), answered.content)

    def test_about_an_original_is_none_about_its_translation(self):
        self.save()
        told = UserTestEntry(NOON.date(), 2, "Two people.")
        answering.save_user_test(self.article, told, by=self.by, at=LATER)
        published(self.article)

        translation = translation_drafts.start(self.article, "es", by=self.by, at=LATER)

        self.assertNotIn("checklist_answers", freezing.freeze(translation))
        self.assertNotIn("user_tests", freezing.freeze(translation))


class ATestWithReaders(TestCase):
    def setUp(self):
        self.article = a_draft()
        self.told = UserTestEntry(NOON.date(), 5, "People with a sore neck.", "We cut a line.")

    def save(self, told=None, **how):
        how = {"by": self.article.owner, "at": LATER, **how}
        return answering.save_user_test(self.article, told or self.told, **how)

    def test_is_kept_and_frozen(self):
        self.save()

        (row,) = freezing.freeze(self.article)["user_tests"]
        self.assertEqual(row["who"], "People with a sore neck.")
        self.assertEqual(row["tested_on"], "2026-03-01")

    def test_is_shown_to_who_answers_whether_users_were_involved(self):
        self.save()

        found = recording.result_of_draft(self.article, freezing.freeze(self.article))
        words = next(one["words"] for one in found["results"] if one["code"] == "pif-5")
        self.assertEqual(words, "5 people tried it.")

    def test_says_with_whom_and_cannot_lie_ahead(self):
        for told in (
            UserTestEntry(NOON.date(), 5, ""),
            UserTestEntry(NOON.date(), 0, "Nobody."),
            UserTestEntry(NOON.date().replace(year=2027), 5, "People."),
        ):
            with self.subTest(told), self.assertRaises(Refused):
                self.save(told)
        self.assertFalse(UserTest.objects.exists())

    def test_that_a_colleague_changed_is_not_overwritten(self):
        test = self.save()
        shown = answering.as_shown(test)
        self.save(UserTestEntry(NOON.date(), 6, "Six people."), test=test, shown=shown)

        with self.assertRaises(Refused):
            self.save(UserTestEntry(NOON.date(), 7, "Seven."), test=test, shown=shown)

        test.refresh_from_db()
        self.assertEqual(test.people, 6)

    def test_can_be_taken_out(self):
        test = self.save()

        answering.remove_user_test(
            self.article, test, shown=answering.as_shown(test), by=self.article.owner, at=LATER
        )

        self.assertFalse(UserTest.objects.exists())


class TheStoredResult(TestCase):
    def test_is_made_when_a_text_is_sent_for_review(self):
        article = a_draft()
        request = reviewing.submit(article, by=article.owner, at=NOON)

        stored = request.revision.checklist_result
        self.assertEqual(len(stored.results), len(items.ITEMS))
        self.assertEqual(stored.results[0]["wording"], str(items.ITEMS["pif-1"].wording))

    def test_is_made_once(self):
        revision, _editor = reviewed(a_draft())
        stored = ChecklistResult.objects.get(revision=revision)

        self.assertEqual(recording.record_result(revision, at=LATER), stored)

    def test_is_made_by_publishing_where_there_is_none(self):
        article = a_draft(body="<p>It uses a thin neddle.</p>")
        published(article)
        article.refresh_from_db()
        article.body = "<p>It uses a thin needle.</p>"
        article.save()
        editor, revision = an_editor(), save_revision(article, by=article.owner, at=LATER)
        self.assertFalse(ChecklistResult.objects.filter(revision=revision).exists())

        publishing.correct(
            article, by=editor, at=LATER, change_note="A letter.", seen=revision.digest
        )

        self.assertTrue(ChecklistResult.objects.filter(revision=revision).exists())

    def test_is_never_changed_or_deleted(self):
        stored = published().revision.checklist_result
        for act in (
            stored.save,
            stored.delete,
            lambda: ChecklistResult.objects.update(scores=[]),
            ChecklistResult.objects.all().delete,
        ):
            with self.assertRaises(InsertOnlyError):
                act()
        for sql in (
            "UPDATE articles_checklistresult SET scores = '[]'",
            "DELETE FROM articles_checklistresult",
        ):
            cursor = connection.cursor()
            with cursor, self.assertRaises(DatabaseError), transaction.atomic():
                cursor.execute(sql)

    def test_stays_as_it_was_where_the_draft_goes_on(self):
        publication = published()
        before = json.dumps(publication.revision.checklist_result.scores)
        article = publication.article
        answering.save_answers(
            article, {"discern-1": Given("yes")}, shown={}, by=article.owner, at=LATER
        )

        stored = ChecklistResult.objects.get(revision=publication.revision)
        self.assertEqual(json.dumps(stored.scores), before)
