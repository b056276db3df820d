"""Running instances move from version to version and back: what is proposed, what hinders it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from conftest import MONDAY, as_application
from given import Given
from given_process import content, graph, message, published, several, timer
from tongban import process
from tongban.foundation import jobs
from tongban.foundation.actor import SYSTEM, Actor, Grant
from tongban.foundation.errors import Forbidden, Invalid, Refusal
from tongban.foundation.work import Work
from tongban.process.model.attributes import Attributes
from tongban.process.model.graph import Graph
from tongban.process.model.kinds import TimerKind
from tongban.process.model.means import Held, Means, shortcomings
from tongban.process.model.migration import (
    Because,
    Plan,
    Standing,
    mapping_problems,
    obstacles,
    propose,
)
from tongban.process.model.tokens import Gathering, Place, State, Token

SPLIT = "start > and1 > A > and2 > C > end; and1 > B > and2"


def mapping(old: Graph, new: Graph, **changed: str) -> dict[str, str]:
    return {one.node: one.to for one in propose(old, new) if one.to} | changed


def stands(old: Graph, new: Graph, *nodes: str, arrived: str = "", **changed: str) -> list[str]:
    """What stands in the way of an instance with work at some nodes of the old version."""
    tokens = tuple(
        Token(number, node, Place(1), State.WORK) for number, node in enumerate(nodes, 1)
    )
    joins = (Gathering(Place(1), arrived, (0,)),) if arrived else ()
    plan = Plan(1, 2, old, new, mapping(old, new, **changed))
    return [str(one) for one in obstacles(plan, Standing(tokens, joins))]


def test_nodes_are_found_again_by_id_and_then_by_name() -> None:
    old = graph("start > A > B > C > end", A={"name": "受理"}, B={"name": "审核"})
    new = graph("start > A > X > end", A={"name": "收件"}, X={"name": "审核"})
    found = {one.node: (one.to, one.because) for one in propose(old, new)}
    assert found["A"] == ("A", Because.SAME_ID)
    assert found["B"] == ("X", Because.SAME_NAME)
    assert found["C"] == ("", Because.UNKNOWN)


def test_what_moved_into_a_sub_process_is_said_to_have_moved() -> None:
    old = graph("start > A > end")
    new = graph("start > sub1 > end", sub1={"inner": content("start1 > A > end1")})
    assert [one.moved for one in propose(old, new) if one.node == "A"] == [True]
    assert "子流程" in stands(old, new, "A")[0]


def test_work_at_a_step_that_is_gone_cannot_move() -> None:
    old, new = graph("start > A > B > end"), graph("start > B > end")
    assert "没有对应" in stands(old, new, "A")[0]
    assert stands(old, new, "A", A="B") == []
    assert stands(old, new, "B") == []


def test_a_join_that_would_wait_for_ever_is_seen() -> None:
    old, new = graph("start > A > C > end"), graph(SPLIT)
    assert "还要等待" in stands(old, new, "A")[0]
    assert stands(old, new, "C") == []
    assert stands(graph(SPLIT), new, "A", "B") == []


def test_what_has_arrived_must_still_lead_to_the_join() -> None:
    old = graph(SPLIT)
    assert stands(old, graph(SPLIT.replace("C", "D")), "B", arrived="and2") == []
    gone = graph("start > and1 > A > C > end; and1 > B > and2 > D > end2; and1 > E > and2")
    assert "不再通向" in stands(old, gone, "B", arrived="and2")[0]


def test_two_steps_do_not_become_one() -> None:
    assert "同一个节点" in stands(graph(SPLIT), graph("start > A > end"), "A", "B", B="A")[0]


def test_repetition_cannot_be_changed_under_work_in_hand() -> None:
    old = graph("start > A > end")
    new = graph("start > A > end", A={"loop": several(cardinality="3")})
    assert "重复" in stands(old, new, "A")[0]


def begun(work: Work, text: str, count: int = 3, **nodes: Any) -> tuple[int, Graph]:
    first = graph(text, **nodes)
    number = published(work, first)
    new = [process.New(f"n{n}", "990100", "D1", data={"q": n, "x": 1}) for n in range(count)]
    assert process.start_many(work, process="p", new=new) == []
    return number, first


def moved(work: Work, source: int, old: Graph, text: str, **nodes: Any) -> int:
    """Publish a further version and move everything to it."""
    new = graph(text, **nodes)
    number = process.migrate(
        work, source=source, target=published(work, new), nodes=mapping(old, new), reason="新规定"
    )
    carry_on(work)
    return number


def carry_on(work: Work) -> None:
    while taken := jobs.take(work):
        jobs.perform(work, taken)


def open_(work: Work) -> list[str]:
    return list(
        work.value(
            "select coalesce(array_agg(node order by node, id), '{}') from process.token"
            " where state = 'work'"
        )
    )


def items(work: Work) -> list[process.ItemKey]:
    keys = work.value(
        "select jsonb_agg(jsonb_build_array(region, month, instance, id)"
        " order by instance, id) from process.token where state = 'work'"
    )
    return [process.ItemKey(process.Key(*key[:3]), key[3]) for key in keys]


def line(work: Work, number: int) -> process.MigrationLine:
    found = process.migration(work, migration=number)
    assert found is not None
    return found


def test_instances_go_on_in_the_new_version(work: Work) -> None:
    source, old = begun(work, "start > A > B > end")
    number = moved(work, source, old, "start > A > N > B > end")
    told = line(work, number)
    assert (told.state, told.total, told.moved, told.refused) == ("moved", 3, 3, 0)
    assert process.complete_many(work, items=items(work)) == []
    assert open_(work) == ["N"] * 3
    acts = work.value("select array_agg(distinct act) from process.history")
    assert sorted(acts) == ["complete", "migrate", "start"]


def test_what_stands_in_the_way_is_listed_for_each_instance(work: Work) -> None:
    source, old = begun(work, "start > A > B > end")
    process.complete(work, item=items(work)[0])
    new = graph("start > B > end")
    target = published(work, new)
    nodes = mapping(old, new)
    tried = process.dry_run(work, source=source, target=target, nodes=nodes)
    assert (tried.checked, [one.instance.number for one in tried.troubled]) == (3, ["n1", "n2"])
    number = process.migrate(work, source=source, target=target, nodes=nodes, reason="合并环节")
    carry_on(work)
    told = process.migration_problems(work, migration=number)
    assert [(name, "没有对应" in str(why)) for _, name, why in told] == [("n1", True), ("n2", True)]
    assert work.value(
        "select count(*) from process.instance where definition = %(d)s", d=source
    ) == 2  # fmt: skip


def test_a_timer_keeps_its_time_and_a_new_one_begins(work: Work) -> None:
    kept: dict[str, Any] = {"attached": "A", "events": timer("PT1H"), "cancels": False}
    source, old = begun(work, "start > A > end; on1 > R > end2", 1, on1=kept)
    due = work.value("select due_at from process.alarm")
    work.now += timedelta(minutes=20)
    other: dict[str, Any] = {"attached": "A", "events": timer("PT2H")}
    longer = kept | {"events": timer("P3D")}
    moved(
        work, source, old, "start > A > end; on1 > R > end2; on2 > S > end3", on1=longer, on2=other
    )
    assert work.value("select array_agg(due_at order by node) from process.alarm") == [
        due,
        work.now + timedelta(hours=2),
    ]
    work.now += timedelta(hours=2)
    while process.ring_due(work):
        pass
    assert open_(work) == ["R", "S"]


def test_a_reminder_that_has_rung_does_not_ring_again(work: Work) -> None:
    reminder: dict[str, Any] = {"attached": "A", "events": timer("PT1H"), "cancels": False}
    source, old = begun(work, "start > A > end; on1 > R > end2", 1, on1=reminder)
    work.now += timedelta(hours=2)
    assert process.ring_due(work) == 1
    moved(work, source, old, "start > A > B > end; on1 > R > end2", on1=reminder)
    assert work.value("select count(*) from process.alarm") == 0
    assert open_(work) == ["A", "R"]


def test_a_message_is_heard_by_its_new_name(work: Work) -> None:
    text = "start > catch1 > A > end"
    source, old = begun(work, text, 1, catch1={"events": message("paid", "q")})
    moved(work, source, old, text, catch1={"events": message("settled", "q")})
    with pytest.raises(process.NobodyListens):
        process.message(work, name="paid", key="0")
    assert process.message(work, name="settled", key="0").nodes == ("A",)


def test_a_step_that_belongs_to_others_now_is_theirs(work: Work, given: Given) -> None:
    given.officer(role="reviewer", region="")
    source, old = begun(work, "start > A > end", 1)
    moved(work, source, old, "start > A > end", A={"attributes": Attributes(role="reviewer")})
    officer = Actor("o-li", "li", grants=(Grant(frozenset({"process.work"}), "D1"),))
    with work.acting_as(officer), pytest.raises(Forbidden):
        process.complete(work, item=items(work)[0])


def test_a_join_of_which_nothing_is_missing_any_more_goes_on(work: Work) -> None:
    text = "start > and1 > A > and2 > C > end; and1 > B > and2; and1 > E > and2"
    source, old = begun(work, text, 1)
    for item in items(work)[:2]:
        process.complete(work, item=item)
    new = graph("start > and1 > A > and2 > C > end; and1 > B > and2; and1 > E > F > end2")
    nodes = mapping(old, new)
    process.migrate(work, source=source, target=published(work, new), nodes=nodes, reason="调整")
    carry_on(work)
    assert open_(work) == ["C", "E"]


def test_who_moved_on_does_not_go_back_and_all_others_do(work: Work) -> None:
    kept: dict[str, Any] = {"attached": "A", "events": timer("PT1H"), "cancels": False}
    source, old = begun(work, "start > A > B > end; on1 > R > end2", on1=kept)
    before = work.value("select jsonb_agg(to_jsonb(t) order by id) from process.token t")
    alarms = work.value("select jsonb_agg(to_jsonb(t) order by token) from process.alarm t")
    number = moved(work, source, old, "start > A > N > end")
    process.complete(work, item=items(work)[0])
    with pytest.raises(Invalid):
        process.revert(work, migration=number, reason=" ")
    process.revert(work, migration=number, reason="规定未生效")
    carry_on(work)
    told = line(work, number)
    assert (told.state, told.reverted) == ("reverted", 2)
    [(_, name, why)] = process.migration_problems(work, migration=number)
    assert (name, "不能回退" in str(why)) == ("n0", True)
    now = work.value(
        "select jsonb_agg(to_jsonb(t) order by id) from process.token t where definition = %(d)s",
        d=source,
    )
    assert now == before[1:]
    again = work.value("select jsonb_agg(to_jsonb(t) order by token) from process.alarm t")
    assert again == alarms[1:]
    assert open_(work) == ["A", "A", "N"]
    with pytest.raises(process.MigrationUnderWay):
        process.revert(work, migration=number, reason="再试")


def test_only_who_may_migrates_and_only_between_versions(work: Work) -> None:
    source, _ = begun(work, "start > A > end", 1)
    target = published(work, graph("start > A > B > end"))
    other = published(work, graph("start > A > end", "q"))
    officer = Actor("o-li", "li", grants=(Grant(frozenset({"process.work"}), "D1"),))
    with work.acting_as(officer), pytest.raises(Forbidden):
        process.migrate(work, source=source, target=target, nodes={}, reason="x")
    with pytest.raises(process.NotTheSameProcess):
        process.propose_migration(work, source=source, target=other)
    with pytest.raises(process.BadMapping, match="不是同一种"):
        process.migrate(work, source=source, target=target, nodes={"A": "end"}, reason="x")
    assert {one.to for one in process.propose_migration(work, source=source, target=target)} == {
        "start", "A", "end",
    }  # fmt: skip


def test_nobody_carries_out_what_they_proposed(work: Work) -> None:
    source, old = begun(work, "start > A > B > end")
    new = graph("start > A > N > B > end")
    target, nodes = published(work, new), mapping(old, new)
    wang, li = (
        Actor(name, name, grants=(Grant(frozenset({"process.migrate"}), "D1"),))
        for name in ("wang", "li")
    )
    with work.acting_as(wang), pytest.raises(process.OwnMigration):
        process.migrate(work, source=source, target=target, nodes=nodes, reason="新规定")
    with work.acting_as(wang):
        number = process.plan_migration(
            work, source=source, target=target, nodes=nodes, reason="新规定"
        )
        with pytest.raises(process.MigrationUnderWay):
            process.carry_out_migration(work, migration=number)
    carry_on(work)
    tried = line(work, number)
    assert (tried.state, tried.moved, tried.refused) == ("tried", 3, 0)
    assert process.running_of(work, definitions=[source]) == {source: 3}
    with work.acting_as(wang), pytest.raises(process.OwnMigration):
        process.carry_out_migration(work, migration=number)
    with work.acting_as(li):
        process.carry_out_migration(work, migration=number)
    carry_on(work)
    assert (line(work, number).state, line(work, number).carried_name) == ("moved", "li")
    assert process.running_of(work, definitions=[source, target]) == {target: 3}


def test_what_a_dry_run_found_is_looked_at_again(work: Work) -> None:
    """What stood in the way may be done by then; and a dry run counts why, case by case."""
    source, old = begun(work, "start > A > B > end")
    new = graph("start > B > end")
    nodes = mapping(old, new)
    number = process.plan_migration(
        work, source=source, target=published(work, new), nodes=nodes, reason="合并环节"
    )
    carry_on(work)
    [obstacle] = process.migration_obstacles(work, migration=number)
    assert (obstacle.count, "没有对应" in str(obstacle.problem)) == (3, True)
    process.complete(work, item=items(work)[0])
    process.carry_out_migration(work, migration=number)
    carry_on(work)
    told = line(work, number)
    assert (told.moved, told.refused) == (1, 2)
    assert [name for _, name, _ in process.migration_problems(work, migration=number)] == [
        "n1", "n2",
    ]  # fmt: skip


def test_a_due_date_in_working_days_stays_one_when_it_moves(work: Work) -> None:
    """What was counted by the calendar follows it in the new version, too."""
    border: dict[str, Any] = {"attached": "A", "events": timer("5", TimerKind.WORKDAYS)}
    source, old = begun(work, "start > A > end; on1 > R > end2", 1, on1=border)
    counted = "select jsonb_agg(jsonb_build_array(workdays, counted_from, due_at)) from process."
    before = work.value(counted + "alarm")
    work.now += timedelta(days=1)
    moved(work, source, old, "start > A > B > end; on1 > R > end2", on1=border)
    assert work.value(counted + "alarm") == before
    assert before[0][0] == 5


def test_a_step_and_a_migration_at_the_same_time(own_database: str) -> None:
    """Whichever comes first, every case stands in the new version where it ought to."""
    with as_application(own_database) as connection:
        work = Work(connection, actor=SYSTEM, now=MONDAY)
        source, old = begun(work, "start > A > B > end", 60)
        new = graph("start > A > N > B > end")
        target, pending = published(work, new), items(work)
        number = process.migrate(
            work, source=source, target=target, nodes=mapping(old, new), reason="新规定"
        )
    meet = Barrier(2)

    def step() -> int:
        done = 0
        with as_application(own_database) as connection:
            meet.wait(30)
            for item in pending:
                process.complete(Work(connection, actor=SYSTEM, now=MONDAY), item=item)
                connection.commit()
                done += 1
        return done

    def move() -> int:
        with as_application(own_database) as connection:
            meet.wait(30)
            work = Work(connection, actor=SYSTEM, now=MONDAY)
            try:
                assert not process.go_on_migrating(work, migration=number)
            except Refusal as refusal:
                return len(str(refusal))
        return 0

    with ThreadPoolExecutor(2) as people:
        steps, failed = people.submit(step), people.submit(move)
        assert (steps.result(), failed.result()) == (60, 0)
    with as_application(own_database) as connection:
        work = Work(connection, actor=SYSTEM, now=MONDAY)
        assert line(work, number).moved == 60
        assert set(open_(work)) <= {"N", "B"}
        assert len(open_(work)) == 60
        assert (
            work.value("select count(*) from process.token where definition <> %(d)s", d=target)
            == 0
        )


ROLES = {"handler": "承办人", "reviewer": "审核人"}


def lacks(old: Graph, new: Graph, node: str, **means: Any) -> list[str]:
    """What a case of department D1 in 990100 at one node would lack in the new version."""
    tokens = (Token(1, node, Place(1), State.WORK),)
    plan = Plan(1, 2, old, new, mapping(old, new))
    there = Means(**{"acts": {}, "roles": ROLES} | means)
    found = shortcomings(plan, Standing(tokens), there, department="D1", region="990100")
    return [str(one) for one in found]


def does(**attributes: Any) -> dict[str, Any]:
    return {"attributes": Attributes(**attributes)}


def test_a_step_does_not_become_one_of_another_act() -> None:
    old = graph("start > A > end", A=does(act="handle"))
    new = graph("start > A > B > end", A=does(act="review"), B=does(act="handle"))
    [pair] = [one for one in propose(old, new) if one.node == "A"]
    assert (pair.to, pair.choices) == ("", (("B", "B"),))
    [problem] = mapping_problems(old, new, {"A": "A"})
    assert problem.said() == "“A”是办件的“handle”行为，新版本的“A”是“review”行为"
    assert "review" in problem.said("en")
    assert mapping_problems(old, new, {"A": "B"}) == ()


def test_a_case_is_not_moved_to_where_an_act_it_still_needs_is_missing() -> None:
    acts = {"accept": "受理", "decide": "批准"}
    old = graph("start > A > B > C > end", A=does(act="accept"), B=does(act="decide"))
    new = graph("start > A > C > end", A=does(act="accept"))
    assert lacks(old, new, "A", acts=acts) == [
        "办件还需要“批准”（decide）环节，新版本从这里往后没有"
    ]
    assert lacks(old, new, "C", acts=acts) == []
    assert lacks(old, new, "A") == []


def test_acts_in_sub_processes_are_still_to_come() -> None:
    old = graph("start > A > B > end", B=does(act="decide"))
    inner = content("start1 > D > end1", D=does(act="decide"))
    new = graph("start > A > sub1 > end", sub1={"inner": inner})
    assert lacks(old, new, "A", acts={"decide": "批准"}) == []


def test_a_step_of_a_role_that_nobody_there_has_is_said() -> None:
    old = graph("start > A > end")
    new = graph("start > A > B > end", B={"name": "复核"} | does(role="reviewer"))
    told = "新版本的“复核”由“审核人”办理，办理单位没有人担任这个岗位"
    for held in (
        [], [Held("handler", "D1", "")], [Held("reviewer", "D2", "")],
        [Held("reviewer", "", "110000")],
    ):  # fmt: skip
        assert lacks(old, new, "A", held=frozenset(held)) == [told]
    for one in (
        Held("reviewer", "D1", ""),
        Held("reviewer", "", "990000"),
        Held("reviewer", "", ""),
    ):
        assert lacks(old, new, "A", held=frozenset({one})) == []
    assert lacks(graph("start > A > X > end", X=does(role="reviewer")), new, "A") == []
    assert lacks(old, graph("start > A > B > end", B=does(role="nobody")), "A") == [
        "新版本的“B”由岗位“nobody”办理，没有这个岗位"
    ]


def test_services_and_rules_that_do_not_exist_are_said() -> None:
    old = graph("start > A > end")
    new = graph(
        "start > A > do1 > rule1 > end",
        do1=does(service="pay.out"),
        rule1=does(decision="AL-9", result="x"),
    )
    found = lacks(old, new, "A")
    assert ["pay.out" in found[0], "AL-9" in found[1], len(found)] == [True, True, 2]
    there = {"operations": frozenset({"pay.out"}), "decisions": frozenset({"AL-9"})}
    assert lacks(old, new, "A", **there) == []


def test_a_case_stays_until_somebody_has_the_role(work: Work, given: Given) -> None:
    source, old = begun(work, "start > A > end", 1)
    new = graph("start > A > B > end", B=does(role="reviewer"))
    target, nodes = published(work, new), mapping(old, new)
    [found] = process.dry_run(work, source=source, target=target, nodes=nodes).troubled
    assert "没有人担任" in str(found.problems[0])
    number = process.plan_migration(
        work, source=source, target=target, nodes=nodes, reason="加审核"
    )
    carry_on(work)
    assert (line(work, number).moved, line(work, number).refused) == (0, 1)
    [obstacle] = process.migration_obstacles(work, migration=number)
    assert "Reviewer" in obstacle.problem.said("en")
    given.officer(role="reviewer", region="")
    process.carry_out_migration(work, migration=number)
    carry_on(work)
    assert (line(work, number).moved, line(work, number).refused) == (1, 0)
