"""The handout on one sheet: what stands there, what gives way, its PDF, and scanning an old one."""

import re
import unicodedata
from html import unescape
from pathlib import Path
from unittest import mock

import segno
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import SimpleTestCase, TestCase, override_settings
from django.utils import timezone, translation
from django.utils.html import strip_tags

from articles.drafts import edits
from articles.live import source_notices
from articles.models import (
    ArticleContraindication,
    ArticleSideEffect,
    Contraindication,
    Publication,
    SafetyNotice,
    SideEffect,
)
from articles.page.page import Page
from articles.paper import codes, handouts, kept, typesetting
from articles.paper.handouts import HandoutKind
from articles.paper.sheet import AT_FIRST, ORDER, SAFETY, Sheet
from articles.publishing import jobs, publishing
from physiohub import environment
from tests.builders import (
    LATER,
    NOON,
    a_draft,
    a_full_article,
    a_reference,
    link,
    published,
    reviewed,
    with_advice,
    with_side_effect,
)
from tests.reading.large import an_arabic_draft
from tests.reading.test_handouts import SPACES, objects_of, poppler

#: A long sentence in each language. A number at its end tells it from the others.
LONG = {
    "en": "you have felt something like this for more than a few days and nobody has looked at it",
    "es": "ha sentido algo parecido durante más de unos pocos días y nadie lo ha examinado todavía",
    "ar": "شعرت بشيء مثل هذا منذ أكثر من بضعة أيام ولم يفحصه أحد من الأطباء حتى الآن",
}
#: How a thing not to do begins.
NOT = {"en": "Do not wait if ", "es": "No espere si ", "ar": "لا تنتظر إذا "}


