"""What officers do with an accepted case: handle, review, approve; send back, decide."""

from dataclasses import replace
from decimal import Decimal

from tongban.cases import queries, store
from tongban.cases.commands.act import locked, moved, of_case, told
from tongban.cases.commands.course import followed, go_back, go_on
from tongban.cases.commands.discretion import chosen_by_rules, settle
from tongban.cases.events import CaseDecided, CaseReviewed, CaseSentBack
from tongban.cases.model import DELIVERY, Act, Case, ClockKind, Step
from tongban.cases.model.stage import DECIDE, act_at
from tongban.foundation.errors import Conflict, Forbidden
from tongban.foundation.work import Work


class FourEyes(Forbidden):
    message = "不能审核、批准自己承办过的办件，请由其他人员办理"


class StillPaused(Conflict):
    message = "特别程序（{kind}）尚未结束，请先登记结束，再作决定"


def review(
    work: Work,
    *,
    number: str,
    opinion: str,
    agree: bool,
    chosen: Decimal | None = None,
    deviation: str = "",
    revision: int | None = None,
) -> Case:
    """Give an opinion as handler (承办) or reviewer (审核), which passes the case to the next step.

    ``agree`` proposes to grant. An opinion against does not stop the case: the approver decides.
    Where the item has a discretion standard, a handler who agrees says what is ``chosen`` under it,
    and the reasons for a ``deviation`` from its range.

    :raises FourEyes: if the reviewer has handled the case.
    :raises WrongStage: if the case is at no such step.
    :raises Invalid: without an opinion or a choice, or for a deviation without reasons.
    """
    case = locked(work, number, "cases.review", revision)
    after = case.moved(Act.REVIEW)
    assert case.step is not None
    step = case.step
    if step is Step.REVIEWING and queries.has_handled(work, number=case.number):
        raise FourEyes(permission="cases.review")
    if step is Step.HANDLING:
        after = replace(after, handler=work.actor.id, handler_name=work.actor.name)
    opinion = told(opinion, field="opinion", ask="请填写意见")
    if step is Step.HANDLING and agree:
        chosen_by_rules(work, case, chosen=chosen, deviation=deviation)
    store.add_opinion(work, case, step=step, agree=agree, opinion=opinion)
    after = go_on(work, case, after, act=act_at(step), agree=agree)
    assert after.step is not None
    store.touch(work, after)
    work.record(CaseReviewed(**of_case(case), step=step, following=after.step, agree=agree))
    return followed(work, after)


def send_back(work: Work, *, number: str, reason: str, revision: int | None = None) -> Case:
    """Give a case back to its handler, who has overlooked something."""
    case = locked(work, number, "cases.review", revision)
    after = case.moved(Act.SEND_BACK)
    assert case.step is not None
    if case.step is Step.APPROVING:
        work.actor.must("cases.decide", department=case.department, region=case.region)
    reason = told(reason, field="reason", ask="请写明退回的理由")
    store.add_opinion(work, case, step=case.step, agree=False, opinion=reason)
    after = go_back(work, case, after, reason=reason)
    assert after.step is not None
    store.touch(work, after)
    work.record(CaseSentBack(**of_case(case), step=case.step, to=after.step))
    return followed(work, after)


def decide(
    work: Work,
    *,
    number: str,
    grant: bool,
    reason: str = "",
    chosen: Decimal | None = None,
    deviation: str = "",
    revision: int | None = None,
) -> Case:
    """Grant or refuse (办结). A refusal tells its reasons. Delivery has its own clock from now on.

    An instant item is decided by its handler; every other one by an approver who has not handled
    it. A special procedure must be over first. Under a discretion standard whoever grants decides
    by the handler's choice, and agrees to it where it deviates; an instant item is decided by what
    is ``chosen`` here, as long as it does not deviate.

    :raises FourEyes: if the approver has handled the case.
    :raises NothingChosen, ProposeFirst, SamePerson: if no choice counts under the standard.
    :raises StillPaused: during a special procedure.
    """
    case = locked(work, number, "cases.read", revision)
    permission = "cases.review" if case.instant else "cases.decide"
    work.actor.must(permission, department=case.department, region=case.region)
    after = case.moved(Act.GRANT if grant else Act.REFUSE)
    if case.paused:
        raise StillPaused(kind=case.paused.kind.word)
    if not case.instant and queries.has_handled(work, number=case.number):
        raise FourEyes(permission="cases.decide")
    if not grant:
        reason = told(reason, field="reason", ask="请写明不予许可的理由")
    if grant:
        settle(work, case, chosen=chosen, deviation=deviation)
    if case.instant:
        after = replace(after, handler=work.actor.id, handler_name=work.actor.name)
    assert case.step is not None
    store.add_opinion(work, case, step=case.step, agree=grant, opinion=reason or "准予")
    decision = "granted" if grant else "refused"
    after = replace(after, decision=decision, reason=reason, decided_at=work.now)
    go_on(work, case, after, act=DECIDE, granted=grant)
    decided = moved(work, after, starts=(DELIVERY,))
    _record(work, case, grant, reason)
    return decided


def _record(work: Work, case: Case, grant: bool, reason: str) -> None:
    work.record(
        CaseDecided(
            **of_case(case),
            item_code=case.item_code,
            granted=grant,
            reason=reason,
            in_time=not _late(case, work),
        )
    )


def _late(case: Case, work: Work) -> bool:
    kinds = (ClockKind.STATUTORY, ClockKind.PROMISED)
    return any(clock.kind in kinds and clock.overdue(work.today) for clock in case.clocks)
