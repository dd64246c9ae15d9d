"""Lines of templates and scripts are short enough to read, and so are script modules."""

import re
from pathlib import Path

from django.test import SimpleTestCase

ROOT = Path(__file__).resolve().parent.parent.parent
MOST_LETTERS = 120
MOST_LINES = 249
A_MESSAGE = re.compile(r"{% (blocktranslate[^%]*)%}(.*?){% endblocktranslate", re.DOTALL)


def templates():
    return sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())


def scripts():
    return sorted((ROOT / "physiohub" / "assets").rglob("*.js"))


def too_long(paths):
    """`file:line` of every line over the limit."""
    for path in paths:
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            if len(line) > MOST_LETTERS:
                yield f"{path.relative_to(ROOT)}:{number} has {len(line)} letters"


class ALine(SimpleTestCase):
    def test_of_a_template_has_at_most_120_letters(self):
        self.assertGreater(len(templates()), 100)
        self.assertEqual(list(too_long(templates())), [])

    def test_of_a_script_has_at_most_120_letters(self):
        self.assertGreater(len(scripts()), 10)
        self.assertEqual(list(too_long(scripts())), [])


class AScript(SimpleTestCase):
    def test_has_fewer_than_250_lines(self):
        lengths = {
            str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in scripts()
        }
        self.assertEqual(
            {name: length for name, length in lengths.items() if length > MOST_LINES}, {}
        )


class ATemplate(SimpleTestCase):
    def test_says_a_message_in_one_piece(self):
        """A message broken over lines is another message, unless the tag trims it."""
        for path in templates():
            for tag, message in A_MESSAGE.findall(path.read_text()):
                if "\n" in message:
                    self.assertIn(
                        " trimmed", tag, f"{path.relative_to(ROOT)}: {message.strip()[:80]}"
                    )
