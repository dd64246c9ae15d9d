"""A reference as one printed line, in AMA or NLM style, from CSL-JSON.

`ama` follows the AMA Manual of Style, 11th edition, chapter 3; `nlm` follows Citing Medicine, 2nd edition, the
style that most people call Vancouver. What counts, down to the comma, is the line the official CSL styles give.

Nothing here raises on odd CSL-JSON. A field that cannot be read (a null date, an object for a title) counts as
missing and the line gets shorter. Both lines are plain text: to put one into a page use `ama_html`, `nlm_html`.
"""

import html
import re
from itertools import islice

from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString

# Text fields -----------------------------------------------------------------------------------------------

# Markup that a title really has travels through formatting as single characters nobody types, so that rules
# about the last letter or the first word can look past it. Only these eight ever become tags.
_TAGS = {
    "\ue000": "<i>",
    "\ue001": "</i>",
    "\ue002": "<b>",
    "\ue003": "</b>",
    "\ue004": "<sub>",
    "\ue005": "</sub>",
    "\ue006": "<sup>",
    "\ue007": "</sup>",
}
_MARKS = {tag: mark for mark, tag in _TAGS.items()}
_ANY_MARK = re.compile("([\ue000-\ue007])")
_BLANK_IN_MARKS = re.compile("([\ue000\ue002\ue004\ue006]) +| +([\ue001\ue003\ue005\ue007])")
_ELEMENTS = {"em": "i", "italic": "i", "strong": "b", "bold": "b"}
_TAG = re.compile(r"<(/?)((?:(?:jats|mml):)?[A-Za-z][A-Za-z0-9]{0,20})(?:\s[^<>]{0,300})?/?>")
_MEANINGLESS = {"span", "scp", "sc"}
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ue000-\ue007\ud800-\udfff]")


def _as_text(value):
    """`value` on one line, or "" when it is no text; Crossref gives a list where CSL has one string."""
    if isinstance(value, list):
        value = next((entry for entry in value if isinstance(entry, str) and entry.strip()), "")
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    text = str(value)
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(_UNPRINTABLE.sub("", text).split())


def _unescaped(text):
    if "&" not in text:
        return text
    # A second time, because a code may stand for one of our marks or a line end.
    return _as_text(_ENTITY.sub(lambda entity: html.unescape(entity.group()), text))


def _with_marks(text):
    """`text` with <i>, <b>, <sub> and <sup> as marks where they come in pairs; any other "<" is a letter."""
    if "<" not in text:
        return text
    pieces, open_tags, position = [], [], 0
    for tag in _TAG.finditer(text):
        pieces.append(text[position : tag.start()])
        position = tag.end()
        is_closing, name = bool(tag[1]), tag[2].lower()
        element = name.removeprefix("jats:")
        element = _ELEMENTS.get(element, element)
        if f"<{element}>" not in _MARKS:
            pieces.append("" if name in _MEANINGLESS or ":" in name else tag[0])
        elif not is_closing:
            open_tags.append((element, len(pieces)))
            pieces.append(tag[0])
        elif open_tags and open_tags[-1][0] == element:
            _, opening = open_tags.pop()
            pieces[opening] = _MARKS[f"<{element}>"]
            pieces.append(_MARKS[f"</{element}>"])
        else:
            pieces.append(tag[0])
    pieces.append(text[position:])
    # A file that breaks lines at its tags leaves blanks on both sides of them.
    return " ".join(_BLANK_IN_MARKS.sub(_blank_outside, "".join(pieces)).split())


def _blank_outside(blank):
    return f" {blank[1]}" if blank[1] else f"{blank[2]} "


_QUOTES = re.compile(r"""[“”]|"|(?<![\w’'])'(?=[^\s'])((?:[^'"]|(?<=\w)'(?=\w))*)(?<=\S)'(?!\w)|'""")
_BEFORE_OPENING = re.compile("[\\s(\\[{–—/-]$")


def _typographic(text):
    """`text` with curly quotes, double outside and single within, as American English sets them."""
    if "'" not in text and '"' not in text:
        return text
    depth = 0

    def curl(found):
        nonlocal depth
        quote = found[0]
        if quote == '"':
            before = _ANY_MARK.sub("", text[max(0, found.start() - 4) : found.start()])
            quote = "“" if depth == 0 and (not before or _BEFORE_OPENING.search(before)) else "”"
        if quote == "“":
            depth += 1
        elif quote == "”":
            depth = max(0, depth - 1)
        elif quote == "'":
            quote = "’"
        else:
            inner = found[1].replace("'", "’")
            quote = f"‘{inner}’" if depth else f"“{inner}”"
        return quote

    return _QUOTES.sub(curl, text)


