"""Who sees what: row-level security, permissions, query codes, personal data in the clear."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

import given_cases as people
from conftest import as_application
from given import Given
from tongban import cases, documents, identity
from tongban.cases import Stage, Step
from tongban.foundation.actor import ANONYMOUS, Actor, Kind
from tongban.foundation.errors import Forbidden, Invalid, SignInNeeded
from tongban.foundation.trace import trace
from tongban.foundation.work import Work

TABLES = (
    "case_file",
    "private",
    "material",
    "clock",
    "pause",
    "opinion",
    "due_date_change",
    "draft",
)


def counts(work: Work, actor: Actor) -> dict[str, int]:
    with work.acting_as(actor):
        return {
            table: work.value(f"select count(*) from cases.{table}")  # type: ignore[arg-type]
            for table in TABLES
        }


def with_everything(work: Work, given: Given) -> cases.Case:
    """A case with a row in every table that belongs to a case."""
    case = given.case(stage=Stage.ACCEPTED, step=Step.REVIEWING)
    with work.acting_as(people.handler(case)):
        cases.pause(
            work,
            number=case.number,
            kind=cases.PauseKind.TESTING,
            days_needed=5,
            reason="送检",
        )
    work.run(
        """
        insert into cases.due_date_change (region, month, number, kind, turn, before, after,
                                           calendar_version, changed_at)
        values (%(region)s, 2406, %(number)s, 'promised', 1, '2024-06-11', '2024-06-12', 2, now())
        """,
        region=case.region,
        number=case.number,
    )
    return cases.case(work, number=case.number)


def test_without_a_work_no_row_exists(database: str) -> None:
    with as_application(database) as connection:
        for table in (*TABLES, "code_attempt"):
            found = connection.execute(f"select count(*) from cases.{table}").fetchone()  # type: ignore[arg-type]
            assert found == (0,), table


def test_those_whom_it_concerns_see_everything_of_a_case(work: Work, given: Given) -> None:
    case = with_everything(work, given)
    for actor in (
        people.officer(department=case.department),
        people.officer(region=case.region),
        people.officer(region="99"),
    ):
        seen = counts(work, actor)
        assert all(seen[table] > 0 for table in TABLES if table != "draft"), actor


def test_the_applicant_does_not_see_what_officers_think(work: Work, given: Given) -> None:
    case = with_everything(work, given)
    seen = counts(work, people.holder_of(case))
    assert seen["case_file"] == 1
    assert seen["clock"] > 0
    assert seen["opinion"] == 0
    with work.acting_as(people.holder_of(case)), pytest.raises(Forbidden):
        cases.opinions(work, number=case.number)


def test_others_see_nothing_of_a_case(work: Work, given: Given) -> None:
    case = with_everything(work, given)
    stranger = replace(people.holder_of(case), holders=("p-0",))
    for actor in (
        people.officer(department="elsewhere"),
        people.officer(region="440100"),
        stranger,
        ANONYMOUS,
        cases.follower("990100-2406-9999999-0"),
    ):
        assert set(counts(work, actor).values()) == {0}, actor


def test_who_knows_the_code_sees_the_case_and_changes_nothing(work: Work, given: Given) -> None:
    case = with_everything(work, given)
    follower = cases.follower(case.number)
    seen = counts(work, follower)
    assert (seen["case_file"], seen["opinion"], seen["private"]) == (1, 0, 0)
    with work.acting_as(follower):
        assert cases.case(work, number=case.number) == case
        assert work.run("update cases.case_file set reason = 'x'") == 0
        assert work.run("update cases.clock set basis = 'x'") == 0
        with pytest.raises(Forbidden):
            cases.answers(work, number=case.number)


def test_a_case_cannot_be_opened_in_the_name_of_another(
    connection: psycopg.Connection[Any], work: Work, given: Given
) -> None:
    case = given.submitted_case()
    with work.acting_as(replace(people.holder_of(case), holders=("p-0",))):
        copy = """
            insert into cases.case_file
                   (region, month, number, item_code, item_version, item_name, instant,
                    department, department_name, holder, applicant, acting, channel, stage,
                    submitted_at, materials_complete_at)
            values ('990100', 2406, 'x', 'i', 1, 'i', false, 'd', 'd', 'p-1', 'a', 'a', 'portal',
                    'submitted', now(), now())
        """
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute(copy)


def test_no_number_and_a_strange_number_are_not_found(work: Work, given: Given) -> None:
    case = given.submitted_case()
    for number in ("", "DROP TABLE", "990100-2406-9999999-0", case.number[:-1] + "?"):
        with pytest.raises(cases.NoSuchCase):
            cases.case(work, number=number)
    spoken = case.number.lower().replace("-", " - ")
    assert cases.case(work, number=spoken) == case


def test_an_anonymous_visitor_is_asked_to_sign_in(work: Work) -> None:
    with work.acting_as(ANONYMOUS):
        for ask in (cases.own, cases.drafts, cases.worklist, cases.worklist_counts):
            with pytest.raises(SignInNeeded):
                ask(work)


class TestFollowingByCode:
    def test_the_right_code_shows_the_case(self, work: Work, given: Given) -> None:
        case = given.submitted_case()
        with work.acting_as(people.holder_of(case)):
            code = cases.query_code(work, number=case.number)
        with work.acting_as(ANONYMOUS):
            assert cases.track(work, number=case.number, code=code) == case
            assert cases.track(work, number=case.number.lower(), code=f" {code.lower()} ") == case

    def test_only_the_holder_is_told_the_code(self, work: Work, given: Given) -> None:
        case = given.submitted_case()
        for actor in (people.clerk(case), cases.follower(case.number)):
            with work.acting_as(actor), pytest.raises(Forbidden):
                cases.query_code(work, number=case.number)

    def test_the_code_of_one_case_opens_no_other(self, work: Work, given: Given) -> None:
        one, other = given.submitted_case(), given.submitted_case()
        with work.acting_as(people.holder_of(one)):
            code = cases.query_code(work, number=one.number)
        with work.acting_as(ANONYMOUS):
            assert cases.track(work, number=other.number, code=code) is None

    def test_ten_wrong_codes_close_the_door_for_an_hour(self, work: Work, given: Given) -> None:
        case = given.submitted_case()
        with work.acting_as(people.holder_of(case)):
            code = cases.query_code(work, number=case.number)
        with work.acting_as(ANONYMOUS):
            for _ in range(10):
                assert cases.track(work, number=case.number, code="000000") is None
            with pytest.raises(cases.TooManyWrongCodes):
                cases.track(work, number=case.number, code=code)
            work.now += timedelta(minutes=61)
            assert cases.track(work, number=case.number, code=code) == case

    def test_a_number_that_does_not_exist_is_answered_the_same(
        self, work: Work, given: Given
    ) -> None:
        missing = given.submitted_case().number
        work.run("set constraints all immediate")
        serial = int(missing[12:19]) + 1000
        from tongban.foundation.ids import CaseNumber

        unknown = str(CaseNumber("990100", 2406, serial))
        with work.acting_as(ANONYMOUS):
            for _ in range(10):
                assert cases.track(work, number=unknown, code="000000") is None
            with pytest.raises(cases.TooManyWrongCodes):
                cases.track(work, number=unknown, code="000000")
            assert cases.track(work, number="nonsense", code="000000") is None


class TestPersonalData:
    def test_is_masked_for_officers_and_clear_for_the_holder(
        self, work: Work, given: Given
    ) -> None:
        case = given.submitted_case()

        def shown(actor: Actor) -> dict[str, str]:
            with work.acting_as(actor):
                return {a.label: a.text for a in cases.answers(work, number=case.number)}

        assert shown(people.clerk(case))["联系人"] == "说***"
        assert shown(people.clerk(case))["店铺名称"] == "说明文字"
        assert shown(people.holder_of(case))["联系人"] == "说明文字"

    def test_is_shown_for_a_reason_which_the_applicant_sees(self, work: Work, given: Given) -> None:
        case = given.submitted_case()
        with work.acting_as(people.clerk(case)):
            with pytest.raises(Invalid, match="用途"):
                cases.reveal(work, number=case.number, reason=" ")
            answers = cases.reveal(work, number=case.number, reason="电话核实地址")
        assert "说明文字" in {a.text for a in answers}
        assert isinstance(trace(work, subject=case.number)[-1].event, cases.events.CaseLookedAt)
        with work.acting_as(people.holder_of(case)):
            line = cases.trace(work, number=case.number)[-1]
            [look] = identity.looks(work, holder=case.holder)
        assert (line.who, line.say()) == ("窗口小李", "查看了申请人的个人信息，用途：电话核实地址")
        assert (look.field, look.reason) == ("answers", "电话核实地址")

    def test_a_file_that_an_officer_opens_is_a_look_which_the_applicant_sees(
        self, work: Work, given: Given
    ) -> None:
        case = given.submitted_case()
        file = UUID(case.materials[0].files[0])
        with work.acting_as(people.clerk(case)):
            found, content = documents.look_at(work, id=file)
        assert (found.id, content[:4]) == (file, b"%PDF")
        with work.acting_as(people.holder_of(case)):
            line = cases.trace(work, number=case.number)[-1]
            [look] = identity.looks(work, holder=case.holder)
        assert (line.who, line.say()) == ("窗口小李", "打开申请人提交的材料")
        assert (look.officer_name, look.field, look.reason) == (
            "窗口小李",
            "file.upload",
            case.number,
        )

    def test_opening_what_is_ones_own_is_no_look(self, work: Work, given: Given) -> None:
        case = given.submitted_case()
        with work.acting_as(people.holder_of(case)):
            documents.look_at(work, id=UUID(case.materials[0].files[0]))
            assert identity.looks(work, holder=case.holder) == []

    def test_a_look_is_told_where_the_case_goes_on_too(self, work: Work, given: Given) -> None:
        case = given.submitted_case()
        with work.acting_as(people.clerk(case)):
            documents.look_at(work, id=UUID(case.materials[0].files[0]))
        with work.acting_as(people.holder_of(case)):
            said = [stop.sentence.say() for stop in cases.timeline(work, case=case)]
        assert "打开申请人提交的材料" not in said

    def test_is_not_shown_to_whom_it_does_not_concern(self, work: Work, given: Given) -> None:
        case = given.submitted_case()
        outsider = Actor("o-9", "外人", Kind.OFFICER)
        with work.acting_as(outsider), pytest.raises(cases.NoSuchCase):
            cases.reveal(work, number=case.number, reason="好奇")
