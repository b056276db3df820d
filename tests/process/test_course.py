"""Whose hands a step is in, and acts that change the course of an instance, over rows."""

from typing import Any

import pytest

from given_process import begun, content, error, graph, message, published, signal, timer
from tongban import process
from tongban.foundation import jobs
from tongban.foundation.actor import Actor, Grant
from tongban.foundation.errors import Forbidden, Invalid
from tongban.foundation.work import Work
from tongban.process.model.attributes import Attributes, Formula
from wire import statements

THREE = "start > A > B > C > end"
PARALLEL = "start > A > and1 > B > and2 > xor1 >[]> D > end; and1 > C > and2; xor1 >[again]> A"


def officer(name: str, *permissions: str) -> Actor:
    held = {"process.work", *permissions}
    return Actor(f"o-{name}", name, grants=(Grant(frozenset(held), "D1"),))


def open_(work: Work) -> list[str]:
    return list(
        work.value(
            "select coalesce(array_agg(node order by node, id), '{}') from process.token"
            " where state = 'work'"
        )
    )


def item_at(work: Work, node: str) -> process.ItemKey:
    [key] = [one for one, at in process.items(work, instance=only(work)) if at == node]
    return key


def only(work: Work) -> process.Key:
    region, month, id = work.value(
        "select array[region, month::text, id::text] from process.instance"
    )
    return process.Key(region, int(month), int(id))


def test_claimed_work_is_not_done_by_another(work: Work) -> None:
    [(item, _)] = begun(work, THREE).items
    with work.acting_as(officer("li")):
        process.claim(work, item=item)
    with work.acting_as(officer("wang")), pytest.raises(process.TakenByAnother):
        process.complete(work, item=item)
    with work.acting_as(officer("li")):
        process.release(work, item=item)
    with work.acting_as(officer("wang")):
        process.complete(work, item=item)
    assert open_(work) == ["B"]


def test_delegated_and_assigned_work_changes_hands(work: Work) -> None:
    [(item, _)] = begun(work, THREE).items
    with work.acting_as(officer("li")):
        process.claim(work, item=item)
        process.delegate(work, item=item, to="o-wang", to_name="wang")
        with pytest.raises(process.TakenByAnother):
            process.complete(work, item=item)
        with pytest.raises(Forbidden):
            process.assign(work, item=item, to="o-li", to_name="li")
    with work.acting_as(officer("chief", "process.assign")):
        process.assign(work, item=item, to="o-li", to_name="li")
    with work.acting_as(officer("li")):
        process.complete(work, item=item)


def test_a_step_waits_for_the_helpers_it_asked(work: Work) -> None:
    [(item, _)] = begun(work, THREE).items
    helper = process.add_helper(work, item=item, to="o-wang", to_name="wang", reason="帮忙看看")
    with pytest.raises(process.StillHelped):
        process.complete(work, item=item)
    with work.acting_as(officer("wang")):
        process.complete(work, item=helper, data={"opinion": "可以"})
    assert open_(work) == ["A"]
    process.complete(work, item=item)
    assert open_(work) == ["B"]


def test_a_helper_who_is_not_needed_any_more(work: Work) -> None:
    [(item, _)] = begun(work, THREE).items
    helper = process.add_helper(work, item=item, to="o-wang", to_name="wang")
    process.withdraw_helper(work, item=helper)
    process.complete(work, item=item)
    assert open_(work) == ["B"]


def test_sent_back_before_a_split_every_branch_is_withdrawn(work: Work) -> None:
    [(item, _)] = begun(work, PARALLEL).items
    process.complete(work, item=item)
    process.complete(work, item=item_at(work, "B"))
    following = process.send_back(work, item=item_at(work, "C"), to="A", reason="材料不全")
    assert following.nodes == ("A",)
    assert open_(work) == ["A"]
    assert work.value("select count(*) from process.gathering") == 0


def test_sent_back_within_a_branch_the_others_go_on(work: Work) -> None:
    text = (
        "start > xor0 > and1 > A > B > and2 > D > xor1 >[]> end;"
        "and1 > C > and2; xor1 >[again]> xor0"
    )
    begun(work, text)
    process.complete(work, item=item_at(work, "C"))
    process.complete(work, item=item_at(work, "A"))
    process.send_back(work, item=item_at(work, "B"), to="A", reason="重新核对")
    assert open_(work) == ["A"]
    for node in "ABD":
        process.complete(work, item=item_at(work, node))
    assert work.value("select outcome from process.instance") == "completed"


def test_sent_back_only_to_what_lies_before(work: Work) -> None:
    begun(work, THREE)
    with pytest.raises(process.NotEarlier):
        process.send_back(work, item=item_at(work, "A"), to="C", reason="x")
    with pytest.raises(Invalid):
        process.send_back(work, item=item_at(work, "A"), to="A", reason=" ")


