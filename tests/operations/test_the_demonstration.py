"""The demonstration: taken the whole way by the commands an operator uses."""

import io
import re

from django.core.management import call_command
from django.test import TestCase

from articles.models import Claim, Publication, Revision
from articles.preflight import DraftToCheck
from articles.preflight.readability import readability_of


def said(command, **options):
    out = io.StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue()


class TheDemonstration(TestCase):
    def test_is_a_live_page_with_nine_references_that_says_what_it_is(self):
        said("demo", small=True)

        html = self.client.get("/articles/dry-needling/").content.decode()

        self.assertEqual(len(set(re.findall(r'id="r\d+"', html))), 9)
        self.assertIn("demonstration", html)

    def test_links_at_least_eight_claims_and_rates_none_above_its_ceiling(self):
        said("demo", small=True)

        claims = Claim.objects.exclude(citations=None).distinct()
        self.assertGreaterEqual(claims.count(), 8)
        # What only says what it is promises nothing, and is not rated.
        rated = set(claims.exclude(direction="fact").values_list("certainty", flat=True))
        self.assertEqual(rated, {"very-low"})
        self.assertEqual(
            set(claims.filter(direction="fact").values_list("certainty", flat=True)), {"not-rated"}
        )

    def test_run_again_changes_nothing(self):
        first = said("demo", small=True)
        again = said("demo", small=True)

        self.assertIn("Log-ins", first)
        self.assertNotRegex(again, r"writer\s+\S{10}")
        self.assertEqual((Publication.objects.count(), Revision.objects.count()), (1, 1))

    def test_was_approved_by_somebody_who_did_not_write_it(self):
        said("demo", small=True)

        publication = Publication.objects.get()
        self.assertEqual([person["name"] for person in publication.approvals], ["Eden Editor"])
        self.assertEqual(publication.revision.content["written_by"]["name"], "Wren Writer")

    def test_reads_at_grade_six_or_below(self):
        said("demo", small=True)
        content = Publication.objects.get().revision.content

        readability = readability_of(DraftToCheck(content))

        self.assertLessEqual(readability.grade, 6)
        self.assertEqual(readability.long_sentences, ())

    def test_passes_verification_until_a_byte_is_changed(self):
        said("demo", small=True)

        self.assertIn("0 problems", said("verify_publications"))
