"""No page readers get is half in English.

Every module and template that speaks is known, and every page is read.
"""

import re
from contextlib import ExitStack, contextmanager
from unittest import mock

from django.test import SimpleTestCase, TestCase
from django.urls import get_resolver
from django.utils import timezone, translation
from django.utils.translation import trans_real

from articles.drafts import edits
from articles.models import GlossaryTerm, SafetyNotice
from articles.public import feedback
from articles.publishing import publishing
from articles.review import invitations
from articles.revisions.storing import save_revision
from physiohub import message_catalogues
from tests.builders import (
    LATER,
    NOON,
    a_draft,
    a_person,
    a_reference,
    an_editor,
    link,
    mark,
    published,
    reviewed,
    set_claim,
    with_advice,
    with_condition,
    with_picture,
    with_side_effect,
)

#: Put round what has no translation, where a page says it.
OPEN, CLOSE = "⟦", "⟧"
#: Of formats and services: the same in every language.
NAMES = {"RIS", "BibTeX", "NBIB", "CSL", "JSON", "doi", "PubMed"}


@contextmanager
def untranslated_words_marked():
    """Inside, what gettext is asked for in a language that lacks it comes back between OPEN
    and CLOSE.
    """

    def known(keys):
        language = translation.get_language()
        if not language or language.startswith("en"):
            return True
        catalog = trans_real.translation(language)._catalog
        return any(catalog.get(key) is not None for key in keys)

    def marked(ask, keys_of):
        def asked(*args):
            said = ask(*args)
            return said if not said.strip() or known(keys_of(*args)) else f"{OPEN}{said}{CLOSE}"

        return asked

    glue = trans_real.CONTEXT_SEPARATOR

    def plural(one, *_):
        return [(one, form) for form in range(6)]

    functions = {
        "gettext": lambda message: [message, *plural(message)],
        "ngettext": plural,
        "pgettext": lambda context, message: [
            f"{context}{glue}{message}",
            *plural(f"{context}{glue}{message}"),
        ],
        "npgettext": lambda context, one, *_: plural(f"{context}{glue}{one}"),
    }
    with ExitStack() as patches:
        for name, keys in functions.items():
            patched = mock.patch.object(
                translation._trans, name, marked(getattr(trans_real, name), keys)
            )
            patches.enter_context(patched)
        yield


class WhatSpeaks(SimpleTestCase):
    def test_is_known_to_speak_to_readers_or_to_staff(self):
        def matching(patterns):
            return {path for pattern in patterns for path in message_catalogues.ROOT.glob(pattern)}

        speaking = {
            path
            for folder in ("articles", "references", "physiohub")
            for path in (message_catalogues.ROOT / folder).rglob("*.py")
            if "migrations" not in path.parts
            and re.search(r"\bn?p?gettext(_lazy|_noop)?\b", path.read_text())
        } - {message_catalogues.ROOT / "physiohub/message_catalogues.py"}
        for_readers, for_staff = (
            matching(message_catalogues.FOR_READERS),
            matching(message_catalogues.FOR_STAFF),
        )

        unknown = sorted(
            str(path.relative_to(message_catalogues.ROOT))
            for path in speaking - for_readers - for_staff
        )
        self.assertEqual(
            unknown, [], "Put each in FOR_READERS or FOR_STAFF of physiohub/message_catalogues.py."
        )

    def test_in_a_template_is_marked_for_translation(self):
        """No letters stand bare in a public template, in its text or in what screen readers
        read out.
        """
        quiet = (
            r"{% comment %}.*?{% endcomment %}|"
            r"{% block html_class %}.*?{% endblock html_class %}|"
            r"{#.*?#}|{% blocktranslate.*?{% endblocktranslate %}|{%.*?%}|{{.*?}}"
            r"|&#?\w+;|<!DOCTYPE html>|<(style|script).*?</\1>"
        )
        for path in message_catalogues.public_templates():
            text = re.sub(quiet, "", path.read_text(), flags=re.DOTALL)
            spoken = re.findall(r'\s(?:aria-label|alt|title|placeholder)="([^"]+)"', text)
            spoken.append(re.sub(r"<[^<>]*>", "", text))
            with self.subTest(str(path.relative_to(message_catalogues.ROOT))):
                self.assertEqual(
                    {w for bare in spoken for w in re.findall(r"[^\W\d_]{2,}", bare)} - NAMES, set()
                )

    def test_calls_one_thing_by_one_word(self):
        """A study is taken back, a page is taken down; the word experts use is explained once."""
        said = [
            message.id for message in message_catalogues.gather() if isinstance(message.id, str)
        ]

        self.assertEqual([text for text in said if re.search(r"withdr[ae]w", text, re.I)], [])
        self.assertEqual(len([text for text in said if re.search(r"retract", text, re.I)]), 1)
        self.assertEqual(
            [text for text in said if re.search(r"taken? down", text) and "study" in text.lower()],
            [],
        )


