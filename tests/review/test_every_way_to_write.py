"""Every way to write to the database that the code offers, tried against the gate.

Nothing is left out in silence. Ways are found by looking at the code: every address, every act of
the review page, every action of the admin, every command, every background task, every table that
is written once. A new one is tried by itself where that is possible; where it is not, the test
fails and says what to write down here.

Posting is tried as everybody; reading as a stranger and as a superuser. After each way that wrote
anything the live page is the same byte for byte and so are the publications, unless somebody who
may withdrew or corrected the page. And whoever changed the draft by any of them counts as its
editor, who may not approve it.
"""

import contextlib
import importlib
import io
import pkgutil
import re
import shutil
import tempfile
from pathlib import Path
from unittest import mock

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command, get_commands
from django.core.serializers import serialize
from django.db import DatabaseError, connection, transaction
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.test import Client, RequestFactory, TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch
from taggit.models import Tag

from articles.drafts import edits
from articles.models import (
    Alternative,
    ComparisonRow,
    Feedback,
    GlossaryTerm,
    Indication,
    Publication,
    ReadingListEntry,
    RelatedPage,
    Revision,
    Step,
    Withdrawal,
    triggers,
)
from articles.models.querysets import InsertOnlyError
from articles.publishing import publishing
from articles.review import comments, contributors, invitations, reviewing
from articles.revisions.storing import save_revision
from physiohub import roles
from references.models import Distinct, Notice
from tests.builders import (
    LATER,
    a_clinician,
    a_draft,
    a_reference,
    a_superuser,
    a_user,
    link,
    published,
    with_advice,
    with_condition,
    with_finding,
    with_picture,
    with_side_effect,
)
from tests.forms import filled_in
from tests.frozen import digest_now

#: Addresses that are not tried, each with the reason.
NOT_TRIED = {
    "admin/(?P<url>.*)$": "the admin's answer to addresses it does not know",
    "admin:jsi18n": "a catalogue of words in a script; it takes no form",
}

#: Commands of ours, and what they are called with; a string is the test that runs one to the end.
COMMANDS = {
    "demo": ["--small"], "publish_due": [], "verify_publications": [], "check_references": [],
    "rebuild_search": [], "tell_what_is_due": [], "keep_going": ["--once"],
    "import_article": "tests/authoring/test_importing_an_article.py",
    "make_ready": "tests/operations/test_the_demonstration.py",
    "import_references": "tests/evidence/test_importing_references.py",
    "demo_code": "tests/accounts/test_second_factor.py",
    "reset_second_factor": "tests/accounts/test_second_factor.py",
    "make_library": "tests/operations/test_the_made_library.py",
    "gather_words": "tests/repository/test_translated_words.py",
}  # fmt: skip
#: Commands of Django and of packages that write, and what they are called with here.
COMMANDS_OF_OTHERS = {
    "flush": ["--no-input"], "loaddata": ["FIXTURE"], "migrate": [],
    "remove_stale_contenttypes": ["--no-input"], "clearsessions": [], "createcachetable": [],
    "prune_db_task_results": [], "deduplicate_tags": [], "remove_orphaned_tags": [],
}  # fmt: skip
#: Those that write nothing into this site's tables, or only an account somebody types.
#: (db_worker runs the background tasks, and each of those is tried by itself.)
COMMANDS_THAT_DO_NOT_WRITE = set(
    """check compilemessages dbshell diffsettings dumpdata inspectdb makemessages makemigrations
    optimizemigration runserver sendtestemail shell showmigrations sqlflush sqlmigrate
    sqlsequencereset squashmigrations startapp startproject db_worker test testserver collectstatic
    findstatic changepassword createsuperuser addstatictoken roles""".split()
)

#: Background tasks ("module.name") and what each is called with.
TASKS = {
    "articles.accounts.passwords.mail_forgotten": ["eden@example.org"],
    "articles.live.purging.purge_at_once": [],
    "articles.notifications.email.mail_at_once": [[1, 2, 3]],
}

#: Who may take the page off or correct it, and does so on the review page of this article: {act:
#: who}.
MAY = {"withdraw": {roles.EDITOR, "superuser"}, "correct": {roles.EDITOR, "superuser"}}

ROLES = [roles.CLINICIAN, roles.EDITOR, roles.LIBRARIAN, roles.ADMINISTRATOR]


