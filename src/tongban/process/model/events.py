"""What happens: events that are waited for, caught at the border of an activity, and thrown.
Pure."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from tongban.process.model import timing
from tongban.process.model.graph import NONE, Event, Graph, Node
from tongban.process.model.kinds import EventKind, NodeKind
from tongban.process.model.tokens import (
    ROOT,
    Alarm,
    Place,
    State,
    Subscription,
    Thrown,
    Token,
    within,
)
from tongban.process.model.traits import traits
from tongban.process.model.work import plain

if TYPE_CHECKING:
    from tongban.process.model.play import Play

_CALLED_FOR = frozenset({EventKind.MESSAGE, EventKind.SIGNAL})


def listen(play: "Play", graph: Graph, scope: int, place: Place) -> None:
    """Let the event sub-processes of a scope that begins wait for their events."""
    for number in graph.scopes[scope].event_subs:
        for start in graph.scopes[graph.nodes[number].inner].triggers:
            arm_at(play, graph.nodes[start], place.scope, place, sweeping=True)


def arm_boundary(play: "Play", node: Node, token: Token) -> None:
    """Let the events on the border of an activity that begins wait."""
    graph = play.world.graph(token.place.definition)
    for number in node.boundary:
        event = graph.nodes[number]
        scoped = token.state in (State.SCOPE, State.TURNS)
        sweeping = token.sweeping or (event.interrupting and scoped)
        arm_at(play, event, token.id, token.place, sweeping=sweeping)


def arm(play: "Play", node: Node, token: Token) -> None:
    """Let a token wait for an event."""
    arm_at(play, node, token.id, token.place, sweeping=token.sweeping)


def arm_at(play: "Play", node: Node, token: int, place: Place, *, sweeping: bool) -> None:
    """Let a token, or the instance itself (``ROOT``), wait for an event of a node."""
    event = node.event
    sweeping |= node.number in traits(play.world.graph(place.definition)).sweeping
    if event.kind is EventKind.TIMER and event.timer is not None:
        due = timing.first(play, node, event.timer, place)
        if due is not None:
            alarm = Alarm(token, node.id, place, due, sweeping=sweeping)
            play.effects.alarms.append(alarm)
    elif event.kind in _CALLED_FOR:
        key = _key(play, event, place)
        subscription = Subscription(token, node.id, place, event.kind, event.name, key, sweeping)
        play.effects.subscriptions.append(subscription)


def _key(play: "Play", event: Event, place: Place) -> str:
    if event.correlation is None:
        return ""
    value = plain(play.value(event.correlation, place))
    return "" if value is None else str(value)


def take_over(play: "Play", node: Node, token: Token, data: Mapping[str, object]) -> None:
    """Keep what came with the completion of an activity or with an event, as its outputs say."""
    place = token.place
    if not node.outputs:
        play.effects.set(place.home, {**data})
        return
    facts = {**play.facts(place), **play.world.stored((token.id,)).get(token.id, {}), **data}
    values = {
        one.target: plain(one.expression.evaluate(facts, clock=play.clock).value)
        for one in node.outputs
    }
    play.effects.set(place.home, values)


def happen(
    play: "Play", token: Token | None, node: Node, place: Place, data: Mapping[str, object]
) -> None:
    """Let an event happen: on a border, in the way of a token, or for an event sub-process."""
    if node.kind is NodeKind.START:
        play.effects.set(place.home, dict(data))
        _begin_event_sub(play, node, place, token.id if token else ROOT)
        return
    assert token is not None
    if node.kind is NodeKind.BOUNDARY:
        play.effects.set(place.home, dict(data))
        _at_border(play, node, token)
        return
    play.remove(token)
    play.effects.path.append(node.id)
    take_over(play, node, token, data)
    play.done(node, place, token.turn, own=token.id)


def _at_border(play: "Play", event: Node, host: Token) -> None:
    play.effects.path.append(event.id)
    if event.interrupting:
        if host.state in (State.SCOPE, State.TURNS):
            play.fell(host.id)
        play.remove(host)
    play.follow(event, host.place)


def _begin_event_sub(play: "Play", start: Node, place: Place, scope: int) -> None:
    graph = play.world.graph(place.definition)
    sub = graph.nodes[graph.scopes[start.scope].node]
    if start.interrupting:
        play.fell(scope)
        for other in graph.scopes[sub.scope].event_subs:
            for trigger in graph.scopes[graph.nodes[other].inner].triggers:
                play.effects.rung.append((scope, graph.nodes[trigger].id))
    play.effects.path += [sub.id, start.id]
    owner = play.wait(sub, place, State.SCOPE)
    inner = within(place, owner.id, own_variables=False)
    listen(play, graph, start.scope, inner)
    play.follow(start, inner)


def caught_at(play: "Play", host: Token, kind: EventKind, code: str) -> bool:
    """Let an event on the border of an activity catch an error or escalation, if one does."""
    graph = play.world.graph(host.place.definition)
    for number in _best(graph, play.node_of(host).boundary, kind, code):
        _at_border(play, graph.nodes[number], host)
        return True
    return False


def _best(graph: Graph, numbers: tuple[int, ...], kind: EventKind, code: str) -> Iterator[int]:
    """Which of several events catches: one for this very code before one for all."""
    for wanted in dict.fromkeys((code, "")):
        for number in numbers:
            event = graph.nodes[number].event
            if event.kind is kind and event.code == wanted:
                yield number


def throw_error(play: "Play", place: Place, code: str) -> None:
    """Carry an error outwards until something catches it; uncaught, it ends the instance."""
    if not _carried(play, place, EventKind.ERROR, code):
        play.fell(ROOT)
        play.effects.disarmed.append(ROOT)
        play.effects.outcome = "error"


def escalate(play: "Play", place: Place, code: str) -> bool:
    """Carry an escalation outwards. Return whether what escalated was interrupted by it."""
    before = len(play.effects.felled)
    _carried(play, place, EventKind.ESCALATION, code)
    return len(play.effects.felled) > before


def _carried(play: "Play", place: Place, kind: EventKind, code: str) -> bool:
    for owner, here, subs in _scopes_around(play, place):
        graph = play.world.graph(here.definition)
        for sub in subs:
            triggers = graph.scopes[graph.nodes[sub].inner].triggers
            for number in _best(graph, triggers, kind, code):
                _begin_event_sub(play, graph.nodes[number], here, here.scope)
                return True
        if owner is not None and owner.turn < 0 and caught_at(play, owner, kind, code):
            return True
    return False


def _scopes_around(
    play: "Play", place: Place
) -> Iterator[tuple[Token | None, Place, tuple[int, ...]]]:
    """The scopes around a place, the innermost first: whose each is, and who handles events there.

    The last one is the process itself, which is nobody's.
    """
    here, scope, from_sub = place, _scope_at(play, place), False
    while True:
        graph = play.world.graph(here.definition)
        owner = play.owner(here)
        handles = not from_sub and (owner is None or owner.state is not State.TURNS)
        yield owner, here, graph.scopes[scope].event_subs if handles else ()
        if owner is None:
            return
        node = play.node_of(owner)
        here, scope = owner.place, node.scope
        # What an event sub-process throws itself is not for the scope that it handles.
        from_sub = node.number in play.world.graph(here.definition).scopes[scope].event_subs


def _scope_at(play: "Play", place: Place) -> int:
    """Return the number of the graph's scope in which a place lies."""
    owner = play.owner(place)
    if owner is None:
        return 0
    node = play.node_of(owner)
    if owner.state is State.TURNS:
        return node.scope
    return node.inner if node.inner != NONE else 0


