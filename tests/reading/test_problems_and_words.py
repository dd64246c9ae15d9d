"""The pages of problems and the word list: from what is live, never from what is being edited."""

import re

from django.test import SimpleTestCase, TestCase
from django.utils.safestring import SafeString
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import preflight
from articles.drafts import edits
from articles.models import (
    ArticleCondition,
    Condition,
    GlossaryTerm,
    LiveArticle,
    LiveTerm,
    LiveTotal,
    SafetyNotice,
)
from articles.page.marked_changes import MarkedPage
from articles.page.page import Page
from articles.publishing import publishing
from articles.review import contributors
from articles.revisions import comparing, freezing, glossary, introduction
from articles.revisions.storing import save_revision
from articles.richtext.citations import body_with_citations
from articles.wording import BODY_PARTS
from tests.builders import (
    LATER,
    NOON,
    a_clinician,
    a_condition,
    a_draft,
    a_reference,
    an_editor,
    approved,
    edited,
    link,
    published,
    reviewed,
    set_claim,
    with_side_effect,
)


def tries(article, condition, certainty="very-low", note=""):
    """`article` is tried for `condition`, with evidence that carries the certainty."""
    row = ArticleCondition.objects.create(article=article, condition=condition, note=note)
    if certainty != "none":
        link(row.claim, a_reference(design="systematic_review"), by=article.owner)
    set_claim(row.claim, certainty=certainty, direction="better")
    return row


