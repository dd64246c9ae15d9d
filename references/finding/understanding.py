"""What a pasted text is read as, before anything is done."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from references import citing, matching, typed_lines
from references.models import Reference

from . import library, pasted, phrases
from .found import prefill


@dataclass(frozen=True)
class Understood:
    """What one piece of a pasted text was read as. Nothing was looked up, and nothing written.

    `kind` is "identifier", "line" or "words". `printed` is the identifier, the printed reference,
    or the words. `known` is the reference that the library has. `told` has sentences: what was
    repaired, or why it cannot be read. `csl` is what a typed line says; for an identifier, what the
    form can begin with.
    """

    text: str
    kind: str
    printed: str
    known: Reference | None = None
    told: list[str] = field(default_factory=list)
    csl: dict = field(default_factory=dict)
    is_usable: bool = True


def understand(text: str) -> tuple[list[Understood], str]:
    """Return an Understood for each reference in `text`, and "" or why the text is refused."""
    text, refusal = pasted.cleaned(text)
    if refusal:
        return [], refusal
    return [_understand_piece(piece) for piece in pasted.pieces(text) or [text]], ""


def _understand_piece(piece):
    identifier = pasted.lone_identifier(piece)
    if identifier is None:
        try:
            typed = typed_lines.parse(piece)
        except typed_lines.NotAReference as error:
            identifier = pasted.identifier_in(piece)
            if identifier is None:
                return Understood(
                    piece,
                    "words",
                    " ".join(piece.split())[:300],
                    told=[str(error)],
                    is_usable=False,
                )
        else:
            printed = citing.ama(typed.csl)
            sentences = phrases.what_was_repaired(typed.repairs)
            return Understood(piece, "line", printed, _known_line(typed.csl), sentences, typed.csl)
    sentences = phrases.what_was_repaired(identifier.repairs)
    if not identifier.is_usable:
        sentences.append(
            _("This may be a %s. Write that in front of it if it is.")
            % phrases.NAMES[identifier.kind]
        )
    name = f"{phrases.NAMES[identifier.kind]} {identifier.display}"
    return Understood(
        piece,
        "identifier",
        name,
        library.known_by(identifier),
        sentences,
        prefill(identifier),
        is_usable=identifier.is_usable,
    )


def _known_line(record):
    draft = Reference(csl=dict(record))
    draft.derive()
    return matching.known_typed_work(draft)
