"""A small Wagtail site with the words of one page, in a virtual environment of its own."""

import contextlib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import serving

VERSION = "8.0.1"
PATH = "/falls/"
_FILES = {
    "shop/__init__.py": "",
    "shop/migrations/__init__.py": "",
    "shop/models.py": """
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page


class Leaflet(Page):
    body = RichTextField()
    content_panels = [*Page.content_panels, FieldPanel("body")]
""",
    "templates/shop/leaflet.html": """{% load wagtailcore_tags %}<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{ page.title }}</title></head>
<body><nav>{% for one in page.get_ancestors %}<a href="{{ one.url }}">{{ one.title }}</a>
{% endfor %}</nav><main><h1>{{ page.title }}</h1>{{ page.body|richtext }}</main></body></html>
""",
    "leaflets.py": """
import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import include, path

import dj_database_url

HERE = os.path.dirname(os.path.abspath(__file__))
settings.configure(
    ROOT_URLCONF="leaflets",
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="x" * 50,
    USE_TZ=True,
    DATABASES={"default": dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=600)},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    WAGTAIL_SITE_NAME="Leaflets",
    WAGTAILADMIN_BASE_URL="http://127.0.0.1",
    STATIC_URL="/static/",
    INSTALLED_APPS=[
        "shop", "wagtail.sites", "wagtail.users", "wagtail.documents", "wagtail.images",
        "wagtail.search", "wagtail.admin", "wagtail", "modelcluster", "taggit",
        "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes",
        "django.contrib.sessions", "django.contrib.messages", "django.contrib.staticfiles",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[{
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [os.path.join(HERE, "templates")],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": [
            "django.template.context_processors.request",
            "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages",
        ]},
    }],
)
django.setup()
urlpatterns = [path("", include("wagtail.urls"))]
application = get_wsgi_application()
""",
    "fill.py": """
import sys

import leaflets  # noqa: F401
from django.core.management import call_command

call_command("makemigrations", "shop", verbosity=0)
call_command("migrate", verbosity=0)
from shop.models import Leaflet
from wagtail.models import Site

root = Site.objects.get(is_default_site=True).root_page
page = Leaflet(title="Falls", slug="falls", body=open(sys.argv[1]).read())
root.add_child(instance=page)
page.save_revision().publish()
""",
}


@contextlib.contextmanager
def running(page, address, database):
    """Run Wagtail with the words of `page`, HTML as bytes, under the server of `make run`."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in _FILES.items():
            file = Path(folder, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text.lstrip())
        main = re.search(r"<main.*?>(.*)</main>", page.decode(), re.S)[1]
        Path(folder, "words.html").write_text(
            re.sub(r"<(?!/?(?:p|h2|h3|ul|ol|li)\b)[^>]*>", "", main)
        )
        _install(folder)
        with _database(folder, address, database) as (env, name):
            python = f"{folder}/venv/bin/python"
            subprocess.run([python, "fill.py", "words.html"], cwd=folder, env=env, check=True)
            with serving.any_wsgi("leaflets", folder, env, name) as server:
                yield server


def _install(folder):
    subprocess.run([sys.executable, "-m", "venv", f"{folder}/venv"], check=True)
    server = [
        line.split("#")[0].strip()
        for line in Path(serving.ROOT, "requirements.in").read_text().splitlines()
        if line.startswith(("gunicorn", "granian", "psycopg2", "dj-database-url"))
    ]
    pip = [f"{folder}/venv/bin/python", "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, f"wagtail=={VERSION}", *server], check=True)


@contextlib.contextmanager
def _database(folder, address, database):
    """Give it a database of its own: a schema in the PostgreSQL one, or a file."""
    if not database:
        yield {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/wagtail.sqlite3"}, ""
        return
    import psycopg2

    connected = psycopg2.connect(address)
    connected.autocommit = True
    connected.cursor().execute("CREATE SCHEMA wagtail")
    connected.close()
    yield (
        {**os.environ, "DATABASE_URL": address, "PGOPTIONS": "-c search_path=wagtail"},
        database,
    )