class AProblem(TestCase):
    def setUp(self):
        self.condition = Condition.objects.create(
            name="stiff neck",
            slug="stiff-neck",
            clinical_name="Cervicalgia",
            other_names=["sore neck"],
            summary="A neck that is hard to turn.",
        )
        self.article = a_draft(title="Cupping", slug="cupping")
        tries(self.article, self.condition, certainty="very-low", note="For a day or two.")
        self.publication = published(self.article)

    def page(self, slug="stiff-neck", **query):
        return self.client.get(f"/conditions/{slug}/", query)

    def test_says_what_it_is_and_what_people_and_doctors_call_it(self):
        for words in ("Stiff neck", "A neck that is hard to turn.", "Cervicalgia", "sore neck"):
            self.assertContains(self.page(), words)

    def test_says_of_each_treatment_how_sure_we_are_in_words(self):
        page = self.page()

        self.assertContains(page, 'href="/articles/cupping/"')
        self.assertContains(page, "We do not know if it helps.")
        self.assertContains(page, "Not sure at all")
        self.assertContains(page, "For a day or two.")

    def test_is_linked_from_the_article_once_it_is_live(self):
        link_to_it = 'href="/conditions/stiff-neck/"'
        self.assertContains(self.client.get("/articles/cupping/"), link_to_it)
        self.client.force_login(a_clinician())

        preview = self.client.get(f"/admin/articles/article/{self.article.pk}/preview/")

        self.assertNotContains(preview, link_to_it)

    def test_lists_the_surest_first(self):
        for title, slug, certainty in (
            ("Aaa", "aaa", "none"),
            ("Exercise", "exercise", "low"),
            ("Zzz", "zzz", "very-low"),
        ):
            article = a_draft(title=title, slug=slug)
            tries(article, self.condition, certainty=certainty)
            published(article)

        html = self.page().content.decode()
        places = [
            html.index(f"/articles/{slug}/") for slug in ("exercise", "cupping", "zzz", "aaa")
        ]

        self.assertEqual(places, sorted(places))

    def test_says_that_studies_do_not_agree(self):
        article = a_draft(title="Taping", slug="taping")
        row = tries(article, self.condition)
        link(
            row.claim,
            a_reference(),
            by=article.owner,
            stance="contradicts",
            quote="It did not help.",
        )
        published(article)

        self.assertContains(self.page(), "Studies do not agree on this.")

    def test_warns_where_a_safety_notice_lies_over_a_page(self):
        self.assertNotContains(self.page(), "safety notice")
        SafetyNotice.objects.create(article=self.article, text="Taken back.", opened_at=LATER)

        self.assertContains(self.page(), "There is a safety notice on this page.")

    def test_does_not_change_by_a_byte_when_the_working_rows_do(self):
        before = self.page().content
        Condition.objects.update(
            name="quokka", summary="Quokka.", clinical_name="Quokka", other_names=["quokka"]
        )
        ArticleCondition.objects.update(note="quokka")
        self.article.claims.update(certainty="high")
        self.article.title = "Quokka"
        self.article.save()
        tries(a_draft(title="Draft"), self.condition)

        self.assertEqual(self.page().content, before)

    def test_has_the_name_of_the_article_published_last(self):
        self.condition.name = "sore, stiff neck"
        self.condition.summary = ""
        self.condition.save()
        article = a_draft(slug="taping")
        tries(article, self.condition)
        published(article, at=LATER)

        page = self.page()
        self.assertContains(page, "<bdi>Sore, stiff neck</bdi>")
        self.assertContains(page, "A neck that is hard to turn.")  # said by the other one

    def test_is_not_there_for_drafts_alone_and_goes_when_the_last_page_goes(self):
        tries(a_draft(), Condition.objects.create(name="quokka", slug="quokka"))
        self.assertEqual(self.page("quokka").status_code, 404)
        self.assertNotContains(self.client.get("/conditions/"), "uokka")

        publishing.withdraw(
            self.article, by=self.publication.by, at=LATER, reason="It may be wrong."
        )

        self.assertEqual(self.page().status_code, 404)
        self.assertNotContains(self.client.get("/conditions/"), "neck")

    def test_leaves_an_article_that_is_published_again_without_it(self):
        other = a_draft(slug="other")
        tries(other, self.condition)
        published(other)
        ArticleCondition.objects.filter(article=self.article).first().delete()
        edits.record_edit(self.article, by=self.article.owner, at=LATER)
        revision, editor = reviewed(self.article, at=LATER)
        publishing.publish(revision, by=editor, at=LATER)

        self.assertNotContains(self.page(), "/articles/cupping/")
        self.assertContains(self.page(), "/articles/other/")

    def test_costs_the_same_however_many_articles_speak_of_it(self):
        for number in range(5):
            article = a_draft(slug=f"more-{number}")
            tries(article, self.condition)
            published(article)

        with self.assertNumQueries(4):
            self.page()
        with self.assertNumQueries(2):
            self.client.get("/conditions/")

    def test_has_no_page_beyond_its_last(self):
        for page in ("2", "0", "9" * 30, "x"):
            self.assertIn(self.page(page=page).status_code, {200, 404})
        self.assertEqual(self.page(page="2").status_code, 404)

    def test_carries_its_way_and_name_for_machines(self):
        self.assertContains(self.page(), '"@type":"BreadcrumbList"')
        self.assertContains(self.page(), '"alternateName":["Cervicalgia","sore neck"]')

    def test_keeps_its_address_once_it_is_made(self):
        editor = an_editor(is_superuser=True)
        self.client.force_login(editor)

        form = self.client.get(f"/admin/articles/condition/{self.condition.pk}/change/")

        self.assertNotContains(form, 'name="slug"')


