"""Every state that a net can reach, within bounds, and what is wrong with them. Pure."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from tongban.process.model.checking.net import Logic, Net

MAX_STATES = 20_000
MAX_BRANCHES = 8
State = frozenset[int]


@dataclass(slots=True)
class Explored:
    """What exploring found, in terms of the net.

    ``stuck``: joins that wait in vain, with the edges that hold a token and those that lack one,
    and whether the join had fired before. ``doubled``: edges that got a second token. ``endless``:
    edges from which no end is ever reached. ``complete``: whether every state was seen.
    """

    stuck: dict[int, tuple[set[int], set[int], bool]] = field(default_factory=dict)
    doubled: set[int] = field(default_factory=set)
    endless: set[int] = field(default_factory=set)
    complete: bool = True
    states: int = 0


def explore(net: Net, *, limit: int = MAX_STATES) -> Explored:
    """Return what happens in a net from its first token on, looking at ``limit`` states at most."""
    return _Explorer(net, limit).run()


class _Explorer:
    def __init__(self, net: Net, limit: int) -> None:
        self.net, self.limit, self.found = net, limit, Explored()
        self.after: dict[State, set[State]] = {}
        self.before: dict[State, tuple[State, int]] = {}
        self.upstream = {
            edge: self._reaching(edge, join)
            for join, logic in net.logic.items()
            if logic is Logic.SOME and len(net.ins[join]) > 1
            for edge in net.ins[join]
        }

    def _reaching(self, edge: int, join: int) -> frozenset[int]:
        """The edges from which a token can come to an edge without passing the join."""
        seen, pending = {edge}, [edge]
        while pending:
            source = self.net.edges[pending.pop()].source
            if source == join or source not in self.net.ins:
                continue
            new = [one for one in self.net.ins[source] if one not in seen]
            seen.update(new)
            pending.extend(new)
        return frozenset(seen)

    def run(self) -> Explored:
        first = frozenset({self.net.start})
        pending, known = deque([first]), {first}
        while pending:
            if len(known) > self.limit:
                self.found.complete = False
                break
            state = pending.popleft()
            following = self.after[state] = set()
            for fired, after in self._moves(state):
                following.add(after)
                if after not in known:
                    known.add(after)
                    self.before[after] = state, fired
                    pending.append(after)
            if state and not following:
                self._stuck(state)
        self.found.states = len(known)
        if self.found.complete:
            self._endless()
        return self.found

    def _moves(self, state: State) -> Iterator[tuple[int, State]]:
        for node in {self.net.edges[edge].target for edge in state}:
            for taken, given in self._firings(node, state):
                rest = state - taken
                doubled = frozenset(filter(self._matters, given & rest))
                if doubled:
                    # Told once; what follows from two tokens on one edge is not worth exploring.
                    self.found.doubled |= doubled
                    yield node, rest | given
                elif self.net.logic[node] is Logic.STOP:
                    yield node, frozenset()
                else:
                    yield node, rest | given

    def _firings(self, node: int, state: State) -> Iterator[tuple[State, State]]:
        net, logic = self.net, self.net.logic[node]
        ins, outs = net.ins[node], net.outs[node]
        held = frozenset(edge for edge in ins if edge in state)
        if logic is Logic.ALL:
            if len(held) == len(ins):
                yield held, frozenset(outs)
        elif logic is Logic.SOME:
            if len(ins) == 1 or self._ready(node, held, state):
                yield from ((held, given) for given in self._sets(outs, 1))
        elif logic is Logic.ONE:
            yield from ((frozenset({edge}), frozenset({way})) for edge in held for way in outs)
        elif logic is Logic.EXTRA:
            for given in self._sets(outs[1:], 0):
                yield from ((frozenset({edge}), given | {outs[0]}) for edge in held)
        else:
            yield from ((frozenset({edge}), frozenset[int]()) for edge in held)

    def _matters(self, edge: int) -> bool:
        """Two tokens on their way into an end do no harm, unless tasks lie before it."""
        way = self.net.edges[edge]
        return bool(way.through) or self.net.logic[way.target] is not Logic.END

    def _ready(self, join: int, held: State, state: State) -> bool:
        filled = [self.upstream[edge] for edge in held]
        empty = [self.upstream[edge] for edge in self.net.ins[join] if edge not in held]
        return not any(
            any(edge in upstream for upstream in empty)
            and not any(edge in upstream for upstream in filled)
            for edge in state - held
        )

    def _sets(self, ways: list[int], least: int) -> Iterator[State]:
        """Every set of ways; of very many only small ones and all, which proves nothing."""
        most = len(ways)
        if most > MAX_BRANCHES:
            self.found.complete = False
            yield frozenset(ways)
            most = 2
        for size in range(least, most + 1):
            yield from map(frozenset, combinations(ways, size))

    def _stuck(self, state: State) -> None:
        for edge in state:
            join = self.net.edges[edge].target
            held, missing, fired = self.found.stuck.get(join, (set(), set(), True))
            lacking = {one for one in self.net.ins[join] if one not in state}
            self.found.stuck[join] = (
                held | {edge},
                missing | lacking,
                fired and self._fired_before(state, join),
            )

    def _fired_before(self, state: State, join: int) -> bool:
        while state in self.before:
            state, fired = self.before[state]
            if fired == join:
                return True
        return False

    def _endless(self) -> None:
        """States that never come to an end, nor to where they are stuck."""
        backwards: dict[State, list[State]] = {}
        for state, following in self.after.items():
            for one in following:
                backwards.setdefault(one, []).append(state)
        pending = [state for state, following in self.after.items() if not following]
        good = set(pending)
        while pending:
            for one in backwards.get(pending.pop(), ()):
                if one not in good:
                    good.add(one)
                    pending.append(one)
        bad = self.after.keys() - good
        for state in bad:
            self.found.endless |= state
