"""Keeping instances going: what is seen by whom, what is stuck, retries, looks, experience."""

from datetime import timedelta

import pytest

import given_process
from given_process import begun, graph, message, published, timer
from tongban import process
from tongban.foundation.actor import SYSTEM, Actor, Grant
from tongban.foundation.errors import Forbidden, Invalid
from tongban.foundation.work import Work
from tongban.process.model.attributes import Attributes

ALL = process.Asked()


def watcher(*permissions: str, department: str = "", region: str = "9901") -> Actor:
    held = frozenset({"process.watch", *permissions})
    return Actor("o-w", "值守", grants=(Grant(held, department, region),))


def only(work: Work) -> process.Key:
    [line] = process.instances(work, asked=ALL)
    return line.key


def later(work: Work, **ahead: float) -> Work:
    return Work(work._connection, actor=SYSTEM, now=work.now + timedelta(**ahead))


def test_instances_are_seen_by_whom_they_concern(work: Work) -> None:
    begun(work, "start > A > end")
    assert [one.number for one in process.instances(work, asked=ALL)] == ["n1"]
    with work.acting_as(watcher()):
        assert len(process.instances(work, asked=ALL)) == 1
    for elsewhere in (watcher(region="9902"), watcher(department="D9")):
        with work.acting_as(elsewhere):
            assert process.instances(work, asked=ALL) == []
            with pytest.raises(Forbidden):
                process.situation(work, instance=process.Key("990100", 2406, only_id(work)))
    with work.acting_as(Actor("o-x", "无关")), pytest.raises(Forbidden):
        process.instances(work, asked=ALL)


def only_id(work: Work) -> int:
    return int(work.value("select id from process.instance"))


def test_instances_are_filtered_and_paged_by_key(work: Work) -> None:
    published(work, graph("start > A > end"))
    for number in ("n1", "n2", "n3"):
        process.start(work, process="p", new=process.New(number, "990100", "D1"))
    first = process.instances(work, asked=ALL, limit=2)
    rest = process.instances(work, asked=ALL, after=first[-1].key)
    assert [one.number for one in (*first, *rest)] == ["n3", "n2", "n1"]
    assert [one.number for one in process.instances(work, asked=process.Asked(number="n2"))] == [
        "n2"
    ]
    assert process.instances(work, asked=process.Asked(process="q")) == []
    assert process.instances(work, asked=process.Asked(state="ended")) == []
    assert len(process.instances(work, asked=process.Asked(region="9901", version=1))) == 3


def test_a_failed_service_is_found_and_tried_again_with_many(work: Work) -> None:
    attributes = Attributes(service="nowhere", retries=0)
    begun(work, "start > do1 > end", do1={"attributes": attributes})
    item = process.ItemKey(only(work), int(work.value("select id from process.token")))
    assert process.do_service(work, item=item) is None
    [found] = process.failed_tasks(work)
    assert "nowhere" in found.error
    situation = process.situation(work, instance=only(work))
    drawn = graph("start > do1 > end", do1={"attributes": attributes})
    assert process.situation_marks(situation, drawn, now=work.now)["do1"] == "error"
    assert process.situation_marks(situation, drawn)["do1"] == "current"
    with work.acting_as(watcher("process.operate")):
        refused = process.retry_many(work, items=[found.item, process.ItemKey(only(work), 1)])
    assert [one.what for one in refused] == [str(process.ItemKey(only(work), 1))]
    assert process.failed_tasks(work) == []
    with pytest.raises(Invalid):
        process.retry_many(work, items=[])


def test_a_timer_that_was_given_up_rings_again(work: Work) -> None:
    begun(work, "start > catch1 > end", catch1={"events": timer("P1D")})
    [alarm] = process.next_timers(work)
    work.run("update process.alarm set attempts = 8, error = 'broken'")
    assert process.next_timers(work) == []
    assert [one.error for one in process.stopped_timers(work)] == ["broken"]

    def again() -> None:
        process.ring_again(work, instance=alarm.key, token=alarm.token, node=alarm.node)

    with work.acting_as(watcher()), pytest.raises(Forbidden):
        again()
    with work.acting_as(watcher("process.operate")):
        again()
        with pytest.raises(process.NoSuchTimer):
            again()
    assert process.next_timers(work) == [alarm]


