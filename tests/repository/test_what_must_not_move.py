"""What databases, browsers, operators and other files know by name, and may go on knowing.

Code may move: no name here is a module's, but for tasks, whose rows in the database hold one. What
is lost, renamed or new fails, and says so by name. If it is meant, write the list again and read
what changed in it before you commit it:

    WRITE_SNAPSHOT=true .venv/bin/python -m pytest tests/repository/test_what_must_not_move.py

(The names of triggers once more with DATABASE_URL for PostgreSQL.) What databases hold is only
added so: a name in HELD_BY_DATABASES that is gone must be taken out of the file by hand, by whoever
has seen to the rows that have it.
"""

import ast
import functools
import gc
import hashlib
import json
import os
import pkgutil
import re
import sys
import weakref
from collections import Counter
from importlib import import_module
from io import BytesIO
from pathlib import Path
from unittest import mock

from babel.messages.extract import extract
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.staticfiles import finders
from django.core.cache import caches
from django.core.checks.registry import registry as checks
from django.core.management import get_commands
from django.db import connection
from django.dispatch import Signal
from django.template.loader import get_template
from django.test import SimpleTestCase, TestCase
from django.urls import URLPattern, get_resolver
from django.utils.module_loading import import_string
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from articles.imports import roles as roles_of_lines
from articles.paper import typesetting
from articles.preflight import registry as rules
from articles.revisions import freezing
from physiohub import message_catalogues
from references import merging, usage
from tests import frozen, golden
from tests.builders import LATER, a_full_article

OURS = ("articles", "references", "physiohub")
ROOT = Path(__file__).resolve().parent.parent.parent
SNAPSHOT = Path(__file__).with_name("snapshot.json")
PAGES = Path(__file__).with_name("pages")
IS_WRITING = os.environ.get("WRITE_SNAPSHOT") == "true"
HOW = "If that is meant, write it again as the head of this file says, and read the difference."


def our_modules():
    """Every module of the site, imported."""
    for package in OURS:
        yield import_module(package)
        for found in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
            if not re.search(r"\.(migrations|settings|wsgi)\b", found.name):
                yield import_module(found.name)


def our_models():
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.app_label in OURS]


@functools.cache
def _code():
    paths = [path for app in OURS for path in sorted((ROOT / app).rglob("*.py"))]
    return [node for path in paths for node in ast.walk(ast.parse(path.read_text()))]


def _nodes(kind):
    """Every piece of the site's code of that `kind` (ast)."""
    return [node for node in _code() if isinstance(node, kind)]


# --- what is known by name ----------------------------------------------------------------------


def signal_receivers():
    """Signal, sender and uid of every receiver of ours; the function's name where it has no uid."""
    things = [*apps.get_app_configs(), *apps.get_models(include_auto_created=True)]
    senders = {id(thing): getattr(thing, "label", "") or thing._meta.label for thing in things}
    names = {
        id(value): name
        for module in list(sys.modules.values())
        for name, value in list(vars(module).items())
        if isinstance(value, Signal)
    }
    found = Counter()
    # By its type: isinstance() asks a lazy object what it is, and that of a request long answered
    # refuses to say.
    for signal in [thing for thing in gc.get_objects() if issubclass(type(thing), Signal)]:
        for (uid, sender), receiver, _is_async in signal.receivers:
            is_weak = isinstance(receiver, weakref.ReferenceType)
            function = receiver() if is_weak else receiver
            if function is not None and function.__module__.partition(".")[0] in OURS:
                called = uid if isinstance(uid, str) else f"{function.__name__}()"
                sent_by = senders.get(sender, "anybody")
                found[f"{names[id(signal)]} from {sent_by}: {called}"] += 1
    # Two modules may each have a function of that name.
    return {f"{one} ({times} of them)" if times > 1 else one for one, times in found.items()}


