"""Bringing an article in through the admin.

What every line becomes is seen, and changed, before a draft is made.
"""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import SimpleTestCase, TestCase
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from articles.imports import Choices, mark_claims, pending_imports, read_document, structure
from articles.imports.parts import ImportedArticle
from articles.imports.roles import ROLES
from articles.models import (
    Article,
    ArticleContraindication,
    AuditEntry,
    Citation,
    Claim,
    ImportedDocument,
    PendingImport,
)
from articles.richtext import cleaning
from articles.richtext.markers import claims_in, mark_first
from references.models import Reference
from tests.builders import NOON, a_clinician, a_user
from tests.documents import a_docx
from tests.shared_data import shared

START = "/admin/articles/article/import/"
WARMTH = """# Warm packs

A pack you warm up.

Avoid it if you have:
- a burn
- numb skin [1]

## What we know
Warmth may suit some people [1,2]. It is **not** a cure & it fades.

## References
- Osei A. A trial of warmth. J Ex. 2020;7(1):1-9. doi:5555/warm.1
- A book that nobody finds
"""


class LookingThrough(TestCase):
    """Signed in as a clinician, with what the page's forms would send."""

    def setUp(self):
        self.clinician = a_clinician()
        self.client.force_login(self.clinician)

    def paste(self, text=WARMTH, **data):
        answer = self.client.post(START, {"text": text, "kind": "", **data}, follow=True)
        self.pending = PendingImport.objects.filter(by=self.clinician).first()
        return answer

    @property
    def address(self):
        return f"{START}{self.pending.pk}/"

    def result(self):
        return self.client.get(self.address).context["result"]

    def move(self, number, role, **data):
        return self.client.post(
            self.address,
            {f"line-{number}-{self.result().uses[number].role}": role, **data},
            follow=True,
        )

    def act(self, act, **data):
        return self.client.post(self.address, {"act": act, **data}, follow=True)


class TheStartPage(LookingThrough):
    def test_is_offered_above_the_list_of_articles(self):
        self.assertContains(self.client.get("/admin/articles/article/"), f'href="{START}"')

    def test_is_for_people_who_may_add_articles(self):
        self.client.force_login(a_user())

        self.assertEqual(self.client.get(START).status_code, 403)
        self.assertEqual(self.client.post(START, {"text": WARMTH}).status_code, 403)
        self.assertFalse(PendingImport.objects.exists())

    def test_says_what_to_do_and_keeps_what_was_pasted(self):
        for data, sentence in (
            ({}, "Choose a file or paste the text"),
            ({"text": " \n "}, "Choose a file or paste the text"),
            (
                {"text": "Kept words", "file": SimpleUploadedFile("a.txt", b"x")},
                "take one of them away",
            ),
            ({"file": SimpleUploadedFile("a.txt", b"")}, "This file is empty"),
            ({"file": SimpleUploadedFile("a.exe", b"MZ")}, "cannot be read"),
            ({"file": SimpleUploadedFile("a.docx", b"PK hello")}, "not a Word document"),
            ({"file": SimpleUploadedFile("a.txt", b"a" * 15_000_001)}, "larger than 15 MB"),
            ({"text": "Kept words. " * 100_000}, "too long for one article"),
        ):
            with self.subTest(sentence=sentence):
                answer = self.client.post(START, data)
                self.assertContains(answer, sentence)
                if data.get("text", "").strip():
                    self.assertContains(answer, "Kept words")
        self.assertFalse(PendingImport.objects.exists())
        self.assertFalse(Article.objects.exists())

    def test_takes_three_hundred_pages_for_what_they_are(self):
        page = "\n\n".join(
            f"Paragraph {number} says that warmth is pleasant." for number in range(30)
        )

        self.assertContains(self.paste("\n\n".join([page] * 300)), "too long for one article")
        # A book's worth of short lines fits, and comes on pages of its own.
        answer = self.paste("\n".join(f"Line {number}." for number in range(9000)))
        self.assertContains(answer, "9000 of 9000 lines accounted for")
        self.assertContains(answer, "?from=8801")
        self.assertLess(len(answer.content), 1_500_000)

    def test_leads_back_to_what_was_begun(self):
        self.paste()
        self.move(3, "kicker")

        self.assertContains(self.client.get(START), self.address)
        self.assertContains(self.paste(), "as you left it")
        self.assertEqual(PendingImport.objects.count(), 1)
        self.assertEqual(self.result().uses[3].role, "kicker")

    def test_reads_pasted_text_as_what_it_looks_like(self):
        for text, name in (
            (WARMTH, "pasted-text.md"),
            ("<p>A <b>b</b></p>", "pasted-text.html"),
            ("A b", "pasted-text.txt"),
        ):
            with self.subTest(name=name):
                self.assertEqual(self.paste(text) and PendingImport.objects.first().file_name, name)


