"""Intake at the counter: an officer files for whoever stands there with papers."""

from datetime import timedelta

import pytest

import given_cases as people
from given import Given
from tongban import cases, catalogue, documents, identity
from tongban.cases import Channel, ClockKind, Filled, MaterialState, Stage, Step
from tongban.foundation.actor import Actor
from tongban.foundation.errors import Forbidden, Invalid
from tongban.foundation.trace import trace
from tongban.foundation.work import Work

FILLED = Filled(
    answers={"shop_name": "新港小吃店", "contact_name": "", "opening": ""},
    delivery={"way": "pick_up"},
)


def clerk_of(item: catalogue.Item) -> Actor:
    return people.officer("cases.accept", department=item.department, name="窗口小李")


def received(
    work: Work,
    item: catalogue.Item,
    holder: str,
    *,
    by: Actor | None = None,
    filled: Filled = FILLED,
) -> cases.Case:
    with work.acting_as(by or clerk_of(item)):
        return cases.receive(
            work,
            item_code=item.code,
            holder=holder,
            filled=filled,
            seen=["application"],
            declared=True,
        )


def test_what_is_taken_in_at_the_counter_is_a_case_like_any_other(work: Work, given: Given) -> None:
    person, item = given.person(), given.item()
    clerk = clerk_of(item)

    case = received(work, item, person.id, by=clerk)

    assert (case.stage, case.channel) == (Stage.SUBMITTED, Channel.COUNTER)
    assert (case.holder, case.acting) == (person.id, clerk.id)
    assert case.clock is not None
    assert case.clock.kind is ClockKind.NOTICE
    assert case == cases.case(work, number=case.number)
    (entry,) = trace(work, subject=case.number)
    assert isinstance(entry.event, cases.events.CaseSubmitted)
    assert (entry.event.channel, entry.actor) == ("counter", clerk.id)


def test_a_paper_original_that_was_seen_is_checked(work: Work, given: Given) -> None:
    case = received(work, given.item(), given.person().id)

    application, layout = case.materials
    assert application.state is MaterialState.CHECKED
    assert application.note == "窗口核验纸质原件"
    assert layout.state is MaterialState.MISSING


def test_the_system_fills_in_what_the_register_knows(work: Work, given: Given) -> None:
    person = given.person(name="欧阳小明")
    case = received(work, given.item(), person.id)

    with work.acting_as(people.holder_of(case)):
        answers = {each.key: each.text for each in cases.answers(work, number=case.number)}
    assert answers == {"shop_name": "新港小吃店", "contact_name": "欧阳小明"}
    with work.acting_as(people.clerk(case)):
        shown = {each.key: each.text for each in cases.answers(work, number=case.number)}
    assert shown["contact_name"] == "欧***"


def test_what_the_clerk_types_goes_before_the_register(work: Work, given: Given) -> None:
    person, item = given.person(name="欧阳小明"), given.item()
    typed = Filled(
        answers={"shop_name": "小吃店", "contact_name": "欧阳大明"}, delivery={"way": "pick_up"}
    )
    case = received(work, item, person.id, filled=typed)

    with work.acting_as(people.holder_of(case)):
        answers = {each.key: each.text for each in cases.answers(work, number=case.number)}
    assert answers["contact_name"] == "欧阳大明"


def test_everything_that_is_missing_or_wrong_is_named(work: Work, given: Given) -> None:
    question = catalogue.Question(
        "size", "面积多大？", (catalogue.Choice("small", "小"), catalogue.Choice("big", "大"))
    )
    deed = catalogue.Material(key="deed", name="不动产权证书", upload=False)
    item = given.item(questions=(question,), materials=(deed,))

    with work.acting_as(clerk_of(item)), pytest.raises(Invalid) as refused:
        cases.receive(
            work, item_code=item.code, holder=given.person().id, filled=Filled(), declared=False
        )

    assert [problem.field for problem in refused.value.problems] == [
        "choice.size",
        "shop_name",
        "material.deed",
        "delivery.way",
        "declared",
    ]
    assert work.value("select count(*) from cases.case_file") == 0


