"""Rules about findings: that their numbers agree, and that their words say no more than these.

Which direction an interval allows is ours: its limits are nothing and the smallest difference that
people notice. "No difference" is never said where the studies cannot tell (Alderson 2003).
"""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.findings.figures import exact, is_shown_in_numbers, with_value
from articles.models.claims import Direction
from articles.preflight.draft import DraftToCheck
from articles.revisions.frozen_content import FindingRow

from .registry import Found, blocks, blocks_unless_signed, hints

_BOTH = {Direction.BETTER, Direction.WORSE}


@blocks(
    "findings_point_one_way",
    many=gettext_lazy("%(count)s findings do not say which way they point. Choose it for each."),
)
def findings_point_one_way(draft: DraftToCheck) -> Iterator[Found]:
    for row in _findings(draft):
        if not row["direction"]:
            yield Found(
                _("Choose which way “%s” points: better, worse, no difference or unclear.")
                % row["outcome"],
                row["uid"],
            )
        elif row["kind"] == "count" and row["direction"] in _BOTH and not row["better"]:
            yield Found(
                _("Choose which is better for “%s”: the low end, fewer, or the high end, more.")
                % row["outcome"],
                row["uid"],
            )


@blocks(
    "findings_can_be_read",
    many=gettext_lazy("%(count)s findings lack words that readers need. Add them to each."),
)
def findings_can_be_read(draft: DraftToCheck) -> Iterator[Found]:
    for row in _findings(draft):
        if row["kind"] == "count" and row["unit"] == "people" and not row["happened"]:
            yield Found(
                _("Say what happened to the people counted under “%s”, such as: had a side effect.")
                % row["outcome"],
                row["uid"],
            )
        if row["kind"] == "scale" and not (row["scale_low_words"] and row["scale_high_words"]):
            yield Found(
                _("Say what both ends of the scale of “%s” mean, such as: no pain; worst pain.")
                % row["outcome"],
                row["uid"],
            )


@blocks(
    "figures_of_findings_agree",
    many=gettext_lazy(
        "The numbers of %(count)s findings do not agree. Read each in its source again."
    ),
)
def figures_of_findings_agree(draft: DraftToCheck) -> Iterator[Found]:
    for row in _findings(draft):
        without, value = exact(row, "without"), exact(row, "with")
        difference = exact(row, "difference")
        if without is not None and value is not None and difference is not None:
            room = sum((_half_a_step(each) for each in (without, value, difference)), Decimal(0))
            if abs(value - without - difference) > room:
                yield Found(
                    _(
                        "Read the numbers of “%s” again: “with” minus “without” is not the"
                        " difference."
                    )
                    % row["outcome"],
                    row["uid"],
                )
        if _points_against_its_numbers(row):
            yield Found(
                _(
                    "Read “%s” again: its direction says one thing and its numbers the other."
                    " Less is a negative difference."
                )
                % row["outcome"],
                row["uid"],
            )


def _half_a_step(value: Decimal) -> Decimal:
    """Return by how much a figure may be rounded: half of its last digit."""
    return Decimal("0.5").scaleb(min(0, int(value.normalize().as_tuple().exponent)))


def _points_against_its_numbers(row: FindingRow) -> bool:
    change = change_of(row)
    if row["direction"] not in _BOTH or not row["better"] or not change:
        return False
    is_better = (change < 0) == (row["better"] == "low")
    return is_better != (row["direction"] == Direction.BETTER)


def change_of(row: FindingRow) -> Decimal | None:
    """Return how much more there is with the treatment, as the source has it; None: unknown."""
    difference, without, (value, _reckoned) = (
        exact(row, "difference"),
        exact(row, "without"),
        with_value(row),
    )
    if difference is not None:
        return difference
    return value - without if value is not None and without is not None else None


