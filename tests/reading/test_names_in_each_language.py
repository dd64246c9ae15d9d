"""One problem has a name in each language: readers meet theirs, and all names lead to one page."""

import importlib
import re

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import audit
from articles.drafts import edits, restoring, translation_drafts
from articles.imports import making_drafts
from articles.live import catalogue, pages
from articles.live.search import results
from articles.models import (
    Article,
    ArticleCondition,
    Condition,
    GlossaryTerm,
    LiveArticle,
    LiveTerm,
    LiveTotal,
    Notification,
)
from articles.publishing import publishing
from articles.revisions import freezing
from articles.revisions.storing import save_revision
from tests.builders import (
    LATER,
    NOON,
    a_clinician,
    a_draft,
    a_person,
    a_reference,
    a_superuser,
    an_editor,
    edited,
    link,
    published,
    reviewed,
    set_claim,
)
from tests.forms import filled_in

SPANISH = {
    "name": "caídas",
    "clinical_name": "Caídas de personas mayores",
    "other_names": ["tropiezos"],
    "summary": "Acabar en el suelo sin querer.",
}


def falls(**names):
    return Condition.objects.create(
        name="falls",
        slug="falls",
        clinical_name="Falls in older people",
        other_names=["trips"],
        summary="To end up on the floor.",
        icd10="W19",
        names=names,
    )


def tried_for(term, language="en", **fields):
    article = a_draft(language=language, **fields)
    row = ArticleCondition.objects.create(article=article, condition=term)
    set_claim(row.claim, certainty="none")
    return article


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def term_in(article):
    return freezing.freeze(article)["conditions"][0]["condition"]


class AFrozenText(TestCase):
    def test_has_the_name_of_its_own_language_and_one_address_for_all(self):
        term = falls(es=SPANISH)

        english, spanish = (term_in(tried_for(term, code)) for code in ("en", "es"))

        self.assertEqual((english["name"], spanish["name"]), ("falls", "caídas"))
        for key, words in SPANISH.items():
            self.assertEqual(spanish[key], words)
        self.assertEqual((english["uid"], english["slug"]), (spanish["uid"], spanish["slug"]))
        self.assertEqual(spanish["icd10"], "W19")

    def test_is_the_same_as_ever_where_its_language_has_no_name(self):
        term = falls()
        articles = [tried_for(term, code) for code in ("en", "ar")]
        before = [freezing.freeze(article) for article in articles]

        term.names = {"es": SPANISH}
        term.save()

        self.assertEqual([freezing.freeze(article) for article in articles], before)
        self.assertEqual(term_in(articles[1])["name"], "falls")

    def test_says_in_its_language_what_people_do(self):
        person = a_person(role="Physiotherapist", roles={"es": "Fisioterapeuta"})

        for code, role in (("en", "Physiotherapist"), ("es", "Fisioterapeuta"), ("ar", "Physio")):
            frozen = freezing.freeze(a_draft(language=code, written_by=person))
            self.assertIn(role, frozen["written_by"]["role"])

    def test_costs_no_query_more_for_its_names(self):
        article = tried_for(falls(), "es")
        for number in range(5):
            term = Condition.objects.create(name=f"name {number}", slug=f"name-{number}")
            ArticleCondition.objects.create(article=article, condition=term)
        with self.assertNumQueries(12):
            freezing.freeze(article)

        for term in Condition.objects.all():
            term.names = {"es": {"name": f"nombre {term.pk}"}}
            term.save()

        with self.assertNumQueries(12):
            freezing.freeze(article)


class AnApproval(TestCase):
    def test_says_what_the_colleague_does_in_the_language_of_the_page(self):
        editor = an_editor()
        a_person(user=editor, role="Physiotherapist", roles={"es": "Fisioterapeuta"})
        revision, _editor = reviewed(a_draft(language="es"), editor=editor)

        publication = publishing.publish(revision, by=editor, at=NOON, change_note="")

        self.assertEqual(publication.approvals[0]["role"], "Fisioterapeuta")
        self.assertEqual(audit.role_of(editor, "en"), "Physiotherapist")


