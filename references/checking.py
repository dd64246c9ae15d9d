"""Looking up a known reference again: is it the work it says it is, and what became of it?

One answer serves both questions. What could not be asked stays as it was: unchecked stays
unchecked.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import identity, integrity, versions
from .formats.records import Record
from .lookup import Answer, crossref, pubmed
from .models import Identity, Integrity, Notice, Reference


@dataclass(frozen=True)
class Checked:
    """What a check came to.

    `reference` is the row as it is now, `sentence` is for a person, `new` are the notices that are
    new. `is_checked` is false when one of the questions stayed without an answer. `suggestions` are
    works that a reference without an identifier may be, best first.
    """

    reference: Reference
    sentence: str
    is_checked: bool
    answers: tuple[Answer, ...] = ()
    new: list[Notice] = field(default_factory=list)
    suggestions: tuple[Record, ...] = ()


def check(
    reference: Reference,
    *,
    by: User | None,
    at: datetime,
    of_identity: bool = True,
    of_integrity: bool = True,
) -> Checked:
    """Ask Crossref (DOI) and PubMed (PMID) about `reference`, and keep what they say.

    Asks before it writes, so it must not run inside a transaction. `by` may be None for the site
    itself.
    """
    answers = _ask_services(reference)
    if not answers:
        return _without_identifier(reference, at=at, of_identity=of_identity)
    with transaction.atomic():
        now = Reference.objects.select_for_update().get(pk=reference.pk)
        if _identifiers(now) != _identifiers(reference):
            return Checked(
                now, _("It was changed while it was looked up. Check it again."), False, answers
            )
        is_checked, sentences = True, []
        answered = [answer for answer in answers if answer.record]
        is_same = all(_is_this_work(now, answer.record) for answer in answered)
        if of_identity:
            is_checked &= bool(answered)
            sentences.append(_record_identity(now, answered, is_same, by=by, at=at))
        new = []
        if of_integrity:
            # What is known about another work says nothing about this one.
            about_this = answered if is_same else []
            has_failed = any(answer.is_failure for answer in answers)
            is_answered = bool(about_this) and not has_failed
            new = _record_integrity(now, about_this, is_answered, by=by, at=at)
            versions.note_newer_versions([now], by=by, at=at)
            is_checked &= is_answered
            sentences.append(_integrity_sentence(now, new, is_answered, is_same))
    sentences += [answer.sentence for answer in answers if answer.record is None]
    return Checked(now, " ".join(filter(None, sentences)), is_checked, answers, new)


def _ask_services(reference):
    answers = [crossref.work(reference.doi)] if reference.doi else []
    if reference.pmid:
        answers.append(pubmed.article(reference.pmid))
    elif reference.pmcid and not answers:
        answers.append(pubmed.by_pmcid(reference.pmcid))
    return tuple(answers)


def _identifiers(reference):
    return reference.doi_key, reference.pmid, reference.pmcid


def _is_this_work(reference, record):
    """Return whether `record`, looked up by the identifier of `reference`, describes the same work.

    The word of a person counts more than a comparison.
    """
    return (
        reference.identity == Identity.VERIFIED
        or identity.compare(reference.csl, record.csl).is_same
    )


def _state_rank(state):
    return _STATES_BY_RANK.index(state) if state in _STATES_BY_RANK else 0


#: What a record may state of itself; the last one counts most.
_STATES_BY_RANK = [
    "",
    Integrity.CORRECTED,
    Integrity.CONCERN,
    Integrity.WITHDRAWN,
    Integrity.RETRACTED,
    Integrity.NOTICE,
]


def _record_identity(reference, answered, is_same, *, by, at):
    """Keep what the look-up says about identity; returns the sentence for a person."""
    if not answered:
        return ""
    first = answered[0]
    reference.payload, reference.payload_at = first.record.payload, at
    fields = ["payload", "payload_at"]
    if reference.identity != Identity.VERIFIED:
        reference.identity = Identity.RESOLVED if is_same else Identity.MISMATCH
        reference.identity_checked_at, reference.identity_checked_by = at, by
        fields += ["identity", "identity_checked_at", "identity_checked_by"]
    reference.save(update_fields=fields)
    if not is_same:
        other = next(answer for answer in answered if not _is_this_work(reference, answer.record))
        return _(
            "The identifier belongs to another work: “%(title)s” (%(service)s). Correct the"
            " reference."
        ) % {
            "title": other.record.csl["title"][:200],
            "service": other.service,
        }
    differing = len(identity.differences(reference))
    sentence = _("It is the work it says it is.")
    if differing:
        sentence += " " + ngettext(
            "%(count)s field differs from what %(service)s says.",
            "%(count)s fields differ from what %(service)s says.",
            differing,
        ) % {"count": differing, "service": first.service}
    return sentence


def _record_integrity(reference, answers, is_answered, *, by, at):
    """Keep what `answers` say about integrity; returns the notices that are new."""
    new = []
    if answers:
        notices = [notice for answer in answers for notice in answer.record.notices]
        stated = max((answer.record.integrity for answer in answers), key=_state_rank)
        new = integrity.record_notices(
            reference, notices, stated=stated, is_checked=is_answered, by=by, at=at
        )
    reference.refresh_from_db()
    return new


def _integrity_sentence(reference, new, is_answered, is_same):
    if new:
        return _("New: %s.") % ", ".join(str(notice.get_kind_display()) for notice in new)
    if is_answered:
        return _("Retraction: %s.") % reference.get_integrity_display()
    if is_same:
        return ""
    return _("Whether it was retracted was not checked, because the identifier is not its own.")


def _without_identifier(reference, *, at, of_identity):
    """Suggest works that a reference without DOI and PMID may be. A person takes one, or none."""
    if not of_identity:
        return Checked(reference, _("It has no DOI or PMID to look up. Add one."), False)
    answer = crossref.search(reference.csl)
    with transaction.atomic():
        Reference.objects.filter(pk=reference.pk, identity=Identity.UNRESOLVED).update(
            identity=Identity.NO_IDENTIFIER, identity_checked_at=at
        )
    reference.refresh_from_db()
    if answer.is_failure:
        return Checked(
            reference, _("It has no DOI or PMID, and %s") % answer.sentence, False, (answer,)
        )
    same = [
        record for record in answer.records if identity.compare(reference.csl, record.csl).is_same
    ]
    same.sort(key=lambda record: not identity.is_certainly_same(reference.csl, record.csl))
    if not same:
        return Checked(
            reference,
            _("It has no DOI or PMID, and Crossref knows nothing like it."),
            False,
            (answer,),
        )
    dois = ", ".join(record.csl["DOI"] for record in same[:3])
    sentence = (
        _("It has no DOI or PMID. It may be: %s. Compare, and add the one that is right.") % dois
    )
    return Checked(reference, sentence, False, (answer,), suggestions=tuple(same[:3]))
