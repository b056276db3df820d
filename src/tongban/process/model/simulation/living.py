"""What lives during a simulation: cases, their scopes with tokens, officers with their queues."""

from collections import deque
from dataclasses import dataclass, field
from math import inf
from random import Random

from tongban.process.model.graph import NONE, Graph
from tongban.process.model.kinds import NodeKind


@dataclass(slots=True)
class Case:
    """A case: when it began, was accepted and decided, and its special procedures."""

    began: float
    accepted: float | None = None
    decided: float | None = None
    finished: bool = False
    steps: int = 0
    special: "list[Special]" = field(default_factory=list)

    def counted(self, end: float) -> float:
        """Return the minutes from acceptance to decision (or ``end``) that the promise counts.

        Special procedures that run side by side stop the clock but once.
        """
        reached = self.began if self.accepted is None else self.accepted
        until = end if self.decided is None else self.decided
        counted = 0.0
        for one in sorted(self.special, key=lambda one: one.began):
            counted += max(min(one.began, until) - reached, 0.0)
            reached = max(reached, one.over())
        return counted + max(until - reached, 0.0)


@dataclass(slots=True, eq=False)
class Special:
    """A special procedure (行政许可法, art. 45): the clock stands while it lasts."""

    scope: "Living"
    began: float
    ended: float = inf

    def over(self) -> float:
        """Return when it ended, or was ended with what is around it."""
        return min(self.ended, self.scope.over())


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
    special: dict[int, list[Special]] = field(default_factory=dict)
    ended: float = inf

    def end(self, now: float) -> None:
        """Let nothing more happen in the scope."""
        self.alive, self.ended = False, min(self.ended, now)

    def pause(self, node: int, now: float) -> None:
        """Begin a special procedure: its waiting for somebody belongs to it."""
        begun = Special(self, now)
        self.special.setdefault(node, []).append(begun)
        self.case.special.append(begun)

    def resume(self, node: int, now: float) -> None:
        """End the special procedure of a node, if it is one."""
        running = self.special.get(node)
        if running:
            running.pop(0).ended = now

    def over(self) -> float:
        """Return when the scope or one around it ended."""
        return self.ended if self.outer is None else min(self.ended, self.outer.over())

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


def beginning(graph: Graph, scope: int, random: Random) -> tuple[int, ...]:
    """Return the nodes that get a token when a scope begins.

    Each start event begins a case of its own; which of several does is left to chance.
    """
    here = graph.scopes[scope]
    starts = here.starts or here.triggers[:1]
    if len(starts) > 1 and graph.nodes[starts[0]].kind is NodeKind.START:
        return (random.choice(starts),)
    return starts
