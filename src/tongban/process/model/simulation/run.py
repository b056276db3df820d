"""A discrete-event simulation over the compiled graph: seeded, so that it can be repeated. Pure."""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import accumulate, count
from random import Random

from tongban.process.model.graph import NONE, Graph, Multi, Node
from tongban.process.model.kinds import EventKind, NodeKind, TimerKind
from tongban.process.model.simulation.assumptions import Assumptions
from tongban.process.model.simulation.living import Living, Officers, beginning
from tongban.process.model.simulation.outcome import Outcome
from tongban.process.model.simulation.tally import ACCEPT, DECIDE, PEOPLE, Tally
from tongban.process.model.times import Period

MAX_STEPS_OF_A_CASE = 2_000
# How many nodes follow each other within one call, far below what Python bears.
DEEPEST = 100


def simulate(graph: Graph, assumptions: Assumptions, *, promised: int = 0) -> Outcome:
    """Return how cases would fare. The same seed gives the same outcome.

    ``promised`` are working days (0: what the definition says). Data is not looked at: choices go
    by their shares. Every case that begins is followed to its end; one that stands still for ever,
    or goes round and round, is counted as stuck.
    """
    return _Run(graph, assumptions, promised or graph.promised).outcome()


class _Run:
    def __init__(self, graph: Graph, assumptions: Assumptions, promised: int) -> None:
        self.graph, self.given = graph, assumptions
        self.tally = Tally(graph, assumptions, promised)
        self.random = Random(assumptions.seed)
        self.depth = 0
        self.heap: list[tuple[float, int, Callable[..., None], Living, int]] = []
        self.number = count()
        self.now = 0.0
        self.events = 0
        self.roles: dict[str, Officers] = {}
        self.role_of = [node.attributes.role or "—" for node in graph.nodes]
        self.draw = [
            assumptions.durations.get(node.id, assumptions.usual).sampler(self.random)
            for node in graph.nodes
        ]
        self.choices = [self._choice(node) for node in graph.nodes]
        self.enter = [self._entering(node) for node in graph.nodes]

    def _choice(self, node: Node) -> tuple[tuple[int, ...], list[float]]:
        """The flows out of a node with their cumulated shares."""
        shares = self.given.shares
        named = [shares.get(self.graph.flows[f].id) for f in node.outgoing]
        known = sum(share for share in named if share is not None)
        unnamed = sum(share is None for share in named)
        rest = max(1.0 - known, 0.0) / unnamed if unnamed else 0.0
        weights = [rest if share is None else share for share in named]
        if not sum(weights):
            weights = [1.0] * len(weights)
        return node.outgoing, list(accumulate(weights))

    def _entering(self, node: Node) -> Callable[[Living, int], None]:
        kinds: dict[NodeKind, Callable[[Living, int], None]] = {
            NodeKind.EXCLUSIVE: self._choose,
            NodeKind.EVENT_BASED: self._choose,
            NodeKind.PARALLEL: self._together,
            NodeKind.INCLUSIVE: self._some,
            NodeKind.COMPLEX: self._some,
            NodeKind.END: self._end,
            NodeKind.CATCH: self._wait,
            NodeKind.RECEIVE: self._wait,
            NodeKind.CALL: self._wait,
        }
        if node.kind in PEOPLE:
            return self._work
        if node.inner != NONE:
            return self._open
        return kinds.get(node.kind, self._leave)

    def outcome(self) -> Outcome:
        """Run to the end and sum up."""
        gap = self.given.minutes_per_day / self.given.arrivals_per_day
        at = 0.0
        for _ in range(self.given.cases):
            at += self.random.expovariate(1 / gap)
            self._later(at, self._begin, Living(self.tally.began(at), 0), NONE)
        while self.heap:
            self.now, _, act, scope, node = heappop(self.heap)
            self.events += 1
            # An officer is free again even when the case has ended meanwhile.
            if act == self._freed or scope.lives():
                act(scope, node)
        return self.tally.outcome(self.roles, now=self.now, events=self.events)

    def _later(
        self, at: float, act: Callable[[Living, int], None], scope: Living, node: int
    ) -> None:
        heappush(self.heap, (at, next(self.number), act, scope, node))

    def _begin(self, scope: Living, _: int) -> None:
        starts = beginning(self.graph, scope.number, self.random)
        if not starts:
            self._ended(scope)
            return
        scope.tokens += len(starts)
        for number in starts:
            self._arrive(scope, number, NONE)

    def _arrive(self, scope: Living, node: int, flow: int) -> None:
        """A token comes to a node by a flow."""
        case = scope.case
        case.steps += 1
        if case.steps > MAX_STEPS_OF_A_CASE:
            scope.end(self.now)
            return
        scope.at[node] = scope.at.get(node, 0) + 1
        self.tally.counts[node] += 1
        if flow != NONE and len(self.graph.nodes[node].incoming) > 1:
            scope.joins.setdefault(node, []).append(flow)
        if self.depth >= DEEPEST:
            # A ring of gateways takes no time and has no end; what waits in the heap unwinds it.
            self._later(self.now, self.enter[node], scope, node)
            return
        self.depth += 1
        self.enter[node](scope, node)
        self.depth -= 1

    def _go(self, scope: Living, node: int, ways: tuple[int, ...] | list[int], taken: int) -> None:
        """A node gives tokens for those it took."""
        scope.at[node] -= taken
        scope.tokens += len(ways) - taken
        for way in ways:
            if scope.alive:
                self._arrive(scope, self.graph.flows[way].target, way)
        if scope.alive:
            self._settle(scope)

    def _settle(self, scope: Living) -> None:
        if scope.tokens == 0:
            self._ended(scope)
            return
        for join, arrived in list(scope.joins.items()):
            if arrived and self.graph.nodes[join].kind is NodeKind.INCLUSIVE:
                self._some(scope, join)

    def _leave(self, scope: Living, node: int) -> None:
        found = self.graph.nodes[node]
        scope.joins.pop(node, None)
        if found.link != NONE:
            scope.at[node] -= 1
            self._arrive(scope, found.link, NONE)
            return
        ways = found.outgoing
        conditional = len(ways) > 1 and any(
            self.graph.flows[way].condition is not None for way in ways
        )
        self._go(scope, node, (self._one(node),) if conditional else ways, 1)

    def _one(self, node: int) -> int:
        ways, weights = self.choices[node]
        return self.random.choices(ways, cum_weights=weights)[0]

    def _choose(self, scope: Living, node: int) -> None:
        scope.joins.pop(node, None)
        ways = self.graph.nodes[node].outgoing
        self._go(scope, node, (self._one(node),) if ways else (), 1)

    def _together(self, scope: Living, node: int) -> None:
        found = self.graph.nodes[node]
        arrived = scope.joins.get(node, [])
        if len(found.incoming) > 1:
            if any(flow not in arrived for flow in found.incoming):
                return
            for flow in found.incoming:
                arrived.remove(flow)
        self._go(scope, node, found.outgoing, max(len(found.incoming), 1))

    def _some(self, scope: Living, node: int) -> None:
        found = self.graph.nodes[node]
        taken = 1
        if len(found.incoming) > 1:
            arrived = scope.joins.get(node, [])
            occupied = [n for n, held in scope.at.items() if held and n != node]
            if not self.graph.inclusive_ready(found, arrived=set(arrived), occupied=occupied):
                return
            taken = len(arrived)
            del arrived[:]
        ways = self._subset(found)
        self._go(scope, node, ways, taken)

    def _subset(self, node: Node) -> list[int]:
        ways = list(node.outgoing)
        if len(ways) < 2:
            return ways
        shares = self.given.shares
        flows = self.graph.flows
        drawn = [w for w in ways if self.random.random() < shares.get(flows[w].id, 0.5)]
        fallback = node.default if node.default != NONE else self._one(node.number)
        return drawn or [fallback]

    def _end(self, scope: Living, node: int) -> None:
        kind = self.graph.nodes[node].event.kind
        scope.joins.pop(node, None)
        if kind is EventKind.TERMINATE:
            scope.tokens = 0
            self._ended(scope)
        elif kind is EventKind.ERROR:
            self._failed(scope)
        else:
            self._go(scope, node, (), 1)

    def _failed(self, scope: Living) -> None:
        """An error leaves its scope by the boundary event that catches it, or ends the case."""
        inner: Living | None = scope
        while inner is not None:
            inner.end(self.now)
            outer = inner.outer
            if outer is None:
                self.tally.finish(inner.case, self.now)
                return
            for number in self.graph.nodes[inner.owner].boundary:
                if self.graph.nodes[number].event.kind is EventKind.ERROR:
                    self._instead(outer, inner.owner, number)
                    return
            inner = outer

    def _instead(self, scope: Living, node: int, boundary: int) -> None:
        """A boundary event takes the token of its activity."""
        scope.resume(node, self.now)
        scope.at[node] -= 1
        scope.left.pop(node, None)
        self._arrive(scope, boundary, NONE)

    def _ended(self, scope: Living) -> None:
        scope.end(self.now)
        outer = scope.outer
        if outer is None:
            self.tally.finish(scope.case, self.now)
        elif outer.alive:
            outer.left[scope.owner] -= 1
            if outer.left[scope.owner] == 0:
                self._after(outer, scope.owner)

    def _pause(self, scope: Living, node: int) -> None:
        if self.graph.nodes[node].attributes.special is not None:
            scope.pause(node, self.now)

    def _times(self, node: Node) -> int:
        return self.given.instances.get(node.id, 2) if isinstance(node.loop, Multi) else 1

    def _open(self, scope: Living, node: int) -> None:
        found = self.graph.nodes[node]
        times = self._times(found)
        scope.left[node] = scope.left.get(node, 0) + times
        if times == 0:
            scope.left.pop(node)
            self._leave(scope, node)
            return
        self._pause(scope, node)
        for _ in range(times):
            self._begin(Living(scope.case, found.inner, scope, node), NONE)

    def _work(self, scope: Living, node: int) -> None:
        times = self._times(self.graph.nodes[node])
        if times == 0:
            self._leave(scope, node)
            return
        self._pause(scope, node)
        scope.left[node] = scope.left.get(node, 0) + times
        role = self._role(self.role_of[node])
        for _ in range(times):
            if role.free:
                self._take(role, self.now, scope, node)
            else:
                role.queue.append((self.now, scope, node))

    def _role(self, name: str) -> Officers:
        found = self.roles.get(name)
        if found is None:
            officers = self.given.officers.get(name, self.given.others)
            found = self.roles[name] = Officers(officers, officers)
        return found

    def _take(self, role: Officers, since: float, scope: Living, node: int) -> None:
        waited, length = self.now - since, self.draw[node]()
        role.free -= 1
        role.tasks += 1
        role.waiting += waited
        role.work += length
        role.longest = max(role.longest, waited)
        self.tally.waits[node] += waited
        self.tally.works[node] += length
        heappush(self.heap, (self.now + length, next(self.number), self._freed, scope, node))

    def _freed(self, scope: Living, node: int) -> None:
        role = self.roles[self.role_of[node]]
        role.free += 1
        while role.queue and role.free:
            since, other, task = role.queue.popleft()
            if other.lives():
                self._take(role, since, other, task)
        if not scope.lives():
            return
        scope.left[node] -= 1
        if scope.left[node] % max(self._times(self.graph.nodes[node]), 1) == 0:
            self._after(scope, node)

    def _after(self, scope: Living, node: int) -> None:
        """An activity is done, unless one of its boundary events happened."""
        scope.resume(node, self.now)
        act = self.graph.nodes[node].attributes.act
        if act == ACCEPT:
            scope.case.accepted = self.now
        elif act == DECIDE:
            scope.case.decided = self.now
        for number in self.graph.nodes[node].boundary:
            event = self.graph.nodes[number]
            if self.random.random() >= self.given.shares.get(event.id, 0.0):
                continue
            if event.interrupting:
                self._instead(scope, node, number)
                return
            scope.tokens += 1
            self._arrive(scope, number, NONE)
        self._leave(scope, node)

    def _wait(self, scope: Living, node: int) -> None:
        found = self.graph.nodes[node]
        at = self._due(found)
        self.tally.works[node] += at - self.now
        self._pause(scope, node)
        self._later(at, self._after, scope, node)

    def _due(self, node: Node) -> float:
        timer = node.event.timer
        given = node.id in self.given.durations
        if timer is None or given or timer.fixed is None:
            return self.now + self.draw[node.number]()
        if timer.kind is TimerKind.WORKDAYS and isinstance(timer.fixed, int):
            return self.now + timer.fixed * self.given.minutes_per_day
        if isinstance(timer.fixed, Period):
            days = timer.fixed.months * 30 + timer.fixed.rest.total_seconds() / 86400
            return self.given.after_days(self.now, days)
        return self.now
