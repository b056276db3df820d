"""What the check before publishing finds, and what it must not claim."""

import pytest
from drawn import content, process
from hypothesis import given, settings
from hypothesis import strategies as st

from tongban.process import (
    Attributes,
    Definition,
    NodeKind,
    Severity,
    Special,
    SpecialProcedure,
    StepLimit,
    examine,
)
from tongban.process.model.checking import FindingKind, Report, check
from tongban.process.model.checking.explore import Explored, explore
from tongban.process.model.checking.net import net_of, reduce
from tongban.process.model.checking.rules import reached
from tongban.process.model.definition import Node

K = FindingKind


def checked(*paths: str, **more: object) -> Report:
    return check(Definition((process(*paths, **more),)))


def kinds(report: Report, least: Severity = Severity.ERROR) -> set[FindingKind]:
    return {one.kind for one in report.findings if one.severity >= least}


SOUND = [
    ("start > a > end",),
    ("start > and > a > and_join > end", "and > b > and_join"),
    ("start > xor > a > xor_join > end", "xor > b > xor_join"),
    ("start > or > a > or_join > end", "or > b > or_join"),
    ("start > xor_in > a > xor > end", "xor > correct > xor_in"),
    ("start > and > a > and_2 > b > and_join > end", "and_2 > c > and_join", "and > d > and_join"),
    ("start > race > wait_a > xor_join > end", "race > wait_b > xor_join"),
    ("start > and > a > end", "and > b > end"),
    ("start > or_in > a > or > end", "or > b > or_in"),
    # A bridge between two branches, which no block structure has.
    ("start > and > a > and_1 > b > and_3 > end", "and > c > and_2 > d > and_3", "and_1 > and_2"),
]


@pytest.mark.parametrize("paths", SOUND)
def test_sound_processes_are_called_sound(paths: tuple[str, ...]) -> None:
    report = checked(*paths)
    assert report.sound is True, report.told()


UNSOUND = [
    (("start > xor > a > and_join > end", "xor > b > and_join"), K.DEADLOCK),
    (("start > or > a > and_join > end", "or > b > and_join"), K.DEADLOCK),
    (("start > and > a > xor_join > c > end", "and > b > xor_join"), K.NO_SYNCHRONISATION),
    (("start > or > a > xor_join > c > end", "or > b > xor_join"), K.NO_SYNCHRONISATION),
    (("start > xor_in > a > xor > b > xor_in", "xor > c > xor_in"), K.ENDLESS),
    (("start > a > b > a",), K.ENDLESS),
    (("start > a > end", "island > end"), K.UNREACHABLE),
    (("start > and_join > a > xor > end", "xor > and_join"), K.DEADLOCK),
    (("start > and > a > c > end", "and > b > c"), K.NO_SYNCHRONISATION),
]


@pytest.mark.parametrize(("paths", "kind"), UNSOUND)
def test_what_is_unsound_is_found_and_named(paths: tuple[str, ...], kind: FindingKind) -> None:
    report = checked(*paths)
    assert report.sound is False
    assert kind in kinds(report), report.told()
    for finding in report.findings:
        assert finding.said()
        assert finding.said("en").isascii() or "“" in finding.said("en")


def test_a_join_that_waits_in_vain_is_told_with_its_branches() -> None:
    (finding,) = checked("start > xor > a > and_join > end", "xor > b > and_join").of(K.DEADLOCK)
    assert finding.nodes[0] == "and_join"
    assert "and_join" in finding.said()
    assert "a" in finding.details["held"] + finding.details["missing"]


def test_tokens_left_behind_a_join_are_found() -> None:
    report = checked(
        "start > and > a > xor_m > and_join > end",
        "and > b > and_join",
        "and > c > xor_m",
    )
    assert kinds(report) & {K.LEFT_BEHIND, K.NO_SYNCHRONISATION}


def test_a_hundred_parallel_departments_are_proven_at_once() -> None:
    paths = [f"and > dept{n} > and_join" for n in range(100)]
    report = checked("start > and", *paths, "and_join > xor > end", "xor > end_2")
    assert report.sound is True


