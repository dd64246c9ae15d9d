"""What the review page of an import shows: the source, and beside it what becomes of each line."""

from dataclasses import dataclass, field
from functools import cached_property

from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from articles import imports
from articles.imports.roles import COMPARISON, OUT, ROLES, ROWS, SOURCES, TEXT, TOP
from articles.imports.tables import words_of_row
from articles.richtext import cleaning

#: Lines on one page. An article has about a hundred, and each line has a select with
#: thirty options.
PAGE = 200
#: Notes shown at once. Others appear when these are accepted.
MAX_POINTS = 60
#: The kinds of points, in the order in which they are shown.
_KINDS_OF_POINTS = ("unread", "unplaced", "missing", "repair", "uncited", "mark")
_ABOUT_MANY_LINES = frozenset({"missing", "uncited", "mark"})
#: The option that takes back the move of a line.
AS_READ = "as_read"


@dataclass
class ResultItem:
    """One thing that the draft or the record will hold, and the lines it comes from."""

    lines: tuple
    words: object  # text, or HTML that was cleaned
    label: str = ""
    tag: str = ""  # h2, h3, p, ul, ol or table for the running text
    marker: str = ""  # the bullet or number of an item of a list
    details: list = field(default_factory=list)
    depth: int = 0  # of an item of a list in a list

    @property
    def line(self):
        return self.lines[0]

    @property
    def more_lines(self):
        return self.lines[1:]


