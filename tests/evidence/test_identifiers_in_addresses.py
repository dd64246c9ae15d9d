"""DOIs to which an address, a database or a style added something of its own."""

from django.test import SimpleTestCase

from references import identifiers
from references.identifiers import Status


class ADoi(SimpleTestCase):
    def check(self, key, *texts):
        for text in texts:
            with self.subTest(text):
                found = identifiers.doi(text)
                self.assertTrue(found.is_usable)
                self.assertEqual(found.key, key)
                self.assertEqual(identifiers.doi(found.display).status, Status.OK)

    def test_loses_the_number_of_the_article_on_the_site_of_oxford(self):
        self.check(
            "10.1093/ptj/pzaa123",
            "https://academic.oup.com/ptj/article/doi/10.1093/ptj/pzaa123/5876543",
            "https://academic.oup.com/ptj/advance-article-abstract/doi/10.1093/ptj/pzaa123/5876543",
            "https://academic.oup.com/ptj/article/doi/10.1093/ptj/pzaa123/5876543?login=false",
            "https://academic.oup.com/ptj/article-pdf/doi/10.1093/ptj/pzaa123/25148723/pzaa123.pdf",
            "10.1093/ptj/pzaa123/5876543",
            "10.1093/ptj/pzaa123",
        )
        self.check("10.1093/med/9780199204854.003.1234", "10.1093/med/9780199204854.003.1234")

    def test_loses_a_pmid_that_is_glued_on(self):
        self.check(
            "10.1136/bmj.n71",
            "10.1136/bmj.n71;PMID:33782057",
            "10.1136/bmj.n71;pmid:33782057",
            "10.1136/bmj.n71,PMID:33782057",
            "doi:10.1136/bmj.n71;PMID: 33782057;PMCID:PMC8005924",
            "10.1136/bmj.n71;PMC8005924",
            "10.1136/bmj.n71;PMCID:PMC8005924",
        )
        self.check("10.5555/pmideas.1", "10.5555/pmideas.1")
        self.check("10.5555/x;pmco", "10.5555/x;pmco")

    def test_loses_a_double_slash(self):
        self.check(
            "10.1177/0363546515584760",
            "https://doi.org//10.1177/0363546515584760",
            "https://doi.org/10.1177//0363546515584760",
            "doi:10.1177//0363546515584760",
        )
        self.assertIn("slash", identifiers.doi("10.1177//0363546515584760").repairs)