class AChangeOfOneName(TestCase):
    def setUp(self):
        self.term = falls(es=SPANISH)
        self.english, self.spanish = (
            tried_for(self.term, code, by=a_clinician()) for code in ("en", "es")
        )
        for article in (self.english, self.spanish):
            row = article.articlecondition_rows.get()
            link(row.claim, a_reference(), by=article.owner, checked_by=an_editor())
        self.client.force_login(a_superuser())

    def save(self, **changed):
        address = reverse("admin:articles_condition_change", args=[self.term.pk])
        answer = self.client.post(
            address, filled_in(self.client.get(address), **changed), follow=True
        )
        self.term.refresh_from_db()
        return answer

    def claim(self, article):
        return article.articlecondition_rows.select_related("claim").get().claim

    def test_reaches_the_drafts_of_that_language_alone(self):
        self.assertEqual(self.claim(self.spanish).text, "caídas")
        locks = dict(Article.objects.values_list("pk", "lock_version"))

        self.save(name_es="tropezones")

        self.assertEqual(self.claim(self.spanish).text, "tropezones")
        self.assertIsNone(self.claim(self.spanish).citations.get().checked_by)
        self.assertEqual(self.claim(self.english).text, "falls")
        self.assertIsNotNone(self.claim(self.english).citations.get().checked_by)
        now = dict(Article.objects.values_list("pk", "lock_version"))
        self.assertEqual(now[self.english.pk], locks[self.english.pk])
        self.assertGreater(now[self.spanish.pk], locks[self.spanish.pk])

    def test_tells_the_owner_of_that_draft_what_it_is_called_now(self):
        self.save(name_es="tropezones")

        told = Notification.objects.filter(kind=Notification.Kind.TERM)
        self.assertEqual({one.recipient for one in told}, {self.spanish.owner})
        self.assertIn("“caídas” is called “tropezones” now", told.get().text)

    def test_of_the_first_name_leaves_other_languages_alone(self):
        self.save(name="a fall")

        self.assertEqual(self.claim(self.english).text, "a fall")
        self.assertEqual(self.claim(self.spanish).text, "caídas")
        self.assertIsNotNone(self.claim(self.spanish).citations.get().checked_by)

    def test_of_its_code_reaches_all(self):
        locks = dict(Article.objects.values_list("pk", "lock_version"))

        self.save(icd10="W18")

        now = dict(Article.objects.values_list("pk", "lock_version"))
        self.assertTrue(all(now[pk] > lock for pk, lock in locks.items()))

    def test_follows_an_article_into_another_language(self):
        Article.objects.filter(pk=self.english.pk).update(language="es")

        edits.say_terms_in_its_language(Article.objects.get(pk=self.english.pk))

        self.assertEqual(self.claim(self.english).text, "caídas")


class TheFormOfATerm(TestCase):
    def setUp(self):
        self.term = falls(es=SPANISH)
        self.address = reverse("admin:articles_condition_change", args=[self.term.pk])
        self.client.force_login(a_superuser())

    def post(self, **changed):
        answer = self.client.post(self.address, filled_in(self.client.get(self.address), **changed))
        self.term.refresh_from_db()
        return answer

    def test_shows_and_keeps_the_names_of_each_language(self):
        self.post(name_ar="السقوط", other_names_ar="الوقوع, التعثر", summary_ar="أن تقع.")

        self.assertEqual(self.term.names["es"], SPANISH)
        self.assertEqual(
            self.term.names["ar"],
            {"name": "السقوط", "other_names": ["الوقوع", "التعثر"], "summary": "أن تقع."},
        )

    def test_takes_a_language_out_where_all_its_words_are_gone(self):
        self.post(name_es="", clinical_name_es="", other_names_es="", summary_es="")

        self.assertEqual(self.term.names, {})

    def test_asks_for_the_plain_name_where_there_are_other_words(self):
        answer = self.post(name_es="")

        self.assertContains(answer, "Say here what patients call it")
        self.assertEqual(self.term.names["es"], SPANISH)

    def test_refuses_a_name_by_which_pages_know_something_else(self):
        other = Condition.objects.create(name="السقوط", slug="other", language="ar")
        answer = self.post(name_ar="السقوط")
        self.assertEqual(answer.status_code, 302)  # no page names the other one
        self.post(name_ar="")

        tried_for(other, "ar")

        self.assertContains(self.post(name_ar="السقوط"), "by the name “السقوط”")
        with self.assertRaises(ValidationError):
            Condition(name="x", slug="x", names={"ar": {"name": "السقوط"}}).full_clean()

    def test_finds_a_term_by_its_name_in_any_language(self):
        found = self.client.get(reverse("admin:articles_condition_changelist"), {"q": "caídas"})

        self.assertContains(found, self.address)

    def test_keeps_the_role_of_a_person_in_each_language(self):
        person = a_person(role="Physiotherapist", roles={"es": "Fisio"})
        address = reverse("admin:articles_person_change", args=[person.pk])

        self.client.post(
            address, filled_in(self.client.get(address), role_es="", role_ar="أخصائي علاج طبيعي")
        )

        person.refresh_from_db()
        self.assertEqual(person.roles, {"ar": "أخصائي علاج طبيعي"})


