"""What search engines, feed readers, reference managers and sites that show cards get."""

import io
import json
import re
from datetime import timedelta
from unittest.mock import patch
from xml.etree import ElementTree

from django.core.files.storage import default_storage
from django.test import SimpleTestCase, TestCase
from PIL import Image

from articles.drafts import edits, translations
from articles.models import SafetyNotice
from articles.public import machine_views, share_images
from articles.publishing import publishing
from tests.builders import (
    LATER,
    NOON,
    a_draft,
    a_reference,
    link,
    mark,
    published,
    reviewed,
    set_claim,
    with_condition,
)

SITE = "http://127.0.0.1:8000"


def data_of(html):
    return json.loads(
        re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)[1]
    )["@graph"]


class AnArticle(TestCase):
    def setUp(self):
        article = a_draft(
            title="Cupping <b>",
            slug="cupping",
            summary="Cups & skin.",
            other_names=["glass therapy"],
        )
        self.reference = a_reference()
        link(mark(article, "may suit some people"), self.reference, by=article.owner)
        set_claim(with_condition(article, "stiff neck").claim, certainty="none")
        self.publication = published(article)
        self.html = self.client.get("/articles/cupping/").content.decode()

    def named(self, name):
        return re.findall(rf'<meta (?:name|property)="{name}" content="([^"]*)">', self.html)

    def test_can_be_saved_by_a_reference_manager(self):
        self.assertEqual(self.named("citation_title"), ["Cupping &lt;b&gt;"])
        self.assertEqual(
            self.named("citation_author"), [self.publication.revision.content["written_by"]["name"]]
        )
        self.assertEqual(self.named("citation_publication_date"), ["2026/03/01"])
        self.assertEqual(self.named("citation_public_url"), [f"{SITE}/articles/cupping/"])
        self.assertEqual(self.named("citation_language"), ["en"])
        self.assertEqual(self.named("citation_pdf_url"), [f"{SITE}/articles/cupping/handout.pdf"])
        # Without it Zotero takes the page for an article in a journal.
        self.assertEqual(self.named("z:itemType"), ["webpage"])

    def test_has_a_card_for_other_sites(self):
        self.assertEqual(self.named("og:title"), ["Cupping &lt;b&gt;"])
        self.assertEqual(self.named("og:description"), ["Cups &amp; skin."])
        self.assertEqual(self.named("og:url"), [f"{SITE}/articles/cupping/"])
        self.assertEqual(self.named("twitter:card"), ["summary_large_image"])
        address = self.named("og:image")[0]
        self.assertEqual(address, f"{SITE}/articles/cupping/card-1.png")

        card = self.client.get(address.removeprefix(SITE))
        image = Image.open(io.BytesIO(card.content))
        self.assertEqual(
            (card["Content-Type"], image.format, image.size), ("image/png", "PNG", (1200, 630))
        )

    def test_says_who_checked_it_when_what_it_is_about_and_what_it_cites(self):
        page, way = data_of(self.html)

        self.assertEqual(page["@type"], "MedicalWebPage")
        self.assertEqual(page["lastReviewed"], "2026-03-01")
        self.assertEqual(page["reviewedBy"][0]["name"], self.publication.approvals[0]["name"])
        self.assertEqual([thing["name"] for thing in page["about"]], ["Cupping <b>", "stiff neck"])
        self.assertEqual(page["audience"]["audienceType"], "Patient")
        self.assertEqual(page["image"]["url"], f"{SITE}/articles/cupping/card-1.png")
        self.assertEqual((page["inLanguage"], page["version"]), ("en", "1"))
        self.assertEqual(
            (page["datePublished"], page["dateModified"]), ("2026-03-01", "2026-03-01")
        )
        self.assertEqual(
            self.client.get(page["publisher"]["logo"].removeprefix(SITE))["Content-Type"],
            "image/png",
        )
        self.assertIn("Physiotherapy", page["specialty"])
        self.assertIn(
            f"https://doi.org/{self.reference.doi}", [work["sameAs"] for work in page["citation"]]
        )
        self.assertEqual(
            [step["name"] for step in way["itemListElement"]],
            ["PhysioHub", "All topics", "Cupping <b>"],
        )

    def test_names_the_page_it_was_translated_from(self):
        article = a_draft(slug="ventosas", language="es", translation_of=self.publication.article)
        translations.pin_new(article, at=NOON)
        article.save()
        published(article)

        page, _way = data_of(self.client.get("/articles/ventosas/").content.decode())

        # A part of a MedicalWebPage would lack what one must have.
        self.assertEqual(
            page["translationOfWork"],
            {"@type": "WebPage", "url": f"{SITE}/articles/cupping/", "inLanguage": "en"},
        )
        self.assertNotIn("translationOfWork", data_of(self.html)[0])

    def test_cites_no_work_that_was_taken_back(self):
        SafetyNotice.objects.create(
            article=self.publication.article,
            kind="retracted_source",
            text="Taken back.",
            reference=self.reference,
            opened_at=LATER,
        )

        page, _way = data_of(self.client.get("/articles/cupping/").content.decode())

        self.assertNotIn(
            f"https://doi.org/{self.reference.doi}", [work["sameAs"] for work in page["citation"]]
        )


