"""The control flow of one scope as a net of joins and splits, made small before it is explored.

Data is left out: an exclusive choice may go every way, an inclusive one any set of ways. A task is
an edge; its boundary events are choices beside it. Sub-processes are checked on their own, so a
scope is judged as if each of them ended, or was left by one of its boundary events.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from tongban.process.model.graph import NONE, Graph, Node
from tongban.process.model.kinds import EventKind, NodeKind


class Logic(Enum):
    """How a node of the net takes and gives tokens."""

    ONE = "one"  # Takes any token, gives it to one way.
    ALL = "all"  # Waits for all, gives to all.
    SOME = "some"  # Waits for all that can still come, gives to some.
    EXTRA = "extra"  # Takes any token, gives to the first way and to any set of the others.
    END = "end"  # Takes a token.
    STOP = "stop"  # Takes a token and all others with it.


GATEWAYS = {
    NodeKind.EXCLUSIVE: Logic.ONE,
    NodeKind.EVENT_BASED: Logic.ONE,
    NodeKind.PARALLEL: Logic.ALL,
    NodeKind.INCLUSIVE: Logic.SOME,
    NodeKind.COMPLEX: Logic.SOME,
}


@dataclass(slots=True)
class Edge:
    """A way between two nodes of the net; ``through`` are the graph's nodes on it, in order."""

    source: int
    target: int
    through: tuple[int, ...] = ()


@dataclass(slots=True)
class Net:
    """Nodes with their logic, edges, and for each node of the net the graph's node it stands for.

    ``start`` is the edge on which the first token lies.
    """

    logic: dict[int, Logic] = field(default_factory=dict)
    stands_for: dict[int, int] = field(default_factory=dict)
    edges: dict[int, Edge] = field(default_factory=dict)
    ins: dict[int, list[int]] = field(default_factory=dict)
    outs: dict[int, list[int]] = field(default_factory=dict)
    start: int = 0
    count: int = 0

    def add(self, logic: Logic, node: int) -> int:
        """Add a node of the net."""
        self.count += 1
        self.logic[self.count] = logic
        self.stands_for[self.count] = node
        self.ins[self.count], self.outs[self.count] = [], []
        return self.count

    def connect(self, source: int, target: int, through: tuple[int, ...] = ()) -> int:
        """Add an edge."""
        self.count += 1
        self.edges[self.count] = Edge(source, target, through)
        if source in self.outs:
            self.outs[source].append(self.count)
        self.ins[target].append(self.count)
        return self.count

    def remove_edge(self, number: int) -> None:
        """Take an edge away."""
        edge = self.edges.pop(number)
        if edge.source in self.outs:
            self.outs[edge.source].remove(number)
        self.ins[edge.target].remove(number)

    def remove_node(self, number: int) -> None:
        """Take a node without edges away."""
        del self.logic[number], self.stands_for[number], self.ins[number], self.outs[number]


def net_of(graph: Graph, scope: int, reached: Iterable[int]) -> Net:
    """Return the net of a scope, of the nodes that can be reached at all."""
    return _Builder(graph, scope, frozenset(reached)).net


