"""The clocks over real holidays: notice, deemed acceptance, extension, pauses, a new calendar."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

import given_cases as people
from conftest import beside
from given import Given
from tongban import cases, catalogue
from tongban.cases import ClockKind, ClockState, PauseKind, Stage, Step
from tongban.cases.commands import counting, deem
from tongban.foundation import calendar
from tongban.foundation.errors import Invalid
from tongban.foundation.trace import trace
from tongban.foundation.work import Work


def at(day: str, hour: int = 2) -> datetime:
    """Ten in the morning in Beijing, unless another hour (UTC) is named."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).replace(hour=hour)


def clock(case: cases.Case, kind: ClockKind) -> cases.Clock:
    return [clock for clock in case.clocks if clock.kind is kind][-1]


def vectors() -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(
        beside("data/workday_test_vectors.json").read_text("utf-8")
    )["vectors"]
    return found


def test_limits_end_where_the_published_vectors_say(work: Work, given: Given) -> None:
    for vector in vectors():
        work.now = at(str(vector["start"]))
        item = given.item(promised=catalogue.Limit(int(str(vector["workdays"]))), statutory=None)
        case = given.case(stage=Stage.ACCEPTED, item=item)
        assert str(clock(case, ClockKind.PROMISED).due_on) == vector["due"], vector


@pytest.mark.parametrize(
    ("accepted", "limit", "due"),
    [
        # Over the Spring Festival of 2026, with its make-up Saturdays.
        ("2026-02-10", catalogue.Limit(5), "2026-02-24"),
        # Thirty natural days end on the National Day: the first working day after it counts.
        ("2025-09-01", catalogue.Limit(30, catalogue.Unit.DAY), "2025-10-09"),
        ("2025-01-28", catalogue.Limit(1, catalogue.Unit.MONTH), "2025-02-28"),
        ("2025-01-31", catalogue.Limit(1, catalogue.Unit.MONTH), "2025-02-28"),
        ("2025-06-13", catalogue.Limit(4, catalogue.Unit.HOUR), "2025-06-13"),
        ("2025-06-13", catalogue.Limit(30, catalogue.Unit.MINUTE), "2025-06-13"),
        ("2025-06-13", catalogue.Limit(24, catalogue.Unit.HOUR), "2025-06-16"),
    ],
)
def test_limits_over_holidays(
    work: Work, given: Given, accepted: str, limit: catalogue.Limit, due: str
) -> None:
    work.now = at(accepted)
    case = given.case(stage=Stage.ACCEPTED, item=given.item(promised=limit, statutory=None))
    assert str(clock(case, ClockKind.PROMISED).due_on) == due


def test_the_day_is_that_of_beijing(work: Work, given: Given) -> None:
    work.now = at("2024-06-03", hour=17)  # One in the morning of the 4th in Beijing.
    assert clock(given.submitted_case(), ClockKind.NOTICE).started_on == date(2024, 6, 4)


def test_a_year_without_a_published_calendar_is_marked_provisional(
    work: Work, given: Given
) -> None:
    work.now = at("2035-12-20")
    case = given.case(stage=Stage.ACCEPTED)
    assert clock(case, ClockKind.PROMISED).provisional
    assert clock(case, ClockKind.PROMISED).due_on is not None


