"""What the templates of the public pages ask for: dates, directions, the dots of a count."""

import re
from unicodedata import bidirectional

from django import template
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language_bidi, get_language_info, gettext, pgettext

from articles.wording import CERTAINTY_LEVELS

register = template.Library()

_ACROSS, _STEP = 20, 12  # dots in a row, and the distance between two of them
#: Unicode's bidirectional classes that leave words from left to right as they are (UAX 9, table 4).
_RUNS_ON = frozenset({"L", "EN", "ES", "ET", "CS", "NSM", "BN", "B", "S", "WS", "ON"})


@register.filter(expects_localtime=True)
def day(value):
    """A date as readers get it, month in full: 1 March 2026."""
    return date_format(value, pgettext("date format: 1 March 2026", "j F Y")) if value else ""


@register.filter(expects_localtime=True)
def month(value):
    """A month as readers get it: March 2026."""
    return date_format(value, pgettext("date format: March 2026", "F Y")) if value else ""


@register.filter
def weight(size):
    """Bytes as readers get them: 66 kB, 1.2 MB."""
    if size < 1_000_000:
        return gettext("%s kB") % number_format(max(1, round(size / 1000)), decimal_pos=0)
    return gettext("%s MB") % number_format(size / 1_000_000, decimal_pos=1)


@register.filter
def direction(language):
    """The way a language is written, as the `dir` attribute takes it."""
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "ltr"


@register.filter
def own_name(language):
    """What a language calls itself: "Español"."""
    try:
        name = get_language_info(language)["name_local"]
    except KeyError:
        return language
    return name[:1].upper() + name[1:]


@register.filter
def dialable(number):
    """`number` as a telephone link takes it; "" when it is more than a number ("999 or 112")."""
    digits = re.sub(r"[\s-]", "", str(number))
    return digits if re.fullmatch(r"\+?[0-9]{2,15}", digits) else ""


@register.simple_tag
def dots(start, end):
    """The path of the dots `start` to `end` (not included) of a hundred: a line a row, to be dashed
    "0 12".

    A dash of no length with round ends is a dot. Five lines weigh a twentieth of a hundred circles,
    and strokes print where backgrounds do not. A line goes on a little past its last dot, which
    would else be lost to rounding.
    """
    rows = ((row, max(start, row), min(end, row + _ACROSS)) for row in range(0, end, _ACROSS))
    return "".join(
        f"M{_STEP * (first - row) + 6}"
        f" {_STEP * row // _ACROSS + 6}h{_STEP * (last - first) - _STEP + 1}"
        for row, first, last in rows
        if first < last
    )


@register.filter
def apart(text):
    """`text` so that it cannot turn the words around it: in a `bdi`, but where it runs the way of
    the page anyway.

    A list of sources has hundreds of such words, and every element costs a phone time. On a page
    from right to left numbers and Latin words always stand apart.
    """
    turns = get_language_bidi() or any(
        bidirectional(letter) not in _RUNS_ON for letter in str(text)
    )
    return format_html("<bdi>{}</bdi>", text) if turns else text


@register.filter
def marked(pieces):
    """Plain text in pieces (articles.live.search.excerpts) with the words found marked."""
    return format_html_join("", "{}", ((_mark(piece),) for piece in pieces))


def _mark(piece):
    return format_html("<mark>{}</mark>", piece.text) if piece.is_hit else piece.text


@register.simple_tag
def sureness_levels():
    """How sure we can be, surest first: Sureness objects."""
    return list(CERTAINTY_LEVELS.values())


@register.filter
def about(notices, entry):
    """Those of the safety notices that name this source."""
    return [
        notice
        for notice in notices or ()
        if str(getattr(notice, "reference_uid", None)) == entry.uid
    ]


@register.filter
def as_said(notices):
    """What the safety notices make a list of sources say, as text: another text, another list."""
    return repr(
        [
            (notice.kind, notice.text, notice.notice_uid, str(notice.reference_uid))
            for notice in notices or ()
        ]
    )


@register.simple_tag
def file_of(sha256, file, address, of=""):
    """Where a file of a picture is asked for.

    `address` is a name, `of` what it takes before the file, if anything.
    """
    return reverse(address, args=[*([of] if of else []), sha256, file["width"], file["suffix"]])
