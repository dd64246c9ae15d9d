"""Markdown is read as CommonMark says, with tables, footnotes, front matter and tasks."""

import contextlib
import time

from django.test import SimpleTestCase
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.imports import CannotRead, read_article, read_document, structure


def read(text):
    return read_article(text.encode(), "a.md")


def body(text):
    return read(f"# Heat\n\n{text}").body_html


class Markdown(SimpleTestCase):
    def test_keeps_its_formatting(self):
        for text, html in (
            ("One **bold**, __bold__, *em* and `code` word.", "<p>One <strong>bold</strong>,"
             " <strong>bold</strong>, <em>em</em> and code word.</p>"),
            ("Lines that a person\nwrapped are one.",
             "<p>Lines that a person wrapped are one.</p>"),
            ("A hard  \nbreak is.", "<p>A hard</p><p>break is.</p>"),
            ("10<sup>2</sup> and <span>more</span>.", "<p>10² and more.</p>"),
            ("A [link](https://x.org/a_b) is **[kept](https://y.org)**.",
             '<p>A <a href="https://x.org/a_b">link</a> is <strong><a href="https://y.org">kept</a>'
             "</strong>.</p>"),
            ("2 \\* 3 is &lt; 7 & so.", "<p>2 * 3 is &lt; 7 &amp; so.</p>"),
            ("> Quoted words.", "<p>Quoted words.</p>"),
            ("```\nAs it is now typed here.\n```", "<p>As it is now typed here.</p>"),
            ("What is it\n----------\n\nWords.", "<h2>What is it</h2><p>Words.</p>"),
            ("<ul><li>One</li></ul>\n", "<ul><li>One</li></ul>"),
        ):  # fmt: skip
            with self.subTest(text):
                self.assertEqual(body(f"Begin here.\n\n{text}\n"), f"<p>Begin here.</p>{html}")

    def test_keeps_its_tables(self):
        self.assertEqual(
            body(
                "Table 1: Time\n\n| Do | Weeks |\n|:---|---:|\n| Rest \\| sit | **9** |\n"
                "| Lift | |\n"
            ),
            '<table><caption>Table 1: Time</caption><thead><tr><th scope="col">Do</th>'
            '<th scope="col">Weeks</th></tr></thead><tbody><tr><td>Rest | sit</td>'
            "<td><strong>9</strong></td></tr><tr><td>Lift</td><td></td></tr></tbody></table>",
        )

    def test_numbers_its_lines_as_the_text_does(self):
        text = "# Heat\n\nOne\ntwo.\n\n- a\n\n  b\n- c\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\nEnd.\n"
        self.assertEqual([use.line for use in read(text).line_uses], [1, 3, 6, 8, 9, 11, 13, 15])

    def test_takes_typed_bullets_and_ticks_for_items(self):
        self.assertEqual(
            body("Try it:\n• one\n• two\n"), "<p>Try it:</p><ul><li>one</li><li>two</li></ul>"
        )
        self.assertEqual(
            [row.text for row in read("# A\n\n✔ one\n✔ two\n").recommendations], ["one", "two"]
        )

    def test_takes_the_box_of_a_task_off(self):
        self.assertEqual(
            body("Begin.\n\n- [ ] one\n- [x] **two**\n"),
            "<p>Begin.</p><ul><li>one</li><li><strong>two</strong></li></ul>",
        )

    def test_has_each_line_under_references_for_itself(self):
        article = read(
            "# Heat\n\nIt helps.[^b]\n\n## References\n\nOsei A. A trial. J Ex. 2020;7(1):1-9.\n"
            "Roe J. Another. J Ex. 2021;8(1):1-9.\n\n[^b]: Poe B. A third. J Ex. 2019;6(1):1-9.\n"
        )

        self.assertEqual(
            [one.name for one in article.references], ["Osei 2020", "Roe 2021", "Poe 2019"]
        )
        self.assertEqual(article.suggested_claims[0].citations[0].said, "Poe 2019")

    def test_has_its_title_from_the_front_matter_and_accounts_for_the_rest(self):
        article = read('---\ntitle: "Warm packs"\nauthor: A. Osei\n---\n\nThey are warm.\n')

        self.assertEqual(article.title, "Warm packs")
        self.assertEqual([use.role for use in article.line_uses], ["title", "front_matter", "p"])

    def test_that_is_longer_than_any_article_is_refused_at_once(self):
        began = time.process_time()
        with self.assertRaisesMessage(CannotRead, "too long for one article"):
            read("Some **words** of it.\n\n" * 40_000)
        self.assertLess(time.process_time() - began, 1)

    def test_of_900_kilobytes_is_read_and_accounts_for_every_line(self):
        paragraph = "It *may* ease pain [1]. " + "Ask your therapist how long you may use it. " * 10
        paragraphs = [f"{number} {paragraph}".strip() for number in range(2_000)]
        text = "\n\n".join(["# Heat", *paragraphs])
        self.assertGreater(len(text), 900_000)
        document = read_document(text.encode(), "a.md")
        self.assertEqual(len(document.lines), 2_001)
        self.assertEqual(
            [use.line for use in structure(document.lines, document.messages).line_uses],
            [line.number for line in document.lines],
        )

    def test_takes_time_in_proportion_to_its_length(self):
        for piece in (
            "[",
            "![",
            "- [ ] a\n",
            "1. a\n",
            "![[]()",
            "^[",
            "**a_b*",
            "<a ",
            "| a\n",
            "> ",
        ):
            with self.subTest(piece):
                began = time.process_time()
                with contextlib.suppress(CannotRead):
                    read_document(("# A\n\n" + piece * (10_000 // len(piece))).encode(), "a.md")
                self.assertLess(time.process_time() - began, 2)

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.sampled_from(
        ["wa", "wb **b", "- wc", "  - wd", "1. we", "| wf | wg |", "|---|---|", "# wh", "<p>wi",
         "wj</p>",
         "> wk", "```", "    wl",
         "[^1]: wm", "wn[^1]", "---", "", "", "✔ wo", "< wp >", "wq  "]),
        max_size=25))  # fmt: skip
    def test_loses_no_word(self, lines):
        document = read_document("\n".join(["# Title", "", *lines, "", "end"]).encode(), "a.md")
        said = " ".join(line.text for line in document.lines)
        for line in lines:
            for word in line.replace("</p>", "").replace("<p>", "").split():
                if word[:1] == "w":
                    self.assertIn(word[:2], said)
        numbers = [line.number for line in document.lines]
        self.assertEqual(numbers, sorted(set(numbers)))
