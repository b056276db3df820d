"""Days change while people work: nobody waits for ever, and no due date is left behind."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any, LiteralString, NamedTuple

import pytest

from conftest import MONDAY, as_application
from given_process import graph, published, timer
from tongban import process
from tongban.foundation import calendar, jobs
from tongban.foundation.actor import SYSTEM
from tongban.foundation.calendar.events import CalendarChanged
from tongban.foundation.connection import Connection
from tongban.foundation.trace import trace
from tongban.foundation.work import LOCAL, Work
from tongban.process.model.attributes import Attributes, StepLimit
from tongban.process.model.instance import ItemKey
from tongban.process.model.kinds import TimerKind
from tongban.process.store import counted
from tongban.process.subscribers import move_due_dates

ROUNDS = 200
A_DAY = 50
"""How many rounds are played while the dates are counted again for one day that changed."""
REGION = "990100"
DAY = (MONDAY + timedelta(days=1)).astimezone(LOCAL).date()


def limited(days: int) -> dict[str, Any]:
    return {"attributes": Attributes(limit=StepLimit(days))}


def prepared(database: str, *, instances: int = ROUNDS) -> list[tuple[ItemKey, ItemKey]]:
    """Two branches of two steps each, all with limits; the first ones also with timers."""
    nodes = {
        "A": limited(5), "B": limited(5), "C": limited(6), "D": limited(7),
        "on1": {"attached": "A", "events": timer("3", TimerKind.WORKDAYS), "cancels": False},
        "on2": {"attached": "B", "events": timer("4", TimerKind.WORKDAYS), "cancels": False},
        "on3": {"attached": "C", "events": timer("4", TimerKind.WORKDAYS)},
    }  # fmt: skip
    text = "start > and1 > A > C > and2 > end; and1 > B > D > and2"
    ways = "; on1 > E > end2; on2 > F > end3; on3 > G > end4"
    with as_application(database) as connection:
        work = Work(connection, actor=SYSTEM, now=MONDAY)
        published(work, graph(text + ways, **nodes))
        new = [process.New(f"n{n}", REGION, "D1") for n in range(instances)]
        assert process.start_many(work, process="p", new=new) == []
        begun = work.all(Begun, BEGUN)
    return [
        (ItemKey(key, one.a), ItemKey(key, one.b))
        for one in begun
        for key in [process.Key(REGION, one.month, one.instance)]
    ]


class Begun(NamedTuple):
    month: int
    instance: int
    a: int
    b: int


BEGUN: LiteralString = """
select month, instance,
       min(id) filter (where node = 'A') as a, min(id) filter (where node = 'B') as b
  from process.token where state = 'work' group by 1, 2 order by 1, 2