class _Builder:
    def __init__(self, graph: Graph, scope: int, reached: frozenset[int]) -> None:
        self.graph, self.net, self.reached = graph, Net(), reached
        self.entry: dict[int, int] = {}
        # Ways out of each graph node: the net node that gives them.
        self.exits: dict[int, int] = {}
        # Where nodes without a way out are entered, and where they end.
        self.lasts: dict[int, tuple[int, int]] = {}
        here = graph.scopes[scope]
        mine = [graph.nodes[n] for n in here.nodes if n in reached]
        for node in mine:
            if node.number not in here.event_subs:
                self._node(node)
        for node in mine:
            if node.number in self.exits:
                self._ways(node)
            elif node.number in self.lasts:
                self._around(node, *self.lasts[node.number])
        self._begin((*here.starts, *here.triggers), together=self._together(here.starts))

    def _together(self, starts: tuple[int, ...]) -> bool:
        """Start events are alternatives; nodes that merely have nothing before them are not."""
        return all(self.graph.nodes[n].kind is not NodeKind.START for n in starts)

    def _begin(self, starts: tuple[int, ...], *, together: bool) -> None:
        begin = self.net.add(Logic.ALL if together else Logic.ONE, NONE)
        self.net.start = self.net.connect(0, begin)
        for number in starts:
            if number in self.entry:
                self.net.connect(begin, self.entry[number])

    def _node(self, node: Node) -> None:
        net = self.net
        if node.kind in GATEWAYS:
            logic = GATEWAYS[node.kind]
            self.entry[node.number] = self.exits[node.number] = net.add(logic, node.number)
            return
        if not node.outgoing and node.link == NONE:
            self.entry[node.number] = self._last(node)
            return
        self.entry[node.number] = net.add(Logic.ONE, node.number)
        self.exits[node.number] = net.add(self._split(node), node.number)

    def _last(self, node: Node) -> int:
        stops = node.kind is NodeKind.END and node.event.kind is EventKind.TERMINATE
        end = self.net.add(Logic.STOP if stops else Logic.END, node.number)
        if node.kind is NodeKind.END or (not node.boundary and len(node.incoming) < 2):
            return end
        entry = self.net.add(Logic.ONE, node.number)
        self.lasts[node.number] = entry, end
        return entry

    def _split(self, node: Node) -> Logic:
        flows = [self.graph.flows[f] for f in node.outgoing]
        conditional = any(flow.condition is not None for flow in flows) or node.default != NONE
        return Logic.SOME if conditional else Logic.ALL

    def _around(self, node: Node, entry: int, after: int) -> None:
        """From where a node is entered to what follows it, past its boundary events."""
        net, graph = self.net, self.graph
        events = [graph.nodes[b] for b in node.boundary if b in self.reached]
        beside = [event for event in events if not event.interrupting]
        instead = [event for event in events if event.interrupting]
        if beside:
            extra = net.add(Logic.EXTRA, node.number)
            net.connect(entry, extra)
            entry = net.add(Logic.ONE, node.number)
            net.connect(extra, entry)
            for event in beside:
                net.connect(extra, self.entry[event.number])
        if instead:
            choice = net.add(Logic.ONE, node.number)
            net.connect(entry, choice)
            for event in instead:
                net.connect(choice, self.entry[event.number])
            entry = choice
        net.connect(entry, after, (node.number,))

    def _ways(self, node: Node) -> None:
        entry, leave = self.entry[node.number], self.exits[node.number]
        if entry != leave:
            self._around(node, entry, leave)
        for flow in node.outgoing:
            target = self.graph.flows[flow].target
            if target in self.entry:
                self.net.connect(leave, self.entry[target])
        if node.link != NONE and node.link in self.entry:
            self.net.connect(leave, self.entry[node.link])
        if not self.net.outs[leave]:
            # A gateway from which nothing leads on ends the way.
            self.net.logic[leave] = Logic.END if node.kind not in GATEWAYS else Logic.ONE
            end = self.net.add(Logic.END, node.number)
            self.net.connect(leave, end)


JOINS_ALIKE = {
    (Logic.ONE, Logic.ONE),
    (Logic.ALL, Logic.ALL),
    (Logic.SOME, Logic.SOME),
    (Logic.ALL, Logic.SOME),
    (Logic.ONE, Logic.SOME),
}


def reduce(net: Net) -> Net:
    """Make a net smaller without changing whether it is sound: sequences, blocks, plain loops."""
    changed = True
    while changed:
        changed = False
        for node in list(net.logic):
            if node in net.logic:
                changed |= _skip(net, node) or _fuse(net, node) or _unloop(net, node)
        changed |= _merge_parallel(net)
    return net


def _skip(net: Net, node: int) -> bool:
    """A node with one way in and one way out is no decision."""
    if net.logic[node] in (Logic.END, Logic.STOP, Logic.EXTRA):
        return False
    if len(net.ins[node]) != 1 or len(net.outs[node]) != 1:
        return False
    before, after = net.ins[node][0], net.outs[node][0]
    if before == after or before == net.start:
        return False
    source, target = net.edges[before].source, net.edges[after].target
    through = net.edges[before].through + net.edges[after].through
    position = net.outs[source].index(before)
    net.remove_edge(before)
    net.remove_edge(after)
    net.remove_node(node)
    made = net.connect(source, target, through)
    # The first way out of an EXTRA is its main one, so places are kept.
    net.outs[source].remove(made)
    net.outs[source].insert(position, made)
    return True


def _fuse(net: Net, node: int) -> bool:
    """A join of one logic that leads straight to a node of the same is one with it."""
    if net.logic[node] not in (Logic.ONE, Logic.ALL) or len(net.outs[node]) != 1:
        return False
    way = net.outs[node][0]
    target = net.edges[way].target
    tasks = net.edges[way].through
    if target == node or tasks or net.logic[target] is not net.logic[node]:
        return False
    net.remove_edge(way)
    for number in list(net.ins[node]):
        net.edges[number].target = target
        net.ins[target].append(number)
    del net.ins[node][:]
    net.remove_node(node)
    return True


def _unloop(net: Net, node: int) -> bool:
    """A loop from a choice back to itself changes nothing, if there is another way out."""
    if net.logic[node] is not Logic.ONE or len(net.outs[node]) < 2:
        return False
    for way in net.outs[node]:
        if net.edges[way].target == node:
            net.remove_edge(way)
            return True
    return False


def _merge_parallel(net: Net) -> bool:
    """Several ways between the same split and join of fitting logic are one."""
    seen: dict[tuple[int, int], int] = {}
    changed = False
    for number, edge in list(net.edges.items()):
        if edge.source not in net.logic:
            continue
        pair = net.logic[edge.source], net.logic[edge.target]
        if pair not in JOINS_ALIKE:
            continue
        key = edge.source, edge.target
        if key in seen:
            kept = net.edges[seen[key]]
            kept.through += edge.through
            net.remove_edge(number)
            changed = True
        seen.setdefault(key, number)
    return changed
