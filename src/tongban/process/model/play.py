"""The token game: what one command does to the tokens of an instance, as pure data (BPMN 2.0.2,
13).

A ``Play`` reads the graph, the token concerned and, only when an expression asks for them,
variables. It walks until every token waits, and collects ``Effects``. Nothing is decided here that
needs more than one token: whoever carries the effects out tells a new play what has gathered
(``gathered``) and what is left in a scope (``settle``), in the order in which it happened.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Protocol

from tongban.foundation.errors import Conflict
from tongban.process.model import begin, events, repeat, timing, work
from tongban.process.model.entry import entry
from tongban.process.model.graph import Assignment, Flow, Graph, Node
from tongban.process.model.kinds import EventKind, NodeKind
from tongban.process.model.tokens import (
    HELPED,
    NOBODY,
    ROOT,
    Alarm,
    Arrival,
    Effects,
    Gathering,
    Place,
    State,
    Token,
)
from tongban.process.model.traits import traits
from tongban.rules import Expression

MOVES_MAX = 20_000


class NoWayOn(Conflict):
    message = "流程无法继续：离开“{node}”的条件都不成立，也没有默认路径"


class EndlessLoop(Conflict):
    message = "流程在“{node}”附近不停地循环，没有在等待任何人，已停止"


class World(Protocol):
    """What a play may ask. ``stored`` gives variables by scope; ``token`` a scope's token."""

    @property
    def now(self) -> datetime: ...
    @property
    def zone(self) -> tzinfo: ...
    def graph(self, definition: int) -> Graph: ...
    def called(self, process: str) -> int: ...
    def new_id(self) -> int: ...
    def stored(self, scopes: tuple[int, ...]) -> Mapping[int, Mapping[str, object]]: ...
    def token(self, token: int) -> Token: ...
    def decide(self, code: str, facts: Mapping[str, object]) -> object: ...


