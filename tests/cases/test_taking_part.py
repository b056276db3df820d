"""Who has a step in a case of another unit sees what the step needs, and nobody else does."""

from uuid import UUID

import pytest

import given_cases as people
from cases.test_courses import brought_to, standing, submitted
from given import Given
from tongban import cases, documents, identity
from tongban.foundation.actor import Actor
from tongban.foundation.trace import trace
from tongban.foundation.work import Work

PLANNING, TRAFFIC, SCHOOLS = "AL-ZRGH", "AL-GA", "AL-JY"


def at_planning(work: Work, given: Given) -> cases.Case:
    case = submitted(work, given, "parallel-departments")
    brought_to(work, case, "规划部门意见")
    return cases.case(work, number=case.number)


def handler(department: str, name: str = "") -> Actor:
    return people.officer("process.work", "role.handler", department=department, name=name)


def file_of(case: cases.Case) -> UUID:
    return UUID(next(file for one in case.materials for file in one.files))


def does(work: Work, case: cases.Case, actor: Actor, step: str) -> None:
    [item] = [one.item for one in standing(work, case) if one.name == step]
    with work.acting_as(actor):
        cases.do_step(work, item=item, said=cases.Said(True, "同意", {"conditions": "无"}))


def test_an_open_step_lets_its_unit_see_the_papers_and_every_look_is_recorded(
    work: Work, given: Given
) -> None:
    case = at_planning(work, given)
    theirs = handler(PLANNING, "规划小周")
    with work.acting_as(theirs):
        with pytest.raises(documents.NoSuchFile):  # By the file alone there is no way to it.
            documents.look_at(work, id=file_of(case))
        part = cases.part(work, number=case.number)
        assert [one.material.name for one in part.papers] == [one.name for one in case.materials]
        listed = {str(file.id) for one in part.papers for file in one.files}
        assert listed == {file for one in case.materials for file in one.files}
        assert not part.own_case
        file, content = cases.open_part_file(work, number=case.number, file=file_of(case))
        assert content.startswith(b"%PDF")
        cases.open_part_file(work, number=case.number, file=file_of(case))

    with work.acting_as(people.holder_of(case)):
        looks = identity.looks(work, holder=case.holder)
    assert [(one.officer_name, one.field, one.reason) for one in looks] == [
        ("规划小周", "file.upload", case.number)
    ] * 2
    opened = [one for one in trace(work, subject=case.number) if one.topic.endswith("FileOpened")]
    assert [one.actor_name for one in opened] == ["规划小周"] * 2
    assert file.case_number == case.number


def test_who_did_a_step_sees_the_papers_after_it_and_a_colleague_does_not(
    work: Work, given: Given
) -> None:
    case = at_planning(work, given)
    theirs, colleague = handler(PLANNING), handler(PLANNING)
    does(work, case, theirs, "规划部门意见")
    with work.acting_as(theirs):
        assert cases.part(work, number=case.number).papers
        assert cases.open_part_file(work, number=case.number, file=file_of(case))
        [line] = cases.done_steps(work).rows
        assert (line.number, line.step_name, line.agree) == (case.number, "规划部门意见", True)
    with work.acting_as(colleague):
        assert cases.done_steps(work).rows == []
        with pytest.raises(cases.NoSuchCase):
            cases.part(work, number=case.number)
        with pytest.raises(cases.NoSuchCase):
            cases.open_part_file(work, number=case.number, file=file_of(case))


def test_who_left_the_unit_or_lost_the_role_sees_nothing_any_more(work: Work, given: Given) -> None:
    case = at_planning(work, given)
    theirs = handler(PLANNING)
    does(work, case, theirs, "规划部门意见")
    moved = Actor(theirs.id, theirs.name, grants=handler(SCHOOLS).grants)
    with work.acting_as(moved), pytest.raises(cases.NoSuchCase):
        cases.part(work, number=case.number)


@pytest.mark.parametrize(
    "stranger",
    [
        people.officer("process.work", "role.handler", department=SCHOOLS),
        people.officer("process.work", "role.clerk", department=PLANNING),
        Actor("o-x", "无", grants=()),
        people.officer("process.operate", "process.watch", department=PLANNING),
    ],
    ids=["unit without a step", "another role", "no role", "operator"],
)
def test_nobody_else_sees_the_papers(work: Work, given: Given, stranger: Actor) -> None:
    case = at_planning(work, given)
    with work.acting_as(stranger):
        with pytest.raises(cases.NoSuchCase):
            cases.part(work, number=case.number)
        with pytest.raises(cases.NoSuchCase):
            cases.open_part_file(work, number=case.number, file=file_of(case))
    with work.acting_as(people.holder_of(case)), pytest.raises(cases.NoSuchCase):
        cases.part(work, number=case.number)


def test_a_step_opens_the_papers_of_its_own_case_only(work: Work, given: Given) -> None:
    case, other = at_planning(work, given), given.submitted_case()
    with work.acting_as(handler(PLANNING)), pytest.raises(documents.NoSuchFile):
        cases.open_part_file(work, number=case.number, file=file_of(other))


def test_a_step_that_is_over_for_everybody_opens_nothing(work: Work, given: Given) -> None:
    case = at_planning(work, given)
    with work.acting_as(people.holder_of(case)):
        cases.withdraw(work, number=case.number, reason="不办了")
    with work.acting_as(handler(TRAFFIC)), pytest.raises(cases.NoSuchCase):
        cases.part(work, number=case.number)
