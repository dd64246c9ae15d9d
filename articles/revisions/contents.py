"""What an article is made of: the one list of its values and of its kinds of rows.

Freezing, comparing, restoring, translating, search, the glossary, preflight, the review page and
roles read this list. What is added to an article is added here, to its model, to the shape of
frozen content (`frozen_content`) and to a template; the tests in tests/repository/ say what was
forgotten (docs/decisions/0021).

Names are keys of frozen content and never change. Labels appear in comparisons, which readers get
too, in the language of the page.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models import (
    Alternative,
    Article,
    ArticleCondition,
    ArticleContraindication,
    ArticlePicture,
    ArticleSideEffect,
    Certainty,
    ChecklistAnswer,
    Citation,
    Claim,
    ComparisonRow,
    Finding,
    GlossaryTerm,
    HelpAdvice,
    Indication,
    KeyPoint,
    Question,
    Recommendation,
    RelatedPage,
    Revision,
    Stance,
    Step,
    UserTest,
)
from articles.models.claims import Direction, Size
from articles.models.rows import ClaimRow
from articles.richtext import cleaning
from articles.wording import BODY_PARTS, Words
from references.models import Design

from .frozen_content import (
    AnyContent,
    AnyRow,
    FrozenPerson,
    FrozenPicture,
    FrozenRisk,
    FrozenTerm,
    Json,
    LinkedPage,
    TranslatedFrom,
)


# --- how a value is described -------------------------------------------------------------------
def as_text(value: object) -> str:
    return "" if value is None else str(value)


def as_yes_or_no(value: object) -> str:
    return gettext("yes") if value else gettext("no")


def as_label(choices: Iterable[tuple[Any, Words]]) -> Callable[[Any], str]:
    """Return a function that gives the label of a stored value among a model's `choices`."""
    labels = dict(choices)
    return lambda value: str(labels.get(value, value or ""))


def as_list(value: Json) -> str:
    """Return any JSON value, in one line."""
    if isinstance(value, dict):
        described = ((name, as_list(inner)) for name, inner in sorted(value.items()))
        return "; ".join(f"{name}: {text}" for name, text in described if text)
    if isinstance(value, list):
        return ", ".join(map(as_list, value))
    return as_text(value)


def as_term(term: FrozenTerm) -> str:
    """Return a frozen term of the vocabulary, with its other names, its codes and its summary."""
    details = [term.get("clinical_name"), *(term.get("other_names") or ())]
    details += [term.get("icd10"), term.get("snomed_ct"), term.get("slug"), term.get("summary")]
    details.append(str(BODY_PARTS.get(term.get("body_part", ""), "")))
    described = ", ".join(detail for detail in details if detail)
    return f"{term['name']} ({described})" if described else term["name"]


def as_named_effect(term: FrozenTerm | None) -> str:
    """Return the side effect that a finding is about; "" where it is about none."""
    return as_term(term) if term else ""


def as_risks(risks: Sequence[FrozenRisk]) -> str:
    """Return starting risks: "high risk 1200 → 924 (800–1000)"."""
    return "; ".join(
        f"{risk['label']} {risk['without']} → {risk['with']}"
        + (f" ({risk['low']}–{risk['high']})" if risk["low"] else "")
        for risk in risks
    )


def as_person(person: FrozenPerson | None) -> str:
    if not person:
        return ""
    return ", ".join(filter(None, (person["name"], person["role"], person.get("registration"))))


def as_page(page: LinkedPage) -> str:
    # The title is the one readers have now. A page that is not live is named to nobody.
    return page["title"] or gettext("a page that is not live")


def as_picture(picture: FrozenPicture) -> str:
    """Return a frozen picture: what it shows, whose it is, and which files it has."""
    sizes = [(picture["width"], picture["height"], picture["sha256"])]
    sizes += [(file["width"], file["height"], file["sha256"]) for file in picture["files"]]
    details = [
        gettext("decorative") if picture["is_decorative"] else "",
        picture["alt"],
        picture["credit"],
        picture["licence"],
        *(f"{width} × {height} {sha256[:8]}" for width, height, sha256 in sizes),
        ", ".join(file["suffix"] for file in picture["files"]),
    ]
    return "; ".join(detail for detail in details if detail)


