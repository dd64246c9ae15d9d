"""Findings are known by their codes: where exceptions are signed, in the matrix, in scripts."""

import ast
import re
from pathlib import Path

from django.test import SimpleTestCase, TestCase
from django.urls import reverse

from articles import preflight
from articles.admin.review import todo
from articles.evidence import table
from articles.models import SignedException
from articles.preflight import registry
from tests.builders import a_draft, a_superuser

ROOT = Path(__file__).resolve().parent.parent.parent
#: The code of a finding, in Python, a template or a script. Lines of an import have codes too.
_CODE = r"""\b(?:\w*finding|\w*message|f)(?:\??\.code\b|\[["']code["']\])"""
_COMPARED = re.compile(_CODE + r"""\s*(?:===?|!==?)\s*["']([\w-]+)["']""")
_ONE_OF = re.compile(_CODE + r"""\s+(?:not\s+)?in\s+[({\[]([^)}\]]*)[)}\]]""")


def codes_named_in(source):
    """The codes that Python, a template or a script compares a finding's code with."""
    found = set(_COMPARED.findall(source))
    for several in _ONE_OF.findall(source):
        found.update(re.findall(r"""["']([\w-]+)["']""", several))
    return found


def sources_that_name_codes():
    """(path, codes) of each file of the site that compares a code with words of its own."""
    for folder in ("articles", "physiohub/assets", "templates"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix not in {".py", ".js", ".html"}:
                continue
            if codes := codes_named_in(path.read_text()):
                yield path.relative_to(ROOT).as_posix(), codes


class TheCodeOfARule(SimpleTestCase):
    def test_is_said_beside_it_and_no_two_rules_have_one(self):
        codes = [rule.code for rule in registry.rules()]

        self.assertGreater(len(codes), 30)
        self.assertEqual(sorted(set(codes)), sorted(codes))

    def test_must_be_given(self):
        for decorate in (registry.blocks, registry.blocks_unless_signed, registry.hints):
            with self.assertRaisesMessage(TypeError, "code"):

                @decorate
                def a_rule_without_a_code(draft):
                    yield registry.Found("")

    def test_may_not_be_given_twice(self):
        before = registry.rules()
        with self.assertRaisesMessage(ValueError, "says_what_it_is"):

            @registry.hints("says_what_it_is")
            def another_rule(draft):
                yield registry.Found("")

        self.assertEqual(registry.rules(), before)

    def test_stays_when_the_function_is_renamed(self):
        def renamed(draft):
            yield registry.Found("Give it a title.", "")

        rule = registry.Rule("a_code", registry.Severity.HINT, renamed)

        self.assertEqual([finding.code for finding in rule(None)], ["a_code"])

    def test_fits_where_a_signed_exception_keeps_it(self):
        room = SignedException._meta.get_field("code").max_length

        self.assertEqual([rule.code for rule in registry.rules() if len(rule.code) > room], [])


class ACodeThatIsNamed(SimpleTestCase):
    def test_is_found_in_every_way_a_file_can_name_it(self):
        self.assertEqual(
            codes_named_in(
                'self.finding.code == "one"; {% if finding.code == "two" %}; '
                "f.code === 'three' ? '' : f.code;"
                ' finding.code in {"four", "five"}; finding["code"] != "six"; role.code == "seven"'
            ),
            {"one", "two", "three", "four", "five", "six"},
        )

    def test_in_code_a_template_or_a_script_is_that_of_a_rule(self):
        known = {rule.code for rule in registry.rules()}
        named = dict(sources_that_name_codes())

        # Whatever files they move to: the review page names two, the panel of the article form one.
        self.assertLessEqual(
            {
                "evidence_is_checked_by_a_second_person",
                "remarks_are_settled",
                "words_are_those_the_evidence_was_linked_to",
            },
            set().union(*named.values()),
        )
        unknown = {path: codes - known for path, codes in named.items()}
        self.assertEqual({path: codes for path, codes in unknown.items() if codes}, {})

    def test_in_the_matrix_is_that_of_a_rule(self):
        known = {rule.code for rule in registry.rules()}
        source = Path(table.__file__).read_text()
        counted = {
            node.slice.value
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)
            if isinstance(node.value, ast.Name) and node.value.id == "flags"
        }

        self.assertGreater(len(counted), 2)
        self.assertEqual((set(table._FLAGS) | counted) - known, {"spoken_against"})


class WhereAFindingIsMended(TestCase):
    def test_is_in_the_form_of_the_article(self):
        article = a_draft()
        self.client.force_login(a_superuser())

        form = self.client.get(reverse("admin:articles_article_change", args=[article.pk]))

        for rule in registry.rules():
            with self.subTest(rule.code):
                self.assertContains(form, f'id="{todo.id_in_form(rule.field)}"')

    def test_is_said_by_the_finding(self):
        draft = preflight.DraftToCheck({"title": "", "summary": ""})
        rule = next(rule for rule in registry.rules() if rule.code == "says_what_it_is")

        self.assertEqual({finding.field for finding in rule(draft)}, {"summary"})
