"""The same over rows: what is kept, who may, and what happens when two act at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import psycopg
import pytest

from conftest import MONDAY, as_application
from given_process import begun, content, graph, published, several, timer
from tongban import process
from tongban.foundation.actor import SYSTEM, Actor, Grant
from tongban.foundation.errors import Forbidden, Refusal
from tongban.foundation.work import Work
from tongban.process.model.attributes import Attributes

ROUNDS = 200


def officer(name: str, *, department: str = "D1", role: str = "") -> Actor:
    held = {"process.work", "process.start"} | ({f"role.{role}"} if role else set())
    return Actor(f"o-{name}", name, grants=(Grant(frozenset(held), department),))


@dataclass(frozen=True, slots=True)
class Line:
    act: str
    node: str
    path: str


def history(work: Work) -> list[Line]:
    return work.all(Line, "select act, node, path from process.history order by id")


def test_parallel_branches_join_once_and_the_instance_ends(work: Work) -> None:
    first = begun(work, "start > A > and1 > B > and2 > D > end; and1 > C > and2")
    [(item, _)] = first.items
    both = process.complete(work, item=item, data={"x": 1})
    assert both.nodes == ("B", "C")
    assert process.complete(work, item=both.items[0][0]).items == ()
    last = process.complete(work, item=both.items[1][0])
    assert last.nodes == ("D",)
    assert process.complete(work, item=last.items[0][0]).outcome == "completed"
    assert history(work) == [
        Line("start", "start", "start A"),
        Line("complete", "A", "and1 B C"),
        Line("complete", "B", ""),
        Line("complete", "C", ""),
        Line("join", "and2", "and2 D"),
        Line("complete", "D", "end"),
        Line("advance", "", ""),
    ]
    assert work.value("select count(*) from process.token") == 0
    assert work.value("select count(*) from process.gathering") == 0


def test_a_work_item_is_completed_once(work: Work) -> None:
    [(item, _)] = begun(work, "start > A > B > end").items
    process.complete(work, item=item)
    with pytest.raises(process.NoSuchItem):
        process.complete(work, item=item)


def test_only_the_department_of_a_step_may_do_it(work: Work) -> None:
    [(item, _)] = begun(work, "start > A > end").items
    with work.acting_as(officer("li", department="D2")), pytest.raises(Forbidden):
        process.complete(work, item=item)
    with work.acting_as(officer("wang")):
        assert process.complete(work, item=item).outcome == "completed"


def test_the_same_number_is_started_once(work: Work) -> None:
    begun(work, "start > A > end")
    with pytest.raises(process.AlreadyStarted):
        process.start(work, process="p", new=process.New("n1", "990100", "D1"))


def test_variables_are_read_when_a_condition_needs_them(work: Work) -> None:
    text = "start > A > B > xor1 >[x = 1 and q = 1]> C > end; xor1 >[]> D > end"
    [(item, _)] = begun(work, text).items
    [(item, _)] = process.complete(work, item=item, data={"x": 1}).items
    assert process.complete(work, item=item, data={"y": 2}).nodes == ("C",)


def test_sub_processes_and_repeated_steps_over_rows(work: Work) -> None:
    loop = several(collection="units", item="unit", results="said", result="opinion")
    inner = content("start1 > A > end1", A={"loop": loop})
    border = {"attached": "sub1", "events": timer("P3D")}
    published(
        work, graph("start > sub1 > B > end; on1 > C > end", sub1={"inner": inner}, on1=border)
    )
    new = process.New("n1", "990100", "D1", data={"units": ["x", "y"]})
    items = process.start(work, process="p", new=new).items
    for (item, _), opinion in zip(items, "ab", strict=True):
        following = process.complete(work, item=item, data={"opinion": opinion})
    assert following.nodes == ("B",)
    assert work.value("select count(*) from process.alarm") == 0
    said = "select data ->> 'said' from process.variable where data ? 'said'"
    assert work.value(said) == '["a", "b"]'


def test_many_at_once_say_what_was_refused(work: Work) -> None:
    text = "start > A > xor1 >[x = 1]> B > end; xor1 >[x = q]> C > end"
    published(work, graph(text))
    new = [process.New(f"n{n % 9}", "990100", "D1", data={"q": n}) for n in range(10)]
    refused = process.start_many(work, process="p", new=new)
    assert [one.what for one in refused] == ["n0"]
    keys = [
        process.ItemKey(process.Key("990100", row.month, row.instance), row.id)
        for row in work.all(Row, "select month, instance, id from process.token order by id")
    ]
    refused = process.complete_many(work, items=[*keys, keys[0]], data={"x": 3})
    assert len(refused) == 8
    assert {type(one.why).__name__ for one in refused} == {"NoWayOn"}
    assert work.value("select node from process.token where node <> 'A'") == "C"


@dataclass(frozen=True, slots=True)
class Row:
    month: int
    instance: int
    id: int


def prepared(database: str, text: str) -> list[process.Following]:
    with as_application(database) as connection:
        work = Work(connection, actor=SYSTEM, now=MONDAY)
        published(work, graph(text))
        return [
            process.start(work, process="p", new=process.New(f"n{n}", "990100", "D1"))
            for n in range(ROUNDS)
        ]


def race(
    database: str, one: list[process.ItemKey], other: list[process.ItemKey]
) -> list[list[str]]:
    """Two connections meet at each pair of items, one pair after another."""
    meet = Barrier(2)

    def run(items: list[process.ItemKey]) -> list[str]:
        outcomes = []
        with as_application(database) as connection:
            for item in items:
                work = Work(connection, actor=SYSTEM, now=MONDAY)
                meet.wait(30)
                try:
                    process.complete(work, item=item)
                    connection.commit()
                    outcomes.append("done")
                except Refusal as refusal:
                    connection.rollback()
                    outcomes.append(type(refusal).__name__)
        return outcomes

    with ThreadPoolExecutor(2) as people:
        return list(people.map(run, [one, other]))


def test_two_hundred_races_for_the_same_work_item(own_database: str) -> None:
    items = [one.items[0][0] for one in prepared(own_database, "start > A > B > end")]
    outcomes = race(own_database, items, items)
    assert all(sorted(pair) == ["NoSuchItem", "done"] for pair in zip(*outcomes, strict=True))
    with psycopg.connect(own_database) as connection:
        found = connection.execute("select node, count(*) from process.token group by 1").fetchall()
    assert found == [("B", ROUNDS)]


def test_two_hundred_races_for_the_same_join(own_database: str) -> None:
    begun = prepared(own_database, "start > and1 > A > and2 > C > end; and1 > B > and2")
    pairs = [[item for item, _ in one.items] for one in begun]
    outcomes = race(own_database, [a for a, _ in pairs], [b for _, b in pairs])
    assert outcomes == [["done"] * ROUNDS] * 2
    with psycopg.connect(own_database) as connection:
        found = connection.execute("select node, count(*) from process.token group by 1").fetchall()
        joins = connection.execute("select count(*) from process.history where act = 'join'")
        assert joins.fetchall() == [(ROUNDS,)]
    assert found == [("C", ROUNDS)]


def test_two_hundred_races_for_the_end(own_database: str) -> None:
    begun = prepared(own_database, "start > and1 > A > end; and1 > B > end2")
    pairs = [[item for item, _ in one.items] for one in begun]
    race(own_database, [a for a, _ in pairs], [b for _, b in pairs])
    with psycopg.connect(own_database) as connection:
        found = connection.execute(
            "select state, outcome, count(*) from process.instance group by 1, 2"
        ).fetchall()
    assert found == [("ended", "completed", ROUNDS)]


def test_parallel_departments_do_not_wait_for_each_other(own_database: str) -> None:
    """Both write the same variable, neither has committed, and nobody waits."""
    text = "start > and1 > A > C > and2 > E > end; and1 > B > D > and2"
    with as_application(own_database) as connection:
        work = Work(connection, actor=SYSTEM, now=MONDAY)
        published(work, graph(text))
        new = process.New("n1", "990100", "D1", data={"outcome": "none"})
        (one, _), (other, _) = process.start(work, process="p", new=new).items
    with as_application(own_database) as first, as_application(own_database) as second:
        second.execute("set lock_timeout = '1s'")
        for connection, item in ((first, one), (second, other)):
            work = Work(connection, actor=SYSTEM, now=MONDAY)
            process.complete(work, item=item, data={"outcome": str(item)})
        first.commit()
        second.commit()


def test_what_an_act_completes_stands_in_the_list_of_its_module_only(work: Work) -> None:
    by_act = {"attributes": Attributes(role="clerk", act="cases.accept")}
    own = {"attributes": Attributes(role="clerk")}
    begun(work, "start > and1 > A > and2 > end; and1 > B > and2", A=by_act, B=own)

    def listed() -> list[str]:
        with work.acting_as(officer("clerk", role="clerk")):
            assert process.waiting_count(work) == len(process.worklist(work).rows)
            return sorted(one.node for one in process.worklist(work).rows)

    assert listed() == ["B"]
    # An older version did not note it at its work items: the next start of this one does.
    work.run("update process.token set act = null")
    assert listed() == ["A", "B"]
    process.note_acts(work)
    assert listed() == ["B"]


def test_many_tokens_of_one_instance_are_each_found_by_their_number(work: Work) -> None:
    branches = "; ".join(f"and1 > B{n} > and2" for n in range(30))
    first = begun(work, f"start > and1 > A > and2 > end; {branches}")
    items = [item for item, _ in first.items]
    assert process.complete_many(work, items=items[:1] + items[5:6]) == []
    left = work.all(_Id, "select id from process.token order by id")
    assert [one.id for one in left] == [i.token for i in items if i not in (items[0], items[5])]


@dataclass(frozen=True, slots=True)
class _Id:
    id: int
