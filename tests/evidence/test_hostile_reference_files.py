"""Files of references that were made to break their reader, or got broken.

Each ends with a sentence.
"""

import re
from unittest import mock

from django.test import SimpleTestCase
from hypothesis import given, settings
from hypothesis import strategies as st

from references import citing, formats, previewing
from references.formats import (
    bibtex,
    conforming,
    crossref,
    csl_json,
    latex,
    limits,
    nbib,
    pubmed_xml,
    ris,
)
from tests.evidence.hostile_files import HOSTILE
from tests.shared_data import shared

GOOD = "TY  - JOUR\nTI  - A title of its own\nDO  - 10.5555/a\nER  - \n"
SENTENCE = re.compile(r"[A-Z].*[.?!]", re.S)


def as_bytes(text):
    return text if isinstance(text, bytes) else text.encode()


def doubling(times):
    return '@string{a0="x"}\n' + "".join(f"@string{{a{n + 1}=a{n}#a{n}}}\n" for n in range(times))


class AFileMadeToBreakItsReader(SimpleTestCase):
    def test_gives_records_or_refuses_them_with_a_sentence(self):
        for name, (known_as, make) in HOSTILE.items():
            # Nothing is logged: what is bounded was thought of, and is no error of ours.
            with self.subTest(name), self.assertNoLogs("references", level="ERROR"):
                for record in formats.read(as_bytes(make(16_000)), name, as_format=known_as):
                    self.assertTrue(record.csl or SENTENCE.fullmatch(record.refused), record)
                    if not record.refused:
                        self.assertIsInstance(citing.ama(previewing._draft_of(record).csl), str)


class MacrosThatDouble(SimpleTestCase):
    def read(self, text):
        return [conforming.conform_record(record) for record in bibtex.read(text)]

    def test_refuse_the_entry_that_uses_them_and_no_other(self):
        refused, read = self.read(f"{doubling(40)}@book{{k, title=a40}}\n@book{{l, title={{One}}}}")

        self.assertEqual(
            refused.refused,
            "The abbreviation “a40” in it stands for too long a text. Write the words out.",
        )
        self.assertEqual(read.csl["title"], "One")

    def test_are_read_as_long_as_they_are_short(self):
        (record,) = self.read(f"{doubling(3)}@book{{k, title=a3}}")

        self.assertEqual(record.csl["title"], "x" * 8)

    def test_lend_no_more_than_the_file_itself_says(self):
        long = f"@string{{m={{{'word ' * 9000}}}}}\n"
        records = self.read(long + "@book{k, title={One}, abstract=m # m # m # m}\n" * 20)

        self.assertIn("comes from other entries", records[-1].refused)
        self.assertEqual(records[0].refused, "")

    def test_of_journals_go_on_working_in_a_long_file(self):
        journal = '@string{jbj = "The Journal of Bones, Joints and All That Moves Between Them"}\n'
        records = self.read(journal + "@article{k, title={One}, journal=jbj, month=jan}\n" * 12_000)

        self.assertEqual(
            {record.csl.get("container-title", "")[:11] for record in records}, {"The Journal"}
        )


class ARecordOfPubmed(SimpleTestCase):
    def set_of(self, *articles):
        begin = "<PubmedArticle><MedlineCitation><PMID>{n}</PMID><Article><ArticleTitle>"
        end = "</ArticleTitle></Article></MedlineCitation></PubmedArticle>\n"
        inside = "".join(
            begin.format(n=n) + title + end for n, title in enumerate(articles, start=1)
        )
        return f"<PubmedArticleSet>\n{inside}</PubmedArticleSet>"

    def test_nested_a_thousand_deep_is_refused_and_the_others_are_read(self):
        deep = "<i>" * 1000 + "x" + "</i>" * 1000
        one, two, three = pubmed_xml.read(self.set_of("One", deep, "Three"))

        self.assertEqual((one.csl["title"], three.csl["title"], three.line), ("One", "Three", 4))
        self.assertEqual(two.refused, limits.TOO_DEEP)

    def test_that_is_whole_is_kept_when_the_file_breaks_off_behind_it(self):
        one, end = pubmed_xml.read(self.set_of("One", "Two")[:-60])

        self.assertEqual((one.csl["title"], end.number), ("One", 2))
        self.assertIn("no complete XML", end.refused)


class AnItemOfCrossref(SimpleTestCase):
    def test_that_is_no_record_is_refused_as_such(self):
        for item in (1, "a", None, [1], 1.5, True):
            with self.subTest(item=item), self.assertNoLogs("references.formats"):
                self.assertEqual(crossref.record(item).refused, "This is no record of a work.")

    def test_of_an_odd_type_is_a_document(self):
        self.assertEqual(
            crossref.record({"title": ["T"], "type": ["book"]}).csl["type"], "document"
        )

    def test_with_thousands_of_notices_is_refused_before_they_are_compared(self):
        notices = [{"type": "retraction", "DOI": f"10.5555/{n}"} for n in range(5000)]
        with mock.patch("references.integrity.is_same_notice") as compared:
            record = crossref.record({"title": ["T"], "updated-by": notices})

        self.assertIn("5,000 notices", record.refused)
        compared.assert_not_called()


