"""A page from frozen content: what the public page, the draft preview and the handout show, in reading order.

Pure: takes content (articles.revisions.freezing), gives values for templates. Citation numbers are handed out here, by
first use from the top of the page to its end, and are stored nowhere.
"""

import html
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from math import ceil
from urllib.parse import quote

from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from articles.revisions import contents, glossary, introduction
from articles.richtext.citations import body_with_citations
from articles.richtext.cleaning import cut
from articles.richtext.letters import plain
from articles.wording import (
    ABOUT,
    DISAGREE_IN_TEXT,
    HEADINGS,
    PHASES,
    STANCES,
    STUDIES_DISAGREE,
    STUDY_KINDS,
    SURENESS,
    TABLE,
    UNSURE,
    UNTESTED_IN_TEXT,
    Count,
    Sureness,
    counted,
    how_sure,
    in_so_many,
    locator,
    sides,
)
from references import citing, csl

#: More links than this and readers stop using the list.
MOST_CONTENTS = 8
#: What readers look for first; the list of contents drops from the end of this.
_SOUGHT = [
    "not", "effects", "help", "happens", "studies", "ask", "references", "compared", "suits", "advice", "options",
    "words", "experts", "about",
]  # fmt: skip

#: Lists of rows named by the shared vocabulary, and where a row names it.
_TERMS = {rows.name: rows.term for rows in contents.CLAIM_ROWS if rows.term}

#: Kinds of source that argue or explore, and measure no effect on people.
OVERVIEWS = {"narrative_review", "opinion", "laboratory"}
_NO_MORE_THAN_LOWEST = {"very-low", "none", "not-rated"}


#: In the list of sources, on a screen 320 px wide.
LETTERS_A_LINE = 25
#: A longer list of sources is laid out by the browser when a reader comes near it.
MOST_LAID_OUT_AT_ONCE = 15


@dataclass(frozen=True)
class Mark:
    """A superscript number in the text: leads to its entry in the list, and can be come back to."""

    number: int
    anchor: str  # id of this occurrence, e.g. "c7-2"

    @property
    def target(self):
        return f"r{self.number}"


@dataclass
class Use:
    """One sentence a source is used for."""

    text: str
    stance: str  # a sentence
    quote: str
    quote_language: str
    locator: str
    note: str
    sure: str  # how sure we are about that sentence, in words
    disagreement: str  # a sentence where sources disagree, else ""
    # Ids of the marks that stand behind this sentence, so that a mark can show what it means there.
    anchors: list[str] = field(default_factory=list, compare=False)


@dataclass
class Entry:
    """A source in the list at the foot of the page."""

    uid: str
    number: int | None  # None: further reading, nothing rests on it
    title: str  # plain text
    citation: SafeString
    doi: str
    pmid: str
    url: str  # http or https, or ""
    free_url: str  # http or https, or ""
    kind: str  # kind of study, plain words
    is_preprint: bool = False
    is_evidence: bool = False  # it says something for or against a sentence, and is more than background
    marks: list[Mark] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)

    @property
    def doi_url(self):
        # A DOI may hold <, >, # or ?, which would end the address or change its meaning.
        return f"https://doi.org/{quote(self.doi, safe='/:;()._-~')}" if self.doi else ""

    @property
    def uses_by_stance(self):
        """[(stance, place, sure, uses)]: what it says in one place, and we are as sure of, stands together."""
        together = {}
        for use in self.uses:
            sure = f"{use.sure} {use.disagreement}".strip()
            together.setdefault((use.stance, use.locator, sure), []).append(use)
        return [(*said, uses) for said, uses in together.items()]

    @property
    def lines(self):
        """About how many lines this fills on the narrowest phone: the room a browser keeps until it lays it out.

        Rather too many than too few: words that spill over their room seem to lie upon what follows.
        """
        texts = [self.citation, self.kind, self.doi or self.pmid, "", ""]
        for stance, place, sure, uses in self.uses_by_stance:
            texts += [f"{stance} {place}", sure, *(f"{use.text} {use.note} {use.quote} {'':10}" for use in uses)]
        return sum(ceil(len(text) / LETTERS_A_LINE) or 1 for text in texts) + ceil(len(self.marks) / 2)

    @property
    def pubmed_url(self):
        return f"https://pubmed.ncbi.nlm.nih.gov/{quote(self.pmid)}/" if self.pmid else ""


