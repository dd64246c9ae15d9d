"""Rules about what every page must say before readers may rely on it."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.preflight.draft import DraftToCheck
from articles.revisions import contents

from .registry import Found, blocks, blocks_unless_signed, hints


@blocks("says_what_it_is", field="summary")
def says_what_it_is(draft: DraftToCheck) -> Iterator[Found]:
    if not draft.content["title"].strip():
        yield Found(_("Give the article a title."))
    if not draft.content["summary"].strip():
        yield Found(_("Say in one plain sentence what it is (the summary)."))


@blocks("has_key_points", field="keypoint_rows")
def has_key_points(draft: DraftToCheck) -> Iterator[Found]:
    if not draft.content["key_points"]:
        yield Found(_("Add key points: three to five, the last one the next step to take."))


@blocks("says_who_should_not_have_it", field="articlecontraindication_rows")
def says_who_should_not_have_it(draft: DraftToCheck) -> Iterator[Found]:
    reasons, none_known = (
        draft.content["contraindications"],
        draft.content["no_known_contraindications"],
    )
    if not reasons and not none_known:
        yield Found(
            _(
                "Say who should not have it. If you looked and found no reason, tick “no known"
                " reason not to have it”."
            ),
        )
    if reasons and none_known:
        yield Found(
            _(
                "You list reasons not to have it and also tick “no known reason”. Take one of them"
                " out."
            ),
        )


@blocks("says_when_to_get_help", field="helpadvice_rows")
def says_when_to_get_help(draft: DraftToCheck) -> Iterator[Found]:
    if not any(row["kind"] == "now" for row in draft.content["help"]):
        yield Found(_("Say when to call the emergency number (when to get help, “now”)."))


@blocks("names_its_writer", field="written_by")
def names_its_writer(draft: DraftToCheck) -> Iterator[Found]:
    if not draft.content["written_by"]:
        yield Found(_("Say who wrote it. Readers see the name."))


@blocks(
    "names_its_experts",
    field="recommendation_rows",
    many=gettext_lazy(
        "%(count)s experts have no name. Name each: a view without a name is not published."
    ),
)
def names_its_experts(draft: DraftToCheck) -> Iterator[Found]:
    for row in draft.content["recommendations"]:
        if row["kind"] == "expert" and not row["expert"]:
            yield Found(
                _("Name the expert who says “%s”. A view without a name is not published.")
                % row["text"],
                row["uid"],
            )


@blocks_unless_signed(
    "what_not_to_do_says_so",
    many=gettext_lazy(
        "%(count)s things not to do do not say so. Start each with “do not”, so that it"
        " cannot be heard as the opposite."
    ),
)
def what_not_to_do_says_so(draft: DraftToCheck) -> Iterator[Found]:
    """Each item of this list says "do not" itself.

    A screen reader may read an item alone. Without "do not" it says the opposite (NHS service
    manual).
    """
    if draft.content["language"] != "en":
        return
    for row in draft.content["recommendations"]:
        if row["kind"] == "dont" and not row["text"].lower().replace("’", "'").startswith(
            ("do not ", "don't ", "never ")
        ):
            yield Found(
                _("Start “%s” with “do not”, so that it cannot be heard as the opposite.")
                % row["text"],
                row["uid"],
            )


@hints("has_three_to_five_key_points", field="keypoint_rows")
def has_three_to_five_key_points(draft: DraftToCheck) -> Iterator[Found]:
    count = len(draft.content["key_points"])
    if count and not 3 <= count <= 5:
        yield Found(_("Keep to three to five key points: there are %s.") % count)


@hints("says_what_happens", field="step_rows")
def says_what_happens(draft: DraftToCheck) -> Iterator[Found]:
    if not draft.content.get("steps"):
        yield Found(
            _(
                "Say what happens before, during and after a visit, step by step: how long it"
                " takes, how many visits there are, if it hurts."
            ),
        )


@hints("says_what_else_to_try", field="alternative_rows")
def says_what_else_to_try(draft: DraftToCheck) -> Iterator[Found]:
    if not draft.content.get("alternatives"):
        yield Found(
            _(
                "Add other things people could try: a choice needs options, including doing"
                " nothing."
            ),
        )


@hints(
    "leads_to_live_pages",
    many=gettext_lazy(
        "%(count)s pages you lead to are not live, so readers get no links to them yet."
        " Publish each, or take it out."
    ),
)
def leads_to_live_pages(draft: DraftToCheck) -> Iterator[Found]:
    for rows in contents.OWN_ROWS:
        for row in rows.in_content(draft.content):
            if "page" in row and not row["page"]["title"]:
                yield Found(
                    _(
                        "Publish the page you lead to, or take it out: it is not live, so readers"
                        " get no link to it yet."
                    ),
                    row["uid"],
                )


@hints("leads_to_a_few_pages", field="relatedpage_rows")
def leads_to_a_few_pages(draft: DraftToCheck) -> Iterator[Found]:
    count = len(draft.content.get("related", ()))
    if count and not 3 <= count <= 5:
        yield Found(_("Lead to three to five related pages: there are %s.") % count)


@hints("has_questions_to_ask", field="question_rows")
def has_questions_to_ask(draft: DraftToCheck) -> Iterator[Found]:
    if not draft.content["questions"]:
        yield Found(_("Add questions a patient could ask at the visit."))


@hints("says_what_may_go_wrong", field="articlesideeffect_rows")
def says_what_may_go_wrong(draft: DraftToCheck) -> Iterator[Found]:
    if not draft.content["side_effects"]:
        yield Found(_("Add side effects, with numbers where you have them."))


@hints(
    "says_what_to_do_about_what_goes_wrong",
    field="articlesideeffect_rows",
    many=gettext_lazy(
        "Say what to do about %(count)s serious side effects: whom to call, and how soon."
    ),
)
def says_what_to_do_about_what_goes_wrong(draft: DraftToCheck) -> Iterator[Found]:
    for row in draft.content["side_effects"]:
        if row["is_serious"] and not row.get("what_to_do"):
            yield Found(
                _("Say what to do about “%s”: whom to call, and how soon.")
                % row["side_effect"]["name"],
                row["uid"],
            )
