"""Worklists and own cases: order, pages, who sees which; timeline and trace in words."""

from datetime import date, timedelta

import pytest

import given_cases as people
from given import Given
from tongban import cases, catalogue
from tongban.cases import Desk, Stage, Step, When
from tongban.foundation.actor import Actor
from tongban.foundation.errors import Invalid
from tongban.foundation.paging import write_cursor
from tongban.foundation.work import Work


def numbers(work: Work, actor: Actor, desk: Desk | None = None, size: int = 20) -> list[str]:
    """Read a worklist page after page."""
    found, after = [], ""
    with work.acting_as(actor):
        while True:
            page = cases.worklist(work, desk=desk, after=after, size=size)
            found += [line.number for line in page.rows]
            if not page.following:
                return found
            after = page.following


class TestWorklist:
    def test_the_most_urgent_stand_first_on_every_page(self, work: Work, given: Given) -> None:
        slow = given.case(stage=Stage.ACCEPTED, item=given.item(promised=catalogue.Limit(9)))
        quick = given.case(stage=Stage.ACCEPTED, item=given.item(promised=catalogue.Limit(2)))
        endless = given.item(kind="20", statutory=None, promised=None)
        unlimited = given.case(stage=Stage.ACCEPTED, item=endless)
        unlimited_too = given.case(stage=Stage.ACCEPTED, item=endless)
        new = given.submitted_case()
        officer = people.officer(department=new.department)

        expected = [c.number for c in (quick, new, slow, unlimited, unlimited_too)]
        assert numbers(work, officer) == expected
        assert numbers(work, officer, size=1) == expected
        assert numbers(work, officer, size=2) == expected
        assert numbers(work, officer, Desk.INTAKE) == [new.number]

    def test_says_how_many_days_are_left(self, work: Work, given: Given) -> None:
        case = given.submitted_case()
        for day, left in (("2024-06-03", 5), ("2024-06-11", 0), ("2024-06-14", -3)):
            work.now = work.now.replace(day=int(day[-2:]))
            with work.acting_as(people.clerk(case)):
                (line,) = cases.worklist(work).rows
            assert (line.due_on, line.days_left) == (date(2024, 6, 11), left)

    def test_what_waits_for_the_applicant_stands_apart(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.CORRECTING)
        assert numbers(work, people.clerk(case)) == []
        assert numbers(work, people.clerk(case), Desk.APPLICANT) == [case.number]

    @pytest.mark.parametrize(
        ("stage", "desk"),
        [
            (Stage.SUBMITTED, Desk.INTAKE),
            (Stage.CORRECTING, Desk.APPLICANT),
            (Stage.GRANTED, Desk.DELIVERY),
            (Stage.REFUSED, Desk.DELIVERY),
            (Stage.DELIVERED, Desk.NONE),
            (Stage.WITHDRAWN, Desk.NONE),
        ],
    )
    def test_each_stage_lies_on_its_desk_in_python_and_in_sql(
        self, work: Work, given: Given, stage: Stage, desk: Desk
    ) -> None:
        case = given.case(stage=stage)
        assert case.desk is desk
        assert work.value("select desk from cases.case_file") == desk

    @pytest.mark.parametrize("step", [Step.HANDLING, Step.REVIEWING, Step.APPROVING])
    def test_each_step_has_a_desk_of_its_own(self, work: Work, given: Given, step: Step) -> None:
        case = given.case(stage=Stage.ACCEPTED, step=step)
        assert numbers(work, people.handler(case), Desk(step)) == [case.number]
        assert case.desk is Desk(step)

    def test_departments_regions_and_the_whole_are_seen_by_those_who_may(
        self, work: Work, given: Given
    ) -> None:
        unit = given.department(name="海州市城管局")
        mine = given.submitted_case()
        theirs = given.submitted_case(
            item=given.item(department=unit.code, department_name=unit.name)
        )
        both = [mine.number, theirs.number]

        assert numbers(work, people.clerk(mine)) == [mine.number]
        assert numbers(work, people.clerk(theirs)) == [theirs.number]
        for prefix in ("990100", "99", ""):
            assert numbers(work, people.officer(region=prefix)) == both, prefix
        assert numbers(work, people.officer(region="44")) == []
        twice = Actor(
            "o-1", "兼职", grants=(*people.clerk(mine).grants, *people.officer(region="99").grants)
        )
        assert numbers(work, twice) == both

    def test_counts_for_the_headings(self, work: Work, given: Given) -> None:
        case = given.submitted_case()
        given.submitted_case()
        given.case(stage=Stage.CORRECTING)
        given.case(stage=Stage.ACCEPTED, step=Step.REVIEWING)
        given.case(stage=Stage.CLOSED)
        expected = {
            Desk.INTAKE: 2,
            Desk.APPLICANT: 1,
            Desk.HANDLING: 0,
            Desk.REVIEWING: 1,
            Desk.APPROVING: 0,
            Desk.DELIVERY: 0,
        }
        both = Actor(
            "o-1", "兼职", grants=(*people.clerk(case).grants, *people.officer(region="99").grants)
        )
        for actor in (people.clerk(case), people.officer(region="99"), both):
            with work.acting_as(actor):
                assert cases.worklist_counts(work) == expected

    @pytest.mark.parametrize("cursor", ["x", write_cursor((1, 2)), write_cursor(("x", "y"))])
    def test_a_cursor_that_is_not_ours_is_refused(
        self, work: Work, given: Given, cursor: str
    ) -> None:
        case = given.submitted_case()
        with work.acting_as(people.clerk(case)), pytest.raises(Invalid, match="翻页位置无效"):
            cases.worklist(work, after=cursor)
        with work.acting_as(people.holder_of(case)), pytest.raises(Invalid, match="翻页位置无效"):
            cases.own(work, after=cursor)


