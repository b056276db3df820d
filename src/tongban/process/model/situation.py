"""Where an instance stands: what it waits for, and how its chart is marked. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tongban.process.model.back import region
from tongban.process.model.graph import Graph
from tongban.process.model.instance import InstanceState, ItemKey, Key

LONG_NUMBER = 7


@dataclass(frozen=True, slots=True)
class InstanceLine:
    """An instance in a list. ``outcome`` is "" while it goes on."""

    region: str
    month: int
    id: int
    number: str
    definition: int
    process: str
    name: str
    version: int
    department: str
    holder: str
    state: InstanceState
    outcome: str
    started_at: datetime
    ended_at: datetime | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", InstanceState(self.state))

    @property
    def key(self) -> Key:
        return Key(self.region, self.month, self.id)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A token as it is shown: where it waits and for what (``state``), since when, until when.

    ``turn`` counts the instances of a repeated activity from 0; -1: it is none. ``number`` is what
    the instance is about.
    """

    region: str
    month: int
    instance: int
    id: int
    definition: int
    node: str
    state: str
    turn: int
    department: str
    role: str
    assignee_name: str
    due_at: datetime | None
    born_at: datetime
    attempts: int
    error: str
    number: str

    @property
    def item(self) -> ItemKey:
        return ItemKey(Key(self.region, self.month, self.instance), self.id)


@dataclass(frozen=True, slots=True)
class TimerLine:
    """A timer that will ring, or was given up with an error, and whose it is."""

    region: str
    month: int
    instance: int
    token: int
    definition: int
    node: str
    number: str
    name: str
    due_at: datetime
    attempts: int
    error: str

    @property
    def key(self) -> Key:
        return Key(self.region, self.month, self.instance)


@dataclass(frozen=True, slots=True)
class Listening:
    """A message or signal that an instance waits for, and the key that finds it."""

    node: str
    kind: str
    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Passed:
    """An act of the history: what was done where, the nodes passed, where it was sent back to."""

    act: str
    node: str
    path: str
    to: str


@dataclass(frozen=True, slots=True)
class DueDateChange:
    """A step, or a timer, that is due at another time because the calendar changed."""

    node: str
    timer: bool
    before: datetime
    after: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Situation:
    """Where an instance stands."""

    line: InstanceLine
    waiting: tuple[Waiting, ...]
    timers: tuple[TimerLine, ...]
    listening: tuple[Listening, ...]
    passed: tuple[Passed, ...]


def situation_marks(
    situation: Situation, graph: Graph, *, now: datetime | None = None
) -> dict[str, str]:
    """Return how the chart of an instance is marked: what is done, where it is.

    With ``now`` what is late or has failed is told from what only waits; the public is not told.
    What was sent back is not done any more, as it is to be done anew.
    """
    found = dict.fromkeys(_done(situation.passed, graph), "done")
    if situation.line.state is InstanceState.ENDED:
        return found
    for one in situation.waiting:
        if one.definition != situation.line.definition or one.node not in graph.by_id:
            continue
        found[one.node] = "current"
        if now is not None and one.state == "failed":
            found[one.node] = "error"
        elif now is not None and one.due_at is not None and one.due_at < now:
            found[one.node] = "late"
    return found


def _done(passed: Iterable[Passed], graph: Graph) -> set[str]:
    done: set[str] = set()
    for one in passed:
        if one.to in graph.by_id and one.act in ("send_back", "take_back"):
            done -= {graph.nodes[node].id for node in region(graph, graph.by_id[one.to])}
            continue
        # What is passed by an act is behind it, except the place where it then waits.
        done |= {node for node in (one.node, *one.path.split()) if node in graph.by_id}
    return done


def masked(value: object) -> object:
    """Return a variable with what may be personal in it hidden: of texts the first letter stays.

    >>> masked({"name": "张小明", "adult": True, "phone": 10000000001, "count": 3})
    {'name': '张**', 'adult': True, 'phone': '1**********', 'count': 3}
    """
    if isinstance(value, Mapping):
        return {key: masked(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [masked(one) for one in value]
    if isinstance(value, bool) or value is None:
        return value
    text = str(value)
    if not isinstance(value, str) and len(text) < LONG_NUMBER:
        return value
    return text[:1] + "*" * (len(text) - 1) if len(text) > 1 else "*"