class TheDrawingOfTheBody(TestCase):
    def a_problem(self, name, body_part):
        condition = Condition.objects.create(name=name, slug=name.replace(" ", "-"))
        condition.body_part = body_part
        condition.save()
        article = a_draft(title=f"Care for {name}")
        tries(article, condition)
        published(article)
        return condition

    def drawing(self, address="/conditions/"):
        found = re.findall(r'<svg class="body-map".*?</svg>', self.html(address), re.S)
        return found[0] if found else ""

    def html(self, address="/conditions/"):
        return self.client.get(address).content.decode()

    def test_leads_to_every_place_where_a_problem_is_and_to_no_other(self):
        for part in BODY_PARTS:
            self.a_problem(f"sore {part}", part)
        html = self.html()

        led_to = set(re.findall(r'<a href="#part-(\w+)"', self.drawing()))
        self.assertEqual(led_to, set(BODY_PARTS) - {"whole"})
        for part in BODY_PARTS:
            self.assertEqual(html.count(f'id="part-{part}"'), 1, part)

    def test_stands_beside_a_list_from_head_to_foot(self):
        for name, part in (("sore foot", "foot"), ("stiff neck", "neck"), ("fever", "")):
            self.a_problem(name, part)

        headings = re.findall(r"<h2[^>]*>\s*(.*?)\s*</h2>", self.html())
        self.assertEqual(headings, ["Neck", "Ankle and foot", "Other problems"])
        self.assertNotIn(
            "<a",
            self.drawing()
            .replace('<a href="#part-neck"', "", 2)
            .replace('<a href="#part-foot"', "", 2),
        )

    def test_is_on_the_front_page_too_and_leads_to_that_list(self):
        self.a_problem("sore knee", "knee")

        self.assertIn('href="/conditions/#part-knee"', self.drawing("/"))

    def test_is_not_there_where_no_problem_has_a_place(self):
        self.a_problem("falls", "whole")
        self.a_problem("fever", "")
        html = self.html()

        self.assertEqual(self.drawing() + self.drawing("/"), "")
        for name in ("Falls", "Fever"):
            self.assertIn(name, html)

    def test_is_nothing_for_screen_readers_or_for_the_keyboard(self):
        self.a_problem("sore knee", "knee")

        self.assertIn('aria-hidden="true"', self.drawing())
        self.assertEqual(self.drawing().count("<a "), self.drawing().count('tabindex="-1"'))

    def test_is_of_what_was_published_and_not_of_what_is_being_edited(self):
        condition = self.a_problem("sore knee", "knee")
        condition.body_part = "foot"
        condition.save()

        self.assertIn("#part-knee", self.drawing())
        self.assertNotIn("#part-foot", self.drawing())

    def test_puts_a_part_that_this_version_does_not_know_under_other_problems(self):
        self.a_problem("sore knee", "knee")
        LiveTerm.objects.update(body_part="tail")
        term = LiveTerm.objects.create(
            live=LiveArticle.objects.get(), kind="condition", name="x", slug="x", body_part="foot"
        )
        LiveTotal.objects.create(
            digest="x", kind="condition", language="en", slug="x", name="x", pages=1, newest=term.pk
        )

        self.assertEqual(
            re.findall(r"<h2[^>]*>\s*(.*?)\s*</h2>", self.html()),
            ["Ankle and foot", "Other problems"],
        )

    def test_changes_nothing_of_a_text_that_was_frozen_before_it(self):
        condition = a_condition()
        article = a_draft()
        tries(article, condition)
        term = freezing.freeze(article)["conditions"][0]["condition"]

        self.assertNotIn("body_part", term)
        condition.body_part = "knee"
        condition.save()
        self.assertEqual(
            freezing.freeze(article)["conditions"][0]["condition"], {**term, "body_part": "knee"}
        )


