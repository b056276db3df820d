"""Cases run through a process by assumptions."""

from dataclasses import replace

import pytest
from drawn import content, process
from hypothesis import given, settings
from hypothesis import strategies as st

from tongban.process import (
    Assumptions,
    Attributes,
    Duration,
    EventKind,
    Faulty,
    Formula,
    NodeKind,
    Outcome,
    Process,
    Special,
    SpecialProcedure,
    TimerKind,
    examine,
    picture,
    read_assumptions,
    simulate,
    simulation_rows,
)
from tongban.process.model.definition import Content, Event, MultiInstance, Node, Timer

FEW = Assumptions(cases=300, arrivals_per_day=10, usual=Duration(60, "fixed"))


def run(drawn: Process, assumptions: Assumptions = FEW, promised: int = 0) -> Outcome:
    return simulate(examine(drawn).graph, assumptions, promised=promised)


def step(name: str, role: str) -> Node:
    return Node(name, NodeKind.USER, name, attributes=Attributes(role=role))


def test_the_same_seed_gives_the_same_and_another_one_another() -> None:
    drawn = process("start > a > xor > b > end", "xor > a")
    assumptions = replace(FEW, usual=Duration(60), shares={"xor-a": 0.3})
    assert run(drawn, assumptions) == run(drawn, assumptions)
    assert run(drawn, assumptions).times != run(drawn, replace(assumptions, seed=2)).times


def test_with_officers_enough_a_case_takes_what_its_steps_take() -> None:
    drawn = process("start > a > b > end")
    outcome = run(drawn, replace(FEW, others=1000))
    assert outcome.finished == 300
    assert outcome.times[0] == pytest.approx(120 / 480)
    assert outcome.percentile(0.9) == pytest.approx(120 / 480)
    assert outcome.bottleneck is None


def test_parallel_branches_take_as_long_as_the_longest() -> None:
    drawn = process("start > and > a > and_j > end", "and > b > and_j")
    long = {"b": Duration(240, "fixed")}
    outcome = run(drawn, replace(FEW, others=1000, durations=long))
    assert outcome.percentile(0.5) == pytest.approx(0.5)
    assert outcome.stuck == 0


def test_who_has_too_few_officers_is_the_bottleneck() -> None:
    drawn = process("start > a > b > end", nodes=[step("a", "clerk"), step("b", "approver")])
    assumptions = replace(FEW, officers={"clerk": 5, "approver": 1})
    outcome = run(drawn, assumptions, promised=1)
    assert outcome.bottleneck is not None
    assert outcome.bottleneck.role == "approver"
    assert outcome.kept is not None
    assert outcome.kept < 0.5
    better = run(drawn, replace(assumptions, officers={"clerk": 5, "approver": 3}), promised=1)
    assert better.kept is not None
    assert better.kept > outcome.kept
    rows = dict(simulation_rows([outcome, better]))
    assert rows["瓶颈岗位"][0] == "approver"
    svg = picture([outcome, better], ["现在", "<新>"])
    assert svg.count("sim-curve") == 2
    assert "&lt;新&gt;" in svg


def test_timers_loops_and_many_instances_take_their_time() -> None:
    wait = Event(EventKind.TIMER, timer=Timer(TimerKind.WORKDAYS, Formula("5")))
    days = Event(EventKind.TIMER, timer=Timer(TimerKind.DURATION, Formula("P7D")))
    drawn = process(
        "start > publish > rest > each > end",
        nodes=[
            Node("publish", NodeKind.CATCH, events=(wait,)),
            Node("rest", NodeKind.CATCH, events=(days,)),
            Node(
                "each",
                NodeKind.SUB_PROCESS,
                inner=content("start_1 > visit > end_1"),
                loop=MultiInstance(collection=Formula("units")),
            ),
        ],
    )
    outcome = run(drawn, replace(FEW, others=1000, instances={"each": 3}))
    # Five working days, a week of calendar days that holds five, an hour.
    assert outcome.times[0] == pytest.approx(10 + 60 / 480)
    assert outcome.stuck == 0
    assert next(one for one in outcome.steps if one.node == "visit").count == 900