def hooks():
    """What the evidence library asks of those who use it."""
    for model, function in merging._resolvers.items():
        yield f"merging {model._meta.label}: {function.__name__}"
    for provider in usage._providers:
        yield f"usage: {provider.__name__}"


def finding_codes():
    return {rule.code for rule in rules.rules()}


def findings():
    """What each finding does."""
    for rule in rules.rules():
        may_be_signed = ", may be signed" if rule.may_be_signed else ""
        yield f"{rule.code}: {rule.severity.value}{may_be_signed}"


def kinds_of_lines():
    """What a line of an import may be; kept with imports that somebody still looks through."""
    return roles_of_lines.ROLES


def choices():
    for model in our_models():
        for field in model._meta.local_fields:
            for value, _words in field.flatchoices:
                yield f"{model._meta.label}.{field.name}: {value!r}"


@functools.cache
def messages_for_readers():
    return {_message(one) for one in message_catalogues.gather() if one.id}


def messages_for_staff():
    public = set(message_catalogues.public_templates())
    sources = [
        path.read_text() for name in message_catalogues.FOR_STAFF for path in ROOT.glob(name)
    ]
    for path in (ROOT / "templates").rglob("*.html"):
        if path not in public:
            text = message_catalogues.templatize(path.read_text(), origin=str(path))
            sources.append("\n".join(line.strip() for line in text.splitlines()))
    for text in sources:
        file, options = BytesIO(text.encode()), {"encoding": "utf-8"}
        found = extract("python", file, message_catalogues._KEYWORDS, (), options)
        for _line, said, _comments, context in found:
            yield _said(said, context)


def _message(one):
    return _said(one.id, one.context)


def _said(words_, context):
    forms = [words_] if isinstance(words_, str) else list(words_)
    return " / ".join([*([f"({context})"] if context else []), *forms])


def urls():
    """Each address with its full name; what Django's admin makes for each model too."""

    def walk(patterns, namespace, before):
        for one in patterns:
            route = before + str(one.pattern)
            if isinstance(one, URLPattern):
                yield f"{namespace}{one.name or '(no name)'} {route}"
            else:
                inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
                yield from walk(one.url_patterns, inner, route)

    return walk(get_resolver().url_patterns, "", "/")


def templates():
    folder = ROOT / "templates"
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix() for path in paths}


def models():
    return {model._meta.label for model in our_models()}


def tables():
    return {model._meta.db_table for model in our_models()}


def permissions():
    ours = Permission.objects.filter(content_type__app_label__in=OURS)
    return {f"{one.content_type.app_label}.{one.codename}" for one in ours}


def roles():
    for group in Group.objects.all():
        for one in group.permissions.select_related("content_type"):
            yield f"{group.name}: {one.content_type.app_label}.{one.codename}"


def tasks():
    """Every path a task is found by: rows hold the one it had when they were written."""
    for module in our_modules():
        for name, value in vars(module).items():
            if isinstance(value, Task):
                yield f"{module.__name__}.{name}"


def commands():
    return {name for name, app in get_commands().items() if app in OURS}


def system_checks():
    """Functions that are registered, and every id that one may give."""
    for called, registered in (
        ("{}", checks.registered_checks),
        ("{} (deploy)", checks.deployment_checks),
    ):
        for function in registered:
            if function.__module__.partition(".")[0] in OURS:
                yield called.format(function.__name__)
    an_id = re.compile(rf"(?:{'|'.join(OURS)})\.[EWIC]\d+")
    for node in _nodes(ast.Constant):
        if isinstance(node.value, str) and an_id.fullmatch(node.value):
            yield node.value


def salts():
    """What signatures and keyed hashes are made with: another one makes those of yesterday void."""
    values = []
    for node in _nodes(ast.Assign):
        if any("SALT" in ast.unparse(target) for target in node.targets):
            values.append(node.value)
    for node in _nodes(ast.Call):
        values += [one.value for one in node.keywords if one.arg == "salt"]
        if ast.unparse(node.func).endswith("salted_hmac"):
            values.append(node.args[0])
    return {ast.unparse(one) for one in values if not isinstance(one, ast.Name)}


