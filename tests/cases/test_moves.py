"""The state machine, checked as data and by walking it at random."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snapshot import assert_same
from tongban.cases.model import (
    DECIDED,
    ENDED,
    MOVES,
    STEPS,
    Act,
    Case,
    Desk,
    Stage,
    Step,
    WrongStage,
)
from tongban.cases.model.case import Channel

NOON = datetime(2024, 6, 3, 4, tzinfo=UTC)
NEW = Case(
    number="990100-2406-0000001-0",
    region="990100",
    department="d",
    department_name="市监局",
    item_code="i",
    item_version=1,
    item_name="食品经营许可",
    instant=False,
    holder="p-1",
    applicant="张*明",
    acting="p-1",
    channel=Channel.PORTAL,
    stage=Stage.SUBMITTED,
    revision=1,
    submitted_at=NOON,
    materials_complete_at=NOON,
)


def walk(case: Case, acts: list[Act]) -> list[tuple[Case, Act, Case]]:
    """Do whatever of the acts is allowed; return each step of the way."""
    way = []
    for act in acts:
        try:
            after = case.moved(act)
        except WrongStage:
            continue
        way.append((case, act, after))
        case = after
    return way


def test_every_stage_is_listed_and_can_be_reached() -> None:
    reached, frontier = {Stage.SUBMITTED}, [Stage.SUBMITTED]
    while frontier:
        for target in MOVES[frontier.pop()].values():
            if target not in reached:
                reached.add(target)
                frontier.append(target)
    assert reached == set(Stage) == set(MOVES)


def test_every_act_and_every_step_is_used_somewhere() -> None:
    assert {act for moves in MOVES.values() for act in moves} == set(Act)
    assert set(STEPS) == set(Step)


@given(st.lists(st.sampled_from(Act), max_size=30), st.booleans())
def test_a_case_that_has_ended_never_moves_again(acts: list[Act], instant: bool) -> None:
    for before, _, _ in walk(replace(NEW, instant=instant), acts):
        assert before.stage not in ENDED


@given(st.lists(st.sampled_from(Act), max_size=30), st.booleans())
def test_a_case_has_a_step_exactly_while_it_is_accepted(acts: list[Act], instant: bool) -> None:
    for _, _, after in walk(replace(NEW, instant=instant), acts):
        assert (after.step is not None) == (after.stage is Stage.ACCEPTED)


@given(st.lists(st.sampled_from(Act), max_size=30), st.booleans())
def test_every_move_is_one_revision(acts: list[Act], instant: bool) -> None:
    for before, _, after in walk(replace(NEW, instant=instant), acts):
        assert after.revision == before.revision + 1


@given(st.lists(st.sampled_from(Act), max_size=40))
def test_a_committed_item_is_decided_only_after_handling_and_review(acts: list[Act]) -> None:
    way = walk(NEW, acts)
    done = [act for _, act, _ in way]
    if any(after.stage in DECIDED for _, _, after in way):
        decided = next(i for i, (_, _, after) in enumerate(way) if after.stage in DECIDED)
        assert done[:decided].count(Act.REVIEW) >= 2
        assert way[decided][0].step is Step.APPROVING


def test_an_instant_item_is_decided_by_whoever_handles_it() -> None:
    accepted = replace(NEW, instant=True).moved(Act.ACCEPT)

    assert not accepted.may(Act.REVIEW)
    assert accepted.moved(Act.GRANT).stage is Stage.GRANTED


@pytest.mark.parametrize("stage", [s for s in Stage if not MOVES[s]])
def test_what_has_ended_lies_on_no_desk(stage: Stage) -> None:
    assert replace(NEW, stage=stage).desk is Desk.NONE


def test_a_refusal_to_move_says_where_the_case_is_and_what_cannot_be_done() -> None:
    with pytest.raises(WrongStage, match="办件当前为“已提交”，不能“送达”"):
        NEW.moved(Act.DELIVER)


def test_the_picture_of_the_stages_is_current() -> None:
    lines = [
        "# Stages of a case",
        "",
        "Written by a test from `cases.MOVES` and `cases.STEPS`.",
        "",
    ]
    lines += ["```mermaid", "stateDiagram-v2", f"    [*] --> {Stage.SUBMITTED}: submit"]
    for stage, moves in MOVES.items():
        lines += [f"    {stage} --> {to}: {act}" for act, to in moves.items() if to is not stage]
        lines += [] if moves else [f"    {stage} --> [*]"]
    lines.append(f"    state {Stage.ACCEPTED} {{")
    lines.append(f"        [*] --> {Step.HANDLING}")
    for step, moves_inside in STEPS.items():
        lines += [f"        {step} --> {to}: {act}" for act, to in moves_inside.items()]
    assert_same("\n".join([*lines, "    }", "```", ""]), "docs/reference/case-stages.md")
