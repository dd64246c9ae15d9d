"""Every word that stands in a Word file is kept, or an import says that it was left out."""

import re
import time

from defusedxml.ElementTree import fromstring
from django.test import SimpleTestCase

from articles.imports import CannotRead, read_article
from articles.imports.word_runs import make_lean
from tests.documents import a_docx_of_xml

_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def run(words, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def paragraph(*pieces, style=""):
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{''.join(pieces)}</w:p>"


def box(words):
    return f"<w:txbxContent>{paragraph(run(words))}</w:txbxContent>"


def drawn(inside):
    return (
        "<w:drawing><wp:anchor><a:graphic><a:graphicData>"
        f"<wps:wsp><wps:txbx>{inside}</wps:txbx></wps:wsp>"
        "</a:graphicData></a:graphic></wp:anchor></w:drawing>"
    )


def alternatives(choice, fallback=None):
    second = "" if fallback is None else f"<mc:Fallback>{fallback}</mc:Fallback>"
    return f"<mc:AlternateContent><mc:Choice>{choice}</mc:Choice>{second}</mc:AlternateContent>"


_TITLE = paragraph(run("Sore heels"), style="Title") + paragraph(run("It is a sore spot."))
_REFERENCES = paragraph(run("References"), style="Heading1") + "".join(
    paragraph(run(f"{number}. {name} A. Heels. J Test. 20{number}9;1(1):1-9."))
    for number, name in ((1, "Roe"), (2, "Poe"))
)


def read(*body, styles=""):
    return read_article(a_docx_of_xml(_TITLE + "".join(body) + _REFERENCES, styles), "a.docx")


class WordsInBoxes(SimpleTestCase):
    def test_the_words_of_a_text_box_are_kept_once_however_it_is_written(self):
        words = "Walking may ease the pain [2]."
        old = f"<w:pict><v:shape><v:textbox>{box(words)}</v:textbox></v:shape></w:pict>"
        for name, inside in {
            "drawn": drawn(box(words)),
            "for old programs too": alternatives(drawn(box(words)), old),
            "a picture for old programs": alternatives(drawn(box(words)), "<w:pict/>"),
            "for new programs only": alternatives(drawn(box(words))),
            "of an old program": old,
            "an oval": f"<w:pict><v:oval><v:textbox>{box(words)}</v:textbox></v:oval></w:pict>",
        }.items():
            with self.subTest(name):
                article = read(
                    paragraph(run("Before it. "), f"<w:r>{inside}</w:r>", run("Behind."))
                )
                self.assertEqual(article.body_html.count("Walking may ease the pain."), 1)
                self.assertIn("<p>Before it. Behind.</p>", article.body_html)
                (claim,) = [claim for claim in article.suggested_claims if claim.citations]
                self.assertEqual(claim.citations[0].said, "Poe 2029")

    def test_boxes_in_boxes_take_no_time(self):
        for deep in (2, 100):
            inside = box("Walking may ease the pain [2].")
            for _step in range(deep):
                inside = (
                    f"<w:txbxContent>{paragraph(f'<w:r>{drawn(inside)}</w:r>')}</w:txbxContent>"
                )
            started = time.process_time()
            try:
                article = read(paragraph(f"<w:r>{drawn(inside)}</w:r>"))
                self.assertEqual(article.body_html.count("Walking may ease the pain."), 1)
            except CannotRead:
                self.assertEqual(deep, 100)
            self.assertLess(time.process_time() - started, 5)

    def test_the_items_in_a_box_are_counted_once(self):
        numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'

        def item(words):
            return f"<w:p><w:pPr>{numbered}</w:pPr>{run(words)}</w:p>"

        inside = f"<w:txbxContent>{item('Warm up')}</w:txbxContent>"
        old = f"<w:pict><v:shape><v:textbox>{inside}</v:textbox></v:shape></w:pict>"
        title, references = _TITLE, paragraph(run("References"), style="Heading1")
        references += item("Roe A. Heels. J Test. 2019;1(1):1-9.")
        cites = paragraph(f"<w:r>{alternatives(drawn(inside), old)}</w:r>", run("It helps [2]."))
        article = read_article(a_docx_of_xml(title + cites + references), "a.docx")
        self.assertEqual([one.number for one in article.references], [2])


class WordsInOtherElements(SimpleTestCase):
    def test_elements_around_words_leave_the_words(self):
        for name in ("bdo", "dir", "smartTag", "customXml", "ins", "moveTo", "hyperlink"):
            with self.subTest(name):
                article = read(paragraph(run("It is "), f"<w:{name}>{run('kept')}</w:{name}>"))
                self.assertIn("It is kept", article.body_html)

    def test_a_box_to_tick_stays_a_box(self):
        control = (
            "<w:sdt><w:sdtPr><w14:checkbox/></w:sdtPr>"
            f"<w:sdtContent>{run('☐')}</w:sdtContent></w:sdt>"
        )
        article = read(paragraph(run("I can stand: "), control, run(" yes.")))
        self.assertIn("I can stand: ☐ yes.", article.body_html)


class WordsNobodyIsToRead(SimpleTestCase):
    def test_words_that_are_struck_through_or_hidden_are_left_out_and_told(self):
        style = (
            '<w:style w:type="character" w:styleId="Gone"><w:name w:val="Gone"/>'
            "<w:rPr><w:strike/></w:rPr></w:style>"
        )
        for properties, what in (
            ("<w:strike/>", "struck through"),
            ("<w:dstrike/>", "struck through"),
            ('<w:rStyle w:val="Gone"/>', "struck through"),
            ("<w:vanish/>", "hidden"),
        ):
            with self.subTest(properties):
                gone = run("not ", properties)
                article = read(paragraph(run("Do "), gone, run("rest it.")), styles=style)
                self.assertIn("<p>Do rest it.</p>", article.body_html)
                self.assertIn(
                    f"Words that are {what} were left out: “not”. If patients are to read them,"
                    " write them in the editor.",
                    article.messages,
                )

    def test_words_whose_formatting_is_switched_off_stay(self):
        for properties in ('<w:strike w:val="0"/>', '<w:vanish w:val="false"/>'):
            with self.subTest(properties):
                article = read(paragraph(run("Do "), run("not ", properties), run("rest it.")))
                self.assertIn("<p>Do not rest it.</p>", article.body_html)

    def test_a_table_of_contents_is_left_out_and_told(self):
        style = '<w:style w:type="paragraph" w:styleId="V1"><w:name w:val="toc 1"/></w:style>'
        entry = paragraph(run("What helps 2"), style="V1")
        control = (
            "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery"
            ' w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
            f"<w:sdtContent>{paragraph(run('What helps 2'))}</w:sdtContent></w:sdt>"
        )
        for contents in (entry, control):
            article = read(contents, styles=style)
            self.assertNotIn("What helps 2", article.body_html)
            self.assertTrue(any("table of contents" in said for said in article.messages))

    def test_tracked_moves_and_documents_inside_are_told(self):
        moved = f'<w:moveTo w:id="1" w:author="A">{run("It moved.")}</w:moveTo>'
        article = read(paragraph(moved), "<w:altChunk/>")
        self.assertIn(
            "1 move that is still tracked was kept, as if somebody had accepted them.",
            article.messages,
        )
        self.assertTrue(any(said.startswith("1 document inside") for said in article.messages))


class RaisedFigures(SimpleTestCase):
    def test_a_figure_is_raised_by_its_style_and_by_its_position(self):
        style = (
            '<w:style w:type="character" w:styleId="Base"><w:name w:val="Base"/>'
            '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
            '<w:style w:type="character" w:styleId="Cites"><w:name w:val="Cites"/>'
            '<w:basedOn w:val="Base"/></w:style>'
        )
        for properties in (
            '<w:rStyle w:val="Base"/>',
            '<w:rStyle w:val="Cites"/>',
            '<w:position w:val="6"/>',
        ):
            with self.subTest(properties):
                sentence = paragraph(run("Rest may help"), run("2", properties), run("."))
                article = read(sentence, styles=style)
                self.assertIn("<p>Rest may help.</p>", article.body_html)
                (claim,) = [claim for claim in article.suggested_claims if claim.citations]
                self.assertEqual(claim.citations[0].said, "Poe 2029")

    def test_a_figure_that_is_hardly_higher_or_lower_is_no_mark(self):
        for properties in ('<w:position w:val="1"/>', '<w:position w:val="-6"/>'):
            article = read(paragraph(run("Rest may help"), run("2", properties), run(".")))
            self.assertIn("Rest may help2.", article.body_html)


class AStyle(SimpleTestCase):
    def test_that_is_based_on_a_heading_is_a_heading(self):
        style = (
            '<w:style w:type="paragraph" w:styleId="Ours"><w:name w:val="Ann\'s title"/>'
            '<w:basedOn w:val="Heading1"/></w:style>'
        )
        article = read(paragraph(run("what helps you most of all."), style="Ours"), styles=style)
        self.assertIn("<h2>what helps you most of all.</h2>", article.body_html)

    def test_that_no_list_of_styles_names_is_known_by_its_id(self):
        body = paragraph(run("what helps you most of all."), style="Heading4")
        self.assertIn("<h3>what helps you most of all.</h3>", read(body).body_html)


class Runs(SimpleTestCase):
    """Word breaks sentences into runs, and says of each how it looks."""

    LOOK = (
        '<w:rFonts w:ascii="Calibri"/><w:color w:val="000000"/><w:sz w:val="22"/>'
        '<w:lang w:val="en-GB"/>'
    )

    def test_that_are_read_alike_are_one_and_lose_no_word_or_formatting(self):
        pieces = ["A ", "heat ", "pack ", "is ", "<b>not</b> ", "a ", "pi", "llow", "<sup>2</sup>"]
        xml = ""
        for piece in pieces:
            words = re.sub("<[^>]*>", "", piece)
            own = "<w:b/>" * ("<b>" in piece)
            own += '<w:vertAlign w:val="superscript"/>' * ("<sup>" in piece)
            xml += run(words, self.LOOK + own) + '<w:proofErr w:type="spellStart"/>'
        body = read(paragraph(xml)).body_html
        self.assertIn("<p>A heat pack is <strong>not </strong>a pillow</p>", body)

    def test_that_look_alike_leave_one_for_each_look(self):
        pieces = [
            ("one ", ""),
            ("two ", ""),
            ("three ", "<w:b/>"),
            ("four ", "<w:b/>"),
            ("five", ""),
        ]
        runs = "".join(run(words, self.LOOK + own) for words, own in pieces)
        root = fromstring(f"<w:body {_WORD}>{paragraph(runs)}</w:body>")
        make_lean(root)
        self.assertEqual(
            ["".join(one.itertext()) for one in root[0].iter() if one.tag.endswith("}r")],
            ["one two ", "three four ", "five"],
        )