class TestNotice:
    """Article 32: five working days, else the case counts as accepted from when materials came."""

    def test_late_notice_counts_as_acceptance(self, work: Work, given: Given) -> None:
        case = given.submitted_case()
        came_at = work.now
        work.now = at("2024-06-12")  # The limit ended on the 11th.
        clerk = people.clerk(case)
        with work.acting_as(clerk), pytest.raises(cases.NoticeTooLate, match="2024-06-11"):
            cases.request_correction(work, number=case.number, missing=[("application", "缺签名")])
        with work.acting_as(clerk), pytest.raises(cases.NoticeTooLate):
            cases.decline(work, number=case.number, reason="不归我们管")

        deem.sweep(work)

        deemed = cases.case(work, number=case.number)
        assert (deemed.stage, deemed.step, deemed.deemed) == (Stage.ACCEPTED, Step.HANDLING, True)
        assert deemed.accepted_at == came_at
        assert clock(deemed, ClockKind.NOTICE).state is ClockState.LATE
        promised = clock(deemed, ClockKind.PROMISED)
        assert promised.started_on == date(2024, 6, 3)
        assert promised.due_on == date(2024, 6, 11)
        event = trace(work, subject=case.number)[-1]
        assert isinstance(event.event, cases.events.CaseDeemedAccepted)
        assert event.actor_name == "系统"

    def test_the_last_day_is_in_time(self, work: Work, given: Given) -> None:
        case = given.submitted_case()
        work.now = at("2024-06-11", hour=15)
        deem.sweep(work)
        assert cases.case(work, number=case.number).stage is Stage.SUBMITTED
        with work.acting_as(people.clerk(case)):
            asked = cases.request_correction(
                work, number=case.number, missing=[("application", "缺签名")]
            )
        assert clock(asked, ClockKind.NOTICE).state is ClockState.MET

    def test_accepting_late_counts_from_when_the_materials_came(
        self, work: Work, given: Given
    ) -> None:
        case = given.submitted_case()
        came_at = work.now
        work.now = at("2024-06-13")
        with work.acting_as(people.clerk(case)):
            accepted = cases.accept(work, number=case.number)
        assert (accepted.accepted_at, accepted.deemed) == (came_at, True)
        assert clock(accepted, ClockKind.PROMISED).started_on == date(2024, 6, 3)

    def test_after_a_correction_it_counts_from_the_last_material(
        self, work: Work, given: Given
    ) -> None:
        case = given.case(stage=Stage.CORRECTING)
        work.now = at("2024-06-14")
        holder = people.holder_of(case)
        file = people.upload(work, by=holder)
        with work.acting_as(holder):
            cases.correct(
                work,
                number=case.number,
                filled=cases.Filled(materials={"application": (file,)}),
            )
        corrected_at = work.now
        work.now = at("2024-07-01")
        deem.sweep(work)
        assert cases.case(work, number=case.number).accepted_at == corrected_at

    def test_a_correction_that_never_comes_is_a_withdrawal(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.CORRECTING)
        work.now = at("2024-06-25")
        deem.sweep(work)
        assert cases.case(work, number=case.number).stage is Stage.CORRECTING

        work.now = at("2024-06-26")
        deem.sweep(work)
        ended = cases.case(work, number=case.number)
        assert (ended.stage, ended.closed_at) == (Stage.DEEMED_WITHDRAWN, work.now)
        assert clock(ended, ClockKind.CORRECTION).state is ClockState.LATE

    def test_one_case_that_cannot_be_helped_does_not_hold_up_the_others(
        self, work: Work, given: Given
    ) -> None:
        broken, good = given.submitted_case(), given.submitted_case()
        # Its guide has been lost, which nothing in the product can do.
        work.run(
            "update cases.case_file set item_version = 99 where number = %(n)s", n=broken.number
        )
        work.now = at("2024-06-12")
        deem.sweep(work)
        assert cases.case(work, number=broken.number).stage is Stage.SUBMITTED
        assert cases.case(work, number=good.number).stage is Stage.ACCEPTED

    def test_the_round_comes_again_the_next_night(self, work: Work) -> None:
        from tongban.cases.subscribers import nightly_round

        work.run("delete from foundation.job")
        nightly_round(work, {})
        due_at = work.value("select due_at from foundation.job where done_at is null")
        assert due_at == at("2024-06-03", hour=16) + timedelta(minutes=1)


