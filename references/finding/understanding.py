"""What a pasted text would be read as, before anything is done."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from references import citing, identifiers, typed_lines
from references.models import Reference

from . import library, pasted, phrases
from .found import prefill


@dataclass(frozen=True)
class Understood:
    """What one piece of a pasted text was read as; nothing was looked up and nothing written.

    `kind` is "identifier", "line" or "words". `printed` is the identifier, the printed reference,
    or the words. `known` is the reference the library has. `told` holds sentences: what was
    repaired, or why it cannot be read. `csl` is what a typed line says, to fill a form with.
    """

    text: str
    kind: str
    printed: str
    known: Reference | None = None
    told: list[str] = field(default_factory=list)
    csl: dict = field(default_factory=dict)
    is_usable: bool = True


def understand(text):
    """[Understood], one for each reference in what was pasted, and "" or the sentence that says why
    there is none.
    """
    text, problem = pasted.taken(text)
    return [_understood(piece) for piece in pasted.pieces(text) or [text]] if text else [], problem


def _understood(piece):
    identifier = pasted.lone_identifier(piece)
    if identifier is None:
        try:
            typed = typed_lines.parse(piece)
        except typed_lines.NotAReference as problem:
            identifier = identifiers.doi(piece)
            if not identifier.is_usable:
                return Understood(
                    piece,
                    "words",
                    " ".join(piece.split())[:300],
                    told=[str(problem)],
                    is_usable=False,
                )
        else:
            printed, told = citing.ama(typed.csl), phrases.what_was_repaired(typed.repairs)
            return Understood(piece, "line", printed, _known_line(typed.csl), told, typed.csl)
    told = phrases.what_was_repaired(identifier.repairs)
    is_sure = identifier.is_usable
    if not is_sure:
        told.append(
            _("This may be a %s. Write that in front of it if it is.")
            % phrases.NAMES[identifier.kind]
        )
    name = f"{phrases.NAMES[identifier.kind]} {identifier.display}"
    return Understood(
        piece,
        "identifier",
        name,
        library.known_by(identifier),
        told,
        prefill(identifier),
        is_usable=is_sure,
    )


def _known_line(record):
    """The reference a typed line would lead to, by the rules of adding.add_typed_line.

    None when it is new.
    """
    new = Reference(csl=dict(record))
    new.derive()
    if new.doi_key or new.pmid or new.pmcid:
        return library.current(
            Reference.objects.known_as(doi_key=new.doi_key, pmid=new.pmid, pmcid=new.pmcid)
        )
    return (
        Reference.objects.current()
        .filter(title_key=new.title_key, year=new.year)
        .exclude(title_key="")
        .first()
    )