class TheCardOfAnArticle(TestCase):
    def test_is_drawn_once_a_revision(self):
        published(title="Cupping", slug="cupping")
        with patch.object(share_images, "draw", wraps=share_images.draw) as draw:
            first = self.client.get("/articles/cupping/card-1.png").content
            again = self.client.get("/articles/cupping/card-1.png").content

        self.assertEqual(draw.call_count, 1)
        self.assertEqual(first, again)
        self.assertEqual(len(default_storage.listdir("cards")[1]), 1)

    def test_is_there_for_the_live_version_alone(self):
        publication = published(title="Cupping", slug="cupping")
        for address in ("card-2.png", "card-0.png", f"card-{'9' * 40}.png"):
            self.assertEqual(self.client.get(f"/articles/cupping/{address}").status_code, 404)
        publishing.withdraw(
            publication.article, by=publication.by, at=LATER, reason="It may be wrong."
        )
        self.assertEqual(self.client.get("/articles/cupping/card-1.png").status_code, 404)

    def test_is_one_query_and_may_be_kept_for_a_day(self):
        published(title="Cupping", slug="cupping")

        with self.assertNumQueries(1):
            card = self.client.get("/articles/cupping/card-1.png")

        self.assertEqual(card["Cache-Control"], "public, max-age=86400")
        self.assertNotIn("Content-Encoding", card)


class ACard(SimpleTestCase):
    def test_has_another_picture_for_another_title(self):
        self.assertNotEqual(
            share_images.draw("Cupping", "PhysioHub"), share_images.draw("Taping", "PhysioHub")
        )

    def test_is_drawn_for_any_title(self):
        for title in (
            "",
            "x" * 150,
            "الوخز بالإبر الجافة",
            "\U0010fffe",
            "word " * 30,
            "Ünïcödé ½ ™",
        ):
            with self.subTest(title[:20]):
                image = Image.open(io.BytesIO(share_images.draw(title, "PhysioHub")))
                self.assertEqual(image.size, (1200, 630))

    def test_is_drawn_without_a_font_of_the_machine(self):
        with patch.object(share_images, "_FONTS", ("there is no such font.ttf",)):
            self.assertNotEqual(
                share_images.draw("Cupping", "PhysioHub"), share_images.draw("", "PhysioHub")
            )

    def test_weighs_little(self):
        self.assertLess(
            len(
                share_images.draw("A long title about what needles do to sore muscles", "PhysioHub")
            ),
            40_000,
        )