def test_a_scan_counts_as_well_as_the_original(work: Work, given: Given) -> None:
    person, item = given.person(), given.item()
    clerk = clerk_of(item)
    scan = people.upload(work, by=clerk, holder=person.id)

    with work.acting_as(clerk):
        case = cases.receive(
            work,
            item_code=item.code,
            holder=person.id,
            filled=Filled(
                answers=FILLED.answers,
                materials={"application": (scan,)},
                delivery=FILLED.delivery,
            ),
            declared=True,
        )
        files = documents.files_of_case(work, case_number=case.number)

    assert case.materials[0].state is MaterialState.PROVIDED
    assert [str(file.id) for file in files] == [scan]


def test_a_paper_of_somebody_else_is_not_taken(work: Work, given: Given) -> None:
    person, other, item = given.person(), given.person(name="李四"), given.item()
    clerk = clerk_of(item)
    scan = people.upload(work, by=clerk, holder=other.id)
    filled = Filled(
        answers=FILLED.answers, materials={"application": (scan,)}, delivery=FILLED.delivery
    )

    with pytest.raises(documents.NoSuchFile):
        received(work, item, person.id, by=clerk, filled=filled)


def test_only_the_counter_of_the_department_takes_in(work: Work, given: Given) -> None:
    person, item = given.person(), given.item()
    elsewhere = people.officer("cases.accept", department="elsewhere")
    handler = people.officer("cases.review", department=item.department)
    for actor in (elsewhere, handler, person):
        with pytest.raises(Forbidden):
            received(work, item, person.id, by=actor)


def test_a_counter_for_the_whole_region_takes_in_for_every_department(
    work: Work, given: Given
) -> None:
    item = given.item()
    clerk = people.officer("cases.accept", region="9901")

    assert received(work, item, given.person().id, by=clerk).department == item.department


def test_a_suspended_service_is_not_taken_in(work: Work, given: Given) -> None:
    item = given.item(status=catalogue.Status.SUSPENDED)
    with pytest.raises(cases.NotReceived, match="已经暂停或者取消"):
        received(work, item, given.person().id)


def test_nobody_unknown_is_filed_for(work: Work, given: Given) -> None:
    with pytest.raises(identity.NoSuchHolder):
        received(work, given.item(), "p-unknown")


def test_the_draft_that_a_person_keeps_online_stays(work: Work, given: Given) -> None:
    person, item = given.person(), given.item()
    with work.acting_as(person):
        cases.save_draft(work, item_code=item.code, holder=person.id, filled=Filled())

    received(work, item, person.id)

    with work.acting_as(person):
        assert len(cases.drafts(work)) == 1
        assert len(cases.own(work).rows) == 1


def test_a_firm_is_filed_for_by_its_public_name(work: Work, given: Given) -> None:
    firm = given.organisation(name="海州星河餐饮有限公司")
    assert received(work, given.item(), firm.id).applicant == "海州星河餐饮有限公司"


def test_the_code_is_shown_for_a_while_to_whoever_took_the_case_in(
    work: Work, given: Given
) -> None:
    item = given.item()
    clerk, colleague = clerk_of(item), clerk_of(item)
    case = received(work, item, given.person().id, by=clerk)
    with work.acting_as(people.holder_of(case)):
        code = cases.query_code(work, number=case.number)

    with work.acting_as(clerk):
        assert cases.code_to_hand_over(work, case=case) == code
    with work.acting_as(colleague):
        assert cases.code_to_hand_over(work, case=case) == ""
    work.now += timedelta(minutes=11)
    with work.acting_as(clerk):
        assert cases.code_to_hand_over(work, case=case) == ""


def test_corrections_are_brought_to_the_counter_on_paper(work: Work, given: Given) -> None:
    case = given.case(stage=Stage.CORRECTING)

    with work.acting_as(people.clerk(case)):
        after = cases.correct(
            work, number=case.number, filled=Filled(), seen=[case.materials[0].key]
        )

    assert after.stage is Stage.SUBMITTED
    assert after.materials[0].state is MaterialState.CHECKED
    assert after.materials[0].note == "窗口核验纸质原件"


def test_an_applicant_has_not_seen_their_own_originals(work: Work, given: Given) -> None:
    case = given.case(stage=Stage.CORRECTING)
    with work.acting_as(people.holder_of(case)), pytest.raises(Forbidden):
        cases.correct(work, number=case.number, filled=Filled(), seen=[case.materials[0].key])


