"""What the token game moves: tokens, gatherings, timers, subscriptions, and the effects of a move.

All of it is data. A play reads some of it and answers with ``Effects``; whoever keeps tokens, be it
PostgreSQL or a dictionary, carries them out.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

ROOT = 0
"""The scope of the process itself; every other scope has the id of the token that opened it."""


HELPED = -1


class State(StrEnum):
    """What a token waits for."""

    WORK = "work"  # A person.
    EVENT = "event"  # A message, a signal or a time.
    JOB = "job"  # A service task in the hands of the worker.
    FAILED = "failed"  # A service task that was given up, until an operator retries it.
    SCOPE = "scope"  # The end of a sub-process or called process, which stands beneath it.
    TURNS = "turns"  # The instances of a repeated activity.


# Tuples, because acts on many instances make them by the thousand and compare them all the time.
class Place(NamedTuple):
    """Where in an instance something happens.

    ``definition`` is the number of the definition that runs here, another one inside of a call
    activity. ``scopes`` are the tokens of the scopes around, the outermost first. ``home`` is the
    innermost of them that has variables of its own.
    """

    definition: int
    scopes: tuple[int, ...] = ()
    home: int = ROOT

    @property
    def scope(self) -> int:
        return self.scopes[-1] if self.scopes else ROOT


class Duty(NamedTuple):
    """For whom a work item is and until when.

    Empty ``department``: that of the instance; empty ``role``: anybody of it. ``due`` is a moment,
    or the number of working days from now, which the calendar of the region turns into one.
    ``act`` is what completes it in the lists of another module (``tongban:act``).
    """

    role: str = ""
    department: str = ""
    assignee: str = ""
    due: datetime | int | None = None
    act: str = ""


NOBODY = Duty()


class Token(NamedTuple):
    """A token that waits at a node. ``turn`` counts the instances of a repeated activity from 0.

    ``sweeping``: moving it on may remove other tokens, so nobody else may move meanwhile.
    ``helps`` is the work item that a co-handler (加签) was asked to add an opinion to; ``HELPED``
    at that item itself.
    """

    id: int
    node: str
    place: Place
    state: State
    turn: int = -1
    sweeping: bool = False
    duty: Duty = NOBODY
    helps: int = 0


@dataclass(frozen=True, slots=True)
class Arrival:
    """A token that reached a synchronising place: a join, or the end of one turn of an activity.

    ``mark`` is the position of the incoming flow, or the turn. ``needed`` is told once, when a
    repeated activity begins; for joins it is 0 and the flows decide.
    """

    place: Place
    node: str
    marks: tuple[int, ...]
    needed: int = 0


class Gathering(NamedTuple):
    """What has arrived at a synchronising place so far."""

    place: Place
    node: str
    arrived: tuple[int, ...]
    needed: int = 0


@dataclass(frozen=True, slots=True)
class Alarm:
    """A timer. ``due`` in working days is turned into a moment by whoever keeps it.

    ``workdays`` counted from ``since`` then say how the moment was found; 0 where it was not.
    """

    token: int
    node: str
    place: Place
    due: datetime | int
    fired: int = 0
    sweeping: bool = False
    workdays: int = 0
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a token waits for: messages have a ``key`` by which they find their instance."""

    token: int
    node: str
    place: Place
    kind: str
    name: str
    key: str = ""
    sweeping: bool = False


@dataclass(frozen=True, slots=True)
class Thrown:
    """A message or signal on its way, with what it carries.

    ``told`` are the listeners, by token and node, that have heard it already.
    """

    kind: str
    name: str
    key: str = ""
    data: dict[str, object] = field(default_factory=dict)
    told: tuple[tuple[int, str], ...] = ()


@dataclass(slots=True)
class Effects:
    """What a play changes.

    ``gone`` are tokens that moved on, ``unhelped`` those of them whose helpers need not answer any
    more; ``felled`` scopes whose tokens are all removed (``ROOT``: all
    of the instance) and ``disarmed`` tokens whose timers, subscriptions and own variables end.
    ``checks`` are scopes of which it must be asked whether anything is left in them, or whether an
    inclusive join in them is ready now. ``path`` are the nodes that were passed, in order.
    """

    born: dict[int, Token] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)
    unhelped: list[int] = field(default_factory=list)
    felled: list[int] = field(default_factory=list)
    disarmed: list[int] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    left: list[Gathering] = field(default_factory=list)
    variables: dict[int, dict[str, object]] = field(default_factory=dict)
    alarms: list[Alarm] = field(default_factory=list)
    rung: list[tuple[int, str]] = field(default_factory=list)
    subscriptions: list[Subscription] = field(default_factory=list)
    thrown: list[Thrown] = field(default_factory=list)
    checks: dict[int, Place] = field(default_factory=dict)
    path: list[str] = field(default_factory=list)
    outcome: str | None = None

    @property
    def moved(self) -> bool:
        """Whether anything at all happened."""
        return bool(self.path or self.gone or self.left or self.born or self.outcome)

    def fell(self, scope: int) -> None:
        """Remove everything that stands in a scope, that of this very play too; not its own
        token."""

        def stays(place: Place) -> bool:
            return scope != ROOT and scope not in place.scopes

        self.felled.append(scope)
        self.born = {key: one for key, one in self.born.items() if stays(one.place)}
        self.alarms = [one for one in self.alarms if stays(one.place)]
        self.subscriptions = [one for one in self.subscriptions if stays(one.place)]
        self.arrivals = [one for one in self.arrivals if stays(one.place)]
        self.checks = {key: place for key, place in self.checks.items() if stays(place)}

    def remove(self, token: int, *, armed: bool) -> None:
        """Take away one token; ``armed`` if timers, subscriptions or variables of its own end."""
        if self.born.pop(token, None) is None:
            self.gone.append(token)
            if armed:
                self.disarmed.append(token)
        self.alarms = [one for one in self.alarms if one.token != token]
        self.subscriptions = [one for one in self.subscriptions if one.token != token]

    def set(self, scope: int, values: dict[str, object]) -> None:
        """Write variables of a scope."""
        if values:
            self.variables.setdefault(scope, {}).update(values)


def within(place: Place, token: int, *, own_variables: bool) -> Place:
    """Return the place beneath a scope's token."""
    home = token if own_variables else place.home
    return Place(place.definition, (*place.scopes, token), home)