def _plain(marked):
    return _ANY_MARK.sub("", marked)


def _html(marked):
    """SafeString of `marked`: every text in it escaped, the marks as the tags they stand for."""
    pieces = _ANY_MARK.split(marked)
    if len(pieces) == 1:
        return escape(marked)
    return format_html_join("", "{}", ((SafeString(_TAGS.get(piece, "")) or piece,) for piece in pieces))


# Sentences -------------------------------------------------------------------------------------------------

_CLOSING_MARKS = "\ue001\ue003\ue005\ue007"


def _sentence(text):
    """`text` with a full stop, unless it ends in a mark of its own; inside closing quotation marks."""
    unmarked = text.rstrip(_CLOSING_MARKS)
    body = unmarked.rstrip("”’")
    quotes = unmarked[len(body) :]
    if quotes == "’" and "‘" not in body:
        # An apostrophe, as in “the rights of athletes’”.
        body, quotes = unmarked, ""
    if body.rstrip(_CLOSING_MARKS)[-1:] in (".", "?", "!"):
        return text
    return f"{body}.{text[len(body) :]}" if quotes else f"{text}."


def _line(sentences, tail):
    parts = [_sentence(sentence) for sentence in sentences if sentence]
    return " ".join([*parts, tail] if tail else parts)


#: Words that stay small inside a title. The styles leave longer prepositions small as well, where the printed
#: AMA manual stops at three letters.
_SMALL_WORDS = frozenset(
    "a across after against along among an and around as at before behind below between beyond but by c ca de "
    "despite down during et except for from in inside into like near nor of off on onto or over per since so "
    "than that the through throughout till to toward towards under until up upon via von vs. when with within "
    "without yet".split()
)
_WORD_EDGES = "()[]{}.,;:!?\"'“”‘’" + "".join(_TAGS)


def _title_case(title):
    """`title` as AMA sets the titles of books: a capital on every word but the small ones between others."""
    words = title.split(" ")
    previous = ":"
    for place, word in enumerate(words):
        starts = previous[-1:] in (":", "?", "!")
        parts = re.split("([-–—])", word)
        for index, part in enumerate(parts):
            bare = part if part == "vs." else part.strip(_WORD_EDGES)
            if not bare.islower() or not bare[0].isalpha():
                continue
            is_edge = (starts and index == 0) or (place == len(words) - 1 and index == len(parts) - 1)
            if len(bare) == 1:
                # A letter is no word (“Baja y San Francisco”), except where the style looks for one.
                is_capital = is_edge or (index == 0 and previous in _SMALL_WORDS)
            else:
                is_capital = is_edge or bare not in _SMALL_WORDS
            if is_capital:
                parts[index] = part.replace(bare, bare[0].upper() + bare[1:], 1)
        words[place] = "".join(parts)
        previous = _plain(word)
    return " ".join(words)


# Names -----------------------------------------------------------------------------------------------------

_GIVEN_PART = re.compile(r"[^\s.\-‐‑]+\.?|\.")


def _is_initials(part, family):
    """Whether capitals written together are initials (“NG”), not a short name in capitals (“LI”)."""
    return part.isalpha() and part.isupper() and 1 < len(part) <= 3 and not family.isupper()


def _initials(given, family):
    """“Jean-Pascal A.” as “JPA”; parts that begin with a small letter or a bracket stay as they are."""
    initials = ""
    for part in _GIVEN_PART.findall(given):
        bare = part.removesuffix(".")
        if not bare:
            continue
        if not bare[0].isupper():
            initials += f" {part} "
        elif (part != bare and len(bare) > 1) or _is_initials(bare, family):
            # A name that is abbreviated already: “Aug. F”, “Yu. A.”
            initials += bare
        else:
            initials += bare[0]
    return " ".join(initials.split())


def _name(name):
    """One CSL name as “van der Berg JP Jr”, an organisation as it is; "" when there is nothing to print."""
    if isinstance(name, str):
        return _typographic(_as_text(name))
    if not isinstance(name, dict):
        return ""
    given, family = _as_text(name.get("given")), _as_text(name.get("family"))
    if not family:
        return _typographic(_plain(_unescaped(_as_text(name.get("literal") or name.get("name")) or given)))
    particles = (_as_text(name.get("dropping-particle")), _as_text(name.get("non-dropping-particle")))
    suffix = _as_text(name.get("suffix")).removesuffix(".")
    parts = [*particles, family, _initials(given, family), suffix]
    return _typographic(_unescaped(" ".join(filter(None, parts))))


