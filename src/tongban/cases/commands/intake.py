"""What the counter does with a submitted case: accept, ask for what is missing, decline."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from tongban import catalogue
from tongban.cases import queries, store
from tongban.cases.commands.act import locked, moved, of_case, told, within_limit
from tongban.cases.commands.course import followed, go_on
from tongban.cases.events import CaseAccepted, CaseDeclined, CorrectionRequested
from tongban.cases.model import (
    CORRECTION,
    Act,
    Case,
    ClockKind,
    Correction,
    Limit,
    Unit,
    form,
)
from tongban.cases.model.stage import ACCEPT
from tongban.foundation.errors import Conflict, Invalid, Problem
from tongban.foundation.work import LOCAL, Work

LICENCE = "01"
LICENCE_WORKDAYS = 20
CORRECTION_WORKDAYS_MAX = 60
WHAT_MAX = 500


class MaterialsMissing(Conflict):
    message = "还缺少材料：{missing}；请收齐核对后受理，或一次性告知申请人补正"


class NoticeTooLate(Conflict):
    message = "受理或告知补正的期限已于 {due_on} 届满，自收到材料之日起视为受理，请直接受理"


def accept(
    work: Work, *, number: str, revision: int | None = None, checked: Collection[str] = ()
) -> Case:
    """Accept a submitted case (受理), which starts its statutory and promised limits.

    ``checked`` are the keys of the materials that the officer has seen and found in order. When
    the limit for a notice has passed, the case counts as accepted from the day the materials came.

    :raises MaterialsMissing: if a required material is neither provided nor checked.
    :raises WrongStage: if the case is not waiting to be accepted.
    """
    case = locked(work, number, "cases.accept", revision)
    after = case.moved(Act.ACCEPT)
    missing = [m.name for m in case.materials if m.lacking and m.key not in checked]
    if missing:
        raise MaterialsMissing(missing="、".join(missing))
    late = _overdue_since(work, case) is not None
    accepted_at = case.materials_complete_at if late else work.now
    item = catalogue.item(work, code=case.item_code, version=case.item_version)
    store.check_materials(work, case.number, keys=checked)
    after = replace(after, accepted_at=accepted_at, deemed=late, to_correct=())
    accepted = moved(
        work,
        go_on(work, case, after, act=ACCEPT, outcome="accepted"),
        starts=decision_limits(item),
        started_on=accepted_at.astimezone(LOCAL).date(),
    )
    work.record(
        CaseAccepted(
            **of_case(case),
            item_code=case.item_code,
            accepted_on=accepted_at.astimezone(LOCAL).date(),
            due_on=accepted.due_on,
        )
    )
    return followed(work, accepted)


def request_correction(
    work: Work,
    *,
    number: str,
    missing: Sequence[tuple[str, str]],
    revision: int | None = None,
    workdays: int = CORRECTION.amount,
) -> Case:
    """Tell the applicant once and completely what has to be put right (补正, article 32).

    ``missing`` are pairs of the key of a material or of a field of the form, and what is wrong
    with it and how to mend it. The applicant has ``workdays`` for it.

    :raises Invalid: if nothing is named, something unknown, or without saying what is wrong.
    :raises NoticeTooLate: if the limit for such a notice has passed.
    """
    case = locked(work, number, "cases.accept", revision)
    after = case.moved(Act.REQUEST_CORRECTION)
    if due_on := _overdue_since(work, case):
        raise NoticeTooLate(due_on=due_on)
    item = queries.item_of(work, case=case)
    corrections = _corrections(item, case, missing)
    if not 1 <= workdays <= CORRECTION_WORKDAYS_MAX:
        raise Invalid(
            Problem(
                "workdays", "补正期限应为1至{limit}个工作日", {"limit": CORRECTION_WORKDAYS_MAX}
            )
        )
    store.ask_for_materials(work, case.number, corrections=corrections)
    go_on(work, case, after, act=ACCEPT, outcome="correction", correction_days=workdays)
    correcting = moved(
        work,
        replace(after, to_correct=corrections),
        starts=(replace(CORRECTION, amount=workdays),),
    )
    assert correcting.due_on is not None
    work.record(CorrectionRequested(**of_case(case), wanted=corrections, due_on=correcting.due_on))
    return correcting


def decline(
    work: Work, *, number: str, reason: str, where_to_go: str = "", revision: int | None = None
) -> Case:
    """Decide not to accept a case (不予受理), with the reason and where to go instead.

    :raises Invalid: without a reason.
    :raises NoticeTooLate: if the case already counts as accepted.
    """
    case = locked(work, number, "cases.accept", revision)
    after = case.moved(Act.DECLINE)
    if due_on := _overdue_since(work, case):
        raise NoticeTooLate(due_on=due_on)
    reason = told(reason, field="reason", ask="请写明不予受理的理由")
    where_to_go = within_limit(where_to_go, field="where_to_go")
    go_on(work, case, after, act=ACCEPT, outcome="declined")
    declined = moved(work, replace(after, reason=reason, closed_at=work.now, to_correct=()))
    work.record(CaseDeclined(**of_case(case), reason=reason, where_to_go=where_to_go))
    return declined


def decision_limits(item: catalogue.Item) -> list[Limit]:
    """Return the limits within which a case of an item is to be decided.

    A licence without a published limit has that of the law, 20 working days (article 42).
    """
    limits = []
    if item.statutory is not None:
        unit = Unit(item.statutory.unit)
        basis = "办事指南公布的法定办结时限"
        limits.append(Limit(ClockKind.STATUTORY, item.statutory.amount, unit, basis))
    elif item.kind == LICENCE:
        basis = "《行政许可法》第四十二条"
        limits.append(Limit(ClockKind.STATUTORY, LICENCE_WORKDAYS, basis=basis))
    if item.promised is not None:
        unit = Unit(item.promised.unit)
        basis = "办事指南公布的承诺办结时限"
        limits.append(Limit(ClockKind.PROMISED, item.promised.amount, unit, basis))
    return limits


def _overdue_since(work: Work, case: Case) -> date | None:
    """Return when the limit for a notice ran out, if it has."""
    return next(
        (
            clock.due_on
            for clock in case.clocks
            if clock.kind is ClockKind.NOTICE and clock.overdue(work.today)
        ),
        None,
    )


def _corrections(
    item: catalogue.Item, case: Case, missing: Sequence[tuple[str, str]]
) -> tuple[Correction, ...]:
    if not missing:
        raise Invalid(Problem("missing", "请至少列出一项需要补正的内容"))
    materials = {material.key: material.name for material in case.materials}
    problems, found = [], []
    for key, what in missing:
        if key not in materials and key not in form.properties(item.form):
            problems.append(Problem("missing", "没有“{key}”这项材料或信息", {"key": key[:60]}))
            continue
        label = materials.get(key) or form.label(item.form, key)
        if not what.strip():
            problems.append(Problem(key, "请写明“{label}”需要补正什么", {"label": label}))
        of = "material" if key in materials else "field"
        found.append(Correction(key, label, form.clean(what)[:WHAT_MAX], of))
    if problems:
        raise Invalid(*problems)
    return tuple(found)
