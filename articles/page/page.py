"""A page from frozen content: what the public page, the draft preview and the handout show.

Pure: takes content (articles.revisions.frozen_content), gives values for templates.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from django.utils import translation
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from articles.revisions import glossary, introduction
from articles.revisions.frozen_content import (
    AlternativeRow,
    AnyRow,
    FindingRow,
    FrozenContent,
    FrozenPerson,
    SentenceRow,
    UserTestRow,
)
from articles.richtext.citations import body_with_citations
from articles.wording import CERTAINTY_LEVELS, HEADINGS, PHASES, CertaintyWords, Words

from . import certainty, figures, findings, glossary_entries, headings, side_effects, sources
from .certainty import OverallCertainty, RatedClaim
from .checked_points import CheckedPoint, mark_point, named_by_section
from .figures import Figure, TextStretch
from .glossary_entries import GlossaryEntry
from .numbering import INTRODUCTION, MAIN_TEXT, READING_ORDER, ClaimList, Numbering
from .side_effects import SideEffectGroup
from .sources import NewerVersionLine, SourceEntry

#: {language: how a sentence to the reader begins}. In Arabic it has no beginning of its own.
_SPEAKS_TO_THE_READER = {"en": ("you ", "your "), "es": ("usted ", "está ", "ha ", "se ", "su ")}


class LivePage(Protocol):
    """A page that readers may have now (articles.live.pages)."""

    title: str
    language: str

    def get_absolute_url(self) -> str: ...


@dataclass(frozen=True)
class Phase:
    """A part of what happens. Its steps are counted on from those before it."""

    heading: str
    rows: list[SentenceRow]
    first: int


@dataclass(frozen=True)
class Option:
    """Something else to try. `leads_to` is the live page about it, or None."""

    row: AlternativeRow
    leads_to: LivePage | None = None


@dataclass(frozen=True)
class ExpertView:
    """What one person thinks, in their name. `person` is None when nobody is named."""

    person: FrozenPerson | None
    lines: list[RatedClaim]


class Page:
    """What a page says, in the language of its content, whatever language is active.

    `digest` is that of the revision with this content; what is made of a page that has one may be
    kept. `picture_url_name` names the address of its picture files (drafts have one of their own),
    and `guest_secret` is what that address takes before the file: the secret of a guest's link.
    `source_url_name` names the address that says more of a source; only live pages have it.
    `live_pages` are those it may lead to, by uid (articles.live.pages.LinkedPages).
    `newer_versions` says of which sources there is a newer one today, by uid.
    `checked_again` are the keys of claims that are checked again today: in place of how sure we
    are of them readers get wording.CHECKED_AGAIN.
    """

    def __init__(
        self,
        content: FrozenContent,
        *,
        digest: str = "",
        picture_url_name: str = "articles:picture",
        guest_secret: str = "",
        source_url_name: str = "",
        live_pages: Mapping[str, LivePage] | None = None,
        newer_versions: Mapping[str, NewerVersionLine] | None = None,
        checked_again: Collection[str] = (),
    ) -> None:
        self.content = content
        self.digest = digest
        self.picture_url_name = picture_url_name
        self.guest_secret = guest_secret
        self.source_url_name = source_url_name
        self.headings = HEADINGS
        self._live_pages = live_pages or {}
        self._checked_again = checked_again
        # Where on the page these claims are, in its order.
        self.checked_points: list[CheckedPoint] = []
        self._claims = {claim["key"]: claim for claim in content["claims"]}
        self._set_values(content)
        self._set_sentences(content)
        with translation.override(self.language):
            self._number_citations()
        self.newer_versions = newer_versions or {}
        for entry in self.all_sources if self.newer_versions else ():
            entry.newer_version = self.newer_versions.get(entry.uid)

    def _set_values(self, content: FrozenContent) -> None:
        self.slug = content["slug"]
        self.title = content["title"]
        self.kicker = content["kicker"]
        self.summary = content["summary"]
        self.language = content["language"]
        self.other_names = content["other_names"]
        self.is_demonstration = content["is_demonstration"]
        self.written_by = content["written_by"]
        self.funding = content["funding"]
        self.conflicts = content["conflicts"]
        self.tags = content["tags"]
        self.compared_with = content["compared_with"]
        self.no_known_contraindications = content["no_known_contraindications"]
        self.evidence_searched_on = _date(content["evidence_searched_on"])
        translated_from = content.get("translated_from")
        self.translated_on = _date(translated_from["on"]) if translated_from else None

    def _set_sentences(self, content: FrozenContent) -> None:
        """Set the lists of rows that cite nothing."""
        self.key_points = content["key_points"]
        self.comparison = content["comparison"]
        self.questions = content["questions"]
        self.steps = content.get("steps", [])
        self.help_now, self.help_today, self.help_routine = (
            [row for row in content["help"] if row["kind"] == kind]
            for kind in ("now", "today", "routine")
        )

    def _number_citations(self) -> None:
        """Give all citations their numbers: every part of READING_ORDER once, in that order."""
        self._numbering = Numbering(self.content, self._checked_again)
        self._side_effect_findings: dict[str, list[RatedClaim]] = {}  # by uid of their row
        beginning, rest = introduction.split_introduction(self.content)
        texts = {INTRODUCTION: beginning, MAIN_TEXT: rest}
        cited: dict[str, SafeString] = {}
        lists: dict[str, list[RatedClaim]] = {}
        for part in READING_ORDER:
            if isinstance(part, ClaimList):
                lists[part.name] = self._rated_claims(part)
            else:
                cited[part] = self._with_citations(texts[part])
        self._set_body(cited[INTRODUCTION], cited[MAIN_TEXT])
        self.checked_points = named_by_section(self.checked_points, self.body, self.body_headings)
        self._set_claims(lists)
        self.references = self._numbering.entries

    def _with_citations(self, html: str) -> SafeString:
        return body_with_citations(
            html, self._numbering.cite, id_for=self._id_of_claim, note_for=self._note_in_text
        )

    def _rated_claims(self, part: ClaimList) -> list[RatedClaim]:
        found = []
        rows = part.rows(self.content)
        for row in findings.together(rows) if part.key == "findings" else rows:
            under = self._findings_under(row, part)
            if under is None:
                continue
            found.append(self._rated_claim(row, part.key))
            for finding in under:
                self._side_effect_findings.setdefault(row["uid"], []).append(
                    self._rated_claim(finding, "findings")
                )
        return found

    def _findings_under(self, row: AnyRow, part: ClaimList) -> list[FindingRow] | None:
        """Return the findings that stand under `row`; None if it stands under another row itself.

        So the numbers of their sources follow the order of the page.
        """
        if part.key == "side_effects":
            return findings.about(row["side_effect"]["uid"], self.content)
        if part.key == "findings" and findings.stands_under_a_side_effect(row, self.content):
            return None
        return []

    def _rated_claim(self, row: AnyRow, list_name: str) -> RatedClaim:
        key = row["claim"]
        marks = self._numbering.cite(key)
        claim, is_checked_again = self._claims.get(key), key in self._checked_again
        if is_checked_again:
            row, point = mark_point(row, list_name)
            self.checked_points.append(point)
        return certainty.rated_claim(
            row, list_name, claim, marks, is_checked_again=is_checked_again
        )

    def _set_body(self, beginning: SafeString, rest: SafeString) -> None:
        body, self.body_headings = headings.with_anchors_and_frames(beginning + rest)
        explained = glossary_entries.glossary_entries(self.content)
        self.body, linked = glossary.with_links(body, [entry.word for entry in explained])
        self.words = [
            replace(entry, anchor=f"w{number}", place=f"w{number}-1" if number in linked else "")
            for number, entry in enumerate(explained, 1)
        ]
        # How many of the headings are in the introduction; None where there is no introduction.
        self._opening_headings = headings.count(beginning) if beginning else None

    def _set_claims(self, lists: Mapping[str, list[RatedClaim]]) -> None:
        self.stop_if = lists["stop_if"]
        self.ask_first_if = lists["ask_first_if"]
        self.conditions = lists["conditions"]
        self.findings = findings.shown_findings(lists["findings"], self._claims, self.content)
        self.outcomes = findings.by_outcome(self.findings)
        self.side_effect_findings = findings.shown_under(
            self._side_effect_findings, self._claims, self.content
        )
        self.indications = lists["indications"]
        self.side_effects = lists["side_effects"]
        self.serious_side_effects = lists["serious_side_effects"]
        self.do = lists["do"]
        self.do_not = lists["do_not"]
        self.expert_views = lists["expert_views"]
        self._set_overall_certainty()

    def _set_overall_certainty(self) -> None:
        """Say how sure we are once for each list, or once for all of them."""
        after_studies = {
            "indications": OverallCertainty.of(self.indications),
            "side_effects": OverallCertainty.of([*self.side_effects, *self.serious_side_effects]),
            "do": OverallCertainty.of(self.do),
            "do_not": OverallCertainty.of(self.do_not),
        }
        studies = [*self.conditions, *(finding.line for finding in self.findings)]
        above = certainty.said_of_all_studies(studies, after_studies.values())
        self.overall_certainty = {
            # Warnings come first, and say what they are for.
            "stop": OverallCertainty.of(self.stop_if),
            "ask_first": OverallCertainty.of(self.ask_first_if),
            "studies": above,
            **{
                name: certainty.unless_said_above(overall, above)
                for name, overall in after_studies.items()
            },
        }

    def _note_in_text(self, key: str) -> str:
        claim = self._claims.get(key)
        if claim is None:
            return ""
        is_checked_again = key in self._checked_again
        return str(certainty.note_in_text(claim, is_checked_again=is_checked_again))

    def _id_of_claim(self, key: str) -> str:
        """Return the id of one occurrence of a claim in the text.

        Readers' pages lead only to claims that are checked again, where they are made first.
        """
        claim = self._claims.get(key)
        if claim is None or key not in self._checked_again:
            return ""
        point = CheckedPoint.of_phrase(key)
        if point in self.checked_points:
            return ""
        self.checked_points.append(point)
        return point.anchor

    # --- text and pictures ---------------------------------------------------------------------
    @cached_property
    def _figures(self) -> dict[int, list[Figure]]:
        rows = self.content.get("pictures", ())
        return figures.by_place(rows, [name for _anchor, name in self.body_headings])

    @property
    def top_figures(self) -> list[Figure]:
        """Pictures before the text."""
        return self._figures.get(figures.BEFORE_THE_TEXT, [])

    @property
    def figures_without_heading(self) -> list[Figure]:
        """Pictures whose heading is no longer in the text: they come after it."""
        return self._figures.get(len(self.body_headings), [])

    @cached_property
    def _introduction_and_rest(self) -> tuple[list[TextStretch], list[TextStretch]]:
        """The introduction, and the rest of the body. Put together they are `body`."""
        return figures.introduction_and_rest(self.body, self._opening_headings, self._figures)

    @property
    def introduction_parts(self) -> list[TextStretch]:
        """The introduction, before the reasons not to have it.

        The pictures of each heading come right after it.
        """
        return self._introduction_and_rest[0]

    @property
    def body_parts(self) -> list[TextStretch]:
        """The rest of the body, after those reasons; all of it where there is no introduction."""
        return self._introduction_and_rest[1]

    @property
    def introduction_needs_heading(self) -> bool:
        return bool(self.introduction_parts) and self._starts_without_heading

    @property
    def body_needs_heading(self) -> bool:
        """Whether the text after the reasons starts without a heading.

        After an introduction it never does.
        """
        return (
            bool(self.body_parts) and not self.introduction_parts and self._starts_without_heading
        )

    @property
    def _starts_without_heading(self) -> bool:
        return not self.body.lstrip().startswith("<h2")

    # --- lists ---------------------------------------------------------------------------------
    @property
    def has_contraindication_section(self) -> bool:
        """Whether the page has something to say about who should not have it."""
        return bool(self.stop_if or self.ask_first_if or self.no_known_contraindications)

    @property
    def stop_if_is_said_in_sentences(self) -> bool:
        """Whether those rows go on after “if”, as “you are pregnant” does, not after “if you have”.

        They do if all of them speak to the reader.
        """
        return self._speak_to_the_reader(self.stop_if)

    @property
    def ask_first_if_is_said_in_sentences(self) -> bool:
        """The same for the rows of those who should ask first."""
        return self._speak_to_the_reader(self.ask_first_if)

    def _speak_to_the_reader(self, rows: list[RatedClaim]) -> bool:
        begins = _SPEAKS_TO_THE_READER.get(self.language, ())
        return all(row.text.casefold().startswith(begins) for row in rows)

    @property
    def comparison_has_aspects(self) -> bool:
        """Whether the rows of the comparison say what they compare.

        If none does, there is no column for it.
        """
        return any(row["aspect"] for row in self.comparison)

    @property
    def words_in_text(self) -> list[GlossaryEntry]:
        """The words that the text leads from: what a link leads to is never folded."""
        return [word for word in self.words if word.place]

    @property
    def other_words(self) -> list[GlossaryEntry]:
        """The words that no link leads to: of headings, lists and tables."""
        return [word for word in self.words if not word.place]

    @property
    def user_tests(self) -> list[tuple[UserTestRow, date | None]]:
        """The tests with readers, each with its day."""
        return [(row, _date(row["tested_on"])) for row in self.content.get("user_tests", ())]

    @property
    def has_facts(self) -> bool:
        """Whether it says when its evidence was searched, who paid, or who may gain."""
        return bool(self.evidence_searched_on or self.funding or self.conflicts)

    @property
    def has_help(self) -> bool:
        return bool(self.help_now or self.help_today or self.help_routine)

    @property
    def phases(self) -> list[Phase]:
        """What happens before, during and after; a phase without steps is left out."""
        found, first = [], 1
        for kind, heading in PHASES.items():
            if rows := [row for row in self.steps if row["kind"] == kind]:
                found.append(Phase(str(heading), rows, first))
                first += len(rows)
        return found

    @cached_property
    def options(self) -> list[Option]:
        """What else to try."""
        rows = self.content.get("alternatives", ())
        return [
            Option(row, self._live_pages.get(row["page"]["uid"]) if "page" in row else None)
            for row in rows
        ]

    @cached_property
    def side_effect_groups(self) -> list[SideEffectGroup]:
        return side_effects.in_groups(self.side_effects, self.side_effect_findings)

    @cached_property
    def serious_side_effect_groups(self) -> list[SideEffectGroup]:
        return side_effects.in_groups(self.serious_side_effects, self.side_effect_findings)

    @cached_property
    def experts(self) -> list[ExpertView]:
        """The views of experts, those of one person together, in the order they first speak."""
        by_person: dict[str | None, ExpertView] = {}
        for claim in self.expert_views:
            person = claim.row["expert"]
            view = by_person.setdefault(person and person["uid"], ExpertView(person, []))
            view.lines.append(claim)
        return list(by_person.values())

    # --- certainty and sources -----------------------------------------------------------------
    @cached_property
    def certainty_levels(self) -> list[CertaintyWords]:
        """The levels of certainty on this page, highest first, so that it explains no others."""
        lines = (*self.conditions, *(finding.line for finding in self.findings), *self.indications)
        used = {line.certainty.level for line in lines}
        return [words for level, words in CERTAINTY_LEVELS.items() if level in used]

    @property
    def conditions_say_the_same(self) -> bool:
        """Whether one sentence and a list say all that studies show of these problems."""
        return certainty.say_the_same(self.conditions)

    @cached_property
    def rests_on_overviews_only(self) -> bool:
        return certainty.rest_on_overviews_only(self._claims.values())

    @cached_property
    def further_reading(self) -> list[SourceEntry]:
        """Sources on the reading list that nothing rests on: never shown as evidence."""
        return self._numbering.without_number(self.content["reading_list"])

    @cached_property
    def estimated_lines(self) -> int:
        """About how many lines a long list of sources fills; 0 where the list is short."""
        return sources.estimated_lines(self.references)

    @property
    def all_sources(self) -> list[SourceEntry]:
        """Every source the page names, those that something rests on first."""
        return [*self.references, *self.further_reading]

    # --- list of contents ----------------------------------------------------------------------
    @cached_property
    def contents(self) -> list[tuple[str, Words]]:
        """(anchor, heading) of at most eight sections, in the order of the page."""
        names: dict[str, Words] = {**HEADINGS, **dict(self.body_headings)}
        there = [anchor for anchor, is_there in self._sections() if is_there]
        return [(anchor, names[anchor]) for anchor in headings.most_sought(there)]

    @property
    def safety_parts(self) -> list[tuple[str, Words]]:
        """(anchor, heading) of who should not have it and of when to get help, where they are."""
        there = (("not", self.has_contraindication_section), ("help", self.has_help))
        return [(anchor, HEADINGS[anchor]) for anchor, is_there in there if is_there]

    def _sections(self) -> Iterator[tuple[str, object]]:
        """Yield (anchor, is it there?) of every section, in the order of the page."""
        in_opening = self._opening_headings or 0
        yield "what", self.introduction_needs_heading
        yield from ((anchor, True) for anchor, _name in self.body_headings[:in_opening])
        yield "not", self.has_contraindication_section
        yield "compared", self.comparison and self.introduction_parts
        yield "what", self.body_needs_heading
        yield from ((anchor, True) for anchor, _name in self.body_headings[in_opening:])
        yield "compared", self.comparison and not self.introduction_parts
        yield "studies", self.conditions or self.findings
        yield "suits", self.indications
        yield "happens", self.steps
        yield "effects", self.side_effects or self.serious_side_effects
        yield "help", self.has_help
        yield "advice", self.do or self.do_not
        yield "options", self.options
        yield "ask", self.questions
        yield "experts", self.expert_views
        yield "words", self.words
        yield "references", self.references
        yield "about", True


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
