"""A definition compiled for walking: numbers instead of names, tuples instead of searches. Pure.

Nodes, flows and scopes are found by their number: ``graph.nodes[7]``. Scope 0 is the process;
each sub-process opens a scope. -1 stands for "none".
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from tongban.process.model.attributes import NO_ATTRIBUTES, Attributes
from tongban.process.model.kinds import EventKind, NodeKind, TimerKind
from tongban.process.model.times import Cycle, Period
from tongban.rules import Expression

NONE = -1


@dataclass(frozen=True, slots=True)
class Timer:
    """When: ``fixed`` where the file says it, else ``expression`` gives an ISO 8601 text, a date
    and time, or a duration; for working days a number.

    ``fixed`` is a date and time (local where it has no offset), a ``Period``, a ``Cycle``, or a
    number of working days.
    """

    kind: TimerKind
    fixed: datetime | Period | Cycle | int | None = None
    expression: Expression | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """What an event waits for or throws; see ``definition.Event``."""

    kind: EventKind = EventKind.NONE
    name: str = ""
    code: str = ""
    timer: Timer | None = None
    correlation: Expression | None = None


NO_EVENT = Event()


@dataclass(frozen=True, slots=True)
class Assignment:
    """A variable and the expression that gives its value."""

    target: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class Loop:
    """Standard loop: again while ``condition`` holds, at most ``maximum`` times (0: no limit)."""

    condition: Expression | None
    test_before: bool
    maximum: int


@dataclass(frozen=True, slots=True)
class Multi:
    """Multi-instance; either ``cardinality`` or ``collection`` is given."""

    sequential: bool
    cardinality: Expression | None
    collection: Expression | None
    item: str
    results: str
    result: Expression | None
    completion: Expression | None


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow between two nodes of one scope."""

    number: int
    id: str
    name: str
    source: int
    target: int
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node.

    ``scope`` is where it lies, ``inner`` the scope that a sub-process opens. ``boundary`` are the
    events attached to it; ``attached`` the activity that a boundary event sits on. ``link`` is
    the catching node to which a throwing link jumps. For an inclusive join ``upstream`` says for
    each incoming flow from which nodes a token can still arrive by it.
    """

    number: int
    id: str
    name: str
    kind: NodeKind
    scope: int
    incoming: tuple[int, ...] = ()
    outgoing: tuple[int, ...] = ()
    default: int = NONE
    inner: int = NONE
    event: Event = NO_EVENT
    boundary: tuple[int, ...] = ()
    attached: int = NONE
    interrupting: bool = True
    link: int = NONE
    loop: Loop | Multi | None = None
    called: str = ""
    called_start: str = ""
    instantiate: bool = False
    script: Expression | None = None
    inputs: tuple[Assignment, ...] = ()
    outputs: tuple[Assignment, ...] = ()
    department: Expression | None = None
    assignee: Expression | None = None
    attributes: Attributes = NO_ATTRIBUTES
    upstream: tuple[frozenset[int], ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """The process or a sub-process.

    ``starts`` get a token when the scope begins: its plain start event (of a process one of them,
    see ``entry``), else, where it has no start event at all, the nodes without incoming flow (BPMN
    2.0.2, 13.2). ``triggers`` are start events with a trigger, receive tasks and event gateways
    that begin a case. ``event_subs`` are
    the event sub-processes that listen while the scope lives; their own scope's only trigger says
    for what, and whether it interrupts.
    """

    number: int
    node: int
    parent: int
    nodes: tuple[int, ...]
    starts: tuple[int, ...] = ()
    triggers: tuple[int, ...] = ()
    event_subs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """A process ready to be walked. ``hash`` is the SHA-256 of everything that is executed."""

    process: str
    name: str
    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]
    scopes: tuple[Scope, ...]
    by_id: Mapping[str, int]
    promised: int
    hash: bytes

    def node(self, node_id: str) -> Node:
        """Return the node with an id. KeyError if there is none."""
        return self.nodes[self.by_id[node_id]]

    def inclusive_ready(
        self, join: Node, *, arrived: Collection[int], occupied: Collection[int]
    ) -> bool:
        """Return whether an inclusive join fires (BPMN 2.0.2, 13.4.3).

        ``arrived`` are its incoming flows that hold a token; ``occupied`` the nodes of the same
        scope where other tokens are (not those waiting at the join itself). It waits for a token
        that can still reach an empty incoming flow, unless that token can also reach one that is
        already filled.
        """
        if not arrived:
            return False
        filled = [join.upstream[i] for i, flow in enumerate(join.incoming) if flow in arrived]
        empty = [join.upstream[i] for i, flow in enumerate(join.incoming) if flow not in arrived]
        return not any(
            any(node in upstream for upstream in empty)
            and not any(node in upstream for upstream in filled)
            for node in occupied
        )
