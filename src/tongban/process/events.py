"""Facts about instances that other modules may rely on. Fields are only ever added.

What each step was stands in the history of the instance; these say that something is to follow.
"""

from dataclasses import dataclass

from tongban.foundation.events import Event, Scope


@dataclass(frozen=True, slots=True)
class _OfInstance:
    """What every event about an instance says. ``number`` is that of the case, or another key."""

    number: str
    instance: str
    region: str
    department: str
    holder: str

    @property
    def subject(self) -> str:
        return self.number

    @property
    def scope(self) -> Scope:
        return Scope(region=self.region, department=self.department, holder=self.holder)


class _OfProcess:
    """About a process as a whole, which is a department's."""

    __slots__ = ()
    process: str
    department: str
    region: str

    @property
    def subject(self) -> str:
        return self.process

    @property
    def scope(self) -> Scope:
        return Scope(region=self.region, department=self.department)


@dataclass(frozen=True, slots=True)
class ProcessPublished(_OfProcess, Event):
    process: str
    edition: int
    department: str
    region: str


@dataclass(frozen=True, slots=True)
class ProcessDrafted(_OfProcess, Event):
    """A draft was begun, handed in, sent back, published or withdrawn (``act``)."""

    process: str
    draft: str
    act: str
    department: str
    region: str


@dataclass(frozen=True, slots=True)
class ProcessStarted(_OfInstance, Event):
    process: str


@dataclass(frozen=True, slots=True)
class StepDone(_OfInstance, Event):
    """A person has done a step. ``following`` are the steps that now wait for people."""

    node: str
    following: tuple[str, ...]
    outcome: str


@dataclass(frozen=True, slots=True)
class ProcessMoved(_OfInstance, Event):
    """Something else than a person has moved an instance: a timer, a message, a service."""

    by: str
    node: str
    following: tuple[str, ...]
    outcome: str


@dataclass(frozen=True, slots=True)
class StepHandedOn(_OfInstance, Event):
    """A work item got another hand: claimed, released, assigned, delegated, a helper asked."""

    act: str
    node: str
    to: str


@dataclass(frozen=True, slots=True)
class ProcessActedOn(_OfInstance, Event):
    """Somebody with authority changed the course: sent back, skipped, suspended, cancelled."""

    act: str
    node: str
    reason: str
    authority: str = ""


@dataclass(frozen=True, slots=True)
class ProcessLookedAt(_OfInstance, Event):
    """Somebody saw the variables of an instance unmasked, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class MigrationAsked(_OfProcess, Event):
    """Running instances are to be moved to another version (``act`` migrate), or back (revert)."""

    process: str
    migration: int
    source: str
    target: str
    act: str
    reason: str
    department: str
    region: str


@dataclass(frozen=True, slots=True)
class InstancesMigrated(Event):
    """A part of a migration was carried out: these instances run on this version now.

    ``numbers`` and ``instances`` stand side by side: what each is about, and its key.
    """

    process: str
    migration: int
    definition: int
    numbers: tuple[str, ...]
    instances: tuple[str, ...]

    @property
    def subject(self) -> str:
        return self.process


@dataclass(frozen=True, slots=True)
class ManyDone(Event):
    """A bulk act: what it did to each instance stands in that instance's history."""

    act: str
    process: str
    done: int
    refused: int

    @property
    def subject(self) -> str:
        return self.process