def caught(inner: Content) -> Process:
    """A sub-process whose error is caught at its border and repaired."""
    border = (Event(EventKind.ERROR),)
    return process(
        "start > sub > end",
        "caught > repair > end_2",
        nodes=[
            Node("sub", NodeKind.SUB_PROCESS, inner=inner),
            Node("caught", NodeKind.BOUNDARY, attached="sub", events=border),
        ],
    )


def test_an_error_leaves_its_sub_process_and_frees_its_officers() -> None:
    inner = content(
        "start_1 > and > work > end_1",
        "and > fail > bad",
        nodes=[Node("bad", NodeKind.END, events=(Event(EventKind.ERROR, code="x"),))],
    )
    drawn = caught(inner)
    outcome = run(drawn, replace(FEW, durations={"work": Duration(600, "fixed")}, others=3))
    assert outcome.finished == 300
    assert next(one for one in outcome.steps if one.node == "repair").count == 300


def halting() -> Process:
    """Who takes the way to the join waits there for ever, because nothing comes by the other."""
    return process(
        "start > accept > xor > decide > end",
        "xor > and > end_2",
        "free > and",
        nodes=[act("accept"), act("decide"), act("free"), Node("and", NodeKind.PARALLEL)],
    )


def lost(share: float) -> Outcome:
    shares = {"xor-and": share, "xor-decide": 1 - share}
    return run(halting(), replace(FEW, others=1000, shares=shares), promised=100)


def test_cases_that_never_end_count_as_longer_than_all_others() -> None:
    """Else a version that loses every tenth case would look as quick as one that loses none."""
    few, many, most = lost(0.05), lost(0.3), lost(0.7)
    assert 0 < few.stuck < 30
    assert few.percentile(0.5) == pytest.approx(120 / 480)
    assert few.percentile(0.9) is not None
    assert few.percentile(0.97) is None
    assert many.stuck > 30
    assert many.percentile(0.5) == pytest.approx(120 / 480)
    assert many.percentile(0.9) is None
    assert most.percentile(0.5) is None
    told = dict(simulation_rows([few, many], language="en"))
    assert told["Never ended"] == tuple(
        f"{one.stuck} of 300 ({one.stuck / 300:.1%})" for one in (few, many)
    )
    assert told["Nine in ten end within (p90)"] == (
        "0.2 working days",
        f"cannot be told: {many.stuck} of 300 never ended",
    )


def test_a_percentile_is_given_as_long_as_so_many_cases_end() -> None:
    outcome = run(process("start > a > end"), replace(FEW, cases=10, others=1000))
    nine = replace(outcome, times=tuple(range(1, 10)), stuck=1, finished=9)
    assert (nine.percentile(0.5), nine.percentile(0.9), nine.percentile(0.91)) == (5, 9, None)
    assert replace(nine, times=()).percentile(0.01) is None


def test_a_case_that_is_stuck_after_acceptance_breaks_its_promise() -> None:
    some, all_ = lost(0.3), lost(1)
    assert some.kept == pytest.approx(some.finished / 300)
    assert (all_.finished, all_.kept) == (0, 0)
    assert "sim-curve" in picture([all_], ["x"])


def test_a_case_that_goes_round_and_round_never_ends() -> None:
    drawn = process("start > a > xor > a", "xor > end")
    outcome = run(drawn, replace(FEW, cases=3, others=9, shares={"xor-a": 1.0, "xor-end": 0.0}))
    assert (outcome.stuck, outcome.percentile(0.5)) == (3, None)


places = st.sampled_from(["xor_1", "and_1", "and_2", "or_1", "a", "b", "end"])


@settings(deadline=None, max_examples=80)
@given(st.lists(st.tuples(places, places), min_size=1, max_size=10))
def test_every_case_ends_or_is_counted_as_stuck(edges: list[tuple[str, str]]) -> None:
    ways = [f"{a} > {b}" for a, b in edges if a != "end" and a != b]
    drawn = process(f"start > {edges[0][0]}", *ways)
    outcome = run(drawn, replace(FEW, cases=5))
    assert outcome.finished + outcome.stuck == outcome.started == 5