def _names(item, role, *, at_most, shown):
    """The people in `role`, the first `shown` and “et al” when there are more than `at_most`; and their number."""
    listed = item.csl.get(role)
    readable = filter(None, map(_name, listed)) if isinstance(listed, list) else ()
    names = list(islice(readable, at_most + 1))
    custom = item.csl.get("custom")
    # Set when a typed line itself ended its authors in “et al”.
    has_more = role == "author" and isinstance(custom, dict) and bool(custom.get("more-authors"))
    if names and (len(names) > at_most or has_more):
        names = [*names[:shown], "et al"]
    return ", ".join(names), len(names)


# Numbers and dates -----------------------------------------------------------------------------------------

_EDITION_WORD = re.compile(r"[ ,]{0,2}\bed(?:ition|n)?\.?$", re.I)
_MONTHS = "January February March April May June July August September October November December".split()
_RANGE = re.compile(r"([A-Za-z]{0,4})([0-9]{1,12})\s*[-–—‐‑−]{1,2}\s*([A-Za-z]{0,4})([0-9]{1,12})")
_WEB_ADDRESS = re.compile(r"https?://\S+$", re.I)
_ROMAN_RANGE = re.compile(r"([ivxlcdm]{1,15})\s*[-–—‐‑−]{1,2}\s*([ivxlcdm]{1,15})", re.I)
_DASHES = re.compile("[–—‐‑−]")


def _range(text):
    """First and last page of “1132–1136”, the last written out; None when `text` is no such range."""
    found = _RANGE.fullmatch(text)
    if not found:
        roman = _ROMAN_RANGE.fullmatch(text)
        return (roman[1], roman[2]) if roman else None
    letters, first, letters_again, last = found.groups()
    if letters_again and letters_again != letters:
        return None
    if len(last) < len(first):
        last = first[: -len(last)] + last
    return (letters + first, letters + last) if int(last) >= int(first) else None


def _shortened(first, last):
    """`last` without the digits it shares with `first`: 1132, 1136 gives 6 (Citing Medicine, ch. 1, pages)."""
    if first == last or len(first) != len(last) or not last[-1].isdigit():
        return last
    same = next(place for place, (one, other) in enumerate(zip(first, last, strict=True)) if one != other)
    return last[same:]


def _pages(page, write):
    """Every range in a list of pages, written by `write(first, last)`; anything else as it stands."""
    pieces = re.split(r"\s*([,;])\s*", page)
    for place in range(0, len(pieces), 2):
        found = _range(pieces[place])
        if found:
            pieces[place] = write(*found)
        else:
            pieces[place] = _DASHES.sub("-", pieces[place])
    return "".join(f"{piece} " if piece in (",", ";") else piece for piece in pieces).strip()


def _ama_pages(page):
    return _pages(page, lambda first, last: f"{first}-{last}")


def _nlm_pages(page):
    return _pages(page, lambda first, last: f"{first}–{_shortened(first, last)}")


def _nlm_number(number):
    """A volume or issue; a double issue gets an en dash."""
    return re.sub(r"^([0-9]+)\s*[-–]\s*([0-9]+)$", r"\1–\2", number)


def _whole_number(value):
    if isinstance(value, (bool, float)):
        return None
    try:
        return int(value) if len(str(value)) < 6 else None
    except (TypeError, ValueError):
        return None


