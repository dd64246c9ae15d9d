"""The demonstration library: made by the real command, and held to the facts it was made from."""

import io
import re
import tempfile
from decimal import ROUND_HALF_UP, Decimal
from html import unescape
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import TestCase, override_settings
from django.utils import timezone, translation

from articles.demonstration import library, page_files, people
from articles.live.newer_versions import lines_of
from articles.models import (
    Article,
    Condition,
    Feedback,
    GlossaryTerm,
    Publication,
    ReviewRequest,
    Revision,
    SafetyNotice,
)
from articles.paper import handouts, typesetting
from articles.paper.sheet import ORDER
from articles.preflight import DraftToCheck
from articles.preflight.readability import readability_of
from articles.revisions import contents
from articles.richtext.cleaning import plain_text
from references.models import Reference
from tests.builders import a_draft
from tests.frozen import digest_now
from tests.reading.test_every_word_is_translated import IsInThreeLanguages
from tests.reading.test_handouts import poppler

from .facts import facts_of_works, numbers_in, numbers_of

BACK, KNEE = "exercise-for-long-lasting-back-pain", "exercise-for-knee-osteoarthritis"
#: Numbers that are no figure of a study: how long soreness lasts, and when to call about it.
WAITING = {
    "dry-needling": {1, 2, 3},
    "exercise-to-prevent-falls": {1, 2, 3},
    "cardiac-rehabilitation": {1, 2},
}
FIGURES = ("without", "with", "difference", "low", "high", "people", "studies")
RISK = ("without", "with", "low", "high")
DOCS = Path(settings.BASE_DIR) / "docs" / "demonstration.md"


def works_cited(content, claim=None):
    """The keys in facts_of_works() of what the content, or one claim of it, cites."""
    references = {entry["uid"]: entry for entry in content["references"]}
    cited = (
        [references[one["reference"]] for one in claim["citations"]]
        if claim
        else references.values()
    )
    return [(entry["doi"] or entry["csl"]["title"]).lower() for entry in cited]


def facts_about(works):
    return [fact for work in works for fact in facts_of_works().get(work, [])]


def rounded(numbers):
    """The numbers, and each as a whole number and with one decimal."""
    return numbers | {
        number.quantize(Decimal(places), ROUND_HALF_UP).normalize()
        for number in numbers
        for places in ("1", "0.1")
    }


def words_of_page(html):
    """The words of a page as they are read: no marks of sources, no breaks inside a sentence."""
    html = re.sub(r"<(script|style|template)\b.*?</\1>", " ", html, flags=re.S)
    html = re.sub(r"<sup\b.*?</sup>", "", html, flags=re.S)
    html = re.sub(r"</?(?:span|bdi|strong|q|a|mark|em)\b[^>]*>", "", html)
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
    return text.replace("“", "‘").replace("”", "’")