class TestExtension:
    def test_gives_ten_working_days_once_and_tells_why(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.ACCEPTED)
        with work.acting_as(people.approver(case)):
            extended = cases.extend(work, number=case.number, reason="需现场核查")
            assert clock(extended, ClockKind.PROMISED).due_on == date(2024, 6, 25)
            assert clock(extended, ClockKind.STATUTORY).due_on == date(2024, 7, 16)
            assert extended.due_on == date(2024, 6, 25)
            with pytest.raises(cases.NotToBeExtended, match="已经延长过一次"):
                cases.extend(work, number=case.number, reason="再来一次")
        with work.acting_as(people.holder_of(case)):
            last = cases.trace(work, number=case.number)[-1]
        assert last.say() == "经批准延长 10 个工作日，至 2024-06-25，理由：需现场核查"

    def test_comes_too_late_after_the_statutory_limit(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.ACCEPTED)
        work.now += timedelta(days=60)
        with (
            work.acting_as(people.approver(case)),
            pytest.raises(cases.NotToBeExtended, match="法定期限已经届满"),
        ):
            cases.extend(work, number=case.number, reason="忘了")

    def test_needs_a_limit(self, work: Work, given: Given) -> None:
        item = given.item(kind="20", statutory=None, promised=None)
        case = given.case(stage=Stage.ACCEPTED, item=item)
        with (
            work.acting_as(people.approver(case)),
            pytest.raises(cases.NotToBeExtended, match="没有规定办理期限"),
        ):
            cases.extend(work, number=case.number, reason="情况复杂")


class TestPause:
    def pause(
        self, work: Work, case: cases.Case, kind: PauseKind = PauseKind.TESTING
    ) -> cases.Case:
        with work.acting_as(people.handler(case)):
            return cases.pause(
                work, number=case.number, kind=kind, days_needed=15, reason="送检，依据第四十五条"
            )

    def resume(self, work: Work, case: cases.Case) -> cases.Case:
        with work.acting_as(people.handler(case)):
            return cases.resume(work, number=case.number)

    def test_holds_the_clocks_and_gives_the_time_back(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.ACCEPTED)  # Promised for the 11th.
        work.now = at("2024-06-05")  # Two days used.
        paused = self.pause(work, case)
        assert clock(paused, ClockKind.PROMISED).state is ClockState.PAUSED
        assert paused.due_on is None
        assert paused.paused is not None

        work.now = at("2024-06-13")  # Five working days later, over the festival.
        with work.acting_as(people.handler(case)):
            lines = {line.clock.kind: line for line in cases.clocks(work, number=case.number)}
        assert (lines[ClockKind.PROMISED].used, lines[ClockKind.PROMISED].left) == (2, None)

        resumed = self.resume(work, case)
        assert clock(resumed, ClockKind.PROMISED).due_on == date(2024, 6, 18)
        assert clock(resumed, ClockKind.STATUTORY).due_on == date(2024, 7, 9)
        assert resumed.paused is None
        with work.acting_as(people.handler(case)):
            lines = {line.clock.kind: line for line in cases.clocks(work, number=case.number)}
        assert (lines[ClockKind.PROMISED].used, lines[ClockKind.PROMISED].left) == (2, 3)

    def test_may_come_twice_but_not_at_once(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.ACCEPTED)
        self.pause(work, case)
        with pytest.raises(cases.WrongStage, match="进入特别程序"):
            self.pause(work, case)
        work.now = at("2024-06-04")
        self.resume(work, case)
        work.now = at("2024-06-06")
        self.pause(work, case, PauseKind.EXPERT_REVIEW)
        work.now = at("2024-06-07")
        resumed = self.resume(work, case)
        assert len(resumed.pauses) == 2
        assert clock(resumed, ClockKind.PROMISED).due_on == date(2024, 6, 13)

    def test_within_one_day_costs_and_gives_nothing(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.ACCEPTED)
        self.pause(work, case)
        assert self.resume(work, case).due_on == case.due_on

    def test_no_decision_before_it_is_over(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.ACCEPTED, step=Step.APPROVING)
        self.pause(work, case, PauseKind.HEARING)
        with work.acting_as(people.approver(case)):
            with pytest.raises(cases.StillPaused, match="听证"):
                cases.decide(work, number=case.number, grant=True)
            with pytest.raises(cases.NotToBeExtended, match="特别程序尚未结束"):
                cases.extend(work, number=case.number, reason="等听证")

    def test_ends_when_the_application_is_withdrawn(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.ACCEPTED)
        self.pause(work, case)
        with work.acting_as(people.holder_of(case)):
            withdrawn = cases.withdraw(work, number=case.number, reason="不等了")
        assert withdrawn.paused is None

    @pytest.mark.parametrize(
        ("kind", "days", "words"), [("nap", 5, "没有“nap”"), ("testing", 0, "所需时间")]
    )
    def test_has_a_lawful_kind_and_a_length(
        self, work: Work, given: Given, kind: str, days: int, words: str
    ) -> None:
        case = given.case(stage=Stage.ACCEPTED)
        with work.acting_as(people.handler(case)), pytest.raises(Invalid, match=words):
            cases.pause(
                work,
                number=case.number,
                kind=kind,  # type: ignore[arg-type]
                days_needed=days,
                reason="理由",
            )


