"""What the process of a case did and no act of the case tells, read from the process' own history.

``docs/decisions/one-history-of-a-step.md`` says why a step is not written a second time.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from tongban import process
from tongban.cases.model import Case
from tongban.cases.queries.course import instance_of
from tongban.cases.words import Sentence, TraceLine
from tongban.foundation.actor import SYSTEM
from tongban.foundation.trace import Entry
from tongban.foundation.work import LOCAL, Work
from tongban.process.events import ProcessLookedAt

OWN_TOPIC = "process."
"""Events of a process say that something is to follow; what was done stands in its history."""

_SENTENCES = {
    "complete": "完成{step}",
    "help": "对{step}提出协办意见",
    "service": "自动办理{step}",
    "error": "自动办理{step}没有成功，按预定的办法处理",
    "timer": "{step}的时间到了",
    "message": "收到{step}等待的消息",
    "signal": "收到{step}等待的信号",
    "send_back": "从{step}退回",
    "take_back": "收回已办的{step}",
    "skip": "经批准跳过{step}",
    "suspend": "挂起流程",
    "resume": "恢复流程",
    "cancel": "取消流程",
    "claim": "领取{step}",
    "release": "放回{step}",
    "delegate": "转交{step}",
    "assign": "指派{step}",
    "add_helper": "请人协办{step}",
    "withdraw_helper": "撤回{step}的协办",
    "migrate": "改按流程的另一版本办理",
    "revert": "恢复按流程原来的版本办理",
}
# By these an act of the case moves its process; the act, at the same moment, tells more of it.
_BY_ACTS = frozenset({"complete", "help", "send_back", "service"})
# Who holds a step changes nothing of where the case is.
HANDS = frozenset({"claim", "release", "delegate", "assign", "add_helper", "withdraw_helper"})


def of_case(entries: Sequence[Entry]) -> list[Entry]:
    """Return the events that are told of a case: those of its process are told by its history.

    Looks at what a process holds are told, because they are looks at personal data.
    """
    return [
        one for one in entries
        if one.event is not None and (
            not one.topic.startswith(OWN_TOPIC)
            or isinstance(one.event, ProcessLookedAt)
        )
    ]  # fmt: skip


def passed(
    work: Work,
    case: Case,
    acts: Sequence[Entry],
    *,
    reasons: bool,
    without: Collection[str] = (),
) -> list[TraceLine]:
    """Return what was done in the process of a case beside the acts of the case itself.

    ``reasons`` are told to officers only. Permits everyone: the caller has asked for the case.
    """
    if case.definition is None:
        return []
    with work.acting_as(SYSTEM):  # A join counts what several departments did.
        lines = process.history(work, instance=instance_of(case.number))
        moved = process.due_date_changes(work, instance=instance_of(case.number))
        nodes = {one.node for one in lines} | {one.node for one in moved}
        names = process.step_names(work, definition=case.definition, nodes=nodes)
    told = {(one.happened_at, one.actor) for one in acts}
    found = [
        TraceLine(
            one.at, one.actor_name, OWN_TOPIC + one.act,
            Sentence(_SENTENCES[one.act], {"step": names.get(one.node, one.node)}),
            one.note if reasons else "",
        )
        for one in lines
        if one.act in _SENTENCES and one.act not in without
        and not (one.act in _BY_ACTS and (one.at, one.actor) in told)
    ]  # fmt: skip
    found += [
        TraceLine(
            one.changed_at, SYSTEM.name, OWN_TOPIC + "calendar",
            Sentence(
                "工作日历调整，{step}的期限由 {before} 改为 {after}",
                {"step": names.get(one.node, one.node), "before": _day(one.before),
                 "after": _day(one.after)},
            ),
        )
        for one in moved if "calendar" not in without
    ]  # fmt: skip
    return found


def _day(moment: datetime) -> str:
    return moment.astimezone(LOCAL).date().isoformat()
