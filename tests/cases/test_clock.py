"""How limits come down to working days. Pure."""

from datetime import date, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.cases.model import Clock, ClockKind, ClockState, Unit
from tongban.cases.model.clock import most_urgent, reckoned_from

DAYS = st.dates(date(2005, 1, 1), date(2030, 12, 31))


def clock(**changes: object) -> Clock:
    facts: dict[str, object] = {
        "kind": ClockKind.PROMISED,
        "turn": 1,
        "started_on": date(2024, 6, 3),
        "amount": 5,
        "unit": Unit.WORKDAY,
        "extended": 0,
        "due_on": date(2024, 6, 11),
        "calendar_version": 1,
        "provisional": False,
        "basis": "",
        "state": ClockState.RUNNING,
    }
    return Clock(**{**facts, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amount", "unit", "counted"),
    [
        (5, Unit.WORKDAY, (date(2024, 1, 31), 5)),
        # The first working day on or after the last natural day.
        (3, Unit.DAY, (date(2024, 2, 2), 1)),
        (1, Unit.MONTH, (date(2024, 2, 28), 1)),
        (13, Unit.MONTH, (date(2025, 2, 27), 1)),
        (2, Unit.HOUR, (date(2024, 1, 30), 1)),
        (48, Unit.HOUR, (date(2024, 2, 1), 1)),
        (30, Unit.MINUTE, (date(2024, 1, 30), 1)),
    ],
)
def test_every_unit_comes_down_to_working_days(
    amount: int, unit: Unit, counted: tuple[date, int]
) -> None:
    assert reckoned_from(date(2024, 1, 31), amount, unit) == counted


@given(DAYS, st.integers(0, 40))
def test_months_never_run_over_the_end_of_a_month(start: date, months: int) -> None:
    before, workdays = reckoned_from(start, months, Unit.MONTH)
    last = date.fromordinal(before.toordinal() + workdays)
    assert (last.year * 12 + last.month) - (start.year * 12 + start.month) == months
    assert last.day <= start.day


def test_the_day_on_which_it_is_due_is_not_late() -> None:
    assert not clock().overdue(date(2024, 6, 11))
    assert clock().overdue(date(2024, 6, 12))


def test_a_clock_that_has_ended_is_not_overdue_any_more() -> None:
    assert not clock(state=ClockState.MET).overdue(date(2025, 1, 1))


def test_the_most_urgent_clock_is_the_one_that_ends_first() -> None:
    statutory = clock(kind=ClockKind.STATUTORY, due_on=date(2024, 7, 1))
    held = clock(kind=ClockKind.PROMISED, due_on=None, state=ClockState.PAUSED)

    assert most_urgent([statutory, clock()]) == clock()
    assert most_urgent([held, statutory]) == statutory
    assert most_urgent([clock(state=ClockState.MET)]) is None


def test_a_clock_can_be_read_from_what_the_database_returns() -> None:
    kept = (
        '{"kind":"notice","turn":1,"started_on":"2024-06-03","amount":5,"unit":"workday",'
        '"extended":0,"due_on":"2024-06-11","calendar_version":3,"provisional":false,"basis":"",'
        '"state":"met","ended_at":"2024-06-04T08:00:00+00:00","month":2406,"workdays":5}'
    )
    read = msgspec.json.decode(kept, type=Clock)
    assert read.due_on == date(2024, 6, 11)
    assert isinstance(read.ended_at, datetime)
