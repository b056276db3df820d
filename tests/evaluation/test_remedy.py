"""Bad ratings: the rater is spoken to within a working day, and what was wrong is put right."""

from datetime import date, timedelta

import pytest

from given import Given
from given_cases import handler, holder_of, officer
from tongban import cases, evaluation
from tongban.cases import Stage
from tongban.evaluation import NoSuchRemedy, Outcome, State, WrongState
from tongban.foundation import calendar, outbox
from tongban.foundation.actor import Actor
from tongban.foundation.errors import Forbidden, Invalid
from tongban.foundation.work import Work

DAY = timedelta(days=1)


@pytest.fixture
def supervisor() -> Actor:
    return officer("evaluation.remedy", region="9901", name="监督员老陈")


def badly_rated(work: Work, case: cases.Case, stars: int = 1) -> cases.Case:
    with work.acting_as(holder_of(case)):
        evaluation.rate(
            work, case_number=case.number, stars=stars, tags=["slow"], comment="办得太慢"
        )
    return case


@pytest.fixture
def case(work: Work, given: Given) -> cases.Case:
    return badly_rated(work, given.case(stage=Stage.GRANTED))


@pytest.mark.parametrize(("stars", "opens"), [(1, True), (2, True), (3, False), (5, False)])
def test_only_a_bad_rating_opens_a_remedy(
    work: Work, given: Given, supervisor: Actor, stars: int, opens: bool
) -> None:
    case = given.case(stage=Stage.GRANTED)
    with work.acting_as(holder_of(case)):
        evaluation.rate(work, case_number=case.number, stars=stars)
    with work.acting_as(supervisor):
        assert len(evaluation.remedies(work).rows) == int(opens)


def test_the_rater_is_spoken_to_within_one_working_day_and_it_is_settled_within_fifteen(
    work: Work, case: cases.Case, supervisor: Actor
) -> None:
    with work.acting_as(supervisor):
        [remedy] = evaluation.remedies(work).rows
    assert work.today == date(2024, 6, 3)
    assert (remedy.contact_due_on, remedy.settle_due_on) == (date(2024, 6, 4), date(2024, 6, 25))
    assert (remedy.due_on, remedy.days_left) == (date(2024, 6, 4), 1)
    assert (remedy.state, remedy.stars, remedy.comment) == (State.OPEN, 1, "办得太慢")
    assert remedy.applicant == case.applicant


def test_a_remedy_goes_from_the_conversation_to_the_measure(
    work: Work, case: cases.Case, supervisor: Actor
) -> None:
    with work.acting_as(supervisor):
        contacted = evaluation.contact(
            work, case_number=case.number, outcome=Outcome.CONFIRMED, note="电话联系，确有拖延"
        )
        assert (contacted.state, contacted.due_on) == (State.CONTACTED, contacted.settle_due_on)
        work.now += 30 * DAY
        settled = evaluation.settle(work, case_number=case.number, measure="已向申请人致歉并整改")
        assert settled.state is State.SETTLED
        assert evaluation.remedies(work).rows == []

    with work.acting_as(holder_of(case)):  # The rater reads what came of it.
        assert evaluation.remedy(work, case_number=case.number).measure == "已向申请人致歉并整改"
    in_time = work._connection.execute(
        """
        select topic, body->>'in_time' from foundation.event
         where subject = %s order by id
        """,
        [f"rating-{case.number}"],
    ).fetchall()
    assert in_time == [
        ("evaluation.CaseRated", None),
        ("evaluation.RaterContacted", "true"),
        ("evaluation.RemedySettled", "false"),
    ]


def test_each_step_is_done_once_and_in_order(
    work: Work, case: cases.Case, supervisor: Actor
) -> None:
    def contact() -> None:
        evaluation.contact(
            work, case_number=case.number, outcome=Outcome.NOT_REACHED, note="三次未接"
        )

    with work.acting_as(supervisor):
        with pytest.raises(WrongState, match="待联系"):
            evaluation.settle(work, case_number=case.number, measure="整改")
        contact()
        with pytest.raises(WrongState, match="整改中"):
            contact()
        evaluation.settle(work, case_number=case.number, measure="整改")
        with pytest.raises(WrongState, match="已办结"):
            evaluation.settle(work, case_number=case.number, measure="整改")


