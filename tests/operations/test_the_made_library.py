"""manage.py make_library: made-up pages for measuring, as good as pages that people published."""

import hashlib
import io
import tempfile
import time
from collections import Counter
from pathlib import Path
from unittest import mock

from django.core.management import CommandError, call_command
from django.test import SimpleTestCase, TestCase, TransactionTestCase
from django.urls import reverse

from articles import preflight
from articles.drafts import edits
from articles.made_library import growing
from articles.made_library.processes import side_by_side
from articles.made_library.texts import WORDS
from articles.models import (
    Article,
    LiveArticle,
    LiveTerm,
    Publication,
    PublishedWork,
    Revision,
    SafetyNotice,
)
from articles.publishing import publishing
from articles.review import reviewing
from articles.revisions import freezing
from tests.builders import LATER, a_superuser, agreed, an_editor, published

PAGES = 60
#: SHA-256 of all revisions of the first 24 pages. Another one: another library for the same seed.
LIBRARY_OF_24 = "fe764718cfe5ca0c9420097a2281d9a7091cf0b30bd4cadaf0daf1bdb39c9f6e"


def made(articles=PAGES, references=40, seed=1, **options):
    out = io.StringIO()
    call_command(
        "make_library",
        articles=articles,
        references=references,
        seed=seed,
        stdout=out,
        stderr=io.StringIO(),
        **options,
    )
    return out.getvalue()