def triggers():
    asked = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        # 'D' is one that somebody switched off.
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor])
        return {row[0] for row in cursor.fetchall()}


def frozen_keys():
    return frozen.paths(freezing.freeze(a_full_article()))


#: {section of the file: what gathers it}.
SECTIONS = {
    "choices": choices,
    "commands": commands,
    "finding codes": finding_codes,
    "findings": findings,
    "frozen keys": frozen_keys,
    "hooks": hooks,
    "kinds of imported lines": kinds_of_lines,
    "messages for readers": messages_for_readers,
    "messages for staff": messages_for_staff,
    "models": models,
    "permissions": permissions,
    "roles": roles,
    "salts": salts,
    "signal receivers": signal_receivers,
    "system checks": system_checks,
    "tables": tables,
    "tasks": tasks,
    "templates": templates,
    "triggers (postgresql)": triggers,
    "triggers (sqlite)": triggers,
    "urls": urls,
}
#: Rows have these names in them.
HELD_BY_DATABASES = (
    "choices",
    "finding codes",
    "frozen keys",
    "kinds of imported lines",
    "models",
    "permissions",
    "tables",
    "tasks",
)


def kept():
    return json.loads(SNAPSHOT.read_text()) if SNAPSHOT.exists() else {}


def keep(section, items):
    if os.environ.get("PYTEST_XDIST_WORKER"):
        raise RuntimeError("Write it in one process, without -n: they would overwrite each other.")
    lost = set(kept().get(section, ())) - set(items)
    if lost and section in HELD_BY_DATABASES:
        raise AssertionError(f"{section}: databases hold {sorted(lost)}. See the head of the file.")
    whole = {**kept(), section: sorted(items)}
    text = json.dumps(whole, indent=1, ensure_ascii=False, sort_keys=True)
    SNAPSHOT.write_text(f"{text}\n")


class WhatIsKnownByName(TestCase):
    def test_is_what_it_was(self):
        for section, gather in SECTIONS.items():
            if section.startswith("triggers") and connection.vendor not in section:
                continue
            with self.subTest(section):
                items = set(gather())
                if IS_WRITING:
                    keep(section, items)
                before = set(kept().get(section, ()))
                self.assertTrue(items)
                if before != items:
                    lost, new = sorted(before - items), sorted(items - before)
                    self.fail(f"{section}: lost {lost}, new {new}. {HOW}")

    def test_is_kept_sorted_and_a_line_each(self):
        text = SNAPSHOT.read_text()
        whole = json.loads(text)

        self.assertEqual(list(whole), sorted([*SECTIONS, "pages"]))
        for section, items in whole.items():
            self.assertEqual(items, sorted(set(items)), section)
        items = sum(len(items) for items in whole.values())
        self.assertEqual(text.count("\n"), 2 + 2 * len(whole) + items)


class TheWordsForReaders(SimpleTestCase):
    def test_are_in_the_catalogue_of_every_language(self):
        now = messages_for_readers()
        for language in message_catalogues.LANGUAGES:
            with self.subTest(language):
                catalogue = {_message(one) for one in message_catalogues.stored(language) if one.id}
                self.assertEqual(sorted(now ^ catalogue), [])


