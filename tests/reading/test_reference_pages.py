"""The public pages of the evidence.

What live pages rest on, in the words they were published with.
"""

import re
from html import unescape

from django.test import TestCase

from articles.live import cited_works, source_notices
from articles.models import Citation, PublishedWork, ReadingListEntry
from articles.publishing import publishing
from references import importing, integrity, merging
from references.formats.records import FoundNotice
from references.models import Design, Notice, Reference
from tests.builders import (
    LATER,
    NOON,
    a_draft,
    a_reference,
    an_editor,
    link,
    mark,
    published,
    reviewed,
)

LIST = "/references/"


def page_of(reference):
    return f"/references/{reference.uid}/"


def a_record(title, author="Osei", year=2020, **fields):
    return {
        "type": "article-journal",
        "title": title,
        "author": [{"family": author, "given": "A"}],
        "container-title": "Journal of Examples",
        "issued": {"date-parts": [[year]]},
        **fields,
    }


def citing(*references, **fields):
    """The publication of an article whose text has a sentence that rests on each of these."""
    sentences = [f"Sentence {number} says something." for number, _ in enumerate(references)]
    article = a_draft(body="".join(f"<p>{sentence}</p>" for sentence in sentences), **fields)
    for sentence, reference in zip(sentences, references, strict=True):
        link(mark(article, sentence.rstrip(".")), reference, by=article.owner)
    return published(article)


class TheListOfReferences(TestCase):
    def test_shows_what_live_pages_name_and_nothing_of_drafts(self):
        cited, drafted, unused = (
            a_reference(csl=a_record(title)) for title in ("Cited", "Drafted", "Unused")
        )
        citing(cited)
        draft = a_draft()
        link(mark(draft, "may suit"), drafted, by=draft.owner)

        answer = self.client.get(LIST)

        self.assertContains(answer, page_of(cited))
        self.assertNotContains(answer, page_of(drafted))
        self.assertNotContains(answer, page_of(unused))

    def test_keeps_the_words_that_were_published(self):
        cited = a_reference(csl=a_record("As it was approved"))
        citing(cited)
        Reference.objects.filter(pk=cited.pk).update(
            title="Changed since", csl=a_record("Changed since")
        )

        self.assertContains(self.client.get(LIST), "As it was approved")
        self.assertNotContains(self.client.get(page_of(cited)), "Changed since")

    def test_finds_names_without_their_accents_and_authors_behind_the_first(self):
        two = a_reference(
            csl=a_record("Trigger points", author="Gröbli")
            | {"author": [{"family": "Gröbli"}, {"family": "Sørensen"}]}
        )
        other = a_reference(csl=a_record("Stretching"))
        citing(two, other)
        for words in ("Grobli", "gröbli", "sorensen", "grobli trigger", "2020 points"):
            with self.subTest(words=words):
                answer = self.client.get(LIST, {"q": words})
                self.assertContains(answer, page_of(two))
                self.assertNotContains(answer, page_of(other))
        self.assertContains(self.client.get(LIST, {"q": "nothing like it"}), "Try fewer words")

    def test_can_show_one_kind_of_study(self):
        trial, opinion = a_reference(design=Design.RCT), a_reference(design=Design.OPINION)
        citing(trial, opinion)
        answer = self.client.get(LIST, {"kind": "rct"})
        self.assertContains(answer, "A fair test: people were put into groups by chance")
        self.assertContains(answer, page_of(trial))
        self.assertNotContains(answer, page_of(opinion))
        self.assertContains(self.client.get(LIST, {"kind": "<script>"}), page_of(opinion))

    def test_gives_fifty_a_page_and_asks_few_questions(self):
        publication = citing(a_reference())
        PublishedWork.objects.bulk_create(
            cited_works._row(a_reference().uid, publication.pk, entry)
            for entry in [publication.revision.content["references"][0]] * 120
        )
        with self.assertNumQueries(3):
            answer = self.client.get(LIST)
        self.assertContains(answer, '<p class="ama"', count=50)
        self.assertContains(answer, "Page 1 of 3")
        self.assertContains(self.client.get(LIST, {"page": "3"}), "Page 3 of 3")
        self.assertLess(len(answer.content), 30_000)

    def test_takes_what_people_type_for_text(self):
        citing(a_reference(csl=a_record("<script>alert(1)</script> & so on", author="<b>Osei")))
        answer = self.client.get(LIST, {"q": '"><script>alert(2)</script>\x00', "page": "x"})
        self.assertNotContains(answer, "<script>")
        self.assertNotContains(self.client.get(LIST), "<script>")


