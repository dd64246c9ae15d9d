"""The checklists of the field, by the numbers they have there, each item in our own words.

- PIF TICK, the ten points of 2022 (Patient Information Forum);
- IPDAS, its minimum standards (IPDASi v4: Joseph-Williams and others, Med Decis Making 2014;34:699)
  and what IPDASi asks of probabilities. What it asks of tests is left out: pages are about
  treatments;
- DISCERN (Charnock and others, J Epidemiol Community Health 1999;53:105);
- the CDC Clear Communication Index (2014), which passes at 90 of 100;
- PEMAT for printed material (AHRQ, 2013), which has no items 13 and 14.

A code is stored for ever. Wording is stored with each result, so it may be improved here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from articles.refusals import Words


@dataclass(frozen=True)
class Item:
    code: str
    wording: Words
    is_told_by_product: bool = False
    needs: str = ""  # code of an item without which this one scores nothing

    @property
    def number(self) -> str:
        return self.code.rpartition("-")[2]


@dataclass(frozen=True)
class Checklist:
    """One list, or one part of a list that has a score of its own."""

    code: str
    name: str  # a proper name: not translated
    part: Words  # "" where the list has one score
    items: tuple[Item, ...]
    is_percentage: bool = False  # scored in per cent of the items that apply
    passes_at: int | None = None  # per cent


def _items(prefix: str, *told: tuple[int, bool, Words]) -> tuple[Item, ...]:
    return tuple(Item(f"{prefix}-{number}", words, is_told) for number, is_told, words in told)


#: Who tells an item.
PRODUCT, PERSON = True, False

_PIF = _items(
    "pif",
    (1, PRODUCT, _("How the page was made is written down, step by step.")),
    (2, PERSON, _("Those who made it were trained for it, and get help.")),
    (3, PERSON, _("Somebody asked whether people need this page, and they do.")),
    (4, PRODUCT, _("It rests on sound, recent evidence, and says so.")),
    (5, PERSON, _("People it is for helped to make it.")),
    (6, PRODUCT, _("People who read little, or another language, can use it.")),
    (7, PRODUCT, _("Its message is clear and its parts are easy to find.")),
    (8, PRODUCT, _("Readers can say what they think of it.")),
    (9, PERSON, _("It is brought to the people it is for.")),
    (10, PERSON, _("Somebody measures what it does for them.")),
)
_IPDAS_QUALIFYING = _items(
    "ipdas-q",
    (1, PRODUCT, _("It names the problem the choice is about.")),
    (2, PERSON, _("It says that there is a choice to make, and which.")),
    (3, PRODUCT, _("It says what there is to choose from.")),
    (4, PRODUCT, _("It tells the good sides of what one can choose.")),
    (5, PRODUCT, _("It tells the bad sides of what one can choose.")),
    (6, PERSON, _("It tells what it is like to live with what may follow.")),
)
_IPDAS_CERTIFYING = _items(
    "ipdas-c",
    (1, PERSON, _("Good and bad sides are told at the same length and in the same way.")),
    (2, PRODUCT, _("It names the studies it rests on.")),
    (3, PRODUCT, _("It says from when it is.")),
    (4, PRODUCT, _("It says when it is checked again.")),
    (5, PRODUCT, _("It says how sure its numbers are.")),
    (6, PRODUCT, _("It says who paid for it.")),
)
_IPDAS_PROBABILITIES = _items(
    "ipdas-p",
    (1, PRODUCT, _("It tells how likely things are.")),
    (2, PRODUCT, _("It says for which people that holds.")),
    (3, PRODUCT, _("It says how many people it happened to, with and without the treatment.")),
    (4, PRODUCT, _("It says within what time.")),
    (5, PRODUCT, _("What is compared is out of the same number, within the same time.")),
    (6, PRODUCT, _("It says how sure each number is.")),
    (7, PRODUCT, _("It shows them in more than one way: words, numbers, pictures.")),
    (8, PRODUCT, _("It tells both sides of a number: those it happened to, and the rest.")),
)
_DISCERN = _items(
    "discern",
    (1, PERSON, _("One can see at once what the page is for.")),
    (2, PERSON, _("It does what it says it is for.")),
    (3, PERSON, _("It answers what its readers want to know.")),
    (4, PRODUCT, _("One can see what it was made from.")),
    (5, PRODUCT, _("One can see how old that is.")),
    (6, PERSON, _("It takes no side.")),
    (7, PRODUCT, _("It leads to more help and more to read.")),
    (8, PRODUCT, _("It says what nobody knows for sure.")),
    (9, PERSON, _("It tells how each treatment works.")),
    (10, PRODUCT, _("It tells what good each treatment may do.")),
    (11, PRODUCT, _("It tells what harm each treatment may do.")),
    (12, PRODUCT, _("It tells what happens to people who are not treated.")),
    (13, PERSON, _("It tells what a treatment means for daily life.")),
    (14, PRODUCT, _("It makes clear that there may be another treatment.")),
    (15, PRODUCT, _("It helps people to decide together with who treats them.")),
    (16, PERSON, _("All in all, it is a good source for a choice of treatment.")),
)
_CDC = tuple(
    Item(item.code, item.wording, item.is_told_by_product, "cdc-1")
    # Without one main message nothing is gained by where it stands (score sheet, item 1).
    if item.number in {"2", "3", "4"}
    else item
    for item in _items(
        "cdc",
        (1, PERSON, _("There is one main message.")),
        (2, PRODUCT, _("The main message comes first.")),
        (3, PRODUCT, _("The main message stands out to the eye.")),
        (4, PRODUCT, _("A picture helps with the main message.")),
        (5, PRODUCT, _("It asks its readers to do something.")),
        (6, PERSON, _("Main message and what to do say who does what.")),
        (7, PERSON, _("All words are words its readers use.")),
        (8, PRODUCT, _("It has lists, none of more than seven lines.")),
        (9, PRODUCT, _("It comes in small parts with headings.")),
        (10, PRODUCT, _("The beginning sums up what matters most.")),
        (11, PRODUCT, _("It says what is known and what is not.")),
        (12, PRODUCT, _("It gives advice on what to do.")),
        (13, PERSON, _("It says why that advice matters to the reader.")),
        (14, PRODUCT, _("It says how to follow the advice.")),
        (15, PRODUCT, _("Its numbers are whole numbers of people or things.")),
        (16, PRODUCT, _("It says what its numbers mean.")),
        (17, PRODUCT, _("Nobody has to do sums.")),
        (18, PERSON, _("It says what may go wrong, for whom, and how bad that is.")),
        (19, PRODUCT, _("It tells risks beside benefits.")),
        (20, PRODUCT, _("Each chance in numbers is also told in words or a picture.")),
    )
)
_PEMAT_UNDERSTANDING = _items(
    "pemat",
    (1, PERSON, _("One can tell from the page alone what it is for.")),
    (2, PERSON, _("Nothing in it leads away from that.")),
    (3, PRODUCT, _("Its words are everyday words.")),
    (4, PRODUCT, _("It explains the medical words it cannot do without.")),
    (5, PERSON, _("Its sentences say who does what.")),
    (6, PRODUCT, _("Its numbers are plain.")),
    (7, PRODUCT, _("It leaves no sums to the reader.")),
    (8, PRODUCT, _("It is cut into short parts.")),
    (9, PRODUCT, _("Its headings say what stands below them.")),
    (10, PERSON, _("One thing follows from the other.")),
    (11, PRODUCT, _("It sums itself up.")),
    (12, PRODUCT, _("Boxes, bold words or marks point to what matters.")),
    (15, PERSON, _("It has a picture wherever one would help.")),
    (16, PERSON, _("Its pictures say the same as its words.")),
    (17, PRODUCT, _("Each picture has a title or a caption.")),
    (18, PERSON, _("Its pictures are clear, with nothing in the way.")),
    (19, PRODUCT, _("Its tables are simple, and their rows and columns have names.")),
)
_PEMAT_ACTION = _items(
    "pemat",
    (20, PRODUCT, _("It names something the reader can do.")),
    (21, PRODUCT, _("It speaks to the reader when it says what to do.")),
    (22, PERSON, _("What to do is told in small, clear steps.")),
    (23, PERSON, _("It gives something to work with, such as questions or a plan.")),
    (24, PERSON, _("Where a sum has to be done, it shows how.")),
    (25, PERSON, _("It says how to use its charts and tables to act.")),
    (26, PERSON, _("It has a picture wherever one would make it easier to act.")),
)

#: In the order in which they are shown.
CHECKLISTS = (
    Checklist("pif", "PIF TICK", "", _PIF),
    Checklist("ipdas-q", "IPDAS", _("what makes it an aid to a choice"), _IPDAS_QUALIFYING),
    Checklist("ipdas-c", "IPDAS", _("what keeps it from misleading"), _IPDAS_CERTIFYING),
    Checklist("ipdas-p", "IPDAS", _("how likely things are"), _IPDAS_PROBABILITIES),
    Checklist("discern", "DISCERN", "", _DISCERN),
    Checklist("cdc", "CDC Clear Communication Index", "", _CDC, is_percentage=True, passes_at=90),
    Checklist("pemat-u", "PEMAT-P", _("easy to understand"), _PEMAT_UNDERSTANDING, True),
    Checklist("pemat-a", "PEMAT-P", _("easy to act on"), _PEMAT_ACTION, True),
)


def all_items() -> Iterator[Item]:
    """Yield every item of every list, in their order."""
    for checklist in CHECKLISTS:
        yield from checklist.items


ITEMS: dict[str, Item] = {item.code: item for item in all_items()}
#: {code of an item: its place among all}
PLACES: dict[str, int] = {code: place for place, code in enumerate(ITEMS)}
