"""What other programs put on the clipboard when a text is copied, as they write it."""

_SYMBOL = (
    "<![if !supportLists]><span lang=EN-GB><span style='mso-list:Ignore'>{}<span"
    " style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp; </span></span></span><![endif]>"
)


def word_item(symbol, words, *, level=1):
    return (
        "<p class=MsoListParagraphCxSpMiddle style='text-indent:-18.0pt;mso-list:l0"
        f" level{level} lfo1'>{_SYMBOL.format(symbol)}<span"
        f" lang=EN-GB>{words}<o:p></o:p></span></p>"
    )


def word(body):
    """What Word for Windows gives a browser."""
    return f"""<html xmlns:v="urn:schemas-microsoft-com:vml"
xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word"
xmlns:m="http://schemas.microsoft.com/office/2004/12/omml"
xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8">
<meta name=ProgId content=Word.Document><meta name=Generator content="Microsoft Word 15">
<link rel=File-List href="file:///C:/Users/ana/AppData/Local/Temp/msohtmlclip1/01/clip_filelist.xml">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style>
<!--
 /* Style Definitions */
 p.MsoNormal, li.MsoNormal, div.MsoNormal
	{{mso-style-unhide:no; margin:0cm; font-size:11.0pt;}}
p.Kapitel, li.Kapitel, div.Kapitel
	{{mso-style-name:Kapitel; mso-outline-level:2; font-weight:bold;}}
@page WordSection1 {{size:595.3pt 841.9pt;}}
-->
</style></head>
<body lang=EN-GB style='tab-interval:36.0pt;word-wrap:break-word'>
<!--StartFragment-->{body}<!--EndFragment-->
</body></html>"""


def google_docs(body):
    return (
        '<meta charset=\'utf-8\'><meta charset="utf-8"><b style="font-weight:normal;"'
        f' id="docs-internal-guid-1a2b3c4d-7fff-1234">{body}</b><br'
        ' class="Apple-interchange-newline">'
    )


def libre_office(body):
    return (
        '<!DOCTYPE html><html><head><meta http-equiv="content-type" content="text/html;'
        ' charset=utf-8"/><title></title><meta name="generator" content="LibreOffice 7.4.7.2'
        ' (Linux)"/><style type="text/css">@page { margin: 2cm } h1.western { font-size: 18pt }'
        f'</style></head><body lang="en-GB" link="#000080" dir="ltr">{body}</body></html>'
    )


WORD = word(
    "<h1><span lang=EN-GB>Living with\nneck pain<o:p></o:p></span></h1>"
    "<p class=Kapitel><span lang=EN-GB>A styled heading<o:p></o:p></span></p>"
    "<p class=MsoHeading7>Seventh level<o:p></o:p></p>"
    "<p class=MsoNormal style='mso-outline-level:4'>Outline four<o:p></o:p></p>"
    "<p class=MsoNormal><b><span lang=EN-GB>Walk</span></b><span lang=EN-GB> 10 m<sup>2</sup>,"
    " CO<span style='position:relative;top:3.0pt;mso-text-raise:-3.0pt'>2</span> and x<span"
    " style='position:relative;top:-3.0pt;mso-text-raise:3.0pt'>3</span>.<o:p></o:p></span></p>"
    + word_item("3.", "Third")
    + word_item("o", "below", level=2)
    + word_item("4.", "Fourth")
    + '<p class=MsoNormal>Between <del cite="mailto:a">always </del><ins'
    ' cite="mailto:a">sometimes </ins>helps <a'
    " style='mso-comment-reference:AB_1'>here</a><span class=MsoCommentReference><span"
    " style='font-size:8.0pt'><![if !supportAnnotations]><a class=msocomanchor"
    ' href="#_msocom_1">[AB1]</a><![endif]></span></span>.<o:p></o:p></p>'
    + word_item("5.", "Fifth")
    + '<p class=MsoNormal><!--[if gte vml 1]><v:shape id="P"><v:imagedata'
    ' src="file:///C:/Temp/clip_image001.png"/></v:shape><![endif]--><![if !vml]><img width=200'
    ' height=100 src="file:///C:/Temp/clip_image002.png" alt="A neck" v:shapes="P"><![endif]></p>'
    "<p class=MsoNormal><!--[if gte msEquation 12]><m:oMathPara><m:oMath>x=1</m:oMath>"
    "</m:oMathPara><![endif]--><![if !msEquation]><img width=50 height=20"
    ' src="file:///C:/Temp/clip_image003.png"><![endif]></p>'
    "<table class=MsoTableGrid border=1><tr><td colspan=2 valign=top><p class=MsoNormal>Wide"
    "<o:p></o:p></p></td></tr><tr><td>a</td><td>b</td></tr></table>"
    "<p class=MsoNormal><o:p>&nbsp;</o:p></p>"
    "<div style='mso-element:comment-list'><div style='mso-element:comment'><div id=\"_com_1\""
    " class=msocomtxt><p class=MsoCommentText>Is this true?</p></div></div></div>"
)
GOOGLE_DOCS = google_docs(
    '<p dir="ltr" style="line-height:1.38;"><span style="font-size:26pt;font-weight:400;">The'
    ' title</span></p><h1 dir="ltr"><span style="font-size:20pt;font-weight:400;">First'
    ' heading</span></h1><p dir="ltr"><span>Plain CO</span><span'
    ' style="vertical-align:baseline;"><span style="font-size:0.6em;vertical-align:sub;">2</span>'
    '</span><span style="font-weight:700;"> bold</span><span'
    ' style="text-decoration:line-through;"> crossed</span></p><br /><h4 dir="ltr"><span'
    ' style="font-size:12pt;">Fourth heading</span></h4><ol start="3"><li dir="ltr"'
    ' style="list-style-type:decimal;" aria-level="1"><p dir="ltr" role="presentation"><span>three'
    '</span></p></li><ol><li dir="ltr" style="list-style-type:lower-alpha;"'
    ' aria-level="2"><p dir="ltr"><span>inner</span></p></li></ol></ol><p dir="ltr"><span><img'
    ' src="https://lh7-rt.googleusercontent.com/docsz/AD_4n?key=x" width="602" height="400"'
    " /></span></p>"
)
LIBRE_OFFICE = libre_office(
    '<h1 class="western">Top heading</h1><h5 class="western">Fifth heading</h5><p'
    ' class="western" style="line-height: 100%">Water H<sub>2</sub>O <font'
    ' color="#ff0000"><b>in red</b></font></p><ol start="4"><li><p>four</p></li><li'
    ' value="7"><p>seven</p></li></ol><p><img src="file:///tmp/lu1/picture.png" name="Image1"'
    ' align="bottom" width="100" height="80" border="0"/><br/></p>'
)