class ARecordThatFailsUnexpectedly(SimpleTestCase):
    """A fault of ours in one place: whatever it is, it costs one record, and never the file."""

    READERS = (
        (ris, GOOD * 2),
        (nbib, "PMID- 1\nTI  - One\n\nPMID- 2\nTI  - Two\n"),
        (bibtex, "@book{a, title={One}}\n@book{b, title={Two}}"),
        (csl_json, '[{"title": "One"}, {"title": "Two"}]'),
        (crossref, '[{"title": ["One"]}, {"title": ["Two"]}]'),
        (pubmed_xml, ARecordOfPubmed().set_of("One", "Two")),
    )

    def test_is_refused_and_the_next_one_is_read(self):
        for reader, text in self.READERS:
            known_as = reader.__name__.rpartition(".")[2].replace("csl_json", "csl")
            real, calls = reader._record, []

            def once(*given, real=real, calls=calls):
                calls.append(given)
                if len(calls) == 1:
                    raise KeyError("not thought of")
                return real(*given)

            with (
                self.subTest(known_as),
                mock.patch.object(reader, "_record", once),
                self.assertLogs("references"),
            ):
                first, second = formats.read(text.encode(), as_format=known_as)
                self.assertEqual(first.refused, limits.UNREADABLE)
                self.assertFalse(second.refused)

    def test_between_two_records_ends_the_file_with_a_sentence(self):
        def broken(lines):
            yield 1, "TY  - JOUR", [["TY", ["JOUR"]], ["TI", ["One"]]], []
            raise RecursionError

        with mock.patch.object(ris, "_records", broken), self.assertLogs("references"):
            one, end = formats.read(GOOD.encode(), as_format="ris")

        self.assertEqual((one.csl["title"], end.number), ("One", 2))
        self.assertIn("What stands behind record 1 cannot be read.", end.refused)


class NestedLatex(SimpleTestCase):
    def test_says_what_it_said_before_its_braces_were_counted(self):
        for source, text in (
            (r"\textit{a{b\textbf{c}}}d", "<i>ab<b>c</b></i>d"),
            (r"\textit{}x", "x"),
            (r"{\it a}b", "<i>a</i>b"),
            (r"\begin{it}a\end{it}b", "<i>a</i>b"),
            (r"a}b{c", "abc"),
            ("{" * 500 + "a" + "}" * 500 + "b", "ab"),
            (r"\textit{\textbf{}}x", "x"),
            (r"{\it}x", "<i></i>x"),
        ):
            with self.subTest(source[:20]):
                self.assertEqual(latex.to_text(source), text)


# Real files, broken ----------------------------------------------------------------------------

_FOLDERS = ("ris", "nbib", "bibtex", "csl_json", "crossref", "pubmed_xml", "faults")


def _real_files():
    paths = [
        path
        for folder in _FOLDERS
        for path in sorted(shared("data", "references", folder).rglob("*.*"))
    ]
    return [path.read_bytes()[:20_000] for path in paths]


@st.composite
def broken_files(draw):
    """A real file that was cut off, doubled in part, wrapped in itself, or got bytes of
    another one.
    """
    files = _real_files()
    data = draw(st.sampled_from(files))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 400)))
        how = draw(st.sampled_from(["truncate", "duplicate", "nest", "splice", "take out"]))
        if how == "truncate":
            data = data[:end]
        elif how == "duplicate":
            data = data[:end] + data[start:end] * draw(st.integers(1, 6)) + data[end:]
        elif how == "nest":
            opening, closing = draw(
                st.sampled_from(
                    [(b"{", b"}"), (b"[", b"]"), (b"<i>", b"</i>"), (b'{"a":', b"}"), (b'"', b'"')]
                )
            )
            times = draw(st.integers(1, 300))
            data = data[:start] + opening * times + data[start:end] + closing * times + data[end:]
        elif how == "splice":
            other = draw(st.sampled_from(files))
            at = draw(st.integers(0, len(other)))
            data = data[:start] + draw(st.binary(max_size=6)) + other[at : at + 200] + data[end:]
        else:
            data = data[:start] + data[end:]
    return data


class ARealFileThatWasBroken(SimpleTestCase):
    @settings(max_examples=150, deadline=None)
    @given(broken_files(), st.sampled_from([*formats.FORMATS, ""]))
    def test_gives_records_or_refuses_them_with_a_sentence(self, data, known_as):
        with self.assertNoLogs("references", level="ERROR"):
            try:
                records = list(formats.read(data, "file", as_format=known_as))
            except formats.CannotRead as problem:
                self.assertTrue(SENTENCE.search(str(problem)), problem)
                return
        self.assertEqual([record.number for record in records], list(range(1, len(records) + 1)))
        for record in records:
            self.assertTrue(record.csl or SENTENCE.fullmatch(record.refused), record)
            self.assertEqual(conforming.conform_record(record), record)
