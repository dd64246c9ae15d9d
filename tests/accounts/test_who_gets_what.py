"""Who gets what by each address, as who_gets_what.txt says: the table a security officer reads.

The addresses come from the site itself. One without a row fails, as does a row without an address,
and a cell that does not hold. Everything that is refused is asked for. What is shown is asked for
in each state by some and by each role in some state: a page that is made costs more than a refusal.
"""

import contextlib
import re
import shutil
import tempfile
from collections import defaultdict
from functools import cache
from pathlib import Path
from unittest import mock

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.http import HttpResponse
from django.test import Client, TestCase, override_settings
from django.urls import get_resolver, reverse
from django.utils import timezone
from django.views.generic import RedirectView
from taggit.models import Tag

from articles.models import (
    AccessRequest,
    Delivery,
    Feedback,
    GlossaryTerm,
    Interest,
    Notification,
    PendingImport,
    SafetyNotice,
)
from articles.paper import handouts
from articles.publishing import publishing
from articles.refusals import Refused
from articles.review import comments, invitations, reviewing
from physiohub import policy, roles
from physiohub.policy import State
from references.models import BulkCheck, Distinct, Notice, Reference, ReferenceImport
from tests.builders import (
    LATER,
    NOON,
    a_clinician,
    a_draft,
    a_picture,
    a_reference,
    a_user,
    an_editor,
    an_image,
    link,
    published,
    with_condition,
    with_picture,
)
from tests.review.test_every_way_to_write import addresses, unrendered

TABLE = Path(__file__).parent / "who_gets_what.txt"
STATES = list(State)
#: The columns for addresses of people who work here.
PEOPLE = "none clinician owner editor reviewer librarian administrator".split()
#: The columns for the pages of a model, which look at the role alone.
HOLDERS = "none clinician editor librarian administrator".split()
SHOWN, REFUSED, LOG_IN, NOT_FOUND, GONE, WRONG_METHOD, UNREADABLE = "+-l0x!?"
_STOCK = re.compile(r"admin:([a-z_]+)_([a-z]+)_(changelist|add|change|delete|history)")
_ACTS = {"changelist": "v", "history": "v", "change": "v", "add": "a", "delete": "d"}


def table():
    """{section: {address: its cells}} of the file."""
    found, section = defaultdict(dict), ""
    for line in TABLE.read_text().splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            name, *cells = line.split()
            found[section][name] = cells
    return found


@cache
def patterns():
    """{name: pattern} of every address of the site."""
    return dict(addresses(get_resolver()))


def stock_address(name):
    return _STOCK.fullmatch(name) and name != "admin:auth_user_password_change"


def answer_in_short(answer):
    """The one character that stands for an answer."""
    if answer.status_code == 302 and answer["Location"].startswith("/admin/login/"):
        return LOG_IN
    came_from = answer.wsgi_request.path
    if (
        answer.status_code == 302
        and answer["Location"] == "/admin/"
        and came_from != "/admin/login/"
    ):
        return NOT_FOUND  # what the admin says of a row that is not there
    marks = {403: REFUSED, 404: NOT_FOUND, 410: GONE, 405: WRONG_METHOD, 400: UNREADABLE}
    return marks.get(answer.status_code) or (SHOWN if answer.status_code < 400 else "E")


@contextlib.contextmanager
def nothing_drawn():
    """In here pages of the admin are asked for and not drawn: who gets them is decided before."""
    plain = {"return_value": HttpResponse("")}
    with (
        unrendered(),
        mock.patch("articles.admin.review.reviewing.render", **plain),
        mock.patch("articles.admin.article.history.render", **plain),
        mock.patch("articles.admin.review.reviewing.ReviewPage.context", return_value={}),
        mock.patch.object(handouts, "pdf_of_handout", side_effect=AssertionError, create=True),
    ):
        yield