class ATemplate(SimpleTestCase):
    #: Found by Django under these names, or put in their place by an operator (OWN_TEMPLATES).
    FIXED = (
        "404.html",
        "500.html",
        "admin/base_site.html",
        "admin/index.html",
        "admin/login.html",
        "articles/robots.txt",
        "pages/about.html",
        "pages/accessibility.html",
        "pages/privacy.html",
    )

    def test_that_nothing_in_the_code_names_stays_where_it_is_looked_for(self):
        for name in self.FIXED:
            with self.subTest(name):
                origin = Path(get_template(name).origin.name)
                self.assertEqual(origin, ROOT / "templates" / name)

    def test_that_code_or_another_template_names_is_there(self):
        said = [node.value for node in _nodes(ast.Constant) if isinstance(node.value, str)]
        named = {words_ for words_ in said if re.fullmatch(r"[\w/]+/\w+\.(?:html|txt)", words_)}
        for path in (ROOT / "templates").rglob("*.html"):
            named.update(re.findall(r'{% (?:include|extends) "([^"]+)"', path.read_text()))

        self.assertGreater(len(named), 100)
        for name in sorted(named):
            with self.subTest(name):
                get_template(name)


class AStaticFile(SimpleTestCase):
    def test_that_code_or_a_template_names_is_there(self):
        said = [node.value for node in _nodes(ast.Constant) if isinstance(node.value, str)]
        named = {words_ for words_ in said if re.fullmatch(r"[\w./-]+/[\w.-]+\.(?:js|css)", words_)}
        for path in (ROOT / "templates").rglob("*.html"):
            named.update(re.findall(r'{% static "([^"]+)"', path.read_text()))

        # A name that leads nowhere is no error in tests, and one under `make run`.
        self.assertGreater(len(named), 10)
        self.assertEqual([name for name in sorted(named) if not finders.find(name)], [])


class ATaskThatWaitsInTheDatabase(TestCase):
    def test_is_found_by_the_path_its_row_holds(self):
        for path in kept()["tasks"]:
            with self.subTest(path):
                self.assertIsInstance(import_string(path), Task)

    def test_is_run_however_long_it_waited(self):
        row = DBTaskResult.objects.create(
            task_path="articles.mailing.mail_at_once",
            args_kwargs={"args": [[]], "kwargs": {}},
            backend_name="default",
            exception_class_path="",
            traceback="",
        )

        row.task.call(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])


class ARenderedPage(TestCase):
    """Every byte of it, of a text that never changes on a day that never comes."""

    maxDiff = None

    @classmethod
    def setUpTestData(cls):
        names = ("demonstration", "arabic-translation")
        cls.pages = {name: frozen.published_as_frozen(golden.text(name).text) for name in names}

    def rendered(self, name, address=""):
        caches["pieces"].clear()
        with (
            mock.patch("django.utils.timezone.now", return_value=LATER),
            # Which machine can make a PDF is no matter of the page's.
            mock.patch.object(typesetting, "is_possible", return_value=False),
        ):
            answer = self.client.get(self.pages[name].get_absolute_url() + address)
        self.assertEqual(answer.status_code, 200)
        return answer.content

    def is_what_it_was(self, called, html):
        """The digest says that a byte differs; the file, a tag a line, says where."""
        digest, path = hashlib.sha256(html).hexdigest(), PAGES / f"{called}.html"
        readable = re.sub(r">\s*<", ">\n<", " ".join(html.decode().split())) + "\n"
        if IS_WRITING:
            PAGES.mkdir(exist_ok=True)
            path.write_text(readable)
            others = [one for one in kept().get("pages", ()) if not one.startswith(f"{called} ")]
            keep("pages", [*others, f"{called} {digest}"])
        self.assertEqual(readable, path.read_text(), HOW)
        self.assertIn(f"{called} {digest}", kept()["pages"], f"Only blanks differ. {HOW}")

    def test_of_an_article_is_what_it_was(self):
        self.is_what_it_was("article", self.rendered("demonstration"))

    def test_of_a_translation_is_what_it_was(self):
        self.is_what_it_was("translation", self.rendered("arabic-translation"))

    def test_of_a_handout_is_what_it_was(self):
        self.is_what_it_was("handout", self.rendered("demonstration", "handout/"))

    def test_is_the_same_each_time(self):
        for address in ("", "handout/"):
            once, again = (self.rendered("demonstration", address) for _ in range(2))
            self.assertEqual(once, again)
