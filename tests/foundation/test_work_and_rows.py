"""Work: one transaction with an actor, and beneath it the rows that exist for this actor."""

from datetime import UTC, date, datetime

import psycopg
import pytest

from conftest import MONDAY, as_application
from tongban.foundation.actor import ANONYMOUS, SYSTEM, Actor, Grant, Kind
from tongban.foundation.calendar.events import CalendarChanged
from tongban.foundation.work import Work

READ = frozenset({"cases.read"})


def lay(
    work: Work, subject: str, *, region: str = "", department: str = "", holder: str = ""
) -> None:
    """Put an event into the trace that concerns somebody."""
    work.run(
        """
        insert into foundation.event (topic, version, subject, region, department, holder, body,
                                      actor, actor_name, happened_at)
        values ('test.Happened', 1, %(subject)s, %(region)s, %(department)s, %(holder)s, '{}',
                'system', '系统', %(now)s)
        """,
        subject=subject,
        region=region,
        department=department,
        holder=holder,
        now=work.now,
    )


@pytest.fixture
def trace(work: Work) -> Work:
    lay(work, "number-1", region="990102", department="market", holder="p-1")
    lay(work, "number-2", region="990203", department="housing", holder="b-2")
    lay(work, "number-3", region="980100", department="market", holder="p-3")
    lay(work, "calendar", region="000000")
    return work


def seen(work: Work, actor: Actor) -> set[str]:
    with work.acting_as(actor):
        rows = work._connection.execute("select subject from foundation.event").fetchall()
    # What an installation records by itself, such as its own processes, stands there too.
    return {str(row[0]) for row in rows} & EVERYTHING


EVERYTHING = {"number-1", "number-2", "number-3", "calendar"}


@pytest.mark.parametrize(
    ("actor", "sees"),
    [
        (SYSTEM, EVERYTHING),
        (ANONYMOUS, set()),
        (Actor("p-1", "张三", Kind.PERSON, holders=("p-1",)), {"number-1"}),
        (Actor("p-1", "张三", Kind.PERSON, holders=("p-1", "b-2")), {"number-1", "number-2"}),
        # What a person may do in the portal is no grant over a region.
        (Actor("p-9", "李四", Kind.PERSON, (Grant(READ),), ("p-9",)), set()),
        (Actor("o-1", "王五", grants=(Grant(READ, department="housing"),)), {"number-2"}),
        (Actor("o-2", "赵六", grants=(Grant(READ, region="9901"),)), {"number-1"}),
        (Actor("o-3", "孙七", grants=(Grant(READ, region="99"),)), {"number-1", "number-2"}),
        (Actor("o-4", "周八", grants=(Grant(READ),)), EVERYTHING),
        (Actor("o-5", "吴九"), set()),
        (Actor("", "知道查询码的人", Kind.CASE, case_number="number-3"), {"number-3"}),
        (Actor("", "没有查询码的人", Kind.CASE), set()),
    ],
)
def test_each_sees_what_concerns_them_and_nothing_else(
    trace: Work, actor: Actor, sees: set[str]
) -> None:
    assert seen(trace, actor) == sees


def test_without_an_actor_no_protected_row_exists_and_none_can_be_written(
    own_database: str,
) -> None:
    with as_application(own_database) as connection:
        lay(Work(connection, actor=SYSTEM, now=MONDAY), "number-1", holder="p-1")
        connection.commit()  # With the transaction the announcement ends too.

        assert connection.execute("select count(*) from foundation.event").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                """
                insert into foundation.event (topic, version, subject, body, actor, actor_name,
                                              happened_at)
                values ('t', 1, 's', '{}', 'a', 'a', now())
                """
            )


def test_row_level_security_holds_for_whoever_owns_the_table(database: str) -> None:
    with psycopg.connect(database) as connection:
        loose = connection.execute(
            """
            select c.oid::regclass::text
              from pg_class c
             where c.relkind in ('r', 'p') and exists (select from pg_policy where polrelid = c.oid)
               and not (c.relrowsecurity and c.relforcerowsecurity)
            """
        ).fetchall()
    assert loose == []


@pytest.mark.parametrize(
    "statement",
    [
        "update foundation.event set actor = 'nobody'",
        "delete from foundation.event",
        "truncate foundation.event cascade",
    ],
)
def test_the_trace_cannot_be_rewritten_not_even_by_its_owner(
    own_database: str, statement: str
) -> None:
    with as_application(own_database) as connection:
        lay(Work(connection, actor=SYSTEM, now=MONDAY), "number-1")
    with psycopg.connect(own_database) as owner, pytest.raises(psycopg.Error, match="append-only"):
        owner.execute(statement)  # type: ignore[call-overload]


def test_the_application_cannot_even_ask_to_rewrite_the_trace(trace: Work) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), trace.savepoint():
        trace.run("update foundation.event set actor = 'nobody'")


def test_acting_for_somebody_ends_with_the_block_also_when_it_fails(trace: Work) -> None:
    person = Actor("p-1", "张三", Kind.PERSON, holders=("p-1",))
    with trace.acting_as(person):
        with trace.acting_as(SYSTEM), pytest.raises(ZeroDivisionError), trace.savepoint():
            raise ZeroDivisionError
        assert trace.actor == person
        assert seen(trace, person) == {"number-1"}
    assert trace.actor == SYSTEM
    assert trace.value("select count(*) from foundation.event") >= 4


def test_a_failed_statement_is_reported_as_what_it_was(trace: Work) -> None:
    with (
        pytest.raises(psycopg.errors.DivisionByZero),
        trace.savepoint(),
        trace.acting_as(ANONYMOUS),
    ):
        trace.value("select 1 / 0")
    assert trace.value("select foundation.kind()") == "system"


def test_a_fact_is_recorded_with_who_when_and_on_which_request(
    connection: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    officer = Actor("o-7", "陈主任", grants=(Grant(READ, region="99"),))
    work = Work(connection, actor=officer, now=MONDAY, request="r-42")

    work.record(CalendarChanged("990100", date(2026, 6, 1), date(2026, 6, 2), 7, reason="台风"))

    row = connection.execute(
        """
        select topic, subject, region, actor, actor_name, request, happened_at,
               body->>'first_day', body->>'reason'
          from foundation.event order by id desc limit 1
        """
    ).fetchone()
    assert row == (
        *("calendar.CalendarChanged", "calendar-990100", "990100", "o-7", "陈主任", "r-42"),
        *(MONDAY, "2026-06-01", "台风"),
    )


def test_today_is_the_day_in_beijing(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    late = datetime(2026, 6, 1, 16, 30, tzinfo=UTC)
    assert Work(connection, actor=SYSTEM, now=late).today == date(2026, 6, 2)
