"""Texts made to get past the boundary.

Whatever comes out is words and the vocabulary, nothing else.
"""

from html.parser import HTMLParser

from django.test import SimpleTestCase

from articles.richtext import cleaning
from articles.richtext.allowed_html import HREF, TAGS

HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<<script>alert(1)//<</script>",
    "<p onclick=alert(1)>x</p>",
    '<p style="background:url(javascript:alert(1))">x</p>',
    "<p/onmouseover=alert(1)>x",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href=" &#1;javascript:alert(1)">x</a>',
    '<a href="&#106;avascript&colon;alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="//evil.example">x</a>',
    '<a href="\\\\evil.example">x</a>',
    '<a href="/\\evil.example">x</a>',
    '<a href="vbscript:x" target="_blank" ping="//evil.example">x</a>',
    '<a href="https://a.example/" onfocus=alert(1)>x</a>',
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert(1)>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<template><img src=x onerror=alert(1)></template>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=x></object><embed src=x>",
    "<base href=//evil.example/>",
    (
        "<form action=//evil.example><input name=q><button"
        " formaction=javascript:alert(1)>x</button></form>"
    ),
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<link rel=stylesheet href=//evil.example>",
    "<style>@import '//evil.example'</style>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    '<mark data-claim="c123456789" onclick=alert(1)>x</mark>',
    '<mark data-claim="c123456789\n">x</mark>',
    "<mark data-claim='\"><img src=x onerror=alert(1)>'>x</mark>",
    "<td colspan='1 onclick=alert(1)'>x</td>",
    "<p id=main class=x name=y data-x=z>x</p>",
    "<h1><table><h1><mark><h1>x",
    "<b><p><b><p>" * 20,
    "\x00<scr\x00ipt>alert(1)</script>",
    "<img src=x:alert(1) onerror=eval(src)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<dialog open>x</dialog>",
    '<xmp><p title="</xmp><img src=x onerror=alert(1)>">',
    "<a href='#\"><img src=x onerror=alert(1)>'>x</a>",
]


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes = set(), set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.update((tag, name, value) for name, value in attrs)


class HostileHtml(SimpleTestCase):
    def test_comes_out_as_words_and_the_vocabulary_alone(self):
        for html in HOSTILE:
            with self.subTest(html=ascii(html[:60])):
                cleaned = cleaning.clean(html)
                found = _Reader()
                found.feed(cleaned)

                self.assertLessEqual(found.tags, set(TAGS))
                for tag, name, value in found.attributes:
                    self.assertIn(name, TAGS[tag])
                    if name == "href":
                        self.assertRegex(value, HREF)
                self.assertEqual(cleaning.clean(cleaned), cleaned)