def begin_catch(play: "Play", node: Node, place: Place, turn: int, own: int) -> None:
    """A token comes to an event that it must wait for."""
    if node.event.kind in (EventKind.LINK, EventKind.NONE):
        play.follow(node, place)
        return
    arm(play, node, play.wait(node, place, State.EVENT, turn=turn, own=own))


def begin_choice(play: "Play", node: Node, place: Place, turn: int, own: int) -> None:
    """A token comes to an event-based gateway: whichever event happens first decides."""
    graph = play.world.graph(place.definition)
    token = play.wait(node, place, State.EVENT, turn=turn, own=own)
    for flow in node.outgoing:
        arm(play, graph.nodes[graph.flows[flow].target], token)


def begin_throw(play: "Play", node: Node, place: Place, turn: int, own: int) -> None:
    """A token comes to an event that throws, or to a send task, and goes on."""
    event = node.event
    if event.kind in _CALLED_FOR:
        data = {one.target: plain(play.value(one.expression, place)) for one in node.inputs}
        before = len(play.effects.felled)
        told = tuple(_tell_around(play, event, place, data))
        thrown = Thrown(event.kind, event.name, _key(play, event, place), data, told)
        play.effects.thrown.append(thrown)
        if len(play.effects.felled) > before:
            return
    elif event.kind is EventKind.ESCALATION:
        if escalate(play, place, event.code):
            return
    elif node.link != NONE:
        graph = play.world.graph(place.definition)
        play.enter(graph.nodes[node.link], place)
        return
    play.done(node, place, turn, own=own)


def _tell_around(
    play: "Play", event: Event, place: Place, data: Mapping[str, object]
) -> Iterator[tuple[int, str]]:
    """Let those around hear a signal at once, and return who has heard it.

    A signal is for everybody who listens while it is thrown (10.5.1). Others are told by whoever
    carries the effects out; but what is around might have ended by then, in this very move.
    """
    if event.kind is not EventKind.SIGNAL:
        return
    ended: set[int] = set()
    for token, node, here in list(_around(play, place, event)):
        if token is not None and ended.intersection((token.id, *token.place.scopes)):
            continue
        happen(play, token, node, here, data)
        yield here.scope if token is None else token.id, node.id
        if token is not None and node.kind is NodeKind.BOUNDARY and node.interrupting:
            ended.add(token.id)


def _around(play: "Play", place: Place, event: Event) -> Iterator[tuple[Token | None, Node, Place]]:
    """Who listens for an event in the scopes around a place, the innermost first."""
    for owner, here, subs in _scopes_around(play, place):
        graph = play.world.graph(here.definition)
        for sub in subs:
            for number in graph.scopes[graph.nodes[sub].inner].triggers:
                if graph.nodes[number].event == event:
                    yield owner, graph.nodes[number], here
        if owner is not None and owner.turn < 0:
            outer = play.world.graph(owner.place.definition)
            for number in play.node_of(owner).boundary:
                if outer.nodes[number].event == event:
                    yield owner, outer.nodes[number], owner.place


def begin_end(play: "Play", node: Node, place: Place, turn: int, own: int) -> None:
    """A token comes to an end event."""
    kind = node.event.kind
    if kind is EventKind.ERROR:
        throw_error(play, place, node.event.code)
        return
    if kind is EventKind.TERMINATE:
        _terminate(play, place)
        return
    play.effects.checks[place.scope] = place
    begin_throw(play, node, place, turn, own)


def _terminate(play: "Play", place: Place) -> None:
    play.fell(place.scope)
    owner = play.owner(place)
    if owner is None:
        play.effects.disarmed.append(ROOT)
        play.effects.outcome = "terminated"
        return
    play.leave_scope(owner, place)
