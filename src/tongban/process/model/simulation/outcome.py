"""What a simulation gives: times, waiting, the bottleneck, the promise kept or not. Pure."""

from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class RoleLoad:
    """How a role fared: its officers, work and waiting in working minutes, share of time busy."""

    role: str
    officers: int
    tasks: int
    work: float
    waiting: float
    longest_wait: float
    busy: float

    @property
    def mean_wait(self) -> float:
        """Working minutes that a task waits for somebody of the role."""
        return self.waiting / self.tasks if self.tasks else 0.0


@dataclass(frozen=True, slots=True)
class StepLoad:
    """How a step fared, in working minutes."""

    node: str
    name: str
    role: str
    count: int
    waiting: float
    work: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a run. Times are working days.

    ``times`` are those of all finished cases, sorted. ``stuck`` cases never ended: every percentile
    counts them as longer than all others. ``kept`` is the share of cases within the promise (None
    where none was made), counted from acceptance to decision without special procedures; a case
    that ended without its decision has no promise, one that is stuck before it has broken it.
    ``steps`` are in the order of the chart.
    """

    started: int
    finished: int
    stuck: int
    times: tuple[float, ...]
    kept: float | None
    promised: int
    roles: tuple[RoleLoad, ...]
    steps: tuple[StepLoad, ...]
    events: int
    span: float

    def percentile(self, share: float) -> float | None:
        """Return the time within which a share of all cases ends; None where fewer ever do."""
        place = max(ceil(round(share * self.started, 6)), 1)
        return self.times[place - 1] if place <= len(self.times) else None

    @property
    def bottleneck(self) -> RoleLoad | None:
        """The role for which cases wait longest in all; None where nobody waits for anybody."""
        worst = max(self.roles, key=lambda load: load.waiting, default=None)
        return worst if worst is not None and worst.waiting > 0 else None
