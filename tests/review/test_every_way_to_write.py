"""Every way to write to the database that the code offers, tried against the gate.

The lists below are compared with what the code offers: a new address, action or command fails this test until somebody
says here how it is tried.
"""

import contextlib
import io
from pathlib import Path

from django.conf import settings
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import RequestFactory, TestCase
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from articles import editing
from articles.models import Publication, Revision, Withdrawal
from articles.revising import digest_now, keep_revision
from tests.builders import LATER, a_superuser, published

#: Commands of ours, and what they are called with.
COMMANDS = {
    "demo": [], "import_article": None, "publish_due": [], "verify_publications": [], "make_ready": None,
    "import_references": None, "check_references": [], "rebuild_search": [], "gather_words": None,
}  # fmt: skip
#: Those that are called with nothing of their own here, because another test runs them to the end.
RUN_ELSEWHERE = {
    "import_article": "tests/authoring/test_importing_an_article.py",
    "make_ready": "tests/operations/test_the_demonstration.py",
    "import_references": "tests/evidence/test_importing_references.py",
    "gather_words": "tests/repository/test_translated_words.py",
}
#: Publishes its own demonstration article, by way of review and the service.
PUBLISHES_ITS_OWN = {"demo"}

ACTS = [
    "submit", "check", "approve", "changes", "decline", "publish", "withdraw", "remark", "settle", "sign", "schedule",
    "cancel", "correct", "confirm", "invite", "revoke",
]  # fmt: skip
#: What an editor may do to a live page without a review, because it takes text away or leaves it as it is.
NEEDS_NO_REVIEW = {"withdraw"}


class EveryWayToWrite(TestCase):
    def setUp(self):
        self.author = a_superuser()
        self.publication = published(slug="stretching")
        self.article = self.publication.article
        self.article.refresh_from_db()
        self.article.summary = "Quokka."
        self.article.save()
        editing.record_edit(self.article, by=self.author, at=LATER)
        keep_revision(self.article, by=self.author, at=LATER)
        self.page = self.client.get("/articles/stretching/").content
        self.client.force_login(self.author)

    def is_as_it_was(self):
        self.assertEqual(Publication.objects.filter(article=self.article).count(), 1)
        self.assertFalse(Withdrawal.objects.exists())
        live = Publication.objects.live().get(article=self.article)
        self.assertEqual(live.revision_id, self.publication.revision_id)
        self.assertEqual(self.client.get("/articles/stretching/").content, self.page)

    def tried(self):
        """A savepoint: what one way does to the database must not stand in the way of the next."""

        @contextlib.contextmanager
        def undone():
            with transaction.atomic():
                yield
                self.is_as_it_was()
                transaction.set_rollback(True)

        return undone()

    def test_by_address_leaves_the_live_page_alone(self):
        tried, odd = 0, []
        for name, pattern in names_of(get_resolver()):
            address = self.address_of(name, pattern)
            if address is None:
                odd.append(name)
                continue
            for data in self.payloads(name):
                with self.subTest(name=name, act=data.get("act")), self.tried():
                    tried += 1
                    if data.get("act") in NEEDS_NO_REVIEW:
                        continue
                    with contextlib.suppress(NotImplementedError):
                        self.client.post(address, data)
                    self.client.force_login(self.author)  # one of the addresses signs out
        self.assertGreater(tried, 150)
        self.assertEqual(set(odd), ADDRESSES_WITHOUT_AN_ARTICLE & set(odd))

    def address_of(self, name, pattern):
        wanted = pattern.pattern.converters
        values = {}
        for argument in [*wanted, *pattern.pattern.regex.groupindex]:
            values[argument] = {
                "slug": "stretching", "app_label": "articles", "sha256": "0" * 64, "width": 400, "suffix": "webp",
                "content_type_id": 1, "url": "nothing", "number": 1, "uid": self.article.uid,
            }.get(argument, self.article.pk)  # fmt: skip
        if name == "articles:article_references":
            values["suffix"] = "ris"
        with contextlib.suppress(NoReverseMatch):
            return reverse(name, kwargs=values)
        with contextlib.suppress(NoReverseMatch):
            return reverse(name, args=list(values.values()))
        return None

    def payloads(self, name):
        forged = {
            "status": "published", "published_at": "2026-01-01", "revision": Revision.objects.first().pk,
            "article": self.article.pk, "number": 9, "slug": "stretching", "language": "en", "post": "yes",
            "digest": digest_now(self.article), "note": "A note.", "reason": "A reason.", "searched_on": "2026-02-01",
            "publish_at": "2030-01-01T12:00", "title": "Quokka", "summary": "Quokka.",
        }  # fmt: skip
        yield forged
        if name == "admin:articles_article_translate":
            yield {**forged, "language": "es"}
        if name == "admin:articles_article_review":
            for act in ACTS:
                yield {**forged, "act": act}

    def test_by_action_of_the_admin_leaves_the_live_page_alone(self):
        request = RequestFactory().post("/admin/")
        request.user = self.author
        tried = []
        for model, model_admin in admin.site._registry.items():
            model_admin.message_user = lambda *args, **kwargs: None
            self.addCleanup(model_admin.__dict__.pop, "message_user", None)
            for name in model_admin.get_actions(request):
                tried.append(name)
                data = {
                    "action": name,
                    "_selected_action": list(model.objects.values_list("pk", flat=True)),
                    "post": "yes",
                }
                address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
                with self.subTest(model=model._meta.label, action=name), self.tried():
                    answer = self.client.post(address, data)
                    self.assertIsInstance(answer, HttpResponseBase)
                    self.client.force_login(self.author)
        self.assertEqual(set(tried), {
            "check_identity", "check_integrity", "delete_selected", "end_selected", "render_tag_form", "settle", "undo",
            "merge_selected", "export_csl", "export_nbib", "export_ris", "export_bibtex", "export_ama", "export_nlm",
        })  # fmt: skip

    def test_by_command_leaves_the_live_page_alone(self):
        found = {
            path.stem
            for folder in ("articles", "references", "physiohub")
            for path in Path(settings.BASE_DIR, folder).glob("management/commands/[a-z]*.py")
        }
        self.assertEqual(found, set(COMMANDS))
        for name, arguments in COMMANDS.items():
            if arguments is None:
                self.assertTrue(Path(settings.BASE_DIR, RUN_ELSEWHERE[name]).exists())
                continue
            with self.subTest(name=name), self.tried(), contextlib.suppress(SystemExit, CommandError):
                call_command(name, *arguments, stdout=io.StringIO(), stderr=io.StringIO())

    def test_every_act_of_the_review_page_is_in_the_list(self):
        source = Path(settings.BASE_DIR, "articles/admin/reviewing.py").read_text()
        offered = source.split("acts = {", 1)[1].split("}", 1)[0]

        self.assertEqual({word.split('"')[1] for word in offered.split(",") if '"' in word}, set(ACTS))


#: They name nothing an article has: a password's token, a file by its digest.
ADDRESSES_WITHOUT_AN_ARTICLE = set()


def names_of(resolver, namespace=""):
    """(name, pattern) of every address the site answers at."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from names_of(entry, inner)
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{namespace}{entry.name}", entry