def test_the_counter_sees_the_cases_of_a_person_in_its_own_department(
    work: Work, given: Given
) -> None:
    person = given.person()
    other = given.department(name="海州市公安局")
    ours = given.submitted_case(by=person)
    given.submitted_case(
        by=person, item=given.item(department=other.code, department_name=other.name)
    )
    given.submitted_case(by=given.person(name="李四"), item=given.item())

    with work.acting_as(people.clerk(ours)):
        assert [line.number for line in cases.of_holder(work, holder=person.id).rows] == [
            ours.number
        ]
    with work.acting_as(person), pytest.raises(Forbidden):
        cases.of_holder(work, holder=person.id)


def test_the_cases_of_a_person_are_read_page_by_page(work: Work, given: Given) -> None:
    person, made = given.person(), []
    for _ in range(3):
        made.append(given.submitted_case(by=person).number)
        work.now += timedelta(hours=1)

    with work.acting_as(people.officer(region="")):
        first = cases.of_holder(work, holder=person.id, size=2)
        rest = cases.of_holder(work, holder=person.id, size=2, after=first.following)
    assert [line.number for line in [*first.rows, *rest.rows]] == made[::-1]


def opined(work: Work, case: cases.Case, by: Actor) -> cases.Case:
    work.now += timedelta(hours=1)
    with work.acting_as(by):
        return cases.review(work, number=case.number, opinion="符合条件", agree=True)


def test_what_an_officer_has_done_stands_in_their_list_once_for_each_case(
    work: Work, given: Given
) -> None:
    item = given.item()
    handler = people.officer("cases.review", department=item.department)
    first, second, untouched = (
        given.case(stage=Stage.ACCEPTED, item=item, by=given.person()) for _ in range(3)
    )
    opined(work, first, handler)
    opined(work, second, handler)
    with work.acting_as(people.handler(first)):
        cases.send_back(work, number=first.number, reason="再看看面积")
    opined(work, first, handler)

    with work.acting_as(handler):
        page = cases.done(work, size=1)
        rest = cases.done(work, size=1, after=page.following)
    lines = [*page.rows, *rest.rows]
    assert [line.number for line in lines] == [first.number, second.number]
    assert {line.step for line in lines} == {Step.HANDLING}
    assert untouched.number not in [line.number for line in lines]
    with work.acting_as(people.handler(first)):
        assert cases.done(work).rows == []


def test_what_is_done_is_found_along_its_index(work: Work) -> None:
    work.run("set local enable_seqscan = off")
    plan = work.value(
        """
        explain (format json)
        select number from cases.opinion where officer = 'o-1' order by given_at desc, number desc
        """
    )
    assert "opinion_officer" in str(plan)


def test_whoever_handled_a_case_does_not_review_it(work: Work, given: Given) -> None:
    case = given.case(stage=Stage.ACCEPTED)
    handler = people.handler(case)
    opined(work, case, handler)

    with pytest.raises(cases.FourEyes, match="不能审核、批准自己承办过的办件"):
        opined(work, case, handler)
    assert opined(work, case, people.handler(case)).step is Step.APPROVING


def test_having_handled_it_once_is_enough_even_if_it_was_handled_anew(
    work: Work, given: Given
) -> None:
    case = given.case(stage=Stage.ACCEPTED)
    handler = people.officer("cases.review", "cases.decide", department=case.department)
    opined(work, case, handler)
    with work.acting_as(people.handler(case)):
        cases.send_back(work, number=case.number, reason="再看看面积")
    opined(work, case, people.handler(case))

    with pytest.raises(cases.FourEyes):
        opined(work, case, handler)
    opined(work, case, people.handler(case))
    with work.acting_as(handler), pytest.raises(cases.FourEyes):
        cases.decide(work, number=case.number, grant=True)


def test_the_worklist_marks_what_one_has_handled_oneself(work: Work, given: Given) -> None:
    case = given.case(stage=Stage.ACCEPTED)
    handler = people.handler(case)
    opined(work, case, handler)

    with work.acting_as(handler):
        assert [line.own for line in cases.worklist(work).rows] == [True]
    with work.acting_as(people.handler(case)):
        assert [line.own for line in cases.worklist(work).rows] == [False]