class TheWordList(TestCase):
    def test_explains_the_clinical_words_of_live_articles(self):
        article = a_draft()
        condition = a_condition("heel pain")
        condition.clinical_name = "Plantar fasciitis"
        condition.save()
        tries(article, condition)
        row = with_side_effect(article, "a bruise")
        set_claim(row.claim, certainty="none")
        effect = row.side_effect
        effect.clinical_name = "Haematoma"
        effect.save()
        edits.record_edit(article, by=article.owner, at=NOON)

        self.assertNotContains(self.client.get("/words/"), "Haematoma")
        published(article)
        page = self.client.get("/words/")

        self.assertContains(page, "Haematoma")
        self.assertContains(page, "A bruise.")
        self.assertContains(page, "Plantar fasciitis")
        self.assertContains(page, f"/conditions/{condition.slug}/")

    def test_holds_what_clinicians_explain_once_a_page_that_uses_it_is_live(self):
        self.client.force_login(a_clinician())
        self.client.post(
            "/admin/articles/glossaryterm/add/",
            {"word": "Trigger point", "meaning": "A sore spot in a muscle.", "language": "en"},
        )
        article = a_draft(
            slug="needling", body="<p>The needle goes into a <strong>trigger-point</strong>.</p>"
        )

        self.assertNotContains(self.client.get("/words/"), "A sore spot in a muscle.")
        published(article)
        for address in (
            "/words/",
            "/articles/needling/",
            "/articles/needling/handout/?with=sources",
        ):
            self.assertContains(self.client.get(address), "A sore spot in a muscle.")

    def test_and_pages_say_what_was_approved_whatever_is_changed_afterwards(self):
        term = GlossaryTerm.objects.create(word="Trigger point", meaning="A sore spot.")
        article = published(
            a_draft(slug="needling", body="<p>Trigger points are sore.</p>")
        ).article
        approved = self.client.get("/articles/needling/").content
        term.meaning = "Quokka."
        term.save()
        edits.record_edit(term, by=a_clinician(), at=LATER)

        self.assertEqual(self.client.get("/articles/needling/").content, approved)
        self.assertNotContains(self.client.get("/words/"), "Quokka.")
        published(article, at=LATER)
        self.assertContains(self.client.get("/articles/needling/"), "Quokka.")
        self.assertContains(self.client.get("/words/"), "Quokka.")
        self.assertNotContains(self.client.get("/words/"), "A sore spot.")

    def test_costs_one_query(self):
        for number in range(4):
            GlossaryTerm.objects.create(word=f"Word {number}", meaning="A word.")
        published(a_draft(body="<p>Word 1, word 2 and word 3.</p>"))

        with self.assertNumQueries(1):
            self.assertContains(self.client.get("/words/"), "A word.", count=3)

    def test_says_in_which_language_a_word_is(self):
        GlossaryTerm.objects.create(
            word="Punto gatillo", meaning="Un punto que duele.", language="es"
        )
        published(a_draft(language="es", body="<p>La aguja entra en el punto gatillo.</p>"))

        html = self.client.get("/words/").content.decode()
        self.assertRegex(html, r'<div\s+lang="es"\s+dir="ltr">')

    def test_says_so_while_it_is_empty(self):
        self.assertContains(self.client.get("/words/"), "No word is explained here yet.")