@blocks_unless_signed(
    "findings_say_what_their_range_allows",
    many=gettext_lazy(
        "%(count)s findings say more than their range allows. Change the direction or the size of"
        " each, or sign for it with a reason."
    ),
)
def findings_say_what_their_range_allows(draft: DraftToCheck) -> Iterator[Found]:
    quoted = {
        claim["key"]
        for claim in draft.content["claims"]
        if any(citation["quote"] for citation in claim["citations"])
    }
    for row in _findings(draft):
        if not row["direction"] or row["is_derived"]:
            continue
        says = allowed(row)
        is_small = row["size"] in {"small", "none"}
        if says is None or row["direction"] in says or (is_small and "small" in says):
            continue
        if "with a quote" in says and row["claim"] in quoted:
            continue
        yield Found(
            _(
                "Read the range of “%(outcome)s” again: from %(low)s to %(high)s, with %(mid)s as"
                " the smallest difference people notice, allows “%(allowed)s”."
            )
            % {
                "outcome": row["outcome"],
                "low": row["low"],
                "high": row["high"],
                "mid": row["mid"],
                "allowed": ", ".join(
                    str(Direction(name).label) for name in sorted(says) if name in Direction
                ),
            },
            row["uid"],
        )


def allowed(row: FindingRow) -> frozenset[str] | None:
    """Return the directions that the range of the difference allows; None where nobody can tell.

    "small" among them: better or worse, but only a little. "with a quote": any direction that a
    quote from the source gives.
    """
    span, mid = range_of_difference(row), exact(row, "mid")
    if span is None or mid is None:
        return None
    low, high = span
    reaches = [low <= -mid, high >= mid]
    if low > 0 or high < 0:
        return frozenset(_BOTH) if any(reaches) else frozenset({Direction.NO_DIFFERENCE, "small"})
    if not any(reaches):
        return frozenset({Direction.NO_DIFFERENCE})
    if all(reaches):
        return frozenset({Direction.UNCLEAR})
    return frozenset({Direction.UNCLEAR, "with a quote"})


def range_of_difference(row: FindingRow) -> tuple[Decimal, Decimal] | None:
    """Return the range of the difference, from the interval of either value; None: unknown."""
    low, high, without = exact(row, "low"), exact(row, "high"), exact(row, "without")
    if low is None or high is None:
        return None
    if row["interval_of"] == "difference":
        return low, high
    return (low - without, high - without) if without is not None else None


@hints(
    "ranges_are_read_with_what_people_notice",
    many=gettext_lazy(
        "%(count)s findings do not say how much people notice. Look it up for each: a range cannot"
        " be read without it."
    ),
)
def ranges_are_read_with_what_people_notice(draft: DraftToCheck) -> Iterator[Found]:
    for row in _findings(draft):
        is_measured = row["kind"] in {"scale", "amount"} and is_shown_in_numbers(row)
        if is_measured and row["mid"] is None and row["low"] is not None:
            yield Found(
                _(
                    "Look up the smallest difference people notice in “%s”: without it nobody can"
                    " say if this one matters."
                )
                % row["outcome"],
                row["uid"],
            )


@hints(
    "findings_say_for_whom_and_when",
    many=gettext_lazy("%(count)s findings do not say for whom, or when. Add it to each."),
)
def findings_say_for_whom_and_when(draft: DraftToCheck) -> Iterator[Found]:
    for row in _findings(draft):
        if not (row["population"] and row["time"]):
            yield Found(
                _("Say for which people “%s” was found, and after which time.") % row["outcome"],
                row["uid"],
            )


@hints(
    "findings_agree_with_each_other",
    many=gettext_lazy(
        "%(count)s outcomes have findings that do not agree. Say in a note why that may be."
    ),
)
def findings_agree_with_each_other(draft: DraftToCheck) -> Iterator[Found]:
    """Findings on one outcome that point apart stand side by side on the page."""
    together: dict[tuple[str, str], list[FindingRow]] = {}
    for row in _findings(draft):
        key = row["outcome"].casefold(), row["intervention"].casefold()
        together.setdefault(key, []).append(row)
    for rows in together.values():
        if len({row["direction"] for row in rows}) > 1 and not any(row["note"] for row in rows):
            yield Found(
                _("Say in a note why the findings on “%s” point apart.") % rows[0]["outcome"],
                rows[0]["uid"],
            )


def _findings(draft: DraftToCheck) -> list[FindingRow]:
    return draft.content.get("findings", [])
