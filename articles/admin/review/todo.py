"""What is still to do before readers may see a text, and where to do each thing."""

from dataclasses import dataclass

from django.urls import reverse

from articles import preflight
from articles.revisions import contents
from physiohub import policy


@dataclass(frozen=True)
class ToDo:
    """A check message, with its place on the page and the field to mend.

    `typed` is what somebody typed to sign for it.
    """

    check_message: preflight.CheckMessage
    words: str  # of the message, for the person who reads it
    on_page: str  # fragment, or ""
    in_form: str  # address, or ""
    key: str
    typed: dict
    may_sign: bool  # this reader of the list, if anybody may

    @property
    def needs_checking(self):
        return self.check_message.code == "evidence_is_checked_by_a_second_person"

    @property
    def is_about_comment(self):
        return self.check_message.code == "remarks_are_settled"


@dataclass(frozen=True)
class ToDoLine:
    """A line of the list: one thing to do, or things of one kind that are done in the same way."""

    words: str
    todos: tuple[ToDo, ...]

    @property
    def first(self):
        return self.todos[0]

    @property
    def is_repeated(self):
        return len(self.todos) > 1

    @property
    def is_typed_in(self):
        """Whether somebody typed a reason into one of its forms that was refused."""
        return any(todo.typed for todo in self.todos)


def to_do(messages, draft, user, article, anchors, refusal):
    """Return the lines of what is still to do about the check `messages`, in their order."""
    form = reverse("admin:articles_article_change", args=[article.pk])
    fields = _fields(draft, article, form)
    is_editor = policy.may(user, policy.REVIEW)

    def todo_of(message, words):
        key = f"sign-{message.code}-{message.place}"
        return ToDo(
            message,
            words,
            anchors.get(message.place, ""),
            fields.get(message.place) or f"{form}#{id_in_form(message.field)}",
            key,
            refusal.typed_in(key),
            not message.only_editors_sign or is_editor,
        )

    return [
        ToDoLine(line.words, tuple(map(todo_of, line.messages, line.sentences)))
        for line in preflight.lines_for(user, messages)
    ]


def _fields(draft, article, form):
    """Return {place of a message: address of the field to mend}."""
    fields = {value.name: f"{form}#{id_in_form(value.name)}" for value in contents.VALUES}
    checklists = reverse("admin:articles_article_checklists", args=[article.pk])
    fields |= {
        row["uid"]: f"{form if rows.is_in_form else checklists}#{rows.accessor}-{number}"
        for rows in contents.OWN_ROWS
        for number, row in enumerate(rows.in_content(draft.content))
    }
    claims = {
        uid: reverse("admin:articles_claim_change", args=[pk])
        for uid, pk in draft.claim_pks.items()
    }
    return fields | claims


def id_in_form(field):
    """Return the id that Django's admin gives a field of the article, or all rows of one kind."""
    return f"{field}-group" if field.endswith("_rows") else f"id_{field}"
