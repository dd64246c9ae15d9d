"""How the preflight says what it finds: what to do, and once for all that repeats."""

import ast
import re
from pathlib import Path

from django.test import TestCase
from django.urls import reverse

from articles import preflight
from articles.models import SignedException
from articles.preflight import registry
from articles.refusals import Refused
from articles.review import reviewing
from tests.builders import (
    NOON,
    a_clinician,
    a_draft,
    a_reference,
    an_editor,
    approved,
    link,
    mark,
)
from tests.forms import filled_in, findings_in

UNCHECKED = "evidence_is_checked_by_a_second_person"
#: Verbs that tell somebody what to do.
_TELLS = re.compile(
    r"(?:^|[.:;,?] |\bor |\band |\bthen )(?:add|ask|begin|call|change|check|choose|correct|cut|give"
    r"|keep|lead|link|look|lower|make|mark|mend|name|open|publish|put|quote|read|reword|save|say|see"
    r"|send|settle|shorten|start|take|tick|type|verify|write)\b",
    re.I,
)
#: What ends the sentence of a caller, and what is filled in.
_ADVICE = "%(advice)s"


def rule_functions():
    """(name of the module, function) of all functions that make messages, as syntax trees."""
    for path in sorted(Path(preflight.__file__).parent.glob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef):
                yield path.stem, node


def sentences_in(function):
    """What it has translated, its decorator included."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "gettext_lazy"):
            yield node.args[0].value


class EverySentenceOfTheGate(TestCase):
    def test_says_what_to_do(self):
        said = [
            sentence
            for module, function in rule_functions()
            if module != "phrasing"
            for sentence in sentences_in(function)
        ]

        self.assertGreater(len(said), 80)
        silent = [one for one in said if not _TELLS.search(one) and _ADVICE not in one]
        self.assertEqual(silent, [])

    def test_is_said_once_for_all_that_repeats(self):
        """A rule that yields in a loop can find many things, so it has words for many."""
        repeat = {
            function.name
            for _module, function in rule_functions()
            if function.decorator_list and any(map(yields_in_a_loop, ast.walk(function)))
        }
        can_say_it = {rule.function.__name__ for rule in registry.rules() if rule.repeated}

        self.assertGreater(len(repeat), 20)
        self.assertEqual(repeat - can_say_it, set())

    def test_names_the_number_in_its_words_for_many(self):
        for rule in registry.rules():
            if rule.repeated:
                with self.subTest(rule.code):
                    self.assertIn("31", str(rule.repeated.message) % {"count": 31})
                    if rule.repeated.for_editors:
                        self.assertIn("31", str(rule.repeated.for_editors) % {"count": 31})


def yields_in_a_loop(node):
    return (
        isinstance(node, ast.For) and any(isinstance(one, ast.Yield) for one in ast.walk(node))
    ) or isinstance(node, ast.YieldFrom)


class FindingsThatRepeat(TestCase):
    def setUp(self):
        self.author, self.editor = a_clinician(), an_editor()
        body = "<p>" + "</p><p>".join(f"Part {number} is sore." for number in range(4)) + "</p>"
        self.article = a_draft(by=self.author, body=body)
        self.claims = [mark(self.article, f"Part {number} is sore") for number in range(4)]
        for claim in self.claims[:3]:
            link(claim, a_reference(), by=self.author)
        link(self.claims[0], a_reference(), by=self.author)

    def lines(self, user=None):
        return {
            line.first.code: line
            for line in preflight.lines_for(user, preflight.check(self.article))
        }

    def test_are_one_line_with_the_number_of_things(self):
        line = self.lines()[UNCHECKED]

        self.assertEqual(
            line.words,
            "5 links wait for a colleague’s check. Ask a colleague to check each against its"
            " source.",
        )
        self.assertEqual(len(line.messages), 4)
        self.assertIn("Part 0 is sore", line.sentences[0])

    def test_ask_an_editor_to_do_what_an_editor_may(self):
        self.assertEqual(
            self.lines(self.editor)[UNCHECKED].words,
            "5 links wait for a check. Check each against its source.",
        )

    def test_are_two_lines_where_an_editor_may_do_only_some_alone(self):
        link(self.claims[3], a_reference(), by=self.editor)

        said = [
            line.words
            for line in preflight.lines_for(self.editor, preflight.check(self.article))
            if line.first.code == UNCHECKED
        ]

        self.assertEqual(
            said,
            [
                "5 links wait for a check. Check each against its source.",
                "Ask a colleague to check the evidence for “Part 3 is sore” against its sources.",
            ],
        )

    def test_say_what_one_of_them_says_when_there_is_but_one(self):
        bare = "every_claim_has_evidence"
        self.assertIn("Part 3 is sore", self.lines()[bare].words)
        self.assertFalse(self.lines()[bare].is_repeated)

    def test_are_named_once_with_the_first_where_an_act_is_refused(self):
        request = reviewing.submit(self.article, by=self.author, at=NOON)

        with self.assertRaises(Refused) as refused:
            approved(request.revision, by=self.editor)

        said = [one for one in refused.exception.sentences if "wait for a check" in one]
        self.assertEqual(len(said), 1)
        self.assertIn("The first: Check the evidence for “Part 0 is sore”", said[0])

    def test_are_told_in_the_panel_as_one_line_that_holds_all(self):
        self.client.force_login(self.author)
        form = reverse("admin:articles_article_change", args=[self.article.pk])
        address = reverse("admin:articles_article_standing", args=[self.article.pk])

        answer = self.client.post(address, filled_in(self.client.get(form))).json()

        (line,) = (line for line in answer["lines"] if line["findings"][0]["code"] == UNCHECKED)
        self.assertIn("5 links wait", line["message"])
        self.assertEqual(
            [finding["claim"] for finding in line["findings"][:3]],
            [claim.key for claim in self.claims[:3]],
        )
        self.assertEqual(len(findings_in(answer)), len(preflight.check(self.article)))


class TheReviewPage(TestCase):
    def setUp(self):
        self.author = a_clinician()
        self.client.force_login(self.author)
        self.article = a_draft(
            by=self.author,
            body="<p>Needling cures pain.</p><p>It heals tendons.</p><p>It stops cramps.</p>",
        )
        self.address = reverse("admin:articles_article_review", args=[self.article.pk])
        self.places = [
            message.place
            for message in preflight.check(self.article)
            if message.code == "effects_are_claims"
        ]

    def sign(self, place, reason):
        return self.client.post(
            self.address,
            {"act": "sign", "code": "effects_are_claims", "place": place, "reason": reason},
            follow=True,
        )

    def test_says_it_once_with_the_first_in_reach_and_the_others_behind(self):
        page = self.client.get(self.address)

        self.assertContains(page, "3 sentences promise an effect", count=2)  # seen, and heard
        self.assertContains(page, "Mend the first in the form", count=1)
        self.assertContains(page, "Show them one by one")
        for sentence in ("Needling cures pain", "It heals tendons", "It stops cramps"):
            self.assertContains(page, f"in “{sentence}")

    def test_lets_one_of_them_stand_and_counts_the_others(self):
        self.sign(self.places[1], "That is how a leaflet of ours puts it.")

        page = self.client.get(self.address)

        self.assertEqual(SignedException.objects.get().place, self.places[1])
        self.assertContains(page, "2 sentences promise an effect")
        self.assertContains(page, "lets it stand: That is how a leaflet of ours puts it.")

    def test_stays_open_where_a_reason_was_refused(self):
        page = self.sign(self.places[2], " ")

        self.assertContains(page, '<details class="review-all" open>')
        self.assertContains(page, "Say in one sentence why this may stand.")
