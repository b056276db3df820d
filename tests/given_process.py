"""Small process definitions, written in one line: ``start > A > and1 > B > and2; and1 > C > and2``.

The kind of a node follows from its name: ``start``, ``end``, ``xor``, ``and``, ``or``, ``choose``
(an event-based gateway) and capital letters for work of people. ``a >[x = 1]> b`` is a condition,
``a >[]> b`` the default. Everything else about a node is named.
"""

import re
from typing import Any

from tongban import process as processes
from tongban.foundation.work import Work
from tongban.process import store
from tongban.process.model import definition as d
from tongban.process.model.attributes import Attributes, Formula
from tongban.process.model.compile import examine
from tongban.process.model.graph import Graph
from tongban.process.model.kinds import EventKind, NodeKind, TimerKind

KINDS = {
    "start": NodeKind.START,
    "end": NodeKind.END,
    "xor": NodeKind.EXCLUSIVE,
    "and": NodeKind.PARALLEL,
    "or": NodeKind.INCLUSIVE,
    "choose": NodeKind.EVENT_BASED,
    "catch": NodeKind.CATCH,
    "throw": NodeKind.THROW,
    "on": NodeKind.BOUNDARY,
    "sub": NodeKind.SUB_PROCESS,
    "call": NodeKind.CALL,
    "do": NodeKind.SERVICE,
    "send": NodeKind.SEND,
    "receive": NodeKind.RECEIVE,
    "script": NodeKind.SCRIPT,
    "rule": NodeKind.BUSINESS_RULE,
    "pass": NodeKind.TASK,
}
STEP = re.compile(r"\s*>(?:\[(.*?)\]>)?\s*")


def message(name: str, key: str = "") -> tuple[d.Event, ...]:
    return (d.Event(EventKind.MESSAGE, name, correlation=Formula(key)),)


def signal(name: str) -> tuple[d.Event, ...]:
    return (d.Event(EventKind.SIGNAL, name),)


def error(code: str = "") -> tuple[d.Event, ...]:
    return (d.Event(EventKind.ERROR, code=code),)


def escalation(code: str = "") -> tuple[d.Event, ...]:
    return (d.Event(EventKind.ESCALATION, code=code),)


def timer(text: str, kind: TimerKind = TimerKind.DURATION) -> tuple[d.Event, ...]:
    return (d.Event(EventKind.TIMER, timer=d.Timer(kind, Formula(text))),)


TERMINATE = (d.Event(EventKind.TERMINATE),)


def link(name: str) -> tuple[d.Event, ...]:
    return (d.Event(EventKind.LINK, name),)


def several(**how: str) -> d.MultiInstance:
    """A multi-instance loop; texts are expressions, ``sequential`` and names stay as they are."""
    plain = {"sequential", "item", "results"}
    return d.MultiInstance(
        **{k: v if k in plain else Formula(v) for k, v in how.items()}  # type: ignore[arg-type]
    )


def script(target: str, expression: str) -> dict[str, Any]:
    return {"script": Formula(expression), "attributes": Attributes(result=target)}


def kind_of(name: str) -> NodeKind:
    if name[:1].isupper():
        return NodeKind.USER
    return KINDS[re.match(r"[a-z]+", name)[0]]  # type: ignore[index]


def content(text: str, **nodes: dict[str, Any]) -> d.Content:
    """Nodes and flows as written; ``nodes`` say more about some, or add some without flows."""
    names: dict[str, None] = {}
    flows, defaults = [], {}
    for line in filter(str.strip, text.split(";")):
        parts = STEP.split(line.strip())
        for name in parts[::2]:
            names[name] = None
        for source, condition, target in zip(parts[::2], parts[1::2], parts[2::2], strict=False):
            number = f"f{len(flows) + 1}_{source}_{target}"
            flows.append(d.Flow(number, source, target, condition=Formula(condition or "")))
            if condition == "":
                defaults[source] = number
    made = []
    for name in [*names, *(name for name in nodes if name not in names)]:
        said = nodes.get(name, {})
        made.append(
            d.Node(**{"id": name, "kind": kind_of(name), "default": defaults.get(name, "")} | said)
        )
    return d.Content(tuple(made), tuple(flows))


def process(text: str, id: str = "p", **nodes: dict[str, Any]) -> d.Process:
    return d.Process(id, id, content(text, **nodes), executable=True)


def graph(text: str, id: str = "p", **nodes: dict[str, Any]) -> Graph:
    """The compiled graph. What is drawn wrong fails the test."""
    found = examine(process(text, id, **nodes))
    wrong = [problem for problem in found.problems if problem.severity > 1]
    assert not wrong, wrong
    return found.graph


def published(work: Work, graph: Graph) -> int:
    """Keep a graph as the latest version of its process; return its number."""
    definition = store.number_of(graph)
    store.remember(definition, graph)
    work.run(
        """
        insert into process.definition (id, process, version, name, department, region, hash, bpmn,
                                        published_by, published_name, published_at)
        select %(id)s, %(process)s,
               1 + (select coalesce(max(version), 0) from process.definition
                     where process = %(process)s),
               %(process)s, 'D1', '990100', %(hash)s, '-', 'test', 'test', %(now)s
        """,
        id=definition,
        process=graph.process,
        hash=graph.hash,
        now=work.now,
    )
    return definition


def begun(work: Work, text: str, number: str = "n1", **nodes: object) -> processes.Following:
    published(work, graph(text, **nodes))  # type: ignore[arg-type]
    return processes.start(
        work, process="p", new=processes.New(number, "990100", "D1", data={"q": 1})
    )


def timed() -> Graph:
    """Work with a reminder that does not interrupt it."""
    reminder: dict[str, Any] = {"attached": "A", "events": timer("PT1H"), "cancels": False}
    return graph("start > A > end; on1 > R > end2", on1=reminder)
