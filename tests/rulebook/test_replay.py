"""A draft judged by what was decided before: how many change, which, and in whose favour."""

from collections import Counter
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given as cases
from hypothesis import settings
from hypothesis import strategies as st

from conftest import MONDAY
from given import Given
from given_rules import ITEM, House, allowance
from tongban import rulebook
from tongban.foundation import jobs
from tongban.foundation.actor import SYSTEM
from tongban.foundation.errors import Forbidden, Invalid
from tongban.foundation.work import Work
from tongban.rulebook.commands import replay as replaying
from tongban.rulebook.model.replay import compare, count


@pytest.fixture
def house(work: Work, given: Given) -> House:
    house = House.of(work, given)
    house.made()
    house.published()
    people = [(85, "city", None), (82, "outside", 6), (79, "city", None), (90, "outside", None)]
    for serial, (age, household, years) in enumerate(people):
        rulebook.instant(
            work,
            item_code=ITEM,
            facts={"age": age, "household": household, "years": years},
            about=rulebook.About(
                f"990100-2406-000000{serial}-0", ITEM, "990100", house.author.department, "p-1"
            ),
        )
    return house


def replayed(house: House, sheet: rulebook.Sheet) -> rulebook.Replay:
    draft = house.draft(sheet)
    with house.work.acting_as(house.author):
        return rulebook.replay(
            house.work,
            code=house.code,
            version=draft.version,
            since=house.work.today - timedelta(days=365),
            until=house.work.today,
        )


def test_a_lower_age_is_in_the_favour_of_those_it_reaches(house: House) -> None:
    found = replayed(house, allowance(age="79"))
    assert (found.total, found.done, found.changed) == (4, 4, 1)
    [change] = found.changes
    assert change.number == "990100-2406-0000002-0"
    assert (change.before, change.after, change.effect) == ("person", "grant", "better")


def test_a_higher_age_is_against_those_it_drops(house: House) -> None:
    found = replayed(house, allowance(age="84"))
    assert found.count(rulebook.Effect.WORSE) == 1
    # Below the age it does not matter any more how long somebody has lived here.
    assert found.count(rulebook.Effect.SAME) == 3


def test_another_amount_is_a_change_though_the_decision_stays(house: House) -> None:
    found = replayed(house, allowance(amount="150"))
    assert found.count(rulebook.Effect.OTHER) == 2


def test_what_the_new_rules_can_decide_is_told(house: House) -> None:
    sheet = allowance()
    without_years = rulebook.Row(
        (">= 80", '"outside"', "-"), sheet.rows[1].results, "津贴办法", "第三条"
    )
    found = replayed(
        house, rulebook.Sheet(**_changed(sheet, (sheet.rows[0], without_years, sheet.rows[2])))
    )
    assert found.count(rulebook.Effect.DECIDED) == 1


def _changed(sheet: rulebook.Sheet, rows: tuple[rulebook.Row, ...]) -> dict[str, object]:
    return {
        "name": sheet.name,
        "facts": sheet.facts,
        "inputs": sheet.inputs,
        "outputs": sheet.outputs,
        "rows": rows,
        "policy": sheet.policy,
    }


def test_the_same_rules_change_nothing(house: House) -> None:
    assert replayed(house, allowance()).changed == 0


def test_only_the_period_is_looked_at(house: House) -> None:
    draft = house.draft()
    with house.work.acting_as(house.author):
        found = rulebook.replay(
            house.work,
            code=house.code,
            version=draft.version,
            since=house.work.today - timedelta(days=9),
            until=house.work.today - timedelta(days=1),
        )
    assert (found.total, found.done) == (0, 0)


def test_the_worker_goes_on_batch_by_batch_and_shows_how_far(
    house: House, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "BATCH", 3)
    draft = house.draft(allowance(age="79"))
    with work.acting_as(house.author):
        id = rulebook.ask_replay(
            work, code=house.code, version=draft.version, since=work.today, until=work.today
        )
    reached = []
    while (taken := jobs.take(work)) and taken.kind == replaying.JOB:
        jobs.perform(work, taken)
        with work.acting_as(house.author):
            reached.append(rulebook.replay_asked(work, id=id))
    assert [one.done for one in reached] == [3, 4]
    assert [one.finished_at for one in reached] == [None, MONDAY]
    assert reached[-1].count(rulebook.Effect.BETTER) == 1
    assert [one.id for one in rulebook.replays(work, code=house.code)] == [id]


def test_progress_is_told(house: House, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "BATCH", 2)
    told = []
    draft = house.draft()
    with work.acting_as(house.author):
        rulebook.replay(
            work,
            code=house.code,
            version=draft.version,
            since=work.today,
            until=work.today,
            progress=lambda done, total: told.append((done, total)),
        )
    assert told == [(2, 4), (4, 4), (4, 4)]


def test_replaying_needs_the_permission_and_a_period(house: House, work: Work) -> None:
    draft = house.draft()
    with work.acting_as(house.reviewer), pytest.raises(Forbidden):
        rulebook.ask_replay(
            work, code=house.code, version=draft.version, since=work.today, until=work.today
        )
    with work.acting_as(house.author), pytest.raises(Invalid):
        rulebook.ask_replay(
            work,
            code=house.code,
            version=draft.version,
            since=work.today,
            until=work.today - timedelta(days=1),
        )


@settings(deadline=None)
@cases(st.sampled_from(["person", "grant"]), st.sampled_from(["person", "grant"]), st.booleans())
def test_better_and_worse_are_opposites(before: str, after: str, less: bool) -> None:
    favour = rulebook.Favour("decision", ("person", "grant"), less=less)

    def judged(one: str, other: str) -> rulebook.Effect:
        def outcome(value: str) -> rulebook.Outcome:
            return rulebook.Outcome(
                "c", 1, b"", value={"decision": value, "x": 1}, to_a_person=False
            )

        evaluation = rulebook.Evaluation(
            id=UUID(int=1),
            rule_set_code="c",
            version=1,
            about=rulebook.About(),
            outcome=outcome(one),
            actor=SYSTEM.id,
            evaluated_at=MONDAY,
        )
        return compare(evaluation, outcome(other), favour).effect

    opposite = {"better": "worse", "worse": "better"}
    there, back = judged(before, after), judged(after, before)
    assert back.value == opposite.get(there.value, there.value)


def test_beyond_twenty_different_results_the_others_are_counted_together() -> None:
    counts: Counter[str] = Counter()
    for amount in [*range(30), 0]:
        change = rulebook.Change(uuid4(), "", str(amount), "grant", rulebook.Effect.OTHER)
        count(counts, change)
    run = rulebook.Replay(uuid4(), "X", 1, MONDAY.date(), MONDAY.date(), 31, done=31, counts=counts)
    found = {one.name: (one.then, one.now) for one in run.results}
    assert len(found) == 22
    assert (found["0"], found["…"], found["grant"]) == ((2, 0), (10, 0), (0, 31))
    assert sum(then for then, _ in found.values()) == 31