def as_translation_source(pin: TranslatedFrom | None) -> str:
    """Return the frozen `translated_from`: which revision of the original, and on what day."""
    return f"{pin['number']} ({pin['digest'][:8]}), {pin['on']}" if pin else ""


# --- the shape of the list ----------------------------------------------------------------------
# Compared and hashed by identity: the hash of a lazy translation depends on the language.
@dataclass(frozen=True, eq=False)
class Subject:
    """A heading of a comparison. A change under a clinical one is more than a small correction."""

    title: Words
    is_clinical: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class Value:
    """One value in frozen content: of the article, of a row, of a claim or of a citation."""

    name: str  # its key there
    label: Words
    describe: Callable[[Any], str] = as_text  # the frozen value as text
    column: str = ""  # the model's field, where it has another name than the key
    # Makes the frozen value from the model's row; None: the field as JSON.
    frozen_by: Callable[[Any], Json | TranslatedFrom] | None = None
    subject: Subject | None = None  # of an article's own value: where a comparison lists it
    is_left_out_when_empty: bool = False  # as revisions older than it do not have it
    is_restored: bool = True
    is_explained: bool = False  # its words are looked up in the glossary
    # The texts for readers in a frozen value that is no text itself.
    texts_within: Callable[[Any], list[str]] | None = None
    is_for_translators: bool = True  # a translation has to follow it
    is_clinical: bool = False  # readers of a translation see that it has changed

    @property
    def field(self) -> str:
        """The name of the model's field."""
        return self.column or self.name

    @property
    def is_text(self) -> bool:
        return self.describe is as_text

    def texts_for_readers(self, frozen: Any) -> list[str]:
        """Return what the author wrote for readers in the frozen value; none where it is data."""
        if self.texts_within:
            return self.texts_within(frozen or ())
        if not self.is_explained:
            return []
        return [frozen["name"] if self.describe is as_term else frozen or ""]


@dataclass(frozen=True, kw_only=True, eq=False)
class Rows:
    """One kind of rows of an article: a list in frozen content, ordered by its rows' positions."""

    name: str  # its key there
    model: type[Model]
    label: Words  # of one row: "side effect"
    name_of: Callable[[Any], str]  # the name of a frozen row: "bruise"
    values: tuple[Value, ...]
    subject: Subject
    # Key of wording.HEADINGS: the heading on the page and in search. "" before the first heading;
    # None where it is not searched.
    heading: str | None = None
    is_own: bool = True  # rows of the article; else they are found by the words of its text
    is_shown: bool = True  # one by one, where a reviewer can be led to it
    is_for_readers: bool = True  # they are told where it has changed
    is_in_form: bool = True  # the article's; else on the page of its checklists
    is_left_out_when_empty: bool = False  # as revisions older than the list do not have it
    is_for_translators: bool = True
    is_clinical: bool = False  # readers of a translation see when its words have changed

    @property
    def is_claim(self) -> bool:
        """Whether every row is a claim, and frozen with its key."""
        return issubclass(self.model, ClaimRow)

    @property
    def accessor(self) -> str:
        """The article's attribute for the rows, and the prefix of their forms."""
        return f"{self.model._meta.model_name}_rows"

    @property
    def term(self) -> str:
        """The key under which a row holds its term of the vocabulary; "" where it has none."""
        return next((value.name for value in self.values if value.describe is as_term), "")

    @property
    def is_one_sentence(self) -> bool:
        """Whether a row holds no more than one sentence, its kind, and the page it leads to."""
        return self.is_own and {value.name for value in self.values} <= {"text", "kind", "page"}

    def in_content(self, content: AnyContent) -> Sequence[Any]:
        """Return the rows in frozen content; revisions older than the list have none."""
        return content.get(self.name, ())


# --- the list -----------------------------------------------------------------------------------
REASONS = Subject(_("Who should not have it"), True)
EFFECTS = Subject(_("Side effects"), True)
HELP = Subject(_("When to get help"), True)
CERTAINTY = Subject(_("How sure we are"), True)
EVIDENCE = Subject(_("Evidence"), True)
FINDINGS = Subject(_("What studies found"), True)
PURPOSE = Subject(_("What it is for, and advice"), True)
HAPPENS = Subject(_("What happens, and what else to try"), True)
TEXT = Subject(_("Text"), False)
SOURCES = Subject(_("Sources"), False)
ABOUT = Subject(_("About the page"), False)
#: In the order of a comparison: what matters to a patient's safety first.
SUBJECTS = (
    REASONS,
    EFFECTS,
    HELP,
    FINDINGS,
    CERTAINTY,
    EVIDENCE,
    PURPOSE,
    HAPPENS,
    TEXT,
    SOURCES,
    ABOUT,
)


