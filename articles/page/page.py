"""A page from frozen content: what the public page, the draft preview and the handout show, in
reading order.

Pure: takes content (articles.revisions.freezing), gives values for templates. Lists are made in the
order of the page, because citation numbers are handed out by first use (articles.page.numbering).
"""

from dataclasses import dataclass, replace
from datetime import date

from django.utils import translation
from django.utils.functional import cached_property

from articles.revisions import contents, glossary, introduction
from articles.richtext.citations import body_with_citations
from articles.wording import CERTAINTY_LEVELS, HEADINGS, PHASES, STUDIES_DISAGREE, counted, sides

from . import certainty, figures, glossary_entries, headings, sources
from .certainty import OverallCertainty, RatedClaim
from .numbering import Numbering

#: Lists of rows named by the shared vocabulary, and where a row names it.
_TERMS = {rows.name: rows.term for rows in contents.CLAIM_ROWS if rows.term}


@dataclass(frozen=True)
class Phase:
    """A stretch of what happens: its steps are counted on from those before it."""

    heading: str
    rows: list[dict]
    first: int


@dataclass(frozen=True)
class Option:
    """Something else to try.

    `leads_to` is the live page about it (title, language, get_absolute_url), or None.
    """

    row: dict
    leads_to: object = None


@dataclass(frozen=True)
class ExpertView:
    """What one person thinks, in their name. `person` is None when nobody is named."""

    person: dict | None
    lines: list[RatedClaim]


