"""A reader of Spanish or Arabic meets their own language everywhere.

A crawl of the whole library finds no word of ours in another one. Content in its own language is
passed over: it says so by its `lang`.
"""

import re
from collections import deque
from html.parser import HTMLParser
from urllib.parse import quote, unquote, urldefrag, urljoin, urlsplit

from django.conf import settings
from django.test import SimpleTestCase

from articles.models import LiveArticle
from physiohub import message_catalogues

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
#: Their text is for machines, or a copy of what stands elsewhere.
MACHINES = {"script", "style", "svg"}
#: Attributes with words that readers see or hear.
WORDS = {"alt", "aria-label", "placeholder", "title"}
#: Where a crawl starts beside the front page: what no link leads to.
STARTS = ("/", "/nowhere/", "/search/?q=12345", "/articles/?language=en", "/references/?q=exercise")
SEARCHES = {"es": "caídas", "ar": "الدوار"}
#: English words that are no Spanish ones, of which a sentence has some.
STOP_WORDS = re.compile(
    r"\b(?:the|and|of|is|are|was|were|with|this|that|these|for|from|by|to|in|on|it|you|your|we"
    r"|our|not|do|or|page|pages|how|what|when|who)\b",
    re.IGNORECASE,
)
#: Letters of ours in Arabic. What is all capitals is a name: PDF, GRADE, BPPV.
LATIN = re.compile(r"(?![A-Z]+[0-9]*\b)[A-Za-z]{2,}")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]")


class Texts(HTMLParser):
    """The texts of a page that are in `language`: (text, whether it is a name in a `bdi`)."""

    def __init__(self, language):
        super().__init__()
        self.language, self.found, self.links = language, [], []
        # The title and the description: neither can say that a name in it is in another language.
        self.about, self.is_about_foreign = [], False
        self.open = [("", "", False)]  # (element, language, is it in a bdi)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        _tag, language, is_name = self.open[-1]
        language = values.get("lang") or language
        is_name = tag == "bdi" or (is_name and tag not in {"p", "li", "div", "dd"})
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        for name in WORDS & values.keys():
            self.keep(values[name] or "", language, False)
        if tag == "h1":
            self.is_about_foreign = language != self.language
        if values.get("name") == "description":
            self.about.append(values["content"])
        if tag not in VOID:
            self.open.append((tag, language, is_name))

    def handle_endtag(self, tag):
        while len(self.open) > 1 and self.open.pop()[0] != tag:
            pass

    def handle_data(self, text):
        tag, language, is_name = self.open[-1]
        if {tag for tag, _language, _is_name in self.open} & MACHINES:
            return
        if tag == "title":
            self.about.append(
                text.removesuffix(settings.SITE_NAME).removeprefix(settings.SITE_NAME)
            )
        else:
            self.keep(text, language, is_name)

    def keep(self, text, language, is_name):
        text = " ".join(text.split())
        if text and language == self.language:
            self.found.append((text, is_name))


def messages_of(language):
    """(pattern of our messages in English, the same in `language`), their placeholders open.

    Without those that are the same in both.
    """
    patterns, translated = set(), set()
    for message in message_catalogues.stored(language):
        singles = zip(
            message.id if isinstance(message.id, tuple | list) else [message.id],
            message.string if isinstance(message.string, tuple | list) else [message.string],
            strict=False,
        )
        for english, other in singles:
            if english == other:
                continue
            for words, found in ((english, patterns), (other, translated)):
                # One with fewer letters of its own fits almost any sentence.
                if re.search(r"[^\W\d_]{4}", PLACEHOLDER.sub("", words)):
                    found.add(pattern_of(words))
    return [re.compile("|".join(sorted(found))) for found in (patterns, translated)]


def pattern_of(message):
    return ".+".join(re.escape(piece) for piece in PLACEHOLDER.split(message))