@dataclass(frozen=True)
class Line:
    """A claim as a line of a list: its words, how sure we are, and its marks."""

    uid: str
    text: str
    sure: Sureness
    says: str  # what studies show, as a sentence; "" where nothing was rated
    disagreement: str  # a sentence where sources disagree, else ""
    marks: list[Mark]
    note: str = ""
    row: dict = field(default_factory=dict)  # the frozen row, for what only its kind has
    sides: list[str] = field(default_factory=list)  # where they disagree: a sentence per side
    count: Count | None = None  # side effects only
    about: str = "effect"  # what we are sure of: a key of wording.ABOUT


@dataclass(frozen=True)
class Overall:
    """How sure we are about the lines of one list, said once; a line for which it is not so says so itself."""

    level: str  # "" where no level holds for most lines
    says: str  # "" where there is nothing to say for all

    @classmethod
    def of(cls, lines):
        if not lines:
            return cls("", "")
        (level, most), about = Counter(line.sure.level for line in lines).most_common(1)[0], lines[0].about
        if any(line.about != about for line in lines):
            about = "harm"  # some are counted and some are not
        if 2 * most <= len(lines):
            level = ""
        says = how_sure(level, about, of_many=len(lines) > 1, is_general=most < len(lines)) if level else ""
        to_be_safe = str(ABOUT[about].if_unsure)
        if level not in UNSURE and any(line.sure.level in UNSURE for line in lines):
            says = f"{says} {to_be_safe}".strip()
        return cls(level, says)


@dataclass(frozen=True)
class Phase:
    """A stretch of what happens: its steps are counted on from those before it."""

    heading: str
    rows: list[dict]
    first: int


@dataclass(frozen=True)
class Option:
    """Something else to try. `leads_to` is the live page about it (title, language, get_absolute_url), or None."""

    row: dict
    leads_to: object = None


@dataclass(frozen=True)
class Word:
    """A word of the page and what it means, both plain text."""

    word: str
    meaning: str
    language: str = ""  # "" where it is that of the page
    slug: str = ""  # of the page about it, a problem
    review: str = ""  # attributes for whoever reviews it (articles.page.marked_changes)
    anchor: str = ""  # its id on a page; "" in the word list
    used_at: str = ""  # id of the place in the text that leads to it; "" where none does

    @property
    def as_heading(self):
        """With a capital, but for words that have their own: pH."""
        return capfirst(self.word) if self.word.islower() else self.word


