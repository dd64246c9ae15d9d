"""Tags and filters of the public pages: dates, directions of writing, the dots of a count."""

import re
from unicodedata import bidirectional

from django import template
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language_bidi, get_language_info, gettext, pgettext

from articles.page.notices import NoticeOnTop
from articles.wording import CERTAINTY_LEVELS, what_was_checked

register = template.Library()
register.filter(what_was_checked)

_DOTS_IN_A_ROW = 20
_STEP = 12  # the distance between two dots
#: Bidirectional classes of letters that never reorder a line written from left to right (UAX 9,
#: table 4).
_LEFT_TO_RIGHT = frozenset({"L", "EN", "ES", "ET", "CS", "NSM", "BN", "B", "S", "WS", "ON"})


@register.filter(expects_localtime=True)
def day(value):
    """Return a date as readers get it, month in full: 1 March 2026."""
    return date_format(value, pgettext("date format: 1 March 2026", "j F Y")) if value else ""


@register.filter(expects_localtime=True)
def month(value):
    """Return a month as readers get it: March 2026."""
    return date_format(value, pgettext("date format: March 2026", "F Y")) if value else ""


@register.filter
def of_row(by_row, uid):
    """Return what `by_row` holds for the row with that uid; nothing where it holds none."""
    return by_row.get(uid, ())


@register.filter
def file_size(size):
    """Return bytes as readers get them: 66 kB, 1.2 MB."""
    if size < 1_000_000:
        return gettext("%s kB") % number_format(max(1, round(size / 1000)), decimal_pos=0)
    return gettext("%s MB") % number_format(size / 1_000_000, decimal_pos=1)


@register.filter
def direction(language):
    """Return the direction in which a language is written, for the `dir` attribute."""
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "ltr"


@register.filter
def own_name(language):
    """Return what a language calls itself: "Español"."""
    try:
        name = get_language_info(language)["name_local"]
    except KeyError:
        return language
    return name[:1].upper() + name[1:]


#: Countries for languages that are not named like the country most of their words come from.
_COUNTRIES = {"en": "GB"}


@register.filter
def locale(language):
    """Return a language as Open Graph writes it, which asks for a country: es_ES, pt_BR."""
    code, _dash, country = language.partition("-")
    return f"{code}_{country.upper() or _COUNTRIES.get(code, code.upper())}"


@register.filter
def dialable(number):
    """Return `number` for a tel: link; "" where it is not one number, as in "999 or 112"."""
    digits = re.sub(r"[\s-]", "", str(number))
    return digits if re.fullmatch(r"\+?[0-9]{2,15}", digits) else ""


@register.simple_tag
def dots(start, end):
    """Return the SVG path of the dots from `start` up to, but without, `end`, of a hundred dots.

    It has one line for each row, drawn with the dash pattern "0 12": a dash of no length with round
    ends is a dot. Five lines are a twentieth of the size of a hundred circles, and strokes are
    printed where backgrounds are not. A line is a little longer than its last dot, which rounding
    could cut off.
    """
    starts = range(0, end, _DOTS_IN_A_ROW)
    rows = ((row, max(start, row), min(end, row + _DOTS_IN_A_ROW)) for row in starts)
    return "".join(
        f"M{_STEP * (first - row) + 6}"
        f" {_STEP * row // _DOTS_IN_A_ROW + 6}h{_STEP * (last - first) - _STEP + 1}"
        for row, first, last in rows
        if first < last
    )


@register.filter
def bdi(text):
    """Return `text` in a `bdi`, so that it cannot reorder the words around it.

    Without the `bdi` where it would change nothing: a list of sources has hundreds of such texts,
    and every element costs a phone time. A page from right to left always has it, because numbers
    and Latin words reorder there.
    """
    may_reorder = get_language_bidi() or any(
        bidirectional(letter) not in _LEFT_TO_RIGHT for letter in str(text)
    )
    return format_html("<bdi>{}</bdi>", text) if may_reorder else text


@register.filter
def marked(parts):
    """Return an excerpt (articles.live.search.excerpts) with the words found marked."""
    return format_html_join("", "{}", ((_mark(part),) for part in parts))


def _mark(part):
    return format_html("<mark>{}</mark>", part.text) if part.is_hit else part.text


@register.simple_tag
def certainty_levels():
    """Return the levels of certainty, highest first: articles.wording.CertaintyWords objects."""
    return list(CERTAINTY_LEVELS.values())


@register.filter
def for_source(notices, entry):
    """Return the safety notices that name this source."""
    return [notice for notice in notices or () if entry.uid in notice.source_uids]


@register.simple_tag
def notice_on_top(notices, page):
    """Return the NoticeOnTop of a page, or None."""
    return NoticeOnTop.of(notices, page)


@register.filter
def sources_cache_key(page, notices):
    """Return a cache key for a list of sources: its text, and all that is known since it came out.

    That is its safety notices, and newer versions.
    """
    told = [
        (notice.pk, notice.kind, notice.text, sorted(notice.source_uids), notice.claim_keys)
        for notice in notices or ()
    ]
    newer = sorted(
        (uid, str(line.words), line.address) for uid, line in page.newer_versions.items()
    )
    return f"{page.digest} {told!r} {newer!r}"


@register.simple_tag
def picture_file_url(sha256, file, address, of=""):
    """Return the address of a file of a picture.

    `address` is the name of a URL, and `of` its first argument, if it has one before the file.
    """
    return reverse(address, args=[*([of] if of else []), sha256, file["width"], file["suffix"]])