def test_one_takes_back_what_nobody_has_gone_on_with(work: Work) -> None:
    begun(work, THREE)
    with work.acting_as(officer("li")):
        process.complete(work, item=item_at(work, "A"))
        process.take_back(work, instance=only(work), node="A")
        assert open_(work) == ["A"]
        process.complete(work, item=item_at(work, "A"))
    with work.acting_as(officer("wang")):
        process.claim(work, item=item_at(work, "B"))
    with work.acting_as(officer("li")), pytest.raises(process.TooLateToTakeBack):
        process.take_back(work, instance=only(work), node="A")


def test_skipping_names_reason_and_authority(work: Work) -> None:
    begun(work, THREE)
    with pytest.raises(Invalid):
        process.skip(work, item=item_at(work, "A"), reason="紧急", authority="")
    process.skip(work, item=item_at(work, "A"), reason="紧急", authority="市府办〔2024〕1号")
    assert open_(work) == ["B"]
    with work.acting_as(officer("li")), pytest.raises(Forbidden):
        process.skip(work, item=item_at(work, "B"), reason="x", authority="y")


def test_suspended_instances_do_not_move(work: Work) -> None:
    begun(work, THREE)
    process.suspend(work, instance=only(work), reason="诉讼")
    with pytest.raises(process.NotRunning):
        process.complete(work, item=item_at(work, "A"))
    process.resume(work, instance=only(work))
    process.complete(work, item=item_at(work, "A"))
    process.cancel(work, instance=only(work), reason="申请人撤回")
    assert open_(work) == []
    assert work.value("select outcome from process.instance") == "cancelled"


def test_due_timers_ring(work: Work) -> None:
    border: dict[str, Any] = {"attached": "A", "events": timer("PT1H"), "cancels": False}
    begun(work, "start > A > end; on1 > R > end2", on1=border)
    assert process.ring_due(work) == 0
    work.run("update process.alarm set due_at = %(now)s", now=work.now)
    assert process.ring_due(work) == 1
    assert open_(work) == ["A", "R"]
    assert process.ring_due(work) == 0


def test_a_timer_that_sweeps_rings_too(work: Work) -> None:
    inner = content("start1 > and1 > A > end1; and1 > B > end2")
    border: dict[str, Any] = {"attached": "sub1", "events": timer("PT1H")}
    begun(work, "start > sub1 > C > end; on1 > R > end3", sub1={"inner": inner}, on1=border)
    work.run("update process.alarm set due_at = %(now)s", now=work.now)
    assert process.ring_due(work) == 1
    assert open_(work) == ["R"]


def test_a_message_finds_its_instance_by_its_key(work: Work) -> None:
    text = "start > catch1 > A > end"
    published(work, graph(text, catch1={"events": message("paid", "bill")}))
    for number in ("n1", "n2"):
        process.start(
            work, process="p", new=process.New(number, "990100", "D1", data={"bill": number})
        )
    with pytest.raises(process.SeveralListen):
        process.message(work, name="paid")
    with pytest.raises(process.NobodyListens):
        process.message(work, name="paid", key="n3")
    assert process.message(work, name="paid", key="n2").instance.number == "n2"
    with pytest.raises(process.NobodyListens):
        process.message(work, name="paid", key="n2")


def test_a_signal_is_heard_by_everybody(work: Work) -> None:
    published(work, graph("start > catch1 > A > end", catch1={"events": signal("go")}))
    new = [process.New(f"n{n}", "990100", "D1") for n in range(5)]
    process.start_many(work, process="p", new=new)
    assert process.signal(work, name="go") is None
    assert open_(work) == ["A"] * 5


def test_everybody_goes_on_from_a_signal_by_data_of_their_own(work: Work) -> None:
    text = (
        "start > and1 > catch1 > xor1 >[n > 2]> A > and2 > end; xor1 >[]> B > and2;"
        " and1 > catch2 > C > and2"
    )
    go = {"events": signal("go")}
    published(work, graph(text, catch1=go, catch2=go))
    new = [process.New(f"n{n}", "990100", "D1", data={"n": n}) for n in range(5)]
    process.start_many(work, process="p", new=new)
    assert process.signal(work, name="go", data={"said": "now"}) is None
    assert sorted(open_(work)) == ["A"] * 2 + ["B"] * 3 + ["C"] * 5
    assert work.value("select count(*) from process.subscription") == 0