@dataclass(frozen=True)
class Figure:
    """A picture as the page shows it: the browser picks the file that fits the screen."""

    uid: str
    alt: str  # "" where it is decorative
    caption: str
    credit: str
    licence: str
    sha256: str
    width: int  # of the largest file
    height: int
    modern: list[dict]  # {width, suffix}, as WebP, smallest first
    fallback: dict  # {width, suffix} of a middle size, for old browsers
    is_first: bool  # the one readers are likely to see without scrolling

    @classmethod
    def of(cls, row, is_first):
        picture = row["picture"]
        modern = [file for file in picture["files"] if file["suffix"] == "webp"]
        plain = [file for file in picture["files"] if file["suffix"] != "webp"]
        return cls(
            row["uid"], picture["alt"], row["caption"], picture["credit"], picture["licence"], picture["sha256"],
            modern[-1]["width"], modern[-1]["height"], modern, plain[len(plain) // 2], is_first,
        )  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A stretch of the author's text, and the pictures that follow it."""

    html: SafeString
    figures: list[Figure] = field(default_factory=list)


@dataclass(frozen=True)
class ExpertView:
    """What one person thinks, in their name. `person` is None when nobody is named."""

    person: dict | None
    lines: list[Line]


class Page:
    """What a page says. Attributes are computed in reading order; a template may use them in any.

    Its words come out in the language of the content, whatever language is active.
    """

    def __init__(
        self, content, *, digest="", pictures_at="articles:picture", pictures_of="", sources_at="", live_pages=None
    ):
        """`digest` is that of the revision with this content; what is made of a page that has one may be kept.

        `pictures_at` names the address the files of its pictures are asked for; drafts have one of their own.

        `pictures_of` is what that address takes before the file: the secret of an invited reader's link.

        `sources_at` names the address that tells more of a source; only live pages have it. `live_pages` is
        {uid: live page} of those it may lead to (articles.live.pages.Neighbours).
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
            [row for row in content["help"] if row["kind"] == kind] for kind in ("now", "today", "routine")
        )
        self.no_known_contraindications = content["no_known_contraindications"]
        self.headings = HEADINGS

        self._claims = {claim["key"]: claim for claim in content["claims"]}
        self._references = {reference["uid"]: reference for reference in content["references"]}
        self._entries = {}
        self._about = {row["claim"]: _about(row, rows.name) for rows, row in contents.rows_that_are_claims(content)}
        # A count is in the words of its claim as well, and those are in the language it was typed under.
        self._counts = {row["claim"]: row for row in content["side_effects"] if row["n"] is not None}
        with translation.override(self.language):
            self._number_from_the_top()

    def _number_from_the_top(self):
        """Every list, in the order the page shows them, for numbers are handed out as they are asked for."""
        beginning, rest = introduction.split(self.content)
        beginning = self._with_citations(beginning)
        self.stop_if = self._lines("contraindications", action="stop")
        self.ask_first_if = self._lines("contraindications", action="ask_first")
        self.body, self.body_headings = _with_anchors(beginning + self._with_citations(rest))
        self.body, led_to = glossary.with_links(self.body, [word.word for word in self._explained])
        self.words = [
            replace(word, anchor=f"w{number}", used_at=f"w{number}-1" if number in led_to else "")
            for number, word in enumerate(self._explained, 1)
        ]
        # How many of the headings stand in the opening; None where there is no opening.
        self._opening_headings = len(_HEADING.findall(beginning)) if beginning else None
        self.conditions = self._lines("conditions")
        self.indications = self._lines("indications")
        self.side_effects = self._lines("side_effects", is_serious=False)
        self.serious_side_effects = self._lines("side_effects", is_serious=True)
        self.do = self._lines("recommendations", kind="do")
        self.do_not = self._lines("recommendations", kind="dont")
        self.expert_views = self._lines("recommendations", kind="expert")
        self.references = sorted(self._entries.values(), key=lambda entry: entry.number)
        self.how_sure = {
            name: Overall.of(lines)
            for name, lines in (
                ("stop", self.stop_if), ("ask_first", self.ask_first_if), ("indications", self.indications),
                ("side_effects", [*self.side_effects, *self.serious_side_effects]),
                ("do", self.do), ("do_not", self.do_not),
            )
        }  # fmt: skip

    @cached_property
    def _figures(self):
        # Revisions older than pictures say nothing of them.
        rows = self.content.get("pictures", ())
        words = [words for _, words in self.body_headings]

        def place(row):
            if not row["heading"]:
                return -1
            return words.index(row["heading"]) if row["heading"] in words else len(words)

        by_place = {}
        for number, row in enumerate(sorted(rows, key=place)):
            by_place.setdefault(place(row), []).append(Figure.of(row, is_first=number == 0))
        return by_place

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
        """The Parts of the opening, and those of the rest of the body: put together they are `body`."""
        heads = [*_ANCHORED_HEADING.finditer(self.body)]
        if self._opening_headings is None:
            rest_at = 0
        elif self._opening_headings < len(heads):
            rest_at = heads[self._opening_headings].start()
        else:
            rest_at = len(self.body)
        halves = [], []
        places = [rest_at, *(head.end() for head in heads if self._figures)]
        figures_at = {head.end(): self._figures.get(number, []) for number, head in enumerate(heads)}
        end = 0
        for piece in cut(self.body, places):
            half = halves[end >= rest_at]
            end += len(piece)
            half.append(Part(piece, figures_at.get(end, [])))
        return halves

    @property
    def opening_parts(self):
        """What it is, before the reasons not to have it; the pictures of each heading stand right after it."""
        return self._halves[0]

    @property
    def body_parts(self):
        """The rest of the body, after those reasons; all of it where there is no opening."""
        return self._halves[1]

    @cached_property
    def further_reading(self):
        """Sources on the reading list that nothing rests on: never shown as evidence."""
        return [self._entry(uid, None) for uid in self.content["reading_list"] if uid not in self._entries]

    @cached_property
    def lines_of_references(self):
        """About how many lines a long list of sources fills (Entry.lines); 0 where the list is short."""
        is_long = len(self.references) > MOST_LAID_OUT_AT_ONCE
        return sum(entry.lines + 2 for entry in self.references) if is_long else 0

    @property
    def all_sources(self):
        """Every source the page names, those that something rests on first."""
        return [*self.references, *self.further_reading]

    @cached_property
    def sureness_levels(self):
        """The levels this page uses, surest first, so that it explains no others."""
        used = {line.sure.level for line in (*self.conditions, *self.indications)}
        return [sureness for level, sureness in SURENESS.items() if level in used]

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
        """Is every source that is used as proof an overview, an opinion or a lab study, and rated no higher?"""
        claims = self._claims.values()
        designs = {link["design"] for claim in claims for link in claim["citations"] if link["stance"] != "background"}
        levels = {claim["certainty"] for claim in claims}
        return bool(designs) and designs <= OVERVIEWS and "very-low" in levels and levels <= _NO_MORE_THAN_LOWEST

    @cached_property
    def _explained(self):
        """The Words this page explains, by word: those of the word list, and its problems where they say what they are.

        Revisions older than the word list explain their problems alone.
        """
        found = {
            plain(row["word"]): Word(row["word"], row["meaning"], review=row.get("review", ""))
            for row in self.content.get("words", ())
            if row["meaning"]
        }
        for row in self.content["conditions"]:
            term = row["condition"]
            # The clinical name alone where the plain one holds it: "heel pain (plantar fasciitis)".
            name = term["clinical_name"] if plain(term["clinical_name"]) in plain(term["name"]) else ""
            if term.get("summary"):
                name = name or term["name"]
                word = found.setdefault(plain(name), Word(name, term["summary"]))
                found[plain(name)] = replace(word, slug=term.get("slug", ""))
        return [found[name] for name in sorted(found)]

    @cached_property
    def experts(self):
        """The views of experts, those of one person together, in the order they first speak."""
        by_person = {}
        for line in self.expert_views:
            person = line.row["expert"]
            by_person.setdefault(person and person["uid"], ExpertView(person, [])).lines.append(line)
        return list(by_person.values())

    @property
    def opening_needs_heading(self):
        return bool(self.opening_parts) and self._starts_without_heading

    @property
    def body_needs_heading(self):
        """Does the text after the reasons start without a heading? After an opening it never does."""
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
        """Do the rows of the comparison say what they compare? If none does, the column is not there."""
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
        words = {**HEADINGS, **dict(self.body_headings)}
        there = [anchor for anchor, is_there in sections if is_there]
        # The author's own headings give way after the parts where safety and evidence stand.
        ranked = [*_SOUGHT[:7], *(anchor for anchor in there if anchor not in _SOUGHT), *_SOUGHT[7:]]
        kept = [anchor for anchor in ranked if anchor in there][:MOST_CONTENTS]
        return [(anchor, words[anchor]) for anchor in there if anchor in kept]

    def _with_citations(self, html):
        return body_with_citations(html, self._cite, id_for=self._id_of_claim, said_of=self._said)

    def _lines(self, name, **only):
        rows = self.content[name]
        return [self._line(row, name) for row in rows if all(row[key] == value for key, value in only.items())]

    def _line(self, row, name):
        claim = self._claims.get(row["claim"]) or {"certainty": "not-rated", "direction": "", "citations": []}
        disagree = sources_disagree(claim)
        sure = SURENESS[claim["certainty"]]
        return Line(
            uid=row["uid"],
            text=row[_TERMS[name]]["name"] if name in _TERMS else row["text"],
            sure=sure,
            says=sure.says(claim["direction"]),
            disagreement=STUDIES_DISAGREE if disagree else "",
            marks=self._cite(row["claim"]),
            note=row.get("note", ""),
            row=row,
            sides=sides([link["stance"] for link in claim["citations"]]) if disagree else [],
            count=counted(row["n"], row["base"], row["unit"]) if row.get("n") is not None else None,
            about=_about(row, name),
        )

    def _said(self, key):
        """What stands behind a phrase of the text for every reader: in brackets, in the middle of a sentence."""
        claim = self._claims.get(key)
        if claim is None:
            return ""
        if sources_disagree(claim):
            return DISAGREE_IN_TEXT
        return UNTESTED_IN_TEXT if claim["certainty"] == "none" and not claim["citations"] else ""

    def _cite(self, key):
        """The marks for one occurrence of a claim, in the order its sources are numbered."""
        claim = self._claims.get(key)
        if claim is None:
            return []
        marks, disagreement = {}, STUDIES_DISAGREE if sources_disagree(claim) else ""
        for link in claim["citations"]:
            entry = self._entries.get(link["reference"])
            if entry is None:
                entry = self._entries[link["reference"]] = self._entry(link["reference"], len(self._entries) + 1)
            if entry.number not in marks:
                mark = Mark(entry.number, f"c{entry.number}-{len(entry.marks) + 1}")
                entry.marks.append(mark)
                marks[entry.number] = mark
            entry.is_evidence |= link["stance"] != "background"
            entry.kind = entry.kind or STUDY_KINDS.get(link["design"], "")
            use = Use(
                self._text_of(claim), STANCES[link["stance"]], link["quote"], link["quote_language"],
                locator(link["locator_kind"], link["locator"]), link["note"],
                how_sure(claim["certainty"], self._about.get(key) or _about_text(claim)), disagreement,
            )  # fmt: skip
            if use in entry.uses:
                use = entry.uses[entry.uses.index(use)]
            else:
                entry.uses.append(use)
            anchor = marks[entry.number].anchor
            if anchor not in use.anchors:
                use.anchors.append(anchor)
        return [marks[number] for number in sorted(marks)]

    def _text_of(self, claim):
        if row := self._counts.get(claim["key"]):
            return f"{row['side_effect']['name']}: {in_so_many(row['n'], row['base'], row['unit'])}"
        return claim["text"]

    def _id_of_claim(self, key):
        """The id of one occurrence of a claim in the text. Readers' pages lead to no claim."""
        return ""

    def _entry(self, uid, number):
        return source(self._references[uid], number)


def source(reference, number=None):
    """The Entry of a frozen reference, nothing said yet of what it is used for."""
    return Entry(
        uid=reference["uid"],
        number=number,
        title=csl.without_tags(reference["csl"].get("title")),
        citation=citing.ama_html(reference["csl"], doi=False),
        doi=reference["doi"],
        pmid=reference["pmid"] or "",
        url=_web_address(reference["url"]),
        free_url=_web_address(reference["free_url"]),
        kind=STUDY_KINDS.get(reference["design"], ""),
        is_preprint=reference.get("peer_reviewed") is False,
    )


#: For so many years a check holds; then the page itself says that it is late.
CHECK_HOLDS_YEARS = 2


@dataclass(frozen=True)
class Imprint:
    """What stands about a publication outside its frozen text: who approved, when, which version."""

    number: int
    published_at: datetime
    change_note: str
    checked_by: list[dict]  # {name, role, at (datetime), kind}
    first_published_at: datetime | None = None  # None: not asked for
    digest: str = ""  # of the revision
    due_on: date | None = None  # the day its claims, or a later confirmation, set for the next check
    override_reason: str = ""  # why nobody but its editors checked it; "" where a second person did

    @classmethod
    def of(cls, publication):
        return cls(
            publication.number,
            publication.at,
            publication.change_note,
            [{**approval, "at": datetime.fromisoformat(approval["at"])} for approval in publication.approvals],
            getattr(publication, "first_published_at", None),
            publication.revision.digest,
            getattr(publication, "due_on", publication.review_due_on),
            publication.override_reason,
        )

    @property
    def code(self):
        """What to say on the telephone to name exactly this text: 3-a1b2c3d4."""
        return f"{self.number}-{self.digest[:8]}"

    @property
    def next_check_on(self):
        """The day by which somebody should check it again; None when nobody is named.

        What was published before such days were computed holds for CHECK_HOLDS_YEARS.
        """
        if self.due_on is not None:
            return self.due_on
        if self.checked_at is None:
            return None
        checked = timezone.localdate(self.checked_at)
        try:
            return checked.replace(year=checked.year + CHECK_HOLDS_YEARS)
        except ValueError:  # 29 February
            return checked.replace(year=checked.year + CHECK_HOLDS_YEARS, day=28)

    @property
    def is_late(self):
        """Is it past that day? Asks the clock: a page nobody looks after must say so by itself."""
        return self.next_check_on is not None and self.next_check_on < timezone.localdate()

    @property
    def checker(self):
        """Who checked it last; None when nobody is named."""
        return max(self.checked_by, key=lambda person: person["at"], default=None)

    @property
    def checked_at(self):
        """When it was last checked; None when nobody is named."""
        return max((person["at"] for person in self.checked_by), default=None)


def _about(row, name):
    """What we are sure of, or not, when we say what this row says: a key of wording.ABOUT, or "opinion"."""
    if name == "side_effects":
        return "harm" if row["n"] is None else "number"
    if name == "contraindications":
        return "warning"
    return "opinion" if row.get("kind") == "expert" else "effect"


def _about_text(claim):
    return {"harm": "harm", "worse": "harm", "fact": "fact"}.get(claim["direction"], "effect")


def sources_disagree(claim):
    """Do the sources of a frozen claim say different things about it?"""
    stances = {link["stance"] for link in claim["citations"]}
    return "mixed" in stances or {"supports", "contradicts"} <= stances


def _date(text):
    return date.fromisoformat(text) if text else None


def _web_address(url):
    """`url` if it leads to the web, else "": a frozen record may be older than the rule that checks them."""
    return url if re.match(r"https?://[^\s<>\"]+\Z", url or "", re.IGNORECASE) else ""


_HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
_ANCHORED_HEADING = re.compile(r'<h2 id="part-\d+">.*?</h2>', re.DOTALL)
_NUMBERS = re.compile(r'<sup class="cite">.*?</sup>|<span class="said">.*?</span>', re.DOTALL)


def _with_anchors(body):
    """A body from body_with_citations whose headings can be linked to, and [(anchor, words)] of those headings.

    Wide tables get a frame that scrolls, so that the page itself never moves sideways.
    """
    headings = []

    def anchored(heading):
        headings.append((f"part-{len(headings) + 1}", _words(heading[1])))
        return f'<h2 id="{headings[-1][0]}">{heading[1]}</h2>'

    framed = _HEADING.sub(anchored, body)
    framed = framed.replace("<table>", f'<div class="frame" role="group" aria-label="{TABLE}" tabindex="0"><table>')
    framed = framed.replace("</table>", "</table></div>")
    # The body has passed nh3; what was added is fixed text.
    return mark_safe(framed), headings  # noqa: S308


def _words(heading):
    """A heading as plain text, without the citation numbers in it."""
    return " ".join(html.unescape(strip_tags(_NUMBERS.sub("", heading))).split())