"""


def typhoon(connection: Connection, *, over: bool = False) -> None:
    """A day stops being worked, or is worked again."""
    work = Work(connection, actor=SYSTEM, now=MONDAY)
    if over:
        calendar.withdraw_day(work, region=REGION, day=DAY, reason="台风转向")
    else:
        calendar.add_stop_work(work, region=REGION, first=DAY, last=DAY, reason="台风停工")
    connection.commit()


def told(connection: Connection) -> None:
    work = Work(connection, actor=SYSTEM, now=MONDAY)
    *_, event = (
        one.event
        for one in trace(work, subject=f"calendar-{REGION}")
        if isinstance(one.event, CalendarChanged)
    )
    move_due_dates(work, event)
    connection.commit()


def counted_to_the_end(connection: Connection) -> None:
    """What the worker does later: those that were held, and the last look at all of them."""
    later = MONDAY + timedelta(minutes=30)
    while taken := jobs.take(Work(connection, actor=SYSTEM, now=later)):
        connection.commit()
        jobs.perform(Work(connection, actor=SYSTEM, now=later), taken)
        connection.commit()


def wrong(connection: Connection) -> int:
    """How many due dates are not those that the calendar says now."""
    work = Work(connection, actor=SYSTEM, now=MONDAY)
    found: int = work.value(
        """
        select count(*) from (
            select due_at, workdays, counted_from, region from process.token where state = 'work'
             union all
            select due_at, workdays, counted_from, region from process.alarm) as one
         where (due_at at time zone 'Asia/Shanghai')::date
               is distinct from foundation.due_on(counted_from, workdays, region)
        """
    )
    connection.commit()
    return found


def test_two_hundred_rounds_of_steps_while_days_change(own_database: str) -> None:
    """Two take the steps of the same instances, one by one and many at once; a third counts."""
    pairs = prepared(own_database)
    meet = Barrier(3)

    def steps(items: list[ItemKey], *, at_once: int) -> int:
        done = 0
        with as_application(own_database) as connection:
            for at in range(0, ROUNDS, at_once):
                if at % A_DAY == 0:
                    meet.wait(30)
                work = Work(connection, actor=SYSTEM, now=MONDAY)
                if at_once == 1:
                    process.complete(work, item=items[at])
                else:
                    assert process.complete_many(work, items=items[at : at + at_once]) == []
                connection.commit()
                done += at_once
        return done

    def days() -> None:
        with as_application(own_database) as connection:
            for change in range(ROUNDS // A_DAY):
                typhoon(connection, over=change % 2 == 1)
                meet.wait(30)
                told(connection)

    with ThreadPoolExecutor(3) as people:
        calendars = people.submit(days)
        one = people.submit(steps, [a for a, _ in pairs], at_once=1)
        many = people.submit(steps, [b for _, b in reversed(pairs)], at_once=5)
        assert (one.result(), many.result(), calendars.result()) == (ROUNDS, ROUNDS, None)
    with as_application(own_database) as connection:
        counted_to_the_end(connection)
        assert wrong(connection) == 0
        work = Work(connection, actor=SYSTEM, now=MONDAY)
        assert dict(work.all(Waiting, WAITING)) == {"C": ROUNDS, "D": ROUNDS}
        assert work.value("select count(*) from process.due_date_change") > ROUNDS


class Waiting(NamedTuple):
    node: str
    count: int


WAITING: LiteralString = "select node, count(*) from process.token where state = 'work' group by 1"


def test_a_step_that_is_under_way_is_passed_over_and_counted_later(own_database: str) -> None:
    """It asked the calendar of yesterday, and is not committed when the dates are counted."""
    (first, _), *_ = prepared(own_database, instances=3)
    with as_application(own_database) as slow, as_application(own_database) as quick:
        quick.execute("set lock_timeout = '1s'")
        quick.commit()
        process.complete(Work(slow, actor=SYSTEM, now=MONDAY), item=first)
        typhoon(quick)
        told(quick)
        assert wrong(quick) == 4  # It is held: its two steps and their timers, as they were.
        slow.commit()
        assert wrong(quick) == 4  # One of the steps is another now, counted by the old days.
        counted_to_the_end(quick)
        assert wrong(quick) == 0


def test_who_counted_while_the_days_changed_is_found_at_the_last_look(own_database: str) -> None:
    """An instance that is begun meanwhile is seen by nobody until it is committed."""
    prepared(own_database, instances=1)
    with as_application(own_database) as slow, as_application(own_database) as quick:
        new = process.New("late", REGION, "D1")
        process.start(Work(slow, actor=SYSTEM, now=MONDAY), process="p", new=new)
        typhoon(quick)
        told(quick)
        slow.commit()
        assert wrong(quick) == 4
        counted_to_the_end(quick)
        assert wrong(quick) == 0


def test_many_are_counted_part_by_part(own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared(own_database, instances=7)
    monkeypatch.setattr(counted, "PART", 3)
    with as_application(own_database) as connection:
        typhoon(connection)
        told(connection)
        assert wrong(connection) == 4 * 4
        counted_to_the_end(connection)
        assert wrong(connection) == 0