class WhoGetsWhat(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.media = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.media, ignore_errors=True)
        with override_settings(MEDIA_ROOT=cls.media):
            super().setUpClass()

    @classmethod
    def setUpTestData(cls):
        cls.people = {
            "none": a_user(),
            "clinician": a_clinician(),
            "owner": a_clinician(),
            "editor": an_editor(),
            "reviewer": an_editor(),
            "librarian": a_user(roles.LIBRARIAN),
            "administrator": a_user(roles.ADMINISTRATOR),
        }
        cls.things = {state: cls.thing(state) for state in STATES}
        cls.article = cls.things[State.IN_REVIEW]["article"]
        cls.rows_of_other_models()

    @classmethod
    def thing(cls, state):
        """An article in this state, and what only it shows."""
        owner = cls.people["owner"]
        article = a_draft(by=owner, slug=state.replace(" ", "-"))
        reference = a_reference()
        condition = with_condition(article)
        link(condition.claim, reference, by=owner)
        picture = a_picture(upload=an_image(width=60, height=40), by=owner)
        with_picture(article, picture)
        if state is State.IN_REVIEW:
            (task, *_rest) = reviewing.submit(article, by=owner, at=NOON).tasks.all()
            reviewing.assign(
                task, to=cls.people["reviewer"], by=cls.people["editor"], at=NOON, due_on=None
            )
        publication = None
        if state in (State.LIVE, State.WITHDRAWN):
            publication = published(article)
        if state is State.WITHDRAWN:
            publishing.withdraw(article, by=publication.by, at=LATER, reason="Out of date.")
        revision = article.revisions.first()
        secret = "a-secret-that-opens-nothing-0123456789"
        if revision:
            _invitation, secret = invitations.invite(
                revision, by=cls.people["editor"], at=timezone.now(), name="Kim"
            )
        return {
            "article": article,
            "secret": secret,
            "slug": article.slug,
            "condition": condition.condition.slug,
            "reference": reference,
            "picture": picture,
            "digest": revision.digest[:8] if revision else "01234567",
        }

    @classmethod
    def rows_of_other_models(cls):
        """What addresses of other things lead to: those of a colleague, where they are personal."""
        owner, editor = cls.people["owner"], cls.people["editor"]
        revision = cls.article.revisions.first()
        comments.add_comment(revision, by=owner, at=LATER, text="Why?", is_blocking=False)
        live = cls.things[State.LIVE]["article"].publications.get()
        Feedback.objects.create(publication=live, helped=True, text="Thanks.", on=LATER.date())
        GlossaryTerm.objects.create(word="needle", meaning="A thin pin.")
        Tag.objects.create(name="neck")
        one, other = a_reference(), a_reference()
        Notice.objects.create(reference=one, kind="correction", source="publisher")
        Distinct.objects.create(one=one, other=other, by=owner, at=LATER)
        ReferenceImport.objects.create(file_name="a.ris", by=editor, at=LATER)
        BulkCheck.objects.create(by=editor, at=LATER, of_identity=True, of_integrity=True, keys=[])
        cls.writer = a_clinician()
        AccessRequest.objects.create(
            account=cls.writer, asked_by=editor, email="a@b.c", asked_at=NOON
        )
        Notification.objects.create(
            recipient=cls.writer, kind="review", text="A word.", at=NOON, address="/admin/"
        )
        Delivery.objects.create(user=cls.writer)
        Interest.objects.create(user=cls.writer, text="I teach courses.", declared_at=NOON)
        PendingImport.objects.create(
            by=cls.writer,
            begun_at=NOON,
            changed_at=NOON,
            title="A page",
            file_name="a.md",
            lines=[],
        )
        SafetyNotice.objects.create(
            article=cls.things[State.LIVE]["article"],
            kind="retracted",
            text="Taken back.",
            reference=one,
            opened_at=NOON,
        )

    def setUp(self):
        self.enterContext(self.settings(MEDIA_ROOT=self.media))
        self.clients = {}

    def client_of(self, name):
        if name not in self.clients:
            self.clients[name] = Client()
            if name != "anonymous":
                self.clients[name].force_login(self.people[name])
        return self.clients[name]

    def answer(self, name, address):
        return answer_in_short(self.client_of(name).get(address))

    # --- the pages of every model ----------------------------------------------------------------
    def test_by_the_pages_of_each_model(self):
        expected = table()["models"]
        registered = {
            f"{model._meta.app_label}.{model._meta.model_name}": model_admin
            for model, model_admin in admin.site._registry.items()
        }
        self.assertEqual(set(registered), set(expected), "Each model of the admin has a row.")
        with nothing_drawn():
            for label, model_admin in registered.items():
                rights = [self.rights_at(model_admin, name) for name in HOLDERS]
                self.assertEqual(rights, expected[label], f"{label} {' '.join(rights)}")
                self.refuses_the_rest(label, model_admin, dict(zip(HOLDERS, rights, strict=True)))

    def rights_at(self, model_admin, name):
        """What the gate of the pages says: v(iew) a(dd) c(hange) d(elete), or a dot."""
        request = mock.Mock(user=self.people[name])
        row = model_admin.model._base_manager.first()
        asked = {
            "v": model_admin.has_view_or_change_permission(request, row),
            "a": model_admin.has_add_permission(request),
            "c": model_admin.has_change_permission(request, row),
            "d": model_admin.has_delete_permission(request, row),
        }
        return "".join(letter for letter, may in asked.items() if may) or "."

    def refuses_the_rest(self, label, model_admin, rights):
        row = model_admin.model._base_manager.first()
        for act, letter in _ACTS.items():
            if act == "history" and row is None:
                continue
            args = [] if act in ("changelist", "add") else [row.pk if row else 0]
            address = reverse(f"admin:{label.replace('.', '_')}_{act}", args=args)
            self.assertEqual(self.answer("anonymous", address), LOG_IN, address)
            for name, held in rights.items():
                if letter not in held:
                    with self.subTest(who=name, address=address):
                        self.assertIn(self.answer(name, address), (REFUSED, NOT_FOUND))

    # --- the other addresses of people who work here ---------------------------------------------
    def test_by_the_other_addresses_for_people_who_work_here(self):
        self.hold("staff", PEOPLE)

    def hold(self, section, columns):
        expected, turn = table()[section], 0
        for name, cells in expected.items():
            self.assertEqual(len(cells), len(columns), name)
            for who, cell in zip(columns, cells, strict=True):
                turn += 1
                for state in self.states_to_try(name, cell, turn):
                    address = self.address_of(name, state)
                    with self.subTest(address=name, who=who, state=str(state)), nothing_drawn():
                        self.assertEqual(self.answer(who, address), cell)
            with self.subTest(address=name, who="anonymous"):
                # Who is not logged in cannot log out.
                self.assertIn(self.answer("anonymous", address), (LOG_IN, NOT_FOUND))

    def states_to_try(self, name, cell, turn):
        if not name.startswith("admin:articles_article_"):
            return STATES[1:2]
        return [STATES[turn % len(STATES)]] if cell == SHOWN else STATES

    # --- what everybody may open -----------------------------------------------------------------
    def test_by_the_addresses_that_are_open_to_everybody_in_each_state(self):
        for number, (name, cells) in enumerate(table()["public"].items()):
            for state, cell in zip(STATES, cells, strict=True):
                address = self.address_of(name, state)
                who = ("anonymous", "administrator")[(number + STATES.index(state)) % 2]
                with self.subTest(address=name, state=str(state)), nothing_drawn():
                    self.assertEqual(self.answer(who, address), cell)

    def test_by_an_act_is_nothing_in_a_state_that_the_policy_does_not_name(self):
        how = {"by": self.people["editor"], "at": LATER}
        acts = {
            policy.CORRECT: lambda article: publishing.correct(
                article, change_note="A typo.", seen="0" * 64, **how
            ),
            policy.CONFIRM: lambda article: publishing.confirm(
                article, evidence_searched_on=NOON.date(), **how
            ),
            policy.WITHDRAW: lambda article: publishing.withdraw(article, reason="Old.", **how),
        }
        limited = {
            act for acts in policy.ACTS.values() for act in acts if len(act.states) < len(State)
        }
        self.assertEqual(set(acts), limited)
        for act, do in acts.items():
            for state in set(State) - set(act.states):
                with self.subTest(act=act.words, state=str(state)), self.assertRaises(Refused):
                    do(self.things[state]["article"])

    def test_is_said_of_every_address(self):
        known = table()
        found = list(addresses(get_resolver()))
        rows = {*known["staff"], *known["public"]}
        names = {name for name, _pattern in found if not stock_address(name)}
        old = {name for name in names if name.endswith("/<path:object_id>/")}
        for name, pattern in found:
            if name in old:  # the addresses that rows had in Django 1.8; they lead to the form
                self.assertIs(pattern.callback.__wrapped__.view_class, RedirectView)
        self.assertEqual(names - old - rows, set(), "Give these addresses a row, with care.")
        self.assertEqual(rows - names, set(), "These addresses are gone.")

    def address_of(self, name, state):
        thing = self.things[state]
        pattern = patterns()[name]
        if name.startswith("admin/"):
            return "/admin/there-is-nothing-here"
        values = {
            argument: self.value(name, argument, thing)
            for argument in [*pattern.pattern.converters, *pattern.pattern.regex.groupindex]
        }
        found = reverse(name, kwargs=values)
        return found + {
            "admin:autocomplete": "?app_label=articles&model_name=alternative&field_name=page",
            "admin:references_reference_merge": "?pk=1&pk=2",
        }.get(name, "")

    def value(self, name, argument, thing):
        own = {
            "admin:articles_accessrequest_decide": AccessRequest,
            "admin:articles_notification_open": Notification,
            "admin:articles_article_imported": PendingImport,
            "admin:references_bulkcheck_progress": BulkCheck,
            "admin:references_referenceimport_progress": ReferenceImport,
            "admin:references_referenceimport_report": ReferenceImport,
        }
        if argument == "pk" and name in own:
            return own[name].objects.order_by("pk").last().pk
        if argument == "pk" and name == "admin:auth_user_link":
            return self.writer.pk
        if argument == "pk" and ("references_" in name or "impact" in name or "newer" in name):
            return Reference.objects.first().pk
        if argument == "id":
            return self.writer.pk
        if argument == "suffix" and "references" in name:
            return "csv" if name.endswith("_report") else "ris"
        picture = thing["picture"]
        return {
            "slug": thing["condition"] if name == "articles:condition" else thing["slug"],
            "uid": thing["reference"].uid,
            "number": 1,
            "digest": thing["digest"],
            "state": "0123456789ab",
            "secret": thing["secret"],
            "part": 1,
            "language": "en",
            "app_label": "articles",
            "content_type_id": ContentType.objects.get_for_model(thing["article"]).pk,
            "object_id": thing["article"].pk,
            "sha256": picture.sha256,
            "width": picture.renditions[0]["width"],
            "suffix": "webp",
            "key": "a-key-of-an-open-form",
            "name": "logo.svg",
            "uidb64": "MQ",
            "token": "set-password",
            "pk": thing["article"].pk,
        }[argument]