def _words() -> Value:
    return Value(name="text", label=_("words"), is_explained=True)


def translation_source_of(revision: Revision, on: date) -> TranslatedFrom:
    """Return the frozen `translated_from` of a translation made from `revision` on the day `on`."""
    return {"digest": revision.digest, "number": revision.number, "on": on.isoformat()}


def _freeze_translation_source(article: Article) -> TranslatedFrom | None:
    """Return the frozen `translated_from` of a working row; None where nobody said it."""
    if not (article.translation_of and article.translated_from and article.translated_on):
        return None
    return translation_source_of(article.translated_from, article.translated_on)


def _note() -> Value:
    return Value(name="note", label=_("note"), is_explained=True)


def _term(name: str) -> Value:
    return Value(name=name, label=_("name"), describe=as_term, is_explained=True)


def _page(*, is_left_out_when_empty: bool = False) -> Value:
    return Value(
        name="page",
        label=_("leads to"),
        describe=as_page,
        is_left_out_when_empty=is_left_out_when_empty,
    )


def _by_text(row: AnyRow) -> str:
    return row["text"]


def _by_term(name: str) -> Callable[[AnyRow], str]:
    return lambda row: row[name]["name"]


def _finding_values() -> tuple[Value, ...]:
    """What a finding says: its figures first, for a comparison lists them in this order."""
    return (
        Value(name="outcome", label=_("outcome"), is_explained=True),
        Value(name="without", label=_("without"), column="without_value"),
        Value(name="with", label=_("with"), column="with_value"),
        Value(name="difference", label=_("difference")),
        Value(name="low", label=_("interval from")),
        Value(name="high", label=_("interval to")),
        Value(
            name="interval_of",
            label=_("the interval is of"),
            describe=as_label(Finding.IntervalOf.choices),
        ),
        Value(name="base", label=_("out of")),
        Value(name="unit", label=_("unit"), is_explained=True),
        Value(name="kind", label=_("what was measured"), describe=as_label(Finding.Kind.choices)),
        Value(name="direction", label=_("direction"), describe=as_label(Direction.choices)),
        Value(name="size", label=_("size"), describe=as_label(Size.choices)),
        Value(name="intervention", label=_("treatment"), is_explained=True),
        Value(name="comparator", label=_("compared with"), is_explained=True),
        Value(name="population", label=_("people"), is_explained=True),
        Value(name="time", label=_("time"), is_explained=True),
        Value(name="happened", label=_("what happened to people"), is_explained=True),
        Value(name="scale_low", label=_("scale from")),
        Value(name="scale_low_words", label=_("low end"), is_explained=True),
        Value(name="scale_high", label=_("scale to")),
        Value(name="scale_high_words", label=_("high end"), is_explained=True),
        Value(name="better", label=_("better is"), describe=as_label(Finding.Better.choices)),
        Value(name="scale_name", label=_("name of the scale")),
        Value(name="mid", label=_("smallest difference people notice")),
        Value(name="mid_source", label=_("where that is from")),
        Value(name="people", label=_("people studied")),
        Value(name="studies", label=_("studies")),
        Value(
            name="starting_risks",
            label=_("starting risks"),
            describe=as_risks,
            texts_within=lambda risks: [risk["label"] for risk in risks],
        ),
        Value(name="is_derived", label=_("reckoned from a ratio"), describe=as_yes_or_no),
        Value(
            name="is_converted",
            label=_("turned into these points by the review"),
            describe=as_yes_or_no,
        ),
        Value(name="show_interval", label=_("show the interval"), describe=as_yes_or_no),
        Value(name="outcome_term", label=_("outcome, as the field calls it")),
        Value(name="as_reported", label=_("as the source puts it")),
        Value(name="side_effect", label=_("side effect"), describe=as_named_effect),
        _note(),
    )


