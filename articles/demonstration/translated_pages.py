"""Translations of demonstration pages: started, put into words, reviewed and published.

    pages/SLUG/LANGUAGE.toml   who did it, and [words]: each text of the original, and here

Every text that a reader gets must have its words, or LookupError names those that are missing.
"""

import html
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from articles.drafts import edits, shared_terms, translation_drafts
from articles.evidence import linking
from articles.models import Article, Citation, Finding, Person, Publication, ReviewTask
from articles.models.vocabulary import SharedTerm
from articles.pictures import storage
from articles.publishing import publishing
from articles.review import checklists, reviewing
from articles.revisions import contents

from . import page_files

#: What clinicians read of a finding: how the field and the source put it.
_FOR_CLINICIANS = ("outcome_term", "scale_name", "as_reported")


@dataclass(frozen=True)
class Translation:
    """One page in another language."""

    original: str  # its slug
    language: str

    @property
    def name(self) -> str:
        return f"{self.original}, {self.language}"


TRANSLATIONS: tuple[Translation, ...] = (
    Translation("exercise-to-prevent-falls", "es"),
    Translation("epley-for-spinning-dizziness", "ar"),
)


class _Words:
    """The texts of a translation. Gives "" for "", and remembers what it does not have."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts
        self.missing: list[str] = []

    def __call__(self, text: str) -> str:
        plain = " ".join(text.split())
        if plain and plain not in self.texts:
            self.missing.append(plain)
        return self.texts.get(plain, plain)

    def in_html(self, body: str) -> str:
        """Return `body` with the text between its tags translated, piece by piece."""
        pieces = re.split(r"(<[^>]+>)", body)
        return "".join(
            piece if piece.startswith("<") or not piece.strip() else self._piece(piece)
            for piece in pieces
        )

    def _piece(self, piece: str) -> str:
        before = piece[: len(piece) - len(piece.lstrip())]
        after = piece[len(piece.rstrip()) :]
        return f"{before}{html.escape(self(html.unescape(piece)), quote=False)}{after}"


@transaction.atomic
def publish_translation(translation: Translation, *, now: datetime) -> Publication:
    """Translate the live page of the original, and publish it. Raises LookupError."""
    path = page_files.FOLDER / translation.original / f"{translation.language}.toml"
    known = tomllib.loads(path.read_text())
    writer, checker, approver = (
        User.objects.get(username=known[role]) for role in ("writer", "checker", "approver")
    )
    at = now - timedelta(days=known["days_ago"])
    original = Article.objects.get(slug=translation.original)
    draft = translation_drafts.start(
        original, translation.language, by=writer, at=at - timedelta(days=2)
    )
    _put_into_words(draft, _Words(known["words"]), writer, at - timedelta(days=2))
    for citation in Citation.objects.filter(claim__article=draft):
        reviewing.check_evidence(citation, by=checker, at=at - timedelta(days=1))
    request = reviewing.submit(draft, by=writer, at=at - timedelta(days=1))
    answers = {code: "yes" for code, _question in checklists.QUESTIONS[ReviewTask.Kind.CLINICAL]}
    reviewing.approve(request.revision, by=approver, at=at, answers=answers)
    return publishing.publish(request.revision, by=approver, at=at, change_note="")


def _put_into_words(article: Article, words: _Words, writer: User, at: datetime) -> None:
    article = Article.objects.get(pk=article.pk)
    for value in contents.VALUES:
        if value.is_explained and value.name != "body":
            setattr(article, value.field, words(getattr(article, value.field)))
    article.body = words.in_html(article.body)
    article.other_names = [words(name) for name in article.other_names]
    article.funding, article.conflicts = words(article.funding), words(article.conflicts)
    article.written_by = Person.objects.get(user=writer)
    article.save()
    for rows in contents.OWN_ROWS:
        for row in getattr(article, rows.accessor).all():
            if rows.term:
                _name(getattr(row, rows.term), article.language, words, writer, at)
            _translate_row(rows, row, words, writer, at)
    edits.match_claims_to_text(article)
    _translate_evidence(article, words, writer, at)
    if words.missing:
        raise LookupError("\n".join(["No words for:", *dict.fromkeys(words.missing)]))
    edits.record_edit(article, by=writer, at=at, summary="Translated.")


def _translate_row(
    rows: contents.Rows, row: Any, words: _Words, writer: User, at: datetime
) -> None:
    for value in rows.values:
        is_text = value.is_explained or value.name in _FOR_CLINICIANS
        if value.name != rows.term and is_text and not _is_code(row, value):
            setattr(row, value.field, words(getattr(row, value.field)))
    if rows.name == "findings":
        row.starting_risks = [
            {**risk, "label": words(risk["label"])} for risk in row.starting_risks
        ]
    if rows.name == "pictures":
        row.picture, row.heading = _picture_in(row.picture, words, writer, at), words(row.heading)
    row.save()


def _is_code(row: Any, value: contents.Value) -> bool:
    """Return whether the value is one of a list here: the unit of a count, not of an amount."""
    return value.name == "unit" and row.kind == Finding.Kind.COUNT


def _name(term: SharedTerm, language: str, words: _Words, writer: User, at: datetime) -> None:
    """Give a shared term its name in this language, if it has none."""
    if language in term.names:
        return
    said = {name: words(getattr(term, name, "")) for name in ("name", "clinical_name", "summary")}
    said = {name: text for name, text in said.items() if text}
    other_names = [words(name) for name in term.other_names]
    term.names[language] = {**said, **({"other_names": other_names} if other_names else {})}
    term.full_clean()
    term.save()
    shared_terms.record_change(term, by=writer, at=at)


def _picture_in(picture: Any, words: _Words, writer: User, at: datetime) -> Any:
    """Return the same picture with words in this language."""
    with picture.file.open() as file:
        return storage.add(
            file.read(),
            by=writer,
            at=at,
            alt=words(picture.alt),
            caption=words(picture.caption),
            credit=picture.credit,
            licence=picture.licence,
        )


def _translate_evidence(article: Article, words: _Words, writer: User, at: datetime) -> None:
    """Say of every claim that its evidence fits the new words; translate what readers get of it."""
    state = linking.state_of(article)
    for claim in state.claims.values():
        claim.confirmed = True
        claim.note = words(claim.note)
        for name in ("outcome", "population", "comparator"):
            if said := getattr(claim, name):
                setattr(claim, name, words(said))
        for citation in claim.links:
            citation.note = words(citation.note)
    linking.apply(article, state, by=writer, at=at)
