"""Intake at the counter (窗口收件): an officer files for whoever stands there with papers."""

from collections.abc import Collection

from tongban import catalogue
from tongban.cases import queries, store
from tongban.cases.commands.opening import Intake, opened
from tongban.cases.model import Case, Channel, Filled
from tongban.cases.queries.course import plain_course
from tongban.foundation.errors import Conflict, Problem
from tongban.foundation.work import Work


class NotReceived(Conflict):
    message = "“{name}”已经暂停或者取消，窗口不能收件"


def receive(
    work: Work,
    *,
    item_code: str,
    holder: str,
    filled: Filled,
    seen: Collection[str] = (),
    declared: bool,
) -> Case:
    """Make a case of what was filled in at the counter, in one act and without a draft.

    The same is checked, and the same clock starts, as online. Fields that a register knows and
    that were left empty are filled in from it; the officer is not shown what it says. ``seen`` are
    the keys of the materials whose paper originals the officer has seen. ``declared``: the
    applicant has read and signed that it is all true. A draft that the holder keeps online stays.

    :raises Invalid: naming everything that is missing or wrong, as ``check_draft`` does.
    :raises Forbidden: if the actor takes in nothing for this department and region.
    :raises NotReceived: if the service is suspended.
    :raises NoSuchHolder: if nobody is registered as ``holder``.
    """
    item = catalogue.item(work, code=item_code)
    work.actor.must("cases.accept", department=item.department, region=item.region)
    if item.status is not catalogue.Status.PUBLISHED:
        raise NotReceived(name=item.name)
    undeclared = None if declared else Problem("declared", "请先请申请人阅读声明并签字")
    serial, definition = store.new_serial(
        work, item_code=item.code, plain=plain_course(item.handling)
    )
    return opened(
        work,
        item=item,
        whole=queries.filled_in(work, item=item, holder=holder, filled=filled),
        intake=Intake(Channel.COUNTER, serial, undeclared, seen, definition),
    )