def foreign_words(html, language, messages):
    """The texts of the page that are not in the language that is said of them."""
    english, translated = messages
    marked = Texts("en")
    marked.feed(html)
    yield from (text for text, _is_name in marked.found if translated.fullmatch(text))
    texts = Texts(language)
    texts.feed(html)
    if not texts.is_about_foreign:
        texts.found += [(text, False) for text in texts.about]
    for text, is_name in texts.found:
        if text == settings.SITE_NAME or (is_name and " " not in text):
            continue  # a name or an address
        in_latin = language == "ar" and not is_name and LATIN.search(text)
        if in_latin or STOP_WORDS.search(text) or english.fullmatch(text):
            yield text


class TheCrawler(SimpleTestCase):
    def found(self, html, language="es"):
        html = f'<html lang="{language}"><body>{html}</body></html>'
        return list(foreign_words(html, language, messages_of(language)))

    def test_finds_a_message_of_ours_in_english(self):
        self.assertEqual(self.found("<h2>Problems</h2><p>Problemas</p>"), ["Problems"])
        self.assertEqual(self.found("<p>2 pages in inglés</p>"), ["2 pages in inglés"])

    def test_finds_an_english_sentence_and_a_name_for_screen_readers(self):
        self.assertEqual(self.found("<p>Rest for a day.</p>"), ["Rest for a day."])
        self.assertEqual(self.found('<nav aria-label="Footer"></nav>'), ["Footer"])

    def test_finds_latin_letters_in_arabic_but_for_names(self):
        found = self.found("<p>ركبة <bdi>Wren Writer</bdi> knee <br></p>", "ar")
        self.assertEqual(found, ["knee"])

    def test_finds_a_message_of_ours_that_is_said_to_be_in_english(self):
        self.assertEqual(self.found('<div lang="en"><p>Problemas</p></div>'), ["Problemas"])

    def test_passes_over_what_says_that_it_is_in_another_language(self):
        self.assertEqual(self.found('<div lang="en"><p>Rest for a day.</p></div>', "ar"), [])


class IsInThreeLanguages:
    """What a class of tests with the library of the demonstration says of its words.

    The library takes long to make, so tests/operations/test_the_library.py has the only one.
    """

    maxDiff = None

    def crawl(self, language):
        """Yield (path, html) of every public page whose words are in `language`."""
        others = set(
            LiveArticle.objects.exclude(language=language).values_list("slug", flat=True)
        ) | {"exercise-for-long-lasting-neck-pain"}
        waiting = deque([*STARTS, f"/search/?q={quote(SEARCHES[language])}"])
        seen = set(waiting)
        while waiting:
            path = waiting.popleft()
            answer = self.client.get(path, headers={"accept-language": language})
            if not answer.get("Content-Type", "").startswith("text/html"):
                continue
            html = answer.content.decode()
            yield path, html
            texts = Texts(language)
            texts.feed(html)
            for link in texts.links:
                found = urldefrag(urljoin(path, link)).url
                parts = urlsplit(found)
                slug = unquote(parts.path).removeprefix("/articles/").split("/")[0]
                is_file = re.search(r"\.\w+\Z", parts.path)
                if parts.netloc or is_file or slug in others or parts.path.startswith("/admin"):
                    continue
                if parts.scheme in ("", "http") and found not in seen:
                    seen.add(found)
                    waiting.append(found)

    def check(self, language):
        messages = messages_of(language)
        found, pages = {}, 0
        for path, html in self.crawl(language):
            pages += 1
            for text in foreign_words(html, language, messages):
                found.setdefault(text, path)
        self.assertGreater(pages, 60)
        self.assertEqual("\n".join(f"{path}: {text}" for text, path in found.items()), "")

    def test_has_no_word_of_ours_in_english_for_a_reader_of_spanish(self):
        self.check("es")

    def test_has_no_word_of_ours_in_english_for_a_reader_of_arabic(self):
        self.check("ar")
