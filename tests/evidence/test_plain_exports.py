"""Works that are written without reading back lose nothing by it."""

import uuid
from unittest import mock

from django.test import SimpleTestCase
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from references import formats, identifiers
from references.formats import FoundNotice, names, plain
from references.formats.facts import NOTHING_KNOWN, Facts
from tests.builders import NOON

from .test_exporting_references import ITEMS, _developer_items

READ_BACK = ("ris", "bibtex", "nbib")
UID = "0b0f5c1e-6a5e-4a63-9f0f-000000000001"

#: Pieces of titles, names and numbers that a reader might take for something else.
_WORDS = st.sampled_from(
    (
        "Knee pain Ana J. JA V II Jr MD PT Prof Roe van der Müller O'Brien Saint-Cyr Group"
        " University of and others et al 2012 1950- 10.1 doi PMID: PMC12345 NCT01234567 & -- –"
        " a_b 100% $5 # ~ ^ (see) [x] “q” \"q\" 'q' ''q'' . .. ? ! : ; , / + = ≥5 TY ER"
        " retracted: correction vol. the for authors author editor null nan n/a"
    ).split(" ")
)
_TEXTS = st.lists(_WORDS, min_size=1, max_size=5).map(" ".join)
_NAMES = st.fixed_dictionaries(
    {
        "family": st.lists(_WORDS, min_size=1, max_size=2).map(" ".join),
        "given": st.lists(_WORDS, min_size=1, max_size=2).map(" ".join),
    }
)
_NUMBERS = st.sampled_from("1 12 0 12A S1 5-5 1-9 454-81 e12 l689 3 Suppl 1 2(3) 007".split())
_DOIS = st.text("10./abpmc()-<>;:?#_vfull", min_size=1, max_size=14).map("10.1136/".__add__)
_DATES = st.sampled_from(
    [{"date-parts": [parts]} for parts in ([2012], [2012, 5], [2012, 5, 3], [999], [2012, 13])]
)
ARTICLES = st.fixed_dictionaries(
    {"type": st.just("article-journal"), "title": _TEXTS},
    optional={
        **dict.fromkeys(sorted(plain._WORDS - {"title"}), _TEXTS),
        "author": st.lists(_NAMES, min_size=1, max_size=3),
        **dict.fromkeys(["volume", "issue", "page"], _NUMBERS),
        "issued": _DATES,
        "accessed": _DATES,
        "DOI": _DOIS,
        "PMID": st.sampled_from(["1", "1999", "12345678"]),
        "PMCID": st.sampled_from(["PMC2565641", "PMC1"]),
        "ISSN": st.sampled_from(["1234-5679", "12345679", "1234-567X"]),
        "language": st.sampled_from(["en", "de", "xx", "eng"]),
        "URL": st.sampled_from(
            ["https://example.org/a/b", "https://pubmed.gov/12", "https://doi.org/10.1136/a"]
        ),
    },
)
FACTS = st.sampled_from(
    [
        Facts(),
        Facts("none_found", NOON, design="rct", nct="NCT01234567"),
        Facts("retracted", NOON, (FoundNotice("retraction", doi="10.5555/n.1"),), nct="PMID 1"),
    ]
)


def _written(item, known=NOTHING_KNOWN):
    return [formats.FORMATS[kind].write(item, UID, known) for kind in (*READ_BACK, "csl")]


class AWorkWrittenWithoutReadingBack(SimpleTestCase):
    def assert_written_alike(self, item, known=NOTHING_KNOWN):
        written = _written(item, known)
        with mock.patch.object(plain, "as_plain", return_value=None):
            self.assertEqual(written, _written(item, known))

    @settings(max_examples=200, deadline=None)
    @given(ARTICLES, FACTS)
    def test_is_written_as_with_reading_back(self, item, known):
        # What is not plain would have the rest read back too.
        fields = {name: value for name, value in item.items() if plain._is_plain(name, value)}
        self.assert_written_alike({"title": "Heat", **fields}, known)

    @settings(max_examples=50, deadline=None)
    @given(ITEMS)
    def test_is_never_one_with_signs_of_a_format(self, item):
        self.assert_written_alike({**item, "type": "article-journal"})

    def test_is_written_so_in_the_developer_files(self):
        items = [item for item in _developer_items() if plain.as_plain(item) is not None]
        self.assertGreater(len(items), 80)
        for item in items:
            with self.subTest(item["title"]):
                self.assert_written_alike(item)

    def test_is_an_article_as_most_are(self):
        item = {
            "type": "article-journal",
            "title": "Heat for knees: a trial (in 3 parts)",
            "author": [{"family": "Müller-Roe", "given": "Ana M."}],
            "container-title": "J Test.",
            "issued": {"date-parts": [[2012, 5]]},
            "DOI": "10.1136/bmj.n71",
            "page": "1-9",
        }
        self.assertIsNotNone(plain.as_plain(item))
        with mock.patch("references.formats.carrying.difference") as difference:
            _written(item, Facts("none_found", NOON))
        difference.assert_not_called()

    @settings(max_examples=50, deadline=None)
    @given(st.from_regex(plain._CERTAIN_DOI, fullmatch=True))
    def test_has_a_doi_of_which_nothing_is_cut_off(self, doi):
        self.assertEqual(identifiers.doi(doi).display, doi)

    @settings(max_examples=50, deadline=None)
    @given(st.from_regex(plain._CERTAIN_NAME, fullmatch=True))
    def test_has_names_that_are_read_as_they_are(self, text):
        assume(text[-1] not in " -" and plain._NO_NAMES.isdisjoint(plain._words_of(text)))
        family, given = text.split(", ")
        self.assertEqual(names.people([text]), [{"family": family, "given": given}])


class AnyUid(SimpleTestCase):
    def test_is_carried_by_a_plain_work(self):
        uid = str(uuid.uuid4())
        item = {"type": "article-journal", "title": "Heat"}
        for kind in READ_BACK:
            (record,) = formats.read(formats.FORMATS[kind].write(item, uid))
            self.assertEqual((record.uid, record.csl), (uid, item))
