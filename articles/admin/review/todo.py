"""What is still to do before readers may see a text, and where to do each thing."""

from dataclasses import dataclass

from django.urls import reverse

from articles import permissions, preflight
from articles.revisions import contents


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


def to_do(messages, draft, user, article, anchors, refusal):
    """Return a ToDo for each message of the preflight, in their order."""
    form = reverse("admin:articles_article_change", args=[article.pk])
    fields = {value.name: f"{form}#{id_in_form(value.name)}" for value in contents.VALUES}
    fields |= {
        row["uid"]: f"{form}#{rows.accessor}-{number}"
        for rows in contents.OWN_ROWS
        for number, row in enumerate(rows.in_content(draft.content))
    }
    for uid, pk in draft.claim_pks.items():
        fields[uid] = reverse("admin:articles_claim_change", args=[pk])
    is_editor = permissions.may(user, "articles.review_article")
    todos = []
    for message, words in zip(messages, preflight.phrased_for(user, messages), strict=True):
        key = f"sign-{message.code}-{message.place}"
        address = fields.get(message.place) or f"{form}#{id_in_form(message.field)}"
        todos.append(
            ToDo(
                message,
                words,
                anchors.get(message.place, ""),
                address,
                key,
                refusal.typed_in(key),
                not message.only_editors_sign or is_editor,
            )
        )
    return todos


def id_in_form(field):
    """Return the id that Django's admin gives a field of the article, or all rows of one kind."""
    return f"{field}-group" if field.endswith("_rows") else f"id_{field}"
