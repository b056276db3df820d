"""What can be said of a graph once and for all: where moving on may sweep away other tokens.
Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from tongban.process.model.graph import NONE, Graph, Multi, Node
from tongban.process.model.kinds import EventKind, NodeKind

_WAITING = frozenset(
    {
        NodeKind.USER,
        NodeKind.MANUAL,
        NodeKind.RECEIVE,
        NodeKind.CATCH,
        NodeKind.EVENT_BASED,
    }
)
_JOBS = frozenset({NodeKind.SERVICE, NodeKind.SEND})
_SWEEPING = frozenset({EventKind.TERMINATE, EventKind.ERROR, EventKind.ESCALATION})


@dataclass(frozen=True, slots=True)
class Traits:
    """``sweeping`` are the nodes from which a token may, without waiting again, come to where other
    tokens are removed. ``inclusive`` are the scopes with an inclusive join. ``depth`` is how many
    scope tokens stand around a node of each scope.
    """

    sweeping: frozenset[int]
    inclusive: frozenset[int]
    depth: tuple[int, ...]


_known: dict[bytes, Traits] = {}


def traits(graph: Graph) -> Traits:
    """Return what is to be known of a graph; worked out once."""
    found = _known.get(graph.hash)
    if found is None:
        inclusive = frozenset(
            node.scope
            for node in graph.nodes
            if node.kind is NodeKind.INCLUSIVE and len(node.incoming) > 1
        )
        depth = tuple(_depth(graph, number) for number in range(len(graph.scopes)))
        found = _known[graph.hash] = Traits(_sweeping(graph), inclusive, depth)
    return found


def _depth(graph: Graph, scope: int) -> int:
    depth = 0
    while graph.scopes[scope].node != NONE:
        owner = graph.nodes[graph.scopes[scope].node]
        depth += 2 if owner.loop is not None else 1
        scope = owner.scope
    return depth


def _sweeping(graph: Graph) -> frozenset[int]:
    before: dict[int, set[int]] = {node.number: set() for node in graph.nodes}
    for node in graph.nodes:
        for following in _following(graph, node):
            before[following].add(node.number)
    found: set[int] = set()
    pending = [node.number for node in graph.nodes if _sweeps(graph, node)]
    while pending:
        number = pending.pop()
        for earlier in before[number]:
            if earlier not in found:
                found.add(earlier)
                if not _waits(graph.nodes[earlier]):
                    pending.append(earlier)
    return frozenset(found.union(node.number for node in graph.nodes if _ends_early(node)))


def _waits(node: Node) -> bool:
    return node.kind in _WAITING or (node.kind in _JOBS and bool(node.attributes.service))


def _sweeps(graph: Graph, node: Node) -> bool:
    """Whether a token that comes here may remove others."""
    thrown = node.kind in (NodeKind.END, NodeKind.THROW) and (
        node.event.kind in _SWEEPING or _heard_around(graph, node)
    )
    owner = graph.scopes[node.scope].node
    last_turn = not node.outgoing and owner != NONE and _ends_early(graph.nodes[owner])
    return thrown or last_turn or node.kind is NodeKind.CALL


def _heard_around(graph: Graph, node: Node) -> bool:
    """Whether a signal that a node throws may interrupt what is around it."""
    return node.event.kind is EventKind.SIGNAL and any(
        one.event == node.event
        and one.interrupting
        and (one.kind is NodeKind.BOUNDARY or (one.kind is NodeKind.START and one.scope != 0))
        for one in graph.nodes
    )


def _ends_early(node: Node) -> bool:
    return isinstance(node.loop, Multi) and node.loop.completion is not None


def _following(graph: Graph, node: Node) -> Iterator[int]:
    """Where a token may come to from here."""
    for flow in node.outgoing:
        yield graph.flows[flow].target
    if node.link != NONE:
        yield node.link
    if node.inner != NONE:
        yield from graph.scopes[node.inner].nodes
    owner = graph.scopes[node.scope].node
    if owner != NONE and not node.outgoing:
        yield owner
        for flow in graph.nodes[owner].outgoing:
            yield graph.flows[flow].target