#: In the order of the page. A comparison lists what belongs to one subject in this order too.
CONTENTS = (
    Value(name="title", label=_("title"), subject=TEXT, is_explained=True),
    Value(name="kicker", label=_("words above the title"), subject=TEXT, is_explained=True),
    Value(name="summary", label=_("summary"), subject=TEXT, is_explained=True),
    Rows(
        name="key_points", model=KeyPoint, heading="",
        label=_("key point"), name_of=_by_text, subject=TEXT,
        values=(_words(),
            Value(name="kind", label=_("kind"), describe=as_label(KeyPoint.Kind.choices))),
    ),
    Value(
        name="body", label=_("text"), subject=TEXT, is_explained=True,
        frozen_by=lambda article: cleaning.clean(article.body),
    ),
    Rows(
        name="comparison", model=ComparisonRow, heading="compared",
        label=_("line of the comparison"),
        name_of=lambda row: row["aspect"] or row["here"], subject=TEXT,
        values=(
            Value(name="aspect", label=_("what is compared"), is_explained=True),
            Value(name="here", label=_("this treatment"), is_explained=True),
            Value(name="there", label=_("the other"), is_explained=True),
        ),
    ),
    Rows(
        name="contraindications", model=ArticleContraindication, heading="not",
        label=_("reason not to have it"),
        name_of=_by_term("contraindication"), subject=REASONS,
        values=(
            _term("contraindication"),
            Value(name="action", label=_("what to do"),
                describe=as_label(ArticleContraindication.Action.choices)),
            _note(),
        ),
    ),
    Value(
        name="no_known_contraindications", label=_("no known reason not to have it"),
        describe=as_yes_or_no,
        subject=REASONS, is_clinical=True,
    ),
    Rows(
        name="conditions", model=ArticleCondition, heading="studies",
        label=_("condition"), name_of=_by_term("condition"),
        subject=PURPOSE, values=(_term("condition"), _note()),
    ),
    Rows(
        name="findings", model=Finding, heading="studies",
        label=_("finding"), name_of=lambda row: row["outcome"], subject=FINDINGS,
        values=_finding_values(), is_left_out_when_empty=True, is_clinical=True,
    ),
    Rows(
        name="indications", model=Indication, heading="suits",
        label=_("people it may suit"), name_of=_by_text, subject=PURPOSE,
        values=(_words(),),
    ),
    Rows(
        name="steps", model=Step, heading="happens",
        label=_("step of what happens"), name_of=_by_text, subject=HAPPENS,
        values=(_words(), Value(name="kind", label=_("when"),
        describe=as_label(Step.Phase.choices))),
        is_left_out_when_empty=True, is_clinical=True,
    ),
    Rows(
        name="side_effects", model=ArticleSideEffect, heading="effects",
        label=_("side effect"), name_of=_by_term("side_effect"),
        subject=EFFECTS,
        values=(
            _term("side_effect"),
            Value(name="n", label=_("how many")),
            Value(name="base", label=_("out of")),
            Value(name="unit", label=_("of what"),
                describe=as_label(ArticleSideEffect.Unit.choices)),
            Value(name="how_long", label=_("how long"), is_explained=True),
            Value(name="what_to_do", label=_("what to do about it"), is_explained=True,
                is_left_out_when_empty=True),
            Value(name="is_serious", label=_("serious"), describe=as_yes_or_no),
            _note(),
        ),
    ),
    Rows(
        name="help", model=HelpAdvice, heading="help",
        label=_("when to get help"), name_of=_by_text, subject=HELP,
        values=(_words(),
            Value(name="kind", label=_("how soon"), describe=as_label(HelpAdvice.Urgency.choices))),
        is_clinical=True,
    ),
    Rows(
        name="recommendations", model=Recommendation, heading="advice",
        label=_("advice"), name_of=_by_text, subject=PURPOSE,
        values=(
            _words(),
            Value(name="kind", label=_("kind"), describe=as_label(Recommendation.Kind.choices)),
            Value(name="expert", label=_("whose view"), describe=as_person),
        ),
    ),
    Rows(
        name="alternatives", model=Alternative, heading="options",
        label=_("other thing to try"), name_of=_by_text, subject=HAPPENS,
        values=(_words(), _page(is_left_out_when_empty=True)), is_left_out_when_empty=True,
        is_clinical=True,
    ),
    Rows(
        name="questions", model=Question, heading="ask",
        label=_("question"), name_of=_by_text, subject=TEXT, values=(_words(),),
    ),
    Rows(
        name="words", model=GlossaryTerm, label=_("word that is explained"),
        name_of=lambda row: row["word"],
        subject=TEXT, is_own=False, is_left_out_when_empty=True, is_for_translators=False,
        values=(Value(name="word", label=_("word")),
            Value(name="meaning", label=_("what it means"))),
    ),
    Rows(
        name="pictures", model=ArticlePicture, label=_("picture"), subject=ABOUT, is_shown=False,
        name_of=lambda row: row["caption"] or row["picture"]["alt"] or row["picture"]["sha256"][:8],
        values=(
            Value(
                name="caption", label=_("caption"), is_explained=True,
                frozen_by=lambda row: row.caption or row.picture.caption,
            ),
            Value(name="heading", label=_("under the heading")),
            Value(name="picture", label=_("what it shows"), describe=as_picture),
        ),
        is_left_out_when_empty=True,
    ),
    Rows(
        name="related", model=RelatedPage, label=_("related page"),
        name_of=lambda row: as_page(row["page"]),
        subject=ABOUT, is_shown=False, values=(_page(),), is_left_out_when_empty=True,
    ),
    Value(name="slug", label=_("address"), subject=ABOUT, is_restored=False,
        is_for_translators=False),
    Value(name="other_names", label=_("other names"), describe=as_list, subject=ABOUT),
    Value(name="language", label=_("language"), subject=ABOUT, is_for_translators=False),
    Value(
        name="translation_of", label=_("translation of"), subject=ABOUT, is_for_translators=False,
        frozen_by=lambda article: (
            str(article.translation_of.uid) if article.translation_of else None),
    ),
    Value(
        name="translated_from", label=_("made from the version of the original"),
        describe=as_translation_source, subject=ABOUT,
        is_for_translators=False, is_left_out_when_empty=True, frozen_by=_freeze_translation_source,
    ),
    Value(
        name="tags", label=_("tags"), describe=as_list, subject=ABOUT, is_for_translators=False,
        frozen_by=lambda article: sorted(tag.name for tag in article.tags.all()),
    ),
    Value(name="is_demonstration", label=_("demonstration"), describe=as_yes_or_no, subject=ABOUT),
    Value(name="compared_with", label=_("compared with"), subject=ABOUT, is_explained=True),
    Value(name="funding", label=_("who paid"), subject=ABOUT),
    Value(name="evidence_searched_on", label=_("evidence searched on"), subject=ABOUT),
    Value(name="conflicts", label=_("conflicts of interest"), subject=ABOUT),
    Value(name="written_by", label=_("written by"), describe=as_person, subject=ABOUT),
    Rows(
        name="user_tests", model=UserTest, label=_("test with readers"),
        name_of=lambda row: row["who"], subject=ABOUT, is_in_form=False,
        values=(
            Value(name="tested_on", label=_("when")),
            Value(name="people", label=_("how many people")),
            Value(name="who", label=_("who they were"), is_explained=True),
            Value(name="changed", label=_("what was changed for it"), is_explained=True),
        ),
        is_left_out_when_empty=True, is_for_translators=False,
    ),
    Rows(
        name="checklist_answers", model=ChecklistAnswer, label=_("answer to a checklist"),
        name_of=lambda row: row["code"], subject=ABOUT, is_shown=False, is_in_form=False,
        is_for_readers=False,
        values=(
            Value(name="code", label=_("number in the list")),
            Value(name="answer", label=_("answer"),
                describe=as_label(ChecklistAnswer.Answer.choices)),
            Value(name="reason", label=_("reason")),
            Value(name="product_said", label=_("answer it overrules"),
                describe=as_label(ChecklistAnswer.Answer.choices)),
        ),
        is_left_out_when_empty=True, is_for_translators=False,
    ),
)  # fmt: skip

