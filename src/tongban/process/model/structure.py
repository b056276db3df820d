"""The rules of BPMN 2.0.2 about what may stand where, and what this engine executes. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tongban.process.model.definition import (
    Content,
    Flow,
    MultiInstance,
    Node,
    Process,
    StandardLoop,
)
from tongban.process.model.kinds import (
    ACTIVITIES,
    EVENTS,
    NOT_EXECUTED_EVENTS,
    SUB_PROCESSES,
    TASKS,
    EventKind,
    NodeKind,
)
from tongban.process.model.problems import Problem, Severity, Term

E = EventKind
TOP_START = {E.NONE, E.MESSAGE, E.TIMER, E.SIGNAL}
ALLOWED = {
    NodeKind.CATCH: {E.MESSAGE, E.TIMER, E.SIGNAL, E.LINK},
    NodeKind.BOUNDARY: {E.MESSAGE, E.TIMER, E.SIGNAL, E.ERROR, E.ESCALATION},
    NodeKind.THROW: {E.NONE, E.MESSAGE, E.SIGNAL, E.ESCALATION, E.LINK},
    NodeKind.END: {E.NONE, E.MESSAGE, E.SIGNAL, E.ERROR, E.ESCALATION, E.TERMINATE},
}
BY_EVENT_START = {E.MESSAGE, E.TIMER, E.SIGNAL, E.ERROR, E.ESCALATION}
EVENT_NAMES = {
    E.NONE: "空事件",
    E.MESSAGE: "消息事件",
    E.TIMER: "定时事件",
    E.SIGNAL: "信号事件",
    E.ERROR: "错误事件",
    E.ESCALATION: "升级事件",
    E.TERMINATE: "终止事件",
    E.LINK: "链接事件",
    E.CONDITIONAL: "条件事件",
    E.COMPENSATION: "补偿事件",
    E.CANCEL: "取消事件",
    E.MULTIPLE: "多重事件",
}
NOT_EXECUTED = {
    NodeKind.COMPLEX: "不执行复杂网关“{name}”，请改用排他、并行或包容网关",
    NodeKind.AD_HOC: "不执行自由子流程“{name}”，请改用普通子流程",
    NodeKind.TRANSACTION: "不执行事务子流程“{name}”，请改用普通子流程",
}
Found = Iterator[Problem]


@dataclass(frozen=True, slots=True)
class _Place:
    """A node with what surrounds it."""

    node: Node
    content: Content
    nodes: Mapping[str, Node]
    by_event: bool
    top: bool
    everywhere: frozenset[str]
    incoming: tuple[Flow, ...]
    outgoing: tuple[Flow, ...]

    def problem(
        self, message: str, severity: Severity = Severity.ERROR, **details: object
    ) -> Problem:
        """A problem of the node, which is called by its name or, where it has none, its id."""
        named = {"name": self.node.name or self.node.id, **details}
        return Problem(self.node.id, message, named, self.node.line, severity)


def structure_problems(process: Process) -> list[Problem]:
    """Return what in a process breaks the standard, or is not executed, reading included."""
    everywhere = frozenset(node.id for node in process.content.all_nodes())
    found = [*process.problems]
    found += _in_content(process.content, everywhere, by_event=False, top=True)
    found += _several_starts(process)
    if process.executable is False:
        found.append(
            Problem(
                process.id,
                "流程“{name}”标明不可执行（isExecutable=false），仍按可执行的流程读取",
                {"name": process.name or process.id},
                process.line,
                Severity.NOTE,
            )
        )
    return found


def _several_starts(process: Process) -> Found:
    plain = [
        node
        for node in process.content.nodes
        if node.kind is NodeKind.START and node.event.kind is E.NONE
    ]
    if len(plain) > 1:
        yield Problem(
            process.id,
            "流程“{name}”有几个空开始事件（{starts}）：启动时须指明从哪一个开始，办件不能用它",
            {
                "name": process.name or process.id,
                "starts": "、".join(node.name or node.id for node in plain),
            },
            plain[1].line,
            Severity.WARNING,
        )


def _in_content(
    content: Content, everywhere: frozenset[str], *, by_event: bool, top: bool
) -> Found:
    nodes = {node.id: node for node in content.nodes}
    incoming: dict[str, list[Flow]] = {}
    outgoing: dict[str, list[Flow]] = {}
    for flow in content.flows:
        for end, role in ((flow.source, "起点"), (flow.target, "终点")):
            if end not in nodes:
                message = "顺序流“{flow}”的{role}“{end}”不在同一流程或子流程中"
                named = {"flow": flow.name or flow.id, "role": Term(role), "end": end}
                yield Problem(flow.id, message, named, flow.line)
        outgoing.setdefault(flow.source, []).append(flow)
        incoming.setdefault(flow.target, []).append(flow)
    for node in content.nodes:
        ends = tuple(incoming.get(node.id, ())), tuple(outgoing.get(node.id, ()))
        place = _Place(node, content, nodes, by_event, top, everywhere, *ends)
        for rule in RULES:
            yield from rule(place)
        if node.inner is not None:
            yield from _in_content(node.inner, everywhere, by_event=node.by_event, top=False)


def _executed(place: _Place) -> Found:
    node = place.node
    if node.kind in NOT_EXECUTED:
        yield place.problem(NOT_EXECUTED[node.kind])
    if node.compensates:
        yield place.problem("不执行补偿活动“{name}”")
    for event in node.events[:1] if len(node.events) < 2 else (node.event,):
        if event.kind in NOT_EXECUTED_EVENTS:
            yield place.problem("不执行{event}“{name}”", event=Term(EVENT_NAMES[event.kind]))


def _event_allowed(place: _Place) -> Found:
    node, kind = place.node, place.node.event.kind
    if node.kind not in EVENTS or kind in NOT_EXECUTED_EVENTS:
        return
    if node.kind is NodeKind.START:
        allowed = BY_EVENT_START if place.by_event else TOP_START if place.top else {E.NONE}
    else:
        allowed = ALLOWED[node.kind]
    if kind not in allowed:
        yield place.problem("{event}“{name}”不能放在这里", event=Term(EVENT_NAMES[kind]))
    elif node.kind is NodeKind.START and kind is E.ERROR and not node.cancels:
        yield place.problem("错误开始事件“{name}”必须中断所在的流程或子流程")


def _event_complete(place: _Place) -> Found:
    event = place.node.event
    if event.kind is E.TIMER and event.timer is None:
        yield place.problem("定时事件“{name}”没有写明时间（日期、时长、周期或工作日）")
    if event.kind in (E.MESSAGE, E.SIGNAL) and not event.name:
        what = Term("消息" if event.kind is E.MESSAGE else "信号")
        yield place.problem("事件“{name}”没有指明是哪个{what}", what=what)
    if place.node.kind is NodeKind.END and event.kind in (E.ERROR, E.ESCALATION) and not event.code:
        yield place.problem("结束事件“{name}”没有指明错误或升级的代码", Severity.WARNING)


def _boundary(place: _Place) -> Found:
    node = place.node
    if node.kind is not NodeKind.BOUNDARY:
        return
    host = place.nodes.get(node.attached)
    if host is None or host.kind not in ACTIVITIES or host.by_event:
        yield place.problem("边界事件“{name}”没有附着在同一层的任务或子流程上")
    if not node.cancels and node.event.kind is E.ERROR:
        yield place.problem("错误边界事件“{name}”必须中断所附着的活动")
    if place.incoming:
        yield place.problem("边界事件“{name}”不能有进入的顺序流")
    if not place.outgoing:
        yield place.problem("边界事件“{name}”没有流出的顺序流", Severity.WARNING)


def _ends(place: _Place) -> Found:
    node = place.node
    if node.kind is NodeKind.START and place.incoming:
        yield place.problem("开始事件“{name}”不能有进入的顺序流")
    if node.kind is NodeKind.END and place.outgoing:
        yield place.problem("结束事件“{name}”不能有流出的顺序流")
    if node.by_event and (place.incoming or place.outgoing):
        yield place.problem("事件子流程“{name}”不能连接顺序流")


def _link(place: _Place) -> Found:
    node = place.node
    if node.event.kind is not E.LINK:
        return
    if not node.event.name:
        yield place.problem("链接事件“{name}”没有名称，找不到另一端")
        return
    same = [one for one in place.content.nodes if one.event == node.event and one is not node]
    if node.kind is NodeKind.THROW:
        catches = sum(one.kind is NodeKind.CATCH for one in same)
        if catches != 1:
            yield place.problem("链接“{name}”应有且只有一个接收端，现有 {count} 个", count=catches)
        if place.outgoing:
            yield place.problem("发出的链接事件“{name}”不能有流出的顺序流")
    elif node.kind is NodeKind.CATCH and place.incoming:
        yield place.problem("接收的链接事件“{name}”不能有进入的顺序流")


def _default(place: _Place) -> Found:
    if not place.node.default:
        return
    chosen = [flow for flow in place.outgoing if flow.id == place.node.default]
    if not chosen:
        yield place.problem("“{name}”的默认流“{flow}”不是从它流出的顺序流", flow=place.node.default)
    elif chosen[0].condition:
        yield place.problem("“{name}”的默认流上的条件不起作用", Severity.WARNING)


def _conditions(place: _Place) -> Found:
    node = place.node
    conditioned = [flow for flow in place.outgoing if flow.condition]
    if node.kind in (NodeKind.EXCLUSIVE, NodeKind.INCLUSIVE):
        bare = [f for f in place.outgoing if not f.condition and f.id != node.default]
        if len(place.outgoing) < 2 or not bare:
            return
        if len(bare) > 1 and node.kind is NodeKind.EXCLUSIVE:
            yield place.problem("网关“{name}”有 {count} 条分支没有条件", count=len(bare))
        else:
            yield place.problem("网关“{name}”有分支没有条件，总是成立", Severity.WARNING)
    elif node.kind not in ACTIVITIES and conditioned:
        yield place.problem("“{name}”流出的顺序流上的条件不起作用", Severity.WARNING)


def _event_gateway(place: _Place) -> Found:
    if place.node.kind is not NodeKind.EVENT_BASED:
        return
    if not place.outgoing:
        yield place.problem("事件网关“{name}”没有分支")
    for flow in place.outgoing:
        target = place.nodes.get(flow.target)
        waits = target is not None and (
            target.kind is NodeKind.RECEIVE
            or (target.kind is NodeKind.CATCH and target.event.kind is not E.LINK)
        )
        if not waits:
            named = target.name or target.id if target else flow.target
            yield place.problem(
                "事件网关“{name}”之后应是等待的事件或接收任务，“{target}”不是", target=named
            )


def _loop(place: _Place) -> Found:
    loop = place.node.loop
    if isinstance(loop, MultiInstance) and not (loop.cardinality or loop.collection):
        yield place.problem("多实例“{name}”没有写明次数或集合")
    if isinstance(loop, StandardLoop) and not (loop.condition or loop.maximum):
        yield place.problem("循环“{name}”没有条件也没有次数上限，不会结束")


def _sub_process(place: _Place) -> Found:
    node = place.node
    if node.kind not in SUB_PROCESSES or node.inner is None:
        return
    inner = node.inner
    starts = [one for one in inner.nodes if one.kind is NodeKind.START]
    if node.by_event:
        if len(starts) != 1:
            yield place.problem("事件子流程“{name}”应有且只有一个开始事件")
        return
    if sum(one.event.kind is E.NONE for one in starts) > 1:
        yield place.problem("子流程“{name}”只能有一个空开始事件")
    targets = {flow.target for flow in inner.flows}
    if inner.nodes and not starts and all(one.id in targets for one in inner.nodes):
        yield place.problem("子流程“{name}”没有开始的地方")


def _content_of_task(place: _Place) -> Found:
    node, attributes = place.node, place.node.attributes
    if node.kind is NodeKind.CALL and not node.called:
        yield place.problem("调用活动“{name}”没有指明调用哪个流程（calledElement）")
    if node.kind not in TASKS:
        return
    missing = {
        NodeKind.SCRIPT: not node.script,
        NodeKind.BUSINESS_RULE: not attributes.decision,
        NodeKind.SERVICE: not attributes.service,
        NodeKind.SEND: not attributes.service and not node.event.name,
    }
    if missing.get(node.kind):
        yield place.problem(MISSING[node.kind], Severity.WARNING)
    if node.kind is NodeKind.RECEIVE and not node.event.name:
        yield place.problem("接收任务“{name}”没有指明等待哪个消息")
    unknown = [one for one in attributes.four_eyes if one not in place.everywhere]
    if unknown:
        yield place.problem("“{name}”的四眼原则指向不存在的环节“{other}”", other=unknown[0])


MISSING = {
    NodeKind.SCRIPT: "脚本任务“{name}”没有表达式，直接通过",
    NodeKind.BUSINESS_RULE: "规则任务“{name}”没有指明裁决规则（tongban:decision），直接通过",
    NodeKind.SERVICE: "服务任务“{name}”没有指明服务（tongban:service），直接通过",
    NodeKind.SEND: "发送任务“{name}”没有指明消息或服务，直接通过",
}
RULES: tuple[Callable[[_Place], Found], ...] = (
    _executed,
    _event_allowed,
    _event_complete,
    _boundary,
    _ends,
    _link,
    _default,
    _conditions,
    _event_gateway,
    _loop,
    _sub_process,
    _content_of_task,
)