class EveryPublicPage(TestCase):
    """One site with all that pages can say, asked for in each language."""

    #: Addresses that answer with no words of ours: files, pictures, what search engines read.
    WORDLESS = {
        "card",
        "picture",
        "invited_picture",
        "robots",
        "sitemap",
        "sitemap_part",
        "handout_pdf",
        "version_pdf",
        "article_references",
    }

    def a_site(self, language):
        """{name of an address: the paths to ask for} of a site whose articles are in `language`."""
        self.editor = an_editor()
        self.reference, doubtful = a_reference(), a_reference()
        article = a_draft(
            slug="whole",
            title="Xx",
            summary="Xx",
            language=language,
            other_names=["Xx"],
            compared_with="Xx",
            funding="Xx",
            conflicts="Xx",
            kicker="Xx",
            evidence_searched_on=NOON.date(),
        )
        link(
            mark(article, "may suit some people"),
            self.reference,
            by=article.owner,
            quote="Xx",
            locator="3",
        )
        for level in ("low", "very-low", "none", "not-rated"):
            claim = with_condition(article, f"Xx {level}").claim
            if level != "none":
                link(claim, doubtful, by=article.owner, stance="contradicts", quote="Xx")
                link(claim, self.reference, by=article.owner, quote="Xx")
            set_claim(claim, certainty="none" if level != "very-low" else level)
        link(
            with_side_effect(article, "Xx", n=8, base=100, unit="visits").claim,
            self.reference,
            by=article.owner,
        )
        for kind in ("do", "dont", "expert"):
            expert = a_person() if kind == "expert" else None
            link(
                with_advice(article, "Xx", kind=kind, expert=expert).claim,
                self.reference,
                by=article.owner,
            )
        article.comparisonrow_rows.create(aspect="Xx", here="Xx", there="Xx")
        article.helpadvice_rows.create(kind="today", text="Xx")
        article.helpadvice_rows.create(kind="routine", text="Xx")
        article.reading_entries.create(reference=a_reference())
        edits.record_edit(article, by=article.owner, at=NOON)
        published(article)
        # A second version in which every kind of thing differs.
        article.refresh_from_db()
        article.title, article.summary, article.kicker, article.body = (
            "Yy",
            "Yy",
            "Yy",
            f"{article.body}<p>Yy</p>",
        )
        article.funding = "Yy"
        article.save()
        article.tags.add("yy")
        article.keypoint_rows.first().delete()
        article.helpadvice_rows.filter(kind="today").delete()
        article.question_rows.update(text="Yy")
        article.recommendation_rows.filter(kind="do").update(text="Yy")
        article.articlesideeffect_rows.update(n=9)
        article.comparisonrow_rows.update(here="Yy")
        article.articlecondition_rows.filter(condition__name="Xx none").first().delete()
        with_picture(article)
        edits.record_edit(article, by=article.owner, at=LATER)
        revision, editor = reviewed(article, at=LATER)
        now = timezone.now()
        self.publication = publishing.publish(revision, by=editor, at=now, change_note="Yy")
        for kind in SafetyNotice.Kind.values:
            SafetyNotice.objects.create(
                article=article,
                kind=kind,
                text="Xx",
                opened_at=now,
                reference=self.reference if kind == "retracted_source" else None,
            )
        gone = published(slug="gone", title="Xx", language=language)
        publishing.withdraw(gone.article, by=gone.by, at=LATER, reason="Xx")
        GlossaryTerm.objects.create(word="Xx", meaning="Xx", language=language)
        draft = a_draft(language=language, title="Xx")
        _invitation, secret = invitations.invite(
            save_revision(draft, by=draft.owner, at=now),
            by=self.editor,
            at=now,
            name="Xx",
            questions=["Xx"],
        )
        _given, ticket = feedback.keep_answer(self.publication, helped=True, on=now.date())
        condition = self.publication.revision.content["conditions"][0]["condition"]["slug"]
        return {
            "home": ["/"],
            "article_list": ["/articles/"],
            "condition_list": ["/conditions/"],
            "words": ["/words/"],
            "about": ["/about/"],
            "accessibility": ["/accessibility/"],
            "privacy": ["/privacy/"],
            "article": ["/articles/whole/", "/articles/gone/"],
            "handout": [
                f"/articles/whole/handout/{query}"
                for query in ("", "?size=large", "?with=sources", "?with=sources&size=large")
            ],
            "paper": [
                f"/articles/{one.slug}/paper/1-{one.revision.digest[:8]}/"
                for one in (self.publication.article.publications.get(number=1), gone)
            ],
            "versions": ["/articles/whole/versions/", "/articles/gone/versions/"],
            "version": ["/articles/whole/versions/1/", "/articles/gone/versions/1/"],
            "feedback": ["/articles/whole/feedback/", f"/articles/whole/feedback/?ticket={ticket}"],
            "feedback_thanks": ["/articles/whole/feedback/thanks/"],
            "condition": [f"/conditions/{condition}/"],
            "search": ["/search/", "/search/?q=zzzz", "/search/?q=yy", "/search/?q=yy+zzzz"],
            "reference_list": ["/references/", "/references/?q=zzzz"],
            "reference": [f"/references/{self.reference.uid}/"],
            "feed": ["/feed/"],
            "feed_in": [f"/feed/{language}/"],
            "invited": [f"/invited/{secret}/"],
        }, ticket

    def test_is_in_spanish_and_nothing_else(self):
        self.speaks("es")

    def test_is_in_arabic_and_nothing_else(self):
        self.speaks("ar")

    def speaks(self, language):
        pages, ticket = self.a_site(language)
        self.assertEqual(
            set(pages) | self.WORDLESS,
            {pattern.name for pattern in get_resolver("articles.urls").url_patterns},
            "Say here what paths to ask for, or that the address answers with no words.",
        )
        with untranslated_words_marked():
            for path, answer in self.answers(pages, ticket, {"accept-language": language}):
                with self.subTest(path, status=answer.status_code):
                    self.assertLess(answer.status_code, 500)
                    self.assertEqual(
                        re.findall(f"{OPEN}[^{CLOSE}]*{CLOSE}", answer.content.decode()), []
                    )

    def answers(self, pages, ticket, headers):
        for path in [*(path for paths in pages.values() for path in paths), "/nothing/"]:
            yield path, self.client.get(path, headers=headers)
        # What readers are told when something they sent was taken or refused.
        box, secret = pages["feedback"][0], pages["invited"][0]
        for path, data in (
            (box, {}),
            (box, {"helped": "yes", "version": "1"}),
            (box, {"ticket": ticket, "text": "x" * 5000}),
            (box, {"ticket": "made-up", "text": "x"}),
            (secret, {"text": ""}),
            (secret, {"text": "x", "quoted": "zz"}),
            (secret, {"text": "x"}),
            (secret, {"act": "answer"}),
            (secret, {"act": "answer", "answer-0": "x"}),
            (secret, {"act": "answer", "answer-0": "x"}),
        ):
            yield path, self.client.post(path, data, headers=headers, follow=True)
        yield (
            box,
            self.client.post(
                box, {"helped": "yes"}, headers={**headers, "sec-fetch-site": "cross-site"}
            ),
        )
        with mock.patch("physiohub.rate_limits.is_too_often", return_value=True):
            yield box, self.client.post(box, {"helped": "yes"}, headers=headers)
