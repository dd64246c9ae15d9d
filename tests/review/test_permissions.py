"""Who may act: an open account that holds the rights an act asks for."""

from types import SimpleNamespace

from django.test import SimpleTestCase, TestCase

from articles import permissions
from articles.refusals import NotAllowed
from physiohub import policy, roles
from tests.builders import a_clinician, a_superuser, a_user, an_editor


class AnAct(TestCase):
    def test_is_open_to_who_holds_its_rights(self):
        self.assertTrue(policy.may(an_editor(), policy.REVIEW))
        self.assertFalse(policy.may(a_clinician(), policy.REVIEW))
        self.assertTrue(policy.may(a_superuser(), policy.REVIEW))

    def test_that_asks_for_one_of_several_is_open_to_who_holds_any(self):
        for user in (a_clinician(), an_editor()):
            self.assertTrue(policy.may(user, policy.COMMENT))
        self.assertFalse(policy.may(a_user(roles.LIBRARIAN), policy.COMMENT))

    def test_that_asks_for_several_is_closed_to_who_holds_some(self):
        self.assertTrue(policy.may(a_user(roles.LIBRARIAN), policy.READ_EVIDENCE))
        self.assertFalse(policy.may(a_user(roles.ADMINISTRATOR), policy.READ_EVIDENCE))

    def test_is_closed_to_a_closed_account_whatever_it_holds(self):
        for user in (an_editor(), a_superuser()):
            user.is_active = False
            user.save()
            with self.assertRaisesMessage(NotAllowed, "Ask an editor."):
                permissions.require(user, policy.REVIEW, otherwise="Ask an editor.")
            self.assertFalse(policy.works_here(user))


def an_account(pk, *rights, is_superuser=False, is_active=True):
    """An account that only holds these rights."""
    return SimpleNamespace(
        pk=pk,
        is_active=is_active,
        is_superuser=is_superuser,
        has_perm=lambda right, obj=None: is_superuser or right in rights,
    )


REVIEW, WRITE, ACCOUNTS = "articles.review_article", "articles.change_article", "auth.change_user"


class WhatIsAskedBesideRights(SimpleTestCase):
    def test_is_an_open_account_and_to_work_here(self):
        self.assertFalse(policy.may(an_account(1, REVIEW, is_active=False), policy.REVIEW))
        for is_active, is_staff in ((True, False), (False, True)):
            stranger = SimpleNamespace(is_active=is_active, is_staff=is_staff)
            self.assertFalse(policy.works_here(stranger))

    def test_is_to_have_had_no_part_in_a_text_that_one_decides_on(self):
        self.assertTrue(policy.may_decide(an_account(1, REVIEW), {2}))
        self.assertFalse(policy.may_decide(an_account(1, REVIEW), {1, 2}))
        self.assertFalse(policy.may_decide(an_account(1, WRITE), {2}))
        self.assertFalse(policy.may_decide(an_account(1, is_superuser=True), {1}))

    def test_is_to_have_asked_for_what_blocks_or_to_be_an_editor_without_a_part(self):
        def may(account, *, author=9, blocks=True, contributors=()):
            return policy.may_settle(
                account, author=author, blocks=blocks, contributors=contributors
            )

        self.assertTrue(may(an_account(9, WRITE)))
        self.assertFalse(may(an_account(1, WRITE)))
        self.assertFalse(may(an_account(None), author=None))  # a stranger, and what a guest said
        self.assertFalse(may(an_account(9, WRITE, is_active=False)))
        self.assertTrue(may(an_account(1, REVIEW)))
        self.assertFalse(may(an_account(1, REVIEW), contributors={1}))
        self.assertTrue(may(an_account(1, WRITE), blocks=False))
        self.assertFalse(may(an_account(9), blocks=False))
        self.assertFalse(may(an_account(None, WRITE), author=5))

    def test_is_to_look_after_accounts_for_a_person_who_has_one(self):
        self.assertTrue(policy.may_change_person(an_account(1, WRITE), of_account=None))
        self.assertFalse(policy.may_change_person(an_account(1, WRITE), of_account=1))
        self.assertTrue(policy.may_change_person(an_account(1, ACCOUNTS), of_account=2))

    def test_is_to_have_no_fewer_rights_than_the_account_one_changes(self):
        root, other = an_account(1, is_superuser=True), an_account(2)
        self.assertTrue(policy.may_change_account(an_account(3, ACCOUNTS), other))
        self.assertFalse(policy.may_change_account(an_account(3, ACCOUNTS), root))
        self.assertTrue(policy.may_change_account(root, root))
        self.assertFalse(policy.may_change_account(an_account(3), other))

    def test_is_to_be_neither_who_asked_for_a_role_nor_who_gets_it(self):
        for pk, expected in ((1, False), (2, False), (3, True)):
            for right in (REVIEW, ACCOUNTS):
                account = an_account(pk, right)
                self.assertIs(policy.may_agree(account, asked_by=1, about=2), expected)
        self.assertFalse(policy.may_agree(an_account(3, WRITE), asked_by=1, about=2))