class _Item:
    """The fields of a CSL-JSON item that are printed, each "" or None when it is missing or unreadable."""

    def __init__(self, csl):
        self.csl = csl if isinstance(csl, dict) else {}
        self.type = _as_text(self.csl.get("type"))
        self.title = _typographic(_with_marks(_unescaped(self._verbatim("title"))))
        self.container = self.text("container-title")
        self.publisher = self.text("publisher")
        self.volume = self.text("volume")
        self.issue = self.text("issue")
        self.page = self._verbatim("page")
        self.doi = self._verbatim("DOI")
        url = self._verbatim("URL")
        self.url = url if _WEB_ADDRESS.match(url) else ""

    def _verbatim(self, field):
        return _as_text(self.csl.get(field))

    def text(self, field):
        """The field in plain text, without markup and with curly quotes."""
        text = self._verbatim(field)
        return _typographic(_plain(_with_marks(_unescaped(text)))) if text else ""

    @property
    def journal(self):
        """The abbreviated title where there is one; both styles print it without full stops."""
        short = self.text("container-title-short") or self.text("journalAbbreviation")
        return (short or self.container).replace(".", "")

    @property
    def edition(self):
        """“2nd ed”, or "" for none and for the first edition, which is not named."""
        edition = self.text("edition")
        number = re.match(r"([0-9]{1,3})(?:st|nd|rd|th)?\b", edition)
        if number:
            return "" if number[1] == "1" else f"{_ordinal(int(number[1]))} ed"
        return f"{_EDITION_WORD.sub('', edition)} ed" if edition else ""

    def date(self, field):
        """(year, month, day) with None for what is not known."""
        value = self.csl.get(field)
        parts = value.get("date-parts") if isinstance(value, dict) else None
        first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
        year, month, day = ([_whole_number(part) for part in first[:3]] + [None] * 3)[:3]
        if year is None:
            spelled = (value.get("raw") or value.get("literal")) if isinstance(value, dict) else value
            found = re.search(r"(?<![0-9])[12][0-9]{3}(?![0-9])", _as_text(spelled))
            return (int(found[0]) if found else None), None, None
        if month is None or not 1 <= month <= 12:
            return year, None, None
        return year, month, day if day is not None and 1 <= day <= 31 else None

    def year(self):
        year = self.date("issued")[0]
        return "" if year is None else str(year)


def _ordinal(number):
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _long_date(date):
    """“October 3, 2017”, shorter when less is known."""
    year, month, day = date
    if year is None:
        return ""
    if month is None:
        return str(year)
    return f"{_MONTHS[month - 1]} {day}, {year}" if day else f"{_MONTHS[month - 1]} {year}"


def _short_date(date):
    """“2017 Oct 3”, shorter when less is known."""
    year, month, day = date
    if year is None:
        return ""
    return " ".join(map(str, filter(None, (year, _MONTHS[month - 1][:3] if month else None, day))))


def _numeration(volume, issue, pages):
    """“51(6):484” from the parts there are."""
    return "".join([volume, f"({issue})" if issue else "", f":{pages}" if pages else ""])


# AMA -------------------------------------------------------------------------------------------------------


def ama(csl, *, doi=True):
    """The reference in AMA style, plain text; without the closing “doi:…” when `doi` is false.

    More than six authors are shown as three and “et al” (AMA Manual of Style, 11th ed., 3.7).
    """
    return _plain(_ama(_Item(csl), doi))


def ama_html(csl, *, doi=True):
    """`ama` as safe HTML: everything escaped, and of markup only italics, bold, sub- and superscript left."""
    return _html(_ama(_Item(csl), doi))


def _ama(item, with_doi):
    layout = _AMA_LAYOUTS.get(item.type) or (_ama_periodical if item.container else _ama_document)
    people, _ = _names(item, "author", at_most=6, shown=3)
    if not people and layout is not _ama_chapter:
        people = _ama_editors(item)
    sentences = [people, *layout(item)]
    tail = f"doi:{item.doi}" if item.doi and with_doi else ""
    if not item.doi and item.url:
        accessed = _long_date(item.date("accessed"))
        sentences.append(f"Accessed {accessed}" if accessed else "")
        tail = item.url
    return _line(sentences, tail)


def _ama_editors(item):
    editors, count = _names(item, "editor", at_most=6, shown=3)
    return f"{editors}, {'ed' if count == 1 else 'eds'}" if editors else ""


def _ama_periodical(item):
    pages = _ama_pages(item.page)
    if item.volume or item.issue:
        numeration = _numeration(item.volume, item.issue, pages)
        year = item.year()
        imprint = f"{year};{numeration}" if year else numeration
    else:
        date = _long_date(item.date("issued"))
        imprint = ":".join(filter(None, [f"Published online {date}" if date else "", pages]))
    return [item.title, item.journal, imprint]


def _ama_book_title(title, item):
    """Titles of books are set in capitals; those in another language only where the style cannot know."""
    language = item.text("language").lower()
    return title if language and not language.startswith("en") else _title_case(title)


def _ama_imprint(item):
    imprint = "; ".join(filter(None, [item.publisher, item.year()]))
    return ":".join(filter(None, [imprint, _ama_pages(item.page)]))


def _ama_volume(item):
    return f"Vol {item.volume}" if item.volume else ""


