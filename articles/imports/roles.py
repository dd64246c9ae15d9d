"""The roles a line of a document can have, in the order in which people choose from them."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True)
class Role:
    """One thing a line can become.

    `words` and `group` are not translated yet, because reports store `words`. Pages translate both.
    """

    code: str
    words: str  # the name of the role
    group: str
    longest: int | None = None  # how many characters its field can hold
    is_row: bool = False
    is_claim: bool = False  # its row is a claim and has citations of its own
    is_derived: bool = False  # it follows from other lines, so nobody can choose it


TOP = _("Top of the page")
TEXT = _("In the text")
ROWS = _("In a place of its own on the page")
COMPARISON = _("In the comparison")
SOURCES = _("Sources")
OUT = _("Left out")

_ALL = [
    Role("title", _("title"), TOP, 150),
    Role("kicker", _("kicker"), TOP, 80),
    Role("summary", _("summary"), TOP, 300),
    Role("tag", _("tag"), TOP, 100),
    Role("h2", _("heading"), TEXT),
    Role("h3", _("smaller heading"), TEXT),
    Role("p", _("paragraph"), TEXT),
    Role("ul", _("list with bullets"), TEXT),
    Role("ol", _("list with numbers"), TEXT),
    Role("table_row", _("row of a table"), TEXT, is_derived=True),
    Role("table_caption", _("caption of a table"), TEXT, is_derived=True),
    Role("key_points", _("key point"), ROWS, 300, True),
    Role("conditions", _("condition it is tried for"), ROWS, 120, True, True),
    Role("indications", _("who it may suit"), ROWS, 300, True, True),
    Role("stop", _("reason not to have it"), ROWS, 120, True, True),
    Role("ask_first", _("reason to ask first"), ROWS, 120, True, True),
    Role("before", _("what happens, before"), ROWS, 300, True),
    Role("during", _("what happens, during"), ROWS, 300, True),
    Role("after", _("what happens, after"), ROWS, 300, True),
    Role("side_effects", _("side effect"), ROWS, 120, True, True),
    Role("now", _("when to get help, now"), ROWS, 300, True),
    Role("today", _("when to get help, today"), ROWS, 300, True),
    Role("routine", _("when to get help, routine"), ROWS, 300, True),
    Role("do", _("advice, do"), ROWS, 300, True, True),
    Role("dont", _("advice, do not"), ROWS, 300, True, True),
    Role("experts", _("expert view"), ROWS, 300, True, True),
    Role("alternatives", _("other thing to try"), ROWS, 300, True),
    Role("questions", _("question"), ROWS, 300, True),
    Role("here_name", _("name of this treatment"), COMPARISON, is_row=True),
    Role("there_name", _("name of the other treatment"), COMPARISON, 80, True),
    Role("here", _("about this treatment"), COMPARISON, 300, True),
    Role("there", _("about the other treatment"), COMPARISON, 300, True),
    Role("reference", _("reference"), SOURCES),
    Role("reference_goes_on", _("rest of the reference above"), SOURCES),
    Role("references_heading", _("heading of references, left out"), OUT, is_derived=True),
    Role("front", _("name of the site, left out"), OUT, is_derived=True),
    Role("page_date", _("date of the page, left out"), OUT, is_derived=True),
    Role("front_matter", _("field before the text, left out"), OUT, is_derived=True),
    Role("page_mark", _("number or head of pages, left out"), OUT, is_derived=True),
    Role("lead_in", _("lead-in, left out"), OUT, is_derived=True),
    Role("rows_heading", _("heading, left out"), OUT, is_derived=True),
    Role("said_already", _("said already, left out"), OUT, is_derived=True),
    Role("note", _("note on a sentence, left out of the text"), OUT, is_derived=True),
    Role("left_out", _("leave it out"), OUT),
]  # fmt: skip

ROLES = {role.code: role for role in _ALL}
#: Codes of the roles whose lines stay in the running text.
IN_TEXT = frozenset({"h2", "h3", "p", "ul", "ol", "table_row", "table_caption"})
#: An article has at most one line of each of these roles.
SINGLE = ("title", "kicker", "summary", "here_name", "there_name")


def fits(code: str, text: str) -> bool:
    """Return whether `text` fits the field of the role `code`."""
    longest = ROLES[code].longest
    return longest is None or len(text) <= longest


def may_be_chosen(code: str | None) -> bool:
    """Return whether `code` is a role that a person can give to a line."""
    return code in ROLES and not ROLES[code].is_derived
