"""What `make bench` asks a site from inside: the addresses of its pages, and what acts cost.

    .venv/bin/python bench/acts.py addresses|acts [--rounds 5]

Runs in the environment of the site, and answers with JSON. The articles it publishes stay there.
"""

import argparse
import collections
import itertools
import json
import os
import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "physiohub.settings")
os.environ.setdefault("SECRET_KEY", "a key for the benchmark alone, long enough to be taken")
os.environ["LOOKUP"] = "off"

import django

django.setup()

from django.db import connection
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from articles import urls

#: Public addresses that are no pages of the library, or that no reader asks for by the hundred.
NOT_MEASURED = {
    "about": "a plain page, as privacy",
    "accessibility": "a plain page, as privacy",
    "article_references": "a file of one article's references",
    "card": "a picture that is made once",
    "feedback": "a form",
    "feedback_thanks": "a sentence",
    "feed_in": "the feed in one language",
    "handout_pdf": "leads to another address; a PDF is made once",
    "invited": "for invited reviewers",
    "invited_picture": "for invited reviewers",
    "paper": "an old paper that was scanned",
    "picture": "a file",
    "robots": "five lines",
    "version_pdf": "a PDF is made once",
}


#: How many are imported at once.
_RECORDS = 200


def addresses():
    """{what it is called: [address, whether its answer is kept]} of the site's public pages."""
    from articles.models import LiveArticle, LiveTotal, PublishedCitation

    page = LiveArticle.objects.order_by("pk").first()
    # The newest version of a page leads to the page itself.
    changed = LiveArticle.objects.filter(publication__number__gt=1).order_by("pk").first()
    # The problem and the work that most pages name: in a larger library, more and more.
    problem = LiveTotal.objects.filter(kind="condition").order_by("-pages").first()
    named = PublishedCitation.objects.order_by().values("reference_uid")
    work = named.annotate(pages=Count("pk")).order_by("-pages").first()
    of = {
        "article": [page.slug],
        "handout": [page.slug],
        "versions": [page.slug],
        "version": [changed.slug if changed else page.slug, 1],
        "condition": [problem.slug],
        "reference": [work["reference_uid"]],
        "sitemap_part": [1],
    }
    found = {}
    for pattern in urls.urlpatterns:
        if pattern.name in NOT_MEASURED or pattern.name == "search":
            continue
        address = reverse(f"articles:{pattern.name}", args=of.get(pattern.name, ()))
        found[pattern.name] = [address, hasattr(pattern.callback, "kept_parameters")]
    found["article_list, page 5"] = [found["article_list"][0] + "?page=5", True]
    for name, words in _searches().items():
        found[f"search, {name}"] = [f"{reverse('articles:search')}?q={words}", False]
    return found


def _searches():
    """{kind: words}, by how many of the newest thousand titles and summaries have them."""
    from articles.models import LiveArticle

    counted = collections.Counter()
    newest = LiveArticle.objects.filter(language="en").order_by("-pk")[:1000]
    for texts in newest.values_list("title", "summary"):
        counted.update(set(re.findall(r"[a-z]{5,}", " ".join(texts).lower())))
    ranked = [word for word, _count in sorted(counted.items(), key=lambda one: (-one[1], one[0]))]
    common, middle, rare = ranked[0], ranked[len(ranked) // 8], ranked[-1]
    return {
        "rare word": rare,
        "middling word": middle,
        "common word": common,
        "two common words": f"{common}+{ranked[1]}",
        "ten words": "+".join(ranked[:10]),
        "two letters": common[:2],
        "no such word": "qqqqqq",
    }


class _Cost:
    """Processor milliseconds of this process and of its connection to PostgreSQL."""

    def __init__(self):
        self._backend = None
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self._backend = cursor.fetchone()[0]

    def now(self):
        return 1000 * (time.process_time() + self._of_backend())

    def _of_backend(self):
        if self._backend is None:
            return 0.0
        try:
            stat = Path(f"/proc/{self._backend}/stat").read_text()
        except OSError:
            return 0.0  # The database is on another machine.
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def of(self, act):
        before = self.now()
        act()
        return self.now() - before


def acts(rounds):
    """{act: processor milliseconds}, the mean of `rounds`; of an import, for each record.

    A mean, because PostgreSQL's processes are counted in ticks of ten milliseconds.
    """
    from articles.publishing import publishing
    from articles.revisions import freezing
    from bench.bench_import import file_of
    from references import importing
    from tests import builders

    # Names that no earlier run has given: an article takes some dozens.
    # Not more than 60 millions: a PMID has eight digits.
    builders._count = itertools.count(int(time.time()) % 600_000 * 100)
    now, cost = timezone.now(), _Cost()
    frozen = published = 0.0
    for number in range(rounds):
        article = builders.a_full_article(slug=f"bench-{int(time.time())}-{number}")
        frozen += cost.of(lambda article=article: freezing.freeze(article))
        revision, editor = builders.reviewed(article, at=now)
        published += cost.of(lambda one=revision, by=editor: publishing.publish(one, by=by, at=now))
    with file_of(_RECORDS, "ris") as file, Path(file.name).open("rb") as stream:
        imported = cost.of(
            lambda: importing.import_file(stream, file_name="bench.ris", by=None, at=now)
        )
    return {
        "freeze an article": frozen / rounds,
        "publish it": published / rounds,
        "import a reference": imported / _RECORDS,
    }


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("what", choices=["addresses", "acts"])
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    print(json.dumps(addresses() if given.what == "addresses" else acts(given.rounds)))


if __name__ == "__main__":
    main()
