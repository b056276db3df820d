"""A small chart of how many items had errors or warnings, day by day. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tongban import catalogue

WIDTH, HEIGHT = 640, 200
LEFT, TOP, RIGHT, BOTTOM = 48, 12, 12, 28


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Two lines as points of an SVG polyline, and what stands at its axes."""

    width: int
    height: int
    errors: str
    warnings: str
    levels: tuple[Tick, ...]
    first: date
    last: date


def chart(days: Sequence[catalogue.LintedDay]) -> Chart:
    """Draw at least two days."""
    top = _round_up(max(max(one.errors, one.warnings) for one in days))
    first, last = days[0].day, days[-1].day

    def points(counts: Sequence[int]) -> str:
        return " ".join(
            f"{_x(one.day, first, last):.1f},{_y(count, top):.1f}"
            for one, count in zip(days, counts, strict=True)
        )

    return Chart(
        width=WIDTH,
        height=HEIGHT,
        errors=points([one.errors for one in days]),
        warnings=points([one.warnings for one in days]),
        levels=tuple(Tick(_y(level, top), str(level)) for level in (0, top // 2, top)),
        first=first,
        last=last,
    )


def _x(day: date, first: date, last: date) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (day - first).days / max(1, (last - first).days)


def _y(count: int, top: int) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - count / top)


def _round_up(count: int) -> int:
    """Return the next even number with one or two leading digits.

    >>> _round_up(0), _round_up(7), _round_up(783), _round_up(1041)
    (2, 8, 800, 1100)
    """
    step = int(10 ** max(0, len(str(count)) - 2))
    rounded = -(-count // step) * step
    return max(2, rounded + rounded % 2)