class ThePageItIsLookedThroughOn(LookingThrough):
    def test_shows_the_first_real_article_line_by_line(self):
        answer = self.paste(shared("seed", "dry-needling.txt").read_text())

        self.assertContains(answer, "93 of 93 lines accounted for")
        self.assertContains(
            answer, "put “10.” in front", count=14
        )  # seven references, on top and in their place
        self.assertContains(answer, 'name="claim"', count=9)
        self.assertNotContains(answer, "checked>")

    def test_shows_the_same_from_a_word_file(self):
        lines = [
            line.strip()
            for line in shared("seed", "dry-needling.txt").read_text().split("\n")
            if line.strip()
        ]
        styles = {lines[2]: "Title", "Is Dry Needling Safe?": "Heading1"}
        file = SimpleUploadedFile(
            "needling.docx", a_docx(*((styles.get(line, ""), line) for line in lines))
        )

        answer = self.client.post(START, {"file": file}, follow=True)

        self.assertContains(answer, "93 of 93 lines accounted for")
        self.assertEqual(len(answer.context["result"].imported.references), 7)
        self.assertEqual(answer.context["result"].imported.title, lines[2])

    def test_gives_every_line_a_place_on_both_sides(self):
        answer = self.paste()
        html = answer.content.decode()

        left, right = (set(re.findall(rf'id="{side}-(\d+)"', html)) for side in ("line", "became"))
        self.assertEqual(
            left, {str(number) for number, line in enumerate(WARMTH.split("\n"), 1) if line.strip()}
        )
        self.assertEqual(left, right)

    def test_is_its_owners_alone(self):
        self.paste()
        self.client.force_login(a_clinician())

        self.assertEqual(self.client.get(self.address).status_code, 404)
        self.assertEqual(self.client.post(self.address, {"act": "discard"}).status_code, 404)
        self.assertNotContains(self.client.get(START), self.address)
        self.assertNotContains(self.client.get("/admin/articles/pendingimport/"), self.address)
        self.assertEqual(PendingImport.objects.count(), 1)

    def test_runs_no_script_of_a_document_and_keeps_the_strict_policy(self):
        answer = self.paste(
            "<h1>Heat<img src=x onerror=alert(1)></h1><script>alert(2)</script><p"
            ' onclick=alert(3)><a href="javascript:alert(4)">warm</a>'
            " &lt;script&gt;alert(5)&lt;/script&gt;</p><svg"
            ' onload=alert(6)><ul><li>"><script>alert(7)</script>item</li></ul>'
        )

        html = answer.content.decode()
        self.assertNotIn("unsafe", answer["Content-Security-Policy"])
        for number in (1, 2, 3, 4, 6, 7):
            self.assertNotIn(f"alert({number})", html)
        self.assertNotIn("<script>alert", html)
        self.assertIn("&lt;script&gt;alert(5)", html)
        self.act("make")
        self.assertNotIn("<script", Article.objects.get().body)

    def test_keeps_arabic_whole(self):
        text = (
            "الوخز الجاف\n\nما هو الوخز الجاف؟\n\nتستخدم إبرة رفيعة.\n\n  • ألم"
            " خفيف\n\nالمراجع\n\n  • " + "Osei A. A trial. J Ex. 2020;7(1):1-9."
        )

        self.assertContains(self.paste(text), "6 of 6 lines accounted for")
        self.assertRegex(
            self.client.get(self.address).content.decode(), r'dir="auto">\s*تستخدم إبرة رفيعة\.'
        )
        self.act("make")
        article = Article.objects.get()
        self.assertEqual(article.title, "الوخز الجاف")
        self.assertIn("ألم خفيف", article.body)
        self.assertEqual(Reference.objects.count(), 1)

    def test_asks_few_questions_of_the_database(self):
        self.paste()
        # Session, person, their permissions twice (theirs and their groups'), the import, one like
        # it before.
        with self.assertNumQueries(6):
            self.client.get(self.address)