class ThePageOfAReference(TestCase):
    def setUp(self):
        self.reference = a_reference(design=Design.RCT, free_url="https://example.org/free")
        self.publication = citing(self.reference)

    def test_says_what_it_is_and_leads_to_each_sentence(self):
        answer = self.client.get(page_of(self.reference))

        self.assertContains(answer, "a fair test: people were put into groups by chance")
        self.assertContains(answer, "https://example.org/free")
        self.assertContains(answer, "“Sentence 0 says something”")
        self.assertContains(answer, "This source agrees.")
        address = next(p for p in cited_works.work(self.reference.uid).pages).statements[0].address
        page, _, anchor = address.partition("#")
        self.assertContains(answer, f'href="{address}"')
        self.assertContains(self.client.get(page), f'id="{anchor}"')

    def test_is_linked_from_the_page_that_names_it(self):
        article = self.client.get(self.publication.get_absolute_url())
        self.assertContains(article, f'href="{page_of(self.reference)}"')

    def test_is_not_there_for_drafts_strangers_and_withdrawn_pages(self):
        drafted = a_reference()
        draft = a_draft()
        link(mark(draft, "may suit"), drafted, by=draft.owner)
        answers = [
            self.client.get(page_of(drafted)),
            self.client.get(page_of(a_reference())),
            self.client.get("/references/00000000-0000-4000-8000-000000000000/"),
        ]
        publishing.withdraw(
            self.publication.article, by=an_editor(), at=LATER, reason="It was wrong."
        )
        answers.append(self.client.get(page_of(self.reference)))
        self.assertEqual({answer.status_code for answer in answers}, {404})
        # But for the address one came by, which the choice of a language leads back to.
        self.assertEqual(
            len(
                {
                    answer.content.replace(answer.request["PATH_INFO"].encode(), b"")
                    for answer in answers
                }
            ),
            1,
        )
        self.assertNotContains(self.client.get(LIST), page_of(self.reference))

    def test_says_what_became_of_the_work(self):
        notice = FoundNotice(Notice.Kind.RETRACTION, source="publisher")
        integrity.record_notices(self.reference, [notice], by=None, at=LATER)
        self.assertContains(
            self.client.get(page_of(self.reference)), "This study was taken back by its publisher."
        )

    def test_leaves_when_the_page_no_longer_names_it(self):
        article = self.publication.article
        article.refresh_from_db()
        Citation.objects.filter(claim__article=article, reference=self.reference).update(
            reference=a_reference()
        )
        revision, editor = reviewed(article, at=LATER)
        publishing.publish(revision, by=editor, at=LATER)
        self.assertEqual(self.client.get(page_of(self.reference)).status_code, 404)

    def test_says_so_when_it_is_only_further_reading(self):
        listed = a_reference()
        article = a_draft()
        ReadingListEntry.objects.create(article=article, reference=listed)
        published(article)
        self.assertContains(self.client.get(page_of(listed)), "Nothing on this page rests on it.")

    def test_asks_as_many_questions_for_ten_pages_as_for_two(self):
        citing(self.reference)
        self.client.get(page_of(self.reference))
        with self.assertNumQueries(7):
            self.client.get(page_of(self.reference))
        for _ in range(8):
            citing(self.reference)
        with self.assertNumQueries(7):
            answer = self.client.get(page_of(self.reference))
        self.assertEqual(len(answer.context["work"].pages), 10)

    def test_shows_twenty_of_the_pages_that_name_it_and_leads_to_the_others(self):
        publications = [self.publication, *(citing(self.reference) for _ in range(21))]

        first = self.client.get(page_of(self.reference))
        self.assertEqual(len(first.context["work"].pages), 20)
        on = re.search(r'rel="next" href="([^"]+)"', first.content.decode())[1]
        second = self.client.get(page_of(self.reference) + unescape(on))

        shown = [page.address for one in (first, second) for page in one.context["work"].pages]
        self.assertCountEqual(shown, [one.get_absolute_url() for one in publications])
        self.assertNotContains(second, 'rel="next"')

    def test_writes_the_index_with_as_many_questions_for_many_references_as_for_few(self):
        publication = citing(*(a_reference() for _ in range(12)))
        with self.assertNumQueries(6):
            cited_works.refresh_for_article(publication.article)
        with self.assertNumQueries(6):
            cited_works.refresh_for_article(self.publication.article)


class AReferenceThatWasMerged(TestCase):
    def test_leads_to_the_one_that_stands_and_back_when_it_is_undone(self):
        keep, lose = a_reference(), a_reference()
        citing(lose)
        citing(keep)
        done = merging.merge(keep, lose, by=an_editor(), at=LATER)

        self.assertRedirects(self.client.get(page_of(lose)), page_of(keep), 301)
        self.assertEqual(len(self.client.get(page_of(keep)).context["work"].pages), 2)
        self.assertEqual(self.client.get(LIST).content.decode().count('<p class="ama"'), 1 + 2)

        merging.unmerge(done, by=an_editor(), at=LATER)
        self.assertEqual(len(self.client.get(page_of(lose)).context["work"].pages), 1)

    def test_stays_hidden_when_only_drafts_name_the_one_that_stands(self):
        keep, lose = a_reference(), a_reference()
        merging.merge(keep, lose, by=an_editor(), at=LATER)
        self.assertEqual(self.client.get(page_of(lose)).status_code, 404)


