"""A process definition as the file has it: frozen, typed, without its drawing. Pure.

Expressions are texts here; ``graph`` holds them parsed. Equality and hash of these values do not
look at lines, so that a definition that was only laid out anew is the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tongban.process.model.attributes import (
    NO_ATTRIBUTES,
    NO_FORMULA,
    Attributes,
    Formula,
)
from tongban.process.model.kinds import EventKind, NodeKind, TimerKind
from tongban.process.model.problems import Problem


@dataclass(frozen=True, slots=True)
class Timer:
    """When an event fires: an ISO 8601 text, or an expression that gives one."""

    kind: TimerKind
    when: Formula


@dataclass(frozen=True, slots=True)
class Event:
    """What an event waits for or throws.

    ``name`` is that of message, signal or link. ``code`` is that of error or escalation; "" where
    an event catches all of them. ``correlation`` gives the key by which a message finds its case.
    """

    kind: EventKind = EventKind.NONE
    name: str = ""
    code: str = ""
    timer: Timer | None = None
    correlation: Formula = NO_FORMULA


@dataclass(frozen=True, slots=True)
class StandardLoop:
    """An activity done again while the condition holds."""

    condition: Formula = NO_FORMULA
    test_before: bool = False
    maximum: int = 0


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """An activity done once for each element of a collection, or a number of times.

    In each instance ``item`` is the element. ``results`` is the list that gathers ``result`` of
    every instance, in the order of the collection. ``completion`` ends it early.
    """

    sequential: bool = False
    cardinality: Formula = NO_FORMULA
    collection: Formula = NO_FORMULA
    item: str = ""
    results: str = ""
    result: Formula = NO_FORMULA
    completion: Formula = NO_FORMULA


@dataclass(frozen=True, slots=True)
class Mapping:
    """A variable (target) that gets the value of an expression."""

    target: str
    source: Formula


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow, by the ids of its ends."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: Formula = NO_FORMULA
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node. What a kind does not have keeps its default.

    ``inner`` is the content of a sub-process; ``by_event`` marks an event sub-process;
    ``called`` is the id of the process that a call activity starts, ``called_start`` that of its
    start event, where it has several without a trigger; ``attached`` the activity
    of a boundary event; ``cancels`` whether a boundary event or the start event of an event
    sub-process interrupts; ``instantiate`` whether a receive task or event gateway starts a case;
    ``script`` the expression of a script task; ``message`` that of a send or receive task.
    """

    id: str
    kind: NodeKind
    name: str = ""
    default: str = ""
    events: tuple[Event, ...] = ()
    attached: str = ""
    cancels: bool = True
    loop: StandardLoop | MultiInstance | None = None
    inner: "Content | None" = None
    by_event: bool = False
    called: str = ""
    called_start: str = ""
    script: Formula = NO_FORMULA
    instantiate: bool = False
    inputs: tuple[Mapping, ...] = ()
    outputs: tuple[Mapping, ...] = ()
    attributes: Attributes = NO_ATTRIBUTES
    documentation: str = ""
    compensates: bool = False
    line: int = field(default=0, compare=False, repr=False)

    @property
    def event(self) -> Event:
        """What the event waits for or throws: the only definition, or that there are several."""
        if len(self.events) > 1:
            return Event(EventKind.MULTIPLE)
        return self.events[0] if self.events else Event()


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane with the ids of its nodes; ``role`` is who does what has no role of its own."""

    id: str
    name: str = ""
    nodes: tuple[str, ...] = ()
    role: str = ""
    lanes: tuple["Lane", ...] = ()
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Content:
    """What stands inside a process or sub-process. ``data`` names its variables: those declared,
    and of a process those of more than one word that its steps pass on.
    """

    nodes: tuple[Node, ...] = ()
    flows: tuple[Flow, ...] = ()
    lanes: tuple[Lane, ...] = ()
    data: tuple[str, ...] = ()

    def all_nodes(self) -> Iterator[Node]:
        """Every node, sub-processes before what they hold."""
        for node in self.nodes:
            yield node
            if node.inner is not None:
                yield from node.inner.all_nodes()


@dataclass(frozen=True, slots=True)
class Process:
    """One process. ``executable`` is what the file says, None where it does not say.

    ``promised`` are the working days promised to the applicant, 0 where the file does not say.
    ``problems`` are what reading found that concerns this process alone, such as what is not
    executed.
    """

    id: str
    name: str = ""
    content: Content = Content()
    executable: bool | None = None
    documentation: str = ""
    promised: int = 0
    problems: tuple[Problem, ...] = field(default=(), compare=False, repr=False)
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Participant:
    """A pool; ``process`` is the id of the process drawn in it, "" for a closed one."""

    id: str
    name: str = ""
    process: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """A file: its processes, its pools, and what reading found.

    ``source`` is the XML with everything that is not executed, drawing and foreign extensions
    included; b"" for one that was made by a program. ``hash`` is the SHA-256 of its canonical form.
    """

    processes: tuple[Process, ...]
    participants: tuple[Participant, ...] = ()
    problems: tuple[Problem, ...] = field(default=(), compare=False)
    hash: bytes = b""
    name: str = ""
    source: bytes = field(default=b"", compare=False, repr=False)
