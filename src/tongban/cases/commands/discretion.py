"""Deciding within a discretion standard (裁量基准); outside of it with reasons and a second person.

The handler chooses, the approver decides by that choice: whoever grants what deviates agrees to the
deviation. An item decided at once has no approver, so there a deviation is proposed first.
"""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from tongban import rulebook
from tongban.cases import queries, store
from tongban.cases.commands.act import locked, within_limit
from tongban.cases.model import Act, Case, Step, WrongStage
from tongban.foundation.errors import Conflict, Invalid, Problem
from tongban.foundation.work import Work
from tongban.rulebook import Choice, Discretion


class NothingChosen(Conflict):
    message = "承办人还没有按裁量基准提出处理结果，请退回承办环节补充"


class ProposeFirst(Conflict):
    message = "处理结果超出裁量基准，不能由一人决定；请先提出裁量意见，再由另一位有决定权限的人决定"


def propose(
    work: Work,
    *,
    number: str,
    chosen: Decimal | None,
    deviation: str = "",
    revision: int | None = None,
) -> Case:
    """Propose what an instant item is decided by, for somebody else to decide.

    :raises Invalid: without a result, or for a deviation without reasons.
    :raises WrongStage: if the case is not one that is decided at once.
    """
    case = locked(work, number, "cases.review", revision)
    if not (case.instant and case.step is Step.HANDLING):
        raise WrongStage(stage=case.stage.word, act=Act.REVIEW.word)
    chosen_by_rules(work, case, chosen=chosen, deviation=deviation)
    after = replace(
        case,
        revision=case.revision + 1,
        handler=work.actor.id,
        handler_name=work.actor.name,
    )
    store.touch(work, after)
    return after


def chosen_by_rules(
    work: Work, case: Case, *, chosen: Decimal | None, deviation: str
) -> Choice | None:
    """Record what an officer chooses under the standard of the item; None where it has none.

    Permits everyone: part of an act that was permitted; rulebook asks for cases.review once more.

    :raises Invalid: without a result, or for a deviation without reasons.
    """
    standard = queries.standard(work, case=case)
    if standard is None:
        return None
    _must_be_right(standard, chosen=chosen, deviation=deviation)
    assert chosen is not None
    facts = queries.facts_of(queries.private(work, number=case.number))
    recorded = rulebook.discretion(
        work, item_code=case.item_code, facts=facts, about=queries.about(case)
    )
    assert recorded is not None
    assert recorded.outcome.evaluation is not None
    return rulebook.choose(
        work, evaluation=recorded.outcome.evaluation, chosen=chosen, reasons=deviation
    )


def settle(work: Work, case: Case, *, chosen: Decimal | None, deviation: str) -> None:
    """See to it that a grant rests on a choice that counts.

    Permits everyone: part of a decision that was permitted.

    :raises NothingChosen: if the handler has chosen nothing.
    :raises ProposeFirst: if one person alone would decide outside the standard.
    :raises SamePerson: if whoever chose a deviation would agree to it.
    """
    standard = queries.standard(work, case=case)
    if standard is None:
        return
    if case.instant and chosen is not None:
        if not standard.permits(chosen):
            raise ProposeFirst
        chosen_by_rules(work, case, chosen=chosen, deviation=deviation)
        return
    choice = queries.choice(work, number=case.number)
    if choice is None and case.instant:
        raise _unit_asked(standard)
    if choice is None:
        raise NothingChosen
    if not choice.settled:
        rulebook.confirm_deviation(work, evaluation=UUID(str(choice.evaluation)))


def _must_be_right(standard: Discretion, *, chosen: Decimal | None, deviation: str) -> None:
    if chosen is None:
        raise _unit_asked(standard)
    within_limit(deviation, field="deviation")
    wrong = rulebook.choice_problems(standard, chosen=chosen, reasons=deviation)
    if wrong:
        raise Invalid(*(Problem("deviation", each.message, each.details) for each in wrong))


def _unit_asked(standard: Discretion) -> Invalid:
    return Invalid(
        Problem("chosen", "请按裁量基准填写处理结果（{unit}）", {"unit": standard.unit or "数值"})
    )
