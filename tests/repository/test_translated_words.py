"""Every word readers get exists in every language, and means no less there."""

import re

from django.conf import settings
from django.test import SimpleTestCase
from django.utils import translation

from articles import wording
from physiohub import message_catalogues

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z%]|<[^>]+>|\\[a-z]")


#: The same in one of the other languages: words they share, names, and forms of dates and sizes.
SAME_WORD = {"No", "no", "DOI", "%s kB", "%s MB"}


def placeholders(text):
    return sorted(found for found in PLACEHOLDER.findall(text) if not found.startswith("\\"))


class TheCatalogues(SimpleTestCase):
    def each(self):
        for language in message_catalogues.LANGUAGES:
            yield language, message_catalogues.stored(language)

    def test_are_there_for_every_language_of_the_site(self):
        self.assertEqual(
            {"en", *message_catalogues.LANGUAGES}, {code for code, _name in settings.LANGUAGES}
        )

    def test_hold_what_the_code_says_today_and_nothing_else(self):
        now = {
            (message.context, message.id) for message in message_catalogues.gather() if message.id
        }
        self.assertGreater(len(now), 150)
        for language, catalog in self.each():
            with self.subTest(language):
                self.assertEqual(
                    {(message.context, message.id) for message in catalog if message.id}, now
                )

    def test_leave_nothing_untranslated_and_nothing_half_sure(self):
        for language, catalog in self.each():
            with self.subTest(language):
                self.assertEqual(
                    [message.id for message in message_catalogues.missing(catalog)], []
                )
                self.assertEqual(
                    [message.id for message in catalog if message.id and message.fuzzy], []
                )

    def test_have_every_message_in_every_form(self):
        """One that is lost, left in English or short of a plural form is found by its count."""
        forms = {"es": 3, "ar": 6}
        now = [message for message in message_catalogues.gather() if message.id]
        for language, catalog in self.each():
            translated = [
                message.id
                for message in catalog
                if message.id and self.is_translated(message, forms[language])
            ]
            with self.subTest(language):
                self.assertEqual(len(translated), len(now))

    def test_are_short_of_one_where_one_is_lost(self):
        catalog = message_catalogues.stored("ar")
        lost = catalog.get("We use it once")
        for said in ("", lost.string[:-1], (*lost.string[:-1], ""), lost.id[1:] * 6):
            lost.string = said
            self.assertFalse(self.is_translated(lost, 6))

    def is_translated(self, message, forms):
        """Whether it has all its forms, none of them empty, unsure or still in English."""
        is_plural = isinstance(message.id, tuple | list)
        english = message.id if is_plural else [message.id]
        said = message.string if is_plural else [message.string]
        is_whole = len(said) == (forms if is_plural else 1) and all(said) and not message.fuzzy
        spoken = re.sub(PLACEHOLDER, "", " ".join(english))
        is_english = bool(set(said) & set(english)) and bool(re.search(r"[^\W\d_]{2,}", spoken))
        return is_whole and (not is_english or message.id in SAME_WORD)

    def test_keep_every_placeholder_and_tag(self):
        for language, catalog in self.each():
            for message in catalog:
                if not message.id or message.context:
                    continue
                with self.subTest(language=language, message=message.id):
                    if isinstance(message.id, tuple | list):
                        # A form for one or two may say the number as a word; the form for many must
                        # keep it.
                        self.assertEqual(
                            placeholders(message.string[-1]), placeholders(message.id[1])
                        )
                        for form in message.string:
                            self.assertLessEqual(
                                set(placeholders(form)), set(placeholders(message.id[1]))
                            )
                    else:
                        self.assertEqual(placeholders(message.string), placeholders(message.id))

    def test_are_compiled_as_they_are_written(self):
        for language, catalog in self.each():
            with self.subTest(language):
                self.assertEqual(
                    message_catalogues.path_of(language, "mo").read_bytes(),
                    message_catalogues.compile_catalogue(catalog),
                )

    def test_keep_the_levels_of_certainty_apart(self):
        for language in message_catalogues.LANGUAGES:
            for field in ("chip", "better", "no_difference", "harm"):
                levels = [
                    wording.CERTAINTY_LEVELS[level]
                    for level in ("high", "moderate", "low", "very-low")
                ]
                with self.subTest(language=language, field=field), translation.override(language):
                    self.assertEqual(len({str(getattr(level, field)) for level in levels}), 4)