def _ama_book(item):
    title = _ama_book_title(item.title, item)
    genre = item.text("genre") if item.type == "thesis" else ""
    return [title, genre, _ama_volume(item), item.edition, _ama_imprint(item)]


def _ama_chapter(item):
    editors = _ama_editors(item)
    book = _ama_book_title(item.container, item)
    within = [f"In: {editors}", book] if editors and book else [f"In: {book}"] if book else [editors]
    return [item.title, *within, _ama_volume(item), item.edition, _ama_imprint(item)]


def _ama_preprint(item):
    date = _long_date(item.date("issued"))
    return [item.title, item.container or item.publisher, f"Preprint posted online {date}" if date else ""]


def _ama_webpage(item):
    date = _long_date(item.date("issued"))
    return [item.title, item.container or item.publisher, f"Published {date}" if date else ""]


def _ama_document(item):
    return [item.title, item.edition, _ama_imprint(item)]


_AMA_LAYOUTS = {
    "article": _ama_preprint,
    "article-journal": _ama_periodical,
    "article-magazine": _ama_periodical,
    "article-newspaper": _ama_periodical,
    "dataset": _ama_periodical,
    "entry": _ama_periodical,
    "standard": _ama_periodical,
    "book": _ama_book,
    "report": _ama_book,
    "thesis": _ama_book,
    "chapter": _ama_chapter,
    "entry-dictionary": _ama_chapter,
    "entry-encyclopedia": _ama_chapter,
    "paper-conference": _ama_chapter,
    "post": _ama_webpage,
    "post-weblog": _ama_webpage,
    "webpage": _ama_webpage,
}


# NLM -------------------------------------------------------------------------------------------------------


def nlm(csl, *, doi=True):
    """The reference in NLM (Vancouver) style, plain text; without the closing “doi:…” when `doi` is false.

    Page ranges lose the digits they repeat; more than six authors are shown as six and “et al”.
    """
    return _plain(_nlm(_Item(csl), doi))


def nlm_html(csl, *, doi=True):
    """`nlm` as safe HTML: everything escaped, and of markup only italics, bold, sub- and superscript left."""
    return _html(_nlm(_Item(csl), doi))


_NLM_JOURNALS = {"article-journal", "article-magazine", "article-newspaper"}
_NLM_PARTS = {"chapter", "paper-conference", "entry-dictionary", "entry-encyclopedia"}
_NLM_PAGES_ONLINE = {"webpage", "post", "post-weblog"}


def _nlm(item, with_doi):
    people, _ = _names(item, "author", at_most=6, shown=6)
    is_part = item.type in _NLM_PARTS
    if not people and not is_part:
        people = _nlm_editors(item)
    if item.type in _NLM_JOURNALS:
        sentences = [people, item.title, item.journal, _nlm_numeration(item)]
    else:
        sentences = [people, *(_nlm_part(item) if is_part else _nlm_whole(item))]
    tail = f"doi:{item.doi}" if item.doi and with_doi else ""
    if not item.doi and item.url:
        tail = f"Available from: {item.url}"
    return _line(sentences, tail)


def _nlm_editors(item):
    editors, count = _names(item, "editor", at_most=6, shown=6)
    return f"{editors}, {'editor' if count == 1 else 'editors'}" if editors else ""


def _nlm_numeration(item):
    date = _short_date(item.date("issued"))
    numeration = _numeration(_nlm_number(item.volume), _nlm_number(item.issue), _nlm_pages(item.page))
    return ";".join(filter(None, [date, numeration.removeprefix(":")]))


def _nlm_imprint(item):
    place = item.text("publisher-place")
    publisher = f"{place}: {item.publisher}" if place and item.publisher else item.publisher
    cited = _short_date(item.date("accessed")) if item.type in _NLM_PAGES_ONLINE else ""
    imprint = "; ".join(filter(None, [publisher, item.year()]))
    return f"{imprint} [cited {cited}]".strip() if cited else imprint


def _nlm_part(item):
    editors, book = _nlm_editors(item), item.container
    within = [f"In: {editors}", book] if editors and book else [f"In: {book}"] if book else [editors]
    pages = _nlm_pages(item.page)
    return [item.title, *within, item.edition, _nlm_imprint(item), f"p. {pages}" if pages else ""]


def _nlm_whole(item):
    title = item.title
    if title and item.type in _NLM_PAGES_ONLINE:
        title += " [Internet]"
    elif title and item.type == "thesis" and (genre := item.text("genre")):
        title += f" [{genre}]"
    return [title, item.container, item.edition, _nlm_imprint(item)]
