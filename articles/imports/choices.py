"""What a person decided about a document that is being imported."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from .roles import may_be_chosen


@dataclass
class Choices:
    """Where lines go, which points were checked, and which suggested claims were accepted.

    - moves: {line number: role code}
    - log: every move in order, as {line, from, to, at}
    - seen: ids of the PointToChecks that the person has looked at
    - claims: ids of the SuggestedClaims that the person has accepted
    """

    moves: dict[int, str] = field(default_factory=dict)
    log: list[dict[str, int | str]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    claims: set[str] = field(default_factory=set)

    def move(self, line: int, *, role: str, was: str, read_as: str, at: datetime) -> bool:
        """Give line number `line` the role `role`, and return whether that changes anything.

        `was` is the role the line has now. `read_as` is the role it has without any move, so
        choosing that takes the move back.
        """
        if role == was or not (may_be_chosen(role) or role == read_as):
            return False
        if role == read_as:
            self.moves.pop(line, None)
        else:
            self.moves[line] = role
        self.log.append({"line": line, "from": was, "to": role, "at": at.isoformat()})
        return True

    def as_json(self) -> dict[str, Any]:
        """Return the choices as JSON values, as PendingImport.choices stores them."""
        return {
            "moves": {str(line): role for line, role in sorted(self.moves.items())},
            "log": self.log,
            "seen": sorted(self.seen),
            "claims": sorted(self.claims),
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """Return the choices that `as_json` gave; what is missing is empty."""
        moves = {int(line): role for line, role in stored.get("moves", {}).items()}
        return cls(
            moves,
            list(stored.get("log", [])),
            set(stored.get("seen", [])),
            set(stored.get("claims", [])),
        )
