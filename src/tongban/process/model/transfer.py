"""Moving one instance to another version: what becomes of its tokens, timers and subscriptions.
Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tongban.process.model import events
from tongban.process.model.graph import NONE, Node
from tongban.process.model.kinds import EventKind, NodeKind
from tongban.process.model.migration import Plan, Standing, marks, same_event
from tongban.process.model.play import Play
from tongban.process.model.tokens import ROOT, Arrival, Effects, Place, State, Token
from tongban.process.model.traits import traits
from tongban.process.model.work import duty

_LISTENING = frozenset({EventKind.TIMER, EventKind.MESSAGE, EventKind.SIGNAL})


@dataclass(frozen=True, slots=True)
class Transfer:
    """The tokens as they stand afterwards, and what is put in place of all that was listened for.

    ``effects`` holds every timer, subscription and arrival of the instance anew: those of before
    are taken away first. ``again`` are tokens whose duty was worked out anew.
    """

    tokens: tuple[Token, ...]
    again: frozenset[int]
    effects: Effects


def transfer(play: Play, plan: Plan, standing: Standing) -> Transfer:
    """Move what has no obstacles. A timer that is kept keeps its time; a new one begins now."""
    tokens, again = [], set()
    for one in standing.tokens:
        if one.place.definition != plan.source:
            continue
        moved, anew = _moved(play, plan, one)
        tokens.append(moved)
        if anew:
            again.add(moved.id)
    effects = play.effects
    _keep(plan, standing, effects)
    _arm_new(play, plan, tokens)
    for gathering in standing.gatherings:
        if gathering.place.definition == plan.source:
            join, come = plan.to(gathering.node), marks(plan, gathering)
            assert join is not None
            assert come is not None
            place = _at(plan, gathering.place)
            effects.arrivals.append(Arrival(place, join.id, come, gathering.needed))
    for token in tokens:
        if plan.new.node(token.node).scope in traits(plan.new).inclusive:
            effects.checks[token.place.scope] = token.place
    return Transfer(tuple(tokens), frozenset(again), effects)


def _at(plan: Plan, place: Place) -> Place:
    return place._replace(definition=plan.target)


def _moved(play: Play, plan: Plan, token: Token) -> tuple[Token, bool]:
    before, after, place = plan.old.node(token.node), plan.to(token.node), _at(plan, token.place)
    assert after is not None
    known = traits(plan.new)
    called = len(place.scopes) > known.depth[after.scope] + (token.turn >= 0)
    moved = token._replace(
        node=after.id, place=place, sweeping=called or after.number in known.sweeping,
        duty=token.duty._replace(act=after.attributes.act),
    )  # fmt: skip
    if token.state is not State.WORK or _same_duty(before, after):
        return moved, False
    return moved._replace(duty=duty(play, after, place)), True


def _same_duty(before: Node, after: Node) -> bool:
    one, other = before.attributes, after.attributes
    return (one.role, one.department, one.assignee, one.limit) == (
        other.role, other.department, other.assignee, other.limit,
    )  # fmt: skip


def _keep(plan: Plan, standing: Standing, effects: Effects) -> None:
    for alarm in standing.alarms:
        node = _kept(plan, alarm.place, alarm.node)
        if node is not None:
            place = _at(plan, alarm.place)
            sweeping = _sweeps(plan, node, sweeping=alarm.sweeping)
            effects.alarms.append(replace(alarm, node=node.id, place=place, sweeping=sweeping))
    for wanted in standing.subscriptions:
        node = _kept(plan, wanted.place, wanted.node)
        if node is not None:
            place = _at(plan, wanted.place)
            sweeping = _sweeps(plan, node, sweeping=wanted.sweeping)
            effects.subscriptions.append(
                replace(wanted, node=node.id, place=place, sweeping=sweeping)
            )


def _sweeps(plan: Plan, node: Node, *, sweeping: bool) -> bool:
    # Too careful costs a lock of the whole instance, too careless would lose tokens.
    return sweeping or node.number in traits(plan.new).sweeping or node.interrupting


def _kept(plan: Plan, place: Place, node: str) -> Node | None:
    """Return the event of the new version as which something goes on waiting."""
    if place.definition != plan.source:
        return None
    before, after = plan.old.node(node), plan.to(node)
    if after is None or not same_event(before.event, after.event):
        return None
    if before.attached != NONE:
        host = plan.to(plan.old.nodes[before.attached].id)
        if host is None or after.attached != host.number:
            return None
    return after


_Wanted = tuple[Node, int, Place, bool]
"""An event, the token that listens for it, where, and whether it sweeps."""


def _arm_new(play: Play, plan: Plan, tokens: list[Token]) -> None:
    """Let wait what the new version waits for and the old one did not."""
    effects = play.effects
    known = {(one.token, one.node) for one in effects.alarms}
    known |= {(one.token, one.node) for one in effects.subscriptions}
    # What the old version waited for as well has been kept, or has happened and is over.
    old = {
        to for node, to in plan.nodes.items()
        if to in plan.new.by_id and same_event(plan.old.node(node).event, plan.new.node(to).event)
    }  # fmt: skip
    own = {token.id for token in tokens if token.state is State.EVENT}
    for event, number, place, sweeping in (*_at_tokens(plan, tokens), *_in_scopes(plan, tokens)):
        over = event.id in old and number not in own
        if event.event.kind in _LISTENING and not over and (number, event.id) not in known:
            events.arm_at(play, event, number, place, sweeping=sweeping)


def _at_tokens(plan: Plan, tokens: list[Token]) -> Iterator[_Wanted]:
    for token in tokens:
        node = plan.new.node(token.node)
        scoped = token.state in (State.SCOPE, State.TURNS)
        if token.turn < 0:
            for number in node.boundary:
                event = plan.new.nodes[number]
                sweeping = token.sweeping or (event.interrupting and scoped)
                yield event, token.id, token.place, sweeping
        if token.state is State.EVENT:
            those = [node]
            if node.kind is NodeKind.EVENT_BASED:
                those = [plan.new.nodes[plan.new.flows[flow].target] for flow in node.outgoing]
            yield from ((one, token.id, token.place, token.sweeping) for one in those)


def _in_scopes(plan: Plan, tokens: list[Token]) -> Iterator[_Wanted]:
    repeated = {token.id for token in tokens if token.state is State.TURNS}
    places = {ROOT: Place(plan.target)} | {token.place.scope: token.place for token in tokens}
    for scope, place in places.items():
        if scope in repeated:
            continue
        for sub in plan.new.scopes[_scope_of(plan, tokens, scope)].event_subs:
            for trigger in plan.new.scopes[plan.new.nodes[sub].inner].triggers:
                yield plan.new.nodes[trigger], scope, place, True


def _scope_of(plan: Plan, tokens: list[Token], scope: int) -> int:
    """Return the number of the new graph's scope that a token has opened."""
    for token in tokens:
        if token.id == scope and token.state is State.SCOPE:
            inner = plan.new.node(token.node).inner
            return 0 if inner == NONE else inner
    for token in tokens:
        if token.place.scope == scope:
            return plan.new.node(token.node).scope
    return 0
