"""Doing a step of a process that is none of the acts of a case: an opinion, and its form."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tongban import process
from tongban.cases import queries, store
from tongban.cases.commands.act import TEXT_MAX, of_case
from tongban.cases.commands.course import at_step, followed
from tongban.cases.events import CaseStepDone
from tongban.cases.model import Case, Opinion, Step, form
from tongban.cases.queries.stepform import form_of
from tongban.foundation.actor import SYSTEM
from tongban.foundation.errors import Conflict, Invalid, Problem
from tongban.foundation.work import Work
from tongban.process import ItemKey, Standing


class DoneOnTheCase(Conflict):
    message = "“{step}”在办件页面上办理，请从待办列表打开办件"


@dataclass(frozen=True, slots=True)
class Said:
    """What is given at a step: the conclusion, the opinion, and the fields of the step's form."""

    agree: bool
    opinion: str
    answers: Mapping[str, Any]


def do_step(work: Work, *, item: ItemKey, said: Said) -> Case:
    """Do a step of the process of a case. What was filled in become variables of the process.

    Beside the fields there is ``<node>_agree``, so that branches which run at the same time do not
    hide each other's conclusion. A department that takes part sees the case only through its step.

    :raises NoSuchItem: if it is not open any more.
    :raises Forbidden, SameHand, TakenByAnother: if it is not for the actor.
    :raises DoneOnTheCase: if an act of the case completes it.
    :raises Invalid: without an opinion, or for what is wrong in the form.
    """
    step = process.open_item(work, item=item)
    work.actor.must("process.work", department=step.department, region=item.instance.region)
    if step.attributes.act:
        raise DoneOnTheCase(step=step.name)
    given = _checked(step, said)
    with work.acting_as(SYSTEM):
        store.hold(work, step.number)
        case = queries.load(work, number=step.number)
    data = {**given, f"{step.node}_agree": said.agree}
    process.complete(work, item=item, data=data)
    if work.actor.may("cases.read", department=case.department, region=case.region):
        return _moved_on(work, case, _opinion(work, step, said), given)
    opinion = _opinion(work, step, said)
    work.record(CaseStepDone(**of_case(case), step=step.name, agree=said.agree))
    with work.acting_as(SYSTEM):
        return _moved_on(work, case, opinion, given, told=True)


def _moved_on(
    work: Work, case: Case, opinion: Opinion, given: Mapping[str, Any], *, told: bool = False
) -> Case:
    store.add_step_opinion(work, case, opinion, answers=given)
    after = replace(at_step(work, case), revision=case.revision + 1)
    store.touch(work, after)
    if not told:
        work.record(CaseStepDone(**of_case(case), step=opinion.step_name, agree=opinion.agree))
    return followed(work, after)


def _opinion(work: Work, step: Standing, said: Said) -> Opinion:
    return Opinion(
        Step.ELSEWHERE, 0, work.actor.id, work.actor.name, said.agree, form.clean(said.opinion),
        work.now, step.name, step.department,
    )  # fmt: skip


def _checked(step: Standing, said: Said) -> dict[str, Any]:
    schema = form_of(step.attributes.form)
    given = form.read(schema, said.answers)
    problems = form.problems(schema, given)
    opinion = form.clean(said.opinion)
    if not opinion:
        problems.append(Problem("opinion", "请填写意见"))
    elif len(opinion) > TEXT_MAX:
        problems.append(Problem("opinion", "最多{limit}个字", {"limit": TEXT_MAX}))
    if problems:
        raise Invalid(*problems)
    return given
