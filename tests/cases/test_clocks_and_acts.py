"""What concerns many cases while some are handled: nobody waits for ever, none is left behind."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import pytest

from conftest import MONDAY, as_application
from given import Given
from tongban import cases
from tongban.cases import Stage, store, subscribers
from tongban.cases.commands import course
from tongban.cases.store import counted
from tongban.foundation import calendar, jobs
from tongban.foundation.actor import SYSTEM
from tongban.foundation.calendar.events import CalendarChanged
from tongban.foundation.connection import Connection
from tongban.foundation.trace import trace
from tongban.foundation.work import LOCAL, Work

REGION = "990100"
DAY = (MONDAY + timedelta(days=3)).astimezone(LOCAL).date()


def prepared(database: str, *, count: int) -> list[str]:
    with as_application(database) as connection:
        given = Given(Work(connection, actor=SYSTEM, now=MONDAY))
        item = given.item()
        found = [given.case(stage=Stage.ACCEPTED, item=item).number for _ in range(count)]
        settled(connection)
        return found


def typhoon(connection: Connection, *, over: bool = False) -> CalendarChanged:
    """A day stops being worked, or is worked again."""
    work = Work(connection, actor=SYSTEM, now=MONDAY)
    if over:
        calendar.withdraw_day(work, region=REGION, day=DAY, reason="台风转向")
    else:
        calendar.add_stop_work(work, region=REGION, first=DAY, last=DAY, reason="台风停工")
    *_, event = (
        one.event
        for one in trace(work, subject=f"calendar-{REGION}")
        if isinstance(one.event, CalendarChanged)
    )
    connection.commit()
    return event


def told(connection: Connection, event: CalendarChanged) -> None:
    subscribers.move_due_dates(Work(connection, actor=SYSTEM, now=MONDAY), event)
    connection.commit()


def settled(connection: Connection) -> None:
    """What the worker does later: those that were held, and the last look at all of them."""
    later = MONDAY + timedelta(minutes=30)
    while taken := jobs.take(Work(connection, actor=SYSTEM, now=later)):
        connection.commit()
        jobs.perform(Work(connection, actor=SYSTEM, now=later), taken)
        connection.commit()


def wrong(connection: Connection) -> int:
    """How many due dates, of clocks and of cases, are not those that the calendar says now."""
    work = Work(connection, actor=SYSTEM, now=MONDAY)
    found: int = work.value(
        """
        select (select count(*) from cases.clock
                 where state = 'running'
                   and due_on <> foundation.due_on(counted_from, workdays + extended, region))
             + (select count(*) from cases.case_file f
                 where due_on is distinct from
                       (select min(k.due_on) from cases.clock k
                         where k.number = f.number and k.state = 'running'))
        """
    )
    connection.commit()
    return found


def somebody_waits(connection: Connection) -> bool:
    work = Work(connection, actor=SYSTEM, now=MONDAY)
    return bool(work.value("select count(*) from pg_locks where not granted"))


def test_who_holds_a_case_and_wants_another_is_not_in_the_way(own_database: str) -> None:
    """The nightly round holds many cases in one transaction while the days change."""
    *others, last = prepared(own_database, count=6)
    with (
        as_application(own_database) as slow,
        as_application(own_database) as quick,
        ThreadPoolExecutor(1) as worker,
    ):
        store.hold(Work(slow, actor=SYSTEM, now=MONDAY), last)
        event = typhoon(quick)
        counting = worker.submit(told, quick, event)
        while not wait([counting], timeout=0.05).done and not somebody_waits(slow):
            pass
        for number in others:
            store.hold(Work(slow, actor=SYSTEM, now=MONDAY), number)
        slow.commit()
        counting.result()
        settled(quick)
        assert wrong(quick) == 0


def test_a_case_in_somebodys_hands_is_passed_over_and_counted_later(own_database: str) -> None:
    first, _ = prepared(own_database, count=2)
    with as_application(own_database) as slow, as_application(own_database) as quick:
        quick.execute("set lock_timeout = '1s'")
        quick.commit()
        store.hold(Work(slow, actor=SYSTEM, now=MONDAY), first)
        told(quick, typhoon(quick))
        assert wrong(quick) == 2  # Its two clocks are as they were.
        slow.commit()
        settled(quick)
        assert wrong(quick) == 0


def test_who_counted_while_the_days_changed_is_found_at_the_last_look(own_database: str) -> None:
    """A case that is accepted meanwhile is seen by nobody until it is committed."""
    with as_application(own_database) as slow, as_application(own_database) as quick:
        given = Given(Work(slow, actor=SYSTEM, now=MONDAY))
        late = given.case(stage=Stage.ACCEPTED)
        told(quick, typhoon(quick))
        slow.commit()
        assert wrong(quick) == 2
        settled(quick)
        assert wrong(quick) == 0
        after = cases.case(Work(quick, actor=SYSTEM, now=MONDAY), number=late.number)
        assert after.due_on is not None
        assert late.due_on is not None
        assert after.due_on > late.due_on


def test_a_case_in_somebodys_hands_follows_a_migration_later(own_database: str) -> None:
    number, _ = prepared(own_database, count=2)
    unknown = f"{number[:12]}999999{number[18:]}"

    def asked(connection: Connection) -> int:
        work = Work(connection, actor=SYSTEM, now=MONDAY)
        found = [job for job in jobs.unfinished(work) if job.kind == course.FOLLOW]
        connection.commit()
        return len(found)

    with as_application(own_database) as slow, as_application(own_database) as quick:
        quick.execute("set lock_timeout = '1s'")
        quick.commit()
        store.hold(Work(slow, actor=SYSTEM, now=MONDAY), number)
        work = Work(quick, actor=SYSTEM, now=MONDAY)
        course.follow_migration(work, numbers=[number, unknown])
        quick.commit()
        assert asked(quick) == 1
        slow.commit()
        settled(quick)
        assert asked(quick) == 0


def test_many_are_counted_part_by_part(own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared(own_database, count=5)
    monkeypatch.setattr(counted, "PART", 2)
    with as_application(own_database) as connection:
        told(connection, typhoon(connection))
        assert wrong(connection) == 3 * 2
        settled(connection)
        assert wrong(connection) == 0
        work = Work(connection, actor=SYSTEM, now=MONDAY)
        assert work.value("select count(*) from cases.due_date_change") == 5 * 2
        connection.commit()
        told(connection, typhoon(connection, over=True))
        settled(connection)
        assert wrong(connection) == 0