class MovingALine(LookingThrough):
    def setUp(self):
        super().setUp()
        self.paste()

    def test_changes_what_it_becomes_and_remembers_who_said_so(self):
        answer = self.move(3, "key_points")

        self.assertEqual(
            [row.text for row in answer.context["result"].imported.key_points],
            ["A pack you warm up."],
        )
        self.act("make")
        report = ImportedDocument.objects.get().report
        move = report["moves"][0]
        self.assertEqual((move["line"], move["from"], move["to"]), (3, "p", "key_points"))
        self.assertIn("Sam Nguyen", move["by"])
        self.assertEqual({use["line"]: use["role"] for use in report["line_uses"]}[3], "key_points")

    def test_is_taken_back_with_one_choice(self):
        self.move(6, "left_out")
        self.assertEqual(self.result().uses[6].role, "left_out")
        self.move(6, "as_read")

        self.assertEqual(self.result().uses[6].role, "stop")
        self.assertEqual(pending_imports.choices_of(PendingImport.objects.get()).moves, {})

    def test_brings_the_lead_in_along_with_its_list(self):
        self.assertEqual(self.result().uses[5].role, "lead_in")
        for number in (6, 7):
            self.move(number, "ul")

        self.assertEqual(self.result().uses[5].role, "p")
        self.assertIn(
            "<p>Avoid it if you have:</p><ul><li>a burn</li><li>numb skin</li></ul>",
            self.result().imported.body_html,
        )

    def test_makes_one_title_at_a_time(self):
        result = self.move(3, "title").context["result"]

        self.assertEqual(result.imported.title, "A pack you warm up.")
        self.assertIn("<p>Warm packs</p>", result.imported.body_html)
        self.assertTrue(result.uses[1].is_unplaced)

    def test_of_many_lines_is_one_act(self):
        self.act("range", range_from="6", range_to="7", range_role="questions")

        self.assertEqual([row.line for row in self.result().imported.questions], [6, 7])
        self.assertContains(
            self.act("range", range_from="900", range_role="p"), "Say from which line"
        )

    def test_from_a_page_that_was_shown_before_undoes_nothing(self):
        old = {f"line-{number}-{use.role}": use.role for number, use in self.result().uses.items()}
        self.move(3, "kicker")
        self.client.post(self.address, {**old, "line-6-stop": "p"})

        self.assertEqual([self.result().uses[number].role for number in (3, 6)], ["kicker", "p"])

    def test_to_nowhere_is_left_aside(self):
        for name, value in (
            ("line-3-p", "nonsense"),
            ("line-3-p", "lead_in"),
            ("line-999-p", "h2"),
            ("line-x-p", "h2"),
            ("look-3-p", "'; --"),
            ("claim", "nothing"),
            ("act", "accept:nothing"),
            ("act", "take-back:x"),
        ):
            with self.subTest(name=name, value=value):
                self.assertEqual(
                    self.client.post(self.address, {name: value}, follow=True).status_code, 200
                )
        self.assertEqual(pending_imports.choices_of(PendingImport.objects.get()).moves, {})


class WhatIsToBeLookedAt(LookingThrough):
    def setUp(self):
        super().setUp()
        self.paste()

    def test_is_accepted_or_moved(self):
        kinds = [point.kind for point in self.result().points_to_check]
        self.assertEqual(sorted(kinds), ["mark", "repair", "unread"])

        self.act("accept:repair")
        self.client.post(self.address, {"look-14-reference": "p"})

        self.assertEqual(
            [point.kind for point in self.result().points_to_check], ["missing", "mark"]
        )
        self.assertIn("<p>A book that nobody finds</p>", self.result().imported.body_html)

    def test_comes_back_when_asked_for(self):
        point = self.result().points_to_check[0]
        self.act(f"accept:{point.id}")
        self.assertNotIn(point, self.result().points_to_check)
        self.act(f"take-back:{point.id}")

        self.assertIn(point, self.result().points_to_check)

    def test_does_not_stand_in_the_way_of_the_draft_and_is_said_again(self):
        self.assertContains(
            self.act("make"), "Line 14 is still to be added by hand: “A book that nobody finds”"
        )
        self.assertEqual(ImportedDocument.objects.get().report["unread_references"][0][0], 14)