class TestNewCalendar:
    """A correction of the calendar moves every due date it concerns."""

    def stop_work(self, work: Work, first: str, last: str, region: str = "000000") -> int:
        calendar.add_stop_work(
            work,
            region=region,
            first=date.fromisoformat(first),
            last=date.fromisoformat(last),
            reason="台风停工",
        )
        (event,) = [
            entry.event
            for entry in trace(work, subject=f"calendar-{region}")
            if isinstance(entry.event, calendar.events.CalendarChanged)
        ][-1:]
        return counting.move_due_dates(work, change=event)

    def test_moves_due_dates_and_lists_them(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.ACCEPTED)
        soon = given.item(kind="20", promised=catalogue.Limit(1), statutory=None)
        early = given.case(stage=Stage.ACCEPTED, item=soon)

        moved = self.stop_work(work, "2024-06-06", "2024-06-07")

        after = cases.case(work, number=case.number)
        assert moved == 2
        assert clock(after, ClockKind.PROMISED).due_on == date(2024, 6, 13)
        assert clock(after, ClockKind.STATUTORY).due_on == date(2024, 7, 4)
        assert after.due_on == date(2024, 6, 13)
        assert cases.case(work, number=early.number) == early
        first = cases.due_date_changes(work, since=work.now, size=1)
        second = cases.due_date_changes(work, since=work.now, size=1, after=first.following)
        changes = [*first.rows, *second.rows]
        assert second.following == ""
        assert {(c.number, c.kind, str(c.before), str(c.after)) for c in changes} == {
            (case.number, "promised", "2024-06-11", "2024-06-13"),
            (case.number, "statutory", "2024-07-02", "2024-07-04"),
        }

    def test_is_told_to_the_applicant(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.ACCEPTED)
        self.stop_work(work, "2024-06-06", "2024-06-06")
        with work.acting_as(people.holder_of(case)):
            said = [line.say() for line in cases.trace(work, number=case.number)]
        assert "工作日历调整，承诺办结时限由 2024-06-11 改为 2024-06-12" in said

    def test_of_another_region_moves_nothing(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.ACCEPTED)
        assert self.stop_work(work, "2024-06-06", "2024-06-06", region="440000") == 0
        assert cases.case(work, number=case.number) == case

    def test_of_the_province_moves_what_lies_in_it(self, work: Work, given: Given) -> None:
        given.case(stage=Stage.ACCEPTED)
        assert self.stop_work(work, "2024-06-06", "2024-06-06", region="990000") == 2

    def test_reckons_pauses_and_extensions_too(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.ACCEPTED)
        with work.acting_as(people.approver(case)):
            cases.extend(work, number=case.number, reason="情况复杂")
            cases.pause(
                work, number=case.number, kind=PauseKind.TESTING, days_needed=2, reason="送检"
            )
            work.now = at("2024-06-05")
            resumed = cases.resume(work, number=case.number)
        assert clock(resumed, ClockKind.PROMISED).due_on == date(2024, 6, 27)

        self.stop_work(work, "2024-06-20", "2024-06-20")

        after = cases.case(work, number=case.number)
        assert clock(after, ClockKind.PROMISED).due_on == date(2024, 6, 28)