class TheLibrary(IsInThreeLanguages, TestCase):
    @classmethod
    def setUpClass(cls):
        # Kept for all tests of the class, as the rows are.
        cls.media = cls.enterClassContext(tempfile.TemporaryDirectory())
        super().setUpClass()

    @classmethod
    def setUpTestData(cls):
        with override_settings(MEDIA_ROOT=cls.media):
            call_command("demo", stdout=io.StringIO())
        cls.live = {
            publication.slug: publication.revision.content
            for publication in Publication.objects.live().select_related("revision")
        }
        cls.pages = {slug: cls.live[slug] for slug in library.LIVE}

    def setUp(self):
        self.enterContext(override_settings(MEDIA_ROOT=self.media))

    def test_fits_each_page_on_one_sheet_without_a_word_giving_way(self):
        no_lines_for_notes = ORDER.index(("lines for notes", 0)) + 1
        for publication in Publication.objects.live().select_related("revision"):
            with (
                self.subTest(publication.slug),
                translation.override(publication.language),
            ):
                context = handouts.sheet_context(
                    publication, handouts.HandoutKind(), notices=[], steps=no_lines_for_notes
                )
                html = render_to_string("articles/sheet.html", context)
                document = typesetting.typeset(html, base=handouts.address_of(publication))

                self.assertLessEqual(document.pages, 2)
                self.assertEqual(context["sheet"].left_out, [])
                self.assertNotRegex(html, r'<a |role="doc-')
                # Joined shapes and the order of letters make Arabic hard to find in a PDF.
                if publication.language != "ar":
                    printed = "".join(poppler("pdftotext", document.pdf(), "-raw").split())
                    for words in self.safety_of(context["page"]):
                        self.assertIn("".join(words.split()), printed)

    def safety_of(self, page):
        """Every sentence of a page that keeps a patient safe."""
        for row in (*page.key_points, *page.help_now, *page.help_today, *page.help_routine):
            yield row["text"]
        for line in (*page.stop_if, *page.ask_first_if, *page.serious_side_effects):
            yield line.text
            yield line.note

    def findings(self):
        for slug, content in self.pages.items():
            claims = {claim["key"]: claim for claim in content["claims"]}
            for row in content.get("findings", ()):
                yield slug, content, row, claims[row["claim"]]

    def test_has_nine_pages_a_draft_a_page_taken_down_and_two_translations(self):
        self.assertEqual(len(self.pages), 9)
        self.assertEqual({self.live[slug]["language"] for slug in self.live}, {"en", "es", "ar"})
        self.assertEqual(len(self.live), 11)
        self.assertTrue(
            ReviewRequest.objects.filter(article__slug=library.DRAFT, closed_at=None).exists()
        )
        down = self.client.get(f"/articles/{library.WITHDRAWN}/")
        self.assertContains(down, "until somebody has looked for newer studies", status_code=410)

    def test_makes_eight_claims_and_two_findings_on_each_page(self):
        for slug in set(library.LIVE) - set(library.SMALL):
            content = self.pages[slug]
            cited = [claim for claim in content["claims"] if claim["citations"]]
            with self.subTest(slug):
                self.assertGreaterEqual(len(cited), 8)
                self.assertGreaterEqual(len(content.get("findings", ())), 2)

    def test_shows_only_figures_that_were_read_in_the_works(self):
        for slug, content, row, claim in self.findings():
            facts = facts_about(works_cited(content, claim))
            figures = [numbers_in([row[name] for name in FIGURES])]
            figures += [numbers_in([risk[name] for name in RISK]) for risk in row["starting_risks"]]
            for shown in filter(None, figures):
                with self.subTest(slug=slug, finding=row["outcome"], shown=shown):
                    self.assertTrue(any(shown <= numbers_of(fact) for fact in facts))
        for slug, content in self.pages.items():
            allowed = numbers_in([numbers_of(one) for one in facts_about(works_cited(content))])
            for row in content["side_effects"]:
                with self.subTest(slug=slug, effect=row["side_effect"]["name"]):
                    self.assertLessEqual(numbers_in([row["n"], row["base"]]) - {100}, allowed)

    def test_names_what_a_figure_is_set_beside_and_when(self):
        for slug, content, row, claim in self.findings():
            facts = facts_about(works_cited(content, claim))
            shown = numbers_in([row[name] for name in FIGURES])
            source = next((fact for fact in facts if shown <= numbers_of(fact)), {})
            with self.subTest(slug=slug, finding=row["outcome"]):
                self.assertTrue(row["comparator"] and row["population"])
                if shown and source.get("time"):
                    self.assertTrue(row["time"])
                if row["kind"] == "count":
                    self.assertIn(row["unit"], {"people", "events"})

    def test_has_no_other_number_in_its_words(self):
        for slug, content in self.pages.items():
            works = works_cited(content)
            allowed = numbers_in([numbers_of(fact) for fact in facts_about(works)])
            allowed |= numbers_in([entry["csl"].get("issued") for entry in content["references"]])
            allowed = rounded(allowed) | {Decimal(number) for number in WAITING.get(slug, ())}
            for text, value, _uid in contents.texts_for_readers(content):
                words = plain_text(text) if value.name == "body" else text
                with self.subTest(slug=slug, text=words[:60]):
                    self.assertEqual(rounded(numbers_in(words)) - allowed, set())

    def test_says_beside_each_figure_the_words_it_needs(self):
        pages = {
            slug: words_of_page(self.client.get(f"/articles/{slug}/").content.decode())
            for slug in library.LIVE
        }
        rows = re.findall(r"^\| ([a-z-]+) \| (.+) \|$", DOCS.read_text(), flags=re.M)
        rows = [(slug, rest) for slug, rest in rows if slug in pages]
        self.assertEqual({slug for slug, _rest in rows}, set(pages))
        for slug, rest in rows:
            for words in re.findall(r"“([^”]+)”", rest.rpartition(" | ")[2]):
                with self.subTest(slug=slug, words=words):
                    self.assertIn(words.replace(" ", ""), pages[slug].replace(" ", ""))

    def test_reads_at_grade_six_or_below_in_short_sentences(self):
        for slug, content in self.pages.items():
            readability = readability_of(DraftToCheck(content))
            with self.subTest(slug):
                self.assertLessEqual(readability.grade, 6)
                self.assertEqual(readability.long_sentences, ())

    def test_says_of_every_page_that_it_is_a_demonstration_and_promises_nothing(self):
        for slug, content in self.live.items():
            html = self.client.get(f"/articles/{slug}/").content.decode()
            words = " ".join(text for text, *_rest in contents.texts_for_readers(content)).lower()
            with self.subTest(slug):
                self.assertTrue(content["is_demonstration"])
                self.assertIn('class="strip strip-example"', html)
                self.assertNotRegex(words, r"no side effects|has no risks|guarantee|\bcures?\b")

    def test_shows_every_certainty_and_every_way_a_finding_can_point(self):
        levels = {claim["certainty"] for one in self.pages.values() for claim in one["claims"]}
        points = {(row["direction"], claim["certainty"]) for *_rest, row, claim in self.findings()}
        risks = [row for *_rest, row, _claim in self.findings() if len(row["starting_risks"]) == 2]

        self.assertLessEqual({"high", "moderate", "low", "very-low", "none"}, levels)
        self.assertIn(("no_difference", "high"), points)
        self.assertLessEqual(
            {"better", "worse", "no_difference", "unclear"}, {point for point, _level in points}
        )
        self.assertTrue(risks)

    def test_has_a_disagreement_that_readers_are_told_of(self):
        told = [
            slug
            for slug in library.LIVE
            if "do not agree" in self.client.get(f"/articles/{slug}/").content.decode()
        ]

        self.assertTrue(told)

    def test_marks_the_page_whose_study_was_taken_back_and_not_what_exercise_does(self):
        notices = SafetyNotice.objects.filter(article__slug=BACK, resolved_at=None)
        retracted = Reference.objects.get(pmid="23328343")
        marked = [
            claim["text"]
            for claim in self.pages[BACK]["claims"]
            if str(retracted.uid) in {one["reference"] for one in claim["citations"]}
        ]

        self.assertEqual(
            set(notices.values_list("kind", flat=True)), {"retracted_source", "concern_source"}
        )
        self.assertEqual(retracted.integrity, "retracted")
        self.assertTrue(marked and all("talking therapy" in text for text in marked))
        self.assertContains(self.client.get(f"/articles/{BACK}/"), "was taken back")

    def test_leads_to_the_newer_version_of_a_review_and_has_a_page_that_is_overdue(self):
        knee = Publication.objects.live().get(slug=KNEE)

        self.assertTrue(lines_of(knee))
        self.assertLess(knee.review_due_on, timezone.localdate())
        self.assertTrue(any(row["doi"].endswith("pub4") for row in self.pages[KNEE]["references"]))

    def test_shows_a_picture_with_words_for_it_on_every_page_and_none_in_lists(self):
        for slug, content in self.live.items():
            html = self.client.get(f"/articles/{slug}/").content.decode()
            with self.subTest(slug):
                self.assertTrue(content["pictures"][0]["picture"]["alt"])
                self.assertRegex(html, r'<img[^>]*loading="lazy"')
        for address in ("/", "/articles/", "/conditions/", "/search/?q=pain"):
            self.assertNotContains(self.client.get(address), "<img")

    def test_fills_words_problems_and_what_readers_say(self):
        shared = [
            condition
            for condition in Condition.objects.all()
            if sum(
                condition.name in {row["condition"]["name"] for row in content["conditions"]}
                for content in self.live.values()
            )
            > 1
        ]

        self.assertGreaterEqual(GlossaryTerm.objects.filter(language="en").count(), 30)
        self.assertGreaterEqual(len(shared), 2)
        self.assertTrue(Feedback.objects.exclude(text="").exists())

    def test_was_made_by_several_people_and_never_approved_by_its_writer(self):
        for publication in Publication.objects.all():
            approvers = {one["name"] for one in publication.approvals}
            with self.subTest(publication.slug):
                self.assertTrue(approvers)
                self.assertNotIn(publication.revision.content["written_by"]["name"], approvers)

    def test_run_again_changes_nothing(self):
        def everything():
            return [
                model.objects.count()
                for model in (Article, Revision, Publication, Reference, SafetyNotice, Feedback)
            ] + list(Article.objects.order_by("pk").values_list("lock_version", flat=True))

        before, out = everything(), io.StringIO()
        call_command("demo", stdout=out)

        self.assertEqual(everything(), before)
        self.assertNotIn("Demonstration:", out.getvalue())

    def test_passes_verification(self):
        out = io.StringIO()
        call_command("verify_publications", stdout=out)

        self.assertIn("0 problems", out.getvalue())


class ARunThatIsStopped(TestCase):
    def test_leaves_nothing_and_the_next_one_makes_all(self):
        def stop(done):
            raise KeyboardInterrupt

        people.add(new_passwords=False)
        with self.assertRaises(KeyboardInterrupt):
            library.add(now=timezone.now(), is_small=True, progress=stop)

        self.assertFalse(Article.objects.exists())
        new = library.add(now=timezone.now(), is_small=True, progress=str)
        self.assertEqual(new, list(library.SMALL))


class ASiteWithArticlesOfItsOwn(TestCase):
    def test_keeps_them_as_they_are_when_the_demonstration_comes(self):
        article = a_draft(body="<p>A physio may tell you of a trial.</p>")
        before = digest_now(article)

        call_command("demo", small=True, stdout=io.StringIO())

        self.assertEqual(digest_now(article), before)
        self.assertFalse(GlossaryTerm.objects.exists())


class AFileOfAPage(TestCase):
    def test_with_a_key_that_nothing_knows_is_refused(self):
        with self.assertRaises(TypeError):
            page_files.PageFile(slug="x", writer="a", checker="b", approver="c", days_ago=1, tag=[])