class AcceptingASuggestedClaim(LookingThrough):
    def setUp(self):
        super().setUp()
        self.paste()
        self.claims = {
            claim.line: claim for claim in reversed(self.result().imported.suggested_claims)
        }

    def accept(self, *lines):
        ids = [self.claims[line].id for line in lines]
        return self.client.post(
            self.address,
            {"shown_claim": [claim.id for claim in self.claims.values()], "claim": ids},
            follow=True,
        )

    def test_marks_it_in_the_draft_with_its_references_as_evidence_nobody_checked(self):
        self.accept(10)
        self.act("make")

        claim = Claim.objects.get(kind="text")
        self.assertEqual(claim.text, "Warmth may suit some people.")
        self.assertEqual(claim.checked_text, claim.text)
        self.assertEqual(claim.certainty, "not-rated")
        citation = Citation.objects.get()
        self.assertEqual(
            (citation.claim, citation.stance, citation.checked_by), (claim, "supports", None)
        )
        self.assertEqual(
            (citation.added_by, citation.reference.doi), (self.clinician, "10.5555/warm.1")
        )
        self.assertIn(
            f'<mark data-claim="{claim.key}">Warmth may suit some people.</mark>',
            Article.objects.get().body,
        )

    def test_is_one_button_for_all_that_cite_a_reference(self):
        answer = self.client.get(self.address)
        self.assertContains(answer, "Accept all 2 that cite a reference")
        self.assertEqual(answer.context["result"].claims_to_accept(), 2)

        # What the form sends with its tick boxes, as without scripts.
        shown = [claim.id for claim in self.claims.values()]
        answer = self.client.post(
            self.address, {"act": "accept-cited", "shown_claim": shown}, follow=True
        )
        self.assertNotContains(answer, 'value="accept-cited"')
        self.assertContains(answer, "checked>", 2)

        self.act("make")
        self.assertEqual(Citation.objects.count(), 2)

    def test_keeps_the_numbers_of_what_was_not_ticked(self):
        self.accept(10)
        answer = self.act("make")

        self.assertContains(answer, "1 sentence that cites a reference was not ticked")
        self.assertIn(
            "Line 7, not ticked: numb skin It cites 1 (Osei 2020).",
            ImportedDocument.objects.get().report["unlinked"],
        )

    def test_says_which_reference_could_not_be_linked(self):
        self.accept(10)

        self.assertContains(
            self.act("make"), "Link the reference by hand (2 was not found or not read)"
        )

    def test_of_a_row_links_the_references_to_the_row(self):
        self.accept(7)
        self.act("make")

        row = ArticleContraindication.objects.get(contraindication__name="numb skin")
        self.assertEqual(Citation.objects.get().claim, row.claim)

    def test_is_undone_by_taking_the_tick_away_and_none_is_ticked_by_itself(self):
        self.accept(10)
        html = self.client.get(self.address).content.decode()
        self.assertEqual(len(re.findall(r"\schecked>", html)), 1)
        self.accept()
        self.act("make")

        self.assertFalse(Claim.objects.filter(kind="text").exists())
        self.assertFalse(Citation.objects.exists())


class MakingTheDraft(LookingThrough):
    def test_opens_it_in_the_article_form_and_lets_go_of_the_import(self):
        self.paste()
        answer = self.act("make")

        article = Article.objects.get()
        self.assertRedirects(answer, reverse("admin:articles_article_change", args=[article.pk]))
        self.assertEqual((article.owner, article.title), (self.clinician, "Warm packs"))
        self.assertFalse(PendingImport.objects.exists())
        entry = AuditEntry.objects.get(act="imported")
        self.assertEqual((entry.actor_id, entry.subject_uid), (self.clinician.pk, article.uid))

    def test_is_the_same_as_by_the_command_when_nothing_was_chosen(self):
        self.paste(shared("seed", "dry-needling.txt").read_text())
        self.act("make")
        document = read_document(
            shared("seed", "dry-needling.txt").read_bytes(), "dry-needling.txt"
        )

        self.assertEqual(Article.objects.get().body, structure(document.lines).body_html)
        report = ImportedDocument.objects.get().report
        self.assertEqual((len(report["line_uses"]), len(report["repairs"])), (93, 7))

    def test_a_second_time_needs_to_be_meant(self):
        self.paste()
        self.act("make")
        self.assertContains(self.paste(), "This very document was imported before")

        self.assertContains(self.act("make"), "tick “import it again”")
        self.assertEqual((Article.objects.count(), PendingImport.objects.count()), (1, 1))
        self.act("make", again="yes")
        self.assertEqual((Article.objects.count(), PendingImport.objects.count()), (2, 0))

    def test_happens_once_of_two_windows(self):
        self.paste()
        pending_imports.make(self.pending, by=self.clinician, at=NOON)

        with self.assertRaises(pending_imports.Gone):
            pending_imports.make(self.pending, by=self.clinician, at=NOON, allow_duplicate=True)
        self.assertEqual(Article.objects.count(), 1)

    def test_can_be_left_with_no_trace(self):
        self.paste()
        self.act("discard")

        self.assertFalse(
            PendingImport.objects.exists() or Article.objects.exists() or Reference.objects.exists()
        )


