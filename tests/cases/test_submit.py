"""Submitting: one transaction, few statements, exactly one case."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import psycopg
import pytest

import given_cases as people
from conftest import MONDAY, as_application
from given import Given
from tongban import cases, catalogue, documents, process
from tongban.cases import ClockKind, Stage
from tongban.foundation import idempotency
from tongban.foundation.actor import SYSTEM
from tongban.foundation.errors import Forbidden, Invalid
from tongban.foundation.ids import read_case_number
from tongban.foundation.trace import trace
from tongban.foundation.work import Work
from wire import statements


def test_a_draft_becomes_a_case(work: Work, given: Given) -> None:
    item = given.item()
    case = given.submitted_case(item=item, files=2)

    assert case.stage is Stage.SUBMITTED
    assert str(read_case_number(case.number)) == case.number
    assert case.number.startswith("990100-2406-")
    assert (case.item_code, case.item_version) == (item.code, item.version)
    assert case.materials_complete_at == work.now
    assert case == cases.case(work, number=case.number)
    assert work.value("select count(*) from cases.draft") == 0


def test_the_clock_for_a_notice_starts(given: Given) -> None:
    clock = given.submitted_case().clock

    assert clock is not None
    assert (clock.kind, clock.started_on) == (ClockKind.NOTICE, date(2024, 6, 3))
    assert clock.due_on == date(2024, 6, 11)  # The 10th was the Dragon Boat Festival.
    assert clock.basis == "《行政许可法》第三十二条"


def test_the_files_now_belong_to_the_case(work: Work, given: Given) -> None:
    case = given.submitted_case(files=2)
    with work.acting_as(people.clerk(case)):
        files = documents.files_of_case(work, case_number=case.number)
    assert [str(file.id) for file in files if file.kind == "upload"] == sorted(
        case.materials[0].files, key=[str(f.id) for f in files].index
    )


def test_it_is_recorded_without_personal_data(work: Work, given: Given) -> None:
    case = given.submitted_case(by=given.person(name="欧阳可识"))
    (entry,) = trace(work, subject=case.number)

    assert isinstance(entry.event, cases.events.CaseSubmitted)
    assert entry.event.holder == case.holder
    body = work.value(
        "select body::text from foundation.event where subject = %(n)s", n=case.number
    )
    assert "欧阳" not in body


def test_everything_that_is_wrong_is_told_and_the_draft_stays(work: Work, given: Given) -> None:
    person, item = given.person(), given.item()
    with work.acting_as(person):
        cases.save_draft(
            work, item_code=item.code, holder=person.id, filled=cases.Filled(answers={})
        )
        with pytest.raises(Invalid) as refused:
            cases.submit(work, item_code=item.code, holder=person.id, declared=False)
        assert [problem.field for problem in refused.value.problems] == [
            "shop_name",
            "material.application",
            "delivery.way",
            "declared",
        ]
        assert len(cases.drafts(work)) == 1


def test_without_a_draft_there_is_nothing_to_submit(work: Work, given: Given) -> None:
    person, item = given.person(), given.item()
    with work.acting_as(person), pytest.raises(cases.NoDraft):
        cases.submit(work, item_code=item.code, holder=person.id, declared=True)


def test_submitting_again_is_told_the_number(work: Work, given: Given) -> None:
    person, item = given.person(), given.item()
    case = given.submitted_case(item=item, by=person)
    with work.acting_as(person), pytest.raises(cases.AlreadySubmitted, match=case.number):
        cases.submit(work, item_code=item.code, holder=person.id, declared=True)


def test_a_suspended_service_cannot_be_applied_for(work: Work, given: Given) -> None:
    item = given.item(status=catalogue.Status.SUSPENDED)
    with pytest.raises(cases.NotOpen, match="目前不能在网上申请"):
        given.submitted_case(item=item)
    assert work.value("select count(*) from cases.case_file") == 0


def test_nobody_submits_for_somebody_they_may_not_act_for(work: Work, given: Given) -> None:
    person, other, item = given.person(), given.person(name="李四"), given.item()
    with work.acting_as(person), pytest.raises(Forbidden):
        cases.submit(work, item_code=item.code, holder=other.id, declared=True)


def test_a_representative_submits_for_the_organisation(given: Given) -> None:
    firm = given.organisation(name="海州星河餐饮有限公司")
    person = given.person(acts_for=[firm])
    case = given.submitted_case(by=person, holder=firm.id)
    assert (case.holder, case.acting) == (firm.id, person.id)


def test_submitting_takes_at_most_ten_statements_in_one_transaction(
    connection: psycopg.Connection[Any], work: Work, given: Given
) -> None:
    person, item = given.person(), given.item()
    with work.acting_as(person):
        filled = people.filled_for(work, item, by=person, holder=person.id, files=3)
        cases.save_draft(work, item_code=item.code, holder=person.id, filled=filled)

    given.submitted_case(item=item)  # The process on which it runs is compiled once.

    with statements(connection) as sent:
        # What the shell does around every command: announce (with its begin), claim, answer.
        shell = Work(connection, actor=person, now=MONDAY)
        idempotency.claim(shell, key="0123456789", fingerprint="x")
        case = cases.submit(shell, item_code=item.code, holder=person.id, declared=True)
        idempotency.answer(shell, key="0123456789", status=303, location="/")

    looking_up_the_session = 1
    assert len(sent) + looking_up_the_session <= 10, "\n".join(sent)
    key = process.Key(case.region, 2406, int(case.number[12:19]))
    assert [one.attributes.act for one in process.standing(work, instance=key)] == ["accept"]
    assert not [each for each in sent if each.lower().startswith("savepoint")]


def test_two_clicks_at_the_same_moment_make_one_case(own_database: str) -> None:
    with as_application(own_database) as connection:
        work = Work(connection, actor=SYSTEM, now=MONDAY)
        given = Given(work)
        person, item = given.person(), given.item()
        with work.acting_as(person):
            filled = people.filled_for(work, item, by=person, holder=person.id)
            cases.save_draft(work, item_code=item.code, holder=person.id, filled=filled)

    def click(_: int) -> str:
        with as_application(own_database) as connection:
            try:
                clicking = Work(connection, actor=person, now=MONDAY)
                return cases.submit(
                    clicking, item_code=item.code, holder=person.id, declared=True
                ).number
            except cases.AlreadySubmitted as refusal:
                connection.rollback()
                return f"already {refusal.details['number']}"

    with ThreadPoolExecutor() as clicks:
        first, second = sorted(clicks.map(click, range(2)))

    assert second == f"already {first}"