class TheFormOfAnArticle(TestCase):
    def test_costs_no_query_for_each_name(self):
        self.client.force_login(a_superuser())
        article = a_draft(language="es")
        address = reverse("admin:articles_article_change", args=[article.pk])
        for number in range(4):
            term = Condition.objects.create(name=f"n{number}", slug=f"n{number}")
            ArticleCondition.objects.create(article=article, condition=term)
        self.client.get(address)
        before = queries_of(self.client, address)

        Condition.objects.update(names={"es": {"name": "nombre"}})

        self.assertEqual(queries_of(self.client, address), before)


class ATranslation(TestCase):
    def test_names_the_same_problem_in_its_own_language(self):
        term = falls(es=SPANISH)
        original = tried_for(term, slug="exercise")
        published(original)

        draft = translation_drafts.start(original, "es", by=a_clinician(), at=NOON)

        row = draft.articlecondition_rows.get()
        self.assertEqual(row.condition, term)
        self.assertEqual(row.claim.text, "caídas")

    def test_brought_back_keeps_the_problem(self):
        term = falls(es=SPANISH)
        article = tried_for(term, "es")
        revision = save_revision(article, by=article.owner, at=NOON)
        article.articlecondition_rows.get().delete()

        restoring.restore(revision, by=article.owner, at=LATER)

        self.assertEqual(article.articlecondition_rows.get().condition, term)
        self.assertEqual(Condition.objects.count(), 1)

    def test_is_imported_with_the_problem_that_has_its_name(self):
        term = falls(es=SPANISH)

        self.assertEqual(making_drafts._condition("Caídas", "es"), term)
        self.assertEqual(making_drafts._condition("FALLS", "en"), term)
        self.assertEqual(making_drafts._condition("mareos", "es").language, "es")


#: Slugs of the two pages about falls, in the order in which readers of a language get them.
IN_ORDER = {"en": ["exercise", "ejercicio"], "es": ["ejercicio", "exercise"]}