_WORDS = st.sampled_from(
    [
        "Warm packs",
        "- a burn",
        "- A burn: 2 in 100 people",
        "## Side effects",
        "Avoid it if you have:",
        "In short: warm.",
        "## References",
        "- Osei A. A trial. J Ex. 2020;7(1):1-9. doi:5555/w.1",
        "1. First",
        "[1]",
        "It helps [1] & <b>works</b>.",
        "✔ Do it",
        "< Fence >",
        "## X vs. Y",
        "### X",
        "### Y",
        "Guide",
        "",
        "x" * 400,
        "ما هو؟",
        "**bold** [a](/b)",
    ]
)


#: What cites, which leaves the text, and what is no letter of a word.
_MARK_OR_SIGN = re.compile(r"\s?\[\d[\d,\s–-]*\]|[⁰¹²³⁴-⁹]|\W")


class WhateverIsMoved(SimpleTestCase):
    """The promise of the page: nobody can choose in a way that loses a line or makes
    unclean HTML.
    """

    @given(
        st.lists(_WORDS | st.text(max_size=40), min_size=1, max_size=25),
        st.dictionaries(st.integers(0, 26), st.sampled_from([*ROLES, "nonsense"]), max_size=26),
    )
    def test_no_line_is_lost_and_the_text_is_clean(self, words, moves):
        text = "\n".join([*words, "Last line"]).replace("\x00", "")
        document = read_document(text.encode("utf-8", "replace"), "any.md")
        read = structure(document.lines, moves=moves)

        self.assertEqual(
            [use.line for use in read.line_uses], [line.number for line in document.lines]
        )
        self.assertEqual(cleaning.clean(read.body_html), read.body_html)
        marked, _keys = mark_claims(read, {claim.id for claim in read.suggested_claims})
        marked = "".join(block.html for block in marked)
        self.assertEqual(cleaning.clean(marked), marked)
        self.assertEqual(re.sub("<mark[^>]*>|</mark>", "", marked), read.body_html)
        held = _held_by(read)
        for use in read.line_uses:
            # The words of a line are in the article, or the line says that it is left out.
            if not use.is_left_out:
                self.assertIn(use.line, held, use)
                bare = _MARK_OR_SIGN.sub("", use.text)
                self.assertIn(bare, _MARK_OR_SIGN.sub("", held[use.line]) if bare else "", use)

    @given(st.dictionaries(st.integers(1, 20), st.sampled_from(sorted(ROLES)), max_size=20))
    def test_choices_are_kept_as_they_were_made(self, moves):
        choices = Choices(moves=moves, seen={"a"}, claims={"b"})

        self.assertEqual(Choices.from_json(choices.as_json()), choices)


def _held_by(read: ImportedArticle):
    """{line: its words as the article holds them}."""
    held = {
        number: cleaning.plain_text(html)
        for block in read.blocks
        for number, _text, html in block.items
    }
    for rows in (
        read.conditions,
        read.indications,
        read.contraindications,
        read.recommendations,
        read.help_advice,
        read.key_points,
        read.questions,
        read.steps,
        read.alternatives,
    ):
        held |= {row.line: row.text for row in rows}
    for row in read.side_effects:
        figures = f"{row.n} in {row.base} {row.unit}" if row.n is not None else ""
        held[row.line] = " ".join(filter(None, [row.text, row.note or figures]))
    for reference in read.references:
        held |= dict.fromkeys(reference.lines, reference.text)
    single = {"title": read.title, "kicker": read.kicker, "summary": f"In short: {read.summary}"}
    tags, sides = " ".join(read.tags), ""
    if table := read.comparison:
        sides = " ".join(
            [table.here_name, table.there_name, *(cell for row in table.rows for cell in row)]
        )
    for use in read.line_uses:
        if use.role in single:
            held[use.line] = single[use.role]
        elif use.role == "tag":
            held[use.line] = tags
        elif use.role in {"here_name", "there_name", "here", "there"}:
            held[use.line] = sides
    return held


class APhraseMarkedInAText(SimpleTestCase):
    KEY = "c123456789"

    def test_may_have_formatting_running_through_it(self):
        html = mark_first(
            "<p>It is <strong>not</strong> a cure &amp; it fades.</p>", "not a cure & it", self.KEY
        )

        self.assertEqual([marked.text for marked in claims_in(html)], ["not a cure & it"])
        self.assertEqual(cleaning.clean(html), html)

    def test_is_found_behind_one_that_is_marked_already(self):
        html = mark_first(
            '<p><mark data-claim="c000000000">warm</mark> and warm</p>', "warm", self.KEY
        )

        self.assertTrue(html.endswith(f'and <mark data-claim="{self.KEY}">warm</mark></p>'))

    def test_must_be_there(self):
        with self.assertRaises(LookupError):
            mark_first("<p>cold</p>", "warm", self.KEY)
