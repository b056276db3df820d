"""What a simulation supposes: arrivals, durations, shares, officers, working time. Pure."""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

import msgspec

from tongban.process.model.problems import Faulty, Problem

MAX_CASES = 200_000


@dataclass(frozen=True, slots=True)
class Duration:
    """How long something takes, in working minutes.

    ``minutes`` is the mean. ``spread``: ``fixed``, ``exponential``, ``uniform`` (from ``low`` to
    ``high``), ``triangular`` (likeliest is ``minutes``), or ``history``: one of ``samples``.
    """

    minutes: float = 30.0
    spread: str = "exponential"
    low: float = 0.0
    high: float = 0.0
    samples: tuple[float, ...] = ()

    def sampler(self, random: Random) -> Callable[[], float]:
        """Return what draws durations."""
        if self.spread == "history" and self.samples:
            return lambda: random.choice(self.samples)
        if self.spread == "uniform":
            return lambda: random.uniform(self.low, self.high)
        if self.spread == "triangular":
            return lambda: random.triangular(self.low, self.high, self.minutes)
        if self.spread == "exponential" and self.minutes > 0:
            return lambda: random.expovariate(1 / self.minutes)
        return lambda: self.minutes


SPREADS = ("fixed", "exponential", "uniform", "triangular", "history")


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Everything a run supposes. Keys of mappings are ids of nodes, flows, and codes of roles.

    ``shares`` weighs the branches of a choice and gives the probability with which a boundary
    event happens; what is not named shares the rest. ``officers`` not named are ``others``.
    ``instances`` are those of a multi-instance. ``workdays`` are the numbers of the days, counted
    from the first, that are working days; empty: Monday to Friday, beginning on a Monday.
    """

    cases: int = 2_000
    arrivals_per_day: float = 40.0
    seed: int = 1
    hours_per_day: float = 8.0
    others: int = 2
    usual: Duration = Duration()
    officers: Mapping[str, int] = field(default_factory=dict)
    durations: Mapping[str, Duration] = field(default_factory=dict)
    shares: Mapping[str, float] = field(default_factory=dict)
    instances: Mapping[str, int] = field(default_factory=dict)
    workdays: tuple[int, ...] = ()

    @property
    def minutes_per_day(self) -> float:
        """The length of a working day."""
        return self.hours_per_day * 60

    def after_days(self, now: float, days: float) -> float:
        """Return when calendar days have passed, on the axis of working minutes."""
        number, rest = divmod(now, self.minutes_per_day)
        today = self._calendar_day(int(number))
        whole, part = divmod(days, 1)
        working = self._working_day(today + int(whole))
        return max(working * self.minutes_per_day + rest + part * self.minutes_per_day, now)

    def _calendar_day(self, number: int) -> int:
        if number < len(self.workdays):
            return self.workdays[number]
        beyond = number - len(self.workdays)
        start = self.workdays[-1] + 1 if self.workdays else 0
        return start + beyond // 5 * 7 + beyond % 5

    def _working_day(self, day: int) -> int:
        if self.workdays and day <= self.workdays[-1]:
            return bisect_left(self.workdays, day)
        start = self.workdays[-1] + 1 if self.workdays else 0
        weeks, rest = divmod(day - start, 7)
        return len(self.workdays) + weeks * 5 + min(rest, 5)


def read_assumptions(data: bytes) -> Assumptions:
    """Return the assumptions that a JSON text holds. Faulty with what is wrong in it."""
    try:
        found = msgspec.json.decode(data, type=Assumptions)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        message = "假设文件的格式不对：{why}"
        raise Faulty([Problem("", message, {"why": error})]) from None
    faults = list(_faults(found))
    if faults:
        raise Faulty(faults)
    return found


def _faults(found: Assumptions) -> list[Problem]:
    rules = (
        ("cases", 1 <= found.cases <= MAX_CASES, "1–200000"),
        ("arrivals_per_day", 0 < found.arrivals_per_day <= 1_000_000, "> 0"),
        ("hours_per_day", 0 < found.hours_per_day <= 24, "0–24"),
        ("others", 1 <= found.others <= 100_000, "≥ 1"),
        ("officers", all(1 <= n <= 100_000 for n in found.officers.values()), "≥ 1"),
        ("shares", all(0 <= n <= 1_000_000 for n in found.shares.values()), "≥ 0"),
        ("instances", all(0 <= n <= 1_000 for n in found.instances.values()), "0–1000"),
        ("workdays", list(found.workdays) == sorted(set(found.workdays)), "0, 1, 2, …"),
        (
            "durations",
            all(map(_is_duration, [found.usual, *found.durations.values()])),
            "、".join(SPREADS),
        ),
    )
    message = "假设“{name}”的值不合理，应为 {wanted}"
    return [Problem("", message, {"name": n, "wanted": w}) for n, holds, w in rules if not holds]


def _is_duration(one: Duration) -> bool:
    numbers = (one.minutes, one.low, one.high, *one.samples)
    if one.spread not in SPREADS or not all(0 <= number <= 10_000_000 for number in numbers):
        return False
    return one.spread not in ("uniform", "triangular") or one.low <= one.high
