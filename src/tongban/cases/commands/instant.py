"""What rules do with a case in the moment in which it is submitted: its needs, a grant at once."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from tongban import catalogue, rulebook
from tongban.cases import queries, store
from tongban.cases.commands.act import moved, of_case
from tongban.cases.commands.course import go_on
from tongban.cases.commands.intake import decision_limits
from tongban.cases.events import CaseAccepted, CaseDecided, CaseDelivered, CaseToBeRechecked
from tongban.cases.model import (
    DELIVERY,
    Act,
    Case,
    InstantAnswer,
    Material,
    MaterialState,
    Private,
    Reason,
    RuledBy,
    Step,
    Way,
)
from tongban.cases.model.stage import ACCEPT, DELIVER
from tongban.foundation.actor import Actor, Kind
from tongban.foundation.work import Work
from tongban.rulebook import Facts, Purpose

AUTOMATIC = Actor(id="system", name="系统按规则自动办理", kind=Kind.SYSTEM)
LACKING = "materials"


@dataclass(frozen=True, slots=True)
class Submission:
    """A case just opened, with what rules look at. ``facts`` are all that was filled in."""

    case: Case
    item: catalogue.Item
    private: Private
    facts: Facts


def rule(work: Work, submission: Submission, *, purposes: Collection[Purpose]) -> Case:
    """Keep what the case needs, and grant it at once where rules say so. They never refuse.

    Permits everyone: part of a submission, which was permitted.
    """
    case = submission.case
    if Purpose.SCENARIO in purposes:
        found = rulebook.scenario(
            work, item_code=case.item_code, facts=submission.facts, about=queries.about(case)
        )
        if found is not None and found.outcome.evaluation is not None:
            store.keep_scenario(work, case.number, found)
    if Purpose.INSTANT not in purposes:
        return case
    with work.acting_as(AUTOMATIC):
        return _settle(work, submission)


def _settle(work: Work, submission: Submission) -> Case:
    case = submission.case
    lacking = [material.name for material in case.materials if _lacking(material)]
    if lacking:
        reason = Reason("还缺少材料：{names}，由工作人员核对", {"names": "、".join(lacking)})
        store.keep_instant(work, case.number, InstantAnswer(False, LACKING, (reason,)))
        return case
    decided = rulebook.instant(
        work, item_code=case.item_code, facts=submission.facts, about=queries.about(case)
    )
    if decided is None:
        return case
    answer = _answer(decided)
    store.keep_instant(work, case.number, answer)
    if not answer.granted:
        return case
    granted = _granted(work, submission, answer)
    if decided.recheck:
        work.record(CaseToBeRechecked(**of_case(case), evaluation=answer.evaluation))
    if submission.private.delivery.get("way") == Way.ONLINE:
        return _delivered(work, granted)
    return granted


def _lacking(material: Material) -> bool:
    """Tell whether something that may not be left out, or only on a promise, is not there yet."""
    return (
        material.need != catalogue.Need.OPTIONAL
        and not material.exempt
        and material.state not in (MaterialState.PROVIDED, MaterialState.CHECKED)
    )


def _answer(decided: rulebook.Instant) -> InstantAnswer:
    reasons = tuple(Reason(said.message, dict(said.details)) for said in decided.reasons)
    if decided.outcome is None:
        return InstantAnswer(decided.granted, decided.why, reasons)
    return InstantAnswer(
        decided.granted,
        decided.why,
        reasons,
        str(decided.outcome.evaluation or ""),
        decided.outcome.rule_set_code,
        decided.outcome.version,
    )


def _granted(work: Work, submission: Submission, answer: InstantAnswer) -> Case:
    """Accept and grant: the rules have examined, so the steps of officers are passed at once."""
    case, reason = submission.case, answer.text
    rules = RuledBy(answer.evaluation, answer.rule_set_code, answer.rule_version)
    # The way of the process for what rules have granted leads to delivery.
    go_on(work, case, case, act=ACCEPT, outcome="granted")
    accepted = moved(
        work,
        replace(case.moved(Act.ACCEPT), accepted_at=work.now),
        starts=decision_limits(submission.item),
    )
    work.record(
        CaseAccepted(
            **of_case(case),
            item_code=case.item_code,
            accepted_on=work.today,
            due_on=accepted.due_on,
            rules=rules,
        )
    )
    store.add_opinion(work, accepted, step=Step.HANDLING, agree=True, opinion=reason or "准予")
    decided = moved(
        work,
        replace(
            replace(accepted, step=Step.APPROVING).moved(Act.GRANT),
            handler_name=work.actor.name,
            decision="granted",
            reason=reason,
            decided_at=work.now,
        ),
        starts=(DELIVERY,),
    )
    work.record(
        CaseDecided(
            **of_case(case),
            item_code=case.item_code,
            granted=True,
            reason=reason,
            in_time=True,
            rules=rules,
        )
    )
    return decided


def _delivered(work: Work, case: Case) -> Case:
    """Deliver online at once; the decision is issued to the holder as soon as this commits."""
    after = replace(case.moved(Act.DELIVER), way=Way.ONLINE, delivered_at=work.now)
    go_on(work, case, after, act=DELIVER, way=Way.ONLINE.value)
    store.move(work, after)
    work.record(CaseDelivered(**of_case(case), way=Way.ONLINE))
    return queries.load(work, number=case.number)