@pytest.mark.parametrize("text", ["", "  ", "长" * 501])
def test_what_was_done_must_be_told(
    work: Work, case: cases.Case, supervisor: Actor, text: str
) -> None:
    with work.acting_as(supervisor):
        with pytest.raises(Invalid, match="处理情况"):
            evaluation.contact(work, case_number=case.number, outcome=Outcome.CONFIRMED, note=text)
        evaluation.contact(work, case_number=case.number, outcome=Outcome.CONFIRMED, note="好")
        with pytest.raises(Invalid, match="处理情况"):
            evaluation.settle(work, case_number=case.number, measure=text)


def test_the_department_that_was_rated_and_other_regions_know_of_no_remedy(
    work: Work, case: cases.Case
) -> None:
    # Even a supervisor of the department itself, and one who lacks the permission.
    own = officer("evaluation.remedy", department=case.department)
    elsewhere = officer("evaluation.remedy", region="9902")
    for actor in (own, elsewhere, handler(case)):
        with work.acting_as(actor):
            with pytest.raises(NoSuchRemedy):
                evaluation.remedy(work, case_number=case.number)
            with pytest.raises(NoSuchRemedy):
                evaluation.contact(
                    work, case_number=case.number, outcome=Outcome.CONFIRMED, note="联系"
                )
    with work.acting_as(own), pytest.raises(Forbidden):
        evaluation.remedies(work)
    with work.acting_as(elsewhere):
        assert evaluation.remedies(work).rows == []
    with work.acting_as(officer(region="9901")):
        for look in (evaluation.remedies, lambda w: evaluation.remedy(w, case_number=case.number)):
            with pytest.raises(Forbidden):
                look(work)


def test_the_rater_sees_the_remedy_but_does_not_settle_it(work: Work, case: cases.Case) -> None:
    with work.acting_as(holder_of(case)):
        assert evaluation.remedy(work, case_number=case.number).state is State.OPEN
        with pytest.raises((Forbidden, NoSuchRemedy)):
            evaluation.contact(work, case_number=case.number, outcome=Outcome.CONFIRMED, note="我")


def test_the_most_urgent_remedies_come_first(work: Work, given: Given, supervisor: Actor) -> None:
    numbers = []
    for _ in range(3):
        numbers.append(badly_rated(work, given.case(stage=Stage.GRANTED), 2).number)
        work.now += DAY
    with work.acting_as(supervisor):
        # Once spoken to, there are two more weeks.
        evaluation.contact(work, case_number=numbers[0], outcome=Outcome.CONFIRMED, note="已联系")
        first = evaluation.remedies(work, size=2)
        rest = evaluation.remedies(work, size=2, after=first.following)
    assert [line.case_number for line in first.rows] == [numbers[1], numbers[2]]
    assert [line.case_number for line in rest.rows] == [numbers[0]]
    assert [line.days_left for line in (*first.rows, *rest.rows)] == [-1, 0, 12]


def test_limits_move_with_the_calendar(work: Work, case: cases.Case, supervisor: Actor) -> None:
    tuesday = date(2024, 6, 4)
    calendar.add_stop_work(work, region="990100", first=tuesday, last=tuesday, reason="台风停工")
    while outbox.deliver_next(work):
        pass

    with work.acting_as(supervisor):
        remedy = evaluation.remedy(work, case_number=case.number)
    assert (remedy.contact_due_on, remedy.settle_due_on) == (date(2024, 6, 5), date(2024, 6, 26))

    with work.acting_as(supervisor):
        evaluation.contact(work, case_number=case.number, outcome=Outcome.CONFIRMED, note="已联系")
        evaluation.settle(work, case_number=case.number, measure="已整改")
    calendar.withdraw_day(work, region="990100", day=tuesday, reason="恢复")
    while outbox.deliver_next(work):
        pass
    with work.acting_as(supervisor):  # What is settled is history.
        assert evaluation.remedy(work, case_number=case.number).contact_due_on == date(2024, 6, 5)
