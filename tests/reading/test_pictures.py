"""Pictures on a page, and who may have their files."""

import re
from datetime import timedelta

from django.core.files.storage import default_storage
from django.test import TestCase

from articles.models import PublishedPicture
from articles.page.page import Page
from articles.publishing import publishing
from articles.review import contributors
from articles.revisions import freezing
from articles.revisions.storing import save_revision
from tests.builders import (
    LATER,
    NOON,
    a_clinician,
    a_draft,
    a_picture,
    a_superuser,
    a_user,
    an_image,
    published,
    reviewed,
    with_picture,
)


def public(picture, width=400, suffix="webp"):
    return f"/pictures/{picture.sha256}-{width}.{suffix}"


class APageWithPictures(TestCase):
    def setUp(self):
        article = a_draft(
            slug="stretching",
            body="<p>First.</p><h2>Knees &amp; hips</h2><p>a</p><h2>Backs</h2><p>b</p>",
        )
        self.top = a_picture(
            upload=an_image(1000, 500),
            caption="Bend <slowly>.",
            credit="Sam & Kim",
            licence="CC BY 4.0",
        )
        self.under = a_picture(alt='A "quoted" knee.')
        with_picture(article, self.under, heading="Knees & hips", position=0, caption="Only here.")
        with_picture(article, self.top, position=1)
        with_picture(article, a_picture(alt="", is_decorative=True), heading="Gone", position=2)
        self.publication = published(article)
        self.html = self.client.get("/articles/stretching/").content.decode()

    def test_shows_each_where_it_belongs(self):
        figures = [match.start() for match in re.finditer("<figure", self.html)]

        self.assertEqual(len(figures), 3)
        first, under, back = (
            self.html.index(words) for words in ("First.", "<p>a</p>", "<p>b</p>")
        )
        self.assertLess(figures[0], first)
        self.assertLess(first, figures[1])
        self.assertLess(figures[1], under)
        self.assertLess(back, figures[2])
        self.assertRegex(self.html, r"Knees &amp; hips</h2>\s*<figure")

    def test_lets_the_browser_choose_a_file_and_tells_it_the_size(self):
        srcset = ", ".join(f"{public(self.top, width)} {width}w" for width in (400, 800, 1000))

        self.assertIn(f'srcset="{srcset}"', self.html)
        image = re.escape(public(self.top, 800, "jpg"))
        self.assertRegex(self.html, rf'<img\s+src="{image}"\s+width="1000"\s+height="500"')

    def test_loads_all_but_the_first_when_they_come_into_sight(self):
        loads = ["lazy" in image for image in re.findall("<img[^>]*>", self.html)]

        self.assertEqual(loads, [False, True, True])

    def test_says_what_to_conclude_and_whose_it_is_as_plain_text(self):
        self.assertIn("<p>Bend &lt;slowly&gt;.</p>", self.html)
        self.assertIn("Sam &amp; Kim", self.html)
        self.assertIn("CC BY 4.0", self.html)
        self.assertIn("Only here.", self.html)
        self.assertIn('alt="A &quot;quoted&quot; knee."', self.html)
        self.assertIn('alt=""', self.html)

    def test_is_read_with_no_more_queries_than_a_page_without(self):
        with self.assertNumQueries(3):
            self.client.get("/articles/stretching/")

    def test_does_not_change_when_the_picture_or_the_draft_does(self):
        self.top.alt, self.top.sha256 = "Quokka.", "0" * 64
        self.top.save()

        self.assertEqual(self.client.get("/articles/stretching/").content.decode(), self.html)

    def test_put_together_its_pieces_are_the_text(self):
        page = Page(self.publication.revision.content)

        self.assertEqual(
            "".join(part.html for part in [*page.introduction_parts, *page.body_parts]), page.body
        )


class ARevisionOlderThanPictures(TestCase):
    def test_still_reads_and_keeps_its_digest(self):
        content = freezing.freeze(a_draft())

        self.assertNotIn("pictures", content)
        page = Page(content)
        self.assertEqual((page.top_figures, page.figures_without_heading), ([], []))
        self.assertEqual([part.html for part in page.introduction_parts], [page.body])


