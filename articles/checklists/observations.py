"""What the product sees of each item in frozen content, and where on the page.

Pure. An observer is one function of a ContentView, with the codes of the items it tells.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import ChecklistAnswer
from articles.revisions import review_dates
from references import csl

from .content_view import MOST_WORDS_OF_A_PART, ContentView

YES, NO, NOT_APPLICABLE = ChecklistAnswer.Answer.values
LONGEST_LIST = 7
#: Not rated is no answer to how sure we are; untested is one.
_NOT_RATED = "not-rated"
#: Headings that could stand over anything.
_SAYS_NOTHING = set("more information general introduction other notes más información".split())
_NOT_WHOLE = re.compile(r"\d\s?%|\bper ?cent\b|\bpor ciento\b|\d[.,]\d{1,2}(?!\d)")
_SHARE = re.compile(
    r"\d\s?% (?:more|less|fewer|lower|higher|más|menos)|\b(?:times|veces) (?:as|more|less|más)\b"
    r"|\bodds\b|\brelative\b",
    re.IGNORECASE,
)
#: {language: words that speak to the reader}
_READER = {
    "en": re.compile(r"\b(?:you|your|yours|yourself)\b", re.IGNORECASE),
    "es": re.compile(r"\b(?:tú|te|ti|tu|tus|contigo|usted|ustedes)\b", re.IGNORECASE),
}


@dataclass(frozen=True)
class Circumstances:
    """What is known about an article beside its content."""

    acts_logged: int  # entries of the audit log
    asks_readers: bool = True  # every live page asks if it helped
    languages: frozenset[str] = frozenset()  # in which there are live pages of it


@dataclass(frozen=True)
class Observation:
    """What the product says to an item.

    `answer` is "yes", "no" or "na"; "" where it cannot tell and a person answers: then `words` help
    them. `place` is the id of a section, "" for the whole page; it may be that of a section that is
    missing.
    """

    answer: str
    words: str
    place: str = ""


Observer = Callable[[ContentView, Circumstances], Observation]
_observers: dict[str, Observer] = {}


def observe(view: ContentView, around: Circumstances) -> dict[str, Observation]:
    """Return {code: what the product sees} for every item that it has something to say to."""
    return {code: observer(view, around) for code, observer in _observers.items()}


def _tells(*codes: str) -> Callable[[Observer], Observer]:
    def register(observer: Observer) -> Observer:
        _observers.update(dict.fromkeys(codes, observer))
        return observer

    return register


def _seen(is_seen: object, words: str, missing: str, place: str = "") -> Observation:
    return Observation(YES, words, place) if is_seen else Observation(NO, missing, place)


def _named(names: list[str]) -> str:
    return ", ".join(f"“{name}”" for name in names[:3]) + (" …" if len(names) > 3 else "")


# --- how the page was made ----------------------------------------------------------------------
@_tells("pif-1")
def _is_documented(view: ContentView, around: Circumstances) -> Observation:
    words = ngettext(
        "The log holds %d act on it.", "The log holds %d acts on it.", around.acts_logged
    )
    return _seen(around.acts_logged, words % around.acts_logged, _("The log holds nothing on it."))


@_tells("pif-5")
def _is_tried(view: ContentView, around: Circumstances) -> Observation:
    tests = view.content.get("user_tests", [])
    people = sum(row["people"] for row in tests)
    words = ngettext("%d person tried it.", "%d people tried it.", people) % people
    return Observation("", words if tests else _("No test with readers is recorded."), "about")


@_tells("pif-8")
def _asks_readers(view: ContentView, around: Circumstances) -> Observation:
    return _seen(
        around.asks_readers,
        _("Every live page asks its readers if it helped."),
        _("The page does not ask its readers anything."),
    )


@_tells("pif-4")
def _rests_on_evidence(view: ContentView, around: Circumstances) -> Observation:
    rated = [one for one in view.content["claims"] if one["certainty"] not in (_NOT_RATED, "none")]
    bare = [claim["text"] for claim in rated if not claim["citations"]]
    if bare:
        return Observation(NO, _("Rated without a source: %s") % _named(bare), "references")
    if not view.content["evidence_searched_on"]:
        return Observation(NO, _("The day of the last search for studies is missing."), "about")
    return _sources(view, around)


@_tells("discern-4", "ipdas-c-2")
def _sources(view: ContentView, around: Circumstances) -> Observation:
    count = len(view.cited)
    words = ngettext("It cites %d source.", "It cites %d sources.", count) % count
    return _seen(count, words, _("It cites no source."), "references")


@_tells("discern-5")
def _sources_have_years(view: ContentView, around: Circumstances) -> Observation:
    cited = [row for row in view.content["references"] if row["uid"] in view.cited]
    undated = [str(row["csl"].get("title", "")) for row in cited if csl.year(row["csl"]) is None]
    if undated:
        return Observation(NO, _("Sources without a year: %s") % _named(undated), "references")
    if not cited:
        return Observation(NO, _("It cites no source."), "references")
    return _has_a_date(view, around)


@_tells("ipdas-c-3")
def _has_a_date(view: ContentView, around: Circumstances) -> Observation:
    searched = view.content["evidence_searched_on"]
    return _seen(
        searched,
        _("It says when studies were last looked for: %s") % searched,
        _("The day of the last search for studies is missing."),
        "about",
    )


@_tells("ipdas-c-4")
def _is_checked_again(view: ContentView, around: Circumstances) -> Observation:
    searched = view.content["evidence_searched_on"]
    if not searched:
        missing = _("Without the day of the last search nobody knows when it is due.")
        return Observation(NO, missing, "about")
    due = review_dates.review_due(view.content, searched_on=date.fromisoformat(searched)).on
    return Observation(YES, _("The next check is due by %s.") % date_format(due, "F Y"), "about")


@_tells("ipdas-c-6")
def _says_who_paid(view: ContentView, around: Circumstances) -> Observation:
    funding = view.content["funding"]
    return _seen(funding, funding, _("It does not say who paid."), "about")


@_tells("pif-6", "pemat-3")
def _is_easy_to_read(view: ContentView, around: Circumstances) -> Observation:
    figure = view.readability.figure
    languages = ", ".join(sorted(around.languages | {view.language}))
    words = f"{figure}. " + _("In these languages: %s.") % languages
    if not view.is_measured:
        return Observation("", words.removeprefix(". "))
    hard = ", ".join(view.readability.hard_words[:5])
    missing = f"{figure}. " + (_("Hard words: %s.") % hard if hard else "")
    return _seen(view.readability.is_easy, words, missing.strip())


@_tells("discern-7")
def _leads_further(view: ContentView, around: Circumstances) -> Observation:
    reading, related = view.content["reading_list"], view.content.get("related")
    return _seen(
        reading or related,
        _("It leads to more to read."),
        _("It has neither further reading nor related pages."),
        "related" if related and not reading else "reading",
    )


# --- the choice ---------------------------------------------------------------------------------
@_tells("ipdas-q-1")
def _names_the_problem(view: ContentView, around: Circumstances) -> Observation:
    names = [row["condition"]["name"] for row in view.content["conditions"]]
    return _seen(
        names, _named(names), _("It names no problem the treatment is tried for."), "studies"
    )


@_tells("ipdas-q-3", "discern-14")
def _has_options(view: ContentView, around: Circumstances) -> Observation:
    others = view.content.get("alternatives", [])
    place = "options" if others or not view.content["comparison"] else "compared"
    return _seen(
        others or view.content["comparison"],
        _named([row["text"] for row in others]) or _("It sets the treatment beside another."),
        _("It names nothing else one could try."),
        place,
    )


@_tells("ipdas-q-4", "discern-10")
def _tells_good(view: ContentView, around: Circumstances) -> Observation:
    place = "studies" if view.has_section("studies") else "suits"
    words = _("Good sides told: %d.") % view.good_sides
    return _seen(view.good_sides, words, _("It tells no good side."), place)


@_tells("ipdas-q-5", "discern-11")
def _tells_bad(view: ContentView, around: Circumstances) -> Observation:
    place = "effects" if view.content["side_effects"] else "not"
    words = _("Bad sides told: %d.") % view.bad_sides
    return _seen(view.bad_sides, words, _("It tells no bad side."), place)


@_tells("cdc-19")
def _tells_both(view: ContentView, around: Circumstances) -> Observation:
    good, bad = _tells_good(view, around), _tells_bad(view, around)
    if NO in (good.answer, bad.answer):
        return good if good.answer == NO else bad
    return Observation(YES, f"{good.words} {bad.words}", bad.place)


@_tells("ipdas-c-1")
def _counts_of_both(view: ContentView, around: Circumstances) -> Observation:
    return Observation("", _tells_both_in_numbers(view))


def _tells_both_in_numbers(view: ContentView) -> str:
    values = {"good": view.good_sides, "bad": view.bad_sides}
    return _("Good sides told: %(good)d. Bad sides told: %(bad)d.") % values


@_tells("discern-12")
def _tells_of_no_treatment(view: ContentView, around: Circumstances) -> Observation:
    return _seen(
        view.compares_with_nothing_done,
        _("A finding tells how people did without the treatment."),
        _("No finding compares with people who went without the treatment."),
        "studies",
    )


@_tells("discern-15")
def _has_questions(view: ContentView, around: Circumstances) -> Observation:
    count = len(view.content["questions"])
    words = ngettext("It has %d question to ask.", "It has %d questions to ask.", count) % count
    return _seen(count, words, _("It has no questions to ask."), "ask")


@_tells("ipdas-c-5", "discern-8", "cdc-11")
def _says_how_sure(view: ContentView, around: Circumstances) -> Observation:
    if not view.effects:
        return Observation(NO, _("It says of no effect how sure we are."), "studies")
    unrated = [claim["text"] for claim in view.effects if claim["certainty"] == _NOT_RATED]
    return _seen(
        not unrated,
        _("How sure we are is said of each effect."),
        _("Not rated yet: %s") % _named(unrated),
        "studies",
    )


# --- chances ------------------------------------------------------------------------------------
def _of_chances(*codes: str) -> Callable[[Observer], Observer]:
    """Register an observer that has nothing to say where the page tells no chances."""

    def register(observer: Observer) -> Observer:
        def with_chances(view: ContentView, around: Circumstances) -> Observation:
            if not view.tells_chances:
                return Observation(NOT_APPLICABLE, _("It tells no chances in numbers."))
            return observer(view, around)

        return _tells(*codes)(with_chances)

    return register


@_tells("ipdas-p-1")
def _tells_chances(view: ContentView, around: Circumstances) -> Observation:
    count = len(view.told_counts) + len(view.counted_effects)
    return _seen(
        count,
        ngettext("It counts %d thing.", "It counts %d things.", count) % count,
        _("No finding and no side effect says how many people it happened to."),
        "studies" if view.told_counts else "effects",
    )


@_of_chances("ipdas-p-2")
def _says_for_whom(view: ContentView, around: Circumstances) -> Observation:
    lacking = [row["outcome"] for row in view.told_counts if not row["population"]]
    lacking += [
        row["side_effect"]["name"]
        for row in view.effects_without_finding
        if not view.says_for_whom(row)
    ]
    return _of_each(lacking, _("Each says for which people."), _("It does not say of whom: %s"))


@_of_chances("ipdas-p-3")
def _says_out_of_how_many(view: ContentView, around: Circumstances) -> Observation:
    lacking = [
        row["outcome"] for row in view.findings if row["kind"] == "count" and row["is_derived"]
    ]
    return _of_each(
        lacking, _("Each says out of how many."), _("Reckoned from a ratio, so not shown: %s")
    )


@_of_chances("ipdas-p-4")
def _says_within_what_time(view: ContentView, around: Circumstances) -> Observation:
    lacking = [row["outcome"] for row in view.told_counts if not row["time"]]
    # What is counted in visits says when.
    lacking += [
        row["side_effect"]["name"]
        for row in view.effects_without_finding
        if row["unit"] != "visits"
    ]
    return _of_each(lacking, _("Each says within what time."), _("It does not say when: %s"))


@_of_chances("ipdas-p-5")
def _compares_like_with_like(view: ContentView, around: Circumstances) -> Observation:
    if not view.told_counts:
        return Observation(NO, _("Its numbers stand alone: nothing is compared."), "studies")
    lacking = [
        row["outcome"] for row in view.told_counts if not row["time"] or row["without"] is None
    ]
    return _of_each(
        lacking,
        _("With and without are out of the same number, within the same time."),
        _("Both values or the time are missing: %s"),
    )


@_of_chances("ipdas-p-6")
def _says_how_sure_of_each(view: ContentView, around: Circumstances) -> Observation:
    rows = [(row, row["outcome"]) for row in view.told_counts]
    rows += [(row, row["side_effect"]["name"]) for row in view.counted_effects]  # type: ignore[misc]
    lacking = [name for row, name in rows if view.level_of(row) == _NOT_RATED]
    return _of_each(lacking, _("Each says how sure it is."), _("Not rated yet: %s"))


@_of_chances("ipdas-p-7", "cdc-20")
def _shows_in_more_ways(view: ContentView, around: Circumstances) -> Observation:
    return _seen(
        view.drawn,
        _("Told in words and numbers, and drawn: %d.") % view.drawn,
        _("None of its numbers can be drawn."),
        "studies" if view.told_counts else "effects",
    )


@_of_chances("ipdas-p-8")
def _tells_the_rest(view: ContentView, around: Circumstances) -> Observation:
    lacking = [
        row["outcome"]
        for row in view.told_counts
        if row["unit"] != "people" or row["without"] is None
    ]
    return _of_each(
        lacking,
        _("Each says how many it happened to, and how many it did not."),
        _("Only one side is told: %s"),
    )


def _of_each(lacking: list[str], words: str, missing: str) -> Observation:
    return _seen(not lacking, words, missing % _named(lacking), "studies")


# --- numbers ------------------------------------------------------------------------------------
def _has_numbers(view: ContentView) -> bool:
    return (
        view.tells_chances
        or bool(view.told_findings)
        or any(re.search(r"\d", text) for text in view.texts)
    )


@_tells("cdc-15")
def _numbers_are_whole(view: ContentView, around: Circumstances) -> Observation:
    if not _has_numbers(view):
        return Observation(NOT_APPLICABLE, _("It has no numbers."))
    found = next((text for text in view.texts if _NOT_WHOLE.search(text)), "")
    number = _NOT_WHOLE.search(found)
    around_it = found[max(0, number.start() - 30) : number.end() + 10].strip() if number else ""
    return _seen(not number, _("Its numbers are whole."), _("Not a whole number: “%s”") % around_it)


@_tells("cdc-16")
def _numbers_are_explained(view: ContentView, around: Circumstances) -> Observation:
    if not _has_numbers(view):
        return Observation(NOT_APPLICABLE, _("It has no numbers."))
    lacking = [row["outcome"] for row in view.told_findings if not _is_explained(row)]
    return _of_each(
        lacking, _("Each number says what it means."), _("It does not say what it means: %s")
    )


def _is_explained(row) -> bool:
    if row["kind"] == "scale":
        return bool(row["scale_low_words"] and row["scale_high_words"])
    return row["kind"] != "count" or row["unit"] != "people" or bool(row["happened"])


@_tells("pemat-6")
def _numbers_are_plain(view: ContentView, around: Circumstances) -> Observation:
    whole = _numbers_are_whole(view, around)
    return whole if whole.answer != YES else _numbers_are_explained(view, around)


@_tells("pemat-7")
def _has_no_sums(view: ContentView, around: Circumstances) -> Observation:
    found = next((match[0] for text in view.texts if (match := _SHARE.search(text))), "")
    if found:
        return Observation(NO, _("A share of a number that the reader must find: “%s”") % found)
    bases = ", ".join(map(str, sorted(view.bases)))
    return _seen(
        len(view.bases) < 2,
        _("The page has done the sums."),
        _("Its counts are out of different numbers: %s") % bases,
        "effects",
    )


@_tells("cdc-17")
def _has_numbers_without_sums(view: ContentView, around: Circumstances) -> Observation:
    if not _has_numbers(view):
        return Observation(NOT_APPLICABLE, _("It has no numbers."))
    return _has_no_sums(view, around)


# --- words and parts ----------------------------------------------------------------------------
@_tells("cdc-2")
def _begins_with_the_message(view: ContentView, around: Circumstances) -> Observation:
    return _seen(
        view.content["key_points"] or view.content["summary"],
        _("Summary and key points stand on top."),
        _("There is neither a summary nor a key point."),
        "key",
    )


@_tells("cdc-3")
def _has_key_points(view: ContentView, around: Circumstances) -> Observation:
    count = len(view.content["key_points"])
    words = ngettext("%d key point in a box.", "%d key points in a box.", count) % count
    return _seen(count, words, _("There are no key points."), "key")


@_tells("cdc-10", "pemat-11")
def _sums_up(view: ContentView, around: Circumstances) -> Observation:
    if not view.content["summary"]:
        return Observation(NO, _("There is no summary."))
    return _has_key_points(view, around)


@_tells("pemat-12")
def _points_to_what_matters(view: ContentView, around: Circumstances) -> Observation:
    marked = "<strong>" in view.content["body"]
    place = "key" if view.content["key_points"] else "help" if view.content["help"] else ""
    return _seen(
        place or marked,
        _("Boxes or bold words point to what matters."),
        _("It has no key points, no signs to get help for, and no bold words."),
        place,
    )


@_tells("cdc-4")
def _has_a_picture(view: ContentView, around: Circumstances) -> Observation:
    count = len(view.shown_pictures) + view.drawn
    words = _("Pictures and drawn numbers: %d.") % count
    place = "" if view.shown_pictures else "studies" if view.told_findings else "effects"
    return _seen(count, words, _("It has no picture and no drawn number."), place if count else "")


@_tells("pemat-17")
def _pictures_have_captions(view: ContentView, around: Circumstances) -> Observation:
    pictures = view.shown_pictures
    if not pictures and not view.drawn:
        return Observation(NOT_APPLICABLE, _("It has no pictures."))
    bare = [row["picture"]["alt"] for row in pictures if not row["caption"]]
    return _seen(not bare, _("Each has one."), _("Without a caption: %s") % _named(bare))


@_tells("pemat-19")
def _tables_are_simple(view: ContentView, around: Circumstances) -> Observation:
    comparison = view.content["comparison"]
    if not comparison and not view.tables:
        return Observation(NOT_APPLICABLE, _("It has no tables."))
    if comparison and not all(row["aspect"] for row in comparison):
        return Observation(NO, _("A line does not say what it compares."), "compared")
    return _seen(
        all("<th" in table for table in view.tables),
        _("Rows and columns have names."),
        _("A table in the text has no names for its columns."),
        "compared" if comparison else "",
    )


@_tells("cdc-8")
def _lists_are_short(view: ContentView, around: Circumstances) -> Observation:
    lists = list(view.lists)
    place, lines = max(lists, key=lambda one: one[1], default=("", 0))
    if lines <= LONGEST_LIST:
        return _seen(lists, _("Lists: %d.") % len(lists), _("It has no list."), place)
    return Observation(NO, _("A list has %d lines.") % lines, place)


@_tells("cdc-9", "pemat-8")
def _parts_are_short(view: ContentView, around: Circumstances) -> Observation:
    longest = max(view.parts, key=lambda part: part.words, default=None)
    words = _("No part of the text has more than %d words.") % MOST_WORDS_OF_A_PART
    if longest is None or longest.words <= MOST_WORDS_OF_A_PART:
        return Observation(YES, words)
    return Observation(NO, _("A part of the text has %d words.") % longest.words, longest.anchor)


@_tells("pif-7")
def _is_laid_out(view: ContentView, around: Circumstances) -> Observation:
    short = _parts_are_short(view, around)
    return short if short.answer == NO else _sums_up(view, around)


@_tells("pemat-9")
def _headings_speak(view: ContentView, around: Circumstances) -> Observation:
    names = [heading.lower() for heading in view.headings]
    for part in view.parts:
        name = part.heading.lower()
        if name and (names.count(name) > 1 or not set(name.split()) - _SAYS_NOTHING):
            return Observation(
                NO, _("This heading says too little: “%s”") % part.heading, part.anchor
            )
    short = _parts_are_short(view, around)
    return short if short.answer == NO else Observation(YES, _("Each part has its own heading."))


@_tells("pemat-4")
def _explains_words(view: ContentView, around: Circumstances) -> Observation:
    words = view.content.get("words", ())
    bare = [row["word"] for row in words if not row["meaning"]]
    return _seen(
        not bare,
        _("Words explained: %d.") % len(words),
        _("Not explained: %s") % _named(bare),
        "words",
    )


# --- what to do ---------------------------------------------------------------------------------
@_tells("cdc-5", "pemat-20")
def _asks_to_act(view: ContentView, around: Circumstances) -> Observation:
    is_next_step = len(view.actions) > len(view.advice)
    return _seen(
        view.actions,
        _named(view.actions[:1]),
        _("It has no next step and no advice."),
        "key" if is_next_step else "advice",
    )


@_tells("cdc-12")
def _gives_advice(view: ContentView, around: Circumstances) -> Observation:
    return _seen(
        view.advice, _named(view.advice[:1]), _("It gives no advice on what to do."), "advice"
    )


@_tells("cdc-13")
def _has_advice_to_explain(view: ContentView, around: Circumstances) -> Observation:
    return Observation("" if view.advice else NOT_APPLICABLE, _gives_advice(view, around).words)


@_tells("cdc-14")
def _says_how(view: ContentView, around: Circumstances) -> Observation:
    if not view.advice:
        return Observation(NOT_APPLICABLE, _gives_advice(view, around).words)
    count = len(view.content.get("steps", ()))
    words = ngettext("It has %d step.", "It has %d steps.", count) % count
    return _seen(count, words, _("It has no steps."), "happens")


@_tells("pemat-21")
def _speaks_to_the_reader(view: ContentView, around: Circumstances) -> Observation:
    pattern = _READER.get(view.language)
    if pattern is None:
        return Observation("", _("Nothing counts this in the language of the page."))
    said = [*view.actions, *(row["text"] for row in view.content["help"])]
    return _seen(
        any(pattern.search(text) for text in said),
        _("It says “you” where it says what to do."),
        _("Nowhere does it say “you” where it says what to do."),
        "advice" if view.advice else "key",
    )