#: What is frozen of a claim, beside its uid and its key.
CLAIM = (
    Value(name="text", label=_("words")),
    Value(name="certainty", label=_("certainty"), describe=as_label(Certainty.choices)),
    Value(
        name="certainty_reasons",
        label=_("reasons for it"),
        describe=as_list,
        is_for_translators=False,
    ),
    Value(name="certainty_note", label=_("why this level"), is_for_translators=False),
    Value(name="direction", label=_("direction"), describe=as_label(Direction.choices)),
    Value(name="size", label=_("size"), describe=as_label(Size.choices)),
    Value(name="population", label=_("people"), is_for_translators=False),
    Value(name="outcome", label=_("outcome"), is_for_translators=False),
    Value(name="comparator", label=_("compared with"), is_for_translators=False),
    Value(
        name="kind",
        label=_("kind"),
        describe=as_label(Claim.Kind.choices),
        is_for_translators=False,
    ),
)

#: What is frozen of a citation, beside its uid and the uid of its reference.
CITATION = (
    Value(name="stance", label=_("what it says"), describe=as_label(Stance.choices)),
    Value(
        name="design", label=_("kind of study"), describe=as_label(Design.choices),
        is_for_translators=False,
        frozen_by=lambda citation: citation.design_used,
    ),
    Value(name="locator_kind", label=_("where"), describe=as_label(Citation.Locator.choices)),
    Value(name="locator", label=_("number")),
    Value(name="quote", label=_("quote")),
    Value(name="quote_language", label=_("language of the quote")),
    Value(
        name="population_match", label=_("people"), is_for_translators=False,
        describe=as_label(Citation.PopulationMatch.choices),
    ),
    Value(name="effect", label=_("what it found"), describe=as_list, is_for_translators=False),
    Value(name="source_certainty", label=_("certainty in its own words"), is_for_translators=False),
    Value(name="source_scheme", label=_("scale of that certainty"), is_for_translators=False),
    Value(
        name="includes_retracted", label=_("counts a study that was taken back"),
        describe=as_yes_or_no, is_left_out_when_empty=True,
    ),
    Value(name="note", label=_("note"), column="note_public"),
)  # fmt: skip