class TheWordsOfAPage(TestCase):
    def words_of(self, *words, **fields):
        for word in words:
            GlossaryTerm.objects.create(
                word=word, meaning="What it means.", language=fields.get("language", "en")
            )
        return [row["word"] for row in freezing.freeze(a_draft(**fields)).get("words", ())]

    def test_are_those_it_says_in_any_letters_and_number(self):
        text = "<p>TENDONS ache. A trigger<br>point hurts. The bursas and the fascia.</p>"

        self.assertEqual(
            self.words_of("Tendon", "trigger point", "Bursa", "Fascia", "Ligament", body=text),
            ["Bursa", "Fascia", "Tendon", "trigger point"],
        )

    def test_are_no_parts_of_others(self):
        self.assertEqual(
            self.words_of("art", "ear", "hip", body="<p>Start near the hips. A heart.</p>"), ["hip"]
        )

    def test_are_found_with_what_spanish_and_arabic_do_to_them(self):
        self.assertEqual(
            self.words_of("ciatica", language="es", body="<p>La ciática duele.</p>"), ["ciatica"]
        )
        text = "<p>يؤلم الوَتر والعضلة.</p>"
        self.assertEqual(self.words_of("وتر", "عضلة", language="ar", body=text), ["عضلة", "وتر"])

    def test_lead_from_the_first_place_that_says_them_to_what_they_mean(self):
        text = (
            '<h2>Tendons</h2><p>A <a href="/x">tendon</a> &amp; <em>tendons</em>, a'
            " tendon.</p><p>Wörter, amp.</p>"
        )
        html, led_to = glossary.with_links(SafeString(text), ["Tendon", "Wörter", "amp", "bone"])

        self.assertEqual(
            html,
            '<h2>Tendons</h2><p>A <a href="/x">tendon</a> &amp; <em><a id="w1-1" href="#w1"'
            ' role="doc-glossref">tendons</a></em>, a tendon.</p><p><a id="w2-1" href="#w2"'
            ' role="doc-glossref">Wörter</a>, <a id="w3-1" href="#w3"'
            ' role="doc-glossref">amp</a>.</p>',
        )
        self.assertEqual(led_to, {1, 2, 3})

    def test_lead_to_the_longer_of_two(self):
        html, led_to = glossary.with_links(
            SafeString("<p>Back pain hurts the back.</p>"), ["back", "back pain"]
        )

        self.assertEqual(
            re.findall(r'href="#(w\d)" role="doc-glossref">([^<]*)', html),
            [("w2", "Back pain"), ("w1", "back")],
        )
        self.assertEqual(led_to, {1, 2})

    def test_are_themselves_and_nothing_that_only_looks_like_them(self):
        for word, text, is_said in (
            ("ache", "A head<strong>ache</strong>.", False),
            ("D", "H<sub>2</sub>O and R&amp;D.", False),
            ("R&D", "Our R&amp;D.", True),
            ("trigger point", "A trigger&nbsp;point.", True),
            ("trigger point", "A trigger <em>point</em>.", True),
            ("dry needling", "<ul><li>dry</li><li>needling</li></ul>", False),
            ("Baker's cyst", "A Baker’s cyst.", True),
            ("Fuß", "Der Fuß.", True),
            ("nin", "nin\u0303o", False),
            ("فصل", "مَفصل", False),
            ("فصل", "فصلَة", False),
            ("وتر", "وَالْوَتَرُ", True),
            ("TENS", "It tens up.", False),
            ("TENS", "A TENS machine.", True),
            ("US", "Ask us.", False),
            ("X-ray", "X‑rays show bone.", True),
            ("C++", "Vitamin C.", False),
            ("(", "(", False),
            ("a|b", "b", False),
            ("\u0640", "anything", False),
            ("\\", "\\", False),
        ):
            with self.subTest(word=word, text=text):
                content = {**freezing.freeze(a_draft()), "body": f"<p>{text}</p>"}
                found = glossary.words_in(content, [("uid", word, "What it means.")])
                self.assertEqual([row["word"] for row in found], [word] if is_said else [])
                html, led_to = glossary.with_links(SafeString(content["body"]), [word])
                self.assertIn(len(led_to), (0, 1) if is_said else (0,))
                self.assertEqual(
                    re.sub(r'<a id="w1-1"[^>]*>(.*?)</a>', r"\1", html), content["body"]
                )

    def test_are_found_fast_however_many_the_list_has(self):
        """Not timed: two thousand words in a long text took half a minute once, and would here."""
        words = [f"word{number} of{number}" for number in range(2000)]
        text = "".join(f"<p>A {word} and more.</p>" for word in words)

        _html, led_to = glossary.with_links(SafeString(text), words)

        self.assertEqual(len(led_to), 2000)

    def test_are_none_where_the_list_is_in_another_language(self):
        GlossaryTerm.objects.create(word="needle", meaning="Una aguja.", language="es")

        self.assertNotIn("words", freezing.freeze(a_draft()))

    def test_of_the_rows_count_too(self):
        GlossaryTerm.objects.create(word="Bruise", meaning="Blood under the skin.")
        article = a_draft()
        with_side_effect(article, "a bruise")

        self.assertEqual([row["word"] for row in freezing.freeze(article)["words"]], ["Bruise"])

    def test_are_compared_and_lead_to_their_place_for_those_who_review(self):
        term = GlossaryTerm.objects.create(word="Needle", meaning="A pin.")
        article = a_draft()
        before = freezing.freeze(article)
        GlossaryTerm.objects.update(meaning="A thin pin.")
        after = freezing.freeze(article)

        comparison = comparing.compare(before, after)
        self.assertEqual(
            [(change.name, change.kind) for change in comparison.changes], [("Needle", "changed")]
        )
        page = MarkedPage(after, comparison)
        self.assertEqual(page.anchors[str(term.uid)], f"row-{term.uid}")
        self.assertIn("data-change", page.words[0].review)

    def test_are_not_explained_once_their_meaning_is_emptied_and_who_did_it_is_an_editor(
        self,
    ):
        term = GlossaryTerm.objects.create(word="needle", meaning="A pin.")
        article = published(a_draft(slug="needling")).article
        editor = an_editor()
        self.client.force_login(editor)
        address = f"/admin/articles/glossaryterm/{term.pk}/"
        self.client.post(f"{address}change/", {"word": "lean", "meaning": "", "language": "es"})

        revision = save_revision(article, by=article.owner, at=LATER)
        self.assertIn(editor.pk, contributors.contributors(revision))
        self.assertContains(self.client.get("/articles/needling/"), "A pin.")
        published(article, at=LATER)
        for page in ("/articles/needling/", "/words/"):
            self.assertNotContains(self.client.get(page), "<dfn>")
        term.refresh_from_db()
        self.assertEqual((term.word, term.language), ("needle", "en"))
        self.assertEqual(self.client.post(f"{address}delete/", {"post": "yes"}).status_code, 403)

    def test_count_who_wrote_them_until_somebody_else_has_let_them_go_live(self):
        editor, other = an_editor(), an_editor()
        article = published(a_draft(body="<p>It moves.</p>")).article
        self.client.force_login(editor)
        self.client.post(
            "/admin/articles/glossaryterm/add/",
            {"word": "Fascia", "meaning": "Thin tissue.", "language": "en"},
        )
        published(article, at=LATER)  # without the word
        edited(article, summary="It moves the fascia.")

        revision = save_revision(article, by=article.owner, at=LATER)
        self.assertIn(editor.pk, contributors.contributors(revision))
        approved(revision, by=other, at=LATER)
        publishing.publish(revision, by=other, at=LATER, change_note="With the word.")
        another = save_revision(
            a_draft(body="<p>The fascia is thin.</p>"), by=article.owner, at=LATER
        )
        self.assertNotIn(editor.pk, contributors.contributors(another))

    def test_are_no_hard_words_any_more_to_the_gate(self):
        article = a_draft(
            body="<p>Myofascial considerations, acetabular tendinopathies debilitate.</p>"
        )
        GlossaryTerm.objects.create(word="tendinopathy", meaning="A sore tendon.")
        GlossaryTerm.objects.create(word="Acetabular", meaning="Of the hip.")

        told = next(
            finding
            for finding in preflight.check(article)
            if finding.code == "text_is_easy_to_read"
        ).message
        self.assertIn("myofascial", told)
        self.assertNotIn("acetabular", told)

    def test_are_explained_once_whatever_letters_they_are_typed_in(self):
        self.client.force_login(a_clinician())
        for word, is_taken in (("TENS", True), ("Tens", False), ("ténś", False), ("…", False)):
            self.client.post(
                "/admin/articles/glossaryterm/add/",
                {"word": word, "meaning": "A machine.", "language": "en"},
            )
            self.assertEqual(GlossaryTerm.objects.filter(word=word).exists(), is_taken, word)

    def test_are_brought_back_by_nobody_but_whoever_keeps_the_list(self):
        term = GlossaryTerm.objects.create(word="needle", meaning="A pin.")
        article = a_draft()
        save_revision(article, by=article.owner, at=NOON)
        GlossaryTerm.objects.filter(pk=term.pk).update(meaning="Another.")
        save_revision(article, by=article.owner, at=LATER)
        self.client.force_login(an_editor())

        page = self.client.get(f"/admin/articles/article/{article.pk}/compare/?before=1&after=2")
        self.assertContains(page, "word that is explained")
        self.assertNotContains(page, "Bring back: word")

    def test_keep_the_way_to_the_page_of_a_problem_of_the_same_name(self):
        condition = a_condition("heel pain")
        condition.summary = "Pain under the heel."
        condition.save()
        GlossaryTerm.objects.create(word="Heel pain", meaning="It hurts under the heel.")
        article = a_draft()
        ArticleCondition.objects.create(article=article, condition=condition)

        word = Page(freezing.freeze(article)).words[0]
        self.assertEqual((word.meaning, word.slug), ("It hurts under the heel.", condition.slug))

    def test_stand_beside_the_problems_that_say_what_they_are(self):
        condition = a_condition("heel pain (plantar fasciitis)")
        condition.clinical_name, condition.summary = "Plantar fasciitis", "Pain under the heel."
        condition.save()
        article = a_draft()
        ArticleCondition.objects.create(article=article, condition=condition)

        words = Page(freezing.freeze(article)).words

        self.assertEqual(
            [(word.word, word.meaning) for word in words],
            [("Plantar fasciitis", "Pain under the heel.")],
        )