class Readers(TestCase):
    """Two pages about one problem, in English and in Spanish, and a third page in Arabic."""

    def setUp(self):
        term = falls(es=SPANISH)
        published(tried_for(term, title="Exercise", slug="exercise"))
        published(tried_for(term, "es", title="Ejercicio", slug="ejercicio"), at=LATER)
        published(a_draft(language="ar", title="تمرين", slug="tamrin"))

    def get(self, address, language, **query):
        page = self.client.get(address, query, headers={"accept-language": language})
        return page.content.decode()

    def test_meet_one_problem_by_the_name_of_their_language(self):
        for language, name in (("en", "Falls"), ("es", "Caídas"), ("ar", "Falls")):
            html = self.get("/conditions/", language)
            self.assertEqual(html.count('href="/conditions/falls/"'), 1)
            self.assertIn(f"<bdi>{name}</bdi>", html)
            topic = self.get("/conditions/falls/", language)
            self.assertRegex(topic, rf"<h1[^>]*><bdi>{name}</bdi></h1>")
        self.assertIn('<h1 lang="en"', topic)

    def test_see_that_a_problem_has_pages_in_another_language(self):
        self.assertIn("1 in another language", self.get("/conditions/", "en"))
        self.assertIn("1 en otro idioma", self.get("/conditions/", "es"))
        self.assertIn("مشكلات لها صفحات باللغة الإنجليزيّة", self.get("/conditions/", "ar"))

    def test_are_led_to_both_pages_theirs_first(self):
        for language, slugs in (
            ("en", ["exercise", "ejercicio"]),
            ("es", ["ejercicio", "exercise"]),
        ):
            html = self.get("/conditions/falls/", language)
            found = re.findall(r'href="/articles/(\w+)/"', html)
            self.assertEqual(list(dict.fromkeys(found)), slugs)
        self.assertIn("1 página en inglés", html)

    def test_have_their_pages_first_and_are_told_what_else_there_is(self):
        for language, first, others in (
            ("en", "exercise", "1 page in Spanish"),
            ("es", "ejercicio", "1 página en inglés"),
            ("ar", "tamrin", "صفحة واحدة باللغة الإنجليزيّة"),
        ):
            for address in ("/", "/articles/"):
                with self.subTest(language, address=address):
                    html = self.get(address, language)
                    self.assertIn(others, html)
                    self.assertEqual(re.findall(r'href="/articles/([a-z]+)/"', html)[0], first)
        self.assertNotIn("/articles/exercise/", self.get("/", "ar"))
        asked = self.get("/articles/?language=es", "ar")
        self.assertEqual(re.findall(r'href="/articles/([a-z]+)/"', asked)[0], "ejercicio")

    def test_find_a_page_by_every_name_of_its_problem(self):
        for typed in ("caídas", "tropiezos", "falls", "trips"):
            for language, slugs in (
                ("en", ["exercise", "ejercicio"]),
                ("es", ["ejercicio", "exercise"]),
            ):
                with self.subTest(typed, language=language):
                    html = self.get("/search/", language, q=typed)
                    found = re.findall(r'href="/articles/(\w+)/"', html)
                    self.assertEqual(list(dict.fromkeys(found)), slugs)

    def test_find_the_same_after_the_catalogue_was_made_again(self):
        list(catalogue.rebuild())

        self.test_find_a_page_by_every_name_of_its_problem()

    def test_find_nothing_by_a_name_whose_only_page_was_taken_down(self):
        spanish = Article.objects.get(slug="ejercicio")
        publishing.withdraw(spanish, by=an_editor(), at=LATER, reason="It may be wrong.")

        for typed in ("caídas", "tropiezos"):
            self.assertEqual(results.search(typed).count, 0, typed)
        self.assertEqual(results.search("falls").count, 1)

    def test_still_find_a_page_by_a_name_that_another_page_has_too(self):
        spanish = Article.objects.get(slug="ejercicio")
        published(tried_for(Condition.objects.get(), "es", title="Baile", slug="baile"), at=LATER)
        publishing.withdraw(spanish, by=an_editor(), at=LATER, reason="It may be wrong.")

        self.assertEqual(results.search("tropiezos").count, 2)

    def test_find_nothing_by_a_name_that_the_newest_version_has_no_more(self):
        term = Condition.objects.get()
        term.names = {"es": {"name": "quokka"}}
        term.save()
        published(edited(Article.objects.get(slug="ejercicio")), at=LATER)

        self.assertEqual(results.search("quokka").count, 2)
        self.assertEqual(results.search("tropiezos").count, 0)

    def test_keep_what_they_had_when_a_name_is_changed(self):
        term = Condition.objects.get()
        term.names = {"es": {"name": "quokka"}}
        term.save()
        list(catalogue.rebuild())

        self.assertIn("Caídas", self.get("/conditions/", "es"))
        self.assertEqual(results.search("quokka").count, 0)
        published(edited(Article.objects.get(slug="ejercicio")), at=LATER)
        self.assertIn("Quokka", self.get("/conditions/", "es"))

    def test_have_the_words_of_their_language_first(self):
        for language, word in (("en", "lymph"), ("es", "linfa")):
            GlossaryTerm.objects.create(language=language, word=word, meaning="X.")
            published(a_draft(language=language, body=f"<p>{word}</p>"))

        english, spanish = self.get("/words/", "en"), self.get("/words/", "es")

        self.assertLess(english.index("Lymph"), english.index("Words in Spanish"))
        self.assertLess(english.index("Words in Spanish"), english.index("Linfa"))
        self.assertLess(spanish.index("Linfa"), spanish.index("Lymph"))

    def test_have_a_feed_of_their_language_that_says_what_else_there_is(self):
        feed = self.client.get("/feed/es/").content.decode()
        self.assertIn('xml:lang="es"', feed)
        self.assertIn("/articles/ejercicio/", feed)
        self.assertNotIn("/articles/exercise/", feed)
        self.assertIn("En otros idiomas: 1 página en inglés, 1 página en árabe.", feed)
        self.assertIn('href="/feed/es/"', self.get("/", "es"))
        everything = self.client.get("/feed/").content.decode()
        self.assertEqual(len(set(re.findall(r'<entry xml:lang="(\w+)"', everything))), 3)
        self.assertEqual(self.client.get("/feed/xx/").status_code, 404)

    def test_lists_cost_the_same_in_one_language_as_in_three(self):
        addresses = ("/", "/articles/", "/conditions/", "/conditions/falls/", "/words/", "/feed/")
        for address in addresses:
            with self.subTest(address):
                before = queries_of(self.client, address)
                LiveArticle.objects.update(language="es")
                LiveTerm.objects.update(language="es")
                LiveTotal.objects.update(language="es")
                self.assertEqual(queries_of(self.client, address), before)
        self.assertEqual([term.articles for term in pages.conditions("es")], [2])
        with self.assertNumQueries(2):
            results.search("falls")


class TheMigration(TestCase):
    def test_says_of_terms_that_one_language_names_that_their_name_is_in_it(self):
        migration = importlib.import_module("articles.migrations.0028_say_the_language_of_names")
        spanish, both, none = (
            Condition.objects.create(name=name, slug=name) for name in ("uno", "dos", "tres")
        )
        tried_for(spanish, "es")
        tried_for(both, "es")
        tried_for(both, "en")

        for _twice in range(2):
            migration.say_the_language(apps, None)

        languages = dict(Condition.objects.values_list("name", "language"))
        self.assertEqual(languages, {"uno": "es", "dos": "en", "tres": "en"})
        self.assertEqual(none.name, "tres")