class AMadeLibrary(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.said = made()

    def test_says_how_many_articles_were_added(self):
        self.assertEqual(self.said, f"{PAGES} made-up articles were added.\n")

    def test_has_live_withdrawn_and_waiting_pages_in_three_languages(self):
        live = Counter(LiveArticle.objects.values_list("language", flat=True))

        self.assertEqual(set(live), {"en", "es", "ar"})
        self.assertEqual(Publication.objects.filter(withdrawal__isnull=False).count(), 1)
        self.assertEqual(Publication.objects.filter(number=2).count(), 6)
        self.assertEqual(Article.objects.filter(publications=None).count(), 1)
        self.assertEqual(SafetyNotice.objects.filter(resolved_at=None).count(), 1)
        self.assertEqual(Article.objects.exclude(translation_of=None).count(), 6)

    def test_passes_the_check_of_all_publications(self):
        out = io.StringIO()

        call_command("verify_publications", stdout=out)

        self.assertIn(" 0 problems", out.getvalue())

    def test_has_drafts_that_freeze_to_the_very_text_that_was_published(self):
        for article in Article.objects.all():
            newest = article.revisions.first()
            self.assertEqual(freezing.canonical(freezing.freeze(article)), newest.frozen)

    def test_stands_against_no_rule_of_the_preflight(self):
        for article in Article.objects.exclude(translation_of__isnull=False)[:8]:
            self.assertEqual(preflight.blockers(article), [], article.slug)

    def test_says_of_every_page_that_it_is_an_example(self):
        self.assertFalse(Article.objects.filter(is_demonstration=False).exists())

    def test_shows_every_page(self):
        for publication in Publication.objects.newest().select_related("article", "withdrawal"):
            answer = self.client.get(publication.get_absolute_url())

            withdrawn = hasattr(publication, "withdrawal")
            self.assertEqual(answer.status_code, 410 if withdrawn else 200)

    def test_shows_in_lists_search_words_references_and_problems(self):
        live = LiveArticle.objects.filter(language="en").order_by("sort_key")[0]
        term = LiveTerm.objects.filter(live=live, kind="condition")[0]
        work = PublishedWork.objects.select_related("publication").first()
        brand = live.other_names[0].split()[1]

        for address, expected in (
            (reverse("articles:article_list"), live.title),
            (reverse("articles:search") + f"?q={brand}", live.get_absolute_url()),
            (reverse("articles:words"), term.clinical_name),
            (reverse("articles:condition", args=[term.slug]), live.get_absolute_url()),
            (reverse("articles:condition_list"), f"/{term.slug}/"),
            (reverse("articles:reference", args=[work.uid]), work.publication.get_absolute_url()),
            (reverse("articles:sitemap"), live.get_absolute_url()),
        ):
            with self.subTest(address):
                self.assertContains(self.client.get(address), expected)

    def test_is_the_same_after_the_catalogue_was_made_again(self):
        before = set(LiveTerm.objects.values_list("live__slug", "kind", "name", "certainty"))

        call_command("rebuild_search", stdout=io.StringIO(), stderr=io.StringIO())

        after = set(LiveTerm.objects.values_list("live__slug", "kind", "name", "certainty"))
        self.assertEqual(after, before)

    def test_has_an_article_that_can_be_edited_and_published_again(self):
        self.client.force_login(a_superuser())
        article = Publication.objects.live().filter(language="en")[0].article
        form = self.client.get(reverse("admin:articles_article_change", args=[article.pk]))
        self.assertEqual(form.status_code, 200)
        article.summary = "Slow moves in a chair, in a made-up example."
        article.save()
        edits.record_edit(article, by=article.owner, at=LATER)
        editor = an_editor()

        request = reviewing.submit(article, by=article.owner, at=LATER)
        reviewing.approve(request.revision, by=editor, at=LATER, answers=agreed())
        again = publishing.publish(request.revision, by=editor, at=LATER, change_note="Shorter.")

        self.assertContains(self.client.get(again.get_absolute_url()), article.summary)

    def test_grows_to_a_larger_number_and_then_has_enough(self):
        first = set(Revision.objects.values_list("digest", flat=True))

        self.assertEqual(made(PAGES + 7), "7 made-up articles were added.\n")
        self.assertEqual(made(PAGES + 7), f"The library has {PAGES + 7} articles already.\n")

        self.assertEqual(growing.number_made(1), PAGES + 7)
        self.assertLess(first, set(Revision.objects.values_list("digest", flat=True)))

    def test_of_another_seed_is_another_library_beside_it(self):
        made(5, seed=2)

        self.assertEqual(Article.objects.count(), PAGES + 5)


def all_that_was_frozen():
    texts = Revision.objects.order_by("article", "number").values_list("frozen", flat=True)
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


class TheSameSeed(TestCase):
    def test_gives_the_same_bytes(self):
        made(24)

        self.assertEqual(all_that_was_frozen(), LIBRARY_OF_24)


class ALibraryMadeByTwoProcesses(TransactionTestCase):
    def test_is_the_one_that_one_process_makes(self):
        with mock.patch.object(growing, "IN_A_PART", 10):
            made(24, processes=2)

        self.assertEqual(all_that_was_frozen(), LIBRARY_OF_24)


class WorkSideBySide(SimpleTestCase):
    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.log = Path(folder, "log")

    def note(self, words):
        with self.log.open("a") as log:
            log.write(f"{words}\n")

    def test_is_finished_in_its_order_though_the_first_takes_longest(self):
        def prepare(part):
            while part == "a" and "b" not in self.log.read_text():
                time.sleep(0.01)
            self.note(part)
            return part * 2

        def finish(prepared):
            self.note(prepared)
            return prepared

        self.log.touch()

        self.assertEqual([*side_by_side(prepare, finish, "abc", 2)], ["aa", "bb", "cc"])

        lines = self.log.read_text().split()
        self.assertLess(lines.index("b"), lines.index("a"))
        self.assertEqual([line for line in lines if len(line) == 2], ["aa", "bb", "cc"])

    def test_stops_at_the_first_failure_and_raises_it(self):
        def finish(part):
            if part == "b":
                raise LookupError(part)
            self.note(part)
            return part

        done = side_by_side(str, finish, "abcd", 2)

        self.assertEqual(next(done), "a")
        with self.assertRaisesRegex(LookupError, "b"):
            next(done)
        self.assertEqual(self.log.read_text().split(), ["a"])


class ASiteWithPagesForReaders(TestCase):
    def test_gets_no_made_up_pages_unless_asked_plainly(self):
        published()

        with self.assertRaisesMessage(CommandError, "This site has pages for real readers."):
            made(3)
        self.assertEqual(Article.objects.filter(is_demonstration=True).count(), 0)

        made(3, beside_real_pages=True)
        self.assertEqual(Article.objects.filter(is_demonstration=True).count(), 3)


class TheWordsOfAMadeLibrary(TestCase):
    def test_fill_the_same_places_in_each_language(self):
        shapes = {
            language: {
                name: len(value)
                for name, value in vars(words).items()
                if isinstance(value, tuple | dict)
            }
            for language, words in WORDS.items()
        }

        self.assertEqual(shapes["es"], shapes["en"])
        self.assertEqual(shapes["ar"], shapes["en"])