class ThePublicAddressOfAPicture(TestCase):
    def test_gives_what_a_live_page_shows_to_be_kept_for_good(self):
        article, picture = a_draft(), a_picture()
        with_picture(article, picture)
        published(article)

        for width, suffix, kind in (
            (400, "webp", "image/webp"),
            (500, "webp", "image/webp"),
            (500, "jpg", "image/jpeg"),
        ):
            with self.subTest(width=width, suffix=suffix), self.assertNumQueries(1):
                answer = self.client.get(public(picture, width, suffix))

                self.assertEqual(answer.status_code, 200)
                self.assertEqual(answer["Content-Type"], kind)
                self.assertEqual(answer["Cache-Control"], "public, max-age=31536000, immutable")
                self.assertEqual(answer["X-Content-Type-Options"], "nosniff")
                self.assertEqual(answer["Content-Security-Policy"], "default-src 'none'; sandbox")
                self.assertFalse(answer.cookies)
                self.assertNotIn("Vary", answer)
                self.assertGreater(len(b"".join(answer.streaming_content)), 50)

    def test_knows_nothing_of_drafts_other_sizes_and_the_whole_picture(self):
        live, draft = a_picture(), a_picture()
        article = a_draft()
        with_picture(article, live)
        published(article)
        with_picture(a_draft(), draft)

        for address in (
            public(draft),
            public(live, 401),
            public(live, 800),
            public(live, 400, "png"),
            public(live, 400, "html"),
            f"/pictures/{live.sha256}.jpg",
            f"/pictures/{live.sha256}-.webp",
            f"/pictures/{live.sha256}-0.webp",
            f"/pictures/{live.sha256.upper()}-400.webp",
            public(live, 9 * 10**9),
            public(live, "9" * 5000),
            f"/media/{live.file.name}",
            f"/static/{live.file.name}",
        ):
            with self.subTest(address[:90]):
                answer = self.client.get(address)
                self.assertEqual(answer.status_code, 404)
                self.assertNotIn("immutable", answer.get("Cache-Control", ""))

    def test_leads_out_of_no_folder(self):
        picture = a_picture()
        for way in ("../", "..%2f", "%2e%2e/", "....//", "/etc/passwd", "..\\", "%00"):
            for address in (
                f"/pictures/{way}{picture.sha256}-400.webp",
                f"/pictures/{picture.sha256}-400.webp{way}",
            ):
                with self.subTest(address):
                    self.assertEqual(self.client.get(address).status_code, 404)

    def test_is_read_only(self):
        self.assertEqual(self.client.post(public(a_picture())).status_code, 405)

    def test_closes_when_the_page_is_withdrawn_and_opens_when_it_comes_back(self):
        picture, article = a_picture(), a_draft()
        with_picture(article, picture)
        publication = published(article)
        publishing.withdraw(article, by=publication.by, at=LATER, reason="It may be wrong.")
        self.assertEqual(self.client.get(public(picture)).status_code, 404)

        article.refresh_from_db()
        article.summary = "Mended."
        article.save()
        published(article, at=LATER)

        self.assertEqual(self.client.get(public(picture)).status_code, 200)

    def test_keeps_what_an_earlier_version_showed(self):
        picture, article = a_picture(), a_draft()
        row = with_picture(article, picture)
        published(article)
        row.delete()
        published(article, at=LATER)

        self.assertEqual(self.client.get(public(picture)).status_code, 200)


class PublishingPictures(TestCase):
    def test_lists_ten_pictures_in_one_go_and_verifies_them(self):
        article = a_draft()
        for number in range(10):
            with_picture(article, position=number)

        publication = published(article)

        self.assertEqual(PublishedPicture.objects.filter(publication=publication).count(), 10)
        self.assertEqual(list(publishing.verify(publication)), [])

    def test_is_refused_when_a_file_is_gone(self):
        article, picture = a_draft(), a_picture(caption="The knee.")
        with_picture(article, picture)
        revision, editor = reviewed(article)
        default_storage.delete(f"pictures/{picture.sha256[:2]}/{picture.sha256}-400.webp")

        with self.assertRaisesMessage(publishing.NotReadyToPublish, "“The knee.” is gone"):
            publishing.publish(revision, by=editor, at=NOON)

        self.assertFalse(PublishedPicture.objects.exists())

    def test_is_found_out_when_a_byte_of_a_file_is_changed(self):
        article, picture = a_draft(), a_picture()
        with_picture(article, picture)
        publication = published(article)
        path = default_storage.path(f"pictures/{picture.sha256[:2]}/{picture.sha256}-500.jpg")
        with open(path, "r+b") as file:
            file.seek(200)
            file.write(b"\0")

        self.assertIn(picture.alt, " ".join(publishing.verify(publication)))

    def test_needs_the_eyes_of_somebody_who_did_not_touch_the_picture(self):
        article, editor = a_draft(), a_superuser()
        picture = a_picture()
        with_picture(article, picture)
        self.client.force_login(editor)
        self.client.post(f"/admin/articles/picture/{picture.pk}/change/", {"alt": "Another knee."})

        revision = save_revision(article, by=article.owner, at=NOON + timedelta(days=1))

        self.assertIn(
            "You edited this text, or something it shows",
            contributors.may_not_approve(revision, editor),
        )


class ADraftsPicture(TestCase):
    def setUp(self):
        self.article, self.picture = a_draft(), a_picture()
        with_picture(self.article, self.picture)
        self.address = f"/admin/articles/picture/file/{self.picture.sha256}-400.webp"

    def test_is_shown_in_the_preview_from_an_address_of_its_own(self):
        self.client.force_login(a_clinician())

        self.assertContains(
            self.client.get(f"/admin/articles/article/{self.article.pk}/preview/"), self.address
        )
        answer = self.client.get(self.address)
        self.assertEqual((answer.status_code, answer["Content-Type"]), (200, "image/webp"))
        self.assertIn("private", answer["Cache-Control"])
        self.assertIn("no-store", answer["Cache-Control"])
        self.assertEqual(answer["Content-Security-Policy"], "default-src 'none'; sandbox")

    def test_is_given_to_nobody_without_an_account_and_the_right(self):
        self.assertIn("/admin/login/", self.client.get(self.address)["Location"])
        self.client.force_login(a_user())
        self.assertEqual(self.client.get(self.address).status_code, 403)