class TheIndex(TestCase):
    def test_made_by_the_migration_is_the_one_kept_since(self):
        from importlib import import_module

        from django.apps import apps
        from django.db import connection

        keep, lose = a_reference(csl=a_record("Straße & Øre", author="Gröbli")), a_reference()
        citing(lose, keep)
        citing(a_reference(csl={"type": "book", "title": "No author"}))
        merging.merge(keep, lose, by=an_editor(), at=LATER)
        kept = sorted(PublishedWork.objects.values_list("uid", "design", "sort_key", "search_key"))
        PublishedWork.objects.all().delete()

        migration = import_module("articles.migrations.0012_fill_published_works")
        for _ in range(2):
            migration.fill(apps, type("Editor", (), {"connection": connection}))
        filled = sorted(
            PublishedWork.objects.values_list("uid", "design", "sort_key", "search_key")
        )
        # Two pages name the merged work; which of its copies is kept may differ, the works may not.
        self.assertEqual([row[0] for row in filled], [row[0] for row in kept])
        self.assertEqual(
            [row for row in filled if row[0] != keep.uid],
            [row for row in kept if row[0] != keep.uid],
        )


class TheReferencesOfAnArticle(TestCase):
    def setUp(self):
        self.references = [
            a_reference(csl=a_record(title, DOI=f"10.5555/x.{number}"))
            for number, title in enumerate(
                ["<script>alert(1)</script> & more", "Gröbli’s {braces}", "Plain"]
            )
        ]
        self.publication = citing(*self.references)

    def get(self, suffix, slug=None):
        return self.client.get(f"/articles/{slug or self.publication.slug}/references.{suffix}")

    def test_come_as_files_that_no_browser_runs(self):
        for suffix, content_type in (
            ("ris", "application/x-research-info-systems"),
            ("bib", "application/x-bibtex"),
            ("nbib", "application/nbib"),
            ("json", "application/vnd.citationstyles.csl+json"),
            ("txt", "text/plain"),
            ("nlm.txt", "text/plain"),
        ):
            with self.subTest(suffix=suffix):
                answer = self.get(suffix)
                self.assertEqual(answer["Content-Type"], f"{content_type}; charset=utf-8")
                name = f'attachment; filename="{self.publication.slug}-references.{suffix}"'
                self.assertEqual(answer["Content-Disposition"], name)
                self.assertEqual(answer["X-Content-Type-Options"], "nosniff")
        self.assertContains(self.client.get(self.publication.get_absolute_url()), "/references.ris")

    def test_are_those_of_the_live_text_in_its_order(self):
        Reference.objects.filter(pk=self.references[2].pk).update(csl=a_record("Changed since"))
        lines = self.get("txt").content.decode().splitlines()
        self.assertEqual(len(lines), 4)  # and that of its contraindication, which stands last
        self.assertIn("Plain", lines[2])

    def test_are_the_same_rows_when_they_are_imported_again(self):
        rows = {row.pk: row.csl for row in Reference.objects.all()}
        for suffix in ("ris", "bib", "nbib", "json"):
            with self.subTest(suffix=suffix):
                report = importing.import_file(
                    self.get(suffix).content, file_name=f"x.{suffix}", by=an_editor(), at=NOON
                )
                self.assertEqual((report.created, report.merged, report.refused), (0, 4, 0))
                self.assertEqual({row.pk: row.csl for row in Reference.objects.all()}, rows)

    def test_say_what_became_of_the_works_since(self):
        notice = FoundNotice(Notice.Kind.RETRACTION, doi="10.5555/gone", source="publisher")
        integrity.record_notices(self.references[2], [notice], by=None, at=LATER)
        for suffix in ("ris", "bib", "nbib", "json", "txt", "nlm.txt"):
            with self.subTest(suffix=suffix):
                text = self.get(suffix).content.decode()
                self.assertEqual(text.count("RETRACTED: "), 1)
                self.assertEqual("10.5555/gone" in text, not suffix.endswith("txt"))

    def test_follow_the_page(self):
        self.assertEqual(self.get("ris", slug="nothing-here").status_code, 404)
        self.assertEqual(self.get("exe").status_code, 404)
        draft = a_draft()
        self.assertEqual(self.get("ris", slug=draft.slug).status_code, 404)
        publishing.withdraw(
            self.publication.article, by=an_editor(), at=LATER, reason="It was wrong."
        )
        self.assertEqual(self.get("ris").status_code, 404)
        self.assertEqual(source_notices.impact(self.references[0]).live, [])
