"""Which language a page comes in, and that nothing of it is left in English."""

from django.test import SimpleTestCase, TestCase
from django.utils import translation
from django.utils.formats import number_format

from articles import wording
from articles.page.page import Page
from tests.builders import a_draft, published
from tests.reading.large import an_arabic_draft


class APageWithoutALanguageOfItsOwn(TestCase):
    def test_follows_the_browser_and_tells_caches_so(self):
        for asked, got, way in (
            ("es-MX,es;q=0.9", "es", "ltr"),
            ("ar", "ar", "rtl"),
            ("fi", "en", "ltr"),
        ):
            with self.subTest(asked):
                page = self.client.get("/", HTTP_ACCEPT_LANGUAGE=asked)

                self.assertContains(page, f'<html lang="{got}" dir="{way}">')
                self.assertEqual(page["Content-Language"], got)
                self.assertIn("Accept-Language", page["Vary"])
                self.assertIn("Cookie", page["Vary"])
                self.assertFalse(page.cookies)

    def test_keeps_the_readers_choice_in_a_cookie_they_get_only_by_choosing(self):
        page = self.client.get("/articles/")
        self.assertRegex(page.content.decode(), r'name="language"\s+value="ar"')
        self.assertFalse(page.cookies)

        answer = self.client.post("/language/", {"language": "ar", "next": "/articles/"})

        self.assertRedirects(answer, "/articles/", fetch_redirect_response=False)
        self.assertIn("language", answer.cookies)
        self.assertContains(self.client.get("/articles/"), '<html lang="ar" dir="rtl">')

    def test_is_not_led_off_the_site_nor_into_a_language_there_is_not(self):
        for back in ("//evil.example/", "https://evil.example/", "javascript:alert(1)"):
            answer = self.client.post("/language/", {"language": "xx", "next": back})
            self.assertEqual(answer["Location"], "/")
            self.assertFalse(answer.cookies)
        self.assertEqual(self.client.get("/language/").status_code, 405)

    def test_is_the_same_page_not_found(self):
        self.assertContains(
            self.client.get("/nothing/", HTTP_ACCEPT_LANGUAGE="es"),
            "no encontrada",
            status_code=404,
        )


class ANumber(SimpleTestCase):
    def test_is_written_as_its_language_writes_it(self):
        for language, thousands, part in (
            ("en", "12,981", "0.5"),
            ("es", "12\N{NO-BREAK SPACE}981", "0,5"),
            ("ar", "12,981", "0.5"),
        ):
            with self.subTest(language), translation.override(language):
                self.assertEqual(
                    number_format(12981, decimal_pos=0, force_grouping=True), thousands
                )
                self.assertEqual(number_format(0.5, decimal_pos=1), part)


class AnArticle(TestCase):
    def test_speaks_its_own_language_whatever_the_reader_asks_for(self):
        published(slug="stretching")
        arabic = published(an_arabic_draft())

        page = self.client.get("/articles/stretching/", HTTP_ACCEPT_LANGUAGE="ar")
        self.assertContains(page, "Who should not have it")
        self.assertEqual((page["Content-Language"], page["Vary"]), ("en", "Accept-Encoding"))
        page = self.client.get(arabic.get_absolute_url(), HTTP_ACCEPT_LANGUAGE="en")
        self.assertContains(page, "من لا يناسبه هذا العلاج")
        self.assertContains(page, "اتصل بالرقم 999 الآن إذا:")
        self.assertEqual(page["Content-Language"], "ar")

    def test_offers_no_choice_of_language_that_would_change_nothing(self):
        published(slug="stretching")

        self.assertNotContains(self.client.get("/articles/stretching/"), 'name="language"')

    def test_says_its_counts_dates_and_certainty_in_its_language(self):
        publication = published(an_arabic_draft())
        page = Page(publication.revision.content)

        with translation.override("ar"):
            self.assertEqual(page.side_effects[0].count.says, "8 من كل 100 زيارة.")
            self.assertEqual(str(page.conditions[0].says), "لا نعرف إن كان يفيد.")
        self.assertContains(self.client.get(publication.get_absolute_url()), "1 مارس 2026")

    def test_in_spanish_dates_and_plurals_are_spanish(self):
        publication = published(a_draft(language="es", slug="estirar"))

        self.assertContains(self.client.get("/articles/estirar/"), "1 de marzo de 2026")
        with translation.override("es"):
            self.assertEqual(
                wording.sides(["supports", "supports", "contradicts"]),
                ["2 fuentes coinciden.", "1 fuente dice otra cosa."],
            )
            self.assertEqual(
                wording.counted(1, 2000, "people").says, "1 de cada 2\xa0000 personas."
            )
        self.assertEqual(publication.language, "es")

    def test_a_count_of_treatments_is_not_one_of_people_or_of_visits(self):
        said = {}
        for language in ("en", "es", "ar"):
            with translation.override(language):
                said[language] = wording.counted(1463, 7629, "treatments").says

        self.assertEqual(said["en"], "About 19 in 100 treatments.")
        self.assertEqual(said["es"], "Unos 19 de cada 100 tratamientos.")
        self.assertEqual(said["ar"], "نحو 19 من كل 100 علاج.")

    def test_a_count_in_treatments_does_not_say_in_how_many_there_was_none(self):
        # Surveys count events: one treatment can have two.
        self.assertEqual(wording.counted(1463, 7629, "treatments").other_side, "")
        self.assertEqual(
            wording.counted(0, 7629, "treatments").other_side,
            "It may still happen to some people.",
        )
        self.assertEqual(
            wording.counted(8, 100, "visits").other_side, "In the other 92 there was none."
        )


class TheAdmin(TestCase):
    def test_stays_in_the_language_of_the_site(self):
        self.assertContains(self.client.get("/admin/login/", HTTP_ACCEPT_LANGUAGE="ar"), 'lang="en')