def test_own_cases_stand_newest_first_page_after_page(work: Work, given: Given) -> None:
    person = given.person()
    submitted = []
    for _ in range(3):
        work.now += timedelta(hours=1)
        submitted.append(given.submitted_case(by=person).number)
    given.submitted_case()

    with work.acting_as(person):
        first = cases.own(work, size=2)
        second = cases.own(work, size=2, after=first.following)

    assert [line.number for line in (*first.rows, *second.rows)] == submitted[::-1]
    assert second.following == ""


class TestTimeline:
    def stops(self, work: Work, case: cases.Case) -> list[tuple[When, str]]:
        with work.acting_as(people.holder_of(case)):
            found = cases.timeline(work, case=case)
        return [(stop.when, stop.sentence.say()) for stop in found]

    def test_of_a_case_just_submitted(self, work: Work, given: Given) -> None:
        assert self.stops(work, given.submitted_case()) == [
            (When.PAST, "提交申请"),
            (When.CURRENT, "等待受理"),
            (When.EXPECTED, "受理"),
            (When.EXPECTED, "审查与决定"),
            (When.EXPECTED, "送达"),
        ]

    def test_says_who_has_it_since_when_and_which_clock_runs(
        self, work: Work, given: Given
    ) -> None:
        case = given.case(stage=Stage.ACCEPTED)
        accepted_at = work.now
        work.now += timedelta(days=1)
        with work.acting_as(people.holder_of(case)):
            (now,) = [s for s in cases.timeline(work, case=case) if s.when is When.CURRENT]
        assert (now.who, now.at, now.days_left) == ("海州市市场监督管理局", accepted_at, 4)
        assert now.clock is not None
        assert now.clock.kind.word == "承诺办结时限"

    def test_tells_the_applicant_when_something_is_due_from_them(
        self, work: Work, given: Given
    ) -> None:
        case = given.case(stage=Stage.CORRECTING)
        with work.acting_as(people.holder_of(case)):
            (now,) = [s for s in cases.timeline(work, case=case) if s.when is When.CURRENT]
        assert (now.sentence.say(), now.who) == ("等待申请人补正", case.applicant)
        assert now.days_left == 15

    def test_shows_the_steps_inside(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.ACCEPTED, step=Step.REVIEWING)
        assert self.stops(work, case)[-5:] == [
            (When.PAST, "完成承办"),
            (When.CURRENT, "审核中"),
            (When.EXPECTED, "批准"),
            (When.EXPECTED, "作出决定"),
            (When.EXPECTED, "送达"),
        ]

    def test_of_an_instant_item_is_short(self, work: Work, given: Given) -> None:
        item = given.item(handling=catalogue.Handling.INSTANT)
        case = given.case(stage=Stage.ACCEPTED, item=item)
        assert self.stops(work, case)[-2:] == [(When.EXPECTED, "作出决定"), (When.EXPECTED, "送达")]

    def test_shows_a_special_procedure(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.ACCEPTED)
        with work.acting_as(people.handler(case)):
            case = cases.pause(
                work,
                number=case.number,
                kind=cases.PauseKind.TESTING,
                days_needed=5,
                reason="送检",
            )
        assert (When.CURRENT, "检测进行中") in self.stops(work, case)

    def test_of_a_case_that_has_ended_has_only_a_past(self, work: Work, given: Given) -> None:
        stops = self.stops(work, given.case(stage=Stage.CLOSED))
        assert {when for when, _ in stops} == {When.PAST}
        assert [said for _, said in stops][-3:] == [
            "作出准予的决定",
            "送达结果（窗口领取）",
            "归档",
        ]

    def test_can_be_read_by_who_knows_the_code(self, work: Work, given: Given) -> None:
        case = given.submitted_case()
        with work.acting_as(cases.follower(case.number)):
            assert len(cases.timeline(work, case=case)) == 5


class TestTrace:
    def test_says_who_did_what_to_officers_and_to_the_applicant(
        self, work: Work, given: Given
    ) -> None:
        case = given.case(stage=Stage.REFUSED)

        def said(actor: Actor) -> list[str]:
            with work.acting_as(actor):
                lines = cases.trace(work, number=case.number)
                return [f"{line.who}：{line.say()}" for line in lines]

        assert said(people.clerk(case)) == [
            "张小明：提交申请",
            "窗口小李：受理申请，应于 2024-06-11 前办结",
            "承办老王：完成承办，意见：同意",
            "承办老王：完成审核，意见：同意",
            "批准老赵：作出不予许可的决定，理由：面积不够",
        ]
        assert "承办老王：完成承办" in said(people.holder_of(case))

    def test_speaks_english_too(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.DELIVERED)
        with work.acting_as(people.clerk(case)):
            lines = [line.say("en") for line in cases.trace(work, number=case.number)]
        assert lines[-1] == "delivered the result (pick up at the counter)"
        assert "finished handling, in favour" in lines

    def test_every_event_has_a_sentence(self) -> None:
        from tongban.cases.words import _TELL
        from tongban.foundation.events import registered

        told = {event.__name__ for event in _TELL}
        here = {t.split(".")[1] for t in registered() if t.startswith("cases.")}
        # The one is told case by case from the list of moved dates, the other is of no case.
        assert here - told == {"DueDatesMoved", "CourseSet"}
