"""Who may do what is said in one place, and everything else asks it."""

import io
import re
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import SimpleTestCase, TestCase

from physiohub import policy, roles
from physiohub.management.commands.roles import page
from tests.builders import a_superuser

ROOT = Path(settings.BASE_DIR)
#: Looking at rights, at roles or at superusers.
DECIDES = re.compile(
    r"has_perms?\(|user_passes_test|permission_required|login_required|staff_member_required"
    r"|\.is_(?:superuser|staff)\b|\bperms\."
    r"""|["'](?:articles|references|auth|taggit)\.(?:add|change|delete|view|review|publish|override)_"""
)
#: Modules that look at them for another reason.
KNOWN = {
    "physiohub/policy.py": "the policy",
    "physiohub/roles.py": "the roles",
    "physiohub/management/commands/roles.py": "compares the site with both",
    "articles/accounts/rights.py": "an account that two people look after, not who may act",
    "templates/admin/base_site.html": "counts the inbox of somebody who works here",
}
_SOURCES = [
    path
    for folder, kind in (
        ("articles", "py"),
        ("references", "py"),
        ("physiohub", "py"),
        ("templates", "html"),
    )
    for path in (ROOT / folder).rglob(f"*.{kind}")
    if "migrations" not in path.parts
]
ACTS = {name: act for name, act in vars(policy).items() if isinstance(act, policy.Act)}


class ThePolicy(SimpleTestCase):
    def test_is_the_only_place_that_looks_at_rights(self):
        found = {
            str(path.relative_to(ROOT)): sorted(set(DECIDES.findall(path.read_text())))
            for path in _SOURCES
            if DECIDES.search(path.read_text())
        }
        self.assertEqual(
            {name: what for name, what in found.items() if name not in KNOWN},
            {},
            "Ask physiohub.policy, with an act.",
        )
        self.assertEqual(set(KNOWN) - set(found), set(), "These look at nothing any more.")

    def test_lists_every_act_and_each_is_asked_for(self):
        listed = {act for acts in policy.ACTS.values() for act in acts}
        self.assertEqual(set(ACTS.values()), listed)
        text = "".join(path.read_text() for path in _SOURCES if path.name != "policy.py")
        inside = (ROOT / "physiohub/policy.py").read_text()
        for name in ACTS:
            asked = f"policy.{name}" in text or f'may:"{name.lower()}"' in text
            self.assertTrue(asked or f"may(account, {name})" in inside, name)

    def test_is_shown_in_the_docs_as_it_is(self):
        self.assertEqual(
            (ROOT / "docs/roles.md").read_text(),
            page(),
            "Write it again: manage.py roles --table > docs/roles.md",
        )

    def test_opens_no_act_of_editors_to_people_who_look_after_accounts(self):
        editors = policy.ACTS["Review and publish"]
        for role in (roles.ADMINISTRATOR, roles.LIBRARIAN, roles.CLINICIAN):
            for act in editors:
                self.assertFalse(act.is_held_with(roles.PERMISSIONS[role]), (role, act.words))
        for act in policy.ACTS["Accounts"]:
            if act is not policy.AGREE:
                self.assertFalse(act.is_held_with(roles.PERMISSIONS[roles.EDITOR]), act.words)


class TheRightsItNames(TestCase):
    def test_are_rights_of_this_site(self):
        rights = {
            f"{right.content_type.app_label}.{right.codename}"
            for right in Permission.objects.select_related("content_type")
        }
        for act in ACTS.values():
            self.assertEqual({*act.needs, *act.one_of} - rights, set(), act.words)
        self.assertEqual(set(policy.NEED_TWO) - rights, set())


class TheCommandForASecurityOfficer(TestCase):
    def told(self):
        out = io.StringIO()
        try:
            call_command("roles", stdout=out)
        except SystemExit as end:
            return out.getvalue(), end.code
        return out.getvalue(), 0

    def test_says_what_roles_may_do_and_that_this_site_agrees(self):
        text, code = self.told()

        self.assertEqual(code, 0)
        self.assertIn("Librarian: see the list of articles", text)

    def test_names_who_holds_more(self):
        a_superuser(username="root")
        right = Permission.objects.get(codename="review_article")
        Group.objects.get(name=roles.ADMINISTRATOR).permissions.add(right)

        text, code = self.told()

        self.assertEqual(code, 1)
        self.assertIn("Administrator holds articles.review_article here", text)
        self.assertIn("root is a superuser.", text)
