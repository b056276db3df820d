"""What follows a decision: the result is delivered, the case is filed away."""

from dataclasses import replace

from tongban.cases import queries, store
from tongban.cases.commands.act import locked, moved, of_case
from tongban.cases.commands.course import go_on
from tongban.cases.events import CaseClosed, CaseDelivered
from tongban.cases.model import Act, Case, Way, form
from tongban.cases.model.stage import DELIVER
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.secrets import masked
from tongban.foundation.work import Work

NAME_MAX = 50


def deliver(
    work: Work, *, number: str, way: str, receiver: str = "", revision: int | None = None
) -> Case:
    """Note that the result has reached the applicant, how, and who received it.

    :raises Invalid: if the way is unknown, or nobody is named who received it by hand or by post.
    """
    case = locked(work, number, "cases.deliver", revision)
    after = case.moved(Act.DELIVER)
    receiver = form.clean(receiver)
    if way not in set(Way):
        raise Invalid(Problem("way", "请选择送达方式"))
    if not receiver and way != Way.ONLINE:
        raise Invalid(Problem("receiver", "请填写领取人或收件人的姓名"))
    if len(receiver) > NAME_MAX:
        raise Invalid(Problem("receiver", "最多{limit}个字", {"limit": NAME_MAX}))
    if receiver:
        private = queries.private(work, number=case.number)
        store.keep_private(work, case.number, replace(private, receiver=receiver))
    go_on(work, case, after, act=DELIVER, way=way)
    delivered = moved(
        work,
        replace(after, way=way, receiver=masked(receiver), delivered_at=work.now),
    )
    work.record(CaseDelivered(**of_case(case), way=way))
    return delivered


def close(work: Work, *, number: str, revision: int | None = None) -> Case:
    """File a delivered case away (归档)."""
    case = locked(work, number, "cases.deliver", revision)
    closed = moved(work, replace(case.moved(Act.CLOSE), closed_at=work.now))
    work.record(CaseClosed(**of_case(case)))
    return closed
