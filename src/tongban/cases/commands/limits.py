"""Acts on the time itself: a longer limit, and procedures whose time is not counted."""

from tongban.cases import queries, store
from tongban.cases.commands.act import locked, of_case, told
from tongban.cases.events import CaseExtended, CasePaused, CaseResumed
from tongban.cases.model import (
    EXTENSION_WORKDAYS,
    Act,
    Case,
    ClockKind,
    ClockState,
    Pause,
    PauseKind,
)
from tongban.foundation import calendar
from tongban.foundation.errors import Conflict, Invalid, Problem
from tongban.foundation.work import Work

_EXTENDABLE = (ClockKind.STATUTORY, ClockKind.PROMISED)
DAYS_NEEDED_MAX = 250


class NotToBeExtended(Conflict):
    message = "办理期限不能延长：{why}"


def extend(work: Work, *, number: str, reason: str, revision: int | None = None) -> Case:
    """Extend the limits for the decision by ten working days (article 42), once, before they end.

    The head of the unit approves it; the applicant is told the reason.

    :raises NotToBeExtended: if there is no limit, it has passed, is held, or was extended before.
    """
    case = locked(work, number, "cases.decide", revision)
    after = case.moved(Act.EXTEND)
    reason = told(reason, field="reason", ask="请写明延长期限的理由，理由会告知申请人")
    clocks = [clock for clock in case.clocks if clock.kind in _EXTENDABLE and clock.open]
    why = ""
    if not clocks:
        why = "这件事没有规定办理期限"
    elif any(clock.state is ClockState.PAUSED for clock in clocks):
        why = "特别程序尚未结束"
    elif any(clock.extended for clock in clocks):
        why = "已经延长过一次"
    elif any(clock.kind is ClockKind.STATUTORY and clock.overdue(work.today) for clock in clocks):
        why = "法定期限已经届满"
    if why:
        raise NotToBeExtended(why=why)
    store.extend_clocks(work, case.number, workdays=EXTENSION_WORKDAYS)
    extended = _reckoned(work, after)
    work.record(
        CaseExtended(
            **of_case(case),
            workdays=EXTENSION_WORKDAYS,
            reason=reason,
            due_on=extended.due_on,
        )
    )
    return extended


def pause(
    work: Work,
    *,
    number: str,
    kind: PauseKind,
    days_needed: int,
    reason: str,
    revision: int | None = None,
) -> Case:
    """Begin a special procedure (特别程序, article 45); the clocks for the decision stand still.

    ``days_needed`` working days are told to the applicant, with the ``reason``.
    """
    case = locked(work, number, "cases.review", revision)
    after = case.moved(Act.PAUSE)
    reason = told(reason, field="reason", ask="请写明进入特别程序的依据和理由")
    if kind not in set(PauseKind):
        raise Invalid(Problem("kind", "没有“{kind}”这种特别程序", {"kind": kind[:40]}))
    if not 1 <= days_needed <= DAYS_NEEDED_MAX:
        limit = {"limit": DAYS_NEEDED_MAX}
        raise Invalid(Problem("days_needed", "所需时间应为1至{limit}个工作日", limit))
    begun = Pause(
        kind=PauseKind(kind),
        turn=len(case.pauses) + 1,
        begun_on=work.today,
        ended_on=None,
        days_needed=days_needed,
        note=reason,
    )
    store.begin_pause(work, case, begun)
    paused = _reckoned(work, after)
    work.record(
        CasePaused(**of_case(case), kind=begun.kind, days_needed=days_needed, reason=reason)
    )
    return paused


def resume(work: Work, *, number: str, revision: int | None = None) -> Case:
    """End the special procedure; the clocks run on by as many working days as it has taken."""
    case = locked(work, number, "cases.review", revision)
    after = case.moved(Act.RESUME)
    held = case.paused
    assert held is not None
    store.end_pause(work, case)
    resumed = _reckoned(work, after)
    taken = calendar.working_days_between(
        work, start=held.begun_on, end=work.today, region=case.region
    )
    work.record(CaseResumed(**of_case(case), kind=held.kind, workdays=taken, due_on=resumed.due_on))
    return resumed


def _reckoned(work: Work, case: Case) -> Case:
    store.reckon(work, case)
    return queries.load(work, number=case.number)
