"""Each act by example: what it does, whom it asks, what it refuses."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

import given_cases as people
from given import Given
from tongban import cases, catalogue, documents
from tongban.cases import Act, ClockKind, ClockState, Desk, MaterialState, Stage, Step
from tongban.foundation.actor import Actor
from tongban.foundation.errors import Forbidden, Invalid
from tongban.foundation.trace import trace
from tongban.foundation.work import Work

Do = Callable[[Work, str], object]

# Every act with arguments that would do, were the case where the act belongs.
ACTS: dict[Act, Do] = {
    Act.ACCEPT: lambda work, n: cases.accept(work, number=n),
    Act.REQUEST_CORRECTION: lambda work, n: cases.request_correction(
        work, number=n, missing=[("application", "缺签名")]
    ),
    Act.DECLINE: lambda work, n: cases.decline(work, number=n, reason="不归我们管"),
    Act.CORRECT: lambda work, n: cases.correct(work, number=n, filled=cases.Filled()),
    Act.WITHDRAW: lambda work, n: cases.withdraw(work, number=n, reason="不办了"),
    Act.REVIEW: lambda work, n: cases.review(work, number=n, opinion="好", agree=True),
    Act.SEND_BACK: lambda work, n: cases.send_back(work, number=n, reason="再看看"),
    Act.EXTEND: lambda work, n: cases.extend(work, number=n, reason="情况复杂"),
    Act.PAUSE: lambda work, n: cases.pause(
        work, number=n, kind=cases.PauseKind.HEARING, days_needed=10, reason="当事人申请"
    ),
    Act.RESUME: lambda work, n: cases.resume(work, number=n),
    Act.GRANT: lambda work, n: cases.decide(work, number=n, grant=True),
    Act.REFUSE: lambda work, n: cases.decide(work, number=n, grant=False, reason="不符合"),
    Act.DELIVER: lambda work, n: cases.deliver(work, number=n, way="online"),
    Act.CLOSE: lambda work, n: cases.close(work, number=n),
}
BY_THE_LAW_ITSELF = {Act.DEEM_ACCEPTED, Act.DEEM_WITHDRAWN}


def last_event(work: Work, case: cases.Case) -> object:
    return trace(work, subject=case.number)[-1].event


@pytest.mark.parametrize("stage", list(Stage))
def test_a_case_comes_to_every_stage(work: Work, given: Given, stage: Stage) -> None:
    case = given.case(stage=stage)

    assert case.stage is stage
    assert cases.case(work, number=case.number) == case


@pytest.mark.parametrize("stage", list(Stage))
def test_an_act_in_the_wrong_stage_is_refused(work: Work, given: Given, stage: Stage) -> None:
    case = given.case(stage=stage)
    for act, do in ACTS.items():
        if act not in cases.MOVES[stage]:
            with pytest.raises(cases.WrongStage):
                do(work, case.number)
    assert set(ACTS) | BY_THE_LAW_ITSELF == set(Act)
    assert cases.case(work, number=case.number) == case


@pytest.mark.parametrize("act", list(ACTS))
def test_an_act_asks_for_permission_in_the_department_of_the_case(
    work: Work, given: Given, act: Act
) -> None:
    case = given.submitted_case()
    reader = people.officer(department=case.department)
    stranger = people.officer(
        "cases.accept", "cases.review", "cases.decide", "cases.deliver", department="elsewhere"
    )
    for actor, refusal in ((reader, Forbidden), (stranger, cases.NoSuchCase)):
        with work.acting_as(actor), pytest.raises(refusal):
            ACTS[act](work, case.number)


def test_a_person_has_no_officers_permissions(work: Work, given: Given) -> None:
    case = given.submitted_case()
    with work.acting_as(people.holder_of(case)), pytest.raises(Forbidden):
        cases.accept(work, number=case.number)


def test_an_act_on_a_stale_page_is_refused_and_told_what_changed(work: Work, given: Given) -> None:
    case = given.submitted_case()
    with work.acting_as(people.clerk(case)):
        cases.accept(work, number=case.number, revision=case.revision)

    with (
        work.acting_as(people.clerk(case)),
        pytest.raises(cases.StalePage, match="窗口小李：受理申请"),
    ):
        cases.decline(work, number=case.number, reason="迟了", revision=case.revision)


class TestAccepting:
    def test_starts_the_statutory_and_the_promised_limit(self, work: Work, given: Given) -> None:
        case = given.submitted_case(
            item=given.item(statutory=catalogue.Limit(20), promised=catalogue.Limit(5))
        )
        with work.acting_as(people.clerk(case)):
            accepted = cases.accept(work, number=case.number)

        clocks = {clock.kind: clock for clock in accepted.clocks}
        assert accepted.step is Step.HANDLING
        assert clocks[ClockKind.NOTICE].state is ClockState.MET
        # Monday the 3rd plus five working days; the 10th was the Dragon Boat Festival.
        assert clocks[ClockKind.PROMISED].due_on == date(2024, 6, 11) == accepted.due_on
        assert clocks[ClockKind.STATUTORY].due_on == date(2024, 7, 2)

    def test_waits_for_required_materials(self, work: Work, given: Given) -> None:
        item = given.item(
            materials=(catalogue.Material(key="paper", name="纸质原件", upload=False),)
        )
        case = given.submitted_case(item=item)
        with work.acting_as(people.clerk(case)):
            with pytest.raises(cases.MaterialsMissing, match="纸质原件"):
                cases.accept(work, number=case.number)
            accepted = cases.accept(work, number=case.number, checked=["paper"])

        assert [m.state for m in accepted.materials] == [MaterialState.CHECKED]

    def test_does_not_wait_for_what_is_exempt_optional_or_deferrable(
        self, work: Work, given: Given
    ) -> None:
        item = given.item(
            materials=(
                catalogue.Material(key="id", name="身份证", exempt=True),
                catalogue.Material(key="plan", name="平面图", need=catalogue.Need.OPTIONAL),
                catalogue.Material(key="lease", name="租赁合同", need=catalogue.Need.DEFERRABLE),
            )
        )
        case = given.submitted_case(item=item)
        with work.acting_as(people.clerk(case)):
            assert cases.accept(work, number=case.number).stage is Stage.ACCEPTED

    def test_of_an_item_without_limits_starts_no_clock(self, given: Given) -> None:
        item = given.item(kind="20", statutory=None, promised=None)
        case = given.case(stage=Stage.ACCEPTED, item=item)
        assert case.due_on is None
        assert case.clock is None

    def test_of_a_licence_without_a_published_limit_goes_by_the_law(self, given: Given) -> None:
        item = given.item(kind="01", statutory=None, promised=None)
        case = given.case(stage=Stage.ACCEPTED, item=item)
        assert case.clock is not None
        assert (case.clock.amount, case.clock.basis) == (20, "《行政许可法》第四十二条")


class TestCorrecting:
    def test_names_what_is_wrong_and_gives_time(self, work: Work, given: Given) -> None:
        case = given.submitted_case()
        missing = [("application", "缺少签名，请签名后重新扫描"), ("shop_name", "与执照不一致")]
        with work.acting_as(people.clerk(case)):
            asked = cases.request_correction(work, number=case.number, missing=missing)

        assert asked.stage is Stage.CORRECTING
        assert [(c.label, c.of) for c in asked.to_correct] == [
            ("食品经营许可申请书", "material"),
            ("店铺名称", "field"),
        ]
        assert asked.materials[0].state is MaterialState.TO_CORRECT
        assert asked.materials[0].note == "缺少签名，请签名后重新扫描"
        assert asked.due_on == date(2024, 6, 25)  # Fifteen working days.

    @pytest.mark.parametrize(
        ("missing", "words"),
        [
            ([], "请至少列出一项需要补正的内容"),
            ([("shoe", "换一双")], "没有“shoe”这项材料或信息"),
            ([("application", "  ")], "请写明“食品经营许可申请书”需要补正什么"),
        ],
    )
    def test_says_exactly_what(
        self, work: Work, given: Given, missing: list[tuple[str, str]], words: str
    ) -> None:
        case = given.submitted_case()
        with work.acting_as(people.clerk(case)), pytest.raises(Invalid, match=words):
            cases.request_correction(work, number=case.number, missing=missing)

    def test_puts_it_right_and_the_notice_clock_starts_anew(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.CORRECTING)
        work.now += timedelta(days=2)
        with work.acting_as(people.holder_of(case)):
            again = people.upload(work, by=people.holder_of(case))
            corrected = cases.correct(
                work,
                number=case.number,
                filled=cases.Filled(
                    answers={"shop_name": "星河小吃店"}, materials={"application": (again,)}
                ),
            )
            assert "星河小吃店" in [a.text for a in cases.answers(work, number=case.number)]

        assert corrected.stage is Stage.SUBMITTED
        assert corrected.to_correct == ()
        assert corrected.materials[0].files == (again,)
        assert corrected.materials[0].state is MaterialState.PROVIDED
        assert corrected.materials_complete_at == work.now
        assert corrected.due_on == date(2024, 6, 13)  # Wednesday plus five, over the festival.
        assert [c.turn for c in corrected.clocks if c.kind is ClockKind.NOTICE] == [1, 2]

    def test_asks_again_for_what_did_not_come(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.CORRECTING)
        with work.acting_as(people.holder_of(case)), pytest.raises(Invalid) as refused:
            cases.correct(work, number=case.number, filled=cases.Filled(answers={"shop_name": ""}))
        assert {p.field for p in refused.value.problems} == {"shop_name", "material.application"}

    def test_the_counter_takes_it_in_for_the_applicant(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.CORRECTING)
        clerk = people.clerk(case)
        with work.acting_as(clerk):
            again = people.upload(work, by=clerk, holder=case.holder)
            filled = cases.Filled(materials={"application": (again,)})
            assert cases.correct(work, number=case.number, filled=filled).desk is Desk.INTAKE

    def test_a_file_that_is_none_does_not_exist(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.CORRECTING)
        filled = cases.Filled(materials={"application": ("../etc/passwd",)})
        with work.acting_as(people.holder_of(case)), pytest.raises(documents.NoSuchFile):
            cases.correct(work, number=case.number, filled=filled)


class TestEndingEarly:
    def test_declining_says_why_and_where_to_go(self, work: Work, given: Given) -> None:
        case = given.submitted_case()
        with work.acting_as(people.clerk(case)):
            with pytest.raises(Invalid, match="请写明不予受理的理由"):
                cases.decline(work, number=case.number, reason=" ")
            declined = cases.decline(
                work, number=case.number, reason="属于城管局职权", where_to_go="城管局窗口"
            )
        assert (declined.stage, declined.reason) == (Stage.NOT_ACCEPTED, "属于城管局职权")
        assert declined.desk is Desk.NONE
        event = last_event(work, case)
        assert isinstance(event, cases.events.CaseDeclined)
        assert event.where_to_go == "城管局窗口"

    @pytest.mark.parametrize("stage", [Stage.SUBMITTED, Stage.CORRECTING, Stage.ACCEPTED])
    def test_withdrawing_stops_the_clocks(self, work: Work, given: Given, stage: Stage) -> None:
        case = given.case(stage=stage)
        with work.acting_as(people.holder_of(case)):
            withdrawn = cases.withdraw(work, number=case.number, reason="不开店了")
        assert withdrawn.stage is Stage.WITHDRAWN
        assert not any(clock.open for clock in withdrawn.clocks)
        assert withdrawn.due_on is None

    def test_nobody_withdraws_the_case_of_another(self, work: Work, given: Given) -> None:
        case = given.submitted_case()
        other = replace(people.holder_of(case), id="p-0", holders=("p-0",))
        with work.acting_as(other), pytest.raises(cases.NoSuchCase):
            cases.withdraw(work, number=case.number, reason="捣乱")


class TestDeciding:
    def test_passes_three_pairs_of_eyes(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.ACCEPTED)
        handler, reviewer, approver = (
            people.handler(case),
            people.handler(case),
            people.approver(case),
        )
        with work.acting_as(handler):
            case = cases.review(work, number=case.number, opinion="符合条件", agree=True)
            assert (case.step, case.handler) == (Step.REVIEWING, handler.id)
        with work.acting_as(reviewer):
            case = cases.review(work, number=case.number, opinion="面积存疑", agree=False)
            assert case.step is Step.APPROVING
        with work.acting_as(approver):
            case = cases.decide(work, number=case.number, grant=True, revision=case.revision)
            opinions = cases.opinions(work, number=case.number)

        assert (case.stage, case.decision) == (Stage.GRANTED, "granted")
        assert [(o.step, o.agree, o.officer) for o in opinions] == [
            (Step.HANDLING, True, handler.id),
            (Step.REVIEWING, False, reviewer.id),
            (Step.APPROVING, True, approver.id),
        ]
        assert case.due_on == date(2024, 6, 18)  # Ten working days to deliver.

    def test_nobody_approves_what_they_have_handled(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.ACCEPTED)
        both = people.approver(case)
        with work.acting_as(both):
            cases.review(work, number=case.number, opinion="同意", agree=True)
        with work.acting_as(people.handler(case)):
            cases.review(work, number=case.number, opinion="同意", agree=True)
        with work.acting_as(both), pytest.raises(cases.FourEyes):
            cases.decide(work, number=case.number, grant=True)

    def test_goes_back_to_the_handler_when_something_was_overlooked(
        self, work: Work, given: Given
    ) -> None:
        case = given.case(stage=Stage.ACCEPTED, step=Step.APPROVING)
        with work.acting_as(people.approver(case)):
            back = cases.send_back(work, number=case.number, reason="请核实面积")
        assert back.step is Step.HANDLING
        assert back.due_on == case.due_on  # The time runs on.

    def test_an_instant_item_is_decided_by_its_handler(self, work: Work, given: Given) -> None:
        item = given.item(handling=catalogue.Handling.INSTANT, promised=catalogue.Limit(1))
        case = given.case(stage=Stage.ACCEPTED, item=item)
        handler = people.handler(case)
        with work.acting_as(handler):
            decided = cases.decide(work, number=case.number, grant=True)
        assert (decided.stage, decided.handler) == (Stage.GRANTED, handler.id)

    def test_a_reviewer_may_not_decide(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.ACCEPTED, step=Step.APPROVING)
        with work.acting_as(people.handler(case)), pytest.raises(Forbidden):
            cases.decide(work, number=case.number, grant=True)

    def test_a_refusal_gives_its_reasons(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.ACCEPTED, step=Step.APPROVING)
        with work.acting_as(people.approver(case)):
            with pytest.raises(Invalid, match="请写明不予许可的理由"):
                cases.decide(work, number=case.number, grant=False, reason="")
            refused = cases.decide(work, number=case.number, grant=False, reason="离学校太近")
        assert (refused.stage, refused.reason) == (Stage.REFUSED, "离学校太近")

    def test_too_late_is_recorded_as_such(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.ACCEPTED, step=Step.APPROVING)
        work.now += timedelta(days=9)
        with work.acting_as(people.approver(case)):
            decided = cases.decide(work, number=case.number, grant=True)
        states = {clock.kind: clock.state for clock in decided.clocks}
        assert states[ClockKind.PROMISED] is ClockState.LATE
        assert states[ClockKind.STATUTORY] is ClockState.MET
        event = last_event(work, case)
        assert isinstance(event, cases.events.CaseDecided)
        assert not event.in_time


class TestDelivering:
    def test_notes_the_way_and_who_received_it(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.GRANTED)
        with work.acting_as(people.clerk(case)):
            done = cases.deliver(work, number=case.number, way="pick_up", receiver="张小明")
        assert (done.stage, done.way, done.receiver) == (Stage.DELIVERED, "pick_up", "张*明")
        assert done.decision == "granted"
        assert not any(clock.open for clock in done.clocks)

    @pytest.mark.parametrize(
        ("way", "receiver", "field"),
        [("pigeon", "张", "way"), ("post", " ", "receiver"), ("pick_up", "张" * 51, "receiver")],
    )
    def test_asks_for_both(
        self, work: Work, given: Given, way: str, receiver: str, field: str
    ) -> None:
        case = given.case(stage=Stage.REFUSED)
        with work.acting_as(people.clerk(case)), pytest.raises(Invalid) as refused:
            cases.deliver(work, number=case.number, way=way, receiver=receiver)
        assert [p.field for p in refused.value.problems] == [field]

    def test_then_the_case_is_filed_away(self, work: Work, given: Given) -> None:
        case = given.case(stage=Stage.DELIVERED)
        actor: Actor = people.clerk(case)
        with work.acting_as(actor):
            assert cases.close(work, number=case.number).closed_at == work.now
