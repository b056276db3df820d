"""What lives during a simulation: cases, their scopes with tokens, officers with their queues."""

from collections import deque
from dataclasses import dataclass, field

from tongban.process.model.graph import NONE


@dataclass(slots=True)
class Case:
    began: float
    excluded: float = 0.0
    steps: int = 0


@dataclass(slots=True, eq=False)
class Living:
    """A living scope of a case: its tokens by where they are, and what waits at its joins."""

    case: Case
    number: int
    outer: "Living | None" = None
    owner: int = NONE
    tokens: int = 0
    alive: bool = True
    at: dict[int, int] = field(default_factory=dict)
    joins: dict[int, list[int]] = field(default_factory=dict)
    left: dict[int, int] = field(default_factory=dict)

    def lives(self) -> bool:
        """Whether nothing around the scope has ended it."""
        scope: Living | None = self
        while scope is not None:
            if not scope.alive:
                return False
            scope = scope.outer
        return True


@dataclass(slots=True)
class Officers:
    officers: int
    free: int
    queue: deque[tuple[float, Living, int]] = field(default_factory=deque)
    tasks: int = 0
    work: float = 0.0
    waiting: float = 0.0
    longest: float = 0.0
