"""Keeping instances going: many retries at once, timers rung again, variables looked at."""

from collections.abc import Mapping, Sequence

from tongban.foundation.errors import Invalid, NotFound, Problem, Refusal
from tongban.foundation.work import Work
from tongban.process import store
from tongban.process.commands.acting import Book, must_run, of_instance
from tongban.process.commands.services import retry
from tongban.process.commands.start import Refused
from tongban.process.events import ProcessActedOn, ProcessLookedAt
from tongban.process.model.instance import ItemKey, Key
from tongban.process.queries.operations import all_values, situation

MANY_MAX = 500


class NoSuchTimer(NotFound):
    message = "没有这个停下的定时器，它可能已经重新开始，请刷新列表"


def retry_many(work: Work, *, items: Sequence[ItemKey]) -> list[Refused]:
    """Let many service tasks that were given up be tried again; return those refused, with why.

    :raises Invalid: if none or too many are named.
    """
    work.actor.must("process.operate")
    if not 1 <= len(items) <= MANY_MAX:
        raise Invalid(Problem("items", "请选择 1 至 {limit} 项", {"limit": MANY_MAX}))
    refused = []
    for item in sorted(set(items)):
        try:
            with work.savepoint():
                retry(work, item=item)
        except Refusal as refusal:
            refused.append(Refused(str(item), refusal))
    return refused


def ring_again(work: Work, *, instance: Key, token: int, node: str) -> None:
    """Let a timer that was given up ring again, after its cause is gone.

    :raises NoSuchTimer: if it was not given up.
    """
    book = Book(work)
    whole = store.hold_instance(book, instance)
    work.actor.must("process.operate", department=whole.instance.department, region=instance.region)
    must_run(whole.instance)
    changed = work.run(
        """
        update process.alarm set attempts = 0, error = null
         where region = %(region)s and month = %(month)s and instance = %(id)s
           and token = %(token)s and node = %(node)s and attempts >= 8
        """,
        region=instance.region,
        month=instance.month,
        id=instance.id,
        token=token,
        node=node,
    )
    if not changed:
        raise NoSuchTimer
    work.record(
        ProcessActedOn(**of_instance(whole.instance), act="ring_again", node=node, reason="")
    )


def look_into(work: Work, *, instance: Key, reason: str) -> Mapping[str, object]:
    """Return the variables of an instance in the clear, for a reason that is recorded.

    The person whom the instance is about sees in their trace who looked, and why.
    """
    if not reason.strip():
        raise Invalid(Problem("reason", "请写明为什么要看，当事人会看到"))
    found = situation(work, instance=instance)
    work.actor.must("process.watch", department=found.line.department, region=instance.region)
    work.record(
        ProcessLookedAt(
            number=found.line.number,
            instance=str(instance),
            region=found.line.region,
            department=found.line.department,
            holder=found.line.holder,
            reason=reason.strip()[:2000],
        )
    )
    return all_values(work, instance=instance)
