"""Exports: read by others, and read back by us to the same rows."""

import json
import uuid

from django.test import SimpleTestCase, TestCase
from hypothesis import given, settings
from hypothesis import strategies as st

from references import exporting, formats, importing
from references.formats import carrying
from references.models import Reference, SourceRecord
from tests.builders import NOON
from tests.shared_data import shared

WRITTEN = ("csl", "ris", "bibtex", "nbib")


def exported(references, kind):
    return "".join(exporting.export(references, kind))


def imported(data, name):
    return importing.import_file(data, file_name=name, by=None, at=NOON)


def _developer_items():
    """Every CSL item in the developer files, as our readers and as citeproc's test data give it."""
    items = []
    for folder in ("ris", "nbib", "bibtex", "csl_json"):
        for path in sorted(shared("data", "references", folder).glob("*/*")):
            items += [
                record.csl
                for record in formats.read(path.read_bytes(), path.name)
                if not record.refused
            ]
    lines = json.loads(
        shared("data", "references", "expected", "ama_nlm_from_citeproc_js.json").read_text()
    )
    return items + [carrying.csl_of(line.get("csl") or line.get("item")) for line in lines]


class AnExportOfTheDeveloperFiles(SimpleTestCase):
    def test_comes_back_as_identical_csl_in_every_format(self):
        items = _developer_items()
        self.assertGreater(len(items), 400)
        for kind in WRITTEN:
            for item in items:
                uid = str(uuid.uuid4())
                (record,) = formats.read(formats.FORMATS[kind].write(item, uid))
                with self.subTest(kind, title=item.get("title")):
                    self.assertEqual(record.csl, item)
                    self.assertEqual((record.uid, record.refused), (uid, ""))


#: Texts with everything that means something to one of the formats.
PIECES = st.sampled_from(
    [
        *(
            "{",
            "}",
            "\\",
            "$",
            "%",
            "#",
            "_",
            "^",
            "~",
            "`",
            "''",
            "--",
            "@article{",
            " and ",
            "others",
        ),
        *(
            "TY  - JOUR",
            "ER  - ",
            "\nER  - \n",
            "PMID- 1",
            ", ",
            ";",
            "-",
            "/",
            "et al",
            "RETRACTED: ",
            "null",
        ),
        *(
            "&",
            "<script>",
            "</script>",
            "<i>",
            "</i>",
            '"',
            "'",
            "—",
            "“",
            "é",
            "ß",
            "漢字",
            "🦴",
            "a",
            "B",
            "1",
        ),
        *("\n", "\r\n", "\t", "  ", " ", "\u00a0", "\u2028", "\x85"),
    ]
)
ANY_TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=4)
TEXTS = st.lists(PIECES | ANY_TEXT, max_size=8).map("".join)
NAMES = st.fixed_dictionaries(
    {},
    optional={
        "family": TEXTS,
        "given": TEXTS,
        "literal": TEXTS,
        "suffix": st.just("Jr"),
        "non-dropping-particle": st.just("van der"),
    },
)
DATES = st.builds(
    lambda year, month, day: {
        "date-parts": [[part for part in (year, month, day) if part][: 3 if month else 1]]
    },
    st.integers(1000, 2100),
    st.integers(0, 12),
    st.integers(0, 28),
)
_TYPES = (
    "article-journal book chapter webpage thesis report document paper-conference entry".split()
)
_TEXT_FIELDS = (
    "container-title container-title-short collection-title volume issue page edition publisher"
    " publisher-place genre keyword language note number source ISSN version"
).split()
_SICI = "10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2"
ITEMS = st.fixed_dictionaries(
    {"title": TEXTS.map(lambda text: f"T{text}")},
    optional={
        "type": st.sampled_from(_TYPES),
        "author": st.lists(NAMES, max_size=3),
        "editor": st.lists(NAMES, max_size=2),
        "issued": DATES,
        "accessed": DATES,
        **dict.fromkeys(_TEXT_FIELDS, TEXTS),
        "custom": st.dictionaries(
            TEXTS, TEXTS | st.booleans() | st.lists(TEXTS, max_size=2), max_size=2
        ),
        "DOI": st.sampled_from(["10.1136/bmj.n71", _SICI]),
        "PMID": st.sampled_from(["1", "1999", "12345678"]),
        "PMCID": st.just("PMC2565641"),
        "ISBN": st.sampled_from(["9780781755603", "978-0-7817-5560-3"]),
        "URL": st.sampled_from(["https://example.org/a%20b?x={1}&y=_#z", "http://example.org/~a"]),
    },
)


class AnyItem(SimpleTestCase):
    @settings(max_examples=250, deadline=None)
    @given(ITEMS, st.sampled_from(WRITTEN))
    def test_comes_back_as_it_went_out(self, item, kind):
        item = carrying.csl_of(item)
        text = formats.FORMATS[kind].write(item, "0b0f5c1e-6a5e-4a63-9f0f-000000000001")
        (record,) = formats.read(text, as_format=kind)
        self.assertEqual(record.csl, {"type": "document", **item})

    @settings(max_examples=100, deadline=None)
    @given(st.lists(ITEMS, min_size=2, max_size=4), st.sampled_from(WRITTEN))
    def test_stays_apart_from_its_neighbours(self, items, kind):
        rows = [Reference(csl=item, uid=uuid.uuid4()) for item in items]
        records = list(formats.read(exported(rows, kind)))
        self.assertEqual([record.uid for record in records], [str(row.uid) for row in rows])
        self.assertEqual([record.refused for record in records], [""] * len(rows))

    @settings(max_examples=150, deadline=None)
    @given(st.lists(ITEMS, min_size=1, max_size=3), st.sampled_from(["ama", "nlm"]))
    def test_is_one_line_of_plain_text_in_ama_and_nlm(self, items, kind):
        text = exported([Reference(csl=item) for item in items], kind)
        self.assertEqual(len(text.removesuffix("\n").split("\n")), len(items))


class ALibrary(TestCase):
    def test_is_the_same_after_importing_its_own_export(self):
        for path in sorted(shared("data", "references").glob("[rnb]*/*/*")):
            imported(path.read_bytes(), path.name)
        rows = Reference.objects.order_by("pk")
        before = list(rows.values_list("pk", "uid", "csl", "doi_key", "pmid", "isbn13", "raw"))
        self.assertGreater(len(before), 100)
        for kind in WRITTEN:
            with self.subTest(kind):
                report = imported(exported(rows, kind).encode(), f"export.{kind}")
                self.assertEqual(
                    (report.created, report.refused, report.merged), (0, 0, len(before))
                )
                after = list(
                    rows.values_list("pk", "uid", "csl", "doi_key", "pmid", "isbn13", "raw")
                )
                self.assertEqual(after, before)

    def test_fills_an_empty_one_with_the_same_csl(self):
        for path in sorted(shared("data", "references").glob("[rnb]*/*/*")):
            imported(path.read_bytes(), path.name)
        texts = {
            kind: exported(Reference.objects.order_by("pk"), kind).encode() for kind in WRITTEN
        }
        before = sorted(
            json.dumps(item, sort_keys=True)
            for item in Reference.objects.values_list("csl", flat=True)
        )
        for kind, text in texts.items():
            with self.subTest(kind):
                SourceRecord.objects.all().delete()
                Reference.objects.all().delete()
                report = imported(text, f"export.{kind}")
                self.assertEqual((report.found, report.refused), (len(before), 0))
                after = sorted(
                    json.dumps(item, sort_keys=True)
                    for item in Reference.objects.values_list("csl", flat=True)
                )
                self.assertEqual(after, before)
