"""Documents as clinics have them: what is kept, what is linked, and what is said about the rest."""

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import SimpleTestCase, TestCase
from django.urls import reverse

from articles.imports import CannotRead, read_article
from tests.documents import a_docx

_LIST = (
    "<h2>References</h2><ol><li>Roe J, Doe A. Heels. J Test. 2019;3(1):1-9.</li>"
    "<li>Poe B. Slow lifting. J Test. 2021;5(2):20-29.</li></ol>"
)


def page(html):
    return read_article(f"<h1>Sore heel</h1>{html}{_LIST}".encode(), "a.html")


class AWebPage(SimpleTestCase):
    def test_words_that_no_longer_hold_are_left_out_and_told(self):
        for tag in ("s", "del", "strike"):
            article = page(f"<p>Do <{tag}>not</{tag}> rest.</p>")
            self.assertIn("<p>Do rest.</p>", article.body_html)
            self.assertIn(
                "Words that are struck through were left out: “not”. If patients are to read them,"
                " write them in the editor.",
                article.messages,
            )

    def test_a_video_is_told_and_the_words_for_old_browsers_are_no_text(self):
        for tag in ("video", "iframe", "audio", "object"):
            article = page(f"<p>It helps.</p><{tag} src=a>Your browser is old.</{tag}><p>End.</p>")
            self.assertNotIn("browser", article.body_html)
            self.assertIn(
                "A video or frame was left out after line 2: link to it in the editor.",
                article.messages,
            )

    def test_what_leads_back_to_the_text_is_no_part_of_a_reference(self):
        for back in (
            '<a href="#cite_ref-1">^</a> ',
            '^ <a href="#cite_ref-1_0"><sup><i>a</i></sup></a> <a href="#cite_ref-1_1">b</a> ',
            '<a href="#up">↑</a> ',
            "<span>^</span> ",
        ):
            with self.subTest(back):
                html = (
                    "<h1>Sore heel</h1><p>It helps (Roe and Doe, 2019).</p><h2>References</h2>"
                    f"<ol><li>{back}Roe J, Doe A. Heels. J Test. 2019;3(1):1-9.</li></ol>"
                )
                article = read_article(html.encode(), "a.html")
                (reference,) = article.references
                self.assertEqual(reference.name, "Roe 2019")
                (claim,) = article.suggested_claims
                self.assertEqual(claim.citations[0].line, reference.line)

    def test_a_link_to_a_reference_keeps_its_number(self):
        article = page('<p>It helps <a href="#r1"><sup>1</sup></a>.</p>')
        self.assertEqual(article.suggested_claims[0].citations[0].said, "Roe 2019")


class AMarkdownText(SimpleTestCase):
    def read(self, text):
        return read_article(f"# Sore heel\n\n{text}\n".encode(), "a.md")

    def test_words_that_no_longer_hold_are_left_out_and_told(self):
        for struck in ("~~not~~", "<del>not</del>", "<s>**not**</s>"):
            with self.subTest(struck):
                article = self.read(f"Do {struck} rest. It helps.")
                self.assertIn("<p>Do rest. It helps.</p>", article.body_html)
                self.assertTrue(any("struck through" in said for said in article.messages))

    def test_words_behind_a_tag_that_is_never_closed_are_not_lost_with_it(self):
        article = self.read("Do <del>not\n\nrest it.")
        self.assertIn("rest it.", article.body_html)

    def test_the_fences_of_a_part_are_no_words(self):
        article = self.read(
            "It helps [1].\n\n## References\n\n::: {#refs}\n1. Roe J. Heels. J Test."
            " 2019;3(1):1-9.\n:::"
        )
        self.assertEqual([one.name for one in article.references], ["Roe 2019"])
        self.assertEqual(article.suggested_claims[0].citations[0].said, "Roe 2019")


class ATitle(SimpleTestCase):
    def test_that_word_marks_is_the_title_whatever_its_words(self):
        for title in ("Heel guide", "Leaflet", "Sore heel"):
            with self.subTest(title):
                data = a_docx(
                    ("Title", title), ("Heading1", "What helps"), ("", "Rest is not enough.")
                )
                article = read_article(data, "a.docx")
                self.assertEqual((article.title, article.kicker), (title, ""))
                self.assertIn("<h2>What helps</h2>", article.body_html)

    def test_of_a_page_that_word_saved_is_the_title(self):
        html = "<p class=MsoTitle>Heel guide</p><h1>What helps</h1><p>Rest is not enough.</p>"
        self.assertEqual(read_article(html.encode(), "a.html").title, "Heel guide")