class Play:
    """One move of an instance, from the act that sets it off until every token waits."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.effects = Effects()
        self._agenda: deque[tuple[Node, Place]] = deque()
        self._moves = 0

    # What sets it off.

    def start(self, definition: int, data: Mapping[str, object], *, node: str = "") -> Effects:
        """Begin an instance, at its plain start event or at the start event that is named.

        :raises NotStartable, SeveralStarts: as ``entry``.
        """
        place = Place(definition)
        graph = self.world.graph(definition)
        self.effects.set(ROOT, dict(data))
        begins = entry(graph, node)
        events.listen(self, graph, 0, place)
        for number in begins:
            begun = graph.nodes[number]
            if node and begun.kind is not NodeKind.START:
                self.effects.path.append(begun.id)
                self.follow(begun, place)
            else:
                self._agenda.append((begun, place))
        return self._run()

    def complete(self, token: Token, data: Mapping[str, object]) -> Effects:
        """Let a token go on whose person, job or event is done."""
        node = self.node_of(token)
        self.remove(token)
        events.take_over(self, node, token, data)
        self.done(node, token.place, token.turn, own=token.id)
        return self._run()

    def trigger(
        self, token: Token | None, node: str, place: Place, data: Mapping[str, object]
    ) -> Effects:
        """Let an event happen for which a token (None: the instance itself) was listening."""
        events.happen(self, token, self.world.graph(place.definition).node(node), place, data)
        return self._run()

    def ring(self, token: Token | None, alarm: Alarm) -> Effects:
        """Let a timer fire, and set it again if it is a cycle whose host goes on."""
        node = self.world.graph(alarm.place.definition).node(alarm.node)
        effects = self.trigger(token, alarm.node, alarm.place, {})
        if node.interrupting or node.kind not in (NodeKind.BOUNDARY, NodeKind.START):
            return effects
        again = timing.following(self, node, alarm)
        if again is None:
            effects.rung.append((alarm.token, alarm.node))
        else:
            effects.alarms.append(replace(alarm, due=again, fired=alarm.fired + 1))
        return effects

    def fail(self, token: Token, code: str, data: Mapping[str, object]) -> Effects:
        """Let a job end in an error that the process may catch."""
        self.effects.set(token.place.home, dict(data))
        if not events.caught_at(self, token, EventKind.ERROR, code):
            self.remove(token)
            events.throw_error(self, token.place, code)
        return self._run()

    def put(self, node: Node, place: Place) -> Effects:
        """Put a new token before a node, after a person sent the case back to it."""
        self._agenda.append((node, place))
        return self._run()

    def gathered(self, gathering: Gathering) -> Effects:
        """Go on from a synchronising place if everything that it needs has come."""
        node = self.world.graph(gathering.place.definition).node(gathering.node)
        if node.kind is NodeKind.PARALLEL:
            if len(set(gathering.arrived)) == len(node.incoming):
                self._join(node, gathering)
        elif node.kind is not NodeKind.INCLUSIVE:
            repeat.gathered(self, node, gathering)
        return self._run()

    def settle(
        self, place: Place, *, tokens: Iterable[str], gatherings: Sequence[Gathering]
    ) -> Effects:
        """Fire the inclusive joins of a scope that are ready, or leave it if nothing is left in it.

        ``tokens`` are the nodes at which tokens stand in this very scope.
        """
        graph = self.world.graph(place.definition)
        occupied = [graph.by_id[node] for node in tokens]
        if not occupied and not gatherings:
            self._leave(place)
            return self._run()
        for gathering in gatherings:
            join = graph.node(gathering.node)
            if join.kind is not NodeKind.INCLUSIVE:
                continue
            others = [graph.by_id[g.node] for g in gatherings if g is not gathering]
            arrived = {join.incoming[mark] for mark in gathering.arrived}
            if graph.inclusive_ready(join, arrived=arrived, occupied=[*occupied, *others]):
                self._join(join, gathering)
                # What moved may block or free another one, which must be asked anew.
                self.effects.checks[place.scope] = place
                break
        return self._run()

    # The walk.

    def _run(self) -> Effects:
        while self._agenda:
            node, place = self._agenda.popleft()
            self._moves += 1
            if self._moves > MOVES_MAX:
                raise EndlessLoop(node=node.name or node.id)
            self.effects.path.append(node.id)
            if node.loop is not None:
                repeat.begin(self, node, place)
            else:
                self.begin(node, place)
        return self.effects

    def begin(self, node: Node, place: Place, *, turn: int = -1, own: int = 0) -> None:
        """Carry out a node, or one turn of it, whose variables then have the scope ``own``."""
        begin.BEGIN[node.kind](self, node, place, turn, own)

    def fell(self, scope: int) -> None:
        """Remove everything in a scope, and what was still to be walked there."""
        self.effects.fell(scope)
        self._agenda = deque(
            (node, at) for node, at in self._agenda if scope != ROOT and scope not in at.scopes
        )

    def enter(self, node: Node, place: Place) -> None:
        """Let a token come to a node."""
        self._agenda.append((node, place))

    def done(self, node: Node, place: Place, turn: int, *, own: int = 0) -> None:
        """Leave an activity or event that has happened."""
        if turn >= 0:
            repeat.turn_done(self, node, place, turn, own)
        else:
            self.follow(node, place)

    def follow(self, node: Node, place: Place) -> None:
        """Take the flows out of a node: all of them, or those whose condition holds."""
        graph = self.world.graph(place.definition)
        if not node.outgoing or node.scope in traits(graph).inclusive:
            self.effects.checks[place.scope] = place
        if not node.outgoing:
            return
        flows = [graph.flows[number] for number in node.outgoing]
        if node.kind is not NodeKind.PARALLEL:
            flows = self._open(node, flows, place)
        for flow in flows:
            self._cross(graph, flow, place)

    def _open(self, node: Node, flows: list[Flow], place: Place) -> list[Flow]:
        """Return the flows to take: the default one where no condition of another holds (8.4.13).

        A flow without a condition is always taken, and says nothing about the default one, except
        at an exclusive gateway, which takes the first that may be taken.
        """
        taken: list[Flow] = []
        holds = False
        for flow in flows:
            if flow.number == node.default:
                continue
            if flow.condition is None or self.value(flow.condition, place) is True:
                taken.append(flow)
                holds |= flow.condition is not None
                if node.kind is NodeKind.EXCLUSIVE:
                    break
        if not (holds or (taken and node.kind is NodeKind.EXCLUSIVE)):
            taken += [flow for flow in flows if flow.number == node.default]
        if not taken:
            raise NoWayOn(node=node.name or node.id)
        return taken

    def _cross(self, graph: Graph, flow: Flow, place: Place) -> None:
        target = graph.nodes[flow.target]
        synchronising = target.kind in (NodeKind.PARALLEL, NodeKind.INCLUSIVE)
        if not synchronising or len(target.incoming) < 2:
            self._agenda.append((target, place))
            return
        mark = target.incoming.index(flow.number)
        self.effects.arrivals.append(Arrival(place, target.id, (mark,)))
        if target.kind is NodeKind.INCLUSIVE:
            self.effects.checks[place.scope] = place

    def _join(self, node: Node, gathering: Gathering) -> None:
        """Consume one token of every flow that has one, and go on as one."""
        rest = list(gathering.arrived)
        for mark in set(gathering.arrived):
            rest.remove(mark)
        self.effects.left.append(Gathering(gathering.place, gathering.node, tuple(rest)))
        self.effects.path.append(node.id)
        self.follow(node, gathering.place)

    def _leave(self, place: Place) -> None:
        """Leave a scope in which nothing is left: the instance ends, or what opened it goes on."""
        if not place.scopes:
            self.effects.outcome = "completed"
            self.effects.disarmed.append(ROOT)
            return
        self.leave_scope(self.world.token(place.scope), place)

    def leave_scope(self, owner: Token, inner: Place) -> None:
        """Go on after a sub-process or called process has ended."""
        node = self.node_of(owner)
        if node.outputs:
            self.assign(node.outputs, inner, owner.place.home)
        self.remove(owner)
        self.done(node, owner.place, owner.turn, own=owner.id)

    # What the walk is made of.

    def node_of(self, token: Token) -> Node:
        """Return the node at which a token stands."""
        return self.world.graph(token.place.definition).node(token.node)

    def owner(self, place: Place) -> Token | None:
        """Return the token of the scope in which a place lies; None for the process itself."""
        if not place.scopes:
            return None
        return self.effects.born.get(place.scope) or self.world.token(place.scope)

    def wait(
        self, node: Node, place: Place, state: State, *, turn: int = -1, own: int = 0
    ) -> Token:
        """Create a token that waits at a node."""
        known = traits(self.world.graph(place.definition))
        called = len(place.scopes) > known.depth[node.scope] + (turn >= 0)
        token = Token(
            own or self.world.new_id(),
            node.id,
            place,
            state,
            turn,
            # From within a called process the way may lead on into its caller, unknown here.
            sweeping=called or node.number in known.sweeping,
            duty=work.duty(self, node, place) if state is State.WORK else NOBODY,
        )
        self.effects.born[token.id] = token
        if node.inputs and state in (State.WORK, State.JOB):
            self.assign(node.inputs, place, token.id)
        if turn < 0:
            events.arm_boundary(self, node, token)
        return token

    def open(self, inner: Place, graph: Graph, scope: int, *, node: str = "") -> None:
        """Let the scope of a sub-process or a called process begin.

        ``node`` names the start event of a called process that has several (10.5.2).

        :raises NotStartable, SeveralStarts: if a called process cannot begin.
        """
        called = scope == 0 and bool(graph.nodes)
        starts = entry(graph, node, called=True) if called else graph.scopes[scope].starts
        events.listen(self, graph, scope, inner)
        for number in starts:
            self._agenda.append((graph.nodes[number], inner))
        if not starts:
            self.effects.checks[inner.scope] = inner

    def remove(self, token: Token) -> None:
        """Take a token away with everything that listens for it."""
        node = self.node_of(token)
        armed = bool(
            node.boundary
            or node.inputs
            or token.turn >= 0
            or token.state in (State.EVENT, State.SCOPE, State.TURNS)
        )
        self.effects.remove(token.id, armed=armed)
        if token.helps == HELPED:
            self.effects.unhelped.append(token.id)

    def value(self, expression: Expression, place: Place, /, **extra: object) -> object:
        """Return what an expression gives here. Stored variables are read only if it needs them."""
        if place.scopes or place.home != ROOT:
            known: Mapping[str, object] = self.facts(place)
        else:
            known = self.effects.variables.get(ROOT, {})
        result = expression.evaluate({**known, **extra}, clock=self.clock)
        # Whatever is not known gives a reason; the fresh values alone were not enough then.
        if result.reasons and not place.scopes:
            result = expression.evaluate({**self.facts(place), **extra}, clock=self.clock)
        return result.value

    def clock(self) -> datetime:
        return self.world.now

    def facts(self, place: Place) -> dict[str, object]:
        """Return every variable that can be seen here; inner scopes hide outer ones."""
        chain = tuple(dict.fromkeys((ROOT, *place.scopes, place.home)))
        stored = self.world.stored(chain)
        seen: dict[str, object] = {}
        for scope in chain:
            seen |= stored.get(scope, {})
            seen |= self.effects.variables.get(scope, {})
        return {name: value for name, value in seen.items() if not name.startswith("#")}

    def assign(self, assignments: Iterable[Assignment], place: Place, scope: int) -> None:
        """Set variables of a scope to what expressions give here."""
        values = {one.target: work.plain(self.value(one.expression, place)) for one in assignments}
        self.effects.set(scope, values)