class ImportResult:
    """What `document` becomes with these choices.

    `first` is the position of the first line on this page, from 1.
    """

    def __init__(self, document, choices, first=1):
        self.document, self.choices = document, choices
        self.imported = imports.structure(document.lines, document.messages, choices.moves)
        self.read_as = {use.line: use.role for use in imports.structure(document.lines).line_uses}
        self.uses = {use.line: use for use in self.imported.line_uses}
        self.first = (min(max(first, 1), len(document.lines)) - 1) // PAGE * PAGE + 1
        self._order = {line.number: place for place, line in enumerate(document.lines, start=1)}
        self._shown = {
            line.number for line in document.lines[self.first - 1 : self.first - 1 + PAGE]
        }
        self._options = {}

    # How many lines have a place -----------------------------------------------------------------

    @property
    def total(self):
        return len(self.document.lines)

    @property
    def accounted(self):
        """How many lines have a place. It counts what is shown, and assumes nothing."""
        return len({number for item in self._pieces() for number in item.lines})

    @property
    def left_out(self):
        return sum(use.is_left_out for use in self.imported.line_uses)

    @property
    def pages(self):
        """[(position of the first line, of the last, whether it is this page)] of every page."""
        starts = range(1, self.total + 1, PAGE)
        return [(start, min(start + PAGE - 1, self.total), start == self.first) for start in starts]

    def page_of(self, number):
        """Return the position of the first line on the page that shows line `number`."""
        return (self._order[number] - 1) // PAGE * PAGE + 1

    # Points and claims to check -------------------------------------------------------------------

    @property
    def points_to_check(self):
        return [
            point for point in self.imported.points_to_check if point.id not in self.choices.seen
        ]

    @property
    def seen_points(self):
        return [point for point in self.imported.points_to_check if point.id in self.choices.seen]

    def shown_points(self):
        order = {kind: place for place, kind in enumerate(_KINDS_OF_POINTS)}
        for point in sorted(self.points_to_check, key=lambda point: order[point.kind])[:MAX_POINTS]:
            number = point.lines[0]
            yield {
                "point": point,
                "text": _(point.text),
                "links": [(line, self.page_of(line)) for line in point.lines[:8]],
                "more": len(point.lines[8:]),
                "source": "" if point.kind in _ABOUT_MANY_LINES else self.uses[number].text,
                "name": f"look-{number}-{self.uses[number].role}",
                "options": "" if point.kind in _ABOUT_MANY_LINES else self.options(number),
            }

    def points_not_shown(self):
        return max(0, len(self.points_to_check) - MAX_POINTS)

    @property
    def claims_that_cite(self):
        """The suggested claims, of all pages, that are tied to a reference."""
        return [
            claim
            for claim in self.imported.suggested_claims
            if any(citation.line is not None for citation in claim.citations)
        ]

    def claims_to_accept(self):
        """Return how many claims cite a reference and are not accepted yet."""
        return sum(claim.id not in self.choices.claims for claim in self.claims_that_cite)

    def claims(self):
        for claim in self.imported.suggested_claims:
            if claim.line in self._shown:
                yield {
                    "claim": claim,
                    "is_accepted": claim.id in self.choices.claims,
                    "reason": _(claim.reason),
                    "citations": [(one, self._works.get(one.line, "")) for one in claim.citations],
                }

    @cached_property
    def _works(self):
        return {reference.line: reference.work for reference in self.imported.references}

    # Left: the source ----------------------------------------------------------------------------

    def source(self):
        for line in self.document.lines:
            if line.number in self._shown:
                use = self.uses[line.number]
                yield {
                    "number": line.number,
                    "mark": line.note or line.mark,
                    "text": words_of_row(line.text),
                    "name": f"line-{line.number}-{use.role}",
                    "options": self.options(line.number),
                    "is_moved": line.number in self.choices.moves,
                    "is_unplaced": use.is_unplaced,
                    "gap": line.gap,
                }

    def options(self, number):
        """Return the <option>s of a line. Lines with the same role share the markup."""
        role_now, read_as = self.uses[number].role, self.read_as[number]
        moved = number in self.choices.moves
        key = (role_now, read_as if moved else "")
        if key not in self._options:
            self._options[key] = self._options_for(role_now, read_as if moved else "")
        return self._options[key]

    def plain_options(self):
        """Return the <option>s for several lines at once, with none chosen."""
        return self._options_for("", "")

    @staticmethod
    def _options_for(role_now, read_as):
        parts = []
        if read_as:
            label = _("as it was read: %s") % _(ROLES[read_as].words)
            parts.append(format_html('<option value="{}">{}</option>', AS_READ, label))
        for group in (TOP, TEXT, ROWS, COMPARISON, SOURCES, OUT):
            roles = [
                role
                for role in ROLES.values()
                if role.group == group and (role.code == role_now or not role.is_derived)
            ]
            options = format_html_join(
                "", "{}", ((_option(role, is_chosen=role.code == role_now),) for role in roles)
            )
            parts.append(format_html('<optgroup label="{}">{}</optgroup>', _(group), options))
        return format_html_join("", "{}", ((part,) for part in parts))

    # Right: what it becomes ----------------------------------------------------------------------

    def groups(self):
        """Yield (heading, items) in the order of the page, for the lines of this page only."""
        for heading, items in self._all_groups:
            shown = [item for item in items if self._shown & set(item.lines)]
            if shown:
                yield _(heading), shown

    def _pieces(self):
        return [item for _heading, items in self._all_groups for item in items]

    @cached_property
    def _all_groups(self):
        return list(self._groups())

    def _groups(self):
        yield TOP, self._plain("title", "kicker", "summary", "tag")
        yield TEXT, self._text()
        for role in ROLES.values():
            if role.group == ROWS:
                yield role.words, self._rows(role.code)
        yield COMPARISON, self._plain("here_name", "here", "there_name", "there")
        yield SOURCES, self._references()
        out = [use for use in self.imported.line_uses if use.is_left_out]
        yield OUT, [ResultItem((use.line,), use.text, _(use.use)) for use in out]

    def _plain(self, *codes):
        order = {code: place for place, code in enumerate(codes)}
        uses = sorted(
            (use for use in self.imported.line_uses if use.role in order),
            key=lambda use: order[use.role],
        )
        return [ResultItem((use.line,), use.text, _(ROLES[use.role].words)) for use in uses]

    def _text(self):
        blocks, _keys = imports.mark_claims(self.imported, self.choices.claims)
        items = []
        for block in blocks:
            if block.tag == "table":
                items.append(self._table(block))
                continue
            markers = block.markers if block.tag in {"ul", "ol"} else [(0, "")]
            for (depth, marker), (number, _text, html) in zip(markers, block.items, strict=True):
                why = self.uses[number].why
                # The words that the draft will have, cleaned in the same way.
                words = mark_safe(cleaning.clean(html)) if number in self._shown else ""  # noqa: S308
                label = _(ROLES[block.tag].words) if block.tag in {"h2", "h3"} else ""
                items.append(
                    ResultItem(
                        (number,), words, label, block.tag, marker, [why] if why else [], depth
                    )
                )
        return items

    def _table(self, block):
        """Return a table as one item, because a row says nothing without its head."""
        numbers = tuple(number for number, _text, _html in block.items)
        words = ""
        if self._shown & set(numbers):
            words = mark_safe(cleaning.clean(block.html))  # noqa: S308
        reasons = [self.uses[number].why for number in numbers if self.uses[number].why]
        return ResultItem(numbers, words, _("table"), "table", details=reasons)

    def _rows(self, code):
        effects = {row.line: row for row in self.imported.side_effects}
        items = []
        for use in self.imported.line_uses:
            if use.role == code:
                row = effects.get(use.line) if code == "side_effects" else None
                items.append(
                    ResultItem(
                        (use.line,),
                        row.text if row else use.text,
                        details=_details_of(row) if row else [],
                    )
                )
        return items

    def _references(self):
        repairs = {
            point.lines[0]: point.text
            for point in self.imported.points_to_check
            if point.kind in {"repair", "unread"}
        }
        items = []
        for reference in self.imported.references:
            details = [_(repairs[reference.line])] if reference.line in repairs else []
            label = reference.footnote or (
                "" if reference.number is None else str(reference.number)
            )
            items.append(ResultItem(reference.lines, reference.work, label, details=details))
        return items


def _option(role, *, is_chosen):
    markup = (
        '<option value="{}" selected>{}</option>' if is_chosen else '<option value="{}">{}</option>'
    )
    return format_html(markup, role.code, _(role.words))


def _details_of(row):
    """Return what was read of a side effect, besides its name."""
    details = []
    if row.n is not None:
        details.append(
            _("%(n)s in %(base)s %(unit)s") % {"n": row.n, "base": row.base, "unit": _(row.unit)}
        )
    if row.how_long:
        details.append(row.how_long)
    if row.is_serious:
        details.append(_("serious"))
    if row.what_to_do:
        details.append(_("what to do: %s") % row.what_to_do)
    if row.note:
        details.append(_("note: %s") % row.note)
    return details
