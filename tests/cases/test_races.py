"""Two at the same moment: one act happens, the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import given_cases as people
from conftest import MONDAY, as_application
from given import Given
from tongban import cases
from tongban.cases import Stage, Step
from tongban.cases.commands import deem
from tongban.foundation.actor import SYSTEM, Actor
from tongban.foundation.errors import Refusal
from tongban.foundation.trace import trace
from tongban.foundation.work import Work

Do = Callable[[Work], object]


def prepared(database: str, *, stage: Stage, step: Step = Step.HANDLING) -> cases.Case:
    with as_application(database) as connection:
        return Given(Work(connection, actor=SYSTEM, now=MONDAY)).case(stage=stage, step=step)


def at_once(database: str, *acts: tuple[Actor, Do], days: int = 0) -> list[str]:
    """Let everybody act in a transaction of their own at the same moment."""
    start = Barrier(len(acts))

    def act(each: tuple[Actor, Do]) -> str:
        actor, do = each
        with as_application(database) as connection:
            work = Work(connection, actor=actor, now=MONDAY + timedelta(days=days))
            start.wait()
            try:
                do(work)
            except Refusal as refusal:
                connection.rollback()
                return type(refusal).__name__
            return "done"

    with ThreadPoolExecutor(len(acts)) as people_at_work:
        return sorted(people_at_work.map(act, acts))


def kept(database: str, number: str) -> tuple[cases.Case, list[str]]:
    with as_application(database) as connection:
        work = Work(connection, actor=SYSTEM, now=MONDAY)
        topics = [entry.topic for entry in trace(work, subject=number)]
        return cases.case(work, number=number), topics


def test_two_officers_deciding_at_once(own_database: str) -> None:
    case = prepared(own_database, stage=Stage.ACCEPTED, step=Step.APPROVING)

    def grant(work: Work) -> None:
        cases.decide(work, number=case.number, grant=True, revision=case.revision)

    def refuse(work: Work) -> None:
        cases.decide(
            work, number=case.number, grant=False, reason="面积不够", revision=case.revision
        )

    outcomes = at_once(
        own_database, (people.approver(case), grant), (people.approver(case), refuse)
    )

    after, topics = kept(own_database, case.number)
    assert outcomes == ["StalePage", "done"]
    assert topics.count("cases.CaseDecided") == 1
    assert after.stage in (Stage.GRANTED, Stage.REFUSED)
    assert after.revision == case.revision + 1


def test_accepting_while_the_applicant_withdraws(own_database: str) -> None:
    case = prepared(own_database, stage=Stage.SUBMITTED)
    outcomes = at_once(
        own_database,
        (people.clerk(case), lambda work: cases.accept(work, number=case.number, revision=1)),
        (
            people.holder_of(case),
            lambda work: cases.withdraw(work, number=case.number, reason="不办了", revision=1),
        ),
    )
    _, topics = kept(own_database, case.number)
    assert outcomes == ["StalePage", "done"]
    assert len(topics) == 2


def test_ten_impatient_clicks_on_accept(own_database: str) -> None:
    case = prepared(own_database, stage=Stage.SUBMITTED)
    clerk = people.clerk(case)
    outcomes = at_once(
        own_database,
        *[(clerk, lambda work: cases.accept(work, number=case.number)) for _ in range(10)],
    )
    after, topics = kept(own_database, case.number)
    assert outcomes == ["WrongStage"] * 9 + ["done"]
    assert topics.count("cases.CaseAccepted") == 1
    assert len(after.clocks) == 3


def test_two_nightly_rounds_and_an_officer(own_database: str) -> None:
    case = prepared(own_database, stage=Stage.SUBMITTED)
    outcomes = at_once(
        own_database,
        (SYSTEM, deem.sweep),
        (SYSTEM, deem.sweep),
        (people.clerk(case), lambda work: cases.accept(work, number=case.number)),
        days=20,
    )
    after, topics = kept(own_database, case.number)
    assert after.stage is Stage.ACCEPTED
    assert after.accepted_at == MONDAY
    assert len([t for t in topics if t.endswith("Accepted")]) == 1
    assert outcomes.count("done") >= 2


def test_guessing_codes_in_parallel_is_counted(own_database: str) -> None:
    case = prepared(own_database, stage=Stage.SUBMITTED)
    outcomes = at_once(
        own_database,
        *[
            (SYSTEM, lambda work: cases.track(work, number=case.number, code="000000"))
            for _ in range(14)
        ],
    )
    assert outcomes.count("done") == 10
    assert outcomes.count("TooManyWrongCodes") == 4


def test_two_windows_beginning_the_same_draft_lose_nothing(own_database: str) -> None:
    with as_application(own_database) as connection:
        given = Given(Work(connection, actor=SYSTEM, now=MONDAY))
        person, item = given.person(), given.item()

    def fill(**answers: str) -> Do:
        return lambda work: cases.save_draft(
            work, item_code=item.code, holder=person.id, filled=cases.Filled(answers=answers)
        )

    outcomes = at_once(
        own_database, (person, fill(shop_name="星河")), (person, fill(opening="2024-07-01"))
    )
    with as_application(own_database) as connection:
        work = Work(connection, actor=person, now=MONDAY)
        draft = cases.draft(work, item_code=item.code, holder=person.id)
    assert outcomes == ["done", "done"]
    assert draft.answers["shop_name"] == "星河"
    assert draft.answers["opening"] == "2024-07-01"
