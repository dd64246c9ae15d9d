"""Who may act: an open account that holds one of the permissions an act asks for."""

from django.test import TestCase

from articles import permissions
from articles.refusals import NotAllowed
from physiohub import roles
from tests.builders import a_clinician, a_superuser, a_user, an_editor

TO_REVIEW = "articles.review_article"


class AnAct(TestCase):
    def test_is_open_to_who_holds_its_permission(self):
        self.assertTrue(permissions.may(an_editor(), TO_REVIEW))
        self.assertFalse(permissions.may(a_clinician(), TO_REVIEW))
        self.assertTrue(permissions.may(a_superuser(), TO_REVIEW))

    def test_that_asks_for_one_of_several_is_open_to_who_holds_any(self):
        for user in (a_clinician(), an_editor()):
            self.assertTrue(permissions.may(user, *permissions.TO_COMMENT))
        self.assertFalse(permissions.may(a_user(roles.LIBRARIAN), *permissions.TO_COMMENT))

    def test_is_closed_to_a_closed_account_whatever_it_holds(self):
        for user in (an_editor(), a_superuser()):
            user.is_active = False
            user.save()
            with self.assertRaisesMessage(NotAllowed, "Ask an editor."):
                permissions.require(user, TO_REVIEW, otherwise="Ask an editor.")