class EveryWayToWrite(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.media = tempfile.mkdtemp()  # the page shows a picture, made once for all tests here
        cls.addClassCleanup(shutil.rmtree, cls.media, ignore_errors=True)
        with override_settings(MEDIA_ROOT=cls.media):
            super().setUpClass()

    @classmethod
    def setUpTestData(cls):
        cls.make_a_page_and_its_draft()
        cls.reader = Client()
        # From then on the page says how large it is.
        cls.reader.get("/articles/stretching/handout.pdf", follow=True)
        with tables_read() as cls.tables_of_page:
            cls.page = cls.reader.get("/articles/stretching/").content
            cls.is_as_it_was(cls("is_as_it_was"))
            cls.is_what_somebody_approved(cls("is_what_somebody_approved"))
        with tables_read() as cls.tables_of_draft:
            cls.digest = digest_now(cls.article)

    @classmethod
    def make_a_page_and_its_draft(cls):
        cls.author = a_clinician()
        article = a_draft(slug="stretching", by=cls.author)
        link(with_condition(article).claim, a_reference(), by=cls.author)
        link(
            with_side_effect(article, n=1, base=9, unit="people", what_to_do="Rest.").claim,
            a_reference(),
            by=cls.author,
        )
        link(with_advice(article).claim, a_reference(), by=cls.author)
        link(with_finding(article).claim, a_reference(), by=cls.author)
        with_picture(article)
        link(
            Indication.objects.create(article=article, text="people who sit").claim,
            a_reference(),
            by=cls.author,
        )
        ComparisonRow.objects.create(article=article, aspect="Time", here="short", there="long")
        ReadingListEntry.objects.create(article=article, reference=a_reference())
        Step.objects.create(article=article, text="Someone asks how you are.")
        Alternative.objects.create(article=article, text="You could wait.")
        RelatedPage.objects.create(article=article, page=a_draft(slug="resting"))
        article.tags.add("neck")
        cls.publication = published(article)
        cls.article = cls.publication.article
        cls.article.refresh_from_db()
        # A change that one person may let out as a correction, so that only who may do so stands in
        # the way.
        cls.article.body = cls.article.body.replace("needle", "neddle")
        cls.article.save()
        edits.record_edit(cls.article, by=cls.author, at=LATER)
        cls.draft = reviewing.submit(cls.article, by=cls.author, at=LATER).revision
        cls.remark = comments.add_comment(
            cls.draft, by=cls.author, at=LATER, text="Why?", is_blocking=False
        )
        cls.invitation, cls.secret = invitations.invite(
            cls.draft, by=cls.publication.by, at=LATER, name="Kim"
        )
        Feedback.objects.create(
            publication=cls.publication, helped=True, text="Thanks.", on=LATER.date()
        )
        GlossaryTerm.objects.create(word="needle", meaning="A thin pin.")
        one, other = a_reference(), a_reference()
        Notice.objects.create(reference=one, kind="correction", source="publisher")
        Distinct.objects.create(one=one, other=other, by=cls.author, at=LATER)
        cls.people = {role: a_user(role) for role in ROLES} | {
            "superuser": a_superuser(),
            "stranger": None,
        }

    def setUp(self):
        self.enterContext(self.settings(MEDIA_ROOT=self.media))

    # --- what must hold ------------------------------------------------------------------------
    def is_as_it_was(self):
        self.assertEqual(Publication.objects.filter(article=self.article).count(), 1)
        self.assertFalse(Withdrawal.objects.exists())
        live = Publication.objects.live().get(article=self.article)
        self.assertEqual(live.revision_id, self.publication.revision_id)
        self.assertEqual(self.reader.get("/articles/stretching/").content, self.page)

    def is_what_somebody_approved(self):
        for publication in Publication.objects.select_related("revision"):
            self.assertEqual(list(publishing.verify(publication)), [])

    def counts_as_editor(self, user):
        """Once the draft is another than before, `user` may not approve it."""
        if digest_now(self.article) != self.digest:
            revision = save_revision(self.article, by=self.author, at=LATER)
            self.assertIn("You edited this text", contributors.may_not_approve(revision, user))

    @contextlib.contextmanager
    def tried(self, *, user=None, may=False):
        """A savepoint: what one way does to the database must not stand in the way of the next.

        What is only written into tables that neither the page nor the draft is made from (the log
        of refusals, log-ins) cannot have changed them, and costs no look at them.
        """
        wrote = []

        def watch(execute, sql, params, many, context):
            if not re.match(r"\s*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|SET|SHOW|PRAGMA)\b", sql):
                wrote.append(sql)
            return execute(sql, params, many, context)

        with transaction.atomic():
            with connection.execute_wrapper(watch):
                yield wrote
            if may_touch(self.tables_of_page, wrote):
                if not may:
                    self.is_as_it_was()
                self.is_what_somebody_approved()
            if user and may_touch(self.tables_of_draft, wrote):
                self.counts_as_editor(user)
            transaction.set_rollback(True)

    # --- by address ----------------------------------------------------------------------------
    def test_by_address_as_a_stranger_leaves_the_live_page_alone(self):
        self.assertEqual(self.try_all_addresses("stranger", reads=True), set())

    def test_by_address_as_a_clinician_leaves_the_live_page_alone(self):
        self.assertEqual(self.try_all_addresses(roles.CLINICIAN), set())

    def test_by_address_as_an_editor_only_withdraws_and_corrects_the_live_page(
        self,
    ):
        self.assertEqual(self.try_all_addresses(roles.EDITOR), {"withdraw", "correct"})

    def test_by_address_as_a_librarian_leaves_the_live_page_alone(self):
        self.assertEqual(self.try_all_addresses(roles.LIBRARIAN), set())

    def test_by_address_as_an_administrator_leaves_the_live_page_alone(self):
        self.assertEqual(self.try_all_addresses(roles.ADMINISTRATOR), set())

    def test_by_address_as_a_superuser_only_withdraws_and_corrects_the_live_page(
        self,
    ):
        self.assertEqual(self.try_all_addresses("superuser", reads=True), {"withdraw", "correct"})

    def test_every_role_is_tried(self):
        self.assertEqual(set(roles.PERMISSIONS), set(ROLES))

    def try_all_addresses(self, who, *, reads=False):
        """Which acts took the page off or changed it, done by `who`."""
        user, changed, tried, client = self.people[who], set(), 0, Client()
        if user:
            client.force_login(user)
        for name, pattern in addresses(get_resolver()):
            if name in NOT_TRIED:
                continue
            address = self.address_of(name, pattern)
            has_form = name.endswith(
                ("_add", "_change")
            )  # read for what it would post, by whoever tries it
            ways = [(client.get, {})] if reads and not has_form else []
            ways += [(client.post, data) for data in self.payloads(name, address, client)]
            for send, data in ways:
                act = data.get("act")
                may = name == "admin:articles_article_review" and who in MAY.get(act, ())
                with self.subTest(name=name, act=act), self.tried(user=user, may=may):
                    tried += 1
                    with unrendered() if send == client.post else contextlib.nullcontext():
                        send(address, data)
                    if may and Withdrawal.objects.count() + Publication.objects.count() > 1:
                        changed.add(act)
                if user and not client.session.get(
                    "_auth_user_id"
                ):  # one of the addresses signs out
                    client.force_login(user)
        self.assertGreater(tried, 350)
        self.is_as_it_was()
        return changed

    def address_of(self, name, pattern):
        found = re.fullmatch(r"admin:([a-z]+)_([a-z]+)_(change|delete|history)", name)
        values = {}
        for argument in [*pattern.pattern.converters, *pattern.pattern.regex.groupindex]:
            values[argument] = {
                "slug": "stretching",
                "app_label": "articles",
                "sha256": "0" * 64,
                "width": 400,
                "suffix": "webp",
                "content_type_id": ContentType.objects.get_for_model(self.article).pk,
                "url": "nothing",
                "number": 1,
                "digest": self.publication.revision.digest[:8],
                "state": "0123456789ab",
                "uid": self.article.uid,
                "part": 1,
                "secret": self.secret,
                "key": "a-key-of-an-open-form",
                "name": "logo.svg",
            }.get(argument, self.article.pk)
        if found and "object_id" in values:
            values["object_id"] = self.row_of(*found.groups()[:2])
        if name.endswith(("_references", "_export", "_report")):
            values["suffix"] = "ris"
        if name.startswith("admin/") and set(values) == {"object_id"}:
            return "/" + re.sub(
                "<path:object_id>", "1", name
            )  # an old address of a row, without a name
        for how in ({"kwargs": values}, {"args": list(values.values())}):
            with contextlib.suppress(NoReverseMatch):
                return reverse(name, **how)
        raise AssertionError(
            f"The address “{name}” is new, and this test cannot fill in {sorted(values)}. Give it"
            " values in address_of, or put it in NOT_TRIED with the reason."
        )

    def row_of(self, app, model):
        """The id of a row of that model. A model that can be changed by hand must have one."""
        model = apps.get_model(app, model)
        row = model._base_manager.order_by("pk").first()
        if row is None:
            request = RequestFactory().get("/admin/")
            request.user = self.people["superuser"]
            model_admin = admin.site._registry[model]
            if model not in ROWLESS and (
                model_admin.has_change_permission(request)
                or model_admin.has_delete_permission(request)
            ):
                raise AssertionError(
                    f"The admin changes rows of {model._meta.label}, and here is none to try it on."
                    " Make one in setUpTestData, or put the model in ROWLESS with the reason."
                )
        return row.pk if row else 1

    def payloads(self, name, address, client):
        row = self.article.articlecontraindication_rows.get()
        citation = row.claim.citations.get()
        forged = {
            "status": "published",
            "published_at": "2026-01-01",
            "revision": Revision.objects.first().pk,
            "article": self.article.pk,
            "number": 9,
            "slug": "stretching",
            "language": "en",
            "post": "yes",
            "digest": self.digest,
            "note": "A note.",
            "reason": "A reason.",
            "searched_on": "2026-02-01",
            "publish_at": "2030-01-01T12:00",
            "title": "Quokka",
            "summary": "Quokka.",
            "text": "Quokka.",
            "citation": citation.uid,
            "comment": self.remark.pk,
            "invitation": self.invitation.pk,
            "name": "Kim",
            "is_confirmed": "yes",
            "confirm": "yes",
            "confirmed": "yes",
        }
        yield forged
        if name == "admin:articles_article_translate":
            yield {**forged, "language": "es"}
        if name == "admin:articles_article_review":
            for act in ACTS:
                yield {**forged, "act": act}
        if name.endswith(("_add", "_change")):
            with unrendered():
                answer = client.get(address)
            answer.context = getattr(answer, "context_data", None) or {}
            if answer.status_code == 200 and "adminform" in answer.context:
                form = answer.context["adminform"].form
                if form.fields:
                    words = {
                        n: "Quokka"
                        for n in ("title", "name", "text", "summary", "caption")
                        if n in form.fields
                    }
                    yield filled_in(
                        answer, **{form.add_prefix(n): text for n, text in words.items()}
                    )
        if name == "admin:articles_article_compare":
            yield {"revision": self.publication.revision.pk}
            yield {"revision": self.publication.revision.pk, "row": row.uid}

    # --- by action, command, task --------------------------------------------------------------
    def test_by_action_of_the_admin_leaves_the_live_page_alone(self):
        user = self.people["superuser"]
        self.client.force_login(user)
        request = RequestFactory().post("/admin/")
        request.user = user
        for model, model_admin in admin.site._registry.items():
            for name in model_admin.get_actions(request):
                data = {
                    "action": name,
                    "_selected_action": list(model._base_manager.values_list("pk", flat=True)),
                    "post": "yes",
                }
                address = reverse(
                    f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
                )
                with self.subTest(model=model._meta.label, action=name), self.tried(user=user):
                    self.assertIsInstance(self.client.post(address, data), HttpResponseBase)
                self.client.force_login(user)

    def test_by_merging_tags_leaves_the_live_page_alone_and_counts_as_an_edit(self):
        for who in ("superuser", roles.EDITOR):
            user = self.people[who]
            with self.subTest(who=who), self.tried(user=user) as wrote:
                self.client.force_login(user)
                session = self.client.session
                session["selected_tag_ids"] = str(Tag.objects.get().pk)
                session.save()
                self.client.post(
                    reverse("admin:taggit_tag_merge_tags"), {"new_tag_name": "cures necks"}
                )
                self.assertTrue(wrote)
                self.assertEqual(digest_now(self.article) != self.digest, who == "superuser")

    def test_by_command_leaves_the_live_page_alone(self):
        ours = {
            path.stem
            for folder in ("articles", "references", "physiohub")
            for path in Path(settings.BASE_DIR, folder).glob("management/commands/[a-z]*.py")
        }
        known = {*COMMANDS, *COMMANDS_OF_OTHERS, *COMMANDS_THAT_DO_NOT_WRITE}
        self.assertEqual(
            (ours | set(get_commands())) - known,
            set(),
            "These commands are new. Say in COMMANDS or COMMANDS_OF_OTHERS what they are called"
            " with here, or put those that do not write in COMMANDS_THAT_DO_NOT_WRITE.",
        )
        for name, arguments in {**COMMANDS, **COMMANDS_OF_OTHERS}.items():
            if isinstance(arguments, str):
                self.assertTrue(
                    Path(settings.BASE_DIR, arguments).exists(), f"{name}: no {arguments}"
                )
                continue
            arguments = [
                self.fixture() if argument == "FIXTURE" else argument for argument in arguments
            ]
            with self.subTest(name=name), self.tried():
                with (
                    contextlib.suppress(SystemExit, CommandError, DatabaseError),
                    transaction.atomic(),
                ):
                    call_command(name, *arguments, stdout=io.StringIO(), stderr=io.StringIO())
                self.is_as_it_was()

    def fixture(self):
        """A file that would make the draft live."""
        row = Publication.objects.get()
        row.pk, row.number, row.revision = 999, 2, self.draft
        folder = tempfile.mkdtemp()
        path = Path(folder, "forged.json")
        path.write_text(serialize("json", [row]))
        return str(path)

    def test_by_background_task_leaves_the_live_page_alone(self):
        for name, task in tasks().items():
            with self.subTest(task=name):
                self.assertIn(
                    name,
                    TASKS,
                    f"The background task “{name}” is new. Say in TASKS what it is called with"
                    " here.",
                )
                with self.tried(), contextlib.suppress(Exception), transaction.atomic():
                    task.func(*TASKS[name])
        self.assertEqual(set(TASKS) - set(tasks()), set(), "These tasks are gone.")

    def test_by_the_models_themselves_leaves_what_is_written_once_as_it_is(self):
        for model in triggers.guarded_models():
            row = model._base_manager.first()
            everything = model.objects.all()
            field = next(
                field.name for field in model._meta.local_concrete_fields if not field.primary_key
            )
            conflicts = {
                "update_conflicts": True,
                "update_fields": [field],
                "unique_fields": ["id"],
            }
            ways = {
                "update": lambda everything=everything: everything.update(pk=1),
                "delete": lambda everything=everything: everything.delete(),
                "raw delete": lambda everything=everything: everything._raw_delete(everything.db),
                "update by the base manager": lambda m=model, f=field: m._base_manager.update(
                    **{f: None}
                ),
                "delete by the base manager": lambda m=model: m._base_manager.all().delete(),
            }
            if row is not None:
                ways |= {
                    "save": row.save,
                    "delete one": row.delete,
                    "save as fixtures do": lambda r=row: r.save_base(raw=True),
                    "bulk_update": lambda m=model, r=row, f=field: m.objects.bulk_update([r], [f]),
                    "bulk_create": lambda m=model, r=row, c=conflicts: m.objects.bulk_create(
                        [r], **c
                    ),
                    "update_or_create": lambda m=model, r=row: m.objects.update_or_create(
                        pk=r.pk, defaults={}
                    ),
                }
            for name, way in ways.items():
                refused = self.assertRaises((InsertOnlyError, DatabaseError))
                with self.subTest(model=model._meta.label, way=name), refused, transaction.atomic():
                    way()
        self.is_as_it_was()

    def test_every_act_of_the_review_page_is_found(self):
        self.assertLessEqual(
            {"submit", "approve", "publish", "withdraw", "correct", "schedule"}, set(ACTS)
        )
        self.assertGreaterEqual(len(ACTS), 16)


#: Models the admin changes of which setUpTestData makes no row, each for a reason.
ROWLESS = ()


@contextlib.contextmanager
def tables_read():
    """The tables that what is done in here asks: a set, filled at the end."""
    tables = set()
    with CaptureQueriesContext(connection) as queries:
        yield tables
    tables |= {name for query in queries for name in re.findall(r'"(\w+)"', query["sql"])}
    tables &= set(connection.introspection.table_names())


def may_touch(tables, wrote):
    """Whether one of these orders writes into one of the tables, or is one we cannot read."""
    for sql in wrote:
        into = re.match(r'\s*(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM) "(\w+)"', sql)
        if not into or into[1] in tables:
            return True
    return False


def unrendered():
    """In here an answer of the admin has no HTML: of a form, what it holds is wanted."""
    return mock.patch.object(SimpleTemplateResponse, "rendered_content", "")


def acts():
    """What the review page takes as `act`."""
    source = Path(settings.BASE_DIR, "articles/admin/review/acts.py").read_text()
    return re.findall(r'"(\w+)": \w+,', source.split("ACTS = {", 1)[1].split("}", 1)[0])


ACTS = acts()


def addresses(resolver, namespace="", route=""):
    """(name, pattern) of every address the site answers at.

    One without a name goes by its route.
    """
    for entry in resolver.url_patterns:
        here = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from addresses(entry, inner, here)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}" if entry.name else here, entry


def tasks():
    """{"module.name": task} of every background task in our code, whichever package they
    are made with.
    """
    kinds = []
    for package in ("django.tasks.base", "django_tasks.base"):
        with contextlib.suppress(ImportError):
            kinds.append(importlib.import_module(package).Task)
    found = {}
    for package in ("articles", "references", "physiohub"):
        root = importlib.import_module(package)
        for module in pkgutil.walk_packages(root.__path__, f"{package}."):
            if (
                ".migrations" in module.name
                or ".commands." in module.name
                or module.name.endswith(("wsgi", "asgi"))
            ):
                continue
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, tuple(kinds)):
                    found[f"{value.func.__module__}.{name}"] = value
    return found
