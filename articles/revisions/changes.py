"""What a comparison finds: changes in groups, and the words that differ inside one value."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.wording import Words

from . import diffing

ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"
KIND_LABELS = {
    ADDED: gettext_lazy("added"),
    REMOVED: gettext_lazy("taken out"),
    CHANGED: gettext_lazy("changed"),
    MOVED: gettext_lazy("in another order"),
}


@dataclass(frozen=True)
class TextRun:
    """A run of words: "same", "added" or "removed"."""

    kind: str
    words: str


@dataclass(frozen=True)
class ChangedValue:
    """One value of a row that differs."""

    label: Words
    before: str
    after: str
    by_words: bool = False

    @property
    def note(self) -> str:
        """A note to show beside its runs; "" for none."""
        if self._has_two_texts and diffing.is_too_much(
            diffing.words_of(self.before), diffing.words_of(self.after)
        ):
            return _("This part was rewritten. Compare it by eye.")
        return ""

    @property
    def _has_two_texts(self) -> bool:
        return bool(self.by_words and self.before and self.after)

    @property
    def runs(self) -> list[TextRun]:
        """What it was and what it is, in reading order."""
        if self._has_two_texts:
            return by_words(self.before, self.after)
        runs = TextRun("removed", self.before), TextRun("added", self.after)
        return [run for run in runs if run.words]


@dataclass(frozen=True)
class Change:
    """One difference.

    `uid` is that of the row; a block of the text has "block-N" (see comparing_text), and what is
    neither has "".
    """

    kind: str  # ADDED, REMOVED, CHANGED or MOVED
    label: Words  # of what has changed: "side effect"
    name: str  # its own name: "bruise"
    uid: str = ""
    values: list[ChangedValue] = field(default_factory=list)
    code: str = ""  # the key of its list in frozen content

    @property
    def kind_label(self) -> Words:
        return KIND_LABELS[self.kind]


@dataclass(frozen=True)
class ChangeGroup:
    title: Words
    is_clinical: bool
    changes: list[Change]


@dataclass(frozen=True)
class Comparison:
    """The groups that have a change, those that matter to a patient's safety first.

    Falsy: nothing differs.
    """

    groups: list[ChangeGroup]

    def __bool__(self) -> bool:
        return bool(self.groups)

    @property
    def changes(self) -> list[Change]:
        return [change for group in self.groups for change in group.changes]

    @property
    def clinical(self) -> list[Change]:
        return [change for group in self.groups if group.is_clinical for change in group.changes]

    @property
    def kinds(self) -> dict[str, str]:
        """{uid: kind of its change} for every row that differs, for marking them on the page."""
        return {change.uid: change.kind for change in self.changes if change.uid}


def by_words(before: str, after: str) -> list[TextRun]:
    """Return both texts as runs in reading order.

    The "same" and "removed" ones make up `before`.
    """
    old, new = diffing.words_of(before), diffing.words_of(after)
    runs = []
    for act, start, end, new_start, new_end in diffing.opcodes(old, new):
        if act == "equal":
            runs.append(TextRun("same", "".join(old[start:end])))
            continue
        if start < end:
            runs.append(TextRun("removed", "".join(old[start:end])))
        if new_start < new_end:
            runs.append(TextRun("added", "".join(new[new_start:new_end])))
    return runs
