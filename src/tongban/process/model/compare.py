"""The differences of two versions of a process, in words and as marks for its chart. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tongban.foundation.messages import SOURCE, translate
from tongban.process.model.bpmn.write import attribute_texts
from tongban.process.model.definition import Content, Flow, Node, Process

ATTRIBUTE_NAMES = {
    "role": "岗位",
    "department": "单位",
    "assignee": "指定人员",
    "form": "表单",
    "act": "办件行为",
    "documents": "出具文书",
    "discretion": "裁量基准",
    "riskPoint": "廉政风险点",
    "fourEyes": "不得与这些环节同一人",
    "automatic": "可以自动办理",
    "notice": "告知申请人",
    "service": "服务",
    "decision": "裁决规则",
    "result": "结果存入变量",
    "retries": "重试次数",
    "special": "特别程序",
    "basis": "法律依据",
    "limit": "办理时限",
    "limitUnit": "时限单位",
    "counts": "计入哪个时限",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``message`` is a catalogue key; ``words`` among the details are keys, too."""

    node: str
    message: str
    details: Mapping[str, object] = field(default_factory=dict)

    def said(self, language: str = SOURCE) -> str:
        """Return the sentence."""
        words = {"what", "before", "after"}
        shown = {
            name: translate(str(value), language) if name in words and value else value
            for name, value in self.details.items()
        }
        return translate(self.message, language, **shown)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences, and what to mark in the chart of the old and of the new version."""

    changes: tuple[Change, ...]
    old_marks: Mapping[str, str]
    new_marks: Mapping[str, str]


def compare(old: Process, new: Process) -> Comparison:
    """Return how a new version differs from an old one; where things are drawn does not count."""
    before, after = _nodes(old), _nodes(new)
    changes = list(_of_process(old, new))
    old_marks: dict[str, str] = {}
    new_marks: dict[str, str] = {}
    for key in before.keys() - after.keys():
        old_marks[key] = "removed"
    changes += [
        Change(key, "删去“{name}”", {"name": _called(one)})
        for key, one in before.items()
        if key not in after
    ]
    for key, one in after.items():
        if key not in before:
            new_marks[key] = "added"
            changes.append(Change(key, "新增“{name}”", {"name": _called(one)}))
            continue
        found = list(_of_node(before[key], one))
        if found:
            old_marks[key] = new_marks[key] = "changed"
        changes += found
    changes += _of_flows(old.content, new.content, before, after, (old_marks, new_marks))
    return Comparison(tuple(changes), old_marks, new_marks)


def _nodes(process: Process) -> dict[str, Node]:
    return {node.id: node for node in process.content.all_nodes()}


def _called(node: Node) -> str:
    return node.name or node.id


def _of_process(old: Process, new: Process) -> Iterator[Change]:
    if old.name != new.name:
        yield Change("", "流程名称由“{old}”改为“{new}”", {"old": old.name, "new": new.name})
    if old.promised != new.promised:
        yield Change(
            "",
            "承诺时限由 {old} 个工作日改为 {new} 个工作日",
            {"old": old.promised, "new": new.promised},
        )


def _of_node(old: Node, new: Node) -> Iterator[Change]:
    name = _called(new)
    if old.name != new.name:
        yield Change(new.id, "“{old}”改名为“{new}”", {"old": _called(old), "new": name})
    if old.kind is not new.kind:
        yield Change(new.id, "“{name}”换成了另一种元素", {"name": name})
    before, after = attribute_texts(old.attributes), attribute_texts(new.attributes)
    for key, label in ATTRIBUTE_NAMES.items():
        if before.get(key, "") != after.get(key, ""):
            yield Change(
                new.id,
                "“{name}”的{what}由“{old}”改为“{new}”",
                {
                    "name": name,
                    "what": label,
                    "old": before.get(key, "") or "—",
                    "new": after.get(key, "") or "—",
                },
            )
    looked_at = (
        "events",
        "loop",
        "script",
        "inputs",
        "outputs",
        "called",
        "called_start",
        "cancels",
    )
    if any(getattr(old, one) != getattr(new, one) for one in looked_at):
        yield Change(new.id, "“{name}”的定时、消息、重复方式、表达式或数据有改动", {"name": name})


def _flows(content: Content) -> Iterator[Flow]:
    yield from content.flows
    for node in content.nodes:
        if node.inner is not None:
            yield from _flows(node.inner)


def _of_flows(
    old: Content,
    new: Content,
    before: Mapping[str, Node],
    after: Mapping[str, Node],
    marks: tuple[dict[str, str], dict[str, str]],
) -> Iterator[Change]:
    """Ways are told by what they join, as tools give them new ids whenever they are drawn anew."""
    gone = {(one.source, one.target): one for one in _flows(old)}
    come = {(one.source, one.target): one for one in _flows(new)}
    for way, flow in gone.items():
        if way not in come:
            marks[0][flow.id] = "removed"
            yield _way("不再从“{source}”到“{target}”", way, before)
    for way, flow in come.items():
        if way not in gone:
            marks[1][flow.id] = "added"
            yield _way("可以从“{source}”到“{target}”", way, after)
        elif gone[way].condition.text != flow.condition.text:
            marks[1][flow.id] = "changed"
            told = _way("从“{source}”到“{target}”的条件由“{old}”改为“{new}”", way, after)
            details = {"old": gone[way].condition.text or "—", "new": flow.condition.text or "—"}
            yield Change("", told.message, {**told.details, **details})


def _way(message: str, way: tuple[str, str], nodes: Mapping[str, Node]) -> Change:
    source, target = (_called(nodes[key]) if key in nodes else key for key in way)
    return Change("", message, {"source": source, "target": target})