def a_stuffed_article(language="en", *, reasons=10, **fields):
    """A draft in which everything is long and there is much of it, and the numbers of the
    sentences that keep a patient safe.
    """
    article = a_draft(language=language, **{"slug": "stuffed", "title": "Stuffed", **fields})
    numbers, safety = iter(range(7001, 9000)), []

    def sentence(*, is_safety=False):
        number = next(numbers)
        if is_safety:
            safety.append(number)
        return f"{LONG[language]} {number}"

    claims = []
    for position in range(reasons):
        reason = Contraindication.objects.create(name=sentence(is_safety=True))
        claims.append(
            ArticleContraindication.objects.create(
                article=article,
                contraindication=reason,
                position=position + 1,
                action="ask_first" if position % 3 else "stop",
                note=sentence(is_safety=True) if position == 1 else "",
            )
        )
    for position in range(9):
        kind = ("now", "today", "routine")[position % 3]
        article.helpadvice_rows.create(
            position=position + 1, kind=kind, text=sentence(is_safety=True)
        )
    for position in range(14):
        article.step_rows.create(
            position=position,
            kind=("before", "during", "after")[position // 5],
            text=sentence(),
        )
        article.question_rows.create(position=position + 1, text=sentence())
    for position in range(14):
        is_serious = position < 3
        effect = SideEffect.objects.create(name=sentence(is_safety=is_serious))
        claims.append(
            ArticleSideEffect.objects.create(
                article=article,
                side_effect=effect,
                position=position,
                is_serious=is_serious,
                n=position + 1,
                base=100,
                unit="people",
                how_long=sentence(is_safety=is_serious),
                note=sentence(is_safety=is_serious),
            )
        )
    for position in range(8):
        for kind in ("do", "dont"):
            text = f"{NOT[language] if kind == 'dont' else ''}{sentence()}"
            claims.append(with_advice(article, text, kind=kind, position=position))
    reference = a_reference()
    for row in claims:
        link(row.claim, reference, by=article.owner)
    edits.record_edit(article, by=article.owner, at=NOON)
    return article, safety


def pdf_of(test, slug, query=""):
    answer = test.client.get(f"/articles/{slug}/handout.pdf{query}", follow=True)
    test.assertEqual(answer["Content-Type"], "application/pdf")
    return answer.content


def sides(pdf):
    return int(re.search(r"Pages:\s+(\d+)", poppler("pdfinfo", pdf))[1])


def words_on(pdf):
    # Poppler gives some Arabic letters in their joined shapes.
    return unicodedata.normalize("NFKC", poppler("pdftotext", pdf, "-raw"))


def another_version(publication, *, at=LATER, **fields):
    article = publication.article
    article.refresh_from_db()
    for name, value in fields.items():
        setattr(article, name, value)
    article.save()
    edits.record_edit(article, by=article.owner, at=at)
    revision, editor = reviewed(article, at=at)
    return publishing.publish(revision, by=editor, at=at, change_note="Better.")


class ASheet(TestCase):
    def setUp(self):
        cache.clear()
        article = a_draft(slug="stretching", title="Stretching")
        effect = with_side_effect(article, "a bruise", n=8, base=100, unit="visits")
        link(effect.claim, a_reference(), by=article.owner)
        article.step_rows.create(kind="before", text="You ask.")
        article.step_rows.create(kind="during", text="You lie down.", position=1)
        self.publication = published(article)

    def html(self, query="", address="/articles/stretching/handout/"):
        return self.client.get(address + query).content.decode()

    def test_says_what_a_patient_takes_home(self):
        html = self.html()

        places = [
            html.index(words)
            for words in (
                "Name:",
                "Phone:",
                "<h1>Stretching</h1>",
                "Key points",
                "Who should not have it",
                "Call 999 now if:",
                "1",
                "What happens",
                "You lie down.",
                "a bruise",
                "8 in 100 visits.",
                "Questions to ask",
                "How many visits will I need?",
                "My notes",
                "Version 1, published on",
            )
            if words != "1"
        ]
        self.assertEqual(places, sorted(places))

    def test_has_no_sources_and_says_where_they_are(self):
        html = self.html()

        self.assertNotIn('role="doc-biblioref"', html)
        self.assertNotIn('class="refs"', html)
        self.assertIn("what studies show, how sure we are, and every source", html)
        self.assertIn('href="/articles/stretching/handout/?with=sources"', html)

    def test_prints_no_word_that_leads_nowhere_on_paper(self):
        SafetyNotice.objects.create(
            article=self.publication.article,
            kind="retracted_source",
            reference=self.publication.article.claims.first().citations.first().reference,
            text="We are looking again.",
            opened_at=NOON,
        )
        for query in ("", "?size=large"):
            printed = poppler("pdftotext", pdf_of(self, "stretching", query), "-raw")
            self.assertIn("We are looking again.", " ".join(printed.split()))
            for words in ("See reference", "See all references", "Back to", "tap", "Tap", "Click"):
                self.assertNotRegex(printed, rf"\b{words}\b")
        sheet = re.search(r'<article class="sheet">.*?</article>', self.html(), re.S)[0]
        self.assertNotIn("<a ", sheet)

    def test_is_a_tagged_pdf_with_a_title_and_a_language(self):
        pdf = pdf_of(self, "stretching")
        info = poppler("pdfinfo", pdf)

        self.assertRegex(info, r"Tagged:\s+yes")
        self.assertRegex(info, r"Title:\s+Stretching: handout – PhysioHub")
        self.assertIn("/Lang (en)", objects_of(pdf))
        self.assertIn("pdfuaid:part", poppler("pdfinfo", pdf, "-meta"))
        structure = poppler("pdfinfo", pdf, "-struct-text")
        for tag in ("H1", "H2", "H3", "L ", "Figure"):
            self.assertIn(tag, structure)
        self.assertIn("(8 of 100 dots are filled", objects_of(pdf))

    def test_counts_the_steps_on(self):
        printed = " ".join(poppler("pdftotext", pdf_of(self, "stretching"), "-layout").split())

        for step in ("1. You ask.", "2. You lie down."):
            self.assertIn(step, printed)

    def test_prints_the_address_of_the_page_and_a_code_that_names_its_version(self):
        html = self.html()
        scanned = (
            "http://127.0.0.1:8000/articles/stretching/paper/"
            f"1-{self.publication.revision.digest[:8]}/"
        )

        self.assertIn('dir="ltr">127.0.0.1:8000/articles/stretching</bdi>', html)
        self.assertEqual(handouts.scanned_address(self.publication), scanned)
        self.assertEqual(drawn_modules(html), modules_of(scanned))

    def test_is_for_the_paper_of_the_clinic(self):
        for size, points in (("A4", (595, 842)), ("Letter", (612, 792))):
            with override_settings(PAPER_SIZE=size):
                found = re.search(
                    r"Page size:\s+([\d.]+) x ([\d.]+)",
                    poppler("pdfinfo", pdf_of(self, "stretching")),
                )
            self.assertEqual(tuple(round(float(side)) for side in found.groups()), points)

    def test_says_its_size_once_it_was_made_and_is_not_made_to_know_it(self):
        with mock.patch.object(typesetting, "typeset", wraps=typesetting.typeset) as make:
            self.assertNotIn(" kB)", self.html())
            self.assertEqual(make.call_count, 0)
            size = f"{round(len(pdf_of(self, 'stretching')) / 1000)} kB)"
            made = make.call_count
            self.assertIn(f"Save as PDF ({size}", self.html())
            # Large print is another file; nobody has asked for it yet.
            self.assertNotIn(" kB)", self.html("?size=large"))
            pdf_of(self, "stretching")
            self.assertEqual(make.call_count, made)

    def test_in_large_print_is_as_long_as_it_has_to_be(self):
        self.assertGreater(sides(pdf_of(self, "stretching", "?size=large")), 2)
        self.assertIn('class="a4 large"', self.html("?size=large"))
        self.assertIn('class="a4"', self.html("?size=<script>"))

    def test_asks_for_no_more_than_the_page(self):
        with self.assertNumQueries(3):
            answer = self.client.get("/articles/stretching/handout/")
        self.assertFalse(answer.cookies)

    def test_of_a_moved_or_withdrawn_page_goes_with_it(self):
        self.assertEqual(self.client.get("/articles/nothing/handout.pdf").status_code, 404)
        another_version(self.publication, slug="stretches")
        self.assertRedirects(
            self.client.get("/articles/stretching/handout.pdf"),
            "/articles/stretches/handout.pdf",
            status_code=301,
            fetch_redirect_response=False,
        )
        publishing.withdraw(
            self.publication.article, by=self.publication.by, at=LATER, reason="It may be wrong."
        )
        for address in ("handout/", "handout.pdf", "versions/1/handout.pdf"):
            answer = self.client.get(f"/articles/stretches/{address}")
            self.assertContains(answer, "It may be wrong.", status_code=410)


def drawn_modules(html):
    """The rows of the QR code in a page, as they are drawn."""
    drawn = re.search(r'class="qr"\s+viewBox="0 0 (\d+) \1".*?<path d="(M[^"]+)"/>', html, re.S)
    rows = [[0] * int(drawn[1]) for _ in range(int(drawn[1]))]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1H\1z", drawn[2]):
        for column in range(int(x), int(x) + int(width)):
            rows[int(y)][column] = 1
    return rows


def modules_of(text):
    return [list(row) for row in segno.make_qr(text, error="m").matrix_iter(border=4)]


class WhatGivesWay(SimpleTestCase):
    def test_is_listed_in_one_place_and_safety_is_not_in_it(self):
        parts = {step.part for step in ORDER}

        self.assertFalse(parts & set(SAFETY))
        self.assertLessEqual(set(AT_FIRST), parts)

    def test_goes_in_that_order_and_never_comes_back(self):
        left = dict(AT_FIRST)
        for step in ORDER:
            self.assertLess(step.most, left.get(step.part, 1000), step)
            left[step.part] = step.most
        # At the end nothing of them is left but safety.
        self.assertEqual(set(left.values()), {0})

    def test_is_empty_lines_before_words_and_words_before_advice(self):
        gone = [step.part for step in ORDER if step.most == 0]

        self.assertEqual(
            gone,
            [
                "lines for notes",
                "drawings",
                "lines under a question",
                "details",
                "questions",
                "steps",
                "things to do",
                "side effects",
                "things not to do",
            ],
        )


class AnArticleThatDoesNotFit(TestCase):
    def said(self, page, steps):
        """{part: what the sheet says of it} after so many steps."""
        sheet = Sheet(page, steps)
        return {
            "lines for notes": list(sheet.lines_for_notes),
            "lines under a question": list(sheet.lines_under_a_question),
            "drawings": [one for one in sheet.side_effects if one.is_drawn],
            "details": [text for one in sheet.side_effects for text in (one.how_long, one.note)],
            "questions": sheet.questions,
            "steps": [row for phase in sheet.phases for row in phase.rows],
            "things to do": sheet.do,
            "side effects": [one.line.uid for one in sheet.side_effects],
            "things not to do": sheet.do_not,
        }

    def test_loses_one_part_at_a_step_and_says_what_is_missing(self):
        article, _safety = a_stuffed_article()
        page = Page(published(article).revision.content)
        serious = Sheet(page).serious_side_effects
        before = self.said(page, 0)
        self.assertEqual(Sheet(page).left_out, [])
        for steps, step in enumerate(ORDER, 1):
            after = self.said(page, steps)
            changed = {part for part in after if after[part] != before[part]}
            # Drawings and details of effects go with the effects.
            allowed = {step.part} | (
                {"drawings", "details"} if step.part == "side effects" else set()
            )
            self.assertLessEqual(changed, allowed, step)
            if step.part not in ("details", "drawings"):
                self.assertLessEqual(len(after[step.part]), step.most)
            for part in ("questions", "steps", "things to do", "things not to do"):
                self.assertEqual(after[part], before[part][: len(after[part])])
            before = after

            sheet = Sheet(page, steps)
            left_out = list(map(str, sheet.left_out))
            self.assertEqual("Questions to ask" in left_out, len(after["questions"]) < 15)
            self.assertEqual("What happens" in left_out, len(after["steps"]) < 14)
            self.assertEqual(
                "What to do" in left_out,
                len(after["things to do"]) < 8 or len(after["things not to do"]) < 8,
            )
            self.assertEqual(
                "Side effects" in left_out,
                len(after["side effects"]) < 11 or steps >= self.place_of("details", 0),
            )
            # The drawings of serious effects alone may go.
            self.assertEqual(
                [(one.numbers, one.how_long, one.note) for one in sheet.serious_side_effects],
                [(one.numbers, one.how_long, one.note) for one in serious],
            )

    def place_of(self, part, most):
        return ORDER.index((part, most)) + 1

    def fits(self, slug, safety, sentences=()):
        pdf = pdf_of(self, slug)
        printed = words_on(pdf)
        packed = SPACES.sub("", printed)

        self.assertEqual(sides(pdf), 2)
        for number in safety:
            self.assertIn(str(number), printed)
        for sentence in sentences:
            self.assertIn(SPACES.sub("", sentence), packed)
        return pdf, printed

    def test_has_two_sides_with_all_that_keeps_a_patient_safe_in_each_language(self):
        for language, paper in (("en", "Letter"), ("es", "A4"), ("ar", "A4")):
            with self.subTest(language, paper=paper), override_settings(PAPER_SIZE=paper):
                article, safety = a_stuffed_article(language, slug=f"stuffed-{language}")
                publication = published(article)
                if language == "en":
                    self.makes_it_and_shows_the_same_choice_as_a_page(publication)
                sentences = [f"{LONG[language]} {number}" for number in safety]
                pdf, printed = self.fits(
                    f"stuffed-{language}", safety, () if language == "ar" else sentences
                )
                self.assertIn(f"/Lang ({language})", objects_of(pdf))
                with translation.override(language):
                    says = translation.gettext(
                        "There was no room here for all of these. The rest is on the page:"
                    )
                # Poppler turns these two letters round.
                words = (one.strip(".:") for one in says.split() if not re.search("ل[اأإآ]", one))
                for word in words:
                    self.assertIn(word, printed)

    def test_is_on_two_sides_when_all_that_a_page_can_say_is_said(self):
        article = a_full_article(slug="full")
        published(article)

        _pdf, printed = self.fits("full", (), ["Call 999 now if:", "Serious problems", "Rare."])
        self.assertNotIn("There was no room", printed)

    def test_takes_more_sides_where_safety_alone_fills_more_than_two(self):
        article, safety = a_stuffed_article(reasons=60)
        published(article)
        pdf = pdf_of(self, "stuffed")
        packed = SPACES.sub("", words_on(pdf))

        self.assertGreater(sides(pdf), 2)
        for number in safety:
            self.assertIn(SPACES.sub("", f"{LONG['en']} {number}"), packed)
        self.assertNotIn("Questionstoask", packed.split("Therewasnoroom")[0])

    def makes_it_and_shows_the_same_choice_as_a_page(self, publication):
        """Its PDF is made by the timed process; from then on the page prints the same sheet."""
        missing = "There was no room here for all of these."
        address = f"/articles/{publication.slug}/handout/"
        self.assertNotContains(self.client.get(address), missing)

        with mock.patch.object(typesetting, "typeset", wraps=typesetting.typeset) as make:
            handouts.make_missing(seconds=60)
            # Half of what may be left is tried each time.
            self.assertLess(make.call_count, 9)

        self.assertGreater(handouts.known_steps(publication, []), len(AT_FIRST))
        page = self.client.get(address)
        self.assertContains(page, missing)
        self.assertContains(page, 'class="blank"', count=0)
        # Large print may be longer, and has everything.
        self.assertNotContains(self.client.get(f"{address}?size=large"), missing)

    def test_takes_the_fewest_steps_that_are_enough(self):
        publication = published(slug="short")
        for enough in (0, 1, 7, len(ORDER) - 1, len(ORDER)):
            taken = []

            def typeset(html, *, enough=enough, taken=taken, **how):
                taken.append(html)
                return mock.Mock(pages=2 if int(html) >= enough else 3, steps=int(html))

            pdf = handouts.PDFOfHandout(publication, [], HandoutKind(), str)
            with mock.patch.object(typesetting, "typeset", side_effect=typeset):
                steps, document = pdf._fitted()
            self.assertEqual((steps, document.steps), (enough, enough))
            self.assertLess(len(taken), 9)

    def test_is_no_longer_laid_out_once_it_is_too_long(self):
        publication = published(a_stuffed_article()[0])
        html = self.client.get("/articles/stuffed/handout/?size=large").content.decode()
        address = handouts.address_of(publication)

        layout = typesetting._weasyprint().layout.page

        with mock.patch.object(layout, "make_page", wraps=layout.make_page) as begun:
            with typesetting.at_most(2), self.assertRaises(typesetting.TooManyPages):
                typesetting.typeset(html, base=address)
            self.assertEqual(begun.call_count, 2)
            # It was allowed no more inside; after that any number is.
            self.assertGreater(typesetting.typeset(html, base=address).pages, 2)


class ThePdfOfAVersion(TestCase):
    def setUp(self):
        cache.clear()
        self.first = published(slug="stretching", title="Stretching", summary="First words.")

    def address(self, slug="stretching", query=""):
        answer = self.client.get(f"/articles/{slug}/handout.pdf{query}")
        self.assertEqual(answer.status_code, 302)
        self.assertIn("no-cache", answer["Cache-Control"])
        return answer["Location"]

    def test_has_its_number_in_its_address_and_can_be_kept(self):
        address = self.address()
        answer = self.client.get(address)

        self.assertRegex(address, r"^/articles/stretching/versions/1/handout-[0-9a-f]{12}\.pdf$")
        self.assertIn("immutable", answer["Cache-Control"])
        self.assertIn("public", answer["Cache-Control"])
        self.assertIn("stretching-1.pdf", answer["Content-Disposition"])
        self.assertEqual(
            answer["Link"], '<http://127.0.0.1:8000/articles/stretching/>; rel="canonical"'
        )
        self.assertEqual(answer["Content-Language"], "en")
        self.assertFalse(answer.cookies)

    def test_has_an_address_of_its_own_for_each_kind(self):
        addresses = {
            self.address(query=query)
            for query in ("", "?size=large", "?with=sources", "?size=large&with=sources")
        }
        self.assertEqual(len({address.partition("?")[0] for address in addresses}), 4)
        for address in addresses:
            self.assertEqual(self.client.get(address)["Content-Type"], "application/pdf")

    def test_is_never_that_of_another_version(self):
        old = self.address()
        second = another_version(self.first, summary="Second words.")
        another_version(second, summary="Third words.")

        self.assertIn("/versions/3/", self.address())
        self.assertIn("Third words.", words_on(pdf_of(self, "stretching")))
        moved = self.client.get(old)
        self.assertEqual(moved.status_code, 302)
        self.assertRegex(moved["Location"], r"/versions/1/handout-[0-9a-f]{12}\.pdf$")
        printed = words_on(self.client.get(moved["Location"]).content)
        self.assertIn("First words.", printed)
        self.assertIn("This is old: version 1", printed)
        self.assertNotIn("Third words.", printed)
        self.assertEqual(
            self.client.get("/articles/stretching/versions/4/handout.pdf").status_code, 404
        )

    def test_is_another_one_as_soon_as_a_notice_is_laid_over_it(self):
        old = self.address()
        self.assertNotIn("Wait for news.", words_on(self.client.get(old).content))
        notice = SafetyNotice.objects.create(
            article=self.first.article, kind="other", text="Wait for news.", opened_at=NOON
        )

        new = self.address()
        self.assertNotEqual(new, old)
        self.assertIn("Wait for news.", words_on(self.client.get(new).content))
        self.assertRedirects(self.client.get(old), new, fetch_redirect_response=False)

        source_notices.resolve(notice, by=self.first.by, at=LATER, resolution="All is well.")
        self.assertEqual(self.address(), old)
        self.assertNotIn("Wait for news.", words_on(self.client.get(old).content))

    def test_is_made_of_no_address_that_somebody_made_up(self):
        with mock.patch.object(typesetting, "typeset", wraps=typesetting.typeset) as make:
            for state in ("0" * 12, "f" * 12):
                answer = self.client.get(f"/articles/stretching/versions/1/handout-{state}.pdf?x=y")
                self.assertRedirects(answer, self.address(), fetch_redirect_response=False)
        self.assertEqual(make.call_count, 0)

    def test_follows_a_page_that_moved(self):
        another_version(self.first, slug="stretches")

        self.assertRedirects(
            self.client.get("/articles/stretching/versions/1/handout.pdf"),
            "/articles/stretches/versions/1/handout.pdf",
            status_code=301,
            fetch_redirect_response=False,
        )

    def test_is_made_again_when_a_file_is_not_whole(self):
        pdf_of(self, "stretching")
        folder = kept.folder_of(self.first, [])
        path = kept.newest(folder, "sheet").path
        default_storage.delete(path)
        default_storage.save(path, ContentFile(b"%PDF-1.7 half of"))

        self.assertIn("First words.", words_on(pdf_of(self, "stretching")))


class TheTimedProcess(TestCase):
    def setUp(self):
        cache.clear()

    def files(self):
        return sorted(kept.folders_with("sheet"))

    def test_makes_what_pages_lack_and_no_act_of_publishing_does(self):
        with mock.patch.object(typesetting, "typeset", wraps=typesetting.typeset) as make:
            publication = published(slug="stretching")
            self.assertEqual(make.call_count, 0)
            said = []
            self.assertEqual(jobs.tick(at=timezone.now(), say=said.append), [])
            self.assertIn("Handouts made: 1", said)
            made = make.call_count
            self.assertGreater(made, 0)

            pdf_of(self, "stretching")
            said.clear()
            jobs.tick(at=timezone.now(), say=said.append)
            self.assertEqual(make.call_count, made)
            self.assertFalse([one for one in said if "Handouts" in one])
        self.assertEqual(self.files(), [kept.folder_of(publication, [])])

    def test_follows_a_notice_a_new_version_and_a_withdrawal(self):
        publication = published(slug="stretching")
        handouts.make_missing(seconds=60)
        first = self.files()
        SafetyNotice.objects.create(
            article=publication.article, kind="other", text="Wait.", opened_at=NOON
        )
        handouts.make_missing(seconds=60)
        second = self.files()
        self.assertEqual((len(second), set(second) & set(first)), (1, set()))

        newest = another_version(publication, summary="Second.")
        handouts.make_missing(seconds=60)
        self.assertEqual(len(self.files()), 1)
        self.assertNotEqual(self.files(), second)

        publishing.withdraw(publication.article, by=newest.by, at=LATER, reason="Wrong.")
        handouts.make_missing(seconds=60)
        self.assertEqual(kept.folders(), set())

    def test_goes_on_after_a_page_that_cannot_be_typeset(self):
        for slug in ("one", "other"):
            published(slug=slug)
        whole = typesetting.typeset

        def typeset(html, **how):
            if "/articles/one/" in how["base"]:
                raise ValueError("a fault")
            return whole(html, **how)

        with (
            mock.patch.object(typesetting, "typeset", side_effect=typeset) as tried,
            self.assertLogs("articles.paper.handouts", "ERROR"),
        ):
            self.assertEqual(handouts.make_missing(seconds=60), (1, 0))
            before = tried.call_count
            # It is not tried again each minute.
            self.assertEqual(handouts.make_missing(seconds=60), (0, 0))
            self.assertEqual(tried.call_count, before)

    def test_stops_when_its_time_is_over_and_says_how_many_are_left(self):
        for slug in ("one", "other"):
            published(slug=slug)

        self.assertEqual(handouts.make_missing(seconds=-1), (0, 2))

    def test_does_nothing_on_a_machine_without_the_libraries(self):
        published(slug="stretching")
        with mock.patch.object(typesetting, "is_possible", return_value=False):
            self.assertEqual(handouts.make_missing(seconds=60), (0, 0))

    def test_asks_as_few_questions_for_many_pages(self):
        published(slug="one")
        handouts.make_missing(seconds=60)
        with self.assertNumQueries(2):
            handouts.make_missing(seconds=60)


class ScanningAPaper(TestCase):
    def setUp(self):
        self.first = published(slug="stretching", title="Stretching", summary="First.")

    def scan(self, publication, **how):
        address = handouts.scanned_address(publication)
        return self.client.get(address.removeprefix("http://127.0.0.1:8000"), **how)

    def test_that_is_the_newest_says_so_above_the_page_itself(self):
        answer = self.scan(self.first)

        self.assertContains(answer, "Your paper is the newest.")
        main = answer.content.decode().split("<main", 1)[1]
        line, page = main.split("<h1>", 1)
        self.assertIn("It is from 1 March 2026.", line)
        self.assertTrue(page.startswith("Stretching</h1>"))
        self.assertIn("First.", page)
        self.assertNotContains(answer, "It may not have the safety notice")

    def test_that_is_the_newest_may_lack_a_notice_that_came_after_it(self):
        SafetyNotice.objects.create(
            article=self.first.article, kind="other", text="Wait for news.", opened_at=LATER
        )
        answer = self.scan(self.first)

        self.assertContains(answer, "It may not have the safety notice below.")
        self.assertContains(answer, "Wait for news.")

    def test_leaves_the_page_as_it_is_for_all_other_readers(self):
        before = self.client.get("/articles/stretching/").content
        answer = self.scan(self.first)

        self.assertEqual(self.client.get("/articles/stretching/").content, before)
        self.assertNotIn(b"Your paper", before)
        address = "http://127.0.0.1:8000/articles/stretching/"
        self.assertContains(answer, f'<link rel="canonical" href="{address}">')
        self.assertContains(answer, '<meta name="robots" content="noindex">')
        # It is the newest today, and may not be tomorrow.
        self.assertIn("no-cache", answer["Cache-Control"])

    def test_that_is_old_says_what_has_changed_since(self):
        second = another_version(self.first, summary="Second.")
        another_version(second, title="Stretching at home")
        answer = self.scan(self.first)

        self.assertContains(answer, "<h1>Your paper is version 1</h1>", html=True)
        words = " ".join(unescape(strip_tags(answer.content.decode())).split())
        self.assertIn("The newest is version 3", words)
        since = words[words.index("Since then this changed") :]
        self.assertIn("Second.", since)
        self.assertIn("Stretching at home", since)
        self.assertContains(answer, 'href="/articles/stretching/"')
        self.assertContains(answer, 'href="/articles/stretching/handout/"')
        self.assertContains(answer, '<meta name="robots" content="noindex">')
        self.assertEqual(answer["Content-Language"], "en")
        self.assertFalse(answer.cookies)

    def test_shows_the_notices_that_are_open_now(self):
        another_version(self.first, summary="Second.")
        SafetyNotice.objects.create(
            article=self.first.article, kind="other", text="Wait for news.", opened_at=NOON
        )
        self.assertContains(self.scan(self.first), "Wait for news.")

    def test_of_a_page_that_was_taken_down_says_why(self):
        publishing.withdraw(
            self.first.article, by=self.first.by, at=LATER, reason="It may be wrong."
        )
        answer = self.scan(self.first)

        self.assertContains(answer, "It may be wrong.", status_code=410)
        self.assertContains(answer, "Your paper is version 1", status_code=410)

    def test_finds_a_page_that_has_another_address_now(self):
        another_version(self.first, slug="stretches")
        answer = self.scan(self.first)

        self.assertContains(answer, "Your paper is version 1")
        self.assertContains(answer, 'href="/articles/stretches/"')

    def test_never_takes_another_article_at_the_address_for_the_one_on_paper(self):
        publishing.withdraw(
            self.first.article, by=self.first.by, at=LATER, reason="It may be wrong."
        )
        self.first.article.slug = "gone"
        self.first.article.save()
        other = published(slug="stretching", title="Something else", summary="Other.")

        self.assertContains(self.scan(self.first), "It may be wrong.", status_code=410)
        answer = self.scan(other)
        self.assertContains(answer, "Your paper is the newest.")
        self.assertContains(answer, "Something else")

    def test_of_a_draft_or_of_nothing_is_not_there(self):
        digest = self.first.revision.digest[:8]
        for address in (
            f"/articles/stretching/paper/2-{digest}/",
            "/articles/stretching/paper/1-00000000/",
            f"/articles/nothing/paper/1-{digest}/",
            "/articles/stretching/paper/1/",
        ):
            self.assertEqual(self.client.get(address).status_code, 404, address)

    def test_speaks_the_language_of_the_paper(self):
        for draft, newest, heading in (
            (
                a_draft(slug="es", language="es"),
                "Su hoja es la más nueva.",
                "Su hoja es la versión 1",
            ),
            (an_arabic_draft(), "ورقتك هي الأحدث.", "ورقتك هي النسخة 1"),
        ):
            first = published(draft)
            answer = self.scan(first, headers={"accept-language": "en"})
            self.assertContains(answer, newest)
            another_version(first, summary="2")
            answer = self.scan(first, headers={"accept-language": "en"})
            self.assertContains(answer, heading)
            self.assertEqual(answer["Content-Language"], first.language)
            self.assertContains(answer, f'<html lang="{first.language}"')

    def test_asks_few_questions(self):
        another_version(self.first, summary="Second.")
        self.scan(self.first)
        with self.assertNumQueries(3):
            self.scan(self.first)
        second = Publication.objects.select_related("revision").get(number=2)
        with self.assertNumQueries(4):
            self.scan(second)


class AnArabicSheet(TestCase):
    def test_is_a_pdf_in_arabic_with_its_words_and_its_code_in_it(self):
        publication = published(an_arabic_draft())
        address = publication.get_absolute_url()
        pdf = self.client.get(address + "handout.pdf", follow=True).content

        self.assertIn("/Lang (ar)", objects_of(pdf))
        html = self.client.get(address + "handout/").content.decode()
        self.assertIn("127.0.0.1:8000/articles/الوخز-بالإبر</bdi>", html)
        self.assertEqual(drawn_modules(html), modules_of(handouts.scanned_address(publication)))
        printed = words_on(pdf)
        for word in ("عضلة", "معالجك", "التاريخ"):
            self.assertIn(word, printed)

    def test_begins_its_columns_on_the_right(self):
        publication = published(an_arabic_draft())
        pdf = self.client.get(publication.get_absolute_url() + "handout.pdf", follow=True).content
        left, right = (
            unicodedata.normalize(
                "NFKC",
                poppler("pdftotext", pdf, "-x", x, "-y", "0", "-W", "297", "-H", "800", "-l", "1"),
            )
            for x in ("0", "298")
        )
        # The key points come first, side effects are in the second column.
        self.assertIn("النقاط", right)
        self.assertNotIn("النقاط", left)
        self.assertIn("الجانبية", left)


class TheCodeOnPaper(SimpleTestCase):
    def test_draws_the_very_modules_of_the_code(self):
        address = "https://physio.example/articles/dry-needling/paper/12-0a1b2c3d/"
        drawn = codes.qr(address)

        html = f'class="qr" viewBox="0 0 {drawn["size"]} {drawn["size"]}"'
        self.assertEqual(drawn_modules(f'{html}<path d="{drawn["path"]}"/>'), modules_of(address))


class ThePaperOfAClinic(SimpleTestCase):
    def test_is_a4_or_letter(self):
        for typed, size in (("", "A4"), ("a4", "A4"), ("Letter", "Letter"), (" letter", "Letter")):
            with mock.patch.dict("os.environ", PAPER_SIZE=typed):
                self.assertEqual(environment.paper_size("PAPER_SIZE"), size)
        with (
            mock.patch.dict("os.environ", PAPER_SIZE="A5"),
            self.assertRaisesMessage(ImproperlyConfigured, 'Set it to "A4" or "Letter".'),
        ):
            environment.paper_size("PAPER_SIZE")

    def test_is_in_the_list_of_settings(self):
        settings = Path("docs/settings.md").read_text()
        self.assertIn("| `PAPER_SIZE` | `A4` |", settings)
