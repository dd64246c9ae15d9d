"""Looking a known reference up again: is it the work it says it is, and what became of that work?

One answer serves both questions. What could not be asked stays as it was: unchecked stays
unchecked.
"""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import identity, integrity
from .formats.records import Record
from .lookup import Answer, crossref, pubmed
from .models import Identity, Integrity, Notice, Reference


@dataclass(frozen=True)
class Checked:
    """What came of it: `reference` as it stands now, `sentence` for a person, `new` the notices
    that are new.

    `is_checked` is false when nothing was learned about one of the questions asked. `suggestions`
    are works that a reference without an identifier may be, surest first.
    """

    reference: Reference
    sentence: str
    is_checked: bool
    answers: tuple[Answer, ...] = ()
    new: list[Notice] = field(default_factory=list)
    suggestions: tuple[Record, ...] = ()


def check(reference, *, by, at, of_identity=True, of_integrity=True):
    """Ask Crossref (DOI) and PubMed (PMID) about `reference` and keep what they say. Returns a
    Checked.

    Asks before it writes, so it must not run inside a transaction. `by` may be None for the site
    itself.
    """
    answers = _asked_about(reference)
    if not answers:
        return _without_identifier(reference, at=at, of_identity=of_identity)
    with transaction.atomic():
        now = Reference.objects.select_for_update().get(pk=reference.pk)
        if _identifiers(now) != _identifiers(reference):
            return Checked(
                now, _("It was changed while it was looked up. Check it again."), False, answers
            )
        is_settled, told = True, []
        found = [answer for answer in answers if answer.record]
        is_same = all(_is_this_work(now, answer.record) for answer in found)
        if of_identity:
            is_settled &= bool(found)
            told.append(_settle_identity(now, found, is_same, by=by, at=at))
        new = []
        if of_integrity:
            failed = [answer for answer in answers if answer.is_failure]
            # What is known about another work says nothing about this one.
            ours = found if is_same else []
            notices = [notice for answer in ours for notice in answer.record.notices]
            stated = max((answer.record.integrity for answer in ours), key=_gravity, default="")
            is_answered = bool(ours) and not failed
            if ours:
                new = integrity.keep(
                    now, notices, stated=stated, is_checked=is_answered, by=by, at=at
                )
            is_settled &= is_answered
            now.refresh_from_db()
            told.append(_about_integrity(now, new, is_answered, is_same))
    told += [answer.sentence for answer in answers if answer.record is None]
    return Checked(now, " ".join(filter(None, told)), is_settled, answers, new)


def _asked_about(reference):
    answers = [crossref.work(reference.doi)] if reference.doi else []
    if reference.pmid:
        answers.append(pubmed.article(reference.pmid))
    elif reference.pmcid and not answers:
        answers.append(pubmed.by_pmcid(reference.pmcid))
    return tuple(answers)


def _identifiers(reference):
    return reference.doi_key, reference.pmid, reference.pmcid


def _is_this_work(reference, record):
    """A person's word counts more than a comparison.

    What was looked up by its identifier is compared all the same.
    """
    return (
        reference.identity == Identity.VERIFIED
        or identity.compare(reference.csl, record.csl).is_same
    )


def _gravity(state):
    return ["", Integrity.WITHDRAWN, Integrity.RETRACTED, Integrity.NOTICE].index(state)


def _settle_identity(reference, found, is_same, *, by, at):
    """Keep what the look-up says about identity; the sentence that tells it."""
    if not found:
        return ""
    first = found[0]
    reference.payload, reference.payload_at = first.record.payload, at
    fields = ["payload", "payload_at"]
    if reference.identity != Identity.VERIFIED:
        reference.identity = Identity.RESOLVED if is_same else Identity.MISMATCH
        reference.identity_checked_at, reference.identity_checked_by = at, by
        fields += ["identity", "identity_checked_at", "identity_checked_by"]
    reference.save(update_fields=fields)
    if not is_same:
        other = next(answer for answer in found if not _is_this_work(reference, answer.record))
        return _(
            "The identifier belongs to another work: “%(title)s” (%(service)s). Correct the"
            " reference."
        ) % {
            "title": other.record.csl["title"][:200],
            "service": other.service,
        }
    differing = len(identity.differences(reference))
    told = _("It is the work it says it is.")
    if differing:
        told += " " + ngettext(
            "%(count)s field differs from what %(service)s says.",
            "%(count)s fields differ from what %(service)s says.",
            differing,
        ) % {"count": differing, "service": first.service}
    return told


def _about_integrity(reference, new, is_answered, is_same):
    if new:
        return _("New: %s.") % ", ".join(str(notice.get_kind_display()) for notice in new)
    if is_answered:
        return _("Retraction: %s.") % reference.get_integrity_display()
    return (
        ""
        if is_same
        else _("Whether it was retracted was not checked, because the identifier is not its own.")
    )


def _without_identifier(reference, *, at, of_identity):
    """No identifier leads anywhere.

    What may be it is suggested, and nothing is taken without a person.
    """
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
    alike = [
        record for record in answer.records if identity.compare(reference.csl, record.csl).is_same
    ]
    alike.sort(key=lambda record: not identity.is_surely(reference.csl, record.csl))
    if not alike:
        return Checked(
            reference,
            _("It has no DOI or PMID, and Crossref knows nothing like it."),
            False,
            (answer,),
        )
    offered = ", ".join(record.csl["DOI"] for record in alike[:3])
    sentence = (
        _("It has no DOI or PMID. It may be: %s. Compare, and add the one that is right.") % offered
    )
    return Checked(reference, sentence, False, (answer,), suggestions=tuple(alike[:3]))
