"""Due dates of steps and timers follow the calendar by which they were counted."""

from datetime import date, datetime
from typing import Any

import pytest

from conftest import MONDAY
from given_process import graph, published, timer
from tongban import process
from tongban.foundation import calendar
from tongban.foundation.actor import Actor, Grant
from tongban.foundation.calendar.events import CalendarChanged
from tongban.foundation.errors import Forbidden
from tongban.foundation.trace import trace
from tongban.foundation.work import LOCAL, Work
from tongban.process.model.attributes import Attributes, StepLimit
from tongban.process.model.kinds import TimerKind
from tongban.process.subscribers import move_due_dates

REGION = "990100"
FIRST = MONDAY.astimezone(LOCAL).date()


def begun(work: Work, *, count: int = 1, region: str = REGION) -> list[process.Key]:
    """Instances whose step has five working days, with a timer of three and one of an hour."""
    nodes: dict[str, Any] = {
        "A": {"attributes": Attributes(limit=StepLimit(5))},
        "on1": {
            "attached": "A", "events": timer("3", TimerKind.WORKDAYS), "cancels": False,
        },
        "on2": {"attached": "A", "events": timer("PT72H"), "cancels": False},
    }  # fmt: skip
    published(work, graph("start > A > end; on1 > B > end2; on2 > C > end3", **nodes))
    return [
        process.start(work, process="p", new=process.New(f"n{k}", region, "D1")).instance.key
        for k in range(count)
    ]


def dues(work: Work) -> dict[str, date]:
    rows = work.value(
        """
        select jsonb_object_agg(node, due_at) from (
            select node, due_at from process.token where due_at is not null
             union all select node, due_at from process.alarm) as all_of_them
        """
    )
    return {node: datetime.fromisoformat(at).astimezone(LOCAL).date() for node, at in rows.items()}


def in_days(work: Work, days: int) -> date:
    found: date = work.value(
        "select foundation.due_on(%(day)s, %(days)s, %(region)s)",
        day=FIRST, days=days, region=REGION,
    )  # fmt: skip
    return found


def stop_work(work: Work, day: date, *, region: str = REGION) -> None:
    """A typhoon: nobody works on a day; the event is delivered as the worker does."""
    calendar.add_stop_work(work, region=region, first=day, last=day, reason="台风停工")
    told(work, region)


def told(work: Work, region: str) -> None:
    *_, event = (
        one.event
        for one in trace(work, subject=f"calendar-{region}")
        if isinstance(one.event, CalendarChanged)
    )
    move_due_dates(work, event)


def test_steps_and_timers_in_working_days_follow_a_day_on_which_work_stops(work: Work) -> None:
    [key] = begun(work)
    before = dues(work)
    assert (before["A"], before["on1"]) == (in_days(work, 5), in_days(work, 3))
    stop_work(work, in_days(work, 1))
    after = dues(work)
    assert (after["A"], after["on1"]) == (in_days(work, 5), in_days(work, 3))
    assert after["A"] > before["A"]
    assert after["on2"] == before["on2"]  # Hours are hours.
    changes = process.due_date_changes(work, instance=key)
    assert {
        (one.node, one.before.astimezone(LOCAL).date(), one.after.astimezone(LOCAL).date())
        for one in changes
    } == {(node, before[node], after[node]) for node in ("A", "on1")}


def test_they_come_back_when_the_day_is_worked_after_all(work: Work) -> None:
    [key] = begun(work)
    before, day = dues(work), in_days(work, 1)
    stop_work(work, day)
    calendar.withdraw_day(work, region=REGION, day=day, reason="台风转向")
    told(work, REGION)
    assert dues(work) == before
    assert len(process.due_date_changes(work, instance=key)) == 4


def test_days_after_they_end_and_days_of_others_move_nothing(work: Work) -> None:
    [key] = begun(work)
    before = dues(work)
    stop_work(work, in_days(work, 9))
    stop_work(work, in_days(work, 1), region="440000")
    assert dues(work) == before
    assert process.due_date_changes(work, instance=key) == []


def test_a_day_of_the_province_moves_what_lies_in_it(work: Work) -> None:
    begun(work, count=3)
    before = dues(work)
    stop_work(work, in_days(work, 1), region="990000")
    assert dues(work)["A"] > before["A"]
    assert work.value("select count(*) from process.due_date_change") == 6


def test_a_helper_has_the_time_of_whom_they_help(work: Work) -> None:
    [key] = begun(work)
    [(item, _)] = process.items(work, instance=key)
    process.add_helper(work, item=item, to="o-li", to_name="李爱华")
    stop_work(work, in_days(work, 1))
    assert work.value("select array_agg(distinct due_at) from process.token") == [
        work.value("select max(due_at) from process.token")
    ]


def test_a_timer_rings_on_the_day_to_which_it_moved(work: Work) -> None:
    begun(work)
    before = work.value("select due_at from process.alarm where node = 'on1'")
    stop_work(work, in_days(work, 1))
    work.run("delete from process.alarm where node = 'on2'")
    work.now = before
    assert process.ring_due(work) == 0
    work.now = work.value("select due_at from process.alarm where node = 'on1'")
    assert process.ring_due(work) == 1


def forgotten(work: Work) -> None:
    """Rows as they were before it was kept how their dates were counted."""
    work.run("update process.token set workdays = null, counted_from = null")
    work.run("update process.alarm set workdays = null, counted_from = null")


def test_older_dates_follow_what_their_definition_says(work: Work) -> None:
    [key] = begun(work)
    [(item, _)] = process.items(work, instance=key)
    process.add_helper(work, item=item, to="o-li", to_name="李爱华")
    forgotten(work)
    before = dues(work)
    stop_work(work, in_days(work, 1))
    assert dues(work) == before
    assert process.let_older_follow(work) == process.OlderDates(follow=3, left=0, more=False)
    after = dues(work)
    assert (after["A"], after["on1"], after["on2"]) == (
        in_days(work, 5), in_days(work, 3), before["on2"],
    )  # fmt: skip
    assert process.let_older_follow(work) == process.OlderDates(follow=0, left=0, more=False)


def test_older_dates_that_cannot_be_told_stay(work: Work) -> None:
    """An expression gave the days, or a migration gave the step a limit anew on another day."""
    border = {"attached": "B", "events": timer("days", TimerKind.WORKDAYS)}
    limited = {"attributes": Attributes(limit=StepLimit(5))}
    published(work, graph("start > B > end; on1 > C > end2", B=limited, on1=border))
    new = process.New("n1", REGION, "D1", data={"days": 4})
    key = process.start(work, process="p", new=new).instance.key
    forgotten(work)
    work.run("update process.token set due_at = due_at + interval '1 day'")
    work.run(
        """
        insert into process.history (region, month, instance, id, act, node, path, actor,
                                     actor_name, at)
        values (%(region)s, %(month)s, %(id)s, 1, 'migrate', '', '', 'x', 'x', %(now)s)
        """,
        region=key.region, month=key.month, id=key.id, now=work.now,
    )  # fmt: skip
    before = dues(work)
    assert process.let_older_follow(work) == process.OlderDates(follow=0, left=2, more=False)
    stop_work(work, in_days(work, 1))
    assert dues(work) == before


def test_only_who_operates_processes_lets_older_dates_follow(work: Work) -> None:
    officer = Actor("o-wang", "王", grants=(Grant(frozenset({"process.work"}), "D1"),))
    with work.acting_as(officer), pytest.raises(Forbidden):
        process.let_older_follow(work)