def test_a_signal_comes_to_both_listeners_of_a_case_where_a_part_ends(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tongban.process.commands.happenings.SIGNAL_CHUNK", 3)
    go = {"events": signal("go")}
    text = "start > and1 > catch1 > A > and2 > end; and1 > catch2 > B > and2"
    published(work, graph(text, catch1=go, catch2=go))
    process.start_many(
        work, process="p", new=[process.New(f"n{n}", "990100", "D1") for n in range(4)]
    )
    after, parts = None, 0
    while parts == 0 or after is not None:
        after, parts = process.signal(work, name="go", after=after), parts + 1
    assert sorted(open_(work)) == ["A"] * 4 + ["B"] * 4


def test_whoever_cannot_go_on_from_a_signal_does_not_keep_others_from_it(work: Work) -> None:
    text = "start > catch1 > xor1 >[n = 1]> A > end"
    published(work, graph(text, catch1={"events": signal("go")}))
    new = [process.New(f"n{n}", "990100", "D1", data={"n": n}) for n in range(3)]
    process.start_many(work, process="p", new=new)
    assert process.signal(work, name="go") is None
    assert open_(work) == ["A"]
    assert work.value("select count(*) from process.subscription") == 2
    told = work.value(
        "select body from foundation.event where topic ~ 'ManyDone$' order by id desc limit 1"
    )
    assert (told["done"], told["refused"]) == (1, 2)


def test_timers_of_many_lead_on_by_data_of_their_own(work: Work) -> None:
    text = "start > catch1 > xor1 >[n > 2]> A > end; xor1 >[]> B > end2"
    published(work, graph(text, catch1={"events": timer("PT1H")}))
    new = [process.New(f"n{n}", "990100", "D1", data={"n": n}) for n in range(5)]
    process.start_many(work, process="p", new=new)
    work.run("update process.alarm set due_at = %(now)s", now=work.now)
    assert process.ring_due(work) == 5
    assert sorted(open_(work)) == ["A"] * 2 + ["B"] * 3


def test_a_thrown_message_is_delivered_by_the_worker(work: Work) -> None:
    published(work, graph("start > A > throw1 > end", "q", throw1={"events": message("done")}))
    published(work, graph("start > catch1 > B > end", catch1={"events": message("done")}))
    [(item, _)] = process.start(work, process="q", new=process.New("n1", "990100", "D1")).items
    process.start(work, process="p", new=process.New("n2", "990100", "D1"))
    process.complete(work, item=item)
    perform_all(work)
    assert open_(work) == ["B"]


def perform_all(work: Work) -> None:
    while taken := jobs.take(work):
        if taken.kind.startswith("process."):
            jobs.perform(work, taken)


@process.operation("test.double")
def double(work: Work, instance: process.Instance, facts: Any) -> dict[str, object]:  # noqa: ARG001
    if facts["x"] < 0:
        raise process.ServiceError("negative")
    return {"y": 10 // facts["x"]}


def served(work: Work, x: int) -> None:
    published(
        work,
        graph(
            "start > do1 > A > end; on1 > B > end",
            do1={"attributes": Attributes(service="test.double", retries=1)},
            on1={"attached": "do1", "events": error("negative")},
        ),
    )
    process.start(work, process="p", new=process.New("n1", "990100", "D1", data={"x": x}))
    perform_all(work)


def test_a_service_task_is_done_by_the_worker(work: Work) -> None:
    served(work, 5)
    assert open_(work) == ["A"]


def test_an_error_of_a_service_goes_where_the_process_says(work: Work) -> None:
    served(work, -1)
    assert open_(work) == ["B"]


def test_a_service_that_fails_is_tried_again_and_given_up_until_an_operator_retries(
    work: Work,
) -> None:
    served(work, 0)
    assert work.value("select attempts from process.token") == 1
    work.run("update foundation.job set due_at = %(now)s where done_at is null", now=work.now)
    perform_all(work)
    assert work.value("select state || attempts from process.token") == "failed2"
    work.run("""update process.variable set data = '{"x": 2}'""")
    [(item, _)] = [(process.ItemKey(only(work), work.value("select id from process.token")), "do1")]
    process.retry(work, item=item)
    perform_all(work)
    assert open_(work) == ["A"]


def test_whoever_did_a_step_may_not_check_it(work: Work) -> None:
    begun(work, "start > A > B > end", B={"attributes": Attributes(four_eyes=("A",))})
    with work.acting_as(officer("li")):
        process.complete(work, item=item_at(work, "A"))
        with pytest.raises(process.SameHand):
            process.complete(work, item=item_at(work, "B"))


def test_of_many_steps_those_are_refused_that_check_what_the_same_hand_did(work: Work) -> None:
    drawn = graph("start > A > B > end", B={"attributes": Attributes(four_eyes=("A",))})
    published(work, drawn)
    new = [process.New(f"n{n}", "990100", "D1") for n in range(8)]
    begun_ = [process.start(work, process="p", new=one) for one in new]
    li, wang = officer("li"), officer("wang")
    checked = []
    for number, one in enumerate(begun_):
        [(item, _)] = one.items
        with work.acting_as(li if number < 3 else wang):
            [(following, _)] = process.complete(work, item=item).items
        checked.append(following)
    refused, asked = [], []
    # Two of which one is refused, then six: as many statements for the six as for the two.
    for part in ([checked[0], checked[3]], checked[1:3] + checked[4:]):
        with work.acting_as(li), statements(work._connection) as sent:
            refused += process.complete_many(work, items=part)
        asked.append(len(sent))
    assert {one.what for one in refused} == {str(item) for item in checked[:3]}
    assert {type(one.why) for one in refused} == {process.SameHand}
    assert asked[0] == asked[1]


def test_a_step_belongs_to_the_unit_that_an_expression_names(work: Work) -> None:
    begun(work, "start > A > B > end", B={"attributes": Attributes(department=Formula("unit"))})
    with work.acting_as(officer("li")):
        process.complete(work, item=item_at(work, "A"), data={"unit": "D2"})
        with pytest.raises(Forbidden):
            process.complete(work, item=item_at(work, "B"))
