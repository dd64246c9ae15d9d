"""The pages of the demonstration that lie in files, taken from the file to the draft."""

from django.test import TestCase
from django.utils import timezone

from articles.demonstration import making_pages, page_files, people
from articles.models import Citation


class APageInFiles(TestCase):
    def test_keeps_the_language_of_a_quote(self):
        people.add(new_passwords=False)
        page, now = page_files.read("exercise-for-knee-osteoarthritis"), timezone.now()
        article = making_pages.import_draft(page, now=now)
        making_pages.complete(page, article, now=now)

        for doi, language in (("pub3", "en"), ("pub4", "fr")):
            quoted = Citation.objects.filter(reference__doi_key__endswith=doi).exclude(quote="")
            with self.subTest(doi):
                self.assertEqual(set(quoted.values_list("quote_language", flat=True)), {language})