class Page:
    """What a page says. Attributes are computed in reading order; a template may use them in any.

    Its words come out in the language of the content, whatever language is active.
    """

    def __init__(
        self,
        content,
        *,
        digest="",
        pictures_at="articles:picture",
        pictures_of="",
        sources_at="",
        live_pages=None,
    ):
        """`digest` is that of the revision with this content; what is made of a page that has one
        may be kept.

        `pictures_at` names the address the files of its pictures are asked for; drafts have one of
        their own.

        `pictures_of` is what that address takes before the file: the secret of an invited reader's
        link.

        `sources_at` names the address that tells more of a source; only live pages have it.
        `live_pages` is {uid: live page} of those it may lead to (articles.live.pages.Neighbours).
        """
        self.content = content
        self.digest = digest
        self.pictures_at = pictures_at
        self.pictures_of = pictures_of
        self.sources_at = sources_at
        self.slug = content["slug"]
        self.title = content["title"]
        self.kicker = content["kicker"]
        self.summary = content["summary"]
        self.language = content["language"]
        self.translated_on = _date(content.get("translated_from", {}).get("on"))
        self.other_names = content["other_names"]
        self.is_demonstration = content["is_demonstration"]
        self.written_by = content["written_by"]
        self.funding = content["funding"]
        self.conflicts = content["conflicts"]
        self.evidence_searched_on = _date(content["evidence_searched_on"])
        self.tags = content["tags"]
        self.compared_with = content["compared_with"]
        self.comparison = content["comparison"]
        self.questions = content["questions"]
        # Revisions older than these have none.
        self.steps = content.get("steps", [])
        self.options = [
            Option(row, (live_pages or {}).get(row.get("page", {}).get("uid")))
            for row in content.get("alternatives", ())
        ]
        self.key_points = content["key_points"]
        self.help_now, self.help_today, self.help_routine = (
            [row for row in content["help"] if row["kind"] == kind]
            for kind in ("now", "today", "routine")
        )
        self.no_known_contraindications = content["no_known_contraindications"]
        self.headings = HEADINGS

        self._claims = {claim["key"]: claim for claim in content["claims"]}
        self._numbering = Numbering(content)
        with translation.override(self.language):
            self._number_from_the_top()

    def _number_from_the_top(self):
        """Every list, in the order the page shows them, for numbers are handed out as they are
        asked for.
        """
        beginning, rest = introduction.split_introduction(self.content)
        beginning = self._with_citations(beginning)
        self.stop_if = self._lines("contraindications", action="stop")
        self.ask_first_if = self._lines("contraindications", action="ask_first")
        self.body, self.body_headings = headings.with_anchors(
            beginning + self._with_citations(rest)
        )
        self.body, led_to = glossary.with_links(self.body, [word.word for word in self._explained])
        self.words = [
            replace(word, anchor=f"w{number}", used_at=f"w{number}-1" if number in led_to else "")
            for number, word in enumerate(self._explained, 1)
        ]
        # How many of the headings stand in the opening; None where there is no opening.
        self._opening_headings = len(headings.HEADING.findall(beginning)) if beginning else None
        self.conditions = self._lines("conditions")
        self.indications = self._lines("indications")
        self.side_effects = self._lines("side_effects", is_serious=False)
        self.serious_side_effects = self._lines("side_effects", is_serious=True)
        self.do = self._lines("recommendations", kind="do")
        self.do_not = self._lines("recommendations", kind="dont")
        self.expert_views = self._lines("recommendations", kind="expert")
        self.references = self._numbering.entries
        self.how_sure = {
            name: OverallCertainty.of(lines)
            for name, lines in (
                ("stop", self.stop_if),
                ("ask_first", self.ask_first_if),
                ("indications", self.indications),
                ("side_effects", [*self.side_effects, *self.serious_side_effects]),
                ("do", self.do),
                ("do_not", self.do_not),
            )
        }

    @cached_property
    def _figures(self):
        # Revisions older than pictures say nothing of them.
        rows = self.content.get("pictures", ())
        return figures.by_place(rows, [name for _, name in self.body_headings])

    @property
    def top_figures(self):
        """Pictures that stand before the text."""
        return self._figures.get(-1, [])

    @property
    def figures_without_heading(self):
        """Pictures whose heading is not in the text any more: they stand after it."""
        return self._figures.get(len(self.body_headings), [])

    @cached_property
    def _halves(self):
        """The Parts of the opening, and those of the rest of the body.

        Put together they are `body`.
        """
        return figures.halves(self.body, self._opening_headings, self._figures)

    @property
    def opening_parts(self):
        """What it is, before the reasons not to have it.

        The pictures of each heading stand right after it.
        """
        return self._halves[0]

    @property
    def body_parts(self):
        """The rest of the body, after those reasons; all of it where there is no opening."""
        return self._halves[1]

    @cached_property
    def further_reading(self):
        """Sources on the reading list that nothing rests on: never shown as evidence."""
        return self._numbering.without_number(self.content["reading_list"])

    @cached_property
    def lines_of_references(self):
        """About how many lines a long list of sources fills (Entry.lines).

        0 where the list is short.
        """
        return sources.estimated_lines(self.references)

    @property
    def all_sources(self):
        """Every source the page names, those that something rests on first."""
        return [*self.references, *self.further_reading]

    @cached_property
    def sureness_levels(self):
        """The levels this page uses, surest first, so that it explains no others."""
        used = {line.sure.level for line in (*self.conditions, *self.indications)}
        return [sureness for level, sureness in CERTAINTY_LEVELS.items() if level in used]

    @property
    def phases(self):
        """What happens, before, during and after; what has no step is left out."""
        found, first = [], 1
        for kind, heading in PHASES.items():
            if rows := [row for row in self.steps if row["kind"] == kind]:
                found.append(Phase(str(heading), rows, first))
                first += len(rows)
        return found

    @cached_property
    def rests_on_overviews_only(self):
        """Is every source that is used as proof an overview, an opinion or a lab study, and rated
        no higher?
        """
        return certainty.rest_on_overviews_only(self._claims.values())

    @cached_property
    def _explained(self):
        return glossary_entries.glossary_entries(self.content)

    @cached_property
    def experts(self):
        """The views of experts, those of one person together, in the order they first speak."""
        by_person = {}
        for line in self.expert_views:
            person = line.row["expert"]
            by_person.setdefault(person and person["uid"], ExpertView(person, [])).lines.append(
                line
            )
        return list(by_person.values())

    @property
    def opening_needs_heading(self):
        return bool(self.opening_parts) and self._starts_without_heading

    @property
    def body_needs_heading(self):
        """Does the text after the reasons start without a heading?

        After an opening it never does.
        """
        return bool(self.body_parts) and not self.opening_parts and self._starts_without_heading

    @property
    def _starts_without_heading(self):
        return not self.body.lstrip().startswith("<h2")

    @property
    def reasons_are_known(self):
        """Is there something to say about who should not have it?"""
        return bool(self.stop_if or self.ask_first_if or self.no_known_contraindications)

    @property
    def comparison_has_aspects(self):
        """Do the rows of the comparison say what they compare?

        If none does, the column is not there.
        """
        return any(row["aspect"] for row in self.comparison)

    @property
    def has_help(self):
        return bool(self.help_now or self.help_today or self.help_routine)

    @cached_property
    def contents(self):
        """(anchor, heading) of at most eight sections, in the order of the page."""
        has_opening, opening_headings = bool(self.opening_parts), self._opening_headings or 0
        sections = [
            ("what", self.opening_needs_heading),
            *((anchor, True) for anchor, _ in self.body_headings[:opening_headings]),
            ("compared", self.comparison and has_opening),
            ("not", self.reasons_are_known),
            ("what", self.body_needs_heading),
            *((anchor, True) for anchor, _ in self.body_headings[opening_headings:]),
            ("compared", self.comparison and not has_opening),
            ("studies", self.conditions),
            ("suits", self.indications),
            ("happens", self.steps),
            ("effects", self.side_effects or self.serious_side_effects),
            ("help", self.has_help),
            ("advice", self.do or self.do_not),
            ("options", self.options),
            ("ask", self.questions),
            ("experts", self.expert_views),
            ("words", self.words),
            ("references", self.references),
            ("about", True),
        ]
        names = {**HEADINGS, **dict(self.body_headings)}
        there = [anchor for anchor, is_there in sections if is_there]
        return [(anchor, names[anchor]) for anchor in headings.most_sought(there)]

    def _with_citations(self, html):
        return body_with_citations(
            html, self._numbering.cite, id_for=self._id_of_claim, said_of=self._said
        )

    def _lines(self, name, **only):
        rows = self.content[name]
        return [
            self._line(row, name)
            for row in rows
            if all(row[key] == value for key, value in only.items())
        ]

    def _line(self, row, name):
        claim = self._claims.get(row["claim"]) or {
            "certainty": "not-rated",
            "direction": "",
            "citations": [],
        }
        disagree = certainty.sources_disagree(claim)
        sure = CERTAINTY_LEVELS[claim["certainty"]]
        return RatedClaim(
            uid=row["uid"],
            text=row[_TERMS[name]]["name"] if name in _TERMS else row["text"],
            sure=sure,
            says=sure.says(claim["direction"]),
            disagreement=STUDIES_DISAGREE if disagree else "",
            marks=self._numbering.cite(row["claim"]),
            note=row.get("note", ""),
            row=row,
            sides=sides([link["stance"] for link in claim["citations"]]) if disagree else [],
            count=counted(row["n"], row["base"], row["unit"]) if row.get("n") is not None else None,
            about=certainty.subject_of_row(row, name),
        )

    def _said(self, key):
        claim = self._claims.get(key)
        return certainty.said_in_text(claim) if claim else ""

    def _id_of_claim(self, key):
        """The id of one occurrence of a claim in the text. Readers' pages lead to no claim."""
        return ""


def _date(text):
    return date.fromisoformat(text) if text else None