def test_assumptions_are_read_and_refused_in_words() -> None:
    good = b'{"cases": 10, "officers": {"clerk": 2}, "durations": {"a": {"minutes": 5}}}'
    assert read_assumptions(good).officers == {"clerk": 2}
    for bad, told in (
        (b"{", "格式不对"),
        (b'{"cases": "many"}', "格式不对"),
        (b'{"cases": 0}', "cases"),
        (b'{"officers": {"clerk": 0}}', "officers"),
        (b'{"durations": {"a": {"spread": "magic"}}}', "durations"),
    ):
        with pytest.raises(Faulty, match=told):
            read_assumptions(bad)


def test_calendar_days_skip_what_is_no_working_day() -> None:
    assumptions = Assumptions(workdays=(0, 1, 2, 6, 7))
    day = assumptions.minutes_per_day
    assert assumptions.after_days(0, 1) == day
    assert assumptions.after_days(2 * day, 1) == 3 * day
    assert assumptions.after_days(0, 8) == 5 * day


def special(name: str, kind: Special, act: str = "") -> Node:
    attributes = Attributes(role="expert", special=SpecialProcedure(kind, "第四十五条"), act=act)
    return Node(name, NodeKind.USER, name, attributes=attributes)


def act(name: str) -> Node:
    return Node(name, NodeKind.USER, name, attributes=Attributes(role="clerk", act=name))


def test_special_procedures_side_by_side_stop_the_clock_once() -> None:
    drawn = process(
        "start > and > hearing > and_j > slow > end",
        "and > review > and_j",
        nodes=[special("hearing", Special.HEARING), special("review", Special.EXPERT_REVIEW)],
    )
    # Two days of special procedures in parallel, then a day and a half of work for a promise of 1.
    lengths = {
        "hearing": Duration(960, "fixed"),
        "review": Duration(960, "fixed"),
        "slow": Duration(720, "fixed"),
    }
    late = run(drawn, replace(FEW, others=1000, durations=lengths), promised=1)
    assert late.kept == 0
    assert late.percentile(0.5) == pytest.approx(3.5)
    quick = replace(FEW, others=1000, durations=lengths | {"slow": Duration(240, "fixed")})
    assert run(drawn, quick, promised=1).kept == 1


def test_waiting_in_parallel_branches_is_not_added_up() -> None:
    drawn = process(
        "start > and > a > and_j > end",
        "and > b > and_j",
        "and > c > and_j",
    )
    lengths = dict.fromkeys("abc", Duration(400, "fixed"))
    assert run(drawn, replace(FEW, others=1000, durations=lengths), promised=1).kept == 1


def test_the_promise_runs_from_acceptance_to_decision() -> None:
    drawn = process(
        "start > accept > xor > decide > deliver > end",
        "xor > end_2",
        nodes=[act("accept"), act("decide"), act("deliver")],
    )
    lengths = {
        "accept": Duration(2400, "fixed"),
        "decide": Duration(240, "fixed"),
        "deliver": Duration(4800, "fixed"),
    }
    assumptions = replace(FEW, others=1000, durations=lengths, shares={"xor-decide": 0.5})
    assert run(drawn, assumptions, promised=1).kept == 1
    slow = replace(assumptions, durations=lengths | {"decide": Duration(500, "fixed")})
    # Cases that were not accepted have no promise, so they do not count as kept either.
    assert run(drawn, slow, promised=1).kept == 0


def test_an_error_ends_the_special_procedure_beside_it() -> None:
    inner = content(
        "start_1 > and > hearing > end_1",
        "and > fail > bad",
        nodes=[
            special("hearing", Special.HEARING),
            Node("bad", NodeKind.END, events=(Event(EventKind.ERROR, code="x"),)),
        ],
    )
    drawn = caught(inner)
    lengths = {
        "hearing": Duration(9600, "fixed"),
        "fail": Duration(60, "fixed"),
        "repair": Duration(600, "fixed"),
    }
    assert run(drawn, replace(FEW, others=5000, durations=lengths), promised=1).kept == 0
