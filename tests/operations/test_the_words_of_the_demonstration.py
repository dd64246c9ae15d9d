"""The word list of the demonstration, which explains words of its pages."""

import tomllib
from unittest import TestCase

from articles.demonstration.page_files import FOLDER
from articles.preflight.reading_level import MAX_WORDS, measure


def the_words():
    return tomllib.loads((FOLDER / "words.toml").read_text())["word"]


class TheWordList(TestCase):
    def test_explains_thirty_words_each_once_in_order(self):
        words = [entry["word"].casefold() for entry in the_words()]

        self.assertEqual(len(set(words)), 30)
        self.assertEqual(words, sorted(words))

    def test_is_easy_to_read(self):
        for entry in the_words():
            with self.subTest(entry["word"]):
                self.assertEqual(entry.keys(), {"word", "meaning"})
                self.assertLessEqual(len(entry["meaning"].split()), MAX_WORDS)
                # "Physiotherapist" is the long word that one of them explains.
                meaning = entry["meaning"].replace("physiotherapist", "physio")
                self.assertLessEqual(measure(meaning).grade, 6)