class WaysToMeanings(SimpleTestCase):
    def test_lead_through_nothing_that_nobody_called_safe(self):
        with self.assertRaises(TypeError):
            glossary.with_links("<p>The fascia.</p>", ["fascia"])

    @given(
        html=st.lists(
            st.sampled_from(
                "<p> </p> <h2> </h2> <em> </em> <ul><li> </li></ul> <strong> </strong> <br> &amp;"
                ' &nbsp; a<b fascia ache Trigger point ́ وال وتر ( \' <a href="/x>y"> </a> <mark'
                ' data-claim="c123456789"> </mark> s'.split(" ")
            ),
            max_size=30,
        ).map(" ".join)
    )
    @settings(max_examples=300, deadline=None)
    def test_lead_on_without_changing_a_letter_of_the_text(self, html):
        body = body_with_citations(html, lambda key: [])
        linked, led_to = glossary.with_links(
            body, ["fascia", "ache", "trigger point", "وتر", "a&b", "amp", "nbsp"]
        )

        link = r'<a id="w\d-1" href="#w\d" role="doc-glossref">(.*?)</a>'
        self.assertEqual(re.sub(link, r"\1", linked), body)
        self.assertEqual(len(re.findall(link, linked)), len(led_to))
        self.assertFalse(any("<" in words for words in re.findall(link, linked)))


