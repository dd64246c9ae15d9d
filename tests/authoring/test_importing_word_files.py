"""A Word file is known by its bytes, its main part by what the file says, and losses are told."""

import contextlib
import io
import re
import time
import zipfile

from django.test import SimpleTestCase

from articles.imports import CannotRead, read_article, read_document
from tests.documents import Photo, a_docx

PLAIN = (("Title", "Heat"), ("Heading1", "What it is"), ("", "A pack you warm up."))
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def changed(data, **changes):
    """The .docx `data` with parts as `changes` makes them: {name with _ for / and .: function}."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            change = changes.get(re.sub(r"\W", "_", name), lambda text: text)
            new.writestr(name, change(old.read(name).decode()))
    return file.getvalue()


def renamed(data, main, *, says="relations"):
    """The .docx `data` with its main part called `main`, and with a part that says so."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name == "[Content_Types].xml" and says == "types":
                kind = "application/vnd.openxmlformats-officedocument"
                kind += ".wordprocessingml.document.main+xml"
                override = f'<Override PartName="/{main}" ContentType="{kind}"/>'
                text = text.replace("</Types>", f"{override}</Types>")
            new.writestr(main if name == "word/document.xml" else name, text)
        if says == "relations":
            new.writestr(
                "_rels/.rels",
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                f'<Relationship Id="a" Type="{_OFFICE}/officeDocument" Target="{main}"/>'
                "</Relationships>",
            )
    return file.getvalue()


class AWordFile(SimpleTestCase):
    def test_is_read_whatever_its_main_part_is_called(self):
        for main in ("word/document2.xml", "word/main.xml", "content/text.xml", "document.xml"):
            for says in ("relations", "types"):
                with self.subTest(main=main, says=says):
                    read = read_article(renamed(a_docx(*PLAIN), main, says=says), "a.docx")
                    self.assertEqual(read.title, "Heat")
                    self.assertIn("<h2>What it is</h2><p>A pack you warm up.</p>", read.body_html)

    def test_is_known_by_its_bytes_whatever_its_name(self):
        for name in ("a.doc", "a.txt", "a"):
            self.assertEqual(read_article(a_docx(*PLAIN), name).title, "Heat")

    def test_says_what_of_it_is_not_read(self):
        for xml, message in (
            ('<w:r><w:commentReference w:id="0"/></w:r>', "1 comment was left out"),
            ('<w:del w:id="1"><w:r><w:delText>old</w:delText></w:r></w:del>', "1 deletion that"),
            ('<w:ins w:id="1"><w:r><w:t>new</w:t></w:r></w:ins>', "1 insertion that is still"),
            ("<w:r><w:object><o:OLEObject/></w:object></w:r>", "1 embedded object was"),
        ):
            with self.subTest(message):
                data = changed(
                    a_docx(*PLAIN),
                    word_document_xml=lambda text, xml=xml: text.replace(
                        "</w:p></w:body>", f"{xml}</w:p></w:body>"
                    ).replace("<w:document ", '<w:document xmlns:o="urn:x" '),
                )
                read = read_article(data, "a.docx")
                self.assertIn(message, read.messages[0])
                self.assertNotIn("old", read.body_html)
        self.assertEqual(read_article(a_docx(*PLAIN), "a.docx").messages, [])

    def test_says_where_a_picture_was_and_what_it_showed(self):
        read = read_article(
            b'<h1>Heat</h1><p>Warm.</p><img alt="A pack"><table><tr><td>a<td><img><tr><td>b<td>c'
            b"</table>",
            "a.html",
        )

        self.assertEqual(
            read.messages,
            [
                "A picture (A pack) was left out after line 2: add it under Pictures.",
                "A picture was left out after line 3: add it under Pictures.",
            ],
        )

    def test_says_where_a_picture_of_word_was(self):
        data = a_docx(*PLAIN[:2], ("", ["A pack you warm up.", Photo(b"x", "A pack")]))

        self.assertEqual(
            read_article(data, "a.docx").messages,
            [
                "A picture (A pack) was left out in line 3: add it under Pictures. This file cannot"
                " be read as a picture. Save it as JPEG, PNG or WebP and choose it again."
            ],
        )

    def test_of_9500_paragraphs_is_read_in_proportion(self):
        times = []
        for count in (2_000, 9_500):
            data = a_docx(
                ("Title", "Heat"), *[("", f"Sentence {at} is here.") for at in range(count)]
            )
            began = time.process_time()
            document = read_document(data, "a.docx")
            times.append(time.process_time() - began)
        self.assertEqual(len(document.lines), 9_501)
        self.assertLess(times[1], times[0] * 9_500 / 2_000 * 2)


class ADocumentOfAnotherProgram(SimpleTestCase):
    def test_is_refused_with_the_way_to_save_it_whatever_its_name(self):
        odt = io.BytesIO()
        with zipfile.ZipFile(odt, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
        for data, sentence in (
            (b"%PDF-1.7\n%x", "This is a PDF"),
            (ole, "an old Word (.doc)"),
            (ole + "EncryptedPackage".encode("utf-16-le"), "protected with a password"),
            (b"{\\rtf1\\ansi Words}", "rich text document (.rtf)"),
            (odt.getvalue(), "OpenDocument text (.odt)"),
        ):
            for name in ("a.docx", "a.doc", "a.txt", "a.pdf", "a"):
                with self.subTest(name=name, sentence=sentence):
                    with self.assertRaises(CannotRead) as refusal:
                        read_document(data, name)
                    self.assertIn(sentence, str(refusal.exception))
                    self.assertIn("docx", str(refusal.exception))

    def test_is_refused_by_its_name_alone_too(self):
        for name in ("a.pdf", "a.doc", "a.odt", "a.rtf"):
            with self.subTest(name), self.assertRaisesMessage(CannotRead, ".docx"):
                read_document(b"Plain words.", name)


class ADamagedFile(SimpleTestCase):
    def test_is_refused_wherever_it_is_damaged(self):
        """Python's reader of zip files raises five kinds of errors, zlib's among them."""
        whole = a_docx(*PLAIN)
        for place in range(0, len(whole), max(1, len(whole) // 100)):
            for put in (b"\xff", b"\xff" * 30, b""):
                damaged = whole[:place] + put + whole[place + max(1, len(put)) :]
                with contextlib.suppress(CannotRead):
                    read_document(damaged, "a.docx")
