"""Instances that begin by themselves, and the text by which a definition is known."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from conftest import MONDAY
from given_process import graph, process, published, signal, timer
from tongban import process as processes
from tongban.foundation import jobs
from tongban.foundation.work import LOCAL, Work
from tongban.process.model.compile import examine
from tongban.process.model.encoding import encoded
from tongban.process.model.kinds import TimerKind
from tongban.process.subscribers import begin_due

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:tongban="%s" targetNamespace="urn:x" id="d">%s<process id="%s" isExecutable="true">
 <startEvent id="begin">%s</startEvent><userTask id="A" name="%s"/><endEvent id="end"/>
 <sequenceFlow id="f1" sourceRef="begin" targetRef="A"/>
 <sequenceFlow id="f2" sourceRef="A" targetRef="end"/></process></definitions>"""


def publish(work: Work, trigger: str, *, roots: str = "", name: str = "p", step: str = "A") -> None:
    bpmn = HEAD % (processes.NAMESPACE, roots, name, trigger, step)
    processes.publish(work, bpmn=bpmn.encode(), department="D1", region="990100")


def at(trigger: str) -> str:
    return f"<timerEventDefinition>{trigger}</timerEventDefinition>"


def numbers(work: Work) -> list[str]:
    return list(
        work.value(
            "select coalesce(array_agg(number order by number), '{}') from process.instance"
            " where number like 'p-%%' or number like 'q-%%'"
        )
    )


def worked(work: Work) -> None:
    """Do what is due for processes, as the worker does."""
    while taken := jobs.take(work):
        if taken.kind.startswith("process."):
            jobs.perform(work, taken)


def test_an_instance_begins_at_its_date(work: Work) -> None:
    publish(work, at("<timeDate>2026-11-24T08:00:00</timeDate>"))
    due = datetime(2026, 11, 24, 8, tzinfo=LOCAL)
    work.now = due - timedelta(minutes=1)
    worked(work)
    assert numbers(work) == []
    work.now = due
    worked(work)
    worked(work)
    assert numbers(work) == ["p-begin-20261124080000"]


def test_a_cycle_begins_an_instance_each_time_and_makes_up_for_none(work: Work) -> None:
    publish(work, at("<timeCycle>R3/PT1H</timeCycle>"))
    for hours in (1, 2):
        work.now = MONDAY + timedelta(hours=hours)
        worked(work)
    assert len(numbers(work)) == 2
    work.now = MONDAY + timedelta(days=3)
    worked(work)
    worked(work)
    assert len(numbers(work)) == 3


def test_only_the_version_in_force_begins_by_itself(work: Work) -> None:
    publish(work, at("<timeDuration>PT1H</timeDuration>"))
    publish(work, at("<timeDuration>PT2H</timeDuration>"), step="B")
    work.now = MONDAY + timedelta(hours=1)
    worked(work)
    assert numbers(work) == []
    work.now = MONDAY + timedelta(hours=2)
    worked(work)
    assert len(numbers(work)) == 1


def test_a_signal_begins_and_wakes(work: Work) -> None:
    waits = graph("start > catch1 > B > end", "w", catch1={"events": signal("go")})
    published(work, waits)
    processes.start(work, process="w", new=processes.New("n1", "990100", "D1"))
    trigger = '<signalEventDefinition signalRef="s"/>'
    for name in ("p", "q"):
        publish(work, trigger, roots='<signal id="s" name="go"/>', name=name)
    assert processes.signal(work, name="go", data={"x": 1}) is None
    assert len(numbers(work)) == 2
    open_ = work.value("select array_agg(node order by node) from process.token")
    assert open_ == ["A", "A", "B"]


def test_working_days_are_those_of_the_calendar(work: Work) -> None:
    """Over memory a timer is due in so many working days, over rows on a day of the calendar."""
    border: dict[str, Any] = {"attached": "A", "events": timer("3", TimerKind.WORKDAYS)}
    published(work, graph("start > A > end; on1 > B > end2", on1=border))
    processes.start(work, process="p", new=processes.New("n1", "990100", "D1"))
    due = work.value("select due_at from process.alarm")
    said = work.value(
        "select foundation.due_on(%(day)s, 3, '990100')", day=work.today
    )  # fmt: skip
    assert due.astimezone(LOCAL).date() == said
    work.now = due
    assert processes.ring_due(work) == 1
    assert work.value("select node from process.token") == "B"


def test_a_definition_keeps_its_hash_whatever_lines_it_stands_in() -> None:
    drawn = process("start > A > end")
    moved = replace(drawn, line=99)
    assert examine(drawn).graph.hash == examine(moved).graph.hash
    assert encoded(drawn) != encoded(replace(drawn, name="other"))
    assert examine(drawn).graph.hash.hex()[:16] == "bb8baae1e812a37e"


def test_the_job_tells_its_time_as_it_was_asked(work: Work) -> None:
    publish(work, at("<timeDuration>PT1H</timeDuration>"))
    payload = work.value("select payload from foundation.job where kind = 'process.begin'")
    begin_due(work, payload)
    assert len(numbers(work)) == 1