class TheOpening(SimpleTestCase):
    def of(self, body, direction="fact"):
        return introduction.split_introduction(
            {"body": body, "claims": [{"key": "c123456789", "direction": direction}]}
        )

    def test_is_all_before_the_first_large_heading_below_some_text(self):
        for beginning, rest in (
            ("<p>It is a needle.</p>", "<h2>How</h2><p>So.</p>"),
            (
                "<h2>What it is</h2><p>A needle.</p><h3>More</h3><p>Thin.</p>",
                "<h2>How</h2><p>So.</p>",
            ),
            ("<p>It is a needle.</p>", ""),
            ("<blockquote><h2>A heading in a quote</h2><p>It is.</p></blockquote>", "<h2>How</h2>"),
            (
                '<p>It is.</p><mark data-claim="c123456789"><h2>It is thin</h2><p>So.</p></mark>',
                "<h2>How</h2>",
            ),
            ("", ""),
        ):
            with self.subTest(beginning=beginning):
                self.assertEqual(self.of(beginning + rest), (beginning, rest))

    def test_knows_no_empty_headings(self):
        self.assertEqual(
            self.of("<p>It.</p><h2> </h2><p>So.</p><h2>How</h2>"),
            ("<p>It.</p><p>So.</p>", "<h2>How</h2>"),
        )

    def test_is_none_where_it_is_long(self):
        long = f"<p>{'word ' * 121}</p><h2>How</h2>"

        self.assertEqual(self.of(long), ("", long))

    def test_is_none_where_it_says_what_the_treatment_is_good_for(self):
        body = '<p>It <mark data-claim="c123456789">may ease pain</mark>.</p><h2>How</h2>'

        self.assertEqual(self.of(body, "better"), ("", body))
        self.assertEqual(self.of(body, "harm")[1], "<h2>How</h2>")


class ALongBeginning(TestCase):
    def test_stands_after_the_reasons_with_all_the_text_and_the_writer_is_told(self):
        article = a_draft(
            slug="long", body=f"<p>{'It is long. ' * 50}</p><h2>How it works</h2><p>So.</p>"
        )
        published(article)
        html = self.client.get("/articles/long/").content.decode()

        places = [html.index(part) for part in ('id="not"', 'id="what"', "How it works</h2>")]
        self.assertEqual(places, sorted(places))
        self.assertIn(
            "says_what_it_is_before_all_else",
            {finding.code for finding in preflight.check(article)},
        )

    def test_is_no_matter_where_it_is_short(self):
        findings = preflight.check(
            a_draft(body="<p>It is a needle.</p><h2>How it works</h2><p>So.</p>")
        )

        self.assertNotIn("says_what_it_is_before_all_else", {finding.code for finding in findings})
