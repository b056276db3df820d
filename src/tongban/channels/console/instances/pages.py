"""Instances of processes: the list, what is stuck, what is due, and one of them on a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from tongban import identity, process
from tongban.channels.shell.flow import published_flow
from tongban.channels.shell.forms import text, texts, whole
from tongban.channels.shell.pages import action, go_to, page, visitor
from tongban.channels.shell.render import said, show
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.messages import translate
from tongban.foundation.work import Work

WATCH, OPERATE = "process.watch", "process.operate"
SKIP, ASSIGN = "process.skip", "process.assign"
PAGE = 50
STATE_KINDS = {"running": "info", "suspended": "warn", "ended": "plain"}
OUTCOMES = {
    "completed": "正常办结",
    "terminated": "终止",
    "error": "出错结束",
    "cancelled": "已取消",
}
WAITS = {
    "work": "等待办理",
    "event": "等待消息或时间",
    "job": "正在自动办理",
    "failed": "自动办理失败",
    "scope": "子流程进行中",
    "turns": "逐个或同时办理中",
}
ACTS = {
    "start": "启动",
    "complete": "办理",
    "help": "提出协办意见",
    "service": "自动办理",
    "timer": "定时",
    "message": "收到消息",
    "signal": "收到信号",
    "join": "汇合",
    "advance": "继续",
    "send_back": "退回",
    "take_back": "撤回",
    "skip": "跳过",
    "suspend": "挂起",
    "resume": "恢复",
    "cancel": "取消",
    "claim": "领取",
    "release": "放回",
    "delegate": "转交",
    "assign": "指派",
    "add_helper": "请人协办",
    "withdraw_helper": "撤回协办",
    "migrate": "迁移到另一版本",
    "revert": "迁移后回退",
    "error": "自动办理失败",
    "withdraw": "申请人撤回申请",
    "lapse": "期限届满，视为撤回",
    "ring_again": "重新开始定时器",
}
KINDS = {
    "failed": "失败的自动办理",
    "timers": "停下的定时器",
    "overdue": "超期的环节",
    "unmoved": "无人推动的实例",
}


@dataclass(frozen=True, slots=True)
class Names:
    """What departments and roles are called."""

    units: Mapping[str, str]
    roles: Mapping[str, str]

    def duty(self, one: process.Waiting) -> str:
        """Who is to do what waits: a person, else a role of a department."""
        unit = self.units.get(one.department, one.department)
        return one.assignee_name or " ".join(filter(None, (unit, self.roles.get(one.role, ""))))


def _names(request: Request, work: Work) -> Names:
    language = visitor(request).language
    return Names(
        {unit.code: unit.name for unit in identity.departments(work)},
        {role.value: translate(name, language) for role, name in identity.ROLE_NAMES.items()},
    )


def listing(request: Request, work: Work) -> Response:
    """Instances by process, version, state and region, by pages."""
    sent = request.query_params
    asked = process.Asked(
        process=sent.get("process", "").strip(),
        version=whole(sent.get("version", "")) or 0,
        state=sent.get("state", "") if sent.get("state", "") in STATE_KINDS else "",
        region="".join(one for one in sent.get("region", "") if one.isdigit())[:6],
        number=sent.get("number", "").strip(),
    )
    found = process.instances(work, asked=asked, after=_key(sent.get("after", "")), limit=PAGE + 1)
    return show(
        request,
        "console/instances/list.html",
        lines=found[:PAGE],
        next=str(found[PAGE - 1].key) if len(found) > PAGE else "",
        first=not sent.get("after"),
        asked=asked,
        names=_names(request, work),
        states=[(state.value, state.word) for state in process.InstanceState],
        state_kinds=STATE_KINDS,
        outcomes=OUTCOMES,
    )


def _key(said: str) -> process.Key | None:
    try:
        return process.read_key(said) if said else None
    except process.NoSuchInstance:
        return None


def stuck(request: Request, work: Work) -> Response:
    """What does not go on by itself: failed, stopped, late, or with nothing to move it."""
    kind = request.query_params.get("kind", "failed")
    kind = kind if kind in KINDS else "failed"
    after = _key(request.query_params.get("after", ""))
    tokens: Sequence[process.Waiting] = ()
    if kind in ("failed", "overdue"):
        tokens = process.failed_tasks(work) if kind == "failed" else process.overdue_items(work)
    stopped = process.stopped_timers(work) if kind == "timers" else []
    unmoved = process.unmoved(work, after=after) if kind == "unmoved" else None
    return show(
        request,
        "console/instances/stuck.html",
        kind=kind,
        kinds=KINDS,
        tokens=tokens,
        steps=_steps(work, [*tokens, *stopped]),
        timers=stopped,
        unmoved=unmoved,
        names=_names(request, work),
        may_operate=work.actor.may(OPERATE),
    )


def _steps(
    work: Work, tokens: Sequence[process.Waiting | process.TimerLine]
) -> dict[tuple[int, str], str]:
    """What the nodes are called at which tokens stand or timers will ring."""
    found = {}
    for number in {one.definition for one in tokens}:
        for node in process.by_number(work, definition=number).graph.nodes:
            found[number, node.id] = node.name or node.id
    return found


def timers(request: Request, work: Work) -> Response:
    """What rings next."""
    found = process.next_timers(work)
    return show(
        request,
        "console/instances/timers.html",
        timers=found,
        steps=_steps(work, found),
        now=work.now,
    )


def one(request: Request, work: Work) -> Response:
    """An instance on one page."""
    return _shown(request, work, None)


def _shown(request: Request, work: Work, values: Mapping[str, object] | None) -> Response:
    key = process.read_key(request.path_params["key"])
    situation = process.situation(work, instance=key)
    line = situation.line
    version = process.by_number(work, definition=line.definition)
    marks = process.situation_marks(situation, version.graph, now=work.now)
    where = {"department": line.department, "region": line.region}
    steps = _steps(work, situation.waiting)
    steps |= {(line.definition, node.id): node.name or node.id for node in version.graph.nodes}
    return show(
        request,
        "console/instances/instance.html",
        line=line,
        situation=situation,
        flow=published_flow(version, language=visitor(request).language, marks=marks),
        names=_names(request, work),
        steps=steps,
        waits=WAITS,
        acts=ACTS,
        outcomes=OUTCOMES,
        state_kinds=STATE_KINDS,
        history=process.history(work, instance=key),
        moved=process.due_date_changes(work, instance=key),
        values=values or process.masked(process.all_values(work, instance=key)),
        clear=values is not None,
        now=work.now,
        may_operate=work.actor.may(OPERATE, **where),
        may_skip=work.actor.may(SKIP, **where),
        may_assign=work.actor.may(ASSIGN, **where),
        people=_people(work, situation),
    )


def _people(work: Work, situation: process.Situation) -> dict[str, list[tuple[str, str]]]:
    """To whom the work items of a department may be assigned, where the actor may do so."""
    units = {one.department for one in situation.waiting if one.state == "work"}
    return {
        unit: [(one.id, one.name) for one in identity.colleagues(work, department=unit)]
        for unit in units
        if work.actor.may(ASSIGN, department=unit)
    }


def act(request: Request, work: Work) -> Response:
    """Suspend, resume or cancel."""
    key = process.read_key(request.path_params["key"])
    wanted, reason = text(request, "act"), text(request, "reason")
    if wanted == "suspend":
        process.suspend(work, instance=key, reason=reason)
    elif wanted == "resume":
        process.resume(work, instance=key, reason=reason)
    elif wanted == "cancel":
        process.cancel(work, instance=key, reason=reason)
    else:
        raise Invalid(Problem("act", "请选择要做什么"))
    return _back(request, {"suspend": "已挂起", "resume": "已恢复"}.get(wanted, "已取消"))


def look(request: Request, work: Work) -> Response:
    """Show the variables in the clear, for a reason that stays in the trace."""
    key = process.read_key(request.path_params["key"])
    return _shown(
        request, work, process.look_into(work, instance=key, reason=text(request, "look_reason"))
    )


def _item(request: Request) -> process.ItemKey:
    return process.read_item_key(f"{request.path_params['key']}-{request.path_params['token']}")


def retry(request: Request, work: Work) -> Response:
    process.retry(work, item=_item(request))
    return _back(request, "已重新安排，结果稍后可见")


def skip(request: Request, work: Work) -> Response:
    process.skip(
        work,
        item=_item(request),
        reason=text(request, "reason"),
        authority=text(request, "authority"),
    )
    return _back(request, "已跳过这一环节")


def assign(request: Request, work: Work) -> Response:
    """Hand a work item to somebody of its department."""
    key = process.read_key(request.path_params["key"])
    item = _item(request)
    waiting = process.situation(work, instance=key).waiting
    unit = next((one.department for one in waiting if one.item == item), "")
    people = {one.id: one.name for one in identity.colleagues(work, department=unit)}
    to = text(request, "to")
    if to not in people:
        raise Invalid(Problem("to", "请从列表中选择一位工作人员"))
    process.assign(
        work,
        item=item,
        to=to,
        to_name=people[to],
        reason=text(request, "reason"),
    )
    return _back(request, "已指派")


def ring(request: Request, work: Work) -> Response:
    key = process.read_key(request.path_params["key"])
    process.ring_again(work, instance=key, token=_item(request).token, node=text(request, "node"))
    return _back(request, "定时器已重新开始")


def retry_many(request: Request, work: Work) -> Response:
    """Try all chosen failed tasks again; say how many could not be, and why the first."""
    items = [process.read_item_key(one) for one in texts(request, "items")]
    refused = process.retry_many(work, items=items)
    done = len(items) - len(refused)
    if refused:
        raise Invalid(
            Problem(
                "items",
                "已重新安排 {done} 项，{count} 项没有：{why}",
                {"done": done, "count": len(refused), "why": said(request, refused[0].why)},
            )
        )
    return go_to(request, "console.instances_stuck", flash="已重新安排，结果稍后可见")


def _back(request: Request, flash: str) -> Response:
    return go_to(request, "console.instance", flash=flash, key=request.path_params["key"])


ONE = "/console/instances/{key}"
ITEM = ONE + "/items/{token}"
routes = [
    page("/console/instances", listing, name="console.instances", permit=WATCH),
    page("/console/instances/stuck", stuck, name="console.instances_stuck", permit=WATCH),
    action(
        "/console/instances/stuck",
        retry_many,
        name="console.instances_retry",
        permit=OPERATE,
        again=stuck,
    ),
    page("/console/instances/timers", timers, name="console.timers", permit=WATCH),
    page(ONE, one, name="console.instance", permit=WATCH),
    action(ONE + "/act", act, name="console.instance_act", permit=OPERATE, again=one),
    action(ONE + "/variables", look, name="console.instance_look", permit=WATCH, again=one),
    action(ITEM + "/retry", retry, name="console.item_retry", permit=OPERATE),
    action(ITEM + "/skip", skip, name="console.item_skip", permit=SKIP, again=one),
    action(
        ITEM + "/assign", assign, name="console.item_assign", permit="process.assign", again=one
    ),
    action(ONE + "/timers/{token}", ring, name="console.timer_ring", permit=OPERATE),
]