def test_what_nothing_moves_is_found_in_bounded_parts(work: Work) -> None:
    begun(work, "start > catch1 > end", catch1={"events": message("m")})
    assert process.unmoved(work).lines == ()
    work.run("delete from process.subscription")
    assert [one.number for one in process.unmoved(work).lines] == ["n1"]
    part = process.unmoved(work, window=1)
    assert part.next == only(work)
    assert process.unmoved(work, after=part.next) == process.Unmoved((), None)


def test_whoever_watches_units_and_regions_sees_each_instance_once_and_in_order(
    work: Work,
) -> None:
    published(work, graph("start > A > end"))
    places = [("990100", "D1"), ("990100", "D2"), ("990200", "D1"), ("990300", "D2")]
    for number, (region, department) in enumerate(places):
        new = process.New(f"n{number}", region, department)
        process.start(work, process="p", new=new)
    late = "update process.token set due_at = now() - interval '100 years' - id * interval '1 day'"
    work.run(late)

    def seen(*given: tuple[str, str]) -> list[str]:
        held = frozenset({"process.watch"})
        grants = tuple(Grant(held, department, region) for department, region in given)
        with work.acting_as(Actor("o-w", "值守", grants=grants)):
            found = process.instances(work, asked=ALL)
            assert {one.key for one in found} == {
                one.item.instance for one in process.overdue_items(work)
            }
            due = [one.due_at for one in process.overdue_items(work)]
            assert due == sorted(due)  # type: ignore[type-var]
        return [one.number for one in found]

    assert seen(("", "9901")) == ["n1", "n0"]
    assert seen(("D1", "")) == ["n2", "n0"]
    assert seen(("D1", ""), ("", "9901"), ("D1", "9901")) == ["n2", "n1", "n0"]
    assert seen(("", ""), ("D2", "")) == ["n3", "n2", "n1", "n0"]


def test_late_work_is_marked_and_what_was_sent_back_is_to_be_done_anew(work: Work) -> None:
    begun(work, "start > A > B > C > end")
    shown = graph("start > A > B > C > end")
    for _ in "AB":
        [(item, _node)] = process.items(work, instance=only(work))
        process.complete(work, item=item)
    marks = process.situation_marks(process.situation(work, instance=only(work)), shown)
    assert marks == {"start": "done", "A": "done", "B": "done", "C": "current"}
    [(item, _node)] = process.items(work, instance=only(work))
    process.send_back(work, item=item, to="A", reason="材料不清")
    marks = process.situation_marks(process.situation(work, instance=only(work)), shown)
    assert marks == {"start": "done", "A": "current"}
    work.run("update process.token set due_at = now() - interval '100 years'")
    marks = process.situation_marks(
        process.situation(work, instance=only(work)), shown, now=work.now
    )
    assert marks["A"] == "late"
    assert [one.node for one in process.overdue_items(work)] == ["A"]


def test_variables_are_masked_until_somebody_says_why(work: Work) -> None:
    begun(work, "start > A > end")
    with work.acting_as(watcher()):
        assert process.masked(process.all_values(work, instance=only(work))) == {"q": 1}
        with pytest.raises(Invalid):
            process.look_into(work, instance=only(work), reason=" ")
        assert process.look_into(work, instance=only(work), reason="核对材料") == {"q": 1}
    reason = work.value(
        "select body ->> 'reason' from foundation.event where topic ~ 'ProcessLookedAt$'"
    )
    assert reason == "核对材料"
    assert process.masked({"name": "张小明", "n": [True, 12345678, 3, None]}) == {
        "name": "张**",
        "n": [True, "1*******", 3, None],
    }


def test_the_past_supposes_what_happened(work: Work) -> None:
    drawn = given_process.process(
        "start > A > xor1 >[q = 1]> B > end; xor1 >[]> C > end2",
        A={"attributes": Attributes(role="handler")},
    )
    text = process.write(process.Definition((drawn,)))
    process.publish(work, bpmn=text, department="D1", region="990100")
    assert process.experience(work, process="p") is None
    for number in ("n1", "n2", "n3", "n4"):
        data = {"q": 1 if number == "n1" else 2}
        process.start(work, process="p", new=process.New(number, "990100", "D1", data=data))
    after = later(work, hours=2)
    for line in process.instances(work, asked=ALL):
        [(item, _)] = process.items(after, instance=line.key)
        process.complete(after, item=item)
    found = process.experience(after, process="p")
    assert found is not None
    assert (found.cases, found.minutes["A"], found.officers) == (4, 120.0, {"handler": 1})
    assert sorted(found.shares.values()) == [0.25, 0.75]