class TheSitemap(TestCase):
    NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"

    def addresses(self, path="/sitemap.xml"):
        answer = self.client.get(path)
        self.assertEqual(answer["Content-Type"], "application/xml; charset=utf-8")
        sitemap = ElementTree.fromstring(answer.content)  # noqa: S314
        return {place.text for place in sitemap.iter(f"{self.NS}loc")}

    def test_lists_what_is_live_and_nothing_else(self):
        article = a_draft(title="Cupping", slug="cupping")
        row = with_condition(article, "stiff neck", certainty="none")
        published(article)
        gone = published(slug="gone")
        publishing.withdraw(gone.article, by=gone.by, at=LATER, reason="It may be wrong.")
        a_draft(slug="draft")

        found = self.addresses()

        self.assertEqual(
            found,
            {
                f"{SITE}{path}"
                for path in (
                    "/",
                    "/articles/",
                    "/conditions/",
                    "/words/",
                    "/about/",
                    "/accessibility/",
                    "/privacy/",
                    "/articles/cupping/",
                    f"/conditions/{row.condition.slug}/",
                )
            },
        )
        for address in found:
            self.assertEqual(self.client.get(address.removeprefix(SITE)).status_code, 200)

    def test_writes_an_address_in_any_script_as_addresses_are_written(self):
        published(title="علاج", slug="علاج", language="ar")

        self.assertIn(f"{SITE}/articles/%D8%B9%D9%84%D8%A7%D8%AC/", self.addresses())

    def test_is_split_where_there_are_many(self):
        for number in range(3):
            published(slug=f"page-{number}")
        with patch.object(machine_views, "IN_A_SITEMAP", 2):
            parts = self.addresses()
            self.assertEqual(parts, {f"{SITE}/sitemap-1.xml", f"{SITE}/sitemap-2.xml"})
            listed = self.addresses("/sitemap-1.xml") | self.addresses("/sitemap-2.xml")
            self.assertEqual(self.client.get("/sitemap-3.xml").status_code, 404)
            self.assertEqual(self.client.get("/sitemap-0.xml").status_code, 404)

        self.assertLessEqual({f"{SITE}/articles/page-{number}/" for number in range(3)}, listed)

    def test_costs_the_same_however_many_there_are(self):
        for number in range(3):
            with_condition(article := a_draft(slug=f"page-{number}"), certainty="none")
            published(article)

        with self.assertNumQueries(3):
            self.addresses()

    def test_is_named_by_robots_txt(self):
        robots = self.client.get("/robots.txt")

        self.assertEqual(robots["Content-Type"], "text/plain; charset=utf-8")
        self.assertContains(robots, f"Sitemap: {SITE}/sitemap.xml")
        self.assertContains(robots, "Disallow: /admin/")


class TheFeed(TestCase):
    NS = "{http://www.w3.org/2005/Atom}"

    def entries(self):
        root = ElementTree.fromstring(self.client.get("/feed/").content)  # noqa: S314
        return [
            {part.tag.removeprefix(self.NS): part.text or part.get("href") for part in entry}
            for entry in root.iter(f"{self.NS}entry")
        ]

    def test_tells_of_what_was_published_newest_first(self):
        published(title="Older", slug="older", at=NOON)
        published(
            title="Newer & <b>", slug="newer", at=NOON + timedelta(days=1), summary="Cups & skin."
        )
        a_draft(title="Draft")

        entries = self.entries()

        self.assertEqual([entry["title"] for entry in entries], ["Newer & <b>", "Older"])
        self.assertEqual(entries[0]["link"], f"{SITE}/articles/newer/")
        self.assertEqual(entries[0]["summary"], "Cups & skin.")

    def test_tells_of_a_new_version_with_what_changed(self):
        publication = published(title="Cupping", slug="cupping")
        first = self.entries()[0]
        article = publication.article
        article.body = "<p>Another text.</p>"
        article.save()
        edits.record_edit(article, by=article.owner, at=LATER)
        revision, editor = reviewed(article, at=LATER)
        publishing.publish(revision, by=editor, at=LATER, change_note="New studies.")

        (second,) = self.entries()

        self.assertNotEqual(first["id"], second["id"])
        self.assertIn("What changed: New studies.", second["summary"])

    def test_leaves_out_what_was_withdrawn(self):
        publication = published(slug="cupping")
        publishing.withdraw(
            publication.article, by=publication.by, at=LATER, reason="It may be wrong."
        )

        self.assertEqual(self.entries(), [])

    def test_is_one_query_and_found_from_every_page(self):
        for number in range(3):
            published(slug=f"page-{number}")

        with self.assertNumQueries(1):
            self.entries()
        self.assertContains(
            self.client.get("/about/"), 'type="application/atom+xml" href="/feed/en/"'
        )
