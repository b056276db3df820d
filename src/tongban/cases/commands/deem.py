"""What the law says happens when nobody does anything."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from tongban import catalogue, documents
from tongban.cases import queries, store
from tongban.cases.commands import course
from tongban.cases.commands.act import moved, of_case
from tongban.cases.commands.course import followed, go_on
from tongban.cases.commands.follow import KEPT
from tongban.cases.commands.intake import decision_limits
from tongban.cases.events import (
    CaseClosed,
    CaseDeemedAccepted,
    CaseDeemedWithdrawn,
)
from tongban.cases.model import Act, Case, ClockKind, Stage
from tongban.cases.model.stage import ACCEPT
from tongban.foundation.errors import Conflict, Refusal
from tongban.foundation.work import LOCAL, Work

log = logging.getLogger("tongban.cases")

BATCH = 200
FILED_AFTER = timedelta(days=30)


class NotLapsed(Conflict):
    message = "补正期限到 {due_on} 为止，还没有届满"


@dataclass(frozen=True, slots=True)
class _Number:
    number: str


def sweep(work: Work) -> bool:
    """Do what became due without anybody's act. Return whether there may be more to do.

    Permits everyone: only the nightly job calls it, as the system.
    """
    rounds = (
        (_overdue(work, ClockKind.NOTICE), _deem_accepted),
        (_overdue(work, ClockKind.CORRECTION), _deem_withdrawn),
        (_delivered_before(work), _file_away),
    )
    more = False
    for numbers, act in rounds:
        done = sum(_one(work, number, act) for number in numbers)
        more = more or (done > 0 and len(numbers) == BATCH)
    for holder, item_code in store.forget_drafts(work):
        documents.hold(work, files=[], draft=f"{holder} {item_code}")
    work.run("delete from cases.code_attempt where at < %(before)s", before=work.now - KEPT)
    return more


def _one(work: Work, number: str, act: Callable[[Work, Case], None]) -> bool:
    """Do one act if it can be done; one case that cannot be helped must not hold up the others."""
    try:
        with work.savepoint():
            store.hold(work, number)
            act(work, queries.load(work, number=number))
    except Refusal as refusal:
        log.warning("case left as it is", extra={"case": number, "refusal": str(refusal)})
        return False
    return True


def _deem_accepted(work: Work, case: Case) -> None:
    """Accept from the day the materials came (article 32), because no notice was given in time."""
    after = case.moved(Act.DEEM_ACCEPTED)
    item = catalogue.item(work, code=case.item_code, version=case.item_version)
    accepted_on = case.materials_complete_at.astimezone(LOCAL).date()
    after = replace(after, accepted_at=case.materials_complete_at, deemed=True, to_correct=())
    accepted = moved(
        work,
        go_on(work, case, after, act=ACCEPT, outcome="accepted"),
        starts=decision_limits(item),
        started_on=accepted_on,
    )
    work.record(
        CaseDeemedAccepted(
            **of_case(case),
            item_code=case.item_code,
            accepted_on=accepted_on,
            due_on=accepted.due_on,
        )
    )
    followed(work, accepted)


def lapse(work: Work, *, number: str) -> None:
    """End a case whose process has waited for a correction to the end of the time for it.

    Permits everyone: only the service task of the process calls it, as the system.

    :raises NotLapsed: if time is left, because the calendar has changed since.
    """
    store.hold(work, number)
    case = queries.load(work, number=number)
    if case.stage is not Stage.CORRECTING:
        return
    if not any(k.kind is ClockKind.CORRECTION and k.overdue(work.today) for k in case.clocks):
        raise NotLapsed(due_on=case.due_on or "")
    _withdrawn(work, case)


def _deem_withdrawn(work: Work, case: Case) -> None:
    """End a case whose applicant has not put right what was asked for in time."""
    course.end(work, case, act="lapse", reason="补正期限届满，视为撤回")
    _withdrawn(work, case)


def _withdrawn(work: Work, case: Case) -> None:
    due_on = case.due_on
    after = case.moved(Act.DEEM_WITHDRAWN)
    moved(work, replace(after, closed_at=work.now))
    work.record(CaseDeemedWithdrawn(**of_case(case), due_on=due_on or work.today))


def _file_away(work: Work, case: Case) -> None:
    moved(work, replace(case.moved(Act.CLOSE), closed_at=work.now))
    work.record(CaseClosed(**of_case(case)))


def _overdue(work: Work, kind: ClockKind) -> list[str]:
    rows = work.all(
        _Number,
        """
        select number from cases.clock
         where state = 'running' and kind = %(kind)s and due_on < %(today)s
         order by due_on
         limit %(limit)s
        """,
        kind=kind,
        today=work.today,
        limit=BATCH,
    )
    return [row.number for row in rows]


def _delivered_before(work: Work) -> list[str]:
    rows = work.all(
        _Number,
        """
        select number from cases.case_file
         where stage = %(stage)s and delivered_at < %(before)s
         order by delivered_at
         limit %(limit)s
        """,
        stage=Stage.DELIVERED,
        before=work.now - FILED_AFTER,
        limit=BATCH,
    )
    return [row.number for row in rows]
