"""What a sentence promises, and how sure it puts it."""

import enum
from typing import NamedTuple


class Hedge(enum.IntEnum):
    """How sure a sentence puts it; the value is the rank of the certainty that carries it."""

    POSSIBLY = 2
    PROBABLY = 3
    PLAINLY = 4


class Force(enum.Enum):
    EFFECT = "effect"  # eases, reduces, helps
    SURE = "sure"  # works, cures, is best
    ABSOLUTE = "absolute"  # safe, guaranteed, no side effects
    COUNT = "count"  # 9 in 10 get better: it needs a source, and nothing else


class Promise(NamedTuple):
    """What a sentence promises, in its own `words`."""

    words: str
    start: int  # where they begin in the text
    kind: Force
    hedge: Hedge = Hedge.PLAINLY

    @property
    def end(self) -> int:
        return self.start + len(self.words)