def test_beyond_the_bounds_nothing_is_claimed() -> None:
    """A net without block structure, whose states are more than are looked at."""
    paths = [f"and > a{n} > and_{n} > b{n} > and_z > end" for n in range(8)]
    paths += [f"and_{n} > c{n} > and_{(n + 1) % 8}x > d{n} > and_z" for n in range(8)]
    paths += [f"and_{n} > e{n} > and_{(n + 3) % 8}x" for n in range(8)]
    drawn = Definition((process("start > and", *paths),))
    report = check(drawn, max_states=50)
    assert report.sound is None
    assert report.verdict == "未能证明"
    assert K.NOT_PROVEN in kinds(report, Severity.WARNING)


def test_boundary_events_are_ways_out() -> None:
    late = Node("late", NodeKind.BOUNDARY, attached="a", name="超时")
    report = checked(
        "start > and > a > and_join > end", "and > b > and_join", "late > x > end", nodes=[late]
    )
    # Whoever leaves by the boundary event never comes to the join.
    assert K.DEADLOCK in kinds(report)
    reminder = Node("late", NodeKind.BOUNDARY, attached="a", cancels=False)
    report = checked("start > a > b > end", "late > x > end_2", nodes=[reminder])
    assert kinds(report) <= {K.SYNTAX}
    assert not report.of(K.DEADLOCK, K.NO_SYNCHRONISATION)


def test_what_is_wrong_inside_a_sub_process_is_found() -> None:
    inner = content("start_1 > xor > a > and_join > end_1", "xor > b > and_join")
    report = checked("start > sub > end", nodes=[Node("sub", NodeKind.SUB_PROCESS, inner=inner)])
    assert K.DEADLOCK in kinds(report)


def test_a_choice_without_default_is_told() -> None:
    report = checked(
        "start > xor > a > end", "xor > b > end", conditions={"xor-a": "x", "xor-b": "y"}
    )
    (finding,) = report.of(K.NO_DEFAULT)
    assert finding.severity is Severity.WARNING
    assert report.sound is True


def step(name: str, **attributes: object) -> Node:
    return Node(name, NodeKind.USER, name, attributes=Attributes(**attributes))


def test_roles_that_nobody_has_are_told() -> None:
    drawn = Definition((process("start > a > end", nodes=[step("a", role="wizard")]),))
    assert K.ROLE not in kinds(check(drawn, known_roles={"wizard"}))
    (finding,) = check(drawn, known_roles={"clerk"}).of(K.ROLE)
    assert "wizard" in finding.said()


def test_limits_of_the_longest_way_are_held_against_the_promise() -> None:
    nodes = [
        step("a", limit=StepLimit(3)),
        step("b", limit=StepLimit(10)),
        step("c", limit=StepLimit(5)),
        step("d", limit=StepLimit(9, promised=False)),
    ]
    drawn = process(
        "start > xor_in > a > and > b > and_join > xor > d > end",
        "and > c > and_join",
        "xor > xor_in",
        nodes=nodes,
    )
    assert K.LIMIT not in kinds(check(Definition((drawn,)), promised=13))
    (finding,) = check(Definition((drawn,)), promised=12).of(K.LIMIT)
    assert finding.nodes == ("a", "b")
    assert "13" in finding.said()


def test_special_procedures_need_a_basis() -> None:
    bare = step("a", role="r", special=SpecialProcedure(Special.HEARING))
    assert K.SPECIAL in kinds(checked("start > a > end", nodes=[bare]))
    based = step("a", role="r", special=SpecialProcedure(Special.HEARING, "行政许可法第四十七条"))
    assert checked("start > a > end", nodes=[based]).sound is True


places = st.sampled_from(["xor_1", "xor_2", "and_1", "and_2", "or_1", "a", "b", "end"])


@settings(deadline=None, max_examples=400)
@given(st.lists(st.tuples(places, places), min_size=2, max_size=10))
def test_making_a_net_smaller_never_changes_the_verdict(edges: list[tuple[str, str]]) -> None:
    # A task on every way: two tokens do harm only where something is done twice.
    ways = [f"{a} > t{n} > {b}" for n, (a, b) in enumerate(edges) if a not in ("end", b)]
    graph = examine(process(f"start > t > {edges[0][0]}", *ways)).graph

    def unsound(found: Explored) -> bool | None:
        return bool(found.doubled or found.stuck or found.endless) if found.complete else None

    whole = unsound(explore(net_of(graph, 0, reached(graph, 0)), limit=3000))
    small = unsound(explore(reduce(net_of(graph, 0, reached(graph, 0)))))
    if whole is not None:
        assert small == whole
