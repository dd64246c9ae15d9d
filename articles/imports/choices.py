"""What a person decided about a document that is being brought in."""

from dataclasses import dataclass, field

from .roles import may_be_chosen


@dataclass
class Choices:
    """Where lines go, which remarks were looked at, which suggested claims were accepted."""

    moves: dict[int, str] = field(default_factory=dict)  # line number: role code
    log: list[dict] = field(default_factory=list)  # every move in order: line, from, to, at
    seen: set[str] = field(default_factory=set)  # ids of remarks
    claims: set[str] = field(default_factory=set)  # ids of suggested claims

    def move(self, line, *, role, was, read_as, at):
        """Line number `line` becomes `role`, or what it was read as by itself.

        Says whether that changes anything.
        """
        if role == was or not (may_be_chosen(role) or role == read_as):
            return False
        if role == read_as:
            self.moves.pop(line, None)
        else:
            self.moves[line] = role
        self.log.append({"line": line, "from": was, "to": role, "at": at.isoformat()})
        return True

    def as_json(self):
        return {
            "moves": {str(line): role for line, role in sorted(self.moves.items())},
            "log": self.log,
            "seen": sorted(self.seen),
            "claims": sorted(self.claims),
        }

    @classmethod
    def from_json(cls, stored):
        moves = {int(line): role for line, role in stored.get("moves", {}).items()}
        return cls(
            moves,
            list(stored.get("log", [])),
            set(stored.get("seen", [])),
            set(stored.get("claims", [])),
        )