class WhatCannotBeLinked(SimpleTestCase):
    def test_a_text_that_cites_without_a_list_says_so(self):
        for cites in ("It helps [1].", "It helps.²", "It helps (Smith, 2010).", "See [@roe2019]."):
            with self.subTest(cites):
                article = read_article(f"Sore heel\n\n{cites} It is warm.\n".encode(), "a.txt")
                (point,) = article.points_to_check
                self.assertEqual((point.kind, point.lines), ("missing", (3,)))
                self.assertIn("no list of references was found", point.text)

    def test_a_text_that_does_not_cite_says_nothing(self):
        words = "It hurts 1 to 5 days (95% CI 1 to 5), on 4 m² (in May 2010)."
        article = read_article(f"Sore heel\n\n{words}\n".encode(), "a.txt")
        self.assertEqual(article.points_to_check, [])

    def test_a_file_of_pictures_says_what_it_is(self):
        with self.assertRaisesMessage(CannotRead, "This file has pictures and no words"):
            read_article(b"<img src=a.png alt=''>", "a.html")

    def test_one_note_is_said_about_all_marks_that_claims_keep(self):
        article = page("<p>It helps [1]. It is safe [2].</p>")
        self.assertEqual(
            article.messages,
            [
                "2 marks such as “[1]” were taken out of the text: tick the suggested claims, and"
                " each keeps the references that it cites."
            ],
        )

    def test_a_mark_on_no_claim_and_a_mark_without_reference_say_what_to_do(self):
        article = page("<h2>It works [1]</h2><p>It helps [2–5].</p>")
        self.assertEqual(
            article.messages,
            [
                "Line 2: “[1]” was taken out, and no suggested claim has it: mark a claim in the"
                " editor and link it there.",
                "Line 3: “[2–5]” was taken out: link its sentence by hand. There is no reference"
                " 3, 4, 5. 2: the list does not reach 5.",
            ],
        )


class WordsAroundAMark(SimpleTestCase):
    def test_a_word_that_leads_to_a_mark_keeps_it(self):
        for sentence in (
            "It helps (from [1]).",
            "It helps, as shown in [1].",
            "It helps, see [1].",
        ):
            article = page(f"<p>{sentence}</p>")
            self.assertIn(sentence, article.body_html)
            self.assertEqual(article.suggested_claims[0].citations[0].said, "Roe 2019")

    def test_no_blank_is_left_before_a_stop(self):
        for mark in ("[1] ", " [1] ", "<sup> 1 </sup>", "<sup>1</sup> "):
            self.assertIn("<p>It helps.</p>", page(f"<p>It helps {mark}.</p>").body_html)


class APageThatIsLookedThrough(TestCase):
    def import_page(self, html):
        self.client.force_login(User.objects.create_superuser("sam", password="a-long-word"))
        file = SimpleUploadedFile("a.html", f"<h1>Sore heel</h1>{html}{_LIST}".encode())
        return self.client.post(
            reverse("admin:articles_article_import"), {"file": file}, follow=True
        )

    def test_says_all_that_was_not_kept_without_a_click(self):
        cited = "".join(f"<p>Way {number} may help [{1 + number % 2}].</p>" for number in range(20))
        answer = self.import_page(
            f"{cited}<ul><li>Walk<ul><li>slowly</li></ul></li></ul><img src=a.png alt='A heel'>"
            "<table><tr><th>Do</th><th>Why</th></tr><tr><td>Lift</td><td>[1]</td></tr></table>"
            "<p>Do <s>not</s> rest. It may help [9].</p>"
        )
        self.assertContains(answer, '<details class="import-notes" open>')
        for said in (
            "21 marks such as “[1]” were taken out of the text",
            "A picture (A heel) was left out after line 23: add it under Pictures.",
            "Words that are struck through were left out: “not”.",
            "“[9]” was taken out: link its sentence by hand. There is no reference 9.",
            "Accept all 21 that cite a reference",
        ):
            with self.subTest(said):
                self.assertContains(answer, said)

    def test_says_how_many_notes_it_does_not_show(self):
        answer = self.import_page("<h2>Works [1]</h2><p>Rest.</p>" * 105)
        self.assertContains(answer, "5 more are in the record of the import")