#: What is frozen of a reference, beside its uid.
REFERENCE = (
    Value(name="csl", label=_("as it is cited"), describe=as_list),
    Value(name="design", label=_("kind of study"), describe=as_label(Design.choices)),
    Value(name="doi", label=_("DOI")),
    Value(name="pmid", label=_("PubMed number")),
    Value(name="pmcid", label=_("PubMed Central number")),
    Value(name="url", label=_("web address")),
    Value(name="free_url", label=_("address of the free text")),
    Value(name="peer_reviewed", label=_("peer reviewed"), describe=as_yes_or_no),
)

VALUES = tuple(part for part in CONTENTS if isinstance(part, Value))
ROWS = tuple(part for part in CONTENTS if isinstance(part, Rows))
OWN_ROWS = tuple(rows for rows in ROWS if rows.is_own)
CLAIM_ROWS = tuple(rows for rows in ROWS if rows.is_claim)


def label_of(name: str) -> str:
    """Return what the part of an article under the key `name` is called.

    "" for a part that is not in CONTENTS.
    """
    part = next((part for part in CONTENTS if part.name == name), None)
    return str(part.label) if part else ""


def rows_named(name: str) -> Rows:
    """Return the Rows under the key `name` of frozen content."""
    return next(rows for rows in ROWS if rows.name == name)


def rows_that_are_claims(content: AnyContent) -> Iterator[tuple[Rows, Any]]:
    """Return (Rows, row) of every frozen row that is a claim, list by list."""
    return ((rows, row) for rows in CLAIM_ROWS for row in rows.in_content(content))


class ReaderText(NamedTuple):
    """A text that the author wrote and a reader gets."""

    text: str  # HTML for the body, plain for all others
    value: Value
    uid: str  # of its row; "" for a value of the article


def texts_for_readers(content: AnyContent) -> Iterator[ReaderText]:
    """Every text of frozen `content` that the author wrote and a reader gets, list by list."""
    for value in VALUES:
        if value.name in content:
            for text in value.texts_for_readers(content[value.name]):
                yield ReaderText(text, value, "")
    for rows in OWN_ROWS:
        for row in rows.in_content(content):
            for value in rows.values:
                for text in value.texts_for_readers(row.get(value.name)):
                    yield ReaderText(text, value, row["uid"])


def parts_under(subject: Subject) -> list[Value | Rows]:
    """Return the Values and Rows that a comparison lists under `subject`, in their order."""
    return [part for part in CONTENTS if part.subject is subject]
