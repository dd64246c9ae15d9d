"""What a page costs does not grow with the library."""

import re
from collections import Counter
from unittest import mock

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from articles.live import pages, topics, totals
from articles.made_library import growing
from articles.models import (
    LiveArticle,
    LiveTerm,
    LiveTopicFinding,
    LiveTotal,
    Publication,
    PublishedWork,
    SafetyNotice,
)
from articles.public import views

#: Addresses that are no page of the library: acts, files and what one person was invited to.
_NOT_OF_THE_LIBRARY = {
    *("feedback", "feedback_thanks", "invited", "invited_picture", "picture", "paper", "card"),
    *("handout_pdf", "version_pdf"),
}


def grown(articles):
    for _made in growing.grow(articles=articles, references=20, seed=1):
        pass


def addresses():
    """{name: address} of every public page, of things that a library of ten pages has."""
    noticed = SafetyNotice.objects.values("article")
    live = LiveArticle.objects.filter(slug__endswith="-2").exclude(article__in=noticed).get()
    work = PublishedWork.objects.order_by("uid").first()
    term = LiveTerm.objects.filter(live=live, kind="condition").first()
    of_article = {name: [live.slug] for name in ("article", "handout", "versions")}
    arguments = {
        **of_article,
        "version": [live.slug, 1],
        "condition": [term.slug],
        "reference": [work.uid],
        "article_references": [live.slug, "ris"],
        "feed_in": ["es"],
        "sitemap_part": [1],
    }
    names = {
        pattern.name
        for pattern in get_resolver("articles.urls").url_patterns
        if pattern.name not in _NOT_OF_THE_LIBRARY
    }
    found = {name: reverse(f"articles:{name}", args=arguments.get(name, [])) for name in names}
    found["search"] += "?q=plan"
    return found


class EveryPublicPage(TestCase):
    def queries(self):
        found = {}
        for name, address in addresses().items():
            with CaptureQueriesContext(connection) as queries:
                answer = self.client.get(address)
            self.assertLess(answer.status_code, 300, address)
            found[name] = len(queries)
        return found

    def test_costs_as_many_queries_in_a_library_of_ten_as_of_sixty(self):
        grown(10)
        self.queries()  # what never changes is made once
        before = self.queries()

        grown(60)

        self.assertEqual(self.queries(), before)


class ALongList(TestCase):
    @classmethod
    def setUpTestData(cls):
        grown(60)

    def pages(self, address, size, way="next"):
        """The addresses within a list, page by page, as its own links lead through it."""
        found = []
        with mock.patch.object(views, "ON_A_PAGE", size):
            while address:
                html = self.client.get(address).content.decode()
                found.append(html)
                links = [
                    part.split('"')[0]
                    for part in html.split(f'rel="{way}" href="')[1:]
                    if part.startswith("?page")
                ]
                address = links[0].replace("&amp;", "&") if links else ""
                address = f"/articles/{address}" if address else ""
        return found

    def test_has_every_page_once_and_in_order_whatever_way_one_reads_it(self):
        expected = [
            address
            for code in ("en", "es", "ar")
            for address in (
                live.get_absolute_url()
                for live in LiveArticle.objects.filter(language=code).order_by("sort_key", "pk")
            )
        ]

        def of(html):
            listed = re.findall(r'href="(/articles/[^"]+/)"', html)
            return [one for one in dict.fromkeys(listed) if one in expected]

        forward = [one for html in self.pages("/articles/", 7) for one in of(html)]
        self.assertEqual(forward, expected)

        last = -(-len(expected) // 7)
        back = self.pages(f"/articles/?page={last}", 7, way="prev")
        self.assertEqual([one for html in reversed(back) for one in of(html)], expected)

    def test_passes_over_a_key_that_makes_no_sense(self):
        for key in ("x", "W10", "WzFd", "bnVsbA", "WzksImEiLDFd", "=", "é"):
            with self.subTest(key):
                answer = self.client.get("/articles/", {"page": 1, "page_after": key})
                self.assertEqual(answer.status_code, 200)

    def test_is_read_by_an_index_and_never_sorted_as_a_whole(self):
        slug = LiveTerm.objects.filter(kind="condition").values_list("slug", flat=True)[0]
        about = pages.AboutCondition.of(slug)
        lists = {
            "titles": pages.titles_in_order("en", totals.pages_in_languages()),
            "articles": pages.articles_about(about, "en"),
            "findings": topics.findings_about(about, "en"),
        }
        for name, rows in lists.items():
            part = rows.parts[0]
            plan = part.rows.order_by(*part.fields)[:60]
            with self.subTest(name):
                self.assertFalse(sorts(plan), plan.explain())


def sorts(rows):
    """Whether the database would sort these rows, or read all of the table that they begin with."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # A table of sixty rows is read whole, whatever its indexes.
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_incremental_sort = off")
        return "Sort" in rows.explain()
    plan = rows.explain()
    table = rows.model._meta.db_table
    return "TEMP B-TREE" in plan or f"SCAN {table}\n" in f"{plan}\n"


class WhatIsLive(TestCase):
    def test_is_counted_in_totals_as_it_is(self):
        grown(40)
        withdrawn = Publication.objects.filter(withdrawal__isnull=False).count()
        self.assertEqual(withdrawn, 1)

        by_total = Counter(LiveTerm.objects.values_list("total", flat=True))
        for row in LiveTotal.objects.exclude(kind__in=["page", "finding"]):
            self.assertEqual(row.pages, by_total[row.pk], row)
        by_topic = Counter(LiveTopicFinding.objects.values_list("slug", "language"))
        for row in LiveTotal.objects.filter(kind="finding"):
            self.assertEqual(row.pages, by_topic[row.slug, row.language], row)
        by_language = Counter(LiveArticle.objects.values_list("language", flat=True))
        self.assertEqual(totals.pages_in_languages(), by_language)
