"""Sending back (退回): which branches are withdrawn when a case returns to an earlier step. Pure.

Sent back to an activity, the case does everything after it anew. So every token that lies behind
the activity is withdrawn, with what had arrived at joins from there. "Behind" are the nodes that
can be reached from it without passing one through which every way to it leads (a dominator): a
loop that leads back before a split does not put the other branches of that split behind one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tongban.foundation.errors import Conflict
from tongban.process.model.graph import NONE, Graph
from tongban.process.model.kinds import ACTIVITIES
from tongban.process.model.play import Play
from tongban.process.model.tokens import ROOT, Effects, Gathering, Place, State, Token


class NotEarlier(Conflict):
    message = "“{node}”不在当前环节之前，不能退回到那里"


@dataclass(frozen=True, slots=True)
class Back:
    """Where a case is sent back to, and the token of that scope that stands for who sends it."""

    node: int
    place: Place
    token: Token


def send_back(
    play: Play,
    token: Token,
    node: str,
    *,
    tokens: Sequence[Token],
    gatherings: Sequence[Gathering],
) -> Effects:
    """Withdraw what lies behind an earlier activity of this or an outer scope; put a token there.

    :raises NotEarlier: if it is not before the token on any way.
    """
    back = _found(play, token, node)
    graph = play.world.graph(back.place.definition)
    behind = region(graph, back.node)
    if graph.by_id[back.token.node] not in behind:
        raise NotEarlier(node=node)
    scope = back.place.scope
    for one in tokens:
        if one.place.scope == scope and graph.by_id[one.node] in behind:
            if one.state in (State.SCOPE, State.TURNS):
                play.fell(one.id)
            play.remove(one)
    for gathering in gatherings:
        if gathering.place.scope == scope and graph.by_id[gathering.node] in behind:
            _take_back(play, graph, gathering, behind)
    return play.put(graph.nodes[back.node], back.place)


def _take_back(play: Play, graph: Graph, gathering: Gathering, behind: frozenset[int]) -> None:
    join = graph.node(gathering.node)
    if join.loop is not None:
        return
    rest = tuple(
        mark for mark in gathering.arrived if graph.flows[join.incoming[mark]].source not in behind
    )
    if rest != gathering.arrived:
        play.effects.left.append(Gathering(gathering.place, gathering.node, rest))


def _found(play: Play, token: Token, node: str) -> Back:
    """Look for the activity in the scope of the token, then in the scopes around."""
    standing = token
    while True:
        graph = play.world.graph(standing.place.definition)
        number = graph.by_id.get(node, NONE)
        here = play.node_of(standing)
        if number != NONE and graph.nodes[number].scope == here.scope and standing.turn < 0:
            if graph.nodes[number].kind not in ACTIVITIES:
                raise NotEarlier(node=node)
            return Back(number, standing.place, standing)
        if standing.place.scope == ROOT:
            raise NotEarlier(node=node)
        standing = play.world.token(standing.place.scope)


def region(graph: Graph, start: int) -> frozenset[int]:
    """Return the nodes of a scope that lie behind one, itself included."""
    above = dominators(graph, start) - {start}
    seen, pending = {start}, [start]
    while pending:
        for following in _after(graph, pending.pop()):
            if following not in above and following not in seen:
                seen.add(following)
                pending.append(following)
    return frozenset(seen)


def dominators(graph: Graph, node: int) -> set[int]:
    """Return the nodes through which every way from the beginning of the scope to a node leads."""
    scope = graph.scopes[graph.nodes[node].scope]
    before: dict[int, set[int]] = {number: set() for number in scope.nodes}
    for number in scope.nodes:
        for following in _after(graph, number):
            before[following].add(number)
    begins = {number for number in scope.nodes if not before[number]}
    found = {number: set(scope.nodes) for number in scope.nodes}
    for number in begins:
        found[number] = {number}
    changed = True
    while changed:
        changed = False
        for number in scope.nodes:
            if number in begins:
                continue
            common = set.intersection(*(found[each] for each in before[number]))
            if common | {number} != found[number]:
                found[number] = common | {number}
                changed = True
    return found[node]


def _after(graph: Graph, number: int) -> list[int]:
    node = graph.nodes[number]
    after = [graph.flows[flow].target for flow in node.outgoing] + list(node.boundary)
    return [*after, node.link] if node.link != NONE else after
